"""What a crawl costs: bare, with selectors, with Scrapy's LinkExtractor, and with ours in both modes, all kinds in feeds of their own.

usage: crawl.py FOLDER [--pages N [N ...]] [--rounds N] [--ways NAME ...]

FOLDER holds HTML files at any depth; a server in a process of its own has them all, and every crawl asks for N of them, beginning again
when it has had them all. Each crawl is a process of its own; the ways take turns within every round. CPU is that of the crawling process
from the engine's start to its stop, feeds written; pages per second are by the clock over the same time; memory is the resident set.
Figures are medians over the rounds, ratios are to the bare crawl of the same round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.linkextractors import LinkExtractor

from benchmarks.extraction import form, html_files
from linkmedia_scrapy import LinkMediaMixin

ADDON = {"linkmedia_scrapy.LinkMediaAddon": 500}
SETTINGS: dict[str, Any] = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "LOG_LEVEL": "INFO",
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
}
MEGABYTE = 1_000_000


class Bare(scrapy.Spider):
    """Fetches, and does nothing with what it gets."""

    name = "bare"
    url = ""
    pages = 0

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.pages):
            yield scrapy.Request(f"{self.url}/{number}")

    def parse(self, response: Any) -> Any:
        return None


class Selectors(Bare):
    """What a callback of everybody does: titles and links by CSS selectors, one item a page."""

    def parse(self, response: Any) -> Any:
        yield {
            "title": response.css("title::text").get(),
            "links": response.css("a::attr(href)").getall(),
            "images": response.css("img::attr(src)").getall(),
        }


class Links(Bare):
    """Scrapy's LinkExtractor, one item a page."""

    extractor = LinkExtractor()

    def parse(self, response: Any) -> Any:
        yield {"links": [[link.url, link.text] for link in self.extractor.extract_links(response)]}


class Ours(LinkMediaMixin, Bare):
    """The add-on's records."""


def ways(out: str) -> dict[str, tuple[type[Bare], dict[str, Any]]]:
    """Spider and settings, by name."""
    line_feed = {"FEEDS": {f"{out}/out.jsonl": {"format": "jsonlines"}}}
    by_kind = {"ADDONS": ADDON, "LINKMEDIA_FEEDS": f"{out}/%(records)s.csv"}
    return {
        "bare": (Bare, {}),
        "selectors": (Selectors, line_feed),
        "LinkExtractor": (Links, line_feed),
        "ours, records": (Ours, {**by_kind, "LINKMEDIA_ITEMS": "records"}),
        "ours, pages": (Ours, {**by_kind, "LINKMEDIA_ITEMS": "pages"}),
        "ours, pages, JSON Lines": (Ours, {**by_kind, "LINKMEDIA_ITEMS": "pages", "LINKMEDIA_FEEDS": f"{out}/%(records)s.jsonl"}),
        "ours, pages, Parquet": (Ours, {**by_kind, "LINKMEDIA_ITEMS": "pages", "LINKMEDIA_FEEDS": f"{out}/%(records)s.parquet"}),
    }


def crawl(name: str, url: str, pages: int, out: str) -> dict[str, Any]:
    """Crawl in this process: CPU seconds, seconds, and memory at times."""
    spider, settings = ways(out)[name]
    figures: dict[str, Any] = {"memory": []}
    process = AsyncCrawlerProcess({**SETTINGS, **settings})
    crawler = process.create_crawler(spider)

    def started() -> None:
        figures.update(cpu=time.process_time(), seconds=time.perf_counter(), received=0)

    def received() -> None:
        figures["received"] += 1
        if figures["received"] % 500 == 0:
            figures["memory"].append(resident())

    def stopped() -> None:
        figures.update(cpu=time.process_time() - figures["cpu"], seconds=time.perf_counter() - figures["seconds"], peak=peak())

    crawler.signals.connect(started, signals.engine_started, weak=False)
    crawler.signals.connect(received, signals.response_received, weak=False)
    crawler.signals.connect(stopped, signals.engine_stopped, weak=False)
    process.crawl(crawler, url=url, pages=pages)
    process.start()
    stats = crawler.stats.get_stats()
    assert figures.pop("received") == pages, stats
    assert "log_count/ERROR" not in stats, stats
    figures["records"] = sum(number for name, number in stats.items() if name.startswith("linkmedia/record_count/"))
    return figures


def peak() -> float:
    """The largest resident set so far, in bytes."""
    figure = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return figure if sys.platform == "darwin" else figure * 1024


def resident() -> float:
    """The resident set now, in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


class _Server(asyncio.Protocol):
    """As little of a web server as will do: GET requests of one client, which waits for its answers."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies = bodies
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            body = self.bodies[int(head.split(b" ", 2)[1].lstrip(b"/")) % len(self.bodies)]
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body))
            self.transport.write(body)


async def serve(folder: Path) -> None:
    """Serve the folder's pages until the parent ends."""
    bodies = [path.read_bytes() for path in html_files(folder)]
    server = await asyncio.get_running_loop().create_server(lambda: _Server(bodies), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The server's URL, while it runs."""
    process = subprocess.Popen([sys.executable, __file__, str(folder), "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def measure(name: str, url: str, pages: int, folder: Path) -> dict[str, Any]:
    """Crawl in a process of its own."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, __file__, str(folder), "--crawl", name, "--url", url, "--pages", str(pages), "--out", out]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr[-2000:]}")
        return json.loads(done.stdout)


def table(pages: int, rounds: list[dict[str, dict[str, Any]]]) -> None:
    """Print the medians."""

    def median(name: str, figure: Any) -> float:
        return statistics.median(figure(one[name], one["bare"]) for one in rounds)

    records = max(figures["records"] for figures in rounds[0].values())
    print(f"\n{pages} pages, {len(rounds)} rounds, {records / pages:.0f} records a page\n")
    print("| crawl | CPU ms a page | above bare | pages/s | of bare's | peak RSS MB | above bare | RSS from 2,000 pages on |")
    print("|---|---|---|---|---|---|---|---|")
    for name in rounds[0]:
        cpu = median(name, lambda own, bare: own["cpu"] / pages * 1000)
        above = median(name, lambda own, bare: (own["cpu"] - bare["cpu"]) / pages * 1000)
        speed = median(name, lambda own, bare: pages / own["seconds"])
        ratio = median(name, lambda own, bare: bare["seconds"] / own["seconds"])
        memory = median(name, lambda own, bare: own["peak"] / MEGABYTE)
        more = median(name, lambda own, bare: (own["peak"] - bare["peak"]) / MEGABYTE)
        growth = f"{median(name, lambda own, bare: (own['memory'][-1] - own['memory'][3]) / MEGABYTE):+.0f} MB" if pages >= 4000 else ""
        print(f"| {name} | {cpu:.2f} | {above:.2f} | {speed:.0f} | {ratio:.2f} | {memory:.0f} | {more:+.0f} | {growth} |")
    if {"ours, records", "ours, pages"} <= rounds[0].keys():
        times = statistics.median(
            (one["ours, records"]["cpu"] - one["bare"]["cpu"]) / (one["ours, pages"]["cpu"] - one["bare"]["cpu"]) for one in rounds
        )
        print(f"\nCPU above the bare crawl: records mode {times:.1f} times pages mode")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time crawls of a local server.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, nargs="+", default=[600, 5000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", nargs="+", default=list(ways("")), choices=list(ways("")))
    parser.add_argument("--crawl", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.folder))
        return
    if options.crawl:
        figures = crawl(options.crawl, options.url, options.pages[0], options.out)
        logging.shutdown()
        print(json.dumps(figures))
        return
    files = html_files(options.folder)
    if not files:
        parser.error(f"no .html files below {options.folder}")
    size = sum(path.stat().st_size for path in files) / len(files)
    print(
        f"{len(files)} files, {size / 1000:.0f} kB each; Scrapy {scrapy.__version__}, Python {platform.python_version()}, {platform.machine()}, ",
        end="",
    )
    print(f"{os.cpu_count()} CPUs, {platform.system()}; extraction {form()}")
    names = list(dict.fromkeys(["bare", *options.ways]))
    with server(options.folder) as url:
        for pages in options.pages:
            measure(names[-1], url, min(pages, 100), options.folder)  # warm up
            rounds: list[dict[str, dict[str, Any]]] = []
            for number in range(options.rounds):
                print(f"{pages} pages, round {number + 1}", file=sys.stderr)
                rounds.append({name: measure(name, url, pages, options.folder) for name in names})
            table(pages, rounds)


if __name__ == "__main__":
    main()
