"""Kinds of tables: relational (a row is a thing, a column a property), entity (properties of one thing), matrix (headers on both sides)."""

from __future__ import annotations

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.tables.headers import KEY_ENDS, NAME_LIMIT, Headers
from linkmedia_scrapy.extraction.tables.numeric import NUMERIC

__all__ = ["kind_of"]


def kind_of(grid: Grid, headers: Headers) -> str:
    """relational, entity or matrix."""
    spanning = grid.spanning
    body = [row for row, spanned in zip(grid.rows[headers.rows :], spanning[headers.rows :], strict=True) if not spanned]
    apart = not all(spanning[: headers.rows])
    if not headers.headed and headers.columns:
        return "entity"  # keys by their looks
    if not apart:
        return "entity" if _are_pairs(body) or _are_properties(body) else "relational"
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


def _are_properties(body: list[list[Cell | None]]) -> bool:
    """Whether rows are a short, different text that is no number, and a value, some numbers and some not: one thing has such properties."""
    if len(body) < 2 or len(body[0]) != 2:
        return False
    keys = ["" if key is None else key.text for key, _ in body]
    if len(set(keys)) < len(keys) or any(not key or len(key) > NAME_LIMIT or NUMERIC.fullmatch(key) for key in keys):
        return False
    values = [value.text for _, value in body if value is not None and value.text]
    numbers = sum([NUMERIC.fullmatch(value) is not None for value in values])
    return 0 < len(values) <= 10 * min(numbers, len(values) - numbers)  # one missing number makes no property of a ranking


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
