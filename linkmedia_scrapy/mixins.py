"""`LinkMediaMixin`: what makes an existing spider yield the records of its pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from scrapy import signals
from scrapy.utils.misc import load_object

from linkmedia_scrapy.config import RENDERING, LinkMediaConfig, setting_name
from linkmedia_scrapy.crawl import CrawlExtraction
from linkmedia_scrapy.errors import refusing
from linkmedia_scrapy.extraction.urls import host_of, normalize
from linkmedia_scrapy.items import Record

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.link import Link
    from scrapy.settings import BaseSettings

__all__ = ["LinkMediaMixin"]

logger = logging.getLogger(__name__)

_NEED_COMPONENTS: Final = (
    *("auto", "feeds", "filter_requests", "unique_across_pages", "table_files", "image_probe", "download_images", "download_media"),
    *RENDERING,
)
"""Settings that components look at; the others `linkmedia` heeds, too, or they say how one of these is done."""
_COMPONENTS: Final = ("SPIDER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES")


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
        with refusing():
            LinkMediaConfig.from_settings(crawler.settings)  # not kept: a subclass may still change settings here, and so may add-ons
        crawler.signals.connect(spider._say_what_needs_the_addon, signals.spider_opened)
        return spider

    def _say_what_needs_the_addon(self) -> None:
        settings: BaseSettings = self.crawler.settings  # type: ignore[attr-defined]
        config, defaults = CrawlExtraction.of(self).config, LinkMediaConfig()  # type: ignore[arg-type]
        idle = [setting_name(name) for name in _NEED_COMPONENTS if getattr(config, name) != getattr(defaults, name)]
        if idle and not _has_components(settings):
            logger.warning(
                '%s: without the add-on nothing comes of it: ADDONS = {"linkmedia_scrapy.LinkMediaAddon": 500} is missing', ", ".join(idle)
            )

    def linkmedia(self, response: Response) -> Iterator[Record]:
        """The records of a response: links, images, videos, audio, tables, captures, and errors where there were any.

        With ``LINKMEDIA_ITEMS = "pages"`` one `PageItem` that holds them.
        ``yield from self.linkmedia(response)`` in a callback; the spider's settings apply, and ``request.meta["linkmedia"]`` over them.
        """
        return iter(list(CrawlExtraction.of(self).records(response)))  # type: ignore[arg-type]

    def linkmedia_process_links(self, links: list[Link]) -> list[Link]:
        """For ``Rule(..., process_links="linkmedia_process_links")``: the links that the rules keep, seen from where the crawl began.

        `exclude_external_links` and its like look at the page a link stands in, which Scrapy does not tell here: the spider's
        `allowed_domains`, else its first start URL, stand for it. Where it has neither, no link is internal or external.
        """
        extraction = CrawlExtraction.of(self)  # type: ignore[arg-type]
        allowed = getattr(self, "allowed_domains", None) or ()
        starts = getattr(self, "start_urls", None) or ()
        homes = [f"{scheme}://{domain}/" for domain in allowed for scheme in ("https", "http")] or list(starts[:1])
        pages = [extraction.rules.for_page(home) for home in homes]
        kept: list[Link] = []
        for link in links:
            host = host_of(normalize(link.url) or link.url)
            reasons = [page.judge_foreign(link.url).link for page in pages] or [extraction.rules.domain_reason(host)]
            if all(reasons):
                extraction.count(f"filtered_count/link/{reasons[0]}")
            else:
                kept.append(link)
        return kept


def _has_components(settings: BaseSettings) -> bool:
    """Whether a component of ours, or one derived from it, is among the crawl's: by the add-on, or put there one by one."""
    entries = [load_object(entry) for name in _COMPONENTS for entry, order in settings.getwithbase(name).items() if order is not None]
    classes = [base for entry in entries for base in getattr(entry, "__mro__", ())]
    return any(base.__module__.startswith("linkmedia_scrapy.") for base in classes)
