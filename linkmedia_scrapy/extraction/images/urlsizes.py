"""The size that the URL of an image tells: by a query, by the path, by the proxies around it.

What is read as a size here is mostly what :mod:`.paths` takes away.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from linkmedia_scrapy.extraction.images.paths import of_wikimedia, without_extension
from linkmedia_scrapy.extraction.lengths import pixels

__all__ = ["read_proxies", "size_in_path"]

_NUMBER: Final = re.compile(r"\d{1,5}")
_WIDTHS: Final = frozenset("w width wid imwidth maxwidth mw sw tw".split())
_HEIGHTS: Final = frozenset("h height hei imheight maxheight mh sh th".split())
_STEP_WIDTH: Final = re.compile(r"(?:\A|[:,/]|%2C|%3A)w-(\d{2,4})(?!\d)")
_STEP_HEIGHT: Final = re.compile(r"(?:\A|[:,/]|%2C|%3A)h-(\d{2,4})(?!\d)")
_PROXIES: Final = ("/_next/image", "/_vercel/image", "/_ipx", "wsrv.nl/", "images.weserv.nl/")
_MAX_EMBEDDED: Final = 3  # a proxy of a proxy's URL
_EMBEDDED: Final = re.compile(r"(?<=.{9})https?(?:://|%3A%2F%2F)", re.IGNORECASE)
_PHOTON: Final = re.compile(r"\A(?:www\.)?i\d\.wp\.com/")
_SIZE_IN_NAME: Final = re.compile(r"([1-9](?<![0-9a-zA-Z:(].)\d{1,3})x([1-9]\d{1,3})?(?![0-9a-zA-Z:])")
_WIDTH_IN_PATH: Final = re.compile(
    r"(?<=[/,])w_(\d{2,4})|(?<=/max/)(\d{2,4})|(?<=[-_])(\d{2,4})w\Z|(?<=resize:fit:)(\d{2,4})|(?<=width=)(\d{2,4})"
    r"|=[sw](\d{2,4})(?=-|\Z)"
)
_HEIGHT_IN_PATH: Final = re.compile(r"(?<=[/,])h_(\d{2,4})|(?<=height=)(\d{2,4})|=(?:w\d{2,4}-)?h(\d{2,4})(?=-|\Z)")
_WIDTH_AND_HEIGHT: Final = re.compile(r"[-_]w(\d{2,4})[-_]h(\d{2,4})(?!\d)")
_BLOGGER: Final = re.compile(r"/[sw](\d{2,4})(?:-h(\d{2,4}))?(?:-[a-z0-9]{1,6})*/")
# Where no x and no word says that a number is a size: what a path has to hold, and how width and height are read then.
_MARKED_SIZES: Final = (
    ("_h", _WIDTH_AND_HEIGHT),
    ("-h", _WIDTH_AND_HEIGHT),
    ("/size/w", re.compile(r"/size/w(\d{2,4})(?:h(\d{2,4}))?/")),  # Ghost
    ("/tr:", re.compile(r"/tr:(?:[^/]{0,80}?[,:])?w-(\d{2,4})(?:,h-(\d{2,4}))?(?=[,:/])")),  # ImageKit
    ("_hu", re.compile(r"_(\d{2,4})x0_[a-z]")),  # Hugo
    (".coreimg.", re.compile(r"\.coreimg\.\d{1,3}\.(\d{2,4})\.")),  # AEM
    ("/cq5dam.", re.compile(r"/cq5dam\.[a-z]{1,20}\.(\d{2,4})\.(\d{2,4})\.")),
    ("googleusercontent.com/", _BLOGGER),
    ("bp.blogspot.com/", _BLOGGER),
    ("-amazon.com/images/", re.compile(r"\._(?:[A-Z0-9,]*_)*(?:S[XLRS]|U[XSL])(\d{2,4})(?:,(\d{2,4}))?_")),
    ("ebayimg.com/images/", re.compile(r"/s-l(\d{2,4})\.")),
    (".website-files.com/", re.compile(r"-p-(\d{3,4})\.")),  # Webflow
)


def read_proxies(path: str, query: str) -> tuple[str, str, int | None, int | None]:
    """Path and query of the original, where a proxy's URL carries one, and the size that is applied last.

    That is the size of the outermost proxy that tells one; of each a query's goes before that of the path, which may be the original's.
    """
    width = height = None
    for _ in range(_MAX_EMBEDDED):
        original = _embedded(path, query)
        if width is None and height is None:
            width, height = _own_size(path, query)
        if original is None:
            return path, query, width, height
        path, _, query = original.partition("#")[0].partition("?")
    if width is None and height is None:
        width, height = _own_size(path, query)
    return path, query, width, height


def _embedded(path: str, query: str) -> str | None:
    """The original's URL, without its scheme, that a proxy's URL carries."""
    if "wp.com/" in path:
        photon = _PHOTON.match(path)
        if photon:
            return path[photon.end() :]
    if "://" in path or "%3" in path:
        match = _EMBEDDED.search(path)
        if match:
            return unquote(path[match.end() :])
    if query and (path.endswith(_PROXIES) or "/dims4/" in path):
        for parameter in query.split("&"):
            if parameter.startswith("url="):
                original = unquote(parameter[4:])
                if "://" in original:
                    return original.partition("://")[2]
                return path.partition("/")[0] + original if original.startswith("/") else original
    return None


def _own_size(path: str, query: str) -> tuple[int | None, int | None]:
    """The size that a query asks for, else the one that the path tells; a width that the query leaves open is in the path's ratio.

    A query behind a whole URL in the path is that URL's: the path's size is applied later.
    """
    width, height = _size_in_query(query) if query else (None, None)
    if width is not None and "://" not in path:
        return width, height
    wide, high = size_in_path(path)
    if width is not None:
        return (wide, high) if wide is not None else (width, height)
    if height is None:
        return wide, high
    return (round(wide * height / high) or None if wide and high else None), height


def _size_in_query(query: str) -> tuple[int | None, int | None]:
    width = height = None
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        name = name.lower()
        if name in _WIDTHS:
            width = pixels(value) or width
        elif name in _HEIGHTS:
            height = pixels(value) or height
        elif name in ("resize", "fit", "size"):
            numbers = _NUMBER.findall(value.replace("%2C", ",").replace("%2c", ",")[:40])
            if len(numbers) == 2:
                width, height = int(numbers[0]), int(numbers[1])
        elif name == "format":  # Squarespace's 300w
            width = pixels(value[:-1]) if value[-1:] == "w" else width
        elif name == "tr":
            width, height = _number(_STEP_WIDTH.search(value)) or width, _number(_STEP_HEIGHT.search(value)) or height
    return width or None, height or None


def size_in_path(path: str) -> tuple[int | None, int | None]:
    """Width and height that a path tells."""
    if "px-" in path:
        width = of_wikimedia(path)[1]
        if width is not None:
            return width, None
    if _may_hold_size(path):
        sizes = _SIZE_IN_NAME.findall(path)
        if sizes:
            wide, high = sizes[-1]  # the last is the nearest to the file
            if int(wide) > 20 or int(high or 0) > 20:  # else an aspect ratio
                return int(wide), int(high) if high else None
    if (
        "=" in path
        or ("_" in path and ("/w_" in path or ",w_" in path or "/h_" in path or ",h_" in path))
        or "/max/" in path
        or "resize:fit:" in path
        or _may_end_in_width(path)
    ):
        stem = without_extension(path)
        return _number(_WIDTH_IN_PATH.search(stem)), _number(_HEIGHT_IN_PATH.search(stem))
    for mark, expression in _MARKED_SIZES:
        if mark in path:
            match = expression.search(path)
            if match is not None:
                wide, high = match.group(1), match.group(2) if expression.groups > 1 else None
                return int(wide), int(high) if high else None
    return None, None


def _may_hold_size(path: str) -> bool:
    """Whether there is an x behind a digit: most paths are spared the search for sizes, which would try each of their digits."""
    at = path.find("x", 1)
    while at > 0:
        if path[at - 1].isdigit():
            return True
        at = path.find("x", at + 1)
    return False


def _may_end_in_width(path: str) -> bool:
    return path.endswith("w") or path.rfind("w.") > path.rfind("/")


def _number(match: re.Match[str] | None) -> int | None:
    return int(match[match.lastindex or 0]) if match is not None else None
