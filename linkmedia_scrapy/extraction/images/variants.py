"""Which of a picture's candidates is the best: the largest real one."""

from __future__ import annotations

from linkmedia_scrapy.extraction.images.identity import identify
from linkmedia_scrapy.extraction.images.lazy import is_placeholder
from linkmedia_scrapy.extraction.images.sources import Variant

__all__ = ["best_variant", "key_of", "width_of"]

_UNBOUNDED = 1 << 20


def key_of(url: str) -> str:
    """What the URLs of one picture share, whatever its size and format; a data URL is its own key."""
    return url if url.startswith("data:") else identify(url).key


def width_of(variant: Variant, shown_width: int | None) -> int:
    """A candidate's width in pixels as far as the page tells it, 0 where it does not; `shown_width` is the element's, in CSS pixels."""
    if variant["width"]:
        return int(variant["width"])
    width = identify(variant["src"]).width
    if width is not None:
        return width
    return int((shown_width or 0) * (variant["density"] or 1.0)) if variant["density"] or shown_width else 0


def best_variant(variants: list[Variant], shown_width: int | None) -> Variant:
    """The largest candidate that is no placeholder; of equal ones the first, as a browser takes it.

    A URL without a size beside others of the same picture that have one is the original, and larger than those.
    """
    if len(variants) == 1:
        return variants[0]
    sized = {identity.key for variant in variants if (identity := identify(variant["src"])).width is not None}

    def rank(variant: Variant) -> tuple[bool, int, float, bool]:
        identity = identify(variant["src"])
        width = width_of(variant, shown_width)
        if not variant["width"] and not variant["density"] and identity.width is None and identity.key in sized:
            width = _UNBOUNDED
        return (not is_placeholder(variant["src"]), width, variant["density"] or 1.0, "max-width" not in variant["media"])

    return max(variants, key=rank)
