"""One page while it is made ready and captured: its time, and how to ask it something without waiting for ever."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.browser.world import ThrownError, World

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Frame, Page

    from linkmedia_scrapy.browser.network import Network
    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["GRACE", "POLL", "Proof", "ScriptError", "Stage", "StuckError", "read_script"]

POLL: Final = 0.1
"""Seconds between two looks at a page that is waited for."""
GRACE: Final = 5.0
"""Seconds that a page has to answer after its time is over, before its scripts are ended: it may be one of many on a busy machine."""
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
    """One page in its time, `ready_timeout`: what is known of it, and what may be asked of it."""

    def __init__(self, page: Page, network: Network, config: LinkMediaConfig, session: CDPSession | None) -> None:
        self.page = page
        self.network = network
        self.config = config
        self.session = session
        self.proof = Proof()
        self.deadline = time.monotonic() + config.ready_timeout
        self.grace = GRACE
        """Seconds that an answer may take once the deadline has passed."""
        self.density = 1.0
        """Pixels of a shot for one CSS pixel, before any scale."""
        self._world = World(session) if session is not None else None

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
        limit = self.left + self.grace if seconds is None else seconds
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
                await asyncio.sleep(POLL)
        if not await self._end_scripts():
            raise StuckError("the page's scripts cannot be ended")
        try:
            return await asyncio.wait_for(self._run(script, argument, frame), GRACE)
        except TimeoutError:
            raise StuckError("the page's scripts do not let go") from None
        except _ElsewhereError:
            self.proof.add("navigating")
            raise StuckError("the page does not stop going elsewhere", "navigating") from None

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

    async def _end_scripts(self) -> bool:
        if self.session is None:
            return False
        try:
            await asyncio.wait_for(self.session.send("Runtime.terminateExecution"), GRACE)
        except TimeoutError:
            return False
        return True
