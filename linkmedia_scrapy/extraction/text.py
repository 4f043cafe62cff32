"""The text a reader sees: white space and words.

Pure functions over strings. Which parts of a page are text at all is the business of :mod:`.visible`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, Generic, TypeVar

__all__ = ["BETWEEN", "SHARED", "Memory", "collapse", "excerpt", "first_text", "read_json", "word_count"]

BETWEEN: Final = "\0"
"""What may stand between texts that are put together: the one character that no text of a document holds, and no white space."""

SHARED: Final = 1000
"""Characters of a text that may stand in the records of many things."""

_LETTERS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED: Final = re.compile(f"[{_LETTERS}]+")
"""Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""
_UNSPACED_WORD: Final = 2
"""Letters that a word has in those, roughly."""
_SPACED: Final = re.compile(rf"[^\W{_LETTERS}]+")
"""Words of other scripts, and numbers."""

_LONE_SURROGATE: Final = re.compile(r"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..\\u[dD])[c-fC-F]..)")

_Value = TypeVar("_Value")
_REMEMBERED: Final = 4096
_LONGEST: Final = 500


def collapse(text: str) -> str:
    r"""Fold every run of white space (no-break spaces too) into one space, and strip the ends.

    >>> collapse("  Prices\n\tand\u00a0terms ")
    'Prices and terms'
    """
    text = text.strip()
    # most texts are as they should be: of all white space only the space is printable
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def first_text(*texts: str | None) -> str:
    """The first of these that holds more than white space, folded; "" where none does.

    >>> first_text(None, " ", " the lake", "the hill")
    'the lake'
    """
    for text in texts:
        folded = collapse(text) if text else ""
        if folded:
            return folded
    return ""


def read_json(text: str) -> Any:
    """What JSON text holds, control characters in its strings allowed. A lone surrogate, which no file can hold, becomes U+FFFD.

    >>> half = chr(92) + "ud83d"
    >>> read_json(f'["{half}!"]')
    ['�!']

    :raises ValueError: where it is no JSON.
    :raises RecursionError: where it is nested too deep.
    """
    if "\\ud" in text or "\\uD" in text:
        text = _LONE_SURROGATE.sub(r"\\ufffd", text)
    return json.loads(text, strict=False)


def word_count(text: str) -> int:
    """How many words a collapsed text has; where its script puts no spaces between them, about how many.

    >>> word_count("Terms and conditions"), word_count("Überraschung"), word_count("利用規約"), word_count("東京駅 完成予想図")
    (3, 1, 2, 4)
    """
    words = text.count(" ") + 1 if text else 0
    if not text.isascii():
        letters = len("".join(_UNSPACED.findall(text)))
        if letters:
            return max(letters // _UNSPACED_WORD + len(_SPACED.findall(text)), words)
    return words


def excerpt(text: str, limit: int) -> str:
    """Cut a collapsed text to at most `limit` characters, at the end of a word where there is one, with an ellipsis.

    >>> excerpt("a harbour in the morning", 12)
    'a harbour…'
    >>> excerpt("short", 12)
    'short'
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut) + "…"


class Memory(Generic[_Value]):
    """What was made of a few thousand strings, from page to page; of usual strings only. When it is full, all is forgotten.

    Long ones are hardly ever met again, and would fill the memory of a crawl. A call to a function with `functools.lru_cache` costs ten
    times as much as a look into this, and more than most of what is remembered here.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Value] = {}

    def get(self, text: str) -> _Value | None:
        """What is known of a string."""
        return self._known.get(text)

    def keep(self, text: str, value: _Value) -> _Value:
        """Remember what was made of a string, unless that is long, and hand it back."""
        if len(text) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = value
        return value

    def cache_clear(self) -> None:
        """Forget all, as functions with `functools.lru_cache` do."""
        self._known.clear()

    def cache_parameters(self) -> dict[str, int]:
        """How much is remembered, as such functions tell it."""
        return {"maxsize": _REMEMBERED}
