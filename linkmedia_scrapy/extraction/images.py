"""Images: one record a picture, with its best source, its variants and a score that tells content from furniture."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Element, Spot
from linkmedia_scrapy.extraction.srcset import parse_srcset
from linkmedia_scrapy.extraction.text import collapse, excerpt
from linkmedia_scrapy.items import ImageItem

__all__ = ["extract_images"]

# Where the common lazy-loading libraries (lazysizes, lozad, vanilla-lazyload, jQuery Lazy, WordPress' plugins) keep the picture.
_LAZY_SRC: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-orig-src", "data-url")
_LAZY_SRCSET: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
_DESC_LIMIT: Final = 300
_CLIMB: Final = 4  # ancestors looked at for a description
_FORMATS: Final = {
    "apng": "apng",
    "avif": "avif",
    "bmp": "bmp",
    "gif": "gif",
    "ico": "ico",
    "jfif": "jpeg",
    "jpe": "jpeg",
    "jpeg": "jpeg",
    "jpg": "jpeg",
    "jxl": "jxl",
    "pjpeg": "jpeg",
    "png": "png",
    "svg": "svg",
    "svg+xml": "svg",
    "tif": "tiff",
    "tiff": "tiff",
    "vnd.microsoft.icon": "ico",
    "webp": "webp",
    "x-icon": "ico",
}
_EXTENSION: Final = re.compile(r"\.([a-z0-9]{2,5})(?:$|[?#])", re.IGNORECASE)
_WORDS: Final = re.compile(r"[a-z]+|[0-9]+", re.IGNORECASE)
_FURNITURE: Final = frozenset(
    (
        "avatar badge blank bullet button clear favicon gravatar icon icons logo pixel placeholder rating spacer sprite star "
        "tracker tracking transparent"
    ).split()
)
_LENGTH: Final = re.compile(r"\s*([0-9]+)(?:\.[0-9]+)?(?:px)?\s*", re.IGNORECASE)


def extract_images(page: PageContext) -> list[ImageItem]:
    """The page's pictures in document order, those that the rules and the score leave."""
    found: dict[str, ImageItem] = {}
    parts: dict[str, str] = {}
    for spot in page.document.find("img", "amp-img", "image", "input", "meta"):
        image = _image(page, spot)
        if image is None:
            continue
        first = found.get(image.src)
        if first is not None:
            first.occurrences += image.kind != "noscript"
            first.alt = first.alt or image.alt
            continue
        found[image.src] = image
        parts[image.src] = " ".join(filter(None, (spot.attr("class"), spot.attr("id"))))
    images: list[ImageItem] = []
    for src, image in found.items():
        verdict = page.rules.judge(src)
        if verdict.image:
            page.drop("image", verdict.image)
            continue
        image.base_domain, image.scope = verdict.base_domain, verdict.scope
        image.score_parts = _score_parts(image, parts[src])
        image.score = round(min(10.0, max(0.0, sum(image.score_parts.values()))), 2)
        reason = page.rules.rules.score_reason(image.score, page.config.image_score_threshold)
        if reason:
            page.drop("image", reason)
            continue
        image.group_id = sha1(src.encode(), usedforsecurity=False).hexdigest()[:12]
        images.append(image)
    _mark_main(images)
    return images


def _image(page: PageContext, spot: Spot) -> ImageItem | None:
    """The record of one element, not yet judged; None where it shows no picture that has a URL."""
    attr, tag = spot.attr, spot.tag
    if tag == "meta":
        return _declared(page, spot)
    if tag == "input" and (attr("type") or "").strip().lower() != "image":
        return None
    shown = attr("src") if tag != "image" else attr("href") or attr("xlink:href")
    shown_url = _http(page, shown)
    lazy_url = next(filter(None, (_http(page, attr(name)) for name in _LAZY_SRC)), None)
    variants = _variants(page, spot)
    best = _best(variants)
    src = (best["src"] if best else None) or lazy_url or shown_url
    if src is None:
        if shown and shown.lstrip()[:5].lower() == "data:":
            page.drop("image", "data_url")
        elif shown:
            page.drop("image", "invalid_url")
        return None
    for url in (lazy_url, shown_url):
        if url is not None and url != src and not (url == shown_url and lazy_url) and all(url != variant["src"] for variant in variants):
            variants.append({"src": url, "width": None, "density": None, "media": "", "mime_type": ""})
    place = page.document.place(spot.element)
    caption = page.document.caption(place.figure) if place.figure is not None else ""
    lazy_srcset = any(attr(name) for name in _LAZY_SRCSET)
    width, height = _length(attr("width")), _length(attr("height"))
    image = ImageItem(
        page_url=page.url,
        kind="svg"
        if tag == "image"
        else "input"
        if tag == "input"
        else "noscript"
        if place.noscript
        else "picture"
        if place.picture
        else "img",
        src=src,
        alt=collapse(attr("alt") or ""),
        title=collapse(attr("title") or ""),
        caption=caption,
        desc=caption or _nearest_text(page, spot.element),
        format=_format(src, (best or {}).get("mime_type", "")),
        width=width if width is not None else (best or {}).get("width"),
        height=height,
        variants=variants,
        placeholder_src=shown if shown and (lazy_url or lazy_srcset) and shown_url != src else None,
        lazy=bool(lazy_url or lazy_srcset or (attr("loading") or "").strip().lower() == "lazy"),
        link_url=_http(page, place.link.attr("href")) if place.link is not None else None,
        region=spot.region,
        heading=page.document.heading(spot),
    )
    if image.placeholder_src and shown_url:
        image.placeholder_src = shown_url
    return image


def _declared(page: PageContext, spot: Spot) -> ImageItem | None:
    """What Open Graph or Twitter metadata name as the page's picture."""
    name = (spot.attr("property") or spot.attr("name") or "").strip().lower()
    if name not in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        return None
    src = _http(page, spot.attr("content"))
    return ImageItem(page_url=page.url, kind="meta", src=src, format=_format(src, "")) if src else None


def _variants(page: PageContext, spot: Spot) -> list[dict[str, Any]]:
    """Every candidate of the element's srcset, of its lazy twins, and of the sources of the picture around it."""
    elements: list[Element] = [spot.element]
    picture = page.document.place(spot.element).picture
    # a picture's sources are those of its img; further ones do not make it a gallery
    if picture is not None and spot.tag == "img" and page.document.first(picture, "img") == spot.element:
        elements = [*picture.iter_elements("source"), spot.element]
    variants: list[dict[str, Any]] = []
    for element in elements:
        for name in ("srcset", *_LAZY_SRCSET):
            for candidate in parse_srcset(element.attr(name) or ""):
                url = _http(page, candidate.url)
                if url is not None and all(url != variant["src"] for variant in variants[-64:]):
                    variants.append(
                        {
                            "src": url,
                            "width": candidate.width,
                            "density": candidate.density,
                            "media": element.attr("media") or "",
                            "mime_type": element.attr("type") or "",
                        }
                    )
    return variants


def _best(variants: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The candidate with the most pixels; of equal ones the last, which stands for the element itself rather than for a source."""
    return max(variants, key=lambda variant: (variant["width"] or 0, variant["density"] or 1.0), default=None)


def _http(page: PageContext, reference: str | None) -> str | None:
    if not reference or reference[:5].lower() == "data:" or not reference.strip():
        return None
    url = page.resolver.resolve(reference)
    if url is None or not (url.startswith(("http://", "https://")) or (url.startswith("file:") and page.url.startswith("file:"))):
        return None
    return url


def _nearest_text(page: PageContext, element: Element) -> str:
    """The text of the nearest ancestor that has enough of it, at most `_DESC_LIMIT` characters; "" where all near ones are too long."""
    node: Any = element.parent
    for _ in range(_CLIMB):
        if type(node) is not Element or node.tag in ("body", "html", "main", "table", "tbody"):
            return ""
        text = page.document.near_text(node, _DESC_LIMIT * 4)
        if text and len(text.split()) >= page.config.image_description_min_words:
            return excerpt(text, _DESC_LIMIT)
        node = node.parent
    return ""


def _format(url: str, mime_type: str) -> str:
    known = _FORMATS.get(mime_type.partition("/")[2].partition(";")[0].strip().lower())
    if known:
        return known
    extension = _EXTENSION.search(url.partition("?")[0].partition("#")[0])
    return _FORMATS.get(extension.group(1).lower(), "") if extension else ""


def _length(value: str | None) -> int | None:
    match = _LENGTH.fullmatch(value) if value else None
    return int(match.group(1)[:9]) if match else None


def _score_parts(image: ImageItem, names: str) -> dict[str, float]:
    """What speaks for content (positive) and for furniture (negative)."""
    parts = {"picture": 3.0}
    sizes = [size for size in (image.width, image.height) if size is not None]
    if sizes and max(sizes) <= 2:
        parts["pixel"] = -10.0
    elif sizes and min(sizes) < 40:
        parts["small"] = -3.0
    elif sizes and min(sizes) >= 150:
        parts["large"] = 2.0
    if image.kind == "meta":
        parts["declared"] = 3.0
    if image.caption:
        parts["caption"] = 2.0
    if len(image.alt.split()) >= 2 or (image.alt and not image.alt.isascii()):
        parts["alternative_text"] = 1.0
    if len(image.variants) > 1:
        parts["variants"] = 1.0
    if image.region in ("main", "article"):
        parts["in_content"] = 1.0
    elif image.region in ("nav", "header", "footer"):
        parts["in_furniture"] = -2.0
    words = {word.lower() for word in _WORDS.findall(names + " " + image.src.rpartition("/")[2].partition("?")[0])}
    if not _FURNITURE.isdisjoint(words):
        parts["named_as_furniture"] = -3.0
    if image.kind == "input":
        parts["button"] = -3.0
    return parts


def _mark_main(images: list[ImageItem]) -> None:
    """The page's main picture: the one that its metadata name, else the best of the elements."""
    declared = [image for image in images if image.kind == "meta"]
    best = declared[0] if declared else max(images, key=lambda image: image.score, default=None)
    if best is not None:
        best.is_main = True
