"""The text of a cell as a reader sees it, tables inside it apart."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["CellReader"]

_NO_VALUE: Final = frozenset({"hidden", "password"})
_OTHER: Final = frozenset({"noscript", "script", "style", "table", "template"})


class CellReader:
    """Reads cells of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def read(self, grid: Grid) -> None:
        """Read the cells' texts: white space folded, list items on lines of their own; else images' alt and fields' values."""
        for cell in grid.cells:
            element = cell.element
            if cell.plain:
                cell.text = " ".join(element.text.split()) or (self._spare(element) if cell.pictured else "")
            elif cell.simple:
                cell.text = " ".join(element.to_text().split()) or self._spare(element)
            else:
                cell.text = self.text(element)
        grid.fill()

    def link_text(self, anchor: Element, cell: Cell) -> str:
        """The text of a link in a cell."""
        if cell.plain:
            return " ".join(anchor.text.split())
        return " ".join(anchor.to_text().split()) if cell.simple else self._document.text(anchor)

    def text(self, element: Element) -> str:
        """The text of an element of which nothing is known."""
        return self._document.text(element, tables=False, lines=True) or self._spare(element)

    def _spare(self, cell: Element) -> str:
        found: list[str] = []
        pending = [iter(cell.children)]
        while pending:
            for node in pending[-1]:
                if type(node) is not Element:
                    continue
                tag = node.tag
                if tag in _OTHER or (node.attrs and self._document.hidden(node)):
                    continue
                if tag in ("img", "input", "select", "textarea"):
                    found.append(_value(node, tag))
                elif len(node):
                    pending.append(iter(node.children))
                    break
            else:
                pending.pop()
        return collapse(" ".join(found)) if found else ""


def _value(element: Element, tag: str) -> str:
    if tag == "img":
        return element.attr("alt") or ""
    if tag == "input":
        return "" if (element.attr("type") or "").strip().lower() in _NO_VALUE else element.attr("value") or ""
    if tag == "textarea":
        return element.text
    options = list(element.iter_elements("option"))
    chosen = next((option for option in options if option.attr("selected") is not None), options[0] if options else None)
    return chosen.text if chosen is not None else ""
