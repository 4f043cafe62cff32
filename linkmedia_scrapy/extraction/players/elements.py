"""Players that the page shows: video and audio elements, frames, plug-ins, elements that scripts make into players, links to files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element, Spot, Where, children
from linkmedia_scrapy.extraction.lengths import seconds
from linkmedia_scrapy.extraction.players.embeds import ABSOLUTE, embedded, json_value, left_to_scripts, marked, selectors, told
from linkmedia_scrapy.extraction.players.formats import EXTENSIONS, extension_of, kind_of_mime_type, kind_of_url, source_of
from linkmedia_scrapy.extraction.players.merging import Finding
from linkmedia_scrapy.extraction.players.providers import Embed, identify
from linkmedia_scrapy.extraction.tags import PLAYERS
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["element_findings", "link_findings"]

_MEDIA: Final = {
    "video": "video",
    "audio": "audio",
    "amp-video": "video",
    "amp-ima-video": "video",
    "amp-audio": "audio",
    "dash-video": "video",
    "hls-video": "video",
    "video-js": "video",
}
_MEDIA_SELECTOR: Final = ",".join(_MEDIA)
_FRAMES: Final = frozenset({"iframe", "amp-iframe", "amp-video-iframe"})
_PLUGINS: Final = frozenset({"object", "embed"})
_TAGS: Final = frozenset({*_MEDIA, *_FRAMES, *_PLUGINS, *PLAYERS})
_FRAME_URLS: Final = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cookieblock-src", "data-cmp-src", "data-url")
_FILE_URLS: Final = ("src", "data-src", "data-lazy-src")
_TITLES: Final = ("aria-label", "title", "playlabel", "videotitle", "metadata-video-title", "data-video-title")
"""Where players have the medium's name: lite-youtube (two of that name), Mux, Discourse."""
_NO_TITLE: Final = frozenset("an audio embed embedded frame iframe media player podcast the video widget".split())
"""Words that say what is there, and not what it is called; so do the names of services: "YouTube video player"."""
_PARAMETERS: Final = frozenset({"movie", "src", "filename", "url"})

# Over all references of a page at once, in lower case, and so that pages without media pay least: a dot first, then the letter behind it,
# then at most the few endings that begin with it.
_ENDINGS: Final = re.compile(
    r"\.(?:{})(?=[?#\s])".format(
        "|".join(
            "{}(?:{})".format(first, "|".join(ending[1:] for ending in sorted(EXTENSIONS) if ending[0] == first))
            for first in sorted({ending[0] for ending in EXTENSIONS})
        )
    )
)
_WORDS: Final = re.compile(r"\w+")


def element_findings(page: PageContext) -> Iterator[Finding]:
    """What the page's elements tell, in document order; last what elements without a tag of their own do."""
    document = page.document
    tags = _TAGS.intersection(document.tags)
    playing: dict[Element, bool] = {}
    items: dict[Element, tuple[str, float | None]] = {}
    for spot in document.find(*tags) if tags else ():
        tag = spot.tag
        if tag in _FRAMES or tag in _PLUGINS:
            found = _frame(page, spot.element) if tag in _FRAMES else _plugin(page, spot.element)
            if found is not None and _is_fallback(page, spot.element, playing):
                continue
        elif tag == "enclosure":
            found = _enclosure(page, spot, items)
        elif tag == "oembed":
            found = told(page.http_url(spot.attr("url")))
        else:
            found = marked(spot.element)
            if found is None and tag in _MEDIA:
                found = _medium(page, spot.element)
                if found is None:
                    page.drop(_MEDIA[tag], "scheme" if _names_url(spot.element) else "no_url")
        if found is not None:
            yield _placed(page, spot.element, spot, found)
    made: list[tuple[Element, Finding]] = []
    for selector in selectors():
        for element in document.elements(selector):
            found = marked(element)
            made += [(element, finding) for finding in ([found] if found is not None else left_to_scripts(page, element))]
    for (element, finding), where in zip(made, document.wheres([element for element, _ in made]), strict=True):
        yield _placed(page, element, where, finding)


def link_findings(page: PageContext, links: list[Element]) -> Iterator[Finding]:
    """The media that links lead to, by the end of their URLs; preloaded ones and enclosures among the `link` elements of the head.

    What stands inside a video or audio element that plays something is no medium of its own (`_is_fallback`).
    """
    document, config = page.document, page.config
    for element in links:
        if element.attr("itemprop") is not None:
            continue
        loads = (element.attr("as") or "").strip().lower()
        finding = _linked(page, element, loads if loads in ("video", "audio") else "")
        if finding is not None:
            yield finding
    references: Iterable[str] = page.resolver.references
    if "links" not in config.extract or "a" not in config.link_kinds:
        references = [spot.element.attr("href") or "" for spot in document.find("a")]
    if _ENDINGS.search("\n".join(references).lower() + "\n"):
        playing: dict[Element, bool] = {}
        for spot in document.find("a"):
            if extension_of((spot.attr("href") or "").rstrip()) in EXTENSIONS and not _is_fallback(page, spot.element, playing):
                finding = _linked(page, spot.element, "")
                if finding is not None:
                    yield _placed(page, spot.element, spot, finding)


def _medium(page: PageContext, medium: Element) -> Finding | None:
    """A video or audio element, or one that AMP and others have in their place: its own URL, its sources and tracks.

    A script's player takes media of services for sources, too: they are told by their URL.
    """
    finding = Finding(type=_MEDIA[medium.tag], kind="element")
    setup = _setup(medium)
    sources: dict[str, dict[str, Any]] = {}
    for reference, mime_type, media in _references(medium, setup):
        url = page.http_url(reference)
        if url is None:
            continue
        embed = _served(url, mime_type)
        if embed is None:
            sources.setdefault(url, {"src": url, "mime_type": mime_type, "media": media})
        elif finding.embed is None:
            finding.embed = embed
            finding.embed_url = url if embed.embed_url is None else None  # else it may be the medium's page
    if sources:
        finding.sources = list(sources.values())
    elif finding.embed is not None:
        finding.kind = "embed"
    else:
        return None
    finding.duration = seconds(medium.attr("data-durationhint"))  # MediaWiki
    poster = medium.attr("poster") or medium.attr("data-poster") or medium.attr("artwork") or setup.get("poster")
    finding.poster = page.http_url(poster) if isinstance(poster, str) else None
    finding.tracks = [
        {
            "src": url,
            "kind": track.attr("kind") or "subtitles",
            "srclang": track.attr("srclang") or "",
            "label": track.attr("label") or "",
            "default": track.attr("default") is not None,
        }
        for track in children(medium, "track")
        if (url := page.http_url(track.attr("src"))) is not None
    ]
    return finding


def _setup(medium: Element) -> dict[str, Any]:
    """The options that an element tells video.js."""
    options = medium.attr("data-setup")
    setup = json_value(options) if options and options != "{}" else None
    return setup if isinstance(setup, dict) else {}


def _references(medium: Element, setup: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a video or audio element names to play, as written, with media type and media query: itself, its sources, video.js's options."""
    found: list[tuple[str, str, str]] = []
    for element in (medium, *children(medium, "source")):
        reference = next(
            (value for name in _FILE_URLS if (value := (element.attr(name) or "").strip()) and not value.startswith("blob:")), ""
        )
        if element is medium:
            found.append((reference, "", ""))
        else:
            found.append((reference, element.attr("type") or "", element.attr("media") or ""))
    sources = setup.get("sources")
    named = [source for source in (sources if isinstance(sources, list) else [sources, setup]) if isinstance(source, dict)]
    found += [(source["src"], str(source.get("type") or ""), "") for source in named if isinstance(source.get("src"), str)]
    return found


def _served(url: str, mime_type: str) -> Embed | None:
    """The medium that a service has under the URL of a source; None for files, which services of audio keep under any path."""
    if kind_of_url(url):
        return None
    embed = identify(url)
    if embed is None or embed.type == "video":
        return embed
    named = mime_type.partition(";")[0].rpartition("/")[2].strip().lower().removeprefix("x-")
    return embed if named == embed.provider else None


def _names_url(medium: Element) -> bool:
    """Whether a video or audio element, or a source of it, has a URL of whatever kind."""
    return any(element.attr("src") is not None for element in (medium, *children(medium, "source")))


def _is_fallback(page: PageContext, element: Element, playing: dict[Element, bool]) -> bool:
    """Whether a link or frame is what a browser without players would show in a medium's stead (HTML standard, 4.8.8).

    It stands inside a medium that plays something. `playing` holds what is known of the page's media.
    """
    medium = element.closest(_MEDIA_SELECTOR)
    if medium is None:
        return False
    known = playing.get(medium)
    if known is None:
        known = playing[medium] = (marked(medium) or _medium(page, medium)) is not None
    return known


def _frame(page: PageContext, frame: Element) -> Finding | None:
    """The player in a frame. Until a reader consents, consent managers keep its URL, each in an attribute of its own name."""
    for name in _FRAME_URLS:
        value = frame.attr(name)
        if value:
            found = embedded(page.http_url(value))
            if found is not None:
                return found
    for said in frame.attrs.values():
        url = page.http_url(said) if isinstance(said, str) and ABSOLUTE.match(said) else None
        if url is not None and identify(url) is not None:
            return embedded(url)
    url = page.http_url(frame.attr("src")) if frame.tag == "amp-video-iframe" else None
    return Finding(type="video", kind="embed", embed_url=url) if url is not None else None  # whoever's player: AMP says it is one


def _plugin(page: PageContext, plugin: Element) -> Finding | None:
    """An object or embed element: a service's player, or a file."""
    values = [plugin.attr("data"), plugin.attr("src")]
    if plugin.tag == "object":
        values.extend(
            parameter.attr("value")
            for parameter in children(plugin, "param")
            if (parameter.attr("name") or "").strip().lower() in _PARAMETERS
        )
    mime_type = plugin.attr("type") or ""
    for value in values:
        found = embedded(page.http_url(value), mime_type) if value else None
        if found is not None:
            return found
    return None


def _enclosure(page: PageContext, spot: Spot, items: dict[Element, tuple[str, float | None]]) -> Finding | None:
    """A feed's medium (RSS 2.0, "enclosure"), where a feed is read as HTML; title and duration are those of the item around it.

    `items` holds those of the items that have been read.
    """
    url = page.http_url(spot.attr("url"))
    mime_type = spot.attr("type") or ""
    kind = kind_of_mime_type(mime_type) or kind_of_url(url or "")
    if url is None or not kind:
        return None
    finding = Finding(type=kind, kind="feed", sources=[source_of(url, mime_type)], size=_number(spot.attr("length")))
    item = spot.element.closest("item")
    if item is not None:
        if item not in items:
            title = next(iter(item.iter_elements("title")), None)
            duration = next(iter(item.iter_elements("itunes:duration")), None)
            items[item] = collapse(title.text) if title is not None else "", seconds(duration.text) if duration is not None else None
        finding.title, finding.duration = items[item]
    return finding


def _linked(page: PageContext, element: Element, kind: str) -> Finding | None:
    """The medium that a link leads to; `kind` where something besides its URL and type tells it."""
    attr = element.attr
    url = page.http_url(attr("href"))
    mime_type = attr("type") or ""
    kind = kind or kind_of_mime_type(mime_type) or kind_of_url(url or "")
    if url is None or not kind:
        return None
    enclosure = "enclosure" in (attr("rel") or "").lower().split()
    finding = Finding(type=kind, kind="feed" if enclosure else "link", sources=[source_of(url, mime_type)], size=_number(attr("length")))
    finding.title = page.document.text(element) if element.tag == "a" else ""
    return finding


def _placed(page: PageContext, element: Element, where: Spot | Where, finding: Finding) -> Finding:
    """The finding with where its element stands, and what that and the figure around it say of it."""
    finding.region, finding.heading = where.region, page.document.heading(where)
    figure = element.closest("figure")
    caption = page.document.figcaptions.get(figure) if figure is not None else None
    finding.desc = page.document.beginning(caption) if caption is not None else ""
    finding.title = finding.title or next((text for name in _TITLES if (text := _title(element, name, finding))), "")
    finding.measure(element.attr("width"), element.attr("height"))
    if finding.poster is None and finding.kind == "embed":
        finding.poster = page.http_url(element.attr("poster"))
    return finding


def _title(element: Element, name: str, finding: Finding) -> str:
    """What an attribute says that a player's medium is called; "" where it says no more than that there is a player."""
    text = collapse(element.attr(name) or "")
    words = _WORDS.findall(text.lower()) if len(text) < 60 else [text]
    service = finding.embed.provider.split("-") if finding.embed is not None else []
    return "" if all(word in _NO_TITLE or word in service for word in words) else text


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None
