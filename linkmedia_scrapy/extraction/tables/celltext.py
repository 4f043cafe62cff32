"""The text of a cell as a reader sees it, tables inside it apart."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["CellReader"]

_NO_VALUE: Final = frozenset({"hidden", "password"})
_OTHER: Final = frozenset({"noscript", "script", "style", "table", "template"})


class CellReader:
    """Reads cells of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __call__(self, cell: Element) -> str:
        """The cell's text: white space folded, list items on lines of their own; where it has none, images' alt and fields' values."""
        if not len(cell):
            return ""
        return self._document.text(cell, tables=False, lines=True) or self._spare(cell)

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
