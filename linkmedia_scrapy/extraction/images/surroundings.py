"""What stands around images: the link, figure, picture or cell, and what the names of the nearest elements say.

One climb a place: what holds inside an element is remembered, so that each element around images is read once.
"""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.document import Element
from linkmedia_scrapy.extraction.images.words import names_say
from linkmedia_scrapy.extraction.tags import PLACES

__all__ = ["Around", "Surroundings"]

_ROOTS: Final = frozenset({"body", "html"})  # their names are those of the whole page
_NAMED: Final = "[class],[id]"
_NONE: Final[frozenset[str]] = frozenset()


class Around:
    """What holds inside an element.

    `link` is the reference of the nearest link ("" of one without), None where there is none; `figure`, `picture`, `noscript`, `cell` the
    nearest such element; `button` whether there is one. `words` is what the names of the element and of the two around it say
    (`words.meanings`), `zone` the part of the page that the nearest name of one tells (`words.zone_of`).
    """

    __slots__ = ("_own", "_pair", "button", "cell", "figure", "link", "noscript", "picture", "words", "zone")

    def __init__(self) -> None:
        self.link: str | None = None
        self.button = False
        self.figure: Element | None = None
        self.picture: Element | None = None
        self.noscript: Element | None = None
        self.cell: Element | None = None
        self.zone = ""
        self.words = self._pair = self._own = _NONE

    def within(self, element: Element) -> Around:
        """What holds inside `element`, which stands here: the same where neither its name nor its attributes say anything."""
        tag = element.tag
        zone, own = self.zone, _NONE
        if tag not in _ROOTS and element.matches(_NAMED):  # half of them are not, which is told quicker than two attributes are read
            names = element.attr("class")
            if names:
                own, said = names_say(names)
                if said:
                    zone = said
            names = element.attr("id")
            if names:
                words, said = names_say(names)
                own = _union(own, words)
                if said:
                    zone = said
        slot = PLACES.get(tag)
        if slot is None and not own and not self.words and zone == self.zone:
            return self
        inner: Around = self._copy()
        inner.zone = zone
        inner._own = own
        inner._pair = _union(own, self._own)
        inner.words = _union(own, self._pair)
        if slot is None:
            return inner
        if slot == "link":
            inner.link = (element.attr("href") or "").strip()
        elif slot == "button":
            inner.button = True
        elif slot == "cell":
            inner.cell = element
        elif slot == "figure":
            inner.figure = element
        elif slot == "picture":
            inner.picture = element
        else:
            inner.noscript = element
        return inner

    def in_link(self, link: Element) -> Around:
        """What is around the background of a link, which is in the link as an image would be."""
        inner = self._copy()
        inner.link = (link.attr("href") or "").strip()
        return inner

    def _copy(self) -> Around:
        other = Around()
        other.link = self.link
        other.button = self.button
        other.figure = self.figure
        other.picture = self.picture
        other.noscript = self.noscript
        other.cell = self.cell
        other.zone = self.zone
        other.words = self.words
        other._pair = self._pair
        other._own = self._own
        return other


def _union(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Both; nothing new is made where one of them is empty, as is usual."""
    if not one:
        return other
    return one | other if other else one


class Surroundings:
    """What stands around the elements of one page."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[object, Around] = {}

    def of(self, element: Element) -> Around:
        """What stands around an element: climbs to the nearest ancestor that is known."""
        known = self._known
        node: object = element.parent
        around = known.get(node)
        if around is not None:
            return around
        path: list[Element] = []
        while type(node) is Element:
            path.append(node)
            node = node.parent
            around = known.get(node)
            if around is not None:
                break
        else:
            around = known[node] = Around()
        assert around is not None
        for outer in reversed(path):
            around = known[outer] = around.within(outer)
        return around
