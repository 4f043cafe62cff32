"""Headers: which rows and columns of a grid name the others."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid

__all__ = ["JOINT", "column_names", "count_header_rows", "count_row_header_columns"]

JOINT: Final = " › "
"""What stands between the names of several header rows, joined into one."""


def count_header_rows(grid: Grid) -> int:
    """How many rows at the top are headers: the thead's, else those in which every cell is a th or empty."""
    head = 0
    while head < len(grid.rows) and grid.groups[head] == "thead":
        head += 1
    if head:
        return head if head < len(grid.rows) or not all(map(_is_data, grid.cells)) else 0
    while head < len(grid.rows) and _is_header_row(grid.rows[head], head):
        head += 1
    return head


def _is_data(cell: Cell) -> bool:
    return not cell.header


def _is_header_row(row: list[Cell | None], index: int) -> bool:
    cells = [cell for cell in row if cell is not None]
    if not any(cell.header and cell.text for cell in cells):
        return False
    if any(cell.header and (cell.element.attr("scope") or "").lower() in ("row", "rowgroup") for cell in cells if cell.row == index):
        return False
    return all(cell.header or not cell.text for cell in cells)


def count_row_header_columns(grid: Grid, header_rows: int) -> int:
    """How many columns at the left hold row headers: th in every row of the body where a cell begins."""
    count = 0
    body = grid.rows[header_rows:]
    while body and count < grid.width - 1:
        cells = [row[count] for row in body if row[count] is not None]
        if not cells or not all(cell is not None and (cell.header or not cell.text) for cell in cells):
            break
        if not any(cell is not None and cell.header for cell in cells):
            break
        count += 1
    return count


def column_names(grid: Grid, header_rows: int) -> list[str]:
    """One name a column; the names of several header rows joined, one that spans them told once; [] without header rows."""
    if not header_rows:
        return []
    names: list[str] = []
    for column in range(grid.width):
        parts: list[str] = []
        last: Cell | None = None
        for row in grid.rows[:header_rows]:
            cell = row[column]
            if cell is not None and cell is not last and cell.text:
                parts.append(cell.text)
            last = cell
        names.append(JOINT.join(parts))
    return names
