"""`scrapy crawl page -a url=https://example.com`: single pages, from the web or from files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from linkmedia_scrapy import ConfigError
from spiders.base import ReadySpider


class PageSpider(ReadySpider, Spider):
    """The records of the pages that are named, and of no others."""

    name = "page"
    arguments = ("url", "file")
    usage = "-a url=https://example.com, several divided by spaces or commas, file: URLs too; or -a file=urls.txt with one a line"

    def read_arguments(self, arguments: dict[str, str]) -> None:
        """Url and file: what to fetch."""
        urls = self._urls_of_file(arguments["file"]) if arguments.get("file") else []
        if arguments.get("url") or not urls:
            urls = [*self.urls_to_begin_with(arguments), *urls]
        self.start_urls = list(dict.fromkeys(urls))

    async def start(self) -> AsyncIterator[Any]:
        """One request a page."""
        for url in self.start_urls:
            yield Request(url)

    def _urls_of_file(self, path: str) -> list[str]:
        """The URLs in a text file, one a line; empty lines and those that begin with # are passed over.

        :raises ConfigError: where it cannot be read or a line is no URL.
        """
        try:
            lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"spider {self.name}: file = {path!r}: cannot read it ({type(error).__name__})") from error
        urls: list[str] = []
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.lstrip().startswith("#"):
                urls += self.urls_in(line, f"file = {path!r}: line {number}")
        return urls

    def parse(self, response: Response) -> Any:
        """Everything a page has."""
        yield from self.linkmedia(response)
