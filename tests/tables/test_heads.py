"""Header rows in a table of their own, as scripts leave them that keep the headers in view while the rows scroll."""

import pytest

from linkmedia_scrapy import extract
from tests.tables.build import ALL

URL = "https://example.com/"
HEAD = "<table><thead><tr><th><a href=/sort>Boat</a><th>Built%s</thead></table>"
ROWS = "<tr><td><a href=/ines>Ines</a><td>1998<tr><td>Mara<td>2004<tr><td>Osk<td>2011"
BODY = f"<table id=boats><tbody>%s{ROWS}</table>"
BOXES = "<div><div><div>%s</div></div><div>%s</div></div>"
LINKS = [("Boat", 0, "/sort"), ("Ines", 1, "/ines")]

JOINED = {
    "beside it": BOXES % (HEAD % "", BODY % ""),
    "with a cell above the scroll bar": BOXES % (HEAD % "<th class=gutter>", BODY % ""),
    "above a row that only sets widths": BOXES % (HEAD % "", BODY % "<tr style='height:0'><td><td>&nbsp;"),
    "above header cells without text": BOXES % (HEAD % "", f"<table id=boats><thead><tr><th><th></thead><tbody>{ROWS}</table>"),
    "with boxes for the scroll bars": BOXES % (HEAD % "", f"<div><div><div>{BODY % ''}</div></div></div>"),
    "behind what nobody sees": BOXES % (HEAD % "", "<p hidden>Press to sort</p>" + BODY % ""),
    "without boxes": HEAD % "" + BODY % "",
}


@pytest.mark.parametrize("name", JOINED)
def test_headers_in_a_table_of_their_own(name: str) -> None:
    """They name the columns of the table below, which is the one that there is."""
    page = extract(JOINED[name], URL, config=ALL)
    assert [(table.id, table.headers, table.header_rows, len(table.rows)) for table in page.tables] == [
        ("boats", ["Boat", "Built"], [["Boat", "Built"]], 3)
    ]
    assert [(link["text"], link["row"], link["url"]) for link in page.tables[0].cell_links] == [
        (text, row, "https://example.com" + path) for text, row, path in LINKS
    ]
    assert not page.errors


def test_headers_that_the_table_has_too() -> None:
    """A table that repeats the header row of the next one is none."""
    html = BOXES % (HEAD % "", f"<table id=boats><thead><tr><th>Boat<th>Built</thead><tbody>{ROWS}</table>")
    assert [(table.id, len(table.rows)) for table in extract(html, URL, config=ALL).tables] == [("boats", 3)]


APART = {
    "other columns": BOXES % (HEAD % "<th>Price", BODY % ""),
    "other names": BOXES % (HEAD % "", f"<table><thead><tr><th>Ship<th>Year</thead><tbody>{ROWS}</table>"),
    "far away": HEAD % "" + "<div>" * 20 + BODY % "" + "</div>" * 20,
    "behind a text": BOXES % (HEAD % "", "<p>Sold</p>" + BODY % ""),
    "a title": BOXES % ("<table><thead><tr><th colspan=2>Boats</thead></table>", BODY % ""),
    "one with rows": BOXES % (f"<table><tr><th>Boat<th>Built{ROWS}</table>", BODY % ""),
    "nothing below": BOXES % (HEAD % "", "<table><tr><td><td></table>"),
}


@pytest.mark.parametrize("name", APART)
def test_tables_that_are_no_parts_of_one(name: str) -> None:
    """Two tables stay two where the first is not the head of the second."""
    assert len(extract(APART[name], URL, config=ALL).tables) == 2


def test_tables_that_lay_out_a_grid() -> None:
    """A role of no meaning says nothing against a table that has the rows of a grid around it; in a cell of the grid it does."""
    parts = f"<div role=none><table role=none>{HEAD.removeprefix('<table>') % ''}</div><div><table role=presentation>{ROWS}</table></div>"
    for role in ("table", "grid", "treegrid"):
        page = extract(f"<div role={role}>{parts}</div>", URL)
        assert [(table.headers, len(table.rows)) for table in page.tables] == [(["Boat", "Built"], 3)]
    assert extract(f"<div>{parts}</div>", URL).tables == []
    assert extract(f"<div role=grid><div role=row><div role=gridcell>{parts}</div></div></div>", URL).tables == []
