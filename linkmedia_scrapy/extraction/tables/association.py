"""Which cells are the headers of which by their headers attributes: ids that may name any cell of the table (HTML standard, 4.9.12.2)."""

from __future__ import annotations

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid

__all__ = ["Associations"]


class Associations:
    """The relations between the cells of one grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        by_id: dict[str, Cell] = {}
        for cell in grid.cells:
            name = cell.element.attr("id")
            if name:
                by_id.setdefault(name, cell)
        self._pairs: list[tuple[Cell, Cell]] = []
        for cell in grid.cells:
            for name in cell.headers.split():
                header = by_id.get(name)
                if header is not None and header is not cell:
                    self._pairs.append((cell, header))
        self._headers = {header for _, header in self._pairs}

    def column_names(self) -> list[str]:
        """A name for each column from the cells that name their headers, wherever those stand; [] where not all columns have one."""
        names: dict[int, str] = {}
        # cells that are headers themselves last: only for columns of row headers it takes them
        for cell, header in sorted(self._pairs, key=lambda pair: pair[0] in self._headers):
            beside = header.row < cell.row + cell.rowspan and cell.row < header.row + header.rowspan
            if not beside and header.column <= cell.column < header.column + header.colspan and header.text:
                names.setdefault(cell.column, header.text)
        return [names[column] for column in range(self._grid.width)] if len(names) == self._grid.width else []

    def rows_of_names(self) -> int:
        """How many rows at the top hold nothing but cells that others name as their headers; 0 where all rows do."""
        for index, row in enumerate(self._grid.rows):
            cells = [cell for cell in row if cell is not None and cell.text]
            if not cells or any(cell not in self._headers for cell in cells):
                return index
        return 0
