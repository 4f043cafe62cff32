"""What inline styles say: whether they hide an element, whether they name a picture (:mod:`.css` reads which)."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.text import Memory

__all__ = ["style_says"]

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DISPLAY: Final = re.compile(r"(?:^|;)\s*+(display|visibility)\s*+:\s*+([a-z-]++)\s*+(?:!\s*+(important)\s*+)?(?=;|\Z)", re.ASCII)
_HIDING: Final = frozenset({"none", "hidden", "collapse"})
_KEYWORDS: Final = {
    "display": frozenset(
        (
            "-webkit-box -webkit-flex -webkit-inline-box -webkit-inline-flex block contents flex flow-root grid inline inline-block "
            "inline-flex inline-grid inline-table list-item math none ruby table table-caption table-cell table-column "
            "table-column-group table-footer-group table-header-group table-row table-row-group"
        ).split()
    ),
    "visibility": frozenset({"collapse", "hidden", "visible"}),
}
_DEFAULTING: Final = frozenset({"inherit", "initial", "revert", "revert-layer", "unset"})
_STYLES: Final[Memory[tuple[bool, bool]]] = Memory()


def style_says(style: str) -> tuple[bool, bool]:
    """Whether an inline style hides its element, and whether it may name a picture.

    >>> style_says("color: red; display: none"), style_says("display: none; display: block"), style_says("background: url(a.png)")
    ((True, False), (False, False), (False, True))
    """
    known = _STYLES.get(style)
    if known is not None:
        return known
    lowered = style.lower()
    may_hide = "none" in lowered or "hidden" in lowered or "collapse" in lowered
    return _STYLES.keep(style, (may_hide and _hides(lowered), "url(" in lowered or "image-set(" in lowered))


def _hides(style: str) -> bool:
    """Whether a style in lower case hides: of several valid declarations the last important one counts, else the last."""
    if "/*" in style:
        style = _COMMENT.sub(" ", style)
    hiding: dict[str, bool] = {}
    important = set[str]()
    for name, value, mark in _DISPLAY.findall(style):
        if (value in _KEYWORDS[name] or value in _DEFAULTING) and (mark or name not in important):
            hiding[name] = value in _HIDING
            if mark:
                important.add(name)
    return any(hiding.values())
