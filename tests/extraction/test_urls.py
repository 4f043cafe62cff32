"""URLs: the WHATWG standard's vectors, the fast paths against the full parser, legacy queries, base elements."""

from __future__ import annotations

import json
from pathlib import Path

import ada_url
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkmedia_scrapy import extract
from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.urls import Resolver, host_of, normalize, scheme_of
from tests.conftest import scale

# Vectors that are not asked for: their hosts are invalid punycode, which ada lets pass.
INVALID_PUNYCODE = frozenset(
    {
        "http://a.b.c.xn--pokxncvks",
        "http://a.b.c.XN--pokxncvks",
        "http://a.b.c.Xn--pokxncvks",
        "http://10.0.0.xn--pokxncvks",
        "http://10.0.0.XN--pokxncvks",
        "http://10.0.0.xN--pokxncvks",
        "file://xn--/p",
        "https://xn--/",
    }
)


def test_whatwg_vectors(corpus: Path) -> None:
    """Every vector of web-platform-tests whose result is http(s) or failure resolves to that result."""
    vectors = json.loads((corpus / "vectors" / "url_whatwg.json").read_text(encoding="utf-8"))
    wrong = []
    asked = 0
    for vector in vectors:
        href = vector.get("href") or ""
        if not vector.get("failure") and not href.startswith(("http:", "https:")):
            continue
        base = vector["base"]
        if base is not None and normalize(base) is None:
            continue  # where the base is none there is no page
        asked += 1
        got = Resolver(base).resolve(vector["input"]) if base is not None else normalize(vector["input"])
        if got != (None if vector.get("failure") else href):
            wrong.append((vector["input"], base, href or None, got))
    assert [entry for entry in wrong if entry[0] not in INVALID_PUNYCODE] == []
    assert {entry[0] for entry in wrong} == INVALID_PUNYCODE, "a vector left out for nothing"
    assert asked > 500


def by_parser(base: str, reference: str) -> str | None:
    """What the full parser makes of a reference."""
    try:
        return str(ada_url.join_url(base, reference) if base else ada_url.normalize_url(reference))
    except ValueError:
        return None


BASES = [
    "http://example.com/",
    "https://example.com/a/b/c.html?q=1#frag",
    "http://user:secret@example.com:8080/a/b;c/?x/y#z/w",
    "https://xn--bcher-kva.example/%7Euser/.a/",
    "http://192.0.2.1/x",
    "http://[2001:db8::1]:81/p/q",
    "http://example.com//double//x",
    "http://example.com/?/query/only",
    "http://example.com/#/fragment/only",
    "file:///home/user/page.html",
    "ftp://example.com/a/b",
    "mailto:someone@example.com",
    "data:text/html,x",
]

_LABELS = st.sampled_from(
    [
        "example",
        "www",
        "a",
        "xn--bcher-kva",
        "XN--A",
        "bücher",
        "Example",
        "1",
        "192",
        "0x7f",
        "a_b",
        "a-",
        "-a",
        "a--b",
        "",
        "com",
        "co",
        "c0m",
        "１",
        "ß",
        "faß",
    ]
)
_HOSTS = st.one_of(
    st.lists(_LABELS, min_size=1, max_size=4).map(".".join),
    st.sampled_from(
        [
            "1.2.3.4",
            "1.2.3",
            "256.1.1.1",
            "0x7f.1",
            "[::1]",
            "[::1",
            "1.2.3.4.com",
            "example.com.",
            "example.com..",
            "a%41.com",
            "a b.com",
            "xn--a.xn--b",
            "example.c",
            "example.0x1",
            "1.2.3.09",
        ]
    ),
)
_PORTS = st.sampled_from(["", "", "", ":", ":80", ":443", ":8080", ":0080", ":99999", ":x"])
_USERS = st.sampled_from(["", "", "", "", "user@", "u:p@", "@", "a@b@"])
_SCHEMES = st.sampled_from(
    ["http:", "https:", "HTTP:", "https", "ftp:", "file:", "mailto:", "javascript:", "data:", "http:", "ws:", "x-y:", "c:", "1:", ":"]
)
_SLASHES = st.sampled_from(["//", "//", "//", "/", "", "\\\\", "/\\", "///"])
_PIECES = st.sampled_from(
    [
        "a",
        "b.html",
        "index",
        ".",
        "..",
        "...",
        ".a",
        "a.",
        "%2e",
        "%2E",
        "%2e.",
        ".%2e",
        "%",
        "%4",
        "%41",
        "%zz",
        "%2",
        "~u",
        "$&()*+,;=:@",
        "!",
        "'",
        '"',
        "<",
        ">",
        "`",
        "{",
        "}",
        "|",
        "^",
        "[",
        "]",
        " ",
        "\t",
        "\n",
        "\r",
        "\0",
        "\x7f",
        "ä",
        "中",
        "😀",
        "\ud800",
        "\u00a0",
        "\u200b",
        "a b",
        "\\",
        "C:",
        "C|",
        "x:y",
        "",
        "-",
        "_",
        "*",
    ]
)
_PATHS = st.lists(st.tuples(st.sampled_from(["/", "/", "/", "", "\\", "//"]), _PIECES), max_size=5).map(
    lambda parts: "".join(map("".join, parts))
)
_QUERIES = st.one_of(
    st.just(""),
    st.lists(_PIECES, max_size=4).map(lambda parts: "?" + "=".join(parts)),
    st.sampled_from(["?", "??", "?a=/../b", "?q=a%20b+c&d=%", "?a?b"]),
)
_FRAGMENTS = st.one_of(
    st.just(""), st.lists(_PIECES, max_size=3).map(lambda parts: "#" + "".join(parts)), st.sampled_from(["#", "##", "#/a/../b?c"])
)
_EDGES = st.sampled_from(["", "", "", "", " ", "\t", "\n", "\x00", "\x1f"])
REFERENCES = st.one_of(
    st.builds(lambda *parts: "".join(parts), _EDGES, _SCHEMES, _SLASHES, _USERS, _HOSTS, _PORTS, _PATHS, _QUERIES, _FRAGMENTS, _EDGES),
    st.builds(lambda *parts: "".join(parts), st.sampled_from(["http://", "https://", "//"]), _HOSTS, _PATHS, _QUERIES, _FRAGMENTS),
    st.builds(lambda *parts: "".join(parts), _EDGES, _PIECES, _PATHS, _QUERIES, _FRAGMENTS, _EDGES),
    st.builds(lambda *parts: "".join(parts), _PATHS, _QUERIES, _FRAGMENTS),
    st.from_regex(r"https?://[a-z0-9.-]{1,12}/[\w.~!$&()*+,;=:@%/-]{0,12}(\?[\w.%/?-]{0,6})?(#[\w.%/?-]{0,6})?", fullmatch=True),
    st.from_regex(r"/?/?[\w.~!$&()*+,;=:@%/-]{0,12}(\?[\w.%/?-]{0,6})?(#[\w.%/?-]{0,6})?", fullmatch=True),
    st.text(alphabet="a.:/\\?#%2eE@[]-x0 \t\nä", max_size=14),
    st.text(max_size=12),
)


@pytest.mark.soak
@settings(max_examples=scale(30_000))
@given(st.sampled_from(BASES), REFERENCES)
@example("http://example.com/a/", "/..")
@example("http://example.com/a/", "/%2e%2E/x")
@example("http://example.com/a/", "x:y")
@example("http://example.com/a/", "https://example.com/a/%2e/b")
@example("http://example.com/a/", "https://a.xn--b.com/")
@example("http://example.com/a/", "//example.com/..")
@example("http://example.com/a/", "http://example.com/a\n")
@example("http://example.com/a/", "a\n")
def test_fast_paths_equal_the_parser(base: str, reference: str) -> None:
    """A reference that strings put together resolve is what the full parser makes of it, on every kind of base."""
    scalar = reference.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    got = Resolver(base).resolve(reference)
    assert got == by_parser(base, scalar)
    absolute = f"https://example.com{reference}"
    assert normalize(absolute) == by_parser("", f"https://example.com{scalar}")
    assert got is None or normalize(got) == got


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("../x", "http://example.com/a/x"),
        ("../../x?y#z", "http://example.com/x?y#z"),
        ("../../../x", "http://example.com/x"),
        ("../", "http://example.com/a/"),
        ("..//x", "http://example.com/a//x"),
        ("../x/../y", "http://example.com/a/y"),
        ("../..", "http://example.com/"),
        ("../?x", "http://example.com/a/?x"),
        ("../a:b", "http://example.com/a/a:b"),
    ],
)
def test_references_upwards(reference: str, url: str) -> None:
    """Dot segments at the beginning lead upwards, never beyond the root."""
    assert Resolver("http://example.com/a/b/c").resolve(reference) == url == by_parser("http://example.com/a/b/c", reference)


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.com/a/b.html?x=1#y",
        "//example.com/a",
        "/a/b?c",
        "/",
        "/?q",
        "page.html",
        "a/b/c.html?d#e",
        "#top",
        "https://example.com/%41",
    ],
)
def test_plain_references_do_not_reach_the_parser(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast paths are taken: what pages mostly hold is resolved without the parser, to the same URL."""
    want = by_parser("https://example.com/d/p.html?q#f", reference)
    resolver = Resolver("https://example.com/d/p.html?q#f")
    monkeypatch.setattr(Resolver, "_parse", lambda self, reference: None)
    assert resolver.resolve(reference) == want


@pytest.mark.soak
def test_fast_paths_equal_the_parser_on_real_pages(corpus: Path) -> None:
    """Every href and src of the corpus' pages resolves to what the full parser makes of it."""
    pages = sorted(corpus.glob("*/pages/*.html"))
    wrong = []
    seen: set[str] = set()
    for page in pages[:: len(pages) // scale(len(pages))]:
        tree = Document(page.read_bytes()).tree
        for name in ("href", "src", "action"):
            seen.update(element.attr(name) or "" for element in tree.select(f"[{name}]"))
    for base in BASES[1:4]:
        resolver = Resolver(base)
        wrong += [(base, reference) for reference in seen if resolver.resolve(reference) != by_parser(base, reference)]
    assert wrong == []
    assert len(seen) > 1000


# Derived from the Encoding and URL standards; all of them are also what Debian's Chromium 156 makes of the same links.
LEGACY_QUERIES = [
    ("gbk", "中文", "%D6%D0%CE%C4"),
    ("gbk", "€", "%80"),
    ("gbk", "ǹ", "%A8%BF"),
    ("gbk", "︕", "%A6%DE"),
    ("gbk", "😀", "%26%23128512%3B"),
    ("gbk", "ñ", "%26%23241%3B"),
    ("gbk", "丂", "%81@"),
    ("gb18030", "€", "%A2%E3"),
    ("gb18030", "😀", "%949%FC6"),
    ("gb18030", "ñ", "%810%8A9"),
    ("gb18030", "\ue5e5", "%26%2358853%3B"),
    ("gb18030", "︐︖︗︘︙龴龻ḿ", "%A6%D9%A6%DF%A6%EC%A6%ED%A6%F3%FEY%FE%A0%A8%BC"),
    ("gbk", "\ue5e5", "%26%2358853%3B"),
    ("gb18030", "\ue7c7", "%815%F47"),
    ("shift_jis", "日本", "%93%FA%96%7B".replace("%7B", "{")),
    ("shift_jis", "ソ", "%83\\"),
    ("shift_jis", "表|", "%95\\|"),
    ("shift_jis", "ｱﾞ", "%B1%DE"),
    ("shift_jis", "−", "%81%7C".replace("%7C", "|")),
    ("shift_jis", "～", "%81`"),
    ("shift_jis", "〜", "%26%2312316%3B"),
    ("shift_jis", "¥‾", "\\~"),
    ("shift_jis", "①", "%87@"),
    ("shift_jis", "ⅰ黑", "%FA@%FCK"),
    ("shift_jis", "檗滌漾", "%9F@%9F%FC%E0@"),
    ("shift_jis", "¢", "%26%23162%3B"),
    ("shift_jis", "燾", "%FBZ"),
    ("shift_jis", "\ue000", "%26%2357344%3B"),
    ("euc-jp", "日本", "%C6%FC%CB%DC"),
    ("euc-jp", "ｱ", "%8E%B1"),
    ("euc-jp", "①", "%AD%A1"),
    ("euc-jp", "ⅰ黑", "%FC%F1%FC%EE"),
    ("euc-jp", "～−", "%A1%C1%A1%DD"),
    ("euc-jp", "偑", "%26%2320561%3B"),
    ("iso-2022-jp", "日本", "%1B$BF|K\\%1B(B"),
    ("iso-2022-jp", "a日b", "a%1B$BF|%1B(Bb"),
    ("iso-2022-jp", "ｱ", "%1B$B%%22%1B(B"),
    ("iso-2022-jp", "¥a\\", "%1B(J\\a%1B(B\\"),
    ("iso-2022-jp", "日😀", "%1B$BF|%1B(B%26%23128512%3B"),
    ("iso-2022-jp", "a\x0e\x0f\x1bb", "a" + 3 * "%26%2365533%3B" + "b"),
    ("x-user-defined", "\uf780\uf7ff\x80é", "%80%FF%26%23128%3B%26%23233%3B"),
    ("euc-kr", "한국어", "%C7%D1%B1%B9%BE%EE"),
    ("euc-kr", "뷁똠", "%94%EE%8Cc"),
    ("euc-kr", "😀", "%26%23128512%3B"),
    ("big5", "中文", "%A4%A4%A4%E5"),
    ("big5", "功", "%A5\\"),
    ("big5", "€", "%A3%E1"),
    ("big5", "十═", "%A4Q%F9%F9"),
    ("big5", "㜳", "%26%2314131%3B"),
    ("big5", "悤廴无癶仝隶嘅廐猪", "%FCl%C6%CF%C6%D3%C6%D5%C6%DF%C6%D7%FBH%FB%F9%FER"),
    ("big5", "␀␡╞╡╪卅", "%A3%C0%A3%E0%F9%E9%F9%EB%F9%EA%A4%CA"),
    ("windows-1251", "Привет", "%CF%F0%E8%E2%E5%F2"),
    ("windows-1251", "ё№", "%B8%B9"),
    ("windows-1251", "中", "%26%2320013%3B"),
    ("windows-1251", "\x98", "%98"),
    ("windows-1252", "café €", "caf%E9%20%80"),
    ("windows-1252", "Ж中", "%26%231046%3B%26%2320013%3B"),
    ("windows-1252", "\x81", "%81"),
    ("windows-1252", "\x80", "%26%23128%3B"),
    ("koi8-r", "Привет", "%F0%D2%C9%D7%C5%D4"),
    ("koi8-u", "ў╝", "%AE%26%239565%3B"),
    ("ibm866", "Привет", "%8F%E0%A8%A2%A5%E2"),
    ("iso-8859-2", "żółć", "%BF%F3%B3%E6"),
    ("iso-8859-15", "€", "%A4"),
    ("iso-8859-16", "ț", "%FE"),
    ("iso-8859-8-i", "שלום", "%F9%EC%E5%ED"),
    ("windows-874", "ไทย", "%E4%B7%C2"),
    ("windows-1255", "\u05ba", "%CA"),
    ("macintosh", "é", "%8E"),
    ("x-mac-cyrillic", "Ж", "%86"),
    ("utf-8", "中é", "%E4%B8%AD%C3%A9"),
    ("utf-16le", "中", "%E4%B8%AD"),
    ("utf-16be", "é", "%C3%A9"),
    ("x-unknown", "é", "%C3%A9"),
]


@pytest.mark.parametrize(("encoding", "text", "query"), LEGACY_QUERIES, ids=[f"{name}-{text!a}" for name, text, _ in LEGACY_QUERIES])
def test_legacy_queries(encoding: str, text: str, query: str) -> None:
    """A query is percent-encoded in the page's encoding as browsers do; path and fragment always in UTF-8."""
    resolver = Resolver("http://example.com/p", encoding=encoding)
    assert resolver.resolve(f"?q={text}") == f"http://example.com/p?q={query}"
    assert resolver.resolve(f"/é?{text}=%20'#é") == f"http://example.com/%C3%A9?{query}=%20%27#%C3%A9"


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("gbk", "gbk"),
        ("shift_jis", "cp932"),
        ("windows-1251", "cp1251"),
        ("euc-kr", "cp949"),
        ("big5", "big5"),
        ("euc-jp", "euc_jp"),
        ("koi8-r", "koi8_r"),
    ],
)
@given(data=st.data())
def test_legacy_queries_decode_to_what_was_written(encoding: str, codec: str, data: st.DataObject) -> None:
    """What a server decodes from a query in the page's encoding is the text of the link."""
    letters = {
        "gbk": "中文网络龙",
        "shift_jis": "日本語ソ表ｱ",
        "windows-1251": "Жёлтый",
        "euc-kr": "한국어뷁",
        "big5": "中文功許蓋",
        "euc-jp": "日本語ｱ",
        "koi8-r": "Жёлтый",
    }
    text = data.draw(st.text(alphabet=letters[encoding] + "abc+-", min_size=1, max_size=8))
    url = Resolver("http://example.com/", encoding=encoding).resolve("?" + text)
    assert url is not None
    sent = url.partition("?")[2]
    raw = b"".join(bytes.fromhex(part[:2]) + part[2:].encode() if at else part.encode() for at, part in enumerate(sent.split("%")))
    assert raw.decode(codec) == text


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("mailto:a@b.example?subject=é", "mailto:a@b.example?subject=%C3%A9"),
        ("javascript:x?é", "javascript:x?%C3%A9"),
        ("ws://e.example/?é", "ws://e.example/?%C3%A9"),
        ("ftp://e.example/?é", "ftp://e.example/?%E9"),
        ("  http://e.example/?a\té\n ", "http://e.example/?a%E9"),
        ("HTTPS://E.example?é#é", "https://e.example/?%E9#%C3%A9"),
        ("#?é", "http://example.com/#?%C3%A9"),
        ("?%E9é", "http://example.com/?%E9%E9"),
        ("?\ud800", "http://example.com/?%26%2365533%3B"),
    ],
)
def test_which_queries_are_encoded(reference: str, url: str) -> None:
    """Only the query, and only where the URL's scheme is a special one other than ws, takes the page's encoding."""
    assert Resolver("http://example.com/", encoding="windows-1252").resolve(reference) == url


def test_queries_on_pages_of_other_schemes() -> None:
    """Where the page's own scheme is none of the special ones a relative query is UTF-8."""
    assert Resolver("x-app://example.com/", encoding="windows-1252").resolve("?é") == "x-app://example.com/?%C3%A9"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("", "http://example.com/d/x"),
        ("<base>", "http://example.com/d/x"),
        ("<base href>", "http://example.com/d/x"),
        ("<base href=/root/>", "http://example.com/root/x"),
        ("<base href=/root>", "http://example.com/x"),
        ("<base href=sub/>", "http://example.com/d/sub/x"),
        ("<base href=//cdn.example/a/>", "http://cdn.example/a/x"),
        ("<base href=https://other.example>", "https://other.example/x"),
        ("<base href='http://['>", "http://example.com/d/x"),
        ("<base href='http://['><base href=/second/>", "http://example.com/d/x"),
        ("<base href=/one/><base href=/two/>", "http://example.com/one/x"),
        ("<base target=_top><base href=/two/>", "http://example.com/two/x"),
        ("<base href=javascript:void(0)>", "http://example.com/d/x"),
        ("<base href='data:text/html,'>", "http://example.com/d/x"),
        ("<base href=' \n/spaced/ '>", "http://example.com/spaced/x"),
        ("<base href='?q'>", "http://example.com/d/x"),
        ("<base href='..'>", "http://example.com/x"),
        ("<template><base href=/no/></template>", "http://example.com/d/x"),
        ("<svg><base href=/no/></svg>", "http://example.com/d/x"),
        ("<div><template shadowrootmode=open><base href=/no/></template></div>", "http://example.com/d/x"),
        ("<!-- <base href=/no/> -->", "http://example.com/d/x"),
        ("<noscript><base href=/plain/></noscript>", "http://example.com/plain/x"),
        ("<body><p><base href=/body/>", "http://example.com/body/x"),
    ],
)
def test_base_element(head: str, url: str) -> None:
    """The first base element with an href counts, resolved against the page, unless it is invalid, data: or javascript:."""
    page = extract(f"{head}<a href=x>x</a>", "http://example.com/d/p.html?q#f")
    assert [link.url for link in page.links] == [url]


def test_base_after_the_link() -> None:
    """A base element holds for the links before it, too, and for an empty reference."""
    page = extract("<a href=x>x</a><a href=''>y</a><a href=#z>z</a><base href=/b/c>", "http://example.com/d/")
    assert [link.url for link in page.links] == ["http://example.com/b/x", "http://example.com/b/c", "http://example.com/b/c#z"]


def test_base_of_an_opaque_scheme_leaves_only_absolute_links() -> None:
    """Against a mailto: base no relative reference resolves."""
    page = extract("<base href=mailto:a@b.example><a href=x>x</a><a href=http://ok.example/>y</a>", "http://example.com/")
    assert [link.url for link in page.links] == ["http://ok.example/"]
    assert page.dropped == {"link": {"invalid_url": 1}}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://example.com/", "example.com"),
        ("http://example.com:8080/a@b:c", "example.com"),
        ("https://user:pass@example.com/?x=@y", "example.com"),
        ("https://user:p%40ss@example.com:81/#@z", "example.com"),
        ("http://192.0.2.1:80/", "192.0.2.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://[2001:db8::1]:8080/", "[2001:db8::1]"),
        ("http://example.com.", "example.com."),
        ("http://example.com?x", "example.com"),
        ("http://example.com#x", "example.com"),
        ("http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("file:///a/b", ""),
        ("mailto:a@example.com", ""),
        ("data:text/html,http://x", ""),
        ("", ""),
        ("ftp://example.com/", "example.com"),
    ],
)
def test_host_of(url: str, host: str) -> None:
    """The host alone: no userinfo, no port, IPv6 in brackets, "" where a URL has none."""
    assert host_of(url) == host


@given(REFERENCES)
def test_host_of_equals_the_parser(reference: str) -> None:
    """The host sliced out of a serialized http(s) URL is the one that the parser names."""
    url = Resolver("http://example.com/a").resolve(reference)
    if url is not None and url.startswith(("http://", "https://")):
        assert host_of(url) == ada_url.URL(url).hostname


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://EXAMPLE.com:80", "http://example.com/"),
        ("https://example.com:443/a/./b/../c", "https://example.com/a/c"),
        ("http://BÜCHER.example/ä?ö#ü", "http://xn--bcher-kva.example/%C3%A4?%C3%B6#%C3%BC"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://example.com\\a", "http://example.com/a"),
        (" http://example.com/a b\t", "http://example.com/a%20b"),
        ("http://example.com/?a=b&a=%7e", "http://example.com/?a=b&a=%7e"),
        ("example.com", None),
        ("/path", None),
        ("", None),
        ("http://", None),
        ("http://[::1", None),
        ("http://example.com:99999/", None),
        ("http://a\ud800b/", None),
    ],
)
def test_normalize(url: str, normal: str | None) -> None:
    """An absolute URL comes as the standard writes it, its query untouched; anything else is None."""
    assert normalize(url) == normal


@pytest.mark.parametrize(
    ("url", "scheme"), [("HTTP://x", "http"), ("mailto:a", "mailto"), ("a/b:c", ""), ("1a:b", ""), ("", ""), ("x+y-z.1:", "x+y-z.1")]
)
def test_scheme_of(url: str, scheme: str) -> None:
    """The scheme in lower case, "" where there is none."""
    assert scheme_of(url) == scheme


@given(REFERENCES)
def test_resolving_is_idempotent(reference: str) -> None:
    """A resolved URL resolves to itself, and asking twice gives the same."""
    resolver = Resolver(BASES[1])
    url = resolver.resolve(reference)
    assert resolver.resolve(reference) == url
    if url is not None:
        assert resolver.resolve(url) == url
