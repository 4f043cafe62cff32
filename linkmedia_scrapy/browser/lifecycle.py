"""The browser's life in a crawl: launched when a page first needs it, restarted where it dies, its contexts exchanged before they grow.

`BrowserHandler` is scrapy-playwright's handler with what a crawl of thousands of pages needs besides. It overrides private methods of
that, each where its comment says why; where one of them goes, what is left is scrapy-playwright as it is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, WeakSet

from playwright.async_api import Error as BrowserError
from scrapy_playwright.handler import DEFAULT_CONTEXT_NAME, ScrapyPlaywrightDownloadHandler

from linkmedia_scrapy.browser import find
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import BrowserUnavailableError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from playwright.async_api import BrowserContext, Page
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["BrowserHandler"]

logger = logging.getLogger(__name__)

_NO_LIMIT: Final = 1_000_000
_FIRST_PAUSE: Final = 0.25
_CLOSE_SECONDS: Final = 10.0
_MAX_ORIGINS: Final = 20
"""Of how many sites' pages a context keeps its local storage when it is exchanged."""
_LAST_WORDS: Final = 3.0
"""Seconds after a browser's death for what was asked of it to fail by itself."""


class _Gate:
    """Lets a number of pages into one context at a time, and none while the context is exchanged.

    :param limit: pages at a time.
    :param lifetime: pages until the context is exchanged; 0: it never is.
    """

    def __init__(self, limit: int, lifetime: int) -> None:
        self.origins: set[str] = set()
        self._limit = limit
        self._lifetime = lifetime
        self._inside = 0
        self._served = 0
        self._shut = False
        self._changed = asyncio.Condition()

    async def enter(self, url: str) -> None:
        """Wait for room."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._shut and self._inside < self._limit)
            self._inside += 1
            self._served += 1
            self._shut = bool(self._lifetime) and self._served >= self._lifetime
            if len(self.origins) <= _MAX_ORIGINS:
                self.origins.add("/".join(url.split("/", 3)[:3]))

    async def leave(self) -> bool:
        """Make room; whether this was the last page of the context, which is to be exchanged now, and then opened."""
        async with self._changed:
            self._inside -= 1
            self._changed.notify_all()
            return self._shut and not self._inside

    async def open(self) -> None:
        """Let pages in again."""
        async with self._changed:
            self._shut, self._served = False, 0
            self._changed.notify_all()


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # it has no types
    """Renders requests; one for both schemes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        config = LinkMediaConfig.from_settings(crawler.settings)
        self._guarded = config.block_private_network
        self._pages_of_a_context = config.context_max_pages
        self._patience = config.browser_timeout
        # Its own limit is a semaphore for each context, which a crashed page releases twice and a dead browser never: a crawl would hang.
        self._limit = self.config.max_pages_per_context
        self.config.max_pages_per_context = _NO_LIMIT
        self.config.target_closed_max_retries = 0  # Scrapy's retry counts, and puts the page behind the others
        self._gates: dict[str, _Gate] = {}
        self._arguments: dict[str, dict[str, Any]] = dict(self.config.startup_context_kwargs)
        self._states: dict[str, Any] = {}
        self._alive: WeakSet[BrowserContext] = WeakSet()
        self._pages: WeakKeyDictionary[Request, Page] = WeakKeyDictionary()
        self._abandoned: WeakSet[BrowserContext] = WeakSet()
        self._launched = 0
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._death: asyncio.Future[None]
        self._quiet = _OncePerCause()

    async def start(self) -> None:
        """Start the driver, as scrapy-playwright does when the engine starts; that has happened by now."""
        logging.getLogger("scrapy-playwright").addFilter(self._quiet)
        try:
            await self._maybe_launch_in_thread()
        except BrowserError as error:
            raise BrowserUnavailableError(one_line(error)) from error

    async def close(self) -> None:
        """End the browser and the driver."""
        self._closing = True
        try:
            with suppress(BrowserError):  # one that has died while pages were closed
                await super().close()
        finally:
            logging.getLogger("scrapy-playwright").removeFilter(self._quiet)

    async def download_request(self, request: Request) -> Response:
        """The rendered response.

        :raises BrowserUnavailableError: where there is no browser, and none comes within ``LINKMEDIA_BROWSER_TIMEOUT``.
        """
        name = request.meta.get("playwright_context") or DEFAULT_CONTEXT_NAME
        gate = self._gates.setdefault(name, _Gate(self._limit, self._pages_of_a_context))
        await gate.enter(request.url)
        try:
            return await self._while_it_lives(request, super().download_request(request))
        finally:
            if await gate.leave():
                try:
                    await self._maybe_future_from_coro(self._exchange(name, keeps_storage=len(gate.origins) <= _MAX_ORIGINS))
                finally:
                    await gate.open()

    async def _while_it_lives(self, request: Request, download: Coroutine[Any, Any, Response]) -> Response:
        """The response; what is asked of a browser that dies, or of a page whose process hangs, may be left without an answer for ever.

        :raises playwright.async_api.Error: where no answer came within the request's ``download_timeout``, or after the browser's death.
        """
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._death = self._loop.create_future()
        death, work = self._death, asyncio.ensure_future(download)
        seconds = request.meta.get("download_timeout") or None
        try:
            either: set[asyncio.Future[Any]] = {work, death}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if death.done() and not work.done():
                await asyncio.wait({work}, timeout=_LAST_WORDS)
            if work.done():
                return work.result()
            raise BrowserError("the browser died under the page" if death.done() else f"no answer from the page within {seconds:g} s")
        finally:
            if not work.done():
                work.cancel()
                await self._maybe_future_from_coro(self._abandon(request))

    async def _abandon(self, request: Request) -> None:
        """Close the page of a request that is given up; one that cannot be closed goes with its context."""
        page = self._pages.pop(request, None)
        if page is None or page.is_closed():
            return
        self._abandoned.add(page.context)
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(page.close(), _CLOSE_SECONDS)

    def _tell_death(self) -> None:
        if self._loop is not None:
            self._death.set_result(None)
            self._death = self._loop.create_future()

    async def _exchange(self, name: str, *, keeps_storage: bool) -> None:
        """Close a context that nobody uses; the next page of that name gets a new one with the same cookies and local storage.

        Playwright opens a page for each origin whose local storage it reads or writes: of crawls of many sites only cookies are kept.
        """
        wrapper = self.context_wrappers.get(name)
        if wrapper is None or wrapper.persistent:
            return
        if wrapper.context.pages and wrapper.context not in self._abandoned:  # pages that the user keeps
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                if keeps_storage:
                    self._states[name] = await wrapper.context.storage_state()
                else:
                    self._states[name] = {"cookies": await wrapper.context.cookies(), "origins": []}
        except (BrowserError, TimeoutError) as error:
            logger.warning("The cookies of context %s are lost: %s", name, one_line(error))
        self.context_wrappers.pop(name, None)
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await wrapper.context.close()
        except (BrowserError, TimeoutError) as error:
            logger.debug("Closing context %s: %s", name, one_line(error))
        self.stats.inc_value("linkmedia/render/context_recycled_count")

    async def _create_page(self, request: Request, spider: Any) -> Any:
        # the news that a browser died may come after the next request
        browser = getattr(self, "browser", None)
        if browser is not None and not browser.is_connected():
            self._forget_browser(browser)
        page = self._pages[request] = await super()._create_page(request=request, spider=spider)
        return page

    async def _maybe_launch_browser(self) -> None:
        """Launch the browser, or connect to it; one that was there is waited for, since whoever runs it may be starting it again."""
        async with self.browser_launch_lock:
            if hasattr(self, "browser"):
                return
            until = time.monotonic() + (self._patience if self._launched else 0)
            pause = _FIRST_PAUSE
            while True:
                try:
                    browser = await self.browser_provider.launch_browser()
                    break
                except (BrowserError, OSError) as error:
                    if time.monotonic() >= until:
                        raise BrowserUnavailableError(one_line(error)) from error
                await asyncio.sleep(min(pause, max(0.0, until - time.monotonic())))
                pause *= 2
            self.browser = browser
            browser.on("disconnected", self._forget_browser)
            self.stats.inc_value("playwright/browser_count")
            if self._launched:
                self.stats.inc_value("linkmedia/render/browser_restart_count")
            else:
                self._say_what_is_guarded()
            self._launched += 1

    def _forget_browser(self, browser: Any) -> None:
        """After a browser's death: no request is to meet its contexts again. They are not closed, since nobody would answer."""
        if self._closing or getattr(self, "browser", None) is not browser:
            return
        self.context_wrappers.clear()
        for context in list(self._alive):
            self._gone(context)
        if self.config.restart_disconnected_browser:
            del self.browser
        if self._loop is not None:  # in Windows Playwright has a loop of its own
            self._loop.call_soon_threadsafe(self._tell_death)
        logger.warning("The browser is gone; the pages that it had are tried again in a new one")

    async def _create_browser_context(self, name: str, context_kwargs: dict[str, Any] | None, spider: Any = None) -> Any:
        # of a context that is made again nobody says how it was made
        arguments = self._arguments[name] = context_kwargs or self._arguments.get(name) or {}
        state = self._states.pop(name, None)
        wrapper = await super()._create_browser_context(name, {**arguments, "storage_state": state} if state else arguments, spider)
        self._alive.add(wrapper.context)
        return wrapper

    def _make_close_browser_context_callback(self, name: str, *_: Any) -> Callable[[BrowserContext], None]:
        # theirs forgets whatever context has the name by then, which may be the next one
        def closed(context: BrowserContext) -> None:
            wrapper = self.context_wrappers.get(name)
            if wrapper is not None and wrapper.context is context:
                del self.context_wrappers[name]
            self._gone(context)

        return closed

    def _gone(self, context: BrowserContext) -> None:
        if context in self._alive:
            self._alive.discard(context)
            if hasattr(self, "context_semaphore"):
                self.context_semaphore.release()

    def _say_what_is_guarded(self) -> None:
        """One line where the first layer of the guard is not known to be there."""
        if not self._guarded:
            return
        remote = self.config.cdp_url or self.config.connect_url
        if remote:
            reason = "the browser is remote: whether its Local Network Access is on is not known"
        elif self.config.browser_type_name != "chromium":
            reason = "only Chromium has Local Network Access"
        elif find.major_version(self.browser.version) < find.FIRST_GUARDED_VERSION:
            reason = f"Chromium {self.browser.version} has no Local Network Access; {find.FIRST_GUARDED_VERSION} has"
        else:
            return
        logger.warning(
            "LINKMEDIA_BLOCK_PRIVATE_NETWORK: redirects of images and scripts, WebSockets and workers are not guarded (%s)", reason
        )


class _OncePerCause(logging.Filter):
    """Lets one warning of each kind through: scrapy-playwright says the same of each page, with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[tuple[str, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log a record."""
        if record.levelno < logging.WARNING:
            return True
        cause = (str(record.msg), type(getattr(record, "exception", None)).__name__)
        first = cause not in self._said
        self._said.add(cause)
        record.exc_info = None
        return first
