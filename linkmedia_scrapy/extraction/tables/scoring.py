"""Data or layout: a score made of named parts, from markup, shape and text. From 7 on a table is taken for data."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.document import Element
from linkmedia_scrapy.extraction.tables.grid import Cell, Grid

__all__ = ["score_parts"]

_NUMERIC: Final = re.compile(r"[-+−]?[\W_]{0,3}\d[\d\s.,:/%°'’–-]*\W{0,3}[a-zA-Z]{0,3}\W?")
_LAYOUT_ROLES: Final = frozenset({"none", "presentation"})
_DATA_ROLES: Final = frozenset({"grid", "table", "treegrid"})
_LONG_CELL: Final = 300


def score_parts(table: Element, grid: Grid, nested: bool) -> dict[str, float]:
    """What speaks for data (positive) and for layout (negative), by name; the score is their sum.

    :param nested: whether the table has tables in its cells.
    """
    parts: dict[str, float] = {}
    role = (table.attr("role") or "").strip().lower()
    if role in _LAYOUT_ROLES or table.attr("datatable") == "0":
        parts["layout_role"] = -20.0
    elif role in _DATA_ROLES:
        parts["data_role"] = 7.0
    filled = [cell for cell in grid.cells if cell.text]
    headers = [cell for cell in filled if cell.header]
    rows, columns = len(grid.rows), grid.width
    if headers:
        parts["header_cells"] = 2.0 if len(headers) == 1 and rows <= 2 else 6.0
    if any(name == "thead" for name in grid.groups):
        parts["thead"] = 2.0
    if grid.caption:
        parts["caption"] = 3.0
    if table.attr("summary"):
        parts["summary"] = 2.0
    if any(cell.element.attr(name) is not None for cell in grid.cells for name in ("scope", "headers", "abbr", "axis")):
        parts["cell_associations"] = 3.0
    if nested:
        parts["nested_tables"] = -8.0
    if rows >= 2 and columns >= 2:
        parts["shape"] = 2.0
    else:
        parts["single_row_or_column"] = -5.0
    if not filled:
        parts["no_text"] = -10.0
        return parts
    parts.update(_text_parts(grid, filled, rows, columns))
    if next(iter(table.iter_elements(("form", "textarea", "iframe"))), None) is not None:
        parts["controls"] = -4.0
    return parts


def _text_parts(grid: Grid, filled: list[Cell], rows: int, columns: int) -> dict[str, float]:
    parts: dict[str, float] = {}
    longest = max(len(cell.text) for cell in filled)
    share = sum(len(cell.text) > _LONG_CELL for cell in filled) / len(filled)
    if longest > _LONG_CELL * 5 or share > 0.2:
        parts["long_texts"] = -5.0
    if rows >= 3 and columns >= 2:
        full = sum(all(cell is not None and cell.text for cell in row) for row in grid.rows) / rows
        if full >= 0.75:
            parts["filled_rows"] = 2.0
        numeric = _numeric_columns(grid)
        if numeric:
            parts["numeric_columns"] = 2.0
        if len(filled) < rows * columns / 4:
            parts["mostly_empty"] = -3.0
    return parts


def _numeric_columns(grid: Grid) -> int:
    count = 0
    for column in range(grid.width):
        texts = [cell.text for row in grid.rows if (cell := row[column]) is not None and cell.text and not cell.header]
        if len(texts) >= 2 and sum(_NUMERIC.fullmatch(text) is not None for text in texts[:200]) >= 0.7 * min(len(texts), 200):
            count += 1
    return count
