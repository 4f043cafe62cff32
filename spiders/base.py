"""What the ready spiders share: their arguments, checked, and which feeds they refuse."""

from __future__ import annotations

import re
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

__all__ = ["ReadySpider", "SchemeMiddleware"]

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

    def urls_in(self, text: str, where: str = "url") -> list[str]:
        """The URLs in an argument: one or many, divided by white space or by commas before a scheme.

        :param where: what the error says of the place where the text stands.
        :raises ConfigError: where one is no URL that Scrapy can fetch.
        """
        urls: list[str] = []
        for entry in _BETWEEN_URLS.split(text.strip().strip(",")):
            url = normalize(entry)
            if url is None or not url.startswith(("http://", "https://", "file:///")):
                raise ConfigError(f"spider {self.name}: {where} = {entry!r}: must be an http:, https: or file: URL ({self.usage})")
            urls.append(url)
        return urls

    def urls_to_begin_with(self, arguments: dict[str, str]) -> list[str]:
        """Those of the argument url.

        :raises ConfigError: where it is missing, or one of them is none.
        """
        if not arguments.get("url"):
            raise ConfigError(f"spider {self.name}: url is missing: say {self.usage}")
        return self.urls_in(arguments["url"])

    def whole_number(self, arguments: dict[str, str], name: str, minimum: int) -> int | None:
        """An argument that is a whole number; None where it is missing.

        :raises ConfigError: where it is none, or smaller than `minimum`.
        """
        value = arguments.get(name)
        if not value:
            return None
        if not re.fullmatch(r"\d{1,9}", value) or int(value) < minimum:
            raise ConfigError(f"spider {self.name}: {name} = {value!r}: must be a whole number >= {minimum}")
        return int(value)


class SchemeMiddleware(BaseSpiderMiddleware):
    """Drops what is not of the web: a page or a sitemap there may name files of this machine, or buckets of whoever crawls."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request; None where a response of another scheme has led to it, counted."""
        schemes = ("http", "https", scheme_of(response.url) if response is not None else scheme_of(request.url))
        if scheme_of(request.url) in schemes:
            return request
        self.crawler.stats.inc_value("linkmedia/filtered_count/request/scheme")
        return None


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
