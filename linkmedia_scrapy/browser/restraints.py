"""What a page may not do as long as no code of the user's goes through it: open other pages, and ask for something without end."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from playwright.async_api import Request as BrowserRequest

__all__ = ["MOST_REQUESTS", "Restraints"]

MOST_REQUESTS: Final = 2_000
"""Without images; a page of many advertisements makes several hundred. One whose script asks again and again, whatever the answer is, makes
ten thousand a second, each of which passes Playwright's driver: in a minute they were 6 GB, and no page beside it had an answer."""


class Restraints:
    """Keeps the pages that one page opens from loading anything, and closes them; closes the page itself where it asks for too much.

    Attributes:
        popups: how many pages it has opened.
        flooded: whether it was closed since it asked for more than `MOST_REQUESTS` files.

    """

    def __init__(self, page: Page) -> None:
        self.popups = 0
        self.flooded = False
        self._page = page
        self._requests = 0
        self._watches = False

    async def attach(self) -> None:
        """Begin to watch, until the page closes. Routes of the page do not see what its popups ask for; those of the context do."""
        self._page.on("request", self._count)
        self._page.on("popup", self._close)
        self._page.on("close", self._detach)
        self._watches = True
        await self._page.context.route("**/*", self._judge)

    async def detach(self) -> None:
        """Leave the page and the context alone again: the user may keep them."""
        if self._watches:
            self._watches = False
            self._page.remove_listener("request", self._count)
            with suppress(BrowserError):
                await self._page.context.unroute("**/*", self._judge)

    async def _detach(self, _: Page) -> None:
        with suppress(Exception):  # a page that goes with its browser or driver has nothing to leave, and each of them says so in its way
            await self.detach()

    async def _count(self, request: BrowserRequest) -> None:
        self._requests += request.resource_type != "image"
        if self._requests > MOST_REQUESTS and not self.flooded:
            self.flooded = True
            with suppress(BrowserError):
                await self._page.close()

    async def _close(self, popup: Page) -> None:
        self.popups += 1
        with suppress(BrowserError):
            await popup.close()

    async def _judge(self, route: Route) -> None:
        if route.request.service_worker is not None:  # of no page, and there only where the user wants them
            await route.fallback()
            return
        try:
            ours = await route.request.frame.page.opener() is self._page
        except BrowserError:  # a window whose page is not there yet: one that code opens is, before it goes anywhere
            ours = True
        if ours:
            await route.abort("blockedbyclient")
        else:
            await route.fallback()
