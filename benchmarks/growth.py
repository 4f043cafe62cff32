"""How the time of `extract` grows with a page: links, images, nested elements, table rows, 10^3 to 10^5 of them on one page.

usage: growth.py [--rounds N] [--largest N]

The slope is that of a line through the times by size, both as logarithms, fitted by least squares: 1 is time in proportion. Times are
the least of the rounds, in CPU seconds, with what the package remembers of URLs forgotten before each, beside those of the parser alone (`Document`). At the end, pages of 0.1, 1 and 10 MB of usual
mixed content: nanoseconds a byte, ours and the parser's.
"""

from __future__ import annotations

import argparse
import gc
import math
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from benchmarks.extraction import forget
from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction.document import Document

URL = "https://example.com/a/page.html"
HEAD = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>t</title></head><body><main><h1>Heading</h1>"


def links(number: int) -> str:
    """Paragraphs with a link each, all different."""
    return HEAD + "".join(f'<p>Some text <a href="/item/{n}?a=b">Item number {n}</a> and more.</p>' for n in range(number))


def images(number: int) -> str:
    """Figures with an image each, with alternative text, sizes and a caption."""
    return HEAD + "".join(
        f'<figure><img src="/img/{n}.jpg" srcset="/img/{n}-2.jpg 2x" width=640 height=480 alt="Picture {n}"><figcaption>What picture {n} shows</figcaption></figure>'
        for n in range(number)
    )


def images_in_one_block(number: int) -> str:
    """Images with text between them, all children of one element."""
    return HEAD + "<div>" + "".join(f'<img src="/img/{n}.jpg" width=640 height=480> text {n} ' for n in range(number))


def nested(number: int) -> str:
    """Elements within each other, and a link and an image in the innermost."""
    return HEAD + "<div>" * number + "<a href=x>link</a><img src=a.jpg width=640 height=480>"


def nested_links(number: int) -> str:
    """Elements within each other, with a link at each level."""
    return HEAD + "".join(f"<div><a href=x{n}>link</a>" for n in range(number))


def table_rows(number: int) -> str:
    """One table with three columns."""
    rows = "".join(f"<tr><td>Town {n}</td><td>{n}</td><td><a href=/town/{n}>more</a></td></tr>" for n in range(number))
    return f"{HEAD}<table><tr><th>Town<th>People<th>Link</tr>{rows}</table>"


def tables(number: int) -> str:
    """Small tables, ten rows in each."""
    rows = "".join(f"<tr><td>Row {n}</td><td>{n}</td></tr>" for n in range(10))
    return HEAD + f"<table><tr><th>Name<th>Value</tr>{rows}</table>" * (number // 10)


def mixed(number: int) -> str:
    """What pages have, again and again."""
    return HEAD + "".join(
        f'<section><h2>Part {n}</h2><p>A paragraph of text that is long enough to be one, with <a href="part-{n}.html">a link</a> and another '
        f'<a href="https://other.example/{n}">elsewhere</a>.</p><p><img src="/img/{n}.jpg" alt="Picture {n}" width=300 height=200></p>'
        f"<table><tr><th>A<th>B</tr><tr><td>{n}<td>x</tr><tr><td>{n}<td>y</tr></table></section>"
        for n in range(number)
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "links": links,
    "images": images,
    "images in one block": images_in_one_block,
    "nested elements": nested,
    "links at every level": nested_links,
    "table rows": table_rows,
    "rows of many tables": tables,
}
EVERYTHING = LinkMediaConfig(image_score_threshold=None, table_score_threshold=None)


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time of the rounds."""
    times: list[float] = []
    for _ in range(rounds):
        gc.collect()
        forget()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def slope(sizes: list[int], times: list[float]) -> float:
    """Of the least-squares line through the logarithms."""
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(figure) for figure in times]).slope


def main() -> None:
    parser = argparse.ArgumentParser(description="How the time of extraction grows.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=100_000)
    options = parser.parse_args()
    extract(mixed(300), URL, config=EVERYTHING)  # warm up
    sizes = [round(options.largest / 10 ** (step / 2)) for step in range(4, -1, -1)]
    print(f"| shape | {' | '.join(f'{size:,}' for size in sizes)} | slope | parser's |\n|---|{'---|' * len(sizes)}---|---|")
    for name, shape in SHAPES.items():
        pages = [shape(size) for size in sizes]
        ours = [seconds(lambda page=page: extract(page, URL, config=EVERYTHING), options.rounds) for page in pages]
        parsers = [seconds(lambda page=page: Document(page), options.rounds) for page in pages]
        times = " | ".join(f"{figure * 1000:.1f} ms" for figure in ours)
        print(f"| {name} | {times} | {slope(sizes, ours):.2f} | {slope(sizes, parsers):.2f} |", flush=True)
    print("\n| page | ns a byte | the parser's |\n|---|---|---|")
    for size in (100_000, 1_000_000, 10_000_000):
        page = mixed(size // (len(mixed(1000)) // 1000))
        own = seconds(lambda page=page: extract(page, URL, config=EVERYTHING), options.rounds) / len(page)
        alone = seconds(lambda page=page: Document(page), options.rounds) / len(page)
        print(f"| {len(page) / 1e6:.1f} MB | {own * 1e9:.0f} | {alone * 1e9:.0f} |", flush=True)


if __name__ == "__main__":
    main()
