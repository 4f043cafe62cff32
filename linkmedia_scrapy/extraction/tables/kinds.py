"""Kinds of tables: relational (a row is a thing, a column a property), entity (properties of one thing), matrix (headers on both sides)."""

from __future__ import annotations

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.tables.headers import KEY_ENDS, NUMERIC, Headers

__all__ = ["kind_of"]


def kind_of(grid: Grid, headers: Headers) -> str:
    """relational, entity or matrix."""
    spanning = grid.spanning
    body = [row for row, spanned in zip(grid.rows[headers.rows :], spanning[headers.rows :], strict=True) if not spanned]
    apart = not all(spanning[: headers.rows])
    if not headers.headed and headers.columns:
        return "entity"  # keys by their looks
    if not apart:
        return "entity" if _are_pairs(body) else "relational"
    if len(body) == 1 and len(grid.rows) == headers.rows + 1 and grid.width > 1:
        return "entity"  # the keys in a row, the values below
    if headers.columns and _is_matrix(grid, headers, body):
        return "matrix"
    return "relational"


def _are_pairs(body: list[list[Cell | None]]) -> bool:
    """Whether rows are keys and values by turns: a th or a text with a colon, then one that is not."""
    width = len(body[0]) if body else 0
    if width < 2 or width % 2:
        return False
    pairs = [(row[x], row[x + 1]) for row in body for x in range(0, width, 2) if row[x] is not None and row[x + 1] is not row[x]]
    keys = [key for key, value in pairs if key is not None and key.text and (value is None or not value.header)]
    if not keys or len(keys) * 10 < len(pairs) * 9:
        return False
    return all(key.header for key in keys) or (len(keys) > 1 and all(key.header or key.text.endswith(KEY_ENDS) for key in keys))


def _is_matrix(grid: Grid, headers: Headers, body: list[list[Cell | None]]) -> bool:
    """Whether the corner names nothing, or both axes, and the cells of the body are all of one sort."""
    corner = [cell for row in grid.rows[: headers.rows] for cell in row[: headers.columns] if cell is not None and cell.text]
    above = [cell for cell in grid.rows[headers.rows - 1][headers.columns :] if cell is not None and cell.text]
    beside = [cell.text for row in body if (cell := row[headers.columns - 1]) is not None]
    if beside in ([str(number) for number in range(first, first + len(beside))] for first in (0, 1)):
        return False  # numbered rows: an index, as data frames are printed with
    inner = [cell.text for row in body for cell in row[headers.columns :] if cell is not None and cell.text]
    numbers = sum(NUMERIC.fullmatch(text) is not None for text in inner)
    alike = not inner or numbers >= 0.8 * len(inner) or numbers == 0
    if corner and not any(mark in corner[-1].text for mark in "/\\↓→"):
        return alike and numbers > 0 and len(above) > 1 and all(NUMERIC.fullmatch(cell.text) for cell in above)
    return alike
