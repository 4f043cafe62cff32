"""One record a medium: what a page's elements, frames, metadata and links say of the same one is put together here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.lengths import pixels
from linkmedia_scrapy.extraction.players.formats import file_key, mime_type_of
from linkmedia_scrapy.extraction.players.providers import Embed
from linkmedia_scrapy.extraction.tags import REGION_SCORES
from linkmedia_scrapy.extraction.text import excerpt
from linkmedia_scrapy.items import AudioItem, VideoItem

__all__ = ["Finding", "records"]

_TEXTS: Final = ("title", "desc", "region", "heading")
_LINKS: Final = ("link", "feed")
_KIND_SCORES: Final = {"element": 4.0, "embed": 4.0, "jsonld": 3.0, "meta": 3.0, "feed": 3.0, "link": 2.0}
_LONGEST: Final = 300  # characters of a title or description: what an element says may be told of all players in it
_SMALL: Final = 200  # CSS pixels: a narrower video is a teaser or an advertisement
_FIRST_KNOWN: Final = ("poster", "duration", "width", "height", "size", "embed_url")


@dataclass(slots=True, kw_only=True)
class Finding:
    """What one place of a page tells of a medium. All URLs are absolute.

    `type` is video or audio. `sources` are its files (dicts of src, mime_type, media), `embed_url` is a player's URL as the page
    has it, `embed` the medium that a service has under it.
    """

    type: str
    kind: str
    sources: list[dict[str, Any]] = field(default_factory=list)
    embed_url: str | None = None
    embed: Embed | None = None
    poster: str | None = None
    tracks: list[dict[str, Any]] = field(default_factory=list)
    title: str = ""
    desc: str = ""
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    region: str = ""
    heading: str = ""

    def identifiers(self) -> Iterator[str]:
        """What tells that two findings are of one medium: a service's identifier, the URL of a file or of a player."""
        if self.embed is not None and self.embed.id:
            yield f"{self.embed.provider}:{self.embed.id}"
        elif self.embed_url:
            yield file_key(self.embed_url)
        for source in self.sources:
            yield file_key(source["src"])

    def measure(self, width: Any, height: Any) -> None:
        """Note the width and height that attributes or metadata tell; a player of no size is one whose size nobody tells."""
        self.width, self.height = pixels(width) or None, pixels(height) or None

    def take(self, *others: Finding) -> None:
        """Add what other findings of the same medium tell besides."""
        known = {file_key(source["src"]) for source in self.sources}
        for other in others:
            keys = [file_key(source["src"]) for source in other.sources]
            self.sources += [source for source, key in zip(other.sources, keys, strict=True) if key not in known]
            known.update(keys)
            self.embed = self.embed or other.embed
            self.tracks = self.tracks or other.tracks
            # what a link beside a player says is "download", not what the medium is called
            texts = _TEXTS if self.kind in _LINKS or other.kind not in _LINKS else ()
            for name in (*texts, *_FIRST_KNOWN):
                if getattr(self, name) in ("", None):
                    setattr(self, name, getattr(other, name))


def records(page: PageContext, findings: list[Finding], wanted: Iterable[str]) -> dict[str, list[Any]]:
    """The page's `videos` and `audios`, as far as they are `wanted`, in the order of the findings; the rules are applied."""
    found: dict[str, list[Any]] = {name: [] for name in wanted}
    room = page.document.room  # a page's picture is the poster of all media that it is about
    for first, *others in _by_medium(findings):
        first.take(*others)
        name = f"{first.type}s"
        if name in found:
            record = _record(page, first)
            if record is not None:
                room -= len(record.poster or "")
                if room < 0:
                    page.drop("poster", "repeated_url")
                    record.poster = None
                found[name].append(record)
    return found


def _by_medium(findings: list[Finding]) -> Iterable[list[Finding]]:
    """The findings of each medium, in their order: those that share an identifier, be it by way of others."""
    known: dict[str, int] = {}
    earlier: list[int] = []  # for each the number of one of the same medium that comes before; of the first its own
    for number, finding in enumerate(findings):
        earlier.append(number)
        for identifier in finding.identifiers():
            one, other = _first(earlier, number), _first(earlier, known.setdefault(identifier, number))
            earlier[max(one, other)] = min(one, other)
    media: dict[int, list[Finding]] = {}
    for number, finding in enumerate(findings):
        media.setdefault(_first(earlier, number), []).append(finding)
    return media.values()


def _first(earlier: list[int], number: int) -> int:
    """The number of the first finding of a medium; the way to it is halved, so that it stays short."""
    while earlier[number] != number:
        earlier[number] = number = earlier[earlier[number]]
    return number


def _record(page: PageContext, finding: Finding) -> VideoItem | AudioItem | None:
    embed = finding.embed
    embed_src = finding.embed_url or (embed.embed_url or embed.url if embed else None)
    reasons = []
    if embed_src:
        reasons.append(page.rules.judge(embed_src).player)
        if reasons[0]:
            embed = embed_src = None
    kept = []
    for source in finding.sources:
        reason = page.rules.judge(source["src"]).player
        reasons.append(reason)
        if not reason:
            kept.append(source)
    # an embedded player stands for itself, even where metadata name its file, too
    src = embed_src if embed_src and finding.kind == "embed" else kept[0]["src"] if kept else embed_src
    if not src:
        page.drop(finding.type, next((reason for reason in reasons if reason), "no_url"))
        return None
    verdict = page.rules.judge(src)
    poster = _allowed(page, "poster", finding.poster) or _allowed(page, "poster", embed.thumbnail if embed else None)
    tracks = [track for track in finding.tracks if _allowed(page, "track", track["src"])]
    item_class = VideoItem if finding.type == "video" else AudioItem
    identity = f"{embed.provider}:{embed.id}" if embed is not None and embed.id else file_key(src)
    return item_class(
        page_url=page.url,
        kind=finding.kind,
        src=src,
        sources=kept,
        poster=poster,
        tracks=tracks,
        provider=embed.provider if embed else "",
        provider_id=embed.id if embed else "",
        canonical_url=embed.url if embed else None,
        embed_url=(embed.embed_url if embed else None) or embed_src,
        title=excerpt(finding.title, _LONGEST),
        desc=excerpt(finding.desc, _LONGEST),
        duration=finding.duration,
        width=finding.width,
        height=finding.height,
        mime_type=next((source["mime_type"] for source in kept if source["src"] == src and source["mime_type"]), "") or mime_type_of(src),
        score=_score(finding, bool(poster or tracks)),
        group_id=sha1(identity.encode(), usedforsecurity=False).hexdigest()[:12],
        base_domain=verdict.base_domain,
        scope=verdict.scope,
        region=finding.region,
        heading=finding.heading,
        size=finding.size,
    )


def _allowed(page: PageContext, part: str, url: str | None) -> str | None:
    """The URL of a part of a player, unless a rule that would leave out a player from there speaks against it; that is counted."""
    reason = page.rules.judge(url).player if url else ""
    if reason:
        page.drop(part, reason)
        return None
    return url


def _score(finding: Finding, equipped: bool) -> float:
    """0 to 10: how the page tells of it counts up to 4, where it stands up to 3, a title, a poster or tracks, and a real size 1 each.

    `equipped` says whether it has a poster or tracks.
    """
    score = _KIND_SCORES[finding.kind] + REGION_SCORES[finding.region]
    if finding.title:
        score += 1.0
    if equipped:
        score += 1.0
    if finding.type == "audio" or (finding.width is not None and finding.width >= _SMALL):
        score += 1.0
    return score
