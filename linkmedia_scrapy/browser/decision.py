"""Which requests a browser renders, which images it leaves out, and which pages get captures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scrapy.linkextractors import IGNORED_EXTENSIONS
from scrapy.spiders import SitemapSpider

from linkmedia_scrapy.checks import boolean
from linkmedia_scrapy.config import META_KEY, RENDERING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.http import Request

    from linkmedia_scrapy.config import LinkMediaConfig
    from linkmedia_scrapy.rules import PageRules

__all__ = ["CAPTURES", "image_blocker", "reason_not_to_render", "wants_status"]

CAPTURES: Final = ("screenshot", "pdf", "mhtml")
"""The settings that ask for one, and the kinds of their records."""
_NEVER_HTML: Final = tuple(f".{extension}" for extension in (*IGNORED_EXTENSIONS, "atom", "gz", "json", "jsonl", "rss", "txt", "xml"))
_PARSES_SITEMAPS: Final = getattr(SitemapSpider, "_parse_sitemap", "")
"""A private method. Where a later Scrapy renames it, the only effect is that sitemaps whose URLs do not end in .xml are rendered."""


def reason_not_to_render(request: Request, config: LinkMediaConfig) -> str:
    """Why a request is not rendered, "" where it is. What the request's own meta asks for is done, whatever its URL looks like."""
    overrides = request.meta.get(META_KEY)
    asked = overrides if isinstance(overrides, dict) else {}
    if not config.renders or (not config.render and _says_no(asked.get("render"))):
        return "not_asked"
    url = urlsplit(request.url)
    asked_for = any(name in asked and getattr(config, name) for name in RENDERING)
    # a file that a page leads to is nobody's wish: its text would be in the captures
    if url.scheme not in ("http", "https") and not (url.scheme == "file" and asked_for and not request.meta.get("depth")):
        return "scheme"
    if asked_for:
        return ""
    if request.method != "GET":
        return "method"
    if getattr(request.callback, "__func__", None) is _PARSES_SITEMAPS:
        return "sitemap"
    if url.path.lower().endswith(_NEVER_HTML):
        return "extension"
    accept = (request.headers.get("Accept") or b"").decode("latin-1").lower()
    if "json" in accept and "html" not in accept and "*/*" not in accept:
        return "accept"
    return ""


def _says_no(value: object) -> bool:
    """Whether a request's own `render` forbids it; a value that cannot be used says nothing."""
    try:
        return not boolean.convert(value)
    except ValueError:
        return False


def image_blocker(page_rules: PageRules) -> Callable[[str], bool] | None:
    """What says of an image's URL whether it is left out; None where none is."""
    if page_rules.config.exclude_all_images:
        return lambda _: True
    if not page_rules.may_drop_images:
        return None
    return lambda url: url.startswith(("http:", "https:")) and bool(page_rules.judge(url).image)


def wants_status(request: Request, crawler: Crawler, status: int) -> bool:
    """Whether a response with this status reaches the spider: one that does not has no records, and needs no captures."""
    if 200 <= status < 300:
        return True
    meta, settings = request.meta, crawler.settings
    if meta.get("handle_httpstatus_all"):
        return True
    if "handle_httpstatus_list" in meta:
        return status in meta["handle_httpstatus_list"]  # a container, that of Scrapy's shell and fetch no iterable one
    if settings.getbool("HTTPERROR_ALLOW_ALL"):
        return True
    return status in getattr(crawler.spider, "handle_httpstatus_list", settings.getlist("HTTPERROR_ALLOWED_CODES"))
