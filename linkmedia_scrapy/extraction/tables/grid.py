"""The table model: which cell fills which slot, as a browser lays a table out.

HTML standard, 4.9.12.1 ("forming a table"), with browsers' two changes: a cell's rowspan ends with its row group, and columns come from
cells alone, not from `col` elements. Where cells overlap, the slot is the first one's.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.extraction.document import Element

if TYPE_CHECKING:
    from linkmedia_scrapy.extraction.tables.markup import Markup

__all__ = ["HEADER_ROLES", "MAX_COLSPAN", "MAX_ROWSPAN", "Cell", "Grid", "GridBuilder", "RowGroup", "cell_scope", "form_grid", "parse_span"]

MAX_COLSPAN: Final = 1000
MAX_ROWSPAN: Final = 65534
_INTEGER: Final = re.compile(r"[\t\n\f\r ]*([+-]?)0*([0-9]+)")
_USUAL_DIGITS: Final = 5
_SCOPES: Final = frozenset({"col", "colgroup", "row", "rowgroup"})
_ORDER: Final = ("thead", "tbody", "tfoot")
HEADER_ROLES: Final = {"columnheader": "col", "rowheader": "row"}


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
    """Whether all that keeps it from being plain are line breaks and plain blocks."""
    pictured: bool = False
    """Whether it holds img elements."""

    def __init__(self, element: Element, header: bool, row: int = -1, column: int = 0, text: str = "") -> None:
        self.element = element
        self.header = header
        """Whether it is a th, or a td whose scope or role says that it heads others."""
        self.row = row
        """-1 while it has no place."""
        self.column = column
        self.text = text


RowGroup = tuple[str, list[list[Cell]], AbstractSet[int]]
"""A row group's name (thead, tbody, tfoot), the cells of its rows, not yet placed, and which rows have cells that span slots."""


@dataclass(slots=True)
class Grid:
    """A table's slots, row by row; None where no cell is. All rows have the same length."""

    rows: list[list[Cell | None]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    """The text of every slot; "" where no cell is."""
    parts: list[int] = field(default_factory=list)
    """How many cells each row has, those that reach into it from above included."""
    caption: Element | None = None
    groups: list[str] = field(default_factory=list)
    """For every row the name of the element that it stands in: thead, tbody, tfoot, table."""
    columns: bool = False
    """Whether it has col or colgroup elements."""
    sections: bool = False
    """Whether it has thead or tfoot elements."""
    associated: bool = False
    """Whether cells say what they head (scope, abbr) or what heads them (headers)."""
    links: list[tuple[Cell, Element]] = field(default_factory=list)
    """The a elements in the cells, in the order of the cells, those of inner tables apart."""
    holds: dict[str, int] = field(default_factory=dict)
    """How many links, pictures, list items, listings, tables, headings and controls the cells hold, those of inner tables apart."""
    spanning: list[bool] = field(default_factory=list)
    """Of every row whether one cell fills it, where there are several columns."""
    truncated: bool = False
    """Whether the table was cut at the limit of slots."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def counted(self, kind: str) -> int:
        """How many things of a kind the cells hold."""
        return self.holds.get(kind, 0)

    def fill(self) -> None:
        """Put the cells' texts into the slots."""
        self.texts = [["" if cell is None else cell.text for cell in row] for row in self.rows]


def form_grid(markup: Markup, max_slots: int) -> Grid:
    """Lay out one table; its texts are not read yet.

    :param max_slots: rows times columns; what would make them more is cut off at the bottom, and `truncated` says so.
    """
    sections = any(name in ("tfoot", "thead") for name, _, _ in markup.groups)
    grid = Grid(caption=markup.caption, columns=markup.columns, sections=sections, associated=markup.associated)
    builder = GridBuilder(grid, max_slots)
    groups = markup.groups if len(markup.groups) == 1 else sorted(markup.groups, key=lambda group: _ORDER.index(group[0]))
    for group in groups:
        if not builder.add_group(*group):
            break
    builder.finish()
    links, silent, held = markup.links, markup.silent_links, markup.held
    if grid.truncated:
        links = [link for link in links if link[0].row >= 0]
        silent = [cell for cell in silent if cell.row >= 0]
        held = [part for part in held if part[0].row >= 0]
    grid.links = links if len(markup.groups) == 1 else sorted(links, key=_place)
    holds = grid.holds
    for _, kind in held:
        holds[kind] = holds.get(kind, 0) + 1
    holds["links"] = len(links) - len(silent)
    return grid


def _place(link: tuple[Cell, Element]) -> tuple[int, int]:
    return link[0].row, link[0].column


def cell_scope(scope: str | None, role: str | None) -> str:
    """What a cell's scope attribute says, or its role."""
    if scope is not None and (scope := scope.strip().lower()) in _SCOPES:
        return scope
    return HEADER_ROLES.get(role.strip().lower(), "") if role is not None else ""


class GridBuilder:
    """Lays out row groups one below the other: the standard's algorithm, with its downward-growing cells kept by column."""

    def __init__(self, grid: Grid, max_slots: int) -> None:
        self.grid = grid
        self._max_slots = max_slots
        self._width = 1

    def add_group(self, name: str, rows: list[list[Cell]], spanned: AbstractSet[int]) -> bool:
        """Append a row group; False where the limit of slots was reached. A rowspan of 0 reaches to its end.

        :param spanned: the rows that have cells with a colspan or rowspan other than 1.
        """
        grid = self.grid
        lines, all_cells, parts = grid.rows, grid.cells, grid.parts
        y = len(lines)
        end = y + len(rows)
        hanging: dict[int, list[Cell]] = {}  # by column the cells that reach into rows below, the one that comes first in front
        start = y
        for cells in rows:
            width = len(cells)
            width = max(width, self._width)
            if hanging or (spanned and y - start in spanned) or width * (y + 1) > self._max_slots:
                if self._width * (y + 1) > self._max_slots:
                    grid.truncated = True
                    return False
                row = _hang(hanging, y) if hanging else []
                fits = self._fill(row, cells, y, end, hanging)
                parts.append(len({*row} - {None}))
            else:  # every cell has a slot of its own
                for x, cell in enumerate(cells):
                    cell.row = y
                    cell.column = x
                self._width = width
                all_cells += cells
                row = list(cells)
                fits = True
                parts.append(len(cells))
            lines.append(row)
            grid.groups.append(name)
            if not fits:
                grid.truncated = True
                return False
            y += 1
        return True

    def finish(self) -> None:
        """Bring all rows to one length."""
        rows = self.grid.rows
        width = max(map(len, rows), default=0)
        for row in rows:
            if len(row) < width:
                row.extend([None] * (width - len(row)))
        self.grid.spanning = [width > 1 and row[0] is not None and row[0] is row[-1] for row in rows]

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
    if value is None:
        return 1
    if len(value) <= _USUAL_DIGITS and value.isascii() and value.isdigit():
        return int(value)
    match = _INTEGER.match(value)
    if match is None:
        return 1
    number = int(match.group(2)[:9])
    return 1 if match.group(1) == "-" and number else number
