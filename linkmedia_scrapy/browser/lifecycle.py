"""The answers of a crawl's pages, or the news that their browser died: nobody waits for ever.

`BrowserHandler` is scrapy-playwright's handler with what a crawl of thousands of pages needs besides: a browser that is started again
(`launching.py`), contexts that are exchanged before they grow (`contexts.py`), and that news. All three override private methods of the
handler, each where its comment says why; `tests/test_render_wiring.py` names them all, so that a version without one is noticed.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeoutError

from linkmedia_scrapy.browser.contexts import ContextHandler
from linkmedia_scrapy.browser.launching import is_of_driver
from linkmedia_scrapy.rendering import DEATHS_KEY

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["BrowserHandler", "BrowserLostError"]

_LAST_WORDS: Final = 3.0
"""Seconds after a browser's death for what was asked of it to fail by itself."""
_NEWS: Final = 1.0
"""Seconds after a page's end for the news that its browser died."""
_CLOSED: Final = "has been closed"
"""What Playwright says of a page that is gone, for whatever reason."""
_SUSPICIOUS: Final = 2
"""From how many deaths of browsers under a page on there is no other such page beside it."""


class BrowserLostError(BrowserError):
    """The browser, or Playwright's driver, died under a page, which need not have done anything to it."""


class BrowserHandler(ContextHandler):
    """Renders requests; one for all schemes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lost: WeakSet[Any] = WeakSet()
        self._suspects = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._death: asyncio.Future[None]

    async def download_request(self, request: Request) -> Response:
        """The rendered response.

        :raises BrowserUnavailableError: where there is no browser, and none comes within ``LINKMEDIA_BROWSER_TIMEOUT``.
        """
        suspects = self._suspects if request.meta.get(DEATHS_KEY, 0) >= _SUSPICIOUS else nullcontext()
        try:
            async with suspects, self._line(request).room:
                return await self._while_it_lives(request, super().download_request(request))
        finally:
            await self._maybe_future_from_coro(self._leave(request))

    async def _while_it_lives(self, request: Request, download: Coroutine[Any, Any, Response]) -> Response:
        """The response; what is asked of a browser that dies, or of a page whose process hangs, may be left without an answer for ever.

        :raises BrowserLostError: where the browser or its driver died under it.
        :raises playwright.async_api.TimeoutError: where no answer came within the request's ``download_timeout``.
        """
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._death = self._loop.create_future()
        work, first_death = asyncio.ensure_future(download), self._death
        seconds = request.meta.get("download_timeout") or None
        until = time.monotonic() + seconds if seconds else None
        try:
            while True:
                death = self._death
                either: set[asyncio.Future[Any]] = {work, death}
                left = None if until is None else max(0.0, until - time.monotonic())
                await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if death.done() and not work.done():
                    await asyncio.wait({work}, timeout=_LAST_WORDS)
                if work.done():
                    if await self._died_under(request, work, first_death):
                        raise BrowserLostError("the browser died under the page") from work.exception()
                    return work.result()
                if not death.done():
                    raise BrowserTimeoutError(f"no answer from the page within {seconds:g} s")
                if self._is_lost(request):  # else it has its page in the next browser already
                    raise BrowserLostError("the browser died under the page")
        finally:
            if not work.done():
                work.cancel()
                await self._maybe_future_from_coro(self._abandon(request))

    def _is_lost(self, request: Request) -> bool:
        """Whether the page of a request is of a browser that is gone; so is one that never came."""
        page = self._pages.get(request)
        if page is None or page.context in self._lost:
            return True
        browser = page.context.browser
        return browser is not None and not browser.is_connected()

    async def _died_under(self, request: Request, work: asyncio.Future[Response], death: asyncio.Future[None]) -> bool:
        """Whether it was its browser's death that ended a request; what a page gave that had lost its browser lacks captures."""
        error = work.exception()
        if error is not None and not is_of_driver(error):
            return False
        if error is not None and _CLOSED in str(error):
            await asyncio.wait({death}, timeout=_NEWS)
        elif not death.done():
            return False
        return death.done() and self._is_lost(request)

    def _tell_death(self) -> None:
        if self._loop is not None:
            self._death.set_result(None)
            self._death = self._loop.create_future()

    def _let_go(self) -> None:
        self._lost.update(self._alive)
        super()._let_go()
        if self._loop is not None:  # in Windows Playwright has a loop of its own
            self._loop.call_soon_threadsafe(self._tell_death)
