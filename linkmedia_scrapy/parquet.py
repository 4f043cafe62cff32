"""Parquet feeds: one kind of record a file, a fixed schema for each kind, row groups written as they fill.

The schema is the record's fields in order: texts, 64-bit whole numbers and floats, booleans; lists as lists, the dicts in them as
structs, and `score_parts` as a map. Needs pyarrow (``pip install 'linkmedia-scrapy[parquet]'``), which is imported when a feed is written.
"""

from __future__ import annotations

import logging
import types
import typing
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scrapy.utils.misc import load_object
from w3lib.url import file_uri_to_path

from linkmedia_scrapy.errors import ConfigError
from linkmedia_scrapy.exporters import PageItemExporter, file_name
from linkmedia_scrapy.feeduris import filled_in, is_new_each_time
from linkmedia_scrapy.items import RECORDS, CaptureItem, PageItem, Record, TableItem

if TYPE_CHECKING:
    from pyarrow import Array, DataType, Schema
    from scrapy import Spider

__all__ = ["ParquetItemExporter", "check_parquet_feed", "schema"]

logger = logging.getLogger(__name__)

_STRUCTS: Final[dict[str, dict[str, type]]] = {
    "variants": {"src": str, "width": int, "density": float, "media": str, "mime_type": str},
    "sources": {"src": str, "mime_type": str, "media": str},
    "tracks": {"src": str, "kind": str, "srclang": str, "label": str, "default": bool},
    "cell_links": {"row": int, "column": int, "text": str, "url": str},
}
"""What the dicts in a field's list hold."""

# Two limits for what a feed holds in memory: as Python's objects, and as Arrow's columns, which are a row group when they are written
_MAX_PENDING_ROWS: Final = 1000
_MAX_GROUP_BYTES: Final = 16 * 1024 * 1024
_MAX_GROUP_ROWS: Final = 100_000
_CELLS_A_ROW: Final = 50
_CHARACTERS_A_ROW: Final = 10_000


def check_parquet_feed(label: str, uri: str, options: dict[str, Any], spider: Spider | None = None) -> dict[str, Any]:
    """What the exporter of a Parquet feed has to know.

    :param label: the feed's setting and value, for the error.
    :param spider: the crawl's, whose attributes may stand in the URI; without it less can be found out.
    :raises ConfigError: where the feed cannot be written: no pyarrow, not one kind of record, or a file that would have to be added to.
    """
    if find_spec("pyarrow") is None:
        raise ConfigError(f"{label}: Parquet needs pyarrow: pip install 'linkmedia-scrapy[parquet]'")
    classes = [load_object(entry) for entry in options.get("item_classes") or ()]
    if len(classes) != 1 or classes[0] not in RECORDS.values():
        raise ConfigError(f"{label}: a Parquet file holds one kind of record: name one in item_classes, such as linkmedia_scrapy.LinkItem")
    unknown = [name for name in options.get("fields") or () if name not in classes[0].__dataclass_fields__]
    if unknown:
        raise ConfigError(f"{label}: no field {unknown[0]!r}: a Parquet file has columns for declared fields only")
    adds = options.get("overwrite")
    if not is_new_each_time(uri) and (adds is False or (adds is None and _has_content(filled_in(uri, spider)))):
        raise ConfigError(f"{label}: nothing can be added to a Parquet file (as JOBDIR asks): put %(time)s into its name, or overwrite it")
    return {"record_class": classes[0]}


def _has_content(uri: str) -> bool:
    path = Path(file_uri_to_path(uri) if uri.startswith("file:") else uri)
    return path.is_file() and path.stat().st_size > 0


def schema(record_class: type[Record]) -> Schema:
    """The Arrow schema of a record's fields, in their order; every column may hold nulls.

    >>> schema(RECORDS["errors"]).names
    ['record', 'page_url', 'kind', 'stage', 'reason', 'message']
    """
    arrow: Any = import_module("pyarrow")
    hints = typing.get_type_hints(record_class)
    return arrow.schema([(name, _type(arrow, name, hints[name])) for name in record_class.__dataclass_fields__])


def _type(arrow: Any, name: str, hint: Any) -> DataType:
    simple = {str: arrow.string(), int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}
    if hint in simple:
        return simple[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _type(arrow, name, next(entry for entry in arguments if entry is not type(None)))
    if origin is list:
        return arrow.list_(_type(arrow, name, arguments[0]))
    if name in _STRUCTS:
        return arrow.struct([(key, simple[kind]) for key, kind in _STRUCTS[name].items()])
    return arrow.map_(arrow.string(), _type(arrow, name, arguments[1]))


class ParquetItemExporter(PageItemExporter):
    """Writes the records of one class; the columns are its declared fields.

    :param file: written to from where it stands, which has to be its beginning.
    :param record_class: the one whose records come.

    A value that does not fit its column (a pipeline may have put anything there) is null; that is logged and counted.

    :raises ImportError: where pyarrow is not installed.
    """

    def __init__(self, file: Any, *, record_class: type[Record], **kwargs: Any) -> None:
        kwargs.pop("indent", None)
        super().__init__(dont_fail=True, **kwargs)
        self._file_name = file_name(file)
        self._arrow: Any = import_module("pyarrow")
        whole = schema(record_class)
        chosen = self.fields_to_export or whole.names
        titles = chosen if isinstance(chosen, Mapping) else {name: name for name in chosen}
        self._record_class = record_class
        self._item_fields = list(titles)
        self._schema = self._arrow.schema([whole.field(name).with_name(title) for name, title in titles.items()])
        self._file = file
        self._writer: Any = None
        self._pending: list[Record] = []
        self._weight = 0
        self._batches: list[Any] = []
        self._failure: OSError | None = None

    def start_exporting(self) -> None:
        """Begin the file.

        :raises ValueError: where the file is not empty.
        """
        if self._file.seekable() and self._file.tell() > 0:
            raise ValueError("nothing can be added to a Parquet file: overwrite it, or put %(time)s into its name")
        self._writer = import_module("pyarrow.parquet").ParquetWriter(self._file, self._schema)

    def export_item(self, item: Any) -> None:
        """Take a record, or those of a page item.

        :raises TypeError: for an item that is not one of our records.
        """
        if not isinstance(item, Record):
            raise TypeError(f"a Parquet feed of {self._record_class.__name__} cannot hold a {type(item).__name__}")
        super().export_item(item)

    def export_record(self, record: Record) -> None:
        """Take one record; it is written when its row group is full."""
        if not isinstance(record, self._record_class) or isinstance(record, PageItem):
            raise TypeError(f"not a {self._record_class.__name__}")
        self._pending.append(record)
        self._weight += _weight(record)
        if self._weight >= _MAX_PENDING_ROWS:
            self._to_columns()

    def finish_exporting(self) -> None:
        """Write what is left, and the file's end.

        :raises OSError: where the file has not taken all of it, so that nobody can read it; Scrapy does not store it then.
        """
        self._to_columns()
        self._write_group()
        try:
            self._writer.close()
        except OSError as error:
            self.log_failure(error)
            self._failure = self._failure or error
        if self._failure is not None:
            raise self._failure

    def _to_columns(self) -> None:
        records, self._pending, self._weight = self._pending, [], 0
        if not records:
            return
        arrays = [
            self._column(name, kind, [getattr(record, name) for record in records])
            for name, kind in zip(self._item_fields, self._schema.types, strict=True)
        ]
        self._batches.append(self._arrow.record_batch(arrays, schema=self._schema))
        if sum(batch.nbytes for batch in self._batches) >= _MAX_GROUP_BYTES or sum(map(len, self._batches)) >= _MAX_GROUP_ROWS:
            self._write_group()

    def _write_group(self) -> None:
        if not self._batches:
            return
        table = self._arrow.Table.from_batches(self._batches)
        self._batches = []
        if self._failure is None:
            try:
                self._writer.write_table(table, row_group_size=len(table))
            except OSError as error:
                self._failure = error
        if self._failure is not None:
            self.note_unwritten(self._record_class()["record"], self._failure, len(table))

    def _column(self, name: str, kind: Any, values: list[Any]) -> Array:
        if self._arrow.types.is_map(kind):
            values = [list(value.items()) if isinstance(value, dict) else value for value in values]
        try:
            return self._arrow.array(values, kind)
        except (self._arrow.ArrowException, TypeError, ValueError, OverflowError):
            return self._arrow.array([self._fitting(name, kind, value) for value in values], kind)

    def _fitting(self, name: str, kind: Any, value: Any) -> Any:
        try:
            self._arrow.array([value], kind)
        except (self._arrow.ArrowException, TypeError, ValueError, OverflowError) as failure:
            record = self._record_class()["record"]
            logger.error(  # noqa: TRY400 - a value that does not fit; how it came here says nothing
                "The %s of a record (%s) does not fit its Parquet column and is null there: %s", name, record, failure
            )
            self.count(f"unfit_value_count/{record}/{name}")
            return None
        return value


def _weight(record: Record) -> int:
    """How many usual records it is as large as, about."""
    if isinstance(record, TableItem):
        return 1 + sum(map(len, record.rows)) // _CELLS_A_ROW
    if isinstance(record, CaptureItem):
        return 1 + len(record.data or "") // _CHARACTERS_A_ROW
    return 1
