"""Texts that are numbers to a reader: with signs, currencies, units and footnotes of any script."""

from __future__ import annotations

import re
from math import ceil
from typing import Final

from linkmedia_scrapy.extraction.text import BETWEEN
from linkmedia_scrapy.tabledata import CURRENCY_CODES

__all__ = ["NUMERIC", "mostly_numbers"]

_MAGNITUDES: Final = "万萬億亿千만억천"
"""What stands in numbers: 1億2,000万円."""
_UNITS: Final = (
    # letters and marks from Greek to Georgian, and Khmer, but for digits that none of them begins with
    r"[\u0370-\u065f\u066e-\u06d5\u06fa-\u10ff\u1780-\u17d3]{1,5}+"
    # counters that do not name things by number, too, as those for days, months and years do
    r"|[円圆圓元兆百人名個个件台只枚本点點分秒歳岁倍票戸户坪平方公里米尺斤吨ァ-ー원명개조점대분초세배표]{1,5}+"
    r"|[a-zA-Zµ\u00c0-\u024f\u1e00-\u1eff]{0,4}+"
)
NUMERIC: Final = re.compile(
    rf"[^\w\s]{{0,3}}+\s?+(?:[A-Z]{{1,3}}+(?=[\s$€£¥])|(?:{CURRENCY_CODES}|RM|R[ps]\.?+\s?+)(?=\d)"
    r"|R(?=\d[\d.,]))?[$€£¥]?+\s?+[-+−–]?+"
    rf"\d[\d\s.,:/%°'’–٫٬．，{_MAGNITUDES}-]*+\W{{0,3}}(?:{_UNITS})[²³]?+\W?(?:\[\w{{1,4}}+\]){{0,3}}"
)
"""What is mostly a number: with a sign, a currency, a unit, a footnote; Q1 and FY23 are names, EUR5 and R120 are none.

It never needs to take back what it has matched possessively.
"""
_NUMBERS: Final = re.compile(  # most are digits and points, and need none of the rest
    rf"\0(?:\d[\d.,]*+|{NUMERIC.pattern})(?=\0)".replace(r"[^\w\s]", r"[^\w\s\0]").replace(r"\W", r"[^\w\0]")
)


def mostly_numbers(texts: list[str], share: float) -> bool:
    """Whether at least this share of the texts are mostly numbers (`NUMERIC`): searched for in all at once, where they may be enough."""
    others = [text for text in texts if not text.isdecimal()]  # digits alone are numbers: most columns of these need no search
    missing = share * len(texts) - (len(texts) - len(others))
    if missing <= 0:
        return True
    few = len(others) - ceil(missing) + 1  # if none of so many is one, the others are not enough
    if few < len(others) and _NUMBERS.search(f"{BETWEEN}{BETWEEN.join(others[:few])}{BETWEEN}") is None:
        return False
    return len(_NUMBERS.findall(f"{BETWEEN}{BETWEEN.join(others)}{BETWEEN}")) >= missing
