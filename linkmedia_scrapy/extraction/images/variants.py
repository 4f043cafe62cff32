"""Which of a picture's candidates is the best: the largest real one."""

from __future__ import annotations

from linkmedia_scrapy.extraction.images.identity import identify, is_placeholder
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
    ranks: list[tuple[int, float, bool]] = []
    sized: set[str] | None = None
    for variant in variants:
        width, density = variant["width"], variant["density"]
        if not width:
            identity = identify(variant["src"])
            width = identity.size[0]
            if not width:
                if sized is None and not density:
                    sized = _sized_keys(variants)
                if not density and sized is not None and identity.key in sized:
                    width = _UNBOUNDED
                else:
                    width = int((shown_width or 0) * (density or 1.0))
        ranks.append((width, density or 1.0, "max-width" not in variant["media"]))
    best = variants[ranks.index(max(ranks))]
    if not is_placeholder(best["src"]):
        return best
    real = [index for index, variant in enumerate(variants) if not is_placeholder(variant["src"])]
    return variants[max(real, key=ranks.__getitem__)] if real else best


def _sized_keys(variants: list[Variant]) -> set[str]:
    """The keys of the candidates whose URLs tell their size."""
    identities = [identify(variant["src"]) for variant in variants]
    return {identity.key for identity in identities if identity.size[0] is not None}
