"""The text that belongs to an image: its caption, and the text nearest to it.

Nearest is what a reader would point at: the text of the card or paragraph that the image alone stands in; where that is long or has
other images, what follows the image directly, up to the next part of the page, else what goes before it; nothing that stands beside a
whole gallery. Every text that is read is cut off after `LIMIT` characters and remembered, and only a few ancestors and siblings are looked
at, so that the work grows with the number of images.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element, Spot, Text
from linkmedia_scrapy.extraction.images.joining import Picture
from linkmedia_scrapy.extraction.images.surroundings import Around
from linkmedia_scrapy.extraction.tags import HEADINGS
from linkmedia_scrapy.extraction.text import SHARED, collapse, excerpt, word_count

__all__ = ["LIMIT", "Nearby"]

LIMIT: Final = 300  # characters
_CLIMB: Final = 4  # ancestors
_SIBLINGS: Final = 8  # on either side, of those that a reader sees
_NODES: Final = 64  # on either side, of any kind
_READ: Final = 2 * LIMIT  # white space and elements count while a text is read
_CAPTION_CHILDREN: Final = 12
_IN_CAPTION: Final = 3  # ancestors whose other children may hold the caption
_GROUP: Final = 4  # images that a text beside them may be of together
_PAGE_TAGS: Final = frozenset({"body", "html", "main"})
_UNSEEN: Final = frozenset({"link", "meta"})  # what is declared stands beside nothing
_PARTS: Final = HEADINGS - {"h1"}  # which begin a part of the page rather than say what it is
_HAS_CAPTIONS: Final = ("caption", "thumb", "galler", "figure", "image", "photo", "slide", "item")
"""In the classes of elements that galleries put around an image and its caption."""


class Nearby:
    """Texts around the pictures of one page."""

    def __init__(self, document: Document, pictures: Iterable[Picture], min_words: int) -> None:
        self._document = document
        self._min_words = min_words
        self._pictures = pictures
        self._texts: dict[Element, str] = {}
        self._captions: dict[Element, str] = {}
        self._images_in: dict[Element, int] = {}  # how many images stand in an element, not too deep; those in none are not in it

    def caption(self, spot: Spot, around: Around | None) -> str:
        """The figcaption of the figure around the image, else what a gallery's markup marks as a caption; "" where there is none."""
        figure = around.figure if around is not None else None
        caption = self._document.figcaptions.get(figure) if figure is not None else None
        if caption is not None:
            return self._document.beginning(caption)
        given = self._given(spot.element)
        if given:
            return given
        node = spot.element.parent
        for _ in range(_IN_CAPTION):
            if not isinstance(node, Element) or node.tag in _PAGE_TAGS:
                break
            text = self._captions.get(node)
            if text is None:
                text = self._captions[node] = self._caption_in(node)
            if text:
                return text
            node = node.parent
        return ""

    def text(self, spot: Spot) -> str:
        """The text nearest to an image, at most `LIMIT` characters; "" where none is near."""
        if spot.tag in _UNSEEN:
            return ""
        if not self._images_in:
            self._count()
        node = spot.element
        for _ in range(_CLIMB):
            around = node.parent
            if not isinstance(around, Element):
                return ""
            if around.tag not in _PAGE_TAGS:
                text = self._start(around)
                if self._enough(text) and len(text) <= LIMIT and self._images_in.get(around, 0) <= 1:
                    return text
                if not text:
                    node = around
                    continue
            if self._images_in.get(node, 0) > _GROUP:
                return ""  # what stands beside a gallery is of none of its pictures
            text = (
                self._beside(node.next_siblings, in_section=True)
                or self._beside(node.previous_siblings, before=True)
                or self._beside(node.next_siblings)
            )
            if text:
                return excerpt(text, LIMIT)
            if around.tag in _PAGE_TAGS:
                return ""
            node = around
        return ""

    def _beside(self, siblings: Iterable[object], *, before: bool = False, in_section: bool = False) -> str:
        """The first text among siblings, up to the next image; those that go `before` the image come backwards.

        With `in_section` up to the next heading, too, unless that leads somewhere: then it is the title of what the picture shows.
        """
        text = ""
        left = _SIBLINGS
        for sibling in islice(siblings, _NODES):
            if isinstance(sibling, Element):
                if sibling in self._images_in or sibling.tag in ("img", "picture", "amp-img"):
                    break
                if in_section and sibling.tag in _PARTS and next(sibling.iter_elements("a"), None) is None:
                    break
                if not self._document.seen(sibling):
                    continue
                text = collapse(text)
                if len(text) > LIMIT // 4 and self._enough(text):
                    return text
                part = self._start(sibling)
                text = collapse(f"{part} {text}" if before else f"{text} {part}")
                if self._enough(text):
                    return text
            elif isinstance(sibling, Text):
                part = sibling.data[: LIMIT * 2]
                text = part + text if before else text + part
                if part.isspace():
                    continue
            else:
                continue
            left -= 1
            if not left:
                break
        text = collapse(text)
        return text if self._enough(text) else ""

    def _start(self, element: Element) -> str:
        """The beginning of an element's text, more than `LIMIT` characters of it where there are more."""
        text = self._texts.get(element)
        if text is None:
            if len(element) == 1 and type(only := element[0]) is Element and not len(only):
                return ""  # the link around an image, as a rule
            text = self._texts[element] = self._document.text(element, limit=_READ)
        return text

    def _caption_in(self, node: Element) -> str:
        given = self._given(node)  # Fancybox and its like have it on the link
        if given:
            return given
        if node.tag != "dl":
            classes = node.attr("class")
            if not classes or not _may_hold_caption(classes.lower()):
                return ""
        left = _CAPTION_CHILDREN
        for child in node:
            if isinstance(child, Element):
                own = (child.attr("class") or "").lower()
                if own and ("caption" in own or "gallerytext" in own):
                    return self._document.beginning(child)
                left -= 1
                if not left:
                    break
        return ""

    def _given(self, element: Element) -> str:
        """The caption that an attribute gives: a text, or, for sliders, a reference to the element that holds it (Orbit; Nivo in title)."""
        given = element.attr("data-caption") or ""
        reference = given or element.attr("title") or ""
        if reference[:1] == "#":
            caption = self._document.by_id(reference[1:])
            if caption is not None:
                return self._document.beginning(caption)
        return excerpt(collapse(given), SHARED)

    def _enough(self, text: str) -> bool:
        """Whether a text says something of an image: a discount, a duration, a page's number or an arrow alone does not."""
        return any(map(str.isalpha, text)) and (self._min_words <= 1 or word_count(text) >= self._min_words)

    def _count(self) -> None:
        counts = self._images_in
        for picture in self._pictures:
            for finding in picture.findings:
                if finding.spot is None or finding.role:
                    continue
                node = finding.spot.element.parent
                for _ in range(_CLIMB):
                    if type(node) is not Element:
                        break
                    counts[node] = counts.get(node, 0) + 1
                    node = node.parent


def _may_hold_caption(classes: str) -> bool:
    for name in _HAS_CAPTIONS:  # noqa: SIM110 - asked of each element around an image, for which a generator is too much
        if name in classes:
            return True
    return False
