"""What rendering knows of a page beyond its DOM, and how that gets into the page's records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from linkmedia_scrapy.extraction.page import extract
from linkmedia_scrapy.extraction.urls import normalize
from linkmedia_scrapy.items import CaptureItem, ErrorItem, PageItem

if TYPE_CHECKING:
    from scrapy.http import Request

    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["ALONE_KEY", "CAPTURES_KEY", "DEATHS_KEY", "ERRORS_KEY", "RENDERED_HEADER", "UNRENDERED_KEY", "RenderedPage", "add_rendering"]

CAPTURES_KEY: Final = "linkmedia_captures"
ERRORS_KEY: Final = "linkmedia_errors"
ALONE_KEY: Final = "linkmedia_alone"
"""Set while a page is rendered that no code of the user's gets to see, which might open other pages."""
DEATHS_KEY: Final = "linkmedia_browser_deaths"
"""How many browsers died under a request, which is tried again until it is given up."""
UNRENDERED_KEY: Final = "linkmedia_unrendered"
"""Set in a request that is made again without the browser, until its answer is there: one that Scrapy then retries is a page again."""
RENDERED_HEADER: Final = "X-Linkmedia-Rendered"
"""Of the response with a rendered DOM: Scrapy's HTTP cache keeps headers, but before 2.19 no flags."""
_MEASURED: Final = ("natural_width", "natural_height", "displayed_width", "displayed_height", "visible")
_FRAME_RECORDS: Final = ("links", "images", "videos", "audios", "tables", "errors")


@dataclass(slots=True)
class RenderedPage:
    """What is too large for a request's meta, which may end in a queue on disk: it lives as long as its request."""

    charset: str = "utf-8"
    images: list[dict[str, Any]] = field(default_factory=list)
    """As `browser/measure.js` gives them: url, natural_width, … visible."""
    frames: list[tuple[str, str]] = field(default_factory=list)
    """URL and DOM of each frame that is extracted."""
    inlined: dict[str, str] = field(default_factory=dict)
    """Captures by kind, base64 (MHTML: text)."""


def add_rendering(page: PageItem, request: Request, rendered: RenderedPage | None, config: LinkMediaConfig) -> None:
    """Add to a page's records what its rendering gave: captures, errors, frames' records, and the measures of images."""
    for plain in request.meta.get(ERRORS_KEY) or ():
        page.errors.append(ErrorItem(**{**plain, "page_url": page.url}))
    for plain in request.meta.get(CAPTURES_KEY) or ():
        capture = CaptureItem(**{**plain, "page_url": page.url})
        if rendered is not None:
            capture.data = rendered.inlined.get(capture.kind)
        page.captures.append(capture)
    if rendered is None:
        return
    for url, html in rendered.frames:
        _add_frame(page, extract(html, url, encoding=rendered.charset, rendered=True, config=config))
    _measure(page, rendered.images)


def _add_frame(page: PageItem, frame: PageItem) -> None:
    """A frame's records become the page's own, whose URL they get: they are what a visitor of the page sees."""
    for name in _FRAME_RECORDS:
        for record in getattr(frame, name):
            record.page_url = page.url
            getattr(page, name).append(record)
    for record, reasons in frame.dropped.items():
        counts = page.dropped.setdefault(record, {})
        for reason, number in reasons.items():
            counts[reason] = counts.get(reason, 0) + number


def _measure(page: PageItem, measured: list[dict[str, Any]]) -> None:
    by_url: dict[str, dict[str, Any]] = {}
    for entry in measured:
        url = normalize(entry["url"]) or entry["url"]
        known = by_url.get(url)
        if known is None or _shown_area(entry) > _shown_area(known):
            by_url[url] = entry
    secure = page.url.startswith("https:")
    for image in page.images:
        candidates = [image.src, *(variant["src"] for variant in image.variants), image.placeholder_src or ""]
        if secure:  # a browser loads an http image of an https page by https (Mixed Content, Level 2, 3.1)
            candidates += ["https" + url.removeprefix("http") for url in candidates if url.startswith("http:")]
        found = next((by_url[url] for url in candidates if url in by_url), None)
        if found is not None:
            for name in _MEASURED:
                setattr(image, name, found[name])


def _shown_area(entry: dict[str, Any]) -> float:
    return float(entry["displayed_width"] * entry["displayed_height"]) if entry["visible"] else -1.0
