"""Whole crawls, each in a process of its own as a user starts it: a project, a spider, `scrapy`."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import scrapy
from scrapy import signals
from scrapy.link import Link
from scrapy.utils.test import get_crawler

from linkmedia_scrapy import LinkMediaMixin
from linkmedia_scrapy.pipelines import RulesPipeline
from spiders.page import PageSpider
from tests.conftest import ROOT, SITE
from tests.crawling import PREAMBLE, Run, crawl, rows, run_spider
from tests.server import SiteServer


def pages_by_record(path: Path) -> dict[str, Counter[str]]:
    """How many records of each kind every page has in a feed."""
    found: dict[str, Counter[str]] = {}
    for row in rows(path):
        if "record" in row:
            found.setdefault(row["page_url"], Counter())[row["record"]] += 1
    return found


SPIDERS = {
    "Spider": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        yield {{"title": response.css("title::text").get()}}
""",
    "Spider with an asynchronous callback": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    async def parse(self, response):
        yield {{"title": response.css("title::text").get()}}
""",
    "callback that returns nothing": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        self.logger.info("seen")
""",
    "explicit call": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        yield from self.linkmedia(response)
""",
    "explicit call without the add-on": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        yield from self.linkmedia(response)
""",
    "mixin placed last": """
class S(scrapy.Spider, LinkMediaMixin):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        pass
""",
    "callback that raises": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        yield {{"title": "before"}}
        raise RuntimeError("the user's own fault")
""",
    "callback that raises at once": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html", "{url}/nowhere.html"]
    def parse(self, response):
        raise RuntimeError("the user's own fault")
""",
    "asynchronous callback that raises at once": """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    async def parse(self, response):
        raise RuntimeError("the user's own fault")
""",
    "LINKMEDIA_AUTO, no code": """
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_AUTO": True}}
    start_urls = ["{url}/index.html", "{url}/docs/index.html"]
    def parse(self, response):
        yield {{"title": response.css("title::text").get()}}
""",
    "CrawlSpider: start page and rules with and without a callback": """
class S(LinkMediaMixin, CrawlSpider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "DEPTH_LIMIT": 1}}
    start_urls = ["{url}/index.html"]
    rules = [Rule(LinkExtractor(allow="/docs/index"), callback="parse_docs"), Rule(LinkExtractor(allow="/old/index"))]
    def parse_docs(self, response):
        yield {{"title": response.css("title::text").get()}}
""",
    "SitemapSpider": """
class S(LinkMediaMixin, SitemapSpider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    sitemap_urls = ["{url}/sitemap.xml"]
    sitemap_rules = [("/index.html$", "parse")]
    def parse(self, response):
        pass
""",
}


@pytest.mark.parametrize("name", SPIDERS, ids=str)
def test_every_kind_of_spider_yields_each_pages_records_once(name, site, tmp_path):
    """Whatever the spider, each page's records come once: as many as the page alone gives."""
    feed = tmp_path / "out.jsonl"
    run = run_spider(tmp_path, SPIDERS[name].format(url=site.url), "-s", f"LINKMEDIA_FEEDS={tmp_path}/%(records)s.jsonl", "-o", str(feed))
    assert run.code == 0, run.log
    found: dict[str, Counter[str]] = {}
    if "without the add-on" in name:
        found = pages_by_record(feed)
    else:
        for kind in ("links", "images", "videos", "audios", "tables"):
            for page, counts in pages_by_record(tmp_path / f"{kind}.jsonl").items():
                found.setdefault(page, Counter()).update(counts)
    from linkmedia_scrapy import extract

    assert {f"{site.url}/index.html", f"{site.url}/docs/index.html"} <= set(found)
    for url, counts in found.items():
        page = extract((SITE / url.removeprefix(f"{site.url}/")).read_bytes(), url)
        assert counts == Counter(record.record for record in page.records()), url
    if "CrawlSpider" in name:
        assert f"{site.url}/old/index.html" in found
    if "raises" in name:
        assert run.stats["spider_exceptions/RuntimeError"] == 2


def test_an_errback_brings_no_records_of_a_refused_page(site, tmp_path):
    """The output of an errback comes with the response that did not reach a callback, such as a 404: what that holds is nobody's wish."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    async def start(self):
        yield scrapy.Request("{url}/nowhere.html", errback=self.failed)
    def failed(self, failure):
        yield {{"failed": failure.value.response.status}}
"""
    run = run_spider(tmp_path, code.format(url=site.url), "-o", str(tmp_path / "out.jsonl"))
    assert rows(tmp_path / "out.jsonl") == [{"failed": 404}]
    assert run.count("page_count") == 0


@pytest.mark.parametrize("marked", ["", "LinkMediaMixin, "], ids=["plain", "marked"])
def test_a_middleware_that_handles_exceptions(marked, site, tmp_path):
    """A project's spider middleware has the exceptions of its callbacks; at its usual place with records to add, too."""
    code = """
class Handles:
    def process_spider_exception(self, response, exception):
        return [{{"handled": str(exception)}}]
class S(MARKEDscrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "SPIDER_MIDDLEWARES": {{Handles: ORDER}}}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        raise ValueError("mine")
"""
    code = code.replace("MARKED", marked).replace("ORDER", "543" if marked else "920")
    run_spider(tmp_path, code.format(url=site.url), "-o", str(tmp_path / "out.jsonl"))
    found = rows(tmp_path / "out.jsonl")
    assert {"handled": "mine"} in found
    assert (len(found) > 1) is bool(marked)


def test_a_request_that_is_sent_again(site, tmp_path):
    """Each response has its records, though a spider sends the same request object once more."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html"]
    seen = 0
    def parse(self, response):
        self.seen += 1
        if self.seen < 3:
            response.request.dont_filter = True
            yield response.request
"""
    assert run_spider(tmp_path, code.format(url=site.url)).count("page_count") == 3


def test_settings_that_a_spider_sets_late(site, tmp_path):
    """What from_crawler sets after super() holds, as it does for Scrapy's own components."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/index.html"]
    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.settings.set("LINKMEDIA_EXTRACT", ["links"], priority="spider")
        return spider
"""
    run_spider(tmp_path, code.format(url=site.url), "-o", str(tmp_path / "out.jsonl"))
    assert {row["record"] for row in rows(tmp_path / "out.jsonl")} == {"link"}


@pytest.mark.parametrize("pipeline", ["images.ImagesPipeline", "files.FilesPipeline"])
@pytest.mark.parametrize("items", ["records", "pages"])
def test_scrapys_media_pipelines(site, tmp_path, pipeline, items):
    """A project's ImagesPipeline or FilesPipeline passes our records by, which have no URLs for it, and serves the project's own items."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "ROBOTSTXT_OBEY": False}}
    start_urls = ["{url}/gallery/index.html"]
    def parse(self, response):
        urls = ["{url}/img/hero.jpg"]
        yield {{"own": 1, "image_urls": urls, "file_urls": urls}}
"""
    feeds = ("-s", f"LINKMEDIA_FEEDS={tmp_path}/%(records)s.jsonl", "-o", str(tmp_path / "all.jsonl"))
    store = ("-s", f"IMAGES_STORE={tmp_path}/store", "-s", f"FILES_STORE={tmp_path}/store", "-s", f"LINKMEDIA_ITEMS={items}")
    pipelines = ("-s", json.dumps({f"scrapy.pipelines.{pipeline}": 300}).join(["ITEM_PIPELINES=", ""]))
    run = run_spider(tmp_path, code.format(url=site.url), *feeds, *store, *pipelines)
    assert "Traceback" not in run.log
    for kind in ("link", "image"):
        records = rows(tmp_path / f"{kind}s.jsonl")
        assert len(records) == run.count(f"record_count/{kind}") > 0
        assert not {"images", "files"} & {name for record in records for name in record}
    (own,) = [row for row in rows(tmp_path / "all.jsonl") if "own" in row]
    assert len(own["images" if "images" in pipeline else "files"]) == 1


class Marked(LinkMediaMixin, scrapy.Spider):
    """A spider with the mixin."""

    name = "marked"


class Theirs(RulesPipeline):
    """A pipeline of a user's that is derived from ours."""


MIDDLEWARE = "linkmedia_scrapy.spidermiddlewares.LinkMediaSpiderMiddleware"
ADDON = {"ADDONS": {"linkmedia_scrapy.LinkMediaAddon": 500}}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"LINKMEDIA_FEEDS": "%(records)s.csv", "LINKMEDIA_SCREENSHOT": "1"}, "LINKMEDIA_FEEDS, LINKMEDIA_SCREENSHOT"),
        ({"LINKMEDIA_AUTO": True, "ADDONS": {"linkmedia_scrapy.LinkMediaAddon": None}}, "LINKMEDIA_AUTO"),
        ({"LINKMEDIA_AUTO": True, "SPIDER_MIDDLEWARES": {MIDDLEWARE: None}}, "LINKMEDIA_AUTO"),
        ({"LINKMEDIA_AUTO": True, **ADDON}, ""),
        ({"LINKMEDIA_AUTO": True, "SPIDER_MIDDLEWARES": {MIDDLEWARE: 950}}, ""),
        ({"LINKMEDIA_UNIQUE_ACROSS_PAGES": True, "ITEM_PIPELINES": {Theirs: 50}}, ""),
        ({"LINKMEDIA_EXCLUDE_DOMAINS": "x.example", "LINKMEDIA_SCREENSHOT": False}, ""),
        ({}, ""),
    ],
)
def test_settings_that_need_the_addon_are_told_without_it(settings, named, caplog):
    """The mixin alone makes no feeds and captures: one warning says so, but not to those who put components of ours in one by one."""
    crawler = get_crawler(Marked, settings)
    crawler.spider = Marked.from_crawler(crawler)
    caplog.clear()
    crawler.signals.send_catch_log(signals.spider_opened, spider=crawler.spider)
    lines = [record.getMessage() for record in caplog.records if record.name == "linkmedia_scrapy.mixins"]
    assert [line.partition(":")[0] for line in lines] == ([named] if named else [])
    assert all("LinkMediaAddon" in line for line in lines)


OWN = """
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": {addons}, "LINKMEDIA_AUTO": {auto}, "CONCURRENT_REQUESTS": 1, "CONCURRENT_ITEMS": 1}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        yield {{"url": response.url, "title": response.css("title::text").get(), "n": len(response.css("a"))}}
        yield from response.follow_all(css="nav a", callback=self.parse)
"""


@pytest.mark.parametrize("extension", ["jsonl", "json", "csv", "xml"])
def test_auto_leaves_a_spiders_own_feed_as_it_was(extension, site, tmp_path):
    """With LINKMEDIA_AUTO the spider's own -O is byte for byte what it is without; our records lie beside it."""
    feeds = {}
    for name, addons, auto in (("without", "{}", "False"), ("with", "ADDON", "True")):
        folder = tmp_path / name
        folder.mkdir()
        arguments = ["-s", f"LINKMEDIA_FEEDS={folder}/%(records)s.jsonl"] if name == "with" else []
        code = OWN.format(addons=addons, auto=auto, url=site.url)
        run = run_spider(folder, code, "-O", str(folder / f"own.{extension}"), *arguments, fresh=True)
        assert run.code == 0, run.log
        feeds[name] = (folder / f"own.{extension}").read_bytes()
    assert feeds["with"] == feeds["without"]
    assert len(feeds["with"]) > 300
    assert len(rows(tmp_path / "with" / "links.jsonl")) > 100


def test_auto_composes_with_the_feeds_own_filter(site, tmp_path):
    """A feed that has an item filter keeps it under LINKMEDIA_AUTO."""
    code = """
from scrapy.extensions.feedexport import ItemFilter
class Odd(ItemFilter):
    def accepts(self, item):
        return item["n"] % 2 == 1
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_AUTO": True, "FEEDS": {{"{out}": {{"format": "jsonlines", "item_filter": Odd}}}}}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        for n in range(5):
            yield {{"n": n}}
"""
    out = tmp_path / "odd.jsonl"
    run = run_spider(tmp_path, code.format(url=site.url, out=out))
    assert run.code == 0, run.log
    assert [row["n"] for row in rows(out)] == [1, 3]
    assert run.count("record_count/link") > 10


def test_redis_spider(site, tmp_path):
    """scrapy-redis' RedisSpider, which takes its requests from a queue, yields each page's records once."""
    code = """
import fakeredis
from scrapy_redis.spiders import RedisSpider
class S(LinkMediaMixin, RedisSpider):
    name = "s"
    redis_key = "s:start_urls"
    max_idle_time = 1
    custom_settings = {{
        "ADDONS": ADDON,
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "REDIS_PARAMS": {{"redis_cls": "fakeredis.FakeRedis"}},
    }}
    def setup_redis(self, crawler=None):
        super().setup_redis(crawler)
        request = {{"url": "{url}/docs/index.html", "meta": {{"linkmedia": {{"extract": ["links", "tables"]}}}}}}
        self.server.lpush(self.redis_key, __import__("json").dumps(request))
    def parse(self, response):
        pass
"""
    run = run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    assert run.code == 0, run.log
    page = f"{site.url}/docs/index.html"
    found = pages_by_record(tmp_path / "out.jsonl")
    assert found.keys() == {page}
    assert found[page].keys() == {"link", "table"}
    assert found[page]["link"] == run.count("record_count/link") > 10


def test_request_meta_overrides_settings_for_one_page(site, tmp_path):
    """request.meta["linkmedia"] holds for its page alone; what it cannot be is warned of once, and counted each time."""
    code = f"""
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_EXCLUDE_EXTERNAL_LINKS": True}}
    async def start(self):
        yield scrapy.Request("{site.url}/index.html", meta={{"linkmedia": {{"exclude_external_links": False, "extract": ["links"]}}}})
        yield scrapy.Request("{site.url}/docs/index.html")
        for n in range(2):
            yield scrapy.Request("{site.url}/about.html?%d" % n, meta={{"linkmedia": {{"extract": ["lunks"], "feeds": "x"}}}})
    def parse(self, response):
        pass
"""
    run = run_spider(tmp_path, code, "-o", "out.jsonl")
    found = rows(tmp_path / "out.jsonl")
    scopes = {(row["page_url"].removeprefix(site.url), row["scope"]) for row in found if row["record"] == "link"}
    assert ("/index.html", "external") in scopes
    assert ("/docs/index.html", "external") not in scopes
    assert {row["record"] for row in found if row["page_url"].endswith("/index.html") and "docs" not in row["page_url"]} == {"link"}
    assert run.log.count("unknown: 'lunks'; did you mean 'links'?") == 1
    assert run.count("ignored_meta_count") == 4
    assert run.count("dropped_count/link/external") > 0


def test_a_users_pipeline_does_not_lose_our_records(site, tmp_path):
    """Pipelines written for other items may set fields that ours lack and read ones that are missing."""
    code = """
from itemadapter import ItemAdapter
class Careless:
    def process_item(self, item):
        item["seen"] = True
        adapter = ItemAdapter(item)
        adapter["price_known"] = bool(item["price"]) or adapter.get("price") is not None
        return item
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "ITEM_PIPELINES": {{Careless: 300}}}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        pass
"""
    run = run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    found = rows(tmp_path / "out.jsonl")
    assert run.stats["item_scraped_count"] == len(found) == sum(run.count(f"record_count/{kind}") for kind in ("link", "image", "table"))
    assert all(row["seen"] is True and row["price_known"] is False for row in found)
    assert "log_count/ERROR" not in run.stats


WITH_A_PIPELINE = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_ITEMS": "{mode}", "ITEM_PIPELINES": {{{pipeline}: 300}}, "LINKMEDIA_FEEDS": "%(records)s.csv"}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        pass
"""


@pytest.mark.parametrize("command", ["check", "fetch", "parse", "shell"])
def test_what_commands_show_goes_nowhere(command, site, tmp_path):
    """A page that somebody looks at is none of a crawl: the last one's files stay, and no pipeline has records of it."""
    code = """
from pathlib import Path
class Note:
    def process_item(self, item):
        Path("noted").touch()
        return item
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "ITEM_PIPELINES": {{Note: 300}}, "LINKMEDIA_FEEDS": "%(records)s.csv"}}
    def parse(self, response):
        \"\"\"
        @url {url}/index.html
        @returns items 0 0
        \"\"\"
"""
    (tmp_path / "spider.py").write_text(PREAMBLE + code.format(url=site.url))
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = settings\n")
    (tmp_path / "settings.py").write_text('SPIDER_MODULES = ["spider"]\n')
    (tmp_path / "links.csv").write_text("of a crawl")
    before = len(site.requests)
    arguments = ["s"] if command == "check" else ["--spider", "s", f"{site.url}/index.html"]
    run = Run(tmp_path, command, *arguments, *(["-c", "response"] if command == "shell" else []))
    assert (run.code, "ERROR" in run.log) == (0, False)
    assert site.requests[before:] == ["/index.html"]
    assert (tmp_path / "links.csv").read_text() == "of a crawl"
    assert not (tmp_path / "noted").exists()


@pytest.mark.parametrize("mode", ["records", "pages"])
def test_a_pipeline_that_makes_dicts_of_records_is_told(mode, site, tmp_path):
    """Feeds by kind take records: where a pipeline gives dicts in their place, one warning says why their feeds are empty."""
    code = """
from itemadapter import ItemAdapter
class AsDict:
    def process_item(self, item):
        return ItemAdapter(item).asdict()
"""
    run = run_spider(tmp_path, code + WITH_A_PIPELINE.format(pipeline="AsDict", url=site.url, mode=mode))
    (line,) = [line for line in run.log.splitlines() if "] WARNING: " in line]
    assert "links, images, tables went into the item pipelines and none came out, so that their feeds are empty" in line
    assert (tmp_path / "links.csv").read_text().count("\n") == 1


@pytest.mark.parametrize("mode", ["records", "pages"])
def test_pipelines_that_leave_a_kind_out_are_not_suspected(mode, site, tmp_path):
    """Who drops links, or takes them out of page items, knows that there are none."""
    code = """
from scrapy.exceptions import DropItem
class NoLinks:
    def process_item(self, item):
        if item.record == "link":
            raise DropItem("no link")
        if item.record == "page":
            item.links = []
        return item
"""
    run = run_spider(tmp_path, code + WITH_A_PIPELINE.format(pipeline="NoLinks", url=site.url, mode=mode))
    assert run.count("record_count/link") > 10
    assert (tmp_path / "links.csv").read_text().count("\n") == 1
    assert "went into the item pipelines" not in run.log


def test_rules_pipeline_judges_records_that_a_spider_makes_itself(site, tmp_path):
    """Records from elsewhere get their scope, and those that a rule leaves out are dropped with a reason."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_EXTRACT": [], "LINKMEDIA_EXCLUDE_DOMAINS": ["evil.example"]}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        for url in ("http://www.evil.example/x", "http://notevil.example/x", response.url):
            yield LinkItem(page_url=response.url, url=url)
"""
    run = run_spider(tmp_path, code.format(url=site.url), "-o", "out.jsonl")
    assert [(row["url"], row["scope"]) for row in rows(tmp_path / "out.jsonl")] == [
        ("http://notevil.example/x", "external"),
        (f"{site.url}/index.html", "internal"),
    ]
    assert run.count("dropped_count/link/excluded_domain") == 1


def test_filter_requests_stops_following(site, tmp_path):
    """With LINKMEDIA_FILTER_REQUESTS the rules hold for followed requests too, counted; start requests always go."""
    code = """
class S(scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_FILTER_REQUESTS": True, "LINKMEDIA_EXCLUDE_DOMAINS": ["localhost", "127.0.0.1"]}}
    start_urls = ["{url}/index.html"]
    def parse(self, response):
        yield scrapy.Request("{url}/docs/index.html")
        yield scrapy.Request("{url}/about.html".replace("127.0.0.1", "localhost"))
"""
    run = run_spider(tmp_path, code.format(url=site.url))
    assert run.stats["downloader/request_count"] == 1
    assert run.count("filtered_count/request/excluded_domain") == 2
    run = run_spider(tmp_path, code.format(url=site.url).replace('["localhost", "127.0.0.1"]', '["localhost"]'))
    assert run.stats["downloader/request_count"] == 2
    assert run.count("filtered_count/request/excluded_domain") == 2  # on each of the two pages


def test_process_links_filters_a_rules_links(site, tmp_path):
    """Rule(process_links="linkmedia_process_links") follows only what the rules keep."""
    code = """
class S(LinkMediaMixin, CrawlSpider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "LINKMEDIA_EXCLUDE_EXTERNAL_LINKS": True, "DEPTH_LIMIT": 1, "ROBOTSTXT_OBEY": False}}
    start_urls = ["{url}/index.html"]
    rules = [Rule(LinkExtractor(), process_links="linkmedia_process_links")]
"""
    run = run_spider(tmp_path, code.format(url=site.url))
    assert run.code == 0, run.log
    assert run.count("filtered_count/link/external") > 3
    assert "downloader/exception_count" not in run.stats


@pytest.mark.parametrize("scope", ["site", "host", "origin"])
def test_process_links_knows_home_in_every_scope(scope):
    """With allowed domains, a link to one of them is internal by either scheme, however narrow the scope."""
    crawler = get_crawler(Marked, {"LINKMEDIA_EXCLUDE_EXTERNAL_LINKS": True, "LINKMEDIA_INTERNAL_SCOPE": scope})
    spider = Marked.from_crawler(crawler)
    spider.allowed_domains = ["example.com"]
    links = [Link("http://example.com/a"), Link("https://example.com/b"), Link("https://example.org/c")]
    assert spider.linkmedia_process_links(links) == links[:2]


def test_process_links_without_a_home():
    """A spider that takes its URLs from elsewhere follows what the rules by domain keep: nothing tells what is external."""
    settings = {"LINKMEDIA_EXCLUDE_EXTERNAL_LINKS": True, "LINKMEDIA_EXCLUDE_DOMAINS": ["example.net"]}
    spider = Marked.from_crawler(get_crawler(Marked, settings))
    links = [Link("http://example.com/a"), Link("https://www.Example.net/b")]
    assert spider.linkmedia_process_links(links) == links[:1]


def test_unique_across_pages(site, tmp_path):
    """LINKMEDIA_UNIQUE_ACROSS_PAGES emits a URL of a kind once a crawl, and counts the others."""
    run = crawl(
        tmp_path, "site", "-a", f"url={site.url}/index.html", "-s", "LINKMEDIA_UNIQUE_ACROSS_PAGES=1", "-O", f"{tmp_path}/out.jsonl"
    )
    keys = [
        (row["record"], row["kind"], row.get("url") or row.get("src")) for row in rows(tmp_path / "out.jsonl") if row["record"] != "table"
    ]
    assert len(keys) == len(set(keys)) > 50
    assert run.count("dropped_count/link/duplicate") > 100


def test_a_spiders_own_csv_stays_its_own(site, tmp_path):
    """A CrawlSpider with the mixin and items of its own: its CSV has their columns and rows, and a warning says where the records can go."""
    code = """
class S(LinkMediaMixin, CrawlSpider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "DEPTH_LIMIT": 1}}
    start_urls = ["{url}/index.html"]
    rules = [Rule(LinkExtractor(allow="/docs/index"), callback="parse_docs")]
    def parse_docs(self, response):
        yield {{"title": response.css("title::text").get(), "u": response.url}}
"""
    run = run_spider(tmp_path, code.format(url=site.url), "-O", "own.csv")
    with (tmp_path / "own.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == ["title", "u"]
    assert row["u"] == f"{site.url}/docs/index.html"
    (line,) = [line for line in run.log.splitlines() if "] WARNING: " in line]
    assert "own.csv: one CSV cannot hold" in line
    assert "LINKMEDIA_FEEDS" in line


def test_a_csv_of_what_a_callback_chooses(site, tmp_path):
    """Records that a callback yields are the spider's own items: a CSV of one kind holds them."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{url}/docs/index.html", "{url}/index.html"]
    def parse(self, response):
        if "/docs/" in response.url:
            yield from (record for record in self.linkmedia(response) if record.record == "table")
"""
    run_spider(tmp_path, code.format(url=site.url), "-O", "tables.csv")
    with (tmp_path / "tables.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert {row["record"] for row in found} == {"table"}


def test_a_feed_that_cannot_be_written_does_not_cost_the_users_own(site, tmp_path):
    """A LINKMEDIA_FEEDS that Scrapy has no storage for stops the crawl with one line, before anything is fetched."""
    run = crawl(
        tmp_path, *("page", "-a", f"url={site.url}/", "-O", f"{tmp_path}/out.jsonl"),
        *("-s", "LINKMEDIA_FEEDS=foo://x/%(records)s.csv", "-s", "LOG_LEVEL=ERROR"),
    )  # fmt: skip
    assert run.code == 1
    assert run.log.startswith("scrapy: error: LINKMEDIA_FEEDS = 'foo://x/%(records)s.csv': Scrapy has no storage for foo: ")
    assert len(run.log.strip().splitlines()) == 1


def test_feeds_by_kind_are_tidy(site, tmp_path):
    """LINKMEDIA_FEEDS writes one CSV a kind: a header each, cells that hold lists are JSON, and no errors file without errors."""
    run = crawl(
        tmp_path, "site", "-a", f"url={site.url}/", "-s", f"LINKMEDIA_FEEDS={tmp_path}/%(records)s.csv", "-O", f"{tmp_path}/all.json"
    )
    everything = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    for kind, record in (("links", "link"), ("images", "image"), ("videos", "video"), ("audios", "audio"), ("tables", "table")):
        with (tmp_path / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        assert len(found) == run.count(f"record_count/{record}") == sum(row["record"] == record for row in everything)
        assert {row["record"] for row in found} == {record}
        for row in found:
            for name in {"rel", "variants", "sources", "tracks", "headers", "rows", "score_parts"} & set(row):
                assert isinstance(json.loads(row[name]), list | dict)
    assert not (tmp_path / "errors.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["site"], "spider site: url is missing: say -a url=https://example.com", id="site without url"),
        pytest.param(["page"], "spider page: url is missing: say -a url=https://example.com", id="page without url"),
        pytest.param(["sitemap"], "spider sitemap: url is missing: say -a url=https://example.com/sitemap.xml", id="sitemap without url"),
        pytest.param(
            ["site", "-a", "url=ftp://example.com"], "url = 'ftp://example.com': must be an http:, https: or file: URL", id="scheme"
        ),
        pytest.param(["site", "-a", "url=http://e.com", "-a", "depth=deep"], "depth = 'deep': must be a whole number >= 0", id="depth"),
        pytest.param(["site", "-a", "urll=http://e.com"], "no argument 'urll'; it takes url, scope, depth, pages", id="unknown argument"),
        pytest.param(["page", "-a", "file=nowhere.txt"], "file = 'nowhere.txt': cannot read it (FileNotFoundError)", id="missing file"),
        pytest.param(
            ["sitemap", "-a", "url=http://e.com", "-a", "match=("], "match = '(': must be a regular expression", id="regular expression"
        ),
        pytest.param(
            ["page", "-a", "url=http://e.com", "-s", "LINKMEDIA_EXCLUDE_DOMAIN=x.com"],
            "LINKMEDIA_EXCLUDE_DOMAIN = 'x.com': no such setting; did you mean LINKMEDIA_EXCLUDE_DOMAINS?",
            id="unknown setting",
        ),
        pytest.param(
            ["page", "-a", "url=http://e.com", "-s", "LINKMEDIA_EXCLUDE_DOMAINS=http://x.com/"],
            "LINKMEDIA_EXCLUDE_DOMAINS = 'http://x.com/': must be a list of domains",
            id="no domain",
        ),
        pytest.param(
            ["page", "-a", "url=http://e.com", "-s", "LINKMEDIA_IMAGE_SCORE_THRESHOLD=eleven"],
            "LINKMEDIA_IMAGE_SCORE_THRESHOLD = 'eleven': must be a number from 0 to 10, or None",
            id="wrong type",
        ),
        pytest.param(
            [
                *("page", "-a", "url=http://e.com", "-s", "FORCE_CRAWLER_PROCESS=True"),
                *("-s", "LINKMEDIA_DOWNLOAD_IMAGES=True", "-s", "LINKMEDIA_STORE=gopher://x"),
            ],
            "LINKMEDIA_STORE = 'gopher://x': ValueError: no store for gopher:",
            id="in a Deferred",
        ),
    ],
)
def test_what_cannot_be_used_stops_the_crawl_with_one_line(arguments, line, tmp_path):
    """A bad argument or setting: exit code 1, one line that says what is allowed, no traceback, nothing fetched."""
    run = crawl(tmp_path, *arguments, "-s", "LOG_LEVEL=ERROR")
    assert run.code == 1
    assert len(run.log.strip().splitlines()) == 1
    assert line in run.log
    assert run.stats == {}


def test_a_spider_that_cannot_be_made_ends_the_shell(tmp_path):
    """Scrapy makes the shell's spider in a thread, and waits for it."""
    run = Run(tmp_path, "shell", "--spider", "site", "http://127.0.0.1:9/", "-s", "LOG_LEVEL=ERROR", cwd=ROOT)
    assert run.code == 1
    assert run.log.startswith("scrapy: error: spider site: url is missing")


def test_a_wrong_line_of_a_file_is_named(tmp_path):
    """A list of URLs may be long: the error says which line of which file is no URL."""
    (tmp_path / "bad.txt").write_text("# mine\n\nhttp://example.com\nexample.com\n")
    run = crawl(tmp_path, "page", "-a", f"file={tmp_path}/bad.txt", "-s", "LOG_LEVEL=ERROR")
    assert run.code == 1
    assert f"spider page: file = '{tmp_path}/bad.txt': line 4 = 'example.com': must be an http:, https: or file: URL" in run.log
    assert len(run.log.strip().splitlines()) == 1


def test_one_csv_for_several_kinds_is_refused(site, tmp_path):
    """A CSV feed with several kinds names the two settings that help; with one kind it works, lists as JSON."""
    refused = crawl(tmp_path, "page", "-a", f"url={site.url}/", "-O", f"{tmp_path}/x.csv", "-s", "LOG_LEVEL=ERROR")
    assert refused.code == 1
    assert "LINKMEDIA_FEEDS" in refused.log
    assert "LINKMEDIA_EXTRACT" in refused.log
    by_its_end = crawl(tmp_path, "page", "-a", f"url={site.url}/", "-s", f'FEEDS={{"{tmp_path}/x.csv": {{}}}}', "-s", "LOG_LEVEL=ERROR")
    assert (by_its_end.code, by_its_end.log) == (1, refused.log)
    crawl(tmp_path, "page", "-a", f"url={site.url}/", "-O", f"{tmp_path}/x.csv", "-s", "LINKMEDIA_EXTRACT=tables")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert json.loads(row["headers"]) == ["Place", "Air", "Water", "Wind"]


def test_what_scrapyd_adds_to_a_spiders_arguments_is_none_of_them():
    """The ready spiders refuse what they do not know; the number of its job, which Scrapyd gives to every spider, is not meant for them."""
    spider = PageSpider.from_crawler(get_crawler(PageSpider), url="http://example.com/", _job="6487ec79947edab326d6db28a2d86511e8247444")
    assert spider.start_urls == ["http://example.com/"]


def test_page_spider_takes_many_urls_files_and_lists(site, tmp_path):
    """`page` fetches the URLs of its argument, file: URLs, and those in a list, be it with a byte order mark, as editors in Windows write it."""
    (tmp_path / "urls.txt").write_text(f"{site.url}/about.html\n# a comment\n\n{site.url}/index.html\n", encoding="utf-8-sig")
    local = (SITE / "docs/index.html").as_uri()
    run = crawl(
        tmp_path, "page", "-a", f"url={site.url}/index.html,{site.url}/gallery/index.html?a,b {local}", "-a", f"file={tmp_path}/urls.txt",
        "-O", f"{tmp_path}/out.jsonl",
    )  # fmt: skip
    pages = {row["page_url"] for row in rows(tmp_path / "out.jsonl")}
    assert pages == {f"{site.url}/index.html", f"{site.url}/gallery/index.html?a,b", local, f"{site.url}/about.html"}
    assert run.count("page_count") == 4
    assert any(row["url"].startswith("file:///") for row in rows(tmp_path / "out.jsonl") if row["record"] == "link")


def test_site_spider_keeps_to_its_limits(site, tmp_path):
    """`site` stops at its depth and page limits, obeys nofollow, and does not leave the site."""
    few = crawl(tmp_path, "site", "-a", f"url={site.url}/index.html", "-a", "pages=5", "-O", f"{tmp_path}/five.jsonl")
    assert few.count("page_count") == 5
    start = crawl(tmp_path, "site", "-a", f"url={site.url}/index.html", "-a", "depth=0", "-O", f"{tmp_path}/zero.jsonl")
    assert start.count("page_count") == 1
    whole = crawl(tmp_path, "site", "-a", f"url={site.url}/index.html", "-O", f"{tmp_path}/all.jsonl")
    pages = {row["page_url"].removeprefix(site.url) for row in rows(tmp_path / "all.jsonl")}
    assert {"/docs/index.html", "/old/index.html", "/zh/index.html", "/media/index.html"} <= pages
    assert not {page for page in pages if page.startswith(("/private", "/search.html?q=1998"))}
    assert whole.stats["robotstxt/forbidden"] == 1


def test_site_spider_keeps_to_its_limits_over_a_job(site, tmp_path):
    """A crawl that is stopped and taken up again asks for no more pages than one that is not."""
    job = ("-a", f"url={site.url}/index.html", "-a", "pages=10", "-s", f"JOBDIR={tmp_path}/job", "-s", "CONCURRENT_REQUESTS=1")
    first = crawl(tmp_path, "site", *job, "-s", "CLOSESPIDER_PAGECOUNT=3", "-o", f"{tmp_path}/all.jsonl")
    second = crawl(tmp_path, "site", *job, "-o", f"{tmp_path}/all.jsonl")
    assert first.stats["finish_reason"] == "closespider_pagecount"
    assert first.count("page_count") + second.count("page_count") == 10
    assert len({row["page_url"] for row in rows(tmp_path / "all.jsonl")}) == 10


def test_site_spider_says_when_the_start_leads_elsewhere(tmp_path):
    """A start that is redirected to another site has its one page, and a warning that says where to begin."""
    with SiteServer() as site:
        other = f"{site.url.replace('127.0.0.1', 'localhost')}/index.html"
        site.routes["/moved"] = lambda _: (302, {"Location": other}, b"")
        run = crawl(tmp_path, "site", "-a", f"url={site.url}/moved", "-O", f"{tmp_path}/out.jsonl")
    assert run.count("page_count") == 1
    warned = (
        f"{site.url}/moved has led to {other}, which does not belong to the site: links there are not followed; begin with -a url={other}"
    )
    assert run.log.count(warned) == 1


def test_sitemap_spider(site, tmp_path):
    """`sitemap` reads a sitemap or a robots.txt, and takes the pages that match."""
    every = crawl(tmp_path, "sitemap", "-a", f"url={site.url}/robots.txt", "-O", f"{tmp_path}/all.jsonl")
    assert every.count("page_count") == 16
    few = crawl(
        tmp_path, "sitemap", "-a", f"url={site.url}/sitemap.xml", "-a", "match=/shop/", "-a", "pages=2", "-O", f"{tmp_path}/few.jsonl"
    )
    assert few.count("page_count") == 2
    assert all("/shop/" in row["page_url"] for row in rows(tmp_path / "few.jsonl"))


def test_the_web_leads_to_no_files(site, tmp_path):
    """What a robots.txt, a sitemap or a page of the web names by another scheme is not asked for: a file here, a bucket, FTP."""
    (tmp_path / "secret.html").write_text("<a href=/leak>secret</a>")
    secret = (tmp_path / "secret.html").as_uri()
    (tmp_path / "inside.xml").write_text("<urlset><url><loc>http://127.0.0.1:9/inside</loc></url></urlset>")
    locations = "".join(f"<url><loc>{url}</loc></url>" for url in (secret, "s3://bucket/page.html", "{own}/page"))

    def text(kind, body):
        return lambda handler: (200, {"Content-Type": kind}, body.replace("{own}", f"http://{handler.headers['Host']}").encode())

    routes = {
        "/robots.txt": text("text/plain", f"Sitemap: {(tmp_path / 'inside.xml').as_uri()}\nSitemap: {{own}}/map.xml"),
        "/map.xml": text("application/xml", f"<urlset>{locations}</urlset>"),
        "/page": text("text/html", f"<a href={secret}>x</a><a href=ftp://127.0.0.1/x>x</a><a href=/next>x</a>"),
        "/next": text("text/html", "next"),
    }
    with SiteServer(routes=routes) as server:
        mapped = crawl(tmp_path, "sitemap", "-a", f"url={server.url}/robots.txt", "-O", f"{tmp_path}/out.jsonl")
        assert {row["page_url"] for row in rows(tmp_path / "out.jsonl")} == {f"{server.url}/page"}
        walked = crawl(tmp_path, "site", "-a", f"url={server.url}/page")
    assert (mapped.count("page_count"), mapped.count("filtered_count/request/scheme")) == (1, 3)
    assert (walked.count("page_count"), walked.count("filtered_count/request/scheme")) == (2, 1)
    assert mapped.code == walked.code == 0


def test_what_is_no_html_is_counted(tmp_path):
    """A response that is no HTML yields nothing, and is counted."""
    routes = {
        "/data.json": lambda handler: (200, {"Content-Type": "application/json"}, b'{"a": 1}'),
        "/image.png": lambda handler: (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"),
        "/empty": lambda handler: (200, {"Content-Type": "text/html"}, b""),
    }
    with SiteServer(routes=routes) as server:
        urls = " ".join(f"{server.url}{path}" for path in routes)
        run = crawl(tmp_path, "page", "-a", f"url={urls}", "-O", f"{tmp_path}/out.jsonl")
    assert run.code == 0
    assert run.count("skipped_count/not_html") == 2
    assert run.count("page_count") == 1
    assert rows(tmp_path / "out.jsonl") == []


def test_an_exception_of_ours_costs_one_page(site, tmp_path):
    """Where our own code fails, the page's error is a record, is logged once with the URL, and the other pages go on."""
    code = f"""
import linkmedia_scrapy.extraction.page as page
original = page.extract_links
def broken(context):
    if "docs" in context.url:
        raise ZeroDivisionError("a bug of ours")
    return original(context)
page.extract_links = broken
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON}}
    start_urls = ["{site.url}/index.html", "{site.url}/docs/index.html", "{site.url}/about.html"]
    def parse(self, response):
        pass
"""
    run = run_spider(tmp_path, code, "-o", "out.jsonl")
    found = pages_by_record(tmp_path / "out.jsonl")
    assert found[f"{site.url}/docs/index.html"]["error"] == 1
    assert found[f"{site.url}/docs/index.html"]["link"] == 0
    assert found[f"{site.url}/docs/index.html"]["table"] > 3
    assert found[f"{site.url}/index.html"]["link"] > 10
    assert found[f"{site.url}/about.html"]["link"] > 10
    assert run.log.count(f"Extracting links from {site.url}/docs/index.html failed") == 1
    assert run.count("error_count/extract/links") == 1


def test_scrapy_list_shows_the_ready_spiders(tmp_path):
    """`scrapy list` at the root names the three."""
    process = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert process.stdout.split() == ["page", "site", "sitemap"]


@pytest.mark.parametrize("name", ["DOWNLOAD_IMAGES", "IMAGE_PROBE", "TABLE_FILES"])
def test_files_need_asyncio(name, tmp_path):
    """With another reactor nothing could be fetched side by side: refused in one line, where each item would have been lost."""
    code = """
class S(LinkMediaMixin, scrapy.Spider):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "TELNETCONSOLE_ENABLED": False}}
    start_urls = ["http://127.0.0.1:9/"]
"""
    other = "twisted.internet.selectreactor.SelectReactor"
    value = "csv" if name == "TABLE_FILES" else "True"
    arguments = ["-s", f"LINKMEDIA_{name}={value}", "-s", f"TWISTED_REACTOR={other}", "-s", "LOG_LEVEL=ERROR"]
    run = run_spider(tmp_path, code.format(), *arguments)
    assert run.code == 1
    asyncios = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
    assert run.log.splitlines() == [f"scrapy: error: TWISTED_REACTOR = {other!r}: must be {asyncios!r} with LINKMEDIA_{name}"]
