"""Links: hyperlinks of every kind, as a browser resolves them and as a reader sees them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, TypeAlias

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.document import Document, Element, Namespace, Where
from linkmedia_scrapy.extraction.tags import REGION_SCORES
from linkmedia_scrapy.extraction.text import SHARED, collapse, excerpt, first_text, word_count
from linkmedia_scrapy.extraction.urls import normalize, scheme_of
from linkmedia_scrapy.extraction.visible import SHORT
from linkmedia_scrapy.items import LinkItem, link_item
from linkmedia_scrapy.rules import Verdict

__all__ = ["extract_links", "spare_text"]

_CONTACT_SCHEMES: Final = frozenset({"mailto", "sms", "tel"})
_PAGE_SCHEMES: Final = frozenset({"ftp", "http", "https"})

# rel values by which a link element leads to a document (HTML standard, 4.6.7, and the registry it refers to); the others load
# resources of the page itself.
_DOCUMENT_RELS: Final = frozenset(
    (
        "alternate amphtml author bookmark canonical chapter contents copyright first glossary help home index last license "
        "next prev previous privacy-policy related search section self shortlink start subsection tag terms-of-service toc up"
    ).split()
)
_WHITE_SPACE: Final = "\t\n\f\r "  # ASCII whitespace, as the standard has it: no vertical tab
# "Shared declarative refresh steps" (HTML standard, 4.2.5.3)
_REFRESH: Final = re.compile(
    r"{_}*[0-9.]++(?:{_}*+[;,]|{_}){_}*(?:url{_}*={_}*)?(?:(?P<quote>['\"])(?P<quoted>.*?)(?:(?P=quote)|\Z)|(?P<plain>.*))".replace(
        "{_}", f"[{_WHITE_SPACE}]"
    ),
    re.IGNORECASE | re.DOTALL,
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
_PICTURES: Final = frozenset({"image", "img", "input"})
_MOST_LABELLED: Final = 100  # elements in a link without text that are looked at: links can be made to nest
_SPECIAL_ATTRIBUTES: Final = ("rel", "target", "hreflang", "type", "download")


class _Draft:
    """A link while it is read. A `plain` one has an address, perhaps a title, and text, no more; `verdict` is None of contacts."""

    __slots__ = ("element", "kind", "nofollow", "occurrences", "plain", "raw", "rels", "tag", "text", "title", "url", "verdict", "where")

    def __init__(
        self, element: Element, where: Where, tag: str, plain: bool, kind: str, raw: str, url: str, verdict: Verdict | None
    ) -> None:
        self.element = element
        self.where = where
        self.tag = tag
        self.plain = plain
        self.kind = kind
        self.raw = raw
        self.url = url
        self.verdict = verdict
        self.text = ""
        self.title = ""
        self.rels = [] if plain else _rels(element)
        self.nofollow = "nofollow" in self.rels
        self.occurrences = 1


_Repeated: TypeAlias = "tuple[int, Element, str, bool]"
"""An element that leads where an earlier one leads: the number of that one's draft; the element, its name, whether it is plain."""


def extract_links(page: PageContext) -> list[LinkItem]:
    """The page's links of the kinds that are asked for, in document order.

    Step by step, each step for all links: a step's code then stays in the processor's first cache, which that of all steps does not
    fit into. Link by link it takes a tenth longer.
    """
    document = page.document
    drafts, repeated = _find(page)
    _read_texts(document, drafts)
    _read_titles(drafts)
    for index, element, tag, plain in repeated:
        _add_occurrence(drafts[index], document, element, tag, plain)
    page_nofollow = _page_says_nofollow(document)
    return [_link(page, draft, page_nofollow) for draft in drafts]


def _find(page: PageContext) -> tuple[list[_Draft], list[_Repeated]]:
    """The links that the rules leave, and the elements that only repeat one of them."""
    document, config, rules = page.document, page.config, page.rules
    kinds, unique = config.link_kinds, config.unique_links
    tags = [tag for tag, kind in _KIND_OF_TAG.items() if kind in kinds or (kind in ("a", "area") and "contact" in kinds)]
    # Most links have an address, perhaps a title, and text: only the others are asked for more.
    special = document.compound("a", *_SPECIAL_ATTRIBUTES) if "a" in tags else set()
    found = document.each(*tags)
    references = [(element.attr("href") if tag == "a" else None) or _reference(element, tag) for _, element, _, tag in found]
    urls = page.resolver.resolve_all([reference for reference in references if reference is not None])
    drafts: list[_Draft] = []
    repeated: list[_Repeated] = []
    by_url: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for (_, element, where, tag), raw in zip(found, references):  # noqa: B905 - one of each; to say so takes a slower call
        if raw is None:
            continue
        # a form without an action goes to the page itself, whatever its base element says (HTML standard, 4.10.21.3, step 14)
        url = urls[raw] if raw or tag != "form" else normalize(page.url)
        if url is None:
            page.drop("link", "invalid_url")
            continue
        kind = _KIND_OF_TAG[tag] if url.startswith(("https://", "http://")) else _other_kind(url, tag, page)
        if kind not in by_url:
            continue
        plain = tag == "a" and element not in special
        known = by_url[kind].get(url)
        if known is not None:
            repeated.append((known, element, tag, plain))
            continue
        verdict = rules.judge(url) if kind != "contact" else None
        if verdict is not None and verdict.link:
            page.drop("link", verdict.link)
            continue
        if unique:
            by_url[kind][url] = len(drafts)
        drafts.append(_Draft(element, where, tag, plain, kind, raw, url, verdict))
    return drafts, repeated


def _read_texts(document: Document, drafts: list[_Draft]) -> None:
    room = document.room  # links can be made to nest, in SVG, and each to hold all that follows
    for draft in drafts:
        if draft.plain:
            text = draft.element.text
            room -= len(text)
            draft.text = text if room >= 0 else text[:SHORT]
    for draft in drafts:
        if draft.plain:
            draft.text = " ".join(draft.text.split())
    for draft in drafts:
        if not draft.text:
            draft.text = _text(document, draft.element, draft.tag, draft.plain)


def _read_titles(drafts: list[_Draft]) -> None:
    for draft in drafts:
        draft.title = draft.element.attr("title") or ""
    for draft in drafts:
        if draft.title and draft.title != draft.text:  # many a title says what the text says
            draft.title = collapse(draft.title)


def _link(page: PageContext, draft: _Draft, page_nofollow: bool) -> LinkItem:
    where, verdict = draft.where, draft.verdict
    nofollow = page_nofollow or draft.nofollow
    link = link_item(
        page.url,
        draft.kind,
        draft.url,
        draft.raw,
        draft.text,
        draft.title,
        verdict.base_domain if verdict is not None else "",
        verdict.scope if verdict is not None else "external",
        draft.rels,
        nofollow,
        where.region,
        page.document.heading(where),
        draft.occurrences,
        _score(where.region, draft.text, nofollow, draft.raw, draft.occurrences),
    )
    if not draft.plain:
        _note_attributes(link, draft.element, draft.tag)
    return link


def _rels(element: Element) -> list[str]:
    return (element.attr("rel") or "").lower().split()


def _add_occurrence(draft: _Draft, document: Document, element: Element, tag: str, plain: bool) -> None:
    """Count another element that leads to the same place; it says what the ones before did not."""
    draft.occurrences += 1
    if not draft.title:
        draft.title = collapse(element.attr("title") or "")
    if not draft.text:
        draft.text = _text(document, element, tag, plain)
    if draft.nofollow and (plain or "nofollow" not in _rels(element)):
        draft.nofollow = False


def _note_attributes(link: LinkItem, element: Element, tag: str) -> None:
    """What few links have."""
    link.target = element.attr("target") or ""
    link.hreflang = element.attr("hreflang") or ""
    link.mime_type = element.attr("type") or "" if tag in ("a", "link") else ""
    link.download = element.attr("download")


def _reference(element: Element, tag: str) -> str | None:
    """What a link element refers to, as written; None where the element is no link."""
    attr = element.attr
    if tag in ("a", "area"):
        href = attr("href")
        return attr("xlink:href") if href is None and tag == "a" and element.namespace == Namespace.SVG else href
    if tag in ("iframe", "frame"):
        return attr("src") or None
    if tag == "link":
        rels = (attr("rel") or "").lower().split()
        return attr("href") or None if "stylesheet" not in rels and not _DOCUMENT_RELS.isdisjoint(rels) else None
    if tag == "form":
        return attr("action") or "" if (attr("method") or "get").lower() not in ("post", "dialog") else None
    if (attr("http-equiv") or "").lower() == "refresh":
        match = _REFRESH.match(attr("content") or "")
        return (match["quoted"] if match["quote"] else match["plain"]).strip(_WHITE_SPACE) or None if match else None
    return None


def _other_kind(url: str, tag: str, page: PageContext) -> str:
    """The kind of a link that is not http(s); "", and counted, where its scheme is none of a link's."""
    scheme = scheme_of(url)
    if scheme in _CONTACT_SCHEMES and tag in ("a", "area"):
        return "contact"
    if scheme in _PAGE_SCHEMES or (scheme == "file" and page.url.startswith("file:")):
        return _KIND_OF_TAG[tag]
    page.drop("link", "scheme")
    return ""


def _page_says_nofollow(document: Document) -> bool:
    for _, element, _, _ in document.each("meta"):
        if (element.attr("name") or "").strip().lower() == "robots":
            directives = (element.attr("content") or "").lower().replace(",", " ").split()
            if not _NOFOLLOW_ROBOTS.isdisjoint(directives):
                return True
    return False


def _text(document: Document, element: Element, tag: str, plain: bool) -> str:
    """The text a reader sees; where there is none, what stands in for it: aria-label, an image's alt or label, the title."""
    attr = element.attr
    if tag == "a":
        text = " ".join(element.text.split()) if plain else document.text(element)
        return text or spare_text(document, element)
    if tag == "area":
        return first_text(attr("alt"), attr("aria-label"), attr("title"))
    if tag == "form":
        return first_text(attr("aria-label"), attr("title"), attr("name"))
    return first_text(attr("aria-label"), attr("title"))


def spare_text(document: Document, anchor: Element) -> str:
    """What stands in for the text of an `a` element that has none: its aria-label, a picture's alt or label, its title, the picture's."""
    label = collapse(anchor.attr("aria-label") or "")
    if label:
        return label
    title = collapse(anchor.attr("title") or "")
    for inner in islice(anchor.iter_elements(), _MOST_LABELLED):
        said = document.text(inner) if inner.tag == "title" else _label(inner)
        if said:
            return excerpt(said, SHARED)  # it may stand in many links
        if not title:
            title = excerpt(collapse(inner.attr("title") or ""), SHARED)
    return title


def _label(element: Element) -> str:
    """What an element inside a link says instead of text: a picture its alt, anything its aria-label, as icons of SVG and of fonts do."""
    alt = element.attr("alt") if element.tag in _PICTURES else None
    return first_text(alt, element.attr("aria-label"))


def _score(region: str, text: str, nofollow: bool, raw_href: str, occurrences: int) -> float:
    """0 to 10. Where it stands counts up to 3, what it says up to 4, and 3 go to links that are followed, lead somewhere and stand once.

    A sentence in the article beats an entry of the menu; a bare picture, "more" or "#top" says little.
    """
    score = REGION_SCORES[region]
    score += min(4, word_count(text))
    if not nofollow:
        score += 1.0
    if raw_href and raw_href[0] != "#":
        score += 1.0
    return score + 1.0 if occurrences == 1 else score
