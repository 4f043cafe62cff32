"""Captures into the store, and what becomes of them and of errors into the request's meta."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from linkmedia_scrapy.browser.decision import CAPTURES
from linkmedia_scrapy.config import PREFIX, setting_name
from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.items import CaptureItem, ErrorItem
from linkmedia_scrapy.rendering import CAPTURES_KEY, ERRORS_KEY, RenderedPage
from linkmedia_scrapy.stores import FailureLog, capture_path, checksum, open_store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

    from linkmedia_scrapy.browser.capture import Capture
    from linkmedia_scrapy.browser.job import Rendering
    from linkmedia_scrapy.config import LinkMediaConfig
    from linkmedia_scrapy.stores import FileStore

__all__ = ["CaptureKeeper", "check_captures"]

_OWN_FIELDS: Final = ("record", "page_url", "data")


def check_captures(config: LinkMediaConfig) -> None:
    """Refuse settings with which each page's captures would be taken and thrown away.

    :raises ConfigError: where there is no store, and the records do not hold them either.
    """
    for kind in CAPTURES:
        if getattr(config, kind) and config.store is None and not config.capture_inline:
            raise ConfigError(f"{setting_name(kind)} = True: needs {PREFIX}STORE, where captures go, or {PREFIX}CAPTURE_INLINE")


class CaptureKeeper(CrawlComponent):
    """Keeps the captures of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._store: FileStore | None = None
        self._failures = FailureLog()

    def open_store(self, config: LinkMediaConfig) -> FileStore:
        """The store; opened at the first call.

        :raises ConfigError: where it cannot be used.
        """
        if self._store is None:
            self._store = open_store(config, self._crawler.settings)
        return self._store

    async def keep(self, request: Request, config: LinkMediaConfig, capture: Capture, result: Rendering, rendered: RenderedPage) -> None:
        """Put a capture into the store and its record into the request's meta; or an error where that fails."""
        proof = result.proof
        reasons = [*proof.reasons, *capture.reasons]
        path = await self._stored(request, config, capture)
        if config.capture_inline:
            text = capture.kind == "mhtml"
            rendered.inlined[capture.kind] = capture.data.decode() if text else base64.b64encode(capture.data).decode()
        if path is None and not config.capture_inline:
            return
        item = CaptureItem(
            kind=capture.kind,
            path=path,
            checksum=checksum(capture.data),
            size=len(capture.data),
            width=capture.width,
            height=capture.height,
            complete=not reasons,
            reason=",".join([*reasons, *capture.notes]),
            images_total=proof.total,
            images_loaded=proof.loaded,
            images_failed=proof.failed,
            scroll_steps=proof.scroll_steps,
            elapsed_ms=capture.elapsed_ms,
        )
        request.meta.setdefault(CAPTURES_KEY, []).append(_plain(item))
        self._extraction.count(f"capture_count/{capture.kind}")
        self._extraction.count(f"capture_bytes/{capture.kind}", len(capture.data))
        if reasons:
            self._extraction.count(f"incomplete_count/{capture.kind}")

    async def _stored(self, request: Request, config: LinkMediaConfig, capture: Capture) -> str | None:
        """The capture's path in the store; None where it is not there."""
        if config.store is None:
            if not config.capture_inline:
                self.report(request, ErrorItem(kind="store", stage=capture.kind, reason="no_store", message="LINKMEDIA_STORE is None"))
            return None
        spider = self._crawler.spider
        path = capture_path(config.capture_path, request, capture.kind, capture.extension, spider.name if spider else "")
        try:
            await self.open_store(config).save(path, capture.data, capture.mime_type)
        except Exception as error:  # noqa: BLE001 - any store's any failure
            self._failures.add(f"the {capture.kind} of {request.url}", error)
            self.report(request, ErrorItem(kind="store", stage=capture.kind, reason=type(error).__name__, message=str(error)[:500]))
            return None
        return path

    def report(self, request: Request, error: ErrorItem) -> None:
        """Put an error into the request's meta, and count it."""
        # counted with the page's other errors, once its records are made; here too, for pages that never get there
        self._extraction.count(f"render/error_count/{error.kind}/{error.stage}/{error.reason}")
        request.meta.setdefault(ERRORS_KEY, []).append(_plain(error))


def _plain(item: CaptureItem | ErrorItem) -> dict[str, Any]:
    return {name: value for name, value in item.to_dict().items() if name not in _OWN_FIELDS}
