"""Images: one record a picture, with its best source, its variants and a score that tells content from furniture.

Rooms: `elements` and `declared` find what the page tells, as `findings`; `lazy` knows where lazy images are kept, `noscript` what stands
beside them. `identity` is what a URL says, by its `paths`, `folders` and `urlsizes`, and `words` what a name says, by the `vocabulary`.
`joining` makes one picture of its findings, `variants` chooses the best candidate, `surroundings` says what an image stands in, `nearby`
reads the text around, `scoring` (by `signals` and their `weights`) judges, `mainpicture` chooses the page's main one. Here the records are
put together.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha1

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.images.findings import file_url
from linkmedia_scrapy.extraction.images.identity import format_of
from linkmedia_scrapy.extraction.images.joining import Picture, find_pictures
from linkmedia_scrapy.extraction.images.mainpicture import mark_main
from linkmedia_scrapy.extraction.images.nearby import LIMIT, Nearby
from linkmedia_scrapy.extraction.images.scoring import DECISIVE, Scorer, total
from linkmedia_scrapy.extraction.text import excerpt
from linkmedia_scrapy.items import ImageItem

__all__ = ["extract_images"]


def extract_images(page: PageContext) -> list[ImageItem]:
    """The page's pictures that the rules and the score leave: in document order, then those that only metadata and style sheets name."""
    pictures = find_pictures(page)
    if not pictures:
        return []
    nearby = Nearby(page.document, pictures, page.config.image_description_min_words)
    if page.rules.may_drop_images:
        pictures = [picture for picture in pictures if _apply_rules(page, picture)]
    images: list[ImageItem] = []
    links: dict[str, str | None] = {}
    room = page.document.room  # a link can be made to hold all images of a page
    for picture, parts in zip(pictures, Scorer(page).parts(pictures), strict=True):
        score = total(parts)
        if page.rules.image_reason(score):
            page.drop("image", next((reason for reason in DECISIVE if reason in parts), "score"))
            continue
        image = _record(page, picture, nearby)
        image.score, image.score_parts = score, parts
        around = picture.around
        if around is not None and around.link:
            link = around.link
            if link not in links:
                links[link] = file_url(page, link)
            image.link_url = links[link]
        if image.link_url is not None:
            room -= len(image.link_url)
            if room < 0:
                page.drop("link_url", "repeated_url")
                image.link_url = None
        images.append(image)
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


def _record(page: PageContext, picture: Picture, nearby: Nearby) -> ImageItem:
    """The record of a picture, not yet scored.

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
    if spot is None:
        image.caption = image.desc = image.region = image.heading = ""
        return image
    around = picture.around
    image.caption = nearby.caption(spot, around)
    image.desc = excerpt(image.caption, LIMIT) if image.caption else nearby.text(spot)
    image.region = spot.region
    image.heading = page.document.heading(spot)
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
                height=None if variant["width"] else image.height,  # the page states that of the element, not of each variant
                base_domain=verdict.base_domain,
                scope=verdict.scope,
                is_main=image.is_main and variant["src"] == image.src,
            )
        )
    return records
