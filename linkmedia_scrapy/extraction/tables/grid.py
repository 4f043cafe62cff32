"""The table model: which cell fills which slot, as a browser lays a table out.

HTML standard, 4.9.12.1 ("forming a table"), with browsers' two changes: a cell's rowspan ends with its row group, and columns come from
cells alone, not from `col` elements. Where cells overlap, the slot is the first one's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from linkmedia_scrapy.extraction.document import Element

__all__ = ["CELL_MARKS", "HEADER_ROLES", "MAX_COLSPAN", "MAX_ROWSPAN", "Cell", "Grid", "GridBuilder", "form_grid", "parse_span"]

MAX_COLSPAN: Final = 1000
MAX_ROWSPAN: Final = 65534
_INTEGER: Final = re.compile(r"[\t\n\f\r ]*([+-]?)0*([0-9]+)")
_SCOPES: Final = frozenset({"col", "colgroup", "row", "rowgroup"})
CELL_MARKS: Final = "[colspan],[rowspan],[scope],[headers],[abbr],td[role],th[role]"
"""A selector of the cells whose attributes matter here."""
HEADER_ROLES: Final = {"columnheader": "col", "rowheader": "row"}


@dataclass(slots=True, eq=False)
class Cell:
    """A td or th, the slot at which it begins, and how many slots it covers."""

    element: Element
    header: bool
    """Whether it is a th, or a td whose scope or role says that it heads others."""
    row: int = 0
    column: int = 0
    rowspan: int = 1
    colspan: int = 1
    scope: str = ""
    """col, colgroup, row, rowgroup, or ""."""
    headers: str = ""
    """The headers attribute: the ids of the cells that head it."""
    abbr: bool = False
    text: str = ""


@dataclass(slots=True)
class Grid:
    """A table's slots, row by row; None where no cell is. All rows have the same length."""

    rows: list[list[Cell | None]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    caption: Element | None = None
    groups: list[str] = field(default_factory=list)
    """For every row the name of the element that it stands in: thead, tbody, tfoot, table."""
    tags: set[str] = field(default_factory=set)
    """The names of the table's children."""
    truncated: bool = False
    """Whether the table was cut at the limit of slots."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def texts(self, first: int = 0, last: int | None = None) -> list[list[str]]:
        """The text of every slot of some rows; "" where no cell is."""
        return [[cell.text if cell is not None else "" for cell in row] for row in self.rows[first:last]]


def form_grid(table: Element, read: Callable[[Element], str], max_slots: int, marked: AbstractSet[Element] | None = None) -> Grid:
    """Lay out one table.

    :param read: gives the text of a td or th.
    :param marked: the page's `CELL_MARKS`, where they are known: the attributes of all other cells are not looked at.
    :param max_slots: rows times columns; what would make them more is cut off at the bottom, and `truncated` says so.
    """
    heads: list[tuple[str, list[Element]]] = []
    bodies: list[tuple[str, list[Element]]] = []
    feet: list[tuple[str, list[Element]]] = []
    loose: list[Element] | None = None
    grid = Grid()
    for child in table.children:
        if type(child) is not Element:
            continue
        tag = child.tag
        grid.tags.add(tag)
        if tag == "tr":
            if loose is None:
                loose = []
                bodies.append(("table", loose))
            loose.append(child)
        elif tag == "tbody":
            bodies.append((tag, _rows(child)))
        elif tag == "thead":
            heads.append((tag, _rows(child)))
        elif tag == "tfoot":
            feet.append((tag, _rows(child)))
        elif tag == "caption" and grid.caption is None:
            grid.caption = child
    builder = GridBuilder(grid, read, max_slots)
    for name, rows in heads + bodies + feet:
        if not builder.add_group(name, rows, lambda row: _cells(row, marked)):
            break
    builder.finish()
    return grid


def _rows(group: Element) -> list[Element]:
    return [child for child in group.children if type(child) is Element and child.tag == "tr"]


def _cells(row: Element, marked: AbstractSet[Element] | None) -> list[Cell]:
    """The cells of a tr, not yet placed; a rowspan of 0 reaches to the end of the row group."""
    cells: list[Cell] = []
    for child in row.children:
        if type(child) is not Element:
            continue
        tag = child.tag
        if tag not in ("td", "th"):
            continue
        cell = Cell(child, tag == "th")
        if marked is None or child in marked:
            attr = child.attr
            cell.colspan = min(parse_span(attr("colspan")) or 1, MAX_COLSPAN)
            cell.rowspan = min(parse_span(attr("rowspan")), MAX_ROWSPAN)
            cell.scope = _scope(attr("scope"), attr("role"))
            cell.header = cell.header or bool(cell.scope)
            cell.headers = attr("headers") or ""
            cell.abbr = attr("abbr") is not None
        cells.append(cell)
    return cells


def _scope(scope: str | None, role: str | None) -> str:
    if scope is not None and (scope := scope.strip().lower()) in _SCOPES:
        return scope
    return HEADER_ROLES.get(role.strip().lower(), "") if role is not None else ""


class GridBuilder:
    """Lays out row groups one below the other: the standard's algorithm, with its downward-growing cells kept by column."""

    def __init__(self, grid: Grid, read: Callable[[Element], str], max_slots: int) -> None:
        self.grid = grid
        self._read = read
        self._max_slots = max_slots
        self._width = 1

    def add_group(self, name: str, rows: list[Element], cells_of: Callable[[Element], list[Cell]]) -> bool:
        """Append a row group; False where the limit of slots was reached.

        :param cells_of: gives the cells of a row, not yet placed.
        """
        grid = self.grid
        end = len(grid.rows) + len(rows)
        hanging: dict[int, list[Cell]] = {}  # by column the cells that reach into rows below, the one that comes first in front
        for element in rows:
            if self._width * (len(grid.rows) + 1) > self._max_slots:
                grid.truncated = True
                return False
            y = len(grid.rows)
            row = _hang(hanging, y) if hanging else []
            fits = self._fill(row, cells_of(element), y, end, hanging)
            grid.rows.append(row)
            grid.groups.append(name)
            if not fits:
                grid.truncated = True
                return False
        return True

    def finish(self) -> None:
        """Bring all rows to one length."""
        width = max(map(len, self.grid.rows), default=0)
        for row in self.grid.rows:
            if len(row) < width:
                row.extend([None] * (width - len(row)))

    def _fill(self, row: list[Cell | None], cells: list[Cell], y: int, end: int, hanging: dict[int, list[Cell]]) -> bool:
        """Place the cells of one row; False where they would make the slots too many."""
        x = 0
        for cell in cells:
            while x < len(row) and row[x] is not None:
                x += 1
            colspan = cell.colspan
            width = max(self._width, x + colspan)
            if width * (y + 1) > self._max_slots:
                return False
            self._width = width
            cell.row, cell.column = y, x
            cell.rowspan = min(cell.rowspan or end - y, end - y)
            cell.text = self._read(cell.element)
            self.grid.cells.append(cell)
            for column in range(x, min(x + colspan, len(row))):
                if row[column] is None:
                    row[column] = cell
            row.extend([cell] * (x + colspan - len(row)))
            if cell.rowspan > 1:
                for column in range(x, x + colspan):
                    above = hanging.setdefault(column, [])
                    if not above or above[-1].row + above[-1].rowspan < y + cell.rowspan:
                        above.append(cell)
            x += colspan
        return True


def _hang(hanging: dict[int, list[Cell]], y: int) -> list[Cell | None]:
    """A row with the cells from above in it; those that end before it are taken out of `hanging`."""
    row: list[Cell | None] = [None] * (max(hanging) + 1)
    for column in list(hanging):
        cells = hanging[column]
        while cells and cells[0].row + cells[0].rowspan <= y:
            del cells[0]
        if cells:
            row[column] = cells[0]
        else:
            del hanging[column]
    while row and row[-1] is None:
        row.pop()
    return row


def parse_span(value: str | None) -> int:
    """A number of columns or rows by the rules for parsing non-negative integers (HTML, 2.3.4.2); 1 where it is none.

    >>> [parse_span(value) for value in (None, "3", " +2x", "-1", "-0", "1.9", "junk", "")]
    [1, 3, 2, 1, 0, 1, 1, 1]
    """
    match = _INTEGER.match(value) if value is not None else None
    if match is None:
        return 1
    number = int(match.group(2)[:9])
    return 1 if match.group(1) == "-" and number else number
