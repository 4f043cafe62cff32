"""PNG files without an imaging library: look into them, check that they decode, and put tiles together row by row.

Source: PNG Specification, third edition (W3C): 5 (chunks), 9 (filters), 10 (compression).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Header", "PngError", "PngStitcher", "check", "read_header"]

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PIECE: Final = 1 << 20
_LEVEL: Final = 4
"""How hard the joined picture is compressed: beyond this a screenshot gets slower to write, and hardly smaller."""


class PngError(ValueError):
    """Bytes that are no PNG picture, or not the expected one."""


@dataclass(frozen=True, slots=True)
class Header:
    """Width and height in pixels, and how a pixel is written."""

    width: int
    height: int
    depth: int
    colour: int

    @property
    def pixel(self) -> int:
        """Bytes of one pixel; at least 1."""
        return max(1, _CHANNELS[self.colour] * self.depth // 8)

    @property
    def row(self) -> int:
        """Bytes of one row, its filter byte included."""
        return 1 + (self.width * _CHANNELS[self.colour] * self.depth + 7) // 8


def read_header(data: bytes) -> Header:
    """The header of a PNG file.

    :raises PngError: where it has none, or is interlaced.
    """
    if data[:8] != _SIGNATURE or data[12:16] != b"IHDR" or len(data) < 33:
        raise PngError("no PNG header")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    if colour not in _CHANNELS or interlace:
        raise PngError("an interlaced or unknown PNG")
    return Header(width, height, depth, colour)


def check(data: bytes) -> Header:
    """The header of a picture that was looked through to its end: every chunk whole, every row there.

    :raises PngError: where it does not decode.
    """
    header = read_header(data)
    size = 0
    for piece in _inflate(data):
        size += len(piece)
    if size != header.row * header.height:
        raise PngError(f"{size} bytes of pixels where {header.row * header.height} belong")
    return header


def _compressed(data: bytes) -> Iterator[memoryview]:
    """What the IDAT chunks hold; the checksum of every chunk is checked, and that the file ends as it should."""
    view, at = memoryview(data), 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", view[at : at + 4])
        kind, body = bytes(view[at + 4 : at + 8]), view[at + 8 : at + 8 + length]
        if len(view) < at + 12 + length:
            raise PngError("cut off")
        if zlib.crc32(body, zlib.crc32(kind)) != struct.unpack(">I", view[at + 8 + length : at + 12 + length])[0]:
            raise PngError(f"a damaged {kind!r} chunk")
        if kind == b"IDAT":
            yield body
        elif kind == b"IEND":
            return
        at += 12 + length
    raise PngError("no end")


def _inflate(data: bytes) -> Iterator[bytes]:
    engine = zlib.decompressobj()
    try:
        for body in _compressed(data):
            rest: bytes | memoryview = body
            while rest:
                yield engine.decompress(rest, _PIECE)
                rest = engine.unconsumed_tail
        yield engine.flush()
    except zlib.error as error:
        raise PngError(f"pixels that do not decode: {error}") from error


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


class PngStitcher:
    """Joins pictures of one width below each other into one, in the memory of the compressed result and a piece of rows.

    A row is stored as its difference to the row above. That stays right within a tile, whose rows keep their order; only a tile's
    first row has another one above it now, and is written out in full.
    """

    def __init__(self) -> None:
        self._engine = zlib.compressobj(_LEVEL)
        self._out: list[bytes] = []
        self._header: Header | None = None
        self.height = 0

    def add(self, tile: bytes) -> Header:
        """Append a picture below; its header.

        :raises PngError: where it does not decode, or is of another width or kind than those before.
        """
        header = read_header(tile)
        first = self._header = self._header or header
        if (header.width, header.depth, header.colour) != (first.width, first.depth, first.colour):
            raise PngError("tiles of different widths or kinds")
        pending, done = bytearray(), 0
        for piece in _inflate(tile):
            done += len(piece)
            if len(pending) < header.row:
                pending += piece
                if len(pending) < header.row:
                    continue
                self._write(_plain_first_row(bytes(pending[: header.row]), header.pixel) + pending[header.row :])
            else:
                self._write(piece)
        if done != header.row * header.height:
            raise PngError(f"{done} bytes of pixels where {header.row * header.height} belong")
        self.height += header.height
        return header

    def finish(self) -> bytes:
        """The whole picture.

        :raises PngError: where nothing was added.
        """
        if self._header is None:
            raise PngError("no tiles")
        first = self._header
        self._out.append(self._engine.flush())
        parts = [_SIGNATURE, _chunk(b"IHDR", struct.pack(">IIBBBBB", first.width, self.height, first.depth, first.colour, 0, 0, 0))]
        parts += [_chunk(b"IDAT", part) for part in self._out]
        return b"".join([*parts, _chunk(b"IEND", b"")])

    def _write(self, rows: bytes | bytearray) -> None:
        packed = self._engine.compress(rows)
        if packed:
            self._out.append(packed)


def _plain_first_row(row: bytes, pixel: int) -> bytes:
    """A tile's first row without filter. There is nothing above it, so what the filters take from there is 0 (specification, 9.2)."""
    kind, body = row[0], bytearray(row[1:])
    if kind in (1, 4):  # Sub; Paeth, whose nearest neighbour is the left one where nothing is above
        for at in range(pixel, len(body)):
            body[at] = (body[at] + body[at - pixel]) & 0xFF
    elif kind == 3:  # Average
        for at in range(pixel, len(body)):
            body[at] = (body[at] + body[at - pixel] // 2) & 0xFF
    elif kind not in (0, 2):
        raise PngError(f"an unknown filter {kind}")
    return b"\0" + bytes(body)
