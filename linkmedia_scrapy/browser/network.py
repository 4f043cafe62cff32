"""What a page asks of the network: which requests wait, which came and which failed, and the answer that the page itself is."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from playwright.async_api import Response as BrowserResponse

__all__ = ["STAYING", "Network", "is_of_page", "without_fragment"]

STAYING: Final = "aborted"
"""Of the reasons for which a request can be aborted the one after which a page stays; others put the browser's error page in its place."""

_ERROR_STATUS: Final = 400
_BRINGING: Final = ("script", "stylesheet", "document")
_HOLDING: Final = {"script": "script", "stylesheet": "stylesheet", "document": "frame", "image": "image", "font": "font", "media": "media"}


def without_fragment(url: str) -> str:
    """The URL that is asked for.

    >>> without_fragment("https://example.com/sprite.svg#star")
    'https://example.com/sprite.svg'
    """
    return url.partition("#")[0]


def is_of_page(request: BrowserRequest) -> bool:
    """Whether a page itself goes where the request leads, and not a frame in it."""
    return request.is_navigation_request() and request.frame.parent_frame is None


class Network:
    """Listens to a page's requests from before its navigation on.

    Attributes:
        main: the answer that the page itself is; None as long as there is none, and for downloads.
        blocked: the URLs that were kept from loading on purpose.
        cut: that answer broke off; the browser shows what came, and never says that the page is loaded.
        dead_end: where the page went last of what is not to be had, and Chromium's error for it; both "" where it went to no such place.

    """

    def __init__(self) -> None:
        self.main: BrowserResponse | None = None
        self.blocked: set[str] = set()
        self.cut = False
        self.dead_end = ("", "")
        self._waiting: dict[BrowserRequest, tuple[str, float]] = {}
        self._outcome: dict[str, bool] = {}
        self._types: dict[str, str] = {}

    def attach(self, page: Page) -> None:
        """Begin to listen."""
        page.on("request", self._begun)
        page.on("response", self._answered)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)

    def loaded(self, url: str) -> bool | None:
        """Whether a URL came (True) or failed (False), the last time; None while it waits, or where nobody asked for it."""
        return self._outcome.get(without_fragment(url))

    def waits(self, url: str) -> bool:
        """Whether a request for the URL is under way."""
        url = without_fragment(url)
        return any(without_fragment(_root(request).url) == url for request in self._waiting)

    def is_svg(self, url: str) -> bool:
        """Whether the URL was answered with an SVG picture, which may have no size of its own."""
        return "svg" in self._types.get(without_fragment(url), "")

    def holding(self) -> list[str]:
        """The kinds of what is under way and can change how the page looks: script, stylesheet, frame, image, font, media."""
        return sorted({_HOLDING[kind] for kind, _ in self._waiting.values() if kind in _HOLDING})

    def bringing(self, within: float = math.inf) -> list[str]:
        """Those kinds that can bring any contents (script, stylesheet, frame), if they are under way for so many seconds at most."""
        since = time.monotonic() - within
        return sorted({_HOLDING[kind] for kind, begun in self._waiting.values() if kind in _BRINGING and begun >= since})

    def fetching(self, *, longer_than: float = 0, within: float = math.inf) -> bool:
        """Whether scripts wait for data, such as the next part of an endless list, for more or for at most so many seconds."""
        now = time.monotonic()
        return any(kind in ("xhr", "fetch") and longer_than <= now - begun <= within for kind, begun in self._waiting.values())

    def waiting_urls(self, *kinds: str, within: float = math.inf) -> set[str]:
        """The URLs under way of some resource types, as they were asked for, if they were within so many seconds."""
        since = time.monotonic() - within
        return {
            without_fragment(_root(request).url) for request, (kind, begun) in self._waiting.items() if kind in kinds and begun >= since
        }

    def _begun(self, request: BrowserRequest) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self._waiting[request] = request.resource_type, time.monotonic()
            self._outcome.pop(without_fragment(_root(request).url), None)

    def _answered(self, response: BrowserResponse) -> None:
        request = response.request
        self._types[without_fragment(_root(request).url)] = response.headers.get("content-type", "")
        if response.status >= _ERROR_STATUS:
            self._outcome[without_fragment(_root(request).url)] = False
        # what a page makes itself, and goes to, is still its own
        if is_of_page(request) and not response.url.startswith("blob:"):
            self.main, self.cut = response, False

    def _finished(self, request: BrowserRequest) -> None:
        self._waiting.pop(request, None)
        if request.redirected_to is None:
            self._outcome.setdefault(without_fragment(_root(request).url), True)

    def _failed(self, request: BrowserRequest) -> None:
        self._waiting.pop(request, None)
        self._outcome[without_fragment(_root(request).url)] = False
        if self.main is not None and is_of_page(request):
            self.dead_end = request.url, request.failure or ""
        # what is aborted gives way to another page, or was stopped by the page itself
        if self.main is not None and request == self.main.request and "ABORTED" not in (request.failure or ""):
            self.cut = True


def _root(request: BrowserRequest) -> BrowserRequest:
    """The request that a chain of redirects began with."""
    previous: Any = request
    while previous.redirected_from is not None:
        previous = previous.redirected_from
    return previous  # type: ignore[no-any-return]
