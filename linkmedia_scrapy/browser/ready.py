"""Waiting until a page is really there, with proof: what was waited for, what came, and what is missing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.browser.network import without_fragment
from linkmedia_scrapy.browser.world import ThrownError, World

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Frame, Page

    from linkmedia_scrapy.browser.network import Network
    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["Proof", "ScriptError", "Stage", "StuckError", "read_script"]

logger = logging.getLogger(__name__)

_POLL: Final = 0.1
"""Seconds between two looks at a page that is waited for."""
_SCROLL_SHARE: Final = 0.6
"""Of the time, how much may go into scrolling: the images that it wakes need the rest."""
_SETTLE_MS: Final = 350
"""How long the end of a page has to stay the end; four times that on a page that changes while it is scrolled."""
_SEEING: Final = 1.0
"""Seconds that a page's next two frames may take; one that is not painted, or whose scripts are switched off, has none."""
_LATE: Final = 6.0
"""Seconds that what begins to load after the page has loaded is waited for: a script that brings contents, and not each one that hangs."""
_FETCHES: Final = 3.0
"""Seconds that data is waited for at the end of a page, and as long again what it asks for: the line of a chat stays open for ever."""
_LOOK_MS: Final = 500
"""How long the search for pictures that are no images may take while they are waited for; three times that at the end."""
_GRACE: Final = 2.0
"""Seconds that a page has to answer after its time is over, before its scripts are ended."""
_READING: Final = 5.0
"""Seconds that reading a DOM may take; one of 200,000 elements takes less than one."""

_NAVIGATING: Final = (
    "Execution context was destroyed",
    "Cannot find context with specified id",
    "Inspected target navigated or closed",
    "No frame for given id found",
    "frame was detached",
)
"""What Playwright says where a page went elsewhere under a question; the page that is there now may answer it."""
_GONE: Final = ("closed", "crashed")
"""What it says where there is no page any more: that is for the retry middleware."""


def read_script(name: str) -> str:
    """One of the scripts that run in pages."""
    return files("linkmedia_scrapy.browser").joinpath(name).read_text(encoding="utf-8")


_SCROLL: Final = read_script("scroll.js").replace("BOXES()", f"({read_script('boxes.js')})()")
_TO_TOP: Final = """() => {
  for (const e of window.__linkmedia_scroll?.targets || [null]) {
    (e || document.scrollingElement || document.documentElement).scrollTo({top: 0, left: 0, behavior: 'instant'});
  }
}"""
_FRAMES: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_MEASURE: Final = read_script("measure.js")
# a form named as a property of the document is what the document has under that name: the prototype's own is asked
_DOCUMENT: Final = "name => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document)"


class StuckError(Exception):
    """A page that does not answer, since its scripts let nobody else have a turn or it goes on from address to address.

    `reason` is a short code.
    """

    def __init__(self, message: str, reason: str = "script_stuck") -> None:
        super().__init__(message)
        self.reason = reason


class ScriptError(StuckError):
    """A question that a page answers with an exception; others it may answer."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "script_error")


class _ElsewhereError(Exception):
    """A page that went elsewhere under a question."""


@dataclass(slots=True)
class Proof:
    """What a page was like when it was taken for ready, or when its time was over."""

    images: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0
    loaded: int = 0
    failed: int = 0
    scroll_steps: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, *reasons: str) -> None:
        """Note why the page is not complete, each reason once."""
        self.reasons += [reason for reason in reasons if reason not in self.reasons]


class Stage:
    """One page while it is made ready: its time, its network, and how to ask it something without waiting for ever."""

    def __init__(self, page: Page, network: Network, config: LinkMediaConfig, session: CDPSession | None) -> None:
        self.page = page
        self.network = network
        self.config = config
        self.session = session
        self._world = World(session) if session is not None else None
        self._looked_for: set[str] = set()
        self._shown: set[str] = set()
        self._named: set[str] = set()
        self._next_look = 0.0
        self.proof = Proof()
        self.deadline = time.monotonic() + config.ready_timeout

    @property
    def left(self) -> float:
        """Seconds until the deadline; at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    async def ask(self, script: str, argument: Any = None, *, seconds: float | None = None, frame: Frame | None = None) -> Any:
        """What a script gives in the page, of which it sees the DOM and not what the page's scripts made of JavaScript.

        In a frame, and in other browsers than Chromium, it runs among the page's own scripts.

        :raises StuckError: where the page does not answer, not even after its scripts were ended.
        :raises ScriptError: where the script fails there.
        """
        limit = self.left + _GRACE if seconds is None else seconds
        until = time.monotonic() + limit
        while True:
            try:
                return await asyncio.wait_for(self._run(script, argument, frame), max(0.1, until - time.monotonic()))
            except TimeoutError:
                self.proof.add("script_stuck")
                break
            except _ElsewhereError:
                if time.monotonic() >= until:
                    self.proof.add("navigating")
                    raise StuckError("the page does not stop going elsewhere", "navigating") from None
                await asyncio.sleep(_POLL)
        if not await self._end_scripts():
            raise StuckError("the page's scripts cannot be ended")
        try:
            return await asyncio.wait_for(self._run(script, argument, frame), _GRACE)
        except TimeoutError:
            raise StuckError("the page's scripts do not let go") from None
        except _ElsewhereError:
            self.proof.add("navigating")
            raise StuckError("the page does not stop going elsewhere", "navigating") from None

    async def _run(self, script: str, argument: Any, frame: Frame | None) -> Any:
        try:
            if frame is None and self._world is not None:
                return await self._world.run(script, argument)
            return await (frame or self.page).evaluate(script, argument)
        except ThrownError as error:
            raise ScriptError(str(error)) from None
        except BrowserError as error:
            if any(sign in str(error) for sign in _NAVIGATING):
                raise _ElsewhereError from None
            if any(sign in str(error) for sign in _GONE):
                raise
            raise ScriptError(str(error)) from None

    async def attempt(self, script: str, seconds: float) -> None:
        """Run a script that may fail, or not come to its end: nothing is held against the page then."""
        with suppress(TimeoutError, BrowserError, StuckError, _ElsewhereError):
            await asyncio.wait_for(self._run(script, None, None), seconds)

    async def ask_document(self, name: str) -> Any:
        """What a property of the document is."""
        return await self.ask(_DOCUMENT, name)

    async def read_dom(self) -> str:
        """The document as the browser has it, where no script can read it.

        :raises StuckError: where it is not to be had.
        """
        try:
            if self.session is None:
                return await asyncio.wait_for(self.page.main_frame.content(), _READING)
            root = (await asyncio.wait_for(self.session.send("DOM.getDocument", {"depth": 0}), _READING))["root"]
            whole = {"nodeId": root["nodeId"], "includeShadowDOM": True}
            answer = await asyncio.wait_for(self.session.send("DOM.getOuterHTML", whole), _READING)
        except TimeoutError:
            raise StuckError("the page's DOM cannot be read") from None
        html: str = answer["outerHTML"]
        return html

    async def _end_scripts(self) -> bool:
        if self.session is None:
            return False
        try:
            await asyncio.wait_for(self.session.send("Runtime.terminateExecution"), 1)
        except TimeoutError:
            return False
        return True

    async def make_ready(self) -> Proof:
        """Wait, scroll, wait for what that woke, and measure; what is missing at the deadline is in the proof.

        :raises StuckError: where the page does not answer.
        """
        if not self.config.wait_for_images:
            steps: tuple[Callable[[], Awaitable[None]], ...] = (partial(self._wait_for, self._document_loaded), self._measure)
        else:
            settle = partial(self._wait_for, self._settled)
            steps = (partial(self._wait_for, self._document_parsed), self._scroll_through, settle, self._to_the_top, settle, self._measure)
        for step in steps:
            try:
                await step()
            except ScriptError as error:  # what one question failed for, another may not need
                logger.debug("A question to %s failed: %s", self.page.url, error)
                self.proof.add(error.reason)
        return self.proof

    async def _scroll_through(self) -> None:
        try:
            await self._scroll()
        except ScriptError:
            raise
        except StuckError:  # a page whose scripts are switched off answers, but keeps no promises
            await self.ask("() => 1", seconds=_GRACE)
            self.proof.add("scroll_stuck")

    async def _to_the_top(self) -> None:
        await self.ask(_TO_TOP)
        await self.attempt(_FRAMES, min(_SEEING, self.left))  # its next frame tells a page of it, late where many are rendered
        await asyncio.sleep(min(_POLL, self.left))

    async def _wait_for(self, condition: Any) -> None:
        while not await condition() and self.left:  # noqa: ASYNC110 - the page says nothing of itself; it has to be asked
            await asyncio.sleep(min(_POLL, self.left))

    async def _document_parsed(self) -> bool:
        return self.network.cut or bool(await self.ask_document("readyState") != "loading")

    async def _document_loaded(self) -> bool:
        return self.network.cut or bool(await self.ask_document("readyState") == "complete")

    async def _settled(self) -> bool:
        """Whether nothing that shows is on its way."""
        now = await self.ask(_MEASURE, {"full": False, "wake": True})
        if (now["ready"] != "complete" and not self.network.cut) or now["fonts"] == "loading":
            return False
        if any(self._state(image) == "pending" for image in now["images"]) or self.network.bringing(_LATE):
            return False
        waiting = self.network.waiting_urls("image")
        if not waiting:
            return True
        await self._look_for(waiting)
        return not (waiting & self._shown or self.network.waiting_urls("image", within=_LATE) & self._named)

    async def _look_for(self, waiting: set[str]) -> None:
        """Find out which images under way the page shows or names; others, such as a counter's, are not waited for.

        A page of many elements is not looked through all the time.
        """
        begun = time.monotonic()
        if waiting <= self._looked_for and begun < self._next_look:
            return
        now = await self.ask(_MEASURE, {"full": True, "waiting": sorted(waiting), "budget": _LOOK_MS})
        self._next_look = time.monotonic() + 5 * (time.monotonic() - begun)
        self._looked_for = waiting
        self._shown = waiting if now.get("partial") else {without_fragment(url) for url in now["others"]}
        self._named = set(now["named"])

    def _state(self, image: dict[str, Any]) -> str:
        """loaded, failed or pending."""
        state: str = image["state"]
        if state == "pending":  # an error page in its place need not end
            return "failed" if self.network.loaded(image["url"]) is False else state
        if state == "empty":  # an SVG without a size of its own is complete, too
            return "loaded" if self.network.loaded(image["url"]) and self.network.is_svg(image["url"]) else "failed"
        return state

    async def _scroll(self) -> None:
        config = self.config
        end = time.monotonic() + self.left * _SCROLL_SHARE
        height, reached = 0, 0.0
        while (left := end - time.monotonic()) > 0:
            # short pages get pauses that outlast the usual debouncing of scroll events, long ones must be crossed in time
            screens = max(1, await self.ask("() => document.documentElement.scrollHeight / Math.max(100, innerHeight)"))
            pause = min(0.15, max(0.0, left / screens / 2 - 0.05))
            now = await self.ask(
                _SCROLL,
                {
                    "budget": 1000 * min(left, 2.0),
                    "maxSteps": config.scroll_max_steps,
                    "maxHeight": config.scroll_max_height,
                    "pause": 1000 * pause,
                    "settle": _SETTLE_MS,
                },
                seconds=min(left, 2.0) + _GRACE,
            )
            self.proof.scroll_steps = now["steps"]
            if now["end"] == "bottom":
                more = bool(self.network.bringing(_LATE))
                if more or now["height"] != height:
                    height, reached = now["height"], time.monotonic()
                # what comes may ask for more, but some pages ask for something all the time
                if not more and (not self.network.fetching(within=_FETCHES) or time.monotonic() > reached + 2 * _FETCHES):
                    return
                await asyncio.sleep(_POLL)
            elif now["end"]:
                self.proof.add(now["end"])
                return
        self.proof.add("scroll_time")

    async def _measure(self) -> None:
        proof, network = self.proof, self.network
        waiting = network.waiting_urls("image") - network.blocked
        now = await self.ask(_MEASURE, {"full": True, "waiting": sorted(waiting), "budget": 3 * _LOOK_MS}, seconds=self.left + 2 * _GRACE)
        proof.images = [image for image in now["images"] if image["url"] not in network.blocked]
        pending = 0
        for image in proof.images:
            state = self._state(image)
            del image["state"]
            proof.loaded += state == "loaded"
            proof.failed += state == "failed"
            pending += state == "pending"
            image["loaded"] = state == "loaded"
        # of several candidates one was asked for
        others = [url for url in now["others"] if url not in network.blocked and (network.waits(url) or network.loaded(url) is not None)]
        for url in others:
            if network.waits(url):
                pending += 1
            else:
                proof.loaded += bool(network.loaded(url))
                proof.failed += not network.loaded(url)
        proof.total = len(proof.images) + len(others)
        if network.cut:
            proof.add("document_cut")
        elif now["ready"] != "complete":
            proof.add(*([f"{kind}_pending" for kind in network.holding()] or ["load_pending"]))
        if self.config.wait_for_images:
            proof.add(*(f"{kind}_pending" for kind in network.bringing()))
            if network.fetching(longer_than=_FETCHES):
                proof.add("fetch_pending")
        if pending or now["named"] or (waiting and now.get("partial")):
            proof.add("image_pending")
        if now["fonts"] == "loading":
            proof.add("font_pending")
        if proof.failed:
            proof.add("image_failed")
        # a spinner that gives way to contents is a line or two; a list that keeps only what is in view is many
        if now.get("vanished", 0) > max(3, now.get("lines", 0) // 20):
            proof.add("content_replaced")
