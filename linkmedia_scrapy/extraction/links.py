"""Links: hyperlinks of every kind, as a browser resolves them and as a reader sees them."""

from __future__ import annotations

import re
from typing import Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document, Namespace, Spot
from linkmedia_scrapy.extraction.text import collapse
from linkmedia_scrapy.extraction.urls import normalize, scheme_of
from linkmedia_scrapy.items import LinkItem

__all__ = ["CONTACT_SCHEMES", "extract_links"]

CONTACT_SCHEMES: Final = frozenset({"mailto", "sms", "tel"})
_PAGE_SCHEMES: Final = frozenset({"ftp", "http", "https"})

# rel values by which a link element leads to a document (HTML standard, 4.6.7, and the registry it refers to); the others load
# resources of the page itself.
_DOCUMENT_RELS: Final = frozenset(
    (
        "alternate amphtml author bookmark canonical chapter contents copyright first glossary help home index last license "
        "next prev previous privacy-policy related search section self shortlink start subsection tag terms-of-service toc up"
    ).split()
)
# "Shared declarative refresh steps" (HTML standard, 4.2.5.3)
_REFRESH: Final = re.compile(
    r"\s*[0-9.]++(?:\s*+[;,]|\s)\s*(?:url\s*=\s*)?(?:(?P<quote>['\"])(?P<quoted>.*?)(?:(?P=quote)|\Z)|(?P<plain>.*))",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_NOFOLLOW_ROBOTS: Final = frozenset({"nofollow", "none"})

_KIND_OF_TAG: Final = {
    "a": "a",
    "area": "area",
    "form": "form",
    "frame": "iframe",
    "iframe": "iframe",
    "link": "link",
    "meta": "meta",
}
_REGION_SCORES: Final = {"main": 3.0, "article": 3.0, "": 2.0, "search": 1.0, "aside": 1.0, "header": 0.5, "nav": 0.5, "footer": 0.0}


def extract_links(page: PageContext) -> list[LinkItem]:
    """The page's links of the kinds that are asked for, in document order."""
    document, config = page.document, page.config
    kinds, unique = config.link_kinds, config.unique_links
    tags = [tag for tag, kind in _KIND_OF_TAG.items() if kind in kinds or (kind in ("a", "area") and "contact" in kinds)]
    page_nofollow = _page_says_nofollow(document)
    links: list[LinkItem] = []
    # By tag and reference, then by kind and URL: most repetitions are letter for letter, and cost one look-up.
    by_reference: dict[str, dict[str, LinkItem]] = {tag: {} for tag in tags}
    by_url: dict[str, dict[str, LinkItem]] = {kind: {} for kind in kinds}
    for spot in document.find(*tags) if tags else ():
        tag, attr = spot.tag, spot.element.attr
        raw = attr("href") if tag == "a" else None
        if raw is None:
            raw = _reference(spot)
            if raw is None:
                continue
        known = by_reference[tag].get(raw) if unique else None
        if known is None:
            found = _judged(page, tag, raw)
            if found is None:
                continue
            kind, url, base_domain, scope = found
            known = by_url[kind].get(url) if unique else None
        rel = attr("rel")
        rels = rel.lower().split() if rel else []
        nofollow = page_nofollow or "nofollow" in rels
        if known is not None:
            known.occurrences += 1
            known.nofollow = known.nofollow and nofollow
            known.text = known.text or _text(document, spot)
            known.title = known.title or collapse(attr("title") or "")
            continue
        link = _record(page, spot, kind, url, raw)
        link.base_domain, link.scope = base_domain, scope
        link.rel, link.nofollow = rels, nofollow
        links.append(link)
        if unique:
            by_reference[tag][raw] = by_url[kind][url] = link
    for link in links:
        link.score = _score(link)
    return links


def _record(page: PageContext, spot: Spot, kind: str, url: str, raw: str) -> LinkItem:
    """A link's record, but for what rel and the rules say.

    Field by field on purpose: the dataclass's own __init__ takes five times as long, and links are what pages have most of.
    """
    attr = spot.element.attr
    link = LinkItem.__new__(LinkItem)
    link.record = "link"
    link.page_url = page.url
    link.kind = kind
    link.url = url
    link.raw_href = raw
    link.text = _text(page.document, spot)
    title = attr("title")
    link.title = collapse(title) if title else ""
    link.target = attr("target") or ""
    link.hreflang = attr("hreflang") or ""
    link.mime_type = attr("type") or "" if spot.tag in ("a", "link") else ""
    link.download = attr("download")
    link.region = spot.region
    link.heading = page.document.heading(spot)
    link.occurrences = 1
    return link


def _judged(page: PageContext, tag: str, raw: str) -> tuple[str, str, str, str] | None:
    """Kind, URL, registrable domain and scope of a link; None, and counted, where it is left out."""
    # a form without an action goes to the page itself, whatever its base element says (HTML standard, 4.10.21.3, step 14)
    url = page.resolver.resolve(raw) if raw or tag != "form" else normalize(page.url)
    if url is None:
        page.drop("link", "invalid_url")
        return None
    kind = _KIND_OF_TAG[tag]
    if not url.startswith(("https://", "http://")):
        kind, reason = _other_scheme(url, kind, page)
        if reason:
            page.drop("link", reason)
            return None
        if kind == "contact":
            return (kind, url, "", "external") if kind in page.config.link_kinds else None
    if kind not in page.config.link_kinds:
        return None
    base_domain, scope, reason, _, _ = page.rules.judge(url)
    if reason:
        page.drop("link", reason)
        return None
    return kind, url, base_domain, scope


def _reference(spot: Spot) -> str | None:
    """What a link element refers to, as written; None where the element is no link."""
    attr, tag = spot.attr, spot.tag
    if tag in ("a", "area"):
        href = attr("href")
        return attr("xlink:href") if href is None and tag == "a" and spot.element.namespace == Namespace.SVG else href
    if tag in ("iframe", "frame"):
        return attr("src") or None
    if tag == "link":
        rels = (attr("rel") or "").lower().split()
        return attr("href") or None if "stylesheet" not in rels and not _DOCUMENT_RELS.isdisjoint(rels) else None
    if tag == "form":
        return attr("action") or "" if (attr("method") or "get").lower() not in ("post", "dialog") else None
    if (attr("http-equiv") or "").strip().lower() == "refresh":
        match = _REFRESH.match(attr("content") or "")
        return (match["quoted"] if match["quote"] else match["plain"]).strip() or None if match else None
    return None


def _other_scheme(url: str, kind: str, page: PageContext) -> tuple[str, str]:
    """The kind of a link that is not http(s), and the reason to leave it out."""
    scheme = scheme_of(url)
    if scheme in CONTACT_SCHEMES and kind in ("a", "area"):
        return "contact", ""
    if scheme in _PAGE_SCHEMES or (scheme == "file" and page.url.startswith("file:")):
        return kind, ""
    return kind, "scheme"


def _page_says_nofollow(document: Document) -> bool:
    for spot in document.find("meta"):
        if (spot.attr("name") or "").strip().lower() == "robots":
            directives = (spot.attr("content") or "").lower().replace(",", " ").split()
            if not _NOFOLLOW_ROBOTS.isdisjoint(directives):
                return True
    return False


def _text(document: Document, spot: Spot) -> str:
    """The text a reader sees; where there is none, what stands in for it: aria-label, an image's alt, the title."""
    tag, attr = spot.tag, spot.attr
    if tag == "a":
        text = document.text(spot.element)
        if text:
            return text
        label = collapse(attr("aria-label") or "")
        if label:
            return label
        for inner in spot.element.iter_elements(("img", "image", "title", "input")):
            alt = document.text(inner) if inner.tag == "title" else collapse(inner.attr("alt") or inner.attr("aria-label") or "")
            if alt:
                return alt
    elif tag == "area":
        return collapse(attr("alt") or attr("aria-label") or attr("title") or "")
    elif tag == "form":
        return collapse(attr("aria-label") or attr("title") or attr("name") or "")
    return collapse(attr("aria-label") or attr("title") or "")


def _score(link: LinkItem) -> float:
    """0 to 10. Where it stands counts up to 3, what it says up to 4, and 3 go to links that are followed, lead somewhere and stand once.

    A sentence in the article beats an entry of the menu; a bare picture, "more" or "#top" says little.
    """
    text = link.text
    words = text.count(" ") + 1 if text else 0
    if words == 1 and not text.isascii():
        words = len(text) // 2  # scripts without spaces between words
    score = _REGION_SCORES[link.region] + (min(4, words))
    if not link.nofollow:
        score += 1.0
    if link.raw_href[:1] not in ("#", ""):
        score += 1.0
    return score + 1.0 if link.occurrences == 1 else score
