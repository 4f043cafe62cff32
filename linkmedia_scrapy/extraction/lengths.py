"""Widths, heights and durations as attributes, styles and metadata write them."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["pixels", "seconds"]

_PIXELS: Final = re.compile(r"\s*+([0-9]{1,5})(?:\.[0-9]*+)?\s*+(?:px)*\s*+;?+\s*+", re.IGNORECASE)
_MOST: Final = 100_000  # what is larger is no length
_CLOCK: Final = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_ISO_DURATION: Final = re.compile(r"P(?:0+Y)?(?:0+M)?(?:(\d+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?", re.IGNORECASE)


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


def seconds(value: Any) -> float | None:
    """A duration in seconds, from a number, an ISO 8601 duration (as schema.org has it) or a clock's reading.

    >>> seconds("P1DT1H2M3S"), seconds("P0Y0M0DT0H1M20S"), seconds("12:30"), seconds(" 95 "), seconds("long")
    (90123.0, 80.0, 750.0, 95.0, None)
    """
    text = str(value).strip() if value is not None and not isinstance(value, bool) else ""
    if not text or len(text) > 40:
        return None
    iso, clock = _ISO_DURATION.fullmatch(text), _CLOCK.fullmatch(text)
    try:
        if iso:
            days, hours, minutes, rest = (float(part or 0) for part in iso.groups())
            return days * 86400 + hours * 3600 + minutes * 60 + rest or None
        if clock:
            hours, minutes, rest = (float(part or 0) for part in clock.groups())
            return hours * 3600 + minutes * 60 + rest or None
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < 1e9 else None
