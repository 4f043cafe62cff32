"""Every URL of every image record stands in its page: in an attribute, in CSS or in JSON, whole.

usage: image_urls.py CORPUS

The check shares nothing with the extraction but the URL parser: it takes a page's attribute values, and what stands in them and in style
and script elements between white space, quotes and parentheses, resolves all of that, and looks each record's URLs up.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import ada_url
import turbohtml

sys.path.append(str(Path(__file__).resolve().parent.parent))

import contextlib

from benchmarks.image_score import urls_of
from linkmedia_scrapy.config import LinkMediaConfig
from linkmedia_scrapy.extraction.page import extract
from linkmedia_scrapy.items import ImageItem

CONFIGS = (
    LinkMediaConfig(extract=("images",), image_score_threshold=None, image_icons=True),
    LinkMediaConfig(extract=("images",), image_score_threshold=None, image_variants="items"),
)
QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
IN_URL = re.compile(r"url\(\s*[\"']?(.*?)[\"']?\s*\)", re.DOTALL | re.IGNORECASE)


def references(text: str) -> Iterator[str]:
    """What may be a whole reference in a text."""
    yield text.strip()
    for part in text.split():
        yield part
        yield part.rstrip(",")
        yield part.lstrip(",").rstrip(",")
    yield from re.split(r"[\"']", text)
    yield from re.split(r"\s+[\d.]+[wx],\s*|\s+[\d.]+[wx]\Z", text)
    for match in QUOTED.finditer(text):
        quoted = match.group(1) or match.group(2) or ""
        yield quoted
        yield quoted.replace("\\/", "/")
        with contextlib.suppress(ValueError):
            yield json.loads(f'"{quoted}"')
    yield from (match.group(1) for match in IN_URL.finditer(text))


def stated(body: bytes, url: str) -> set[str]:
    """Every URL that the page states, without fragment."""
    tree = turbohtml.parse(body, detect_encoding=True)
    base = next((element.attr("href") for element in tree.select("base") if element.attr("href") is not None), None)
    try:
        base_url = ada_url.join_url(url, base) if base else url
    except ValueError:
        base_url = url
    found: set[str] = set()
    for element in tree.iter_elements():
        texts = [value for value in element.attrs.values() if isinstance(value, str)]
        if element.tag in ("style", "script"):
            texts.append(element.text)
        for text in texts:
            for reference in references(text):
                for spelling in {reference.strip(), html.unescape(reference).strip()}:
                    if 0 < len(spelling) < 4000:
                        try:
                            found.add(ada_url.join_url(base_url, spelling).partition("#")[0])
                        except ValueError:
                            continue
    return found


def urls(image: ImageItem) -> Iterator[str]:
    """All URLs of a record."""
    yield image.src
    yield from (variant["src"] for variant in image.variants)
    if image.placeholder_src and not image.placeholder_src.startswith("data:"):
        yield image.placeholder_src


def main() -> int:
    """Print the URLs that no page states; 1 where there are any."""
    corpus = Path(sys.argv[1])
    checked = wrong = 0
    for name, url in sorted(urls_of(corpus).items()):
        folder, _, file = name.partition("/")
        body = (corpus / folder / "pages" / file).read_bytes()
        known = stated(body, url)
        for config in CONFIGS:
            for image in extract(body, url, config=config).images:
                for one in urls(image):
                    checked += 1
                    if one not in known or not one.startswith(("http://", "https://")):
                        wrong += 1
                        print(f"{name}: {image.kind} {one[:150]}")
    print(f"{checked} URLs of image records, {wrong} that the page does not state")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
