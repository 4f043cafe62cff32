"""A picture's candidates, and which of them is the best: the largest real one."""

from __future__ import annotations

import re
from typing import Any, Final

from linkmedia_scrapy.extraction.images.identity import Identity, identify

__all__ = ["Variant", "best_variant"]

_UNBOUNDED: Final = 1 << 20  # pixels: more than any candidate tells
_TINY: Final = re.compile(r"[-_]\d\d?x(?:\d\d?)?(?!\d)")
"""What may be a ratio (16x9), and is the size of a blurred preview beside others of the picture that have sizes."""


class Variant:
    """A candidate: its absolute URL, and what the page tells of it: width (px, of a w descriptor), density (of an x descriptor), media
    and type; `linked` where the link around the image leads to it, for which it is the picture in full size.

    What its URL says is carried along, so that it is read once.
    """

    __slots__ = ("_identity", "density", "linked", "media", "mime_type", "src", "width")

    def __init__(self, src: str, width: int | None = None, density: float | None = None, media: str = "", mime_type: str = "") -> None:
        self.src = src
        self.width = width
        self.density = density
        self.media = media
        self.mime_type = mime_type
        self.linked = False
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """What the URL says."""
        identity = self._identity
        if identity is None:
            identity = self._identity = identify(self.src)
        return identity

    @property
    def key(self) -> str:
        """What the candidates of one picture share; a data URL is its own key."""
        return self.src if self.src[:5] == "data:" else self.identity.key

    def as_dict(self) -> dict[str, Any]:
        """As it stands in records."""
        return {"src": self.src, "width": self.width, "density": self.density, "media": self.media, "mime_type": self.mime_type}


def best_variant(variants: list[Variant], shown_width: int | None) -> Variant:
    """The largest candidate that is no placeholder; of equal ones the first, as a browser takes it.

    A URL without a size beside others of the same picture that have one is the original, and larger than those; so is the file that the
    link around the image leads to, where nothing tells its size.
    """
    if len(variants) == 1:
        return variants[0]
    ranks: list[tuple[int, float, bool]] = []
    sized: set[str] | None = None
    for variant in variants:
        density = variant.density
        width = variant.width or variant.identity.size[0]
        if not width:
            if sized is None and not density:
                sized = {other.identity.key for other in variants if other.identity.size[0] is not None}
            if variant.linked or (sized is not None and not density and variant.identity.key in sized):
                width = _UNBOUNDED if variant.linked or _TINY.search(variant.identity.stem) is None else 1
            else:
                width = int((shown_width or 0) * (density or 1.0))
        ranks.append((width, density or 1.0, "max-width" not in variant.media))
    best = variants[ranks.index(max(ranks))]
    if not best.identity.is_placeholder:
        return best
    real = [index for index, variant in enumerate(variants) if not variant.identity.is_placeholder]
    return variants[max(real, key=ranks.__getitem__)] if real else best
