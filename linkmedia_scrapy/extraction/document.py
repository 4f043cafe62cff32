"""HTML in, a document to ask out: its elements, their text, and the place of each that matters."""

from __future__ import annotations

import codecs
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import itemgetter
from typing import Final

from linkmedia_scrapy.extraction.parsing import Element, Namespace, Text, Tree, children, parse
from linkmedia_scrapy.extraction.places import Found, Places, Spot, Where
from linkmedia_scrapy.extraction.styles import style_says
from linkmedia_scrapy.extraction.tags import BACKGROUNDS, BACKGROUNDS_OR_IMAGES, INLINE, RECORDED
from linkmedia_scrapy.extraction.text import SHARED, collapse, excerpt
from linkmedia_scrapy.extraction.visible import TEXT_LIMIT, Visible

__all__ = ["BACKGROUND", "Document", "Element", "Found", "Namespace", "Spot", "Text", "Where", "children"]

BACKGROUND: Final = "*background"
"""The tag of the spots that stand for an element's background picture; no element has this name."""

_BACKGROUND_NAMES: Final = frozenset({*BACKGROUNDS, *BACKGROUNDS_OR_IMAGES})
_TELLING: Final = f":is([hidden],[role],{','.join(f'[{name}]' for name in sorted(_BACKGROUND_NAMES))})"
"""What may tell that an element is hidden, a landmark, or has a background: to go through a page costs as much as ten of the conditions."""
# names are compared one by one: those that links mostly hold come first
_NOT_INLINE: Final = f":has(:not({','.join(('span', 'img', 'i', 'b', 'em', *sorted(INLINE)))}))"
_ROOM: Final = 1_000_000
_TIMES: Final = 8  # texts of one kind hold next to no part of a page several times, if it is none that is made to cost memory
_ROOTS: Final = frozenset({"math", "svg"})
_OWN_OF_SVG: Final = frozenset({"a", "image"})
_LOADERS: Final = frozenset(
    "amp-img audio embed frame iframe img input object script source video".split()
)  # what these keep there is no background


class Document:
    """A parsed page.

    `encoding` is the WHATWG name of the encoding that the page is in, in lower case; for a `str` the one that was passed, else utf-8.
    Bytes are decoded by byte order mark, then `encoding`, then the page's own declaration, then a guess. In a `rendered` page scripts
    have run, and what stands inside noscript is text. With `backgrounds` the elements whose attributes name background pictures are
    looked for, too (`find(BACKGROUND)`). `flattened` says that shadow trees have been put into the tree, and with them what the parser
    lets stand in no other place. `room` is how many characters all texts of one kind may have together.
    """

    def __init__(self, html: bytes | str, *, encoding: str | None = None, rendered: bool = False, backgrounds: bool = False) -> None:
        self.rendered = rendered
        if isinstance(html, bytes) and html.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            html = html.decode("utf-32", "replace")  # no browser reads it; the byte order mark leaves no doubt, though
        self.tree, self.encoding, self.flattened = parse(html, encoding, rendered)
        for template in self.tree.select("template"):
            if template.namespace == Namespace.HTML:
                template.decompose()  # what stands inside is no part of the page
        telling = self.tree.select(_TELLING)
        self._hidden, pictured = _styled(self.tree, telling, backgrounds)
        self._ids: dict[str, Element] | None = None
        self._figcaptions: dict[Element, Element] | None = None
        self._beginnings: dict[Element, str] = {}
        self.room = _ROOM + _TIMES * len(html)
        self._visible = Visible(self._hidden, rendered=rendered, room=self.room)
        self._places = Places(telling, self._visible)
        tags = RECORDED | {element.tag for element in (*self._places.roles, *pictured)}
        self._elements = list(self.tree.iter_elements(tags))
        foreign = _foreign(self.tree)
        if foreign:
            self._elements = [element for element in self._elements if element not in foreign]
        names = [element.tag for element in self._elements]
        self._wheres = self._places.wheres(self._elements, names)
        self._indices = _indices(names)
        if pictured:
            self._indices[BACKGROUND] = [index for index, element in enumerate(self._elements) if element in pictured]

    @property
    def tags(self) -> AbstractSet[str]:
        """The names of the page's elements that `find` finds."""
        return self._indices.keys()

    def find(self, *tags: str) -> list[Spot]:
        """The spots of the elements with these names, in document order."""
        return [Spot(*found) for found in self.each(*tags)]

    def each(self, *tags: str) -> list[Found]:
        """The same without an object for each, for what pages have hundreds of."""
        indices, elements, wheres = self._indices, self._elements, self._wheres
        there = [tag for tag in tags if tag in indices]
        if len(there) > 1:
            return sorted(chain.from_iterable([self.each(tag) for tag in there]), key=itemgetter(0))
        return [(index, elements[index], wheres[index], tag) for tag in there for index in indices[tag]]

    def compound(self, tag: str, *attributes: str) -> set[Element]:
        """The elements of this name that hold more than text in inline elements, or have one of the attributes.

        The others are what pages have hundreds of: what a reader sees in them is their `text`, as the parser gives it.
        """
        conditions = [f"[{name}]" for name in attributes]
        found = set(self.tree.select(f"{tag}:is({','.join([*conditions, _NOT_INLINE])})"))
        hiding: set[Element] = set()
        for element in self._hidden:
            outer = element.closest(tag)
            while outer is not None and outer not in hiding:  # else those around it are in there, too
                hiding.add(outer)
                above = outer.parent
                outer = above.closest(tag) if type(above) is Element else None
        found |= hiding
        return found

    def elements(self, selector: str) -> list[Element]:
        """The elements that match a CSS selector, in document order; quick where tag names begin it."""
        return self.tree.select(selector)

    def by_id(self, name: str) -> Element | None:
        """The first element with this id; None where there is none."""
        ids = self._ids
        if ids is None:
            ids = self._ids = {element.attr("id") or "": element for element in reversed(self.tree.select("[id]"))}
        return ids.get(name)

    def base_href(self) -> str | None:
        """The href of the first `base` element that has one (HTML standard, 4.2.3; those in shadow trees do not count)."""
        hrefs = (spot.attr("href") for spot in self.find("base"))
        return next((href for href in hrefs if href is not None), None)

    def text(self, element: Element, *, tables: bool = True, lines: bool = False, limit: int = TEXT_LIMIT) -> str:
        """The text that a reader sees in an element (`Visible.text`)."""
        return self._visible.text(element, tables=tables, lines=lines, limit=limit)

    def heading(self, spot: Spot | Where) -> str:
        """The text of the heading that `spot` stands in or under; "" where there is none."""
        return self._places.heading_text(spot.heading)

    def title(self) -> str:
        """The text of the title element, white space folded; "" where there is none."""
        titles = (element for element in self.tree.select("title") if element.namespace == Namespace.HTML)  # SVG has some, too
        element = next(titles, None)
        return collapse(element.text) if element is not None else ""

    def scripts(self, mime_type: str) -> list[str]:
        """What the script elements of one type, whatever its parameters, hold: data blocks (HTML standard, 4.12.1)."""
        scripts = self.tree.select("script[type]")
        return [script.text for script in scripts if (script.attr("type") or "").partition(";")[0].strip().lower() == mime_type]

    def style_sheets(self) -> list[str]:
        """What the style elements hold."""
        return [element.text for element in self.tree.select("style")]

    def hidden(self, element: Element) -> bool:
        """Whether an attribute of the element's own hides it: `hidden`, or an inline style."""
        return element in self._hidden

    def seen(self, element: Element) -> bool:
        """Whether a reader sees what stands in the element (`Visible.seen`)."""
        return self._visible.seen(element)

    @property
    def figcaptions(self) -> dict[Element, Element]:
        """The first figcaption of each figure that has one, by figure: each climbs to its figure, so that nobody searches figures."""
        found = self._figcaptions
        if found is None:
            found = self._figcaptions = {}
            for caption in self.tree.select("figcaption"):
                figure = caption.closest("figure")
                if figure is not None:
                    found.setdefault(figure, caption)
        return found

    def beginning(self, element: Element) -> str:
        """The beginning of the text of an element, such as a caption, that is told of many things; read once."""
        text = self._beginnings.get(element)
        if text is None:
            # white space and elements count while it is read
            text = self._beginnings[element] = excerpt(self.text(element, limit=3 * SHARED), SHARED)
        return text

    @property
    def hidden_elements(self) -> AbstractSet[Element]:
        """All elements that hide themselves (`hidden`)."""
        return self._hidden

    def wheres(self, elements: list[Element]) -> list[Where]:
        """Where elements stand that may have no spots: one pass over the page tells it of them all."""
        if not elements:
            return []
        found = list(self.tree.iter_elements(self._places.turns | {element.tag for element in elements}))
        wheres = self._places.wheres(found, [element.tag for element in found])
        known = dict(zip(found, wheres, strict=True))
        return [known[element] for element in elements]


def _foreign(tree: Tree) -> set[Element]:
    """The elements of SVG and MathML that have the name of one of HTML's that is looked at, and mean nothing."""
    found: set[Element] = set()
    inner: set[Element] = set()  # roots in others, which are not gone through twice
    for root in (*tree.select("svg"), *tree.select("math")):
        if root in inner:
            continue
        for element in root.iter_elements():  # a set of names to look for would take the parser longer to read than most icons
            tag = element.tag
            if tag in _ROOTS:
                inner.add(element)
            elif (
                tag in RECORDED and element.namespace != Namespace.HTML and not (tag in _OWN_OF_SVG and element.namespace == Namespace.SVG)
            ):
                found.add(element)
    return found


def _indices(names: list[str]) -> dict[str, list[int]]:
    """Where in a list each of the names in it stands."""
    indices: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name in indices:
            indices[name].append(index)
        else:
            indices[name] = [index]
    return indices


def _styled(tree: Tree, telling: list[Element], backgrounds: bool) -> tuple[set[Element], set[Element]]:
    """The elements that hide themselves, and, with `backgrounds`, those with an attribute or inline style that has a picture."""
    hidden, pictured = {*tree.select("dialog:not([open])")}, set[Element]()
    for element in telling:
        if element.attr("hidden") is not None:
            hidden.add(element)
        if backgrounds and element.tag not in _LOADERS and not _BACKGROUND_NAMES.isdisjoint(element.attrs):
            pictured.add(element)
    for element in tree.select("[style]"):
        hides, pictures = style_says(element.attr("style") or "")
        if hides:
            hidden.add(element)
        if backgrounds and pictures:
            pictured.add(element)
    return hidden, pictured
