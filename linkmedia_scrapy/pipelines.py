"""Item pipelines: the rules on records from elsewhere, and records that the crawl has emitted before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from linkmedia_scrapy.crawl import CrawlExtraction
from linkmedia_scrapy.items import AudioItem, ImageItem, LinkItem, Record, VideoItem

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

__all__ = ["RulesPipeline", "UniquePipeline"]


class _RecordPipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for a crawl."""
        return cls(crawler)

    @property
    def _extraction(self) -> CrawlExtraction:
        spider = self._crawler.spider
        assert spider is not None
        return CrawlExtraction.of(spider)

    def _drop(self, record: Record, reason: str) -> None:
        self._extraction.count(f"dropped_count/{record['record']}/{reason}")
        raise DropItem(f"{reason}: {record}", log_level="DEBUG")


class RulesPipeline(_RecordPipeline):
    """Applies the rules to records from elsewhere; those of our extraction have been judged there, by their page's own settings."""

    def process_item(self, item: Any) -> Any:
        """The item, with its scope where that was to be found out.

        :raises DropItem: where a rule leaves it out.
        """
        if isinstance(item, Record) and not getattr(item, "_judged", False):
            reason = self._extraction.rules.for_page(item.get("page_url") or "").reason(item)
            if reason:
                self._drop(item, reason)
        return item


class UniquePipeline(_RecordPipeline):
    """Drops a link, image, video or audio whose kind and URL the crawl has emitted before, as long as it is remembered."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._seen: dict[int, None] = {}

    def process_item(self, item: Any) -> Any:
        """The item.

        :raises DropItem: where it came before.
        """
        if isinstance(item, LinkItem):
            url = item.url
        elif isinstance(item, ImageItem | VideoItem | AudioItem):
            url = item.src
        else:
            return item
        key = hash((item.record, item.kind, url))
        if key in self._seen:
            self._drop(item, "duplicate")
        self._seen[key] = None
        if len(self._seen) > self._extraction.config.unique_across_pages_limit:
            del self._seen[next(iter(self._seen))]
            self._extraction.count("forgotten_url_count")
        return item
