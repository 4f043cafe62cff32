"""HTML in, a document to ask out: tree, encoding, text, and the place of each element that matters.

The only module that imports the parser (turbohtml, an HTML5 tree builder): the others use its `Element`. It finds the elements; one
pass over those that matter, in document order, gives each the region and the heading that it stands under.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Set as AbstractSet
from functools import lru_cache, partial
from itertools import chain, islice
from operator import itemgetter
from typing import Final, TypeAlias

import turbohtml
from turbohtml import Element, Namespace, Node, ShadowRoot, Text

from linkmedia_scrapy.extraction.encodings import label_candidates
from linkmedia_scrapy.extraction.tags import (
    BACKGROUNDS,
    BLOCK,
    HEADINGS,
    INLINE,
    LINES,
    RECORDED,
    REGION_OF_ROLE,
    REGIONS,
    SECTIONS,
    SILENT,
)
from linkmedia_scrapy.extraction.text import BETWEEN, Memory, collapse

__all__ = ["BACKGROUND", "Document", "Element", "Found", "Namespace", "Spot", "Text", "Where", "children"]

BACKGROUND: Final = "*background"
"""The tag of the spots that stand for an element's background picture; no element has this name."""

_HIDING_STYLE: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))(?![\w-]|[^\x00-\x7f])", re.IGNORECASE | re.ASCII
)
_SURROGATE: Final = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]")
_MAX_SECTION_DEPTH: Final = 16  # sections nested deeper do not count as such: each is counted through
_HEADING: Final = ",".join(sorted(HEADINGS))
_ENDS_HEADINGS: Final = f"li,{','.join(sorted(SECTIONS - {'header'}))},header:not(:is({','.join(sorted(REGIONS))}) header)"
_BOX: Final = "li,[hidden],[style]"
_MOST_PICTURED: Final = 4  # pictures in a heading without text whose alternative texts are looked at
_LOOK_BACK: Final = 500  # nodes before an element among which its heading is looked for
_TURNS: Final = SECTIONS | HEADINGS
_NAMES_BACKGROUND: Final = f":is({','.join(f'[{name}]' for name in (*BACKGROUNDS, 'data-src'))})"
# names are compared one by one: those that links mostly hold come first
_NOT_INLINE: Final = f":has(:not({','.join(('span', 'img', 'i', 'b', 'em', *sorted(INLINE)))}))"
_NOT_ASCII: Final = frozenset({"iso-2022-jp", "utf-16be", "utf-16le"})  # in which a name may stand in other bytes than ASCII's
_LOADERS: Final = frozenset(
    "amp-img audio embed frame iframe img input object script source video".split()
)  # their data-src is no background
_SILENT_IN_CELLS: Final = SILENT | {"noscript"}
_TEXT_LIMIT: Final = 1_000_000  # characters read for one text: links can be made to nest, and each to hold all that follows


class Where:
    """Where elements stand that follow one another: the nearest landmark ("" where there is none), the heading they stand in or under."""

    __slots__ = ("heading", "region")

    def __init__(self, region: str, heading: Element | None) -> None:
        self.region = region
        self.heading = heading


Found: TypeAlias = "tuple[int, Element, Where, str]"
"""The number of an element among those that the extractors look at, the element, where it stands, and its name."""


class Spot:
    """An element that the extractors look at, and where it stands.

    `region` is the nearest landmark around it ("" where there is none), `heading` the heading that it stands in or under. It does not
    know its document: a cycle would keep every page's tree until the garbage collector comes.
    """

    __slots__ = ("element", "heading", "index", "region", "tag")

    def __init__(self, index: int, element: Element, where: Where, tag: str) -> None:
        self.element = element
        self.tag = tag
        self.index = index
        self.region = where.region
        self.heading = where.heading

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
    looked for, too (`find(BACKGROUND)`). `flattened` says that shadow trees have been put into the tree, and with them what the parser
    lets stand in no other place.
    """

    def __init__(self, html: bytes | str, *, encoding: str | None = None, rendered: bool = False, backgrounds: bool = False) -> None:
        self.rendered = rendered
        if isinstance(html, bytes) and html.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            html = html.decode("utf-32", "replace")  # no browser reads it; the byte order mark leaves no doubt, though
        self.tree, self.encoding, self.flattened = _parse(html, encoding, rendered)
        if self.tree.select_one("template") is not None:
            self.tree.remove("template")  # what stands inside is no part of the page
        self._silent = SILENT | {"noscript"} if rendered else SILENT
        self._hidden: set[Element] = set()
        self._roles: dict[Element, str] = {}
        self._pictured: set[Element] = set()
        self._read_marks(backgrounds)
        if backgrounds and _may_name_backgrounds(html, self.encoding):
            self._pictured.update([element for element in self.tree.select(_NAMES_BACKGROUND) if element.tag not in _LOADERS])
        self._heading_texts: dict[Element, str] = {}
        self._elements: list[Element] = []
        self._wheres: list[Where] = []
        self._indices: dict[str, list[int]] = {}
        self._find_elements()

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
        for element in self._hidden:
            outer = element.closest(tag)
            while outer is not None:
                found.add(outer)
                above = outer.parent
                outer = above.closest(tag) if type(above) is Element else None
        return found

    def elements(self, selector: str) -> list[Element]:
        """The elements that match a CSS selector, in document order; quick where tag names begin it."""
        return self.tree.select(selector)

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
            return "\n".join(filter(None, map(collapse, "".join(strings).split(BETWEEN))))
        return collapse("".join(self._strings(element, tables, limit)))

    def heading(self, spot: Spot | Where) -> str:
        """The text of the heading that `spot` stands in or under; "" where there is none."""
        return self._heading_text(spot.heading)

    def _heading_text(self, heading: Element | None) -> str:
        if heading is None:
            return ""
        text = self._heading_texts.get(heading)
        if text is None:
            text = self.text(heading)
            if not text:
                alts = [image.attr("alt") or "" for image in islice(heading.iter_elements("img"), _MOST_PICTURED)]
                text = next(filter(None, map(collapse, alts)), "")
            self._heading_texts[heading] = text
        return text

    def title(self) -> str:
        """The text of the title element, white space folded; "" where there is none."""
        titles = (element for element in self.tree.select("title") if element.namespace == Namespace.HTML)  # SVG has some, too
        element = next(titles, None)
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

    def seen(self, element: Element) -> bool:
        """Whether a reader sees what stands in the element: it is neither hidden by itself nor code."""
        return element.tag not in self._silent and element not in self._hidden

    @property
    def hidden_elements(self) -> AbstractSet[Element]:
        """All elements that hide themselves (`hidden`)."""
        return self._hidden

    def region(self, element: Element) -> str:
        """The landmark that an element stands in which is none of those that have spots: climbs to it."""
        landmarks = [outer for outer in element.ancestors if type(outer) is Element and (outer in self._roles or outer.tag in REGIONS)]
        region = ""
        for landmark in reversed(landmarks):
            region = self._region(landmark.tag, self._roles.get(landmark, ""), region)
        return region

    def heading_over(self, element: Element) -> str:
        """The text of the heading that an element stands in or under which is none of those that have spots: looks back from it."""
        around = element.closest(_HEADING)
        if around is not None:
            return self._heading_text(around)
        outer = set(element.ancestors)
        for node in islice(element.preceding, _LOOK_BACK):
            if type(node) is Element and node.tag in HEADINGS:
                ends = node.closest(_ENDS_HEADINGS), self._box(node)
                if all(end is None or end in outer for end in ends) and self._heading_text(node):
                    return self._heading_text(node)
        return ""

    def _find_elements(self) -> None:
        """Go through the recorded elements in document order, with the region and the heading that hold at each.

        What stands inside a landmark is as many of the elements that follow as the parser counts inside it: nobody climbs.
        """
        roles, pictured = self._roles, self._pictured
        marked = {element.tag for element in (*roles, *pictured)}
        tags = RECORDED | marked
        self._elements = elements = list(self.tree.iter_elements(tags))
        names = [element.tag for element in elements]
        self._indices = indices = dict[str, list[int]]()
        for index, tag in enumerate(names):
            if tag in indices:
                indices[tag].append(index)
            else:
                indices[tag] = [index]
        if pictured:
            indices[BACKGROUND] = [index for index, element in enumerate(elements) if element in pictured]
        wheres = self._wheres
        # of the sections, and boxes with headings, that are open: the index behind the last element in it, what holds from there
        outer: list[tuple[int, Where]] = []
        boxes: set[Element] = set()  # those whose end is known
        where = Where("", None)
        turns = _TURNS | marked
        for index in [index for index, tag in enumerate(names) if tag in turns]:
            while outer and outer[-1][0] <= index:
                end, outside = outer.pop()
                wheres += [where] * (end - len(wheres))
                where = outside
            tag, element = names[index], elements[index]
            if tag in HEADINGS:
                if not self._heading_text(element):
                    continue  # nobody sees that there is one
                wheres += [where] * (index - len(wheres))
                box = self._box(element)
                if box is not None and box not in boxes and len(outer) < _MAX_SECTION_DEPTH:
                    boxes.add(box)
                    inside = [element] if box == element else []
                    inside += box.iter_elements(tags)
                    end = index + len(inside) - inside.index(element)
                    if not outer or end < outer[-1][0]:
                        outer.append((end, where))
                where = Where(where.region, element)
            elif tag == "header" and where.region and element not in roles:
                continue  # the header of what it stands in: the heading in it is that of the whole
            elif (tag in SECTIONS or element in roles) and len(outer) < _MAX_SECTION_DEPTH:
                wheres += [where] * (index - len(wheres))
                outer.append((index + 1 + len(list(element.iter_elements(tags))), where))
                where = Where(self._region(tag, roles.get(element, ""), where.region), where.heading)
        for end, outside in reversed(outer):
            wheres += [where] * (end - len(wheres))
            where = outside
        wheres += [where] * (len(elements) - len(wheres))

    def _box(self, heading: Element) -> Element | None:
        """The nearest list item or hidden part around a heading, or the heading that is hidden itself: it does not hold beyond.

        Many a list is one of cards, each with a heading behind its picture; what is hidden are menus and forms that scripts open.
        """
        if not self._hidden:
            return heading.closest("li")
        box = heading.closest(_BOX)
        while box is not None and box.tag != "li" and box not in self._hidden:
            outer = box.parent
            box = outer.closest(_BOX) if type(outer) is Element else None
        return box

    def _read_marks(self, backgrounds: bool) -> None:
        """Which elements hide themselves, which have a landmark's role, and, with `backgrounds`, whose style holds a picture.

        Of several roles the first that is one counts (WAI-ARIA 1.2, 7.1). Asked for one by one: a list of selectors takes longer.
        """
        select, hidden = self.tree.select, self._hidden
        hidden.update(select("[hidden]"))
        for element in select("[style]"):
            hides, pictures = _style_says(element.attr("style") or "")
            if hides:
                hidden.add(element)
            if backgrounds and pictures:
                self._pictured.add(element)
        for element in select("[role]"):
            role = element.attr("role") or ""
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
                        out.append(BETWEEN if tag in lines else " ")
                    if tag in silent or (tag == "table" and not tables) or (hidden and node in hidden):
                        continue
                    pending.append(iter(node.children))
                    separate.append((BETWEEN if tag in lines else " ") if block else "")
                    break
            else:
                pending.pop()
                out.append(separate.pop())
        return out


def _may_name_backgrounds(html: bytes | str, encoding: str) -> bool:
    """Whether there may be an attribute that names a background picture: most pages without are known in less time than the tree takes.

    All such names begin with "data-", of which authors vary the case of the first letter at most, or write all in capitals.
    """
    if isinstance(html, str):
        return "ata-" in html or "ATA-" in html
    return b"ata-" in html or b"ATA-" in html or encoding in _NOT_ASCII


_STYLES: Final[Memory[tuple[bool, bool]]] = Memory()


def _style_says(style: str) -> tuple[bool, bool]:
    """Whether an inline style hides its element, and whether it holds a URL."""
    known = _STYLES.get(style)
    return known if known is not None else _STYLES.keep(style, (_HIDING_STYLE.search(style) is not None, "url(" in style.lower()))


def children(element: Element, tag: str) -> list[Element]:
    """The children of this name: where only those count, as with the sources of a picture, all descendants cost too much."""
    return [child for child in element.children if type(child) is Element and child.tag == tag]


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


def _parse(html: bytes | str, encoding: str | None, rendered: bool) -> tuple[turbohtml.Document, str, bool]:
    """The tree, the encoding by its WHATWG name in lower case, and whether shadow trees had to be flattened."""
    name = _encoding_name(encoding) if encoding else None
    if isinstance(html, str):
        if _SURROGATE.search(html):  # no feed could hold them
            html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        parse = partial(turbohtml.parse, html, positions=False, scripting=rendered)
    else:
        parse = partial(turbohtml.parse, html, encoding=name, positions=False, scripting=rendered, detect_encoding=True)
    tree = parse(allow_declarative_shadow_roots=False)
    shadows = tree.select_one("template[shadowrootmode]") is not None
    if shadows:  # rare, and looking for it in the markup costs more than in the tree
        tree = parse()
        _flatten_shadows(tree)
    return tree, name or "utf-8" if isinstance(html, str) else (tree.encoding or "utf-8").lower(), shadows


@lru_cache(maxsize=256)
def _encoding_name(encoding: str) -> str | None:
    """The WHATWG name, in lower case, of the encoding that a label or Python's name stands for; None where it stands for none."""
    for label in label_candidates(encoding):
        try:
            return str(turbohtml.parse(b"", encoding=label).encoding).lower()
        except (LookupError, UnicodeError):
            continue
    return None
