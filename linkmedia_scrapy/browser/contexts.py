"""The browser contexts of a crawl: as many pages at a time as a context may have, and another context before one grows."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, WeakSet

from playwright.async_api import Error as BrowserError
from scrapy_playwright.handler import DEFAULT_CONTEXT_NAME, PERSISTENT_CONTEXT_PATH_KEY

from linkmedia_scrapy.browser.launching import CLOSE_SECONDS, LaunchingHandler
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import one_line
from linkmedia_scrapy.rendering import ALONE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import BrowserContext, Page
    from scrapy.crawler import Crawler
    from scrapy.http import Request

__all__ = ["ContextHandler"]

logger = logging.getLogger(__name__)

_NO_LIMIT: Final = 1_000_000
_STATE_SECONDS: Final = 3.0
_CONTEXT: Final = {"service_workers": "block"}
"""How contexts are made where the user does not say otherwise: what a service worker kept of one page would change the pages after it."""
_MAX_ORIGINS: Final = 20
"""Of how many sites' pages a context keeps its local storage when it is exchanged."""


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


def _context_name(request: Request) -> str:
    return str(request.meta.get("playwright_context") or DEFAULT_CONTEXT_NAME)


class ContextHandler(LaunchingHandler):
    """Contexts that take a limited number of pages at a time and in all, one after the other under one name."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pages_of_a_context = LinkMediaConfig.from_settings(crawler.settings).context_max_pages
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
        self._shown: WeakSet[BrowserContext] = WeakSet()
        """Contexts with pages that code of the user's got to see: what else is open there may be the user's."""
        self._first: WeakSet[Page] = WeakSet()
        """The pages that contexts begin with, as those with a `user_data_dir` do."""
        self._retired: dict[BrowserContext, tuple[str, list[Any]]] = {}

    def _line(self, request: Request) -> _Line:
        name = _context_name(request)
        if name not in self._lines:
            self._lines[name] = _Line(self._limit)
        return self._lines[name]

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
        if context in self._shown and context not in self._abandoned and not ours.issuperset(context.pages):  # pages that the user keeps
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
                try:
                    late = [cookie for cookie in await asyncio.wait_for(context.cookies(), _STATE_SECONDS) if cookie not in before]
                finally:  # nobody would close it later
                    await asyncio.wait_for(context.close(), CLOSE_SECONDS)
                if late:
                    await asyncio.wait_for(self._hand_over(name, late), CLOSE_SECONDS)
            except (BrowserError, TimeoutError) as error:
                logger.debug("Closing context %s: %s", name, one_line(error))

    async def _hand_over(self, name: str, cookies: list[Any]) -> None:
        async with self.context_launch_lock:  # so that there is a context, or its state is still to be used
            wrapper = self.context_wrappers.get(name)
            if wrapper is not None:
                await wrapper.context.add_cookies(cookies)
            elif name in self._states:
                self._states[name]["cookies"] += cookies

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

    async def _leave(self, request: Request) -> None:
        """Forget the page of a request; the last one of a context that is not used again ends it."""
        self._pages.pop(request, None)
        name, line = _context_name(request), self._line(request)
        wrapper = self.context_wrappers.get(name)
        if wrapper is not None and wrapper.context in self._abandoned:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS), line.turn:
                    await line.quiet.wait()
                    if self.context_wrappers.get(name) is wrapper:
                        await self._retire(name, line)
        await self._close_strays(name, line)
        await self._close_retired()

    async def _close_strays(self, name: str, line: _Line) -> None:
        """Close what pages have opened as they closed: Playwright does not say then whose pop-ups these are."""
        wrapper = self.context_wrappers.get(name)
        if wrapper is None or wrapper.context in self._shown or line.creating:  # a page that is being made is not among ours yet
            return
        strays = set(wrapper.context.pages).difference(self._pages.values(), self._first)
        with suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(page.close() for page in strays)), CLOSE_SECONDS)

    def _bound_closing(self, page: Page) -> None:
        """Let a page that Chromium does not close go with its context.

        Of a page that reloads itself while a picture of it is taken, the close is never answered; scrapy-playwright would wait for it, and
        lose a response that is there.
        """
        original = page.close

        async def close(**arguments: Any) -> None:
            try:
                await asyncio.wait_for(original(**arguments), CLOSE_SECONDS)
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
        if not request.meta.get(ALONE_KEY):
            self._shown.add(page.context)
        self._bound_closing(page)
        self._served[page.context] = self._served.get(page.context, 0) + 1
        return page

    def _let_go(self) -> None:
        """No request is to meet the contexts of a browser that is gone again. They are not closed, since nobody would answer."""
        self.context_wrappers.clear()
        self._retired.clear()
        for context in list(self._alive):
            self._gone(context)
        super()._let_go()

    async def _create_browser_context(self, name: str, context_kwargs: dict[str, Any] | None, spider: Any = None) -> Any:
        # of a context that is made again nobody says how it was made
        given = self._arguments[name] = context_kwargs or self._arguments.get(name) or {}
        # a persistent context is a browser of its own: the same as all others are, unless it says otherwise
        launch = self.config.launch_options if PERSISTENT_CONTEXT_PATH_KEY in given else {}
        arguments = {**launch, **_CONTEXT, **given}
        await self._need_driver()
        state = self._states.pop(name, None)
        wrapper = await super()._create_browser_context(name, {**arguments, "storage_state": state} if state else arguments, spider)
        self._alive.add(wrapper.context)
        self._first.update(wrapper.context.pages)
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
