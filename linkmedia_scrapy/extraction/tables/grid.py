"""The table model: which cell fills which slot, as a browser lays a table out.

HTML standard, 4.9.12 ("forming a table"), with browsers' two changes: a cell's rowspan ends with its row group, and columns come from
cells alone, not from `col` elements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from linkmedia_scrapy.extraction.document import Document, Element
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["Cell", "Grid", "form_grid"]

_MAX_COLSPAN: Final = 1000
_MAX_ROWSPAN: Final = 65534
_INTEGER: Final = re.compile(r"[\t\n\f\r ]*\+?([0-9]+)")


@dataclass(slots=True, eq=False)
class Cell:
    """A td or th, the slot at which it begins, and how many slots it covers."""

    element: Element
    header: bool
    row: int
    column: int
    rowspan: int
    colspan: int
    group: str
    """The name of the element that its row stands in: thead, tbody, tfoot, table."""
    text: str = ""


@dataclass(slots=True)
class Grid:
    """A table's slots, row by row; None where no cell is. All rows have the same length."""

    rows: list[list[Cell | None]]
    cells: list[Cell] = field(default_factory=list)
    caption: str = ""
    groups: list[str] = field(default_factory=list)
    """For every row the name of the element that it stands in."""
    truncated: bool = False
    """Whether the table was cut at the limit of slots."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def texts(self, first: int = 0, last: int | None = None) -> list[list[str]]:
        """The text of every slot of some rows; "" where no cell is."""
        return [[cell.text if cell is not None else "" for cell in row] for row in self.rows[first:last]]


def form_grid(table: Element, document: Document, max_slots: int) -> Grid:
    """Lay out one table; tables inside its cells are left out of their text.

    :param max_slots: rows from where the slots become more are cut off.
    """
    heads: list[tuple[str, list[Element]]] = []
    bodies: list[tuple[str, list[Element]]] = []
    feet: list[tuple[str, list[Element]]] = []
    loose: list[Element] | None = None
    caption = ""
    for child in _elements(table):
        tag = child.tag
        if tag == "caption" and not caption:
            caption = document.text(child)
        elif tag in ("thead", "tbody", "tfoot"):
            rows = [row for row in _elements(child) if row.tag == "tr"]
            {"thead": heads, "tbody": bodies, "tfoot": feet}[tag].append((tag, rows))
        elif tag == "tr":
            if loose is None:
                loose = []
                bodies.append(("table", loose))
            loose.append(child)
    grid = Grid(rows=[], caption=caption)
    room = max_slots
    for name, rows in heads + bodies + feet:
        room = _lay_out_group(grid, name, rows, document, room)
        if room < 0:
            grid.truncated = True
            break
    width = max(map(len, grid.rows), default=0)
    for row in grid.rows:
        row.extend([None] * (width - len(row)))
    return grid


def _lay_out_group(grid: Grid, name: str, rows: list[Element], document: Document, room: int) -> int:
    """Append a row group to the grid; the slots that are left, negative where they did not suffice."""
    top = len(grid.rows)
    slots: list[list[Cell | None]] = []
    reserved: list[dict[int, Cell]] = [{} for _ in rows]  # slots taken from above, by row and column
    for y, element in enumerate(rows):
        taken = reserved[y]
        row: list[Cell | None] = []
        x = 0
        for child in _elements(element):
            if child.tag not in ("td", "th"):
                continue
            while x in taken:
                x += 1
            colspan = min(_integer(child.attr("colspan"), 1) or 1, _MAX_COLSPAN)
            rowspan = min(_integer(child.attr("rowspan"), 1), _MAX_ROWSPAN, len(rows) - y) or len(rows) - y
            room -= colspan * rowspan
            if room < 0:
                break
            cell = Cell(child, child.tag == "th", top + y, x, rowspan, colspan, name, _cell_text(child, document))
            grid.cells.append(cell)
            for below in reserved[y : y + rowspan]:
                for column in range(x, x + colspan):
                    below.setdefault(column, cell)
            x += colspan
        row = [taken.get(column) for column in range(max(taken, default=-1) + 1)]
        slots.append(row)
        reserved[y] = {}
        if room < 0:
            break
    grid.rows += slots
    grid.groups += [name] * len(slots)
    return room


def _elements(parent: Element) -> list[Element]:
    return [child for child in parent.children if type(child) is Element]


def _integer(value: str | None, default: int) -> int:
    """The standard's rules for parsing non-negative integers (HTML, 2.3.4.2)."""
    match = _INTEGER.match(value) if value is not None else None
    return int(match.group(1)[:9]) if match else default


def _cell_text(cell: Element, document: Document) -> str:
    """What a reader sees in a cell; where that is nothing, its images' alternative texts and its fields' values."""
    text = document.text(cell, tables=False)
    if text or not len(cell):
        return text
    spare: list[str] = []
    for inner in cell.iter_elements(("img", "input", "textarea", "select")):
        tag = inner.tag
        if tag == "img":
            spare.append(inner.attr("alt") or "")
        elif tag == "input":
            if (inner.attr("type") or "").lower() not in ("hidden", "password"):
                spare.append(inner.attr("value") or "")
        elif tag == "textarea":
            spare.append(inner.text)
        else:
            options = list(inner.iter_elements("option"))
            chosen = next((option for option in options if option.attr("selected") is not None), options[0] if options else None)
            spare.append(chosen.text if chosen is not None else "")
    return collapse(" ".join(spare))
