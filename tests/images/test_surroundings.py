"""What stands around an image: found once, by one climb."""

from __future__ import annotations

import pytest

from linkmedia_scrapy.extraction.document import Document
from linkmedia_scrapy.extraction.images.surroundings import Around, Surroundings


def around(html: str) -> Around:
    """What stands around the last image of a page."""
    document = Document(html)
    surroundings = Surroundings()
    return [surroundings.of(spot.element) for spot in document.find("img")][-1]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<a href='/p'><b><img></b></a>", "/p"),
        ("<a name=top><img></a>", ""),
        ("<a href='/p'>text</a><img>", None),
        ("<a href='/p'><img></a><img>", None),
    ],
    ids=["inside", "without href", "beside", "after another"],
)
def test_link(html: str, link: str | None) -> None:
    """The reference of the link that the image stands in, and of no other."""
    assert around(html).link == link


def test_elements() -> None:
    """The nearest figure, picture, noscript and cell, and whether there is a button."""
    inside = around("<table><td><figure id=outer><figure id=inner><button><picture><noscript><img></noscript></picture></button></figure>")
    assert inside.figure is not None
    assert inside.figure.attr("id") == "inner"
    assert [element.tag for element in (inside.picture, inside.noscript, inside.cell) if element is not None] == [
        "picture",
        "noscript",
        "td",
    ]
    assert inside.button
    outside = around("<figure><img></figure><img>")
    assert (outside.figure, outside.picture, outside.noscript, outside.cell, outside.button) == (None, None, None, None, False)


@pytest.mark.parametrize("depth", range(5))
def test_words_reach_three_elements_far(depth: int) -> None:
    """Names count in the image's three nearest elements."""
    inside = around("<div class=avatar>" + "<div>" * depth + "<img>")
    assert ("avatar" in inside.words) == (depth < 3)


def test_zone_is_the_nearest() -> None:
    """The nearest name that tells a part of the page counts, however far it is; the names of body count for nothing."""
    deep = "<div>" * 20
    assert around(f"<div class=sidebar><div id=footer>{deep}<img>").zone == "footer"
    assert around(f"<div id=footer><div class=sidebar>{deep}<img>").zone == "sidebar"
    assert around(f"<div id=footer></div><div>{deep}<img>").zone == ""
    assert around("<body class=sidebar><img>").zone == ""
