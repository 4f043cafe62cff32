"""The browser's life in a crawl: launched when a page first needs it, restarted where it or its driver dies, its contexts exchanged before
they grow.

`BrowserHandler` is scrapy-playwright's handler with what a crawl of thousands of pages needs besides. It overrides private methods of
that, each where its comment says why; where one of them goes, what is left is scrapy-playwright as it is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, WeakSet

from playwright.async_api import Error as BrowserError
from scrapy_playwright.handler import DEFAULT_CONTEXT_NAME, ScrapyPlaywrightDownloadHandler

from linkmedia_scrapy.browser import find
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import BrowserUnavailableError, one_line
from linkmedia_scrapy.rendering import DEATHS_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from playwright.async_api import BrowserContext, Page
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["BrowserHandler", "BrowserLostError"]

logger = logging.getLogger(__name__)

_NO_LIMIT: Final = 1_000_000
_FIRST_PAUSE: Final = 0.25
_CLOSE_SECONDS: Final = 5.0
_STATE_SECONDS: Final = 3.0
_CONTEXT: Final = {"service_workers": "block"}
"""How contexts are made where the user does not say otherwise: what a service worker kept of one page would change the pages after it."""
_MAX_ORIGINS: Final = 20
"""Of how many sites' pages a context keeps its local storage when it is exchanged."""
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


class _Line:
    """The contexts of one name, one after the other.

    Attributes:
        room: for as many pages as may be open at a time, those of a context that has been exchanged included.
        turn: held by who exchanges the context, and for a moment by who is about to open a page in it.
        quiet: set while nobody is between the choice of a context and the page in it.
        creating: how many are.
        origins: of the pages so far.

    """

    def __init__(self, limit: int) -> None:
        self.room = asyncio.Semaphore(limit)
        self.turn = asyncio.Lock()
        self.quiet = asyncio.Event()
        self.quiet.set()
        self.creating = 0
        self.origins: set[str] = set()

    def begin(self, url: str) -> None:
        """Note that a page is being opened."""
        self.creating += 1
        self.quiet.clear()
        if len(self.origins) <= _MAX_ORIGINS:
            self.origins.add("/".join(url.split("/", 3)[:3]))

    def end(self) -> None:
        """Note that it is there, or will not be."""
        self.creating -= 1
        if not self.creating:
            self.quiet.set()


class _Shared:
    """Work that several may ask for at once: all wait for the one that is under way, and who gives up takes nothing from the others."""

    def __init__(self) -> None:
        self._work: asyncio.Future[None] | None = None

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for it to be done, beginning it where it is not under way."""
        if self._work is None:
            self._work = asyncio.ensure_future(work())
            self._work.add_done_callback(self._ended)
        await asyncio.shield(self._work)

    def cancel(self) -> None:
        """Give it up for all."""
        if self._work is not None:
            self._work.cancel()

    def _ended(self, work: asyncio.Future[None]) -> None:
        self._work = None
        _retrieve(work)  # maybe nobody waits for it any more


def _context_name(request: Request) -> str:
    return str(request.meta.get("playwright_context") or DEFAULT_CONTEXT_NAME)


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # it has no types
    """Renders requests; one for both schemes."""

    browser_provider: Any

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
        self._lines: dict[str, _Line] = {}
        self._arguments: dict[str, dict[str, Any]] = dict(self.config.startup_context_kwargs)
        self._states: dict[str, Any] = {}
        self._alive: WeakSet[BrowserContext] = WeakSet()
        self._pages: dict[Request, Page] = {}
        self._served: WeakKeyDictionary[BrowserContext, int] = WeakKeyDictionary()
        self._abandoned: WeakSet[BrowserContext] = WeakSet()
        self._retired: dict[BrowserContext, tuple[str, list[Any]]] = {}
        self._launching = _Shared()
        self._driver: Any = None
        self._reviving = _Shared()
        self._lost: WeakSet[Any] = WeakSet()
        self._suspects = asyncio.Lock()
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
        except Exception as error:
            if not _is_of_driver(error):
                raise
            raise BrowserUnavailableError(self._what_is_missing(error)) from error

    async def _launch(self) -> None:
        await super()._launch()
        self._watch_driver()

    async def close(self) -> None:
        """End the browser and the driver."""
        self._closing = True
        try:
            with suppress(BrowserError):  # one that has died while pages were closed
                await super().close()
        finally:
            logging.getLogger("scrapy-playwright").removeFilter(self._quiet)

    async def _close(self) -> None:
        # theirs waits for the browser to close without end, and one that hangs does not
        self._launching.cancel()
        self._reviving.cancel()
        try:
            await asyncio.wait_for(super()._close(), 4 * _CLOSE_SECONDS)
        except TimeoutError:
            logger.warning("The browser did not close within %g s; it ends with its driver", 4 * _CLOSE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.browser_provider.close(), _CLOSE_SECONDS)

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

    def _line(self, request: Request) -> _Line:
        name = _context_name(request)
        if name not in self._lines:
            self._lines[name] = _Line(self._limit)
        return self._lines[name]

    async def _while_it_lives(self, request: Request, download: Coroutine[Any, Any, Response]) -> Response:
        """The response; what is asked of a browser that dies, or of a page whose process hangs, may be left without an answer for ever.

        :raises BrowserLostError: where the browser or its driver died under it.
        :raises playwright.async_api.Error: where no answer came within the request's ``download_timeout``.
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
                    raise BrowserError(f"no answer from the page within {seconds:g} s")
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
        if error is not None and not _is_of_driver(error):
            return False
        if error is not None and _CLOSED in str(error):
            await asyncio.wait({death}, timeout=_NEWS)
        elif not death.done():
            return False
        return death.done() and self._is_lost(request)

    async def _abandon(self, request: Request) -> None:
        """Close the page of a request that is given up; one that comes later goes with its context."""
        page = self._pages.get(request)
        if page is None:
            wrapper = self.context_wrappers.get(_context_name(request))
            if wrapper is not None:
                self._abandoned.add(wrapper.context)
        elif not page.is_closed():
            with suppress(BrowserError):
                await page.close()
            self.stats.inc_value("playwright/page_count/closed")

    def _tell_death(self) -> None:
        if self._loop is not None:
            self._death.set_result(None)
            self._death = self._loop.create_future()

    def _is_full(self, name: str, line: _Line) -> bool:
        wrapper = self.context_wrappers.get(name)
        served = self._served.get(wrapper.context, 0) if wrapper is not None else 0
        return 0 < self._pages_of_a_context <= served + line.creating

    async def _retire(self, name: str, line: _Line) -> None:
        """Let the next page of a name have a new context with the same cookies and local storage; the pages in the old one go on.

        To wait for them would let one that is slow hold up all others. Playwright opens a page for each origin whose local storage it
        reads or writes: of crawls of many sites only cookies are kept, and so they are where a page that hangs keeps its storage.
        """
        wrapper = self.context_wrappers.get(name)
        if wrapper is None or wrapper.persistent:
            return
        context = wrapper.context
        ours = {page for request, page in self._pages.items() if not request.meta.get("playwright_include_page")}
        if context not in self._abandoned and not ours.issuperset(context.pages):  # pages that the user keeps
            return
        state: dict[str, Any] = {"cookies": [], "origins": []}
        try:
            if len(line.origins) <= _MAX_ORIGINS:
                with suppress(BrowserError, TimeoutError):
                    state = await asyncio.wait_for(context.storage_state(), _STATE_SECONDS)
            if not state["cookies"]:
                state["cookies"] = await asyncio.wait_for(context.cookies(), _STATE_SECONDS)
        except (BrowserError, TimeoutError) as error:
            logger.warning("The cookies of context %s are lost: %s", name, one_line(error))
        if self.context_wrappers.get(name) is not wrapper:  # it died meanwhile
            return
        del self.context_wrappers[name]
        self._states[name] = state
        self._retired[context] = (name, list(state["cookies"]))
        self.stats.inc_value("linkmedia/render/context_recycled_count")
        await self._close_retired()

    async def _close_retired(self) -> None:
        """Close the contexts whose last page has left; what cookies these pages were given goes on, too."""
        used = {page.context for page in self._pages.values()}
        for context in [context for context in self._retired if context not in used]:
            name, before = self._retired.pop(context)
            try:
                late = [cookie for cookie in await asyncio.wait_for(context.cookies(), _STATE_SECONDS) if cookie not in before]
                await asyncio.wait_for(context.close(), _CLOSE_SECONDS)
                if late:
                    await asyncio.wait_for(self._hand_over(name, late), _CLOSE_SECONDS)
            except (BrowserError, TimeoutError) as error:
                logger.debug("Closing context %s: %s", name, one_line(error))

    async def _hand_over(self, name: str, cookies: list[Any]) -> None:
        async with self.context_launch_lock:  # so that there is a context, or its state is still to be used
            wrapper = self.context_wrappers.get(name)
            if wrapper is not None:
                await wrapper.context.add_cookies(cookies)
            elif name in self._states:
                self._states[name]["cookies"] += cookies

    async def _leave(self, request: Request) -> None:
        """Forget the page of a request; the last one of a context that is not used again ends it."""
        self._pages.pop(request, None)
        name, line = _context_name(request), self._line(request)
        wrapper = self.context_wrappers.get(name)
        if wrapper is not None and wrapper.context in self._abandoned:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS), line.turn:
                    await line.quiet.wait()
                    if self.context_wrappers.get(name) is wrapper:
                        await self._retire(name, line)
        await self._close_retired()

    def _bound_closing(self, page: Page) -> None:
        """Let a page that Chromium does not close go with its context.

        Of a page that reloads itself while a picture of it is taken, the close is never answered; scrapy-playwright would wait for it, and
        lose a response that is there.
        """
        original = page.close

        async def close(**arguments: Any) -> None:
            try:
                await asyncio.wait_for(original(**arguments), _CLOSE_SECONDS)
            except TimeoutError:
                logger.debug("%s does not close; its context is closed instead", page.url)
                self._abandoned.add(page.context)

        page.close = close  # type: ignore[method-assign]

    async def _create_page(self, request: Request, spider: Any) -> Any:
        # the news that a browser died may come after the next request
        browser = getattr(self, "browser", None)
        if browser is not None and not browser.is_connected():
            self._forget_browser(browser)
        name, line = _context_name(request), self._line(request)
        async with line.turn:
            if self._is_full(name, line):
                await line.quiet.wait()
                await self._retire(name, line)
            line.begin(request.url)
        try:
            page = self._pages[request] = await super()._create_page(request=request, spider=spider)
        finally:
            line.end()
        self._bound_closing(page)
        self._served[page.context] = self._served.get(page.context, 0) + 1
        return page

    async def _maybe_launch_browser(self) -> None:
        """Launch the browser, or connect to it; a request that is given up meanwhile takes nothing from those that wait for it, too."""
        async with self.browser_launch_lock:
            if hasattr(self, "browser"):
                return
            await self._launching.run(self._launch_browser)

    async def _need_driver(self) -> None:
        """Start the driver again where it has died."""
        if self._driver_died():
            await self._reviving.run(self._start_driver)

    async def _start_driver(self) -> None:
        with suppress(Exception):  # somebody else's may have more to let go of than a driver that is gone
            await asyncio.wait_for(self.browser_provider.close(), _CLOSE_SECONDS)

        async def start() -> Any:
            provider = self.browser_provider_cls(self.config)
            await provider.start()
            return provider

        self.browser_provider = await self._patiently(start, lambda: self._patience)
        self._watch_driver()
        self.stats.inc_value("linkmedia/render/driver_restart_count")

    def _driver_died(self) -> bool:
        return getattr(self._driver, "_closed_error", None) is not None

    def _watch_driver(self, browser: Any = None) -> None:
        """Be told when the driver's process ends: Playwright tells nobody, and takes its browser for connected."""
        of = getattr(self.browser_provider, "playwright", None) or browser
        driver = getattr(getattr(of, "_impl_obj", None), "_connection", None)
        if driver is None or driver is self._driver:  # no provider of scrapy-playwright's; its browser tells which it is
            return
        self._driver = driver
        driver.on("close", lambda *_: self._forget_driver(driver))
        client = getattr(getattr(self.browser_provider, "playwright_context_manager", None), "_client", None)
        transport = getattr(client, "_transport", None) or getattr(driver, "_transport", None)
        failed = getattr(transport, "on_error_future", None)
        if failed is not None:  # asyncio logs it otherwise, as an exception that was never retrieved
            failed.add_done_callback(_retrieve)

    async def _launch_browser(self) -> None:
        """Launch it; one that was there is waited for, since whoever runs it may be starting it again."""

        async def launch() -> Any:
            await self._need_driver()
            return await self.browser_provider.launch_browser()

        browser = await self._patiently(launch, lambda: self._patience if self._launched or self._driver_died() else 0)
        self.browser = browser
        self._watch_driver(browser)
        browser.on("disconnected", self._forget_browser)
        self.stats.inc_value("playwright/browser_count")
        if self._launched:
            self.stats.inc_value("linkmedia/render/browser_restart_count")
        else:
            self._say_what_is_guarded()
        self._launched += 1

    async def _patiently(self, start: Callable[[], Awaitable[Any]], patience: Callable[[], float]) -> Any:
        """What `start` gives, tried again with growing pauses for so many seconds.

        :raises BrowserUnavailableError: where it does not come meanwhile.
        """
        begun, pause = time.monotonic(), _FIRST_PAUSE
        while True:
            try:
                return await start()
            except Exception as error:
                if not _is_of_driver(error):
                    raise
                until = begun + patience()
                if time.monotonic() >= until:
                    raise BrowserUnavailableError(self._what_is_missing(error)) from error
            await asyncio.sleep(min(pause, max(0.0, until - time.monotonic())))
            pause *= 2

    def _what_is_missing(self, error: Exception) -> str:
        """What the driver says; where it is the driver's own browser that is not there, how to get it."""
        text = one_line(error)
        return find.how_to_install(self.config.browser_type_name) if "Executable doesn't exist at" in text else text

    def _forget_browser(self, browser: Any) -> None:
        """After a browser's death: no request is to meet its contexts again. They are not closed, since nobody would answer."""
        if not self._closing and getattr(self, "browser", None) is browser:
            self._forget_contexts()
            logger.warning("The browser is gone; the pages that it had are tried again in a new one")

    def _forget_driver(self, driver: Any) -> None:
        """After the driver's death, the same of all browsers: it was the only one to talk to them."""
        if not self._closing and self._driver is driver:
            self._forget_contexts()
            logger.warning("Playwright's driver is gone; it is started again, and the pages that it had are tried again")

    def _forget_contexts(self) -> None:
        self.context_wrappers.clear()
        self._retired.clear()
        for context in list(self._alive):
            self._lost.add(context)
            self._gone(context)
        if self.config.restart_disconnected_browser and hasattr(self, "browser"):
            del self.browser
        if self._loop is not None:  # in Windows Playwright has a loop of its own
            self._loop.call_soon_threadsafe(self._tell_death)

    async def _create_browser_context(self, name: str, context_kwargs: dict[str, Any] | None, spider: Any = None) -> Any:
        # of a context that is made again nobody says how it was made
        given = self._arguments[name] = context_kwargs or self._arguments.get(name) or {}
        arguments = {**_CONTEXT, **given}
        await self._need_driver()
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


def _is_of_driver(error: BaseException) -> bool:
    """Whether it is what Playwright says, or how its driver ends: that is a plain Exception."""
    return isinstance(error, BrowserError | OSError) or (type(error) is Exception and "reading from the driver" in str(error))


def _retrieve(ended: asyncio.Future[Any]) -> None:
    """Keep asyncio from logging an exception that nobody waits for."""
    if not ended.cancelled():
        ended.exception()


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
