"""Links: every kind, what they hold, what becomes of repeated ones, and what is no link."""

from __future__ import annotations

from typing import Any

import pytest

from linkmedia_scrapy import LinkItem, LinkMediaConfig, PageItem, extract

URL = "http://example.com/d/p.html?q#f"
KINDS = ["a", "area", "iframe", "link", "form", "meta", "contact"]


def links(html: str, *, kinds: list[str] | None = None, rendered: bool = False, **settings: Any) -> list[LinkItem]:
    """The links of a page; of all kinds where none are named."""
    return page(html, kinds=kinds, rendered=rendered, **settings).links


def page(html: str, *, kinds: list[str] | None = None, rendered: bool = False, **settings: Any) -> PageItem:
    """What `extract` finds in a page."""
    return extract(html, URL, rendered=rendered, config=LinkMediaConfig(link_kinds=kinds or KINDS, **settings))


def one(html: str, **settings: Any) -> LinkItem:
    """The page's only link."""
    (link,) = links(html, **settings)
    return link


_D = "http://example.com/d/"


@pytest.mark.parametrize(
    ("html", "kind", "url"),
    [
        ("<a href=x>t</a>", "a", _D + "x"),
        ("<a href>t</a>", "a", _D + "p.html?q"),
        ("<a href=''>t</a>", "a", _D + "p.html?q"),
        ("<a href='#'>t</a>", "a", _D + "p.html?q#"),
        ("<A HREF=x>t", "a", _D + "x"),
        ("<map><area href=x></map>", "area", _D + "x"),
        ("<area href=x>", "area", _D + "x"),
        ("<svg><a xlink:href=x></a></svg>", "a", _D + "x"),
        ("<iframe src=x></iframe>", "iframe", _D + "x"),
        ("<frameset><frame src=x></frameset>", "iframe", _D + "x"),
        ("<form action=x></form>", "form", _D + "x"),
        ("<form method=GET action=x></form>", "form", _D + "x"),
        ("<form method=nonsense action=x></form>", "form", _D + "x"),
        ("<form></form>", "form", URL),
        ("<form action></form>", "form", URL),
        ("<base href=/b/><form></form>", "form", URL),
        ("<base href=/b/><form action=x></form>", "form", "http://example.com/b/x"),
        *(
            (f"<link rel={rel} href=x>", "link", _D + "x")
            for rel in [
                *(
                    "alternate amphtml author bookmark canonical chapter contents copyright first glossary help home index last license next "
                    "prev previous privacy-policy related search section self shortlink start subsection tag terms-of-service toc up NEXT"
                ).split(),
                "'nofollow next'",
            ]
        ),
        *(
            (f'<meta http-equiv=refresh content="{content}">', "meta", _D + url)
            for content, url in [
                ("0;url=x", "x"),
                ("5; URL = x", "x"),
                ("0;x", "x"),
                ("0 x", "x"),
                ("0,x", "x"),
                ("0\t,\n x", "x"),
                (".5;url=x", "x"),
                ("1.5.2;url=x", "x"),
                (" 0 ; url='x'y", "x"),
                ("0;url='x", "x"),
                ("0;url=&quot;it's&quot;", "it's"),
                ("0;url='a&quot;b'", "a%22b"),
                ("0;'x'", "x"),
                ("0;url x", "url%20x"),
                ("0;ur=x", "ur=x"),
                ("0;url=url=x", "url=x"),
                ("0;url= x ", "x"),
                ("0;\u00a0url=x", "%C2%A0url=x"),
                ("0;url=a;b c", "a;b%20c"),
            ]
        ),
        ("<meta http-equiv=REFRESH content=0;url=x>", "meta", _D + "x"),
    ],
)
def test_kinds(html: str, kind: str, url: str) -> None:
    """Every element that leads elsewhere is a link of its kind."""
    assert [(link.kind, link.url) for link in links(html)] == [(kind, url)]


@pytest.mark.parametrize(
    "html",
    [
        "<a>t</a>",
        "<a name=x>t</a>",
        "<area>",
        "<iframe></iframe>",
        "<iframe src></iframe>",
        "<form method=post action=x></form>",
        "<form method=POST></form>",
        "<form method=dialog action=x></form>",
        "<link rel=stylesheet href=x>",
        "<link rel='alternate stylesheet' href=x>",
        "<link rel=icon href=x>",
        "<link rel=preload href=x>",
        "<link href=x>",
        "<link rel=next>",
        "<link rel=next href=''>",
        "<meta http-equiv=refresh content=5>",
        "<meta http-equiv=refresh content='5;'>",
        "<meta http-equiv=refresh content=';url=x'>",
        "<meta http-equiv=refresh content='-1;url=x'>",
        "<meta http-equiv=refresh content='0url=x'>",
        "<meta http-equiv=refresh>",
        "<meta http-equiv=refresh content='\u00a00;url=x'>",
        "<meta http-equiv=refresh content='0\v;url=x'>",
        "<meta http-equiv=refresh content='0\vx'>",
        "<meta http-equiv=' refresh' content='0;url=x'>",
        "<meta name=refresh content='0;url=x'>",
        "<meta http-equiv=refresh content='\u0665;url=x'>",
        "<a xlink:href=x>t</a>",
        "<button formaction=x>",
        "<img src=x>",
        "<script src=x></script>",
        "<object data=x></object>",
        "<embed src=x>",
        "<blockquote cite=x>",
        "<svg><use href=x></use></svg>",
    ],
)
def test_what_is_no_link(html: str) -> None:
    """What leads nowhere, sends data or loads a part of the page is no link, and nothing dropped either."""
    found = page(html, image_score_threshold=None)
    assert found.links == []
    assert "link" not in found.dropped


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)",
        "JavaScript:x",
        " java\nscript:x",
        "data:text/html,x",
        "blob:http://x/y",
        "about:blank",
        "vbscript:x",
        "whatsapp://send",
        "irc://x/y",
        "file:///etc/passwd",
        "view-source:http://x/",
        "ws://x/",
    ],
)
@pytest.mark.parametrize(
    "element",
    [
        "<a href='{}'>t</a>",
        "<iframe src='{}'></iframe>",
        "<form action='{}'></form>",
        "<link rel=next href='{}'>",
        "<meta http-equiv=refresh content='0;url={}'>",
    ],
)
def test_other_schemes(element: str, href: str) -> None:
    """javascript:, data: and the like are no links; they are counted."""
    found = page(element.format(href))
    assert found.links == []
    assert found.dropped == {"link": {"scheme": 1}}


@pytest.mark.parametrize(
    "href",
    ["http://[", "http://exa mple.com/", "https://", "http://a:99999/", "//[::1", "http://1.2.3.4.5/", "http://a%00b/", "http://a<b/"],
)
def test_invalid_urls(href: str) -> None:
    """A reference that is no URL is left out, and counted."""
    found = page(f"<a href='{href}'>t</a><a href=x>x</a>")
    assert [link.url for link in found.links] == [_D + "x"]
    assert found.dropped == {"link": {"invalid_url": 1}}


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_kinds_asked_for(kind: str) -> None:
    """Only the kinds that the setting names are emitted."""
    html = (
        "<a href=a>a</a><area href=b><iframe src=c></iframe><link rel=next href=d><form action=e></form>"
        "<meta http-equiv=refresh content=0;url=f><a href=mailto:g@h.example>g</a>"
    )
    assert [link.kind for link in links(html)] == ["a", "area", "iframe", "link", "form", "meta", "contact"]
    assert [link.kind for link in links(html, kinds=[kind])] == [kind]


def test_default_kinds() -> None:
    """By default there are a and area, and no contacts."""
    html = "<link rel=next href=d><a href=a>a</a><area href=b><iframe src=c></iframe><a href=tel:1>t</a>"
    found = extract(html, URL)
    assert [(link.kind, link.url) for link in found.links] == [("a", _D + "a"), ("area", _D + "b")]
    assert "link" not in found.dropped


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"),
        ("MAILTO:A@b.example", "mailto:A@b.example"),
        ("tel:+49 30 1", "tel:+49 30 1"),
        ("sms:+1", "sms:+1"),
        (" mailto:a@b.example ", "mailto:a@b.example"),
    ],
)
def test_contacts(href: str, url: str) -> None:
    """mailto:, tel: and sms: are contacts: external, of no domain, untouched by the rules for links."""
    link = one(
        f"<a href='{href}'>t</a>",
        kinds=["contact"],
        exclude_external_links=True,
        exclude_internal_links=True,
        exclude_domains=["b.example"],
    )
    assert (link.kind, link.url, link.scope, link.base_domain, link.raw_href) == ("contact", url, "external", "", href)
    assert one(f"<map><area href='{href}'></map>").kind == "contact"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/root", "http://example.com/root"),
        ("//other.example/x", "http://other.example/x"),
        ("../up", "http://example.com/up"),
        ("../../../up", "http://example.com/up"),
        ("./here", _D + "here"),
        ("?new", _D + "p.html?new"),
        ("#frag", _D + "p.html?q#frag"),
        ("x#frag/../y?z", _D + "x#frag/../y?z"),
        ("?b=2&a=1&a=1&utm_source=x&empty=&%7e=%7E", _D + "p.html?b=2&a=1&a=1&utm_source=x&empty=&%7e=%7E"),
        ("?q=a+b%20c&d=[]|^{}`", _D + "p.html?q=a+b%20c&d=[]|^{}`"),
        ("HTTPS://EXAMPLE.com:443/A/b", "https://example.com/A/b"),
        ("http:relative", _D + "relative"),
        ("http:/\\slashes", "http://slashes/"),
        ("\\back\\slash", "http://example.com/back/slash"),
        (" \t\nx\n ", _D + "x"),
        ("a\nb\tc", _D + "abc"),
        ("a b", _D + "a%20b"),
        ("ä/ö?ü#ß", _D + "%C3%A4/%C3%B6?%C3%BC#%C3%9F"),
        ("%e4%zz%", _D + "%e4%zz%"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://user:pw@example.com/", "http://user:pw@example.com/"),
        ("ftp://example.com/x", "ftp://example.com/x"),
        ("a;b,c", _D + "a;b,c"),
        ("&amp;x", _D + "&x"),
        ("?a&copy=1&lt;", _D + "p.html?a&copy=1%3C"),
    ],
)
def test_urls(href: str, url: str) -> None:
    """URLs are the WHATWG standard's: fragment kept, nothing of the query dropped, sorted or encoded anew."""
    link = one(f"<a href='{href}'>t</a>")
    assert link.url == url
    if "&" not in href:
        assert link.raw_href == href


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a href=x> two\n words </a>", "two words"),
        ("<a href=x aria-label=label title=title>text</a>", "text"),
        ("<a href=x aria-label=' the  label ' title=title><img alt=alt></a>", "the label"),
        ("<a href=x title=title><img alt=' an  alt '></a>", "an alt"),
        ("<a href=x title=title><img alt=''><img alt=second></a>", "second"),
        ("<a href=x title=' a  title '><img></a>", "a title"),
        ("<a href=x><svg><title>drawn</title></svg></a>", "drawn"),
        ("<a href=x><svg aria-hidden=true></svg></a>", ""),
        ("<a href=x><svg role=img aria-label=Mail><path d='M1 1'></svg></a>", "Mail"),
        ("<a href=x><span><i class=icon aria-label=' Call  us '></i></span></a>", "Call us"),
        ("<a href=x title=title><img alt=''><svg aria-label=''></svg></a>", "title"),
        ("<a href=x title=title><img title=picture></a>", "title"),
        ("<a href=x title=' '><img alt='' title=' a  picture '><img title=second></a>", "a picture"),
        ("<a href=x><i title=icon></i><img alt=alt></a>", "alt"),
        ("<a href=x><img alt=' ' aria-label=label></a>", "label"),
        ("<map><area href=x alt=' ' title=title></map>", "title"),
        ("<a href=x><picture><source srcset=y><img alt=pictured></picture></a>", "pictured"),
        ("<a href=x><span hidden>no</span><img alt=alt></a>", "alt"),
        ("<a href=x></a>", ""),
        ("<a href=x>&nbsp;<i class=icon></i></a>", ""),
        ("<map><area href=x alt=alt title=title></map>", "alt"),
        ("<map><area href=x aria-label=label title=title></map>", "label"),
        ("<map><area href=x title=title></map>", "title"),
        ("<iframe src=x title=title>inner</iframe>", "title"),
        ("<form aria-label=label name=name><input value=no></form>", "label"),
        ("<form name=name></form>", "name"),
        ("<link rel=alternate title=title href=x>", "title"),
    ],
)
def test_text(html: str, text: str) -> None:
    """The text a reader sees, else the aria-label, an image's alternative text, the title, an image's title."""
    assert one(html).text == text


@pytest.mark.parametrize(
    ("attribute", "rel", "nofollow"),
    [
        ("", [], False),
        ("rel", [], False),
        ("rel='noopener NoFollow\tugc'", ["noopener", "nofollow", "ugc"], True),
        ("rel=nofollows", ["nofollows"], False),
        ("rel='tag tag'", ["tag", "tag"], False),
        ("rev=nofollow", [], False),
    ],
)
def test_rel(attribute: str, rel: list[str], nofollow: bool) -> None:
    """Every token of rel, in lower case and in order; nofollow is one of them."""
    link = one(f"<a href=x {attribute}>t</a>")
    assert (link.rel, link.nofollow) == (rel, nofollow)


@pytest.mark.parametrize(
    ("meta", "nofollow"),
    [
        ("<meta name=robots content=nofollow>", True),
        ("<meta name=Robots content='NOINDEX, NOFOLLOW'>", True),
        ("<meta name=robots content='noindex,nofollow'>", True),
        ("<meta name=robots content=none>", True),
        ("<meta name=robots content='noindex, follow'>", False),
        ("<meta name=robots content=max-snippet:none>", False),
        ("<meta name=robots>", False),
        ("<meta name=googlebot content=nofollow>", False),
        ("<meta name=robots content=index><meta name=robots content=nofollow>", True),
        ("<template><meta name=robots content=nofollow></template>", False),
    ],
)
def test_nofollow_of_the_page(meta: str, nofollow: bool) -> None:
    """The page's meta robots makes all its links nofollow, and leaves their rel as it is."""
    link = one(f"{meta}<a href=x rel=me>t</a>")
    assert (link.rel, link.nofollow) == (["me"], nofollow)


def test_attributes() -> None:
    """target, hreflang, type and download come as written; download without a value is not the same as none."""
    link = one("<a href=x target=_blank hreflang=de-CH type=application/pdf download title='  a  title '>t</a>")
    assert (link.target, link.hreflang, link.mime_type, link.download, link.title) == ("_blank", "de-CH", "application/pdf", "", "a title")
    plain = one("<a href=x>t</a>")
    assert (plain.target, plain.hreflang, plain.mime_type, plain.download, plain.title) == ("", "", "", None, "")
    assert one("<a href=x download=name.pdf>t</a>").download == "name.pdf"
    assert one("<a href=x type=application/pdf>t</a>").mime_type == "application/pdf"
    assert one("<a href=x target=_blank>t</a>").mime_type == ""
    assert one("<link rel=alternate href=x type=application/rss+xml hreflang=fr>").mime_type == "application/rss+xml"


def test_unique_links() -> None:
    """One record a kind and URL, at its first place, with the first text and title of all occurrences and their number."""
    html = (
        "<nav><a href=x><i></i></a></nav><main><a href=./x rel=nofollow></a><a href=y>y</a><a href=x title=first>text</a>"
        "<a href=http://EXAMPLE.com/d/x title=second>other</a><a href=x#f>fragment</a></main><map><area href=x alt=area></map>"
    )
    found = links(html)
    assert [(link.kind, link.url, link.occurrences, link.text, link.title, link.region, link.raw_href) for link in found] == [
        ("a", _D + "x", 4, "text", "first", "nav", "x"),
        ("a", _D + "y", 1, "y", "", "main", "y"),
        ("a", _D + "x#f", 1, "fragment", "", "main", "x#f"),
        ("area", _D + "x", 1, "area", "", "", "x"),
    ]


def test_all_links() -> None:
    """Without `unique_links` every link is a record of its own, in document order."""
    found = links("<a href=x>1</a><a href=y>2</a><a href=x>3</a><a href=x></a>", unique_links=False)
    assert [(link.url[-1], link.text, link.occurrences) for link in found] == [("x", "1", 1), ("y", "2", 1), ("x", "3", 1), ("x", "", 1)]


@pytest.mark.parametrize(
    ("rels", "nofollow"),
    [
        (["nofollow", "nofollow"], True),
        (["nofollow", ""], False),
        (["", "nofollow"], False),
        (["nofollow", "nofollow ugc", "sponsored nofollow"], True),
    ],
)
def test_nofollow_of_repeated_links(rels: list[str], nofollow: bool) -> None:
    """A repeated link is nofollow where all its occurrences are."""
    link = one("".join(f"<a href=x rel='{rel}'>t</a>" for rel in rels))
    assert (link.nofollow, link.occurrences) == (nofollow, len(rels))


def test_drops_are_counted_by_occurrence() -> None:
    """Every link that is left out is counted, repeated ones each time."""
    found = page(
        "<a href=javascript:x>1</a><a href=javascript:x>2</a><a href=http://out.example/>3</a><a href='http://['>4</a>",
        exclude_external_links=True,
    )
    assert found.links == []
    assert found.dropped == {"link": {"scheme": 2, "external": 1, "invalid_url": 1}}


def test_document_order() -> None:
    """Links come in document order, whatever their kinds."""
    html = "<link rel=next href=1><body><a href=2>a</a><form action=3></form><map><area href=4></map><a href=5>b</a><iframe src=6></iframe>"
    assert [link.url[-1] for link in links(html)] == ["1", "2", "3", "4", "5", "6"]


def test_nested_and_broken_markup() -> None:
    """Broken markup gives the links that a browser has."""
    html = "<a href=1>one<a href=2>two</a></b></p><table><a href=3>three<tr><td><a href=4>four</table><p><a href=5 href=6>five"
    assert [(link.url[-1], link.text) for link in links(html)] == [("1", "one"), ("2", "two"), ("3", "three"), ("4", "four"), ("5", "five")]


def test_links_of_a_page_from_a_file() -> None:
    """A page from a file has links to files; on the web file: is a scheme like any other."""
    html = "<a href=other.html>x</a><a href=//example.com/>y</a><a href=https://example.com/>z</a>"
    found = extract(html, "file:///home/page.html")
    assert [(link.url, link.scope) for link in found.links] == [
        ("file:///home/other.html", "internal"),
        ("file://example.com/", "external"),
        ("https://example.com/", "external"),
    ]


@pytest.mark.parametrize("url", ["", "x", "/relative", "http://[", "about:blank", "mailto:a@b.example", "data:text/html,x"])
def test_page_url_that_nothing_resolves_against(url: str) -> None:
    """Where the page's URL is no base, absolute links remain, and the others are counted."""
    found = extract("<a href=http://ok.example/>y</a><a href=x>x</a>", url)
    assert [(link.url, link.scope) for link in found.links] == [("http://ok.example/", "external")]
    assert found.dropped == {"link": {"invalid_url": 1}}
    assert found.success


@pytest.mark.parametrize(
    ("text", "as_much_as"),
    [
        ("Übersicht", "Overview"),
        ("Обзор", "Overview"),
        ("利用規約について", "Terms of use apply"),
        ("運賃 改定について", "Terms of use apply"),
        ("水", "Water"),
    ],
)
def test_words_in_scores(text: str, as_much_as: str) -> None:
    """An accent makes no sentence of a word; where no spaces stand between words a text of some letters is one."""
    found = links(f"<a href=1>{text}</a><a href=2>{as_much_as}</a>")
    assert found[0].score == found[1].score


def test_scores_order_content_before_furniture() -> None:
    """A sentence in the article scores above a menu's entry, and that above a bare jump within a nofollow footer."""
    html = (
        "<article><a href=1>A whole sentence leads on</a></article><nav><a href=2>Home</a></nav>"
        "<footer><a href=#3 rel=nofollow></a></footer>"
    )
    scores = [link.score for link in links(html)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    assert all(0 <= score <= 10 for score in scores)


def test_scores_by_landmark() -> None:
    """A link's score is the higher, the more its landmark is part of what the page is about."""
    html = "<main>{0}</main><article>{0}</article><div>{0}</div><search>{0}</search><aside>{0}</aside><header>{0}</header><nav>{0}</nav><footer>{0}</footer>"
    found = links(html.format("<a href=x>Two words</a>"), unique_links=False)
    above = [(link.region, link.score - found[-1].score) for link in found]
    assert above == [
        ("main", 3.0),
        ("article", 3.0),
        ("", 2.0),
        ("search", 1.0),
        ("aside", 1.0),
        ("header", 0.5),
        ("nav", 0.5),
        ("footer", 0.0),
    ]
