"""A download handler that starts a browser with the first request that needs one, and hands all others to the handler below it.

scrapy-playwright's own handler starts its driver with the crawl, one for http and another for https, whether or not anything is
rendered. This one is wired by the add-on in its stead, so that single requests can ask for rendering at no cost to all others.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["Browsers", "FileHandler", "HttpHandler", "HttpsHandler"]


class Browsers:
    """The browser handler of one crawl, which all schemes use.

    Attributes:
        handler: None as long as no request has needed it.

    """

    _of_crawler: ClassVar[WeakKeyDictionary[Crawler, Browsers]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self.handler: Any = None

    @classmethod
    def of(cls, crawler: Crawler) -> Browsers:
        """The one of a crawl."""
        return cls._of_crawler.setdefault(crawler, cls())

    async def get(self, crawler: Crawler) -> Any:
        """The handler, started."""
        async with self._lock:
            if self.handler is None:
                from linkmedia_scrapy.browser.lifecycle import BrowserHandler  # noqa: PLC0415 - half a second, and optional

                handler = BrowserHandler(crawler)
                try:
                    await handler.start()
                except BaseException:
                    await handler.close()
                    raise
                self.handler = handler
            return self.handler

    async def close(self) -> None:
        """End the browser, once."""
        handler, self.handler = self.handler, None
        if handler is not None:
            await handler.close()


class _RenderHandler:
    """A scheme's requests: those that are to be rendered to the browser, all others to the handler that Scrapy has for it."""

    lazy = False
    scheme = ""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        below = load_object(crawler.settings["DOWNLOAD_HANDLERS_BASE"][self.scheme])
        self._plain = build_from_crawler(below, crawler)
        self._browsers = Browsers.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the handler for a crawl."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The response, rendered where the request's meta says ``playwright``."""
        if request.meta.get("playwright"):
            handler = await self._browsers.get(self._crawler)
            return await handler.download_request(request)  # type: ignore[no-any-return]
        return await self._plain.download_request(request)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """End what was started."""
        await self._plain.close()
        await self._browsers.close()


class HttpHandler(_RenderHandler):
    """For ``http``."""

    scheme = "http"


class HttpsHandler(_RenderHandler):
    """For ``https``."""

    scheme = "https"


class FileHandler(_RenderHandler):
    """For ``file``."""

    scheme = "file"
