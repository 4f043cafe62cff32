"""Which picture an image's URL shows."""

from __future__ import annotations

import pytest

from linkmedia_scrapy.extraction.images.identity import format_of, identify
from linkmedia_scrapy.extraction.images.lazy import is_placeholder, json_references
from linkmedia_scrapy.extraction.images.words import is_control, meanings, zone_of

SAME = {
    "WordPress": ["https://example.com/u/photo.jpg", "https://example.com/u/photo-640x426.jpg", "https://example.com/u/photo-scaled.jpg"],
    "Photon": ["https://example.com/u/photo.jpg", "https://i0.wp.com/example.com/u/photo.jpg?resize=640%2C427&ssl=1"],
    "Wikimedia": [
        "https://upload.wikimedia.org/wikipedia/commons/3/31/Lake.svg",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/3/31/Lake.svg/40px-Lake.svg.png",
    ],
    "Cloudinary": [
        "https://res.example.com/demo/image/upload/v1/lake.jpg",
        "https://res.example.com/demo/image/upload/c_fill,g_auto,h_250,w_970/v1/lake.jpg",
        "https://res.example.com/demo/image/upload/w_300/v1/lake.webp",
    ],
    "Medium": ["https://m.example.com/max/60/1*a.png?q=20", "https://m.example.com/max/3688/1*a.png"],
    "Next.js": ["https://example.com/lake.jpg", "https://example.com/_next/image?url=%2Flake.jpg&w=640&q=75"],
    "imgix": ["https://i.example.com/lake.jpg?w=320&fit=crop&auto=format", "https://i.example.com/lake.jpg?w=640"],
    "formats": ["https://example.com/lake.jpg", "https://example.com/lake.webp", "https://example.com/lake.jpg.avif"],
    "density": ["https://example.com/lake.png", "https://example.com/lake@2x.png"],
    "fetched": [
        "https://cdn.example.com/image/fetch/w_1456,c_limit/https%3A%2F%2Fs3.example.org%2Flake.jpeg",
        "https://s3.example.org/lake.jpeg",
    ],
    "scheme": ["http://example.com/lake.jpg", "https://example.com/lake.jpg#top"],
}
DIFFERENT = [
    ("https://example.com/image.php?id=1", "https://example.com/image.php?id=2"),
    ("https://example.com/photos/123/img.jpg", "https://example.com/photos/124/img.jpg"),
    ("https://example.com/2016/05/a.jpg", "https://example.com/2016/06/a.jpg"),
    ("https://example.com/g01.jpg", "https://example.com/g02.jpg"),
    ("https://example.com/a.jpg", "https://example.org/a.jpg"),
    ("https://example.com/large/a.jpg", "https://example.com/large/b.jpg"),
    ("https://example.com/_small.jpg", "https://example.com/_large.jpg"),
]


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME)
def test_same_picture(urls: list[str]) -> None:
    """Sizes and formats of one picture have one key."""
    assert len({identify(url).key for url in urls}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pictures(one: str, other: str) -> None:
    """What tells pictures apart is kept."""
    assert identify(one).key != identify(other).key


@pytest.mark.parametrize(
    ("url", "size"),
    [
        ("https://example.com/a-640x426.jpg", (640, 426)),
        ("https://example.com/w_320,h_200/a.jpg", (320, 200)),
        ("https://example.com/a.jpg?width=800", (800, None)),
        ("https://example.com/thumb/3/31/A.svg/40px-A.svg.png", (40, None)),
        ("https://example.com/16x9/a.jpg", (None, None)),
        ("https://example.com/a.jpg", (None, None)),
    ],
)
def test_size(url: str, size: tuple[int | None, int | None]) -> None:
    """Pixels that a URL states, and no aspect ratios."""
    assert identify(url)[1:3] == size


@pytest.mark.parametrize(
    ("url", "mime_type", "image_format"),
    [
        ("https://example.com/a.JPG?x=.png", "", "jpeg"),
        ("https://example.com/a.svg.png", "", "png"),
        ("https://example.com/a", "image/avif", "avif"),
        ("https://example.com/a.jpg?fm=webp&w=2", "", "webp"),
        ("https://example.com/a.php", "", ""),
    ],
)
def test_format(url: str, mime_type: str, image_format: str) -> None:
    """The media type, else what the URL asks for, else its extension."""
    assert format_of(url, mime_type) == image_format


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("placeholder.svg", True),
        ("spacer.gif", True),
        ("1x1.gif", True),
        ("lazy-placeholder-300x200.png", True),
        ("loading-dock.jpg", False),
        ("clear-water.jpg", False),
        ("photo.jpg", False),
        ("", False),
    ],
)
def test_placeholder(name: str, expected: bool) -> None:
    """Whole names of stand-ins, and no picture with such a word in its name."""
    assert is_placeholder("https://example.com/i/" + name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("silicone-mold", set()),
        ("lexicon", set()),
        ("siteLogo", {"logo"}),
        ("social_icons", {"icon", "social"}),
        ("9ad74fa2", set()),
        ("header-ad", {"ad", "decoration", "navigation"}),
    ],
)
def test_meanings(name: str, expected: set[str]) -> None:
    """Words count whole, wherever they are joined; parts of words and of hexadecimal names do not."""
    assert meanings(name) == expected


def test_controls_and_zones() -> None:
    """A control's name says nothing else; a header is the page's unless it is named as that of something else."""
    assert is_control("next")
    assert not is_control("next-summer")
    assert [zone_of(name) for name in ("header", "post-header", "site-footer", "sidebar", "gallery", "x")] == [
        "navigation",
        "content",
        "footer",
        "sidebar",
        "content",
        "",
    ]


def test_json_attributes() -> None:
    """Images are taken out of attributes that hold JSON, Python-like lists and Foundation's interchange."""
    assert json_references({"data-a-dynamic-image": '{"https://example.com/a.jpg":[1,2],"https://example.com/b.jpg":[3,4]}'}) == [
        "https://example.com/a.jpg",
        "https://example.com/b.jpg",
    ]
    assert json_references({"data-frz-src-array": "[{'src':'/c.png','width':160}]"}) == ["/c.png"]
    assert json_references({"data-interchange": "[/d.jpg, small], [/e.jpg, large]"}) == ["/d.jpg", "/e.jpg"]
    assert json_references({"data-sources": "{broken"}) == []
