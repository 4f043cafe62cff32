"""How fast pages are rendered: the bundled site on loopback, plain and with captures, images blocked and not; Crawl4AI where installed.

usage: rendering.py [--pages N] [--rounds N]

Each way is a crawl of its own in a process of its own; rounds are interleaved, and the median is told. Pages per second count from the
engine's start to its end, the browser's start included.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from linkmedia_scrapy.browser import find
from tests.browser.remote import Remote
from tests.server import SiteServer

PATHS = (
    "index.html",
    "gallery/index.html",
    "shop/index.html",
    "news/lake-light.html",
    "docs/index.html",
    "zh/index.html",
    "about.html",
    "archive.html",
)
WAYS: dict[str, dict[str, Any]] = {
    "not rendered": {},
    "rendered": {"RENDER": True},
    "rendered, images blocked": {"RENDER": True, "EXCLUDE_ALL_IMAGES": True},
    "wait for images": {"WAIT_FOR_IMAGES": True},
    "screenshot": {"SCREENSHOT": True},
    "pdf": {"PDF": True},
    "mhtml": {"MHTML": True},
    "all three, waiting for images": {"SCREENSHOT": True, "PDF": True, "MHTML": True, "WAIT_FOR_IMAGES": True},
}


def ours(urls: list[str], settings: dict[str, Any], store: str) -> float:
    order = {
        "requests": [{"url": url} for url in urls],
        "settings": {"LOG_LEVEL": "ERROR", "LINKMEDIA_STORE": store, **{f"LINKMEDIA_{name}": value for name, value in settings.items()}},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.runner"], input=json.dumps(order).encode(), stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    stats = json.loads(done.stdout)["stats"]
    assert stats["linkmedia/page_count"] == len(urls), stats
    return len(urls) / stats["elapsed_time_seconds"]


@contextmanager
def remote_browser() -> Iterator[str | None]:
    """The address of a Chromium that is on PATH: Crawl4AI by itself starts none but Playwright's own. None where that is there."""
    path = find.find_chromium()
    if not path:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        remote = Remote(path, Path(profile))
        remote.start()
        try:
            yield remote.url
        finally:
            remote.kill()


def crawl4ai(urls: list[str], *, screenshot: bool) -> float:
    """Pages per second that succeed, in a process of its own: what Crawl4AI keeps from one event loop fails in the next."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_crawl4ai_here, urls, screenshot).result()


def _crawl4ai_here(urls: list[str], screenshot: bool) -> float:
    return asyncio.run(_crawl4ai(urls, screenshot))


async def _crawl4ai(urls: list[str], screenshot: bool) -> float:
    from crawl4ai import AsyncWebCrawler, BrowserConfig, CacheMode, CrawlerRunConfig

    run = CrawlerRunConfig(cache_mode=CacheMode.BYPASS, screenshot=screenshot, verbose=False)
    started = time.perf_counter()
    with remote_browser() as address:
        async with AsyncWebCrawler(config=BrowserConfig(verbose=False, cdp_url=address)) as crawler:
            results = await crawler.arun_many(urls, config=run)
        seconds = time.perf_counter() - started
    failures = [result.error_message for result in results if not result.success]
    if failures:
        print(f"Crawl4AI: {len(failures)} of {len(urls)} pages failed: {failures[0][:200]}")
    return (len(urls) - len(failures)) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ways: dict[str, Any] = {name: (lambda urls, store, s=settings: ours(urls, s, store)) for name, settings in WAYS.items()}
    if importlib.util.find_spec("crawl4ai"):
        ways["Crawl4AI"] = lambda urls, _: crawl4ai(urls, screenshot=False)
        ways["Crawl4AI, screenshot"] = lambda urls, _: crawl4ai(urls, screenshot=True)
    else:
        print("Crawl4AI is not installed: not compared")
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    with SiteServer() as server, tempfile.TemporaryDirectory() as store:
        urls = [f"{server.url}/{PATHS[n % len(PATHS)]}?{n}" for n in range(options.pages)]
        for _ in range(options.rounds):
            for name, way in ways.items():
                speeds[name].append(way(urls, store))
    print(f"{options.pages} pages, median of {options.rounds} rounds")
    for name, values in speeds.items():
        print(f"{name:32} {statistics.median(values):6.1f} pages/s   ({min(values):.1f} to {max(values):.1f})")


if __name__ == "__main__":
    main()
