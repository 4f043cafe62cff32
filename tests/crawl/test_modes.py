"""LINKMEDIA_ITEMS: records and pages give the same feeds, in every format."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from linkmedia_scrapy.items import RECORDS
from tests.crawling import Run, rows, run_spider

FORMATS = ("csv", "json", "jsonlines", "xml", "parquet", "pickle")
KINDS = ("links", "images", "videos", "audios", "tables")

SPIDER = """
import os
from linkmedia_scrapy.items import RECORDS, ImageItem, Record
from linkmedia_scrapy import ImageItem, PageItem
class External:
    def __init__(self, options):
        pass
    def accepts(self, item):
        return isinstance(item, LinkItem) and item.scope == "external"
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{
        "ADDONS": ADDON,
        "LINKMEDIA_LINK_KINDS": ["a", "area", "link", "form", "contact", "iframe"],
        "FEEDS": {{
            **{{
                f"{{kind}}.{{form}}": {{"format": form, "item_classes": [RECORDS[kind]], "overwrite": True}}
                for kind in {kinds} for form in {formats}
            }},
            "media.jsonl": {{"format": "jsonlines", "item_classes": ["linkmedia_scrapy.ImageItem", "linkmedia_scrapy.VideoItem"]}},
            "every.xml": {{"format": "xml", "item_classes": [Record]}},
            "external.csv": {{"format": "csv", "item_classes": [LinkItem], "item_filter": External, "fields": ["url", "text"]}},
            "renamed.jsonl": {{"format": "jsonlines", "item_classes": [LinkItem], "fields": {{"url": "to", "page_url": "from"}}}},
            "pages.jsonl": {{"format": "jsonlines", "item_classes": [PageItem]}},
            "all.jsonl": {{"format": "jsonlines"}},
        }},
        "LINKMEDIA_FEEDS": "%(records)s-own.csv",
    }}
    async def start(self):
        self.one_by_one = self.settings.getint("CONCURRENT_REQUESTS") == 1
        for number in range(1 if self.one_by_one else len({pages})):
            yield self.page(number)
    def page(self, number):
        return scrapy.Request("{url}/" + {pages}[number], cb_kwargs={{"number": number}})
    def parse(self, response, number):
        yield from self.linkmedia(response)
        # Scrapy takes items out of a callback before it is done with those before them: ours are done with when the next page is asked for
        for n in range(4):
            yield {{"title": response.css("title::text").get()}}
        if self.one_by_one and number + 1 < len({pages}):
            yield self.page(number + 1)
"""
PAGES = (
    "index.html",
    "gallery/index.html",
    "media/index.html",
    "docs/index.html",
    "shop/index.html",
    "news/lake-light.html",
    "old/index.html",
)
BY_MODE = {"pages.jsonl", "all.jsonl"}
"""Feeds that the mode does change."""


def run(folder: Path, url: str, mode: str, concurrency: int, *arguments: str) -> Run:
    """Crawl some pages of the site into a folder."""
    folder.mkdir()
    done = run_spider(
        folder,
        SPIDER.format(url=url, kinds=KINDS, formats=FORMATS, pages=PAGES),
        *("-s", f"LINKMEDIA_ITEMS={mode}"),
        *("-s", f"CONCURRENT_REQUESTS={concurrency}", "-s", f"CONCURRENT_ITEMS={concurrency}"),
        *arguments,
        fresh=True,
    )
    assert done.code == 0, done.log
    assert "log_count/ERROR" not in done.stats, done.log
    return done


@pytest.fixture(scope="module")
def crawls(site, tmp_path_factory):
    """The same crawl in both modes, one thing at a time, and in pages mode with many at once."""
    folder = tmp_path_factory.mktemp("modes")
    runs = {
        "records": run(folder / "records", site.url, "records", 1),
        "pages": run(folder / "pages", site.url, "pages", 1),
        "mixed": run(folder / "mixed", site.url, "pages", 16),
    }
    return folder, runs


def feeds(folder: Path) -> set[str]:
    """The names of the feeds in a folder."""
    return {path.name for path in folder.iterdir() if path.is_file()} - {"spider.py", "stats.json"}


def test_the_same_bytes(crawls):
    """One request and one item at a time: every feed of records is the same in both modes, byte for byte."""
    folder, runs = crawls
    names = feeds(folder / "records") | {"pages.jsonl"}
    assert names == feeds(folder / "pages")
    assert {f"{kind}.{form}" for kind in KINDS for form in FORMATS} <= names
    for name in names - BY_MODE:
        assert (folder / "records" / name).read_bytes() == (folder / "pages" / name).read_bytes(), name
    for kind in KINDS:
        count = runs["records"].count(f"record_count/{RECORDS[kind]().record}")
        assert len(rows(folder / "pages" / f"{kind}.jsonlines")) == count > 0


def _read(path: Path) -> list[Any]:
    """A feed's rows, as texts that can be sorted."""
    if path.name.endswith(".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            return sorted(map(str, csv.reader(file)))
    if path.suffix == ".xml":
        return sorted(ET.tostring(item, encoding="unicode") for item in ET.parse(path).getroot())
    if path.suffix == ".json":
        return sorted(map(str, json.loads(path.read_text(encoding="utf-8"))))
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return sorted(map(str, parquet.read_table(path).to_pylist()))
    if path.suffix == ".pickle":
        return sorted(path.read_bytes().split(b"\x80\x04"))
    return sorted(map(str, rows(path)))


def test_the_same_rows_in_another_order(crawls):
    """Many requests at once: the rows are the same, whatever their order."""
    folder, _ = crawls
    for name in feeds(folder / "records") - BY_MODE:
        assert _read(folder / "records" / name) == _read(folder / "mixed" / name), name


def test_own_feed_holds_what_the_mode_yields(crawls):
    """A feed that names no classes has a line a record in records mode, and a nested line a page in pages mode, with the same records."""
    folder, runs = crawls
    flat = [row for row in rows(folder / "records/all.jsonl") if "record" in row]
    nested = [row for row in rows(folder / "pages/all.jsonl") if "record" in row]
    assert {row["record"] for row in nested} == {"page"}
    assert len(nested) == runs["pages"].count("page_count") == len(PAGES)
    assert [record for page in nested for name in RECORDS for record in page[name]] == flat
    assert rows(folder / "pages/pages.jsonl") == nested
    assert {row["status"] for row in nested} == {200}
    titles = [row for row in rows(folder / "records/all.jsonl") if "record" not in row]
    assert [row for row in rows(folder / "pages/all.jsonl") if "record" not in row] == titles


def test_the_same_stats(crawls):
    """What is counted does not depend on the mode; the items that Scrapy counts are pages."""
    _, runs = crawls
    counts = [{name: value for name, value in done.stats.items() if name.startswith("linkmedia/")} for done in runs.values()]
    assert counts[0] == counts[1] == counts[2]
    others = sum("title" in row for row in rows(crawls[0] / "pages/all.jsonl"))
    assert runs["pages"].stats["item_scraped_count"] == runs["pages"].count("page_count") + others


@pytest.mark.parametrize("setting", ["LINKMEDIA_UNIQUE_ACROSS_PAGES=1", "LINKMEDIA_TABLE_FILES=csv"])
def test_pipelines_work_on_page_items(site, tmp_path, setting):
    """Duplicates are dropped, and table files written, as they are of single records."""
    arguments = ("-s", setting, "-s", f"LINKMEDIA_STORE={tmp_path}/store")
    by_mode = {mode: run(tmp_path / mode, site.url, mode, 1, *arguments) for mode in ("records", "pages")}
    for name in feeds(tmp_path / "records") - BY_MODE:
        assert (tmp_path / "records" / name).read_bytes() == (tmp_path / "pages" / name).read_bytes(), name
    ours = [{name: value for name, value in done.stats.items() if name.startswith("linkmedia/")} for done in by_mode.values()]
    assert ours[0] == ours[1]
    nested = [row for row in rows(tmp_path / "pages/pages.jsonl") if row["record"] == "page"]
    if "UNIQUE" in setting:
        duplicates = sum(page["dropped"].get("link", {}).get("duplicate", 0) for page in nested)
        assert duplicates == by_mode["pages"].count("dropped_count/link/duplicate") > 10
    else:
        assert all(table["path"] for page in nested for table in page["tables"])
        assert len(list((tmp_path / "store/tables").iterdir())) > 3


def test_auto_leaves_a_spiders_own_feed_alone(site, tmp_path):
    """With LINKMEDIA_AUTO page items do not get into feeds that name no classes; the kinds' feeds have their rows."""
    code = """
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_AUTO": True, "LINKMEDIA_ITEMS": "pages", "LINKMEDIA_FEEDS": "%(records)s.xml"}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        yield {{"title": "t"}}
"""
    done = run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    assert done.code == 0, done.log
    assert rows(tmp_path / "out.jsonl") == [{"title": "t"}]
    assert len(ET.parse(tmp_path / "links.xml").getroot()) == done.count("record_count/link") > 10


def test_a_callback_that_asks_for_it_gets_one_page_item(site, tmp_path):
    """self.linkmedia yields the page item, nothing is added after it, and ItemAdapter and item access work on it in pipelines."""
    code = """
from itemadapter import ItemAdapter
class Look:
    def process_item(self, item):
        adapter = ItemAdapter(item)
        adapter["seen"] = len(adapter["links"])
        assert item["url"] == adapter["url"] and len(str(item)) <= 200 and len(repr(item)) <= 200
        item.links = [link for link in item.links if link.scope == "internal"]
        return item
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_ITEMS": "pages", "LINKMEDIA_FEEDS": "%(records)s.csv", "ITEM_PIPELINES": {{Look: 300}}}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        (page,) = self.linkmedia(response)
        assert page.record == "page"
        yield page
"""
    done = run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    assert "log_count/ERROR" not in done.stats, done.log
    (page,) = rows(tmp_path / "out.jsonl")
    assert page["seen"] > len(page["links"]) > 5
    with (tmp_path / "links.csv").open(encoding="utf-8", newline="") as file:
        assert [row["url"] for row in csv.DictReader(file)] == [link["url"] for link in page["links"]]


def test_a_page_item_in_records_mode(site, tmp_path):
    """A page item that a spider makes itself is taken apart by the kinds' feeds, and judged by the rules."""
    code = """
from linkmedia_scrapy import PageItem, TableItem
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{
        "ADDONS": ADDON, "LINKMEDIA_FEEDS": "%(records)s.jsonl", "LINKMEDIA_EXCLUDE_DOMAINS": ["evil.example"], "LINKMEDIA_TABLE_MIN_ROWS": 2
    }}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        links = [LinkItem(url=url) for url in ("http://www.evil.example/x", "http://notevil.example/x", response.url)]
        yield PageItem(url=response.url, links=links, tables=[TableItem(rows=[["a"]])])
"""
    done = run_spider(tmp_path, code.format(url=site.url), "-o", "out.json")
    found = [(row["url"], row["scope"]) for row in rows(tmp_path / "links.jsonl")]
    assert found == [("http://notevil.example/x", "external"), (f"{site.url}/index.html", "internal")]
    assert done.count("dropped_count/link/excluded_domain") == done.count("dropped_count/table/min_rows") == 1
    (page,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert page["dropped"] == {"link": {"excluded_domain": 1}, "table": {"min_rows": 1}}
    assert rows(tmp_path / "tables.jsonl") == []


def test_a_spider_that_was_not_asked(site, tmp_path):
    """In a project whose settings name the feeds, its crawl does not put empty ones in the place of another spider's."""
    code = """
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_FEEDS": "%(records)s.csv"}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        yield {{"name": "mug"}}
"""
    (tmp_path / "links.csv").write_text("another spider's")
    run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    assert rows(tmp_path / "out.jsonl") == [{"name": "mug"}]
    assert [path.read_text() for path in tmp_path.glob("*.csv")] == ["another spider's"]


def test_itemcount_counts_pages(site, tmp_path):
    """CLOSESPIDER_ITEMCOUNT counts what the mode yields: pages, in pages mode."""
    code = """
class S(LinkMediaMixin, CrawlSpider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_ITEMS": "pages", "CLOSESPIDER_ITEMCOUNT": 3, "CONCURRENT_REQUESTS": 1}}
    start_urls = ["{url}/index.html"]
    allowed_domains = ["127.0.0.1"]
    rules = [Rule(LinkExtractor())]
"""
    done = run_spider(tmp_path, code.format(url=site.url))
    assert done.stats["finish_reason"] == "closespider_itemcount"
    assert 3 <= done.count("page_count") < 24  # those under way are finished; the site has more
