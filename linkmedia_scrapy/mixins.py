"""`LinkMediaMixin`: what makes an existing spider yield the records of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linkmedia_scrapy.crawl import CrawlExtraction
from linkmedia_scrapy.errors import ConfigError, refuse
from linkmedia_scrapy.items import Record

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.link import Link

__all__ = ["LinkMediaMixin"]


class LinkMediaMixin:
    """Put it first among a spider's bases: ``class MySpider(LinkMediaMixin, CrawlSpider)``.

    With the add-on, every HTML response that reaches one of the spider's callbacks yields its records after what the callback yields.
    A callback that wants them itself, or wants to choose, calls `linkmedia`: then nothing is added to that response. Without the add-on
    that call is the only way.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider; settings that cannot be used stop the crawl here rather than at the first page."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)  # type: ignore[misc]
        try:
            CrawlExtraction.of(spider)  # type: ignore[arg-type]
        except ConfigError as error:
            refuse(error)
        return spider

    def linkmedia(self, response: Response) -> Iterator[Record]:
        """The records of a response: links, images, videos, audio, tables, and errors where there were any.

        With ``LINKMEDIA_ITEMS = "pages"`` one `PageItem` that holds them.
        ``yield from self.linkmedia(response)`` in a callback; the spider's settings apply, and ``request.meta["linkmedia"]`` over them.
        """
        return iter(list(CrawlExtraction.of(self).records(response)))  # type: ignore[arg-type]

    def linkmedia_process_links(self, links: list[Link]) -> list[Link]:
        """For ``Rule(..., process_links="linkmedia_process_links")``: the links that the rules keep, seen from where the crawl began.

        `exclude_external_links` and its like look at the page a link stands in, which Scrapy does not tell here: the spider's
        `allowed_domains`, else its first start URL, stand for it.
        """
        extraction = CrawlExtraction.of(self)  # type: ignore[arg-type]
        allowed = getattr(self, "allowed_domains", None) or ()
        starts = getattr(self, "start_urls", None) or ()
        homes = [f"http://{domain}/" for domain in allowed] or list(starts[:1])
        pages = [extraction.rules.for_page(home) for home in homes or [""]]
        kept: list[Link] = []
        for link in links:
            reasons = [page.judge_foreign(link.url).link for page in pages]
            if all(reasons):
                extraction.count(f"filtered_count/link/{reasons[0]}")
            else:
                kept.append(link)
        return kept
