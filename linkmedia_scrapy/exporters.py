"""Exporters: Scrapy's, with records as rows and page items taken apart into the rows of their records.

Items that are none of ours are written as Scrapy writes them. `pagerecords.py` says which records a feed takes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter, XmlItemExporter

from linkmedia_scrapy.checks import boolean
from linkmedia_scrapy.config import PREFIX
from linkmedia_scrapy.csvcells import Cells
from linkmedia_scrapy.errors import FailureKinds
from linkmedia_scrapy.items import PageItem, Record

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from linkmedia_scrapy.pagerecords import PageRecords

__all__ = [
    "EXPORTERS",
    "PageItemExporter",
    "RecordCsvItemExporter",
    "RecordJsonItemExporter",
    "RecordJsonLinesItemExporter",
    "RecordXmlItemExporter",
    "file_name",
    "unfolding_exporter",
]

logger = logging.getLogger(__name__)

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character to XML (XML 1.0, 2.2), not even as a reference."""
_FEW: Final = 2
"""So many rows are worth making column by column."""


class PageItemExporter(BaseItemExporter):
    """What exporters of records share, to stand before one of Scrapy's among the bases.

    :param page_records: which records of a page item are written, one by one; without it a page item is one nested entry.

    A record that cannot be written costs itself only, not its page; what the file does not take (a full disk) costs no other feed, while
    an exception would keep the item from those behind this one. All are counted, and the first of a kind is logged.
    """

    def __init__(self, *args: Any, page_records: PageRecords | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page_records = page_records
        self._stats: StatsCollector | None = None
        self._file_name = file_name(args[0]) if args else "a feed"
        self._file_failed = False
        self._failures = FailureKinds()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the exporter for a crawl, whose stats get to know what could not be written."""
        make: Callable[..., Self] | None = getattr(super(), "from_crawler", None)
        exporter = make(crawler, *args, **kwargs) if make is not None else cls(*args, **kwargs)
        exporter.use_stats(crawler.stats)
        return exporter

    def export_item(self, item: Any) -> None:
        """Write an item: one row of a record, those of a page item, or what Scrapy writes of an item that is not ours."""
        if not isinstance(item, Record):
            try:
                super().export_item(item)  # type: ignore[safe-super]
            except OSError as error:
                self.note_unwritten("item", error)
        elif not isinstance(item, PageItem):
            self.export_records([item])
        elif self._page_records is not None:
            self.export_records(self._page_records.of_page(item))
        else:
            self._each([item])

    def export_records(self, records: list[Record]) -> None:
        """Write records, each as a row or entry of its own."""
        self._each(records)

    def export_record(self, record: Record) -> None:
        """Write one record, or a page item as one."""
        super().export_item(record)  # type: ignore[safe-super]

    def _each(self, records: Iterable[Record]) -> None:
        for record in records:
            try:
                self.export_record(record)
            except OSError as error:
                self.note_unwritten(record.record, error)
            except Exception as error:
                level = self._failures.level(error)  # an encoding that lacks Chinese lacks it on every page
                first = level == logging.ERROR
                more = "; others that fail so are logged at level DEBUG" if first else ""
                logger.log(level, "Writing %s to %s failed: it is counted%s", record, self._file_name, more, exc_info=first)
                self.count(f"error_count/feed/{record['record']}")

    def finish_exporting(self) -> None:
        """End the file. What it does not take by now Scrapy finds out once more as it closes the file, and counts the feed as failed."""
        try:
            super().finish_exporting()
        except OSError as error:
            self.log_failure(error)

    def note_unwritten(self, what: str, error: OSError, number: int = 1) -> None:
        """Count what the file has not taken, by the name of the records."""
        self.log_failure(error)
        self.count(f"error_count/feed/{what}", number)

    def log_failure(self, error: OSError) -> None:
        """Say that the file does not take what is written, the first time."""
        if not self._file_failed:
            logger.error("Writing to %s failed: %s; what it lacks is counted, and not logged again", self._file_name, error)
        self._file_failed = True

    def use_stats(self, stats: StatsCollector) -> None:
        """Count in these stats."""
        self._stats = stats

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the package's stats."""
        if self._stats is not None:
            self._stats.inc_value(f"linkmedia/{name}", number)


def file_name(file: Any) -> str:
    """The name of a feed's file, or of the one behind what postprocesses it."""
    return str(getattr(file, "name", None) or getattr(getattr(file, "file", None), "name", "a feed"))


def unfolding_exporter(exporter: type[BaseItemExporter]) -> type[BaseItemExporter]:
    """An exporter of somebody else's that takes page items apart, too."""
    return type(exporter.__name__, (PageItemExporter, exporter), {})


class _Columns:
    """How the records of one class are read for one feed."""

    __slots__ = ("item_fields", "names", "values")

    def __init__(self, item_fields: list[str], names: list[str]) -> None:
        self.item_fields = item_fields
        self.names = names
        self.values: Callable[[Record], tuple[Any, ...]] = attrgetter(*item_fields)


class _FieldReader(PageItemExporter):
    """Reads the fields of records without an adapter for each, which costs more than all the rest of writing them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns_by_class: dict[type[Record], _Columns | None] = {}

    def columns(self, record: Record) -> _Columns | None:
        """How to read a record; None where only an adapter can."""
        if record.undeclared:
            return None
        try:
            return self._columns_by_class[record.__class__]
        except KeyError:
            columns = self._columns_by_class[record.__class__] = self._columns_of(record.__class__)
            return columns

    def _columns_of(self, record_class: type[Record]) -> _Columns | None:
        declared = record_class.__dataclass_fields__
        chosen = declared if self.fields_to_export is None else self.fields_to_export
        item_fields = list(chosen)
        names = list(chosen.values()) if isinstance(chosen, Mapping) and chosen is not declared else item_fields
        if len(item_fields) < 2 or any(name not in declared or declared[name].metadata.get("serializer") for name in item_fields):
            return None
        return _Columns(item_fields, names)

    def get_serialized_fields(self, item: Any, default_value: Any = None, include_empty: bool | None = None) -> Iterable[tuple[str, Any]]:
        """The names and values of an item's fields, as they are written."""
        if isinstance(item, Record):
            columns = self.columns(item)
            if columns is not None:
                return zip(columns.names, columns.values(item), strict=True)
        return super().get_serialized_fields(item, default_value, include_empty)


class _NestedPages(_FieldReader):
    """A page item as one entry: its fields, with the records in them as dicts."""

    def export_record(self, record: Record) -> None:
        """Write one record, or a page item as one."""
        super().export_record(Record.to_dict(record) if isinstance(record, PageItem) else record)  # type: ignore[arg-type]


class RecordJsonItemExporter(_NestedPages, JsonItemExporter):
    """Scrapy's JSON exporter, with page items as their records or as entries that nest them."""


class RecordJsonLinesItemExporter(_NestedPages, JsonLinesItemExporter):
    """Scrapy's JSON Lines exporter, with page items as their records or as lines that nest them."""


class RecordXmlItemExporter(_NestedPages, XmlItemExporter):
    """Scrapy's XML exporter, with page items as their records or as elements that nest them.

    A character that XML cannot hold, as texts of pages have now and then, becomes U+FFFD: with one no parser would read the file.
    """

    def __init__(self, file: Any, **kwargs: Any) -> None:
        super().__init__(file, **kwargs)
        write = self.xg.characters
        self.xg.characters = lambda content: write(_NO_XML.sub("\ufffd", content))  # type: ignore[method-assign]


class RecordCsvItemExporter(_FieldReader, CsvItemExporter):
    """Scrapy's CSV exporter, with records as rows: lists and dicts are JSON, and no text is a formula. Other items are as before.

    The header of a feed that names its fields is written even where no item comes; a file that is continued gets none.
    """

    def __init__(self, file: Any, *args: Any, escape_formulas: bool = True, **kwargs: Any) -> None:
        super().__init__(file, *args, **kwargs)
        self._cells = Cells(escape_formulas=escape_formulas, encoding=self.encoding or "utf-8")
        self._detects_fields = not self.fields_to_export
        self._continues = file.tell() > 0 if file.seekable() else False
        self._has_usual_dialect = not self._kwargs

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the exporter by the crawl's settings."""
        escape = boolean.convert(crawler.settings.get(f"{PREFIX}CSV_ESCAPE_FORMULAS", True))
        return super().from_crawler(crawler, *args, escape_formulas=escape, **kwargs)

    def export_records(self, records: list[Record]) -> None:
        """Write one row a record, all at once where nothing speaks against it."""
        if self._headers_not_written and records:
            self._each(records[:1])
            records = records[1:]
        try:
            text = self._text(records)
            if text is not None:
                self.stream.write(text)
                return
        except OSError as error:
            self.note_unwritten(records[0]["record"], error, len(records))
            return
        except Exception:
            logger.debug("Writing rows one by one, since one of them cannot be written", exc_info=True)
        self._each(records)

    def export_record(self, record: Record) -> None:
        """Write one row."""
        if self._continues:
            self.include_headers_line = False
        columns = None if self._headers_not_written else self._columns_for_row(record)
        if columns is not None:
            self.csv_writer.writerow(map(self._cells.cell, columns.item_fields, columns.values(record)))
        else:
            super().export_record({name: self._cells.cell(name, value) for name, value in ItemAdapter(record).items()})  # type: ignore[arg-type]

    def finish_exporting(self) -> None:
        """End the file; where no row came, with the header alone."""
        if self.fields_to_export and self.include_headers_line and not self._continues and self._headers_not_written:
            self._headers_not_written = False
            self._write_headers_and_set_fields_to_export({})
        super().finish_exporting()

    def _columns_for_row(self, record: Record) -> _Columns | None:
        columns = self.columns(record)
        if self._detects_fields and columns is not None and len(columns.names) < len(record.__dataclass_fields__):
            return None  # columns are lost, of which Scrapy warns
        return columns

    def _text(self, records: list[Record]) -> str | None:
        """The rows of records of one class, made column by column; None where they have to be made one by one.

        That is the csv module's work in the fewest steps: it looks at every character of every cell, while here most columns hold
        nothing that asks for quotes, and many one value only.
        """
        if len(records) < _FEW or not self._has_usual_dialect:
            return None
        if len(set(map(type, records))) > 1 or any(record.undeclared for record in records):
            return None
        columns = self._columns_for_row(records[0])
        if columns is None:
            return None
        values = zip(*map(columns.values, records), strict=True)
        lines = map(",".join, zip(*map(self._cells.column, columns.item_fields, values), strict=True))
        return "\r\n".join(lines) + "\r\n"


EXPORTERS: Final[dict[str, Any]] = {
    "csv": RecordCsvItemExporter,
    "json": RecordJsonItemExporter,
    "jl": RecordJsonLinesItemExporter,
    "jsonl": RecordJsonLinesItemExporter,
    "jsonlines": RecordJsonLinesItemExporter,
    "parquet": "linkmedia_scrapy.parquet.ParquetItemExporter",
    "xml": RecordXmlItemExporter,
}
"""``FEED_EXPORTERS`` entries, by format."""
