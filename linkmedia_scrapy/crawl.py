"""One crawl's extraction: its configuration, what it counts, and which responses have had their turn.

The mixin and the spider middleware share one `CrawlExtraction`, so that no page's records come twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from linkmedia_scrapy.config import META_KEY, LinkMediaConfig
from linkmedia_scrapy.extraction.page import report_failure
from linkmedia_scrapy.items import RECORDS, PageItem, Record
from linkmedia_scrapy.rendering import RenderedPage, add_rendering
from linkmedia_scrapy.responses import extract_response, is_html
from linkmedia_scrapy.rules import Rules

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

__all__ = ["CrawlComponent", "CrawlExtraction", "is_of_a_command"]

logger = logging.getLogger(__name__)

_ATTRIBUTE = "_linkmedia_extraction"


def is_of_a_command(crawler: Crawler) -> bool:
    """Whether one of Scrapy's commands (bench, check, fetch, parse, view) has put requests of its own in the place of the spider's.

    What it shows goes nowhere: not into the files of an earlier crawl, nor through the pipelines into a database.
    """
    return str(getattr(getattr(crawler.spidercls, "start", None), "__module__", "")).startswith("scrapy.commands.")


class CrawlExtraction:
    """What a crawl's components know together.

    :raises ConfigError: where a ``LINKMEDIA_*`` setting cannot be used.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.config = LinkMediaConfig.from_settings(crawler.settings)
        self.rules = Rules(self.config)
        self.rendered: WeakKeyDictionary[Request, RenderedPage] = WeakKeyDictionary()
        self._crawler = crawler
        self._handled: WeakSet[Request | Response] = WeakSet()
        self._warned: set[str] = set()

    @classmethod
    def of(cls, spider: Spider) -> CrawlExtraction:
        """The one of a spider's crawl; made at the first call."""
        extraction: CrawlExtraction | None = spider.__dict__.get(_ATTRIBUTE)
        if extraction is None:
            extraction = cls(spider.crawler)
            setattr(spider, _ATTRIBUTE, extraction)
        return extraction

    @classmethod
    def of_crawler(cls, crawler: Crawler) -> CrawlExtraction:
        """The one of a crawl whose spider is there: at any time after the components have been made."""
        assert crawler.spider is not None
        return cls.of(crawler.spider)

    def begin(self, response: Response) -> None:
        """A response that has just come has not had its turn, though its request may have: a spider may send one again."""
        if response.request is not None:
            self._handled.discard(response.request)

    def handled(self, response: Response) -> bool:
        """Whether the records of this response have been asked for."""
        return response in self._handled or (response.request is not None and response.request in self._handled)

    def records(self, response: Response) -> Iterator[Record]:
        """What a response yields by `config.items`: its records, or one page item; of one that is no HTML nothing, which is counted."""
        self._handled.add(response.request if response.request is not None else response)
        if not is_html(response):
            self.count("skipped_count/not_html")
            return
        page = self.page(response)
        if self.config.items == "pages":
            yield page
        else:
            yield from page.records()

    def page(self, response: Response) -> PageItem:
        """All that an HTML response holds, and everything counted."""
        try:
            config = self.page_config(response.request)
            page = extract_response(response, config)
            if response.request is not None:
                add_rendering(page, response.request, self.rendered.get(response.request), config)
        except Exception as failure:
            page = PageItem(url=response.url, status=response.status)
            report_failure(page, "response", failure)
        self.count("page_count")
        for record, reasons in page.dropped.items():
            for reason, number in reasons.items():
                self.count(f"dropped_count/{record}/{reason}", number)
        for error in page.errors:
            self.count(f"error_count/{error.kind}/{error.stage}")
        for name in RECORDS:
            records: list[Record] = getattr(page, name)
            if records:
                self.count(f"record_count/{records[0]['record']}", len(records))
        return page

    def page_config(self, request: Request | None) -> LinkMediaConfig:
        """The settings with those of one request over them; what cannot be used there is warned of once, and counted."""
        overrides: Any = request.meta.get(META_KEY) if request is not None else None
        if overrides is None:
            return self.config
        config, problems = self.config.for_page(overrides)
        for problem in problems:
            self.count("ignored_meta_count")
            if problem not in self._warned and len(self._warned) < 1000:
                self._warned.add(problem)
                logger.warning("%s; the setting holds instead (first met in %s)", problem, request)
        return config

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the package's stats."""
        self._crawler.stats.inc_value(f"linkmedia/{name}", number)


class CrawlComponent:
    """What components of one crawl have in common."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the component for a crawl."""
        return cls(crawler)

    @property
    def _extraction(self) -> CrawlExtraction:
        return CrawlExtraction.of_crawler(self._crawler)
