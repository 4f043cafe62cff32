"""The document: encodings, what is part of the page, the text that a reader sees, landmarks and headings."""

from __future__ import annotations

import codecs

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction.document import BACKGROUND, Document
from tests.conftest import calls

URL = "http://example.com/d/p.html"


def one(html: bytes | str, **kwargs: object) -> str:
    """The text of the page's only link."""
    (link,) = extract(html, URL, **kwargs).links  # type: ignore[arg-type]
    return link.text


# (Python's name as Scrapy gives it, WHATWG name of the standard, a text in it)
ENCODINGS = [
    ("utf-8", "utf-8", "Grüße 中 😀"),
    ("cp866", "ibm866", "Привет"),
    ("iso8859-2", "iso-8859-2", "żółć"),
    ("iso8859-3", "iso-8859-3", "ĉĝĥ"),
    ("iso8859-4", "iso-8859-4", "ēģķ"),
    ("iso8859-5", "iso-8859-5", "Привет"),
    ("iso8859-6", "iso-8859-6", "سلام"),
    ("iso8859-7", "iso-8859-7", "γειά"),
    ("iso8859-8", "iso-8859-8", "שלום"),
    ("iso8859-10", "iso-8859-10", "ŋđ"),
    ("iso8859-13", "iso-8859-13", "ėšž"),
    ("iso8859-14", "iso-8859-14", "ŵŷ"),
    ("iso8859-15", "iso-8859-15", "œ€"),
    ("iso8859-16", "iso-8859-16", "șț"),
    ("koi8-r", "koi8-r", "Привет"),
    ("koi8-u", "koi8-u", "їжак"),
    ("mac-roman", "macintosh", "éü"),
    ("cp874", "windows-874", "ไทย"),
    ("tis-620", "windows-874", "ไทย"),
    ("cp1250", "windows-1250", "žluť"),
    ("cp1251", "windows-1251", "Жёлтый"),
    ("cp1252", "windows-1252", "“café” €"),
    ("cp1253", "windows-1253", "γειά"),
    ("cp1254", "windows-1254", "İşğ"),
    ("iso8859-9", "windows-1254", "İşğ"),
    ("cp1255", "windows-1255", "שלום"),
    ("cp1256", "windows-1256", "سلام"),
    ("cp1257", "windows-1257", "ėšž"),
    ("cp1258", "windows-1258", "đơ"),
    ("mac-cyrillic", "x-mac-cyrillic", "Привет"),
    ("gbk", "gbk", "中文网"),
    ("gb2312", "gbk", "中文网"),
    ("gb18030", "gb18030", "中文网😀"),
    ("big5", "big5", "中文網"),
    ("big5hkscs", "big5", "中文網㗎"),
    ("euc_jp", "euc-jp", "日本語"),
    ("iso2022_jp", "iso-2022-jp", "日本語"),
    ("cp932", "shift_jis", "日本語ソ①"),
    ("shift_jis", "shift_jis", "日本語"),
    ("cp949", "euc-kr", "한국어뷁"),
    ("euc_kr", "euc-kr", "한국어"),
    ("utf-16-be", "utf-16be", "日本 é"),
    ("utf-16-le", "utf-16le", "日本 é"),
    ("latin-1", "windows-1252", "café"),
    ("iso8859-1", "windows-1252", "café"),
    ("ascii", "windows-1252", "plain"),
]


@pytest.mark.parametrize(("python", "name", "text"), ENCODINGS, ids=[entry[0] for entry in ENCODINGS])
def test_encoding_by_pythons_name(python: str, name: str, text: str) -> None:
    """Bytes are read in the encoding that the transport names in Python's words; it is known by the standard's name."""
    document = Document(f"<p>{text}</p>".encode(python), encoding=python)
    assert document.encoding == name
    assert document.text(next(iter(document.tree.iter_elements("p")))) == text


@pytest.mark.parametrize(("python", "name", "text"), ENCODINGS, ids=[entry[0] for entry in ENCODINGS])
def test_encoding_of_decoded_pages(python: str, name: str, text: str) -> None:
    """A str page has the encoding that is named for it, by the standard's name: its queries are encoded in that."""
    assert Document(f"<p>{text}</p>", encoding=python).encoding == name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("UTF8", "utf-8"),
        (" utf-8 ", "utf-8"),
        ("Windows-31J", "shift_jis"),
        ("x-sjis", "shift_jis"),
        ("ms932", "shift_jis"),
        ("sjis", "shift_jis"),
        ("ks_c_5601-1987", "euc-kr"),
        ("windows-949", "euc-kr"),
        ("x-gbk", "gbk"),
        ("csbig5", "big5"),
        ("latin1", "windows-1252"),
        ("l1", "windows-1252"),
        ("x-cp1251", "windows-1251"),
        ("dos-874", "windows-874"),
        ("unicode", "utf-16le"),
        ("ISO-8859-8-I", "iso-8859-8-i"),
        ("x-mac-ukrainian", "x-mac-cyrillic"),
    ],
)
def test_labels_of_the_standard(label: str, name: str) -> None:
    """A label of the Encoding Standard counts, in any case and with white space around it, though Python may not know it."""
    assert Document(b"<p>x", encoding=label).encoding == name
    assert Document("<p>x", encoding=label).encoding == name


_LINK = "<a href=x>Grüße</a>"


@pytest.mark.parametrize(
    ("html", "encoding", "text"),
    [
        pytest.param(codecs.BOM_UTF8 + _LINK.encode(), "windows-1252", "Grüße", id="utf-8-bom-beats-header"),
        pytest.param(codecs.BOM_UTF16_LE + _LINK.encode("utf-16-le"), "utf-8", "Grüße", id="utf-16le-bom-beats-header"),
        pytest.param(codecs.BOM_UTF16_BE + _LINK.encode("utf-16-be"), "gbk", "Grüße", id="utf-16be-bom-beats-header"),
        pytest.param(codecs.BOM_UTF8 + b"<meta charset=gbk>" + _LINK.encode(), None, "Grüße", id="bom-beats-meta"),
        pytest.param(codecs.BOM_UTF32_LE + _LINK.encode("utf-32-le"), None, "Grüße", id="utf-32le-bom"),
        pytest.param(codecs.BOM_UTF32_BE + _LINK.encode("utf-32-be"), "utf-8", "Grüße", id="utf-32be-bom"),
        pytest.param(_LINK.encode("utf-16-le"), "utf-16-le", "Grüße", id="utf-16le-by-header"),
        pytest.param(b"<meta charset=gbk>" + _LINK.encode(), "utf-8", "Grüße", id="header-beats-meta"),
        pytest.param(b"<meta charset=utf-8>" + _LINK.encode("cp1252"), "iso-8859-1", "Grüße", id="latin-1-header-beats-meta"),
        pytest.param(b"<meta charset=windows-1252>" + _LINK.encode("cp1252"), None, "Grüße", id="meta-charset"),
        pytest.param(
            b"<meta http-equiv=content-type content='text/html; charset=iso-8859-1'>" + _LINK.encode("cp1252"),
            None,
            "Grüße",
            id="meta-http-equiv",
        ),
        pytest.param(b"<meta charset=utf-16>" + _LINK.encode(), None, "Grüße", id="meta-utf-16-means-utf-8"),
        pytest.param(b"<?xml version='1.0' encoding='cp437'?>" + _LINK.encode("cp1252"), None, "Grüße", id="unknown-xml"),
        pytest.param(b'<?xml version="1.0" encoding="macintosh"?>' + _LINK.encode("mac_roman"), None, "Grüße", id="xml"),
        pytest.param(b"<?xml version = '1.0' encoding = 'macintosh' ?>" + _LINK.encode("mac_roman"), None, "Grüße", id="xml-spaced"),
        pytest.param(b"<?xml encoding='utf-16'?>" + _LINK.encode(), None, "Grüße", id="xml-utf-16-means-utf-8"),
        pytest.param(b"<?xml encoding='macintosh'?><meta charset=utf-8>" + _LINK.encode(), None, "Grüße", id="meta-beats-xml"),
        pytest.param(b"<?xml encoding='macintosh'?>" + _LINK.encode(), "utf-8", "Grüße", id="header-beats-xml"),
        pytest.param(b"\n<?xml encoding='macintosh'?>" + _LINK.encode("cp1252"), None, "Grüße", id="xml-not-at-the-start"),
        pytest.param(("<?xml version='1.0'?>" + _LINK).encode("utf-16-le"), None, "Grüße", id="xml-in-utf-16le"),
        pytest.param(("<?xml version='1.0'?>" + _LINK).encode("utf-16-be"), None, "Grüße", id="xml-in-utf-16be"),
        pytest.param(_LINK.encode(), None, "Grüße", id="undeclared-utf-8"),
        pytest.param(_LINK.encode("cp1252"), None, "Grüße", id="undeclared-latin-1"),
        pytest.param(_LINK.encode(), "no-such-encoding", "Grüße", id="unknown-header"),
        pytest.param(_LINK.encode(), "", "Grüße", id="empty-header"),
        pytest.param(_LINK.encode(), "hex", "Grüße", id="header-names-another-codec"),
        pytest.param(_LINK.encode(), "\0", "Grüße", id="header-is-a-nul"),
        pytest.param(_LINK.encode(), "\ud800", "Grüße", id="header-is-a-surrogate"),
        pytest.param(b"<meta charset=no-such>" + _LINK.encode(), None, "Grüße", id="unknown-meta"),
        pytest.param(_LINK.encode(), "gbk", "Gr眉脽e", id="wrong-header-counts-all-the-same"),
        pytest.param(_LINK, "gbk", "Grüße", id="str"),
        pytest.param("<meta charset=gbk>" + _LINK, None, "Grüße", id="str-ignores-meta"),
    ],
)
def test_which_encoding_counts(html: bytes | str, encoding: str | None, text: str) -> None:
    """Byte order mark, then transport, then the page's declaration, of meta before XML, then a guess that takes valid UTF-8 for UTF-8."""
    assert one(html, encoding=encoding) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32"])
def test_wide_encodings_have_utf_8_queries(encoding: str) -> None:
    """The queries of pages in UTF-16 and UTF-32 are UTF-8."""
    html = (b"" if encoding == "utf-32" else codecs.BOM_UTF16_LE) + "<a href='?é'>x</a>".encode(encoding)
    assert [link.url for link in extract(html, URL, encoding=encoding).links] == [URL + "?%C3%A9"]


@pytest.mark.parametrize(
    "html",
    [
        "<template><a href=no>no</a></template>",
        "<div><template><div><a href=no>no</a></div></template></div>",
        "<template><template><a href=no>no</a></template></template>",
        "<table><template><tr><td><a href=no>no</a></template></table>",
        "<script>document.write('<a href=no>no</a>')</script>",
        "<style><a href=no>no</a></style>",
        "<textarea><a href=no>no</a></textarea>",
        "<title><a href=no>no</a></title>",
        "<iframe><a href=no>no</a></iframe>",
        "<noembed><a href=no>no</a></noembed>",
        "<!-- <a href=no>no</a> -->",
        "<xmp><a href=no>no</a></xmp>",
        "<select><option><!--<a href=no>no</a>--></select>",
    ],
)
def test_what_is_no_part_of_the_page(html: str) -> None:
    """What stands in a template, in a script, in raw text or in a comment does not exist."""
    page = extract(f"{html}<a href=x>yes</a>", URL)
    assert [link.url for link in page.links] == ["http://example.com/d/x"]


def test_template_inside_a_link_is_no_text() -> None:
    """Neither the text nor the image of a template inside a link names the link."""
    assert one("<a href=x><template>no<img alt=no></template></a>") == ""
    assert one("<a href=x>yes<template>no</template></a>") == "yes"


@pytest.mark.parametrize(("rendered", "texts"), [(False, ["plain", "always"]), (True, ["always"])])
def test_noscript(rendered: bool, texts: list[str]) -> None:
    """What stands inside noscript is part of the page where no script has run, and only there."""
    html = (
        "<head><noscript><meta name=robots content=nofollow></noscript></head><noscript><a href=n>plain</a></noscript><a href=x>always</a>"
    )
    links = extract(html, URL, rendered=rendered).links
    assert [link.text for link in links] == texts
    assert {link.nofollow for link in links} == {not rendered}


@pytest.mark.parametrize(("rendered", "text"), [(False, "a b"), (True, "a")])
def test_noscript_in_text(rendered: bool, text: str) -> None:
    """Text in noscript is read where no script has run, and only there."""
    assert one("<a href=x>a<noscript> b</noscript></a>", rendered=rendered) == text


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<x-card><template shadowrootmode=open><a href=1>in</a></template><a href=2>own</a></x-card>", ["in", "own"]),
        ("<x-card><template shadowrootmode=closed><a href=1>in</a></template></x-card>", ["in"]),
        ("<x-card><template shadowRootMode='open'><a href=1>in</a></template></x-card>", ["in"]),
        (
            "<x-card><template shadowrootmode=open><svg><base href=/no/><a href=1><text>in</text></a></base></svg></template></x-card>",
            ["in"],
        ),
        ("<x-card><template shadowrootmode=bogus><a href=1>in</a></template></x-card>", []),
        (
            "<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open><a href=1>deep</a></template></x-b></template></x-a>",
            ["deep"],
        ),
        ("<a href=1><span><template shadowrootmode=open>label</template></span></a>", ["label"]),
        ("<x-a><template shadowrootmode=open><template><a href=1>no</a></template><a href=2>yes</a></template></x-a>", ["yes"]),
        (
            "<p>first</p><a href=0>a</a><x-a><template shadowrootmode=open><a href=1>b</a><a href=2>c</a></template></x-a><a href=3>d</a>",
            ["a", "b", "c", "d"],
        ),
    ],
)
def test_declarative_shadow_roots(html: str, texts: list[str]) -> None:
    """What hangs on a declarative shadow root is part of the page, in its place."""
    assert [link.text for link in extract(html, URL).links] == texts


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("plain", "plain"),
        ("  two \n\t words ", "two words"),
        ("no&nbsp;break", "no break"),
        ("a<b>b</b>c", "abc"),
        ("a<br>b", "a b"),
        ("<div>a</div><div>b</div>", "a b"),
        ("a<p>b</p>c", "a b c"),
        ("a<!-- no -->b", "ab"),
        ("<span hidden>no</span>yes", "yes"),
        ("<span style='display:none'>no</span>yes", "yes"),
        ("<span style='color: red; DISPLAY : NONE !important'>no</span>yes", "yes"),
        ("<span style='visibility: hidden'>no</span>yes", "yes"),
        ("<span style='visibility:collapse'>no</span>yes", "yes"),
        ("<span style='display:none-x'>no value</span>", "no value"),
        ("<span style='display:none\u00e9'>no value</span>", "no value"),
        ("<span style='vi\u017fibility:hidden'>no name in CSS</span>", "no name in CSS"),
        ("<span style='display:nonesuch'>yes</span>", "yes"),
        ("<span style='display:none;display:block'>yes</span>", "yes"),
        ("<span style='display:none;display:nonesuch'>no</span>yes", "yes"),
        ("<span style='display:none!important;display:block'>no</span>yes", "yes"),
        ("<span style='display:none;display:-webkit-box'>yes</span>", "yes"),
        ("<span style='display:block;visibility:hidden;display:inline'>no</span>yes", "yes"),
        ("<span style='display/**/:/*;*/none/*'>no</span>yes", "yes"),
        ("<span style='display:none important'>yes</span>", "yes"),
        ("<span style='content:\";display:none\"'>yes</span>", "yes"),
        ("<span style='background:url(;display:none)'>yes</span>", "yes"),
        ("<span style='--display:none'>yes</span>", "yes"),
        ("<span style='display:inline'>yes</span>", "yes"),
        ("<span hidden><b>no</b></span><i>yes</i>", "yes"),
        ("<dialog>no</dialog>y<dialog open>es</dialog>", "y es"),
        ("<script>no()</script>yes", "yes"),
        ("<style>no{}</style>yes", "yes"),
        ("<svg><title>no</title><text>yes</text></svg>", "yes"),
        ("<svg><desc>no</desc><metadata><m>no</m></metadata>no<g><text>yes</text></g></svg>", "yes"),
        ("<svg><text>a</text><text>b<tspan>c</tspan></text>\n<text>d</text></svg>", "a bc d"),
        ("<svg><defs><text>no</text></defs><symbol><text>no</text></symbol><foreignObject>yes</foreignObject></svg>", "yes"),
        ("<math><semantics><mi>yes</mi><annotation encoding=application/x-tex>no</annotation></semantics></math>", "yes"),
        ("y<div hidden>no</div>e<br style=display:none>s", "yes"),
        ("<select><option>no</select>yes", "yes"),
        ("<textarea>no</textarea>yes", "yes"),
        ("<video>no</video>yes", "yes"),
        ("<object>no</object>yes", "yes"),
        ("<ul><li>a<li>b</ul>", "a b"),
        ("&lt;tag&gt; &amp; &#65;&#x42;", "<tag> & AB"),
        ("a&#0;b", "a\ufffdb"),
        ("中文\u3000字", "中文 字"),
        ("x<wbr>y", "xy"),
    ],
)
def test_text_as_a_reader_sees_it(inner: str, text: str) -> None:
    """White space is folded, blocks are set apart, and what is hidden or no text is left out."""
    assert one(f"<a href=x>{inner}</a>") == text


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        pytest.param(
            "address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
            "header hgroup li listing main menu nav ol p pre search section summary ul xmp",
            "a b",
            id="blocks",
        ),
        pytest.param(
            "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub sup "
            "time tt u var",
            "ab",
            id="inline",
        ),
        pytest.param("audio canvas datalist iframe noembed noframes object script style textarea title video", "a", id="no text"),
    ],
)
def test_text_in_elements(tags: str, text: str) -> None:
    """Each block sets its text apart, no inline element does, and what is no text of the page is left out, whatever its name."""
    assert {tag: one(f"<a href=x>a<{tag}>b</{tag}></a>") for tag in tags.split()} == dict.fromkeys(tags.split(), text)


def test_values_of_display() -> None:
    """Every value of `display` that CSS has, but `none`, shows what one before it hid."""
    values = (
        "block contents flex flow-root grid inherit initial inline inline-block inline-flex inline-grid inline-table list-item math revert "
        "revert-layer ruby table table-caption table-cell table-column table-column-group table-footer-group table-header-group table-row "
        "table-row-group unset -webkit-box -webkit-flex -webkit-inline-box -webkit-inline-flex"
    ).split()
    shown = [value for value in values if one(f"<a href=x><span style='display:none;display:{value}'>yes</span></a>") == "yes"]
    assert shown == values


def test_hidden_link_is_read_all_the_same() -> None:
    """A link that is hidden as a whole keeps its text: it is a link still."""
    assert one("<div hidden><a href=x style=display:none>menu</a></div>") == "menu"


@pytest.mark.parametrize(
    ("html", "region"),
    [
        ("<a href=x>x</a>", ""),
        ("<header><a href=x>x</a></header>", "header"),
        ("<nav><ul><li><a href=x>x</a></ul></nav>", "nav"),
        ("<main><a href=x>x</a></main>", "main"),
        ("<main><article><a href=x>x</a></article></main>", "article"),
        ("<article><header><a href=x>x</a></header></article>", "article"),
        ("<article><footer><a href=x>x</a></footer></article>", "article"),
        ("<main><section><a href=x>x</a></section></main>", "main"),
        ("<section><a href=x>x</a></section>", ""),
        ("<section><header><a href=x>x</a></header></section>", "header"),
        ("<section><header><h2>A</h2><header><a href=x>x</a></header></header></section>", ""),
        ("<section><div role=banner><h2>A</h2><a href=x>x</a></div></section>", "header"),
        ("<section><h2>A</h2></section><header><h1>Site</h1><a href=x>x</a></header>", "header"),
        ("<aside><a href=x>x</a></aside>", "aside"),
        ("<footer><nav><a href=x>x</a></nav></footer>", "nav"),
        ("<search><a href=x>x</a></search>", "search"),
        ("<div role=navigation><a href=x>x</a></div>", "nav"),
        ("<div role='BANNER'><a href=x>x</a></div>", "header"),
        ("<div role='nonsense contentinfo'><a href=x>x</a></div>", "footer"),
        ("<div role=complementary><p><a href=x>x</a></p></div>", "aside"),
        ("<div role=search><a href=x>x</a></div>", "search"),
        ("<div role=main><a href=x>x</a></div>", "main"),
        ("<article><div role=contentinfo><a href=x>x</a></div></article>", "footer"),
        ("<nav></nav><a href=x>x</a>", ""),
        ("<nav><a href=y>y</a></nav><a href=x>x</a>", ""),
        ("<header><a href=y>y</a><nav><a href=z>z</a></nav><a href=x>x</a></header>", "header"),
        ("<main><nav></nav><a href=x>x</a></main>", "main"),
        ("<nav><x-y><template shadowrootmode=open><a href=x>x</a></template></x-y></nav>", "nav"),
    ],
)
def test_region(html: str, region: str) -> None:
    """The nearest landmark, by element or role; header and footer of an article are the article's, and so is a section's with a heading."""
    links = extract(html, URL).links
    assert [link.region for link in links if link.url.endswith("/x")] == [region]


@pytest.mark.parametrize(
    ("html", "heading"),
    [
        ("<a href=x>x</a>", ""),
        ("<h1>One</h1><a href=x>x</a>", "One"),
        ("<h1>One</h1><p>text</p><h3>Two</h3><div><a href=x>x</a></div>", "Two"),
        ("<h2>In <a href=x>x</a> it</h2>", "In x it"),
        ("<a href=x>x</a><h1>After</h1>", ""),
        ("<h1>Page</h1><section><h2>Inner</h2></section><a href=x>x</a>", "Page"),
        ("<h1>Page</h1><aside><h2>Inner</h2><p>.</p></aside><p><a href=x>x</a></p>", "Page"),
        ("<h1>Page</h1><section><h2>Inner</h2><a href=x>x</a></section>", "Inner"),
        ("<h1>Page</h1><section><a href=x>x</a><h2>Inner</h2></section>", "Page"),
        ("<section><h2>A</h2><section><h3>B</h3><i>.</i></section><a href=x>x</a></section>", "A"),
        ("<div><h2>Wrapped</h2></div><a href=x>x</a>", "Wrapped"),
        ("<h2> <b>B</b><script>no</script>\n old </h2><a href=x>x</a>", "B old"),
        ("<h2>One</h2><template><h2>No</h2></template><a href=x>x</a>", "One"),
        ("<h2></h2><a href=x>x</a>", ""),
        ("<h1>A</h1><h2> <i class=icon></i></h2><a href=x>x</a>", "A"),
        ("<h1>A</h1><h2><img alt='' src=1.png><img src=2.png alt=' In \npictures'></h2><a href=x>x</a>", "In pictures"),
        ("<h2><img src=1.png alt=Logo>Site</h2><a href=x>x</a>", "Site"),
        ("<h1>A</h1><div><h2><i class=icon></i></h2><figure><h3><img src=1.png alt=B></h3><a href=x>x</a>", "B"),
        ("<h1>A</h1><div role=navigation><h2>Menu</h2></div><a href=x>x</a>", "A"),
        ("<h1>Shop</h1><ul><li><h2>Mug</h2><li><a href=x>x</a><h2>Lantern</h2></ul>", "Shop"),
        ("<h1>Shop</h1><ul><li><h2>Mug</h2><h3>Blue</h3></ul><a href=x>x</a>", "Shop"),
        ("<ul><li><div><h2>Mug</h2></div><p><a href=x>x</a></ul>", "Mug"),
        ("<ul><li><h2>Mugs</h2><ul><li><h3>Blue</h3></ul><a href=x>x</a></ul>", "Mugs"),
        ("<h1>Shop</h1><ul><li><h2>Mugs</h2><ul><li><h3>Blue</h3></ul></ul>text <b>bold</b><p><a href=x>x</a>", "Shop"),
        ("<h1>A</h1><aside><nav><h2>Menu</h2></nav></aside><b>bold</b><nav></nav><i>text</i><a href=x>x</a>", "A"),
        ("<ul><li><article><h2>Mug</h2></article><a href=x>x</a></ul>", ""),
        ("<h1>Shop</h1><ul><li><section><h2>Mug</h2></section></ul><section><h2>Lamps</h2><ul><li><h3>L</h3></ul><a href=x>x</a>", "Lamps"),
        ("<h1>A</h1><div hidden><h2>Menu</h2></div><a href=x>x</a>", "A"),
        ("<h1>A</h1><div style='display: none'><p style=color:red><h2>Menu</h2><p><a href=x>x</a></div>", "Menu"),
        ("<h1>A</h1><h2 hidden>Menu</h2><a href=x>x</a>", "A"),
        ("<h1>A</h1><dialog><h2>Sign in</h2></dialog><a href=x>x</a>", "A"),
        ("<h1>A</h1><dialog><h2>Sign in</h2><a href=x>x</a></dialog>", "Sign in"),
        ("<h1>A</h1><h2 hidden><a href=x>x</a></h2>", "x"),
        ("<p hidden></p><h1>Shop</h1><ul><li><div style=color:red><h2>Mug</h2></div></ul><a href=x>x</a>", "Shop"),
        ("<div role=main><div><h2>Wrapped</h2></div><a href=x>x</a></div>", "Wrapped"),
        ("<h1>A</h1><ul><li><div hidden><h2>Menu</h2></div><a href=x>x</a></ul>", "A"),
        ("<h1>A</h1><div hidden><ul><li><h2>Menu</h2></ul><a href=x>x</a></div>", "A"),
        ("<h2><template shadowrootmode=open>Shadow</template></h2><a href=x>x</a>", "Shadow"),
        ("<article><header><h1>Title</h1></header><p><a href=x>x</a></article>", "Title"),
        ("<main><article><header><h1>Title</h1></header></article><p><a href=x>x</a></main>", ""),
        ("<main><ul><li><header><h3>Mug</h3></header><li><a href=x>x</a></ul></main>", ""),
        ("<header><h1>Site</h1></header><main><a href=x>x</a></main>", ""),
        ("<main><div role=banner><h1>Site</h1></div><a href=x>x</a></main>", ""),
        ("<h1>Page</h1><section><header><h2>News</h2></header><p><a href=x>x</a></section>", "News"),
        ("<section><header><h2>News</h2></header></section><p><a href=x>x</a>", ""),
        ("<section><ul><li><header><h3>Mug</h3></header><li><a href=x>x</a></ul></section>", ""),
        ("<article><header><h1>Title</h1><h2>Subline</h2></header><p><a href=x>x</a></article>", "Title"),
        ("<article><header><h4>Kicker</h4><h1>Title</h1><h3>By us</h3></header><p><a href=x>x</a></article>", "Title"),
        ("<article><header><h1>Title</h1></header><h2>Part</h2><a href=x>x</a></article>", "Part"),
        ("<article><header><h1>Title</h1></header></article><article><header><h2>Next</h2></header><a href=x>x</a></article>", "Next"),
        ("<main><header><h1>Title</h1><nav><h2>Menu</h2><a href=x>x</a></nav></header></main>", "Menu"),
        ("<main><header><h1 hidden>App</h1><h2>Title</h2></header><a href=x>x</a></main>", "Title"),
        ("<h1>Title</h1><h3>Related</h3><footer><a href=x>x</a></footer>", ""),
        ("<h1>Title</h1><div role=contentinfo><h2>About</h2><a href=x>x</a></div>", "About"),
        ("<h1>Title</h1><footer><h2>About</h2><div role=contentinfo><a href=x>x</a></div></footer>", "About"),
        ("<article><h1>Title</h1><footer><a href=x>x</a></footer></article>", "Title"),
        ("<section><h2>News</h2><footer><a href=x>x</a></footer></section>", "News"),
    ],
)
def test_heading(html: str, heading: str) -> None:
    """The heading that a link stands in or under.

    Headings do not reach beyond their section, list item or hidden part, nor into the page's footer; that of an article's header holds for
    all of the article, and sublines do not count. One without text says what a picture in it does; one without either is none.
    """
    assert [link.heading for link in extract(html, URL).links] == [heading]


@pytest.mark.parametrize(
    ("html", "heading"),
    [
        ("<h2>Use <a class=headerlink href=#use>¶</a></h2><p><a href=x>x</a>", "Use"),
        ("<h2><a href=#use> # </a>Use it?</h2><p><a href=x>x</a>", "Use it?"),
        ("<h2>Use <a href=#use>§§</a><a href=x>#</a></h2>", "Use §§#"),
        ("<h2>The sign #</h2><p><a href=x>x</a>", "The sign #"),
        ("<h2><a href=#c>#</a></h2><p><a href=x>x</a>", "#"),
    ],
)
def test_signs_of_links_to_the_heading(html: str, heading: str) -> None:
    """The sign that documentation has in its headings to link to them is no part of what they say, unless that is all there is."""
    assert {link.heading for link in extract(html, URL).links} == {heading}


@pytest.mark.parametrize(
    ("html", "heading"),
    [
        (
            "<h2>Shop</h2><div><h3><a href=y>Mug</a></h3></div><div><a href=x><img src=1.jpg></a><p><h3><a href=x>Lamp</a></h3></div>",
            "Lamp",
        ),
        ("<h2>Shop</h2><a href=y><h3>Mug</h3></a><a href=x><img src=1.jpg><h3>Lamp</h3></a>", "Lamp"),
        ("<h2>Shop</h2><div><a href=x><img src=1.jpg></a><h3><a href=x>Lamp</a></h3></div>", "Shop"),
        ("<h3><a href=y>Mug</a></h3><a href=x><img src=1.jpg></a><h3><a href=z>Lamp</a></h3>", "Mug"),
        ("<h3><a href=y>Mug</a></h3><section><a href=x>x</a></section><h3><a href=x>Lamp</a></h3>", "Mug"),
    ],
)
def test_heading_of_cards(html: str, heading: str) -> None:
    """What stands below the title of one card and above that of the next, and leads where the next title leads, is of the next card."""
    page = extract(html, URL, config=LinkMediaConfig(image_score_threshold=None))
    assert {link.url[-1]: link.heading for link in page.links}["x"] == heading
    assert {image.heading for image in page.images} <= {heading}


def test_headings_are_the_same_whatever_is_extracted() -> None:
    """What only images are looked for in, such as backgrounds, and what has a role do not stand between a card's picture and its title."""
    boxes = "<div style='background:url(1.jpg)'></div>" * 9
    html = f"<h3><a href=y>Mug</a></h3><a href=x>{boxes}</a><h3><a href=x>Lamp</a></h3><div role=note></div>"
    for kinds in (("links",), ("links", "images")):
        for page in (html, html.replace("note", "navigation")):
            assert [link.heading for link in extract(page, URL, config=LinkMediaConfig(extract=kinds)).links] == ["Mug", "Lamp"]


@pytest.mark.parametrize(
    "html",
    [
        "<math><a href=no>",
        "<svg><area href=no>",
        "<svg><svg><link rel=next href=no><iframe src=no></iframe><form action=no></form></svg></svg>",
        "<math><form action=no><iframe src=no>",
        "<math><base href=/no/></math>",
        "<svg><input type=image src=no.png><object data=no.png></object><video poster=no.png src=no.mp4></video>",
        "<math><image href=no.png>",
    ],
)
def test_elements_of_svg_and_mathml_are_not_those_of_html(html: str) -> None:
    """An element in SVG or MathML is not what one of this name is in HTML; what HTML stands in it is."""
    inside = "<foreignObject><a href=x>yes</a></foreignObject>" if html.startswith("<svg") else "<mtext><a href=x>yes</a></mtext>"
    config = LinkMediaConfig(link_kinds=("a", "area", "form", "iframe", "link"), image_score_threshold=None)
    page = extract(html + inside, URL, config=config)
    assert [link.url for link in page.links] == ["http://example.com/d/x"]
    assert (page.images, page.videos) == ([], [])


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ("<svg><a href=x><text>t</text></a></svg>", ["x"]),
        ("<svg><a xlink:href=x><text>t</text></a></svg>", ["x"]),
        ("<svg><a href=x xlink:href=y><text>t</text></a></svg>", ["x"]),
        ("<svg xmlns:xlink='http://www.w3.org/1999/xlink'><g><a XLINK:HREF=x></a></g></svg>", ["x"]),
        ("<svg><foreignObject><a href=x>t</a></foreignObject></svg>", ["x"]),
        ("<svg><a></a></svg>", []),
        ("<svg><template><a href=x></a></template></svg>", ["x"]),
        ("<a xlink:href=x>no</a>", []),
    ],
)
def test_svg_links(html: str, urls: list[str]) -> None:
    """Links in SVG count by href or, without one, by xlink:href, which is an attribute of nothing in HTML."""
    assert [link.url for link in extract(html, URL).links] == ["http://example.com/d/" + url for url in urls]


def test_lone_surrogates_become_replacement_characters() -> None:
    """No record of a str page holds a lone surrogate: no feed could write it. Pairs become their character."""
    page = extract(
        "<a href='a\ud800?\udc00' title='\ud800'>t\udfff \ud83d\ude00</a><img src='\ud800.png' alt='\ud800'>",
        URL,
        config=LinkMediaConfig(image_score_threshold=None),
    )
    assert page.success
    assert page.links[0].text == "t\ufffd 😀"
    assert page.links[0].raw_href == "a\ufffd?\ufffd"
    repr(page).encode()


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        ("<picture><source srcset=/b.webp><img src=/a.jpg></picture>", [["b.webp", "a.jpg"]]),
        ("<picture><div><source srcset=/b.webp></div><img src=/a.jpg></picture>", [["a.jpg"]]),
        ("<picture><source srcset=/b.webp><img src=/a.jpg><img src=/c.jpg></picture>", [["b.webp", "a.jpg"], ["c.jpg"]]),
    ],
)
def test_sources_of_a_picture(html: str, sources: list[list[str]]) -> None:
    """The sources of a picture are its children, and belong to its first img alone."""
    images = extract(html, URL, config=LinkMediaConfig(image_score_threshold=None)).images
    found = [{image.src, *(variant["src"] for variant in image.variants)} for image in images]
    assert found == [{"http://example.com/" + name for name in names} for names in sources]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso2022_jp", "cp1251", None])
@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p data-bg=/1.jpg>", 1),
        ("<P DATA-BG=/1.jpg>", 1),
        ("<p Data-Bg=/1.jpg>", 1),
        ("<img data-src=/1.jpg><div data-src=/2.jpg>", 1),
        ("<audio data-src=1></audio><embed data-src=2><iframe data-src=3></iframe><input data-src=4><script data-src=5></script>", 0),
        ("<frameset><frame data-src=1></frameset>", 0),
        ("<object data-src=1></object><video data-src=2><source data-src=3></video><amp-img data-src=4></amp-img>", 0),
        ("<p data-x>", 0),
    ],
)
def test_names_of_backgrounds_in_any_encoding(encoding: str | None, html: str, found: int) -> None:
    """Attributes that name background pictures are found in whatever bytes they stand."""
    document = Document(html.encode(encoding) if encoding else html, encoding=encoding, backgrounds=True)
    assert len(document.find(BACKGROUND)) == found


def test_names_of_backgrounds_behind_escapes() -> None:
    """In ISO-2022-JP a name may be broken by escape sequences, which stand for no character."""
    document = Document(b"<p da\x1b(Bta-bg=/1.jpg>", encoding="iso2022_jp", backgrounds=True)
    assert [spot.attr("data-bg") for spot in document.find(BACKGROUND)] == ["/1.jpg"]


def test_title_is_that_of_the_page() -> None:
    """An SVG element's title is a description of that element."""
    assert Document("<svg><title>Menu icon</title></svg><p>").title() == ""
    assert Document("<svg><title>Menu icon</title></svg><title> A\npage </title>").title() == "A page"


@pytest.mark.parametrize(
    ("html", "region", "heading"),
    [
        ("<header><b>x</b></header>", "header", ""),
        ("<article><header><h2>Boats</h2></header><p><b>x</b></article>", "article", "Boats"),
        ("<main><div role=banner><b>x</b></div></main>", "header", ""),
        ("<h1>Harbour</h1><div role=none><b>x</b></div>", "", "Harbour"),
        ("<h1>Harbour</h1><section><h2>Boats</h2></section><b>x</b>", "", "Harbour"),
        ("<h1>Harbour <b>x</b></h1>", "", "Harbour x"),
        ("<h1>Harbour</h1>" + "<p><i>y</i></p>" * 1000 + "<b>x</b>", "", "Harbour"),
    ],
)
def test_where_any_element_stands(html: str, region: str, heading: str) -> None:
    """Of elements that have no spots it is told as of those that have."""
    document = Document(html)
    (where,) = document.wheres(document.elements("b"))
    (spot,) = Document(html.replace("<b>", "<a>").replace("</b>", "</a>")).find("a")
    assert (where.region, document.heading(where)) == (spot.region, document.heading(spot)) == (region, heading)
    assert document.wheres([]) == []


def test_figcaptions() -> None:
    """Each figure has the first of its own; what stands in a figure within it is that one's."""
    document = Document("<figure><figure><figcaption>in</figcaption></figure></figure><figure><p><figcaption>a</figcaption><figcaption>b")
    outer, inner, other = document.elements("figure")
    captions = {figure: document.beginning(caption) for figure, caption in document.figcaptions.items()}
    assert [captions.get(figure, "") for figure in (outer, inner, other)] == ["", "in", "a"]


@pytest.mark.parametrize(
    "html",
    [
        "<svg>" + "<a>" * 200 + "<g hidden></g>" * 300,
        "<p hidden></p>" + "<div style=color:red>" * 200 + "<section><h2>x</h2></section>" * 300,
    ],
    ids=["links around what is hidden", "boxes around headings"],
)
def test_elements_around_others_are_climbed_once(html: str) -> None:
    """What holds around one element holds around those beside it: nobody climbs from each through all elements around it."""

    def work() -> None:
        Document(html).compound("a")

    assert calls(work, "closest") < 2000
