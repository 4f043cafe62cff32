"""The public names, and what `extract` and `extract_response` promise."""

from __future__ import annotations

import gc
import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

import linkmedia_scrapy
from linkmedia_scrapy import LinkMediaConfig, PageItem, extract, extract_response
from linkmedia_scrapy.responses import is_html
from tests.conftest import SITE_PAGES, site_url


def test_all() -> None:
    """`__all__` is what the package exports: no name more, none less, sorted."""
    exported = {
        name for name, value in vars(linkmedia_scrapy).items() if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert set(linkmedia_scrapy.__all__) == exported | {"__version__"}
    assert sorted(linkmedia_scrapy.__all__) == linkmedia_scrapy.__all__


def test_signatures() -> None:
    """The signatures are those of the contract."""
    extract_parameters = inspect.signature(extract).parameters
    assert list(extract_parameters) == ["html", "url", "encoding", "rendered", "config"]
    assert all(extract_parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in ("encoding", "rendered", "config"))
    assert list(inspect.signature(extract_response).parameters) == ["response", "config"]


def test_regular_expressions_of_older_pythons() -> None:
    """No repeated group is possessive: Python before 3.11.5 loses matches there (gh-106052). It is atomic, ``(?>(?:ab)*)``, or as it is."""

    def patterns(value: Any) -> Iterator[str]:
        if isinstance(value, re.Pattern):
            yield value.pattern if isinstance(value.pattern, str) else value.pattern.decode("latin-1")
        elif isinstance(value, tuple | list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                yield from patterns(part)

    modules = pkgutil.walk_packages(linkmedia_scrapy.__path__, "linkmedia_scrapy.")
    found = {pattern for module in modules for pattern in patterns(list(vars(importlib.import_module(module.name)).values()))}
    assert len(found) > 50
    assert not [pattern for pattern in found if re.search(r"(?<!\\)\)(?:[*+?]|\{[\d,]+\})\+", pattern)]


@pytest.mark.parametrize("path", SITE_PAGES, ids=lambda path: path.as_posix().partition("/site/")[2])
def test_contract_on_our_pages(path: Path) -> None:
    """On a page of the bundled site: no error, the same twice, bytes as text, every record complete and judged."""
    body, url = path.read_bytes(), site_url(path)
    page = extract(body, url)
    assert (page.url, page.success, page.errors, page.error_message, page.captures, page.status) == (url, True, [], "", [], None)
    assert page == extract(body, url)
    everything = extract(body, url, config=LinkMediaConfig(image_score_threshold=None, table_score_threshold=None))
    assert {link.url for link in everything.links} == {link.url for link in page.links}
    judged = ("score", "pixel", "placeholder")  # what the score leaves out, and what needs no score
    left_out = sum(page.dropped.get("image", {}).get(reason, 0) for reason in judged)
    assert len(everything.images) == len(page.images) + left_out
    assert len(everything.tables) == len(page.tables) + page.dropped.get("table", {}).get("score", 0)
    for record in everything.records():
        assert record["page_url"] == url
    for link in page.links:
        assert link.url.startswith(("http://", "https://", "ftp://"))
        assert link.scope == ("internal" if link.base_domain == "127.0.0.1" else "external")
        assert link.occurrences >= 1
        assert 0 <= link.score <= 10
    for image in everything.images:
        assert image.src.startswith(("http://", "https://"))
        assert image.score == pytest.approx(min(10, max(0, sum(image.score_parts.values()))))
        assert len(image.desc) <= 300
    for table in everything.tables:
        assert table.score == pytest.approx(sum(table.score_parts.values()))
        widths = {len(row) for row in table.grid()}
        assert len(widths) == 1
        assert table.headers == [] or widths == {len(table.headers)}


def test_the_bundled_site_has_everything() -> None:
    """Its pages hold links, images, videos, audio and tables."""
    pages = [extract(path.read_bytes(), site_url(path)) for path in SITE_PAGES]
    assert all(any(getattr(page, kind) for page in pages) for kind in ("links", "images", "videos", "audios", "tables"))


def test_the_collector_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Garbage collection pauses while a page is read, and goes on, or stays off, afterwards; whatever fails in between."""
    seen: list[bool] = []

    def failing(html: bytes | str, **_: Any) -> Any:
        seen.append(gc.isenabled())
        raise KeyboardInterrupt

    monkeypatch.setattr("linkmedia_scrapy.extraction.page.Document", failing)
    assert gc.isenabled()
    with pytest.raises(KeyboardInterrupt):
        extract("", "http://example.com/")
    assert gc.isenabled()
    gc.disable()
    try:
        with pytest.raises(KeyboardInterrupt):
            extract("", "http://example.com/")
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert seen == [False, False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"html": None}, "html must be bytes or str, not NoneType"),
        ({"url": b"https://e.example/"}, "url must be a str, not bytes"),
        ({"encoding": 8}, "encoding must be a str or None, not int"),
        ({"rendered": None}, "rendered must be a bool, not NoneType"),
        ({"config": {"extract": ["links"]}}, "config must be a LinkMediaConfig or None, not dict"),
    ],
)
def test_arguments_of_other_types(arguments: dict[str, Any], message: str) -> None:
    """A slip of the caller's is no broken page."""
    with pytest.raises(TypeError, match=f"^extract: {message}$"):
        extract(**{"html": "", "url": "https://e.example/", **arguments})


def test_configurations_do_not_leak() -> None:
    """A page read with other settings between two readings changes neither."""
    path = SITE_PAGES[0]
    first = extract(path.read_bytes(), site_url(path))
    extract(path.read_bytes(), site_url(path), config=LinkMediaConfig(exclude_internal_links=True, exclude_all_images=True))
    assert extract(path.read_bytes(), site_url(path)) == first


def response(body: bytes, content_type: str | None = None, **kwargs: object) -> HtmlResponse:
    """An HTML response."""
    headers = {"Content-Type": content_type} if content_type else {}
    return HtmlResponse("http://example.com/p", headers=headers, body=body, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content_type", "encoding", "query"),
    [
        ("text/html; charset=gb2312", None, "%D6%D0%26%23128512%3B"),
        ("text/html; charset=GBK", None, "%D6%D0%26%23128512%3B"),
        ("text/html; charset=gb18030", None, "%D6%D0%949%FC6"),
        ('text/html; charset="gbk"', None, "%D6%D0%26%23128512%3B"),
        ("text/html;charset=no-such", None, "%D6%D0%949%FC6"),
        ("text/html", None, "%D6%D0%949%FC6"),
        (None, None, "%D6%D0%949%FC6"),
        ("text/html; charset=utf-8", "gbk", "%D6%D0%26%23128512%3B"),
        ("text/html", "gb18030", "%D6%D0%949%FC6"),
    ],
)
def test_encoding_of_responses(content_type: str | None, encoding: str | None, query: str) -> None:
    """What made the response counts before its header, that before the page's declaration; a header by its own label."""
    body = "<meta charset=gb18030><a href='?中😀'>中</a>".encode("gb18030")
    made = response(body, content_type, **({"encoding": encoding} if encoding else {}))
    (link,) = extract_response(made).links
    assert (link.text, link.url) == ("中", f"http://example.com/p?{query}")


def test_labels_that_python_lacks() -> None:
    """A header's label that the standard knows and Python does not counts."""
    body = "<a href='?Ж'>Ж</a>".encode("mac_cyrillic")
    (link,) = extract_response(response(body, "text/html; charset=x-mac-cyrillic")).links
    assert (link.text, link.url) == ("Ж", "http://example.com/p?%86")


@pytest.mark.parametrize(
    ("declaration", "encoding", "text"),
    [
        ("", "cp1252", "Les élèves français étudient à l’école. Tous droits réservés. Größe, Straße, über."),
        ("", "cp1254", "Tüm hakları saklıdır. Güncel haberler, İstanbul hava durumu, şehir ve Iğdır."),
        ("<meta charset=x-mac-cyrillic>", "mac_cyrillic", "Привет"),
        ("<!-- <meta charset=koi8-r> -->", "cp1251", "Новости дня: погода в Москве и области"),
    ],
)
def test_guesses_of_scrapys(declaration: str, encoding: str, text: str) -> None:
    """What Scrapy guesses does not count: a page that it cannot tell the encoding of reads as the page by itself does."""
    (link,) = extract_response(response(f"{declaration}<a href=x>{text}</a>".encode(encoding))).links
    assert link.text == text


@pytest.mark.parametrize(
    ("content_type", "found"),
    [("application/xhtml+xml", ["X y", "Y"]), ("Application/XHTML+XML; charset=utf-8", ["X y", "Y"]), ("text/html", [])],
)
def test_empty_elements_of_xhtml(content_type: str, found: list[str]) -> None:
    """Where a page is sent as XHTML, a tag that ends in a slash is a whole element; in HTML it begins one."""
    body = b"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a/b.js"
        type='text/javascript'/></head><body><a id="top>"/><svg><path d="M0 0"/></svg><p title='/>'>a <br/><a href="x/">X<br />y</a></p>
        <iframe src="f" /><textarea/><a href=y/>Y</a></body></html>"""
    assert [link.text for link in extract_response(response(body, content_type)).links] == found


def test_status_and_flags() -> None:
    """The status is the response's, and the flag of scrapy-playwright says that scripts have run."""
    body = b"<noscript><a href=x>plain</a></noscript>"
    plain = extract_response(response(body, status=404))
    assert (plain.status, len(plain.links), plain.url) == (404, 1, "http://example.com/p")
    assert extract_response(response(body, flags=["playwright"])).links == []


def test_response_that_is_no_text() -> None:
    """A response without text is the caller's mistake."""
    with pytest.raises(ValueError, match="not a text response"):
        extract_response(Response("http://example.com/a.png", body=b"\x89PNG"))


@pytest.mark.parametrize(
    ("made", "html"),
    [
        (HtmlResponse("http://e.example/"), True),
        (HtmlResponse("http://e.example/", headers={"Content-Type": "text/plain"}), True),
        (XmlResponse("http://e.example/", headers={"Content-Type": "application/xhtml+xml; charset=utf-8"}), True),
        (XmlResponse("http://e.example/", headers={"Content-Type": "Application/XHTML+xml"}), True),
        (XmlResponse("http://e.example/", headers={"Content-Type": "application/rss+xml"}), False),
        (XmlResponse("http://e.example/sitemap.xml"), False),
        (TextResponse("http://e.example/", headers={"Content-Type": "text/html"}), True),
        (TextResponse("http://e.example/", headers={"Content-Type": "application/json"}), False),
        (TextResponse("http://e.example/"), False),
        (Response("http://e.example/", headers={"Content-Type": "text/html"}), False),
        (Response("http://e.example/", headers={"Content-Type": "image/png"}), False),
    ],
)
def test_is_html(made: Response, html: bool) -> None:
    """HTML is what Scrapy calls so, and what the content type calls so."""
    assert is_html(made) is html


def test_result_is_a_page_item() -> None:
    """`extract` gives a page item without a status; the URL is the one passed, as it was passed."""
    page = extract("", "HTTP://Example.com")
    assert isinstance(page, PageItem)
    assert (page.url, page.status, list(page.records()), page.dropped) == ("HTTP://Example.com", None, [], {})
