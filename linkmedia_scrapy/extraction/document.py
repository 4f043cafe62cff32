"""HTML in, a document to ask out: tree, encoding, text, and the place of each element that matters.

The only module that knows the parser (turbohtml, an HTML5 tree builder). It finds the elements; one pass over those that
matter, in document order, gives each the region and the heading that it stands under.
"""

from __future__ import annotations

import codecs
import re
from operator import attrgetter
from typing import Final

import turbohtml
from turbohtml import Element, Node, ShadowRoot, Text

from linkmedia_scrapy.extraction.encodings import label_candidates
from linkmedia_scrapy.extraction.tags import (
    BACKGROUNDS,
    BLOCK,
    HEADINGS,
    INLINE,
    PLACES,
    RECORDED,
    REGION_OF_ROLE,
    REGIONS,
    SECTIONS,
    SILENT,
)
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["BACKGROUND", "Document", "Element", "Place", "Spot", "Text"]

BACKGROUND: Final = "*background"
"""The tag of the spots that stand for an element's background picture; no element has this name."""

_HIDING_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_MAX_SECTION_DEPTH: Final = 16  # sections nested deeper do not count as such: each is counted through
_BACKGROUND_ATTRIBUTES: Final = ",".join(f"[{name}]" for name in (*BACKGROUNDS, "data-src"))
_LOADERS: Final = frozenset("amp-img audio embed frame iframe img input object script source video".split())  # their data-src is no background
_TEXT_LIMIT: Final = 1_000_000  # characters read for one text: links can be made to nest, and each to hold all that follows


class Place:
    """The nearest `link`, `button`, `figure`, `picture`, `noscript` and table `cell` around an element; None where there are none."""

    __slots__ = ("button", "cell", "figure", "link", "noscript", "picture")

    def __init__(self, outer: Place | None = None) -> None:
        self.link: Element | None = outer.link if outer else None
        self.button: Element | None = outer.button if outer else None
        self.figure: Element | None = outer.figure if outer else None
        self.picture: Element | None = outer.picture if outer else None
        self.noscript: Element | None = outer.noscript if outer else None
        self.cell: Element | None = outer.cell if outer else None

    def within(self, element: Element, slot: str) -> Place:
        """The place inside `element`, which stands in this one."""
        place = Place(self)
        setattr(place, slot, element)
        return place


class Spot:
    """An element that the extractors look at, and where it stands.

    `region` is the nearest landmark around it ("" where there is none), `heading` the heading that it stands in or under.
    """

    __slots__ = ("_document", "attr", "element", "heading", "index", "region", "tag")

    def __init__(  # noqa: PLR0917 - keywords cost a fifth of the time here
        self, document: Document, element: Element, tag: str, index: int, region: str, heading: Element | None
    ) -> None:
        self._document = document
        self.element = element
        self.tag = tag
        self.index = index
        self.region = region
        self.heading = heading
        self.attr = element.attr  # (name) -> the value, "" for an attribute without one, None where there is none

    @property
    def place(self) -> Place:
        """The link, figure, cell … that it stands in."""
        return self._document.place(self.element)

    def __repr__(self) -> str:
        return f"<Spot {self.index} {self.tag}>"


class Document:
    """A parsed page.

    `encoding` is the WHATWG name of the encoding that the page is in, in lower case; for a `str` the one that was passed, else utf-8.
    Bytes are decoded by byte order mark, then `encoding`, then the page's own declaration, then a guess. In a `rendered` page scripts
    have run, and what stands inside noscript is text. With `backgrounds` the elements whose attributes name background pictures are
    looked for, too (`find(BACKGROUND)`).
    """

    def __init__(self, html: bytes | str, *, encoding: str | None = None, rendered: bool = False, backgrounds: bool = False) -> None:
        self.rendered = rendered
        self.tree, self.encoding = _parse(html, encoding, rendered)
        if _may_have_shadows(html):
            _flatten_shadows(self.tree)
        self.tree.remove("template")  # what stands inside is no part of the page
        self._silent = SILENT | {"noscript"} if rendered else SILENT
        styled = self.tree.select("[hidden],[style]")
        self._hidden = {element for element in styled if _hides_itself(element)}
        self._pictured = _with_backgrounds(self.tree, html, styled) if backgrounds else set()
        self._places: dict[Node, Place] = {self.tree: Place()}
        self._heading_texts: dict[Element, str] = {}
        self.by_tag: dict[str, list[Spot]] = {}
        self._find_spots()

    def find(self, *tags: str) -> list[Spot]:
        """The spots of the elements with these names, in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        return sorted((spot for tag in tags for spot in self.by_tag.get(tag, ())), key=attrgetter("index"))

    def base_href(self) -> str | None:
        """The href of the first `base` element that has one (HTML standard, 4.2.3)."""
        hrefs = (spot.attr("href") for spot in self.find("base"))
        return next((href for href in hrefs if href is not None), None)

    def text(self, element: Element, *, tables: bool = True, limit: int = _TEXT_LIMIT) -> str:
        """The text that a reader sees in an element, white space folded; without that of tables in it, where `tables` is false.

        Hidden counts from the element inwards: an element that is hidden as a whole is read all the same. Reading stops once there
        are more than `limit` characters.
        """
        children = len(element)
        if not children:
            return ""
        if children == 1:
            only = element[0]
            if type(only) is Text:
                return " ".join(only.data.split())
        if limit == _TEXT_LIMIT:
            hidden = self._hidden
            for inner in element.iter_elements():
                if inner.tag not in INLINE or (hidden and inner in hidden):
                    break
            else:
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

    def title(self) -> str:
        """The text of the title element, white space folded; "" where there is none."""
        element = self.tree.select_one("title")
        return collapse(element.text) if element is not None else ""

    def scripts(self, mime_type: str) -> list[str]:
        """What the script elements of one type hold: data blocks (HTML standard, 4.12.1)."""
        return [element.text for element in self.tree.select("script[type]") if (element.attr("type") or "").strip().lower() == mime_type]

    def style_sheets(self) -> list[str]:
        """What the style elements hold."""
        return [element.text for element in self.tree.select("style")]

    def hidden(self, element: Element) -> bool:
        """Whether an attribute of the element's own hides it: `hidden`, or an inline style."""
        return element in self._hidden

    def place(self, element: Element) -> Place:
        """The link, figure, cell … that an element stands in: climbs to the nearest ancestor whose place is known."""
        places = self._places
        path: list[Node] = []
        node: Node = element
        while True:
            above = node.parent
            assert above is not None  # every element that was found hangs below the document
            place = places.get(above)
            if place is not None:
                break
            path.append(above)
            node = above
        for node in reversed(path):
            if type(node) is Element:
                slot = PLACES.get(node.tag)
                if slot is not None:
                    place = place.within(node, slot)
            places[node] = place
        return place

    def _find_spots(self) -> None:
        """Go through the recorded elements in document order, with the region and the heading that hold at each.

        What stands inside a landmark is as many of the elements that follow as the parser counts inside it: nobody climbs.
        """
        roles = self._landmark_roles()
        pictured = self._pictured
        tags = RECORDED.union(element.tag for element in (*roles, *pictured)) if roles or pictured else RECORDED
        by_tag = self.by_tag
        outer: list[tuple[int, str, Element | None]] = []
        end, region = -1, ""
        heading: Element | None = None
        for index, element in enumerate(self.tree.iter_elements(tags)):
            while index == end:
                end, region, heading = outer.pop()
            tag = element.tag
            if pictured and element in pictured:
                by_tag.setdefault(BACKGROUND, []).append(Spot(self, element, BACKGROUND, index, region, heading))
            if tag not in RECORDED and element not in roles:
                continue
            if tag in SECTIONS or element in roles:
                if len(outer) < _MAX_SECTION_DEPTH:
                    inside = sum(1 for _ in element.iter_elements(tags))
                    if inside:
                        outer.append((end, region, heading))
                        end = index + 1 + inside
                        region = self._region(tag, roles.get(element, ""), region)
                if tag not in RECORDED or tag in SECTIONS:
                    continue
            if tag in HEADINGS:
                heading = element
                continue
            spot = Spot(self, element, tag, index, region, heading)
            if tag in by_tag:
                by_tag[tag].append(spot)
            else:
                by_tag[tag] = [spot]

    def _landmark_roles(self) -> dict[Element, str]:
        """The elements with a landmark's role: the first role of several that is one (WAI-ARIA 1.2, 7.1)."""
        roles: dict[Element, str] = {}
        for element in self.tree.select("[role]"):
            role = next((role for role in (element.attr("role") or "").lower().split() if role in REGION_OF_ROLE), None)
            if role is not None:
                roles[element] = role
        return roles

    @staticmethod
    def _region(tag: str, role: str, outer: str) -> str:
        if role:
            return REGION_OF_ROLE[role]
        # header and footer are the page's own only outside of articles and other landmarks
        if tag not in REGIONS or (outer and tag in ("header", "footer")):
            return outer
        return tag

    def _strings(self, root: Element, tables: bool, room: int) -> list[str]:
        """The strings of an element that a reader sees, with a space wherever one block ends and another begins."""
        silent, hidden = self._silent, self._hidden
        out: list[str] = []
        pending = [iter(root.children)]
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
                    if tag in silent or (tag == "table" and not tables) or (hidden and node in hidden):
                        continue
                    pending.append(iter(node.children))
                    separate.append(block)
                    break
            else:
                pending.pop()
                if separate.pop():
                    out.append(" ")
        return out


def _hides_itself(element: Element) -> bool:
    if element.attr("hidden") is not None:
        return True
    style = element.attr("style")
    return style is not None and _HIDING_STYLE.search(style) is not None


def _with_backgrounds(tree: turbohtml.Document, html: bytes | str, styled: list[Element]) -> set[Element]:
    """The elements with a URL in their style attribute or in an attribute of those that scripts make into backgrounds."""
    found = {element for element in styled if "url(" in (element.attr("style") or "").lower()}
    names = (b"data-b", b"data-lazy-b", b"data-src") if isinstance(html, bytes) else ("data-b", "data-lazy-b", "data-src")
    if any(name in html for name in names):  # type: ignore[operator]
        found.update(element for element in tree.select(_BACKGROUND_ATTRIBUTES) if element.tag not in _LOADERS)
    return found


def _may_have_shadows(html: bytes | str) -> bool:
    """Whether the markup names the attribute of declarative shadow roots, in the spellings that people and serializers use."""
    if isinstance(html, bytes):
        return b"shadowrootmode" in html or b"shadowRootMode" in html or b"SHADOWROOTMODE" in html
    return "shadowrootmode" in html or "shadowRootMode" in html or "SHADOWROOTMODE" in html


def _flatten_shadows(tree: turbohtml.Document) -> None:
    """Move what hangs on declarative shadow roots into their hosts, before the hosts' own children: a reader sees both."""
    hosts: list[tuple[Element, ShadowRoot]] = []
    pending: list[Node] = [tree]
    while pending:
        for element in pending.pop().iter_elements():
            root = element.shadow_root
            if root is not None:
                hosts.append((element, root))
                pending.append(root)
    for host, root in reversed(hosts):
        for place, child in enumerate(list(root.children)):
            host.insert(place, child)


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
