"""One JPEG out of pictures below each other, in the memory of one of them and the compressed result.

Each picture is encoded by Pillow with the same tables, and becomes one restart interval of the whole: a decoder begins anew there, as it
does at a file's begin, so the entropy-coded data can stand behind each other as they are.

Source: ITU T.81: B.1.1 (markers), B.2.2 (frame header), B.2.4.4 (restart interval), E.1.4 (what is reset at a restart), A.2.4 (MCUs).
"""

from __future__ import annotations

import importlib.util
import io
import math
import struct
from typing import Final

__all__ = ["LONGEST_SIDE", "UNIT", "JpegError", "JpegStitcher", "highest_tile", "pillow_installed"]

LONGEST_SIDE: Final = 65_535
"""Pixels (B.2.2)."""
UNIT: Final = 16
"""Pixels a side of a minimum coded unit where the colours have half the resolution in both directions, as Pillow writes them."""
_MAX_INTERVAL: Final = 65_535
"""Minimum coded units (B.2.4.4)."""
_SOF, _SOS, _APP, _COM = 0xC0, 0xDA, range(0xE0, 0xF0), 0xFE


class JpegError(ValueError):
    """Pictures that cannot be joined."""


def pillow_installed() -> bool:
    """Whether there is something to encode with."""
    return importlib.util.find_spec("PIL") is not None


def highest_tile(width: int) -> int:
    """How many pixels high pictures of this width may be that can be joined."""
    return _MAX_INTERVAL // math.ceil(width / UNIT) * UNIT


class JpegStitcher:
    """Joins PNG pictures of one width; all but the last have a height that is a multiple of 16.

    :param quality: 0 to 100, as libjpeg means it.
    """

    def __init__(self, quality: int) -> None:
        self._quality = quality
        self._tables: bytes | None = None
        self._scan_header = b""
        self._frame = b""
        self._scans: list[bytes] = []
        self._first_height = 0
        self._open = True
        self.height = 0

    def add(self, tile: bytes) -> None:
        """Append a picture below.

        :raises JpegError: where it does not decode, or does not fit to those before.
        """
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - optional

        out = io.BytesIO()
        try:
            with Image.open(io.BytesIO(tile)) as picture:
                picture.convert("RGB").save(out, "JPEG", quality=self._quality, subsampling="4:2:0")
        except (OSError, UnidentifiedImageError) as error:
            raise JpegError(f"a tile that does not decode: {error}") from error
        tables, frame, scan_header, scan = _split(out.getvalue())
        height = struct.unpack(">H", frame[5:7])[0]
        if self._tables is None:
            self._tables, self._frame, self._scan_header, self._first_height = tables, frame, scan_header, height
        same = (tables, scan_header, frame[7:]) == (self._tables, self._scan_header, self._frame[7:])
        if not same or not self._open or height > self._first_height:
            raise JpegError("tiles of different widths, heights or kinds")
        self._open = height == self._first_height and height % UNIT == 0
        self._scans.append(scan)
        self.height += height

    def finish(self) -> bytes:
        """The whole picture.

        :raises JpegError: where nothing was added, or it is too high.
        """
        if self._tables is None or self.height > LONGEST_SIDE:
            raise JpegError(f"no JPEG of {self.height} px")
        width = struct.unpack(">H", self._frame[7:9])[0]
        interval = math.ceil(width / UNIT) * math.ceil(self._first_height / UNIT)
        frame = self._frame[:5] + struct.pack(">H", self.height) + self._frame[7:]
        parts = [b"\xff\xd8", self._tables, frame, struct.pack(">HHH", 0xFFDD, 4, interval), self._scan_header]
        for number, scan in enumerate(self._scans):
            if number:
                parts.append(bytes((0xFF, 0xD0 + (number - 1) % 8)))
            parts.append(scan)
        return b"".join([*parts, b"\xff\xd9"])


def _split(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Tables, frame header, scan header and entropy-coded data of a baseline JPEG with one scan."""
    tables: list[bytes] = []
    frame, at = b"", 2
    while True:
        kind, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        segment = data[at : at + 2 + length]
        at += 2 + length
        if kind == _SOS:
            return b"".join(tables), frame, segment, data[at:-2]
        if kind == _SOF:
            frame = segment
        elif 0xC0 < kind < 0xD0 and kind not in (0xC4, 0xC8, 0xCC):
            raise JpegError("not a baseline JPEG")
        elif kind not in _APP and kind != _COM:
            tables.append(segment)
