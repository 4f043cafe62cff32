"""Helpers over strings."""

from __future__ import annotations

from linkmedia_scrapy.extraction.text import remembered


def test_remembered() -> None:
    """Usual strings are worked on once, with each further argument; long ones every time, and are not kept."""
    calls: list[tuple[str, int]] = []

    @remembered
    def count(text: str, number: int) -> int:
        calls.append((text, number))
        return len(text) + number

    long = "x" * 501
    assert [count("ab", 1), count("ab", 1), count("ab", 2), count(long, 1), count(long, 1)] == [3, 3, 4, 502, 502]
    assert calls == [("ab", 1), ("ab", 2), (long, 1), (long, 1)]
