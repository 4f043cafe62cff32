"""What a page says of itself for machines: `meta` properties (Open Graph, Twitter cards), JSON-LD.

Pages write any garbage here. Nothing in this module raises on it, and all of it is read in linear time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from linkmedia_scrapy.extraction.context import PageContext
from linkmedia_scrapy.extraction.text import collapse, read_json

__all__ = ["DeclaredImage", "declared_images", "json_ld", "listed", "nodes", "scalar", "types_of"]

_OPENINGS: Final = ("<!--", "//", "/*", "<![CDATA[", "*/")
_CLOSINGS: Final = ("-->", "*/", "]]>", "//", "/*")
_MAX_VALUES: Final = 100_000  # values of one page's JSON-LD that are looked at

_PICTURES: Final = frozenset({"image", "primaryimageofpage", "photo", "photos", "associatedmedia", "thumbnail", "thumbnailurl", "logo"})
_LOGO_TYPES: Final = frozenset("Organization NewsMediaOrganization Corporation LocalBusiness Brand WebSite SearchAction".split())
_META_IMAGES: Final = {
    "og:image": "image",
    "og:image:url": "image",
    "og:image:secure_url": "image",
    "twitter:image": "image",
    "twitter:image:src": "image",
    "twitter:image0": "image",
    "twitter:image1": "image",
    "twitter:image2": "image",
    "twitter:image3": "image",
    "image": "image",
    "thumbnail": "thumbnail",
    "thumbnailurl": "thumbnail",
}
_PARTS: Final = {"alt": "alt", "height": "height", "type": "mime_type", "width": "width"}
"""What is said of one of these, and the field that it goes to."""
_META_SELECTOR: Final = "meta:is({})".format(
    ",".join(f"[{name}*='{part}' i]" for name in ("property", "name", "itemprop") for part in ("image", "thumbnail"))
)
"""What may name one of these, or a part of it."""


@dataclass(slots=True)
class DeclaredImage:
    """A picture that metadata name: its reference as written, `kind` (meta, jsonld), `role` (image, thumbnail, logo, person)."""

    reference: str
    kind: str
    role: str = "image"
    alt: str = ""
    width: Any = None
    height: Any = None
    mime_type: str = ""


def declared_images(page: PageContext) -> list[DeclaredImage]:
    """The pictures that the page's metadata name, those of `meta` first."""
    return [*_meta_images(page), *_json_ld_images(page)]


def _meta_images(page: PageContext) -> list[DeclaredImage]:
    """The pictures of Open Graph (ogp.me, "Structured Properties"), Twitter cards and `itemprop` in `meta` elements."""
    found: list[DeclaredImage] = []
    last: dict[str, DeclaredImage] = {}  # of each vocabulary
    for element in page.document.elements(_META_SELECTOR):
        attr = element.attr
        name = (attr("property") or attr("name") or attr("itemprop") or "").strip().lower()
        role = _META_IMAGES.get(name)
        part = name.rpartition(":")[2] if name.startswith(("og:image:", "twitter:image:")) else ""
        content = (attr("content") or "").strip()
        if not content or (role is None and part not in _PARTS):
            continue
        vocabulary = name.partition(":")[0]
        image = last.get(vocabulary)
        if image is None or (role is not None and image.reference):  # else its parts have come before it
            image = last[vocabulary] = DeclaredImage("", "meta")
        if role is not None:
            image.reference, image.role = content, role
            found.append(image)
        else:
            setattr(image, _PARTS[part], content)
    return found


def json_ld(page: PageContext) -> list[tuple[str, Any]]:
    """Text and value of each of the page's JSON-LD scripts, read once; what is no JSON is counted as jsonld / invalid_json."""
    if page.json_ld is None:
        page.json_ld = []
        for text in page.document.scripts("application/ld+json"):
            if not text.strip():
                continue
            try:
                page.json_ld.append((text, read_json(_unwrapped(text))))
            except (ValueError, RecursionError):
                page.drop("jsonld", "invalid_json")
    return page.json_ld


def _unwrapped(text: str) -> str:
    """JSON without what templates put around it: a byte order mark, comment and CDATA marks, a semicolon."""
    text = text.strip().lstrip("\ufeff")
    if text[:1] in ("<", "/"):
        for mark in _OPENINGS:
            text = text.removeprefix(mark).lstrip()
    for mark in _CLOSINGS if text[-1:] in (">", "/") else ():
        text = text.removesuffix(mark).rstrip()
    return text.rstrip("; \t\r\n")


def _json_ld_images(page: PageContext) -> list[DeclaredImage]:
    """The pictures that JSON-LD gives to the things it tells of, in document order, by schema.org's properties."""
    values = [value for _, value in json_ld(page)]
    if not values:
        return []
    found_nodes = list(nodes(values, page))
    by_id = {node["@id"]: node for node, _ in found_nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    found: dict[tuple[str, str], DeclaredImage] = {}
    told: set[tuple[int, str]] = set()
    for node, owner in found_nodes:
        types = types_of(node)
        if "ImageObject" in types and owner is None:
            named: list[tuple[Any, str]] = [(node, "image")]
        else:
            named = [(value, _role(name, types)) for name, value in node.items() if name.lower() in _PICTURES]
        for value, role in named:
            for image in _pictures(value, role, by_id, told):
                found.setdefault((image.reference, role), image)
    return list(found.values())


def listed(value: Any) -> list[Any]:
    """The values of a property that has one or several."""
    return value if isinstance(value, list) else [value]


def scalar(value: Any) -> Any:
    """A number or text, or what a QuantitativeValue or a JSON-LD value object says; of several the first."""
    value = next(iter(listed(value)), None)
    return value.get("@value", value.get("value")) if isinstance(value, dict) else value


def types_of(node: dict[str, Any]) -> list[str]:
    """The names of a node's types, without their vocabulary.

    >>> types_of({"@type": ["http://schema.org/NewsArticle", "Thing"]})
    ['NewsArticle', 'Thing']
    """
    return [name.rpartition("/")[2] for name in listed(node.get("@type")) if isinstance(name, str)]


def nodes(values: list[Any], page: PageContext) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Every object in document order, with the name of the property that leads to it (None at the top, in lists and @graph)."""
    pending: list[tuple[Any, str | None]] = [(value, None) for value in values[::-1]]
    room = _MAX_VALUES
    while pending:
        value, owner = pending.pop()
        room -= 1
        if room < 0:
            if "too_many_values" not in page.dropped.get("jsonld", ()):  # images and players both look through them
                page.drop("jsonld", "too_many_values")
            return
        if isinstance(value, dict):
            yield value, owner
            for name, entry in reversed(value.items()):
                if isinstance(entry, dict | list):
                    pending.append((entry, None if name == "@graph" else name))
        elif isinstance(value, list):
            pending += [(entry, owner) for entry in value[::-1] if isinstance(entry, dict | list)]


def _role(name: str, types: list[str]) -> str:
    name = name.lower()
    if name == "logo" or not _LOGO_TYPES.isdisjoint(types):
        return "logo"
    if "Person" in types:
        return "person"
    return "thumbnail" if name.startswith("thumbnail") else "image"


def _pictures(value: Any, role: str, by_id: dict[str, dict[str, Any]], told: set[tuple[int, str]]) -> Iterator[DeclaredImage]:
    """The pictures of a property's value: a URL, an ImageObject, a reference to one (`@id`), or a list of these.

    `told` has the nodes that have been read, with their role: one that is referred to a thousand times is read once.
    """
    for entry in listed(value):
        node = entry
        if isinstance(node, dict) and isinstance(node.get("@id"), str) and not (node.get("contentUrl") or node.get("url")):
            node = by_id.get(node["@id"], node)
        if isinstance(node, str):
            yield DeclaredImage(node.strip(), "jsonld", role)
        elif isinstance(node, dict) and (id(node), role) not in told:
            told.add((id(node), role))
            types = types_of(node)
            if types and "ImageObject" not in types:
                continue  # associatedMedia may be a video
            for name in ("contentUrl", "url", "thumbnailUrl"):
                url = node.get(name)
                if isinstance(url, list):
                    url = next((one for one in url if isinstance(one, str)), None)
                if isinstance(url, str) and url.strip():
                    text = node.get("caption") or node.get("description")
                    yield DeclaredImage(
                        url.strip(),
                        "jsonld",
                        role,
                        alt=collapse(text) if isinstance(text, str) else "",
                        width=scalar(node.get("width")),
                        height=scalar(node.get("height")),
                        mime_type=str(scalar(node.get("encodingFormat")) or ""),
                    )
                    break
