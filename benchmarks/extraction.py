"""Milliseconds a page of `extract` beside parsel's parse, Scrapy's LinkExtractor, pandas.read_html and, where installed, Crawl4AI.

usage: extraction.py FOLDER [--rounds N] [--pages N]

FOLDER holds HTML files at any depth. The engines take turns within every round, page by page, so that a machine whose speed drifts
is unfair to none; the figures are medians over the rounds, and the ratios are to parsel's parse in the same round. What the package
remembers of URLs and names is forgotten before every round: a crawl sees a page once.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from parsel import Selector
from scrapy.http import HtmlResponse
from scrapy.linkextractors import LinkExtractor

sys.path.append(str(Path(__file__).resolve().parent.parent))

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction import links
from linkmedia_scrapy.extraction.document import Document

Engine = Callable[[bytes, str, str], object]
FALLBACK_URL = "http://fakehost.example/test/page.html"


def engines() -> dict[str, Engine]:
    """The engines by name; the first is the measure of all."""
    link_extractor = LinkExtractor()
    links_only = LinkMediaConfig(extract=("links",))
    images_only = LinkMediaConfig(extract=("images",))
    found: dict[str, Engine] = {
        "parsel: parse": lambda body, text, url: Selector(text=text),
        "extract: everything": lambda body, text, url: extract(body, url),
        "extract: links": lambda body, text, url: extract(body, url, config=links_only),
        "extract: images": lambda body, text, url: extract(body, url, config=images_only),
        "Document alone": lambda body, text, url: Document(body),
        "LinkExtractor": lambda body, text, url: link_extractor.extract_links(HtmlResponse(url, body=body, encoding="utf-8")),
    }
    try:
        import pandas as pd
    except ImportError:
        pass
    else:

        def read_html(body: bytes, text: str, url: str) -> object:
            try:
                return pd.read_html(io.StringIO(text), flavor="lxml")  # without one it wants html5lib where lxml finds no table
            except Exception:
                return None  # no tables, or something that it makes no frame of

        found["pandas.read_html"] = read_html
    try:
        from crawl4ai.content_scraping_strategy import LXMLWebScrapingStrategy
    except ImportError:
        pass
    else:
        strategy = LXMLWebScrapingStrategy()
        found["Crawl4AI"] = lambda body, text, url: strategy.scrap(url, text)
    return found


def form() -> str:
    """Whether the extraction is compiled, as `pip install` leaves it, or as it is written."""
    return "as it is written" if str(links.__file__).endswith(".py") else "compiled"


def html_files(folder: Path) -> list[Path]:
    """The HTML files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".htm"))


def pages(folder: Path, limit: int) -> list[tuple[bytes, str, str]]:
    """(body, text, URL) of the folder's pages, a seeded choice of them where there are more than `limit`."""
    urls: dict[Path, str] = {}
    for meta in folder.rglob("meta.jsonl"):
        for line in meta.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            urls[meta.parent / "pages" / entry["file"]] = entry.get("url") or FALLBACK_URL
    files = html_files(folder)
    if len(files) > limit:
        files = sorted(random.Random(1).sample(files, limit))
    bodies = [(path.read_bytes(), urls.get(path, FALLBACK_URL)) for path in files]
    return [(body, body.decode("utf-8", "replace").replace("\0", ""), url) for body, url in bodies]


def measure(sample: list[tuple[bytes, str, str]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of every engine over all pages, one figure a round."""
    spent: dict[str, list[float]] = {}
    for _ in range(rounds):
        forget()
        totals = dict.fromkeys(engines_by_name, 0.0)
        for page in sample:
            for name, engine in engines_by_name.items():
                start = time.process_time()
                engine(*page)
                totals[name] += time.process_time() - start
        gc.collect()
        for name, total in totals.items():
            spent.setdefault(name, []).append(total)
    return spent


def forget() -> None:
    """Empty the package's bounded caches, so that every round meets its pages for the first time, as a crawl does."""
    modules = [module for name, module in sys.modules.items() if name.startswith("linkmedia_scrapy")]
    for value in {id(value): value for module in modules for value in vars(module).values()}.values():
        parameters = getattr(value, "cache_parameters", None) if not isinstance(value, type) else None
        if parameters is not None and parameters()["maxsize"] is not None:
            value.cache_clear()


engines_by_name: dict[str, Engine] = {}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time extraction against its peers.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=1000)
    options = parser.parse_args()
    sample = pages(options.folder, options.pages)
    if not sample:
        parser.error(f"no .html files below {options.folder}")
    engines_by_name.update(engines())
    measure(sample[: max(1, len(sample) // 10)], 1)  # warm up
    spent = measure(sample, options.rounds)
    base = next(iter(engines_by_name))
    print(f"{len(sample)} pages, {sum(len(body) for body, _, _ in sample) / len(sample) / 1000:.0f} kB a page, {options.rounds} rounds")
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}; extraction {form()}\n")
    print("| engine | ms a page | times parsel's parse |\n|---|---|---|")
    for name, figures in spent.items():
        ratios = [figure / reference for figure, reference in zip(figures, spent[base], strict=True)]
        print(f"| {name} | {statistics.median(figures) / len(sample) * 1000:.2f} | {statistics.median(ratios):.2f} |")


if __name__ == "__main__":
    main()
