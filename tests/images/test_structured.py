"""Pictures in JSON-LD, Open Graph and Twitter cards, whatever stands there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmedia_scrapy import LinkMediaConfig, extract
from linkmedia_scrapy.extraction.structured import _META_IMAGES

URL = "https://example.com/a/"
ALL = LinkMediaConfig(extract=("images",), image_score_threshold=None)


def sources(html: str) -> list[str]:
    """The records' URLs, relative to the site."""
    return [image.src.removeprefix("https://example.com/") for image in extract(html, URL, config=ALL).images]


def script(value: Any) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


@pytest.mark.parametrize("attribute", ["property", "NAME", "itemprop"])
@pytest.mark.parametrize("name", _META_IMAGES)
def test_meta(attribute: str, name: str) -> None:
    """Every name by which a picture is told is looked for, in each of the attributes that may have it, however it is spelled."""
    assert sources(f"<meta {attribute}=' {name.title()}' content=/1.jpg>") == ["1.jpg"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"@type": "Article", "image": "/1.jpg"}, ["1.jpg"]),
        ({"@type": "Article", "image": ["/1.jpg", {"@type": "ImageObject", "url": "2.jpg"}]}, ["1.jpg", "a/2.jpg"]),
        ({"@type": "ImageObject", "contentUrl": "/1.jpg", "url": "/page"}, ["1.jpg"]),
        (
            {"@graph": [{"@type": "WebPage", "primaryImageOfPage": {"@id": "#i"}}, {"@type": "ImageObject", "@id": "#i", "url": "/1.jpg"}]},
            ["1.jpg"],
        ),
        ({"@type": "Organization", "logo": {"@type": "ImageObject", "url": "/logo.png"}}, ["logo.png"]),
        ({"@type": "Recipe", "step": [{"image": {"url": ["/1.jpg", "/2.jpg"]}}]}, ["1.jpg"]),
        ({"@type": "Article", "associatedMedia": {"@type": "VideoObject", "contentUrl": "/v.mp4"}}, []),
        ({"image": None, "logo": 3, "photo": [[], {}], "@type": 5, "@id": []}, []),
        ('<!-- {"image": "/1.jpg"} -->', ["1.jpg"]),
        ('\n\ufeff{"image": "/1.jpg"}', ["1.jpg"]),
        ('/*<![CDATA[*/ {"image": "/1.jpg"}; /*]]>*/', ["1.jpg"]),
    ],
)
def test_json_ld(value: Any, expected: list[str]) -> None:
    """A property's value may be a URL, an object, a reference to one, or a list of these."""
    assert sources(script(value)) == expected


@pytest.mark.parametrize("mime_type", [" Application/LD+JSON ", "application/ld+json; charset=utf-8", "application/ld+json;profile=x"])
def test_types_of_scripts(mime_type: str) -> None:
    """The type may have parameters."""
    assert sources(f'<script type=\'{mime_type}\'>{{"image": "/1.jpg"}}</script>') == ["1.jpg"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (800, 800),
        ([{"value": "800"}], 800),
        ({"@value": 800}, 800),
        (800.5, 800),
        ("800", 800),
        ("800px", 800),
        (True, None),
        (1e400, None),
        (-1, None),
        ("wide", None),
    ],
)
def test_sizes(value: Any, expected: int | None) -> None:
    """A width is a number, whole or not, or the text of one; anything else is none."""
    (image,) = extract(script({"@type": "ImageObject", "contentUrl": "/1.jpg", "width": value}), URL, config=ALL).images
    assert image.width == expected


@pytest.mark.parametrize("value", ["image/png", ["image/png", "image/webp"], {"@value": "image/png"}])
def test_types(value: Any) -> None:
    """A media type may be one of several, too: the first is the picture's."""
    (image,) = extract(script({"@type": "ImageObject", "contentUrl": "/1", "encodingFormat": value}), URL, config=ALL).images
    assert image.format == "png"


@pytest.mark.parametrize("text", ["{", "nonsense", '{"a": ' * 5000, "[" * 100_000, '{"image": "/1.jpg",}', "\x00"])
def test_invalid_json_is_counted(text: str) -> None:
    """What is no JSON is left out with its reason, and nothing else suffers."""
    page = extract(script(text) + "<img src=/2.jpg>", URL, config=ALL)
    assert page.success
    assert [image.src for image in page.images] == ["https://example.com/2.jpg"]
    assert page.dropped["jsonld"] == {"invalid_json": 1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "image", "logo", "url", "contentUrl", "width", "caption", "thumbnail"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json(value: Any) -> None:
    """Any JSON is read without an error, and gives absolute URLs."""
    page = extract(script(value).replace("</", "<\\/", json.dumps(value).count("</")), URL, config=ALL)
    assert page.success
    assert all(image.src.startswith(("https://", "http://")) for image in page.images)


def test_open_graph() -> None:
    """The structured properties of og:image belong to the image before them; Twitter's picture is joined where it is the same."""
    page = extract(
        '<meta property="og:image" content="/1-1200x630.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image:alt" content="A lake">'
        '<meta property="og:image:type" content="image/jpeg"><meta name="twitter:image" content="/1.jpg">'
        '<meta property="og:image" content="/2.jpg">',
        URL,
        config=ALL,
    )
    first, second = page.images
    assert (first.kind, first.src, first.width, first.height, first.alt, first.format) == (
        "meta",
        "https://example.com/1.jpg",
        1200,
        630,
        "A lake",
        "jpeg",
    )
    assert [variant["src"] for variant in first.variants] == ["https://example.com/1-1200x630.jpg", "https://example.com/1.jpg"]
    assert first.is_main
    assert not second.is_main


def test_open_graph_beside_twitter() -> None:
    """What is said of a picture is said of the one of the same vocabulary: the one before it, or, of the first, the one behind it."""
    page = extract(
        '<meta name="twitter:image:alt" content="The hill"><meta property="og:image" content="/lake.jpg">'
        '<meta name="twitter:image" content="/hill.jpg"><meta property="og:image:width" content="1200">',
        URL,
        config=ALL,
    )
    assert [(image.src.rpartition("/")[2], image.width, image.alt) for image in page.images] == [
        ("lake.jpg", 1200, ""),
        ("hill.jpg", None, "The hill"),
    ]


def test_open_graph_without_content() -> None:
    """What says nothing is passed over, and costs nothing that follows it."""
    assert sources("<meta property=og:image><meta property=og:image content=' '><meta property=og:image content=/1.jpg>") == ["1.jpg"]


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"@type": "Article", "image": "/1.jpg"}, "declared"),
        ({"@type": "Article", "thumbnailUrl": "/1.jpg"}, "declared"),
        ({"@type": "Article", "logo": "/1.jpg"}, "declared_logo"),
        ({"@type": "Organization", "image": "/1.jpg"}, "declared_logo"),
        ({"@type": "Person", "image": "/1.jpg"}, "declared_logo"),
    ],
)
def test_whose_picture_it_is(value: Any, part: str) -> None:
    """A picture of the page's own speaks for itself, not one of its publisher or author; no style sheet has anything to do with it."""
    (image,) = extract(script(value), URL, config=ALL).images
    assert {name for name in image.score_parts if name.startswith(("declared", "style"))} == {part}


def test_json_ld_in_the_order_of_the_page() -> None:
    """A picture stands where it is named first."""
    page = extract(script([{"image": ["/lake.jpg", "/hill.jpg"]}, {"image": "/lake.jpg"}]), URL, config=ALL)
    assert [image.src.rpartition("/")[2] for image in page.images] == ["lake.jpg", "hill.jpg"]


@pytest.mark.parametrize("node", [{"url": "/lake.jpg", "caption": "a  b" * 100_000}, {"url": [0] * 100_000}], ids=["text", "list"])
def test_a_picture_that_is_referred_to_again_and_again(node: dict[str, Any]) -> None:
    """It is read once: read for each reference, this would take minutes and gigabytes."""
    references = [{"image": {"@id": "lake"}}] * 10_000
    page = extract(script([{"@id": "lake", **node}, *references]), URL, config=ALL)
    assert len(page.images) == isinstance(node["url"], str)


def test_too_many_values() -> None:
    """What is more than is looked through is counted once, though images and players both look through it."""
    page = extract(script([{"@type": "VideoObject"}] * 100_001), URL)
    assert page.dropped == {"jsonld": {"too_many_values": 1}}
