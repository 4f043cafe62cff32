"""CSV feeds: rows of records, lists as JSON, no formulas, headers; the feeds by kind, and what is said of feeds before the crawl starts."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
from enum import Enum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter, PickleItemExporter, XmlItemExporter
from scrapy.extensions.feedexport import FTPFeedStorage, GCSFeedStorage, S3FeedStorage
from scrapy.settings import Settings
from scrapy.settings.default_settings import FEED_STORAGES_BASE
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from linkmedia_scrapy import (
    ConfigError,
    ErrorItem,
    ImageItem,
    LinkItem,
    LinkMediaAddon,
    LinkMediaConfig,
    LinkMediaMixin,
    PageItem,
    Record,
    TableItem,
)
from linkmedia_scrapy.exporters import (
    RecordCsvItemExporter,
    RecordJsonItemExporter,
    RecordJsonLinesItemExporter,
    RecordXmlItemExporter,
    unfolding_exporter,
)
from linkmedia_scrapy.feedfilters import ForeignItemFilter, UnfoldingItemFilter, YieldedItemFilter
from linkmedia_scrapy.feeds import SequentialFTPFeedStorage, feeds_by_kind
from linkmedia_scrapy.items import RECORDS
from linkmedia_scrapy.pagerecords import PageRecords


def export(*items: Any, file: io.BytesIO | None = None, **options: Any) -> bytes:
    """The CSV file that these items give."""
    file = file or io.BytesIO()
    exporter = RecordCsvItemExporter(file, **options)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return file.getvalue()


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


LINK_FIELDS = list(LinkItem.__dataclass_fields__)


def test_columns() -> None:
    """The columns are the fields in their order, and a row holds their values."""
    link = LinkItem(
        page_url="http://e.example/", url="http://e.example/x", text='Größe, "x"\n日本', nofollow=True, score=2.5, occurrences=3
    )
    content = export(link)
    assert content.decode().splitlines()[0].split(",") == LINK_FIELDS
    (row,) = rows(content)
    assert (row["url"], row["text"], row["nofollow"], row["score"], row["occurrences"]) == (
        "http://e.example/x",
        'Größe, "x"\n日本',
        "True",
        "2.5",
        "3",
    )


def test_none_is_an_empty_cell() -> None:
    """None is an empty cell, and so is an empty text."""
    (row,) = rows(export(LinkItem(download=None)))
    assert (row["download"], row["text"]) == ("", "")


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        (LinkItem(rel=["a", "b,c", 'd"e']), "rel", ["a", "b,c", 'd"e']),
        (LinkItem(rel=[]), "rel", []),
        (ImageItem(score_parts={"picture": 3.0}), "score_parts", {"picture": 3.0}),
        (
            ImageItem(variants=[{"src": "http://e.example/a,b.jpg", "width": 320, "density": None}]),
            "variants",
            [{"src": "http://e.example/a,b.jpg", "width": 320, "density": None}],
        ),
        (TableItem(rows=[["=1+1", "ä\n"], ["x", ""]]), "rows", [["=1+1", "ä\n"], ["x", ""]]),
        (PageItem(links=[LinkItem(text="t")]), "links", [LinkItem(text="t").to_dict()]),
    ],
)
def test_lists_are_json(item: Any, field: str, value: Any) -> None:
    """A cell that holds a list or a dict is JSON, and reads as it was."""
    (row,) = rows(export(item))
    assert json.loads(row[field]) == value


def test_json_cells_are_readable() -> None:
    """JSON cells keep letters beyond ASCII as they are."""
    assert "日本" in export(TableItem(rows=[["日本"]])).decode()


FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-x",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=",
    "+",
    "-",
    "@",
    "--",
    "+49 170 1",
    "-1-1",
    "+1=2",
    "-5x",
    "-.",
    "+e5",
    "-1e",
    "-\u0661x",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0dx",
    "\uff20SUM(A1)",
]
PLAIN = ["-1", "+1", "-1.5", "-1,5", "+1,234.50", "-.5", "+5%", "-1.5e10", "-2E-3", "- ", "a=b", "1-1", "'=1", " =1", "x", "", "−5", "(5)"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_disarmed(text: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe before it."""
    (row,) = rows(export(LinkItem(text=text, title=text, heading=text, raw_href=text, target=text)))
    assert [row[name] for name in ("text", "title", "heading", "raw_href", "target")] == ["'" + text] * 5


@pytest.mark.parametrize("text", [text for text in PLAIN if text != "- "])
def test_plain_text_and_numbers_stay(text: str) -> None:
    """Plain numbers with a sign, and text that begins otherwise, stay as they are."""
    (row,) = rows(export(LinkItem(text=text)))
    assert row["text"] == text


@pytest.mark.parametrize("field", ["url", "page_url"])
def test_urls_stay(field: str) -> None:
    """URLs are never changed."""
    (row,) = rows(export(LinkItem(**{field: "=http://e.example/"})))
    assert row[field] == "=http://e.example/"


@pytest.mark.parametrize("field", ["src", "link_url", "placeholder_src"])
def test_urls_of_images_stay(field: str) -> None:
    """Those of images are not, either."""
    (row,) = rows(export(ImageItem(**{field: "-a.jpg"})))
    assert row[field] == "-a.jpg"


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_stay_where_that_is_asked_for(text: str) -> None:
    """With the setting off text stays as it is."""
    (row,) = rows(export(LinkItem(text=text), escape_formulas=False))
    assert row["text"] == text


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        (None, True),
        (True, True),
        ("1", True),
        ("yes", True),
        ("on", True),
        (False, False),
        ("0", False),
        ("no", False),
        ("off", False),
        (0, False),
    ],
)
def test_setting(value: Any, escaped: bool) -> None:
    """Every spelling of true and false that the configuration takes is taken by the exporter."""
    crawler = get_crawler(settings_dict={} if value is None else {"LINKMEDIA_CSV_ESCAPE_FORMULAS": value})
    file = io.BytesIO()
    exporter = RecordCsvItemExporter.from_crawler(crawler, file)
    exporter.start_exporting()
    exporter.export_item(LinkItem(text="=1"))
    exporter.finish_exporting()
    (row,) = rows(file.getvalue())
    assert row["text"] == ("'=1" if escaped else "=1")


def test_undeclared_fields() -> None:
    """What was set beside the fields is a column after them where the first row has it."""
    link = LinkItem(text="t")
    link["price"] = "=5*2"
    (row,) = rows(export(link))
    assert row["price"] == "'=5*2"
    assert list(row) == [*LINK_FIELDS, "price"]


def test_chosen_fields() -> None:
    """A feed may name its fields, their order and their titles."""
    assert export(LinkItem(url="u", text="t"), fields_to_export=["text", "url"]) == b"text,url\r\nt,u\r\n"
    assert export(LinkItem(url="u", text="t"), fields_to_export={"text": "Text", "url": "Link"}) == b"Text,Link\r\nt,u\r\n"


class MyLink(LinkItem):
    """A record class of a project's own."""


def odd_links() -> list[LinkItem]:
    """Links of every kind that an exporter has to look at twice."""
    beside = LinkItem(text="beside")
    beside["price"] = 5
    return [
        LinkItem(text="=1", rel=["a"]),
        beside,
        LinkItem(text="a\ud800b"),
        LinkItem(text=None, score="high", title=b"bytes"),  # type: ignore[arg-type]
        MyLink(text="mine"),
        LinkItem(text="last"),
    ]


EXPORTER_CLASSES = [
    RecordCsvItemExporter,
    RecordJsonItemExporter,
    RecordJsonLinesItemExporter,
    RecordXmlItemExporter,
    unfolding_exporter(PickleItemExporter),
    unfolding_exporter(CsvItemExporter),
]


@pytest.mark.parametrize("exporter_class", EXPORTER_CLASSES, ids=lambda exporter_class: exporter_class.__name__)
@pytest.mark.parametrize("fields", [None, list(LinkItem.__dataclass_fields__), ["url", "price", "text"], {"text": "Text", "rel": "Rel"}])
def test_page_items_are_their_records(exporter_class: Any, fields: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A page item is written as its records are one by one, and one that cannot be written costs itself only, and is counted."""
    contents = []
    counted = []
    for items in (odd_links(), [PageItem(links=odd_links(), images=[ImageItem()])]):
        crawler = get_crawler()
        file = io.BytesIO()
        exporter = exporter_class.from_crawler(
            crawler,
            file,
            encoding="utf-8",
            fields_to_export=fields,
            page_records=PageRecords.of({"item_classes": [LinkItem]}),
        )
        crawler.stats = StatsCollector(crawler)
        exporter.use_stats(crawler.stats)
        exporter.start_exporting()
        for item in items:
            exporter.export_item(item)
        exporter.finish_exporting()
        contents.append(file.getvalue())
        counted.append(crawler.stats.get_stats())
    assert contents[0] == contents[1]
    assert b"last" in contents[0]
    assert counted[0] == counted[1]
    lost = exporter_class in EXPORTER_CLASSES[:3] or exporter_class is EXPORTER_CLASSES[-1]
    assert ("linkmedia/error_count/feed/link" in counted[0]) is lost
    assert ("Writing <LinkItem" in caplog.text) is lost


def test_what_fails_at_each_record_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """An encoding that lacks a page's characters lacks them on every page: all records are counted, and the first is logged."""
    stats = StatsCollector(get_crawler())
    exporter = RecordCsvItemExporter(io.BytesIO(), encoding="latin-1")
    exporter.use_stats(stats)
    for text in ("é", "湖", "湖光", "渡船"):
        exporter.export_item(LinkItem(text=text))
    assert stats.get_stats() == {"linkmedia/error_count/feed/link": 3}
    (told,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert "湖" in told.message
    assert told.exc_info


class Colour(str, Enum):  # noqa: UP042 - which is not what str() makes of it
    """Texts of a class of their own."""

    RED = "=red, or so"


TEXT = st.just(Colour.RED) | st.text(alphabet="ab ,;\"'\r\n\t=-+@1é\u2028", max_size=6)
LINK = st.builds(
    LinkItem,
    url=TEXT,
    text=TEXT,
    title=TEXT | st.none(),
    heading=st.just("same") | TEXT,
    rel=st.lists(TEXT, max_size=2),
    nofollow=st.booleans(),
    occurrences=st.integers(),
    score=st.floats() | st.integers() | st.none() | TEXT,
)


@given(st.lists(LINK, max_size=9), st.booleans(), st.sampled_from([{}, {"delimiter": ";"}, {"quotechar": "'"}]))
def test_rows_made_at_once_are_those_of_the_csv_module(links: list[LinkItem], escape: bool, dialect: dict[str, str]) -> None:
    """The rows of a page item are, to the byte, those that the csv module writes one by one, whatever the cells hold."""
    options: dict[str, Any] = {"fields_to_export": LINK_FIELDS, "escape_formulas": escape, **dialect}
    page_records = PageRecords.of({"item_classes": [LinkItem]})
    assert export(PageItem(links=links), page_records=page_records, **options) == export(*links, **options)


def test_rows_of_a_page_are_made_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """Two rows after the first are, with empty cells, quotes, formulas and lists among them: one by one they take several times as long."""
    caplog.set_level(logging.DEBUG, "linkmedia_scrapy.exporters")
    one_by_one: list[Record] = []

    class Exporter(RecordCsvItemExporter):
        def export_record(self, record: Record) -> None:
            one_by_one.append(record)
            super().export_record(record)

    links = [LinkItem(), LinkItem(text="a, b", title="=1", download=None, rel=["nofollow"]), LinkItem(text="c", download="", score=2.5)]
    Exporter(io.BytesIO(), fields_to_export=LINK_FIELDS).export_records(links)
    assert one_by_one == links[:1]
    assert not caplog.messages


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (RecordJsonItemExporter, JsonItemExporter),
        (RecordJsonLinesItemExporter, JsonLinesItemExporter),
        (RecordXmlItemExporter, XmlItemExporter),
    ],
)
def test_other_items_are_scrapys(ours: Any, theirs: Any) -> None:
    """Items that are none of ours are written byte for byte as Scrapy's exporter writes them, in every format."""
    contents = []
    for exporter_class in (ours, theirs):
        file = io.BytesIO()
        exporter = exporter_class(file, indent=2)
        exporter.start_exporting()
        exporter.export_item({"a": [1, {"b": None}], "c": "ä"})
        exporter.export_item({"d": 1})
        exporter.finish_exporting()
        contents.append(file.getvalue())
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("exporter_class", "item", "counted"),
    [
        pytest.param(RecordCsvItemExporter, PageItem(links=[LinkItem(url="u")] * 9), {"link": 18}, id="csv"),
        pytest.param(RecordJsonLinesItemExporter, PageItem(links=[LinkItem(url="u")] * 9), {"link": 18}, id="jsonl"),
        pytest.param(RecordJsonItemExporter, LinkItem(url="u"), {"link": 2}, id="json"),
        pytest.param(RecordXmlItemExporter, LinkItem(url="u"), {"link": 2}, id="xml"),
        pytest.param(RecordJsonLinesItemExporter, {"name": "mug"}, {"item": 2}, id="item"),
    ],
)
def test_a_full_disk_is_told_once(exporter_class: Any, item: Any, counted: dict[str, int], caplog: pytest.LogCaptureFixture) -> None:
    """What the file does not take is counted and logged once; an exception would keep the item from the feeds behind this one."""

    class Full(io.BytesIO):
        name = "out/links"
        free = True

        def write(self, data: Any) -> int:
            if self.free:
                return super().write(data)
            raise OSError(28, "No space left on device")

    file = Full()
    crawler = get_crawler(Spider)
    stats = StatsCollector(crawler)
    exporter = exporter_class(file, fields_to_export=["url", "text"], page_records=PageRecords.of({"item_classes": [LinkItem]}))
    exporter.use_stats(stats)
    exporter.start_exporting()
    exporter.export_item(item)
    file.free = False
    exporter.export_item(item)
    exporter.export_item(item)
    exporter.finish_exporting()
    assert stats.get_stats() == {f"linkmedia/error_count/feed/{name}": number for name, number in counted.items()}
    (line,) = caplog.messages
    assert line.startswith("Writing to out/links failed: [Errno 28] No space left on device")


def test_xml_can_be_read_whatever_the_texts_hold() -> None:
    """Characters that XML does not have, not even as references, would keep everybody from the whole file."""
    file = io.BytesIO()
    exporter = RecordXmlItemExporter(file)
    exporter.start_exporting()
    exporter.export_item(LinkItem(text="a\x08b\x0bc\ufffed\ud800e", title="\t\u00e4 \U0001f600 <&>", rel=["\x1f"]))
    exporter.export_item({"name": "x\0"})
    exporter.finish_exporting()
    items = ET.fromstring(file.getvalue())
    texts = [items.findtext(path) for path in ("item/text", "item/title", "item/rel/value", "item/name")]
    assert texts == ["a\ufffdb\ufffdc\ufffdd\ufffde", "\t\u00e4 \U0001f600 <&>", "\ufffd", "x\ufffd"]


def test_nested_page() -> None:
    """Without classes a page item is one entry: its fields in order, the records in them as dicts."""
    page = PageItem(url="u", links=[LinkItem(url="v")], dropped={"link": {"scheme": 2}})
    page["seen"] = 1
    file = io.BytesIO()
    exporter = RecordJsonLinesItemExporter(file)
    exporter.export_item(page)
    line = json.loads(file.getvalue())
    assert list(line) == [*PageItem.__dataclass_fields__, "seen"]
    assert line["links"] == [LinkItem(url="v").to_dict()]
    assert line["dropped"] == {"link": {"scheme": 2}}


def test_page_records() -> None:
    """A feed of record classes takes their records out of a page item, those that its own filter accepts; one of page items the whole."""
    page = PageItem(links=[LinkItem(url="a"), MyLink(url="b")], images=[ImageItem()], errors=[ErrorItem()])

    def taken(**options: Any) -> list[Any] | None:
        records = PageRecords.of(options)
        return records and [type(record) for record in records.of_page(page)]

    assert taken(item_classes=[LinkItem]) == [LinkItem, MyLink]
    assert taken(item_classes=["linkmedia_scrapy.ImageItem", dict]) == [ImageItem]
    assert taken(item_classes=[MyLink]) == [MyLink]
    assert taken(item_classes=[Record]) == [LinkItem, MyLink, ImageItem, ErrorItem]
    assert taken(item_classes=[PageItem]) is None
    assert taken(item_classes=[PageItem, LinkItem]) is None
    assert taken(item_classes=[dict]) is None
    assert taken() is None
    assert taken(item_classes=[LinkItem], item_filter=OnlyB) == [MyLink]


class OnlyB:
    """A filter of the user's own."""

    def __init__(self, options: dict[str, Any] | None) -> None:
        pass

    def accepts(self, item: Any) -> bool:
        """Whether it is the record b."""
        return isinstance(item, LinkItem) and item.url == "b"


def test_feeds_of_record_classes_take_page_items_apart() -> None:
    """The add-on gives such feeds a filter and an exporter that know which records are meant; other feeds stay as they were."""
    crawl = Settings(
        {
            "FEEDS": {
                "links.csv": {"item_classes": ["linkmedia_scrapy.LinkItem"]},
                "b.pickle": {"format": "pickle", "item_classes": [LinkItem], "item_filter": OnlyB, "item_export_kwargs": {"protocol": 2}},
                "other.csv": {"item_classes": [dict]},
                "all.jsonl": {},
            }
        }
    )
    LinkMediaAddon().update_settings(crawl)
    feeds = {uri: dict(options) for uri, options in crawl["FEEDS"].items()}
    assert feeds["other.csv"] == {"item_classes": [dict]}
    assert feeds["all.jsonl"] == {}
    assert feeds["b.pickle"]["item_export_kwargs"]["protocol"] == 2
    assert issubclass(crawl["FEED_EXPORTERS"]["pickle"], PickleItemExporter)
    page, other = PageItem(links=[LinkItem()]), PageItem(images=[ImageItem()])
    accepts = {uri: feeds[uri]["item_filter"](feeds[uri]).accepts for uri in ("links.csv", "b.pickle")}
    for item, expected in (
        (page, (True, True)),
        (other, (False, False)),
        (LinkItem(url="a"), (True, False)),
        (LinkItem(url="b"), (True, True)),
    ):
        assert (accepts["links.csv"](item), accepts["b.pickle"](item)) == expected
    assert not accepts["links.csv"]({"a": 1})


class OwnExporter(CsvItemExporter):
    """One of a project's own."""


@pytest.mark.parametrize("priority", ["addon", "project", "spider", "cmdline"])
def test_an_exporter_of_the_users_takes_page_items_apart(priority: str) -> None:
    """Wherever it was named, custom_settings and the command line among the places."""
    crawl = Settings({"LINKMEDIA_FEEDS": "%(records)s.csv"})
    crawl.set("FEED_EXPORTERS", {"csv": OwnExporter}, priority)
    LinkMediaAddon().update_settings(crawl)
    file = io.BytesIO()
    exporter = crawl["FEED_EXPORTERS"]["csv"](file, fields_to_export=["url"], **crawl["FEEDS"]["links.csv"]["item_export_kwargs"])
    assert isinstance(exporter, OwnExporter)
    exporter.export_item(PageItem(links=[LinkItem(url="a"), LinkItem(url="b")]))
    assert file.getvalue() == b"url\r\na\r\nb\r\n"


def test_a_format_without_exporter_is_left_to_scrapy() -> None:
    """One that the user has switched off, and one that there is not."""
    feeds = {"a.csv": {"item_classes": [LinkItem]}, "b.ods": {"item_classes": [LinkItem]}}
    crawl = Settings({"FEEDS": feeds, "FEED_EXPORTERS": {"csv": None}})
    LinkMediaAddon().update_settings(crawl)
    assert {uri: dict(options) for uri, options in crawl["FEEDS"].items()} == feeds
    assert crawl["FEED_EXPORTERS"]["csv"] is None


def test_header_without_rows() -> None:
    """A feed that names its fields has its header even where no record came; one that does not has nothing to write."""
    assert export(fields_to_export=["text", "url"]) == b"text,url\r\n"
    assert export() == b""
    assert export(fields_to_export=["text"], include_headers_line=False) == b""


def test_appended_file() -> None:
    """A file that is continued gets no second header, with rows and without."""
    file = io.BytesIO()
    file.write(b"text\r\nold\r\n")
    assert export(LinkItem(text="new"), file=file, fields_to_export=["text"]) == b"text\r\nold\r\nnew\r\n"
    file = io.BytesIO()
    file.write(b"text\r\nold\r\n")
    assert export(file=file, fields_to_export=["text"]) == b"text\r\nold\r\n"


@pytest.mark.parametrize(
    "items",
    [
        [{"a": "=1", "b": [1, "x"], "c": None}],
        [{"a": ["x", "y"]}, {"a": "-z", "d": 1}],
        [{"a": {"k": [1]}}],
        [],
    ],
)
def test_other_items(items: list[dict[str, Any]]) -> None:
    """Items that are none of ours are written byte for byte as Scrapy's exporter writes them."""
    file = io.BytesIO()
    theirs = CsvItemExporter(file)
    theirs.start_exporting()
    for item in items:
        theirs.export_item(item)
    theirs.finish_exporting()
    assert export(*items) == file.getvalue()


CSV = LinkMediaConfig(feeds="out/%(records)s.csv")


def test_feeds_by_kind() -> None:
    """One feed a kind that is extracted, and for captures and errors where there are any; fields named in CSV."""
    feeds = feeds_by_kind(CSV, overwrite=True)
    assert list(feeds) == [f"out/{name}.csv" for name in RECORDS]
    for name, record_class in RECORDS.items():
        options = feeds[f"out/{name}.csv"]
        assert options["item_classes"] == [record_class]
        assert options["format"] == "csv"
        assert options["fields"] == list(record_class.__dataclass_fields__)
        assert options["overwrite"] is True
        assert options["store_empty"] is (name not in {"captures", "errors"})
    assert list(feeds_by_kind(LinkMediaConfig(feeds="%(records)s.csv", extract=["tables"]), overwrite=False)) == [
        "tables.csv",
        "captures.csv",
        "errors.csv",
    ]
    assert feeds_by_kind(LinkMediaConfig(), overwrite=True) == {}


@pytest.mark.parametrize(
    ("end", "name"),
    [
        (".csv", "csv"),
        (".CSV", "csv"),
        (".json", "json"),
        (".jl", "jsonlines"),
        (".jsonl", "jsonlines"),
        (".jsonlines", "jsonlines"),
        (".xml", "xml"),
    ],
)
def test_formats(end: str, name: str) -> None:
    """The end of the URI names the format."""
    feeds = feeds_by_kind(LinkMediaConfig(feeds="%(records)s" + end), overwrite=True)
    assert {options["format"] for options in feeds.values()} == {name}


def test_other_placeholders_are_scrapys() -> None:
    """Only our own placeholder is filled in: Scrapy's are left to Scrapy."""
    feeds = feeds_by_kind(LinkMediaConfig(feeds="s3://b/%(name)s/%(time)s/%(records)s-%(batch_id)05d.jsonl"), overwrite=True)
    assert next(iter(feeds)) == "s3://b/%(name)s/%(time)s/links-%(batch_id)05d.jsonl"


@pytest.mark.parametrize("feeds", ["out/%(records)s", "out/%(records)s.txt", "%(records)s.csv/x"])
def test_unknown_formats(feeds: str) -> None:
    """A URI whose end names no format is refused in one line."""
    with pytest.raises(ConfigError, match=r"^LINKMEDIA_FEEDS = .*: must end with one of \.csv, .*$"):
        feeds_by_kind(LinkMediaConfig(feeds=feeds), overwrite=True)


class OnlyDicts:
    """A filter of the user's own."""

    def __init__(self, options: dict[str, Any] | None) -> None:
        self.options = options

    def accepts(self, item: Any) -> bool:
        """Whether it is a dict with an a."""
        return isinstance(item, dict) and "a" in item


def test_foreign_item_filter() -> None:
    """A feed that is wrapped takes what it took, our records apart; the user's own filter goes on."""
    plain = ForeignItemFilter(ForeignItemFilter.wrap({}))
    assert [plain.accepts(item) for item in ({"a": 1}, {"b": 1}, LinkItem(), PageItem())] == [True, True, False, False]
    for theirs in (OnlyDicts, f"{__name__}.OnlyDicts"):
        wrapped = ForeignItemFilter(ForeignItemFilter.wrap({"item_filter": theirs}))
        assert [wrapped.accepts(item) for item in ({"a": 1}, {"b": 1}, LinkItem(), PageItem())] == [True, False, False, False]


def test_settings_reach_the_feeds(tmp_path: Path) -> None:
    """A path object in the settings is a URI like any other."""
    config = LinkMediaConfig.from_settings(Settings({"LINKMEDIA_FEEDS": tmp_path / "%(records)s.csv"}))
    assert str(tmp_path / "links.csv") in feeds_by_kind(config, overwrite=True)


class PlainSpider(Spider):
    """A spider without the mixin."""

    name = "plain"
    day = "monday"


class MarkedSpider(LinkMediaMixin, PlainSpider):
    """A spider with it."""


def with_addon(spider: type[Spider] = MarkedSpider, arguments: dict[str, str] | None = None, **settings: Any) -> dict[str, dict[str, Any]]:
    """The feeds of a crawl after the add-on has seen its settings."""
    crawler = Crawler(spider, settings)
    crawler.spider = spider.from_crawler(crawler, **(arguments or {}))
    LinkMediaAddon.from_crawler(crawler).update_settings(crawler.settings)
    return {str(uri): dict(options) for uri, options in crawler.settings["FEEDS"].items()}


class WithoutLibrary:
    """A storage whose library is not installed."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        raise NotConfigured("missing a library")


STORAGES = {"mine": WithoutLibrary}


@pytest.mark.parametrize(
    ("feeds", "settings", "line"),
    [
        ("foo://x/%(records)s.csv", {}, "Scrapy has no storage for foo: must be a path, or begin with one of file:, ftp:,"),
        ("fttp://x/%(records)s.csv", {}, "did you mean ftp?"),
        ("s3://x/%(records)s.csv", {"FEED_STORAGES": {"s3": None}}, "Scrapy has no storage for s3: must"),
        ("mine://x/%(records)s.csv", {"FEED_STORAGES": STORAGES}, "Scrapy's storage for mine: cannot be used: missing a library"),
        ("ftp:///%(records)s.csv", {}, "Scrapy's storage for ftp: cannot be used: Got a storage URI without a hostname"),
        ("gs://b/%(records)s.csv", {}, "missing google-cloud-storage library: pip install 'linkmedia-scrapy[gcs]'"),
        (
            "%(records)s.csv",
            {"FEED_EXPORT_BATCH_ITEM_COUNT": 5},
            "must have %(batch_id)d or %(batch_time)s in it, since FEED_EXPORT_BATCH_ITEM",
        ),
        (
            "%(foo)s/%(records)s.csv",
            {},
            "nothing gives %(foo)s: there are %(records)s, %(name)s, %(time)s, %(batch_id)d, %(batch_time)s, and",
        ),
        ("%(nam)s/%(records)s.csv", {}, "did you mean name?"),
        ("%(dat)s/%(records)s.csv", {}, "did you mean day?"),
    ],
)
def test_uris_that_scrapy_cannot_write_to(feeds: str, settings: dict[str, Any], line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would cost the user's own feeds, too, since Scrapy gives up all of them: the crawl does not start, and one line says why."""
    monkeypatch.setattr("linkmedia_scrapy.feeduris._has_google_cloud_storage", lambda: False)
    with pytest.raises(ConfigError) as caught:
        with_addon(LINKMEDIA_FEEDS=feeds, **settings)
    assert str(caught.value).startswith(f"LINKMEDIA_FEEDS = {feeds!r}: ")
    assert line in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("feeds", "settings"),
    [
        ("%(day)s/%(name)s/%(time)s/%(records)s.csv", {}),
        ("%(argument)s/%(records)s.csv", {}),
        ("100%25/%(records)s-%(batch_id)05d.csv", {"FEED_EXPORT_BATCH_ITEM_COUNT": 5}),
        ("%(batch_time)s-%(records)s.csv", {"FEED_EXPORT_BATCH_ITEM_COUNT": "5"}),
        ("%(foo)s/%(records)s.csv", {"FEED_URI_PARAMS": "a.function.of.theirs"}),
        ("file:///tmp/%(records)s.csv", {}),
        ("ftp://host/%(records)s.csv", {}),
        (r"C:\out\%(records)s.csv", {}),
        ("mine://x/%(records)s.csv", {"FEED_STORAGES": {"mine": "scrapy.extensions.feedexport.FileFeedStorage"}}),
    ],
)
def test_uris_that_scrapy_can_write_to(feeds: str, settings: dict[str, Any]) -> None:
    """Attributes and arguments of the spider are names, a function of the user's may give any, and storages may be the user's."""
    assert feeds.replace("%(records)s", "links") in with_addon(arguments={"argument": "x"}, LINKMEDIA_FEEDS=feeds, **settings)


def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The crawl does not start: Scrapy would find out at each item, and keep it from the feeds behind this one."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)  # root may write anywhere
    with pytest.raises(ConfigError, match=f"no file can be written to {tmp_path}$"):
        with_addon(LINKMEDIA_FEEDS=f"{tmp_path}/new/%(name)s-%(records)s.csv")


def test_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where a folder is to be, a folder where any of the files is to be, no place for what is sent when it is whole."""
    (tmp_path / "images.csv").mkdir()
    with pytest.raises(ConfigError, match=f"LINKMEDIA_FEEDS = '{tmp_path}/.*: no file can be written to {tmp_path}/images.csv$"):
        with_addon(LINKMEDIA_FEEDS=f"{tmp_path}/%(records)s.csv")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=f"no file can be written to {tmp_path}/file$"):
        with_addon(LINKMEDIA_FEEDS=f"file://{tmp_path}/file/%(time)s/%(records)s.csv")
    with pytest.raises(ConfigError, match=r"no file can be made, to be sent when it is whole \(FEED_TEMPDIR\): Not a Directory"):
        with_addon(LINKMEDIA_FEEDS="ftp://host/%(records)s.csv", FEED_TEMPDIR=str(tmp_path / "none"))


def test_the_feeds_by_kind_stand_before_the_users() -> None:
    """A feed of the user's that cannot be opened keeps items from those behind it. Where both name one URI, the user's holds, at its priority."""
    settings = Settings({"LINKMEDIA_FEEDS": "%(records)s.csv"})
    settings.set("FEEDS", {"own.jsonl": {"format": "jsonlines"}, "links.csv": {"format": "csv", "item_classes": [LinkItem]}}, priority=15)
    LinkMediaAddon().update_settings(settings)
    feeds = settings["FEEDS"]
    assert [*feeds][-2:] == ["own.jsonl", "links.csv"]
    assert {"images.csv", "errors.csv"} < {*[*feeds][:-2]}
    assert "store_empty" not in feeds["links.csv"]
    assert feeds.getpriority("own.jsonl") == feeds.getpriority("links.csv") == 15


def more_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """A function of the user's for FEED_URI_PARAMS."""
    return {**params, "more": spider.name}


@pytest.mark.parametrize(
    ("settings", "given"), [({}, {"time": "1"}), ({"FEED_URI_PARAMS": more_params}, {"time": "1", "more": MarkedSpider.name})]
)
def test_the_feeds_of_a_crawl_have_one_time(settings: dict[str, Any], given: dict[str, str]) -> None:
    """Scrapy takes the clock's for each, which puts out/%(time)s/ into several folders; what a function of the user's adds is there."""
    feeds = with_addon(LINKMEDIA_FEEDS="out/%(time)s/%(records)s.csv", FEEDS={"%(time)s.jsonl": {"format": "jsonlines"}}, **settings)
    functions = {options.get("uri_params") for uri, options in feeds.items() if uri.startswith("out/")}
    assert len(functions) == 1
    function = functions.pop()
    assert function is not None
    for time in "123":
        assert function({"time": time}, MarkedSpider()) == given
    assert "uri_params" not in feeds["%(time)s.jsonl"]


CSV_FEED = {"own.csv": {"format": "csv"}}


@pytest.mark.parametrize(
    ("settings", "spider", "filtered", "left_out"),
    [
        ({"FEEDS": CSV_FEED}, MarkedSpider, True, True),
        ({"FEEDS": {"own.csv": {}}}, MarkedSpider, True, True),
        ({"FEEDS": CSV_FEED, "LINKMEDIA_ITEMS": "pages"}, MarkedSpider, True, True),
        ({"FEEDS": CSV_FEED, "LINKMEDIA_EXTRACT": "links,images"}, MarkedSpider, True, True),
        ({"FEEDS": CSV_FEED, "LINKMEDIA_EXTRACT": "links"}, MarkedSpider, True, False),
        ({"FEEDS": CSV_FEED, "LINKMEDIA_EXTRACT": []}, MarkedSpider, True, False),
        ({"FEEDS": {"ftp://me:word@ftp.example/own.csv": {"format": "csv"}}}, MarkedSpider, True, True),
        ({"FEEDS": CSV_FEED}, PlainSpider, False, False),
        ({"FEEDS": {"own.jsonl": {"format": "jsonlines"}}}, MarkedSpider, False, False),
        ({"FEEDS": {"own.csv": {"format": "csv", "item_filter": OnlyDicts}}}, MarkedSpider, False, False),
        ({"FEEDS": {"own.csv": {"format": "csv", "item_classes": [LinkItem]}}}, MarkedSpider, False, False),
    ],
)
def test_one_csv_holds_no_records_of_several_kinds(
    settings: dict[str, Any], spider: type[Spider], filtered: bool, left_out: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A CSV has one header: records of several kinds would take the columns of the spider's own items. One warning says where they can go."""
    (options,) = with_addon(spider, **settings).values()
    assert (options.get("item_filter") is YieldedItemFilter) is filtered
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(lines) == left_out
    assert all(
        "own.csv: one CSV cannot hold links, images" in line and "LINKMEDIA_FEEDS=" in line and ":word@" not in line for line in lines
    )


def test_records_that_a_callback_yields_are_the_spiders_own() -> None:
    """Only those that come by themselves are left out of its CSV."""
    feed_filter = YieldedItemFilter(YieldedItemFilter.wrap({}))
    record, page = LinkItem(), PageItem()
    assert [feed_filter.accepts(item) for item in ({"a": 1}, record, page)] == [True, True, True]
    record.added = page.added = True
    assert [feed_filter.accepts(item) for item in ({"a": 1}, record, page)] == [True, False, False]
    narrow = YieldedItemFilter(YieldedItemFilter.wrap({"item_classes": [LinkItem]}))
    record.added = False
    assert [narrow.accepts(item) for item in ({"a": 1}, record, ImageItem())] == [False, True, False]


@pytest.mark.parametrize(("extract", "let_in"), [("links", [LinkItem, PageItem]), ("links,images", []), ([], [])], ids=str)
def test_a_single_kind_shares_the_spiders_csv(extract: Any, let_in: list[type[Record]]) -> None:
    """Where one kind is extracted its records are in the spider's CSV; captures and errors, of other columns, are not, nor is anything else."""
    (options,) = with_addon(FEEDS=CSV_FEED, LINKMEDIA_EXTRACT=extract).values()
    feed_filter = YieldedItemFilter(options)
    found = []
    for record_class in (*RECORDS.values(), PageItem):
        record = record_class()
        record.added = True
        if feed_filter.accepts(record):
            found.append(record_class)
    assert found == let_in


@pytest.mark.parametrize("extension", ["csv", "json", "jsonl", "xml", "parquet"])
def test_fields_of_the_users_own_items(extension: str) -> None:
    """FEED_EXPORT_FIELDS names the fields of the user's items: the feeds by kind have those of the records."""
    options = with_addon(LINKMEDIA_FEEDS=f"%(records)s.{extension}", FEED_EXPORT_FIELDS=["name", "price"])[f"links.{extension}"]
    assert options["fields"] == (list(LinkItem.__dataclass_fields__) if extension == "csv" else None)


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_what_cannot_be_added_to(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects in S3 and GCS are replaced as a whole: a crawl that is taken up again would lose what it had, and is refused before."""

    class Bucket(S3FeedStorage if scheme == "s3" else GCSFeedStorage):  # type: ignore[misc]
        def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
            pass

        @classmethod
        def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Any:
            return cls(uri)

    monkeypatch.setattr("linkmedia_scrapy.feeduris._has_google_cloud_storage", lambda: True)
    settings = {"FEED_STORAGES": {scheme: Bucket}, "JOBDIR": "job"}
    with pytest.raises(ConfigError, match=r"nothing can be added to a file there .* put %\(time\)s into its name"):
        with_addon(LINKMEDIA_FEEDS=f"{scheme}://b/%(records)s.jsonl", **settings)
    with_addon(LINKMEDIA_FEEDS=f"{scheme}://b/%(time)s-%(records)s.jsonl", **settings)
    with_addon(LINKMEDIA_FEEDS=f"{scheme}://b/%(records)s.jsonl", FEED_STORAGES={scheme: Bucket})


def test_a_csv_over_ftp_that_is_added_to() -> None:
    """Nobody knows here whether an FTP server has the CSV already, and its header; a crawl that would add to it is refused before."""
    with pytest.raises(
        ConfigError, match=r"a CSV that is added to there .* gets a second header: put %\(time\)s into its name, or choose .jsonl"
    ):
        with_addon(LINKMEDIA_FEEDS="ftp://h/%(records)s.csv", JOBDIR="job")
    with_addon(LINKMEDIA_FEEDS="ftp://h/%(time)s-%(records)s.csv", JOBDIR="job")
    with_addon(LINKMEDIA_FEEDS="ftp://h/%(records)s.jsonl", JOBDIR="job")
    with_addon(LINKMEDIA_FEEDS="ftp://h/%(records)s.csv")


@pytest.mark.parametrize(
    ("settings", "storages"),
    [
        ({"LINKMEDIA_FEEDS": "ftp://h/%(records)s.csv"}, {"ftp": SequentialFTPFeedStorage}),
        pytest.param(
            {"LINKMEDIA_FEEDS": "ftps://h/%(records)s.csv"},
            {"ftps": SequentialFTPFeedStorage},
            marks=pytest.mark.skipif("ftps" not in FEED_STORAGES_BASE, reason="Scrapy has no storage for ftps before 2.19"),
        ),
        ({"LINKMEDIA_FEEDS": "ftp://h/%(records)s.csv", "FEED_STORAGES": {"ftp": FTPFeedStorage}}, {"ftp": FTPFeedStorage}),
        ({"LINKMEDIA_FEEDS": "out/%(records)s.csv"}, {}),
        ({"FEEDS": {"ftp://h/own.csv": {"format": "csv"}}}, {}),
    ],
)
def test_storage_of_feeds_over_ftp(settings: dict[str, Any], storages: dict[str, Any]) -> None:
    """Feeds by kind over FTP have a storage of ours, unless the user named one; nothing else has."""
    crawler = Crawler(PlainSpider, settings)
    LinkMediaAddon.from_crawler(crawler).update_settings(crawler.settings)
    assert dict(crawler.settings["FEED_STORAGES"]) == storages


def test_ftps_needs_a_storage_of_scrapys() -> None:
    """Where Scrapy cannot write to ftps, ours, which is Scrapy's for ftp, does not send it in plain text."""
    crawler = Crawler(PlainSpider, {"LINKMEDIA_FEEDS": "ftps://h/%(records)s.csv"})
    crawler.settings["FEED_STORAGES_BASE"].pop("ftps", None)
    with pytest.raises(ConfigError, match="Scrapy has no storage for ftps"):
        LinkMediaAddon.from_crawler(crawler).update_settings(crawler.settings)


def test_feeds_on_standard_output(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing there can be overwritten, and nobody is warned of an option that is not theirs."""
    with_addon(LINKMEDIA_FEEDS="stdout:%(records)s.jsonl")
    assert not caplog.records


def test_who_has_feeds_of_records_is_not_warned(caplog: pytest.LogCaptureFixture) -> None:
    """Where the records have a place of their own, that they are not in a CSV of other items is no news."""
    feeds = with_addon(FEEDS=CSV_FEED, LINKMEDIA_FEEDS="%(records)s.csv")
    assert feeds["own.csv"]["item_filter"] is YieldedItemFilter
    assert feeds["links.csv"]["item_filter"] is UnfoldingItemFilter
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({}, True),
        ({"FEEDS": {"own.jsonl": {}}}, True),
        ({"FEEDS": {"own.jsonl": {"item_classes": [dict]}}}, True),
        ({"LINKMEDIA_FEEDS": "%(records)s.csv"}, False),
        ({"FEEDS": {"links.jsonl": {"item_classes": ["linkmedia_scrapy.LinkItem"]}}}, False),
        ({"FEEDS": {"pages.jsonl": {"item_classes": [PageItem]}}}, False),
        ({"FEEDS": {"all.jsonl": {"item_classes": [Record]}}}, False),
        ({"FEEDS": {"own.jsonl": {}}, "LINKMEDIA_AUTO": False}, False),
    ],
)
def test_auto_without_a_feed_of_records_is_told(settings: dict[str, Any], warned: bool, caplog: pytest.LogCaptureFixture) -> None:
    """LINKMEDIA_AUTO keeps records out of plain feeds: where no other takes them, one warning says so."""
    with_addon(PlainSpider, **{"LINKMEDIA_AUTO": True, **settings})
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == warned
    assert all(line.startswith("LINKMEDIA_AUTO: no feed takes the records; LINKMEDIA_FEEDS=") for line in lines)
