"""The records: what the package finds. Mutable dataclasses whose field order is public: it is the order of CSV columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkmedia_scrapy import tabledata
from linkmedia_scrapy.records import Record, plain

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "RECORDS",
    "AudioItem",
    "CaptureItem",
    "ErrorItem",
    "ImageItem",
    "LinkItem",
    "PageItem",
    "Record",
    "TableItem",
    "VideoItem",
    "link_item",
]


@dataclass(slots=True, kw_only=True)
class LinkItem(Record):
    """A link of a page."""

    record: str = "link"
    page_url: str = ""
    """The URL of the page that the link stands in."""
    kind: str = "a"
    """a, area, iframe (frames too), link (``<link rel>``), form (GET), meta (refresh), contact (mailto:, tel:, sms:)."""
    url: str = ""
    """The absolute URL by the WHATWG URL Standard, fragment kept."""
    raw_href: str = ""
    """The reference as the page has it."""
    text: str = ""
    """The text that a reader sees; where there is none, the aria-label, the alternative text or label of a picture in it, or the title."""
    title: str = ""
    base_domain: str = ""
    """The registrable domain of `url`; its host where that has none."""
    scope: str = "internal"
    """internal or external."""
    rel: list[str] = field(default_factory=list)
    """The tokens of the rel attribute, in lower case."""
    nofollow: bool = False
    """Whether rel or the page's ``<meta name=robots>`` says nofollow; with several occurrences, whether all of them do."""
    target: str = ""
    hreflang: str = ""
    mime_type: str = ""
    """The type attribute."""
    download: str | None = None
    """The download attribute; None where there is none."""
    region: str = ""
    """The landmark it stands in: header, nav, main, article, aside, footer, search, or ""."""
    heading: str = ""
    """The heading it stands in or under."""
    occurrences: int = 1
    """How often the page has this kind of link to this URL."""
    score: float = 0.0
    """0 to 10: how much the link looks like one to contents, by place and text."""

    def _summary(self) -> str:
        return f"{self.kind} {self.url} {self.text!r}"


def link_item(
    page_url: str,
    kind: str,
    url: str,
    raw_href: str,
    text: str,
    title: str,
    base_domain: str,
    scope: str,
    rel: list[str],
    nofollow: bool,
    region: str,
    heading: str,
    occurrences: int,
    score: float,
) -> LinkItem:
    """A link with what most links have, the other fields as they are by default.

    Links are what pages have most of, and the dataclass's own __init__ takes five times as long.
    """
    link = LinkItem.__new__(LinkItem)
    link.record = "link"
    link.page_url = page_url
    link.kind = kind
    link.url = url
    link.raw_href = raw_href
    link.text = text
    link.title = title
    link.base_domain = base_domain
    link.scope = scope
    link.rel = rel
    link.nofollow = nofollow
    link.target = link.hreflang = link.mime_type = ""
    link.download = None
    link.region = region
    link.heading = heading
    link.occurrences = occurrences
    link.score = score
    return link


@dataclass(slots=True, kw_only=True)
class ImageItem(Record):
    """A picture of a page, in all the ways in which the page tells it."""

    record: str = "image"
    page_url: str = ""
    kind: str = "img"
    """img, picture, noscript, input, svg, css, poster, object, embed, preload, meta, jsonld, icon."""
    src: str = ""
    """The absolute URL of the best candidate."""
    alt: str = ""
    title: str = ""
    desc: str = ""
    """The text that belongs to the picture: its caption, else the nearest text; at most 300 characters."""
    caption: str = ""
    score: float = 0.0
    """0 to 10: content from the threshold of 2 on, furniture below."""
    score_parts: dict[str, float] = field(default_factory=dict)
    type: str = "image"
    group_id: str = ""
    """The same for all variants of one picture, and from crawl to crawl."""
    format: str = ""
    """jpeg, png, webp, avif, gif, svg …, from the type attribute or the URL; "" where neither tells."""
    width: int | None = None
    """CSS pixels, from attributes, style or metadata, else of the best candidate."""
    height: int | None = None
    variants: list[dict[str, Any]] = field(default_factory=list)
    """Every candidate: src, width (px, from a w descriptor), density (from an x descriptor), media, mime_type; [] where there is one."""
    placeholder_src: str | None = None
    """What a lazy image shows until it is loaded."""
    lazy: bool = False
    base_domain: str = ""
    scope: str = "internal"
    link_url: str | None = None
    """Where the link around the picture leads."""
    is_main: bool = False
    region: str = ""
    heading: str = ""
    occurrences: int = 1
    natural_width: int | None = None
    natural_height: int | None = None
    displayed_width: float | None = None
    displayed_height: float | None = None
    visible: bool | None = None
    """Whether it is to be seen somewhere in the page, as far as a browser has rendered that."""
    path: str | None = None
    """Where the file is in the store, where it was downloaded."""
    checksum: str | None = None
    size: int | None = None
    """Bytes of the file, where it was probed or downloaded."""

    def _summary(self) -> str:
        return f"{self.kind} {self.src} {self.alt!r} score {self.score:g}"


@dataclass(slots=True, kw_only=True)
class _PlayerItem(Record):
    record: str = ""
    page_url: str = ""
    kind: str = "element"
    """element (video, audio), embed (iframe, object, embed, lite players), link, jsonld, meta, feed (enclosures)."""
    src: str = ""
    """The absolute URL of the first file, or of the embedded player as the page has it."""
    sources: list[dict[str, Any]] = field(default_factory=list)
    """Every source: src, mime_type, media."""
    poster: str | None = None
    tracks: list[dict[str, Any]] = field(default_factory=list)
    """Every text track: src, kind, srclang, label, default."""
    provider: str = ""
    """The embedding service's name in lower case, "" for files of the page's own."""
    provider_id: str = ""
    canonical_url: str | None = None
    """The medium's own page at the service."""
    embed_url: str | None = None
    """The player's URL without the page's own options."""
    title: str = ""
    desc: str = ""
    duration: float | None = None
    """Seconds."""
    width: int | None = None
    height: int | None = None
    type: str = ""
    mime_type: str = ""
    group_id: str = ""
    score: float = 0.0
    """0 to 10: how much it is part of what the page shows, by the way in which the page tells of it, and by place."""
    base_domain: str = ""
    scope: str = "internal"
    region: str = ""
    heading: str = ""
    path: str | None = None
    checksum: str | None = None
    size: int | None = None
    """Bytes of the file, where the page tells or it was downloaded."""

    def _summary(self) -> str:
        return f"{self.kind} {self.src} {self.title!r}"


@dataclass(slots=True, kw_only=True)
class VideoItem(_PlayerItem):
    """A video of a page."""

    record: str = "video"
    type: str = "video"


@dataclass(slots=True, kw_only=True)
class AudioItem(_PlayerItem):
    """A sound of a page."""

    record: str = "audio"
    type: str = "audio"


@dataclass(slots=True, kw_only=True)
class TableItem(Record):
    """A data table of a page."""

    record: str = "table"
    page_url: str = ""
    kind: str = "relational"
    """relational, entity (keys and values), matrix (headers on both sides)."""
    headers: list[str] = field(default_factory=list)
    """One name a column, several header rows joined; [] where there are none."""
    rows: list[list[str]] = field(default_factory=list)
    """The body's cells; the text of a spanning cell in every slot that it covers."""
    caption: str = ""
    summary: str = ""
    title: str = ""
    score: float = 0.0
    score_parts: dict[str, float] = field(default_factory=dict)
    header_rows: list[list[str]] = field(default_factory=list)
    row_header_columns: int = 0
    """How many columns on the left hold row headers."""
    cell_links: list[dict[str, Any]] = field(default_factory=list)
    """Every http(s) link in a cell: row, column (both from 0, in the grid, header rows counted), text, url."""
    id: str = ""
    css_class: str = ""
    region: str = ""
    heading: str = ""
    path: str | None = None
    """Where its own file is in the store (``LINKMEDIA_TABLE_FILES``)."""
    truncated: bool = False
    """Whether it was cut at ``LINKMEDIA_TABLE_MAX_SLOTS``, or texts that stand in very many slots were."""

    def grid(self) -> list[list[str]]:
        """Every slot of the table, header rows included, in the order of the rows."""
        return [list(row) for row in (*self.header_rows, *self.rows)]

    def to_records(self) -> list[dict[str, str]]:
        """One dict for each row, by unique names of the columns; of an entity one dict, by its keys."""
        return tabledata.records(self.headers, self.rows, self.kind)

    def to_dataframe(self, *, typed: bool = True) -> DataFrame:
        """A pandas DataFrame of the rows; with `typed`, columns of numbers and dates are such, their texts in ``frame.attrs["text"]``.

        :raises ImportError: where pandas is not installed (``pip install 'linkmedia-scrapy[tables]'``).
        """
        return tabledata.data_frame(self.headers, self.rows, typed=typed)

    def _summary(self) -> str:
        return f"{self.kind} {len(self.header_rows) + len(self.rows)} rows {self.caption!r} score {self.score:g} {self.page_url}"


@dataclass(slots=True, kw_only=True)
class CaptureItem(Record):
    """A screenshot, PDF or MHTML snapshot of a page."""

    record: str = "capture"
    page_url: str = ""
    kind: str = "screenshot"
    """screenshot, pdf, mhtml."""
    path: str | None = None
    checksum: str | None = None
    size: int | None = None
    """Bytes."""
    width: int | None = None
    height: int | None = None
    complete: bool = False
    reason: str = ""
    images_total: int = 0
    images_loaded: int = 0
    images_failed: int = 0
    scroll_steps: int = 0
    elapsed_ms: int = 0
    data: str | None = None
    """Base64 (MHTML: text), only where captures are inlined."""

    def _summary(self) -> str:
        return f"{self.kind} {self.path} of {self.page_url}"


@dataclass(slots=True, kw_only=True)
class ErrorItem(Record):
    """Something of a page that could not be had."""

    record: str = "error"
    page_url: str = ""
    kind: str = "extract"
    """extract, render, capture, store."""
    stage: str = ""
    reason: str = ""
    message: str = ""

    def _summary(self) -> str:
        return f"{self.kind} {self.stage} {self.reason} {self.page_url} {self.message!r}"


RECORDS: dict[str, type[Record]] = {
    "links": LinkItem,
    "images": ImageItem,
    "videos": VideoItem,
    "audios": AudioItem,
    "tables": TableItem,
    "captures": CaptureItem,
    "errors": ErrorItem,
}
"""The record classes by their plural: the names of feeds, and of the fields of `PageItem`."""


@dataclass(slots=True, kw_only=True)
class PageItem(Record):
    """All records of one page."""

    holds = RECORDS

    record: str = "page"
    url: str = ""
    status: int | None = None
    links: list[LinkItem] = field(default_factory=list)
    images: list[ImageItem] = field(default_factory=list)
    videos: list[VideoItem] = field(default_factory=list)
    audios: list[AudioItem] = field(default_factory=list)
    tables: list[TableItem] = field(default_factory=list)
    captures: list[CaptureItem] = field(default_factory=list)
    errors: list[ErrorItem] = field(default_factory=list)
    dropped: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many records were left out, by record and reason."""
    success: bool = True
    error_message: str = ""

    def records(self) -> Iterator[Record]:
        """Every record of the page, kind by kind, each kind in document order."""
        for name in RECORDS:
            yield from getattr(self, name)

    def to_dict(self) -> dict[str, Any]:
        """The nested shape that Crawl4AI's results have: links by scope, media by kind, captures."""
        links: dict[str, list[dict[str, Any]]] = {"internal": [], "external": []}
        for link in self.links:
            links.setdefault(link.scope, []).append({"href": link.url, **link.to_dict()})
        inlined = {capture.kind: capture.data for capture in self.captures}
        return {
            "url": self.url,
            "success": self.success,
            "error_message": self.error_message,
            "links": links,
            "media": {
                "images": plain(self.images),
                "videos": plain(self.videos),
                "audio": plain(self.audios),
                "tables": plain(self.tables),
            },
            "screenshot": inlined.get("screenshot"),
            "pdf": inlined.get("pdf"),
            "mhtml": inlined.get("mhtml"),
            "captures": plain(self.captures),
        }

    def __repr__(self) -> str:
        return str(self)  # a page's records may be thousands, and tracebacks and debuggers print this

    def _summary(self) -> str:
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in RECORDS if getattr(self, name))
        return f"{self.url} {counts}"
