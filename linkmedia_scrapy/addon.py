"""`LinkMediaAddon`: one line of settings wires the package into a project, and overrides nothing that the user set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.errors import ConfigError, refuse
from linkmedia_scrapy.exporters import ForeignItemFilter, RecordCsvItemExporter, change_feed, feeds_by_kind
from linkmedia_scrapy.pipelines import RulesPipeline, UniquePipeline
from linkmedia_scrapy.spidermiddlewares import FollowRulesMiddleware, LinkMediaSpiderMiddleware
from linkmedia_scrapy.tablefiles import TableFilesPipeline, check_table_files

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = ["LinkMediaAddon"]

# Nearest to the spider: what a callback yields is seen before other middlewares change it.
_SPIDER_MIDDLEWARE_ORDER: Final = 950
_FOLLOW_RULES_ORDER: Final = 940
# Before the pipelines of a project, which mostly stand at 300: they do not see what the rules leave out.
_RULES_ORDER: Final = 50
_UNIQUE_ORDER: Final = 60
_TABLE_FILES_ORDER: Final = 70


class LinkMediaAddon:
    """``ADDONS = {"linkmedia_scrapy.LinkMediaAddon": 500}``."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the components, the CSV exporter and the feeds.

        :raises ConfigError: where a setting cannot be used (in the ``scrapy`` command: SystemExit, with one line).
        """
        try:
            config = LinkMediaConfig.from_settings(settings)
            check_table_files(config)
            feeds = feeds_by_kind(config, overwrite=not settings.get("JOBDIR"))
        except ConfigError as error:
            refuse(error)
        add = settings.setdefault_in_component_priority_dict
        add("SPIDER_MIDDLEWARES", LinkMediaSpiderMiddleware, _SPIDER_MIDDLEWARE_ORDER)
        if config.filter_requests:
            add("SPIDER_MIDDLEWARES", FollowRulesMiddleware, _FOLLOW_RULES_ORDER)
        add("ITEM_PIPELINES", RulesPipeline, _RULES_ORDER)
        if config.unique_across_pages:
            add("ITEM_PIPELINES", UniquePipeline, _UNIQUE_ORDER)
        if config.table_files is not None:
            add("ITEM_PIPELINES", TableFilesPipeline, _TABLE_FILES_ORDER)
        if "csv" not in settings["FEED_EXPORTERS"]:
            settings["FEED_EXPORTERS"]["csv"] = RecordCsvItemExporter
        if config.auto:
            for uri, options in list(settings["FEEDS"].items()):
                if not options.get("item_classes"):
                    change_feed(settings, uri, ForeignItemFilter.wrap(dict(options)))
        for uri, options in feeds.items():
            if uri not in settings["FEEDS"]:
                settings["FEEDS"][uri] = options
