"""Background pictures in CSS: the URLs of `background` and `background-image` declarations, in style sheets and style attributes.

A tokenizer by CSS Syntax Module Level 3, section 4, as far as it takes to tell declarations, strings, comments and URLs apart. It reads
any text in linear time and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["background_images", "unescape"]

# Every alternative that begins ends somewhere: a comment, string or URL that is not closed goes on to the end of its line or of the text.
_TOKEN: Final = re.compile(
    r"""
      (?P<comment>/\*(?:.*?\*/|.*\Z))
    | (?P<string>"(?:[^"\\\n]|\\.)*+(?:"|\n|\Z|\\\Z)|'(?:[^'\\\n]|\\.)*+(?:'|\n|\Z|\\\Z))
    | (?P<url>url\(\s*+(?![\s"'])(?P<bare>(?:[^)\\]|\\.)*+)(?:\)|\Z|\\\Z))
    | (?P<property>(?<![\w-])background(?:-image)?\s*+:)
    | (?P<function>(?<![\w-])-?[a-z][a-z-]*+\(|\()
    | (?P<close>\))
    | (?P<end>[;{}])
    | (?P<comma>,)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n]?|(\n)|(.))", re.IGNORECASE | re.DOTALL)
_TAKES_STRINGS: Final = ("url(", "src(", "image(", "image-set(", "-webkit-image-set(")


def background_images(css: str) -> Iterator[list[str]]:
    r"""The references of each background picture, as written but for escapes, in their order.

    A picture is one layer of a declaration's value; the members of an `image-set()` are one picture in several resolutions.

    >>> list(background_images("a { background: #fff url( 'x y.png' ), url(b\\.png) } /* url(c) */ @font-face { src: url(d) }"))
    [['x y.png'], ['b.png']]
    >>> list(background_images("background-image: image-set('a.png' 1x, url(b.png) 2x); content: url(c.png)"))
    [['a.png', 'b.png']]
    """
    inside = False
    functions: list[str] = []
    layer: list[str] = []
    for token in _TOKEN.finditer(css):
        kind = token.lastgroup
        if kind == "property":
            inside, functions = True, []
        elif not inside or kind == "comment":
            continue
        elif kind == "bare" or kind == "url":
            bare = token["bare"].strip()
            if not any(map(str.isspace, bare)):  # else a "bad url" (4.3.14)
                layer.append(unescape(bare))
        elif kind == "string":
            if functions and functions[-1] in _TAKES_STRINGS:
                layer.append(unescape(token.group()[1:].rstrip("\n").removesuffix(token.group()[0])))
        elif kind == "function":
            functions.append(token.group().lower())
        elif kind == "close":
            if functions:
                functions.pop()
        elif kind == "end" or not functions:  # a comma between layers
            if layer:
                yield layer
                layer = []
            if kind == "end":
                inside = False
    if layer:
        yield layer


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
