"""What the first bytes of an image say: its format and, with imagesize (``pip install 'linkmedia-scrapy[images]'``), its size in pixels."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree.ElementTree import ParseError, XMLPullParser

if TYPE_CHECKING:
    from linkmedia_scrapy.items import ImageItem

__all__ = ["EXTENSIONS", "ImageSize", "can_measure", "image_format", "measure", "note_size"]

# An svg element behind nothing but a declaration, comments and a document type. Atomic: comments are anybody's.
_COMMENTS: Final = rb"(?>(?:<!--(?:(?!-->).)*-->\s*+)*)"
_SVG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?%b(?:<!DOCTYPE\s+svg(?:[^>\[]|\[[^]]*+\])*>\s*+)?%b<svg[\s>]" % (_COMMENTS, _COMMENTS),
    re.DOTALL | re.IGNORECASE,
)
# "Matching an image type pattern" of the WHATWG's MIME Sniffing Standard (6.1), with the formats that are younger.
_SIGNATURES: Final = (
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("avif", re.compile(rb"....ftyp(?:avi[fs]|(?:mif1|msf1)(?:....)+?avi[fs])", re.DOTALL)),
    ("heic", re.compile(rb"....ftyp(?:he[iv][cxms]|mif1|msf1)", re.DOTALL)),
    ("jxl", re.compile(rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n")),
    ("tiff", re.compile(rb"II\*\0|MM\0\*")),
    ("ico", re.compile(rb"\0\0[\1\2]\0")),
    ("bmp", re.compile(rb"BM")),
    ("svg", _SVG),
)
_SNIFFED: Final = 4096
EXTENSIONS: Final = {"jpeg": "jpg", "tiff": "tif"}
"""Extensions of formats that are not called by them."""

_UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
    "ex": 8.0,
}
_MOST_PIXELS: Final = 1e6
_LENGTH: Final = re.compile(r"\s*+\+?+((?:\d++(?:\.\d++)?|\.\d++)(?:e[+-]?\d++)?)\s*+([a-z]*+)\s*+", re.IGNORECASE)


class ImageSize(NamedTuple):
    """An image's format, and its size in pixels as a browser counts them: turned upright."""

    format: str
    width: int
    height: int


def can_measure() -> bool:
    """Whether imagesize is installed."""
    return find_spec("imagesize") is not None


@cache
def _imagesize() -> Any:
    return import_module("imagesize")


def image_format(head: bytes) -> str:
    """The format of an image by its first bytes: jpeg, png, gif, webp, avif, svg …; "" for anything else."""
    start = head[:_SNIFFED]
    return next((name for name, pattern in _SIGNATURES if pattern.match(start)), "")


def measure(head: bytes) -> ImageSize | None:
    """Format and size of an image; None where the bytes are none, or too few of one."""
    name = image_format(head)
    if not name:
        return None
    size = _svg_size(head) if name == "svg" else _ico_size(head) if name == "ico" else _size(head, name)
    return ImageSize(name, *size) if size is not None and min(size) > 0 else None


def _size(head: bytes, name: str) -> tuple[int, int] | None:
    try:
        info = _imagesize().get_info(BytesIO(head), dpi=False, colors=False, channels=False)
    except Exception:  # noqa: BLE001 - the bytes are anybody's, and mostly cut off
        return None
    width, height = int(info.width), int(info.height)
    if name == "webp" and head[12:16] == b"VP8 ":  # RFC 6386, 9.1: the upper two bits are a scale
        width, height = width & 0x3FFF, height & 0x3FFF
    return width, height  # turned by what Exif says


def _ico_size(head: bytes) -> tuple[int, int] | None:
    """The largest of an icon's pictures; 0 stands for 256."""
    count = int.from_bytes(head[4:6], "little")
    entries = [head[start : start + 2] for start in range(6, 6 + 16 * count, 16)]
    if not entries or len(entries[-1]) < 2:
        return None
    return max((entry[0] or 256, entry[1] or 256) for entry in entries)


def _svg_size(head: bytes) -> tuple[int, int] | None:
    """The size of an SVG by its width and height, what they lack by its viewBox (SVG 2, 8.2); percentages count as lacking."""
    root = _root(head)
    if root is None:
        return None
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    box = [float(part) for part in re.findall(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", root.get("viewBox") or "", re.IGNORECASE)]
    if len(box) == 4 and 0 < box[2] <= _MOST_PIXELS and 0 < box[3] <= _MOST_PIXELS:
        if width is None and height is None:
            width, height = box[2], box[3]
        elif width is None:
            width = (height or 0) * box[2] / box[3]
        elif height is None:
            height = width * box[3] / box[2]
    return (round(width), round(height)) if width and height and max(width, height) <= _MOST_PIXELS else None


def _root(head: bytes) -> Any:
    """The attributes of an XML document's first element, of which the rest may be missing; None where it has not begun."""
    parser: Any = XMLPullParser(["start"])
    parser.feed(head)  # what is wrong with it comes as an event, behind those of what is right
    try:
        return next((element for _, element in parser.read_events()), None)
    except ParseError:
        return None


def _pixels(value: str | None) -> float | None:
    match = _LENGTH.fullmatch(value or "")
    unit = _UNITS.get(match[2].lower()) if match else None
    pixels = float(match[1]) * unit if match and unit is not None else None
    return pixels if pixels is not None and pixels <= _MOST_PIXELS else None


def note_size(image: ImageItem, size: ImageSize | None, length: int | None) -> None:
    """Note what a file says in its record: natural width and height, format, bytes; width and height where the page has none."""
    if length is not None:
        image.size = length
    if size is None:
        return
    image.format = size.format
    image.natural_width, image.natural_height = size.width, size.height
    if image.width is None and image.height is None:
        image.width, image.height = size.width, size.height
