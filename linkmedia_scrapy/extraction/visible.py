"""What a reader sees of a page: the text of its elements, without code and what hides itself."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.parsing import Element, Node, Text
from linkmedia_scrapy.extraction.tags import BLOCK, INLINE, LINES, SILENT
from linkmedia_scrapy.extraction.text import BETWEEN, collapse

__all__ = ["SHORT", "TEXT_LIMIT", "Visible"]

TEXT_LIMIT: Final = 1_000_000
"""Characters read for one text."""
SHORT: Final = 300
"""Characters read for a text where all others have taken what there is room for."""

_WITH_SCRIPTS: Final = SILENT | {"noscript"}  # what is silent where scripts have run


class Visible:
    """What a reader sees of a page of which the elements `hidden` hide themselves; in a `rendered` one nobody sees noscript.

    There is `room` for so many characters and elements in all whole texts together, since links can be made to nest, and each to hold all
    that follows: then they are cut short.
    """

    def __init__(self, hidden: set[Element], *, rendered: bool, room: int) -> None:
        self.hidden = hidden
        self._room = room
        self._silent = _WITH_SCRIPTS if rendered else SILENT

    def text(self, element: Element, *, tables: bool = True, lines: bool = False, limit: int = TEXT_LIMIT) -> str:
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
        whole = limit == TEXT_LIMIT
        count = 0
        if whole:
            limit = max(SHORT, min(limit, self._room))
            if limit > SHORT:  # else what is read is short, whatever is in it
                hidden = self.hidden
                for inner in element.iter_elements():
                    count += 1
                    if inner.tag not in INLINE or (hidden and inner in hidden):
                        break
                else:
                    text = element.text
                    self._room -= count + len(text)
                    return collapse(text[:limit])
        if lines:
            strings, left = self._strings(element, tables, limit, LINES, _WITH_SCRIPTS)
        else:
            strings, left = self._strings(element, tables, limit)
        text = "".join(strings)
        if whole:
            self._room -= count + limit - left
            text = text[:limit]
        return "\n".join(filter(None, map(collapse, text.split(BETWEEN)))) if lines else collapse(text)

    def seen(self, element: Element) -> bool:
        """Whether a reader sees what stands in the element: it is neither hidden by itself nor code."""
        return element.tag not in self._silent and element not in self.hidden

    def _strings(
        self, root: Element, tables: bool, room: int, lines: frozenset[str] = frozenset(), silent: frozenset[str] | None = None
    ) -> tuple[list[str], int]:
        """The strings of an element that a reader sees, with a space wherever one block ends and another begins, a mark at a line.

        And what is left of the room for characters and elements, less than 0 where that was not enough.
        """
        silent, hidden = silent or self._silent, self.hidden
        out: list[str] = []
        pending = [iter(root)]
        separate = [""]
        while pending and room >= 0:
            for node in pending[-1]:
                if type(node) is Text:
                    data = node.data
                    if data.isspace():
                        data = " "  # what stands between lines of markup takes no room from what is read
                    out.append(data)
                    room -= len(data)
                    if room < 0:
                        break
                elif type(node) is Element:
                    tag = node.tag
                    room -= 1
                    if room < 0:
                        break
                    if hidden and node in hidden:
                        continue  # what it stands between is not set apart by it
                    separator = ""
                    if tag in BLOCK:
                        separator = BETWEEN if tag in lines else " "
                        out.append(separator)
                    if len(node) and not (tag in silent or (tag == "table" and not tables)):
                        pending.append(iter(node) if tag != "svg" else filter(_is_element, node))
                        separate.append(separator)
                        break
            else:
                pending.pop()
                out.append(separate.pop())
        return out, room


def _is_element(node: Node) -> bool:
    """Of what stands in SVG itself only elements show anything."""
    return type(node) is Element
