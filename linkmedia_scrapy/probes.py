"""True sizes of images by the heads of their files: `ImageProbePipeline` (``LINKMEDIA_IMAGE_PROBE``).

A ranged request through Scrapy's own downloader, so that robots.txt, delays, retries and the HTTP cache hold; where the server ignores
ranges the response is stopped as soon as enough has come (`scrapy.exceptions.StopDownload`).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import re
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes
from weakref import WeakValueDictionary

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK

from linkmedia_scrapy.config import PREFIX, LinkMediaConfig
from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.errors import ConfigError, refusing
from linkmedia_scrapy.fetching import PAGE_KEY, FetchError, Turns, failure_reason
from linkmedia_scrapy.imagesizes import ImageSize, can_measure, image_format, measure, note_size
from linkmedia_scrapy.items import ImageItem, PageItem
from linkmedia_scrapy.reactor import check_reactor

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["ImageProbePipeline", "ProbeMiddleware", "check_image_probe"]

logger = logging.getLogger(__name__)

_META_KEY: Final = "linkmedia_probe"
_FIRST_BYTES: Final = 4096
_PIECE: Final = 65_536
"""What a transport hands over at once, at most (Twisted's `FileDescriptor.bufferSize`)."""
_MOST_UNPACKED: Final = 1 << 23
"""Bytes that a compressed head may become; by gzip and brotli 100 kB can be 100 MB, and many times that."""
_REMEMBERED: Final = 500_000
_CONTENT_RANGE: Final = re.compile(rb"bytes (\d+)-(\d+)/(\d+|\*)")


def check_image_probe(config: LinkMediaConfig) -> None:
    """Refuse settings with which no image could be probed.

    :raises ConfigError: where imagesize is not installed.
    """
    if config.image_probe and not can_measure():
        raise ConfigError(f"{PREFIX}IMAGE_PROBE = True: needs imagesize: pip install 'linkmedia-scrapy[images]'")


class _Probed(NamedTuple):
    """What is known of a file."""

    size: ImageSize | None
    length: int | None
    """Bytes; None where the server does not tell."""


class _Reading:
    """One image while its head is read: what has come, over all its requests and what became of them."""

    __slots__ = ("__weakref__", "_expected", "bound", "head", "kept", "page_url", "total")

    def __init__(self, bound: int, page_url: str) -> None:
        self.bound = bound
        self.page_url = page_url
        self.kept = b""
        """What earlier responses gave."""
        self.head = bytearray()
        self.total = 0
        self._expected: int | None = None

    def begin(self, length: int | None) -> None:
        """A response begins, the first one or that of a retry or redirect.

        :param length: bytes of its body, where the server tells.
        :raises StopDownload: where its first piece may be too much.
        """
        self.head.clear()
        self._expected = length
        self._stop_before_too_much()

    def take(self, data: bytes) -> None:
        """A piece of the body.

        :raises StopDownload: where it is enough, or the next piece may be too much.
        """
        self.head += data
        self.total += len(data)
        if self._expected is not None and self._expected <= _FIRST_BYTES:
            return  # it ends by itself, and the connection can be used again
        if self._expected is not None and len(self.head) >= self._expected:
            return
        if measure(self.kept + bytes(self.head)) is not None:
            raise StopDownload(fail=False)
        self._stop_before_too_much()

    def _stop_before_too_much(self) -> None:
        rest = _PIECE if self._expected is None else min(_PIECE, self._expected - len(self.head))
        if self.total + rest > self.bound:
            raise StopDownload(fail=False)


class ProbeMiddleware:
    """Keeps parts of files out of the HTTP cache, where they would stand for the whole; behind it, so that what it has is used.

    What a server has compressed, which it was asked not to, is a head all the same, and is not unpacked into a whole file.
    """

    def process_request(self, request: Request) -> None:
        """Mark the requests that ask for a part, and have them answered even where the cache has a stale copy."""
        if _META_KEY in request.meta:
            request.meta["dont_cache"] = True
            request.meta.pop("cached_response", None)
            request.meta.pop("download_maxsize", None)
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Bound what HttpCompressionMiddleware, which has the response next, may make of it."""
        if _META_KEY in request.meta:
            request.meta["download_maxsize"] = _MOST_UNPACKED
        return response


class ImageProbePipeline(CrawlComponent):
    """Notes true width, height, format and byte size of image records, and of those of page items; each URL is asked for once a crawl.

    An image that cannot be measured keeps its record as it is, and is counted with the reason. Where a browser has measured an
    image already, or the file was downloaded, nothing is fetched.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._known: dict[str, _Probed | asyncio.Task[_Probed]] = {}
        self._readings: WeakValueDictionary[int, _Reading] = WeakValueDictionary()
        self._numbers = count(1)
        self._turns = Turns(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for a crawl; without imagesize the crawl stops."""
        with refusing():
            check_image_probe(LinkMediaConfig.from_settings(crawler.settings))
            check_reactor("image_probe", crawler.settings)
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline._begin, signals.headers_received)
        crawler.signals.connect(pipeline._take, signals.bytes_received)
        return pipeline

    async def process_item(self, item: Any) -> Any:
        """The item, its images measured."""
        if isinstance(item, ImageItem):
            await self._probe(item)
        elif isinstance(item, PageItem):
            await asyncio.gather(*map(self._probe, item.images))
        return item

    async def _probe(self, image: ImageItem) -> None:
        if not self._extraction.config.image_probe:
            return
        reason = "downloaded" if image.checksum is not None else "rendered" if image.natural_width is not None else ""
        url = image.src.partition("#")[0]
        if not reason and not url.startswith(("https://", "http://", "data:")):
            reason = "scheme"
        if reason:
            self._extraction.count(f"image_probe_skipped_count/{reason}")
            return
        ask = self._probed if url.startswith("data:") else self._once
        probed = await ask(url, image.page_url)
        if probed.size is not None:
            note_size(image, probed.size, probed.length)

    async def _once(self, url: str, page_url: str) -> _Probed:
        """What the file at a URL is, by one probe however many ask."""
        probed = self._known.get(url)
        if probed is None:
            probed = self._known[url] = asyncio.ensure_future(self._probed(url, page_url))
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
        if isinstance(probed, asyncio.Task):
            probed = await probed
            if url in self._known:
                self._known[url] = probed
        return probed

    async def _probed(self, url: str, page_url: str) -> _Probed:
        """What the file at a URL is; never raises."""
        reading = _Reading(self._extraction.config.image_probe_max_bytes, page_url)
        try:
            probed = _from_data_url(url) if url.startswith("data:") else await self._fetched(url, reading)
        except Exception as error:  # whatever a downloader may raise costs this image only
            reason = failure_reason(error)
            self._extraction.count(f"image_probe_failed_count/{reason}")
            logger.debug("Probing %s failed: %s, %d bytes read", url[:200], reason, reading.total)
            probed = _Probed(None, None)
        else:
            self._extraction.count("image_probe_count")
            logger.debug("Probed %s: %s, %d bytes read", url[:200], probed.size, reading.total)
        self._extraction.count("image_probe_bytes", reading.total)
        self._crawler.stats.max_value("linkmedia/image_probe_bytes_max", reading.total)
        return probed

    async def _fetched(self, url: str, reading: _Reading) -> _Probed:
        """What the head of a file says: its first bytes, then, where these are not enough, as many as are allowed.

        :raises FetchError: where it does not tell.
        """
        head, length = await self._part(url, reading, 0, min(_FIRST_BYTES, reading.bound))
        size = measure(head)
        if size is None and image_format(head) and len(head) == _FIRST_BYTES and (length is None or length > _FIRST_BYTES):
            reading.kept = head
            more, _ = await self._part(url, reading, len(head), min(reading.bound, length or reading.bound))
            head = more if more.startswith(head[:64]) else head + more
            size = measure(head)
        if size is None:
            raise FetchError("empty" if length == 0 else "no_size" if not head or image_format(head) else "not_an_image")
        return _Probed(size, length)

    async def _part(self, url: str, reading: _Reading, start: int, end: int) -> tuple[bytes, int | None]:
        """The bytes of a file from `start` to before `end`, or from its beginning where the server ignores ranges; and its length.

        :raises Exception: FetchError for a status that gives none, and whatever the downloader has to say.
        """
        number = next(self._numbers)
        self._readings[number] = reading
        meta = {_META_KEY: number, PAGE_KEY: reading.page_url, "allow_offsite": True}
        request = Request(
            url,
            callback=NO_CALLBACK,
            headers={"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"},
            meta={**meta, "download_fail_on_dataloss": False, "download_warnsize": 0},
        )
        assert self._crawler.engine is not None
        async with self._turns.of(url):
            response = await self._crawler.engine.download_async(request)
        if response.status == 206:
            match = _CONTENT_RANGE.match(response.headers.get("Content-Range") or b"")
            if match is None or int(match[1]) != start:
                raise FetchError("bad_range")
            return response.body, None if match[3] == b"*" else int(match[3])
        if response.status != 200:
            raise FetchError(f"http_{response.status}")
        return response.body[: reading.bound], _length(response)

    def _begin(self, headers: Any, body_length: Any, request: Request) -> None:  # noqa: ARG002 - a signal's arguments, by name
        reading = self._readings.get(request.meta.get(_META_KEY, 0))
        if reading is not None:
            reading.begin(body_length if isinstance(body_length, int) else None)

    def _take(self, data: bytes, request: Request) -> None:
        reading = self._readings.get(request.meta.get(_META_KEY, 0))
        if reading is not None:
            reading.take(data)


def _length(response: Response) -> int | None:
    """Bytes of the whole file, by the header, else by what has come where that is all of it."""
    value = response.headers.get("Content-Length")
    if value is not None and value.isdigit() and "Content-Encoding" not in response.headers:
        return int(value)
    return None if {"download_stopped", "dataloss"}.intersection(response.flags) else len(response.body)


def _from_data_url(url: str) -> _Probed:
    """What stands in a data URL itself (RFC 2397).

    :raises FetchError: where it is no image.
    """
    head, comma, rest = url.partition(",")
    try:
        data = base64.b64decode(unquote_to_bytes(rest)) if head.lower().endswith(";base64") else unquote_to_bytes(rest)
    except (binascii.Error, ValueError):
        data = b""
    size = measure(data) if comma else None
    if size is None:
        raise FetchError("no_size" if image_format(data) else "not_an_image")
    return _Probed(size, len(data))
