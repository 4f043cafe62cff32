"""A Scrapy extension for tests: the crawl's final stats, as JSON in a file."""

from __future__ import annotations

import json
from pathlib import Path

from scrapy import signals


class StatsFile:
    """Writes the stats where the setting STATS_FILE says."""

    def __init__(self, crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler):
        extension = cls(crawler)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def closed(self):
        path = Path(self.crawler.settings["STATS_FILE"])
        path.write_text(json.dumps(self.crawler.stats.get_stats(), default=str))
