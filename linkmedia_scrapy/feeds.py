"""Feeds: one for each kind of record, feeds that take page items apart, and feeds that leave our records out.

What is decided here of a feed is decided before the crawl starts, in its entry of ``FEEDS``; `exporters.py` writes.
"""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit
from weakref import ref

from scrapy.extensions.feedexport import FeedExporter, FTPFeedStorage
from scrapy.utils.misc import load_object

from linkmedia_scrapy.config import PREFIX
from linkmedia_scrapy.crawl import is_of_a_command
from linkmedia_scrapy.errors import ConfigError, without_passwords
from linkmedia_scrapy.exporters import EXPORTERS, PageItemExporter, unfolding_exporter
from linkmedia_scrapy.feedfilters import ForeignItemFilter, UnfoldingItemFilter, YieldedItemFilter
from linkmedia_scrapy.feeduris import check_feed_uri
from linkmedia_scrapy.items import RECORDS, Record
from linkmedia_scrapy.mixins import LinkMediaMixin
from linkmedia_scrapy.pagerecords import PageRecords
from linkmedia_scrapy.parquet import ParquetItemExporter, check_parquet_feed

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = [
    "FORMATS",
    "SequentialFTPFeedStorage",
    "change_feed",
    "feeds_by_kind",
    "format_of",
    "kinds_that_reached_no_feed",
    "prepare_feeds",
]

logger = logging.getLogger(__name__)

FORMATS: Final = {
    ".csv": "csv",
    ".json": "json",
    ".jl": "jsonlines",
    ".jsonl": "jsonlines",
    ".jsonlines": "jsonlines",
    ".xml": "xml",
    ".parquet": "parquet",
}
"""Feed formats by the end of the URI."""


def feeds_by_kind(config: LinkMediaConfig, *, overwrite: bool, crawler: Crawler | None = None) -> dict[str, dict[str, Any]]:
    """``FEEDS`` entries for `config.feeds`: one feed for each kind that is extracted, and for captures and errors where there are any.

    :param crawler: the crawl's; without it the spider is taken for one whose pages are extracted.
    :raises ConfigError: where the URI's end names no format.
    """
    if config.feeds is None or (crawler is not None and is_of_a_command(crawler)):
        return {}
    template = config.feeds
    extension = next((end for end in FORMATS if template.lower().endswith(end)), None)
    if extension is None:
        raise ConfigError(f"{PREFIX}FEEDS = {template!r}: must end with one of {', '.join(FORMATS)}")
    store_empty: Any = True
    if crawler is not None and not config.auto and not issubclass(crawler.spidercls, LinkMediaMixin):
        store_empty = _WhereRecordsCame(crawler)
    feeds: dict[str, dict[str, Any]] = {}
    for name, record_class in RECORDS.items():
        if name in config.extract or name in ("captures", "errors"):
            options: dict[str, Any] = {
                "format": FORMATS[extension],
                "item_classes": [record_class],
                "encoding": "utf-8",
                "store_empty": name in config.extract and store_empty,
                # FEED_EXPORT_FIELDS and its like are for the items of the user's own
                "fields": list(record_class.__dataclass_fields__) if FORMATS[extension] == "csv" else None,
            }
            if not template.startswith("stdout:"):  # Scrapy warns of it for each feed there
                options["overwrite"] = overwrite
            feeds[template.replace("%(records)s", name)] = options
    return feeds


class _WhereRecordsCame:
    """``store_empty`` for a spider that is not asked for records: Scrapy looks at it at the end of the crawl, when it is known.

    Where its callbacks have yielded none, the files may hold those of another spider.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = ref(crawler)

    def __bool__(self) -> bool:
        crawler = self._crawler()
        return crawler is not None and any(entry.reached for entry in _filters_of_records(crawler))


def prepare_feeds(
    settings: BaseSettings, config: LinkMediaConfig, added: dict[str, dict[str, Any]], crawler: Crawler | None = None
) -> None:
    """Put `added` among the crawl's feeds, and our exporters where the user has none of their own for a format.

    Every feed whose `item_classes` are record classes takes page items apart. Those that name no classes leave our records out with
    ``LINKMEDIA_AUTO``; where they are CSV, and would have to hold several kinds beside what a spider yields, those that come by themselves
    (a filter that the feed has may choose among them); of a single kind that is extracted, the captures and errors beside it.

    :raises ConfigError: for a feed of `added` that Scrapy cannot write to, and a Parquet feed that cannot be written.
    """
    for name, exporter in EXPORTERS.items():
        if name not in settings["FEED_EXPORTERS"]:
            settings["FEED_EXPORTERS"][name] = exporter
    _add(settings, config, added, crawler)
    spider = crawler.spider if crawler is not None else None
    marked = isinstance(spider, LinkMediaMixin)
    placed = config.feeds is not None or any(_names_records(dict(options)) for options in settings["FEEDS"].values())
    if config.auto and not placed:
        logger.warning("%sAUTO: no feed takes the records; %sFEEDS='out/%%(records)s.csv' writes one for each kind", PREFIX, PREFIX)
    one_time = _OneTime(settings.get("FEED_URI_PARAMS"))
    for uri, entry in list(settings["FEEDS"].items()):
        options = dict(entry)
        if uri in added:
            options.setdefault("uri_params", one_time)
        records = PageRecords.of(options)
        feed_format = format_of(uri, options)
        exporter = _exporter(settings, feed_format)
        if isinstance(exporter, type) and issubclass(exporter, ParquetItemExporter):  # not one of the user's own for this format
            label = f"{PREFIX}FEEDS = {config.feeds!r}" if uri in added else f"FEEDS[{str(uri)!r}]"
            fields = options.get("fields", settings.getdictorlist("FEED_EXPORT_FIELDS"))
            parquet = check_parquet_feed(label, str(uri), {**options, "fields": fields}, spider)
            options["item_export_kwargs"] = {**options.get("item_export_kwargs", {}), **parquet}
        if records is not None and exporter is not None:
            options = _taken_apart(settings, feed_format, exporter, options, records)
        elif options.get("item_classes"):
            continue
        elif config.auto:
            options = ForeignItemFilter.wrap(options)
        elif marked and feed_format == "csv" and not options.get("item_filter"):
            if len(config.extract) > 1:  # whoever has given the records a place of their own knows that already
                _say_left_out(logging.INFO if placed else logging.WARNING, uri, config)
            options = YieldedItemFilter.letting_in(options, config.extract[0] if len(config.extract) == 1 else None)
        else:
            continue
        change_feed(settings, uri, options)


def _add(settings: BaseSettings, config: LinkMediaConfig, added: dict[str, dict[str, Any]], crawler: Crawler | None) -> None:
    """Put the feeds of ``LINKMEDIA_FEEDS`` among the crawl's.

    :raises ConfigError: where Scrapy cannot write to them.
    """
    if added:
        _put_first(settings["FEEDS"], added)
    for number, uri in enumerate(added):
        scheme = urlsplit(uri).scheme
        if number and scheme not in ("", "file"):
            break  # they differ in the name of their records only
        if scheme in ("ftp", "ftps") and scheme in settings["FEED_STORAGES_BASE"] and scheme not in settings["FEED_STORAGES"]:
            settings["FEED_STORAGES"][scheme] = SequentialFTPFeedStorage
        check_feed_uri(f"{PREFIX}FEEDS = {config.feeds!r}", uri, dict(settings["FEEDS"][uri]), settings, crawler)


def _put_first(feeds: BaseSettings, added: dict[str, dict[str, Any]]) -> None:
    """Put feeds before those that are there, which hold where they have the same URI.

    A feed that cannot be opened makes Scrapy keep each item from the feeds behind it, too: ours are looked at before the crawl, a user's
    own are not.
    """
    theirs = {uri: (options, feeds.getpriority(uri) or 0) for uri, options in feeds.items()}
    for uri, (_, priority) in theirs.items():
        feeds.delete(uri, priority)
    for uri, options in added.items():
        if uri not in theirs:
            feeds[uri] = options
    for uri, (options, priority) in theirs.items():
        feeds.set(uri, options, priority)


class _OneTime:
    """Gives all feeds of ``LINKMEDIA_FEEDS`` one ``%(time)s``: Scrapy gives each the time at which it comes to it.

    :param original: the function that ``FEED_URI_PARAMS`` names, if any.
    """

    def __init__(self, original: Any) -> None:
        self._original = original
        self._time: str | None = None

    def __call__(self, params: dict[str, Any], spider: Spider) -> dict[str, Any]:
        """What may stand in a feed's URI."""
        if self._time is None:
            self._time = params["time"]
        params = {**params, "time": self._time}
        given = load_object(self._original)(params, spider) if self._original else None
        return params if given is None else given


def _names_records(options: dict[str, Any]) -> bool:
    """Whether a feed's `item_classes` name records or page items."""
    try:
        classes = [load_object(entry) for entry in options.get("item_classes") or ()]
        return any(issubclass(entry, Record) or issubclass(Record, entry) for entry in classes)
    except Exception:
        return False  # Scrapy loads them, too, and says what is wrong


def _say_left_out(level: int, uri: str, config: LinkMediaConfig) -> None:
    logger.log(
        level,
        "%s: one CSV cannot hold %s beside a spider's own items, so these records are left out of it; %sFEEDS='out/%%(records)s.csv' "
        "gives each kind a CSV of its own, %sEXTRACT=%s lets that one kind in",
        *(without_passwords(str(uri)), ", ".join(config.extract), PREFIX, PREFIX, config.extract[0]),
    )


def format_of(uri: Any, options: dict[str, Any]) -> str:
    """The format of a feed: as its entry of ``FEEDS`` says, else by the end of its URI."""
    return options.get("format") or Path(str(uri)).suffix.removeprefix(".")


def _exporter(settings: BaseSettings, feed_format: str) -> Any:
    """The exporter of a format; None where there is none, of which Scrapy says so."""
    entry = settings.getwithbase("FEED_EXPORTERS").get(feed_format)
    return load_object(entry) if entry is not None else None


def _taken_apart(settings: BaseSettings, feed_format: str, exporter: Any, options: dict[str, Any], records: PageRecords) -> dict[str, Any]:
    """A feed's options, with its filter and its exporter told which of a page's records are meant."""
    if not issubclass(exporter, PageItemExporter):
        exporters = settings["FEED_EXPORTERS"]  # where each entry has the priority of who set it, custom_settings for one
        exporters.set(feed_format, unfolding_exporter(exporter), priority=exporters.getpriority(feed_format) or "addon")
    told = {**options.get("item_export_kwargs", {}), "page_records": records}
    return UnfoldingItemFilter.wrap({**options, "item_export_kwargs": told})


def kinds_that_reached_no_feed(crawler: Crawler) -> list[str]:
    """Of the kinds that have a feed of their own (and no filter of the user's), those of which it has not been given any."""
    return [name for entry in _filters_of_records(crawler) if not entry.reached for name in entry.kinds]


def _filters_of_records(crawler: Crawler) -> list[UnfoldingItemFilter]:
    exporter = crawler.get_extension(FeedExporter)
    filters = exporter.filters.values() if exporter is not None else ()
    return [entry for entry in filters if isinstance(entry, UnfoldingItemFilter)]


def change_feed(settings: BaseSettings, uri: str, options: dict[str, Any]) -> None:
    """Give a feed that is there other options, at the priority that it has: FEEDS keeps one for each of its keys."""
    feeds = settings["FEEDS"]
    feeds.set(uri, options, priority=feeds.getpriority(uri))


class SequentialFTPFeedStorage(FTPFeedStorage):
    """Scrapy's storage for feeds over FTP, one feed after the other.

    It looks whether a folder is there, and makes it where it is missing. The feeds of all kinds end at the same moment, and of those that
    make the same folder at once all but one are lost.
    """

    _turn: ClassVar[Lock] = Lock()

    def _store_in_thread(self, file: IO[bytes]) -> None:
        with self._turn:
            super()._store_in_thread(file)
