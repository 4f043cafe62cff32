"""The page's main picture: the one that a preview of the page would show."""

from __future__ import annotations

import re
from math import log2
from typing import Final

from linkmedia_scrapy.extraction.images.identity import identify
from linkmedia_scrapy.items import ImageItem

__all__ = ["mark_main", "rank"]

_CONTENT: Final = 2.0  # the least score of a main picture, whatever else is kept: the default of image_score_threshold
_EARLY: Final = 12  # images counted on: beyond, the place in the page says nothing more
_LATER: Final = 0.5  # points that each image costs the next one
_FIRST: Final = 2.0  # points of the first image in a place where contents begin
_CONTENTS: Final = ("main", "article")
_LINKED: Final = frozenset({"link_elsewhere", "link_page", "link_service"})
_COMMON: Final = frozenset("and are der die das del des den for from las les los mit out que the und une von was with you your".split())
"""Words that say nothing of what a title and an image have in common."""
_LONGEST: Final = 300  # characters of a title or heading
_USUAL: Final = 150  # pixels: larger speaks for a picture, smaller against it
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NONE: Final[frozenset[str]] = frozenset()
_LOGO: Final = frozenset({"named_icon", "named_logo"})
_OF_THE_SITE: Final = frozenset({"named_social", "path_icon", "path_logo"})
"""Parts that say of a declared picture that no element shows that it is the same on all pages, for those that have none of their own."""
_DECLARING: Final = ("meta", "jsonld")
_CALLED: Final = 3  # words in common with the page's title that make an image its namesake


def mark_main(images: list[ImageItem], title: str = "") -> None:
    """Set `is_main` of the picture that the page's metadata name, else of the one that ranks first; of none where there is no content."""
    for image in rank(images, title)[:1]:
        image.is_main = True


def rank(images: list[ImageItem], title: str = "") -> list[ImageItem]:
    """The images that may be the main one, the likeliest first; `title` is the page's."""
    words = _words(title)
    content = [image for image in images if image.score >= _CONTENT and image.kind not in ("icon", "input")]
    points = [_points(image, words) - _LATER * min(index, _EARLY) for index, image in enumerate(content)]
    # contents begin with the main picture: below the page's title, and in its article
    for index in (_first_below_title(content, words), _first_of_article(content)):
        if index is not None:
            points[index] += _FIRST
    declared = [_is_declared(image) for image in content]
    order = sorted(range(len(content)), key=lambda index: (not declared[index], -points[index], index))
    return [content[index] for index in order if declared[index] or points[index] > 0]


def _is_declared(image: ImageItem) -> bool:
    """Whether the page's metadata name it as the page's own picture, not the site's logo or its card for social media."""
    if "declared" not in image.score_parts:
        return False
    return (_OF_THE_SITE if image.kind in _DECLARING else _LOGO).isdisjoint(image.score_parts)


def _points(image: ImageItem, title: frozenset[str]) -> float:
    parts = image.score_parts
    points = image.score
    width, height = _size(image)
    if width or height:
        least, most = min(width or height, height or width), max(width, height)
        points += max(-2.7, min(3.3, log2(max(least, most / 2) / _USUAL)))
        if width and height and most > 3 * least:
            points -= 1.5
    if image.region in _CONTENTS:
        points += 1.0
    elif image.region in ("nav", "footer", "aside"):
        points -= 3.0
    if image.caption:
        points += 1.5
    if "itemprop_image" in parts:
        points += 2.0
    if not _LINKED.isdisjoint(parts):
        points -= 3.5
    if image.kind in ("css", "svg", "noscript"):
        points -= 1.0
    if title:
        points += 2.0 * min(len(_called(image, title)), _CALLED)
    return points


def _first_below_title(images: list[ImageItem], title: frozenset[str]) -> int | None:
    """The index of the first image under a heading that says what the page's title does: half of the heading's words at least."""
    if title:
        for index, image in enumerate(images):
            words = _words(image.heading)
            if words and 2 * len(words & title) >= len(words):
                return index
    return None


def _first_of_article(images: list[ImageItem]) -> int | None:
    """The index of the first image in the page's main or article landmark."""
    for index, image in enumerate(images):
        if image.region in _CONTENTS:
            return index
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:_LONGEST].lower())) - _COMMON


def _called(image: ImageItem, title: frozenset[str]) -> frozenset[str]:
    """Which of the title's words an image's alternative text or file name has."""
    text = f"{image.alt[:200]} {identify(image.src).readable_stem[:100]}".lower()
    for word in title:
        if word in text:  # else the text, as most, is not cut into words
            return title.intersection(_WORD.findall(text))
    return _NONE


def _size(image: ImageItem) -> tuple[int, int]:
    """Width and height in pixels of what the page shows, or of the file, whichever is larger; 0 where it is unknown."""
    file_width = file_height = 0
    if not image.src.startswith("data:"):
        width, height = identify(image.src).size
        file_width, file_height = width or 0, height or 0
    for variant in image.variants:
        file_width = max(file_width, variant["width"] or 0)
    if file_width > (image.width or 0):
        return file_width, file_height or (round(file_width * (image.height or 0) / image.width) if image.width else 0)
    return image.width or 0, image.height or 0
