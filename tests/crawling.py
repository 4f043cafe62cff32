"""Whole crawls in tests: `scrapy` as a process of its own, what it said, what it counted, and its feeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.forked import run_scrapy

PREAMBLE = """
import scrapy
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule, SitemapSpider
from linkmedia_scrapy import LinkItem, LinkMediaMixin
ADDON = {"linkmedia_scrapy.LinkMediaAddon": 500}
"""


class Run:
    """A finished `scrapy` process: exit code, what it printed, and its stats."""

    def __init__(self, folder: Path, *arguments: str, cwd: Path | None = None, fresh: bool = False) -> None:
        stats = folder / "stats.json"
        extension = 'EXTENSIONS={"tests.crawl.statsfile.StatsFile": 1}'
        self.code, self.log = run_scrapy(
            *arguments, "-s", f"STATS_FILE={stats}", "-s", extension, cwd=cwd or folder, path=[str(ROOT), str(folder)], fresh=fresh
        )
        self.stats: dict[str, Any] = json.loads(stats.read_text()) if stats.exists() else {}

    def count(self, name: str) -> int:
        """One of the package's stats."""
        return int(self.stats.get(f"linkmedia/{name}", 0))


def run_spider(folder: Path, code: str, *arguments: str, fresh: bool = False) -> Run:
    """Run a spider that is written in the test, in a `fresh` process where what it gives is compared with another crawl's, byte for byte."""
    (folder / "spider.py").write_text(PREAMBLE + code)
    return Run(folder, "runspider", "spider.py", "-s", "LOG_LEVEL=INFO", *arguments, fresh=fresh)


def crawl(folder: Path, *arguments: str) -> Run:
    """Run a ready spider at the project's root."""
    return Run(folder, "crawl", *arguments, "-s", "AUTOTHROTTLE_ENABLED=False", cwd=ROOT)


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSON Lines feed."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
