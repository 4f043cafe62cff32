"""Parquet feeds: a fixed schema for each kind, values as they were, row groups as they fill, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from scrapy import Spider
from scrapy.exporters import JsonItemExporter
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from linkmedia_scrapy import (
    AudioItem,
    CaptureItem,
    ConfigError,
    ErrorItem,
    ImageItem,
    LinkItem,
    LinkMediaAddon,
    LinkMediaConfig,
    PageItem,
    Record,
    TableItem,
    VideoItem,
    extract,
)
from linkmedia_scrapy import parquet as feeds
from linkmedia_scrapy.feeds import prepare_feeds
from linkmedia_scrapy.items import RECORDS
from linkmedia_scrapy.pagerecords import PageRecords
from linkmedia_scrapy.parquet import ParquetItemExporter, schema
from tests.conftest import SITE_PAGES, site_url

RECORD_CLASSES = list(RECORDS.values())


def export(*items: Any, file: Any = None, stats: Any = None, **options: Any) -> pa.Table:
    """The table in the file that these items give."""
    file = file if file is not None else io.BytesIO()
    record_class = options.pop("record_class", None) or type(items[0])
    exporter = ParquetItemExporter(file, record_class=record_class, **options)
    exporter.use_stats(stats)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return parquet.read_table(io.BytesIO(file.getvalue()))


def plain(table: pa.Table) -> list[dict[str, Any]]:
    """Its rows, maps as dicts."""
    return [{name: dict(value) if name == "score_parts" else value for name, value in row.items()} for row in table.to_pylist()]


FULL: list[Record] = [
    LinkItem(url="http://e.example/", text="Größe 日本", rel=["a", "b,c"], nofollow=True, occurrences=3, score=2.5),
    ImageItem(
        src="u",
        score_parts={"picture": 3.0},
        variants=[{"src": "a", "width": 320, "density": None, "media": None, "mime_type": "image/png"}],
        width=3,
        displayed_width=2.5,
        visible=False,
    ),
    VideoItem(
        sources=[{"src": "a", "mime_type": "", "media": None}],
        tracks=[{"src": "a", "kind": "captions", "srclang": "en", "label": "", "default": True}],
        duration=1.5,
    ),
    AudioItem(sources=[{"src": "a", "mime_type": "", "media": None}]),
    TableItem(
        headers=["a", "b"],
        rows=[["1", "2"], ["3", ""]],
        score_parts={"x": 1.0},
        cell_links=[{"row": 1, "column": 0, "text": "t", "url": "u"}],
    ),
    CaptureItem(path="p", size=5, complete=True, data="x"),
    ErrorItem(message="m"),
]


@pytest.mark.parametrize("record", [*FULL, *(record_class() for record_class in RECORD_CLASSES)], ids=lambda record: type(record).__name__)
def test_values_come_back(record: Record) -> None:
    """Every field is a column in its order, and holds what the record has: None, empty lists, nested values."""
    table = export(record)
    assert table.column_names == list(type(record).__dataclass_fields__)
    assert plain(table) == [record.to_dict()]


def test_schema_is_fixed() -> None:
    """The schema does not depend on what comes: lists are lists, the dicts in them structs, scores maps."""
    assert export(ImageItem()).schema.equals(export(FULL[1]).schema)
    assert export(record_class=ImageItem).schema.equals(schema(ImageItem))
    types = {name: str(schema(TableItem).field(name).type).replace("element", "item") for name in schema(TableItem).names}
    assert types["rows"] == "list<item: list<item: string>>"
    assert types["headers"] == "list<item: string>"
    assert types["score_parts"] == "map<string, double>"
    assert types["cell_links"] == "list<item: struct<row: int64, column: int64, text: string, url: string>>"
    assert types["row_header_columns"] == "int64"
    assert types["truncated"] == "bool"


@pytest.mark.parametrize("name", RECORDS)
def test_nothing_of_real_records_is_lost(name: str) -> None:
    """All records of the bundled site come back as they were: no dict in them has a key that the schema lacks."""
    config = LinkMediaConfig(
        image_score_threshold=None,
        table_score_threshold=None,
        table_sources=("table", "aria", "dl"),
        image_icons=True,
        image_inline_svg=True,
    )
    pages = [extract(path.read_bytes(), site_url(path), config=config) for path in SITE_PAGES]
    records = [record for page in pages for record in getattr(page, name)]
    assert plain(export(*pages, record_class=RECORDS[name], page_records=PageRecords.of({"item_classes": [RECORDS[name]]}))) == [
        record.to_dict() for record in records
    ]
    assert records or name in ("captures", "errors")


def test_row_groups_are_written_as_they_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full row group is in the file before the feed ends, and the exporter holds no more than its limits."""
    monkeypatch.setattr(feeds, "_MAX_PENDING_ROWS", 10)
    monkeypatch.setattr(feeds, "_MAX_GROUP_ROWS", 50)
    file = io.BytesIO()
    exporter = ParquetItemExporter(file, record_class=LinkItem)
    exporter.start_exporting()
    sizes = []
    for number in range(205):
        exporter.export_item(LinkItem(url=f"http://e.example/{number}"))
        sizes.append(file.tell())
        assert len(exporter._pending) < 10
        assert sum(map(len, exporter._batches)) < 50
    exporter.finish_exporting()
    assert len(set(sizes)) == 5
    metadata = parquet.read_metadata(io.BytesIO(file.getvalue()))
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [50, 50, 50, 50, 5]
    urls = parquet.read_table(io.BytesIO(file.getvalue()))["url"].to_pylist()
    assert urls == [f"http://e.example/{number}" for number in range(205)]


def test_large_records_fill_a_row_group_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables count by their cells and inlined captures by their data, so that few of them are held."""
    monkeypatch.setattr(feeds, "_MAX_GROUP_BYTES", 100_000)
    for record in (TableItem(rows=[["some text"] * 100] * 1000), CaptureItem(data="x" * 10_000_000)):
        file = io.BytesIO()
        exporter = ParquetItemExporter(file, record_class=type(record))
        exporter.start_exporting()
        exporter.export_item(record)
        assert exporter._pending == exporter._batches == []
        assert file.tell() > 1000
        exporter.finish_exporting()


@pytest.mark.parametrize(
    ("field", "value"),
    [("score", "high"), ("occurrences", 2**70), ("rel", 5), ("rel", [1]), ("text", "\ud800"), ("text", 5), ("nofollow", "x")],
)
def test_values_that_do_not_fit(field: str, value: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A value that does not fit its column is null, logged and counted; the other values and records stay."""
    stats = StatsCollector(get_crawler())
    odd = LinkItem(url="http://e.example/1")
    odd[field] = value
    table = plain(export(LinkItem(text="a"), odd, LinkItem(text="b"), stats=stats))
    assert [row["url"] for row in table] == ["", "http://e.example/1", ""]
    assert table[1][field] is None
    assert (table[0]["text"], table[2]["text"]) == ("a", "b")
    assert stats.get_stats() == {f"linkmedia/unfit_value_count/link/{field}": 1}
    assert f"The {field} of a record (link)" in caplog.text


def test_other_items_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    """What is no record of the feed's kind costs itself only, and is counted."""
    stats = StatsCollector(get_crawler())
    assert len(export(LinkItem(), ImageItem(), LinkItem(), record_class=LinkItem, stats=stats)) == 2
    assert stats.get_stats() == {"linkmedia/error_count/feed/image": 1}
    with pytest.raises(TypeError):
        export({"a": 1}, record_class=LinkItem)


def test_a_full_disk_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Records that the file does not take are counted, and let go; the file, which nobody could read, is not stored."""
    monkeypatch.setattr(feeds, "_MAX_PENDING_ROWS", 2)
    monkeypatch.setattr(feeds, "_MAX_GROUP_ROWS", 2)

    class Full(io.BytesIO):
        name = "out/links.parquet"

        def write(self, data: Any) -> int:
            if self.tell() > 4:
                raise OSError(28, "No space left on device")
            return super().write(data)

    stats = StatsCollector(get_crawler(Spider))
    with pytest.raises(OSError, match="No space left"):
        export(*[LinkItem(url="u")] * 5, file=Full(), stats=stats)
    assert stats.get_stats() == {"linkmedia/error_count/feed/link": 5}
    (line,) = caplog.messages
    assert line.startswith("Writing to out/links.parquet failed: [Errno 28] No space left on device")


def test_chosen_fields() -> None:
    """A feed may name its fields, their order and their titles."""
    assert export(LinkItem(url="u", text="t"), fields_to_export=["text", "url"]).to_pylist() == [{"text": "t", "url": "u"}]
    assert export(LinkItem(url="u"), fields_to_export={"url": "Link"}).to_pylist() == [{"Link": "u"}]


def test_nothing_is_added_to_a_file() -> None:
    """A file with contents is left as it is."""
    file = io.BytesIO(b"old")
    file.seek(3)
    with pytest.raises(ValueError, match="nothing can be added"):
        export(LinkItem(), file=file)
    assert file.getvalue() == b"old"


def prepare(**settings: Any) -> Settings:
    """The settings of a crawl with the add-on."""
    crawl = Settings(settings)
    LinkMediaAddon().update_settings(crawl)
    return crawl


def test_feeds(tmp_path: Path) -> None:
    """LINKMEDIA_FEEDS and a feed of the user's own with one record class are Parquet feeds of that class."""
    crawl = prepare(
        LINKMEDIA_FEEDS=f"{tmp_path}/%(records)s.parquet", FEEDS={tmp_path / "own.parquet": {"item_classes": ["linkmedia_scrapy.LinkItem"]}}
    )
    for name, record_class in RECORDS.items():
        assert crawl["FEEDS"][f"{tmp_path}/{name}.parquet"]["item_export_kwargs"]["record_class"] is record_class
    assert crawl["FEEDS"][tmp_path / "own.parquet"]["item_export_kwargs"]["record_class"] is LinkItem


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"LINKMEDIA_FEEDS": "out/%(records)s.parquet", "JOBDIR": "job"},
            "LINKMEDIA_FEEDS = 'out/%(records)s.parquet': nothing can be added to a Parquet file (as JOBDIR asks): put %(time)s into its name, or overwrite it",
        ),
        (
            {"FEEDS": {"x.parquet": {"format": "parquet"}}},
            "FEEDS['x.parquet']: a Parquet file holds one kind of record: name one in item_classes, such as linkmedia_scrapy.LinkItem",
        ),
        (
            {"FEEDS": {"x.parquet": {"item_classes": [LinkItem, ImageItem]}}},
            "FEEDS['x.parquet']: a Parquet file holds one kind of record: name one in item_classes, such as linkmedia_scrapy.LinkItem",
        ),
        (
            {"FEEDS": {"x.parquet": {"item_classes": [PageItem]}}},
            "FEEDS['x.parquet']: a Parquet file holds one kind of record: name one in item_classes, such as linkmedia_scrapy.LinkItem",
        ),
        (
            {"FEEDS": {"x.parquet": {"item_classes": [LinkItem], "fields": ["url", "price"]}}},
            "FEEDS['x.parquet']: no field 'price': a Parquet file has columns for declared fields only",
        ),
        (
            {"FEEDS": {"x.parquet": {"item_classes": [LinkItem], "overwrite": False}}},
            "FEEDS['x.parquet']: nothing can be added to a Parquet file (as JOBDIR asks): put %(time)s into its name, or overwrite it",
        ),
    ],
)
def test_what_cannot_be_written_stops_the_crawl(settings: dict[str, Any], line: str) -> None:
    """A Parquet feed that could not be written is refused before the crawl starts, in one line."""
    with pytest.raises(ConfigError) as caught:
        prepare(**settings)
    assert str(caught.value) == line


@pytest.mark.parametrize("uri", ["{path}", "{folder}/%(name)s.parquet", "file:{folder}/%78.parquet", "file://{folder}/%(name)s%2Eparquet"])
def test_a_file_that_is_there_is_refused(tmp_path: Path, uri: str) -> None:
    """Scrapy adds to files that are there unless it is told to overwrite them; with a time in the name there is none."""
    path = tmp_path / "100%" / "x.parquet"
    path.parent.mkdir()
    path.write_bytes(b"old")
    folder = path.parent if uri.startswith("{") else path.parent.as_posix().replace("%", "%25")
    options = {"format": "parquet", "item_classes": [LinkItem]}
    crawler = get_crawler(Spider, {"FEEDS": {uri.format(path=path, folder=folder): options}})
    crawler.spider = Spider("x")
    with pytest.raises(ConfigError, match="nothing can be added"):
        prepare_feeds(crawler.settings, LinkMediaConfig(), {}, crawler)
    prepare(FEEDS={str(path): {**options, "overwrite": True}})
    prepare(LINKMEDIA_FEEDS=f"{tmp_path}/%(time)s-%(records)s.parquet", JOBDIR="job")


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow is missing a Parquet feed is refused in one line that says what to install."""
    monkeypatch.setattr(feeds, "find_spec", lambda name: None)
    with pytest.raises(ConfigError) as caught:
        prepare(LINKMEDIA_FEEDS="%(records)s.parquet")
    assert str(caught.value) == "LINKMEDIA_FEEDS = '%(records)s.parquet': Parquet needs pyarrow: pip install 'linkmedia-scrapy[parquet]'"
    prepare(LINKMEDIA_FEEDS="%(records)s.csv")


class OwnExporter(JsonItemExporter):
    """A project's own for the format."""


def test_an_exporter_of_the_users_own() -> None:
    """It writes what it can: items of any kind, and the records of one, as with every other format."""
    own = {"any.parquet": {}, "products.parquet": {"item_classes": [dict]}}
    crawl = prepare(FEEDS={**own, "links.parquet": {"item_classes": [LinkItem]}}, FEED_EXPORTERS={"parquet": OwnExporter})
    assert {uri: dict(crawl["FEEDS"][uri]) for uri in own} == own
    assert list(crawl["FEEDS"]["links.parquet"]["item_export_kwargs"]) == ["page_records"]
    assert issubclass(crawl["FEED_EXPORTERS"]["parquet"], OwnExporter)


def test_prepare_feeds_is_for_all_formats() -> None:
    """The exporter of the format stands in FEED_EXPORTERS, and one of the user's own stays."""
    crawl = Settings({"FEED_EXPORTERS": {"parquet": "their.Exporter"}})
    prepare_feeds(crawl, LinkMediaConfig(), {})
    assert crawl["FEED_EXPORTERS"]["parquet"] == "their.Exporter"
