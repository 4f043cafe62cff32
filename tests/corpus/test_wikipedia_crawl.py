"""`scrapy crawl page` over real pages served on loopback: every page's records in the feeds, none lost, none doubled."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from linkmedia_scrapy import extract
from tests.crawling import crawl, rows
from tests.server import SiteServer

pytestmark = pytest.mark.corpus


def test_every_pages_records_are_in_the_feeds(corpus, tmp_path):
    """124 pages of Wikipedia with 16 requests at once: each page's records, counted by kind, are what the page alone gives."""
    folder = corpus / "wtq" / "pages"
    names = [json.loads(line)["file"] for line in (corpus / "wtq" / "meta.jsonl").read_text(encoding="utf-8").splitlines()]
    with SiteServer(folder) as server:
        (tmp_path / "urls.txt").write_text("\n".join(f"{server.url}/{name}" for name in names))
        run = crawl(
            tmp_path,
            "page",
            *("-a", f"file={tmp_path}/urls.txt", "-s", f"LINKMEDIA_FEEDS={tmp_path}/%(records)s.jsonl", "-s", "ROBOTSTXT_OBEY=False"),
            *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16", "-O", f"{tmp_path}/all.jsonl"),
        )
        assert run.code == 0, run.log
        found: dict[str, Counter[str]] = {}
        by_kind: Counter[str] = Counter()
        for row in rows(tmp_path / "all.jsonl"):
            found.setdefault(row["page_url"], Counter())[row["record"]] += 1
            by_kind[row["record"]] += 1
        assert len(found) == len(names)
        for name in names:
            url = f"{server.url}/{name}"
            assert found[url] == Counter(record.record for record in extract((folder / name).read_bytes(), url).records())
    for kind, record in (("links", "link"), ("images", "image"), ("tables", "table")):
        assert len(rows(tmp_path / f"{kind}.jsonl")) == by_kind[record] > 100
