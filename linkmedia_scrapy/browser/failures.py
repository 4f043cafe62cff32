"""Rendered requests that end with an exception: tried again where that may help, and an error record where it did not."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import AsyncIterator
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.utils.asyncgen import as_async_generator
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import arg_to_iter, load_object
from twisted.python.failure import Failure

from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.errors import PageTooLargeError, one_line
from linkmedia_scrapy.items import ErrorItem
from linkmedia_scrapy.mixins import LinkMediaMixin
from linkmedia_scrapy.rendering import DEATHS_KEY, UNRENDERED_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from twisted.internet.defer import Deferred

    from linkmedia_scrapy.browser.job import PageJob
    from linkmedia_scrapy.errors import BrowserUnavailableError

__all__ = ["RenderFailures", "unrendered"]

logger = logging.getLogger(__name__)
_retry_logger: Final = logging.getLogger(f"{__name__}.retry")
_retry_logger.setLevel(logging.CRITICAL)  # Scrapy logs each page that it gives up; here it is one line a cause
_NO_BROWSER: Final = "no_browser"
_BROWSER_LOST: Final = "browser_lost"
_MAX_DEATHS: Final = 5
"""Browsers that may die under one page before it is given up, being what kills them."""
_NOT_SHOWN: Final = {
    "ERR_ABORTED": "no_document",
    "ERR_HTTP_RESPONSE_CODE_FAILURE": "no_document",
    "ERR_INVALID_AUTH_CREDENTIALS": "authentication",
}
"""Errors of Chromium that stand for an answer which it does not show: 204, 205 and 304, an error's status with an empty body, or 401
where it has no password to send."""
_FINAL: Final = ("private_network", "too_many_requests")
_NET_ERROR: Final = re.compile(r"\bnet::(ERR_\w+)")


class RenderFailures(CrawlComponent):
    """Decides what becomes of the failed requests of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._retries = crawler.settings.getbool("RETRY_ENABLED")
        listed = crawler.settings.getlist("RETRY_EXCEPTIONS")
        self._scrapys = tuple(load_object(entry) if isinstance(entry, str) else entry for entry in listed)
        self._said: set[tuple[str, str]] = set()
        self._unavailable: set[str] = set()
        self._closing: Deferred[None] | None = None

    def handle(self, request: Request, exception: Exception, job: PageJob) -> Request | None:
        """The request that is to be made instead; None where the exception goes on, with an error record before it."""
        from playwright.async_api import Error as BrowserError  # noqa: PLC0415 - optional; a job is there, so it is imported already

        extraction = self._extraction
        reason = _reason(exception, job)
        extraction.count(f"render/failed_count/{reason}")
        if job.crashed:
            extraction.count("render/crash_count")
        if isinstance(exception, BrowserError) and reason in _NOT_SHOWN:
            extraction.count(f"render/skipped_count/{_NOT_SHOWN[reason]}")
            self._say("%s is downloaded instead of rendered (%s)", request, exception, reason)
            return unrendered(request)
        if isinstance(exception, BrowserError) and reason not in _FINAL:
            again = self._once_more(request, exception) if reason == _BROWSER_LOST else self._again(request, exception)
            if again is not None:
                extraction.count(f"render/retried_count/{reason}")
                self._say("Rendering %s failed, tried again (%s)", request, exception, reason)
                return again
        elif self._retries and isinstance(exception, self._scrapys):
            return None  # Scrapy's own retry comes after this
        self._say("%s was not rendered (%s)", request, exception, reason)
        self.give_up(request, exception, reason)
        return None

    def without_browser(self, request: Request, exception: BrowserUnavailableError) -> Request | None:
        """The request without rendering; or None, an error record before the exception, and the end of the crawl, told in one line."""
        extraction = self._extraction
        extraction.count(f"render/failed_count/{_NO_BROWSER}")
        if not extraction.config.render_required:
            extraction.count("render/skipped_count/no_browser")
            self._say("%s and those that follow are not rendered (%s)", request, exception, _NO_BROWSER)
            return unrendered(request)
        self.give_up(request, exception, _NO_BROWSER)
        engine = self._crawler.engine
        if engine is not None and self._closing is None:
            logger.error("Pages cannot be rendered, the crawl ends: %s (LINKMEDIA_RENDER_REQUIRED = False goes on without)", exception)
            # not awaited: it waits for the requests under way, of which this is one; no task, since there may be no asyncio to run it
            self._closing = deferred_from_coro(engine.close_spider_async(reason=_NO_BROWSER))
        return None

    def say_unavailable(self, why: str) -> None:
        """Say once that nothing is rendered, since there is nothing to render with."""
        if why not in self._unavailable:
            self._unavailable.add(why)
            logger.warning("Pages are not rendered: %s", why)

    def _again(self, request: Request, exception: Exception, max_times: int | None = None) -> Request | None:
        spider = self._crawler.spider
        if not self._retries or request.meta.get("dont_retry") or spider is None:
            return None
        return get_retry_request(request, spider=spider, reason=exception, max_retry_times=max_times, logger=_retry_logger)

    def _once_more(self, request: Request, exception: Exception) -> Request | None:
        """The same, not counted against the page's retries: it need not be what killed the browser. What always does is given up, too."""
        deaths = request.meta.get(DEATHS_KEY, 0) + 1
        if deaths >= _MAX_DEATHS:
            return None
        again = self._again(request, exception, sys.maxsize)
        if again is not None:
            again.meta[DEATHS_KEY] = deaths
            again.meta["retry_times"] = request.meta.get("retry_times", 0)
        return again

    def give_up(self, request: Request, exception: Exception, reason: str) -> None:
        """Have an error record come before what the request's errback gives."""
        extraction = self._extraction
        error = ErrorItem(page_url=request.url, kind="render", stage="page", reason=reason, message=one_line(exception))
        error.added = True
        request.meta.pop(DEATHS_KEY, None)
        extraction.count(f"render/error_count/{error.kind}/{error.stage}/{reason}")
        extraction.count(f"error_count/{error.kind}/{error.stage}")
        extraction.count(f"record_count/{error.record}")
        if isinstance(exception, self._scrapys):  # where the user names the browser's errors there: that has been done
            request.meta["dont_retry"] = True
        if extraction.config.auto or isinstance(self._crawler.spider, LinkMediaMixin):
            request.errback = _ErrorBefore(error, request.errback)

    def _say(self, text: str, request: Request, exception: Exception, reason: str) -> None:
        """One warning a cause; the rest is for those who debug."""
        first = (text, reason) not in self._said
        self._said.add((text, reason))
        logger.log(logging.WARNING if first else logging.DEBUG, text, request, one_line(exception))


def unrendered(request: Request) -> Request:
    """The same request, to be downloaded without the browser."""
    again = request.replace(dont_filter=True)
    again.meta[UNRENDERED_KEY] = True
    return again


def _reason(exception: Exception, job: PageJob) -> str:
    """A short name for what happened."""
    from linkmedia_scrapy.browser.lifecycle import BrowserLostError  # noqa: PLC0415 - optional, as above

    if job.guard is not None and job.guard.blocked_navigation:
        return "private_network"
    if job.flooded:
        return "too_many_requests"
    if job.crashed:
        return "crashed"
    if isinstance(exception, PageTooLargeError):
        return "too_large"
    if isinstance(exception, BrowserLostError):
        return _BROWSER_LOST
    found = _NET_ERROR.search(str(exception))
    return found.group(1) if found else type(exception).__name__


class _ErrorBefore:
    """An errback that yields a record, and then what the request's own yields."""

    def __init__(self, error: ErrorItem, own: Callable[[Failure], Any] | None) -> None:
        self.error = error
        # a middleware of the user's may have sent the request once more, with the errback that an earlier failure gave it
        self.own: Callable[[Failure], Any] | None = own.own if isinstance(own, _ErrorBefore) else own

    async def __call__(self, failure: Failure) -> AsyncIterator[Any]:
        yield self.error
        output = self.own(failure) if self.own is not None else None
        if isawaitable(output):
            output = await output
        if isinstance(output, Failure):  # passed on, as Scrapy lets an errback do
            output.raiseException()
        async for entry in as_async_generator(output if isinstance(output, AsyncIterator) else arg_to_iter(output)):
            yield entry
