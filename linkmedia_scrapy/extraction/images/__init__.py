"""Images: one record a picture, with its best source, its variants and a score that tells content from furniture.

Rooms: `elements` and `declared` find what the page tells, as `findings`; `lazy` knows where lazy images are kept. `identity` is what a
URL says, by its `paths`, its `folders` and its `words`. `joining` makes one picture of its findings, `variants` chooses the best
candidate, `surroundings` says what an image stands in, `nearby` reads the text around, `scoring` (by `weights`) judges, `mainpicture`
chooses the page's main one. Here the records are put together.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha1

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.images.findings import file_url
from linkmedia_scrapy.extraction.images.identity import format_of
from linkmedia_scrapy.extraction.images.joining import Picture, find_pictures
from linkmedia_scrapy.extraction.images.mainpicture import mark_main
from linkmedia_scrapy.extraction.images.nearby import Nearby
from linkmedia_scrapy.extraction.images.scoring import DECISIVE, Scorer, total
from linkmedia_scrapy.extraction.text import excerpt
from linkmedia_scrapy.items import ImageItem

__all__ = ["extract_images"]


def extract_images(page: PageContext) -> list[ImageItem]:
    """The page's pictures that the rules and the score leave: in document order, then those that only metadata and style sheets name."""
    pictures = find_pictures(page)
    if not pictures:
        return []
    # Step by step, each step for all of them, as links are read: all steps' code at once does not fit into the processor's first cache.
    nearby = Nearby(page.document, pictures, page.config.image_description_min_words)
    if page.rules.may_drop_images:
        pictures = [picture for picture in pictures if _apply_rules(page, picture)]
    scorer = Scorer(page)
    scored = [(picture, scorer.parts(picture)) for picture in pictures]
    kept = [(picture, parts) for picture, parts in scored if _is_content(page, parts)]
    images = [_record(page, picture, parts) for picture, parts in kept]
    for image, (picture, _) in zip(images, kept, strict=True):
        _describe(image, picture, nearby)
    mark_main(images, page.document.title())
    if page.config.image_variants == "items":
        return [one for image in images for one in _split(page, image)]
    return images


def _apply_rules(page: PageContext, picture: Picture) -> bool:
    """Leave out the variants that a rule is against; False where none remains."""
    judge = page.rules.judge
    reasons = [judge(variant.src).image for variant in picture.variants]
    if any(reasons):
        kept = [variant for variant, reason in zip(picture.variants, reasons, strict=True) if not reason]
        if not kept:
            page.drop("image", reasons[0])
            return False
        for reason in filter(None, reasons):
            page.drop("image_candidate", reason)
        picture.variants = kept
        picture.choose()
    if picture.placeholder is not None and page.rules.judge_foreign(picture.placeholder).image:  # a data URL is as the page writes it
        picture.placeholder = None
    return True


def _is_content(page: PageContext, parts: dict[str, float]) -> bool:
    """Whether the score leaves a picture; it is counted where not."""
    if not page.rules.image_reason(total(parts)):
        return True
    page.drop("image", next((reason for reason in DECISIVE if reason in parts), "score"))
    return False


def _record(page: PageContext, picture: Picture, parts: dict[str, float]) -> ImageItem:
    """The record of a picture, but for the texts around it.

    Field by field on purpose, as for links: the dataclass's own __init__ takes several times as long.
    """
    best, spot, variants = picture.best, picture.spot, picture.variants
    src = best.src
    width, height = picture.size
    image = ImageItem.__new__(ImageItem)
    image.record = image.type = "image"
    image.page_url = page.url
    image.kind = picture.kind
    image.src = src
    image.alt = picture.alt
    image.title = picture.title
    image.group_id = sha1(best.key.encode(), usedforsecurity=False).hexdigest()[:12]
    image.format = format_of(src, picture.mime_type)
    image.width = width if width is not None else best.width
    image.height = height
    image.variants = [variant.as_dict() for variant in variants] if len(variants) > 1 else []
    image.placeholder_src = picture.placeholder
    image.lazy = picture.lazy
    image.is_main = False
    image.occurrences = picture.occurrences
    image.natural_width = image.natural_height = image.displayed_width = image.displayed_height = image.visible = None
    image.path = image.checksum = image.size = image.link_url = None
    verdict = page.rules.judge(src)
    image.base_domain, image.scope = verdict.base_domain, verdict.scope
    image.score, image.score_parts = total(parts), parts
    image.caption = image.desc = image.region = image.heading = ""
    if spot is not None:
        image.region = spot.region
        image.heading = page.document.heading(spot)
        if picture.around is not None and picture.around.link:
            image.link_url = file_url(page, picture.around.link)
    return image


def _describe(image: ImageItem, picture: Picture, nearby: Nearby) -> None:
    """Give a picture that an element shows its caption, and the text nearest to it."""
    if picture.spot is not None:
        image.caption = nearby.caption(picture.spot, picture.around)
        image.desc = excerpt(image.caption, 300) if image.caption else nearby.text(picture.spot)


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
                height=None if variant["width"] else image.height,  # the page states that of the element, not of each variant
                base_domain=verdict.base_domain,
                scope=verdict.scope,
                is_main=image.is_main and variant["src"] == image.src,
            )
        )
    return records
