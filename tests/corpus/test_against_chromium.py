"""Links against Chromium: on hundreds of real pages the set of http(s) links is the browser's."""

from __future__ import annotations

import json
import random
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from tests.conftest import scale


def comparable(urls: list[str]) -> set[str]:
    """http(s) URLs without fragments; those with an invalid host, which Chromium shows as written, are left out."""
    kept = set()
    for url in urls:
        if not url.lower().startswith(("http://", "https://")):
            continue
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            continue
        if host and not set(host) & set("<>%{} "):
            kept.add(url.partition("#")[0])
    return kept


@pytest.mark.soak
def test_links_equal_chromiums(corpus: Path) -> None:
    """Every page's links are exactly those of Chromium's a and area elements, whatever the settings of other kinds."""
    lines = (corpus / "oracle.jsonl").read_text(encoding="utf-8").splitlines()
    oracle = [entry for entry in map(json.loads, lines) if "error" not in entry]
    assert len(oracle) == 445
    config = LinkMediaConfig(extract=["links"])
    wrong = {}
    links = 0
    for entry in random.Random(445).sample(oracle, scale(len(oracle))):
        folder, _, file = entry["file"].partition("/")
        page = extract((corpus / folder / "pages" / file).read_bytes(), entry["url"], config=config)
        ours = comparable([link.url for link in page.links])
        theirs = comparable([url for url, _ in entry["links"]])
        links += len(theirs)
        if ours != theirs or page.errors:
            wrong[entry["file"]] = (sorted(ours - theirs)[:3], sorted(theirs - ours)[:3], page.errors)
    assert wrong == {}
    assert links > 1000
