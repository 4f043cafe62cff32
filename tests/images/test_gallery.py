"""Every picture of the bundled gallery page, as the page's author means it."""

from __future__ import annotations

import pytest

from linkmedia_scrapy import ImageItem, LinkMediaConfig, extract
from tests.conftest import SITE, site_url

PAGE = SITE / "gallery" / "index.html"
BASE = "http://127.0.0.1:8000/img/"
PICTURES = [
    ("img", "g01.jpg", "First light in March", "First light, March", False),
    ("img", "g02.jpg", "Green hills under a clear sky", "The hills above town, May", True),
    ("img", "g03.jpg", "A boat at dusk", "Coming home, August", True),
    ("img", "g04.jpg", "Mint-green morning", "Morning mist, June", True),
    ("img", "g05.jpg", "Stars over the lake", "Eleven minutes past midnight", True),
    ("img", "g06.jpg", "Sailing in winter", "Winter sail, January", True),
    ("picture", "g07.webp", "Brown hills in autumn", "Bracken, October", True),
    ("picture", "g08.webp", "A rose-coloured evening", "The coal pier, September", False),
    ("css", "g09.jpg", "Sailing in July", "Regatta, July", False),
    ("css", "g10.jpg", "Red evening", "After the storm, November", False),
    ("img", "g12.jpg", "Sunset at the north shore", "North shore, December", True),
]
VARIANTS = {
    "g05.jpg": [("g05-320.jpg", 320), ("g05.jpg", 640)],
    "g06.jpg": [("g06-320.jpg", 320), ("g06.jpg", 640)],
    "g07.webp": [("g07.webp", None), ("g07.jpg", None)],
    "g08.webp": [("g08.webp", None), ("g08.jpg", None)],
}


def gallery(config: LinkMediaConfig | None = None, *, rendered: bool = False) -> list[ImageItem]:
    """The page's images."""
    return extract(PAGE.read_bytes(), site_url(PAGE), config=config, rendered=rendered).images


def test_pictures() -> None:
    """The pictures by the defaults: kind, source, alternative text, caption, laziness, in the page's order."""
    found = [(image.kind, image.src.removeprefix(BASE + "gallery/"), image.alt, image.caption, image.lazy) for image in gallery()]
    assert found == PICTURES


@pytest.mark.parametrize("image", gallery(), ids=lambda image: image.src.rpartition("/")[2])
def test_fields(image: ImageItem) -> None:
    """Every other field of each picture."""
    name = image.src.removeprefix(BASE + "gallery/")
    shown = (None, None) if image.kind == "css" else (640, 427)
    assert image.page_url == site_url(PAGE)
    assert (image.width, image.height) == shown
    assert image.desc == image.caption
    assert image.format == ("webp" if name.endswith("webp") else "jpeg")
    assert [(v["src"].removeprefix(BASE + "gallery/"), v["width"]) for v in image.variants] == VARIANTS.get(name, [])
    assert (image.placeholder_src is not None) == (name in ("g03.jpg", "g04.jpg", "g05.jpg"))
    assert image.placeholder_src is None or image.placeholder_src.startswith("data:image/")
    assert image.link_url == (image.src if name in ("g01.jpg", "g02.jpg", "g12.jpg") else None)
    assert image.is_main == (name == "g01.jpg")
    assert (image.base_domain, image.scope) == ("127.0.0.1", "internal")
    assert (image.region, image.heading, image.occurrences) == ("main", "A year on the water", 1)
    assert 2 <= image.score <= 10
    assert image.score == round(min(10, max(0, sum(image.score_parts.values()))), 2)
    assert len(image.group_id) == 12
    assert image.type == "image"
    assert {image.natural_width, image.displayed_height, image.visible, image.path, image.checksum} == {None}


def test_furniture_is_left_out_with_its_reason() -> None:
    """The logo scores too low, and g11, of which a script alone knows the URL, shows a placeholder."""
    page = extract(PAGE.read_bytes(), site_url(PAGE))
    assert page.dropped["image"] == {"score": 1, "placeholder": 1}
    everything = gallery(LinkMediaConfig(image_score_threshold=None))
    left = {image.src.removeprefix(BASE): image for image in everything if image.score < 2}
    assert set(left) == {"logo.svg", "placeholder.svg"}
    assert {"named_logo", "link_home"} & set(left["logo.svg"].score_parts)
    assert "placeholder" in left["placeholder.svg"].score_parts


def test_rendered_markup() -> None:
    """With scripts run the noscript twins are text, and the pictures are the same."""
    assert [image.src for image in gallery(rendered=True)] == [image.src for image in gallery()]
