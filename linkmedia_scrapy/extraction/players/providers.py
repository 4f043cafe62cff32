"""Services whose players pages embed: who a URL belongs to, and what else its identifier tells. Asks nobody.

What is known of each service stands in `data/providers.toml`. A URL's host leads to its service by one look-up for each of its labels;
only then patterns are tried.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import unquote

from linkmedia_scrapy.extraction.sites import host_matches
from linkmedia_scrapy.extraction.urls import host_of

__all__ = ["Embed", "Mark", "identify", "marks", "providers"]

_MAX_URL: Final = 4000
"""Characters; patterns are not tried on longer URLs."""
_PEERTUBE: Final = re.compile(r"https?://[^/?#]+/(?P<path>videos/embed|video-playlists/embed)/(?P<id>[0-9a-zA-Z-]{20,36})(?:[?#]|$)")


@dataclass(frozen=True, slots=True)
class Embed:
    """A medium of a service. `id` is "" and a URL None where the page does not tell."""

    provider: str
    type: str
    """video or audio."""
    id: str
    url: str | None = None
    """The medium's own page."""
    embed_url: str | None = None
    """Its player."""
    thumbnail: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A kind of element that a script turns into a service's player."""

    provider: Provider
    tag: str
    css: str
    attribute: str
    match: re.Pattern[str] | None
    prefix: str
    """What makes a URL of the attribute's value; "" where the value is one, or an identifier."""
    values: tuple[tuple[str, str], ...]

    def embed(self, value: str, attributes: Mapping[str, str]) -> Embed | None:
        """The medium that the element's attribute names: by a URL, or by the identifier alone.

        :param attributes: the element's own, for what the service needs besides.
        """
        value = value.strip()
        if self.match is not None:
            found = self.match.search(value)
            return self.provider.forms[0].embed(found.groupdict()) if found else None
        if value and self.prefix:
            return identify(self.prefix + value)
        if "/" in value:
            return identify(value if "://" in value else f"https:{value}" if value.startswith("//") else f"https://{value}")
        if not value:
            return None
        extra = {name: source[1:] if source.startswith("=") else _first(attributes, source) for name, source in self.values}
        if "embed" in extra:  # Brightcove's player names, and what its scripts take where there is none
            extra["player"] = f"{extra['player'] or 'default'}_{extra['embed'] or 'default'}"
        return self.provider.forms[0].embed({"id": value, **extra})


class _Form:
    """One way in which a service's URLs are written, and what is made of its parts."""

    def __init__(self, provider: str, own: Mapping[str, Any], inherited: Mapping[str, Any]) -> None:
        def setting(name: str) -> str:
            return str(own.get(name, inherited.get(name, "")))

        self._provider, self._type, self._id = provider, setting("type"), setting("id") or "{id}"
        self._url, self._embed, self._thumbnail = setting("url"), setting("embed"), setting("thumbnail")
        self._sources: list[str] = own["patterns"]
        self._patterns: list[re.Pattern[str]] | None = None

    def match(self, host: str, rest: str) -> dict[str, str | None] | None:
        if self._patterns is None:  # most services are never met in a crawl
            self._patterns = [re.compile(source) for source in self._sources]
        for pattern in self._patterns:
            match = pattern.match(f"//{host}{rest}" if pattern.pattern.startswith("//") else rest)
            if match:
                return match.groupdict()
        return None

    def embed(self, values: Mapping[str, str | None]) -> Embed:
        return Embed(
            provider=self._provider,
            type=self._type,
            id=unquote(_filled(self._id, values) or next((value for value in values.values() if value), "")),
            url=_filled(self._url, values),
            embed_url=_filled(self._embed, values),
            thumbnail=_filled(self._thumbnail, values),
        )


class Provider:
    """A service: its hosts, the forms of its URLs, and the elements that stand for its players."""

    def __init__(self, name: str, data: Mapping[str, Any]) -> None:
        self.name = name
        self.hosts: list[str] = data["hosts"]
        self.forms = [_Form(name, own, data) for own in (data, *data.get("form", ()))]
        self.marks = [
            Mark(
                provider=self,
                tag=re.match(r"[\w-]+", mark["css"])[0],  # type: ignore[index]
                css=mark["css"],
                attribute=mark["attribute"],
                match=re.compile(mark["match"]) if "match" in mark else None,
                prefix=mark.get("prefix", ""),
                values=tuple(mark.get("values", {}).items()),
            )
            for mark in data.get("mark", ())
        ]


def _first(attributes: Mapping[str, str], names: str) -> str | None:
    """The first of these attributes that says something."""
    return next((value for name in names.split() if (value := attributes.get(name))), None)


def _filled(template: str, values: Mapping[str, str | None]) -> str | None:
    """The template with the values in it; None where one of them is missing."""
    if not template:
        return None
    try:
        return template.format_map({name: value for name, value in values.items() if value})
    except KeyError:
        return None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("linkmedia_scrapy").joinpath("data/providers.toml").read_text(encoding="utf-8"))


@cache
def providers() -> dict[str, Provider]:
    """Every known service, by name."""
    return {name: Provider(name, data) for name, data in _data().items() if name != "wrappers"}


@cache
def _by_host() -> dict[str, str]:
    """Names of services by host; "" for those that wrap others' players."""
    hosts = {host: name for name, provider in providers().items() for host in provider.hosts}
    return {**hosts, **dict.fromkeys(_data()["wrappers"]["hosts"], "")}


@cache
def _wrapper_paths() -> tuple[str, ...]:
    """Paths under which anybody's host shows others' players."""
    return tuple(_data()["wrappers"]["paths"])


@cache
def marks() -> tuple[Mark, ...]:
    """Every kind of element that stands for a player."""
    return tuple(mark for provider in providers().values() for mark in provider.marks)


def identify(url: str) -> Embed | None:
    """The medium of a known service that an absolute URL leads to; None where it leads to none.

    >>> identify("https://www.youtube-nocookie.com/embed/TaRn0wick_4?rel=0").url
    'https://www.youtube.com/watch?v=TaRn0wick_4'
    >>> identify("https://www.facebook.com/plugins/like.php?href=x") is None
    True
    """
    host = host_of(url)
    known = host_matches(host, _by_host())
    if len(url) > _MAX_URL:
        return None
    if known is None:
        path = url.partition("?")[0]
        return _wrapped(url) if path.endswith(_wrapper_paths()) else _peertube(url)
    rest = url[url.find(host, url.find("://")) + len(host) :]
    rest = rest[rest.find("/") :] if rest.startswith(":") else rest
    if not rest.startswith("/"):
        rest = f"/{rest}"
    name = _by_host()[known]
    if not name:
        return _wrapped(rest)
    for form in providers()[name].forms:
        values = form.match(host, rest)
        if values is not None:
            return form.embed(values)
    return None


def _wrapped(rest: str) -> Embed | None:
    """The medium of the service whose player a frame of another shows."""
    for parameter in _data()["wrappers"]["parameters"]:
        match = re.search(rf"[?&]{parameter}=(https?%3A[^&#]+|https?:[^&#]+|%2F%2F[^&#]+)", rest, re.IGNORECASE)
        if match:
            inner = unquote(match[1])
            return identify(f"https:{inner}" if inner.startswith("//") else inner)
    return None


def _peertube(url: str) -> Embed | None:
    """PeerTube runs on anybody's host: its paths tell."""
    match = _PEERTUBE.match(url) if "/embed/" in url else None
    if match is None:
        return None
    origin = url[: url.find("/", 8)]
    page = "w" if match["path"] == "videos/embed" else "w/p"  # of a playlist
    return Embed("peertube", "video", match["id"], f"{origin}/{page}/{match['id']}", f"{origin}/{match['path']}/{match['id']}")
