"""The text a reader sees: white space and words.

Pure functions over strings. Which parts of a page are text at all is the business of :mod:`.document`.
"""

from __future__ import annotations

__all__ = ["collapse", "excerpt"]


def collapse(text: str) -> str:
    r"""Fold every run of white space (no-break spaces too) into one space, and strip the ends.

    >>> collapse("  Prices\n\tand\u00a0terms ")
    'Prices and terms'
    """
    return " ".join(text.split())


def excerpt(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters, at the end of a word where there is one, with an ellipsis.

    >>> excerpt("a harbour in the morning", 12)
    'a harbour…'
    >>> excerpt("short", 12)
    'short'
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip() + "…"
