"""The files of images, videos and audios in the store: `DownloadPipeline` (``LINKMEDIA_DOWNLOAD_IMAGES``, ``LINKMEDIA_DOWNLOAD_MEDIA``).

A media pipeline of Scrapy's, as FilesPipeline and ImagesPipeline are: requests go through the downloader and its middlewares, and each
URL is asked for once a crawl. Unlike these it keeps a file's bytes as they are, names it by its contents, and tries the next variant
when one fails.
"""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.media import MediaPipeline
from scrapy.utils.datatypes import SequenceExclude
from scrapy.utils.defer import ensure_awaitable

from linkmedia_scrapy.config import PREFIX, LinkMediaConfig, setting_name
from linkmedia_scrapy.crawl import CrawlExtraction
from linkmedia_scrapy.errors import ConfigError, refusing
from linkmedia_scrapy.extraction.players.formats import EXTENSIONS as MEDIA_EXTENSIONS
from linkmedia_scrapy.extraction.players.formats import extension_of, kind_of_mime_type
from linkmedia_scrapy.fetching import PAGE_KEY, FetchError, Turns, failure_reason
from linkmedia_scrapy.imagesizes import EXTENSIONS, can_measure, image_format, measure, note_size
from linkmedia_scrapy.items import AudioItem, ImageItem, PageItem, VideoItem
from linkmedia_scrapy.reactor import check_reactor
from linkmedia_scrapy.stores import FailureLog, checksum, open_store

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

__all__ = ["DownloadPipeline", "check_downloads"]

logger = logging.getLogger(__name__)

_Medium = ImageItem | VideoItem | AudioItem
_MANIFESTS: Final = frozenset({"m3u8", "mpd"})
_NO_MEDIA: Final = ("text/html", "application/xhtml+xml")
_HTML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s|<html[\s>])", re.IGNORECASE)
_HEAD: Final = 1 << 20
"""Bytes of a file in which its size is looked for."""


def check_downloads(config: LinkMediaConfig) -> None:
    """Refuse settings with which nothing could be kept.

    :raises ConfigError: where there is no store.
    """
    for name in ("download_images", "download_media"):
        if getattr(config, name) and config.store is None:
            raise ConfigError(f"{setting_name(name)} = True: needs {PREFIX}STORE, where files go")


@dataclass(slots=True)
class _Attempt:
    """One URL of a record, as the item of a media pipeline; `file` is what came of it."""

    record: str
    url: str
    page_url: str
    checksum: str = ""
    file: dict[str, Any] | asyncio.Future[dict[str, Any] | None] | None = None


class DownloadPipeline(MediaPipeline):
    """Downloads the files of image, video and audio records, and of those of page items; `path`, `checksum` and `size` tell of each.

    Files that are the same are kept once. A file that cannot be had leaves the record as it is, and is counted with the reason.

    :raises ConfigError: where the store cannot be opened.
    """

    def __init__(self, crawler: Crawler, config: LinkMediaConfig) -> None:
        super().__init__(crawler=crawler)
        # else a redirect would count as the answer, or its status as an error of the spider's
        self.allow_redirects = True
        self.handle_httpstatus_list = SequenceExclude(range(300, 400))
        self._config = config
        self._store = open_store(config, crawler.settings)
        self._turns = Turns(crawler.settings)
        self._saved: dict[str, asyncio.Task[None]] = {}
        self._failures = FailureLog()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for a crawl; a store that cannot be used stops the crawl."""
        with refusing():
            config = LinkMediaConfig.from_settings(crawler.settings)
            check_downloads(config)
            check_reactor("download_images" if config.download_images else "download_media", crawler.settings)
            return cls(crawler, config)

    @property
    def _extraction(self) -> CrawlExtraction:
        return CrawlExtraction.of_crawler(self.crawler)

    async def process_item(self, item: Any) -> Any:  # type: ignore[override]  # the argument `spider` is deprecated
        """The item, with the paths of its files."""
        records: list[_Medium] = []
        if isinstance(item, PageItem):
            records = [*item.images, *item.videos, *item.audios]
        elif isinstance(item, _Medium):
            records = [item]
        await asyncio.gather(*(self._keep(record) for record in records if self._wanted(record)))
        return item

    def _wanted(self, record: _Medium) -> bool:
        return self._config.download_images if isinstance(record, ImageItem) else self._config.download_media

    async def _keep(self, record: _Medium) -> None:
        """Have the first of a record's files that can be had."""
        urls = list(
            dict.fromkeys(url.partition("#")[0] for url in (_image_urls(record) if isinstance(record, ImageItem) else _files(record)))
        )
        if not urls:
            reason = "scheme" if isinstance(record, ImageItem) else "stream" if record.sources else "embed"
            self._extraction.count(f"download_skipped_count/{record.record}/{reason}")
            return
        for url in urls:
            attempt = _Attempt(record.record, url, record.page_url)
            async with self._turns.of(url):
                await ensure_awaitable(super().process_item(attempt))
            file = await attempt.file if isinstance(attempt.file, asyncio.Future) else attempt.file
            if file:
                record.path, record.checksum, record.size = file["path"], file["checksum"], file["size"]
                if isinstance(record, ImageItem):
                    note_size(record, file["image_size"], None)
                return
            if file is not None:
                break
        self._extraction.count(f"download_missing_count/{record.record}")

    def get_media_requests(self, item: Any, info: Any) -> list[Request]:  # noqa: ARG002 - the interface of Scrapy's media pipelines
        """The one request of an attempt. Files may lie on any host, whatever the spider's `allowed_domains`."""
        try:
            return [Request(item.url, callback=NO_CALLBACK, meta={"allow_offsite": True, PAGE_KEY: item.page_url})]
        except ValueError as error:  # a record that something else made may name anything
            self._note_failure(item.url, error)
            return []

    def media_to_download(self, request: Request, info: Any, *, item: Any = None) -> None:
        """None: a file is known by its contents, and those only when it is there."""

    def media_downloaded(self, response: Response, request: Request, info: Any, *, item: Any = None) -> Any:
        """A task: what the record is to tell of the file, which is in the store by then; None where the response is no such file.

        Nothing where it is one and the store does not take it, which would not take the next variant either.

        A task rather than a coroutine, since the oldest Scrapy that we take does not wait for it, but hands it to each item with this URL.
        """
        return asyncio.ensure_future(self._kept(response, request, info, item))

    async def _kept(self, response: Response, request: Request, info: Any, item: Any) -> dict[str, Any] | None:
        try:
            return await self._take(response, request, info, item)
        except Exception as error:
            return {} if self._note_failure(request, error) == "store" else None

    async def _take(self, response: Response, request: Request, info: Any, item: Any) -> dict[str, Any]:
        """What the record is to tell of the file.

        :raises FetchError: where the response is no such file, or the store does not take it.
        """
        body = response.body
        if response.status != 200:
            raise FetchError(f"http_{response.status}")
        if not body:
            raise FetchError("empty")
        if "dataloss" in response.flags:
            raise FetchError("truncated")
        if item.record == "image" and not image_format(body):
            raise FetchError("not_an_image")
        mime_type = _mime_type(response)
        if item.record != "image" and (mime_type in _NO_MEDIA or _HTML.match(body)):
            raise FetchError("not_a_medium")
        item.checksum = checksum(body)
        path = self.file_path(request, response, info, item=item)
        await self._save(path, body, mime_type, item.record)
        self._extraction.count(f"download_count/{item.record}")
        self._extraction.count(f"download_bytes/{item.record}", len(body))
        return {
            "url": request.url,
            "path": path,
            "checksum": item.checksum,
            "status": "cached" if "cached" in response.flags else "downloaded",
            "size": len(body),
            "image_size": measure(body[:_HEAD]) if item.record == "image" and can_measure() else None,
        }

    async def _save(self, path: str, body: bytes, mime_type: str, record: str) -> None:
        """Put a file into the store, once a crawl.

        :raises FetchError: where the store does not take it.
        """
        known = self._saved.get(path)
        if known is not None:
            self._extraction.count(f"download_identical_count/{record}")
        else:
            known = self._saved[path] = asyncio.ensure_future(self._store.save(path, body, mime_type))
        try:
            await known
        except Exception as error:
            self._saved.pop(path, None)
            self._failures.add(path, error)
            raise FetchError("store") from error

    def media_failed(self, failure: Failure, request: Request, info: Any) -> Any:  # noqa: ARG002 - the interface
        """None, which stands for no file: the failure is counted here. Raised on, Scrapy would log a traceback for each missing file."""
        self._note_failure(request, failure.value)

    def _note_failure(self, request: Request | str, error: BaseException | None) -> str:
        reason = failure_reason(error)
        self._extraction.count(f"download_failed_count/{reason}")
        logger.debug("Downloading %s failed: %s", request, reason)
        return reason

    def item_completed(self, results: Any, item: Any, info: Any) -> Any:  # noqa: ARG002 - the interface
        """The attempt, with what came of it."""
        item.file = next((value for done, value in results if done and value is not None), None)
        return item

    def file_path(self, request: Request, response: Response | None = None, info: Any = None, *, item: Any = None) -> str:  # noqa: ARG002
        """Where in the store a file goes: by the MD5 of its contents, in a folder for its kind of record."""
        if item.record == "image" and response is not None:
            name = image_format(response.body)
            extension = EXTENSIONS.get(name, name)
        else:
            extension = extension_of(request.url)
            if extension not in MEDIA_EXTENSIONS:
                mime_type = _mime_type(response) if response is not None else ""
                # the server's word; that of another type could make the file a program to whoever opens it
                guess = mimetypes.guess_extension(mime_type) if kind_of_mime_type(mime_type) else None
                extension = (guess or ".bin")[1:]
        return f"{item.record}s/{item.checksum}.{extension}"


def _image_urls(image: ImageItem) -> Iterator[str]:
    """An image's URLs, the best first: its own, then its variants by size."""
    variants = sorted(image.variants, key=lambda variant: (-(variant.get("width") or 0), -(variant.get("density") or 0)))
    for url in (image.src, *(variant["src"] for variant in variants)):
        if url.startswith(("https://", "http://", "data:")):
            yield url


def _files(record: VideoItem | AudioItem) -> Iterator[str]:
    """A player's files in the order in which a browser tries them; playlists of streams are none."""
    for source in record.sources:
        url = source["src"]
        if url.startswith(("https://", "http://")) and extension_of(url) not in _MANIFESTS:
            yield url


def _mime_type(response: Response) -> str:
    value = response.headers.get("Content-Type") or b""
    return value.decode("latin-1").partition(";")[0].strip().lower() or "application/octet-stream"
