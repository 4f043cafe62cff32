"""Where a page's elements stand: the landmark around each, and the heading that it stands in or under.

One pass over the elements that matter, in document order, tells it of them all.
"""

from __future__ import annotations

from itertools import islice
from typing import Final, TypeAlias

from linkmedia_scrapy.extraction.parsing import Element, Node
from linkmedia_scrapy.extraction.tags import HEADINGS, RECORDED, REGION_OF_ROLE, REGIONS, SECTIONS, first_role
from linkmedia_scrapy.extraction.text import collapse, excerpt
from linkmedia_scrapy.extraction.visible import Visible

__all__ = ["Found", "Places", "Spot", "Where"]

_HEADING: Final = 300  # characters: one that is never closed holds the page, and stands in the record of everything in it
_MAX_SECTION_DEPTH: Final = 16  # sections nested deeper do not count as such: each is counted through
_BOX: Final = "li,dialog,[hidden],[style]"
_MOST_PICTURED: Final = 4  # pictures in a heading without text whose alternative texts are looked at
_MOST_SIGNS: Final = 4  # links in a heading that are looked at
_TURNS: Final = SECTIONS | HEADINGS
_LOWEST: Final = "h6"
_NEAR: Final = 8  # elements in, around and before a heading that its link is looked for among


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


class Places:
    """The landmarks and headings of a page; `roles` are the landmarks that elements have by attribute, `turns` the names of them all.

    `telling` are elements among which all with a role are.
    """

    def __init__(self, telling: list[Element], visible: Visible) -> None:
        self.roles = _landmark_roles(telling)
        self.turns = _TURNS | {element.tag for element in self.roles}
        self._visible = visible
        self._hidden = visible.hidden
        self._texts: dict[Element, str] = {}
        self._around: dict[Element, Element | None] = {}  # of elements with a style that does not hide them, the nearest box around

    def wheres(self, elements: list[Element], names: list[str]) -> list[Where]:
        """Where these elements, whose names are `names`, stand: in document order, all landmarks and headings among them.

        What stands inside a landmark are those up to the first that follows it: nobody climbs.
        """
        numbers: dict[Node, int] = {element: index for index, element in enumerate(elements)}
        roles, turns = self.roles, self.turns
        wheres: list[Where] = []
        # of the sections, and boxes with headings, that are open: the index behind the last element in it, what holds from there
        outer: list[tuple[int, Where]] = []
        boxes: set[Element] = set()  # those whose end is known
        where = Where("", None)
        section_end = header_end = 0  # of sections, and the headers of sections, that are open: the index behind the last element in them
        depth, rank = 0, _LOWEST  # of such a header; the highest of the headings in it: those below are sublines
        for index in [index for index, tag in enumerate(names) if tag in turns]:
            while outer and outer[-1][0] <= index:
                end, outside = outer.pop()
                wheres += [where] * (end - len(wheres))
                where = outside
            tag, element = names[index], elements[index]
            if tag in HEADINGS:
                in_header = index < header_end and len(outer) == depth
                if (in_header and tag > rank) or not self.heading_text(element):
                    continue  # nobody sees that there is one
                start = index
                if where.heading is not None:
                    start = _card_start(element, where.heading, index, elements, names, len(wheres))
                wheres += [where] * (start - len(wheres))
                box = self._box(element)
                if box is not None and box not in boxes and len(outer) < _MAX_SECTION_DEPTH:
                    boxes.add(box)
                    end = _first_behind(box, numbers, len(elements))
                    if not outer or end < outer[-1][0]:
                        outer.append((end, where))
                where = Where(where.region, element)
                if in_header and box not in self._hidden:
                    rank = tag
            elif (
                tag == "header"
                and element not in roles
                and (where.region or index < header_end or (index < section_end and _titles(element)))
            ):
                # the header of what it stands in: the heading in it is that of the whole
                if index >= header_end:
                    header_end, depth, rank = _first_behind(element, numbers, len(elements)), len(outer), _LOWEST
            elif (tag in SECTIONS or element in roles) and len(outer) < _MAX_SECTION_DEPTH:
                wheres += [where] * (index - len(wheres))
                end = _first_behind(element, numbers, len(elements))
                outer.append((end, where))
                if tag == "section" and len(outer) < _MAX_SECTION_DEPTH:
                    section_end = max(section_end, end)
                region = _region(tag, roles.get(element, ""), where.region)
                # the page's own footer is under none of the headings before it
                own_footer = region == "footer" and where.region != region and index >= section_end
                where = Where(region, None if own_footer else where.heading)
        for end, outside in reversed(outer):
            wheres += [where] * (end - len(wheres))
            where = outside
        wheres += [where] * (len(elements) - len(wheres))
        return wheres

    def heading_text(self, heading: Element | None) -> str:
        """The beginning of the text of a heading, or the alternative one of its pictures; "" where there is none."""
        if heading is None:
            return ""
        text = self._texts.get(heading)
        if text is None:
            text = self._visible.text(heading)
            if text and not (text[0].isalnum() and text[-1].isalnum()):
                text = _without_sign(heading, text)
            if not text:
                alts = [image.attr("alt") or "" for image in islice(heading.iter_elements("img"), _MOST_PICTURED)]
                text = next(filter(None, map(collapse, alts)), "")
            text = self._texts[heading] = excerpt(text, _HEADING)
        return text

    def _box(self, heading: Element) -> Element | None:
        """The nearest list item or hidden part around a heading, or the heading that is hidden itself: it does not hold beyond.

        Many a list is one of cards, each with a heading behind its picture; what is hidden are menus and forms that scripts open.
        """
        if not self._hidden:
            return heading.closest("li")
        box = heading.closest(_BOX)
        passed: list[Element] = []
        while box is not None and box.tag != "li" and box not in self._hidden:
            if box in self._around:
                box = self._around[box]
                break
            passed.append(box)
            outer = box.parent
            box = outer.closest(_BOX) if type(outer) is Element else None
        for element in passed:
            self._around[element] = box
        return box


def _without_sign(heading: Element, text: str) -> str:
    """A heading's text without the sign (¶, #, §) of the link to itself that documentation has in it, which shows only under a pointer."""
    for link in islice(heading.iter_elements("a"), _MOST_SIGNS):
        sign = collapse(link.text)
        if sign and (link.attr("href") or "")[:1] == "#" and not any(map(str.isalnum, sign)):
            text = text.removesuffix(sign).removeprefix(sign).strip() or text
    return text


def _landmark_roles(elements: list[Element]) -> dict[Element, str]:
    """Those of elements that have the role of a landmark."""
    roles: dict[Element, str] = {}
    for element in elements:
        landmark = first_role(element.attr("role"), REGION_OF_ROLE)
        if landmark:
            roles[element] = landmark
    return roles


def _first_behind(element: Element, numbers: dict[Node, int], count: int) -> int:
    """The number of the first of `count` numbered elements behind an element and all that it holds; `count` where there is none.

    What is passed on the way gets that number, too, so that elements that end together do not each go through what follows.
    """
    first = count
    passed: list[Node] = []
    for node in element.following:
        number = numbers.get(node)
        if number is not None:
            first = number
            break
        passed.append(node)
    for node in passed:
        numbers[node] = first
    return first


def _leads(heading: Element) -> str:
    """Where the link in a heading, or right around it, leads; "" where there is none."""
    for inner in islice(heading.iter_elements(), _NEAR):
        if inner.tag == "a":
            return inner.attr("href") or ""
    outer = heading.parent
    for _ in range(_NEAR):
        if type(outer) is not Element:
            break
        if outer.tag == "a":
            return outer.attr("href") or ""
        outer = outer.parent
    return ""


def _card_start(heading: Element, above: Element, index: int, elements: list[Element], names: list[str], first: int) -> int:
    """The number of the first element that a heading titles: a link right before or around it that leads where it leads, else itself.

    `above` is the heading before it: one without a link is no card's title, but stands above cards, and will do for what is in them.
    """
    if "a" not in names[first:index]:
        return index
    start, left = index, _NEAR
    while start > first and left:
        start -= 1
        if names[start] in RECORDED:  # the others are looked at on some pages, and with some settings, only
            left -= 1
    href = _leads(heading)
    if not href or href[0] == "#":
        return index
    for number in range(start, index):
        if names[number] == "a" and elements[number].attr("href") == href:
            return number if _leads(above) else index
    return index


def _titles(header: Element) -> bool:
    """Whether the header of a section holds a heading; without one it may be the page's own, in a section that holds the page."""
    return next(header.iter_elements(HEADINGS), None) is not None


def _region(tag: str, role: str, outer: str) -> str:
    """The landmark that holds in an element, in a landmark `outer`."""
    if role:
        return REGION_OF_ROLE[role]
    # a footer is the page's own only outside of articles and other landmarks; a header there is passed by before
    if tag not in REGIONS or (outer and tag == "footer"):
        return outer
    return tag
