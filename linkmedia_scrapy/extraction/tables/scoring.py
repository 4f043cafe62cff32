"""Data or layout: a score made of named parts, from markup, shape and text. From 7 on a table is taken for data.

The parts' weights are fitted on tables that people have labelled (`benchmarks/fit_tables.py`): a score is 7 and some times the
logarithm of the odds that the table is data. Names of classes and ids are not looked at; a role counts only for what WAI-ARIA says that
it means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from linkmedia_scrapy.extraction.tables.grid import Cell, Grid
from linkmedia_scrapy.extraction.tables.headers import NUMERIC, Headers, spans_all

__all__ = ["DECLARED", "WEIGHTS", "declared_parts", "features", "score_parts"]

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


def score_parts(
    attr: Callable[[str], str | None], grid: Grid, headers: Headers, inside: Counter[str], origin: str = "table"
) -> dict[str, float]:
    """What speaks for data (positive) and for layout (negative), by name; the score is their sum.

    :param attr: gives the table's attributes.
    :param inside: what its cells hold, as `Contents.count` gives it.
    :param origin: what the table is made of: table, aria, dl.
    """
    found = features(attr, grid, headers, inside)
    parts = {name: round(WEIGHTS[name] * value, 2) for name, value in found.items() if WEIGHTS.get(name)}
    parts.update(declared_parts(attr))
    if origin == "dl":
        parts["definition_list"] = DECLARED["definition_list"]
    return {name: value for name, value in parts.items() if value}


def declared_parts(attr: Callable[[str], str | None]) -> dict[str, float]:
    """What the table's attributes say outright."""
    role = (attr("role") or "").strip().lower()
    if role in _LAYOUT_ROLES or (attr("datatable") or "").strip() == "0":
        return {"layout_role": DECLARED["layout_role"]}
    return {"data_role": DECLARED["data_role"]} if role in _DATA_ROLES else {}


def features(attr: Callable[[str], str | None], grid: Grid, headers: Headers, inside: Counter[str]) -> dict[str, float]:
    """The values that the weights go with, each from 0 to 1; those that are 0 may be left out."""
    cells = grid.cells
    filled = [cell for cell in cells if cell.text]
    found: dict[str, float] = {
        "base": 1.0,
        "header_cells": any(cell.header for cell in cells),
        "row_groups": not grid.tags.isdisjoint(("thead", "tfoot")),
        "column_groups": not grid.tags.isdisjoint(("col", "colgroup")),
        "caption": grid.caption is not None,
        "summary": bool(attr("summary")),
        "associations": any(cell.scope or cell.headers or cell.abbr for cell in cells),
        "border": (attr("border") or "0").strip() != "0",
        "unpadded": (attr("cellpadding") or attr("cellspacing")) == "0",
        "frameless": attr("border") == "0",
        "full_width": (attr("width") or "").strip() == "100%",
        "nested_tables": inside["tables"] > 0,
        "controls": inside["controls"] > 0,
        "headings": inside["headings"] > 0,
    }
    if filled:
        found.update(_shape(grid, headers, len(filled)))
        found.update(_texts(grid, headers, filled, inside))
    return {name: float(value) for name, value in found.items() if value}


def _shape(grid: Grid, headers: Headers, filled: int) -> dict[str, float]:
    rows = len(grid.rows)
    body = grid.rows[headers.rows :]
    heading = grid.rows[: headers.rows]
    sample = body[:_SAMPLE]
    columns = max(map(_parts, grid.rows[:_SAMPLE]))
    apart = any(not spans_all(row) for row in heading) and columns > 1
    named = apart or headers.columns > 0
    lone = sum(cell.header for cell in grid.cells) == 1
    full = sum(all(cell is not None and cell.text for cell in row) for row in sample)
    wide = sum(map(spans_all, sample))
    return {
        "text": 1.0,
        "one_row": rows == 1,
        "one_column": columns == 1,
        "rows_3": rows >= 3 and columns > 1,
        "rows_5": rows >= 5 and columns > 1,
        "columns_3": columns >= 3 and rows > 1,
        "columns_5": columns >= 5 and rows > 1,
        "header_row": bool(apart and body and headers.marked),
        "unmarked_header_row": bool(apart and body and not headers.marked),
        "title_only": bool(heading and not apart and columns > 1),
        "row_headers": headers.columns > 0,
        "named_list": columns == 1 and headers.rows > 0 and len(body) > 1,
        "lone_header_few_rows": lone and rows <= 2,
        "two_rows_unnamed": rows == 2 and not (named and headers.marked),
        "empty_slots": 1 - min(1.0, filled / (len(grid.cells) or 1)),
        "full_rows": full / len(sample) if len(sample) > 1 and columns > 1 else 0.0,
        "spanning_rows": wide / len(sample) if sample and columns > 1 else 0.0,
    }


def _parts(row: list[Cell | None]) -> int:
    """How many cells a row has."""
    return sum(cell is not None and cell is not left for left, cell in pairwise([None, *row]))


def _texts(grid: Grid, headers: Headers, filled: list[Cell], inside: Counter[str]) -> dict[str, float]:
    count = len(filled)
    lengths = [len(cell.text) for cell in filled]
    numeric, even, keys = _columns(grid, headers)
    keys = keys and inside["pictures"] * 2 < len(grid.rows)  # else the keys are the pictures' descriptions
    linked = min(1.0, inside["links"] / count)
    named = headers.columns > 0 or any(not spans_all(row) for row in grid.rows[: headers.rows])
    return {
        "long_texts": sum(length > _LONG for length in lengths) / count,
        "very_long_text": max(lengths) > _VERY_LONG,
        "numeric_columns": numeric,
        "some_numbers": numeric > 0,
        "even_columns": even,
        "keys": keys,
        "plain_keys": keys and not linked and grid.width == 2,
        "menu": 0.0 if named else linked,
        "lists_of_links": min(1.0, min(inside["items"], inside["links"]) / count),
        "lists": min(1.0, inside["items"] / count / 2),
        "runs_of_links": min(1.0, inside["links"] / count / 4),
        "pictures": min(1.0, inside["pictures"] / len(grid.cells)),
        "listings": min(1.0, inside["listings"] / count),
    }


def _columns(grid: Grid, headers: Headers) -> tuple[float, float, bool]:
    """The share of columns that hold numbers, that of those whose texts are about equally long, and whether the first has short keys."""
    body = [row for row in grid.rows[headers.rows : headers.rows + _SAMPLE] if not spans_all(row)]
    numeric = even = 0
    keys = False
    if len(body) < 2 or grid.width < 2:
        return 0.0, 0.0, False
    columns = min(grid.width, _SAMPLE)
    for column in range(columns):
        texts = [cell.text for row in body if (cell := row[column]) is not None and cell.text]
        if len(texts) < 2:
            continue
        numeric += sum(NUMERIC.fullmatch(text) is not None for text in texts) >= 0.7 * len(texts)
        mean = sum(map(len, texts)) / len(texts)
        even += sum(abs(len(text) - mean) for text in texts) / len(texts) <= max(3.0, mean / 2)
        if column == 0:
            distinct = len(set(texts)) == len(texts) and max(map(len, texts)) <= _SHORT
            keys = len(body) > 2 and len(texts) == len(body) and distinct
    return numeric / columns, even / columns, keys
