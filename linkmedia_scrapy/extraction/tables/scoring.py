"""Data or layout: a score made of named parts, from markup, shape and text. From 7 on a table is taken for data.

The parts' weights are fitted on tables that people have labelled (`benchmarks/fit_tables.py`): a score is 7 and some times the
logarithm of the odds that the table is data. Names of classes and ids are not looked at; a role counts only for what WAI-ARIA says that
it means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.headers import Headers
from linkmedia_scrapy.extraction.tables.numeric import mostly_numbers
from linkmedia_scrapy.extraction.tags import LAYOUT_ROLES, TABLE_ROLES, table_role

__all__ = ["DECLARED", "WEIGHTS", "declared_parts", "features", "highest_score", "score_parts"]

DECLARED: Final = {"layout_role": -30.0, "data_role": 10.0, "definition_list": 10.0, "navigation": -10.0}
"""What the author says outright is not fitted: role none or presentation and datatable=0; role table, grid or treegrid; a dl; a nav."""

WEIGHTS: Final[dict[str, float]] = {
    "associations": 2.9,
    "base": 6.2,
    "border": 0.8,
    "caption": 2.0,
    "column_groups": 1.0,
    "columns_3": 1.4,
    "columns_5": 1.1,
    "controls": -0.1,
    "empty_slots": -1.9,
    "even_columns": 1.3,
    "fields": -8.0,
    "frameless": -1.5,
    "full_rows": 3.1,
    "full_width": -0.4,
    "header_cells": 2.2,
    "header_row": 1.6,
    "headings": -1.5,
    "keys": 2.6,
    "link_lists": -7.5,
    "listings": -0.8,
    "lists_of_links": -2.0,
    "lone_header_few_rows": -3.2,
    "menu": -1.9,
    "named_list": 2.0,
    "nested_tables": -3.1,
    "numeric_columns": 0.5,
    "one_column": -1.3,
    "one_row": -1.8,
    "pictures": -1.3,
    "plain_keys": 1.5,
    "row_groups": 1.0,
    "row_headers": 1.0,
    "runs_of_links": -0.6,
    "some_numbers": 1.2,
    "spanning_rows": 0.4,
    "summary": 1.0,
    "text": -1.2,
    "title_only": 0.4,
    "two_rows_unnamed": -3.0,
    "unpadded": -1.0,
}
"""What each feature adds to the score; times the feature's value, from 0 to 1."""

_HELD: Final = (("nested_tables", "tables"), ("controls", "controls"), ("controls", "choices"), ("headings", "headings"))
"""Features that say whether cells hold anything of a kind, and the kind."""
_SAMPLE: Final = 60  # rows looked at for what a column holds
_SHORT: Final = 40  # characters


def _most(*names: str) -> float:
    return sum(max(0.0, WEIGHTS.get(name, 0.0)) for name in names)


_MOST_OF_CONTENTS: Final = _most("menu", "lists_of_links", "link_lists", "runs_of_links", "pictures", "listings", "empty_slots")
_MOST_OF_ROWS: Final = _most("full_rows", "spanning_rows")
_MOST_OF_COLUMNS: Final = _most("even_columns", "numeric_columns", "some_numbers")
_MOST_OF_KEYS: Final = _most("keys", "plain_keys")


def score_parts(
    attr: Callable[[str], str | None], grid: Grid, headers: Headers, origin: str = "table", region: str = ""
) -> dict[str, float]:
    """What speaks for data (positive) and for layout (negative), by name; the score is their sum.

    :param attr: gives the table's attributes.
    :param origin: what the table is made of: table, aria, dl.
    :param region: the landmark that it stands in.
    """
    parts: dict[str, float] = {}
    for name, value in features(attr, grid, headers).items():
        weight = WEIGHTS.get(name, 0.0)
        part = weight if value == 1.0 else round(weight * value, 2)
        if part:
            parts[name] = part
    parts.update(declared_parts(attr))
    if origin == "dl":
        parts["definition_list"] = DECLARED["definition_list"]
    if region == "nav" and "data_role" not in parts:  # what is said of the table itself comes first
        parts["navigation"] = DECLARED["navigation"]
    return parts


def highest_score(attr: Callable[[str], str | None], grid: Grid) -> float | None:
    """What the score can be at most, known before the texts are read; None where there are header cells: they make texts count for more.

    It is what the markup gives, and with any text at all what the shape gives besides, and all that texts could.
    """
    if grid.sections or grid.headed:
        return None
    rows, columns = len(grid.rows), max(grid.parts[:_SAMPLE])
    found = _markup(attr, grid, headed=False)
    score = _weight_of(found) + sum(declared_parts(attr).values())
    found = {"text": 1.0}
    _add_size(found, rows, columns)
    if rows == 2:
        found["two_rows_unnamed"] = 1.0
    filled = _weight_of(found) + _MOST_OF_CONTENTS
    if rows > 1 and columns > 1:
        filled += _MOST_OF_ROWS
    several = grid.spanning.count(False)  # only rows of several cells say what a column holds
    if several > 1 and grid.width > 1:
        filled += _MOST_OF_COLUMNS + (_MOST_OF_KEYS if several > 2 else 0.0)
    return round(score + max(0.0, filled), 2)


def _weight_of(found: dict[str, float]) -> float:
    """The weights of features that are all 1, summed up."""
    weight = 0.0
    for name in found:
        weight += WEIGHTS.get(name, 0.0)
    return weight


def declared_parts(attr: Callable[[str], str | None]) -> dict[str, float]:
    """What the table's attributes say outright."""
    role = table_role(attr("role"))
    if role in LAYOUT_ROLES or (attr("datatable") or "").strip() == "0":
        return {"layout_role": DECLARED["layout_role"]}
    return {"data_role": DECLARED["data_role"]} if role in TABLE_ROLES else {}


def features(attr: Callable[[str], str | None], grid: Grid, headers: Headers) -> dict[str, float]:
    """The values that the weights go with, each from 0 to 1; those that are 0 are left out."""
    found = _markup(attr, grid, headers.headed)
    filled = sum([cell.text != "" for cell in grid.cells])
    if headers.rows and not headers.marked and len(grid.rows) - headers.rows == 1:
        headers = Headers(0, headers.columns, headers.names, False, headers.headed)  # one row would show no columns: the names count, too
    if filled:
        _add_shape(found, grid, headers, filled)
        _add_texts(found, grid, headers, filled)
    return found


def _markup(attr: Callable[[str], str | None], grid: Grid, headed: bool) -> dict[str, float]:
    """What is known before the texts are read; all of it is so or not, so that each value is 1."""
    found = {"base": 1.0}
    if headed:
        found["header_cells"] = 1.0
    if grid.sections:
        found["row_groups"] = 1.0
    if grid.columns:
        found["column_groups"] = 1.0
    if grid.caption is not None:
        found["caption"] = 1.0
    if attr("summary"):
        found["summary"] = 1.0
    if grid.associated:
        found["associations"] = 1.0
    border = attr("border")
    if border and border.strip() != "0":
        found["border"] = 1.0
    if (attr("cellpadding") or attr("cellspacing")) == "0":
        found["unpadded"] = 1.0
    if border == "0":
        found["frameless"] = 1.0
    width = attr("width")
    if width and width.strip() == "100%":
        found["full_width"] = 1.0
    for name, kind in _HELD:
        if kind in grid.holds:
            found[name] = 1.0
    return found


def _add_size(found: dict[str, float], rows: int, columns: int) -> None:
    if rows == 1:
        found["one_row"] = 1.0
    if columns == 1:
        found["one_column"] = 1.0
    if rows > 1 and columns > 1:
        if columns >= 3:
            found["columns_3"] = 1.0
        if columns >= 5:
            found["columns_5"] = 1.0


def _add_shape(found: dict[str, float], grid: Grid, headers: Headers, filled: int) -> None:
    rows = len(grid.rows)
    body = rows - headers.rows
    sample = slice(headers.rows, headers.rows + _SAMPLE)
    sampled = min(body, _SAMPLE)
    columns = max(grid.parts[:_SAMPLE])
    apart = columns > 1 and not all(grid.spanning[: headers.rows])
    found["text"] = 1.0
    _add_size(found, rows, columns)
    if apart and body and headers.marked:
        found["header_row"] = 1.0
    if headers.rows > 0 and not apart and columns > 1:
        found["title_only"] = 1.0
    if headers.headed and headers.columns > 0:
        found["row_headers"] = 1.0
    if columns == 1 and headers.rows > 0 and body > 1:
        found["named_list"] = 1.0
    if rows <= 2 and sum([cell.header for cell in grid.cells]) == 1:
        found["lone_header_few_rows"] = 1.0
    if rows == 2 and not (headers.marked and (apart or headers.columns > 0)):
        found["two_rows_unnamed"] = 1.0
    _add(found, "empty_slots", 1 - min(1.0, filled / len(grid.cells)))
    if sampled and columns > 1:
        if sampled > 1:
            _add(found, "full_rows", sum(["" not in texts for texts in grid.texts[sample]]) / sampled)
        _add(found, "spanning_rows", sum(grid.spanning[sample]) / sampled)


def _add_texts(found: dict[str, float], grid: Grid, headers: Headers, filled: int) -> None:
    pictures, items = grid.counted("pictures"), grid.counted("items")
    links, listings = grid.counted("links"), grid.counted("listings")
    numeric, even, keys = _columns(grid, headers)
    if numeric:
        found["numeric_columns"] = numeric
        found["some_numbers"] = 1.0
    _add(found, "even_columns", even)
    if keys and pictures * 2 < len(grid.rows):  # else the keys are the pictures' descriptions
        found["keys"] = 1.0
        if not links and grid.width == 2:
            found["plain_keys"] = 1.0
    if links:
        if not (headers.headed and headers.columns) and all(grid.spanning[: headers.rows]):
            found["menu"] = min(1.0, links / filled)
        _add(found, "lists_of_links", min(1.0, min(items, links) / filled))
        listed = grid.counted("link_lists")
        if listed:
            values = sum([not cell.header and cell.text != "" for cell in grid.cells])
            found["link_lists"] = min(1.0, listed / max(values, 1))  # a list's cell may be without a text: all of its links are hidden
        found["runs_of_links"] = min(1.0, links / filled / 4)
    if grid.fields:
        empty = sum([cell.text == "" for cell in grid.fields])
        found["fields"] = min(1.0, 2 * len(grid.fields) / (filled + empty))
    if pictures:
        found["pictures"] = min(1.0, pictures / len(grid.cells))
    if listings:
        found["listings"] = min(1.0, listings / filled)


def _add(found: dict[str, float], name: str, value: float) -> None:
    if value:
        found[name] = value


def _columns(grid: Grid, headers: Headers) -> tuple[float, float, bool]:
    """The share of columns that hold numbers, that of those whose texts are about equally long, and whether the first has short keys."""
    texts, spanning = grid.texts, grid.spanning
    first = headers.rows
    body = [texts[row] for row in range(first, min(first + _SAMPLE, len(texts))) if not spanning[row]]
    if len(body) < 2 or grid.width < 2:
        return 0.0, 0.0, False
    numeric = even = 0
    keys = False
    columns = min(grid.width, _SAMPLE)
    for column in range(columns):
        filled = [text for row in body if (text := row[column])]
        count = len(filled)
        if count < 2:
            continue
        numeric += mostly_numbers(filled, 0.7)
        longest = total = 0
        shortest = len(filled[0])
        for text in filled:
            length = len(text)
            total += length
            if length > longest:
                longest = length
            elif length < shortest:
                shortest = length
        # the mean distance from the mean is never more than half of what lies between the two
        even += longest - shortest <= max(6.0, total / count) or _about_equal(filled, total)
        if column == 0:
            keys = 2 < len(body) == count == len(set(filled)) and longest <= _SHORT
    return numeric / columns, even / columns, keys


def _about_equal(texts: list[str], total: int) -> bool:
    """Whether the mean distance of the lengths of texts, which sum up to `total`, from their mean is at most 3, or half of the mean."""
    count = len(texts)
    mean = total / count
    above = [length for text in texts if (length := len(text)) > mean]
    # twice that of those above it
    return 2 * (sum(above) * count - total * len(above)) / count**2 <= max(3.0, mean / 2)
