"""A page's DOM as HTML: by a script of ours, else as the browser itself writes it down."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.browser.network import is_of_page, without_fragment
from linkmedia_scrapy.browser.stage import ScriptError, read_script
from linkmedia_scrapy.errors import PageTooLargeError

if TYPE_CHECKING:
    from playwright.async_api import Frame, Route

    from linkmedia_scrapy.browser.stage import Stage

__all__ = ["Dom", "is_still_there", "source", "take_dom", "take_frame"]

logger = logging.getLogger(__name__)

_DOM: Final = f"""limit => {{
  let dom;
  try {{ dom = ({read_script("dom.js").strip()})(); }}
  catch (error) {{
    if (error.message === 'Invalid string length') return {{length: 2 ** 29}};  // no string is longer
    throw error;
  }}
  return dom.html.length > limit ? {{length: dom.html.length}} : dom;
}}"""
_CARRIED: Final = 80_000_000
"""Characters of a DOM that Playwright's driver can hand over: a message of more than 2**29 ends it, and Chromium writes some as six."""
_ANSWER_SECONDS: Final = 2.0
"""Seconds for what is there already: a frame's DOM, a source that came over the network."""


@dataclass(slots=True)
class Dom:
    """A page's DOM as HTML; `charset`, `content_type` and a mark in the document (`is_still_there`) only where our script took it."""

    html: str
    url: str
    charset: str = ""
    content_type: str = ""
    marked: bool = False


async def take_dom(stage: Stage, limit: int) -> Dom:
    """The DOM of a page.

    :param limit: characters; 0 for what Playwright's driver can hand over.
    :raises PageTooLargeError: where it is larger.
    :raises StuckError: where the page does not answer.
    """
    try:
        if stage.proof.reasons and not stage.network.cut and await stage.ask_document("readyState") == "loading":
            await _unblock(stage)
        dom = await _ask(stage, limit)
        return Dom(dom["html"], dom["url"], dom["charset"], dom["contentType"], marked=True)
    except ScriptError as error:
        stage.proof.add(error.reason)
        return Dom(await stage.read_dom(), stage.page.url)


async def take_frame(stage: Stage, frame: Frame, limit: int) -> str:
    """The DOM of a frame, which has little time to answer.

    :raises PageTooLargeError: where it is larger than `limit`.
    :raises StuckError: where the frame does not answer, or its script fails.
    """
    html: str = (await _ask(stage, limit, frame=frame, seconds=_ANSWER_SECONDS))["html"]
    return html


async def is_still_there(stage: Stage) -> bool:
    """Whether the document that our script took is still the page's, and no other in its place.

    :raises StuckError: where the page does not answer.
    """
    return bool(await stage.ask("() => '__linkmedia_taken' in window"))


async def source(stage: Stage) -> str | None:
    """The page as it came over the network; None where that is not to be had any more."""
    if stage.network.main is not None:
        with suppress(BrowserError, TimeoutError):
            return await asyncio.wait_for(stage.network.main.text(), _ANSWER_SECONDS)
    return None


async def _ask(stage: Stage, limit: int, **where: Any) -> dict[str, Any]:
    """What our script says, where the DOM is not too large: to hand it over would end the driver, or take ten times as much memory here."""
    limit = min(limit or _CARRIED, _CARRIED)
    dom: dict[str, Any] = await stage.ask(_DOM, limit, **where)
    if "html" not in dom:
        raise PageTooLargeError(f"a DOM of {dom['length']:,} characters; {limit:,} are taken (DOWNLOAD_MAXSIZE)")
    return dom


async def _unblock(stage: Stage) -> None:
    """Let the parser go on where a script in its way does not come: load the page again from the bytes at hand, without that script."""
    main, page = stage.network.main, stage.page
    waiting = stage.network.waiting_urls("script", "stylesheet")
    if main is None or not waiting:
        return
    try:
        body = await asyncio.wait_for(main.body(), _ANSWER_SECONDS)

        async def answer(route: Route) -> None:
            if is_of_page(route.request):
                await route.fulfill(status=main.status, headers=main.headers, body=body)
            elif without_fragment(route.request.url) in waiting:
                await route.abort()
            else:
                await route.fallback()

        await page.route("**/*", answer)
        await page.goto(page.url, wait_until="domcontentloaded", timeout=1000 * _ANSWER_SECONDS)
    except (BrowserError, TimeoutError) as error:
        logger.debug("Loading %s again without %s failed: %s", page.url, waiting, error)
