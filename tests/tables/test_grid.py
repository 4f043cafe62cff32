"""The table model: spans, row groups, overlaps, missing cells, hostile tables."""

import json
from random import Random

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from tests.conftest import scale
from tests.tables.build import grid_of, table_of, texts_of
from tests.tables.standard import generate, layout

LAYOUTS = {
    "plain": ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
    "colspan": ("<tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e", [["a", "a", "b"], ["c", "d", "e"]]),
    "rowspan": ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], ["a", "c"]]),
    "rowspan 0 reaches to the end of its group": (
        "<tbody><tr><td rowspan=0>a<td>b<tr><td>c<tbody><tr><td>d<td>e",
        [["a", "b"], ["a", "c"], ["d", "e"]],
    ),
    "rowspan ends with its group": ("<tbody><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
    "colspan 0 is 1": ("<tr><td colspan=0>a<td>b", [["a", "b"]]),
    "junk spans are 1": ("<tr><td colspan=x rowspan=-3>a<td colspan=''>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
    "numbers begin with spaces and signs, and end anywhere": ("<tr><td colspan=' +2.9em'>a<td>b", [["a", "a", "b"]]),
    "missing cells": ("<tr><td>a<td>b<td>c<tr><td>d", [["a", "b", "c"], ["d", None, None]]),
    "empty rows": ("<tr><tr><td>a", [[None], ["a"]]),
    "tfoot comes last, thead first": ("<tfoot><tr><td>f</tfoot><tbody><tr><td>b</tbody><thead><tr><td>h</thead>", [["h"], ["b"], ["f"]]),
    "cells outside of rows": ("<td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
    "an overlapped slot is the first one's": (
        "<tr><td>1<td rowspan=2>2<tr><td colspan=2>3<tr><td>4<td>5",
        [["1", "2"], ["3", "2"], ["4", "5"]],
    ),
    "a slot goes to the second one where the first has ended": (
        "<tr><td>1<td rowspan=2>2<tr><td colspan=2 rowspan=3>3<tr><tr><td>4",
        [["1", "2", None], ["3", "2", None], ["3", "3", None], ["3", "3", "4"]],
    ),
    "SVG in a caption has no cells": ("<caption>c<svg><tr><th>y</th></tr></svg></caption><tr><td>a<td>b", [["a", "b"]]),
    "a column from above that ends early leaves a gap": ("<tr><td rowspan=2>1<td>2<td>3<tr><td>4", [["1", "2", "3"], ["1", "4", None]]),
}


@pytest.mark.parametrize(("rows", "slots"), LAYOUTS.values(), ids=LAYOUTS)
def test_slots(rows, slots):
    """Every slot has the cell that a browser puts there."""
    assert texts_of(f"<table>{rows}</table>") == slots


def test_col_elements_make_no_columns():
    """Columns come from cells, as in browsers."""
    assert texts_of("<table><colgroup span=5><col><tr><td>a</table>") == [["a"]]


@pytest.mark.parametrize(
    ("colspan", "width"), [("2", 3), (" 2", 3), ("+2", 3), ("02", 3), ("2px", 3), ("2.9", 3), ("-2", 2), ("x2", 2), ("0", 2)]
)
def test_colspan_is_read_as_browsers_do(colspan, width):
    """White space, a sign and zeros before the number, and anything behind it, make no difference; what is no number above 0 is 1."""
    assert [len(row) for row in texts_of(f"<table><tr><td colspan='{colspan}'>a<td>b</table>")] == [width]


def test_colspan_is_at_most_1000():
    """A larger colspan is 1000."""
    assert grid_of("<table><tr><td colspan=5000>a</table>").width == 1000


def test_an_inner_table_is_a_record_of_its_own():
    """What stands in a table inside a cell is neither text nor rows of the outer one."""
    page = extract(
        "<table><tr><td>outer<table><tr><td>inner</table></table>",
        "https://example.com/",
        config=LinkMediaConfig(table_score_threshold=None),
    )
    assert [table.rows for table in page.tables] == [[["outer"]], [["inner"]]]


@pytest.mark.parametrize(
    "html",
    [
        "<tr>" + "<td colspan=1000 rowspan=65534>x" * 1000 + "<tr><td>y" * 500,
        "<tr><td>x" * 3000 + "<tr>" + "<td colspan=1000>y" * 1000,
        "<tr><td colspan=1000>x" * 5000,
        "<tr>" * 50_000,
        "<tr>" + "<td rowspan=0 colspan=9>x" * 2000 + "<tr><td>y" * 2000,
    ],
    ids=["spans both ways", "a wide row at the end", "many wide rows", "many empty rows", "growing cells"],
)
def test_a_hostile_table_is_cut(html):
    """A table of more slots than the setting allows is cut there, says so, and the page's stats say so."""
    page = extract(
        f"<table>{html}<tr><td>end</table>",
        "https://example.com/",
        config=LinkMediaConfig(table_score_threshold=None, table_max_slots=20_000),
    )
    assert page.success
    assert page.dropped["table"] in ({"rows_beyond_max_slots": 1}, {"empty": 1})
    for table in page.tables:
        assert table.truncated
        assert sum(map(len, table.grid())) <= 20_000
        assert len({len(row) for row in table.grid()}) == 1


def test_a_table_that_fits_is_not_cut():
    """At the limit nothing is cut."""
    table = table_of("<table><tr><td>a<td>b<tr><td>c<td>d</table>", LinkMediaConfig(table_score_threshold=None, table_max_slots=4))
    assert (table.truncated, table.rows) == (False, [["a", "b"], ["c", "d"]])


def test_nothing_comes_behind_a_cut():
    """Where a table is cut it ends, though a row group behind that would still fit."""
    html = "<table><tr><td>a<td>b<tr><td>c<td>d<tbody><tr><td colspan=9>x<tbody><tr><td>e<td>f</table>"
    table = table_of(html, LinkMediaConfig(table_score_threshold=None, table_max_slots=8))
    assert table.truncated
    assert table.rows[:2] == [["a", "b"], ["c", "d"]]
    assert not any(map(any, table.rows[2:]))


@pytest.mark.soak
def test_generated_tables_are_as_the_standard_says():
    """100,000 tables with random spans, junk values and nesting: each slot as a slow reading of the standard has it."""
    random = Random(20)
    for _ in range(scale(100_000)):
        html, groups = generate(random)
        got = [[int(text) if text is not None else None for text in row] for row in texts_of(html)]
        assert got == layout(groups), html


@pytest.mark.parametrize("name", ["gecko", "axe"])
def test_vectors(corpus, name):
    """The grids that browsers' and checkers' own tests expect."""
    cases = json.loads((corpus / f"vectors/table_grid_{name}.json").read_text(encoding="utf-8"))
    for case in cases:
        grid = grid_of(case["html"])
        if name == "gecko":
            numbers = {id(cell): number for number, cell in enumerate(grid.cells)}
            got = [[numbers[id(cell)] if cell is not None else -1 for cell in row] for row in grid.rows]
        else:
            got = [[cell.element.attr("id") for cell in row if cell is not None] for row in grid.rows]
        assert got == case["grid"], case
