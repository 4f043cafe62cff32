"""What must not change the records of a page: how its markup is written, what else is asked for, what was read before."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from benchmarks.extraction import forget, pages
from linkmedia_scrapy import LinkMediaConfig, PageItem, extract
from linkmedia_scrapy.config import EXTRACTS, LINK_KINDS, TABLE_SOURCES
from linkmedia_scrapy.extraction.parsing import Element, Namespace, Node, Text, parse
from linkmedia_scrapy.rules import Rules
from tests.conftest import SITE_PAGES, find_corpus, scale, site_url

ALL = LinkMediaConfig(
    image_score_threshold=None, table_score_threshold=None, image_icons=True, link_kinds=LINK_KINDS, table_sources=TABLE_SOURCES
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
RAW = frozenset("iframe noembed noframes script style xmp".split())
UNBROKEN = "option,pre,select,textarea,title,svg,math"
BOXES = frozenset("article aside div figure footer header li main nav ol section table tbody td tfoot th thead tr ul".split())
PARTS = (
    "<div class=card><a href=/p{0}><img src=/p{0}.jpg width=300 height=200 alt='A boat'></a><h3><a href=/p{0}>Boat {0}</a></h3><p>{0} €</div>",
    "<a href=/q{0}><div style='background:url(/b{0}.jpg)'></div></a><h3><a href=/q{0}>Harbour {0}</a></h3>",
    "<figure><img src=data:, data-src=/f{0}-300x200.jpg><figcaption>Dawn &amp; dusk {0}</figcaption></figure>",
    "<table><tr><th>Boat<th colspan=2>Built<tr><td>Ines<td>1998<td><a href=/t{0}?a=1&b=ü#x>Bergen</a><tr><td>Mara<td rowspan=2>2004<td>Oslo</table>",
    "<ul><li><a href=/{0}.html title='No. {0}'>Ferries <b>to</b> {0}</a><li><a href=mailto:{0}@example.org><img src=/mail.png alt=Mail></a></ul>",
    "<img src=data:, alt=Lake><noscript><img src=/n{0}.jpg alt=Lake></noscript><p>The lake {0}, by <i>Ann</i>",
    "<iframe src=https://www.youtube.com/embed/abcdefghij{0}></iframe><video src=/v{0}.mp4 poster=/v{0}.jpg></video>",
    "<dl><dt>Length<dd>{0} m<dt>Built<dd>1998</dl><p hidden><a href=/h{0}>hidden</a>",
    "<nav role=search><form action=/s{0}><input name=q></form><svg><a xlink:href=/g{0}><text>Map</text></a></svg></nav>",
)


class Writer:
    """Writes a tree as HTML, without comments and templates, which are no part of a page."""

    def tag(self, name: str) -> str:
        return name

    def attributes(self, attributes: list[tuple[str, str]]) -> str:
        return "".join([f' {name}="{self.escape(value)}"' for name, value in attributes])

    def escape(self, text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\r", "&#13;")

    def between(self, element: Element) -> str:
        """What is put before each child of an element, and behind the last."""
        return ""

    def write(self, node: Node) -> str:
        if type(node) is Text:
            return self.escape(node.data)
        if type(node) is not Element or node.tag == "template":
            return ""
        name, html = self.tag(node.tag), node.namespace == Namespace.HTML
        start = f"<{name}{self.attributes([(key, node.attr(key) or '') for key in node.attrs])}>"
        if html and node.tag in VOID:
            return start
        if html and node.tag in RAW:
            return f"{start}{node.text}</{name}>"
        between = self.between(node) if node.tag != "html" and node.closest(UNBROKEN) is None else ""
        return start + "".join([between + self.write(child) for child in node]) + f"{between}</{name}>"


class InCapitals(Writer):
    def tag(self, name: str) -> str:
        return name.upper()


class WithOtherAttributes(Writer):
    """In another order, in single quotes, and some that mean nothing."""

    def attributes(self, attributes: list[tuple[str, str]]) -> str:
        attributes = random.Random(3).sample([*attributes, ("data-zq", "1")], len(attributes) + 1)
        return "".join([f"\n{name.upper()} = '{self.escape(value).replace(chr(39), '&#39;')}'" for name, value in attributes])


class WithReferences(Writer):
    def escape(self, text: str) -> str:
        return "".join([char if char in "\n\t ae" else f"&#x{ord(char):x};" for char in text])


class WithComments(Writer):
    def between(self, element: Element) -> str:
        return "<!-- <a href=/no>no</a> -->"


class WithWhiteSpace(Writer):
    """Boxes that hold nothing but boxes are laid out."""

    def between(self, element: Element) -> str:
        return "\n" + " " * 40 if element.tag in BOXES and all(type(node) is Element and node.tag in BOXES for node in element) else ""


class WithScripts(Writer):
    """And with templates; not beside noscript elements, which are looked at together with what stands beside them."""

    def between(self, element: Element) -> str:
        noise = "<template><a href=/no>no</a></template><script>'<h2><img src=/no.jpg>'</script>"
        return noise if element.tag in BOXES and all(type(node) is not Element or node.tag != "noscript" for node in element) else ""


@cache
def sample() -> list[tuple[str, str, str]]:
    """(HTML, URL, encoding) of the bundled site's pages, of some that are put together by chance, and of some real ones where there are any."""
    bodies = [(path.read_bytes(), site_url(path)) for path in SITE_PAGES]
    dice = random.Random(20_261_127)
    for _ in range(scale(100)):
        parts = [dice.choice(PARTS).format(dice.randrange(1, 9)) for _ in range(12)]
        for _ in range(6):
            start, box = dice.randrange(len(parts)), dice.choice(["section", "article", "aside", "div", "li", "main"])
            parts[start : start + dice.randrange(1, 5)] = [f"<{box}>" + "".join(parts[start : start + 4]) + f"</{box}>"]
        bodies.append((f"<title>Boats</title><body>{''.join(parts)}".encode(), "https://www.example.org/a/"))
    corpus = find_corpus()
    bodies += [(body, url) for body, _, url in pages(corpus, scale(60))] if corpus is not None else []
    found = []
    for body, url in bodies:
        tree, encoding, _ = parse(body, None, False)
        html = Writer().write(tree.root)
        if Writer().write(parse(html, None, False)[0].root) == html:  # else no markup makes this tree
            found.append((html, url, encoding))
    return found


def read(html: str | bytes, url: str, encoding: str, **settings: Any) -> PageItem:
    """The records of a page, of all kinds and none scored away but as `settings` say."""
    return extract(html, url, encoding=encoding, config=replace(ALL, **settings))


@pytest.mark.parametrize("writer", [InCapitals, WithOtherAttributes, WithReferences, WithComments, WithWhiteSpace, WithScripts])
def test_ways_of_writing_a_page(writer: type[Writer]) -> None:
    """Whatever makes the same page to a reader has the same records, in every field."""
    changed = 0
    for html, url, encoding in sample():
        written = writer().write(parse(html, None, False)[0].root)
        changed += written != html
        assert read(written, url, encoding) == read(html, url, encoding), url
    assert changed


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_ends_of_lines(newline: str) -> None:
    """Those of other systems are the same."""
    for html, url, encoding in sample():
        assert read(html.replace("\n", newline), url, encoding) == read(html, url, encoding), url


def test_bytes_and_text() -> None:
    """A page is the same as a text, in UTF-8 by header or byte order mark, and in UTF-16."""
    for html, url, encoding in sample():
        page = read(html, url, "utf-8")
        for codec, told in (("utf-8", "utf-8"), ("utf-8-sig", encoding), ("utf-16", encoding), ("utf-16-be", "utf-16be")):
            assert read(html.encode(codec), url, told) == page, (url, codec)


def test_kinds_alone() -> None:
    """What else is asked for changes nothing: kinds of records, kinds of links."""
    for html, url, encoding in sample():
        page = read(html, url, encoding)
        for kind in EXTRACTS:
            alone = read(html, url, encoding, extract=(kind,))
            assert [*alone.records()] == getattr(page, kind), (url, kind)
        for kind in LINK_KINDS:
            alone = read(html, url, encoding, extract=("links",), link_kinds=(kind,))
            assert alone.links == [link for link in page.links if link.kind == kind], (url, kind)


def test_thresholds() -> None:
    """A threshold leaves out what has a lower score, and changes nothing of the others but which picture is the main one."""
    for html, url, encoding in sample():
        page = read(html, url, encoding)
        for score in range(1, 11, 3):
            kept = read(html, url, encoding, image_score_threshold=score, table_score_threshold=score)
            for image in (*kept.images, *page.images):
                image.is_main = False
            assert kept.images == [image for image in page.images if image.score >= score], (url, score)
            assert kept.tables == [table for table in page.tables if table.score >= score], (url, score)


def test_every_occurrence_and_every_variant() -> None:
    """The links that are told one by one are those that are counted, and the sizes those that are variants."""
    for html, url, encoding in sample():
        page, apart = read(html, url, encoding), read(html, url, encoding, unique_links=False, image_variants="items")
        times = Counter((link.kind, link.url) for link in apart.links)
        assert [(link.kind, link.url) for link in page.links] == list(times), url
        assert [link.occurrences for link in page.links] == list(times.values()), url
        sizes = [(one["src"], image.group_id) for image in page.images for one in image.variants or [{"src": image.src}]]
        assert [(image.src, image.group_id) for image in apart.images] == sizes, url


@pytest.mark.parametrize(
    "settings",
    [
        {"exclude_external_links": True},
        {"exclude_internal_links": True, "own_domains": ["example.com"]},
        {"exclude_social_media_links": True},
        {"exclude_domains": ["www.example.org", "youtube.com"]},
    ],
)
def test_rules_before_and_after(settings: dict[str, Any]) -> None:
    """What extraction leaves out is what the pipeline would have left out of the records; the others are the same."""
    rules = Rules(replace(ALL, **settings))
    for html, url, encoding in sample():
        page, judge = read(html, url, encoding), rules.for_page(url)
        kept = [link for link in page.links if not judge.reason(link)]
        assert read(html, url, encoding, **settings).links == kept, url


def test_order_of_pages() -> None:
    """What was read before, with these or other settings, and what is remembered of it change nothing."""
    first = [read(*page) for page in sample()]
    turns = list(range(len(first)))
    random.Random(4).shuffle(turns)
    for turn in turns:
        html, url, encoding = sample()[turn]
        extract(html, "https://other.example/", encoding="shift_jis", config=LinkMediaConfig(private_suffixes=False))
        assert read(html, url, encoding) == first[turn], url
        forget()
        assert read(html, url, encoding) == first[turn], url
