"""What the ready spiders share: their arguments, checked, and which feeds they refuse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from linkmedia_scrapy import ConfigError, LinkMediaMixin
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import refusing
from linkmedia_scrapy.extraction.urls import normalize, scheme_of
from linkmedia_scrapy.feeds import change_feed, format_of
from linkmedia_scrapy.items import RECORDS

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response
    from scrapy.settings import BaseSettings

__all__ = ["ReadySpider", "SchemeMiddleware", "parse_urls", "whole_number"]

_BETWEEN_URLS: Final = re.compile(r"[\s,]+(?=(?:https?|file):)|\s+")


class ReadySpider(LinkMediaMixin):
    """Checks its arguments before the crawl starts. A subclass names those that it takes, and reads them in `read_arguments`."""

    name: str
    arguments: tuple[str, ...] = ()
    usage = ""
    state: dict[str, Any]
    """What a crawl with JOBDIR goes on with when it is taken up again; Scrapy keeps it there."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider; a wrong argument or feed stops the crawl with one line."""
        with refusing():
            cls._check_arguments(kwargs)
            _check_feeds(crawler.settings)
            spider = super().from_crawler(crawler, *args, **kwargs)
            spider.state = {}
            spider.read_arguments(kwargs)
        return spider

    @classmethod
    def _check_arguments(cls, arguments: dict[str, str]) -> None:
        for name in arguments:
            if name not in cls.arguments and not name.startswith("_"):  # Scrapyd says to each which job it is: _job
                raise ConfigError(f"spider {cls.name}: no argument {name!r}; it takes {', '.join(cls.arguments)} ({cls.usage})")

    def read_arguments(self, arguments: dict[str, str]) -> None:
        """Set the spider up.

        :raises ConfigError: for a value that cannot be used.
        """
        raise NotImplementedError


class SchemeMiddleware(BaseSpiderMiddleware):
    """Drops what is not of the web: a page or a sitemap there may name files of this machine, or buckets of whoever crawls."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request; None where a response of another scheme has led to it, counted."""
        schemes = ("http", "https", scheme_of(response.url) if response is not None else scheme_of(request.url))
        if scheme_of(request.url) in schemes:
            return request
        self.crawler.stats.inc_value("linkmedia/filtered_count/request/scheme")
        return None


def parse_urls(spider: str, text: str, usage: str, where: str = "url") -> list[str]:
    """The URLs in an argument: one or many, divided by white space or by commas before a scheme.

    :param where: what the error says of the place where the text stands.
    :raises ConfigError: where one is no URL that Scrapy can fetch.
    """
    urls: list[str] = []
    for entry in _BETWEEN_URLS.split(text.strip().strip(",")):
        url = normalize(entry)
        if url is None or not url.startswith(("http://", "https://", "file:///")):
            raise ConfigError(f"spider {spider}: {where} = {entry!r}: must be an http:, https: or file: URL ({usage})")
        urls.append(url)
    return urls


def read_url_file(spider: str, path: str, usage: str) -> list[str]:
    """The URLs in a text file, one a line; empty lines and those that begin with # are passed over.

    :raises ConfigError: where it cannot be read or a line is no URL.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"spider {spider}: file = {path!r}: cannot read it ({type(error).__name__})") from error
    urls: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            urls += parse_urls(spider, line, usage, f"file = {path!r}: line {number}")
    return urls


def whole_number(spider: str, name: str, value: str, minimum: int) -> int:
    """An argument that is a whole number.

    :raises ConfigError: where it is none, or smaller than `minimum`.
    """
    if not re.fullmatch(r"\d{1,9}", value) or int(value) < minimum:
        raise ConfigError(f"spider {spider}: {name} = {value!r}: must be a whole number >= {minimum}")
    return int(value)


def _check_feeds(settings: BaseSettings) -> None:
    """A CSV has one header: one feed cannot hold several kinds of records without losing columns."""
    config = LinkMediaConfig.from_settings(settings)
    for uri, options in list(settings["FEEDS"].items()):
        if format_of(uri, options) != "csv" or options.get("item_classes"):
            continue
        if len(config.extract) != 1:
            raise ConfigError(
                f"{uri}: one CSV cannot hold {', '.join(config.extract) or 'no kind'}: set LINKMEDIA_FEEDS='out/%(records)s.csv' "
                f"for one CSV a kind, or choose one with LINKMEDIA_EXTRACT={config.extract[0] if config.extract else 'links'}"
            )
        change_feed(settings, uri, {**dict(options), "item_classes": [RECORDS[config.extract[0]]]})
