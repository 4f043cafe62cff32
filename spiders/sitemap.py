"""`scrapy crawl sitemap -a url=https://example.com/sitemap.xml`: the pages that a site lists itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from scrapy.http import Response
from scrapy.spiders import SitemapSpider as ScrapySitemapSpider

from linkmedia_scrapy import ConfigError
from spiders.base import ReadySpider


class SitemapSpider(ReadySpider, ScrapySitemapSpider):
    """The records of the pages in a sitemap, an index of sitemaps, or those that a robots.txt names."""

    name = "sitemap"
    arguments = ("url", "match", "pages")
    usage = "-a url=https://example.com/sitemap.xml (or .../robots.txt) [-a match=REGEX] [-a pages=N]"

    def read_arguments(self, arguments: dict[str, str]) -> None:
        """url: the sitemap or robots.txt; match: a regular expression that a page's URL must have; pages: how many at most."""
        self.sitemap_urls = self.urls_to_begin_with(arguments)
        self._pages = self.whole_number(arguments, "pages", 1)
        try:
            self._match = re.compile(arguments.get("match") or "")
        except re.error as error:
            raise ConfigError(f"spider {self.name}: match = {arguments['match']!r}: must be a regular expression ({error})") from error

    def sitemap_filter(self, entries: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        """The entries that match, as many as are wanted; those of an index of sitemaps all."""
        for entry in entries:
            if getattr(entries, "type", "urlset") == "urlset":
                taken = self.state.get("taken", 0)
                if not self._match.search(entry["loc"]) or (self._pages is not None and taken >= self._pages):
                    continue
                self.state["taken"] = taken + 1
            yield entry

    def parse(self, response: Response) -> Any:
        """Everything a page has."""
        yield from self.linkmedia(response)
