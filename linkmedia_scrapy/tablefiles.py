"""Each table in a file of its own: `TableFilesPipeline` writes CSV, JSON or Parquet into the store and notes the path in the record.

A path is made of what the file holds and of the page's URL: the same table of the same page has the same path in every crawl.
"""

from __future__ import annotations

import asyncio
import csv
import json
import logging
from hashlib import sha1
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final

from linkmedia_scrapy.config import PREFIX, LinkMediaConfig
from linkmedia_scrapy.crawl import CrawlComponent
from linkmedia_scrapy.csvcells import escape_formula
from linkmedia_scrapy.errors import ConfigError, refusing
from linkmedia_scrapy.items import ErrorItem, PageItem, TableItem
from linkmedia_scrapy.reactor import check_reactor
from linkmedia_scrapy.stores import FailureLog, open_store
from linkmedia_scrapy.tabledata import columns, type_column

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from linkmedia_scrapy.stores import FileStore

__all__ = ["TableFilesPipeline", "check_table_files", "table_bytes"]

logger = logging.getLogger(__name__)

_MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
_OF_THE_FILE: Final = ("\ufeff", "sep=")
"""What a spreadsheet does not take for text of the first cell: a formula behind a byte order mark runs, and Excel divides the rows of a
file that begins with `sep=;` at semicolons, behind which a formula may stand."""


def check_table_files(config: LinkMediaConfig) -> None:
    """Refuse settings with which no table could be written.

    :raises ConfigError: where there is no store, or no pyarrow for Parquet.
    """
    if config.table_files is None:
        return
    if config.store is None:
        raise ConfigError(f"{PREFIX}TABLE_FILES = {config.table_files!r}: needs {PREFIX}STORE, the folder that files are written to")
    if config.table_files == "parquet" and find_spec("pyarrow") is None:
        raise ConfigError(f"{PREFIX}TABLE_FILES = 'parquet': needs pyarrow: pip install 'linkmedia-scrapy[parquet]'")


def table_bytes(table: TableItem, file_format: str, *, escape_formulas: bool = True) -> bytes:
    """A table as a file.

    CSV: its header rows and rows, UTF-8, lines end with CR LF (RFC 4180). JSON: the record, without its path. Parquet: its rows, in columns
    of numbers, dates and texts as `TableItem.to_dataframe` has them.

    :param file_format: csv, json or parquet.
    :param escape_formulas: whether texts that a spreadsheet would run get an apostrophe, in CSV.
    """
    if file_format == "csv":
        text = StringIO(newline="")
        writer = csv.writer(text)
        for number, row in enumerate(table.grid()):
            cells = [escape_formula(cell) for cell in row] if escape_formulas else row
            if escape_formulas and not number and cells and cells[0].lower().startswith(_OF_THE_FILE):
                cells[0] = "'" + cells[0]
            writer.writerow(cells)
        return text.getvalue().encode()
    if file_format == "json":
        values = {name: value for name, value in table.to_dict().items() if name != "path"}
        return json.dumps(values, ensure_ascii=False).encode()
    return _parquet(table)


def _parquet(table: TableItem) -> bytes:
    arrow: Any = import_module("pyarrow")
    arrays: dict[str, Any] = {}
    for name, texts in columns(table.headers, table.rows):
        column = type_column(texts)
        if column.kind == "number" and any(isinstance(value, float) for value in column.values):
            arrays[name] = arrow.array([None if value is None else float(value) for value in column.values], arrow.float64())
        elif column.kind == "text":
            arrays[name] = arrow.array(texts, arrow.string())
        else:
            arrays[name] = arrow.array(column.values, arrow.int64() if column.kind == "number" else arrow.timestamp("us"))
    target = BytesIO()
    import_module("pyarrow.parquet").write_table(arrow.table(arrays), target)
    return target.getvalue()


class TableFilesPipeline(CrawlComponent):
    """Writes the tables among the items, and those of page items, to the store; `path` says where each is.

    A table that cannot be written keeps its record: it is logged, counted, and in a page item noted among its errors.
    """

    def __init__(self, crawler: Crawler, store: FileStore | None) -> None:
        super().__init__(crawler)
        self._store = store
        self._failures = FailureLog()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for a crawl; a store that cannot be used stops the crawl, where files were asked for."""
        with refusing():
            config = LinkMediaConfig.from_settings(crawler.settings)
            check_table_files(config)
            check_reactor("table_files", crawler.settings)
            return cls(crawler, open_store(config, crawler.settings) if config.table_files is not None else None)

    async def process_item(self, item: Any) -> Any:
        """The item, with the paths of its tables."""
        if isinstance(item, TableItem):
            await self._write(item)
        elif isinstance(item, PageItem):
            for table in item.tables:
                error = await self._write(table)
                if error is not None:
                    item.errors.append(error)
        return item

    async def _write(self, table: TableItem) -> ErrorItem | None:
        config = self._extraction.config
        file_format = config.table_files
        if file_format is None or self._store is None:
            return None
        try:
            # a table of millions of cells takes seconds, in which the crawl goes on
            content = await asyncio.to_thread(table_bytes, table, file_format, escape_formulas=config.csv_escape_formulas)
        except Exception as failure:
            logger.exception("Writing a table of %s failed", table.page_url)
            return self._error(table, failure)
        path = f"tables/{sha1(table.page_url.encode() + content, usedforsecurity=False).hexdigest()}.{file_format}"
        try:
            await self._store.save(path, content, _MEDIA_TYPES[file_format])
        except Exception as failure:
            self._failures.add(f"a table of {table.page_url}", failure)
            return self._error(table, failure)
        table.path = path
        self._extraction.count("table_file_count")
        return None

    def _error(self, table: TableItem, failure: Exception) -> ErrorItem:
        self._extraction.count("error_count/store/table_file")
        reason = type(failure).__name__
        return ErrorItem(page_url=table.page_url, kind="store", stage="table_file", reason=reason, message=str(failure)[:500])
