"""`srcset` attributes, by the HTML standard's "parse a srcset attribute" (4.8.4.3.10)."""

from __future__ import annotations

import re
from math import inf
from typing import Final

__all__ = ["Candidate", "parse_srcset"]

_BEFORE_URL: Final = re.compile(r"[\t\n\f\r ,]*")
_URL: Final = re.compile(r"[^\t\n\f\r ]+")
# Descriptors up to the comma that ends the candidate; a comma in parentheses does not. An open one swallows the rest.
_DESCRIPTORS: Final = re.compile(r"(?:[^,(]|\([^)]*(?:\)|\Z))*")
_DESCRIPTOR: Final = re.compile(r"(?:[^\t\n\f\r (]|\([^)]*(?:\)|\Z))+")
# What most candidates are: a URL, a width or a density, and a comma or the end. The rest is read step by step.
_PLAIN: Final = re.compile(
    r"[\t\n\f\r ,]*+([^\t\n\f\r ]++)(?<!,)[\t\n\f\r ]++(?:([1-9][0-9]{0,8})w|([0-9](?:\.[0-9]{1,4})?)x)[\t\n\f\r ]*+(?:,|\Z)"
)
_INTEGER: Final = re.compile(r"[0-9]+")
_FLOAT: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Candidate:
    """An image of a srcset, or of a background in CSS: its URL as written, its width in pixels (w), height (h) or pixel density (x)."""

    __slots__ = ("density", "height", "url", "width")

    def __init__(self, url: str, width: int | None = None, density: float | None = None, height: int | None = None) -> None:
        self.url = url
        self.width = width
        self.density = density
        self.height = height


def parse_srcset(text: str) -> list[Candidate]:
    """The candidates of a srcset attribute in their order; what the standard calls an error leaves out that candidate only.

    >>> [(c.url, c.width, c.density) for c in parse_srcset("a,b.jpg 320w, c.jpg 1.5x, d.jpg -1x")]
    [('a,b.jpg', 320, None), ('c.jpg', None, 1.5)]
    """
    candidates: list[Candidate] = []
    at = 0
    while True:
        while plain := _PLAIN.match(text, at):
            url, width, density = plain.groups()
            candidates.append(Candidate(url, int(width)) if width else Candidate(url, None, float(density)))
            at = plain.end()
        if at >= len(text):
            return candidates
        at = _skip(_BEFORE_URL, text, at)
        match = _URL.match(text, at)
        if match is None:
            return candidates
        url, at = match.group(), match.end()
        descriptors: list[str] = []
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            end = _skip(_DESCRIPTORS, text, at)
            descriptors = _DESCRIPTOR.findall(text, at, end)
            at = end
        candidate = _candidate(url, descriptors)
        if candidate is not None:
            candidates.append(candidate)


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _candidate(url: str, descriptors: list[str]) -> Candidate | None:
    width: int | None = None
    height: int | None = None
    density: float | None = None
    for descriptor in descriptors:
        value, unit = descriptor[:-1], descriptor[-1]
        if unit == "w" and _INTEGER.fullmatch(value) and width is None and density is None and int(value[:18]):
            width = int(value[:18])
        elif unit == "x" and _FLOAT.fullmatch(value) and density is None and width is None and height is None and 0 <= float(value) < inf:
            density = float(value)  # one that no double holds is an error (HTML standard, 2.3.4.3)
        elif unit == "h" and _INTEGER.fullmatch(value) and height is None and density is None and int(value[:18]):
            height = int(value[:18])
        else:
            return None
    if height is not None and width is None:
        return None
    return Candidate(url, width, density, height)
