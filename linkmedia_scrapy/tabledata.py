"""What a table's texts are worth: rows as dicts, columns as numbers and dates, a pandas DataFrame. Imports nothing of the package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from math import inf
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["CURRENCY_CODES", "Column", "columns", "data_frame", "records", "type_column", "unique_names"]

_Text = TypeVar("_Text")
_Read = TypeVar("_Read")

MISSING: Final = frozenset({"", "?", "n/a", "na", "none", "null", "nan", "tba", "tbd", "."})
"""Texts, in lower case and without dashes at their ends, that say that there is no value."""
_DASHES: Final = "-‐‑‒–—―−─ー"
_AS_ASCII: Final = {
    **str.maketrans("％٪，．－＋（）￥￦＄￡٬٫", "%%,.-+()¥₩$£,."),
    **dict.fromkeys(map(ord, "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069"), None),
}
"""Wide and Arabic forms of what numbers are written with; marks of direction, and of where a line may end, that nobody sees."""

_LONGEST_GROUP: Final = 3  # digits
_DAGGERS: Final = "*†‡"
_LONGEST_FOOTNOTE: Final = 12  # characters between brackets
_SPACES: Final = "[ \u00a0\u2009\u202f]"
CURRENCY_CODES: Final = (
    "AED|AUD|BRL|CAD|CHF|CLP|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|"
    "USD|VND|ZAR"
)
"""What other capitals stand before a number without a space are part of a name: CSE101, MIG-29, COP26."""
_SIGNS: Final = "$¢-¥֏৳฿៛\u20a0-\u20c0﷼"
_CURRENCY: Final = rf"[{_SIGNS}]|[A-Z]{{1,3}}\$|[A-Z]{{3}}(?=\s)|(?:{CURRENCY_CODES})(?=[-\d])|kr\.?|zł|Fr\.|R[ps]\.?|RM|%"
_PARTS_OF_NUMBERS: Final = "¹²³⁰-₉¼-¾⅐-↋"
"""Exponents and fractions, which are no units."""
_NUMBER: Final = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−–])?\s*(?P<prefix>{_CURRENCY})?\s*(?P<inner>[-−–])?"
    rf"(?P<digits>\d+(?:(?:[.,'’]|{_SPACES})\d+)*|[.,]\d+)(?P<exponent>[eE][-+]?\d{{1,3}})?"
    rf"\s*(?P<unit>[%‰°{_SIGNS}]|(?!(?:st|nd|rd|th)\b|[{_PARTS_OF_NUMBERS}])[^\W\d_][^\d\[\](),;:]{{0,15}}|°[A-Z])?(?(open)\s*\))"
)
_GROUPED: Final = re.compile(rf"\d{{1,3}}(?P<mark>[.,'’]|{_SPACES})\d{{3}}(?:(?P=mark)\d{{3}})*|\d{{1,2}}(?:,\d\d)+,\d{{3}}")
"""Groups of three digits, or India's: 12,34,567."""
_CODE: Final = re.compile(rf"0(?:\d|['’]|{_SPACES})+")
_LARGEST_INT64: Final = (1 << 63) - 1
_ITS_DIGITS: Final = len(str(_LARGEST_INT64))
_THOUSANDS: Final = re.compile(r"\d{1,3}[.,]\d{3}")
_MONTHS: Final = dict(
    zip("january february march april may june july august september october november december".split(), range(1, 13), strict=True)
)
_MONTH: Final = {**_MONTHS, **{name[:3]: number for name, number in _MONTHS.items()}}
_NAME: Final = rf"(?P<month>{'|'.join(sorted(_MONTH, key=len, reverse=True))})"
_YEAR, _NUMBERED, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d\d?)", r"(?P<day>\d\d?)"
_DATES: Final = [
    re.compile(expression, re.IGNORECASE)
    for expression in (
        rf"{_YEAR}-{_NUMBERED}-{_DAY}(?:[T ](?P<hour>\d\d?):(?P<minute>\d\d?)(?::(?P<second>\d\d?))?)?",
        rf"{_YEAR}/{_NUMBERED}/{_DAY}",
        rf"{_YEAR}\. ?{_NUMBERED}\. ?{_DAY}\.?",  # Korea, Hungary
        rf"{_YEAR} ?[年년] ?{_NUMBERED} ?[月월] ?{_DAY} ?[日일]",
        rf"{_DAY}\.{_NUMBERED}\.{_YEAR}",
        rf"{_DAY} {_NAME} {_YEAR}",
        rf"{_NAME} {_DAY}, {_YEAR}",
        rf"{_DAY}-{_NAME}-{_YEAR}",
        rf"{_DAY}/{_NUMBERED}/{_YEAR}",
        rf"{_NUMBERED}/{_DAY}/{_YEAR}",
    )
]
"""Dates of one sort each. Not by `datetime.strptime`, which reads the names of months in the language that the process is set to."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's values: of kind number (int or float), date (datetime) or text; None where there is none."""

    kind: str
    values: list[Any]
    unit: str = ""
    """What all its numbers are followed or preceded by: %, a currency, a unit of measurement."""


def unique_names(names: Iterable[str], width: int) -> list[str]:
    """A name for each of `width` columns, none twice: those without one are numbered, repeated ones get a number.

    >>> unique_names(["Year", "", "Year"], 4)
    ['Year', 'column_2', 'Year (2)', 'column_4']
    """
    given = list(names)[:width]
    given += [""] * (width - len(given))
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for position, name in enumerate(given, 1):
        candidate = name = name or f"column_{position}"
        while candidate in found:
            number = numbers[name] = numbers.get(name, 1) + 1
            candidate = f"{name} ({number})"
        found[candidate] = None
    return list(found)


def records(headers: list[str], rows: list[list[str]], kind: str) -> list[dict[str, str]]:
    """One dict a row, by the columns' names; of an entity one dict, by its keys.

    >>> records(["City", "Height"], [["Bergen", "12"], ["Oslo", "23"]], "relational")
    [{'City': 'Bergen', 'Height': '12'}, {'City': 'Oslo', 'Height': '23'}]
    >>> records([], [["Name", "Bergen"], ["Height", "12"]], "entity")
    [{'Name': 'Bergen', 'Height': '12'}]
    """
    width = max(map(len, rows), default=0)
    if kind == "entity" and not (len(rows) == 1 and len(set(headers)) > 1):
        pairs = [(row[x].rstrip(":： "), row[x + 1]) for row in rows for x in range(0, len(row) - 1, 2) if row[x] and row[x] != row[x + 1]]
        keys = unique_names((key for key, _ in pairs), len(pairs))
        return [{key: value for key, (_, value) in zip(keys, pairs, strict=True)}]
    names = unique_names(headers, width)
    return [dict(zip(names, row, strict=False)) for row in rows]


def type_column(texts: Iterable[str]) -> Column:
    """Read a column as numbers or dates, where all of its texts that are values can be read so, in one notation and unit.

    Thousands separators, decimal commas, percentages (12.5 for "12.5 %"), currencies, units, footnote marks and negative numbers in
    brackets are understood. Whole numbers with leading zeros stay text, and so do those with more digits than 64 bits hold: they are codes;
    dates such as 03/04/2020 where no line tells day from month do, too.

    >>> type_column(["1,234 km", "56 km", "–"])
    Column(kind='number', values=[1234, 56, None], unit='km')
    >>> type_column(["1.234,50 €", "3,00 €"]).values
    [1234.5, 3.0]
    """
    raw = list(texts)
    cleaned = [_without_footnotes(" ".join(text.translate(_AS_ASCII).split())) for text in raw]
    values = [None if text.strip(_DASHES).lower() in MISSING else text for text in cleaned]
    present = [value for value in values if value is not None]
    if present:
        column = _numbers(values, present) or _dates(values, present)
        if column is not None:
            return column
    return Column("text", [text or None for text in raw])


def _without_footnotes(text: str) -> str:
    """A cell's collapsed text without the marks of footnotes at its end: "1,234 [a][2]", "56 *"."""
    end = len(text)
    while end:
        last = text[end - 1]
        if last in _DAGGERS or last == " ":
            end -= 1
        elif last == "]":
            start = text.rfind("[", max(0, end - _LONGEST_FOOTNOTE - 2), end)
            if start < 0 or start == end - 2 or text.find("]", start, end - 1) >= 0:
                break
            end = start
        else:
            break
    return text[:end]


def _numbers(values: list[str | None], present: list[str]) -> Column | None:
    found = _all(present, _NUMBER.fullmatch)
    if found is None:
        return None
    units = {" ".join(filter(None, (match["prefix"], match["unit"]))).strip() for match in found}
    digits = [match["digits"] for match in found]
    if len(units) > 1 or any(map(_CODE.fullmatch, digits)) or all(match["open"] for match in found):
        return None  # (1), (2), (3) are numbered
    mark = _decimal_mark(digits)
    numbers = _all(found, partial(_value, mark=mark)) if mark is not None else None
    if numbers is None:
        return None
    following = iter(numbers)
    return Column("number", [None if value is None else next(following) for value in values], units.pop())


def _decimal_mark(digits: list[str]) -> str | None:
    """The decimal mark of a column, whether or not its numbers have one; None where these contradict each other."""
    marks: set[str] = set()
    thousands: set[str] = set()
    either: set[str] = set()  # as in 1,234
    for text in digits:
        separators = re.findall(r"\D", text)
        if not separators:
            continue
        last = separators[-1]
        if _THOUSANDS.fullmatch(text) and text[0] != "0":
            either.add(last)
        elif len(set(separators)) == 1 and (len(separators) > 1 or last not in ".,"):
            if not _GROUPED.fullmatch(text):
                return None
            thousands.add(last)
        elif last in ".,":
            whole = text[: text.rindex(last)]
            if last in whole or (whole and not whole.isdigit() and not _GROUPED.fullmatch(whole)):
                return None
            marks.add(last)
            thousands.update(separators[:-1])
        else:
            return None
    if not marks and thousands:
        marks = either - thousands
    if either == {"."} and not marks and not thousands and _are_below_1000(digits):
        return None  # as in 1.299 € and 899 €: either all that are not whole have three decimals, or they are thousands
    if not marks:  # where nothing tells more, as in English
        marks = {"," if "." in thousands else "."}
    return marks.pop() if len(marks) == 1 and marks.isdisjoint(thousands) else None


def _are_below_1000(digits: list[str]) -> bool:
    """Whether there are numbers without any separator, and they are small; 0 and 100 do not count, which stand among decimals, too."""
    plain = [text for text in digits if text.isdigit() and text not in ("0", "100")]
    return bool(plain) and len(max(plain, key=len)) <= _LONGEST_GROUP


def _value(match: re.Match[str], mark: str) -> int | float | None:
    """The number; None where it is a code, of more digits than can be held, or larger than any float."""
    text = re.sub(rf"[^\d{re.escape(mark)}]", "", match["digits"]).replace(mark, ".") + (match["exponent"] or "")
    value: int | float
    if text.isdigit() and len(text) <= _ITS_DIGITS and int(text) <= _LARGEST_INT64:
        value = int(text)
    elif match["digits"].isdigit() and not match["exponent"]:
        return None
    else:
        value = float(text)
    negative = (match["sign"] or match["inner"] or "+") != "+" or match["open"] is not None
    return None if value == inf else -value if negative else value


def _dates(values: list[str | None], present: list[str]) -> Column | None:
    if len(max(present, key=len)) > 40:
        return None
    fitting = [dates for expression in _DATES if (dates := _all(present, partial(_date, expression=expression))) is not None]
    if not fitting or any(dates != fitting[0] for dates in fitting[1:]):
        return None
    found = iter(fitting[0])
    return Column("date", [None if value is None else next(found) for value in values])


def _all(texts: list[_Text], read: Callable[[_Text], _Read | None]) -> list[_Read] | None:
    """What the texts are read as; None where one of them cannot be, which in a column of something else is the first."""
    found: list[_Read] = []
    for text in texts:
        value = read(text)
        if value is None:
            return None
        found.append(value)
    return found


def _date(text: str, expression: re.Pattern[str]) -> datetime | None:
    match = expression.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    year, month = int(parts["year"]), parts["month"]
    if 2400 < year < 2700 or (1300 <= year < 1500 and month.isdecimal()):
        return None  # of the Buddhist calendar; of Iran's or the Islamic one, unless a month has its name
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    day = int(parts["day"])
    try:
        return datetime(year, _MONTH.get(month.lower()) or int(month), day, hour, minute, second)  # noqa: DTZ001 - a page's dates have no time zone
    except ValueError:
        return None


def columns(headers: list[str], rows: list[list[str]]) -> list[tuple[str, list[str]]]:
    """A unique name and the texts of each column; the rows, which a user may have made, need not have the same length.

    >>> columns(["Year", "Year"], [["1999", "a"], ["2001"]])
    [('Year', ['1999', '2001']), ('Year (2)', ['a', ''])]
    """
    names = unique_names(headers, max(map(len, rows), default=len(headers)))
    return [(name, [row[position] if position < len(row) else "" for row in rows]) for position, name in enumerate(names)]


def data_frame(headers: list[str], rows: list[list[str]], *, typed: bool = True) -> DataFrame:
    """A pandas DataFrame with a column for each of the table's.

    :param typed: whether columns become Int64, Float64 and datetime64 where `type_column` reads them so; the texts they were read from
        are in ``frame.attrs["text"]`` and their units in ``frame.attrs["units"]``, both by name. Other columns hold the texts as they are.
    :raises ImportError: where pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        raise ImportError("to_dataframe() needs pandas: pip install 'linkmedia-scrapy[tables]'") from error
    series: dict[str, Any] = {}
    texts: dict[str, list[str]] = {}
    units: dict[str, str] = {}
    for name, raw in columns(headers, rows):
        column = type_column(raw) if typed else Column("text", list(raw))
        if column.kind == "number":
            whole = all(isinstance(value, int) for value in column.values if value is not None)
            series[name] = pandas.array(column.values, dtype="Int64" if whole else "Float64")
        elif column.kind == "date":
            # microseconds: what pandas 2 takes by itself ends in 1677
            series[name] = pandas.Series(column.values, dtype="datetime64[us]")
        else:
            series[name] = pandas.array(raw, dtype=object)
        if column.kind != "text":
            texts[name] = raw
        if column.unit:
            units[name] = column.unit
    frame: DataFrame = pandas.DataFrame(series, columns=list(series))
    frame.attrs.update(text=texts, units=units)
    return frame
