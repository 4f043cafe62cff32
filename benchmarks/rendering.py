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
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

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


async def _crawl4ai(urls: list[str], screenshot: bool) -> float:
    from crawl4ai import AsyncWebCrawler, BrowserConfig, CacheMode, CrawlerRunConfig

    run = CrawlerRunConfig(cache_mode=CacheMode.BYPASS, screenshot=screenshot, verbose=False)
    started = time.perf_counter()
    async with AsyncWebCrawler(config=BrowserConfig(verbose=False)) as crawler:
        results = await crawler.arun_many(urls, config=run)
    assert sum(result.success for result in results) == len(urls)
    return len(urls) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ways: dict[str, Any] = {name: (lambda urls, store, s=settings: ours(urls, s, store)) for name, settings in WAYS.items()}
    if importlib.util.find_spec("crawl4ai"):
        ways["Crawl4AI"] = lambda urls, _: asyncio.run(_crawl4ai(urls, False))
        ways["Crawl4AI, screenshot"] = lambda urls, _: asyncio.run(_crawl4ai(urls, True))
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
