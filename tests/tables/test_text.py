"""The text of cells as a reader sees it, and the links in them."""

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
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
    "a text area": ("<textarea>a b</textarea>", "a b"),
}


@pytest.mark.parametrize(("inside", "text"), TEXTS.values(), ids=TEXTS)
def test_cell_text(inside, text):
    """What a cell's text is."""
    assert table_of(f"<table><tr><td>{inside}</td></tr></table>").rows == [[text]]


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
