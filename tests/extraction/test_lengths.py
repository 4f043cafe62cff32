"""Widths and heights as attributes, styles and metadata write them."""

from __future__ import annotations

import pytest

from linkmedia_scrapy.extraction.lengths import pixels


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("640", 640),
        (" 640px\n", 640),
        ("640 px px", None),
        ("640 PXpx ", 640),
        ("133.3", 133),
        ("133.", 133),
        ("133.px", 133),
        ("640px;", 640),
        ("640;480", None),
        ("1.3.3", None),
        ("100%", None),
        ("1234567", None),
        ("px", None),
        ("", None),
    ],
)
def test_pixels(value: str, expected: int | None) -> None:
    """A number with or without its unit, and at most the semicolon that would end it in a style."""
    assert pixels(value) == expected


@pytest.mark.parametrize("filling", [" ", "0", "px", "\n", "0 ", "px "], ids=["spaces", "digits", "units", "lines", "numbers", "apart"])
@pytest.mark.parametrize("start", ["1", "1.", " 1.0"])
def test_hostile_lengths(start: str, filling: str) -> None:
    """A value made to be tried again from each of its characters is read in linear time: in quadratic time this would not end."""
    assert pixels(start + filling * 500_000 + "x") is None
