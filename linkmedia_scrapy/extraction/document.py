"""HTML in, a document to ask out: tree, encoding, text, and the place of each element that matters.

The only module that knows the parser (turbohtml, an HTML5 tree builder). The parser finds the elements; here each is given its
place: region, heading, and the link, figure, picture or cell around it. Places are shared by all that stands in them and are
found by climbing to the nearest ancestor whose place is known, so that a page's ancestors are each looked at once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

import turbohtml
from turbohtml import Element, Node, ShadowRoot, Text

from linkmedia_scrapy.extraction.encodings import label_candidates
from linkmedia_scrapy.extraction.tags import BLOCK, CONTEXT, HEADINGS, INLINE, RECORDED, REGION_OF_ROLE, REGIONS, SECTIONS, SILENT
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["Document", "Element", "Place", "Spot", "Text"]

_HIDING_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_MAX_SHADOW_DEPTH: Final = 64
_TEXT_LIMIT: Final = 1_000_000  # characters read for one text: links can be made to nest, and each to hold all that follows


class _Section:
    """Sectioning content: the heading that holds at the moment, while the page is gone through in document order."""

    __slots__ = ("heading",)

    def __init__(self, heading: Element | None) -> None:
        self.heading = heading


class Place:
    """What an element stands in.

    `region` is the nearest landmark ("" in none); `link`, `button`, `figure`, `picture`, `noscript` and `cell` are the nearest
    such elements around it, or None; `absent` says that it is inside a template, which is no part of the page.
    """

    __slots__ = ("absent", "button", "cell", "figure", "link", "noscript", "picture", "region", "section")

    def __init__(self) -> None:
        self.region = ""
        self.section = _Section(None)
        self.link: Element | None = None
        self.button: Element | None = None
        self.figure: Element | None = None
        self.picture: Element | None = None
        self.noscript: Element | None = None
        self.cell: Element | None = None
        self.absent = False

    def within(self, element: Element, tag: str, role: str) -> Place:
        """The place inside `element`, which stands in this one."""
        place = Place.__new__(Place)
        place.region, place.section, place.absent = self.region, self.section, self.absent
        place.link, place.button, place.figure = self.link, self.button, self.figure
        place.picture, place.noscript, place.cell = self.picture, self.noscript, self.cell
        if tag in SECTIONS or role:
            place.section = _Section(self.section.heading)
            region = REGION_OF_ROLE.get(role) or (tag if tag in REGIONS else "")
            # header and footer are the page's own only outside of articles and other landmarks
            if region and not (tag in ("header", "footer") and not role and self.region):
                place.region = region
        elif tag == "template":
            place.absent = True
        elif tag in ("td", "th"):
            place.cell = element
        else:
            setattr(place, "link" if tag == "a" else tag, element)
        return place


class Spot:
    """An element that the extractors look at, with its place and the heading it stands in or under."""

    __slots__ = ("attr", "element", "heading", "index", "place", "tag")

    def __init__(self, element: Element, tag: str, index: int, place: Place, heading: Element | None) -> None:
        self.element = element
        self.tag = tag
        self.index = index
        self.place = place
        self.heading = heading
        self.attr = element.attr  # (name) -> the value, "" for an attribute without one, None where there is none

    def __repr__(self) -> str:
        return f"<Spot {self.index} {self.tag}>"


class Document:
    """A parsed page.

    `encoding` is the WHATWG name of the encoding that the page is in, in lower case; for a `str` the one that was passed, else utf-8.
    Bytes are decoded by byte order mark, then `encoding`, then the page's own declaration, then a guess. In a `rendered` page scripts
    have run, and what stands inside noscript is text.
    """

    def __init__(self, html: bytes | str, *, encoding: str | None = None, rendered: bool = False) -> None:
        self.rendered = rendered
        self.tree, self.encoding = _parse(html, encoding, rendered)
        self._shadows = _may_have_shadows(html)
        self._silent = SILENT | {"noscript"} if rendered else SILENT
        self._may_hide = self._shadows or any(map(self.hidden, self.tree.select("[hidden],[style]")))
        self._roles = {element: (element.attr("role") or "").lower().split() for element in self.tree.select("[role]")}
        self._places: dict[Node, Place] = {self.tree: Place()}
        self._heading_texts: dict[Element, str] = {}
        self.by_tag: dict[str, list[Spot]] = {}
        self._find_spots()

    def find(self, *tags: str) -> list[Spot]:
        """The spots of the elements with these names, in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        return sorted((spot for tag in tags for spot in self.by_tag.get(tag, ())), key=lambda spot: spot.index)

    def base_href(self) -> str | None:
        """The href of the first `base` element that has one (HTML standard, 4.2.3)."""
        hrefs = (spot.attr("href") for spot in self.find("base"))
        return next((href for href in hrefs if href is not None), None)

    def text(self, element: Element, *, tables: bool = True, limit: int = _TEXT_LIMIT) -> str:
        """The text that a reader sees in an element, white space folded; without that of tables in it, where `tables` is false.

        Reading stops once there are more than `limit` characters.

        Hidden counts from the element inwards: an element that is hidden as a whole is read all the same.
        """
        children = len(element)
        if not children:
            return ""
        if children == 1:
            only = element[0]
            if type(only) is Text:
                return collapse(only.data)
        if limit == _TEXT_LIMIT and not self._may_hide and all(inner.tag in INLINE for inner in element.iter_elements()):
            return collapse(element.text)
        return collapse("".join(self._strings(element, tables, limit)))

    def heading(self, spot: Spot) -> str:
        """The text of the heading that `spot` stands in or under; "" where there is none."""
        heading = spot.heading
        if heading is None:
            return ""
        text = self._heading_texts.get(heading)
        if text is None:
            text = self._heading_texts[heading] = self.text(heading)
        return text

    def hidden(self, element: Element) -> bool:
        """Whether an attribute of the element's own hides it: `hidden`, or an inline style."""
        if element.attr("hidden") is not None:
            return True
        style = element.attr("style")
        return style is not None and _HIDING_STYLE.search(style) is not None

    def place(self, element: Element) -> Place:
        """What the element stands in."""
        parent = element.parent
        assert parent is not None  # every element that was found hangs below the document
        return self._places.get(parent) or self._place_inside(parent)

    def _find_spots(self) -> None:
        by_tag, places = self.by_tag, self._places
        for index, element in enumerate(self._recorded()):
            parent = element.parent
            place = places.get(parent) or self._place_inside(parent)  # type: ignore[arg-type]
            if place.absent:
                continue
            tag = element.tag
            if tag in HEADINGS:
                place.section.heading = element
            spot = Spot(element, tag, index, place, place.section.heading)
            if tag in by_tag:
                by_tag[tag].append(spot)
            else:
                by_tag[tag] = [spot]

    def _recorded(self) -> Iterator[Element]:
        """The recorded elements in document order, what hangs on a declarative shadow root before its host's own children."""
        if not self._shadows:
            yield from self.tree.iter_elements(RECORDED)
            return
        pending = [self.tree.iter_elements()]
        while pending:
            for element in pending[-1]:
                if element.tag in RECORDED:
                    yield element
                root = element.shadow_root
                if root is not None and len(pending) <= _MAX_SHADOW_DEPTH:
                    pending.append(root.iter_elements())
                    break
            else:
                pending.pop()

    def _place_inside(self, node: Node) -> Place:
        """The place inside `node`: climb to the nearest ancestor whose place is known, and come back down."""
        places = self._places
        path: list[Node] = []
        while (place := places.get(node)) is None:
            path.append(node)
            above = node.host if isinstance(node, ShadowRoot) else node.parent
            assert above is not None
            node = above
        for node in reversed(path):
            if type(node) is Element:
                tag = node.tag
                role = next((name for name in self._roles.get(node, ()) if name in REGION_OF_ROLE), "") if self._roles else ""
                if tag in CONTEXT or role:
                    place = place.within(node, tag, role)
            places[node] = place
        return place

    def _strings(self, root: Element, tables: bool, room: int) -> list[str]:
        """The strings of an element that a reader sees, with a space wherever one block ends and another begins."""
        silent = self._silent
        out: list[str] = []
        pending = [self._children(root)]
        separate = [False]
        while pending:
            for node in pending[-1]:
                if type(node) is Text:
                    out.append(node.data)
                    room -= len(node.data)
                    if room < 0:
                        return out
                elif type(node) is Element:
                    tag = node.tag
                    block = tag in BLOCK
                    if block:
                        out.append(" ")
                    if tag in silent or (tag == "table" and not tables) or (self._may_hide and self.hidden(node)):
                        continue
                    pending.append(self._children(node))
                    separate.append(block)
                    break
            else:
                pending.pop()
                if separate.pop():
                    out.append(" ")
        return out

    def _children(self, element: Element) -> Iterator[Node]:
        if self._shadows and element.shadow_root is not None:
            return iter((*element.shadow_root.children, *element.children))
        return iter(element.children)


def _may_have_shadows(html: bytes | str) -> bool:
    """Whether the markup names the attribute of declarative shadow roots, in the spellings that people and serializers use."""
    if isinstance(html, bytes):
        return b"shadowrootmode" in html or b"shadowRootMode" in html or b"SHADOWROOTMODE" in html
    return "shadowrootmode" in html or "shadowRootMode" in html or "SHADOWROOTMODE" in html


def _parse(html: bytes | str, encoding: str | None, rendered: bool) -> tuple[turbohtml.Document, str]:
    if isinstance(html, bytes) and html.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        html = html.decode("utf-32", "replace")  # no browser reads it; the byte order mark leaves no doubt, though
    if isinstance(html, str):
        tree = turbohtml.parse(html, positions=False, scripting=rendered)
        return tree, next(iter(label_candidates(encoding or "utf-8")), "utf-8")
    for label in [*(label_candidates(encoding) if encoding else ()), None]:
        try:
            tree = turbohtml.parse(html, encoding=label, positions=False, scripting=rendered, detect_encoding=True)
        except LookupError:
            continue
        return tree, (tree.encoding or "utf-8").lower()
    raise AssertionError("unreachable: the last try names no encoding")
