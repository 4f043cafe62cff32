"""Joining: the findings of one picture into one."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot
from linkmedia_scrapy.extraction.images.declared import declared_findings
from linkmedia_scrapy.extraction.images.elements import element_findings
from linkmedia_scrapy.extraction.images.findings import Finding, file_url
from linkmedia_scrapy.extraction.images.identity import Identity, identify, looks_like_image
from linkmedia_scrapy.extraction.images.surroundings import Around, Surroundings
from linkmedia_scrapy.extraction.images.variants import Variant, best_variant

_MAX_VARIANTS: Final = 256  # of one picture: a page that claims more of one says nothing with them

_REPETITIONS: Final = frozenset({"noscript", "meta", "jsonld", "preload", "icon"})  # kinds that show no picture once more

__all__ = ["Picture", "find_pictures"]


class Picture:
    """One picture, in all the ways in which the page tells it; `best` is its best candidate, and `src` the URL of that.

    `spot` is where the first element stands that shows it, None where only metadata or style sheets name it, and `around` what is around
    that; `kind` is that of the first finding that is no twin of another, `alt` and `title` the first that are not empty; `size` width and
    height in CSS pixels, of the element that shows it largest, else what metadata say.
    """

    __slots__ = (
        "_mime_type",
        "_shown",
        "alt",
        "around",
        "best",
        "findings",
        "kind",
        "lazy",
        "placeholder",
        "size",
        "spot",
        "title",
        "variants",
    )

    def __init__(self, finding: Finding, best: Variant) -> None:
        self.findings = [finding]
        self.variants: list[Variant] = finding.variants
        self.best = best
        self.alt = finding.alt
        self.title = finding.title
        self._mime_type = finding.mime_type
        self.placeholder = finding.placeholder
        self.lazy = finding.lazy
        self.spot: Spot | None = None
        self.around: Around | None = None
        if not finding.role:
            self.spot, self.around = finding.spot, finding.around
        self.kind = finding.kind
        self._shown = int(finding.kind not in _REPETITIONS)
        self.size = (finding.width, finding.height)

    @property
    def src(self) -> str:
        """The URL of the best candidate."""
        return self.best.src

    @property
    def occurrences(self) -> int:
        """How often elements and style sheets show the picture."""
        return self._shown or 1

    @property
    def mime_type(self) -> str:
        """Of the best candidate, as the page declares it."""
        return self.best.mime_type or self._mime_type

    def join(self, finding: Finding) -> None:
        """Add another finding of the same picture."""
        self.findings.append(finding)
        self.alt = self.alt or finding.alt
        self.title = self.title or finding.title
        self._mime_type = self._mime_type or finding.mime_type
        self.placeholder = self.placeholder or finding.placeholder
        if finding.lazy:
            self.lazy = True
        if self.spot is None and not finding.role:
            self.spot, self.around = finding.spot, finding.around
        if finding.kind not in _REPETITIONS:
            if not self._shown:
                self.kind = finding.kind
            self._shown += 1
        width, height = finding.width, finding.height
        if (width is not None or height is not None) and (
            self.size == (None, None) or (width or 0, height or 0) > (self.size[0] or 0, self.size[1] or 0)
        ):
            self.size = width, height
        if len(self.variants) < _MAX_VARIANTS:
            known = {variant.src for variant in self.variants}
            added = [variant for variant in finding.variants if variant.src not in known]
            if added:
                self.variants = [*self.variants, *added]

    def choose(self) -> None:
        """Set `best` to the best candidate."""
        if len(self.variants) > 1:
            shown = None
            for finding in self.findings:
                if finding.width:
                    shown = finding.width
                    break
            self.best = best_variant(self.variants, shown)
        else:
            self.best = self.variants[0]


class _Joiner:
    """Puts findings together that share a URL, or whose best candidates are one picture."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self._by_url: dict[str, Picture] = {}
        self._by_key: dict[str, Picture] = {}

    def take(self, finding: Finding) -> None:
        """Join a finding to its picture, which may be a new one."""
        by_url, variants = self._by_url, finding.variants
        picture: Picture | None = None
        for variant in variants:
            picture = by_url.get(variant.src)
            if picture is not None:
                picture.join(finding)
                if len(variants) == 1:
                    return
                break
        if picture is None:
            picture = self._by_best(finding)
        for variant in variants:
            by_url.setdefault(variant.src, picture)

    def _by_best(self, finding: Finding) -> Picture:
        best = best_variant(finding.variants, finding.width)
        key = best.key
        picture = self._by_key.get(key)
        if picture is None:
            picture = self._by_key[key] = Picture(finding, best)
            self.pictures.append(picture)
        else:
            picture.join(finding)
        return picture


def find_pictures(page: PageContext) -> list[Picture]:
    """The page's pictures: those that elements show in document order, then those that only style sheets and metadata name."""
    surroundings = Surroundings()
    joiner = _Joiner()
    linked: dict[str, Identity | None] = {}
    shown = element_findings(page, surroundings)
    for finding in shown:
        _add_linked(page, finding, linked)
    for finding in [*shown, *declared_findings(page, surroundings)]:
        joiner.take(finding)
    for picture in joiner.pictures:
        if len(picture.findings) > 1:
            picture.choose()
            if picture.lazy:
                _count_placeholders(page, picture)
    return joiner.pictures


def _count_placeholders(page: PageContext, picture: Picture) -> None:
    """Count what a lazy picture's elements show until it is loaded: its record has room for what the first of them shows."""
    shown = {finding.placeholder for finding in picture.findings if finding.placeholder}
    for _ in shown - {picture.placeholder} - {variant.src for variant in picture.variants}:
        page.drop("image_candidate", "placeholder")


_THUMBNAILS: Final = re.compile(r"/(?:thumb(?:nail)?s?|small|previews?|styles)/", re.IGNORECASE)


def _add_linked(page: PageContext, finding: Finding, linked: dict[str, Identity | None]) -> None:
    """Add the file that the link around an image leads to, where it is the same picture by its URL or its name.

    It is the picture in full size where the name of either, or the image's descriptor, says that it is one of several sizes; else a
    candidate like others, which may be a page about the file: https://example.com/blob/lake.png beside https://example.com/raw/lake.png.
    `linked` holds what is known of the page's links: one can be made to hold all images.
    """
    href = finding.around.link if finding.around is not None else None
    if not href:
        return
    if href in linked:
        full = linked[href]
    else:
        url = file_url(page, href) if looks_like_image(href) else None
        full = linked[href] = identify(url) if url is not None else None
    if full is None or finding.variants[0].src[:5] == "data:" or finding.has(full.url):
        return
    shown = finding.variants[0]
    own = shown.identity
    if full.key == own.key or (full.stem and (full.stem == own.stem or full.bare_stem == own.bare_stem)):
        variant = Variant(full.url)
        sized = shown.width is not None or own.size[0] is not None or own.bare_stem != own.stem or full.bare_stem != full.stem
        variant.linked = sized or _THUMBNAILS.search(own.url) is not None
        finding.variants.append(variant)
