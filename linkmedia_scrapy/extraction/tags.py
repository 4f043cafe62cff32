"""What an element's name means when a page is read: small tables of names from the HTML standard and WAI-ARIA."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

__all__ = [
    "BACKGROUNDS",
    "BACKGROUNDS_OR_IMAGES",
    "BLOCK",
    "CELL_ROLES",
    "HEADER_ROLES",
    "HEADINGS",
    "INLINE",
    "LAYOUT_ROLES",
    "LINES",
    "PLACES",
    "PLAYERS",
    "RECORDED",
    "REGIONS",
    "REGION_OF_ROLE",
    "REGION_SCORES",
    "SECTIONS",
    "SILENT",
    "TABLE_ROLES",
    "first_role",
    "table_role",
]

BACKGROUNDS: Final = (
    "data-bg",
    "data-bg-src",
    "data-bg-img",
    "data-bg-image",
    "data-bgset",
    "data-bg-set",
    "data-bg-multi",
    "data-background",
    "data-background-image",
    "data-background-image-set",
    "data-background-src",
    "data-lazy-bg",
    "data-lazy-background",
    "data-lazy-background-image",
    "data-flickity-bg-lazyload",
    "data-echo-background",
)
"""Where lazy-loading scripts (lazysizes' unveilhooks, lozad, vanilla-lazyload, Slick, Flickity, Elementor) keep a background picture."""

BACKGROUNDS_OR_IMAGES: Final = ("data-src", "data-original")
"""Where they keep one, or the picture of an img or a player (Lazy Load)."""

BLOCK: Final = frozenset(
    (
        "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure "
        "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p "
        "plaintext pre search section summary table tbody td text tfoot th thead tr ul xmp"
    ).split()
)
"""Elements that stand apart: a line ends before and after them, or they have a place of their own, as SVG's `text` has."""

SILENT: Final = frozenset(
    (
        "annotation annotation-xml audio canvas datalist defs desc head iframe metadata noembed noframes object script select style symbol "
        "template textarea title video"
    ).split()
)
"""Elements whose contents are no text of the page: code, form state, what is shown only where a player is not, and what SVG and MathML
say of themselves (SVG 2, 5.1.3; MathML Core, 2.3.2)."""

INLINE: Final = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q s samp small source "
        "span strike strong sub sup time tt u var wbr"
    ).split()
)
"""Elements that neither separate words nor hide any: text in them reads as it stands."""

LINES: Final = frozenset({"dd", "dt", "li"})
"""Blocks that stand on lines of their own in the text of a table's cell."""

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

SECTIONS: Final = frozenset({"article", "aside", "footer", "header", "main", "nav", "search", "section"})
"""Elements beyond which the headings inside them do not reach; all but section are landmarks, too."""

PLACES: Final = {
    "a": "link",
    "button": "button",
    "figure": "figure",
    "noscript": "noscript",
    "picture": "picture",
    "td": "cell",
    "th": "cell",
}
"""Elements that what stands inside them may have to know of, and the name for that (`images.surroundings`)."""

PLAYERS: Final = frozenset(
    (
        "amp-audio amp-brightcove amp-dailymotion amp-facebook amp-iframe amp-ima-video amp-instagram amp-jwplayer amp-kaltura-player "
        "amp-megaphone amp-soundcloud amp-tiktok amp-video amp-video-iframe amp-vimeo amp-vine amp-wistia-player amp-youtube dash-video "
        "enclosure hls-video lite-vimeo lite-youtube "
        "mux-player mux-video oembed stream video-js vimeo-video wistia-player youtube-video"
    ).split()
)
"""Custom elements that stand for players, the editors' element for what a service embeds, and the feeds' for a medium."""

RECORDED: Final = (
    HEADINGS
    | SECTIONS
    | PLAYERS
    | frozenset("a amp-img area audio base embed form frame iframe image img input link meta object source svg table video".split())
)
"""Elements that the extractors look at, and those that tell where these stand."""

REGION_OF_ROLE: Final = {
    "article": "article",
    "banner": "header",
    "complementary": "aside",
    "contentinfo": "footer",
    "main": "main",
    "navigation": "nav",
    "search": "search",
}
"""Landmark roles (WAI-ARIA 1.2, 5.3.4) by the elements that imply them (HTML Accessibility API Mappings)."""

REGIONS: Final = frozenset(REGION_OF_ROLE.values())
REGION_SCORES: Final = {"main": 3.0, "article": 3.0, "": 2.0, "search": 1.0, "aside": 1.0, "header": 0.5, "nav": 0.5, "footer": 0.0}
"""How much what stands in a landmark is part of what the page is about: 0 to 3; "" is no landmark."""

LAYOUT_ROLES: Final = frozenset({"none", "presentation"})
TABLE_ROLES: Final = frozenset({"grid", "table", "treegrid"})
HEADER_ROLES: Final = {"columnheader": "col", "rowheader": "row"}
"""What a cell of this role heads."""
CELL_ROLES: Final = frozenset({"cell", "gridcell", *HEADER_ROLES})
_OF_TABLES: Final = LAYOUT_ROLES | TABLE_ROLES | CELL_ROLES | {"caption", "row", "rowgroup"}


def first_role(roles: str | None, known: Container[str]) -> str:
    """The first of an element's roles that is a known one (WAI-ARIA 1.2, Role Attribute); "" where none is.

    >>> first_role("x-map Navigation", REGION_OF_ROLE), first_role(None, REGION_OF_ROLE)
    ('navigation', '')
    """
    if roles:
        for role in roles.lower().split():
            if role in known:
                return role
    return ""


def table_role(roles: str | None) -> str:
    """The first of an element's roles that is one of tables and their parts; "" where none is.

    >>> table_role("none presentation"), table_role("x-data Table")
    ('none', 'table')
    """
    return first_role(roles, _OF_TABLES)
