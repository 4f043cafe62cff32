"""Images, content or furniture: the score against hand-made labels, and the weights fitted to half of them.

usage: image_score.py CORPUS [--fit] [--errors fit|held] [--crawl4ai]

`data/image_labels.csv` names images by page file and by their index among the page's img elements (templates counted) and says
content or furniture; the labels were given from markup, file names and place, before any score was looked at. Sites of the half
`held` are never used for fitting. `--fit` prints weights for `linkmedia_scrapy/extraction/images/weights.py`; without it the weights
there are tested. `--crawl4ai` holds Crawl4AI, with its own defaults, against the same labels.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import turbohtml

sys.path.append(str(Path(__file__).resolve().parent.parent))

from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.images.joining import Picture, find_pictures
from linkmedia_scrapy.extraction.images.scoring import Scorer, total
from linkmedia_scrapy.extraction.images.weights import WEIGHTS
from linkmedia_scrapy.extraction.urls import Resolver
from linkmedia_scrapy.rules import Rules

LABELS = Path(__file__).parent / "data" / "image_labels.csv"
FALLBACK_URL = "http://fakehost.example/test/page.html"
SCALE = 1.0  # score points for one unit of log odds
EVEN = 2.0  # the score at even odds: the default threshold
Row = dict[str, str]

# What we hold of each signal before we have seen any label, in log odds. Some hundred examples hold few of each kind of furniture:
# the regression is drawn towards these instead of towards nothing.
PRIOR: dict[str, float] = {
    "alt_avatar": -4.0,
    "alt_icon": -2.5,
    "alt_logo": -2.5,
    "alt_none": -0.3,
    "alt_phrase": 0.7,
    "base": 0.3,
    "cell_alone": -1.2,
    "declared": 3.0,
    "declared_logo": -2.0,
    "figure": 1.5,
    "flat": -1.5,
    "format_gif": -1.5,
    "format_ico": -4.0,
    "format_svg": -1.5,
    "format_unknown": -0.3,
    "hidden": -0.5,
    "in_article": 0.8,
    "in_button": -3.0,
    "in_content": 0.5,
    "in_footer": -1.5,
    "in_navigation": -1.5,
    "in_sidebar": -0.3,
    "itemprop_image": 2.0,
    "kind_css": -1.0,
    "kind_input": -4.0,
    "kind_noscript": -0.3,
    "kind_poster": 2.0,
    "line": -4.0,
    "link_elsewhere": -0.3,
    "link_graphic": -1.0,
    "link_home": -3.0,
    "link_image": 2.0,
    "link_page": 0.7,
    "link_script": -0.3,
    "link_service": -2.0,
    "link_social": -2.5,
    "named_ad": -2.0,
    "named_avatar": -3.0,
    "named_badge": -2.0,
    "named_button": -3.0,
    "named_captcha": -5.0,
    "named_content": 0.8,
    "named_decoration": -1.0,
    "named_icon": -3.0,
    "named_logo": -3.0,
    "named_navigation": -2.0,
    "named_social": -2.0,
    "named_tracker": -1.5,
    "named_control": -3.0,
    "near_ad": -1.5,
    "near_avatar": -2.5,
    "near_badge": -1.5,
    "near_button": -1.0,
    "near_captcha": -3.0,
    "near_content": 0.4,
    "near_icon": -1.5,
    "near_logo": -2.0,
    "near_social": -1.5,
    "path_ad": -2.0,
    "path_avatar": -2.5,
    "path_badge": -1.0,
    "path_button": -2.0,
    "path_captcha": -4.0,
    "path_icon": -2.5,
    "path_logo": -2.0,
    "path_social": -1.5,
    "photo_format": 1.0,
    "pixel": -8.0,
    "placeholder": -6.0,
    "repeated": -1.5,
    "size_icon": -3.0,
    "size_large": 2.0,
    "size_medium": 1.0,
    "size_small": -1.0,
    "style_sheet": -1.0,
    "theme_path": -1.2,
    "tracker": -6.0,
    "upload_path": 0.8,
    "variants": 0.5,
}


def read_labels() -> list[Row]:
    """The labels: page, index, site, half, label, reason, and a second label of some."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def context(body: bytes, url: str) -> PageContext:
    """A page as `extract` reads it."""
    config = LinkMediaConfig(image_score_threshold=None)
    document = Document(body, backgrounds=True)
    resolver = Resolver(url, document.base_href(), document.encoding)
    return PageContext(url=url, document=document, resolver=resolver, rules=Rules(config).for_page(url), config=config)


def urls_of(corpus: Path) -> dict[str, str]:
    """The URL of each page by its file's name in the labels."""
    return {
        f"{meta.parent.name}/{entry['file']}": entry.get("url") or FALLBACK_URL
        for meta in corpus.glob("*/meta.jsonl")
        for entry in map(json.loads, meta.read_text(encoding="utf-8").splitlines())
    }


def reference(body: bytes, index: int) -> str:
    """What a labelled img element refers to."""
    element = turbohtml.parse(body, detect_encoding=True).select("img")[index]
    return next(value for name in ("data-src", "src", "srcset", "data-original") if (value := element.attr(name)))


def labelled(corpus: Path, rows: list[Row]) -> Iterator[tuple[Row, Picture | None, list[str]]]:
    """Each label with the picture that we make of its element (None where we make none) and the signals of that."""
    urls = urls_of(corpus)
    pages: dict[str, tuple[PageContext, dict[str, Picture], Scorer]] = {}
    for row in rows:
        name = row["page"]
        folder, _, file = name.partition("/")
        body = (corpus / folder / "pages" / file).read_bytes()
        if name not in pages:
            page = context(body, urls[name])
            known: dict[str, Picture] = {}
            for picture in find_pictures(page):
                for url in (*(variant.src for variant in picture.variants), picture.placeholder):
                    if url:
                        known.setdefault(url, picture)
            pages = {name: (page, known, Scorer(page))}
        page, known, scorer = pages[name]
        found = known.get(page.resolver.resolve(reference(body, int(row["index"]))) or "")
        yield row, found, scorer.signals(found) if found else []


def fit(examples: list[tuple[list[str], bool]], *, ridge: float = 20.0, rounds: int = 4000) -> dict[str, float]:
    """Weights by logistic regression with a ridge penalty on what differs from the prior; plain gradient descent is enough for some hundred examples."""
    names = sorted({name for signals, _ in examples for name in signals} | set(PRIOR))
    weights = {name: PRIOR.get(name, 0.0) for name in names}
    step = 2.0 / len(examples)
    for _ in range(rounds):
        slopes = {name: ridge * (weight - PRIOR.get(name, 0.0)) for name, weight in weights.items()}
        for signals, content in examples:
            odds = sum(weights[name] for name in signals)
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - content
            for name in signals:
                slopes[name] += error
        for name in names:
            weights[name] -= step * slopes[name]
    return weights


def f1(pairs: list[tuple[bool, bool]]) -> str:
    """Precision, recall and F1 of (said, true)."""
    hits = sum(said and true for said, true in pairs)
    said, true = sum(said for said, _ in pairs), sum(true for _, true in pairs)
    precision, recall = hits / max(said, 1), hits / max(true, 1)
    return f"{len(pairs)} images, precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


def crawl4ai(corpus: Path, rows: list[Row]) -> list[tuple[bool, bool]]:
    """Whether Crawl4AI keeps each labelled image."""
    from crawl4ai.content_scraping_strategy import LXMLWebScrapingStrategy

    urls, kept = urls_of(corpus), {}
    strategy: Any = LXMLWebScrapingStrategy()
    pairs: list[tuple[bool, bool]] = []
    for row in rows:
        name = row["page"]
        folder, _, file = name.partition("/")
        body = (corpus / folder / "pages" / file).read_bytes()
        if name not in kept:
            result = strategy.scrap(urls[name], body.decode("utf-8", "replace"))
            kept = {name: {urljoin(urls[name], image.src or "") for image in result.media.images}}
        pairs.append((urljoin(urls[name], reference(body, int(row["index"])).strip()) in kept[name], row["label"] == "content"))
    return pairs


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Hold the images' score against labels.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--ridge", type=float, default=20.0)
    parser.add_argument("--errors", choices=("fit", "held"))
    parser.add_argument("--crawl4ai", action="store_true")
    options = parser.parse_args()
    rows = read_labels()
    halves = {half: [row for row in rows if row["half"] == half] for half in ("fit", "held")}
    if options.crawl4ai:
        for half, part in halves.items():
            print(f"Crawl4AI, {half}: {f1(crawl4ai(options.corpus, part))}")
        return
    if options.fit:
        print_fit(options.corpus, halves["fit"], options.ridge, options.errors == "fit")
        return
    for half, part in halves.items():
        pairs: list[tuple[bool, bool]] = []
        for row, picture, signals in labelled(options.corpus, part):
            parts = {name: WEIGHTS[name] for name in signals if name in WEIGHTS}
            pairs.append((picture is not None and total(parts) >= EVEN, row["label"] == "content"))
            if options.errors == half and pairs[-1][0] != pairs[-1][1]:
                print(row["page"], row["index"], row["label"], row["reason"], picture and picture.src[-70:], parts)
        print(f"{half}: {f1(pairs)}")


def print_fit(corpus: Path, rows: list[Row], ridge: float, errors: bool) -> None:
    """Print the weights fitted to all of `rows`, after cross-validating by site."""
    examples = [(row["site"], signals, row["label"] == "content") for row, picture, signals in labelled(corpus, rows) if picture]
    sites = sorted({site for site, _, _ in examples})
    random.Random(1).shuffle(sites)
    pairs: list[tuple[bool, bool]] = []
    for fold in range(6):
        out = set(sites[fold::6])
        weights = fit([(signals, content) for site, signals, content in examples if site not in out], ridge=ridge, rounds=1500)
        pairs += [(sum(weights.get(n, 0.0) for n in signals) >= 0, content) for site, signals, content in examples if site in out]
    print(f"# cross-validated by site, ridge {ridge}: {f1(pairs)}", file=sys.stderr)
    weights = fit([(signals, content) for _, signals, content in examples], ridge=ridge)
    if errors:
        for row, picture, signals in labelled(corpus, rows):
            odds = sum(weights[name] for name in signals)
            if picture is None or (odds >= 0) != (row["label"] == "content"):
                said = {name: round(weights[name], 1) for name in signals}
                print(
                    row["page"],
                    row["index"],
                    row["label"],
                    row["reason"],
                    picture and picture.src[-70:],
                    round(odds, 1),
                    said,
                    file=sys.stderr,
                )
    counts = {name: sum(name in signals for _, signals, _ in examples) for name in weights}
    for name, weight in sorted(weights.items()):
        scaled = round(weight * SCALE + (EVEN if name == "base" else 0.0), 1)
        if scaled:
            print(f'    "{name}": {scaled},  # {counts[name]}')


if __name__ == "__main__":
    main()
