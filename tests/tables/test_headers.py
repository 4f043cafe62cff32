"""Header rows, column names, row headers, kinds, and what a table is called."""

from random import Random

import pytest

from linkmedia_scrapy.extraction.tables.numeric import NUMERIC, mostly_numbers
from tests.conftest import calls
from tests.tables.build import table_of

NAMES = {
    "th": ("<tr><th>A<th>B<tr><td>1<td>2", ["A", "B"], 1),
    "thead of td": ("<thead><tr><td>A<td>B</thead><tbody><tr><td>1<td>2", ["A", "B"], 1),
    "none": ("<tr><td>a<td>b<tr><td>c<td>d", [], 0),
    "a spanning group header": (
        "<tr><th rowspan=2>Name<th colspan=2>Scores<tr><th>Math<th>Art<tr><td>Ada<td>1<td>2",
        ["Name", "Scores › Math", "Scores › Art"],
        2,
    ),
    "over all columns": ("<tr><th colspan=2>Scores<tr><th>Math<th>Art<tr><td>1<td>2", ["Scores › Math", "Scores › Art"], 2),
    "sub-headers in td below a spanning th": (
        "<tr><th rowspan=2>Name<th colspan=2>Scores<tr><td>Math<td>Art<tr><td>Ada<td>1<td>2",
        ["Name", "Scores › Math", "Scores › Art"],
        2,
    ),
    "a toolbar in the thead names nothing": (
        "<thead><tr><td colspan=2>Show all<tr><th>A<th>B</thead><tbody><tr><td>1<td>2",
        ["A", "B"],
        2,
    ),
    "an empty corner stays a column": ("<tr><td><th>A<th>B<tr><th>x<td>1<td>2", ["", "A", "B"], 1),
    "a corner with a text": ("<tr><td>City<th>A<th>B<tr><th>x<td>1<td>2", ["City", "A", "B"], 1),
    "names repeat and are empty as they are written": ("<tr><th>A<th>A<th><tr><td>1<td>2<td>3", ["A", "A", ""], 1),
    "a header of a part of the rows is a row": ("<tr><th>A<th>B<tr><th colspan=2>Part one<tr><td>1<td>2", ["A", "B"], 1),
    "row headers alone are no header row": ("<tr><th scope=row>A<td>1<tr><th scope=row>B<td>2", [], 0),
    "td with scope": ("<tr><td scope=col>A<td scope=col>B<tr><td>1<td>2", ["A", "B"], 1),
    "td with a scope of several columns": ("<tr><td scope=colgroup colspan=2>A<td scope=col>B<tr><td>1<td>2<td>3", ["A", "A", "B"], 1),
    "td with a role": ("<tr><td role=columnheader>A<td role=columnheader>B<tr><td>1<td>2", ["A", "B"], 1),
    "bold cells": ("<tr><td><b>A</b><td><p><strong>B</strong></p><tr><td>x<td>y<tr><td>z<td>w", ["A", "B"], 1),
    "all rows bold": ("<tr><td><b>A</b><td><b>B</b><tr><td><b>x</b><td><b>y</b><tr><td><b>z</b><td><b>w</b>", [], 0),
    "a background of their own": ("<tr bgcolor=#ccc><td>A<td>B<tr><td>x<td>y<tr><td>z<td>w", ["A", "B"], 1),
    "zebra rows, however they are spelled": ("<tr bgcolor=#CCC><td>A<td>B<tr><td>x<td>y<tr bgcolor=#ccc><td>z<td>w", [], 0),
    "zebra rows": ("<tr bgcolor=#ccc><td>A<td>B<tr><td>x<td>y<tr bgcolor=#ccc><td>z<td>w", [], 0),
    "words above numbers": (
        "<tr><td>City<td>Height<td>Founded<tr><td>Oslo<td>23 m<td>1049<tr><td>Bergen<td>12 m<td>1070",
        ["City", "Height", "Founded"],
        1,
    ),
    "words above numbers, of which one is missing": (
        "<tr><td>City<td>Height<td>River" + "".join(f"<tr><td>c{n}<td>{n or 'n/a'}<td>r" for n in range(5)),
        ["City", "Height", "River"],
        1,
    ),
    "a text above several columns beside th": ("<tr><td colspan=2>x<th>A<th>B<tr><td>1<td>2<td>3<td>4", [], 0),
    "a row of th that ends early": (
        "<tr><th rowspan=2>Name<th colspan=2>Scores<th><tr><td>Math<td>Art<tr><td>Ada<td>1<td>2",
        ["Name", "Scores › Math", "Scores › Art", ""],
        2,
    ),
    "words behind a corner of several columns": (
        "<tr><td><td><td>Height<td>Founded<tr><td>1<td>Oslo<td>23 m<td>1049<tr><td>2<td>Bergen<td>12 m<td>1070",
        ["", "", "Height", "Founded"],
        1,
    ),
    "words behind a corner, numbers only below it": ("<tr><td><td><td>a<td>b<tr><td>1<td>2<td>c<td>d<tr><td>3<td>4<td>e<td>f", [], 0),
    "one word behind a corner of several columns": ("<tr><td><td><td>a<tr><td>b<td>c<td>12<tr><td>d<td>e<td>23", [], 0),
    "no name above a column that is empty but for one row": (
        "<tr><td>Boat<td><td>Price<tr><td>Ines<td>new<td>1,250 €<tr><td>Mara<td><td>980 €<tr><td>Ada<td><td>750 €",
        ["Boat", "", "Price"],
        1,
    ),
    "no name above a column of texts": ("<tr><td>Boat<td><td>Price<tr><td>Ines<td>new<td>1,250 €<tr><td>Mara<td>old<td>980 €", [], 0),
    "numbers above numbers": ("<tr><td>Rome<td>21 m<td>12<tr><td>Oslo<td>23 m<td>1049<tr><td>Bergen<td>12 m<td>1070", [], 0),
    "keys with some numbers": ("<tr><td>Name<td>Oslo<tr><td>Height<td>23<tr><td>Founded<td>1049<tr><td>River<td>Akerselva", [], 0),
    "bold in parts, with a line break": (
        "<tr><td><strong>Full</strong> <strong>name</strong><td><b>Role</b><br><tr><td>x<td>y<tr><td>z<td>w",
        ["Full name", "Role"],
        1,
    ),
    "bold but for a word": ("<tr><td><b>Full</b> name<td><b>Role</b><tr><td>x<td>y<tr><td>z<td>w", [], 0),
    "names in headings": ("<tr><td><h3>A</h3><td><h4><span>B</span></h4><tr><td>x<td>y<tr><td>z<td>w", ["A", "B"], 1),
    "a colon behind what is bold": ("<tr><td><b>A</b>:<td><b>B</b> :<tr><td>x<td>y<tr><td>z<td>w", ["A:", "B :"], 1),
    "bold by inline styles": (
        "<tr><td style='font-weight:bold'>A<td><p><span style='color:red; font-weight: 700'>B</span></p><tr><td>x<td>y<tr><td>z<td>w",
        ["A", "B"],
        1,
    ),
    "a row bold by its style": ("<tr style='font-weight:bold'><td>A<td>B<tr><td>x<td>y<tr><td>z<td>w", ["A", "B"], 1),
    "a b that is not bold": (
        "<tr><td><b style='font-weight:normal'>A</b><td><b style='font-weight:normal'>B</b><tr><td>x<td>y<tr><td>z<td>w",
        [],
        0,
    ),
    "a property of another name": (
        "<tr><td><b style='mso-bidi-font-weight:normal'>A</b><td><b style='mso-bidi-font-weight:normal'>B</b><tr><td>x<td>y<tr><td>z<td>w",
        ["A", "B"],
        1,
    ),
    "an empty column between bold names": ("<tr><td><b>A</b><td><td><b>B</b><tr><td>x<td><td>y<tr><td>z<td><td>w", ["A", "", "B"], 1),
    "bold names that span columns": (
        "<tr><td><td colspan=2><b>2023</b><td colspan=2><b>2022</b><tr><td>Sales<td>$<td>3<td>$<td>4<tr><td>Costs<td>$<td>2<td>$<td>1",
        ["", "2023", "2023", "2022", "2022"],
        1,
    ),
    "bold names above a single row": ("<tr><td><b>A</b><td><b>B</b><tr><td>x<td>y", ["A", "B"], 1),
    "a background above a single row": ("<tr bgcolor=#ccc><td>A<td>B<tr><td>x<td>y", [], 0),
    "bold names above bold keys": ("<tr><td><b>Key</b><td><b>Value</b><tr><td><b>a</b><td>x<tr><td><b>b</b><td>y", ["Key", "Value"], 1),
    "one bold cell beside empty ones": ("<tr><td><b>A</b><td><td><tr><td>x<td>y<td>z<tr><td>u<td>v<td>w", [], 0),
    "bold names around tables": ("<tr><td><b>A</b><table></table><td><b>B</b><tr><td>x<td>y<tr><td>z<td>w", [], 0),
    "bold years": (
        "<tr><td><b>$ millions</b><td><b>2023</b><td><b>2022</b><tr><td>Sales<td>383,285<td>394,328<tr><td>Costs<td>214<td>223",
        ["$ millions", "2023", "2022"],
        1,
    ),
    "bold years of other centuries": (
        "<tr><td><td><b>1575</b><td><b>1850</b><tr><td>Oslo<td>9,120<td>38,958<tr><td>Bergen<td>8,400<td>25,797",
        ["", "1575", "1850"],
        1,
    ),
    "years with a background": (
        "<tr bgcolor=#ccc><td>Sales<td>2023<td>2022<tr><td>Oslo<td>3<td>4<tr><td>Rome<td>2<td>9",
        ["Sales", "2023", "2022"],
        1,
    ),
    "years that do not stand out": ("<tr><td>Sales<td>2023<td>2022<tr><td>Oslo<td>3<td>4<tr><td>Rome<td>2<td>9", [], 0),
    "quarters above numbers": ("<tr><td>Region<td>Q1<td>FY23<tr><td>North<td>3<td>4<tr><td>South<td>2<td>9", ["Region", "Q1", "FY23"], 1),
    "a bold first of a ranking": ("<tr><td><b>1</b><td><b>Ines</b><td><b>99</b><tr><td>2<td>Mara<td>98<tr><td>3<td>Ada<td>80", [], 0),
    "a title row above": (
        "<tr><td colspan=2>Cities<tr><td><b>City</b><td><b>Height</b><tr><td>Oslo<td>23<tr><td>Rome<td>21",
        ["City", "Height"],
        2,
    ),
    "a title in a td above th": ("<tr><td colspan=2><b>World Group</b><tr><th>Date<th>Venue<tr><td>1 May<td>Oslo", ["Date", "Venue"], 2),
    "an empty row above th": ("<tr><td width=90><td width=60><tr><th>Date<th>Venue<tr><td>1 May<td>Oslo", ["Date", "Venue"], 2),
    "a title in a th, a note in a td, then th": (
        "<tr><th colspan=2>Cup<tr><td colspan=2>as of May<tr><th>Date<th>Venue<tr><td>1 May<td>Oslo",
        ["Cup › Date", "Cup › Venue"],
        3,
    ),
    "an empty row above bold cells": (
        "<tr><td><td><tr><td><b>City</b><td><b>River</b><tr><td>Oslo<td>Aker<tr><td>Rome<td>Tiber",
        ["City", "River"],
        2,
    ),
    "a title above a part of the rows": ("<tr><td colspan=2>Oslo<tr><th colspan=2>Facts<tr><th>Height<td>23<tr><th>River<td>Aker", [], 0),
    "titles alone": ("<tr><td colspan=2>a<tr><td colspan=2>b", [], 0),
    "headers by id at the bottom": (
        "<tr><td headers=a>1<td headers=b>2<tr><td id=a scope=col>A<td id=b scope=col>B",
        ["A", "B"],
        0,
    ),
    "headers by id at the top": (
        "<tr><td id=a>A<td id=b>B<tr><td headers=a>x<td headers=b>y<tr><td headers=a>z<td headers=b>w",
        ["A", "B"],
        1,
    ),
    "headers by id beside data": ("<tr><td id=a>A<td>x<tr><td headers=a>y<td headers=b>z<tr><td>w<td id=b>B", ["A", "B"], 0),
    "two rows of headers by id": (
        "<tr><td id=a colspan=2>A<tr><td id=b headers=a>B<td id=c headers=a>C<tr><td headers=b>x<td headers=c>y",
        ["B", "C"],
        2,
    ),
    "two rows of headers by id, one of them of groups": (
        "<tr><td id=n rowspan=2>Name<td id=g colspan=2>Group<tr><td id=b>B<td id=c>C<tr><td headers=n>x<td headers='g b'>y<td headers='g c'>z",
        ["Name", "Group › B", "Group › C"],
        2,
    ),
    "headers by id above row headers": (
        "<tr><td id=n>Name<td id=a>A<tr><td id=r headers=n>x<td headers='r a'>y<tr><td id=s headers=n>z<td headers='s a'>w",
        ["Name", "A"],
        1,
    ),
    "a thead of th and nothing else": ("<thead><tr><th>A<th>B<tr><th>1<th>2</thead>", ["A › 1", "B › 2"], 2),
    "a thead of td and nothing else": ("<thead><tr><td>A<td>B<tr><td>1<td>2</thead>", [], 0),
    "nothing but th": ("<tr><th>A<th>B<tr><th>1<th>2", ["A", "B"], 1),
    "a list in a header is one line": ("<tr><th>A<ul><li>b<li>c</ul><th>D<tr><td>1<td>2", ["A b c", "D"], 1),
}


@pytest.mark.parametrize(("rows", "names", "header_rows"), NAMES.values(), ids=NAMES)
def test_column_names(rows, names, header_rows):
    """The names of the columns and the number of header rows; rows and header rows make up the grid."""
    table = table_of(f"<table>{rows}</table>")
    assert table.headers == names
    assert len(table.header_rows) == header_rows
    assert table.grid() == table.header_rows + table.rows


def test_row_headers():
    """Columns of th on the left, with a group header that spans rows, and a row that one cell fills between."""
    table = table_of(
        "<table><tr><td colspan=2><th>1 km<th>5 km<tr><th rowspan=2>Women<th>Mary<td>8:32<td>28:04<tr><th>Betsy<td>7:43<td>26:47"
        "<tr><th colspan=4>Men<tr><th>Men<th>Matt<td>7:55<td>27:29</table>"
    )
    assert (table.row_header_columns, table.kind) == (2, "matrix")
    assert table.headers == ["", "", "1 km", "5 km"]


KINDS = {
    "rows of things": ("<tr><th>A<th>B<tr><td>1<td>2<tr><td>3<td>4", "relational"),
    "named row headers": ("<tr><th>City<th>River<tr><th scope=row>Oslo<td>Akerselva<tr><th scope=row>Rome<td>Tiber", "relational"),
    "keys on the left": ("<tr><th>Name<td>Oslo<tr><th>Height<td>23", "entity"),
    "below a title and a picture": ("<tr><th colspan=2>Oslo<tr><td colspan=2><img alt=x><tr><th>Height<td>23<tr><th>River<td>A", "entity"),
    "keys with colons": ("<tr><td>Name:<td>Oslo<tr><td>Height:<td>23", "entity"),
    "keys and values by turns": ("<tr><th>Name<td>Oslo<th>Height<td>23<tr><th>River<td>A<th>Lake<td>B", "entity"),
    "bold keys": ("<tr><td><b>Engine</b><td>1.6 l<tr><td><strong>Power</strong><td>110 hp<tr><td><b>Top speed</b><td>190 km/h", "entity"),
    "bold keys below a title": ("<tr><td colspan=2>Car<tr><td><b>Engine</b><td>petrol<tr><td><b>Colour</b><td>red<tr><td><td>", "entity"),
    "keys with values of several sorts": ("<tr><td>Engine<td>petrol<tr><td>Power<td>110 hp<tr><td>Colour<td>red", "entity"),
    "a title above keys with such values": ("<tr><th colspan=2>Car<tr><td>Engine<td>petrol<tr><td>Power<td>110 hp", "entity"),
    "keys with values of one sort": ("<tr><td>Oslo<td>Akerselva<tr><td>Rome<td>Tiber", "relational"),
    "a list with a number missing": ("<tr><td>Oslo<td>n/a" + "".join(f"<tr><td>City {n:c}<td>{n}" for n in range(65, 80)), "relational"),
    "things that repeat": ("<tr><td>Oslo<td>23<tr><td>Oslo<td>Akerselva", "relational"),
    "numbered things": ("<tr><td>1<td>Oslo<tr><td>2<td>23", "relational"),
    "not all keys bold": ("<tr><td><b>Engine</b><td>petrol<tr><td><b>Seats</b><td>leather<tr><td>Colour<td>red", "relational"),
    "a single bold key": ("<tr><td><b>Engine</b><td>petrol", "relational"),
    "bold keys and values": ("<tr><td><b>Engine</b><td><b>petrol</b><tr><td><b>Colour</b><td><b>red</b>", "relational"),
    "bold keys that repeat": ("<tr><td><b>Ines</b><td>Hello<tr><td><b>Mara</b><td>Hello<tr><td><b>Ines</b><td>Bye", "relational"),
    "bold numbers": ("<tr><td><b>1</b><td>Ines<tr><td><b>2</b><td>Mara", "relational"),
    "bold keys without values": ("<tr><td><b>Ines</b><td><tr><td><b>Mara</b><td>", "relational"),
    "bold names of three columns": ("<tr><td><b>Ines</b><td>1998<td>a<tr><td><b>Mara</b><td>2004<td>b", "relational"),
    "keys above": ("<tr><th>Name<th>Height<tr><td>Oslo<td>23", "entity"),
    "an empty corner": ("<tr><td><th>2019<th>2020<tr><th>Oslo<td>1<td>2<tr><th>Rome<td>3<td>4", "matrix"),
    "years above": ("<tr><th>City<th>2019<th>2020<tr><th>Oslo<td>1<td>2<tr><th>Rome<td>3<td>4", "matrix"),
    "numbered rows": ("<tr><td><th>A<th>B<tr><th>0<td>1<td>2<tr><th>1<td>3<td>4", "relational"),
    "a list": ("<tr><td>a<tr><td>b", "relational"),
    "nothing in the place of keys": ("<tr><td><td>Oslo<tr><td><td>Rome", "relational"),
    "a name on the left of some": ("<tr><th>Cities<td>Oslo<tr><td><td>Rome<tr><td><td>Bonn", "relational"),
}


@pytest.mark.parametrize(("rows", "kind"), KINDS.values(), ids=KINDS)
def test_kinds(rows, kind):
    """What sort of table it is."""
    assert table_of(f"<table>{rows}</table>").kind == kind


def test_headers_of_columns_are_none_of_rows():
    """What is said to head a column heads no row, though it stands on the left."""
    rows = "".join(f"<tr><th scope={{0}}>{name}<td>1" for name in ("x", "y"))
    found = {scope: table_of(f"<table><tr><th>A<th>B{rows.format(scope)}</table>") for scope in ("col", "colgroup", "row", "rowgroup")}
    assert {scope: table.row_header_columns for scope, table in found.items()} == {"col": 0, "colgroup": 0, "row": 1, "rowgroup": 1}


def test_keys_by_their_looks():
    """Bold keys are a column of row headers: no header row is made of the first of them, and the record has a value for each."""
    table = table_of(
        "<table><tr><td><b>Fuel</b><td>petrol<tr><td><b>Power</b><td>110<tr><td><b>Weight</b><td>1250<tr><td><b>Doors</b><td>5</table>"
    )
    assert (table.row_header_columns, table.headers, table.header_rows) == (1, [], [])
    assert table.to_records() == [{"Fuel": "petrol", "Power": "110", "Weight": "1250", "Doors": "5"}]
    assert "row_headers" not in table.score_parts


def test_bold_keys_with_colons():
    """A colon behind what is bold makes no difference."""
    assert table_of("<table><tr><td><b>Fuel</b>:<td>petrol<tr><td><b>Power</b>：<td>110</table>").row_header_columns == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *dict.fromkeys(("USD 5", "US$5", "R$ 5", "€ 5", "-3", "5 km", "(12)"), True).items(),
        *dict.fromkeys(("Q1", "FY23", "A4 [1]", "2021年", "1月", "1位", "3年生", "1월", "1위", "12 января 2020"), False).items(),
    ],
)
def test_numbers(text, number):
    """Capitals before digits are a currency where something parts them, else a name."""
    assert (NUMERIC.fullmatch(text) is not None) == number


def test_columns_are_told_as_their_texts_are():
    """What is left out of the search for numbers in a column makes no difference."""
    random = Random(5)
    texts = "7|1999|١٢|²|1,234.5|5 km|-3|− 3 °C|$126,000|USD 5|4[1]|(12)|12 — 13|5–0|[1]|Oslo|a|N/A|½|7 January 1922|1a b|12万円|3月|5 руб.|7 สาม".split(
        "|"
    )
    for _ in range(2000):
        column = random.choices(random.sample(texts, random.randint(1, 5)), k=random.randint(2, 12))
        for share in (0.7, 0.8, 1.0):
            numbers = [text for text in column if NUMERIC.fullmatch(text)]
            assert mostly_numbers(column, share) == (len(numbers) >= share * len(column)), column


def test_what_a_table_is_called():
    """All of the caption, the summary, the title by aria-labelledby before aria-label before title, the nearest heading, the region."""
    html = (
        "<main><h2>Over <i>all</i></h2><p id=n>Named <b>here</b></p><table id=t class='x y' summary=' a  sum ' title=T aria-label=L {}>"
        "<caption><p>One</p> <a href=#>two</a></caption><tr><td>1</table></main>"
    )
    table = table_of(html.format("aria-labelledby='gone n'"))
    assert (table.caption, table.summary, table.title) == ("One two", "a sum", "Named here")
    assert (table.heading, table.region, table.id, table.css_class) == ("Over all", "main", "t", "x y")
    assert table_of(html.format("")).title == "L"
    assert table_of(html.format("").replace("aria-label=L", "aria-label=' '")).title == "T"
    laid_out = "<b>word</b>\n                    " * 100
    assert table_of(html.format("aria-labelledby=l") + f"<p id=l>{laid_out}").title == " ".join(["word"] * 100)


ROWS = "<tr><th>City<th>Height<tr><td>Oslo<td>23"
CAPTIONS = {
    "after the table": (f"<figure><table>{ROWS}</table><figcaption>Cities of <b>Norway</b></figcaption></figure>", "Cities of Norway"),
    "before it, in a wrapper": (f"<figure><figcaption>Cities</figcaption><div><table>{ROWS}</table></div></figure>", "Cities"),
    "a caption element comes first": (
        f"<figure><table><caption>Own</caption>{ROWS}</table><figcaption>Cities</figcaption></figure>",
        "Own",
    ),
    "of two tables it captions none": (f"<figure><table>{ROWS}</table><table>{ROWS}</table><figcaption>Both</figcaption></figure>", ""),
    "only of the nearest figure": (f"<figure><figure><table>{ROWS}</table></figure><figcaption>All</figcaption></figure>", ""),
    "a table in a figcaption": (f"<figure><img src=a><figcaption>All <table>{ROWS}</table></figcaption></figure>", ""),
    "a figcaption without a figure": (f"<table>{ROWS}</table><figcaption>Lost</figcaption>", ""),
}


@pytest.mark.parametrize(("html", "caption"), CAPTIONS.values(), ids=CAPTIONS)
def test_captions(html, caption):
    """The caption element, else the figcaption where the table is the figure's only one (HTML, 4.9.2); both count in the score."""
    table = table_of(html)
    assert table.caption == caption
    assert ("caption" in table.score_parts) == bool(caption)


OF_THE_WORLD = (
    "1,200円|￥1,200|1億2,000万円|800元|2.1亿|12個|3人|16410平方公里|10ドル|12.5％|１２．５％|1,200원|40개|2만 5천원|1 200 руб.|12 шт.|3 млн|1 200 Kč|"
    "500 zł|12 τεμ.|1 200 ₴|٨٠٠ ريال|١٢٫٥٪|۱۲٬۰۰۰ تومان|99 ש״ח|₹12,34,567|Rs. 500|99 रु.|१२ किमी|1,200 บาท|๕ ใบ|1.200.000 đ|Rp 50.000|5 ლარი|12 դր."
).split("|")


@pytest.mark.parametrize("price", ["RM50", "R120", "R9.50", "USD50", "THB50", "EUR1,200", "US$50", "INR 50", "£50", *OF_THE_WORLD])
def test_prices_below_a_row_of_words(price):
    """A currency or unit of any script belongs to its number, with a space between or without: the words above name the columns."""
    rows = "".join(f"<tr><td>{name}<td>{price}<td>{price}" for name in ("Tea", "Milk", "Oats"))
    assert table_of(f"<table><tr><td>Item<td>Price<td>Deposit{rows}</table>").headers == ["Item", "Price", "Deposit"]


@pytest.mark.parametrize(
    "years",
    [
        "2021 2022",
        "2021年 2022年",
        "2021\xa0г. 2022\xa0г.",
        "2021\xa0r. 2022\xa0r.",
        "٢٠٢١ ٢٠٢٢",
        "۱۴۰۱ ۱۴۰۲",
        "1401 1402",
        "2564 2565",
        "๒๕๖๔ ๒๕๖๕",
    ],
)
def test_a_bold_row_of_years(years):
    """They name the columns below them in whatever digits and calendar."""
    names = ["Name", *(year.replace("\xa0", " ") for year in years.split(" "))]
    row = "".join(f"<td><b>{name}</b>" for name in names)
    assert table_of(f"<table><tr>{row}<tr><td>A<td>1<td>2<tr><td>B<td>2<td>3").headers == names


@pytest.mark.parametrize("first", [("Total", "1,234", "100%"), ("Alice", "1990", "90"), ("Total", "", "90")], ids=str)
def test_a_bold_row_of_data_is_no_header(first):
    """Only years and dates among the numbers name columns: a total above what it sums up, or the winner, is data."""
    row = "".join(f"<td><b>{text}</b>" for text in first)
    table = table_of(f"<table><tr>{row}<tr><td>North<td>600<td>49%<tr><td>South<td>634<td>51%</table>")
    assert table.headers == []
    assert len(table.rows) == 3


@pytest.mark.parametrize("style", ["style='font-weight: bold'", "style='background: #eee'", "bgcolor=#eee"])
def test_the_style_of_a_row_is_read_once(style):
    """Not once for each of its cells: a row of thousands, with a style of 300 kB, took more than a minute."""

    def work(number):
        cells = "".join(f"<td>name {index}" for index in range(number))
        html = f"<table><tr {style}>{cells}{('<tr>' + '<td>x' * number) * 2}</table>"
        assert len(table_of(html).headers) == number
        return calls(lambda: table_of(html), "attr")

    assert work(60) == work(30)
