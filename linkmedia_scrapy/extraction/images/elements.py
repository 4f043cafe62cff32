"""Finding: every way in which the elements and style sheets of a page's body tell a picture. Nothing is joined or judged here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeVar
from urllib.parse import quote

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.css import background_images
from linkmedia_scrapy.extraction.document import BACKGROUND, Element, Spot, children
from linkmedia_scrapy.extraction.images.findings import MAX_VARIANTS, Finding, file_url, resolve_together, srcset_variants
from linkmedia_scrapy.extraction.images.identity import identify, looks_like_image
from linkmedia_scrapy.extraction.images.lazy import (
    LARGER,
    LAZY,
    LAZY_SRC,
    LAZY_SRCSET,
    by_density,
    is_template,
    json_references,
    listed_references,
    other_references,
)
from linkmedia_scrapy.extraction.images.noscript import IMGS, join_twins
from linkmedia_scrapy.extraction.images.surroundings import Surroundings
from linkmedia_scrapy.extraction.images.variants import Variant
from linkmedia_scrapy.extraction.lengths import pixels
from linkmedia_scrapy.extraction.srcset import Candidate, parse_srcset
from linkmedia_scrapy.extraction.tags import BACKGROUNDS, BACKGROUNDS_OR_IMAGES
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["element_findings"]

_Thing = TypeVar("_Thing")

_TELLING: Final = LAZY | {"alt", "aria-label", "height", "loading", "srcset", "style", "title", "width"}
"""Attributes of an img that are asked for only where they are there, beside its src."""
_BGSET: Final = re.compile(r"\s\|\s|\s\[[^\[\]]*\]")
"""What stands between the sources of lazysizes' data-bgset, and their media queries and types."""
_STYLE_LENGTH: Final = re.compile(r"(?:^|;)\s*+(width|height)\s*+:\s*+([0-9]{1,6})(?:\.[0-9]+)?px", re.IGNORECASE)
_TAGS: Final = ("img", "amp-img", "image", "input", "video", "object", "embed", BACKGROUND)
_MAX_SVG: Final = 65_536  # characters of an inline svg that are given as a data URL
_LARGEST_RATIO: Final = 36
"""Pixels: what is larger is no icon, and is left as it is."""
_DENSEST: Final = 4
"""Pixels of a file for one of the page, on the finest displays."""


def element_findings(page: PageContext, surroundings: Surroundings) -> list[Finding]:
    """What the elements of the page's body tell, in document order; last what its style sheets do."""
    found = page.document.each(*_TAGS, *(("svg",) if page.config.image_inline_svg else ()))
    shown = [element.attr("src") or "" if tag in IMGS else "" for _, element, _, tag in found]
    resolve_together(page, shown)
    finder = _Finder(page, surroundings, shown)
    for _, element, _, tag in found:  # step by step, as links are read (`extract_links`)
        if tag in IMGS or tag == BACKGROUND:
            surroundings.of(element)
    for index, element, where, tag in found:
        finder.look_at(Spot(index, element, where, tag))
    for sheet in page.document.style_sheets():
        for layer in background_images(sheet):
            finder.background(None, layer)
    return finder.finish()


class _Finder:
    """Reads elements one by one. What a noscript element shows beside a lazy image is joined to that image in the end.

    `shown` is what the src attributes say.
    """

    def __init__(self, page: PageContext, surroundings: Surroundings, shown: list[str]) -> None:
        self._page = page
        self._surroundings = surroundings
        self._findings: list[Finding] = []
        self._twins: list[Finding] = []
        self._undescribed: list[tuple[Finding, Element, frozenset[str]]] = []
        self._read_pictures: set[Element] = set()
        self._srcset_candidates: dict[tuple[str, str, str], list[Variant]] = {}
        self._repeated = {src for src, times in Counter(shown).items() if times > 1} if page.document.rendered else set[str]()

    def look_at(self, spot: Spot) -> None:
        """Note what an element tells."""
        tag, attr = spot.tag, spot.element.attr
        if tag in IMGS:
            self._img(spot)
        elif tag == BACKGROUND:
            self._backgrounds(spot)
        elif tag == "input":
            if (attr("type") or "").strip().lower() == "image":
                self._img(spot)
        elif tag == "image":
            self._simple(spot, "svg", attr("href") or attr("xlink:href"))
        elif tag == "video":
            self._simple(spot, "poster", attr("poster") or attr("data-poster"))
        elif tag == "object" and _is_image(attr("type"), attr("data")):
            self._simple(spot, "object", attr("data"))
        elif tag == "embed" and _is_image(attr("type"), attr("src")):
            self._simple(spot, "embed", attr("src"))
        elif tag == "svg":
            self._inline_svg(spot)

    def finish(self) -> list[Finding]:
        """What was found; images of which no URL is known are dropped."""
        for finding, element, names in self._undescribed:
            _describe_image(finding, element, names)
        if self._twins:
            join_twins(self._page, self._twins, self._findings)
        found: list[Finding] = []
        for finding in self._findings:
            if finding.variants:
                found.append(finding)
            elif finding.shown and finding.shown.strip():
                self._page.drop("image", "data_url" if finding.shown.lstrip()[:5].lower() == "data:" else "invalid_url")
            else:
                self._page.drop("image", "no_url")
        return found

    def _finding(self, kind: str, spot: Spot | None) -> Finding:
        finding = Finding(kind, spot, self._surroundings.of(spot.element) if spot is not None else None)
        self._findings.append(finding)
        return finding

    def background(self, spot: Spot | None, candidates: list[Candidate], *, lazy: bool = False) -> None:
        """Note a background picture; several candidates are its sizes or resolutions."""
        before = self._findings[-1] if self._findings else None
        finding = self._finding("css", spot)
        finding.lazy = lazy
        for candidate in self._first(candidates, MAX_VARIANTS):
            finding.add(file_url(self._page, candidate.url), width=candidate.width, density=candidate.density)
        if spot is not None:
            if before is not None and before.kind == "css" and before.spot is spot:  # the style is not read again for each of its pictures
                finding.alt, finding.title, finding.width, finding.height = before.alt, before.title, before.width, before.height
            else:
                _describe(finding, spot.element.attr)
            if spot.element.tag == "a" and finding.around is not None:
                finding.around = finding.around.in_link(spot.element)
        finding.shown = candidates[0].url if candidates else None

    def _backgrounds(self, spot: Spot) -> None:
        attr = spot.attr
        style = attr("style")
        for layer in background_images(style) if style else ():
            self.background(spot, layer)
        for name in BACKGROUNDS:
            value = attr(name)
            if not value or is_template(value):
                continue
            if name.endswith("-set"):  # what stands between the brackets of image-set()
                layers = background_images(f"background:image-set({value})")
            elif "url(" in value.lower():
                layers = background_images("background:" + value)
            elif name == "data-bgset":
                layers = [parse_srcset(_BGSET.sub(", ", value))]
            else:
                layers = [[Candidate(value)]] if looks_like_image(value) or "/" in value else []
            for layer in layers:
                self.background(spot, layer, lazy=True)
        for name in BACKGROUNDS_OR_IMAGES:
            value = attr(name)
            if value and looks_like_image(value) and not is_template(value):
                self.background(spot, by_density(value), lazy=True)

    def _simple(self, spot: Spot, kind: str, reference: str | None) -> None:
        if reference is None:
            return
        finding = self._finding(kind, spot)
        finding.mime_type = (spot.attr("type") or "") if kind in ("object", "embed") else ""
        finding.shown = reference
        finding.add(file_url(self._page, reference))
        _describe(finding, spot.element.attr)

    def _img(self, spot: Spot) -> None:
        """An img, amp-img or image button, with the sources of the picture element around it."""
        element = spot.element
        attr = element.attr
        finding = self._finding("img" if spot.tag != "input" else "input", spot)
        around = finding.around
        assert around is not None
        if around.picture is not None and spot.tag == "img":
            finding.kind = "picture"
            for source in self._sources(around.picture):
                self._srcsets(finding, source)
        if around.noscript is not None:
            finding.kind = "noscript"
            self._twins.append(finding)
        shown = attr("src")
        names = _TELLING.intersection(element.attrs)
        has_lazy = not LAZY.isdisjoint(names)
        if has_lazy:
            values = dict(element.attrs)
            self._srcsets(finding, values)
            self._lazy(finding, values)
        elif "srcset" in names:
            self._add_srcset(finding, attr("srcset"), attr("media") or "", attr("type") or "")
        if "loading" in names and (attr("loading") or "").strip().lower() == "lazy":
            finding.lazy = True
        if shown is not None:
            finding.shown = shown
            self._show(finding, element, shown, has_lazy)
        self._undescribed.append((finding, element, names))

    def _srcsets(self, finding: Finding, values: dict[str, Any]) -> None:
        """The candidates of srcset and of what lazy libraries keep for it."""
        media, mime_type = values.get("media") or "", values.get("type") or ""
        if "srcset" in values:
            self._add_srcset(finding, values["srcset"], media, mime_type)
        for name in LAZY_SRCSET:
            if name in values:
                finding.lazy = True
                self._add_srcset(finding, values[name], media, mime_type)

    def _sources(self, picture: Element) -> list[dict[str, Any]]:
        """The attributes of a picture's sources, which are its children and belong to the first img in it (HTML standard, 4.8.4.3.3)."""
        if picture in self._read_pictures:
            return []
        self._read_pictures.add(picture)
        return [dict(source.attrs) for source in self._first(children(picture, "source"), MAX_VARIANTS)]

    def _first(self, candidates: list[_Thing], number: int) -> list[_Thing]:
        """So many of a picture's candidates; the rest is counted."""
        for _ in candidates[number:]:
            self._page.drop("image_candidate", "too_many")
        return candidates[:number]

    def _add_srcset(self, finding: Finding, srcset: str | None, media: str, mime_type: str) -> None:
        """Add the candidates of a srcset; one that the page has several times is read once."""
        if not srcset:
            return
        key = srcset, media, mime_type
        found = self._srcset_candidates.get(key)
        if found is None:
            found = self._srcset_candidates[key] = srcset_variants(self._page, srcset, media, mime_type)
        if not finding.variants:
            finding.variants = found.copy()
        else:
            known = {variant.src for variant in finding.variants}
            added = [variant for variant in found if variant.src not in known]
            finding.variants.extend(self._first(added, max(0, MAX_VARIANTS - len(known))))

    def _lazy(self, finding: Finding, values: dict[str, Any]) -> None:
        """The candidates of the other attributes in which a picture is kept."""
        page = self._page
        references = [values[name] for name in LAZY_SRC if name in values]
        wanted = len(references)
        references += [values[name] for name in LARGER if name in values]
        references += json_references(values)
        for index, reference in enumerate(references):
            if not reference:
                continue
            if reference[0] == "[":  # Foundation's interchange or a script's list, in an attribute of another name
                for listed in self._first(listed_references(reference), MAX_VARIANTS):
                    finding.add(file_url(page, listed))
                    finding.lazy = finding.lazy or index < wanted
            elif is_template(reference):
                page.drop("image_candidate", "template")
            elif "|" in reference:
                for candidate in by_density(reference):
                    finding.add(file_url(page, candidate.url), density=candidate.density)
                    finding.lazy = finding.lazy or index < wanted
            elif looks_like_image(reference) or "/" in reference:
                url = file_url(page, reference)
                if url is not None and not identify(url).is_placeholder:
                    finding.add(url)
                    finding.lazy = finding.lazy or index < wanted

    def _show(self, finding: Finding, element: Element, shown: str, has_lazy: bool) -> None:
        """What src adds: a candidate, or the placeholder of a lazy image."""
        page = self._page
        url = file_url(page, shown)
        if url is None:
            if shown.lstrip()[:5].lower() == "data:":
                self._show_data(finding, element, shown)
            return
        if finding.has(url):
            return
        if finding.variants and (
            (finding.lazy and has_lazy and not self._loaded(finding, element, shown, url)) or identify(url).is_placeholder
        ):
            finding.placeholder = url
            finding.lazy = True
        else:
            finding.variants.append(Variant(url))

    def _loaded(self, finding: Finding, element: Element, shown: str, url: str) -> bool:
        """Whether scripts have put a lazy image's own picture in its place: not while other images show the same, and it is another."""
        if any(variant.width is not None for variant in finding.variants) and element.attr("srcset"):
            return False  # the browser shows one of these, and the script has left src as it was
        if "lazyloaded" in (element.attr("class") or "").split():
            return True
        return self._page.document.rendered and (shown not in self._repeated or identify(url).key == finding.variants[0].key)

    def _show_data(self, finding: Finding, element: Element, shown: str) -> None:
        """An image that shows a data URL until a script puts another in its place, from wherever that keeps it."""
        if not finding.variants:
            values: dict[str, Any] = dict(element.attrs)
            for reference in self._first(other_references(values), MAX_VARIANTS):
                finding.add(file_url(self._page, reference))
                finding.lazy = True
        if finding.variants:
            finding.placeholder = shown
            finding.lazy = True

    def _inline_svg(self, spot: Spot) -> None:
        element = spot.element
        outer = element.parent
        if isinstance(outer, Element) and outer.closest("svg") is not None:
            return
        markup = element.html
        if len(markup) > _MAX_SVG:
            self._page.drop("image", "too_large")
            return
        finding = self._finding("svg", spot)
        finding.mime_type = "image/svg+xml"
        finding.add("data:image/svg+xml," + quote(markup, safe="/:=;,'()!*@$&+~"))
        _describe(finding, spot.element.attr)
        title = next(iter(element.iter_elements("title")), None)
        finding.alt = finding.alt or (self._page.document.text(title) if title is not None else "")


def _describe(finding: Finding, attr: Callable[[str], str | None], names: AbstractSet[str] = _TELLING) -> None:
    """What the element itself says of its picture; `names` are those of the attributes for it that there may be."""
    alt = collapse(attr("alt") or "") if "alt" in names else ""
    if not alt and "aria-label" in names:
        alt = collapse(attr("aria-label") or "")
    if alt:
        finding.alt = alt
    title = attr("title") if "title" in names else None
    if title:
        finding.title = collapse(title)
    width = pixels(attr("width")) if "width" in names else None
    height = pixels(attr("height")) if "height" in names else None
    if (width is None or height is None) and "style" in names:
        for name, value in _STYLE_LENGTH.findall(attr("style") or ""):
            if name.lower() == "width":
                width = width if width is not None else int(value)
            elif height is None:
                height = int(value)
    finding.width, finding.height = width, height


def _describe_image(finding: Finding, element: Element, names: frozenset[str]) -> None:
    """The same of an image with all its candidates, by which a width that is none is known."""
    _describe(finding, element.attr, names)
    if finding.width is not None and 0 < finding.width <= _LARGEST_RATIO and _is_ratio(finding, element):
        widest = max([variant.width or 0 for variant in finding.variants], default=0)
        finding.width, finding.height = _largest_shown(element.attr("sizes") or "") or widest or None, None


def _is_ratio(finding: Finding, element: Element) -> bool:
    """Whether width and height, which are small, are a ratio (16, 9) and no pixels.

    Of an amp-img that fills the width that there is they are one (AMP's layout specification: `responsive`, which is also what one with
    `sizes` is); elsewhere, where the smallest candidate is too large for any display of that width, and the largest ten times as wide.
    """
    attr = element.attr
    if finding.height is not None and finding.height > _LARGEST_RATIO:
        return False
    if element.tag == "amp-img" and (attr("layout") or ("responsive" if attr("sizes") else "")).strip().lower() == "responsive":
        return True
    width = finding.width or 0
    widths = [variant.width for variant in finding.variants if variant.width is not None]
    return bool(widths) and min(widths) > _DENSEST * width and max(widths) >= 10 * width


def _largest_shown(sizes: str) -> int | None:
    """The largest width in pixels that a sizes attribute tells, None where one of its widths depends on the window's.

    >>> _largest_shown("(min-width: 1360px) 35px, 48px"), _largest_shown("(min-width: 1360px) 640px, 100vw")
    (48, None)
    """
    widths = [pixels(size.rpartition(" ")[2]) if size.endswith("px") else None for size in map(str.strip, sizes.split(","))]
    known = [width for width in widths if width is not None]
    return max(known) if len(known) == len(widths) else None


def _is_image(mime_type: str | None, reference: str | None) -> bool:
    if mime_type:
        return mime_type.strip().lower().startswith("image/")
    return reference is not None and looks_like_image(reference)
