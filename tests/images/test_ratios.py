"""Width and height that are a ratio, where those who write them mean no pixels."""

from __future__ import annotations

import pytest

from linkmedia_scrapy import ImageItem, LinkMediaConfig, extract

URL = "https://example.com/a/"
CANDIDATES = "srcset='/boat-640.jpg 640w, /boat-1280.jpg 1280w'"


def image_of(html: str) -> ImageItem:
    """The one image of a page, however it is scored."""
    (image,) = extract(html, URL, config=LinkMediaConfig(extract=("images",), image_score_threshold=None)).images
    return image


@pytest.mark.parametrize(
    ("html", "width"),
    [
        pytest.param("<amp-img src=/boat.jpg width=16 height=9 layout=responsive></amp-img>", None, id="amp"),
        pytest.param("<amp-img src=/boat.jpg width=4 height=3 layout=' Responsive'></amp-img>", None, id="amp, four to three"),
        pytest.param("<amp-img src=/boat.jpg width=1.33 height=1 layout=responsive></amp-img>", None, id="amp, to one"),
        pytest.param("<amp-img src=/boat.jpg width=16 height=9 sizes=100vw></amp-img>", None, id="amp, responsive by sizes"),
        pytest.param(f"<amp-img src=/boat.jpg {CANDIDATES} width=16 height=9 layout=responsive></amp-img>", 1280, id="amp, candidates"),
        pytest.param(f"<img src=/boat.jpg {CANDIDATES} width=16 height=9>", 1280, id="img"),
        pytest.param(f"<img src=/boat.jpg {CANDIDATES} width=1 height=1>", 1280, id="img, to one"),
        pytest.param(f"<img src=data:, data-{CANDIDATES} width=16 height=9>", 1280, id="lazy img"),
        pytest.param(f"<picture><source {CANDIDATES}><img src=/boat.jpg width=16 height=9></picture>", 1280, id="picture"),
    ],
)
def test_ratios(html: str, width: int | None) -> None:
    """A ratio is no size, and nothing speaks of an icon; the width is that of the largest candidate, where one is told."""
    image = image_of(html)
    assert (image.width, image.height) == (width, None)
    assert not {"pixel", "line", "size_icon", "size_small"} & set(image.score_parts)


@pytest.mark.parametrize(
    ("html", "size"),
    [
        pytest.param("<amp-img src=/cart.png width=24 height=24></amp-img>", (24, 24), id="amp, fixed"),
        pytest.param("<amp-img src=/cart.png width=24 height=24 layout=intrinsic></amp-img>", (24, 24), id="amp, no larger than that"),
        pytest.param("<amp-img src=/boat.jpg width=1080 height=610 layout=responsive></amp-img>", (1080, 610), id="amp, pixels"),
        pytest.param("<amp-img src=/line.png width=20 height=400 layout=responsive></amp-img>", (20, 400), id="amp, high"),
        pytest.param(
            f"<img src=/jane.jpg {CANDIDATES} sizes='(min-width: 9px) 35px, 24px' width=1 height=1>", (35, None), id="sizes in pixels"
        ),
        pytest.param("<img src=/cart.png width=16 height=9>", (16, 9), id="img alone"),
        pytest.param("<img src=/cart.png srcset='/cart.png 1x, /cart-2.png 2x' width=16 height=16>", (16, 16), id="densities"),
        pytest.param(
            "<img src=/cart.png srcset='/c-32.png 32w, /c-640.png 640w, /c-3840.png 3840w' width=32 height=32>", (32, 32), id="all sizes"
        ),
        pytest.param("<img src=/cart.png srcset='/c-96.png 96w, /c-128.png 128w' width=32 height=32>", (32, 32), id="fine displays"),
        pytest.param(f"<img src=/cart.png {CANDIDATES} width=0 height=0>", (0, 0), id="nothing"),
        pytest.param(f"<img src=/boat.jpg {CANDIDATES} width=64 height=36>", (64, 36), id="larger than an icon"),
    ],
)
def test_pixels(html: str, size: tuple[int, int | None]) -> None:
    """Small pictures stay small: those of a fixed size, and those of which a candidate fits the size that they are shown in."""
    image = image_of(html)
    assert (image.width, image.height) == size
