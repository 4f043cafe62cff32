"""What a CSV file has in its cells: lists and dicts as JSON, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import repeat
from typing import Any, Final

from linkmedia_scrapy.items import Record

__all__ = ["Cells", "escape_formula"]

# OWASP's list of what makes a spreadsheet run a cell (https://owasp.org/www-community/attacks/CSV_Injection); wide forms of the four
# signs are read as these where Japanese and Chinese are written
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?\s*%?")
_URL_FIELDS: Final = frozenset({"canonical_url", "embed_url", "link_url", "page_url", "placeholder_src", "poster", "src", "url"})
"""Fields of absolute URLs: these begin with a scheme, and whoever reads the file wants them as they are."""
_TEXTS: Final = frozenset({str, type(None)})
_AS_THEY_ARE: Final = frozenset({int, float, bool})


class Cells:
    """The cells of one file.

    :param escape_formulas: whether text that would be run as one gets an apostrophe.
    :param encoding: of bytes.
    """

    def __init__(self, *, escape_formulas: bool, encoding: str) -> None:
        self._escape_formulas = escape_formulas
        self._encoding = encoding
        self._json = json.JSONEncoder(ensure_ascii=False).encode

    def cell(self, name: str, value: Any) -> Any:
        """A field's value as the csv module is to have it."""
        if isinstance(value, str):
            return escape_formula(value) if self._escape_formulas and name not in _URL_FIELDS else value
        if value is None:
            return ""
        if type(value) in _AS_THEY_ARE:
            return value
        if isinstance(value, bytes):
            return value.decode(self._encoding)
        if isinstance(value, Record):
            value = value.to_dict()
        if isinstance(value, list | tuple):
            return self._json([entry.to_dict() if isinstance(entry, Record) else entry for entry in value]) if value else "[]"
        if isinstance(value, dict):
            return self._json(value) if value else "{}"
        return value

    def column(self, name: str, values: tuple[Any, ...]) -> Iterable[str]:
        """The cells of a column, of which there is one at least, as the file has them."""
        first = values[0]
        if type(first) in _TEXTS and values.count(first) == len(values):
            return repeat(_in_quotes(self.cell(name, first)), len(values))
        kinds = set(map(type, values))
        if kinds <= _AS_THEY_ARE:
            return map(str, values)
        cell = self.cell
        if not kinds <= _TEXTS:  # mostly lists and dicts, most of them empty
            return ["[]" if value == [] else _in_quotes(_written(cell(name, value))) for value in values]
        distinct = set(values)
        if None in distinct or self._may_be_formulas(name, distinct):
            cells = {text: _in_quotes(cell(name, text)) for text in distinct}
        elif _asks_for_quotes("".join(distinct)):
            cells = {text: _in_quotes(text) for text in filter(_asks_for_quotes, distinct)}
        else:
            return values
        return map(cells.get, values, values)

    def _may_be_formulas(self, name: str, texts: set[str]) -> bool:
        return self._escape_formulas and name not in _URL_FIELDS and not _FORMULA_STARTS.isdisjoint({text[:1] for text in texts})


def escape_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return "'" + text if text[:1] in _FORMULA_STARTS and text and not _PLAIN_NUMBER.fullmatch(text) else text


def _written(cell: Any) -> str:
    """What the csv module makes of a cell: of a text, be its class one of its own, the characters."""
    return cell if isinstance(cell, str) else str(cell)


def _asks_for_quotes(cell: str) -> bool:
    """Whether a cell is put in quotes, by the dialect that the csv module calls excel, its default."""
    return "," in cell or '"' in cell or "\n" in cell or "\r" in cell


def _in_quotes(cell: str) -> str:
    """A cell of a CSV file with quotes around it where it needs them (RFC 4180, 2)."""
    return '"' + cell.replace('"', '""') + '"' if _asks_for_quotes(cell) else cell
