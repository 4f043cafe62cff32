"""The table model: which cell fills which slot, as a browser lays a table out.

HTML standard, 4.9.12.1 ("forming a table"), with browsers' two changes: a cell's rowspan ends with its row group, and columns come from
cells alone, not from `col` elements. Where cells overlap, the slot is the first one's.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from linkmedia_scrapy.extraction.document import Element
from linkmedia_scrapy.extraction.tags import HEADER_ROLES, table_role

__all__ = ["MAX_COLSPAN", "MAX_ROWSPAN", "Cell", "Grid", "GridBuilder", "cell_scope", "parse_span"]

MAX_COLSPAN: Final = 1000
MAX_ROWSPAN: Final = 65534
_INTEGER: Final = re.compile(r"[\t\n\f\r ]*([+-]?)0*([0-9]+)")
_USUAL_DIGITS: Final = 5
_SCOPES: Final = frozenset({"col", "colgroup", "row", "rowgroup"})


class Cell:
    """A td or th, the slot at which it begins, and how many slots it covers. What few cells have is an attribute of the class."""

    rowspan: int = 1
    colspan: int = 1
    scope: str = ""
    """col, colgroup, row, rowgroup, or ""."""
    headers: str = ""
    """The headers attribute: the ids of the cells that head it."""
    plain: bool = True
    """Whether it holds no more than text in a line: no blocks, nothing hidden."""
    simple: bool = True
    """Whether all that keeps it from being plain are line breaks and plain blocks; once it is read, such as the parser tells apart."""
    stacked: bool = True
    """Whether all that keeps it from being plain are blocks of text, list items among them."""
    pictured: bool = False
    """Whether it holds img elements."""
    text: str = ""

    def __init__(self, element: Element, header: bool, row: int = 0, column: int = 0) -> None:
        self.element = element
        self.header = header
        """Whether it is a th, or a td whose scope or role says that it heads others."""
        self.row = row
        """Row and column are those of the slot where it begins; before it is placed, those that it would have if no cell spanned any."""
        self.column = column


class Grid:
    """A table's slots, row by row; None where no cell is. All rows have the same length."""

    __slots__ = (
        "associated",
        "caption",
        "cells",
        "columns",
        "fields",
        "groups",
        "headed",
        "holds",
        "links",
        "parts",
        "rows",
        "sections",
        "shortened",
        "spanning",
        "texts",
        "truncated",
    )

    def __init__(self) -> None:
        self.rows: list[list[Cell | None]] = []
        self.cells: list[Cell] = []
        self.texts: list[list[str]] = []
        """The text of every slot; "" where no cell is."""
        self.parts: list[int] = []
        """How many cells each row has, those that reach into it from above included."""
        self.caption: Element | None = None
        """The element that captions it."""
        self.groups: list[str] = []
        """For every row the name of the element that it stands in: thead, tbody, tfoot, table."""
        self.columns = False
        """Whether it has col or colgroup elements."""
        self.sections = False
        """Whether it has thead or tfoot elements."""
        self.headed = False
        """Whether it has header cells."""
        self.associated = False
        """Whether cells say what they head (scope, abbr) or what heads them (headers)."""
        self.links: list[tuple[Cell, Element]] = []
        """The a elements in the cells, in the order of the cells, those of inner tables apart."""
        self.fields: list[Cell] = []
        """The cells to fill in."""
        self.holds: dict[str, int] = {}
        """How many links, pictures, list items, listings, tables, headings, controls and choices the cells hold, those of inner tables
        apart; how many cells hold lists of links."""
        self.spanning: list[bool] = []
        """Of every row whether one cell fills it, where there are several columns."""
        self.truncated = False
        """Whether the table was cut at the limit of slots."""
        self.shortened = False
        """Whether texts that stand in many slots were cut short."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def counted(self, kind: str) -> int:
        """How many things of a kind the cells hold."""
        return self.holds.get(kind, 0)

    def fill(self, texts: list[str]) -> None:
        """Give the cells their texts, and put these into the slots."""
        cells, rows, width = self.cells, self.rows, self.width
        for index, cell in enumerate(cells):
            cell.text = texts[index]
        if cells and len(cells) == len(rows) * width:  # every slot has a cell of its own
            self.texts = [texts[start : start + width] for start in range(0, len(cells), width)]
        else:
            self.texts = [["" if slot is None else slot.text for slot in row] for row in rows]


def cell_scope(scope: str | None, role: str | None) -> str:
    """What a cell's scope attribute says, or its role."""
    if scope is not None and (scope := scope.strip().lower()) in _SCOPES:
        return scope
    return HEADER_ROLES.get(table_role(role), "") if role is not None else ""


class GridBuilder:
    """Lays out row groups one below the other: the standard's algorithm, with its downward-growing cells kept by column."""

    def __init__(self, grid: Grid, max_slots: int) -> None:
        self.grid = grid
        self._max_slots = max_slots
        self._width = 1

    def add_group(self, name: str, rows: list[list[Cell]], spanned: AbstractSet[int]) -> bool:
        """Append a row group; False where the limit of slots was reached. A rowspan of 0 reaches to its end.

        :param rows: cells that are numbered as if none of them spanned slots, but for those of `spanned` rows.
        :param spanned: the rows that have cells with a colspan or rowspan other than 1, or that are not numbered.
        """
        start = len(self.grid.rows)
        width = self._width
        for cells in rows:
            width = max(width, len(cells))
        if not spanned and width * (start + len(rows)) <= self._max_slots:
            self._width = width
            self._add_plain(name, rows)
            return True
        end = start + len(rows)
        hanging: dict[int, list[Cell]] = {}  # by column the cells that reach into rows below, the one that comes first in front
        for y, cells in enumerate(rows, start):
            width = max(len(cells), self._width)
            if not hanging and y - start not in spanned and width * (y + 1) <= self._max_slots:
                self._width = width
                self._add_plain(name, [cells])
            elif self._width * (y + 1) > self._max_slots or not self._add_row(name, cells, y, end, hanging):
                self.grid.truncated = True
                return False
        return True

    def finish(self) -> None:
        """Bring all rows to one length."""
        rows = self.grid.rows
        width = 0
        for row in rows:
            width = max(width, len(row))
        for row in rows:
            if len(row) < width:
                row += [None] * (width - len(row))
        self.grid.spanning = [width > 1 and row[0] is not None and row[0] is row[-1] for row in rows]

    def _add_plain(self, name: str, rows: list[list[Cell]]) -> None:
        """Append rows in which every cell has a slot of its own: the cells know their places."""
        grid = self.grid
        for cells in rows:
            grid.cells += cells
            grid.rows.append([*cells])
            grid.parts.append(len(cells))
            grid.groups.append(name)

    def _add_row(self, name: str, cells: list[Cell], y: int, end: int, hanging: dict[int, list[Cell]]) -> bool:
        """Place the cells of one row, beside those from above; False where they would make the slots too many."""
        grid, all_cells = self.grid, self.grid.cells
        row = _hang(hanging, y) if hanging else []
        reaching = len({*row} - {None}) if row else 0
        before = len(all_cells)
        grid.rows.append(row)
        grid.groups.append(name)
        fits = True
        x = 0
        for cell in cells:
            while x < len(row) and row[x] is not None:
                x += 1
            stop = x + cell.colspan
            if stop > self._width:
                if stop * (y + 1) > self._max_slots:
                    fits = False
                    break
                self._width = stop
            cell.row = y
            cell.column = x
            all_cells.append(cell)
            for column in range(x, min(stop, len(row))):
                if row[column] is None:
                    row[column] = cell
            while len(row) < stop:
                row.append(cell)
            if cell.rowspan != 1:
                cell.rowspan = min(cell.rowspan or end - y, end - y)
                if cell.rowspan > 1:
                    _let_hang(cell, hanging)
            x = stop
        grid.parts.append(reaching + len(all_cells) - before)
        return fits


def _let_hang(cell: Cell, hanging: dict[int, list[Cell]]) -> None:
    """Note that a cell reaches into rows below, where no other reaches as deep from before."""
    end = cell.row + cell.rowspan
    for column in range(cell.column, cell.column + cell.colspan):
        above = hanging.setdefault(column, [])
        if not above or above[-1].row + above[-1].rowspan < end:
            above.append(cell)


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
    if value is None:
        return 1
    if len(value) <= _USUAL_DIGITS and value.isascii() and value.isdigit():
        return int(value)
    match = _INTEGER.match(value)
    if match is None:
        return 1
    number = int(match.group(2)[:9])
    return 1 if match.group(1) == "-" and number else number
