"""Real pages rendered, served on loopback with the network closed: no page is lost, and records are those of Chromium's own DOM."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.browser.job import PageJob

SOAK = os.environ.get("LINKMEDIA_SOAK") == "1"
EVERYTHING = LinkMediaConfig(image_score_threshold=None, table_score_threshold=None, render=True, ready_timeout=8)
TRUTH = r"""() => {
  const all = selector => [...document.querySelectorAll(selector)];
  return {links: all('a[href],area[href]').map(e => e.href), images: all('img').map(e => e.currentSrc || e.src), tables: all('table').map(t => t.rows.length)};
}"""


def pages(folder: Path) -> list[tuple[Path, str]]:
    found = []
    for meta in sorted(folder.glob("*/meta.jsonl")):
        for line in meta.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found.append((meta.parent / "pages" / entry["file"], entry.get("url") or "http://fakehost.example/test/page.html"))
    return found


def http(urls: Any) -> set[str]:
    """The URLs that name a host, without fragments; Chromium shows invalid ones as they are written."""
    found = set()
    for url in urls:
        host = urlsplit(url).netloc if url.startswith(("http://", "https://")) else ""
        if host and not set(host) & set("<>%{} "):
            found.add(url.partition("#")[0])
    return found


async def rendered(browser: Any, body: bytes, url: str) -> tuple[Any, Any]:
    context = await browser.new_context()
    page = await context.new_page()
    declares = b"charset" in body[:2048].lower() or body[:2] in (b"\xfe\xff", b"\xff\xfe")

    async def route(answer: Any) -> None:
        if answer.request.is_navigation_request() and answer.request.frame == page.main_frame:
            kind = "text/html" if declares else "text/html; charset=utf-8"
            await answer.fulfill(status=200, body=body, headers={"content-type": kind})
        else:
            await answer.abort()

    await page.route("**/*", route)
    job = PageJob(EVERYTHING, blocks=None, extracts_frame=lambda _: False, wants_status=lambda _: True)
    try:
        await job.prepare(page, None)  # type: ignore[arg-type]
        await page.goto(url, wait_until="commit")
        await job.run(page)
        return job.result, await page.evaluate(TRUTH)
    finally:
        await context.close()


@pytest.mark.soak
def test_records_of_rendered_real_pages(on_page, corpus):
    """Every page (each tenth without LINKMEDIA_SOAK=1): the same links as Chromium's DOM, every image it shows, every table."""
    listed = pages(corpus)[:: 1 if SOAK else 10]

    async def run(page: Any) -> list[tuple[str, Any, Any, str]]:
        return [(str(file), *await rendered(page.context.browser, file.read_bytes(), url), url) for file, url in listed]

    lost, unlike, images, tables = [], [], [0, 0], [0, 0]
    for file, result, truth, url in on_page(run):
        if result is None or result.html is None or not result.rendered:
            lost.append((file, result and result.errors))
            continue
        page = extract(result.html, url, encoding=result.charset, rendered=True, config=EVERYTHING)
        links = http(link.url for link in page.links if link.kind in ("a", "area"))
        if links != http(truth["links"]):
            unlike.append((file, sorted(links ^ http(truth["links"]))[:3]))
        ours = http(url for image in page.images for url in (image.src, image.placeholder_src or "", *(v["src"] for v in image.variants)))
        images[0] += len(http(truth["images"]) & ours)
        images[1] += len(http(truth["images"]))
        tables[0] += min(len(page.tables), sum(rows > 0 for rows in truth["tables"]))
        tables[1] += sum(rows > 0 for rows in truth["tables"])
    print(f"{len(listed)} pages, lost {len(lost)}, links unlike on {len(unlike)} {unlike[:8]}, images {images}, tables {tables}")
    assert not lost
    assert len(unlike) <= len(listed) // 100, unlike[:5]
    assert images[0] >= 0.997 * images[1]
    assert tables[0] >= 0.99 * tables[1]
