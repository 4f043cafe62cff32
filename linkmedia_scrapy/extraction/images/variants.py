"""Which of a picture's candidates is the best: the largest real one."""

from __future__ import annotations

from linkmedia_scrapy.extraction.images.identity import identify
from linkmedia_scrapy.extraction.images.lazy import says_placeholder
from linkmedia_scrapy.extraction.images.sources import Variant

__all__ = ["best_variant", "key_of"]

_UNBOUNDED = 1 << 20


def key_of(url: str) -> str:
    """What the URLs of one picture share, whatever its size and format; a data URL is its own key."""
    return url if url.startswith("data:") else identify(url).key


def best_variant(variants: list[Variant], shown_width: int | None) -> Variant:
    """The largest candidate that is no placeholder; of equal ones the first, as a browser takes it.

    A URL without a size beside others of the same picture that have one is the original, and larger than those.
    """
    if len(variants) == 1:
        return variants[0]
    identities = [identify(variant["src"]) for variant in variants]
    sized = {identity.key for identity in identities if identity.width is not None}
    best, best_rank = variants[0], (False, -1, 0.0, False)
    for variant, identity in zip(variants, identities, strict=True):
        width, density = variant["width"] or identity.width, variant["density"]
        if not width:
            if not density and identity.key in sized:
                width = _UNBOUNDED
            else:
                width = int((shown_width or 0) * (density or 1.0))
        rank = (not says_placeholder(identity.stem), width, density or 1.0, "max-width" not in variant["media"])
        if rank > best_rank:
            best, best_rank = variant, rank
    return best
