"""What stands in the cells of a page's tables besides text, found in one pass over the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.grid import Cell
from linkmedia_scrapy.extraction.tags import HEADINGS

__all__ = ["Contents"]

_CONTROLS: Final = frozenset({"button", "embed", "form", "iframe", "input", "object", "select", "textarea"})
_GROUP_OF_TAG: Final = {
    "a": "links",
    "img": "pictures",
    "li": "items",
    "pre": "listings",
    "table": "tables",
    **dict.fromkeys(HEADINGS, "headings"),
    **dict.fromkeys(_CONTROLS, "controls"),
}
_HOLDERS: Final = frozenset({"noscript", "td", "th"})
_TAGS: Final = _HOLDERS.union(_GROUP_OF_TAG)


class Contents:
    """The elements in the cells of one document, each with the nearest cell around it.

    What stands in noscript is left out: a page that scripts have changed does not have it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def count(self, cells: Iterable[Cell]) -> Counter[str]:
        """How many links, pictures, list items, listings, tables, headings and controls some cells hold, those of inner tables apart."""
        total: Counter[str] = Counter()
        if self._groups:
            for cell in cells:
                found = self._groups.get(cell.element)
                if found is not None:
                    for group in found:
                        total[group] += 1
        return total

    def links(self, cell: Cell) -> list[Element]:
        """The a elements in a cell, those of inner tables apart."""
        return self._links.get(cell.element, [])

    @property
    def _groups(self) -> dict[Element, list[str]]:
        return self._found[0]

    @property
    def _links(self) -> dict[Element, list[Element]]:
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[dict[Element, list[str]], dict[Element, list[Element]]]:
        """Groups and links by cell: one pass in document order; a cell holds as many of what follows as the parser counts in it."""
        groups: dict[Element, list[str]] = {}
        links: dict[Element, list[Element]] = {}
        outer: list[tuple[int, Element | None, bool]] = []
        end, cell, noscript = -1, None, False
        for index, element in enumerate(self._document.tree.iter_elements(_TAGS)):
            while index == end:
                end, cell, noscript = outer.pop()
            tag = element.tag
            if tag in _HOLDERS:
                inside = sum(1 for _ in element.iter_elements(_TAGS))
                if inside:
                    outer.append((end, cell, noscript))
                    end = index + 1 + inside
                    if tag == "noscript":
                        noscript = True
                    else:
                        cell = element
            elif cell is not None:
                if tag == "a":
                    links.setdefault(cell, []).append(element)
                if not noscript and not (tag == "input" and (element.attr("type") or "").strip().lower() == "hidden"):
                    groups.setdefault(cell, []).append(_GROUP_OF_TAG[tag])
        return groups, links
