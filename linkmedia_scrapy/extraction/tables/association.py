"""Which header cells belong to which cell.

HTML standard, 4.9.12.2 ("forming relationships between data cells and header cells"), with what browsers do besides: a td with a scope
or a header's role is a header cell, colgroup and rowgroup headers are found where they stand, a cell that spans several columns or rows
has the headers of its first, and ids in `headers` may name any cell of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid

__all__ = ["Associations"]


class Associations:
    """The relations between the cells of one grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def column_headers(self, cell: Cell) -> list[Cell]:
        """The header cells of a cell's column, the nearest first (in the order of ids where it has a headers attribute)."""
        if cell.headers:
            return [header for header in self._named(cell) if not _in_rows_of(header, cell)]
        column = cell.column
        above = (row[column] for row in reversed(self._grid.rows[: cell.row]))
        return list(self._scan(cell, above, down=True))

    def row_headers(self, cell: Cell) -> list[Cell]:
        """The header cells of a cell's row, the nearest first (in the order of ids where it has a headers attribute)."""
        if cell.headers:
            return [header for header in self._named(cell) if _in_rows_of(header, cell)]
        return list(self._scan(cell, reversed(self._grid.rows[cell.row][: cell.column]), down=False))

    def column_names(self) -> list[str]:
        """A name for each column from the cells that name their headers, wherever those stand; [] where not all columns have one."""
        names: dict[int, str] = {}
        heading = self._heading
        named = [cell for cell in self._grid.cells if cell.headers]
        # those that are headers themselves last: only for columns of row headers it takes them
        for cell in sorted(named, key=lambda cell: id(cell) in heading):
            for header in self.column_headers(cell):
                if header.column <= cell.column < header.column + header.colspan and header.text:
                    names.setdefault(cell.column, header.text)
        return [names[column] for column in range(self._grid.width)] if len(names) == self._grid.width else []

    def rows_of_names(self) -> int:
        """How many rows at the top hold nothing but cells that others name as their headers; 0 where all rows do."""
        for index, row in enumerate(self._grid.rows):
            cells = [cell for cell in row if cell is not None and cell.text]
            if not cells or any(id(cell) not in self._heading for cell in cells):
                return index
        return 0

    def _scan(self, principal: Cell, slots: Iterator[Cell | None], *, down: bool) -> Iterator[Cell]:
        """The standard's "scanning and assigning header cells", in one direction."""
        opaque: set[tuple[int, int]] = set()
        block = [principal] if principal.header else []
        in_block = principal.header
        given: set[int] = {id(principal)}
        last = principal
        for cell in slots:
            if cell is None or cell is last:
                continue
            last = cell
            if cell.header:
                in_block = True
                block.append(cell)
                blocked = _extent(cell, down) in opaque or not (self._heads_columns(cell) if down else self._heads_rows(cell))
                if not blocked and id(cell) not in given and cell.text:
                    given.add(id(cell))
                    yield cell
            elif in_block:
                in_block = False
                opaque.update(_extent(header, down) for header in block)
                block = []

    def _heads_columns(self, cell: Cell) -> bool:
        if cell.scope:
            return cell.scope in ("col", "colgroup")
        return not any(self._data_in_row[cell.row : cell.row + cell.rowspan])

    def _heads_rows(self, cell: Cell) -> bool:
        if cell.scope:
            return cell.scope in ("row", "rowgroup")
        return not self._heads_columns(cell) and not any(self._data_in_column[cell.column : cell.column + cell.colspan])

    def _named(self, cell: Cell) -> list[Cell]:
        found = (self._by_id.get(name) for name in cell.headers.split())
        return [header for header in dict.fromkeys(found) if header is not None and header is not cell]

    @cached_property
    def _heading(self) -> set[int]:
        return {id(header) for cell in self._grid.cells if cell.headers for header in self._named(cell)}

    @cached_property
    def _by_id(self) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for cell in self._grid.cells:
            name = cell.element.attr("id") if cell.element.attrs else None
            if name:
                cells.setdefault(name, cell)
        return cells

    @cached_property
    def _data_in_row(self) -> list[bool]:
        return [any(cell is not None and _is_data(cell) for cell in row) for row in self._grid.rows]

    @cached_property
    def _data_in_column(self) -> list[bool]:
        found = [False] * self._grid.width
        for cell in self._grid.cells:
            if _is_data(cell):
                found[cell.column : cell.column + cell.colspan] = [True] * cell.colspan
        return found


def _is_data(cell: Cell) -> bool:
    """Whether a cell is one that keeps th beside it from being headers by their position; an empty corner is not."""
    return not cell.header and bool(cell.text)


def _in_rows_of(header: Cell, cell: Cell) -> bool:
    """Whether a header stands beside a cell rather than above or below it."""
    return header.row < cell.row + cell.rowspan and cell.row < header.row + header.rowspan


def _extent(cell: Cell, down: bool) -> tuple[int, int]:
    return (cell.column, cell.colspan) if down else (cell.row, cell.rowspan)
