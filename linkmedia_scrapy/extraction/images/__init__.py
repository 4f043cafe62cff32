"""Images: one record a picture, with its best source, its variants and a score that tells content from furniture.

Rooms: `sources` finds what the page tells, `lazy` knows where lazy images are kept, `identity` what URLs say, `joining` makes one
picture of its tellings, `variants` chooses the best candidate, `nearby` reads the text around, `scoring` (by `words` and `weights`)
judges, `mainpicture` chooses the page's main one. Here the records are put together.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha1

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.images.identity import format_of
from linkmedia_scrapy.extraction.images.joining import Picture, find_pictures
from linkmedia_scrapy.extraction.images.mainpicture import mark_main
from linkmedia_scrapy.extraction.images.nearby import Nearby
from linkmedia_scrapy.extraction.images.scoring import DECISIVE, Scorer, total
from linkmedia_scrapy.extraction.images.sources import http_url
from linkmedia_scrapy.extraction.images.variants import key_of
from linkmedia_scrapy.extraction.text import excerpt
from linkmedia_scrapy.items import ImageItem

__all__ = ["extract_images"]


def extract_images(page: PageContext) -> list[ImageItem]:
    """The page's pictures that the rules and the score leave: in document order, then those that only metadata and style sheets name."""
    pictures = find_pictures(page)
    if not pictures:
        return []
    scorer = Scorer(page)
    spots = [spot for picture in pictures for telling in picture.tellings if (spot := telling.spot) is not None and not telling.role]
    nearby = Nearby(page.document, spots, page.config.image_description_min_words)
    images: list[ImageItem] = []
    for picture in pictures:
        if not _apply_rules(page, picture):
            continue
        parts = scorer.parts(picture)
        score = total(parts)
        if page.rules.rules.score_reason(score, page.config.image_score_threshold):
            page.drop("image", next((reason for reason in DECISIVE if reason in parts), "score"))
            continue
        image = _record(page, picture, nearby)
        image.score, image.score_parts = score, parts
        images.append(image)
    mark_main(images, page.document.title())
    if page.config.image_variants == "items":
        return [one for image in images for one in _split(page, image)]
    return images


def _apply_rules(page: PageContext, picture: Picture) -> bool:
    """Leave out the variants that a rule is against; False where none remains."""
    judge = page.rules.judge
    reasons = [judge(variant["src"]).image if variant["src"][:5] != "data:" else "" for variant in picture.variants]
    if any(reasons):
        kept = [variant for variant, reason in zip(picture.variants, reasons, strict=True) if not reason]
        if not kept:
            page.drop("image", reasons[0])
            return False
        for reason in filter(None, reasons):
            page.drop("image_candidate", reason)
        picture.variants = kept
        picture.choose()
    placeholder = picture.placeholder
    if placeholder is not None and placeholder[:5].lower() != "data:" and judge(placeholder).image:
        picture.placeholder = None
    return True


def _record(page: PageContext, picture: Picture, nearby: Nearby) -> ImageItem:
    """The record of a picture, not yet scored."""
    spot, src = picture.spot, picture.src
    best = next(variant for variant in picture.variants if variant["src"] == src)
    width, height = picture.size
    image = ImageItem(
        page_url=page.url,
        kind=picture.kind,
        src=src,
        alt=picture.first_text("alt"),
        title=picture.first_text("title"),
        group_id=sha1(key_of(src).encode(), usedforsecurity=False).hexdigest()[:12],
        format=format_of(src, picture.mime_type),
        width=width if width is not None else best["width"],
        height=height,
        variants=picture.variants if len(picture.variants) > 1 else [],
        placeholder_src=picture.placeholder,
        lazy=any(telling.lazy for telling in picture.tellings),
        occurrences=picture.occurrences,
    )
    if src[:5] != "data:":
        verdict = page.rules.judge(src)
        image.base_domain, image.scope = verdict.base_domain, verdict.scope
    if spot is not None:
        image.caption = nearby.caption(spot)
        image.desc = excerpt(image.caption, 300) if image.caption else nearby.text(spot)
        image.region = spot.region
        image.heading = page.document.heading(spot)
        link = spot.place.link
        href = link.attr("href") if link is not None else None
        if href:
            image.link_url = http_url(page, href)
    return image


def _split(page: PageContext, image: ImageItem) -> list[ImageItem]:
    """One record for each variant of a picture."""
    if not image.variants:
        return [image]
    records: list[ImageItem] = []
    for variant in image.variants:
        verdict = page.rules.judge(variant["src"])
        records.append(
            replace(
                image,
                src=variant["src"],
                variants=[],
                score_parts=dict(image.score_parts),
                format=format_of(variant["src"], variant["mime_type"]),
                width=variant["width"] or image.width,
                base_domain=verdict.base_domain,
                scope=verdict.scope,
                is_main=image.is_main and variant["src"] == image.src,
            )
        )
    return records
