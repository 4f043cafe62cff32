"""Whether Scrapy can write to the URI of ``LINKMEDIA_FEEDS``, found out before the crawl starts.

A feed that it cannot write to makes Scrapy give up all feeds of the crawl, the user's own among them, and crawl on.
"""

from __future__ import annotations

import difflib
import os
import re
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import BlockingFeedStorage, FileFeedStorage, FTPFeedStorage, GCSFeedStorage, S3FeedStorage
from scrapy.utils.misc import build_from_crawler, load_object

from linkmedia_scrapy.errors import ConfigError, how_to_install, one_line

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["check_feed_uri", "filled_in", "is_new_each_time"]

_TIMES: Final = re.compile(r"%\((?:batch_)?time\)s")
_BATCH: Final = re.compile(r"%\(batch_time\)s|%\(batch_id\)")
_PLACEHOLDER: Final = re.compile(r"%\(([^)]+)\)[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[diouxXeEfFgGcrsa]")
"""As Scrapy has them: any other percent sign stands for itself."""
_GIVEN: Final = ("batch_id", "batch_time", "time")
"""What Scrapy gives besides the spider's attributes."""


def check_feed_uri(label: str, uri: str, options: dict[str, Any], settings: BaseSettings, crawler: Crawler | None) -> None:
    """Look at one feed's URI as Scrapy will.

    :param label: the feed's setting and value, for the error.
    :param crawler: the crawl's, whose spider is made already; without it, less can be found out.
    :raises ConfigError: where Scrapy has no storage for it, cannot make that storage, cannot fill in a name, or may not write there.
    """
    _check_storage(label, uri, options, settings, crawler)
    count = options.get("batch_item_count", settings.getint("FEED_EXPORT_BATCH_ITEM_COUNT"))
    if count and not _BATCH.search(uri):
        raise ConfigError(f"{label}: must have %(batch_id)d or %(batch_time)s in it, since FEED_EXPORT_BATCH_ITEM_COUNT = {count}")
    # a function of the user's may give any name
    if crawler is not None and crawler.spider is not None and not (options.get("uri_params") or settings.get("FEED_URI_PARAMS")):
        _check_names(label, uri, crawler.spider)


def is_new_each_time(uri: str) -> bool:
    """Whether a feed's URI has a time in it, so that there is no file that a crawl could overwrite or add to."""
    return _TIMES.search(uri) is not None


def filled_in(uri: str, spider: Spider | None) -> str:
    """The URI with the spider's attributes in it, as Scrapy fills them in; as it is, where that cannot be done."""
    try:
        return _PLACEHOLDER.sub(lambda found: found[0] % {found[1]: getattr(spider, found[1])}, uri)
    except (AttributeError, TypeError, ValueError):
        return uri


def _check_storage(label: str, uri: str, options: dict[str, Any], settings: BaseSettings, crawler: Crawler | None) -> None:
    storages = {scheme: path for scheme, path in settings.getwithbase("FEED_STORAGES").items() if path is not None}
    scheme = urlsplit(uri).scheme
    if scheme not in storages and not PureWindowsPath(uri).drive:
        known = ", ".join(f"{name}:" for name in sorted(storages) if name)
        raise ConfigError(
            f"{label}: Scrapy has no storage for {scheme}: must be a path, or begin with one of {known}{_near(scheme, storages)}"
        )
    if crawler is None:
        return
    try:
        storage = build_from_crawler(load_object(storages.get(scheme, storages["file"])), crawler, uri, feed_options=options)
    except (NotConfigured, ValueError, AssertionError) as error:
        why = one_line(error) + how_to_install(scheme, error)
        raise ConfigError(f"{label}: Scrapy's storage for {scheme}: cannot be used: {why}") from error
    except Exception:
        return  # Scrapy makes it again, and does not go on where it cannot
    _check_file(label, storage, crawler)
    if options.get("overwrite") is False and not is_new_each_time(uri):
        if isinstance(storage, GCSFeedStorage | S3FeedStorage):
            raise ConfigError(f"{label}: nothing can be added to a file there (as JOBDIR asks): put %(time)s into its name")
        if isinstance(storage, FTPFeedStorage) and options.get("format") == "csv":
            # whether there is a file is not known where the header is written
            raise ConfigError(
                f"{label}: a CSV that is added to there (as JOBDIR asks) gets a second header: put %(time)s into its name, or choose .jsonl"
            )
    if isinstance(storage, GCSFeedStorage) and not _has_google_cloud_storage():  # Scrapy misses it when the crawl is over
        why = "missing google-cloud-storage library: pip install 'linkmedia-scrapy[gcs]'"
        raise ConfigError(f"{label}: Scrapy's storage for {scheme}: cannot be used: {why}")


def _check_file(label: str, storage: Any, crawler: Crawler) -> None:
    """Look whether there can be a file: Scrapy finds out at the first item, and at every one after that, for all feeds behind this one."""
    if type(storage) is FileFeedStorage:
        path = Path(filled_in(storage.path, crawler.spider))
        there = next(entry for entry in (path, *path.parents, Path()) if os.path.exists(entry))  # noqa: PTH110 - False where one may not look
        if not (os.access(there, os.W_OK) and there.is_dir() is (there != path)):
            raise ConfigError(f"{label}: no file can be written to {there}")
        try:
            os.fsencode(path)
        except UnicodeEncodeError as error:
            raise ConfigError(f"{label}: no file can have this name here: {one_line(error)}") from error
    elif crawler.spider is not None and getattr(type(storage), "open", None) is BlockingFeedStorage.open:
        try:
            storage.open(crawler.spider).close()
        except OSError as error:
            raise ConfigError(f"{label}: no file can be made, to be sent when it is whole (FEED_TEMPDIR): {one_line(error)}") from error


def _check_names(label: str, uri: str, spider: Spider) -> None:
    attributes = dir(spider)
    for name in _PLACEHOLDER.findall(uri):
        if name not in _GIVEN and name not in attributes:
            near = _near(name, (*_GIVEN, *(known for known in attributes if not known.startswith("_"))))
            raise ConfigError(
                f"{label}: nothing gives %({name})s: there are %(records)s, %(name)s, %(time)s, %(batch_id)d, %(batch_time)s, "
                f"and the spider's attributes and arguments{near}"
            )


def _has_google_cloud_storage() -> bool:
    try:
        return find_spec("google.cloud.storage") is not None
    except ModuleNotFoundError:  # of what it is part of
        return False


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""
