"""Findings: one for each way in which a page tells a picture. `elements` and `declared` find them, `joining` joins them."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot
from linkmedia_scrapy.extraction.images.lazy import is_template
from linkmedia_scrapy.extraction.images.surroundings import Around
from linkmedia_scrapy.extraction.images.variants import Variant
from linkmedia_scrapy.extraction.srcset import parse_srcset
from linkmedia_scrapy.extraction.text import SHARED

__all__ = ["MAX_VARIANTS", "Finding", "file_url", "resolve_together", "srcset_variants"]

MAX_VARIANTS: Final = 64
"""Candidates of one finding; the rest are counted and left out."""


class Finding:
    """One way in which the page tells one picture."""

    shown: str | None = None
    """The reference as written, where nothing better is known."""
    placeholder: str | None = None
    lazy = False
    alt = ""
    title = ""
    width: int | None = None
    height: int | None = None
    mime_type = ""
    role = ""

    def __init__(self, kind: str, spot: Spot | None = None, around: Around | None = None) -> None:
        self.kind = kind
        self.spot = spot
        self.around = around
        self.variants: list[Variant] = []

    def add(self, url: str | None, mime_type: str = "", width: int | None = None, density: float | None = None) -> None:
        """Add a candidate, unless there is none or it is known."""
        if url is not None and not self.has(url):
            self.variants.append(Variant(url, width, density, "", mime_type))

    def has(self, url: str) -> bool:
        """Whether a candidate is known."""
        for variant in self.variants:  # noqa: SIM110 - mostly of none or one, for which a generator is too much
            if url == variant.src:
                return True
        return False


def srcset_variants(page: PageContext, srcset: str, media: str, mime_type: str) -> list[Variant]:
    """The candidates of a srcset attribute that have URLs, each URL once."""
    found: dict[str, Variant] = {}
    media, mime_type = media[:SHARED], mime_type[:SHARED]
    candidates = parse_srcset(srcset)
    resolve_together(page, [candidate.url for candidate in candidates])
    may_have_templates = is_template(srcset)
    for candidate in candidates:
        if may_have_templates and is_template(candidate.url):
            page.drop("image_candidate", "template")
            continue
        url = file_url(page, candidate.url)
        if url is None or url in found:
            continue
        if len(found) >= MAX_VARIANTS:
            page.drop("image_candidate", "too_many")
            continue
        found[url] = Variant(url, candidate.width, candidate.density, media, mime_type)
    return list(found.values())


def resolve_together(page: PageContext, references: list[str]) -> None:
    """Resolve references before `file_url` is asked for each: all at once takes far less than one by one."""
    page.resolver.resolve_all([reference for reference in references if not _leads_nowhere(reference)])


def file_url(page: PageContext, reference: str | None) -> str | None:
    """A reference as an absolute URL without fragment; None where it leads to no file: data, blob, the page itself, nothing."""
    if reference is None or _leads_nowhere(reference):
        return None
    url = page.http_url(reference)
    if url is None:
        return None
    if "#" in url:
        url = url[: url.find("#")]
    return None if url == page.resolver.without_fragment and reference.lstrip()[:1] in ("#", "?", "") else url


def _leads_nowhere(reference: str) -> bool:
    return not reference or reference[:5].lower() == "data:" or reference.isspace()
