"""`scrapy crawl page -a url=https://example.com`: single pages, from the web or from files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from linkmedia_scrapy import ConfigError
from spiders.base import ReadySpider, parse_urls, read_url_file


class PageSpider(ReadySpider, Spider):
    """The records of the pages that are named, and of no others."""

    name = "page"
    arguments = ("url", "file")
    usage = "-a url=https://example.com, several divided by spaces or commas, file: URLs too; or -a file=urls.txt with one a line"

    def read_arguments(self, arguments: dict[str, str]) -> None:
        """Url and file: what to fetch."""
        urls: list[str] = []
        if arguments.get("url"):
            urls += parse_urls(self.name, arguments["url"], self.usage)
        if arguments.get("file"):
            urls += read_url_file(self.name, arguments["file"], self.usage)
        if not urls:
            raise ConfigError(f"spider {self.name}: url is missing: say {self.usage}")
        self.start_urls = list(dict.fromkeys(urls))

    async def start(self) -> AsyncIterator[Any]:
        """One request a page."""
        for url in self.start_urls:
            yield Request(url)

    def parse(self, response: Response) -> Any:
        """Everything a page has."""
        yield from self.linkmedia(response)
