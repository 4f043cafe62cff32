"""Item pipelines: the rules on records from elsewhere, and records that the crawl has emitted before.

They work on single records and on the records in page items alike: what would be dropped as an item leaves its page item's list, and is
counted in the page item's `dropped`, too.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.feeds import kinds_that_reached_no_feed
from linkmedia_scrapy.items import RECORDS, AudioItem, ImageItem, LinkItem, PageItem, Record, VideoItem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from linkmedia_scrapy.rules import PageRules

__all__ = ["RulesPipeline", "UniquePipeline"]

logger = logging.getLogger(__name__)


class _RecordPipeline(CrawlComponent):
    def _drop(self, record: Record, reason: str) -> None:
        """Leave out a record that is an item of its own.

        :raises DropItem: always.
        """
        self._count(record, reason)
        raise DropItem(f"{reason}: {record}", log_level="DEBUG")

    def _drop_from(self, page: PageItem, record: Record, reason: str) -> None:
        """Count a record that leaves its page item."""
        self._count(record, reason)
        reasons = page.dropped.setdefault(record.record, {})
        reasons[reason] = reasons.get(reason, 0) + 1

    def _count(self, record: Record, reason: str) -> None:
        self._extraction.count(f"dropped_count/{record['record']}/{reason}")


class RulesPipeline(_RecordPipeline):
    """Applies the rules to records from elsewhere; those of our extraction have been judged there, by their page's own settings.

    It stands before a project's pipelines, so that it knows which kinds they were given.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._passed: Counter[type[Record]] = Counter()

    def process_item(self, item: Any) -> Any:
        """The item, with its scope where that was to be found out.

        :raises DropItem: where a rule leaves it out.
        """
        if isinstance(item, PageItem):
            self._judge_page(item)
            self._passed.update(record_class for name, record_class in RECORDS.items() if getattr(item, name))
        elif isinstance(item, Record):
            if not item.judged:
                reason = self._extraction.rules.for_page(item.get("page_url") or "").reason(item)
                if reason:
                    self._drop(item, reason)
            self._passed[type(item)] += 1
        return item

    def close_spider(self) -> None:
        """Say which kinds went into the pipelines and did not come out, unless that may be since pipelines dropped them."""
        dropped = self._crawler.stats.get_value("item_dropped_count", 0)
        lost = [name for name in kinds_that_reached_no_feed(self._crawler) if self._passed[RECORDS[name]] > dropped]
        if lost:
            logger.warning(
                "%s went into the item pipelines and none came out, so that their feeds are empty: a pipeline has to return the item that "
                "it was given, not a dict of it",
                ", ".join(lost),
            )

    def _judge_page(self, page: PageItem) -> None:
        rules_by_url: dict[str, PageRules] = {}
        for name in RECORDS:
            records: list[Record] = getattr(page, name)
            if all(record.judged for record in records):
                continue
            kept: list[Record] = []
            for record in records:
                reason = "" if record.judged else self._reason(page, record, rules_by_url)
                if reason:
                    self._drop_from(page, record, reason)
                else:
                    kept.append(record)
            setattr(page, name, kept)

    def _reason(self, page: PageItem, record: Record, rules_by_url: dict[str, PageRules]) -> str:
        url = record.get("page_url") or page.url
        if url not in rules_by_url:
            rules_by_url[url] = self._extraction.rules.for_page(url)
        return rules_by_url[url].reason(record)


class UniquePipeline(_RecordPipeline):
    """Drops a link, image, video or audio whose kind and URL the crawl has emitted before, as long as it is remembered."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._seen: dict[int, None] = {}

    def process_item(self, item: Any) -> Any:
        """The item.

        :raises DropItem: where it came before.
        """
        if isinstance(item, PageItem):
            for name in ("links", "images", "videos", "audios"):
                kept: list[Record] = []
                for record in getattr(item, name):
                    if self._is_new(record):
                        kept.append(record)
                    else:
                        self._drop_from(item, record, "duplicate")
                setattr(item, name, kept)
        elif isinstance(item, Record) and not self._is_new(item):
            self._drop(item, "duplicate")
        return item

    def _is_new(self, record: Record) -> bool:
        """Whether the crawl emits it for the first time; it is remembered then."""
        if isinstance(record, LinkItem):
            url = record.url
        elif isinstance(record, ImageItem | VideoItem | AudioItem):
            url = record.src
        else:
            return True
        key = hash((record.record, record.kind, url))
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self._extraction.config.unique_across_pages_limit:
            del self._seen[next(iter(self._seen))]
            self._extraction.count("forgotten_url_count")
        return True
