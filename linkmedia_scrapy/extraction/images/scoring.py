"""Content or furniture: what speaks for either, and how much each of these signals weighs.

A score is the sum of its parts, cut to 0 … 10; from 2 on a picture counts as content. The weights are those of a logistic regression
over hand-labelled images (`benchmarks/image_score.py` fits and tests them), scaled so that even odds are a score of 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element, Spot
from linkmedia_scrapy.extraction.images.findings import Finding
from linkmedia_scrapy.extraction.images.folders import folder_of
from linkmedia_scrapy.extraction.images.identity import looks_like_image
from linkmedia_scrapy.extraction.images.services import is_service
from linkmedia_scrapy.extraction.images.signals import (
    SMALL,
    UrlSays,
    alt_signals,
    is_no_icon,
    may_be_portrait,
    size_signals,
    with_ad,
    word_signals,
)
from linkmedia_scrapy.extraction.images.surroundings import Around
from linkmedia_scrapy.extraction.images.vocabulary import BANNER, PERSON
from linkmedia_scrapy.extraction.images.weights import WEIGHTS
from linkmedia_scrapy.extraction.images.words import meanings, names_furniture, names_say
from linkmedia_scrapy.extraction.urls import host_of, normalize

if TYPE_CHECKING:
    from linkmedia_scrapy.extraction.images.joining import Picture

__all__ = ["DECISIVE", "Scorer", "total"]

DECISIVE: Final = ("pixel", "tracker", "placeholder")
"""Parts that settle the matter, and are the reason for which a picture is left out."""

_JUDGED: Final = 4  # elements of one picture that are looked at
_NONE: Final[frozenset[str]] = frozenset()
_REGION_ZONES: Final = {"header": "navigation", "nav": "navigation", "footer": "footer", "aside": "sidebar", "search": "navigation"}
_AD_SIZES: Final = frozenset(
    (int(size.partition("x")[0]), int(size.partition("x")[2]))
    for size in (
        "88x31 120x60 120x90 120x240 120x600 125x125 160x600 180x150 200x200 234x60 240x400 250x250 300x50 300x100 300x250 300x600 "
        "300x1050 320x50 320x100 336x280 468x60 728x90 970x66 970x90 970x250"
    ).split()
)
"""Width and height, in pixels, of the formats in which advertisements are sold (IAB's ad unit guidelines, and Google's list of them)."""
_AVATAR: Final = frozenset({"avatar"})
_ICON: Final = frozenset({"icon"})
_ALT_NONE: Final = ("alt_none",)
_DECLARED: Final = {"image": "declared", "thumbnail": "declared", "logo": "declared_logo", "person": "declared_logo"}
_KINDS: Final = {kind: "kind_" + kind for kind in ("css", "input", "noscript", "poster")}
_PREVIEWS: Final = frozenset({"link_page", "link_elsewhere"})
_COUNTED: Final = re.compile(r"/(?:redirect|adclick|click|ck|out|adv|ads?)(?![\w-])", re.IGNORECASE)
"""Pages by which banners lead elsewhere."""
_IN_CELL: Final = 100
"""Characters and elements of a cell that are looked at for a text."""
_MAX_HOME_PATH: Final = 24
_HOME_PATH: Final = re.compile(
    r"/(?:[a-z]{2}(?:[-_](?:[a-z]{2}|hans|hant|latn|cyrl))?/?)?(?:(?:index|default|home|main)\.\w{2,5})?", re.IGNORECASE
)


class Scorer:
    """Judges the pictures of one page. What cells hold and where links lead is remembered, so that each is read once."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        url = normalize(page.url) or page.url
        self._own_url = url.partition("#")[0]
        self._host_words = folder_of(host_of(url) + "/").host_meanings
        self._bare_cells: dict[Element, bool] = {}
        self._links: dict[str, str] = {}
        self._elsewhere: dict[str, bool] = {}

    def parts(self, pictures: list[Picture]) -> list[dict[str, float]]:
        """The named parts of the pictures' scores; step by step, as links are read (`extract_links`)."""
        urls = [UrlSays(picture, self._host_words) for picture in pictures]
        return [_weighed(self._all_signals(picture, url)) for picture, url in zip(pictures, urls, strict=True)]

    def signals(self, picture: Picture) -> list[str]:
        """The names of what there is to say: of the element that speaks best for the picture, and of what the page's metadata say."""
        return self._all_signals(picture, UrlSays(picture, self._host_words))

    def _all_signals(self, picture: Picture, url: UrlSays) -> list[str]:
        best = self._best_signals(picture, url)
        for finding in picture.findings:
            if finding.role:
                # pages that have no picture of their own declare the site's logo, and do not show it
                is_logo = picture.spot is None and ("named_logo" in best or "named_icon" in best) and _names_logo(picture)
                best.append("declared_logo" if is_logo else _DECLARED[finding.role])
                break
        if picture.occurrences > 2 and "size_large" not in best:
            best.append("repeated")
        return best

    def _best_signals(self, picture: Picture, url: UrlSays) -> list[str]:
        """The signals of the first elements that show the picture: those of the one that speaks best for it.

        Where none shows it, what the URL and the size say that the metadata tell.
        """
        best: list[str] = []
        most, judged = 0.0, 0
        for finding in picture.findings:
            if finding.spot is None and finding.kind != "css":
                continue
            signals = self._signals(picture, finding, url)
            points = _sum(signals)
            if not judged or points > most:
                best, most = signals, points
            judged += 1
            if judged == _JUDGED:
                break
        return best if judged else self._signals(picture, picture.findings[0], url)

    def _signals(self, picture: Picture, finding: Finding, url: UrlSays) -> list[str]:
        width, height = finding.width, finding.height
        shown = width is not None or height is not None
        if not shown:
            width, height = picture.size
            if width is None and height is None and url.identity is not None:
                width, height = url.identity.size
        signals = ["base", *size_signals(width, height, shown), *url.signals]
        own, near = url.words, _NONE
        if url.subjects and not (width and height and max(width, height) <= SMALL):
            own = own - url.subjects
        if "icon" in own and url.identity is not None and is_no_icon(url.identity.readable_stem, width, height):
            own = own - _ICON
        spot, around = finding.spot, finding.around
        zone = ""
        if spot is not None and around is not None:
            attr = spot.element.attr
            classes, name = attr("class"), attr("id")
            if classes:
                own = own | names_say(classes)[0]
            if name:
                own = own | names_say(name)[0]
            near = around.words
            if "avatar" in near and width and height and width > height and not may_be_portrait(width, height):
                near = near - _AVATAR  # the picture of a card that names its author
            region = spot.region
            zone = _REGION_ZONES.get(region) or around.zone
            if region in ("main", "article") and zone in ("", "content"):
                zone = "article"
            signals += alt_signals(finding.alt, width, height) if finding.alt else _ALT_NONE
            self._element_signals(spot, around, signals)
            if width is None and height is None and url.format == "png" and not _PREVIEWS.isdisjoint(signals):
                signals.append("link_graphic")
        elif finding.kind == "css":
            signals.append("style_sheet")
        if own or near or url.path_words:
            path = url.path_words
            if PERSON in path and may_be_portrait(width, height):
                path = path | _AVATAR
            if (BANNER in own or BANNER in path or BANNER in near) and (
                (width, height) in _AD_SIZES or (around is not None and around.link and self._leads_elsewhere(around.link))
            ):
                own, path, near = with_ad(own), with_ad(path), with_ad(near)
            signals += word_signals(own, path, near, url.may_track)
        if zone:
            signals.append("in_" + zone)
        kind = _KINDS.get(finding.kind)
        if kind is not None:
            signals.append(kind)
        elif len(picture.variants) > 1:
            signals.append("variants")
        return signals

    def _element_signals(self, spot: Spot, around: Around, signals: list[str]) -> None:
        """What the element's own attributes and the elements around it say."""
        element = spot.element
        figure = around.figure
        if figure is not None:
            signals.append("figure")
        itemprop = element.attr("itemprop")
        if itemprop and itemprop.lower() in ("image", "photo", "contenturl"):
            signals.append("itemprop_image")
        if around.button and not (figure is not None and figure in self._page.document.figcaptions):  # else it enlarges the picture
            signals.append("in_button")
        if self._page.document.hidden(element):
            signals.append("hidden")
        href = around.link
        if href is not None:
            link = self._links.get(href)
            if link is None:
                link = self._links[href] = self._link_signal(href)
            signals.append(link)
        elif around.cell is not None:
            bare = self._bare_cells.get(around.cell)
            if bare is None:
                bare = self._bare_cells[around.cell] = not self._page.document.text(around.cell, limit=_IN_CELL)
            if bare:
                signals.append("cell_alone")

    def _link_signal(self, href: str) -> str:
        """What the place that the link around an image leads to says of the image."""
        url = self._page.resolver.resolve(href) if href and href[0] != "#" else None
        if url is None or url.startswith("javascript:"):
            return "link_script"
        if "social" in meanings(host_of(url)):
            return "link_social"
        path = url[url.find("/", 8) :].partition("#")[0]
        if len(path) <= _MAX_HOME_PATH and _HOME_PATH.fullmatch(path):
            return "link_home"
        if url.partition("#")[0] == self._own_url:
            return "link_self"  # has no weight: pictures of articles link to these, and so do buttons
        if looks_like_image(path):
            return "link_image"
        if is_service(path.partition("?")[0]):
            return "link_service"
        return "link_page" if self._page.rules.judge(url).scope == "internal" else "link_elsewhere"

    def _leads_elsewhere(self, href: str) -> bool:
        """Whether a link leads to another site, be it by way of a page that counts its clicks."""
        known = self._elsewhere.get(href)
        if known is None:
            url = self._page.http_url(href)
            known = url is not None and (self._page.rules.judge(url).scope == "external" or _COUNTED.search(url, 8) is not None)
            self._elsewhere[href] = known
        return known


def _names_logo(picture: Picture) -> bool:
    """Whether the name of a picture's file says logo or icon itself, and not brand, flag or burger, of which it may be a picture."""
    stem = picture.best.identity.readable_stem
    return "logo" in stem.lower() or names_furniture(stem)


def _weighed(signals: list[str]) -> dict[str, float]:
    parts: dict[str, float] = {}
    for name in signals:
        weight = WEIGHTS.get(name)
        if weight is not None:
            parts[name] = weight
    return parts


def _sum(signals: list[str]) -> float:
    return sum([WEIGHTS.get(name, 0.0) for name in signals])


def total(parts: dict[str, float]) -> float:
    """The score that the parts make: 0 to 10, two decimals."""
    score = sum(parts.values())
    return 0.0 if score <= 0.0 else round(score, 2) if score < 10.0 else 10.0
