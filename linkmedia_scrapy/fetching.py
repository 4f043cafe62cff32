"""What fetching files from other hosts has in common: why a request failed, in one word for the stats, and what a file says of a record."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.reactor import is_asyncio_reactor_installed, is_reactor_installed

from linkmedia_scrapy.browser.find import wrong_reactor
from linkmedia_scrapy.config import PREFIX
from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.extraction.sites import origin_of
from linkmedia_scrapy.imagesizes import ImageSize
from linkmedia_scrapy.items import ImageItem

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["FetchError", "MediaRobotsMiddleware", "check_reactor", "failure_reason", "note_size"]

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


def check_reactor(name: str, settings: BaseSettings) -> None:
    """Refuse Twisted's other reactors: files are fetched side by side, and written in threads, by asyncio.

    :param name: the setting that asks for files, without its prefix.
    :raises ConfigError: where another one is installed.
    """
    if is_reactor_installed() and not is_asyncio_reactor_installed():  # without any there is asyncio alone
        raise ConfigError(wrong_reactor(settings, f"with {PREFIX}{name}"))


class FetchError(Exception):
    """A file that was not to be had; its text is the reason, in one word."""


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
        if request.callback is not NO_CALLBACK or not request.url.startswith(("https://", "http://")):
            return
        if request.meta.get("dont_obey_robotstxt"):
            if request.url.endswith("/robots.txt"):  # asked for only on behalf of requests that were let through themselves
                request.meta["allow_offsite"] = True
            return
        robots = self._crawler.get_downloader_middleware(RobotsTxtMiddleware)
        if robots is not None:
            async with self._locks.setdefault(origin_of(request.url), asyncio.Lock()):
                await robots.robot_parser(request)


def failure_reason(error: BaseException | None) -> str:
    """Why a request failed, as a part of a stat's name.

    >>> failure_reason(TimeoutError()), failure_reason(FetchError("http_404")), failure_reason(ZeroDivisionError())
    ('timeout', 'http_404', 'zero_division_error')
    """
    if isinstance(error, FetchError):
        return str(error)
    if isinstance(error, IgnoreRequest):
        return "robots" if "robots" in str(error).lower() else "filtered"
    name = type(error).__name__
    return _REASONS.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def note_size(image: ImageItem, size: ImageSize | None, length: int | None) -> None:
    """Note what a file says in its record: natural width and height, format, bytes; width and height where the page has none."""
    if length is not None:
        image.size = length
    if size is None:
        return
    image.format = size.format
    image.natural_width, image.natural_height = size.width, size.height
    if image.width is None and image.height is None:
        image.width, image.height = size.width, size.height
