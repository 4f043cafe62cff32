"""What fetching files from other hosts has in common: which are private, their robots.txt, how many at once, and why a request failed."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from linkmedia_scrapy.addresses import AddressSpaces
from linkmedia_scrapy.extraction.sites import origin_of
from linkmedia_scrapy.extraction.urls import host_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["PAGE_KEY", "FetchError", "MediaRobotsMiddleware", "PrivateFilesMiddleware", "Turns", "failure_reason"]

PAGE_KEY: Final = "linkmedia_page"
"""In the meta of a request for a file, the URL of the page that names it."""

_WEB: Final = ("https://", "http://")
# by name: Scrapy's own exceptions are younger than some versions of it, which raise Twisted's
_REASONS: Final = {
    "CannotResolveHostError": "dns",
    "ConnectError": "connection",
    "ConnectionDone": "connection",
    "ConnectionLost": "connection",
    "ConnectionRefusedError": "refused",
    "CancelledError": "too_large",
    "DNSLookupError": "dns",
    "DownloadCancelledError": "too_large",
    "DownloadConnectionRefusedError": "refused",
    "DownloadFailedError": "connection",
    "DownloadTimeoutError": "timeout",
    "NotSupported": "scheme",
    "ResponseDataLossError": "truncated",
    "ResponseFailed": "truncated",
    "ResponseNeverReceived": "connection",
    "TCPTimedOutError": "timeout",
    "TimeoutError": "timeout",
    "UnsupportedURLSchemeError": "scheme",
}


class FetchError(Exception):
    """A file that was not to be had; its text is the reason, in one word."""


class PrivateFilesMiddleware:
    """Keeps what pages of public hosts name as their files from private networks, redirects included; stands before MediaRobotsMiddleware.

    A page that names an address of the crawling machine's own network has that asked for by whoever measures and downloads its pictures.
    """

    def __init__(self) -> None:
        self._spaces = AddressSpaces()

    async def process_request(self, request: Request) -> None:
        """Refuse a file.

        :raises FetchError: where it is private, and its page is not.
        """
        page_url = request.meta.get(PAGE_KEY) or ""
        if not page_url.startswith(_WEB) or not request.url.startswith(_WEB):
            return
        if await self._spaces.is_private(request.url) and not await self._spaces.is_private(page_url, wholly=True):
            raise FetchError("private_network")


class MediaRobotsMiddleware:
    """Has robots.txt heeded by requests for files, on any host; stands before OffsiteMiddleware.

    OffsiteMiddleware drops the request for the robots.txt of a host that is not in `allowed_domains`, and RobotsTxtMiddleware takes a
    robots.txt that it could not have for one that allows everything. And of several requests that wait for the same robots.txt only the
    first is held to it (seen in Scrapy 2.19, since scrapy/scrapy#6802: they await one Deferred, whose result the first takes). So it is
    had before any goes on.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._locks: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a robots.txt through; have another file's before it goes on."""
        if request.callback is not NO_CALLBACK or not request.url.startswith(_WEB):
            return
        if request.meta.get("dont_obey_robotstxt"):
            if request.url.endswith("/robots.txt"):  # asked for only on behalf of requests that were let through themselves
                request.meta["allow_offsite"] = True
            return
        robots = self._crawler.get_downloader_middleware(RobotsTxtMiddleware)
        if robots is not None:
            async with self._locks.setdefault(origin_of(request.url), asyncio.Lock()):
                await robots.robot_parser(request)


class Turns:
    """Has no more files of a host asked for at once than ``CONCURRENT_REQUESTS_PER_DOMAIN``, or its entry of ``DOWNLOAD_SLOTS``, says.

    Scrapy's downloader looks to that, but counts a request only when its task has begun: with asyncio those that come together all go, be
    they the hundred images of a page (seen in Scrapy 2.14 to 2.19).
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._usual = settings.getint("CONCURRENT_REQUESTS_PER_IP") or settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._slots = settings.getdict("DOWNLOAD_SLOTS")
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  # as long as files of theirs are asked for

    def of(self, url: str) -> asyncio.Semaphore:
        """What to hold while a URL is asked for."""
        host = host_of(url)
        turn = self._hosts.get(host)
        if turn is None:
            turn = self._hosts[host] = asyncio.Semaphore(self._slots.get(host, {}).get("concurrency", self._usual))
        return turn


def failure_reason(error: BaseException | None) -> str:
    """Why a request failed, as a part of a stat's name.

    >>> failure_reason(TimeoutError()), failure_reason(FetchError("http_404")), failure_reason(ZeroDivisionError())
    ('timeout', 'http_404', 'zero_division_error')
    """
    if isinstance(error, FetchError):
        return str(error)
    if isinstance(error, IgnoreRequest):
        if "exceeded DOWNLOAD_MAXSIZE" in str(error):  # what was compressed
            return "too_large"
        return "robots" if "robots" in str(error).lower() else "filtered"
    name = type(error).__name__
    return _REASONS.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
