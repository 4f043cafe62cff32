"""The page's main picture: the one that a preview of the page would show."""

from __future__ import annotations

from typing import Final

from linkmedia_scrapy.extraction.images.identity import identify
from linkmedia_scrapy.extraction.images.words import meanings
from linkmedia_scrapy.items import ImageItem

__all__ = ["mark_main", "rank"]

_EARLY: Final = 12  # images counted on: beyond, the place in the page says nothing more
_LEAD: Final = frozenset("hero lead lede featured feature top main aufmacher poster cover headline opener intro story article post product".split())


def mark_main(images: list[ImageItem]) -> None:
    """Set `is_main` of the picture that the page's metadata name, else of the one that ranks first; of none where there is no content."""
    for image in rank(images)[:1]:
        image.is_main = True


def rank(images: list[ImageItem]) -> list[ImageItem]:
    """The images that may be the main one, the likeliest first."""
    content = [image for image in images if image.kind not in ("icon", "input")]
    points = [(_points(image, index), -index) for index, image in enumerate(content)]
    order = sorted(range(len(content)), key=points.__getitem__, reverse=True)
    return [content[index] for index in order if points[index][0] > 0]


def _points(image: ImageItem, index: int) -> float:
    parts = image.score_parts
    points = image.score
    if "declared" in parts and "named_logo" not in parts:
        points += 12.0
    identity = identify(image.src)
    width = image.width or max((variant["width"] or 0 for variant in image.variants), default=0) or identity.width or 0
    height = image.height or identity.height or 0
    if width and height:
        area = width * height
        points += 4.0 if area >= 250_000 else 3.0 if area >= 120_000 else 1.5 if area >= 50_000 else 0.0 if area >= 15_000 else -4.0
    elif width:
        points += 3.0 if width >= 600 else 1.5 if width >= 300 else 0.0 if width >= 120 else -4.0
    points -= 0.35 * min(index, _EARLY)
    if image.region in ("main", "article"):
        points += 1.0
    if image.region in ("nav", "footer", "aside"):
        points -= 3.0
    if image.caption:
        points += 1.5
    if "itemprop_image" in parts:
        points += 2.0
    if "link_page" in parts or "link_elsewhere" in parts:
        points -= 2.5
    if image.kind in ("css", "svg", "noscript"):
        points -= 1.0
    return points


