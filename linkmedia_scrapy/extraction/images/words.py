"""What names say of a picture: how they are cut into the words of the `vocabulary`, and these told from parts of other words.

Authors name what an image is for in its file name, class, id and in those of the elements around it: ``site-logo``, ``IconSmall``,
``social_links``. A name is cut into its words, and only whole words count: nothing in ``silicone-mold`` is an icon.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

from linkmedia_scrapy.extraction.images.vocabulary import (
    CONTENT,
    CONTROLS,
    ENDS,
    FURNITURE,
    HELD,
    HOLDERS,
    LOOKS,
    MEANINGS,
    NEUTRAL,
    PERSON,
    WHOLE_PAGE,
)
from linkmedia_scrapy.extraction.text import Memory

__all__ = ["FileName", "folder_meanings", "meanings", "names_furniture", "names_say", "zone_of"]

# A word of two letters has to stand alone: hexadecimal names are full of "ad" and "fa".
# [A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])|(?<![0-9A-Za-z])[A-Za-z]{2}(?![0-9A-Za-z]), written so that the engine goes from letter to letter.
_WORD: Final = re.compile(
    r"[A-Za-z](?:(?<=[a-z])[a-z]+|(?<=[A-Z])(?:[a-z]{2,}|[A-Z]{2,}(?![a-z]))|(?<![0-9A-Za-z].)[A-Za-z](?![0-9A-Za-z]))"
)
_TO_LETTERS: Final = bytes(code | 32 if chr(code).isalpha() and code < 128 else 32 for code in range(256))
"""Letters in lower case, spaces for all else."""
_TO_CASES: Final = bytes(97 if 97 <= code <= 122 else 65 if 65 <= code <= 90 else 32 for code in range(256))
"""An a for each small letter, an A for each capital."""
_TO_PARTS: Final = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_OTHER: Final = "?"
"""Stands for a letter of another script."""
_TOUCHING: Final = re.compile(r"[a-z]{2}(?:(?<=[0-9]..)(?![a-z])|(?<![A-Za-z]..)(?=[0-9]))")
"""Two small letters that a digit touches. Without them what follows may stand alone: 2ndAd."""
_LONGEST: Final = 300  # characters of a name that are read for what it means
_LONGEST_CONTROL: Final = 100  # the same for whether it is that of a control
_LONGEST_ZONE: Final = 600  # the same for the part of the page

_HASH: Final = re.compile(r"[-_.](?:[0-9a-f]{32,64}|[0-9a-f]{8,20})\Z")
"""What build tools put behind a name."""
_AVATAR: Final = frozenset({"avatar"})

_ZONES: Final = (("footer", "footer"), ("navigation", "navigation"), ("head", "navigation"), ("sidebar", "sidebar"), (CONTENT, CONTENT))
_NONE: Final[frozenset[str]] = frozenset()
_RUN: Final = re.compile(r"[A-Za-z](?:(?<=[a-z])[a-z]*|[a-z]+|[A-Z]*)")  # [A-Z]?[a-z]+|[A-Z]+, from letter to letter
_MAY_STAND_IN: Final = NEUTRAL | {word for word, said in MEANINGS.items() if "placeholder" in said}
_NO_PICTURE: Final = re.compile(
    r"(?:[a-z]+[-_])?no[-_]?(?:image|img|pic|picture|photo|cover|thumb|thumbnail)(?:[-_]?(?:available|found|yet|small|medium|large|big|[0-9x]++))*",
    re.IGNORECASE,
)
"""Whole names that say there is no picture: no_image, product-no-photo-300x300."""
_BARE: Final = frozenset({"1x1", "0x0", "1px", "s", "t", "p"})  # whole names of invisible images
_IN_ZONES: Final = frozenset(word for word, said in MEANINGS.items() if not said.isdisjoint({meaning for meaning, _ in _ZONES}))
_SAID: Final[Memory[tuple[frozenset[str], str]]] = Memory()


def _plain_words(name: str) -> list[str] | None:
    """The words of a name, in lower case, where its runs of letters are its words, as in most names; single letters are among them.

    None where they may not be: where capitals join words (siteLogo, URLPath), or two letters mean something if they stand alone.
    """
    letters = _in_ascii(name)
    if name.lower() != name:
        cases = letters.translate(_TO_CASES).decode("ascii")  # in bytes nothing is looked for as quickly
        if "aA" in cases or "AAa" in cases:
            return None
    words = _runs(letters)
    for word in words:
        if len(word) == 2 and word in MEANINGS:
            return None
    return words


def _runs(name: bytes) -> list[str]:
    """The runs of letters of a name in ASCII, in lower case."""
    return name.translate(_TO_LETTERS).decode("ascii").split()


def _in_ascii(name: str) -> bytes:
    """A name without its accents, which part no words (Stará is no star), and with `_OTHER` for what has letters of other scripts."""
    if not name.isascii():
        name = _ACCENTS.sub("", normalize("NFKD", name))
    return name.encode("ascii", "replace")


def _words_in(name: str, *, pairs_at_digits: bool) -> list[str]:
    """The words of any name, in lower case; two small letters that a digit touches are one only where `pairs_at_digits` says so.

    The name is cut into parts first, since most of these are words as they stand, or hold none, and only the rest need the expression.
    """
    words: list[str] = []
    for part in _in_ascii(name).translate(_TO_PARTS).decode("ascii").split():
        if len(part) < 2:
            continue
        if part.isalpha():
            if part[1:].islower() or part.isupper():
                words.append(part.lower())
                continue
        elif part.isdigit():
            continue
        elif part.islower():
            shortest = 2 if pairs_at_digits else 3
            words += [run for run in _runs(part.encode("ascii")) if len(run) >= shortest]
            continue
        elif part.isupper():
            words += [run for run in _runs(part.encode("ascii")) if len(run) > 2]
            continue
        elif not pairs_at_digits:
            part = _TOUCHING.sub(" ", part)
        words += " ".join(_WORD.findall(part)).lower().split()
    return words


def meanings(name: str) -> frozenset[str]:
    """What the words of a file name, class or id say.

    >>> sorted(meanings("c-nav__siteLogo")), sorted(meanings("silicone-mold"))
    (['logo', 'navigation'], [])
    """
    name = name[:_LONGEST]
    words = _plain_words(name)
    return _meanings_of(words if words is not None else _words_in(name, pairs_at_digits=False))


def folder_meanings(names: str) -> frozenset[str]:
    """What the words of a host or of folders say. Those for people are not read as portraits here: they say `PERSON`.

    >>> sorted(folder_meanings("img/avatars")), sorted(folder_meanings("users/jane")), sorted(folder_meanings("user_upload"))
    (['avatar'], ['person'], [])
    """
    return _said_by(_words_in(names[:_LONGEST], pairs_at_digits=False))


def names_furniture(name: str) -> bool:
    """Whether a word of a name says icon or advertisement and nothing else; star, flag and bullet may tell what there is to see.

    >>> names_furniture("star icon"), names_furniture("star wars")
    (True, False)
    """
    return not FURNITURE.isdisjoint(_words_in(name[:_LONGEST], pairs_at_digits=False))


def _meanings_of(words: list[str]) -> frozenset[str]:
    """What words say of a picture, of which people's are portraits."""
    found = _said_by(words)
    return (found - {PERSON}) | _AVATAR if PERSON in found else found


def _said_by(words: list[str]) -> frozenset[str]:
    """What words say, each by itself, but for those for people that stand before what these have."""
    found = _NONE
    for word in words:
        known = MEANINGS.get(word)
        if known is not None:
            found = found | known if found else known
    return found - {PERSON} if PERSON in found and not _names_people(words) else found


def _names_people(words: list[str]) -> bool:
    """Whether a word for people stands for itself, not before what they have: user, but not user-upload."""
    for index, word in enumerate(words):
        if PERSON in MEANINGS.get(word, _NONE) and not (word in HOLDERS and index + 1 < len(words) and words[index + 1] in HELD):
            return True
    return False


class FileName:
    """What a file name without its extension says of the image; read when it is asked for, since of most names one answer is wanted.

    >>> FileName("next_01").is_control, FileName("next-summer").is_control
    (True, False)
    >>> FileName("lazy_placeholder-1x1").is_placeholder, FileName("loading-dock").is_placeholder
    (True, False)
    >>> FileName("no_image-available").is_placeholder, FileName("photo_no_12").is_placeholder
    (True, False)
    """

    __slots__ = ("_stem", "_words")

    def __init__(self, stem: str) -> None:
        self._stem = stem = stem if stem.isascii() else _in_ascii(stem).decode("ascii")
        self._words = _plain_words(stem) if len(stem) <= _LONGEST_CONTROL else None

    @property
    def meanings(self) -> frozenset[str]:
        """What the words say."""
        return _meanings_of(self._words) if self._words is not None else meanings(self._stem)

    @property
    def purposes(self) -> frozenset[str]:
        """What the last word says, and those that name furniture alone; of the others each may tell what there is to see.

        >>> sorted(FileName("award-ceremony").purposes), sorted(FileName("best-award_2x").purposes), sorted(FileName("icon-phone").purposes)
        ([], ['badge'], ['icon'])
        """
        stem = _HASH.sub("", self._stem[:_LONGEST])
        words = self._words if self._words is not None and stem == self._stem else _words_in(stem, pairs_at_digits=False)
        telling = [word for word in words if word in FURNITURE]
        for word in reversed(words):
            if len(word) > 1 and word not in LOOKS:
                telling.append(word)
                break
        return _meanings_of(telling)

    @property
    def is_placeholder(self) -> bool:
        """Whether all words say that the image stands in for another or for nothing."""
        stem = self._stem
        if _OTHER in stem:
            return False  # it has other words
        if stem in _BARE or ("no" in stem.lower() and _NO_PICTURE.fullmatch(stem) is not None):
            return True
        if self._words is not None:
            return _MAY_STAND_IN.issuperset(self._words) and "placeholder" in self.meanings
        return _has_only(self._stem, _RUN, _MAY_STAND_IN) and "placeholder" in self.meanings

    @property
    def is_control(self) -> bool:
        """Whether there are no words but those of a control: next, home, close."""
        if _OTHER in self._stem:
            return False
        if self._words is not None:
            for word in self._words:
                if len(word) > 2 and word not in CONTROLS:
                    return False
        return _has_only(self._stem[:_LONGEST_CONTROL], _WORD, CONTROLS)


def _has_only(name: str, expression: re.Pattern[str], words: frozenset[str]) -> bool:
    """Whether what an expression finds in a name are words of these alone; nearly all names are told by their first or second word."""
    at = 0
    while found := expression.search(name, at):
        if found.group().lower() not in words:
            return False
        at = found.end()
    return at > 0


def names_say(names: str) -> tuple[frozenset[str], str]:
    """What a class or id attribute says: `meanings`, and `zone_of`."""
    said = _SAID.get(names)
    if said is None:
        words = _plain_words(names) if len(names) <= _LONGEST else None
        if words is None:
            said = meanings(names), zone_of(names)
        else:
            said = _meanings_of(words), _zone(words, names)
        if "spip_logo" in names and "spip_logo" in names.split():  # what SPIP calls the picture of an article
            said = (said[0] - {"logo"}) | {CONTENT}, said[1]
        _SAID.keep(names, said)
    return said


def zone_of(names: str) -> str:
    """The part of a page that a class or id attribute names: footer, navigation, sidebar, content; "" where it names none.

    A header or footer is the page's unless it is named as that of something else.

    >>> zone_of("site-header wide"), zone_of("entry-header"), zone_of("wide")
    ('navigation', 'content', '')
    >>> zone_of("hd"), zone_of("article-body overflow-hd")
    ('navigation', 'content')
    """
    names = names[:_LONGEST_ZONE]
    words = _plain_words(names)
    return _zone(words if words is not None else _words_in(names, pairs_at_digits=True), names)


def _zone(words: list[str], names: str) -> str:
    """The zone that names with these words tell."""
    if _IN_ZONES.isdisjoint(words):
        return ""
    if not ENDS.isdisjoint(words):
        words = [word for name in names.split() for word in _without_ends(name)]
    said = _meanings_of(words)
    for meaning, zone in _ZONES:
        if meaning in said:
            return zone
    return ""


def _without_ends(name: str) -> list[str]:
    """The words of a name, but those for header and footer where it says whose they are."""
    words = _words_in(name, pairs_at_digits=True)
    return words if WHOLE_PAGE.issuperset(words) else [word for word in words if word not in ENDS]
