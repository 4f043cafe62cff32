"""The text of a cell as a reader sees it, tables inside it apart."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.links import spare_text
from linkmedia_scrapy.extraction.tables.grid import Cell, Grid, parse_span
from linkmedia_scrapy.extraction.tables.markup import SIMPLE, STACKED
from linkmedia_scrapy.extraction.tags import LINES
from linkmedia_scrapy.extraction.text import BETWEEN, collapse, excerpt

__all__ = ["CellReader", "stacked_text"]

_NO_VALUE: Final = frozenset({"hidden", "password"})
_OTHER: Final = frozenset({"noscript", "script", "style", "table"})
_TOLD_APART: Final = tuple(sorted(SIMPLE - {"br"}))
_STACKED: Final = ":is(" + ",".join(sorted(STACKED)) + ")"
_INNERMOST: Final = f"{_STACKED}:not(:has({_STACKED}))"
_STACKED_LINES: Final = ",".join(sorted(STACKED & LINES))
_LONGEST: Final = 100_000  # characters in a cell; `Document.text` has a limit, which is not far beyond


class CellReader:
    """Reads cells of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._room = document.room

    def read(self, grid: Grid) -> None:
        """Read the cells' texts: white space folded, list items on lines of their own; else images' alt and fields' values."""
        careful = self._document.flattened
        texts: list[str] = []
        for cell in grid.cells:
            element = cell.element
            if cell.simple and not cell.plain:
                cell.simple = _are_told_apart(element)
            if cell.plain:
                text = collapse(element.text)
            elif cell.simple:
                text = collapse(element.to_text())
            elif cell.stacked and not careful:
                text = stacked_text(element)
            else:
                text = ""
            if not text:
                if not cell.simple:
                    text = self.text(element)
                elif cell.pictured or not cell.plain:
                    text = self._spare(element)
            texts.append(text)
        self.fill(grid, texts)

    def fill(self, grid: Grid, texts: list[str]) -> None:
        """Put cells' texts into a grid. There is room for so much in all slots of the page: a few cells can be made to span a million."""
        if len(grid.cells) != len(grid.rows) * grid.width:
            for index, cell in enumerate(grid.cells):
                if cell.rowspan != 1 or cell.colspan != 1:
                    texts[index] = self.repeated(grid, texts[index], cell.rowspan * cell.colspan)
        grid.fill(texts)

    def repeated(self, grid: Grid, text: str, times: int) -> str:
        """A text that stands in so many slots of a grid; cut short where there is no room for it."""
        fits = max(self._room // times, 1)
        if len(text) > fits:
            text = excerpt(text, fits)
            grid.shortened = True
        self._room -= len(text) * times
        return text

    def link_text(self, cell: Cell, anchor: Element) -> str:
        """The text of a link in a cell, or what stands in for it in the link's own record."""
        if cell.plain:
            text = collapse(anchor.text)
        elif cell.simple:
            text = collapse(anchor.to_text())
        else:
            text = self._document.text(anchor)
        return text or spare_text(self._document, anchor)

    def text(self, element: Element) -> str:
        """The text of an element of which nothing is known."""
        return self._document.text(element, tables=False, lines=True) or self._spare(element)

    def _spare(self, cell: Element) -> str:
        found: list[str] = []
        pending = [iter(cell)]
        while pending and self._room >= 0:
            for node in pending[-1]:
                if type(node) is not Element:
                    continue
                self._room -= 1  # lists can be made to nest
                tag = node.tag
                if tag in _OTHER or (node.attrs and self._document.hidden(node)):
                    continue
                if tag in ("img", "input", "select", "textarea"):
                    found.append(_value(node, tag))
                elif len(node):
                    pending.append(iter(node))
                    break
            else:
                pending.pop()
        return collapse(" ".join(found)) if found else ""


def _are_told_apart(cell: Element) -> bool:
    """Whether the parser's plain text ends lines around the blocks in a cell: not if one has no text, or stands in an inline element."""
    for block in cell.iter_elements(_TOLD_APART):
        above = block.parent
        if above is not cell and not (type(above) is Element and above.tag in SIMPLE):
            return False
        if next(block.stripped_strings, None) is None:
            return False
    return True


def stacked_text(cell: Element) -> str:
    """The text of a cell with blocks in it, if all text stands in the innermost ones and those that make lines are such; else "".

    It is what `Document.text` gives, found by the parser rather than node by node. Most lists are such stacks.
    """
    strings: list[str] = []
    whole = cell.text
    if len(whole) > _LONGEST:
        return ""
    position = items = 0
    behind_item = False
    for block in cell.select(_INNERMOST):
        text = block.text
        start = whole.find(text, position)
        if start > position and not whole[position:start].isspace():
            return ""
        position = start + len(text)
        item = block.tag in LINES
        items += item
        if strings:
            strings.append(BETWEEN if item or behind_item else " ")
        strings.append(text)
        behind_item = item
    if whole[position:].strip():
        return ""
    if len(strings) > 1 and len(cell.select(_STACKED_LINES)) != items:  # a single text stands on a line of its own anyway
        return ""
    return "\n".join([line for string in "".join(strings).split(BETWEEN) if (line := collapse(string))])


def _value(element: Element, tag: str) -> str:
    if tag == "img":
        return element.attr("alt") or ""
    if tag == "input":
        return "" if (element.attr("type") or "").strip().lower() in _NO_VALUE else element.attr("value") or ""
    if tag == "textarea":
        return element.text
    return _chosen(element)


def _chosen(select: Element) -> str:
    """The text of the option that a list shows as chosen; a list box shows none that the page has not chosen (HTML, 4.10.7)."""
    options = list(select.iter_elements("option"))
    chosen = [option for option in options if option.attr("selected") is not None]
    if select.attr("multiple") is not None:
        return chosen[0].text if chosen else ""
    if not chosen and parse_span(select.attr("size")) <= 1:
        chosen = [option for option in options if not _is_disabled(option)][:1]
    return chosen[-1].text if chosen else ""


def _is_disabled(option: Element) -> bool:
    if option.attr("disabled") is not None:
        return True
    group = option.parent
    return type(group) is Element and group.tag == "optgroup" and group.attr("disabled") is not None
