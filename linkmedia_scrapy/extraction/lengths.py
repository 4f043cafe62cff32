"""Widths and heights as attributes, styles and metadata write them."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["pixels"]

_PIXELS: Final = re.compile(r"\s*+([0-9]{1,5})(?:\.[0-9]*+)?\s*+(?:px)*\s*+;?+\s*+", re.IGNORECASE)
_MOST: Final = 100_000  # what is larger is no length


def pixels(value: Any) -> int | None:
    """A width or height in whole CSS pixels; None for percentages and what is no number.

    >>> pixels(" 640px"), pixels("133.3"), pixels(360.5), pixels("100%"), pixels("auto"), pixels("482913")
    (640, 133, 360, None, None, None)
    """
    if isinstance(value, str):
        if len(value) <= 5 and value.isdigit() and value.isascii():
            return int(value)
        match = _PIXELS.fullmatch(value)
        return int(match[1]) if match is not None else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _MOST else None
