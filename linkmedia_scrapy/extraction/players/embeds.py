"""Players by their URLs: what a frame with one shows, and what elements and attributes have a script embed."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import cache
from html import unescape
from itertools import islice
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element, children
from linkmedia_scrapy.extraction.players.formats import kind_of_mime_type, kind_of_url, source_of
from linkmedia_scrapy.extraction.players.merging import Finding
from linkmedia_scrapy.extraction.players.providers import Mark, identify, marks
from linkmedia_scrapy.extraction.text import read_json

__all__ = ["ABSOLUTE", "embedded", "json_value", "left_to_scripts", "marked", "players_in_html", "selectors", "told"]

_PLACED: Final = frozenset({"a", "blockquote", "div", "img", "script", "span"})
"""Elements that become players by their attributes; too many of them to look at each, so that the parser selects."""

_OPTIONS: Final = {
    # Elementor; Squarespace; Drupal's Video Embed Field, twice; Borlabs Cookie 3 and 2
    "div": (
        "data-settings",
        "data-html",
        "data-video-embed-field-lazy",
        "data-video-embed-field-modal",
        "data-borlabs-cookie-content",
        "data-borlabs-cookie-type",
    ),
    "section": ("data-settings",),
    "span": ("data-s9e-mediaembed-iframe",),  # XenForo, Flarum, phpBB
}
"""Attributes in which page builders and consent managers keep what a script is to show, as JSON, as HTML, or as HTML in base64."""

# Of a mark's conditions: all up to a class, else the first.
_CONDITION: Final = re.compile(r"(?:\[[^]]*\])*\.[\w-]+|\[[^]]*\]")

_PLAYER_IN_HTML: Final = re.compile(r"<(?:iframe|embed|video|source)\s(?:[^<>]*?\s)?src\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_MOST_LINKS: Final = 100  # links in a quoted post that are looked at: quotations can be made to nest
ABSOLUTE: Final = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
"""How a URL begins that stands where something else may stand."""
_LINK_NAME: Final = re.compile(r"^(?!.*video).*(?:link|href|share)", re.IGNORECASE)


def embedded(url: str | None, mime_type: str = "") -> Finding | None:
    """What a frame or plug-in with this URL shows, where it is a medium."""
    if url is None:
        return None
    embed = identify(url)
    if embed is not None:
        return Finding(type=embed.type, kind="embed", embed_url=url, embed=embed)
    kind = kind_of_url(url) or kind_of_mime_type(mime_type)
    return Finding(type=kind, kind="embed", sources=[source_of(url, mime_type)]) if kind else None


def told(url: str | None) -> Finding | None:
    """The medium under a URL that may be its page as well as its player."""
    finding = embedded(url)
    if finding is not None and finding.embed is not None and finding.embed.embed_url is not None:
        finding.embed_url = None
    return finding


def players_in_html(html: str) -> list[str]:
    """The URLs of the players in a piece of HTML, as written.

    >>> players_in_html('<p><iframe width=640 src="//video.example/embed/1?a&amp;b"></iframe>')
    ['//video.example/embed/1?a&b']
    """
    return [unescape(source) for source in _PLAYER_IN_HTML.findall(html)]


def json_value(text: str) -> Any:
    """What an attribute holds as JSON; None where it is none."""
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return None


@cache
def selectors() -> list[str]:
    """One for each tag, each alternative once and by few conditions: much quicker than one list of all. `Mark.css` then decides.

    Whether an element has an attribute is known sooner than whether it has a class.
    """
    alternatives: dict[str, dict[str, None]] = {}
    for mark in marks():
        if mark.tag in _PLACED:
            condition = _CONDITION.search(mark.css)
            assert condition is not None
            alternatives.setdefault(mark.tag, {})[condition.group()] = None
    for tag, names in _OPTIONS.items():
        alternatives.setdefault(tag, {}).update(dict.fromkeys([f"[{name}]" for name in names]))
    # a single condition is sooner looked at as it is
    return [f"{tag}:is({','.join(names)})" if len(names) > 1 else tag + next(iter(names)) for tag, names in alternatives.items()]


@cache
def _marks_of(tag: str) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks() if mark.tag == tag)


def marked(element: Element) -> Finding | None:
    """The medium of an element that a script makes into a service's player."""
    for mark in _marks_of(element.tag):
        named = mark.attribute == "*link" or element.attr(mark.attribute)  # sooner known than whether the selector matches
        if not named or not element.matches(mark.css):
            continue
        if mark.attribute == "*link":
            values = [link.attr("href") or "" for link in islice(element.iter_elements("a"), _MOST_LINKS)]
        else:
            values = [element.attr(mark.attribute) or ""]
        attributes = {name: element.attr(name) or "" for _, names in mark.values for name in names.split()}
        for value in values:
            embed = mark.embed(value, attributes)
            if embed is not None:
                return Finding(type=embed.type, kind="embed", embed=embed)
    return None


def left_to_scripts(page: PageContext, element: Element) -> list[Finding]:
    """The media that a script is to show by what an attribute tells it: whole URLs in JSON, the players in HTML."""
    found: list[Finding] = []
    for name in _OPTIONS.get(element.tag, ()):
        text = element.attr(name)
        if name.startswith("data-borlabs"):
            text = _decoded(text if name.endswith("content") else _own_text(element))
        if not text or "/" not in text:
            continue
        value = json_value(text) if text.lstrip()[:1] in ("{", "[") else None
        for part in _texts(value) if value is not None else [text]:
            is_html = "<" in part
            references = players_in_html(part) if is_html else [part]
            urls = [page.http_url(reference) for reference in references if ABSOLUTE.match(reference)]
            found.extend([finding for url in urls if (finding := embedded(url) if is_html else told(url)) is not None])
    return found


def _own_text(element: Element) -> str:
    """What an element or the script in it holds; "" where it holds other elements."""
    inner = next(iter(children(element, "script")), None)
    if inner is not None:
        return inner.text
    return "" if any(type(child) is Element for child in element.children) else element.text


def _decoded(text: str | None) -> str | None:
    """The text that is in base64; None where it is in none."""
    try:
        return b64decode(text).decode(errors="replace") if text else None
    except ValueError:
        return None


def _texts(value: Any) -> list[str]:
    """The texts in a JSON value, in order, but for what stands under the name of a link, which a reader would have to follow."""
    found: list[str] = []
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            pending.extend([inner for name, inner in reversed(value.items()) if not _LINK_NAME.search(name)])
    return found
