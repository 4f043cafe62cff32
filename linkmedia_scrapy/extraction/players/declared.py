"""Players that metadata tell: Open Graph, Twitter player cards, microdata, and schema.org's VideoObject and AudioObject in JSON-LD.

Pages write any garbage here. Nothing in this module raises on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element
from linkmedia_scrapy.extraction.lengths import seconds
from linkmedia_scrapy.extraction.players.embeds import players_in_html
from linkmedia_scrapy.extraction.players.formats import kind_of_mime_type, kind_of_url
from linkmedia_scrapy.extraction.players.merging import Finding
from linkmedia_scrapy.extraction.players.providers import identify
from linkmedia_scrapy.extraction.structured import json_ld, listed, nodes, scalar, types_of
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["json_ld_findings", "meta_findings"]

_TYPES: Final = {"VideoObject": "video", "MusicVideoObject": "video", "AudioObject": "audio", "MediaObject": ""}
_PROPERTIES: Final = {"video": "video", "audio": "audio"}
_RECORDINGS: Final = frozenset({"Episode", "MusicRecording", "PodcastEpisode", "RadioEpisode", "TVEpisode"})
"""What is a medium itself, and has its file in one of these properties: its name is the medium's."""
_FILE_PROPERTIES: Final = ("audio", "video", "associatedMedia", "encoding")
_SIGNS: Final = ("VideoObject", "AudioObject", "MediaObject", '"audio"', '"video"')
"""What stands in every JSON-LD text that has a medium in it."""
_URL_PROPERTIES: Final = frozenset({"contenturl", "embedurl"})
_SELECTOR: Final = "meta:is({},[itemprop*='url' i])".format(
    ",".join(f"[{name}*='{part}' i]" for name in ("property", "name") for part in (":video", ":audio", ":player", ":duration"))
)
"""What may tell of a medium: asked of each element in Python it would cost pages without any four times as much."""
_KINDS_OF_OBJECTS: Final = {"video": "video", "movie": "video", "music": "audio", "song": "audio"}
"""By the beginning of `og:type` (ogp.me, "Object Types")."""
_PAGES: Final = frozenset({"text/html", "application/x-shockwave-flash"})
_READ: Final = 3000  # characters of a property that is text, white space among them: properties can be made to nest


def json_ld_findings(page: PageContext) -> Iterator[Finding]:
    """The media that JSON-LD tells of, in document order."""
    values = [value for text, value in json_ld(page) if any(sign in text for sign in _SIGNS)]
    if not values:
        return
    recordings: dict[int, Finding] = {}
    for node, owner in nodes(values, page):
        types = types_of(node)
        kind = _kind_of(types)
        if kind is not None or (owner in _PROPERTIES and (_said(node, "contentUrl") or _said(node, "embedUrl"))):
            finding = _from_node(page, node, kind or _PROPERTIES.get(owner or "", ""))
            if finding is not None:
                recording = recordings.get(id(node))
                if recording is not None:
                    finding.take(recording)
                yield finding
            continue
        recording = None
        if not _RECORDINGS.isdisjoint(types):
            recording = Finding(type="", kind="jsonld")
            _describe(page, recording, node)
            for name in _FILE_PROPERTIES:
                recordings.update({id(entry): recording for entry in listed(node.get(name)) if isinstance(entry, dict)})
        for name, kind in _PROPERTIES.items():
            for reference in _texts(node.get(name)):
                url = page.http_url(reference)
                if url is not None and (kind_of_url(url) or identify(url)):
                    finding = _from_urls(kind, "jsonld", [url], [])
                    if recording is not None:
                        finding.take(recording)
                    yield finding


def meta_findings(page: PageContext, links: list[Element]) -> Iterator[Finding]:
    """The media of Open Graph (ogp.me, "Structured Properties"), of Twitter player cards, and of microdata."""
    found: list[dict[str, str]] = []
    current: dict[str, dict[str, str]] = {}
    scopes: list[Element] = []
    duration: float | None = None
    for element in page.document.elements(_SELECTOR):
        attr = element.attr
        name = (attr("property") or attr("name") or "").strip().lower()
        if _names_url(element):
            scopes.append(element)
        elif name in ("video:duration", "music:duration"):
            duration = seconds(attr("content"))
        elif name.startswith(("og:video", "og:audio", "twitter:player")):
            _add_property(found, current, name, (attr("content") or "").strip())
    shown = [spot.element for spot in page.document.find("audio", "iframe", "video")]
    scopes += filter(_names_url, (*links, *shown))
    cards = _cards(page) if found else {}
    for values in found:
        finding = _from_properties(page, values, duration)
        if finding is not None:
            card = cards.get(values["of"])
            if card is not None:
                finding.take(card)
            yield finding
    yield from _microdata(page, scopes)


def _cards(page: PageContext) -> dict[str, Finding]:
    """What the page's metadata say of itself, by the media that they say it of: those that the page is all about.

    A page whose Open Graph type is one of video or music is its medium, and so is one whose Twitter card is a player.
    """
    told: dict[str, dict[str, str]] = {"og": {}, "twitter": {}}
    for element in page.document.elements("meta[content]"):
        prefix, _, name = (element.attr("property") or element.attr("name") or "").strip().lower().partition(":")
        if prefix in told:
            told[prefix].setdefault(name, element.attr("content") or "")
    kind = told["og"].get("type", "").partition(".")[0].lower()
    cards: dict[str, Finding] = {}
    if kind in _KINDS_OF_OBJECTS:
        cards[_KINDS_OF_OBJECTS[kind]] = _card(page, told["og"])
    if told["twitter"].get("card") == "player":
        cards["player"] = _card(page, told["twitter"])
    return cards


def _card(page: PageContext, values: dict[str, str]) -> Finding:
    title, desc = (collapse(values.get(name, "")) for name in ("title", "description"))
    return Finding(type="", kind="meta", title=title, desc=desc, poster=page.http_url(values.get("image") or values.get("image:src")))


def _add_property(found: list[dict[str, str]], current: dict[str, dict[str, str]], name: str, content: str) -> None:
    """Gather what belongs together: a property without a part begins a medium, its parts follow. `current` has the last of each sort."""
    prefix, _, part = name.removeprefix("og:").removeprefix("twitter:").partition(":")
    if not content or prefix not in ("video", "audio", "player"):
        return
    part = part or "url"
    values = current.get(prefix)
    if values is None or (part == "url" and values.get("url", content) != content):
        values = current[prefix] = {"of": prefix}
        found.append(values)
    values.setdefault(part, content)


def _from_properties(page: PageContext, values: dict[str, str], duration: float | None) -> Finding | None:
    """The medium of such properties; `duration` is the page's, for those that have none of their own."""
    kind = "audio" if values["of"] == "audio" else "video"
    mime_type = values.get("type", "") or values.get("stream:content_type", "")
    urls = [url for name in ("url", "secure_url") if (url := page.http_url(values.get(name))) is not None]
    stream = page.http_url(values.get("stream"))
    if values["of"] == "player":
        files, players = ([stream] if stream else []), urls
        if not files and urls and kind_of_url(urls[0]):
            files, players = urls, []
    elif mime_type.partition(";")[0].strip().lower() in _PAGES or any(identify(url) and not kind_of_url(url) for url in urls):
        files, players = [], urls
    else:
        files, players = urls, []
    if not files and not players:
        return None
    finding = _from_urls(kind, "meta", files, players, mime_type)
    finding.measure(values.get("width"), values.get("height"))
    own = values.get("duration")
    finding.duration = seconds(own) if own else duration
    return finding


def _from_urls(kind: str, source: str, files: list[str], players: list[str], mime_type: str = "") -> Finding:
    """A finding of these files and players: what a service has counts as its player, wherever the page names it."""
    embed = next((embed for url in (*players, *files) if (embed := identify(url)) is not None), None)
    players = [*players, *(url for url in files if not kind_of_url(url) and identify(url) is not None)]
    playing = set(players)  # JSON-LD may name thousands
    files = [url for url in dict.fromkeys(files) if url not in playing]
    said = kind_of_mime_type(mime_type)
    by_url = next(filter(None, map(kind_of_url, files)), "")
    finding = Finding(type=(embed.type if embed and not files else "") or said or by_url or kind, kind=source, embed=embed)
    finding.sources = [{"src": url, "mime_type": mime_type if said else "", "media": ""} for url in files]
    finding.embed_url = next(iter(players), None)
    return finding


def _from_node(page: PageContext, node: dict[str, Any], kind: str) -> Finding | None:
    """What a VideoObject, AudioObject or MediaObject tells; None where it names no medium."""
    urls = {
        name: [url for text in _texts(_said(node, name)) for reference in _references(text) if (url := page.http_url(reference))]
        for name in ("contentUrl", "embedUrl", "url")
    }
    files, players = urls["contentUrl"], urls["embedUrl"]
    if not files and not players:  # `url` is mostly the page; it counts where it leads to a medium
        files = [url for url in urls["url"] if kind_of_url(url) or identify(url)]
    mime_type = next(_texts(node.get("encodingFormat") or node.get("fileFormat")), "")
    kind = kind or kind_of_mime_type(mime_type) or next(filter(None, map(kind_of_url, files)), "")
    if not kind or not (files or players):
        return None
    finding = _from_urls(kind, "jsonld", files, players, mime_type if "/" in mime_type else "")
    finding.type = kind
    _describe(page, finding, node)
    finding.measure(scalar(node.get("width")), scalar(node.get("height")))
    return finding


def _describe(page: PageContext, finding: Finding, node: dict[str, Any]) -> None:
    """Note what a node tells of its medium: name, description, picture, duration."""
    finding.title = collapse(next(_texts(node.get("name") or node.get("headline")), ""))
    finding.desc = collapse(next(_texts(node.get("description") or node.get("caption")), ""))
    finding.poster = next((url for text in _pictures(node) if (url := page.http_url(text)) is not None), None)
    finding.duration = seconds(scalar(node.get("duration"))) or seconds(scalar(node.get("timeRequired")))


def _kind_of(types: list[str]) -> str | None:
    """The kind of medium that types name; "" for one of any kind, None where they name none."""
    kinds = [_TYPES[name] for name in types if name in _TYPES]
    return next(filter(None, kinds), "") if kinds else None


def _said(node: dict[str, Any], name: str) -> Any:
    """What a node has in a property, under the older spelling of its name, too: contentURL."""
    value = node.get(name)
    return node.get(f"{name.removesuffix('Url')}URL") if value is None and name.endswith("Url") else value


def _references(text: str) -> list[str]:
    """The URL that a text is, or those of the players where it is their HTML."""
    return players_in_html(text) if text.startswith("<") else [text]


def _microdata(page: PageContext, named: list[Element]) -> Iterator[Finding]:
    """The media whose URL a meta or link element names as an item's property (HTML standard, 5.2)."""
    for scope in {scope: None for element in named if (scope := element.closest("[itemscope]")) is not None}:
        kind = _kind_of(types_of({"@type": (scope.attr("itemtype") or "").split()}))
        finding = _from_node(page, _properties(scope), kind) if kind is not None else None
        if finding is not None:
            finding.kind = "meta"
            yield finding


def _names_url(element: Element) -> bool:
    return not _URL_PROPERTIES.isdisjoint((element.attr("itemprop") or "").lower().split())


def _properties(scope: Element, *, inner: bool = False) -> dict[str, Any]:
    """The properties of an item, the first of each name; of one that is an item itself, such as a thumbnail, its own, but no deeper."""
    values: dict[str, Any] = {}
    for element in scope.select("[itemprop]"):
        above = element.parent
        if type(above) is not Element or above.closest("[itemscope]") != scope:
            continue
        value: Any
        if element.attr("itemscope") is not None:
            value = {} if inner else _properties(element, inner=True)
        else:
            value = element.attr("content") or element.attr("href") or element.attr("src") or element.attr("datetime")
        if value is None:
            value = element.text[:_READ]
        for name in (element.attr("itemprop") or "").split():
            values.setdefault(name, value)
    return values


def _pictures(node: dict[str, Any]) -> Iterator[str]:
    for name in ("thumbnailUrl", "thumbnail", "image"):
        for entry in listed(_said(node, name)):
            if isinstance(entry, dict):
                yield from _texts(entry.get("contentUrl") or entry.get("url"))
            elif isinstance(entry, str):
                yield entry


def _texts(value: Any) -> Iterator[str]:
    """The texts of a property that has one or several."""
    for entry in map(scalar, listed(value)):
        if isinstance(entry, str) and entry.strip():
            yield entry.strip()
