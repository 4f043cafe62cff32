"""What single things say of a picture, each by the names of its signals: its URL, its size, its alternative text, the words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from linkmedia_scrapy.extraction.images.identity import Identity, format_of
from linkmedia_scrapy.extraction.images.vocabulary import BANNER, CONTENT
from linkmedia_scrapy.extraction.images.words import FileName, folder_meanings, meanings, names_furniture
from linkmedia_scrapy.extraction.text import word_count

if TYPE_CHECKING:
    from linkmedia_scrapy.extraction.images.joining import Picture

__all__ = ["SMALL", "UrlSays", "alt_signals", "is_no_icon", "may_be_portrait", "size_signals", "with_ad", "word_signals"]

_ALT_MEANINGS: Final = frozenset({"logo", "icon", "avatar"})
_DESCRIPTIVE: Final = 24  # characters from which on a file name's words are counted
_NAMING: Final = 4  # words of a file name that may say what the image is for
_CONTENT_ONLY: Final = frozenset({CONTENT})
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_MEANINGS: Final = ("ad", "avatar", "badge", "button", "captcha", "icon", "logo", "social")
_ALT_NAMING: Final = 6  # words of an alternative text that may name what the image is for
SMALL: Final = 150
"""Pixels that the longer side of a small picture has at most."""
_LARGE_PORTRAIT: Final = 400
_AD: Final = frozenset({"ad"})
_SUBJECTS: Final = frozenset({"ad", "badge", "icon", "social"})
"""What words say that also name what large pictures show: award-ceremony, star-wars-poster, facebook-page."""
_LARGEST_ICON: Final = 90  # pixels
_AVATAR: Final = frozenset({"avatar"})
_ICON: Final = frozenset({"icon"})
_NONE: Final[frozenset[str]] = frozenset()


class UrlSays:
    """What a picture's URL says: signals of its own, the words of the file and of the folders, whether it may be a tracker's.

    A data URL says nothing but its format, and has no `identity`. Of the words of the file's host those count that the page's own host,
    whose are `host_words`, does not say: on share.example.com every picture is from there. `subjects` are those of its name's `words` that
    may tell what there is to see, unless the picture is small.
    """

    __slots__ = ("format", "identity", "may_track", "path_words", "signals", "subjects", "words")

    def __init__(self, picture: Picture, host_words: frozenset[str]) -> None:
        src = picture.src
        self.subjects = _NONE
        if src[:5] == "data:":
            format_ = format_of("", picture.mime_type or src[5:50])
            self.identity: Identity | None = None
            self.words = self.path_words = _NONE
            self.signals = [_format_signal(format_)]
        else:
            format_ = format_of(src, picture.mime_type)
            self.identity = identity = picture.best.identity
            folder = identity.folder
            self.words = _file_words(identity)
            if not self.words.isdisjoint(_SUBJECTS):
                self.subjects = (self.words & _SUBJECTS) - identity.name.purposes
            self.path_words = folder.meanings
            foreign = folder.host_meanings
            if foreign:
                self.path_words = self.path_words | (foreign - host_words)
            self.signals = [_format_signal(format_), *_name_signals(identity.name, self.words)]
            if folder.place:
                self.signals.append(folder.place)
        self.format = format_
        self.may_track = format_ in ("", "gif")


def _file_words(identity: Identity) -> frozenset[str]:
    """What the words of a file name say; a long one tells what the picture shows: apple-logo-over-the-store is no logo."""
    words, stem = identity.name.meanings, identity.readable_stem
    if words and len(stem) >= _DESCRIPTIVE and len(_WORD.findall(stem)) > _NAMING:
        return words & _CONTENT_ONLY
    return words


def _name_signals(name: FileName, words: frozenset[str]) -> list[str]:
    signals: list[str] = []
    if name.is_placeholder:
        signals.append("placeholder")
    if "decoration" in words:
        signals.append("named_decoration")
    if "navigation" in words or "footer" in words:
        signals.append("named_navigation")
    if name.is_control:
        signals.append("named_control")
    return signals


def _format_signal(format_: str) -> str:
    return "photo_format" if format_ in ("jpeg", "webp", "avif") else f"format_{format_ or 'unknown'}"


def word_signals(own: frozenset[str], path: frozenset[str], near: frozenset[str], may_track: bool) -> list[str]:
    """The signals of what words say: those of the image's own names, of its folders, of the elements around it."""
    signals: list[str] = []
    for name in _MEANINGS:
        if name in own:
            signals.append("named_" + name)
        elif name in path:
            signals.append("path_" + name)
        elif name in near:
            signals.append("near_" + name)
    if CONTENT in own:
        signals.append("named_content")
    elif CONTENT in near:
        signals.append("near_content")
    if "tracker" in own or "tracker" in path:
        signals.append("tracker" if may_track else "named_tracker")
    return signals


def size_signals(width: int | None, height: int | None, shown: bool) -> tuple[str, ...]:
    """What a size says; `shown` is whether the element tells it, not the URL or another element."""
    if width is None or height is None:
        side = height if width is None else width
        return (_size_signal(side, side, shown),) if side is not None else ("size_unknown",)
    least, most = min(width, height), max(width, height)
    if shown and least <= 3 < most:
        return ("line",)
    signal = _size_signal(least, most, shown)
    return (signal, "flat") if least > 3 and most >= 3.5 * least else (signal,)


def _size_signal(least: int, most: int, shown: bool) -> str:
    if shown and most <= 3:
        return "pixel"
    if most <= 36:
        return "size_icon"
    if most <= 90:
        return "size_small"
    if least < 150:
        return "size_thumbnail"
    return "size_medium" if least < 300 else "size_large"


def with_ad(words: frozenset[str]) -> frozenset[str]:
    """What words say where a banner is an advertiser's."""
    return words | _AD if BANNER in words else words


def may_be_portrait(width: int | None, height: int | None) -> bool:
    """Whether a size is that of the portraits beside people's names: small, or a square that is not large."""
    if width is None or height is None:
        side = height if width is None else width
        return side is not None and side <= SMALL
    most = max(width, height)
    return most <= SMALL or (most <= _LARGE_PORTRAIT and abs(width - height) <= 0.1 * most)


def is_no_icon(name: str, width: int | None, height: int | None) -> bool:
    """Whether a picture is too large for an icon, and its name says so only by what it may show: a star, a flag."""
    return bool(width and height and min(width, height) > _LARGEST_ICON) and not names_furniture(name)


def alt_signals(alt: str, width: int | None, height: int | None) -> tuple[str, ...]:
    """What an alternative text says: of a few words, whether they name furniture; else how many there are.

    A picture that is too large for a portrait is none for a word such as author or profile, nor is one that is too large for an icon one
    for star or flag.
    """
    words = word_count(alt)
    named = _ALT_MEANINGS & meanings(alt) if words <= _ALT_NAMING else _NONE
    if "avatar" in named and width and height and not may_be_portrait(width, height) and "avatar" not in folder_meanings(alt):
        named = named - _AVATAR
    if "icon" in named and is_no_icon(alt, width, height):
        named = named - _ICON
    if named:
        return tuple("alt_" + name for name in sorted(named))
    return ("alt_phrase",) if words >= 3 else ("alt_word",)
