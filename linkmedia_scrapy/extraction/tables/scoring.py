"""Data or layout: a score made of named parts, from markup, shape and text. From 7 on a table is taken for data.

The parts' weights are fitted on tables that people have labelled (`benchmarks/fit_tables.py`): a score is 7 and some times the
logarithm of the odds that the table is data. Names of classes and ids are not looked at; a role counts only for what WAI-ARIA says that
it means.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from itertools import islice
from typing import Final

from linkmedia_scrapy.extraction.tables.grid import Grid
from linkmedia_scrapy.extraction.tables.headers import Headers, count_numbers

__all__ = ["DECLARED", "WEIGHTS", "declared_parts", "features", "highest_score", "score_parts"]

DECLARED: Final = {"layout_role": -30.0, "data_role": 10.0, "definition_list": 10.0}
"""What the author says outright is not fitted: role none or presentation and datatable=0; role table, grid or treegrid; a dl."""

WEIGHTS: Final[dict[str, float]] = {
    "associations": 2.9,
    "base": 6.1,
    "border": 0.8,
    "caption": 2.0,
    "column_groups": 1.0,
    "columns_3": 1.6,
    "columns_5": 1.2,
    "controls": -1.4,
    "empty_slots": -2.2,
    "even_columns": 1.3,
    "frameless": -1.5,
    "full_rows": 3.1,
    "full_width": -0.4,
    "header_cells": 2.3,
    "header_row": 1.6,
    "headings": -1.5,
    "keys": 2.7,
    "listings": -0.8,
    "lists_of_links": -2.0,
    "lone_header_few_rows": -3.1,
    "menu": -1.8,
    "named_list": 2.0,
    "nested_tables": -3.0,
    "numeric_columns": 0.5,
    "one_column": -1.2,
    "one_row": -1.7,
    "pictures": -1.3,
    "plain_keys": 1.5,
    "row_groups": 1.0,
    "row_headers": 1.0,
    "runs_of_links": -0.5,
    "some_numbers": 1.3,
    "spanning_rows": 0.1,
    "summary": 1.0,
    "text": -1.3,
    "title_only": 0.4,
    "two_rows_unnamed": -3.0,
    "unpadded": -1.0,
}
"""What each feature adds to the score; times the feature's value, from 0 to 1."""

_LAYOUT_ROLES: Final = frozenset({"none", "presentation"})
_DATA_ROLES: Final = frozenset({"grid", "table", "treegrid"})
_SAMPLE: Final = 60  # rows looked at for what a column holds
_SHORT: Final = 40  # characters
_LONG: Final = 300
_VERY_LONG: Final = 1500


def _most(*names: str) -> float:
    return sum(max(0.0, WEIGHTS.get(name, 0.0)) for name in names)


_MOST_OF_CONTENTS: Final = _most(
    "long_texts", "very_long_text", "menu", "lists_of_links", "lists", "runs_of_links", "pictures", "listings", "empty_slots"
)
_MOST_OF_COLUMNS: Final = _most(
    "full_rows", "spanning_rows", "even_columns", "numeric_columns", "some_numbers", "unmarked_header_row", "rows_3", "rows_5"
)
_MOST_OF_KEYS: Final = _most("keys", "plain_keys")


def score_parts(attr: Callable[[str], str | None], grid: Grid, headers: Headers, origin: str = "table") -> dict[str, float]:
    """What speaks for data (positive) and for layout (negative), by name; the score is their sum.

    :param attr: gives the table's attributes.
    :param origin: what the table is made of: table, aria, dl.
    """
    weights = WEIGHTS
    parts = {
        name: weights[name] if value == 1 else round(weights[name] * value, 2)
        for name, value in features(attr, grid, headers).items()
        if name in weights
    }
    parts.update(declared_parts(attr))
    if origin == "dl":
        parts["definition_list"] = DECLARED["definition_list"]
    return {name: value for name, value in parts.items() if value}


def highest_score(attr: Callable[[str], str | None], grid: Grid) -> float | None:
    """What the score can be at most, known before the texts are read; None of a table with header cells, of which they say too much.

    It is what the markup gives, and with any text at all what the shape gives besides, and all that texts could.
    """
    if grid.sections or any(cell.header for cell in grid.cells):
        return None
    rows, columns = len(grid.rows), max(grid.parts[:_SAMPLE])
    several = rows > 1 and columns > 1
    shape = {
        "text": True,
        "one_row": rows == 1,
        "one_column": columns == 1,
        "two_rows_unnamed": rows == 2,
        "columns_3": several and columns >= 3,
        "columns_5": several and columns >= 5,
    }
    filled = sum(WEIGHTS.get(name, 0.0) for name, value in shape.items() if value) + _MOST_OF_CONTENTS
    if rows > 1 and grid.width > 1:
        filled += _MOST_OF_COLUMNS + (_MOST_OF_KEYS if rows > 2 else 0.0)
    score = sum(WEIGHTS.get(name, 0.0) for name, value in _markup(attr, grid, headed=False).items() if value)
    return round(score + max(0.0, filled) + sum(declared_parts(attr).values()), 2)


def declared_parts(attr: Callable[[str], str | None]) -> dict[str, float]:
    """What the table's attributes say outright."""
    role = (attr("role") or "").strip().lower()
    if role in _LAYOUT_ROLES or (attr("datatable") or "").strip() == "0":
        return {"layout_role": DECLARED["layout_role"]}
    return {"data_role": DECLARED["data_role"]} if role in _DATA_ROLES else {}


def features(attr: Callable[[str], str | None], grid: Grid, headers: Headers) -> dict[str, float]:
    """The values that the weights go with, each from 0 to 1; those that are 0 are left out."""
    found = _markup(attr, grid, headers.headed)
    lengths = [len(cell.text) for cell in grid.cells if cell.text]
    if lengths:
        found.update(_shape(grid, headers, len(lengths)))
        found.update(_texts(grid, headers, lengths))
    return {name: value for name, value in found.items() if value}


def _markup(attr: Callable[[str], str | None], grid: Grid, headed: bool) -> dict[str, float]:
    """What is known before the texts are read."""
    border = attr("border")
    return {
        "base": 1.0,
        "header_cells": headed,
        "row_groups": grid.sections,
        "column_groups": grid.columns,
        "caption": grid.caption is not None,
        "summary": bool(attr("summary")),
        "associations": grid.associated,
        "border": (border or "0").strip() != "0",
        "unpadded": (attr("cellpadding") or attr("cellspacing")) == "0",
        "frameless": border == "0",
        "full_width": (attr("width") or "").strip() == "100%",
        "nested_tables": "tables" in grid.holds,
        "controls": "controls" in grid.holds,
        "headings": "headings" in grid.holds,
    }


def _shape(grid: Grid, headers: Headers, filled: int) -> dict[str, float]:
    rows = len(grid.rows)
    body = rows - headers.rows
    sample = slice(headers.rows, headers.rows + _SAMPLE)
    sampled = min(body, _SAMPLE)
    columns = max(grid.parts[:_SAMPLE])
    apart = columns > 1 and not all(grid.spanning[: headers.rows])
    named = apart or headers.columns > 0
    several = rows > 1 and columns > 1
    return {
        "text": 1.0,
        "one_row": rows == 1,
        "one_column": columns == 1,
        "rows_3": several and rows >= 3,
        "rows_5": several and rows >= 5,
        "columns_3": several and columns >= 3,
        "columns_5": several and columns >= 5,
        "header_row": bool(apart and body and headers.marked),
        "unmarked_header_row": bool(apart and body and not headers.marked),
        "title_only": headers.rows > 0 and not apart and columns > 1,
        "row_headers": headers.columns > 0,
        "named_list": columns == 1 and headers.rows > 0 and body > 1,
        "lone_header_few_rows": rows <= 2 and sum(cell.header for cell in grid.cells) == 1,
        "two_rows_unnamed": rows == 2 and not (named and headers.marked),
        "empty_slots": 1 - min(1.0, filled / len(grid.cells)),
        "full_rows": sum("" not in texts for texts in grid.texts[sample]) / sampled if sampled > 1 and columns > 1 else 0.0,
        "spanning_rows": sum(grid.spanning[sample]) / sampled if sampled and columns > 1 else 0.0,
    }


def _texts(grid: Grid, headers: Headers, lengths: list[int]) -> dict[str, float]:
    count = len(lengths)
    pictures, items, links, listings = map(grid.counted, ("pictures", "items", "links", "listings"))
    longest = max(lengths)
    numeric, even, keys = _columns(grid, headers)
    keys = keys and pictures * 2 < len(grid.rows)  # else the keys are the pictures' descriptions
    linked = min(1.0, links / count)
    named = headers.columns > 0 or not all(grid.spanning[: headers.rows])
    return {
        "long_texts": sum(length > _LONG for length in lengths) / count if longest > _LONG else 0.0,
        "very_long_text": longest > _VERY_LONG,
        "numeric_columns": numeric,
        "some_numbers": numeric > 0,
        "even_columns": even,
        "keys": keys,
        "plain_keys": keys and not linked and grid.width == 2,
        "menu": 0.0 if named else linked,
        "lists_of_links": min(1.0, min(items, links) / count),
        "lists": min(1.0, items / count / 2),
        "runs_of_links": min(1.0, links / count / 4),
        "pictures": min(1.0, pictures / len(grid.cells)),
        "listings": min(1.0, listings / count),
    }


def _columns(grid: Grid, headers: Headers) -> tuple[float, float, bool]:
    """The share of columns that hold numbers, that of those whose texts are about equally long, and whether the first has short keys."""
    sample = slice(headers.rows, headers.rows + _SAMPLE)
    body = [texts for texts, spanned in zip(grid.texts[sample], grid.spanning[sample], strict=True) if not spanned]
    numeric = even = 0
    keys = False
    if len(body) < 2 or grid.width < 2:
        return 0.0, 0.0, False
    columns = min(grid.width, _SAMPLE)
    for column, slots in enumerate(islice(zip(*body, strict=True), columns)):
        texts = list(filter(None, slots))
        count = len(texts)
        if count < 2:
            continue
        numeric += count_numbers(texts) >= 0.7 * count
        lengths = list(map(len, texts))
        longest = max(lengths)
        # texts within six characters of each other are on average no more than three from their mean
        even += longest - min(lengths) <= 6 or _deviation(lengths) <= max(3.0, sum(lengths) / count / 2)
        if column == 0:
            keys = 2 < len(body) == count == len(set(texts)) and longest <= _SHORT
    return numeric / columns, even / columns, keys


def _deviation(values: list[int]) -> float:
    """The mean distance of values from their mean: twice that of those above it."""
    count, total = len(values), sum(values)
    ordered = sorted(values)
    above = ordered[bisect(ordered, total / count) :]
    return 2 * (sum(above) * count - total * len(above)) / count**2
