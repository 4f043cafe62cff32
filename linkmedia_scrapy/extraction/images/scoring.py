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
from linkmedia_scrapy.extraction.images.identity import Identity, format_of, looks_like_image
from linkmedia_scrapy.extraction.images.services import is_service
from linkmedia_scrapy.extraction.images.surroundings import Around
from linkmedia_scrapy.extraction.images.vocabulary import BANNER, CONTENT, PERSON
from linkmedia_scrapy.extraction.images.weights import WEIGHTS
from linkmedia_scrapy.extraction.images.words import (
    FileName,
    folder_meanings,
    meanings,
    names_furniture,
    names_say,
)
from linkmedia_scrapy.extraction.text import word_count
from linkmedia_scrapy.extraction.urls import host_of, normalize

if TYPE_CHECKING:
    from linkmedia_scrapy.extraction.images.joining import Picture

__all__ = ["DECISIVE", "Scorer", "total"]

DECISIVE: Final = ("pixel", "tracker", "placeholder")
"""Parts that settle the matter, and are the reason for which a picture is left out."""

_JUDGED: Final = 4  # elements of one picture that are looked at
_ALT_MEANINGS: Final = frozenset({"logo", "icon", "avatar"})
_DESCRIPTIVE: Final = 24  # characters from which on a file name's words are counted
_NAMING: Final = 4  # words of a file name that may say what the image is for
_CONTENT_ONLY: Final = frozenset({CONTENT})
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_NONE: Final[frozenset[str]] = frozenset()
_MEANINGS: Final = ("ad", "avatar", "badge", "button", "captcha", "icon", "logo", "social")
_REGION_ZONES: Final = {"header": "navigation", "nav": "navigation", "footer": "footer", "aside": "sidebar", "search": "navigation"}
_ALT_NAMING: Final = 6  # words of an alternative text that may name what the image is for
_SMALL: Final = 150  # pixels
_LARGE_PORTRAIT: Final = 400
_AD: Final = frozenset({"ad"})
_AD_SIZES: Final = frozenset(
    (int(size.partition("x")[0]), int(size.partition("x")[2]))
    for size in (
        "88x31 120x60 120x90 120x240 120x600 125x125 160x600 180x150 200x200 234x60 240x400 250x250 300x50 300x100 300x250 300x600 "
        "300x1050 320x50 320x100 336x280 468x60 728x90 970x66 970x90 970x250"
    ).split()
)
"""Width and height, in pixels, of the formats in which advertisements are sold (IAB's ad unit guidelines, and Google's list of them)."""
_SUBJECTS: Final = frozenset({"ad", "badge", "icon", "social"})
"""What words say that also name what large pictures show: award-ceremony, star-wars-poster, facebook-page."""
_AVATAR: Final = frozenset({"avatar"})
_ICON: Final = frozenset({"icon"})
_LARGEST_ICON: Final = 90  # pixels
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
        urls = [_Url(picture, self._host_words) for picture in pictures]
        return [_weighed(self._all_signals(picture, url)) for picture, url in zip(pictures, urls, strict=True)]

    def signals(self, picture: Picture) -> list[str]:
        """The names of what there is to say: of the element that speaks best for the picture, and of what the page's metadata say."""
        return self._all_signals(picture, _Url(picture, self._host_words))

    def _all_signals(self, picture: Picture, url: _Url) -> list[str]:
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

    def _best_signals(self, picture: Picture, url: _Url) -> list[str]:
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

    def _signals(self, picture: Picture, finding: Finding, url: _Url) -> list[str]:
        width, height = finding.width, finding.height
        shown = width is not None or height is not None
        if not shown:
            width, height = picture.size
            if width is None and height is None and url.identity is not None:
                width, height = url.identity.size
        signals = ["base", *_size_signals(width, height, shown), *url.signals]
        own, near = url.words, _NONE
        if url.subjects and not (width and height and max(width, height) <= _SMALL):
            own = own - url.subjects
        if "icon" in own and url.identity is not None and _is_no_icon(url.identity.readable_stem, width, height):
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
            if "avatar" in near and width and height and width > height and not _may_be_portrait(width, height):
                near = near - _AVATAR  # the picture of a card that names its author
            region = spot.region
            zone = _REGION_ZONES.get(region) or around.zone
            if region in ("main", "article") and zone in ("", "content"):
                zone = "article"
            signals += _alt_signals(finding.alt, width, height) if finding.alt else _ALT_NONE
            self._element_signals(spot, around, signals)
            if width is None and height is None and url.format == "png" and not _PREVIEWS.isdisjoint(signals):
                signals.append("link_graphic")
        elif finding.kind == "css":
            signals.append("style_sheet")
        if own or near or url.path_words:
            path = url.path_words
            if PERSON in path and _may_be_portrait(width, height):
                path = path | _AVATAR
            if (BANNER in own or BANNER in path or BANNER in near) and (
                (width, height) in _AD_SIZES or (around is not None and around.link and self._leads_elsewhere(around.link))
            ):
                own, path, near = _with_ad(own), _with_ad(path), _with_ad(near)
            signals += _word_signals(own, path, near, url.may_track)
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


class _Url:
    """What a picture's URL says: signals of its own, the words of the file and of the folders, whether it may be a tracker's.

    A data URL says nothing but its format, and has no `identity`. Of the words of the file's host those count that the page's own host,
    whose are `host_words`, does not say: on share.example.com every picture is from there. `subjects` are those of its name's `words` that
    may tell what there is to see, unless the picture is small.
    """

    __slots__ = ("format", "identity", "may_track", "path_words", "signals", "subjects", "words")

    def __init__(self, picture: Picture, host_words: frozenset[str]) -> None:
        src = picture.src
        self.subjects = _NONE
        if src[:5] == "data:":
            format_ = format_of("", picture.mime_type or src[5:50])
            self.identity: Identity | None = None
            self.words = self.path_words = _NONE
            self.signals = [_format_signal(format_)]
        else:
            format_ = format_of(src, picture.mime_type)
            self.identity = identity = picture.best.identity
            folder = identity.folder
            self.words = _file_words(identity)
            if not self.words.isdisjoint(_SUBJECTS):
                self.subjects = (self.words & _SUBJECTS) - identity.name.purposes
            self.path_words = folder.meanings
            foreign = folder.host_meanings
            if foreign:
                self.path_words = self.path_words | (foreign - host_words)
            self.signals = [_format_signal(format_), *_name_signals(identity.name, self.words)]
            if folder.place:
                self.signals.append(folder.place)
        self.format = format_
        self.may_track = format_ in ("", "gif")


def _file_words(identity: Identity) -> frozenset[str]:
    """What the words of a file name say; a long one tells what the picture shows: apple-logo-over-the-store is no logo."""
    words, stem = identity.name.meanings, identity.readable_stem
    if words and len(stem) >= _DESCRIPTIVE and len(_WORD.findall(stem)) > _NAMING:
        return words & _CONTENT_ONLY
    return words


def _name_signals(name: FileName, words: frozenset[str]) -> list[str]:
    signals: list[str] = []
    if name.is_placeholder:
        signals.append("placeholder")
    if "decoration" in words:
        signals.append("named_decoration")
    if "navigation" in words or "footer" in words:
        signals.append("named_navigation")
    if name.is_control:
        signals.append("named_control")
    return signals


def _format_signal(format_: str) -> str:
    return "photo_format" if format_ in ("jpeg", "webp", "avif") else f"format_{format_ or 'unknown'}"


def _word_signals(own: frozenset[str], path: frozenset[str], near: frozenset[str], may_track: bool) -> list[str]:
    """The signals of what words say: those of the image's own names, of its folders, of the elements around it."""
    signals: list[str] = []
    for name in _MEANINGS:
        if name in own:
            signals.append("named_" + name)
        elif name in path:
            signals.append("path_" + name)
        elif name in near:
            signals.append("near_" + name)
    if CONTENT in own:
        signals.append("named_content")
    elif CONTENT in near:
        signals.append("near_content")
    if "tracker" in own or "tracker" in path:
        signals.append("tracker" if may_track else "named_tracker")
    return signals


def _size_signals(width: int | None, height: int | None, shown: bool) -> tuple[str, ...]:
    """What a size says; `shown` is whether the element tells it, not the URL or another element."""
    if width is None or height is None:
        side = height if width is None else width
        return (_size_signal(side, side, shown),) if side is not None else ("size_unknown",)
    least, most = min(width, height), max(width, height)
    if shown and least <= 3 < most:
        return ("line",)
    signal = _size_signal(least, most, shown)
    return (signal, "flat") if least > 3 and most >= 3.5 * least else (signal,)


def _size_signal(least: int, most: int, shown: bool) -> str:
    if shown and most <= 3:
        return "pixel"
    if most <= 36:
        return "size_icon"
    if most <= 90:
        return "size_small"
    if least < 150:
        return "size_thumbnail"
    return "size_medium" if least < 300 else "size_large"


def _with_ad(words: frozenset[str]) -> frozenset[str]:
    """What words say where a banner is an advertiser's."""
    return words | _AD if BANNER in words else words


def _may_be_portrait(width: int | None, height: int | None) -> bool:
    """Whether a size is that of the portraits beside people's names: small, or a square that is not large."""
    if width is None or height is None:
        side = height if width is None else width
        return side is not None and side <= _SMALL
    most = max(width, height)
    return most <= _SMALL or (most <= _LARGE_PORTRAIT and abs(width - height) <= 0.1 * most)


def _names_logo(picture: Picture) -> bool:
    """Whether the name of a picture's file says logo or icon itself, and not brand, flag or burger, of which it may be a picture."""
    stem = picture.best.identity.readable_stem
    return "logo" in stem.lower() or names_furniture(stem)


def _is_no_icon(name: str, width: int | None, height: int | None) -> bool:
    """Whether a picture is too large for an icon, and its name says so only by what it may show: a star, a flag."""
    return bool(width and height and min(width, height) > _LARGEST_ICON) and not names_furniture(name)


def _alt_signals(alt: str, width: int | None, height: int | None) -> tuple[str, ...]:
    """What an alternative text says: of a few words, whether they name furniture; else how many there are.

    A picture that is too large for a portrait is none for a word such as author or profile, nor is one that is too large for an icon one
    for star or flag.
    """
    words = word_count(alt)
    named = _ALT_MEANINGS & meanings(alt) if words <= _ALT_NAMING else _NONE
    if "avatar" in named and width and height and not _may_be_portrait(width, height) and "avatar" not in folder_meanings(alt):
        named = named - _AVATAR
    if "icon" in named and _is_no_icon(alt, width, height):
        named = named - _ICON
    if named:
        return tuple("alt_" + name for name in sorted(named))
    return ("alt_phrase",) if words >= 3 else ("alt_word",)


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
