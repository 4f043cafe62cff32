"""Tables as records and DataFrames, and what texts are read as."""

from datetime import datetime

import pytest

from linkmedia_scrapy import TableItem, tabledata
from linkmedia_scrapy.tabledata import type_column
from tests.tables.build import table_of

NUMBERS = {
    "whole numbers": (["1", "-2", "+3"], [1, -2, 3], ""),
    "thousands": (["1,234", "12"], [1234, 12], ""),
    "thousands and decimals": (["1,234.5", "0.5"], [1234.5, 0.5], ""),
    "decimal commas": (["1.234,50 €", "3,00 €"], [1234.5, 3.0], "€"),
    "thousands with points, as another line tells": (["1.234", "5.678.901"], [1234, 5678901], ""),
    "decimal points, as another line tells": (["1.234", "5.6"], [1.234, 5.6], ""),
    "thousands with points": (["1.234.567", "12"], [1234567, 12], ""),
    "decimal commas, since spaces are thousands": (["1 234 567", "1,234"], [1234567, 1.234], ""),
    "thousands with spaces": (["1 234", "1\u202f234\u00a0567"], [1234, 1234567], ""),
    "thousands with apostrophes": (["1'234", "5"], [1234, 5], ""),
    "Indian thousands": (["12,34,567"], [1234567], ""),
    "percentages": (["12.5 %", "3%"], [12.5, 3], "%"),
    "currency before": (["$1,200.50", "-$3", "$-4"], [1200.5, -3, -4], "$"),
    "a currency's code": (["USD 5", "USD1,000", "USD-3"], [5, 1000, -3], "USD"),
    "units": (["3 km²", "−4.5 km²"], [3, -4.5], "km²"),
    "negative in brackets": (["(5)", "3"], [-5, 3], ""),
    "missing values": (["1", "", "–", "n/a", "?"], [1, None, None, None, None], ""),
    "footnotes": (["5[1]", "6 [note 2]", "7*"], [5, 6, 7], ""),
    "powers of ten": (["1.5e3"], [1500.0], ""),
    "the largest of 64 bits": (["9223372036854775807", "1234567890123456789"], [9223372036854775807, 1234567890123456789], ""),
    "larger than 64 bits": (["10,000,000,000,000,000,000", "1e30"], [1e19, 1e30], ""),
    "decimals of three digits": (["1.234", "23.456"], [1.234, 23.456], ""),
    "decimals of three digits, and what needs none": (["99.982 %", "0 %", "100 %"], [99.982, 0, 100], "%"),
    "decimals of three digits beside what could be no groups": (["1.234", "2500"], [1.234, 2500], ""),
    "Arabic digits and marks": (["١٬٢٣٤٫٥", "٣"], [1234.5, 3], ""),
    "Persian prices": (["۱۲٬۳۴۵ تومان", "۹۹۰ تومان"], [12345, 990], "تومان"),
    "Arabic percentages": (["١٢٫٥٪", "3٪"], [12.5, 3], "%"),
    "Turkish percentages": (["%12,5", "%3"], [12.5, 3], "%"),
    "Indian digits": (["₹ १२,३४,५६७", "₹ 500"], [1234567, 500], "₹"),
    "wide digits and marks": (["－１，２３４．５％", "３％"], [-1234.5, 3], "%"),
    "wide currencies": (["￥1,200", "¥500"], [1200, 500], "¥"),
    "Chinese and Japanese units": (["12万円", "3.5万円"], [12, 3.5], "万円"),
    "rupees in letters": (["Rs. 12,34,567", "Rs. 500"], [1234567, 500], "Rs."),
    "ringgit in letters": (["RM1,200.50", "RM9.00"], [1200.5, 9], "RM"),
    "currencies of the world": (["₱1,200", "₱5"], [1200, 5], "₱"),
    "a currency of the world behind": (["1 200 ₸", "5 ₸"], [1200, 5], "₸"),
    "marks of direction": (["\u200e-12.5\u200e", "\u200f3", "\u061c-٤"], [-12.5, 3, -4], ""),
    "dashes of the world": (["1", "ー", "－", "―", "---", "─"], [1, None, None, None, None, None], ""),
    "decimals with leading zeros": (["04.5 m²", "12.5 m²"], [4.5, 12.5], "m²"),
}


@pytest.mark.parametrize(("texts", "values", "unit"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(texts, values, unit):
    """A column of one notation and one unit is numbers."""
    column = type_column(texts)
    assert (column.kind, column.values, column.unit) == ("number", values, unit)


TEXTS = {
    "words": ["a", "1"],
    "two units": ["3 kg", "4 g"],
    "codes": ["007", "123"],
    "codes with letters": ["CSE101", "CSE102"],
    "conferences, not Colombian pesos": ["COP26", "COP27"],
    "codes with letters and a hyphen": ["MIG-29", "MIG-31"],
    "codes in groups": ["061 234 567", "062 345 678"],
    "codes too long for 64 bits": ["9223372036854775808", "1"],
    "larger than any float": ["1e999", "1"],
    "versions": ["10.11.123", "10.11.124"],
    "addresses": ["10.20.30.100", "10.20.30.101"],
    "two marks for thousands": ["1.234.567", "1,234,567"],
    "two decimal marks": ["1,5", "2.5"],
    "brackets around all": ["(1)", "(2)", ""],
    "thousands, or decimals of three digits": ["1.299 €", "899 €"],
    "fractions": ["2½", "3½"],
    "powers": ["10³ m", "10³ m"],
    "times": ["10:30", "11:45"],
    "ranges": ["1999–2003"],
    "telephone numbers": ["555-1234"],
    "ordinals": ["1st", "2nd"],
    "lists": ["1, 2, 3"],
    "dates that nothing tells apart": ["03/04/2020"],
    "dates that there are not": ["2020-02-30"],
    "the Buddhist calendar": ["15/04/2563"],
    "the Buddhist calendar, in English": ["15 April 2563"],
    "the calendar of Iran": ["1403/01/15"],
    "the calendar of Iran, in its digits": ["۱۴۰۳/۰۱/۱۵"],
    "the Islamic calendar": ["15.09.1445"],
    "eras": ["令和6年3月5日"],
    "names of months in other languages": ["5. März 2024"],
    "magnitudes of several sorts": ["1.2亿", "500万"],
    "numbers in words": ["一百", "二百"],
    "nothing": ["", "–"],
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_texts(texts):
    """What cannot be read as a whole, or may be read in two ways, stays text."""
    column = type_column(texts)
    assert (column.kind, column.values) == ("text", [text or None for text in texts])


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["2020-04-13"], "2020-04-13"),
        (["13 April 2020", "1 Mar 2021"], "2020-04-13"),
        (["April 13, 2020"], "2020-04-13"),
        (["13.04.2020"], "2020-04-13"),
        (["13/04/2020", "03/04/2020"], "2020-04-13"),
        (["04/13/2020", "03/04/2020"], "2020-04-13"),
        (["2020-04-13T00:00", "2021-03-01 12:30:05"], "2020-04-13"),
        (["13-APR-2020"], "2020-04-13"),
        (["2020年4月13日", "2021 年 03 月 01 日"], "2020-04-13"),
        (["２０２０年４月１３日"], "2020-04-13"),
        (["2020년 4월 13일"], "2020-04-13"),
        (["2020. 4. 13.", "2021.03.01"], "2020-04-13"),
        (["١٣/٠٤/٢٠٢٠"], "2020-04-13"),
        (["25 October 1415"], "1415-10-25"),
    ],
)
def test_dates(texts, day):
    """A column of dates of one sort is dates."""
    column = type_column(texts)
    assert (column.kind, column.values[0]) == ("date", datetime.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12 [a]", 12),
        ("12[a][2] [note 3]", 12),
        ("12 *", 12),
        ("12*[1]†", 12),
        ("12 []", None),
        ("12 [more than twelve]", None),
    ],
)
def test_footnotes(text, number):
    """The marks of footnotes behind a number are no part of it; brackets that hold more are."""
    column = type_column([text, "7"])
    assert column.values[0] == (text if number is None else number)
    assert type_column(["[1]", "7"]).values == [None, 7]


@pytest.mark.parametrize("end", ["[1]", "*", " ", "[", "]", "1", "1,", "1 "])
def test_long_texts(end):
    """Texts of a million characters are read in linear time: in quadratic time this would not end."""
    for text in (end * 300_000 + "x", "x" + end * 300_000, "1" + end * 300_000):
        assert type_column([text]).kind in ("text", "number")


def test_records():
    """Unique names, whatever the headers are."""
    table = table_of("<table><tr><th>A<th>A<th><tr><td>1<td>2<td>3<tr><td>4<td>5<td>6</table>")
    assert table.headers == ["A", "A", ""]
    assert table.to_records() == [{"A": "1", "A (2)": "2", "column_3": "3"}, {"A": "4", "A (2)": "5", "column_3": "6"}]
    assert TableItem().to_records() == []


def test_many_columns_of_one_name():
    """A hundred thousand equal names, which a few spanning cells make, are numbered in linear time: in quadratic time this would not end."""
    names = tabledata.unique_names(["A (2)", *["A"] * 100_000], 100_001)
    assert names[:4] == ["A (2)", "A", "A (3)", "A (4)"]
    assert len(set(names)) == 100_001


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><th>Name<td>Oslo<tr><th>Height<td>23",
        "<tr><th>Name<th>Height<tr><td>Oslo<td>23",
        "<tr><th>Name<td>Oslo<th>Height<td>23",
        "<tr><td>Name:<td>Oslo<tr><td>Height:<td>23",
        "<tr><th colspan=2>Facts<tr><th>Name<td>Oslo<tr><th>Height<td>23",
        "<tr><th>Name<td>Oslo<tr><td colspan=2>More<tr><th>Height<td>23",
    ],
    ids=["vertical", "horizontal", "by turns", "colons", "below a title", "around a title"],
)
def test_an_entity_is_one_record(rows):
    """However its keys and values stand."""
    table = table_of(f"<table>{rows}</table>")
    assert table.kind == "entity"
    assert table.to_records() == [{"Name": "Oslo", "Height": "23"}]


def test_values_without_a_key():
    """What an entity's rows have beside no key is in none of its properties."""
    rows = [["Name", "Oslo"], ["", "in the north"], ["Height", ""]]
    assert TableItem(kind="entity", rows=rows).to_records() == [{"Name": "Oslo", "Height": ""}]


def test_data_frame():
    """Typed columns, their texts and units beside them, missing values missing."""
    pandas = pytest.importorskip("pandas")
    table = table_of(
        "<table><tr><th>City<th>People<th>Share<th>Founded<tr><td>Oslo<td>1,234<td>1.5 %<td>2 May 1949<tr><td>Rome<td>–<td>2 %<td></table>"
    )
    frame = table.to_dataframe()
    assert [str(dtype) for dtype in frame.dtypes[["People", "Share"]]] == ["Int64", "Float64"]
    assert frame["People"].tolist()[0] == 1234
    assert frame["People"].isna().tolist() == [False, True]
    assert frame["Founded"][0] == pandas.Timestamp(1949, 5, 2)
    assert frame["Founded"].isna().tolist() == [False, True]
    assert frame.attrs["units"] == {"Share": "%"}
    assert frame.attrs["text"]["People"] == ["1,234", "–"]
    assert table.to_dataframe(typed=False)["People"].tolist() == ["1,234", "–"]
    assert TableItem(headers=["A"]).to_dataframe().columns.tolist() == ["A"]


def test_dates_before_1677():
    """Whatever pandas' own default can hold."""
    pytest.importorskip("pandas")
    frame = TableItem(headers=["Battle"], rows=[["25 October 1415"], [""]]).to_dataframe()
    assert frame["Battle"][0].isoformat() == "1415-10-25T00:00:00"
    assert frame["Battle"].isna().tolist() == [False, True]


def test_without_pandas(monkeypatch):
    """The error names the extra to install."""

    def missing(name: str):
        raise ImportError(name)

    monkeypatch.setattr(tabledata, "import_module", missing)
    with pytest.raises(ImportError, match=r"linkmedia-scrapy\[tables\]"):
        TableItem().to_dataframe()
