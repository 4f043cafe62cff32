"""Query strings in a page's own encoding, as browsers send them.

The encoders of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/), made of Python's codecs and of what those do otherwise.
Once held against Chromium for every character of the basic plane.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

__all__ = ["query_encoder"]

_SINGLE_BYTE: Final = {
    "ibm866": "cp866",
    "iso-8859-8-i": "iso8859_8",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_BYTES_BESIDE: Final = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}

# "gb18030 encoder", steps 3 to 6, and the entries of the index that are younger than Python's codec
_GB18030: Final = {
    "\ue5e5": None,
    "\ue7c7": b"\x81\x35\xf4\x37",
    "\u1e3f": b"\xa8\xbc",
    **dict(zip("︐︒︑︓︔︕︖", (bytes((0xA6, byte)) for byte in range(0xD9, 0xE0)), strict=True)),
    **dict(zip("︗︘︙", (b"\xa6\xec", b"\xa6\xed", b"\xa6\xf3"), strict=True)),
    **dict(zip("龴龵龶龷龸龹龺龻", (bytes((0xFE, byte)) for byte in (0x59, 0x61, 0x66, 0x67, 0x6D, 0x7E, 0x90, 0xA0)), strict=True)),
}
# "index Big5 pointer": of these the last pointer counts; and entries that Python's codecs have elsewhere
_BIG5_LAST: Final = frozenset("═╞╡╪十卅")
_BIG5: Final = {
    "廴": b"\xc6\xcf",
    "无": b"\xc6\xd3",
    "癶": b"\xc6\xd5",
    "仝": b"\xc6\xdf",
    "隶": b"\xc6\xd7",
    "嘅": b"\xfb\x48",
    "廐": b"\xfb\xf9",
    "悤": b"\xfc\x6c",
    "猪": b"\xfe\x52",
    **{chr(0x2400 + byte): bytes((0xA3, 0xC0 + byte)) for byte in range(0x20)},
    "\u2421": b"\xa3\xe0",
}


def query_encoder(encoding: str) -> Callable[[str], bytes] | None:
    r"""What encodes the queries of a page in the encoding of this WHATWG name; None where they are UTF-8 (UTF-16 pages' are, too).

    A character that the encoding lacks becomes its character reference, percent-encoded.

    >>> query_encoder("gbk")("中"), query_encoder("windows-1252")("中"), query_encoder("utf-16le")
    (b'\xd6\xd0', b'%26%2320013%3B', None)
    """
    name = encoding.lower()
    if name == "iso-2022-jp":
        return _iso_2022_jp
    if name not in _SINGLE_BYTE and name not in _BY_CHARACTER:
        return None
    return lambda text: b"".join([char.encode() if char < "\x80" else _char(name, char) or _reference(char) for char in text])


@lru_cache(maxsize=1 << 14)
def _char(name: str, char: str) -> bytes | None:
    return _table(name).get(char) if name in _SINGLE_BYTE else _BY_CHARACTER[name](char)


def _reference(char: str) -> bytes:
    return f"%26%23{ord(char)}%3B".encode()


@lru_cache(maxsize=8)
def _table(name: str) -> dict[str, bytes]:
    """A single-byte encoding; bytes below 0xA0 that mean nothing else are C1 controls."""
    table: dict[str, bytes] = {}
    for byte in range(0x80, 0x100):
        char = _BYTES_BESIDE.get(name, {}).get(byte) or _decoded(bytes((byte,)), _SINGLE_BYTE[name]) or (chr(byte) if byte < 0xA0 else "")
        if char:
            table[char] = bytes((byte,))
    return table


def _decoded(code: bytes, codec: str) -> str:
    try:
        return code.decode(codec)
    except UnicodeDecodeError:
        return ""


def _encoded(char: str, codec: str) -> bytes | None:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return None


def _gb18030(char: str) -> bytes | None:
    return _GB18030[char] if char in _GB18030 else _encoded(char, "gb18030")


def _gbk(char: str) -> bytes | None:
    if char == "€":
        return b"\x80"
    code = _gb18030(char)
    return code if code is not None and len(code) == 2 else None


def _euc_kr(char: str) -> bytes | None:
    return _encoded(char, "cp949")


def _shift_jis(char: str) -> bytes | None:
    if "｡" <= char <= "ﾟ":
        return bytes((ord(char) - 0xFF61 + 0xA1,))
    if char in _YEN_OVERLINE_MINUS:
        return _YEN_OVERLINE_MINUS[char] or _shift_jis("－")
    if char == "\x80":
        return b"\x80"
    pointer = _jis_pointers(nec_selected=False).get(char)
    if pointer is None:
        return None
    lead, trail = divmod(pointer, 188)
    return bytes((lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)))


def _euc_jp(char: str) -> bytes | None:
    if "｡" <= char <= "ﾟ":
        return bytes((0x8E, ord(char) - 0xFF61 + 0xA1))
    if char in _YEN_OVERLINE_MINUS:
        return _YEN_OVERLINE_MINUS[char] or _euc_jp("－")
    code = _jis0208(char)
    return bytes((code[0] | 0x80, code[1] | 0x80)) if code is not None else None


_YEN_OVERLINE_MINUS: Final = {"¥": b"\x5c", "‾": b"\x7e", "\u2212": b""}


def _jis0208(char: str) -> bytes | None:
    """Row and cell, each from 0x21."""
    pointer = _jis_pointers(nec_selected=True).get(char)
    return bytes((pointer // 94 + 0x21, pointer % 94 + 0x21)) if pointer is not None and pointer < 8836 else None


@lru_cache(maxsize=2)
def _jis_pointers(*, nec_selected: bool) -> dict[str, int]:
    """The standard's index jis0208: JIS X 0208 with Microsoft's additions, which is what Python's cp932 reads; the first pointer counts."""
    pointers: dict[str, int] = {}
    for pointer in (*range(8836), *range(10716, 11104)):
        if not nec_selected and 8272 <= pointer <= 8835:
            continue
        lead, trail = divmod(pointer, 188)
        code = bytes((lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)))
        char = _decoded(code, "cp932")
        if char:
            pointers.setdefault(char, pointer)
    return pointers


@lru_cache(maxsize=1)
def _half_width_katakana() -> dict[str, str]:
    """The standard's index ISO-2022-JP katakana: the full-width form of each; marks become those that stand alone."""
    full = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
    return dict(zip(map(chr, range(0xFF61, 0xFFA0)), full, strict=True))


def _iso_2022_jp(text: str) -> bytes:
    """The one encoder with a state: it begins and ends in ASCII."""
    out: list[bytes] = []
    state = ascii_state = b"\x1b(B"
    roman, jis = b"\x1b(J", b"\x1b$B"
    for char in text:
        char = _half_width_katakana().get(char, char)
        if char == "\u2212":
            char = "－"
        code: bytes | None
        if char in "\x0e\x0f\x1b":
            wanted, code = (ascii_state if state == jis else state), _reference("\ufffd")
        elif char < "\x80":
            wanted, code = (roman if state == roman and char not in "\\~" else ascii_state), char.encode()
        elif char in "¥‾":
            wanted, code = roman, _YEN_OVERLINE_MINUS[char]
        else:
            code = _jis0208(char)
            wanted = jis if code is not None else ascii_state if state == jis else state
        if wanted != state:
            out.append(wanted)
            state = wanted
        out.append(code if code is not None else _reference(char))
    return b"".join(out) + (ascii_state if state != ascii_state else b"")


def _x_user_defined(char: str) -> bytes | None:
    return bytes((ord(char) - 0xF700,)) if "\uf780" <= char <= "\uf7ff" else None


def _big5(char: str) -> bytes | None:
    return _big5_table().get(char)


@lru_cache(maxsize=1)
def _big5_table() -> dict[str, bytes]:
    """The standard's index Big5 from its row 0xA1 on: what stands before is Hong Kong's, and only read."""
    table = dict(_BIG5)
    for lead in range(0xA1, 0xFF):
        codec = "cp950" if lead <= 0xA3 else "big5hkscs"
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            code = bytes((lead, trail))
            char = _decoded(code, codec)
            if len(char) == 1 and (char not in table or char in _BIG5_LAST):
                table[char] = code
    return table


_BY_CHARACTER: Final[dict[str, Callable[[str], bytes | None]]] = {
    "big5": _big5,
    "euc-jp": _euc_jp,
    "euc-kr": _euc_kr,
    "gb18030": _gb18030,
    "gbk": _gbk,
    "shift_jis": _shift_jis,
    "x-user-defined": _x_user_defined,
}
