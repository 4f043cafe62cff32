"""Lazy images: where the common libraries keep a picture until it is wanted, and what stands in for it.

The attributes are those of lazysizes, lozad, vanilla-lazyload, layzr, unveil, Lazy Load (jQuery), b-lazy, Slick, Owl, Swiper, Flickity,
Splide, RevSlider, WordPress' Jetpack, WP Rocket, a3 Lazy Load, Smush, Autoptimize, EWWW, SG Optimizer, NextGEN and NitroPack, WooCommerce,
PageSpeed, Cloudflare's Mirage, Shopify themes, and the large sizes of zoom and lightbox scripts.
"""

from __future__ import annotations

import re
from typing import Any, Final

from linkmedia_scrapy.extraction.images.identity import looks_like_image
from linkmedia_scrapy.extraction.srcset import Candidate

__all__ = [
    "LARGER",
    "LAZY",
    "LAZY_SRC",
    "LAZY_SRCSET",
    "by_density",
    "is_template",
    "json_references",
    "listed_references",
    "other_references",
]

LAZY_SRC: Final = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-orig-src",
    "data-cfsrc",
    "data-pagespeed-lazy-src",
    "data-pagespeed-high-res-src",
    "data-ll-src",
    "data-normal",
    "data-echo",
    "data-flickity-lazyload",
    "data-flickity-lazyload-src",
    "data-splide-lazy",
    "data-lazyload",
    "data-lazyload-src",
    "data-lazy-load",
    "data-lazysrc",
    "data-ewww-src",
    "data-src-img",
    "data-img-src",
    "data-imgsrc",
    "data-image-src",
    "data-img-url",
    "data-defer-src",
    "data-delayed-url",
    "data-ezsrc",
    "data-default-src",
    "data-frz-src",
    "data-actualsrc",
    "data-real-src",
    "data-runner-src",
    "data-gt-lazy-src",
    "data-wood-src",
    "nitro-lazy-src",
    "data-mask-src",
    "data-url",
    "data-src-large",
    "data-src-medium",
    "data-original-desktop",
    "datasrc",
    "load-src",
    "lazy-src",
    "lazysrc",
    "lazyload",
    "lz-src",
    "big-src",
    "original",
    "src-lazy",
)
LAZY_SRCSET: Final = (
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
    "data-ll-srcset",
    "data-lazyload-srcset",
    "data-flickity-lazyload-srcset",
    "data-splide-lazy-srcset",
    "data-ewww-srcset",
    "data-ezsrcset",
    "data-orig-srcset",
    "data-gt-lazy-srcset",
    "nitro-lazy-srcset",
    "data-img-srcset",
    "data-src-srcset",
    "data-srcset-webp",
    "lazy-srcset",
)
LARGER: Final = (
    "data-large-file",
    "data-orig-file",
    "data-large_image",
    "data-large-image",
    "data-zoom-image",
    "data-zoom",
    "data-zoom-src",
    "data-hi-res-src",
    "data-high-res-src",
    "data-hires",
    "data-highres",
    "data-full",
    "data-full-src",
    "data-fullsrc",
    "data-full-url",
    "data-full-size",
    "data-full-size-image",
    "data-old-hires",
    "data-mediaviewer-src",
    "data-image-full",
    "data-src-retina",
    "data-retina",
    "data-at2x",
    "data-2x",
    "data-rjs",
)
_JSON: Final = (
    "data-a-dynamic-image",
    "data-frz-src-array",
    "data-interchange",
    "data-sources",
    "data-images",
    "data-attrs",
    "data-settings",
)
LAZY: Final = frozenset(LAZY_SRC) | frozenset(LAZY_SRCSET) | frozenset(LARGER) | frozenset(_JSON)
"""All of these attributes."""

_JSON_NAMES: Final = frozenset(_JSON)
_IMAGE_REFERENCE: Final = re.compile(
    r"\A(?:https?:)?[^\s\"'<>{}^`|]{1,1000}\.(?:avif|gif|jpe?g|jfif|png|svg|webp)(?:[?#][^\s\"'<>{}]*)?\Z", re.IGNORECASE
)
_BETWEEN_QUOTED: Final = re.compile(r"[\"']")
_BETWEEN_PLAIN: Final = re.compile(r"[\[\],|\s]+")
_MAX_REFERENCES: Final = 32


def is_template(reference: str) -> bool:
    """Whether a script is to put a width into a reference: such a one names no picture yet.

    >>> is_template("/a_{width}x.jpg"), is_template("/a_100x.jpg")
    (True, False)
    """
    return (
        "{" in reference
        or ("%" in reference and ("%7B" in reference or "%7b" in reference or "<%" in reference))
        or ("[" in reference and ("[w]" in reference or "[width]" in reference))
    )


def by_density(reference: str) -> list[Candidate]:
    """A picture, and behind a bar the one for displays of twice as many pixels, as b-lazy has them.

    >>> [(candidate.url, candidate.density) for candidate in by_density("/a.jpg|/b.jpg")]
    [('/a.jpg', None), ('/b.jpg', 2.0)]
    """
    first, bar, second = reference.partition("|")
    if bar and looks_like_image(first) and looks_like_image(second):
        return [Candidate(first), Candidate(second, density=2.0)]
    return [Candidate(reference)]


def json_references(values: dict[str, Any]) -> list[str]:
    """The images in attributes whose value is JSON or the like: Amazon's sizes, Foundation's interchange, the Telegraph's arrays.

    >>> json_references({"data-a-dynamic-image": '{"https://example.com/a._SX300_.jpg": [300, 400]}'})
    ['https://example.com/a._SX300_.jpg']
    """
    if _JSON_NAMES.isdisjoint(values):
        return []
    found: dict[str, None] = {}
    for name in _JSON:
        value = values.get(name)
        if value:
            found.update(dict.fromkeys(listed_references(value)))
    return list(found)[:_MAX_REFERENCES]


def listed_references(value: str) -> list[str]:
    """The images in a value that lists them, with or without quotes.

    >>> listed_references("[/a.jpg, (default)], [/b.jpg, (large)]"), listed_references("['/a.jpg', 640]")
    (['/a.jpg', '/b.jpg'], ['/a.jpg'])
    """
    between = _BETWEEN_QUOTED if '"' in value or "'" in value else _BETWEEN_PLAIN
    parts = between.split(value[:20_000])
    return [
        part.replace("\\/", "/") for part in parts if "." in part and "/" in part and _IMAGE_REFERENCE.match(part) and not is_template(part)
    ]


def other_references(values: dict[str, Any]) -> list[str]:
    """The images in a lazy element's attributes of unknown name: whole values that can only be an image's URL."""
    return [
        value.strip()
        for name, value in values.items()
        if name.startswith("data-") and name not in LAZY and "placeholder" not in name and value and _IMAGE_REFERENCE.match(value.strip())
    ]
