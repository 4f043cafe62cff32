"""The page's main picture: how often it is the one that the page's Open Graph names, with all such metadata taken out first.

usage: main_image.py CORPUS [--show] [--newspaper]

The pages are those of the corpus that declare an og:image (or twitter:image) and also show it, or a size variant of it, as an image
element. Open Graph, Twitter cards, JSON-LD and image_src are removed before anything is extracted. `--newspaper` runs newspaper4k's
top_image on the same pages, without a network: see `newspaper_top`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin

import turbohtml

sys.path.append(str(Path(__file__).resolve().parent.parent))

from benchmarks.image_score import urls_of
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.images.mainpicture import rank
from linkmedia_scrapy.extraction.images.variants import Variant
from linkmedia_scrapy.extraction.lengths import pixels
from linkmedia_scrapy.extraction.page import extract
from linkmedia_scrapy.items import ImageItem

ONLY_IMAGES = LinkMediaConfig(extract=("images",))
ALL_IMAGES = LinkMediaConfig(extract=("images",), image_score_threshold=None)
DECLARATIONS = (
    "meta[property^='og:' i],meta[name^='og:' i],meta[name^='twitter:' i],meta[property^='twitter:' i],meta[itemprop],meta[name*='thumbnail' i],"
    "script[type='application/ld+json' i],link[rel~='image_src' i],link[itemprop]"
)


def keys(image: ImageItem) -> set[str]:
    """Which pictures a record's URLs show."""
    return {Variant(url).key for url in (image.src, *(variant["src"] for variant in image.variants))}


def pages(corpus: Path) -> Iterator[tuple[str, str, str, set[str]]]:
    """Name, HTML without declarations, URL, and the keys of what they declared, of the pages that show that."""
    for name, url in sorted(urls_of(corpus).items()):
        folder, _, file = name.partition("/")
        body = (corpus / folder / "pages" / file).read_bytes()
        tree = turbohtml.parse(body, detect_encoding=True)
        declared: set[str] = set()
        for meta in tree.select("meta"):
            if (meta.attr("property") or meta.attr("name") or "").lower() in (
                "og:image",
                "og:image:url",
                "twitter:image",
                "twitter:image:src",
            ):
                found = extract(f'<img src="{(meta.attr("content") or "").strip()}">', url, config=ALL_IMAGES).images
                declared |= {Variant(image.src).key for image in found}
        if not declared:
            continue
        for element in tree.select(DECLARATIONS):
            element.decompose()
        html = tree.html
        shown = [image for image in extract(html, url, config=ALL_IMAGES).images if image.kind not in ("css", "icon", "preload")]
        if any(keys(image) & declared for image in shown):
            yield name, html, url, declared


def title(html: str) -> str:
    """The page's title."""
    element = turbohtml.parse(html).select_one("title")
    return " ".join(element.text.split()) if element is not None else ""


def newspaper_top(html: str, url: str) -> str:
    """The key of newspaper4k's top_image.

    It downloads images to learn their sizes. Here nothing is fetched: it is told the size that the page gives an image, and that it is
    large where the page gives none.
    """
    from newspaper import Article, Config
    from newspaper.extractors.image_extractor import ImageExtractor

    sizes: dict[str, tuple[int, int]] = {}
    for element in turbohtml.parse(html).select("img[src]"):
        width, height = pixels(element.attr("width")), pixels(element.attr("height"))
        if width or height:
            size = (width or height or 0, height or width or 0)
            sizes[element.attr("src") or ""] = sizes[urljoin(url, element.attr("src") or "")] = size
    ImageExtractor._fetch_image = lambda self, source, referer: SimpleNamespace(size=sizes.get(source, (1000, 1000)))
    config = Config()
    config.fetch_images = True
    article = Article(url, config=config)
    article.download(input_html=html)
    try:
        article.parse()
    except Exception as error:
        print(f"newspaper4k: {url}: {type(error).__name__}", file=sys.stderr)
        return ""
    return Variant(urljoin(url, article.top_image)).key if article.top_image else ""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Hold the main picture against what pages declare.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--newspaper", action="store_true")
    options = parser.parse_args()
    total = first = third = theirs = 0
    for name, html, url, declared in pages(options.corpus):
        total += 1
        if options.newspaper:
            theirs += newspaper_top(html, url) in declared
            continue
        images = extract(html, url, config=ONLY_IMAGES).images
        ranked = rank(images, title(html))
        first += bool(next((image for image in images if image.is_main and keys(image) & declared), None))
        third += any(keys(image) & declared for image in ranked[:3])
        if options.show and not any(keys(image) & declared for image in ranked[:1]):
            place = next((number for number, image in enumerate(ranked) if keys(image) & declared), None)
            print(f"{name}: declared {sorted(declared)[:1]} is number {place}; first are")
            for image in ranked[:3]:
                print("    ", image.src[-80:], image.score, image.width, image.height, image.region, list(image.score_parts))
    if options.newspaper:
        print(f"newspaper4k: {total} pages, top-1 {theirs / max(total, 1):.3f}")
    else:
        print(f"{total} pages, top-1 {first / max(total, 1):.3f}, top-3 {third / max(total, 1):.3f}")


if __name__ == "__main__":
    main()
