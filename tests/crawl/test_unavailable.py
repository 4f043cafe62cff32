"""Crawls that cannot render: refused at the start where the settings ask for it, ended or gone on with where single requests do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from linkmedia_scrapy.browser import find
from tests.crawling import Run, rows, run_spider

SPIDER = """
class S({bases}):
    name = "s"
    custom_settings = {{"ADDONS": ADDON, "TELNETCONSOLE_ENABLED": False}}
    async def start(self):
        for number in range(6):
            yield scrapy.Request(f"{url}/index.html?{{number}}", meta={{"linkmedia": {meta}}})
    def parse(self, response):
        pass
"""
MIXED = "LinkMediaMixin, scrapy.Spider"
OTHER = "twisted.internet.selectreactor.SelectReactor"
needs_playwright = pytest.mark.skipif(importlib.util.find_spec("scrapy_playwright") is None, reason="scrapy-playwright is not installed")

MISSING = [
    pytest.param('import sys\nsys.modules["scrapy_playwright"] = None\n', [], find.HOW_TO_RENDER, id="scrapy-playwright"),
    pytest.param(
        'import os\nos.environ["PATH"] = ""\nos.environ["PLAYWRIGHT_BROWSERS_PATH"] = os.devnull\n',
        [],
        find.HOW_TO_GET_ONE,
        id="browser",
        marks=needs_playwright,
    ),
    pytest.param(
        "",
        ["-s", f"TWISTED_REACTOR={OTHER}", "-s", "PLAYWRIGHT_CDP_URL=http://127.0.0.1:9"],
        f"TWISTED_REACTOR = {OTHER!r}: must be 'twisted.internet.asyncioreactor.AsyncioSelectorReactor' where pages are rendered",
        id="reactor",
        marks=needs_playwright,
    ),
]


def said(run: Run, level: str) -> list[str]:
    """What our own code has logged at a level."""
    return [line for line in run.log.splitlines() if f"[linkmedia_scrapy.browser.failures] {level}: " in line]


@pytest.mark.parametrize(("before", "arguments", "line"), MISSING)
def test_settings_that_ask_for_it_are_refused(before, arguments, line, tmp_path: Path):
    """Exit code 1, one line, nothing fetched."""
    code = before + SPIDER.format(bases=MIXED, url="http://127.0.0.1:9", meta={})
    run = run_spider(tmp_path, code, *arguments, "-s", "LINKMEDIA_RENDER=True", "-s", "LOG_LEVEL=ERROR")
    assert run.code == 1
    assert run.log.splitlines() == [f"scrapy: error: {line}"]
    assert run.stats == {}


@pytest.mark.parametrize(("before", "arguments", "line"), MISSING)
def test_requests_that_ask_for_it_end_the_crawl(before, arguments, line, site, tmp_path: Path):
    """One line says why; the pages under way have error records."""
    code = before + SPIDER.format(bases=MIXED, url=site.url, meta={"render": True})
    run = run_spider(tmp_path, code, *arguments, "-O", "out.jsonl")
    assert run.stats["finish_reason"] == "no_browser"
    (told,) = said(run, "ERROR")
    assert f"the crawl ends: {line} (LINKMEDIA_RENDER_REQUIRED = False goes on without)" in told
    assert run.log.count(line) == 1
    assert "Traceback" not in run.log
    records = rows(tmp_path / "out.jsonl")
    assert {(record["kind"], record["stage"], record["reason"], record["message"]) for record in records} == {
        ("render", "page", "no_browser", line)
    }
    assert run.count("render/failed_count/no_browser") == run.count("error_count/render/page") == len(records)


@pytest.mark.parametrize(("before", "arguments", "line"), MISSING)
def test_where_it_is_not_required_pages_come_unrendered(before, arguments, line, site, tmp_path: Path):
    """One warning; each page has its records and is counted."""
    code = before + SPIDER.format(bases=MIXED, url=site.url, meta={"screenshot": True, "extract": ["links"]})
    run = run_spider(tmp_path, code, *arguments, "-O", "out.jsonl", "-s", "LINKMEDIA_RENDER_REQUIRED=False")
    assert run.stats["finish_reason"] == "finished"
    (told,) = said(run, "WARNING")
    assert told.endswith(f"Pages are not rendered: {line}")
    records = rows(tmp_path / "out.jsonl")
    assert {record["record"] for record in records} == {"link"}
    assert {record["page_url"] for record in records} == {f"{site.url}/index.html?{number}" for number in range(6)}
    assert run.count("render/skipped_count/no_browser") == 6


def test_spiders_without_records_have_one_line_too(site, tmp_path: Path):
    """Where no error record can be yielded, Scrapy does not log each page with its traceback either."""
    before, _, line = MISSING[0].values
    run = run_spider(tmp_path, before + SPIDER.format(bases="scrapy.Spider", url=site.url, meta={"pdf": True}))
    assert run.stats["finish_reason"] == "no_browser"
    assert run.log.count(line) == 1
    assert "Traceback" not in run.log
