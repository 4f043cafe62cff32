"""The work for a page's images grows as the page does: counted in calls, not in time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from linkmedia_scrapy import LinkMediaConfig, extract
from tests.conftest import calls

URL = "https://example.com/a/"
CONFIG = LinkMediaConfig(extract=("images",), image_score_threshold=None)
WORDS = "lorem ipsum dolor sit amet consectetur adipiscing "
SHAPES: dict[str, Callable[[int], str]] = {
    "cards": lambda n: "".join(f"<div class=card><img src=/p/{i}.jpg><p>{WORDS * 2}{i}</p></div>" for i in range(n)),
    "one block of text": lambda n: "<div>" + "".join(f"<img src=/p/{i}.jpg> {WORDS}" for i in range(n)) + "</div>",
    "no text": lambda n: "<div>" + "".join(f"<span></span><img src=/p/{i}.jpg><span></span>" for i in range(n)) + "</div>",
    "empty blocks": lambda n: "<div>" + "<p></p>" * n + "".join(f"<img src=/p/{i}.jpg>" for i in range(n)) + "</div>",
    "noscript": lambda n: "".join(f"<img src=data:,><noscript><img src=/p/{i}.jpg></noscript>" for i in range(n)),
    "sources": lambda n: "<picture>" + "".join(f"<source srcset=/p/{i}.jpg>" for i in range(n)) + "<img src=/a.jpg>" * n,
    "pictures in pictures": lambda n: "".join(f"<picture><source srcset=/p/{i}.jpg><img src={i}.jpg>" for i in range(n)),
    "one picture": lambda n: "".join(f"<img srcset='/a.jpg 1x, /b{i}.jpg 2x'>" for i in range(n)),
    "backgrounds": lambda n: "".join(f"<div style='background:url(/p/{i}.jpg)'>{WORDS}</div>" for i in range(n)),
    "one srcset": lambda n: "<img srcset='" + ", ".join(f"/p/{i}.jpg {i + 1}w" for i in range(n)) + "'>",
    "style sheet": lambda n: "<style>" + "".join(f".a{i} {{ background: url(/p/{i}.jpg) }}" for i in range(n)) + "</style>",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_calls_grow_with_the_page(shape: Callable[[int], str]) -> None:
    """Twice the page takes about twice the calls."""
    small, large = shape(300), shape(600)
    for page in (small, large):
        extract(page, URL, config=CONFIG)  # what is imported and compiled once, and what words and URLs say
    first = calls(lambda: extract(small, URL, config=CONFIG))
    assert calls(lambda: extract(large, URL, config=CONFIG)) < 2.3 * first


def test_images_in_one_long_link() -> None:
    """What the link around images leads to is read once, however many images stand in it: 600 kB of these took a minute."""

    def work(ending: str, what: str = "") -> int:
        images = "".join(f"<img class=banner src=/p/{i}.jpg>" for i in range(300))
        html = f"<a href='/{'lake-' * 200}{ending}'>{images}</a>"
        extract(html, URL, config=CONFIG)
        return calls(lambda: extract(html, URL, config=CONFIG), what)

    assert work(".jpg") < 1.2 * work("")
    assert work("", "judge") < 400
    assert work("", "file_url") < 400


def test_memory_of_descriptions() -> None:
    """2,000 images in 200 kB of text: each description is short, and all of them cost less than a few pages."""
    html = "<body>" + "".join(f"<div><img src=/p/{i}.jpg width=300 height=200><p>{WORDS * 2}{i}</p></div>" for i in range(2000))
    assert len(html) > 200_000
    tracemalloc.start()
    try:
        page = extract(html, URL, config=CONFIG)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(page.images) == 2000
    assert all(len(image.desc) <= 300 for image in page.images)
    assert peak < 40_000_000


def test_no_work_where_no_images_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """With exclude_all_images nothing looks for images at all."""

    def refuse(page: object) -> list[object]:
        raise AssertionError

    monkeypatch.setattr("linkmedia_scrapy.extraction.page.extract_images", refuse)
    page = extract("<img src=/1.jpg><div style='background:url(/2.jpg)'>", URL, config=LinkMediaConfig(exclude_all_images=True))
    assert page.success
    assert (page.images, page.dropped) == ([], {})
