"""Feeds: one for each kind of record, records as CSV rows, and feeds that leave our records out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from itemadapter import ItemAdapter
from scrapy.exporters import CsvItemExporter
from scrapy.extensions.feedexport import ItemFilter
from scrapy.utils.misc import load_object

from linkmedia_scrapy.checks import boolean
from linkmedia_scrapy.config import PREFIX
from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.items import RECORDS, PageItem, Record

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["FORMATS", "ForeignItemFilter", "RecordCsvItemExporter", "change_feed", "feeds_by_kind", "guarded"]

FORMATS: Final = {".csv": "csv", ".json": "json", ".jl": "jsonlines", ".jsonl": "jsonlines", ".jsonlines": "jsonlines", ".xml": "xml"}
"""Feed formats by the end of the URI."""

_ORIGINAL_FILTER: Final = "linkmedia_original_item_filter"

# OWASP's list of what makes a spreadsheet run a cell (https://owasp.org/www-community/attacks/CSV_Injection)
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?\s*%?")
_URL_FIELDS: Final = frozenset({"embed_url", "link_url", "page_url", "placeholder_src", "poster", "src", "url"})


def feeds_by_kind(config: LinkMediaConfig, *, overwrite: bool) -> dict[str, dict[str, Any]]:
    """``FEEDS`` entries for `config.feeds`: one feed for each kind that is extracted, and for captures and errors where there are any.

    :raises ConfigError: where the URI's end names no format.
    """
    if config.feeds is None:
        return {}
    template = config.feeds
    extension = next((end for end in FORMATS if template.lower().endswith(end)), None)
    if extension is None:
        raise ConfigError(f"{PREFIX}FEEDS = {template!r}: must end with one of {', '.join(FORMATS)}")
    feeds: dict[str, dict[str, Any]] = {}
    for name, record_class in RECORDS.items():
        if name in config.extract or name in ("captures", "errors"):
            options: dict[str, Any] = {
                "format": FORMATS[extension],
                "item_classes": [record_class],
                "encoding": "utf8",
                "overwrite": overwrite,
                "store_empty": name in config.extract,
            }
            if FORMATS[extension] == "csv":
                options["fields"] = list(record_class.__dataclass_fields__)
            feeds[template.replace("%(records)s", name)] = options
    return feeds


def change_feed(settings: BaseSettings, uri: str, options: dict[str, Any]) -> None:
    """Give a feed that is there other options, at the priority that it has: FEEDS keeps one for each of its keys."""
    feeds = settings["FEEDS"]
    feeds.set(uri, options, priority=feeds.getpriority(uri))


class ForeignItemFilter(ItemFilter):
    """Accepts what the feed's own filter accepts, our records apart: the feed stays as it was before ``LINKMEDIA_AUTO``."""

    @classmethod
    def wrap(cls, options: dict[str, Any]) -> dict[str, Any]:
        """A feed's options with this filter over the one that they have."""
        return {**options, "item_filter": cls, _ORIGINAL_FILTER: options.get("item_filter")}

    def __init__(self, feed_options: dict[str, Any] | None) -> None:
        super().__init__(feed_options)
        original = (feed_options or {}).get(_ORIGINAL_FILTER)
        self._original = load_object(original)(feed_options) if original is not None else None

    def accepts(self, item: Any) -> bool:
        """Whether the item goes into the feed."""
        if isinstance(item, Record):
            return False
        return bool(self._original.accepts(item)) if self._original is not None else bool(super().accepts(item))


class RecordCsvItemExporter(CsvItemExporter):
    """Scrapy's CSV exporter, with records as rows: lists and dicts are JSON, and no text is a formula. Other items are as before.

    The header of a feed that names its fields is written even where no item comes; a file that is continued gets none.
    """

    def __init__(self, file: Any, *args: Any, escape_formulas: bool = True, **kwargs: Any) -> None:
        super().__init__(file, *args, **kwargs)
        self._escape_formulas = escape_formulas
        self._continues = file.tell() > 0 if file.seekable() else False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the exporter by the crawl's settings."""
        escape = boolean.convert(crawler.settings.get(f"{PREFIX}CSV_ESCAPE_FORMULAS", True))
        return cls(*args, escape_formulas=escape, **kwargs)

    def export_item(self, item: Any) -> None:
        """Write one row."""
        if not isinstance(item, Record):
            super().export_item(item)
            return
        if self._continues:
            self.include_headers_line = False
        row = {name: self._cell(name, value) for name, value in ItemAdapter(item).items()}
        super().export_item(row)

    def finish_exporting(self) -> None:
        """End the file; where no row came, with the header alone."""
        if self.fields_to_export and self.include_headers_line and not self._continues and self._headers_not_written:
            self._headers_not_written = False
            self._write_headers_and_set_fields_to_export({})
        super().finish_exporting()

    def _cell(self, name: str, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, str):
            return guarded(value) if self._escape_formulas and name not in _URL_FIELDS else value
        if isinstance(value, PageItem | Record):
            value = value.to_dict()
        if isinstance(value, list | tuple | dict):
            plain = [entry.to_dict() if isinstance(entry, Record) else entry for entry in value] if not isinstance(value, dict) else value
            return json.dumps(plain, ensure_ascii=False)
        return value


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return "'" + text if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
