"""Background pictures in CSS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmedia_scrapy.extraction.css import background_images


@pytest.mark.parametrize(
    ("css", "layers"),
    [
        ("background-image: url('a b.png')", [["a b.png"]]),
        ('a{background:#fff URL( "x.png" ) no-repeat;color:red}b{background:url(y.png)}', [["x.png"], ["y.png"]]),
        ("background: url(a.png), linear-gradient(red, blue), url(b.png)", [["a.png"], ["b.png"]]),
        ("background-image: image-set('a.png' 1x, url(b.png) 2x), url(c.png)", [["a.png", "b.png"], ["c.png"]]),
        ("BACKGROUND: URL(a.png); Background-Image: Image('b.png'), src('c.png')", [["a.png"], ["b.png"], ["c.png"]]),
        ("BACKGROUND-IMAGE: -Webkit-Image-Set('a.png' 1x)", [["a.png"]]),
        ("background: url(a\\(1\\).png)", [["a(1).png"]]),
        ("background: url('data:image/svg+xml,<svg a=\"b;c\">')", [['data:image/svg+xml,<svg a="b;c">']]),
        ("background: url(a b.png)", []),
        ("background: url(a\u00a0b.png)", [["a\u00a0b.png"]]),
        ("background: url(a 'b.png'), url(c.png)", [["c.png"]]),
        ("background: url(https\\3a //h/\\61 b.png )", [["https://h/ab.png"]]),
        ("background: url('a.png), url(\n'b.png'); background: url(c.png)", [["c.png"]]),
        ("background: url('a\\\n.png')", [["a.png"]]),
        ("/* background: url(a.png) */ color: red", []),
        ("content: 'background: url(a.png)'", []),
        ("xbackground: url(a.png); x-background: url(b.png)", []),
        ("background: url(\\d800 \\dfff \\e000 )", [["\ufffd\ufffd\ue000"]]),
        ("--my-background: url(a.png); cursor: url(b.cur); background-position: 0 0", []),
        ("@font-face { src: url(a.woff) } @import url(b.css); li { list-style-image: url(c.png) }", []),
        ("background: url(a.png", [["a.png"]]),
        ("background: none; background-image: url()", [[""]]),
        ("background: 'not-a-url.png' url(a.png)", [["a.png"]]),
        ("body{background:url(a.png)/*x;y*/ fixed}", [["a.png"]]),
    ],
)
def test_background_images(css: str, layers: list[list[str]]) -> None:
    """Layers of background declarations, and nothing of other declarations, comments and strings."""
    assert [[candidate.url for candidate in layer] for layer in background_images(css)] == layers


@pytest.mark.parametrize(
    ("css", "densities"),
    [
        ("image-set(url(a) 1x, 'b' 2x), url(c)", [[1.0, 2.0], [None]]),
        ("-webkit-image-set(url('a') 1.5DPPX, url(b) 192dpi, url(c) 96dpcm)", [[1.5, 2.0, 2.54]]),
        ("image-set('a' type('image/avif') .5x, 'b' type('image/png'))", [[0.5, None]]),
        ("image-set('a' 2xx, 'b' -2x, 'c' 2)", [[None, None, None]]),
        ("image-set(2x 'a'), 2x url(b) 2x", [[None], [None]]),
    ],
)
def test_resolutions(css: str, densities: list[list[float | None]]) -> None:
    """What the members of an image-set say of their resolution, in dots for one CSS pixel."""
    layers = background_images(f"background-image: {css}")
    assert [[candidate.density for candidate in layer] for layer in layers] == densities


@given(
    st.lists(st.sampled_from(["background:", "url(", ")", "'", '"', "/*", "*/", "\\", ";", "{", "}", ",", " ", "a", "\n", "image-set("]))
)
def test_any_text(parts: list[str]) -> None:
    """Any text gives layers of references, and each layer has one at least."""
    for layer in background_images("".join(parts)):
        assert layer
        assert all(isinstance(candidate.url, str) for candidate in layer)
