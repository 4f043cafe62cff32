"""Names of character encodings: the WHATWG's (what pages and the parser say) and Python's (what Scrapy and codecs say).

Imports no parser. Source: https://encoding.spec.whatwg.org/#names-and-labels.
"""

from __future__ import annotations

import codecs

__all__ = ["label_candidates"]

# Python's codec names (``codecs.lookup(...).name``) that the WHATWG standard spells another way.
_LABEL_OF_CODEC = {
    "big5hkscs": "big5",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "euc_jis_2004": "euc-jp",
    "euc_jisx0213": "euc-jp",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "iso2022_jp": "iso-2022-jp",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "windows-874",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
    "shift_jis_2004": "shift_jis",
    "tis-620": "windows-874",
    "utf-16": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-16-le": "utf-16le",
    "utf-8-sig": "utf-8",
}


def label_candidates(encoding: str) -> list[str]:
    """WHATWG labels that `encoding` may stand for, the likeliest first; Python's name is translated, any other is kept.

    >>> label_candidates("cp932")
    ['shift_jis', 'cp932', 'windows-932']
    >>> label_candidates("utf-8")
    ['utf-8']
    """
    label = encoding.strip().lower()
    try:
        codec = codecs.lookup(label).name if label.isascii() else label  # other names: a warning from Python 3.15 on
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        codec = label
    spellings = [_LABEL_OF_CODEC.get(codec, ""), label, codec]
    if codec.startswith("cp"):
        spellings.append("windows-" + codec[2:])
    if codec.startswith("iso8859-"):
        spellings.append("iso-" + codec[3:])
    return list(dict.fromkeys(filter(None, spellings)))
