"""One page in the browser, from before its navigation to the moment when its DOM and captures are taken.

A `PageJob` belongs to one request and is used once. It rides on scrapy-playwright: `prepare` runs as the page's init callback, `run` as
its last page method.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.browser import restraints
from linkmedia_scrapy.browser.capture import Capture, CaptureError, take
from linkmedia_scrapy.browser.decision import CAPTURES
from linkmedia_scrapy.browser.dom import is_still_there, source, take_dom, take_frame
from linkmedia_scrapy.browser.network import STAYING, Network, is_of_page
from linkmedia_scrapy.browser.ready import make_ready
from linkmedia_scrapy.browser.shadowing import bound_download, bound_waiting, release, restore
from linkmedia_scrapy.browser.stage import Proof, ScriptError, Stage, StuckError
from linkmedia_scrapy.errors import PageTooLargeError
from linkmedia_scrapy.items import ErrorItem

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Download, Page, Route
    from scrapy.http import Request

    from linkmedia_scrapy.browser.guard import Guard
    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["PageJob", "Rendering"]

_HTML: Final = ("text/html", "application/xhtml+xml")
_NO_PRINTER: Final = "window.print = () => {}"
"""For each document, frames' too: a page that prints itself cannot be made a PDF of."""
_NO_BLANK: Final = """if (self === top && self.navigation) {
  navigation.addEventListener('navigate', e => { if (e.cancelable && e.destination.url === 'about:blank') e.preventDefault(); });
}"""
"""A page that leaves for nowhere, as scripts against developer tools let it, is nothing any more. No request tells of that."""
_ERROR_PAGE: Final = "chrome-error:"
_RETURNING: Final = 2.0
"""Seconds that a page has at least to be loaded again."""
_MAX_FRAMES: Final = 50
_LONGEST_URL: Final = 8192
"""Characters. A page may give itself an address of two million: each of its records would have it, and each of its links begin with it."""


@dataclass(slots=True)
class Rendering:
    """What came of a page: its DOM and the URL that it had then, its captures, and what went wrong."""

    html: str | None = None
    url: str = ""
    charset: str = "UTF-8"
    content_type: str = ""
    rendered: bool = True
    proof: Proof = field(default_factory=Proof)
    captures: list[Capture] = field(default_factory=list)
    errors: list[ErrorItem] = field(default_factory=list)
    frames: list[tuple[str, str]] = field(default_factory=list)
    frame_count: int = 0
    frames_left_out: int = 0
    blocked: int = 0
    forbidden: int = 0
    popups: int = 0
    downloads: int = 0
    dead_end: str = ""
    """Where the page went in vain, and was brought back from."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_html(self) -> bool:
        """Whether the browser shows an HTML page, not a viewer for something else."""
        return self.content_type in _HTML

    def note(self, kind: str, stage: str, reason: str, message: object) -> None:
        """Note what went wrong."""
        self.errors.append(ErrorItem(kind=kind, stage=stage, reason=reason, message=str(message)[:500]))


class PageJob:
    """What is to be done with one page, and what came of it.

    :param blocks: says of an image's URL whether it is not to be loaded.
    :param extracts_frame: says of a frame's URL whether its records are wanted.
    :param wants_status: says of an HTTP status whether a page with it gets captures.
    :param guard: what the page may ask for; None where it may ask for everything.
    :param max_size: of a DOM, in characters; 0 for what Playwright's driver can hand over.
    :param restrained: whether the page is kept from what a user whose own code goes through it may want (`Restraints`).
    :param own_callback: the user's own init callback, which comes first.

    Attributes:
        crashed: the page's process died.
        guard: as given.

    """

    def __init__(
        self,
        config: LinkMediaConfig,
        *,
        blocks: Callable[[str], bool] | None,
        extracts_frame: Callable[[str], bool],
        wants_status: Callable[[int], bool],
        guard: Guard | None = None,
        max_size: int = 0,
        restrained: bool = True,
        own_callback: Callable[[Page, Request], Awaitable[None]] | None = None,
    ) -> None:
        self.config = config
        self.guard = guard
        self._max_size = max_size
        self._restrained = restrained
        self._own_callback = own_callback
        self._blocks = blocks
        self._extracts_frame = extracts_frame
        self._wants_status = wants_status
        self._page: Page | None = None
        self._started = time.monotonic()
        self._begin("")

    def _begin(self, url: str) -> None:
        """Know nothing yet of the page at this URL."""
        self.result: Rendering | None = None
        self.crashed = False
        self._asked = url
        self._network = Network()
        self._session: CDPSession | None = None
        self._restraints: restraints.Restraints | None = None
        self._blocked_count = self._downloads = 0
        self._marked = False
        """Whether the document that the DOM was taken of has a mark, so that another in its place can be told from it."""

    @property
    def flooded(self) -> bool:
        """Whether the page was closed since it asked for too much."""
        return self._restraints is not None and self._restraints.flooded

    async def prepare(self, page: Page, request: Request) -> None:
        """Listen to the page, block what is not wanted, and bound what scrapy-playwright waits for.

        scrapy-playwright's own handler comes back with another page where the browser died under the first: everything begins anew then.
        """
        self._begin(request.url)
        try:
            if self._own_callback is not None:
                await self._own_callback(page, request)
        finally:  # scrapy-playwright logs what it raises, and goes on
            await self._attach(page)

    async def _attach(self, page: Page) -> None:
        self._page = page
        self._network.attach(page)
        page.on("crash", self._note_crash)
        page.on("download", self._refuse_download)
        if self.config.viewport is not None:
            width, height = self.config.viewport
            await page.set_viewport_size({"width": width, "height": height})
        if self._blocks is not None:
            await page.route("**/*", self._route)
        with suppress(BrowserError):  # Firefox and WebKit have no such sessions
            self._session = await page.context.new_cdp_session(page)
        if self.guard is not None:
            await self.guard.attach(page, self._session)
        if self._restrained:
            self._restraints = restraints.Restraints(page)
            await self._restraints.attach()
        for script in (_NO_PRINTER, _NO_BLANK):
            await page.add_init_script(script)
        bound_waiting(page, self.config.ready_timeout, lambda: self.result is not None)
        self._started = time.monotonic()

    async def run(self, page: Page) -> None:
        """Wait, take the DOM, take the captures."""
        begun = time.monotonic()
        self.result = result = Rendering()
        result.seconds["goto"] = begun - self._started
        if page.url == "about:blank":  # a download: there is no page
            return
        try:
            await self._render(page, result, begun)
        except BrowserError as error:
            if self.flooded:
                raise BrowserError(f"the page asked for more than {restraints.MOST_REQUESTS:,} files") from error
            raise
        finally:
            release(page)
            with suppress(BrowserError):
                await page.unroute("**/*", self._stay)
            await self._sum_up(result)

    async def _render(self, page: Page, result: Rendering, begun: float) -> None:
        stage = Stage(page, self._network, self.config, self._session)
        result.proof = stage.proof
        try:
            if not await self._is_html(stage, result):
                return
            await make_ready(stage)
            if self._wanted():
                await page.route("**/*", self._stay)
            await self._take_dom(stage, result)
        except StuckError as error:
            if not await self._take_whole(stage, result, error):
                await self._salvage_source(stage, result, error)
                return
        release(page)
        result.seconds["ready"] = time.monotonic() - begun
        await self._take_captures(stage, result)
        result.seconds["capture"] = time.monotonic() - begun - result.seconds["ready"]

    async def _sum_up(self, result: Rendering) -> None:
        if self._page is not None:
            result.url = result.url or self._address(self._page.url)
        result.blocked, result.downloads = self._blocked_count, self._downloads
        result.forbidden = len(self.guard.blocked) if self.guard is not None else 0
        if self._restraints is not None:
            result.popups = self._restraints.popups
            await self._restraints.detach()

    def _note_crash(self, _: Page) -> None:
        self.crashed = True

    async def _refuse_download(self, download: Download) -> None:
        """A page that is there and starts a download gets none; where the download stands in the page's place, it is the response."""
        if download.page.url == "about:blank":
            bound_download(download, self._max_size)
        else:
            self._downloads += 1
            with suppress(BrowserError):
                await download.cancel()

    def restore(self) -> None:
        """Give the page's own methods back: the user may have asked to keep the page."""
        if self._page is not None:
            restore(self._page)

    async def _is_html(self, stage: Stage, result: Rendering) -> bool:
        try:
            result.content_type = await stage.ask_document("contentType")
        except ScriptError:  # it has its say when the page is made ready
            result.content_type = self._network.main.headers.get("content-type", "").partition(";")[0] if self._network.main else _HTML[0]
        return result.is_html

    async def _take_dom(self, stage: Stage, result: Rendering) -> None:
        dom = await take_dom(stage, self._max_size)
        if dom.url.startswith(_ERROR_PAGE) and not result.dead_end:
            await self._come_back(stage, result)
            dom = await take_dom(stage, self._max_size)
        if dom.url.startswith(_ERROR_PAGE):
            raise BrowserError(self._where_it_went())
        self._marked = dom.marked
        result.html = dom.html
        result.charset, result.content_type = dom.charset or result.charset, dom.content_type or result.content_type
        result.url = self._address(dom.url)
        await self._take_frames(stage, result)

    def _address(self, url: str) -> str:
        """The URL of a page: the one that it has now; where that is of a document it has made itself, the one that it came from."""
        came_from = self._network.main.url if self._network.main is not None else ""
        return next((known for known in (url, came_from) if _is_address(known, "http:", "https:", "file:")), self._asked)

    async def _take_frames(self, stage: Stage, result: Rendering) -> None:
        children = [frame for frame in stage.page.frames if frame.parent_frame is not None]
        result.frame_count = len(children)
        urls = [(frame, frame.url if _is_address(frame.url, "http:", "https:") else result.url) for frame in children]
        wanted = [(frame, url) for frame, url in urls if self.config.render_frames and self._extracts_frame(url)]
        result.frames_left_out = len(wanted[_MAX_FRAMES:])
        for frame, url in wanted[:_MAX_FRAMES]:
            try:
                result.frames.append((url, await take_frame(stage, frame, self._max_size)))
            except (StuckError, BrowserError, PageTooLargeError) as error:
                result.note("render", "frame", _code(error), f"{frame.url}: {error}")

    def _where_it_went(self) -> str:
        return f"the page went to {': '.join(self._network.dead_end)}"

    async def _come_back(self, stage: Stage, result: Rendering) -> None:
        """Load a page again that went where nothing is to be had, so that the browser's error page stands in its place; and keep it there.

        :raises playwright.async_api.Error: where that does not help.
        """
        main, page = self._network.main, stage.page
        result.dead_end, failure = self._network.dead_end
        message = self._where_it_went()
        if main is None or main.request.method != "GET":
            raise BrowserError(message)
        back = False

        async def stay(route: Route) -> None:
            nonlocal back
            if back:
                await self._stay(route)
            else:
                back = is_of_page(route.request)
                await route.fallback()

        with suppress(BrowserError):
            await page.unroute("**/*", self._stay)
        await page.route("**/*", stay)
        await page.goto(main.url, wait_until="commit", timeout=1000 * max(_RETURNING, stage.left))
        stage.proof = result.proof = Proof()
        result.note("render", "ready", failure.removeprefix("net::") or "navigating", message)
        await make_ready(stage)

    async def _take_whole(self, stage: Stage, result: Rendering, error: StuckError) -> bool:
        """Whether a page that is only slow to answer, as one of very many elements is, has its DOM after all, read by the browser."""
        if error.reason != "script_stuck":
            return False
        with suppress(StuckError):
            result.html = await stage.read_dom()
            result.content_type = result.content_type or _HTML[0]
        return result.html is not None

    async def _salvage_source(self, stage: Stage, result: Rendering, error: StuckError) -> None:
        """Where a page does not answer, it as it came over the network is what there is.

        :raises playwright.async_api.Error: where not even that is to be had: a page without any DOM is to be tried again.
        """
        result.rendered = False
        result.note("render", "ready", error.reason, error)
        result.html = await source(stage)
        result.content_type = result.content_type or _HTML[0]
        if result.html is None:
            raise BrowserError(f"{error}, and its source is gone")
        for kind in CAPTURES:
            if getattr(self.config, kind):
                result.note("capture", kind, error.reason, error)

    async def _take_captures(self, stage: Stage, result: Rendering) -> None:
        wanted = self._wanted()
        if not wanted:
            return
        if not result.html:
            for kind in wanted:
                message = "the page has no element: its scripts took all away, or its source could not be decoded"
                result.note("capture", kind, "no_document", message)
            return
        if not stage.left:
            # a style sheet that does not come keeps the page from being painted; nothing of the page is waited for any more
            with suppress(StuckError, BrowserError):
                await stage.ask("() => window.stop()")
        for kind in wanted:
            try:
                result.captures.append(await self._take(stage, kind))
            except (CaptureError, BrowserError, StuckError) as error:
                if stage.page.is_closed() or self.crashed:  # no capture that failed, but a page that has to be tried again
                    raise
                result.note("capture", kind, _code(error), error)

    def _wanted(self) -> list[str]:
        main = self._network.main
        if main is not None and not self._wants_status(main.status):
            return []
        return [kind for kind in CAPTURES if getattr(self.config, kind)]

    async def _take(self, stage: Stage, kind: str) -> Capture:
        """A capture of the document that the DOM is of.

        :raises CaptureError: where there is none; ``navigated`` where another document has come in its place.
        """
        try:
            capture = await take(stage, kind)
        except (CaptureError, BrowserError, StuckError):
            await self._check_that_it_stayed(stage)
            raise
        await self._check_that_it_stayed(stage)
        return capture

    async def _check_that_it_stayed(self, stage: Stage) -> None:
        if not self._marked:
            return
        with suppress(BrowserError, StuckError):  # one that does not answer has not gone anywhere
            if not await is_still_there(stage):
                raise CaptureError("navigated", f"the page went to {stage.page.url} after its DOM was taken")

    async def _stay(self, route: Route) -> None:
        """Keep the page where it is from its DOM to its captures, as far as it asks the network for where it goes."""
        if is_of_page(route.request):
            await route.abort(STAYING)
        else:
            await route.fallback()

    async def _route(self, route: Route) -> None:
        request = route.request
        if request.resource_type == "image" and self._blocks is not None and self._blocks(request.url):
            self._network.blocked.add(request.url)
            self._blocked_count += 1
            await route.abort("blockedbyclient")
        else:
            await route.fallback()


def _is_address(url: str, *schemes: str) -> bool:
    return url.startswith(schemes) and len(url) <= _LONGEST_URL


def _code(error: Exception) -> str:
    if isinstance(error, PageTooLargeError):
        return "too_large"
    return error.reason if isinstance(error, CaptureError | StuckError) else type(error).__name__
