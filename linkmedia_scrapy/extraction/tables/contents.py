"""What stands in the cells of a page's tables besides text, found in one pass over the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element, Spot
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

    def links(self, cell: Cell) -> list[Spot]:
        """The links in a cell, those of inner tables apart."""
        return self._links.get(cell.element, [])

    @cached_property
    def _groups(self) -> dict[Element, list[str]]:
        groups: dict[Element, list[str]] = {}
        document = self._document
        for element in document.tree.iter_elements(frozenset(_GROUP_OF_TAG)):
            place = document.place(element)
            if place.cell is not None and place.noscript is None:
                tag = element.tag
                if tag == "input" and (element.attr("type") or "").strip().lower() == "hidden":
                    continue
                groups.setdefault(place.cell, []).append(_GROUP_OF_TAG[tag])
        return groups

    @cached_property
    def _links(self) -> dict[Element, list[Spot]]:
        links: dict[Element, list[Spot]] = {}
        for spot in self._document.find("a"):
            cell = self._document.place(spot.element).cell
            if cell is not None:
                links.setdefault(cell, []).append(spot)
        return links
