"""Players: videos and audio, in elements of their own and in the embedded players of well-known services."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import Any, Final, TypeVar

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot, children
from linkmedia_scrapy.extraction.text import collapse
from linkmedia_scrapy.items import AudioItem, VideoItem

__all__ = ["extract_players"]

_Player = TypeVar("_Player", VideoItem, AudioItem)

# Embedded players by URL: record, provider, and the id in it.
_EMBEDS: Final = (
    ("video", "youtube", re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/(?!videoseries)([\w-]{6,})")),
    ("video", "vimeo", re.compile(r"https?://player\.vimeo\.com/video/(\d+)")),
    ("video", "dailymotion", re.compile(r"https?://(?:www\.|geo\.)?dailymotion\.com/(?:embed/video/|player(?:/\w+)?\.html\?video=)(\w+)")),
    ("audio", "soundcloud", re.compile(r"https?://w\.soundcloud\.com/player/?\?(?:.*&)?url=([^&#]+)")),
    ("audio", "spotify", re.compile(r"https?://open\.spotify\.com/embed(?:-podcast)?/((?:track|album|episode|show|playlist)/\w+)")),
)


def extract_players(page: PageContext, item_class: type[_Player]) -> list[_Player]:
    """The page's videos (`VideoItem`) or audio (`AudioItem`) in document order: elements with a source, and known embeds."""
    record = item_class().record
    players: dict[str, _Player] = {}
    for spot in page.document.find(record, "iframe", "embed"):
        player = _element(page, spot, item_class) if spot.tag == record else _embed(page, spot, item_class, record)
        if player is None or player.src in players:
            continue
        verdict = page.rules.judge(player.src)
        if verdict.player:
            page.drop(record, verdict.player)
            continue
        player.base_domain, player.scope = verdict.base_domain, verdict.scope
        player.region = spot.region
        player.heading = page.document.heading(spot)
        player.width, player.height = _pixels(spot.attr("width")), _pixels(spot.attr("height"))
        player.title = collapse(spot.attr("title") or spot.attr("aria-label") or "")
        player.group_id = sha1(player.src.encode(), usedforsecurity=False).hexdigest()[:12]
        players[player.src] = player
    return list(players.values())


def _element(page: PageContext, spot: Spot, item_class: type[_Player]) -> _Player | None:
    sources = [
        {"src": url, "mime_type": element.attr("type") or "", "media": element.attr("media") or ""}
        for element in (spot.element, *children(spot.element, "source"))
        if (url := _http(page, element.attr("src"))) is not None
    ]
    if not sources:
        return None
    tracks = [
        {
            "src": url,
            "kind": track.attr("kind") or "subtitles",
            "srclang": track.attr("srclang") or "",
            "label": track.attr("label") or "",
            "default": track.attr("default") is not None,
        }
        for track in children(spot.element, "track")
        if (url := _http(page, track.attr("src"))) is not None
    ]
    return item_class(
        page_url=page.url,
        src=sources[0]["src"],
        sources=list({source["src"]: source for source in reversed(sources)}.values())[::-1],
        mime_type=sources[0]["mime_type"],
        poster=_http(page, spot.attr("poster")),
        tracks=tracks,
    )


def _embed(page: PageContext, spot: Spot, item_class: type[_Player], record: str) -> _Player | None:
    url = _http(page, spot.attr("src") or spot.attr("data-src"))
    for kind, provider, pattern in _EMBEDS:
        match = pattern.match(url) if url is not None and kind == record else None
        if match and url is not None:
            return item_class(page_url=page.url, kind="embed", src=url, embed_url=url, provider=provider, provider_id=match.group(1))
    return None


def _http(page: PageContext, reference: str | None) -> str | None:
    url = page.resolver.resolve(reference) if reference and reference.strip() else None
    return (
        url if url is not None and url.startswith(("http://", "https://", "file:" if page.url.startswith("file:") else "http://")) else None
    )


def _pixels(value: Any) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None
