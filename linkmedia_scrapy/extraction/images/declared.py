"""Finding: the pictures that a page's head tells, by metadata, preloads and icons."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Spot
from linkmedia_scrapy.extraction.images.findings import Finding, file_url, srcset_variants
from linkmedia_scrapy.extraction.images.surroundings import Surroundings
from linkmedia_scrapy.extraction.lengths import pixels
from linkmedia_scrapy.extraction.structured import DeclaredImage, declared_images
from linkmedia_scrapy.extraction.text import collapse

__all__ = ["declared_findings"]

_LINKS: Final = "link:is([rel*=preload i],[rel*=image_src i],[itemprop])"
"""What may name a picture that is no icon."""
_ICON_RELS: Final = frozenset("icon apple-touch-icon apple-touch-icon-precomposed mask-icon fluid-icon".split())
_ICON_METAS: Final = frozenset(
    "msapplication-tileimage msapplication-square70x70logo msapplication-square150x150logo msapplication-wide310x150logo "
    "msapplication-square310x310logo".split()
)
_SIZES: Final = re.compile(r"(\d{1,5})[xX](\d{1,5})")


def declared_findings(page: PageContext, surroundings: Surroundings) -> list[Finding]:
    """What the page's head tells: metadata, preloads, and icons where they are wanted."""
    icons = page.config.image_icons
    found: list[Finding] = []
    for declared in declared_images(page):
        told = _declared(page, declared)
        if told is not None:
            found.append(told)
    may_tell = set(page.document.elements("link" if icons else _LINKS))
    for index, element, where, tag in page.document.each("link"):
        told = _linked(page, Spot(index, element, where, tag), icons) if element in may_tell else None
        if told is not None and told.variants:
            told.around = surroundings.of(element)
            found.append(told)
    for spot in page.document.find("meta") if icons else ():
        if (spot.attr("name") or "").strip().lower() in _ICON_METAS:
            finding = Finding("icon", spot, surroundings.of(spot.element))
            finding.add(file_url(page, spot.attr("content")))
            if finding.variants:
                found.append(finding)
    return found


def _linked(page: PageContext, spot: Spot, icons: bool) -> Finding | None:
    """The picture that a link element names; None where it names none."""
    attr = spot.element.attr
    rels = (attr("rel") or "").lower().split()
    if "preload" in rels and (attr("as") or "").strip().lower() == "image":
        finding = Finding("preload", spot)
        finding.variants = srcset_variants(page, attr("imagesrcset") or "", attr("media") or "", attr("type") or "")
    elif "image_src" in rels or (attr("itemprop") or "").strip().lower() in ("image", "thumbnailurl"):
        finding = Finding("meta", spot)
        finding.role = "image"
    elif icons and not _ICON_RELS.isdisjoint(rels):
        finding = Finding("icon", spot)
        finding.mime_type = attr("type") or ""
        sizes = [(int(width), int(height)) for width, height in _SIZES.findall(attr("sizes") or "")]
        if sizes:
            finding.width, finding.height = max(sizes)
    else:
        return None
    finding.add(file_url(page, attr("href")))
    return finding


def _declared(page: PageContext, declared: DeclaredImage) -> Finding | None:
    url = file_url(page, declared.reference)
    if url is None:
        page.drop("image", "data_url" if declared.reference[:5].lower() == "data:" else "invalid_url")
        return None
    finding = Finding(declared.kind)
    finding.role = declared.role
    finding.alt = collapse(declared.alt)
    finding.width, finding.height = pixels(declared.width), pixels(declared.height)
    finding.mime_type = declared.mime_type
    finding.add(url, declared.mime_type)
    return finding
