"""Waiting until a page is really there, with proof: what was waited for, what came, and what is missing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from linkmedia_scrapy.browser.network import without_fragment
from linkmedia_scrapy.browser.stage import GRACE, POLL, ScriptError, StuckError, read_script

if TYPE_CHECKING:
    from linkmedia_scrapy.browser.stage import Proof, Stage

__all__ = ["make_ready"]

logger = logging.getLogger(__name__)

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

_SCROLL: Final = read_script("scroll.js").replace("BOXES()", f"({read_script('boxes.js')})()")
_TO_TOP: Final = """() => {
  for (const e of window.__linkmedia_scroll?.targets || [null]) {
    (e || document.scrollingElement || document.documentElement).scrollTo({top: 0, left: 0, behavior: 'instant'});
  }
}"""
_GROWN: Final = """() => {
  // contents that took the place of a skeleton after all that had been scrolled through
  const {end, at, y} = window.__linkmedia_scroll || {};
  return end === 'bottom' && at === 0 && (document.scrollingElement || document.documentElement).scrollHeight > y + 2 * innerHeight;
}"""
_NO_SCRIPTS: Final = "() => matchMedia('(scripting: none)').matches"
_FRAMES: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_MEASURE: Final = read_script("measure.js")


async def make_ready(stage: Stage) -> Proof:
    """Wait, scroll, wait for what that woke, and measure; what is missing at the deadline is in the proof.

    :raises StuckError: where the page does not answer.
    """
    waiting = _Waiting(stage)
    for step in waiting.steps():
        try:
            await step()
        except ScriptError as error:  # what one question failed for, another may not need
            logger.debug("A question to %s failed: %s", stage.page.url, error)
            stage.proof.add(error.reason)
    return stage.proof


class _Waiting:
    """The waiting for one page, and which of the images under way it is known to show or to name."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._network = stage.network
        self._looked_for: set[str] = set()
        self._shown: set[str] = set()
        self._named: set[str] = set()
        self._next_look = 0.0

    def steps(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What is done, one after the other."""
        if not self._stage.config.wait_for_images:
            return partial(self._wait_for, self._document_loaded), self._measure
        settle = partial(self._wait_for, self._settled)
        through = self._scroll_through, settle, self._to_the_top, settle

        async def once_more() -> None:
            if await self._stage.ask(_GROWN):
                for step in through:
                    await step()

        return partial(self._wait_for, self._document_parsed), *through, once_more, self._measure

    async def _scroll_through(self) -> None:
        if await self._stage.ask(_NO_SCRIPTS):  # nothing is lazy there (HTML, lazy loading attributes), and it keeps no promises
            return
        try:
            await self._scroll()
        except ScriptError:
            raise
        except StuckError:  # it may answer what takes no time
            await self._stage.ask("() => 1", seconds=GRACE)
            self._stage.proof.add("scroll_stuck")

    async def _to_the_top(self) -> None:
        await self._stage.ask(_TO_TOP)
        # its next frame tells a page of it, late where many are rendered
        await self._stage.attempt(_FRAMES, min(_SEEING, self._stage.left))
        await asyncio.sleep(min(POLL, self._stage.left))

    async def _wait_for(self, condition: Any) -> None:
        while not await condition() and self._stage.left:  # noqa: ASYNC110 - the page says nothing of itself; it has to be asked
            await asyncio.sleep(min(POLL, self._stage.left))

    async def _document_parsed(self) -> bool:
        return self._network.cut or bool(await self._stage.ask_document("readyState") != "loading")

    async def _document_loaded(self) -> bool:
        return self._network.cut or bool(await self._stage.ask_document("readyState") == "complete")

    async def _settled(self) -> bool:
        """Whether nothing that shows is on its way."""
        now = await self._stage.ask(_MEASURE, {"full": False, "wake": True})
        if (now["ready"] != "complete" and not self._network.cut) or now["fonts"] == "loading":
            return False
        if any(self._state(image) == "pending" for image in now["images"]) or self._network.bringing(_LATE):
            return False
        waiting = self._network.waiting_urls("image")
        if not waiting:
            return True
        await self._look_for(waiting)
        return not (waiting & self._shown or self._network.waiting_urls("image", within=_LATE) & self._named)

    async def _look_for(self, waiting: set[str]) -> None:
        """Find out which images under way the page shows or names; others, such as a counter's, are not waited for.

        A page of many elements is not looked through all the time.
        """
        begun = time.monotonic()
        if waiting <= self._looked_for and begun < self._next_look:
            return
        now = await self._stage.ask(_MEASURE, {"full": True, "waiting": sorted(waiting), "budget": _LOOK_MS})
        self._next_look = time.monotonic() + 5 * (time.monotonic() - begun)
        self._looked_for = waiting
        self._shown = waiting if now.get("partial") else {without_fragment(url) for url in now["others"]}
        self._named = set(now["named"])

    def _state(self, image: dict[str, Any]) -> str:
        """loaded, failed or pending."""
        state: str = image["state"]
        if state == "pending":  # an error page in its place need not end
            return "failed" if self._network.loaded(image["url"]) is False else state
        if state == "empty":  # an SVG without a size of its own is complete, too
            return "loaded" if self._network.loaded(image["url"]) and self._network.is_svg(image["url"]) else "failed"
        return state

    async def _scroll(self) -> None:
        config = self._stage.config
        end = time.monotonic() + self._stage.left * _SCROLL_SHARE
        height, reached = 0, 0.0
        while (left := end - time.monotonic()) > 0:
            # short pages get pauses that outlast the usual debouncing of scroll events, long ones must be crossed in time
            screens = max(1, await self._stage.ask("() => document.documentElement.scrollHeight / Math.max(100, innerHeight)"))
            pause = min(0.15, max(0.0, left / screens / 2 - 0.05))
            now = await self._stage.ask(
                _SCROLL,
                {
                    "budget": 1000 * min(left, 2.0),
                    "maxSteps": config.scroll_max_steps,
                    "maxHeight": config.scroll_max_height,
                    "pause": 1000 * pause,
                    "settle": _SETTLE_MS,
                },
                seconds=min(left, 2.0) + GRACE,
            )
            self._stage.proof.scroll_steps = now["steps"]
            if now["end"] == "bottom":
                more = bool(self._network.bringing(_LATE))
                if more or now["height"] != height:
                    height, reached = now["height"], time.monotonic()
                # what comes may ask for more, but some pages ask for something all the time
                if not more and (not self._network.fetching(within=_FETCHES) or time.monotonic() > reached + 2 * _FETCHES):
                    return
                await asyncio.sleep(POLL)
            elif now["end"]:
                self._stage.proof.add(now["end"])
                return
        self._stage.proof.add("scroll_time")

    async def _measure(self) -> None:
        network = self._network
        waiting = network.waiting_urls("image") - network.blocked
        seconds = self._stage.left + 2 * GRACE
        now = await self._stage.ask(_MEASURE, {"full": True, "waiting": sorted(waiting), "budget": 3 * _LOOK_MS}, seconds=seconds)
        pending = self._count_images(now["images"], now["others"])
        add = self._stage.proof.add
        if network.cut:
            add("document_cut")
        elif now["ready"] != "complete":
            add(*([f"{kind}_pending" for kind in network.holding()] or ["load_pending"]))
        if self._stage.config.wait_for_images:
            add(*(f"{kind}_pending" for kind in network.bringing()))
            if network.fetching(longer_than=_FETCHES):
                add("fetch_pending")
        if pending or now["named"] or (waiting and now.get("partial")):
            add("image_pending")
        if now["fonts"] == "loading":
            add("font_pending")
        if self._stage.proof.failed:
            add("image_failed")
        # a spinner that gives way to contents is a line or two; a list that keeps only what is in view is many
        if now.get("vanished", 0) > max(3, now.get("lines", 0) // 20):
            add("content_replaced")

    def _count_images(self, images: list[dict[str, Any]], others: list[str]) -> int:
        """Note what became of the page's images, and of `others`, the URLs of pictures that are none; how many are still on their way."""
        proof, network = self._stage.proof, self._network
        proof.images = [image for image in images if image["url"] not in network.blocked]
        pending = 0
        for image in proof.images:
            state = self._state(image)
            del image["state"]
            proof.loaded += state == "loaded"
            proof.failed += state == "failed"
            pending += state == "pending"
            image["loaded"] = state == "loaded"
        # of several candidates one was asked for
        others = [url for url in others if url not in network.blocked and (network.waits(url) or network.loaded(url) is not None)]
        for url in others:
            if network.waits(url):
                pending += 1
            else:
                proof.loaded += bool(network.loaded(url))
                proof.failed += not network.loaded(url)
        proof.total = len(proof.images) + len(others)
        return pending
