"""Lazy images and the noscript elements beside them, which show the same pictures to those who run no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element
from linkmedia_scrapy.extraction.images.findings import MAX_VARIANTS, Finding, file_url

__all__ = ["IMGS", "join_twins"]

IMGS: Final = frozenset({"img", "amp-img"})
_IMAGE_KINDS: Final = frozenset({"img", "picture", "input"})


def join_twins(page: PageContext, twins: list[Finding], findings: list[Finding]) -> None:
    """Give lazy images the candidates of their twins, what noscript elements beside them show; `findings` are all of the page's."""
    by_element = {finding.spot.element: finding for finding in findings if finding.spot and finding.kind in _IMAGE_KINDS}
    for twin in twins:
        _join(page, twin, by_element)


def _join(page: PageContext, twin: Finding, by_element: dict[Element, Finding]) -> None:
    noscript = twin.around.noscript if twin.around is not None else None
    if noscript is None or not twin.variants or (twin.width is not None and twin.width <= 3):
        return
    agreeing: list[Finding] = []
    for beside in _beside(noscript):
        images = [beside] if beside.tag in IMGS else list(islice(beside.iter_elements(IMGS), 2))
        lazy = by_element.get(images[0]) if len(images) == 1 else None
        if lazy is None:
            continue
        if not lazy.variants:
            lazy.placeholder = lazy.shown or None
        elif len(lazy.variants) == 1 and lazy.variants[0].identity.is_placeholder:
            lazy.placeholder = lazy.variants[0].src
        else:
            agreeing.append(lazy)
            continue
        lazy.variants = list(twin.variants)
        lazy.lazy = True
        if lazy.placeholder is not None and not lazy.placeholder.startswith("data:"):
            lazy.placeholder = file_url(page, lazy.placeholder)
        return
    _join_agreeing(twin, noscript, agreeing)


def _join_agreeing(twin: Finding, noscript: Element, beside: list[Finding]) -> None:
    """Give the one lazy image beside a noscript element the candidates there, where both say that they are one picture.

    Their alternative texts do, or their sizes where the texts say nothing else. What shares a candidate or a key is joined anyway.
    """
    found = [lazy for lazy in beside if lazy.lazy and _agree(lazy, twin)]
    if len(found) != 1 or any(_share_candidate(lazy, twin) for lazy in beside):
        return
    if len(list(islice(noscript.iter_elements(IMGS), 2))) == 1:
        for variant in twin.variants[: MAX_VARIANTS - len(found[0].variants)]:
            found[0].variants.append(variant)


def _share_candidate(one: Finding, other: Finding) -> bool:
    """Whether a candidate of one is one of the other, or another size of it."""
    urls = {variant.src for variant in other.variants}
    if not urls.isdisjoint([variant.src for variant in one.variants]):
        return True  # as nearly always: no key is needed then
    keys = {variant.key for variant in other.variants}
    return not keys.isdisjoint([variant.key for variant in one.variants])


def _agree(one: Finding, other: Finding) -> bool:
    """Whether what two elements say of their pictures is the same: the alternative text, or, where one of them has none, the size."""
    if one.alt and other.alt:
        return one.alt == other.alt
    return one.width is not None and one.height is not None and (one.width, one.height) == (other.width, other.height)


def _beside(noscript: Element) -> Iterator[Element]:
    """The elements before and after a noscript element, and the amp-img around it."""
    if isinstance(noscript.parent, Element) and noscript.parent.tag == "amp-img":
        yield noscript.parent
    for siblings in (noscript.previous_siblings, noscript.next_siblings):
        for sibling in siblings:
            if isinstance(sibling, Element):
                yield sibling
                break
