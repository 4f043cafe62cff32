"""Bad input: whatever comes as HTML, `extract` gives what can be had, ends, and never raises."""

from __future__ import annotations

import codecs
import itertools
import json
import random
import re
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkmedia_scrapy import LinkMediaConfig, PageItem, extract
from linkmedia_scrapy.extraction import page as page_module
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.tables.celltext import CellReader
from linkmedia_scrapy.extraction.visible import Visible
from tests.conftest import SITE_PAGES, scale, site_url

URL = "http://example.com/d/p.html"
EVERYTHING = LinkMediaConfig(
    link_kinds=["a", "area", "iframe", "link", "form", "meta", "contact"], image_score_threshold=None, table_score_threshold=None
)


def check(html: bytes | str, *, encoding: str | None = None, rendered: bool = False, url: str = URL) -> PageItem:
    """What `extract` finds: without an error in our code, the same twice, and fit for any feed."""
    page = extract(html, url, encoding=encoding, rendered=rendered, config=EVERYTHING)
    assert page.errors == []
    assert page.success
    assert page.error_message == ""
    assert page == extract(html, url, encoding=encoding, rendered=rendered, config=EVERYTHING)
    json.dumps(page.to_dict(), ensure_ascii=False).encode()
    return page


LINK = "<a href='/ünï?q=日本#f'>Größe 日本</a>"


@pytest.mark.parametrize(
    "html",
    [
        b"",
        "",
        b" ",
        b"\0",
        "\0",
        b"\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xff\xfe\0\0",
        b"<",
        b"</",
        b"<!",
        b"<a",
        b"<a href",
        b"<a href='",
        b"&",
        b"&#",
        b"<![CDATA[",
        b"<?xml",
    ],
)
def test_next_to_nothing(html: bytes | str) -> None:
    """Empty pages, lone bytes, byte order marks and unfinished markup hold no records."""
    assert list(check(html).records()) == []


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 40, id="png"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj", id="pdf"),
        pytest.param(b"PK\x03\x04" + bytes(range(255, -1, -1)) * 20, id="zip"),
        pytest.param(b"\x1f\x8b\x08" + random.Random(1).randbytes(20_000), id="gzip"),
        pytest.param(b'{"a": "<a href=x>"}'[:5], id="json"),
        pytest.param(b"\0" * 100_000, id="nuls"),
        pytest.param(b"\xff" * 100_000, id="ff"),
    ],
)
def test_binary(html: bytes) -> None:
    """Bytes that are no page hold no records."""
    assert list(check(html).records()) == []


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "shift_jis", "euc_jp", "iso2022_jp"]
)
def test_encodings_with_a_header(encoding: str) -> None:
    """A page in any encoding of the web, its transport naming it, gives its link."""
    html = "<a href='/x'>日本</a>"
    (link,) = check(html.encode(encoding), encoding=encoding).links
    assert (link.url, link.text) == ("http://example.com/x", "日本")


@pytest.mark.parametrize(
    "label",
    [
        "utf-16",
        "utf-32",
        "gbk",
        "shift_jis",
        "iso-2022-kr",
        "hz-gb-2312",
        "replacement",
        "x-user-defined",
        "utf-7",
        "none",
        "\0",
        "\ud800",
        "é",
        "base64",
        "x" * 100_000,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-32-le", "gbk", "cp932"])
def test_wrong_labels(label: str, encoding: str) -> None:
    """A charset that is wrong, unknown or no name at all costs no more than readable text; what the page declares, not even the link."""
    body = LINK.encode(encoding, "replace")
    check(body, encoding=label)
    page = check(b"<meta charset='" + label.encode("utf-8", "replace") + b"'>" + body)
    if not encoding.startswith(("utf-16", "utf-32")) and label not in ("replacement", "iso-2022-kr", "hz-gb-2312"):  # no text to a browser
        assert len(page.links) == 1


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<a href='/a\0b'>x\0y</a>", "http://example.com/a%EF%BF%BDb"),
        ("\0<a href=/x>\0</a>", "http://example.com/x"),
        ("<a\0 href=/x>", None),
        ("<a href=/\ud800x>t</a>", "http://example.com/%EF%BF%BDx"),
        ("<a href='/x?\udfff'>t</a>", "http://example.com/x?%EF%BF%BD"),
        ("<a href='/&#xD800;&#0;&#x110000;'>t</a>", "http://example.com/%EF%BF%BD%EF%BF%BD%EF%BF%BD"),
        ("<a href=http://\ud800.example/>t</a>", None),
        ("<a href='//[x]/'>t</a>", None),
        ("<a href='http://a b/'>t</a>", None),
        ("<a href='\u202e/x'>t</a>", "http://example.com/d/%E2%80%AE/x"),
    ],
)
def test_odd_references(html: str, url: str | None) -> None:
    """NULs, lone surrogates and invalid hosts: a link where a URL can be had, else none."""
    assert [link.url for link in check(html).links] == ([url] if url else [])


def test_long_references() -> None:
    """References of megabytes are links, too, or not: they cost no more than their length."""
    size = scale(2_000_000)
    html = "".join(
        f"<a href='{start}{filling * (size // len(filling))}'>t</a>"
        for start, filling in [
            ("/", "a"),
            ("/", "../"),
            ("?", "é"),
            ("#", "\t"),
            ("http://", "a."),
            ("http://", "a"),
            ("", "%"),
            (":", ":"),
            ("", " "),
            ("/", "\\"),
            ("//", "@"),
            ("http://[", ":"),
        ]
    )
    page = check(html)
    assert page.links[0].url == "http://example.com/" + "a" * size
    assert page.links[1].url == "http://example.com/"
    assert len(str(page.links[0])) <= 200


_MANY = scale(100_000)


@pytest.mark.soak
@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<a href=x>",
        "<b><p>",
        "<a href=x><p>",
        "<table><tr><td>",
        "<table><td><a href=x>",
        "<ul><li>",
        "<section><h2>x",
        "<nav>",
        "<article role=main><a href=x>y</a>",
        "<figure><img src=x>",
        "<picture><source srcset=x><img src=y>",
        "<div><img src=x></div>",
        "<video src=x><source src=y>",
        "<object>",
        "<svg><a href=x>",
        "<font size=1>",
        "<button><a href=x>",
        "<select><option>",
        "<template>",
        "<div><template shadowrootmode=open>",
        "<form>",
        "<marquee><a href=x>",
        "<math><mi>",
        "<svg><foreignObject>",
        "<iframe>",
        "<noscript>",
        "<span hidden>",
        "</div>",
        "</p>",
        "</br>",
        "<!--",
        "<![CDATA[",
        "<a ",
        "&amp",
        "&#9",
        "<p",
        "='",
        "\0",
        "]]>",
        "<caption>",
        "<frameset><frame src=x>",
        "<dl><dt><a href=x>",
        "<base href=/x/>",
        "<meta name=robots>",
    ],
)
def test_repeated(unit: str) -> None:
    """The same tag tens of thousands of times, nested or side by side, ends and is no error."""
    size = scale(1_000_000) // 4
    check(unit * (size // len(unit)))


@pytest.mark.soak
@pytest.mark.parametrize(
    "opening",
    [
        "",
        "<div>",
        "<p>",
        "<table><tr><td>",
        "<figure>",
        "<picture>",
        "<nav role=main><h1>x</h1>",
        "<a href=around>",
        "<button>",
        "<svg>",
        "<noscript>",
    ],
)
@pytest.mark.parametrize(
    "unit",
    [
        "<img src=/{}.jpg>",
        "<a href=/{}>t</a>",
        "<iframe src=/{}></iframe>",
        "<h2>h{}</h2>",
        "<input type=image src=/{}>",
        "<video src=/{}></video>",
    ],
)
def test_many_side_by_side(opening: str, unit: str) -> None:
    """Thousands of different elements in one parent: every one is a record that stands in it, in linear time."""
    count = scale(20_000)
    page = check(opening + "".join(map(unit.format, range(count))))
    if opening in {"", "<div>"} and "h2" not in unit:
        assert len(list(page.records())) == count


@pytest.mark.soak
def test_many_links() -> None:
    """100,000 links are 100,000 records, and as many to one URL are one."""
    page = check(
        "".join(f"<a href=/{n}>link {n}</a>" for n in range(_MANY))
        + f"<a href=/same>{'s t ' * _MANY}</a>"
        + "<a href=/same>s</a>" * (_MANY - 1)
    )
    assert len(page.links) == _MANY + 1
    assert page.links[-1].occurrences == _MANY


@pytest.mark.soak
def test_deep_nesting_keeps_what_is_inside() -> None:
    """A link below a megabyte of open div elements is found (its text is not in it: the parser stops nesting at 512, as browsers do)."""
    page = check("<div>" * (scale(1_000_000) // 5) + "<a href=x>deep</a>")
    assert [link.url for link in page.links] == ["http://example.com/d/x"]


@pytest.mark.soak
def test_big_page() -> None:
    """A page of 50 MB gives all it has."""
    block = "<p>" + "Lorem ipsum dolor sit amet. " * 40 + "<a href=/{0}>link {0}</a><img src=/{0}.jpg></p>\n"
    count = scale(50_000_000) // len(block)
    page = extract("".join(map(block.format, range(count))).encode(), URL, config=EVERYTHING)
    assert (len(page.links), len(page.images), page.errors) == (count, count, [])


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr><td rowspan=65534 colspan=1000>x" * 50,
        "<table><tr>" + "<td colspan=1000>x" * 3000,
        "<table><tr><td rowspan=99999999999999999999 colspan=99999999999999999999>x<tr><td>y",
        "<table><tr><td rowspan=0 colspan=0>x<tr><td>y",
        "<table><tr><td rowspan=-1 colspan=x>x<tr><td>y",
        "<table><thead><tbody><tfoot><tr><tr></table>",
    ],
)
def test_spans(html: str) -> None:
    """Spans out of all proportion are cut, and no memory is spent on them."""
    tables = check(html).tables
    assert sum(len(row) for table in tables for row in table.grid()) <= EVERYTHING.table_max_slots


LOREM = "lorem ipsum dolor " * 5000
PATH = LOREM.replace(" ", "/")
VIDEO_PAGE = "<meta property=og:type content=video>"


@pytest.mark.parametrize(
    "html",
    [
        "<h2>" + "<a href=/{0}>l{0}</a> " * 1000 + LOREM,
        "<h2><img alt='" + LOREM + "'></h2>" + "<a href=/{0}>l{0}</a> " * 1000,
        "<h2>" + "<video src=/{0}.mp4></video>" * 1000 + LOREM,
        "<figure>" + "<img src=/{0}.jpg>" * 1000 + "<figcaption>" + LOREM,
        "<figure>" + "<img src=/{0}.jpg>" * 1000 + "<figcaption><b>b</b>" + LOREM,
        "<div class=gallery>" + "<img src=/{0}.jpg data-caption='#c'>" * 1000 + "</div><p id=c>" + LOREM,
        "<div class=gallery data-caption='" + LOREM + "'>" + "<img src=/{0}.jpg>" * 1000,
        "<a href='/" + PATH + "'>" + "<img src=/{0}.jpg>" * 1000,
        "<base href='/" + PATH + "'>" + "<a href={0}>l{0}</a><img src={0}.jpg>" * 1000,
        "<a href='/" + "x/" * 4000 + "'>" + "<img src=/{0}.jpg>" * 1500,
        "<base href='/" + "x/" * 4000 + "'>" + "<a href={0}>" * 1500,
        "<svg>" + "<a href=/{0}>" * 400 + "<text>" + LOREM * 4,
        "<svg>" + "<a href=/{0}>" * 400 + "<text>" + "<tspan>" + LOREM * 4,
        "<svg>" + "<a href=/{0}>" * 400 + "<image aria-label='" + LOREM * 4 + "'>",
        "<a href=/{0}><table><tr><td>" * 160 + "<p>p</p>" + LOREM * 4,
        "<table><tr><th>a<th>b<th>c" + "<tr><td>1<td>2<td>3" * 3 + "<tr><td rowspan=0 colspan=1000>" + LOREM + "<tr>" * 300,
        "<table><tr><th colspan=1000>" + LOREM + "<tr>" + "<th>x" * 1000 + "<tr>" + "<td>1" * 1000,
        "<table>" + ("<tr><th colspan=1000>" + LOREM[:900]) * 90 + "<tr><td>1",
        ("<table><tr><td colspan=1000 rowspan=0>" + LOREM[:900] + "<tr>" * 50 + "</table>") * 40,
        "<div role=table><div role=row><div role=cell aria-colspan=1000>" + LOREM + "</div></div></div>",
        "<dl>" + "<dt>{0}" * 1000 + "<dd>" + LOREM,
        "<p id=l>" + LOREM + "</p>" + "<table aria-labelledby=l><tr><td>{0}</table>" * 500,
        "<picture><source media='" + LOREM + "' srcset='" + "/{0}.jpg 1{0}w," * 60 + "'><img src=/a.jpg>",
        "<item><title>" + LOREM + "</title>" + "<enclosure url=/{0}.mp3 type=audio/mpeg></enclosure>" * 1000,
        "<div title='" + LOREM + "' data-settings='[\"//h/.mp4\"" + ',"//h/{0}.mp4"' * 1000 + "]'>",
        "<div poster='/" + PATH + "' data-html='" + "&lt;embed src=//h/{0}.mp4>" * 1000 + "'>",
        f"{VIDEO_PAGE}<meta property=og:image content='/{PATH}'>" + "<meta property=og:video content=/{0}.mp4>" * 1000,
    ],
)
def test_what_is_told_of_many_things_is_told_in_short(html: str) -> None:
    """A text that stands in the records of many things does not make them out of all proportion to the page: they would fill any memory."""
    numbers = itertools.count()
    html = "".join(f"{next(numbers)}" if part == "{0}" else part for part in re.split(r"(\{0\})", html))
    page = extract(html, URL, config=replace(EVERYTHING, table_sources=("table", "aria", "dl")))
    assert page.errors == []
    assert _characters(page.to_dict()) < 3_000_000 + 16 * len(html)


@pytest.mark.parametrize(
    ("html", "kind", "field"),
    [
        ("<a href='/" + PATH + "'>" + "<img src=/{0}.jpg>" * 1000, "images", "link_url"),
        (
            f"{VIDEO_PAGE}<meta property=og:image content='/{PATH}'>" + "<meta property=og:video content=/{0}.mp4>" * 1000,
            "videos",
            "poster",
        ),
    ],
    ids=["link_url", "poster"],
)
def test_addresses_that_are_not_told_again_are_counted(html: str, kind: str, field: str) -> None:
    """Records that lack a long address, since very many have it, are as many as the stats say."""
    page = extract(re.sub(r"\{0\}", lambda match: str(match.start()), html), URL, config=EVERYTHING)
    values = [getattr(record, field) for record in getattr(page, kind) if record.kind in ("img", "meta")]
    assert 0 < values.count(None) < len(values) == 1000
    assert page.dropped[field] == {"repeated_url": values.count(None)}


def test_properties_around_properties() -> None:
    """Microdata in which hundreds of properties hold all the others: their texts are not kept in full."""
    nested = "".join(f"<div itemprop=x{number}>" for number in range(400))
    item = '<div itemscope itemtype="https://schema.org/VideoObject"><link itemprop=contentUrl href=/a.mp4><meta itemprop=name content=A>'
    tracemalloc.start()
    try:
        page = extract(item + nested + LOREM, URL, config=EVERYTHING)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [video.title for video in page.videos] == ["A"]
    assert peak < 10_000_000


def test_one_element_names_very_many_things() -> None:
    """A style of tens of thousands of backgrounds, and a medium of as many files and players, are read once, not once for each."""
    count = 20_000
    style = "width: 40px; background:" + ",".join(f"url(/{number}.jpg)" for number in range(count))
    images = extract(f"<div title=t style='{style}'>", URL, config=EVERYTHING).images
    assert [(image.title, image.width) for image in images] == [("t", 40)] * count
    files, players = ([f"/{name}{number}.mp4" for number in range(2 * count)] for name in "fp")
    value = json.dumps({"@type": "VideoObject", "contentUrl": files, "embedUrl": players})
    (video,) = extract(f"<script type=application/ld+json>{value}</script>", URL, config=EVERYTHING).videos
    assert len(video.sources) == 2 * count


def _characters(value: object) -> int:
    """How many characters stand in something made of dicts and lists."""
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    if isinstance(value, list):
        return sum(map(_characters, value))
    return len(value) if isinstance(value, str) else 0


def test_elements_take_room_as_characters_do() -> None:
    """Reading ends where elements without text have taken the room of all texts: links and lists can nest around thousands of them."""
    document = Document(
        "<div>" + "<p></p>" * 1000 + "last</div><section>" + "<b></b>" * 1000 + "last</section>" + "<dl>" + "<b></b>" * 50 + "<img alt=a>"
    )
    texts = {}
    for element in document.elements("div,section"):
        visible = Visible(set(), rendered=False, room=1500)
        texts[element.tag] = [visible.text(element) for _ in range(3)]
    assert texts == {"div": ["last", "", ""], "section": ["last", "last", ""]}
    document.room = 60
    reader = CellReader(document)
    assert [reader.text(element) for element in document.elements("dl") * 3] == ["a", "a", ""]


def test_tables_of_a_page_share_its_slots() -> None:
    """A page of many small tables that span as much as they may: all together have some millions of slots."""
    table = "<table><tr><td>1<td>2<tr><td colspan=1000 rowspan=0>7" + "<tr>" * 98 + "</table>"
    page = extract(table * 60 + "<table><tr><td>last<td>one</table>", URL, config=replace(EVERYTHING, table_max_slots=100_000))
    assert sum(len(row) for table in page.tables for row in table.grid()) <= 4_000_000 + 61 * 100
    assert page.tables[0].truncated is False
    assert page.tables[-1].grid() == [["last", "one"]]
    assert page.dropped["table"] == {"rows_beyond_max_slots": 20}


@pytest.mark.parametrize(
    "html",
    [
        "<img srcset='{}'>",
        "<img src=a width={}>",
        "<img src=a width='1{}x'>",
        "<img src=a style='width: 1{}x'>",
        "<meta property=og:image content=a><meta property=og:image:width content='1.{}x'>",
        "<a href=x rel='{}'>t</a>",
        "<div role='{}'><a href=x>t</a></div>",
        "<p style='{}'><a href=x>t</a>",
        "<meta http-equiv=refresh content='{}'>",
        "<meta name=robots content='{}'><a href=x>t</a>",
        "<base href='{}'><a href=x>t</a>",
        "<form action='{}'>",
        "<table><td colspan='{}'>",
        "<video src='{}'></video>",
        "<a href='{}'>t</a>",
        "<iframe src='{}'>",
    ],
)
@pytest.mark.parametrize(
    "filling",
    ["(", "(,", ", ", " ", "0", "1w,", ";", "display:", "0;", "'0", "\t;", "9.", "a ", "none ", "/", ":", "%", "\u00a0", "http://", "\\"],
)
def test_hostile_attributes(html: str, filling: str) -> None:
    """Attributes made to keep a pattern busy are read in no more than their length."""
    check(html.format(filling.replace("'", "&#39;") * (scale(500_000) // len(filling))))


_BROKEN = [
    "<",
    ">",
    "</a>",
    "'",
    '"',
    "<!--",
    "\0",
    "</table>",
    "<table>",
    "<template>",
    "<a href=x>",
    "&",
    "</body>",
    "<plaintext>",
    "<svg>",
    "</svg>",
    "<select>",
    "\ud800",
    "<base href=/z/>",
    "<form>",
    "\ufeff",
]


@settings(max_examples=scale(2000))
@given(st.data())
def test_mutated_pages(data: st.DataObject) -> None:
    """A page of ours with pieces cut out, doubled, and put in where they do not belong is no error, and reads the same twice."""
    path = data.draw(st.sampled_from(SITE_PAGES))
    html = path.read_bytes().decode("utf-8", "replace")
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(html)))
        end = data.draw(st.integers(at, min(len(html), at + 500)))
        piece = data.draw(st.sampled_from([*_BROKEN, html[at:end], html[at:end][::-1]]))
        html = html[:at] + piece + html[end:]
    check(html, url=site_url(path), rendered=data.draw(st.booleans()))


@settings(max_examples=scale(5000))
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200)),
    st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["utf-16", "gbk", "cp932"])),
)
def test_arbitrary_input(html: bytes | str, encoding: str | None) -> None:
    """No bytes, no text and no name of an encoding raises."""
    check(html, encoding=encoding)


_PARTS = st.lists(
    st.sampled_from(
        [
            "<a href=x>",
            "</a>",
            "<img src=y alt=z>",
            "<table>",
            "<tr>",
            "<td>",
            "<th rowspan=2>",
            "</table>",
            "<template>",
            "</template>",
            "<noscript>",
            "</noscript>",
            "<svg>",
            "</svg>",
            "<nav>",
            "</nav>",
            "<h1>",
            "</h1>",
            "<picture>",
            "<source srcset='a 1x, b 2x'>",
            "</picture>",
            "<figure>",
            "<figcaption>c",
            "</figure>",
            "<base href=/b/>",
            "<video>",
            "<source src=v>",
            "</video>",
            "<div hidden>",
            "</div>",
            "<x-y><template shadowrootmode=open>",
            "</template></x-y>",
            "<p>",
            "text",
            " ",
            "<form>",
            "<select>",
            "<frameset>",
            "<math>",
            "<title>",
            "<style>",
            "<caption>",
            "<section role=main>",
            "<area href=q>",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=scale(5000))
@given(_PARTS, st.booleans())
def test_tag_soup(html: str, rendered: bool) -> None:
    """Tags in any order are no error, as bytes or as text, and both read the same."""
    assert check(html, rendered=rendered) == check(html.encode(), rendered=rendered)


def test_our_own_failure_costs_its_kind_only(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """An exception in our code is logged once with the URL, becomes an error record, and costs that kind of record only."""

    def fail(context: object) -> None:
        raise RuntimeError("broken\ncode")

    monkeypatch.setattr(page_module, "extract_images", fail)
    page = extract("<a href=x>t</a><img src=y>", URL)
    assert [link.text for link in page.links] == ["t"]
    assert [(error.kind, error.stage, error.reason, error.page_url) for error in page.errors] == [
        ("extract", "images", "RuntimeError", URL)
    ]
    assert not page.success
    assert page.error_message.startswith("images: RuntimeError")
    assert [record.getMessage() for record in caplog.records] == [f"Extracting images from {URL} failed"]


def test_byte_order_marks_of_all_kinds() -> None:
    """Each byte order mark decides, whatever the transport says."""
    for mark, encoding in [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF32_BE, "utf-32-be")]:
        assert [link.text for link in check(mark + LINK.encode(encoding), encoding="windows-1252").links] == ["Größe 日本"]
