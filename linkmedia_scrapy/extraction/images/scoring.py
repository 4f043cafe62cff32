"""Content or furniture: what speaks for either, and how much each of these signals weighs.

A score is the sum of its parts, cut to 0 … 10; from 2 on a picture counts as content. The weights are those of a logistic regression
over hand-labelled images (`benchmarks/image_score.py` fits and tests them), scaled so that even odds are a score of 2.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element, Spot
from linkmedia_scrapy.extraction.images.identity import format_of, identify, looks_like_image, stem_of
from linkmedia_scrapy.extraction.images.lazy import is_placeholder
from linkmedia_scrapy.extraction.images.sources import Telling
from linkmedia_scrapy.extraction.images.weights import WEIGHTS
from linkmedia_scrapy.extraction.images.words import CONTENT, is_control, meanings, zone_of

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
_NEAR: Final = 3  # ancestors whose names count as the image's surroundings
_NONE: Final[frozenset[str]] = frozenset()
_MEANINGS: Final = frozenset({"logo", "icon", "avatar", "button", "ad", "captcha", "social", "badge"})
_REGION_ZONES: Final = {"header": "navigation", "nav": "navigation", "footer": "footer", "aside": "sidebar", "search": "navigation"}
_THEME_PATH: Final = re.compile(
    r"/(?:[\w-]*(?:themes?|templates?|skins?)|assets?|static|layout|design\w*|resources|bundles?|wp-includes|plugins|css[\w-]*|common|_?nav\w*)/",
    re.IGNORECASE,
)
_UPLOAD_PATH: Final = re.compile(
    r"/(?:uploads?|photos?|products?|galler(?:y|ies)|catalog|content/\d|files?/|media/(?:catalog|cache|\d)|articles?|news|commons|picture|20[012]\d)[/\d]",
    re.IGNORECASE,
)
_HOME_PATH: Final = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home|main)\.\w{2,5})?", re.IGNORECASE)


class Scorer:
    """Judges the pictures of one page. What ancestors' names say is remembered, so that each is read once."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._bare_cells: dict[Element, bool] = {}
        self._known: dict[Element, tuple[frozenset[str], str]] = {}

    def parts(self, picture: Picture) -> dict[str, float]:
        """The named parts of a picture's score."""
        return {name: weight for name in self.signals(picture) if (weight := WEIGHTS.get(name))}

    def signals(self, picture: Picture) -> list[str]:
        """The names of what there is to say: of the element that speaks best for the picture, and of what the page's metadata say."""
        tellings = [telling for telling in picture.tellings if telling.spot is not None or telling.kind == "css"][:_JUDGED]
        if len(tellings) == 1:
            best = self._signals(picture, tellings[0])
        else:
            best = max((self._signals(picture, telling) for telling in tellings), key=_sum, default=["base", "only_declared"])
        for telling in picture.tellings:
            if telling.role:
                best.append("declared" if telling.role in ("image", "thumbnail") else "declared_logo")
                break
        if picture.occurrences > 2 and "size_large" not in best:
            best.append("repeated")
        return best

    def _signals(self, picture: Picture, telling: Telling) -> list[str]:
        src = picture.src
        signals = ["base"]
        add = signals.append
        self._size_signals(picture, telling, signals)
        kind = format_of(src, picture.mime_type)
        add("photo_format" if kind in ("jpeg", "webp", "avif") else f"format_{kind or 'unknown'}")
        if is_placeholder(src):
            add("placeholder")
        spot = telling.spot
        stem = stem_of(src)
        # A long file name tells what the picture shows: apple-logo-over-the-store is no logo.
        own = file_words = (
            meanings(stem) if len(stem) < _DESCRIPTIVE or len(_WORD.findall(stem)) <= _NAMING else meanings(stem) & _CONTENT_ONLY
        )
        host_and_path = src.partition("?")[0]
        path_words, path_signal = _path(host_and_path.rpartition("/")[0]) if not src.startswith("data:") else (_NONE, "")
        near, zone = _NONE, ""
        if spot is not None:
            own = own | meanings(spot.attr("class") or "") | meanings(spot.attr("id") or "")
            near, zone = self._surroundings(spot)
            zone = _REGION_ZONES.get(spot.region) or zone
            if spot.region in ("main", "article") and zone in ("", "content"):
                zone = "article"
            self._element_signals(spot, telling, signals)
        if own or path_words or near:
            said = [*zip(_MEANINGS & own, repeat("named_"))]
            said += zip((_MEANINGS & path_words) - own, repeat("path_"))
            said += zip((_MEANINGS & near) - own - path_words, repeat("near_"))
            signals += [place + name for name, place in sorted(said)]
        if "decoration" in file_words:
            add("named_decoration")
        if "navigation" in file_words or "footer" in file_words:
            add("named_navigation")
        if is_control(stem):
            add("named_control")
        if CONTENT in own:
            add("named_content")
        elif CONTENT in near:
            add("near_content")
        if "tracker" in own or "tracker" in path_words:
            add("tracker" if kind in ("", "gif") else "named_tracker")
        if zone:
            add("in_" + zone)
        if path_signal:
            add(path_signal)
        if telling.kind in ("css", "input", "noscript", "poster"):
            add("kind_" + telling.kind)
        elif len(picture.variants) > 1:
            add("variants")
        return signals

    def _size_signals(self, picture: Picture, telling: Telling, signals: list[str]) -> None:
        width, height = telling.width, telling.height
        shown = width is not None or height is not None
        if not shown:
            width, height = picture.size
        if width is None and height is None and not picture.src.startswith("data:"):
            identity = identify(picture.src)
            width, height = identity.width, identity.height
        sides = [side for side in (width, height) if side is not None]
        if not sides:
            signals.append("size_unknown")
            return
        least, most = min(sides), max(sides)
        if shown and most <= 3:
            signals.append("pixel")
        elif shown and least <= 3 and len(sides) == 2:
            signals.append("line")
        elif most <= 36:
            signals.append("size_icon")
        elif most <= 90:
            signals.append("size_small")
        elif least < 150:
            signals.append("size_thumbnail")
        else:
            signals.append("size_medium" if least < 300 else "size_large")
        if len(sides) == 2 and least > 3 and most >= 3.5 * least:
            signals.append("flat")

    def _element_signals(self, spot: Spot, telling: Telling, signals: list[str]) -> None:
        place = telling.place
        assert place is not None
        words = len(telling.alt.split()) if telling.alt.isascii() else max(len(telling.alt) // 4, 1)
        named = _ALT_MEANINGS & meanings(telling.alt) if telling.alt and words <= 6 else _NONE
        if named:
            signals.extend("alt_" + name for name in sorted(named))
        else:
            signals.append("alt_none" if not telling.alt else "alt_phrase" if words >= 3 else "alt_word")
        if place.figure is not None:
            signals.append("figure")
        if (spot.attr("itemprop") or "").lower() in ("image", "photo", "contenturl"):
            signals.append("itemprop_image")
        if place.button is not None:
            signals.append("in_button")
        if self._page.document.hidden(spot.element):
            signals.append("hidden")
        if place.link is None:
            cell = place.cell
            if cell is not None:
                bare = self._bare_cells.get(cell)
                if bare is None:
                    bare = self._bare_cells[cell] = not self._page.document.text(cell, limit=8)
                if bare:
                    signals.append("cell_alone")
            return
        href = place.link.attr("href")
        url = self._page.resolver.resolve(href) if href else None
        if url is None or url.startswith("javascript:") or (href and href.startswith("#")):
            signals.append("link_script")
            return
        start = url.find("/", 8)
        path = url[start:].partition("#")[0]
        if "social" in meanings(url[8:start] if start > 8 else ""):
            signals.append("link_social")
        elif _HOME_PATH.fullmatch(path):
            signals.append("link_home")
        elif looks_like_image(path):
            signals.append("link_image")
        else:
            signals.append("link_page" if self._page.rules.judge(url).scope == "internal" else "link_elsewhere")

    def _surroundings(self, spot: Spot) -> tuple[frozenset[str], str]:
        """What the names of the nearest ancestors say, and the part of the page by the nearest name of one."""
        known = self._known
        path: list[Element] = []
        node = spot.element.parent
        while isinstance(node, Element) and node not in known and node.tag not in ("body", "html"):
            path.append(node)
            node = node.parent
        zone = known[node][1] if isinstance(node, Element) and node in known else ""
        for element in reversed(path):
            said = _NONE
            for names in (element.attr("class"), element.attr("id")):
                if names:
                    said = said | meanings(names)
                    zone = zone_of(names) or zone
            known[element] = said, zone
        near = _NONE
        node = spot.element.parent
        for _ in range(_NEAR):
            if not isinstance(node, Element) or node not in known:
                break
            near |= known[node][0]
            node = node.parent
        parent = spot.element.parent
        return near, known[parent][1] if isinstance(parent, Element) and parent in known else ""


@lru_cache(maxsize=8192)
def _path(directory: str) -> tuple[frozenset[str], str]:
    """What the words of the host and the last folders say, and the signal of the kind of place that the folder is."""
    signal = "theme_path" if _THEME_PATH.search(directory + "/") else "upload_path" if _UPLOAD_PATH.search(directory + "/0") else ""
    return meanings(directory[-80:]), signal


def _sum(signals: list[str]) -> float:
    return sum(WEIGHTS.get(name, 0.0) for name in signals)


def total(parts: dict[str, float]) -> float:
    """The score that the parts make: 0 to 10, two decimals."""
    return round(min(10.0, max(0.0, sum(parts.values()))), 2)
