"""Every setting of the package in one frozen dataclass: name, default, check and meaning.

The setting of the field `exclude_domains` is ``LINKMEDIA_EXCLUDE_DOMAINS``; fields that concern one page are also keys of
``request.meta["linkmedia"]``. `docs/settings.md` is written from here.
"""

from __future__ import annotations

import copy
import dataclasses
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar, cast

from linkmedia_scrapy.checks import (
    SHIPPED_SOCIAL_DOMAINS,
    Check,
    RefusedEntryError,
    RefusedError,
    boolean,
    capture_path,
    choice,
    domains,
    integer,
    names,
    number,
    optional,
    pdf_options,
    social,
    text,
    viewport,
)
from linkmedia_scrapy.errors import ConfigError, UnknownSettingError, without_passwords

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

__all__ = ["EXTRACTS", "LINK_KINDS", "META_KEY", "PREFIX", "RENDERING", "TABLE_FORMATS", "TABLE_SOURCES", "LinkMediaConfig", "setting_name"]

PREFIX: Final = "LINKMEDIA_"
META_KEY: Final = "linkmedia"
EXTRACTS: Final = ("links", "images", "videos", "audios", "tables")
LINK_KINDS: Final = ("a", "area", "iframe", "link", "form", "meta", "contact")

_MEANT_FOR_US: Final = re.compile(r"link_?media_", re.IGNORECASE)
"""How a name of ours begins, and how it begins in the ways that people write it by mistake."""

RENDERING: Final = ("render", "screenshot", "pdf", "mhtml", "wait_for_images")
"""The settings each of which has pages rendered (`LinkMediaConfig.renders`)."""
TABLE_SOURCES: Final = ("table", "aria", "dl")
TABLE_FORMATS: Final = ("csv", "json", "parquet")


def setting_name(field_name: str) -> str:
    """What the setting of a field is called."""
    return PREFIX + field_name.upper()


_T = TypeVar("_T")
_Given_contra = TypeVar("_Given_contra", contravariant=True)
_Held_co = TypeVar("_Held_co", covariant=True)


class Converted(Protocol[_Given_contra, _Held_co]):
    """What type checkers see of a field that is given in one form and held in another."""

    def __get__(self, config: Any, config_class: Any = None, /) -> _Held_co: ...
    def __set__(self, config: Any, value: _Given_contra, /) -> None: ...


def _setting(default: _T, check: Check[_T], doc: str, *, page: bool = True) -> _T:
    """A setting; `page` says that a single request may have a value of its own."""
    return field(default=default, metadata={"check": check, "doc": doc, "page": page})


def _converted(default: _T, check: Check[_T], doc: str) -> Converted[Any, _T]:
    """A setting that a program, too, may give in the form in which `settings.py` has it."""
    return cast("Converted[Any, _T]", _setting(default, check, doc))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMediaConfig:
    """The settings of a crawl or of one page; docs/settings.md says what each means. Values are checked, and held as declared here.

    :raises ConfigError: for a name that is not known, or a value that cannot be used.
    """

    extract: Converted[Iterable[str], tuple[str, ...]] = _converted(
        EXTRACTS, names(*EXTRACTS), "What is extracted; what is left out costs nothing."
    )

    exclude_external_links: bool = _setting(False, boolean, "Leave out links to other sites.")
    exclude_internal_links: bool = _setting(False, boolean, "Leave out links to the page's own site.")
    exclude_social_media_links: bool = _setting(
        False, boolean, "Leave out links to social media, and images and players from there (players of video platforms stay)."
    )
    social_media_domains: Converted[Iterable[str] | Path | frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = _converted(
        SHIPPED_SOCIAL_DOMAINS,
        social,
        "What counts as social media: a list of domains or a file of them replaces the list that is shipped.",
    )
    exclude_social_media_domains: Converted[Iterable[str], frozenset[str]] = _converted(
        frozenset(), domains, "Social media that are left out of all records, whether or not `EXCLUDE_SOCIAL_MEDIA_LINKS` is on."
    )
    social_media_except: Converted[Iterable[str], frozenset[str]] = _converted(
        frozenset(), domains, "Domains that are not social media, whatever the list says."
    )
    exclude_domains: Converted[Iterable[str], frozenset[str]] = _converted(
        frozenset(), domains, "Domains, with their subdomains, of which no link, image, video or audio is kept."
    )
    own_domains: Converted[Iterable[str], frozenset[str]] = _converted(
        frozenset(), domains, "Domains that are internal besides the page's own, such as its CDN."
    )
    internal_scope: str = _setting(
        "site", choice("site", "host", "origin"), "What is internal: the same registrable domain, the same host, or the same origin."
    )
    private_suffixes: bool = _setting(
        True, boolean, "Count the public suffix list's private part: a.github.io and b.github.io are two sites then."
    )

    link_kinds: Converted[Iterable[str], tuple[str, ...]] = _converted(
        ("a", "area"), names(*LINK_KINDS), "Which kinds of links are emitted."
    )
    unique_links: bool = _setting(True, boolean, "One record for each kind and URL of a page, with the number of its occurrences.")

    exclude_external_images: bool = _setting(False, boolean, "Leave out images of other sites.")
    image_domains: Converted[Iterable[str], frozenset[str]] = _converted(
        frozenset(), domains, "Domains whose images are kept although they are external."
    )
    exclude_all_images: bool = _setting(False, boolean, "No image records; no work is done for them either.")
    image_score_threshold: float | None = _setting(
        2, optional(number(0, 10)), "Images with a lower score are left out; None keeps them all."
    )
    image_description_min_words: int = _setting(
        1, integer(0), "A text with fewer words is passed over when an image's description is looked for."
    )

    image_variants: str = _setting(
        "variants",
        choice("variants", "items"),
        "Whether the sizes and formats of one image are its record's `variants`, or each a record with the same `group_id`.",
    )
    image_icons: bool = _setting(False, boolean, "Records of the page's icons, too: `<link rel=icon>`, touch icons, tiles.")
    image_inline_svg: bool = _setting(False, boolean, "Records of inline svg elements, too; their `src` is a data URL of their markup.")

    image_probe: bool = _setting(
        False,
        boolean,
        "Read the heads of image files for their true size, format and length; not needed for rendered pages.",
        page=False,
    )
    image_probe_max_bytes: int = _setting(
        131_072, integer(4096), "Bytes that `IMAGE_PROBE` reads of one image at most; 4096 are enough for most.", page=False
    )
    download_images: bool = _setting(False, boolean, "Download the images that are kept into the store.", page=False)
    download_media: bool = _setting(False, boolean, "Download the files of the videos and audios that are kept into the store.", page=False)

    table_score_threshold: float | None = _setting(
        7, optional(number(-100, 100)), "Tables with a lower score are taken for layout and left out; None keeps them all."
    )

    table_min_rows: int = _setting(0, integer(0), "Tables with fewer rows, header rows not counted, are left out.")
    table_min_columns: int = _setting(0, integer(0), "Tables with fewer columns are left out.")
    table_sources: Converted[Iterable[str], tuple[str, ...]] = _converted(
        ("table",),
        names(*TABLE_SOURCES),
        "What tables are made of: table elements, elements with the ARIA roles of tables, definition lists.",
    )
    table_files: str | None = _setting(
        None, optional(choice(*TABLE_FORMATS)), "Write each table to a file of its own in the store; its path is in the record.", page=False
    )
    table_max_slots: int = _setting(1_000_000, integer(1), "Slots (rows times columns) of one table; rows beyond are cut off, and counted.")

    render: bool = _setting(
        False,
        boolean,
        "Render pages in a browser; implied by the four that follow. For one request, False: not this one, whatever they say.",
    )
    screenshot: bool = _setting(False, boolean, "Take a screenshot of each page.")
    pdf: bool = _setting(False, boolean, "Print each page to a PDF.")
    mhtml: bool = _setting(False, boolean, "Keep each page with all it has loaded in one MHTML file.")
    wait_for_images: bool = _setting(False, boolean, "Scroll through the page, so that lazy images load, and wait for images and fonts.")
    ready_timeout: float = _setting(15, number(0.1, 3600), "Seconds from the first bytes of a page until it is taken as it is.")
    scroll_max_steps: int = _setting(500, integer(0), "Screens that `WAIT_FOR_IMAGES` scrolls through at most.")
    scroll_max_height: int = _setting(300_000, integer(0), "Pixels that `WAIT_FOR_IMAGES` scrolls down at most.")
    render_frames: bool = _setting(False, boolean, "Extract what stands in frames of the page's own site, too.")
    viewport: Converted[str | Iterable[int] | None, tuple[int, int] | None] = _converted(
        None, optional(viewport), "Size of the browser's window, as 1280x720; None leaves that of the Playwright context."
    )
    screenshot_area: str = _setting("full", choice("full", "viewport"), "The whole page, or what is seen without scrolling.")
    screenshot_selector: str | None = _setting(None, optional(text), "A CSS selector: a screenshot of its first element only.")
    screenshot_format: str = _setting(
        "png", choice("png", "jpeg", "webp"), "Format; what it cannot hold becomes PNG, and the record says so."
    )
    screenshot_quality: int = _setting(80, integer(0, 100), "Quality of JPEG and WebP.")
    screenshot_scale: float = _setting(1, number(0.1, 4), "Pixels of the picture for one CSS pixel.")
    screenshot_max_height: int | None = _setting(None, optional(integer(1)), "CSS pixels; the screenshot of a higher page is cut there.")
    pdf_options: Converted[Mapping[str, Any] | str | tuple[tuple[str, Any], ...], tuple[tuple[str, Any], ...]] = _converted(
        (("format", "A4"), ("print_background", True)), pdf_options, "How pages are printed: a dict of Playwright's `page.pdf` options."
    )
    capture_timeout: float = _setting(30, number(0.1, 3600), "Seconds for one capture of a page that is ready.")
    capture_path: str = _setting("%(kind)s/%(host)s/%(sha1)s.%(ext)s", capture_path, "Where in the store a capture goes.")
    capture_inline: bool = _setting(False, boolean, "Put captures into their records, too: base64, MHTML as text.")
    store: str | None = _setting(
        "captures",
        optional(text),
        "Where captures, table files and downloads go: a folder, s3://, gs:// or ftp://; None keeps none but inlined captures.",
        page=False,
    )

    render_required: bool = _setting(
        True, boolean, "Without a browser the crawl does not start or ends; False: it goes on unrendered, and counts.", page=False
    )
    browser_timeout: float = _setting(
        30, number(0, 3600), "Seconds that a browser which was lost and cannot be started again is waited for.", page=False
    )
    context_max_pages: int = _setting(
        100, integer(0), "Pages after which a browser context is exchanged for a new one, so that memory stays flat; 0: never.", page=False
    )
    block_private_network: bool = _setting(
        True,
        boolean,
        "Keep pages of public hosts that are rendered, and files that such hosts name, from loopback, link-local and private addresses.",
        page=False,
    )

    filter_requests: bool = _setting(False, boolean, "Apply the rules for links to the requests that a spider follows, too.", page=False)
    auto: bool = _setting(
        False, boolean, "Extract from every spider's HTML responses; feeds that name no item_classes do not get these records.", page=False
    )
    items: str = _setting(
        "records",
        choice("records", "pages"),
        "What a page yields: each record as an item, or one page item with all of them, which costs a crawl far less.",
        page=False,
    )
    feeds: str | None = _setting(None, optional(text), "A feed URI with %(records)s in it: one feed for each kind of record.", page=False)
    csv_escape_formulas: bool = _setting(
        True, boolean, "In CSV, put an apostrophe before text that a spreadsheet would run as a formula.", page=False
    )
    unique_across_pages: bool = _setting(False, boolean, "Drop a record whose kind and URL the crawl has emitted already.", page=False)
    unique_across_pages_limit: int = _setting(
        500_000,
        integer(1),
        "How many URLs `UNIQUE_ACROSS_PAGES` remembers; beyond that the oldest are forgotten (about 150 bytes each).",
        page=False,
    )

    def __new__(cls, *_: Any, **values: Any) -> Self:
        """Refuse names that are not known: what Python says of them does not tell the nearest one that is.

        :raises UnknownSettingError: where one is not.
        """
        for name, value in values.items():
            if name not in _FIELDS:
                raise UnknownSettingError(f"LinkMediaConfig({name}={_short(value)}): no such setting{_did_you_mean(name, _FIELDS)}")
        return object.__new__(cls)

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            if value is not item.default:
                object.__setattr__(self, item.name, _checked(item, value, setting_name(item.name)))
        if self.feeds is not None and "%(records)s" not in self.feeds:
            raise ConfigError(f"{PREFIX}FEEDS = {self.feeds!r}: must have %(records)s in it, as in out/%(records)s.csv")

    @property
    def renders(self) -> bool:
        """Whether pages are rendered."""
        return any(getattr(self, name) for name in RENDERING)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> LinkMediaConfig:
        """The ``LINKMEDIA_*`` settings of a crawl.

        :raises ConfigError: for a name that is not known or a value that cannot be used; the text names the nearest known name.
        """
        values: dict[str, Any] = {}
        known = {setting_name(name): name for name in _FIELDS}
        for name in settings:
            if not isinstance(name, str) or not _MEANT_FOR_US.match(name):
                continue
            if name not in known:
                near = _did_you_mean(name, _FIELDS, setting_name)
                raise ConfigError(f"{name} = {_short(settings[name])}: no such setting{near}")
            values[known[name]] = settings[name]
        return cls(**values)

    def for_page(self, overrides: Any) -> tuple[LinkMediaConfig, list[str]]:
        """These settings with those of one request over them, and a line for each value that could not be used.

        A key that is unknown, that does not concern one page, or whose value is wrong leaves the setting as it is.
        """
        if not isinstance(overrides, Mapping):
            return self, [f"request.meta[{META_KEY!r}] = {_short(overrides)}: must be a dict of settings"]
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name, value in overrides.items():
            item = _FIELDS.get(name)
            label = f"request.meta[{META_KEY!r}][{name!r}]"
            if item is None or not item.metadata["page"]:
                if item is None:
                    pages = [name for name, item in _FIELDS.items() if item.metadata["page"]]
                    what = f"no such key{_did_you_mean(str(name), pages)}"
                else:
                    what = "a setting of the whole crawl, not of one request"
                problems.append(f"{label} = {_short(value)}: {what}")
                continue
            try:
                values[name] = _checked(item, value, label)
            except ConfigError as error:
                problems.append(str(error))
        config = copy.copy(self)
        for name, value in values.items():
            object.__setattr__(config, name, value)  # checked above; the others were when the crawl began
        return config, problems


_FIELDS: Final[dict[str, dataclasses.Field[Any]]] = {item.name: item for item in dataclasses.fields(LinkMediaConfig)}


def _checked(item: dataclasses.Field[Any], value: Any, label: str) -> Any:
    check: Check[Any] = item.metadata["check"]
    try:
        return check.convert(value)
    except RefusedEntryError as error:
        keys = "".join(f"[{key!r}]" for key in error.keys)
        why = f" ({_cut(error.why)})" if error.why else ""
        raise ConfigError(f"{label}{keys} = {_short(error.value)}: must be {error.allowed}{why}") from None
    except (ValueError, TypeError, OverflowError) as error:
        why = f" ({_cut(str(error))})" if isinstance(error, RefusedError) else ""
        raise ConfigError(f"{label} = {_short(value)}: must be {check.allowed}{why}") from None


def _short(value: Any) -> str:
    return _cut(without_passwords(repr(value)))


def _cut(shown: str) -> str:
    return shown if len(shown) <= 100 else shown[:99] + "…"


def _did_you_mean(name: str, known: Iterable[str], shown: Callable[[str], str] = str) -> str:
    """The nearest of the known names, which are in lower case and without the prefix; `name` may be written as a setting."""
    near = difflib.get_close_matches(_MEANT_FOR_US.sub("", name, count=1).lower(), list(known), 1, 0.5)
    return f"; did you mean {shown(near[0])}?" if near else ""
