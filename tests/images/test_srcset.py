"""srcset attributes against the vectors of web-platform-tests and of the parse-srcset package."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmedia_scrapy.extraction.srcset import Candidate, parse_srcset

BASE = "http://example.com/page"
VIEWPORT = 1000


def chosen(candidates: list[Candidate]) -> str:
    """What a 1x display of 1000 CSS pixels takes (HTML standard, 4.8.4.3.7): the least density that does, of equal ones the first."""
    by_density: dict[float, str] = {}
    for candidate in candidates:
        density = candidate.width / VIEWPORT if candidate.width is not None else candidate.density
        by_density.setdefault(1.0 if density is None else density, candidate.url)
    enough = [density for density in by_density if density >= 1]
    return by_density[min(enough) if enough else max(by_density)] if by_density else ""


def same(url: str, expected: str) -> bool:
    """Whether two references are the same as written, or resolved where the vectors are."""
    return url == expected or (bool(url) and ada_url.join_url(BASE, url) == ada_url.join_url(BASE, expected))


def unescaped(text: str) -> str:
    """The vectors of the npm package write white space and controls as character references, which HTML keeps as they are."""
    return re.sub(r"&#x([0-9A-Fa-f]+);", lambda match: chr(int(match.group(1), 16)), text)


@pytest.mark.parametrize("name", ["srcset_parse_wpt", "srcset_parse_npm"])
def test_vectors(corpus: Path, name: str) -> None:
    """Every vector is parsed as the standard says."""
    cases: list[dict[str, Any]] = json.loads((corpus / "vectors" / f"{name}.json").read_text(encoding="utf-8"))
    unescape = unescaped if name.endswith("npm") else str
    wrong = [
        (case["srcset"], found, case["expect_url"])
        for case in cases
        if not same(found := chosen(parse_srcset(unescape(case["srcset"]))), unescape(case["expect_url"]))
    ]
    assert len(cases) >= 230
    assert not wrong


@pytest.mark.parametrize(
    ("srcset", "candidates"),
    [
        ("", []),
        ("a.jpg", [("a.jpg", None, None, None)]),
        ("a.jpg 320w, b.jpg 2x", [("a.jpg", 320, None, None), ("b.jpg", None, 2.0, None)]),
        (
            "/w_320,c_fill/a.jpg 320w,/w_640,c_fill/a.jpg 640w",
            [("/w_320,c_fill/a.jpg", 320, None, None), ("/w_640,c_fill/a.jpg", 640, None, None)],
        ),
        ("a.jpg 320w 240h", [("a.jpg", 320, None, 240)]),
        ("a.jpg 240h, b.jpg", [("b.jpg", None, None, None)]),
        ("a.jpg (x, 1x), b.jpg", [("b.jpg", None, None, None)]),
        ("a.jpg -1x, b.jpg 1.x, c.jpg 1e1x", [("c.jpg", None, 10.0, None)]),
        ("a.jpg 1e999x, b.jpg 2x", [("b.jpg", None, 2.0, None)]),
        ("a 1w 2w, b 1x 2x, c 1w 1x, d 1x 1w, e 1w 2h 3h, f 0w, g 1w 0h, h 1x 1h, i 1h 2w", [("i", 2, None, 1)]),
    ],
)
def test_candidates(srcset: str, candidates: list[tuple[str, int | None, float | None, int | None]]) -> None:
    """Commas in URLs are no ends of candidates, and a wrong descriptor costs its candidate alone."""
    assert [(found.url, found.width, found.density, found.height) for found in parse_srcset(srcset)] == candidates


@given(st.text(alphabet="a,()1wxh. -\t\n", max_size=60))
def test_any_text(srcset: str) -> None:
    """Any text gives candidates whose URLs stand in it as written, without white space around."""
    for candidate in parse_srcset(srcset):
        assert candidate.url in srcset
        assert candidate.url
        assert not set(candidate.url) & set(" \t\n")
        assert not candidate.url.endswith(",") or srcset.count(",") > candidate.url.count(",")
