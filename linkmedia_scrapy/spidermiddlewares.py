"""Spider middlewares: the records of marked spiders' pages, and the rules on the requests that a spider follows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from scrapy.spidermiddlewares.base import BaseSpiderMiddleware
from twisted.internet.defer import Deferred

from linkmedia_scrapy.crawl import CrawlComponent, CrawlExtraction, is_of_a_command
from linkmedia_scrapy.mixins import LinkMediaMixin

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["FollowRulesMiddleware", "LinkMediaSpiderMiddleware"]


class LinkMediaSpiderMiddleware(CrawlComponent):
    """Adds the records of a page after what its callback yields, unless the callback asked for them itself.

    For spiders with `LinkMediaMixin`, and for all with ``LINKMEDIA_AUTO``. Where the callback raises, the page's records come all the
    same, and then its exception goes on.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reached: WeakSet[Response] = WeakSet()  # a callback: errbacks' output comes here, too, with the response that was refused

    def process_spider_input(self, response: Response) -> None:
        """Note that a response goes to a callback of the spider: other middlewares, which may refuse it, have had it before."""
        waiting = getattr(response.request and response.request.callback, "__self__", None)
        if not (isinstance(waiting, Deferred) or is_of_a_command(self._crawler)):  # `scrapy shell` has a Deferred wait for it
            self._reached.add(response)
        self._extraction.begin(response)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        """The callback's output, then the page's records."""
        failure: Exception | None = None
        try:
            yield from result
        except Exception as error:
            failure = error
        yield from self._records(response)
        if failure is not None:
            raise failure

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The same for callbacks that are asynchronous."""
        failure: Exception | None = None
        try:
            async for entry in result:
                yield entry
        except Exception as error:
            failure = error
        for record in self._records(response):
            yield record
        if failure is not None:
            raise failure

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterator[Any] | None:
        """The page's records where a callback raises before it has yielded anything: of one that is no generator there is no output."""
        return self._records_before(response, exception) if self._adds_to(response) else None

    def _records_before(self, response: Response, exception: Exception) -> Iterator[Any]:
        yield from self._records(response)
        raise exception

    def _records(self, response: Response) -> Iterator[Any]:
        if self._adds_to(response):
            for record in self._extraction.records(response):
                record.added = True
                yield record

    def _adds_to(self, response: Response) -> bool:
        """Whether a response's records are to come by themselves, and have not come yet."""
        if response not in self._reached:
            return False
        extraction = self._extraction
        return (extraction.config.auto or isinstance(self._crawler.spider, LinkMediaMixin)) and not extraction.handled(response)


class FollowRulesMiddleware(BaseSpiderMiddleware):
    """Drops the followed requests that the rules for links leave out, counted by reason; start requests always go."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request, or None where a rule speaks against it."""
        if response is None:
            return request
        extraction = CrawlExtraction.of_crawler(self.crawler)
        reason = extraction.rules.for_page(response.url).judge_foreign(request.url).link
        if reason:
            extraction.count(f"filtered_count/request/{reason}")
            return None
        return request
