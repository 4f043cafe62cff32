"""Looking at captures after they were taken: is it a picture of this size, a whole PDF, an MHTML with everything in it."""

from __future__ import annotations

import email
import email.policy
import re
import struct
from collections.abc import Iterable
from typing import Any, Final

from linkmedia_scrapy.browser import png
from linkmedia_scrapy.browser.network import without_fragment

__all__ = ["VerifyError", "mhtml_missing", "pdf_is_empty", "pdf_pages", "pdf_width", "picture_size"]

_PDF_PAGE: Final = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_PDF_BOX: Final = re.compile(rb"/MediaBox\s*\[\s*\S+\s+\S+\s+([\d.]+)")
_PDF_STREAM: Final = re.compile(rb"/Length\s+[1-9]")


class VerifyError(ValueError):
    """A capture that is not what it should be."""


def picture_size(data: bytes) -> tuple[str, int, int]:
    """Format (png, jpeg, webp), width and height in pixels of a picture that is whole.

    :raises VerifyError: where it does not decode (PNG) or its frame is broken (JPEG, WebP).
    """
    try:
        if data.startswith(b"\x89PNG"):
            header = png.check(data)
            return "png", header.width, header.height
        if data.startswith(b"\xff\xd8"):
            return ("jpeg", *_jpeg_size(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return ("webp", *_webp_size(data))
    except (png.PngError, struct.error, IndexError) as error:
        raise VerifyError(f"a broken picture: {error}") from error
    raise VerifyError("no picture")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height from the start-of-frame segment (ITU T.81, B.2.2)."""
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise VerifyError("a JPEG without its end")
    at = 2
    while at < len(data):
        marker, length = struct.unpack(">HH", data[at : at + 4])
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise VerifyError("a JPEG without a frame")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the first chunk (RFC 9649, 2.5 to 2.7)."""
    if struct.unpack("<I", data[4:8])[0] + 8 > len(data):
        raise VerifyError("a WebP that is cut off")
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise VerifyError("a WebP without a picture")


def pdf_pages(data: bytes) -> int:
    """How many pages a PDF has.

    :raises VerifyError: where its trailer is missing or it has no page.
    """
    if not data.startswith(b"%PDF-") or b"startxref" not in data[-1024:] or b"%%EOF" not in data[-1024:]:
        raise VerifyError("a PDF without its trailer")
    pages = len(_PDF_PAGE.findall(data))
    if not pages:
        raise VerifyError("a PDF without pages")
    return pages


def pdf_width(data: bytes) -> float:
    """How wide the paper of a PDF's first page is, in CSS pixels.

    :raises VerifyError: where it does not say.
    """
    found = _PDF_BOX.search(data)
    if found is None:
        raise VerifyError("a PDF of no size")
    return float(found[1]) / 72 * 96


def pdf_is_empty(data: bytes) -> bool:
    """Whether nothing at all is drawn on a PDF's pages: each stream of it is of no length."""
    return _PDF_STREAM.search(data) is None


def mhtml_missing(data: str, url: str, images: Iterable[str]) -> list[str]:
    """Which of the images are not in the snapshot of the page at `url`.

    :raises VerifyError: where it does not parse, or its root is not the page.
    """
    message = email.message_from_string(data, policy=email.policy.compat32)
    parts = message.get_payload()
    if not message.is_multipart() or not isinstance(parts, list) or message.defects:
        raise VerifyError("not a whole MHTML file")
    root: Any = parts[0]
    if root.get_content_type() not in ("text/html", "application/xhtml+xml"):
        raise VerifyError(f"an MHTML file whose root is {root.get_content_type()}")
    locations = {without_fragment(_unfolded(part["Content-Location"])) for part in message.walk() if part["Content-Location"]}
    if without_fragment(url) not in locations:
        raise VerifyError("an MHTML file of another page")
    return sorted({without_fragment(image) for image in images if image.startswith(("http:", "https:"))} - locations)


def _unfolded(header: object) -> str:
    return "".join(str(header or "").split())
