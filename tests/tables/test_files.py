"""A file of each table in the store."""

import asyncio
import csv
import io
import json
from types import SimpleNamespace

import pytest
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from linkmedia_scrapy import ConfigError, LinkMediaAddon, LinkMediaConfig, PageItem, TableItem
from linkmedia_scrapy.tablefiles import TableFilesPipeline, check_table_files, table_bytes
from tests.crawling import crawl, rows
from tests.server import SiteServer

TABLE = {
    "page_url": "https://example.com/",
    "headers": ["City", "People"],
    "header_rows": [["City", "People"]],
    "rows": [["Oslo, N", "1,234"], ["=1+1", "-5"]],
}


class _Store:
    """Keeps files in a dict."""

    def __init__(self, fail: bool = False) -> None:
        self.files: dict[str, bytes] = {}
        self.fail = fail

    async def save(self, path, data, mime_type):
        await asyncio.sleep(0)
        if self.fail:
            raise OSError("disk full")
        self.files[path] = data


def _pipeline(store, **settings):
    crawler = SimpleNamespace(settings=Settings({f"LINKMEDIA_{name}": value for name, value in settings.items()}), spider=None)
    crawler.stats = StatsCollector(get_crawler())
    crawler.spider = SimpleNamespace(crawler=crawler, name="test")
    pipeline = TableFilesPipeline(crawler, store) if store is not None else TableFilesPipeline.from_crawler(crawler)
    return pipeline, crawler.stats


def _process(pipeline, item):
    return asyncio.run(pipeline.process_item(item))


def test_csv():
    """Header rows and rows; formulas are guarded, numbers are not."""
    rows = list(csv.reader(io.StringIO(table_bytes(TableItem(**TABLE), "csv").decode())))
    assert rows == [["City", "People"], ["Oslo, N", "1,234"], ["'=1+1", "-5"]]
    assert b"'" not in table_bytes(TableItem(**TABLE), "csv", escape_formulas=False)


@pytest.mark.parametrize("cell", ["\ufeff=1+1", "sep=;", "SEP=,"])
def test_what_a_spreadsheet_takes_for_the_files_own(cell):
    """The first cell of a CSV is text, though it be a byte order mark or what Excel is told the separator by."""
    table = TableItem(rows=[[cell, cell], ["x", cell]])
    assert list(csv.reader(io.StringIO(table_bytes(table, "csv").decode()))) == [["'" + cell, cell], ["x", cell]]
    assert table_bytes(table, "csv", escape_formulas=False).decode().strip('"').startswith(cell)


def test_json():
    """The record without its path."""
    table = TableItem(**TABLE, path="elsewhere")
    loaded = json.loads(table_bytes(table, "json"))
    assert loaded == {name: value for name, value in table.to_dict().items() if name != "path"}


def test_parquet():
    """Typed columns by unique names."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table = TableItem(headers=["A", "A", "When", "x"], rows=[["1", "1.5", "2020-04-13", "a"], ["", "2", "", ""]])
    read = parquet.read_table(io.BytesIO(table_bytes(table, "parquet")))
    assert [str(field.type) for field in read.schema] == ["int64", "double", "timestamp[us]", "string"]
    assert read.column_names == ["A", "A (2)", "When", "x"]
    assert read.to_pylist()[1] == {"A": None, "A (2)": 2.0, "When": None, "x": ""}


def test_the_record_knows_its_file():
    """Records and the tables of page items; the same table has the same path; other items pass."""
    store = _Store()
    pipeline, stats = _pipeline(store, TABLE_FILES="csv", STORE="unused")
    table = _process(pipeline, TableItem(**TABLE))
    assert store.files[table.path] == table_bytes(table, "csv")
    page = _process(pipeline, PageItem(url="https://example.com/", tables=[TableItem(**TABLE), TableItem(rows=[["x"]])]))
    assert page.tables[0].path == table.path != page.tables[1].path
    assert stats.get_value("linkmedia/table_file_count") == 3
    assert _process(pipeline, {"other": 1}) == {"other": 1}


def test_a_folder(tmp_path):
    """The store that the settings name."""
    pipeline, _ = _pipeline(None, TABLE_FILES="json", STORE=str(tmp_path))
    table = _process(pipeline, TableItem(**TABLE))
    assert json.loads((tmp_path / table.path).read_bytes())["rows"] == TABLE["rows"]


def test_a_store_that_fails(caplog):
    """The record goes on without a path; the failure is logged, counted, and noted in a page item."""
    pipeline, stats = _pipeline(_Store(fail=True), TABLE_FILES="csv", STORE="unused")
    assert _process(pipeline, TableItem(**TABLE)).path is None
    page = _process(pipeline, PageItem(tables=[TableItem(**TABLE)]))
    assert [(error.kind, error.stage, error.message) for error in page.errors] == [("store", "table_file", "disk full")]
    assert stats.get_value("linkmedia/error_count/store/table_file") == 2
    assert "disk full" in caplog.text


def test_settings(monkeypatch):
    """Files need a store, Parquet needs pyarrow: said at the start, in one line."""
    with pytest.raises(ConfigError, match="LINKMEDIA_STORE"):
        check_table_files(LinkMediaConfig(table_files="csv", store=None))
    monkeypatch.setattr("linkmedia_scrapy.tablefiles.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"linkmedia-scrapy\[parquet\]"):
        check_table_files(LinkMediaConfig(table_files="parquet", store="x"))
    check_table_files(LinkMediaConfig())


def test_a_store_that_cannot_be_used(tmp_path):
    """It stops the crawl with one line that names the setting, as it does where captures and downloads go there."""
    (tmp_path / "file").write_text("in the way")
    store = f"{tmp_path}/file/store"
    run = crawl(
        tmp_path,
        *("page", "-a", "url=http://127.0.0.1:9/", "-s", "LINKMEDIA_TABLE_FILES=csv", "-s", f"LINKMEDIA_STORE={store}"),
        *("-s", "LOG_LEVEL=ERROR"),
    )
    assert run.code == 1
    assert run.log.startswith(f"scrapy: error: LINKMEDIA_STORE = {store!r}: NotADirectoryError: ")
    assert len(run.log.splitlines()) == 1


def test_the_addon_wires_it():
    """Only where the setting asks for it."""
    settings = Settings({"LINKMEDIA_TABLE_FILES": "csv", "LINKMEDIA_STORE": "x"})
    LinkMediaAddon().update_settings(settings)
    assert TableFilesPipeline in settings["ITEM_PIPELINES"]
    settings = Settings()
    LinkMediaAddon().update_settings(settings)
    assert TableFilesPipeline not in settings["ITEM_PIPELINES"]


def test_a_crawl_writes_files(tmp_path):
    """`scrapy crawl page` with the two settings: each table's record names its file, and the file has its rows."""
    with SiteServer() as server:
        run = crawl(
            tmp_path,
            *("page", "-a", f"url={server.url}/docs/index.html", "-s", "LINKMEDIA_EXTRACT=tables", "-s", "LINKMEDIA_TABLE_FILES=csv"),
            *("-s", f"LINKMEDIA_STORE={tmp_path}/files", "-O", f"{tmp_path}/tables.jsonl"),
        )
    assert run.code == 0, run.log
    tables = rows(tmp_path / "tables.jsonl")
    assert tables
    for table in tables:
        with (tmp_path / "files" / table["path"]).open(encoding="utf-8", newline="") as file:
            assert [len(row) for row in csv.reader(file)] == [len(row) for row in (*table["header_rows"], *table["rows"])]
    assert run.stats["linkmedia/table_file_count"] == len(tables)
