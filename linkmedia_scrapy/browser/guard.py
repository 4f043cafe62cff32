"""Keeps a rendered page of a public host away from private networks, and one of a file away from other files.

Chromium's own Local Network Access is the first layer: it judges connections, so names, redirects, workers and WebSockets cannot get
around it. It leaves out navigations of the page itself. This second layer sees those, redirects included, through a DevTools session, and
every other request before it is sent, as far as Playwright shows them.

Source: Local Network Access (WICG draft), 3.2; Chrome DevTools Protocol, Fetch domain.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as BrowserError

from linkmedia_scrapy.browser.network import STAYING, without_fragment
from linkmedia_scrapy.extraction.urls import normalize

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page, Route

    from linkmedia_scrapy.addresses import AddressSpaces

__all__ = ["Guard"]

logger = logging.getLogger(__name__)

_DRIVE: Final = re.compile(r"(?<=^file:///)[a-z](?=:)")
_CHECKED: Final = ("http:", "https:", "ws:", "wss:")


class Guard:
    """What one page may ask for.

    Attributes:
        blocked: the URLs that it was kept from.
        blocked_navigation: where the page itself was redirected to, and must not go; "" where it was not.

    """

    def __init__(self, spaces: AddressSpaces, url: str) -> None:
        self.blocked: set[str] = set()
        self.blocked_navigation = ""
        self._spaces = spaces
        self._url = without_fragment(_as_chromium_has_it(url) if url.startswith("file:") else url)
        self._tasks: set[asyncio.Task[None]] = set()
        self._applies = False

    async def attach(self, page: Page, session: CDPSession | None) -> None:
        """Begin to watch, where the page is of a public host or of a file."""
        # a name with both kinds of addresses may be of anybody who wants to be taken for an intranet
        if not self._url.startswith("file:") and await self._spaces.is_private(self._url, wholly=True):
            return
        self._applies = True
        await page.route("**/*", self._route)
        if session is not None:
            session.on("Fetch.requestPaused", lambda event: self._spawn(self._paused(page, session, event)))
            # documents only: this is a round trip for each, and everything else is Local Network Access's affair
            await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}]})

    async def forbids(self, url: str) -> bool:
        """Whether the page may not ask for a URL; noted where it is so."""
        if not self._applies:
            return False
        if self._url.startswith("file:"):
            forbidden = url.startswith("file:") and without_fragment(url) != self._url
        else:
            forbidden = url.startswith("file:") or (url.startswith(_CHECKED) and await self._spaces.is_private(url))
        if forbidden:
            self.blocked.add(url)
        return forbidden

    async def _route(self, route: Route) -> None:
        if await self.forbids(route.request.url):
            await route.abort(STAYING)
        else:
            await route.fallback()

    async def _paused(self, page: Page, session: CDPSession, event: dict[str, Any]) -> None:
        """Judge a document before it is asked for; a redirect's target is one, too."""
        try:
            if await self.forbids(event["request"]["url"]):
                reason = STAYING.capitalize()
                if page.url == "about:blank":  # nowhere to stay; and after an abort scrapy-playwright waits for a download
                    reason, self.blocked_navigation = "BlockedByClient", event["request"]["url"]
                await session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason})
            else:
                await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
        except BrowserError as error:  # the page is gone
            logger.debug("A request of %s was not judged: %s", self._url, error)

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _as_chromium_has_it(url: str) -> str:
    """A file's URL without the host localhost, without dots, and with a drive's letter in upper case.

    >>> _as_chromium_has_it("file://localhost/c:/a/../page.html")
    'file:///C:/page.html'
    """
    return _DRIVE.sub(lambda found: found[0].upper(), normalize(url) or url)
