"""HTML in, a document to ask out: tree, encoding, text, and the place of each element that matters.

The only module that knows the parser (turbohtml, an HTML5 tree builder). It finds the elements; one pass over those that
matter, in document order, gives each the region and the heading that it stands under.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from operator import attrgetter
from typing import Final

import turbohtml
from turbohtml import Element, Namespace, Node, ShadowRoot, Text

from linkmedia_scrapy.extraction.encodings import label_candidates
from linkmedia_scrapy.extraction.tags import (
    BACKGROUNDS,
    BLOCK,
    HEADINGS,
    INLINE,
    LINES,
    PLACES,
    RECORDED,
    REGION_OF_ROLE,
    REGIONS,
    SECTIONS,
    SILENT,
)
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["BACKGROUND", "Document", "Element", "Namespace", "Place", "Spot", "Text", "children"]

BACKGROUND: Final = "*background"
"""The tag of the spots that stand for an element's background picture; no element has this name."""

_HIDING_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MAX_SECTION_DEPTH: Final = 16  # sections nested deeper do not count as such: each is counted through
_LINE_END: Final = "\0"  # the one character that no text of a document holds
_BACKGROUND_ATTRIBUTES: Final = ",".join(f"[{name}]" for name in (*BACKGROUNDS, "data-src"))
_LOADERS: Final = frozenset(
    "amp-img audio embed frame iframe img input object script source video".split()
)  # their data-src is no background
_SILENT_IN_CELLS: Final = SILENT | {"noscript"}
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


class _Places(dict[Node, Place]):
    """The places inside a page's elements, as far as they have been asked for."""

    def of(self, element: Element) -> Place:
        """What the element stands in: climbs to the nearest ancestor whose place is known."""
        path: list[Node] = []
        node: Node = element
        while True:
            above = node.parent
            assert above is not None  # every element that was found hangs below the document
            place = self.get(above)
            if place is not None:
                break
            path.append(above)
            node = above
        for node in reversed(path):
            if type(node) is Element:
                slot = PLACES.get(node.tag)
                if slot is not None:
                    place = place.within(node, slot)
            self[node] = place
        return place


class Spot:
    """An element that the extractors look at, and where it stands.

    `region` is the nearest landmark around it ("" where there is none), `heading` the heading that it stands in or under. It does not
    know its document: a cycle would keep every page's tree until the garbage collector comes.
    """

    __slots__ = ("_places", "element", "heading", "index", "region", "tag")

    def __init__(  # noqa: PLR0917 - keywords cost a fifth of the time here
        self, places: _Places, element: Element, tag: str, index: int, region: str, heading: Element | None
    ) -> None:
        self._places = places
        self.element = element
        self.tag = tag
        self.index = index
        self.region = region
        self.heading = heading

    @property
    def place(self) -> Place:
        """The link, figure, cell … that it stands in."""
        return self._places.of(self.element)

    def attr(self, name: str) -> str | None:
        """The attribute's value, "" for one without a value, None where there is none."""
        return self.element.attr(name)

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
        if next(self.tree.iter_elements("template"), None) is not None:
            self.tree.remove("template")  # what stands inside is no part of the page
        self._silent = SILENT | {"noscript"} if rendered else SILENT
        self._hidden: set[Element] = set()
        self._roles: dict[Element, str] = {}
        self._pictured: set[Element] = set()
        self._read_marks()
        self._pictured = self._pictured | _with_backgrounds(self.tree, html) if backgrounds else set()
        self._places = _Places({self.tree: Place()})
        self._heading_texts: dict[Element, str] = {}
        self._near_texts: dict[Element, str] = {}
        self._firsts: dict[tuple[Element, str], Element | None] = {}
        self.by_tag: dict[str, list[Spot]] = {}
        self._find_spots()

    def find(self, *tags: str) -> list[Spot]:
        """The spots of the elements with these names, in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        return sorted((spot for tag in tags for spot in self.by_tag.get(tag, ())), key=attrgetter("index"))

    def base_href(self) -> str | None:
        """The href of the first `base` element that has one (HTML standard, 4.2.3; those in shadow trees do not count)."""
        hrefs = (spot.attr("href") for spot in self.find("base") if spot.element.namespace == Namespace.HTML)
        return next((href for href in hrefs if href is not None), None)

    def text(self, element: Element, *, tables: bool = True, lines: bool = False, limit: int = _TEXT_LIMIT) -> str:
        """The text that a reader sees in an element, white space folded; without that of tables in it, where `tables` is false.

        Hidden counts from the element inwards: an element that is hidden as a whole is read all the same. Reading stops once there
        are more than `limit` characters and elements. With `lines`, list items stand on lines of their own, and noscript is left
        out, so that a page reads the same before and after its scripts have run.
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
        if lines:
            strings = self._strings(element, tables, limit, LINES, _SILENT_IN_CELLS)
            return "\n".join(filter(None, map(collapse, "".join(strings).split(_LINE_END))))
        return collapse("".join(self._strings(element, tables, limit)))

    def near_text(self, element: Element, limit: int) -> str:
        """`text` of an element that many may ask about: what stands side by side in it. Read once, with the first one's limit."""
        text = self._near_texts.get(element)
        if text is None:
            text = self._near_texts[element] = self.text(element, limit=limit)
        return text

    def first(self, element: Element, tag: str) -> Element | None:
        """The first element of this name inside another one; looked for once."""
        key = (element, tag)
        if key not in self._firsts:
            self._firsts[key] = next(iter(element.iter_elements(tag)), None)
        return self._firsts[key]

    def caption(self, figure: Element) -> str:
        """The text of a figure's caption; "" where it has none."""
        caption = self.first(figure, "figcaption")
        return self.near_text(caption, _TEXT_LIMIT) if caption is not None else ""

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
        """The link, figure, cell … that an element stands in."""
        return self._places.of(element)

    def region(self, element: Element) -> str:
        """The landmark that an element stands in which is none of those that have spots: climbs to it."""
        for outer in element.ancestors:
            if type(outer) is Element and (outer in self._roles or outer.tag in REGIONS):
                return self._region(outer.tag, self._roles.get(outer, ""), "")
        return ""

    def _find_spots(self) -> None:
        """Go through the recorded elements in document order, with the region and the heading that hold at each.

        What stands inside a landmark is as many of the elements that follow as the parser counts inside it: nobody climbs.
        """
        roles, pictured = self._roles, self._pictured
        tags = RECORDED.union(element.tag for element in (*roles, *pictured)) if roles or pictured else RECORDED
        by_tag, places = self.by_tag, self._places
        outer: list[tuple[int, str, Element | None]] = []
        end, region = -1, ""
        heading: Element | None = None
        for index, element in enumerate(self.tree.iter_elements(tags)):
            while index == end:
                end, region, heading = outer.pop()
            tag = element.tag
            if pictured and element in pictured:
                by_tag.setdefault(BACKGROUND, []).append(Spot(places, element, BACKGROUND, index, region, heading))
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
            spot = Spot(places, element, tag, index, region, heading)
            if tag in by_tag:
                by_tag[tag].append(spot)
            else:
                by_tag[tag] = [spot]

    def _read_marks(self) -> None:
        """Which elements hide themselves, and which have a landmark's role: the first of several that is one (WAI-ARIA 1.2, 7.1)."""
        for element in self.tree.select("[style],[role],[hidden]"):
            attr = element.attr
            style = attr("style")
            if (style is not None and _HIDING_STYLE.search(style)) or attr("hidden") is not None:
                self._hidden.add(element)
            if style is not None and "url(" in style.lower():
                self._pictured.add(element)
            role = attr("role")
            if role is not None:
                landmark = next((name for name in role.lower().split() if name in REGION_OF_ROLE), None)
                if landmark is not None:
                    self._roles[element] = landmark

    @staticmethod
    def _region(tag: str, role: str, outer: str) -> str:
        if role:
            return REGION_OF_ROLE[role]
        # header and footer are the page's own only outside of articles and other landmarks
        if tag not in REGIONS or (outer and tag in ("header", "footer")):
            return outer
        return tag

    def _strings(
        self, root: Element, tables: bool, room: int, lines: frozenset[str] = frozenset(), silent: frozenset[str] | None = None
    ) -> list[str]:
        """The strings of an element that a reader sees, with a space wherever one block ends and another begins, a mark at a line."""
        silent, hidden = silent or self._silent, self._hidden
        out: list[str] = []
        pending = [iter(root.children)]
        separate = [""]
        while pending:
            for node in pending[-1]:
                if type(node) is Text:
                    out.append(node.data)
                    room -= len(node.data)
                    if room < 0:
                        return out
                elif type(node) is Element:
                    tag = node.tag
                    room -= 1
                    if room < 0:
                        return out
                    block = tag in BLOCK
                    if block:
                        out.append(_LINE_END if tag in lines else " ")
                    if tag in silent or (tag == "table" and not tables) or (hidden and node in hidden):
                        continue
                    pending.append(iter(node.children))
                    separate.append((_LINE_END if tag in lines else " ") if block else "")
                    break
            else:
                pending.pop()
                out.append(separate.pop())
        return out


def children(element: Element, tag: str) -> list[Element]:
    """The children of this name: where only those count, as with the sources of a picture, all descendants cost too much."""
    return [child for child in element.children if type(child) is Element and child.tag == tag]


def _with_backgrounds(tree: turbohtml.Document, html: bytes | str) -> set[Element]:
    """The elements with a URL in one of the attributes that scripts make into backgrounds."""
    names = (b"data-b", b"data-lazy-b", b"data-src") if isinstance(html, bytes) else ("data-b", "data-lazy-b", "data-src")
    if not any(name in html for name in names):  # type: ignore[operator]
        return set()
    return {element for element in tree.select(_BACKGROUND_ATTRIBUTES) if element.tag not in _LOADERS}


def _may_have_shadows(html: bytes | str) -> bool:
    """Whether the markup may hold declarative shadow roots: in lower case, or as those who know the property spell the attribute."""
    if isinstance(html, bytes):
        return b"shadowroot" in html or b"shadowRoot" in html or b"SHADOWROOT" in html
    return "shadowroot" in html or "shadowRoot" in html or "SHADOWROOT" in html


def _flatten_shadows(tree: turbohtml.Document) -> None:
    """Move what hangs on declarative shadow roots into their hosts, before the hosts' own children: a reader sees both."""
    hosts: list[tuple[Element, ShadowRoot]] = []
    pending: list[Node] = [tree]
    while pending:
        for element in pending.pop().iter_elements():
            root = element.shadow_root or _closed_root(element)
            if root is not None:
                hosts.append((element, root))
                pending.append(root)
    for host, root in reversed(hosts):
        for element in list(root.iter_elements("base")):
            element.decompose()
        own = next(iter(host.children), None)
        for child in list(root.children):
            if own is None:
                host.append(child)
            else:
                own.insert_before(child)


def _closed_root(host: Element) -> ShadowRoot | None:
    """The closed shadow root of an element, which `shadow_root` does not tell, as in scripts; a reader sees what hangs on it."""
    roots = (child.parent for child in host.flattened_children)
    return next((root for root in roots if type(root) is ShadowRoot and root.host == host), None)


def _parse(html: bytes | str, encoding: str | None, rendered: bool) -> tuple[turbohtml.Document, str]:
    if isinstance(html, bytes) and html.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        html = html.decode("utf-32", "replace")  # no browser reads it; the byte order mark leaves no doubt, though
    name = _encoding_name(encoding) if encoding else None
    if isinstance(html, str):
        if _SURROGATE.search(html):  # no feed could hold them
            html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return turbohtml.parse(html, positions=False, scripting=rendered), name or "utf-8"
    tree = turbohtml.parse(html, encoding=name, positions=False, scripting=rendered, detect_encoding=True)
    return tree, (tree.encoding or "utf-8").lower()


@lru_cache(maxsize=256)
def _encoding_name(encoding: str) -> str | None:
    """The WHATWG name, in lower case, of the encoding that a label or Python's name stands for; None where it stands for none."""
    for label in label_candidates(encoding):
        try:
            return str(turbohtml.parse(b"", encoding=label).encoding).lower()
        except (LookupError, UnicodeError):
            continue
    return None
