"""The text of cells as a reader sees it, and the links in them."""

from random import Random

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.links import spare_text
from linkmedia_scrapy.extraction.tables.celltext import CellReader, stacked_text
from linkmedia_scrapy.extraction.tables.markup import MarkupReader, form_grid
from tests.conftest import scale
from tests.tables.build import ALL, table_of

TEXTS = {
    "white space folds": ("  a\n\t b\u00a0c ", "a b c"),
    "br separates": ("a<br>b<br/>c", "a b c"),
    "blocks separate": ("a<p>b</p><div>c</div>d", "a b c d"),
    "inline elements do not": ("a<b>b</b><span>c</span>", "abc"),
    "list items stand on lines of their own": ("before<ul><li>one<li>two <b>three</b></ul>after", "before\none\ntwo three\nafter"),
    "definitions too": ("<dl><dt>a<dd>b</dl>", "a\nb"),
    "hidden attribute": ("a<span hidden>b</span>c", "ac"),
    "inline style": ("<span style='display:none'>7</span>a<i style='visibility: hidden'>b</i>", "a"),
    "scripts and styles": ("a<script>b</script><style>c</style>", "a"),
    "noscript": ("a<noscript>b</noscript>", "a"),
    "an inner table": ("a<table><tr><td>b</table>c", "a c"),
    "a picture's alternative text where there is none": ("<img alt='first'><p><img alt='second'></p>", "first second"),
    "not beside text": ("a<img alt='b'>", "a"),
    "not of an inner table": ("<table><tr><td><img alt='b'></table>", ""),
    "not of a hidden picture": ("<img alt='a' hidden><span style='display:none'><img alt=b></span><img alt=c>", "c"),
    "the value of fields": ("<input value=a><input type=hidden value=b><input type=password value=c>", "a"),
    "the chosen option": ("<select><option>a<option selected>b</select>", "b"),
    "the first option": ("<select><option>a<option>b</select>", "a"),
    "the last of several chosen": ("<select><option selected>a<option selected>b<option>c</select>", "b"),
    "the first that can be chosen": ("<select><option disabled>a<optgroup disabled><option>b</optgroup><option>c</select>", "c"),
    "nothing can be chosen": ("<select><option disabled>a</select>", ""),
    "a list box": ("<select multiple><option>a<option>b</select>", ""),
    "a list box with a choice": ("<select multiple><option>a<option selected>b<option selected>c</select>", "b"),
    "a list box by its size": ("<select size=3><option>a<option>b</select>", ""),
    "no size": ("<select size=many><option>a<option>b</select>", "a"),
    "a text area": ("<textarea>a b</textarea>", "a b"),
}


@pytest.mark.parametrize(("inside", "text"), TEXTS.values(), ids=TEXTS)
def test_cell_text(inside, text):
    """What a cell's text is."""
    assert table_of(f"<table><tr><td>{inside}</td></tr></table>").rows == [[text]]


INSIDE = (
    "a|b |  c\n|&nbsp;|1<wbr>2|<br>|<br/> |<b>|</b>|<span>|</span>|<a href=x>|</a>|<div>|</div>|<p>|</p>|<center>|</center>|<ul><li>|</ul>|"
    "<img alt='p q'>|<span hidden>h</span>|<i style='display:none'>s</i>|<script>c</script>|<noscript>n <a href=y>m</a></noscript>|"
    "<sup>2</sup>|<q>r</q>|<ruby>u<rt>v</rt></ruby>|<rp>(</rp>|<x-y>w</x-y>|<svg><text>t</text><title>T</title></svg>|<math><mi>z</mi></math>|"
    "<hr>|<h3>|</h3>|<pre>e\n f</pre>|<code>g  h</code>|<input value=i>|<!-- k -->|<table><tr><td>l<div hidden>o</div><td>n</table>|"
    "<font>|</font>|<del>y</del>|<textarea>j</textarea>|<button>B</button>|<label>L</label>|<blockquote>Q</blockquote>|<svg><tr><td>d</svg>"
).split("|")


@pytest.mark.soak
def test_cells_read_the_same_however_much_is_known_of_them():
    """What one pass over a table finds in its cells changes how these are read, never what is read."""
    random = Random(4)
    for _ in range(scale(20_000)):
        cells = ["".join(random.choices(INSIDE[: random.choice((16, len(INSIDE)))], k=random.randint(0, 7))) for _ in range(4)]
        html = f"<table><tr><td>{cells[0]}<th>{cells[1]}<tr><td>{cells[2]}<td>{cells[3]}</table>"
        document = Document(html)
        grid = form_grid(MarkupReader(document).read(document.find("table")[0].element), 1000)
        reader = CellReader(document)
        reader.read(grid)
        assert [cell.text for cell in grid.cells] == [reader.text(cell.element) for cell in grid.cells], html
        for cell, anchor in grid.links:
            assert reader.link_text(cell, anchor) == (document.text(anchor) or spare_text(document, anchor)), html


STACKED = {
    "a list": ("<div>\n<ul><li>a <b>b</b>c</li>\n<li>d</ul></div>", "a bc\nd"),
    "blocks before it and after it": ("<center>a</center><div>b</div><ol><li>c</ol> <p>d<p>e", "a b\nc\nd e"),
    "empty ones": ("<ul><li><li>a<li> </ul><div></div>", "a"),
    "text that begins as another's white space": ("<p> </p> <p> a</p><p>a</p>", "a a"),
    "text beside blocks": ("a<ul><li>b</ul>", None),
    "text behind them": ("<ul><li>a</ul>b", None),
    "text between them": ("<ul><li>a</li>b<li>c</ul>", None),
    "text in a block around them": ("<div>a<p>b</p></div>", None),
    "lines in an item": ("<ul><li>a<br>b</ul>", None),
    "one text, however deep": ("<ul><li><ul><li>a</ul></ul>", "a"),
    "a list in an item": ("<ul><li><ul><li>a<li>b</ul></ul>", None),
    "blocks in items": ("<ul><li><p>a</p><li><p>b</p></ul>", None),
}


@pytest.mark.parametrize(("inside", "text"), STACKED.values(), ids=STACKED)
def test_texts_in_a_stack_of_blocks(inside, text):
    """What the parser finds of them at once; None where their text has to be read node by node, with the same result."""
    document = Document(f"<table><tr><td>{inside}</table>")
    cell = document.find("table")[0].element.select("td")[0]
    assert stacked_text(cell) == (text or "")
    assert text in (None, document.text(cell, tables=False, lines=True))


def test_every_kind_of_white_space_folds():
    """Also where a cell is nothing but text: what is told of it before it is folded holds for all characters."""
    spaces = [character for character in map(chr, range(1, 0x110000)) if character.isspace()]
    cells = "".join(f"<td>{space}a{space}b {space}c" for space in spaces)
    assert table_of(f"<table><tr>{cells}</table>").rows == [["a b c"] * len(spaces)]
    assert not [space for space in spaces if space.isprintable() and space != " "]


def test_rows_and_cells_of_svg_are_none():
    """Elements of SVG may be named as those of tables are; the links in them are the cell's."""
    table = table_of("<table><tr><td>a<svg><tr><td><a href=x>b</a></svg><td>c<tr><td>d<td>e</table>")
    assert [len(row) for row in table.grid()] == [2, 2]
    assert [(link["row"], link["column"]) for link in table.cell_links] == [(0, 0)]


def test_a_page_reads_the_same_before_and_after_its_scripts():
    """noscript makes no difference: neither to the texts nor to the score."""
    html = "<table><tr><th>A<th>B" + "<tr><td>1<noscript><img src=x alt=y><a href=z>z</a> text</noscript><td>2" * 3 + "</table>"
    plain, rendered = (extract(html, "https://example.com/", rendered=rendered, config=ALL).tables[0] for rendered in (False, True))
    assert (plain.rows, plain.score_parts) == (rendered.rows, rendered.score_parts)


def test_cell_links():
    """Each link with its row and column in the grid, its text and its URL; those of inner tables belong to these."""
    page = extract(
        "<table><tr><th>A<th>B<tr><td colspan=2><a href=/x>one</a> <a href='mailto:a@b.c'>mail</a><a>no</a>"
        "<tr><td>c<td><a href='y#z'>two</a><table><tr><td><a href=in>inner</a></table></table>",
        "https://example.com/dir/",
        config=LinkMediaConfig(table_score_threshold=None),
    )
    outer, inner = page.tables
    assert outer.cell_links == [
        {"row": 1, "column": 0, "text": "one", "url": "https://example.com/x"},
        {"row": 2, "column": 1, "text": "two", "url": "https://example.com/dir/y#z"},
    ]
    assert [link["text"] for link in inner.cell_links] == ["inner"]


def test_the_text_of_deep_nesting_is_read_once():
    """100 tables inside each other: each has its own text and none of the others'."""
    html = "".join(f"<table><tr><td>text {number}" for number in range(100))
    page = extract(html, "https://example.com/", config=ALL)
    assert [table.rows[0][0] for table in page.tables] == [f"text {number}" for number in range(100)]


@pytest.mark.parametrize("row", ["<tr hidden>", "<tr style='display:none'>", "<tbody hidden><tr>"])
def test_hidden_rows_keep_their_place(row):
    """Rows that are shown at a click are part of the table, as its table model has them."""
    table = table_of(f"<table><tr><th>City<th>People<tr><td>Oslo<td>1{row}<td>Rome<td>2<tbody><tr><td>Bergen<td>3</table>")
    assert table.rows == [["Oslo", "1"], ["Rome", "2"], ["Bergen", "3"]]


@pytest.mark.parametrize("link", ["<img src=a.png alt='The lake'>", "<svg aria-label='The lake'></svg>", "<i title=no></i>"])
@pytest.mark.parametrize("cell", ["%s", "%s<br>1", "<div>%s<p>1</div>"])
def test_a_link_that_is_a_picture(cell, link):
    """A link in a cell that has no text has what its own record has: the picture's alternative text, its label, its title."""
    page = extract(f"<table><tr><td>{cell % f'<a href=a title=Map>{link}</a>'}<td>2</table>", "https://example.com/", config=ALL)
    (in_cell,) = page.tables[0].cell_links
    assert in_cell["text"] == page.links[0].text == ("Map" if link.startswith("<i ") else "The lake")
