"""Joining: the tellings of one picture into one."""

from __future__ import annotations

from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot
from linkmedia_scrapy.extraction.images.identity import stem_of
from linkmedia_scrapy.extraction.images.sources import Telling, Variant, declared_tellings, element_tellings, http_url
from linkmedia_scrapy.extraction.images.variants import best_variant, key_of

_MAX_VARIANTS: Final = 256  # of one picture: a page that claims more of one says nothing with them

_REPETITIONS: Final = frozenset({"noscript", "meta", "jsonld", "preload", "icon"})  # kinds that show no picture once more

__all__ = ["Picture", "find_pictures"]


class Picture:
    """One picture, in all the ways in which the page tells it; `src` is its best candidate."""

    __slots__ = ("key", "placeholder", "src", "tellings", "variants")

    def __init__(self, telling: Telling, key: str) -> None:
        self.key = key
        self.tellings = [telling]
        self.variants: list[Variant] = telling.variants
        self.placeholder = telling.placeholder
        self.src: str = telling.variants[0]["src"]

    @property
    def spot(self) -> Spot | None:
        """Where the first element stands that shows it; None where only metadata or style sheets name it."""
        return next((telling.spot for telling in self.tellings if telling.spot is not None and not telling.role), None)

    @property
    def kind(self) -> str:
        """The kind of the first telling that is no twin of another."""
        return next((telling.kind for telling in self.tellings if telling.kind not in _REPETITIONS), self.tellings[0].kind)

    @property
    def occurrences(self) -> int:
        """How often elements and style sheets show the picture."""
        return sum(telling.kind not in _REPETITIONS for telling in self.tellings) or 1

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Width and height in CSS pixels, of the element that shows the picture largest, else what metadata say."""
        sizes = [(telling.width, telling.height) for telling in self.tellings if telling.width is not None or telling.height is not None]
        return max(sizes, key=lambda size: (size[0] or 0, size[1] or 0)) if sizes else (None, None)

    @property
    def mime_type(self) -> str:
        """Of the best candidate, as the page declares it."""
        declared = next((variant["mime_type"] for variant in self.variants if variant["src"] == self.src), "")
        return declared or self._first("mime_type") or ""

    def _first(self, name: str) -> Any:
        return next((value for telling in self.tellings if (value := getattr(telling, name)) not in (None, "")), None)

    def first_text(self, name: str) -> str:
        """The first alternative text or title that is not empty."""
        return self._first(name) or ""

    def join(self, telling: Telling) -> None:
        """Add another telling of the same picture."""
        self.tellings.append(telling)
        if telling.placeholder and not self.placeholder:
            self.placeholder = telling.placeholder
        if telling.variants == self.variants or len(self.variants) >= _MAX_VARIANTS:
            return
        known = {variant["src"] for variant in self.variants}
        added = [variant for variant in telling.variants if variant["src"] not in known]
        if added:
            self.variants = [*self.variants, *added]

    def choose(self) -> None:
        """Set `src` to the best candidate."""
        if len(self.variants) > 1:
            shown = next((telling.width for telling in self.tellings if telling.width), None)
            self.src = best_variant(self.variants, shown)["src"]
        else:
            self.src = self.variants[0]["src"]


def find_pictures(page: PageContext) -> list[Picture]:
    """The page's pictures: those that elements show in document order, then those that only style sheets and metadata name."""
    by_url: dict[str, Picture] = {}
    by_key: dict[str, Picture] = {}
    pictures: list[Picture] = []

    def take(telling: Telling) -> None:
        variants = telling.variants
        picture = None
        for variant in variants:
            picture = by_url.get(variant["src"])
            if picture is not None:
                break
        else:
            shown = telling.width if len(variants) > 1 else None
            key = key_of(best_variant(variants, shown)["src"])
            picture = by_key.get(key)
        if picture is None:
            picture = by_key[key] = Picture(telling, key)
            pictures.append(picture)
        else:
            picture.join(telling)
        for variant in variants:
            by_url.setdefault(variant["src"], picture)

    for telling in element_tellings(page):
        _add_linked(page, telling)
        take(telling)
    for telling in declared_tellings(page):
        take(telling)
    for picture in pictures:
        picture.choose()
    return pictures


_LINKED_ENDINGS: Final = frozenset({".jpg", "jpeg", ".png", "webp", ".gif", "avif", ".svg", ".tif", "tiff", ".bmp"})


def _add_linked(page: PageContext, telling: Telling) -> None:
    """Add the file that the link around an image leads to, where it is the same picture in full size."""
    link = telling.place.link if telling.place is not None else None
    if link is None:
        return
    href = link.attr("href")
    if not href or href[-4:].lower() not in _LINKED_ENDINGS:
        return
    url = http_url(page, href)
    if url is None:
        return
    own = telling.variants[0]["src"]
    if key_of(url) == key_of(own) or (stem_of(url) == stem_of(own) and stem_of(url)):
        telling.add(url)
