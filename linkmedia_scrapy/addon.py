"""`LinkMediaAddon`: one line of settings wires the package into a project, and overrides nothing that the user set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.browser import find
from linkmedia_scrapy.browser.keeping import check_captures
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.downloadermiddlewares import RenderMiddleware
from linkmedia_scrapy.downloads import DownloadPipeline, check_downloads
from linkmedia_scrapy.errors import ConfigError, refusing
from linkmedia_scrapy.feeds import feeds_by_kind, prepare_feeds
from linkmedia_scrapy.fetching import MediaRobotsMiddleware, PrivateFilesMiddleware
from linkmedia_scrapy.pipelines import RulesPipeline, UniquePipeline
from linkmedia_scrapy.probes import ImageProbePipeline, ProbeMiddleware, check_image_probe
from linkmedia_scrapy.spidermiddlewares import FollowRulesMiddleware, LinkMediaSpiderMiddleware
from linkmedia_scrapy.tablefiles import TableFilesPipeline, check_table_files

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["LinkMediaAddon"]

# Nearest to the spider: what a callback yields is seen before other middlewares change it.
_SPIDER_MIDDLEWARE_ORDER: Final = 950
_FOLLOW_RULES_ORDER: Final = 940
# Before the pipelines of a project, which mostly stand at 300: they do not see what the rules leave out.
_RULES_ORDER: Final = 50
_UNIQUE_ORDER: Final = 60
# After the pipelines that drop records; downloads first, since they tell sizes, too.
_DOWNLOAD_ORDER: Final = 64
_PROBE_ORDER: Final = 66
_TABLE_FILES_ORDER: Final = 70
# Nearest to the download handler: it sees a response before Retry or HttpCache can copy its request.
_RENDER_ORDER: Final = 950
# Before OffsiteMiddleware, at 50; what is not asked for needs no robots.txt.
_PRIVATE_FILES_ORDER: Final = 30
_MEDIA_ROBOTS_ORDER: Final = 40
# Behind the HTTP cache, at 900.
_PROBE_MIDDLEWARE_ORDER: Final = 940
_HANDLERS: Final = {scheme: f"linkmedia_scrapy.browser.handler.{scheme.capitalize()}Handler" for scheme in ("http", "https", "file")}


class LinkMediaAddon:
    """``ADDONS = {"linkmedia_scrapy.LinkMediaAddon": 500}``.

    :param crawler: the crawl's; without it less can be found out about feeds.
    """

    def __init__(self, crawler: Crawler | None = None) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the add-on for a crawl."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the components, the exporters and the feeds.

        :raises ConfigError: where a setting cannot be used (in the ``scrapy`` command: SystemExit, with one line).
        """
        with refusing():
            config = LinkMediaConfig.from_settings(settings)
            check_table_files(config)
            check_image_probe(config)
            check_downloads(config)
            check_captures(config)
            feeds = feeds_by_kind(config, overwrite=not settings.get("JOBDIR"), crawler=self._crawler)
            prepare_feeds(settings, config, feeds, self._crawler)
            _wire_rendering(settings, config)
        add = settings.setdefault_in_component_priority_dict
        add("SPIDER_MIDDLEWARES", LinkMediaSpiderMiddleware, _SPIDER_MIDDLEWARE_ORDER)
        if config.filter_requests:
            add("SPIDER_MIDDLEWARES", FollowRulesMiddleware, _FOLLOW_RULES_ORDER)
        add("ITEM_PIPELINES", RulesPipeline, _RULES_ORDER)
        if config.unique_across_pages:
            add("ITEM_PIPELINES", UniquePipeline, _UNIQUE_ORDER)
        if config.image_probe or config.download_images or config.download_media:
            add("DOWNLOADER_MIDDLEWARES", MediaRobotsMiddleware, _MEDIA_ROBOTS_ORDER)
            if config.block_private_network:
                add("DOWNLOADER_MIDDLEWARES", PrivateFilesMiddleware, _PRIVATE_FILES_ORDER)
        if config.download_images or config.download_media:
            add("ITEM_PIPELINES", DownloadPipeline, _DOWNLOAD_ORDER)
        if config.image_probe:
            add("ITEM_PIPELINES", ImageProbePipeline, _PROBE_ORDER)
            add("DOWNLOADER_MIDDLEWARES", ProbeMiddleware, _PROBE_MIDDLEWARE_ORDER)
        if config.table_files is not None:
            add("ITEM_PIPELINES", TableFilesPipeline, _TABLE_FILES_ORDER)


def _wire_rendering(settings: BaseSettings, config: LinkMediaConfig) -> None:
    """The middleware, and where scrapy-playwright is installed the download handlers, which start no browser before a request needs one.

    :raises ConfigError: where pages are to be rendered and nothing can do that.
    """
    settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", RenderMiddleware, _RENDER_ORDER)
    if not find.playwright_installed():
        if config.renders and config.render_required:
            raise ConfigError(find.HOW_TO_RENDER)
        return
    for scheme, handler in _HANDLERS.items():
        if scheme not in settings["DOWNLOAD_HANDLERS"]:  # None there is a scheme that the user has switched off
            settings["DOWNLOAD_HANDLERS"][scheme] = handler
    if find.needs_browser(settings):
        options = find.launch_options(block_private_network=config.block_private_network)
        if options is not None:  # in the place of an empty dict of the user's, too
            settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", options, priority=settings.getpriority("PLAYWRIGHT_LAUNCH_OPTIONS") or "addon")
        elif config.renders and config.render_required:
            raise ConfigError(find.HOW_TO_GET_ONE)
    if not settings.get("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"):
        settings.set("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT", find.usual_page_count(), priority="addon")
