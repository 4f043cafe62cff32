"""Background pictures in CSS: the URLs of `background` and `background-image` declarations, in style sheets and style attributes.

A tokenizer by CSS Syntax Module Level 3, section 4, as far as it takes to tell declarations, strings, comments and URLs apart. It reads
any text in linear time and never raises.
"""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.srcset import Candidate

__all__ = ["background_images", "unescape"]

# Every alternative that begins ends somewhere: a comment, string or URL that is not closed goes on to the end of its line or of the text.
# Sets are repeated rather than groups, which take a step for each character: pictures are written as data URLs of many kilobytes.
_COMMENT: Final = r"/\*(?>[^*]*(?:\*(?!/)[^*]*)*)(?:\*/|\Z)"
_STRING: Final = r""""(?>[^"\\\n]*(?:\\.[^"\\\n]*)*)(?:"|\n|\Z|\\\Z)|'(?>[^'\\\n]*(?:\\.[^'\\\n]*)*)(?:'|\n|\Z|\\\Z)"""
# Without groups, IGNORECASE and look-behind in it the regular expression engine goes from one first character to the next.
_PROPERTY: Final = re.compile(
    rf"{_COMMENT}|{_STRING}|background(?:-image)?\s*+:|Background(?:-image|-Image)?\s*+:|BACKGROUND(?:-IMAGE)?\s*+:", re.DOTALL
)
_PLAIN: Final = re.compile(r"[^;{}\"'/\\]*+[;{}]")  # a value without strings, comments and escapes, to its end
_TOKEN: Final = re.compile(
    rf"""
      (?P<comment>{_COMMENT})
    | (?P<string>{_STRING})
    | (?P<url>url\(\s*+(?![\s"'])(?:
        (?P<bare>(?>[^\s)\\]*(?:\\(?:[0-9a-f]{{1,6}}\s?|.)[^\s)\\]*)*))\s*+(?:\)|\Z|\\\Z)
      | (?>[^)\\]*(?:\\.[^)\\]*)*)(?:\)|\Z|\\\Z)
      ))
    | (?P<function>(?<![\w-])-?[a-z][a-z-]*+\(|\()
    | (?P<close>\))
    | (?P<resolution>(?<![\w.-])(?:\d{{0,9}}\.)?\d{{1,9}}(?:x|dppx|dpi|dpcm)(?![\w-]))
    | (?P<end>[;{{}}])
    | (?P<comma>,)
    """,
    re.ASCII | re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n]?|(\n)|(.))", re.IGNORECASE | re.DOTALL)
_SETS: Final = ("image-set(", "-webkit-image-set(")
_PICTURE_FUNCTIONS: Final = ("url(", "src(", "image(", *_SETS)
_DOTS: Final = {"x": 1.0, "dppx": 1.0, "dpi": 96.0, "dpcm": 96 / 2.54}
"""Of a unit of resolution, for one CSS pixel (CSS Values and Units 4, 7.4)."""


def background_images(css: str) -> list[list[Candidate]]:
    r"""The candidates of each background picture, their URLs as written but for escapes, in their order.

    A picture is one layer of a declaration's value; the members of an `image-set()` are one picture in several resolutions.

    >>> [[c.url for c in layer] for layer in background_images("a { background: #fff url( 'x y.png' ), url(b\\.png) } /* url(c) */")]
    [['x y.png'], ['b.png']]
    >>> [(c.url, c.density) for c in background_images("background-image: image-set('a.png' 1x, url(b.png) 2x); content: url(c.png)")[0]]
    [('a.png', 1.0), ('b.png', 2.0)]
    """
    found: list[list[Candidate]] = []
    lowered = css.lower()
    if "background" not in lowered or not _may_hold_picture(lowered):  # many style sheets are spared
        return found
    at = 0
    while match := _PROPERTY.search(css, at):
        at = match.end()
        start = match.start()
        if css[start] in "bB" and (start == 0 or not (css[start - 1].isalnum() or css[start - 1] in "-_")):
            plain = _PLAIN.match(css, at)
            if plain is not None and not _may_hold_picture(plain.group().lower()):
                at = plain.end()
                continue
            layers, at = _layers(css, at)
            found += layers
    return found


def _may_hold_picture(css: str) -> bool:
    """Whether there is, in lower case, one of the functions without which none shows a picture."""
    for function in _PICTURE_FUNCTIONS:  # noqa: SIM110 - asked of each declaration, for which a generator is too much
        if function in css:
            return True
    return False


def _layers(css: str, at: int) -> tuple[list[list[Candidate]], int]:
    """The layers of a value that begins at `at`, those without a picture left out, and where the value ends."""
    functions: list[str] = []
    layers: list[list[Candidate]] = [[]]
    for token in _TOKEN.finditer(css, at):
        kind = token.lastgroup
        if kind in ("bare", "url"):
            if token["bare"] is not None:  # else a "bad url" (4.3.14)
                layers[-1].append(Candidate(unescape(token["bare"])))
        elif kind == "string":
            text = token.group()
            if text.endswith("\n"):  # a "bad string" (4.3.5), with which the declaration is none
                return [], token.end()
            if functions and functions[-1] in _PICTURE_FUNCTIONS:
                layers[-1].append(Candidate(unescape(text[1:].removesuffix(text[0]))))
        elif kind == "function":
            functions.append(token.group().lower())
        elif kind == "close":
            if functions:
                functions.pop()
        elif kind == "resolution":
            if layers[-1] and functions and functions[-1] in _SETS:
                layers[-1][-1].density = _density(token.group().lower())
        elif kind == "comma" and not functions:
            layers.append([])
        elif kind == "end":
            return [layer for layer in layers if layer], token.end()
    return [layer for layer in layers if layer], len(css)


def _density(resolution: str) -> float:
    number = resolution.rstrip("cdimpx")
    return float(number) / _DOTS[resolution[len(number) :]]


def unescape(text: str) -> str:
    r"""Replace CSS escapes by what they stand for (CSS Syntax, 4.3.7).

    >>> unescape(r"a\28 1\29.png"), unescape(r"\000041b\.")
    ('a(1).png', 'Ab.')
    """
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    digits, newline, plain = match.groups()
    if newline:
        return ""
    if not digits:
        return str(plain)
    code = int(digits, 16)
    return "\ufffd" if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)
