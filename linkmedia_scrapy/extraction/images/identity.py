"""What an image's URL says: which picture it is, however large and in whatever format; how large; and the format.

Image servers and authoring tools write one picture's sizes as query parameters (``?w=640``), path segments (``/w_640,c_fill/``,
``/640x426/``) and affixes of the file name (``photo-640x426.jpg``, ``photo@2x.jpg``). `identify` takes these off.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from linkmedia_scrapy.extraction.images.words import says_placeholder
from linkmedia_scrapy.extraction.text import remembered

__all__ = ["Identity", "extension_of", "format_of", "identify", "is_placeholder", "looks_like_image", "stem_of"]

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
    "svgz": "svg",
    "tif": "tiff",
    "tiff": "tiff",
    "vnd.microsoft.icon": "ico",
    "webp": "webp",
    "x-icon": "ico",
}
_EXTENSIONS: Final = frozenset(name for name in _FORMATS if name.isalnum())
_QUERY_FORMAT: Final = re.compile(r"[?&](?:fm|format|wx_fmt|output|f)=([A-Za-z+]{3,7})(?![\w%])")

# Parameters that change a picture's size, cut or encoding, by the documentation of imgix, Contentful, Cloudinary, Akamai, Fastly, Scene7,
# WordPress' Photon, Drupal (itok), Shopify and common self-written scripts; their values are numbers and short names.
_SIZE_PARAMETERS: Final = frozenset(
    (
        "auto crop dpr enlarge f fit fm format h hei height imdensity imheight impolicy imwidth itok "
        "maxheight maxwidth mh ml mode mw nh nw op_usm "
        "optimize output-format output-quality q qlt quality ratio_x ratio_y rect resize resizemode scale "
        "sharp sharpen size sm ssl strip th "
        "trim tw upscale w wid width zoom"
    ).split()
)
_SHORT_VALUE: Final = re.compile(r"[\w.,:*%|-]{0,40}\Z", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,5}")

_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+/")
_PROXIES: Final = ("/_next/image", "/_vercel/image", "/_ipx", "wsrv.nl/", "images.weserv.nl/")
_MAX_EMBEDDED: Final = 3  # a proxy of a proxy's URL
_EMBEDDED: Final = re.compile(r"(?<=.{9})https?(?:://|%3A%2F%2F)", re.IGNORECASE)
_PHOTON: Final = re.compile(r"\A(?:www\.)?i\d\.wp\.com/")

# Path segments. Each alternative is a whole segment, or several, that says nothing but size and encoding.
_SEGMENTS: Final = re.compile(
    r"""/(?:
        (?:[a-z]{1,4}_[^/,]*,)*[wh]_\d+(?:\.\d+)?(?:,[a-z]{1,4}_[^/,]*)*    # Cloudinary: c_fill,g_center,h_80,w_80
      | (?:[a-z]{1,4}_[^/,]*,)+[a-z]{1,4}_[^/,]*
      | s--[\w-]{6,12}--                                                     # its signature
      | (?:[a-z-]{1,20}=[\w.:%-]+,)*(?:width|height|w|h)=\d+(?:,[a-z-]{1,20}=[\w.:%-]+)*  # Cloudflare: width=400,quality=75
      | \d{1,2}x\d{1,2}/\d{2,4}                                              # aspect ratio and width
      | [a-z]?\d{2,4}x\d{0,4}                                                # 640x426, s640x640
      | (?:max|fit/[ct])/\d{2,4}(?:/\d{2,4})?                                # Medium
      | (?:v2/)?resize:f[a-z]+(?::\d+)+
      | (?:master|\d{1,3}:\d{1,3})(?=/(?:w_\d|\d+x|pass))                    # Conde Nast: the cut before the width
      | \d+x\d+:\d+x\d+ | fit-in | smart | filters:[^/]* | [\w-]{27}=        # Thumbor, its signature last
      | (?:s|w|h)\d{2,4}(?:-[a-z0-9]{1,6})*                                  # Blogger: s320, w400-h300-c
      | styles/[\w-]+/public                                                 # Drupal
      | \d{2,4}(?=/(?:cpsprodpb|ibroadcast|mcs|amz)/)                        # BBC
    )(?=/)""",
    re.VERBOSE,
)
# What one of them begins with, unless it has an equals sign; most folders have neither, and are spared the alternatives.
_MAY_BE_SEGMENT: Final = re.compile(
    r"/(?:[a-z]{1,4}+_|[a-z]\d{2,4}[x/-]|s--|\d++[x:]|\d{2,4}/[acim]|(?:fit|fit-in|master|max|smart|styles|thumbor|v2)/|filters:|resize:)"
)
_WIKIMEDIA: Final = re.compile(r"(?:lang[\w-]*-|page\d+-|lossy-page\d+-)?(\d{1,5})px-")
_AFFIX_WORDS: Final = (
    "thumb thumbnail thumbstandard thumblarge tn mini small medium large xlarge jumbo superjumbo facebookjumbo articlelarge "
    "big full fullsize orig original preview lowres hires highres th xs sm md lg xl xxl rt"
).split()
_AFFIXES: Final = re.compile(
    rf"""(?=[-_@])(?:
        [-_]\d{{2,4}}x\d{{0,4}}(?:_crop(?:_[a-z]+)?)? | _x\d{{2,4}} | -scaled | [-_]\d{{2,4}}w | [-_]w\d{{2,4}} | [-_]\d{{2,4}}px
      | @\dx | [-_]\dx
      | [-_](?:{"|".join(_AFFIX_WORDS)}|mediumthreebytwo\d*|master\d+|square\d+)
    )+\Z""",
    re.VERBOSE | re.IGNORECASE,
)
# What comes behind the last mark of such affixes: names that end otherwise, as nearly all do, are not searched for them.
_LAST_WORDS: Final = frozenset((*_AFFIX_WORDS, "scaled", "mediumthreebytwo"))
_LAST_SIZE: Final = re.compile(r"\d{1,4}(?:x\d{0,4}|w|px)|[xw]\d{2,4}|(?:mediumthreebytwo|master|square)\d+")
_GOOGLE: Final = re.compile(r"=[swh]\d{1,4}(?:-[a-z0-9]{1,6})*\Z")
_HOSTED: Final = (
    ("staticflickr.com/", re.compile(r"_[bcmnstzqkho]\Z")),
    ("i.imgur.com/", re.compile(r"(?<=/[A-Za-z0-9]{7})[sbtmlh]\Z")),
    ("ytimg.com/", re.compile(r"/(?:maxres|hq|mq|sd|hq720_?)?(?:default|\d)\Z")),
    ("img.youtube.com/", re.compile(r"/(?:maxres|hq|mq|sd)?(?:default|\d)\Z")),
    ("twimg.com/", re.compile(r"_(?:normal|bigger|mini|reasonably_small|\d+x\d+)\Z")),
)
_SIZE_IN_NAME: Final = re.compile(r"([1-9](?<![0-9a-zA-Z:(].)\d{1,3})x([1-9]\d{1,3})?(?![0-9a-zA-Z:])")
_WIDTH_IN_PATH: Final = re.compile(
    r"(?<=[/,])w_(\d{2,4})|(?<=/max/)(\d{2,4})|(?<=[-_])(\d{2,4})w\Z|(?<=resize:fit:)(\d{2,4})|(?<=width=)(\d{2,4})"
)
_HEIGHT_IN_PATH: Final = re.compile(r"(?<=[/,])h_(\d{2,4})|(?<=height=)(\d{2,4})")


class Identity:
    """What a URL says of its picture.

    `stem` and `extension` are the parts of the file name (the extension in lower case, without its point). The rest is read when it is
    first asked for, since of most candidates nobody asks for all of it.
    """

    __slots__ = ("_is_placeholder", "_key", "_path", "_query", "_size", "extension", "stem")

    def __init__(self, url: str) -> None:
        path, query = _path_and_query(url)
        self.stem, self.extension = _file_name(path)
        self._size: tuple[int | None, int | None] | None = None
        if query or "%3" in path or "wp.com/" in path or "://" in path:
            width, height = _size_in_path(path)
            path, query, width, height = _read_proxies(path, query, width, height)
            self._size = width or None, height or None
        self._path, self._query = path, query
        self._key: str | None = None
        self._is_placeholder: bool | None = None

    @property
    def is_placeholder(self) -> bool:
        """Whether the file name says that the image stands in for another or for nothing."""
        known = self._is_placeholder
        if known is None:
            known = self._is_placeholder = says_placeholder(self.stem)
        return known

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Width and height in pixels, None where the URL tells none."""
        size = self._size
        if size is None:
            width, height = _size_in_path(self._path)
            size = self._size = width or None, height or None
        return size

    @property
    def key(self) -> str:
        """What the URLs of one picture share, whatever its size and format."""
        key = self._key
        if key is None:
            key = _bare(self._path)
            if self._query:
                kept = [parameter for parameter in self._query.split("&") if parameter and not _is_size(parameter)]
                if kept:
                    key = key + "?" + "&".join(kept)
            self._key = key
        return key


@remembered
def identify(url: str) -> Identity:
    """The picture that an absolute URL shows.

    >>> lake = identify("https://example.com/a/lake-640x426.jpg?ssl=1")
    >>> lake.key, lake.size, lake.stem, lake.extension
    ('example.com/a/lake', (640, 426), 'lake-640x426', 'jpg')
    >>> identify("http://example.com/a/lake.webp").key
    'example.com/a/lake'
    """
    return Identity(url)


def _path_and_query(url: str) -> tuple[str, str]:
    """Host and path, and the query, of an absolute URL."""
    rest = url[url.find("://") + 3 :]
    if "#" in rest:
        rest = rest[: rest.find("#")]
    mark = rest.find("?")
    return (rest, "") if mark < 0 else (rest[:mark], rest[mark + 1 :])


def _file_name(path: str) -> tuple[str, str]:
    """Stem and extension, that in lower case, of the last part of a path."""
    stem = path[path.rfind("/") + 1 :]
    point = stem.rfind(".")
    if point >= 0:
        extension = stem[point + 1 :]
        if 2 <= len(extension) <= 5 and extension.isalnum():
            return stem[:point], extension.lower()
    return stem, ""


def _read_proxies(path: str, query: str, width: int | None, height: int | None) -> tuple[str, str, int | None, int | None]:
    """Path and query of the original, where a proxy's URL carries one, and the size that it or its proxies tell."""
    for _ in range(_MAX_EMBEDDED):
        original = _embedded(path, query)
        if original is None:
            break
        if width is None:
            width, height = _size_in_query(query)
        path, _, query = original.partition("#")[0].partition("?")
        if width is None:
            width, height = _size_in_path(path)
    if width is None and query:
        width, height = _size_in_query(query)
    return path, query, width, height


def _is_size(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.lower() in _SIZE_PARAMETERS and _SHORT_VALUE.match(value) is not None


def _size_in_query(query: str) -> tuple[int | None, int | None]:
    width = height = None
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        name = name.lower()
        if name in _SIZE_PARAMETERS:
            numbers = _NUMBER.findall(value.replace("%2C", ",").replace("%2c", ",")[:40])
            if name in ("w", "width", "wid", "imwidth", "maxwidth", "mw", "tw") and numbers:
                width = int(numbers[0])
            elif name in ("h", "height", "hei", "imheight", "maxheight", "mh", "th") and numbers:
                height = int(numbers[0])
            elif name in ("resize", "fit", "size") and len(numbers) == 2:
                width, height = int(numbers[0]), int(numbers[1])
    return width or None, height or None


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
    if query and path.endswith(_PROXIES):
        for parameter in query.split("&"):
            if parameter.startswith("url="):
                original = unquote(parameter[4:])
                if "://" in original:
                    return original.partition("://")[2]
                return path.partition("/")[0] + original if original.startswith("/") else original
    return None


def _bare(path: str) -> str:
    """A path without what it says of size and format."""
    if "px-" in path:
        path = _of_wikimedia(path)[0]
    if "=" in path:
        path = _GOOGLE.sub("", path)
    start = path.rfind("/") + 1
    folder, name = path[:start], path[start:]
    if start and ("=" in folder or _MAY_BE_SEGMENT.search(folder) is not None):
        folder = _bare_folder(folder)
    stem = _without_extension(name)
    if "img" in folder or "flickr" in folder:
        for host, affix in _HOSTED:
            if host in folder:
                stem = affix.sub("", "/" + stem).removeprefix("/")
    bare = _without_affixes(stem)
    return folder + (bare if bare or name[:1] not in "-_@" else stem)


def _of_wikimedia(path: str) -> tuple[str, int | None]:
    """The original's path, and the width, where a path is that of one of Wikimedia's thumbnails; else the path as it is."""
    start, slash = path.find("/thumb/"), path.rfind("/")
    if 0 <= start < slash - 6:
        match = _WIKIMEDIA.match(path, slash + 1)
        if match is not None:
            return path[:start] + path[start + 6 : slash], int(match[1])
    return path, None


def _bare_folder(folder: str) -> str:
    """A folder, to its last slash, without the segments that tell a size."""
    head, before = folder[:-1], None
    while before != head and len(head) < 2000:
        before, head = head, _SEGMENTS.sub("", head + "/").removesuffix("/")
    if "/thumbor/" in head:
        original = head.rpartition("/thumbor/")[2]
        if _HOST.match(original + "/"):
            head = original
    return head + "/"


def _without_affixes(stem: str) -> str:
    mark = max(max(stem.rfind("-"), stem.rfind("_")), stem.rfind("@"))  # noqa: PLW3301 - of two is compiled, of three is a call
    if mark < 0:
        return stem
    last = stem[mark + 1 :].lower()
    may_be_affix = last in _LAST_WORDS if last.isalpha() else _LAST_SIZE.fullmatch(last) is not None
    if may_be_affix or "_crop" in stem.lower() or not stem.isascii():
        return _AFFIXES.sub("", stem)
    return stem


def _without_extension(path: str) -> str:
    for _ in range(2):  # photo.jpg.webp
        point = path.rfind(".")
        if point < 0 or path[point + 1 :].lower() not in _EXTENSIONS:
            break
        path = path[:point]
    return path


def _size_in_path(path: str) -> tuple[int | None, int | None]:
    if "px-" in path:
        width = _of_wikimedia(path)[1]
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
        stem = _without_extension(path)
        return _number(_WIDTH_IN_PATH.search(stem)), _number(_HEIGHT_IN_PATH.search(stem))
    return None, None


def _may_hold_size(path: str) -> bool:
    """Whether there is an x behind a digit: most paths are spared the search for sizes, which would try each of their digits."""
    at = path.find("x", 1)
    while at > 0:
        if path[at - 1].isdigit():
            return True
        at = path.find("x", at + 1)
    return False


def _number(match: re.Match[str] | None) -> int | None:
    return int(match[match.lastindex or 0]) if match is not None else None


def _may_end_in_width(path: str) -> bool:
    return path.endswith("w") or path.rfind("w.") > path.rfind("/")


def extension_of(url: str) -> str:
    """The file name's extension in lower case, "" where it has none; also of a path.

    >>> extension_of("https://example.com/a.JPG?x=.png"), extension_of("/a/b")
    ('jpg', '')
    """
    if "?" in url or "#" in url:
        url = url.partition("#")[0].partition("?")[0]
    extension = url[url.rfind(".") + 1 :] if "." in url[-6:] else ""
    return extension.lower() if 2 <= len(extension) <= 5 and extension.isalnum() else ""


def stem_of(url: str) -> str:
    """The file name without extension.

    >>> stem_of("https://example.com/b/a.tar.gz?x")
    'a.tar'
    """
    return _file_name(_path_and_query(url)[0])[0]


def is_placeholder(url: str) -> bool:
    """Whether an image's file name says that it stands in for another or for nothing.

    >>> is_placeholder("https://example.com/i/lazy_placeholder-1x1.gif"), is_placeholder("https://example.com/loading-dock.jpg")
    (True, False)
    """
    return identify(url).is_placeholder


def format_of(url: str, mime_type: str = "") -> str:
    """The image format: by the media type, else by the URL's parameter or extension; "" where none tells.

    >>> format_of("https://example.com/a.jpg"), format_of("https://example.com/a", "image/svg+xml"), format_of("https://example.com/a?fm=webp")
    ('jpeg', 'svg', 'webp')
    """
    known = _FORMATS.get(mime_type.partition("/")[2].partition(";")[0].strip().lower()) if mime_type else None
    if known:
        return known
    if "?" in url:
        asked = _QUERY_FORMAT.search(url)
        if asked and asked.group(1).lower() in _FORMATS:
            return _FORMATS[asked.group(1).lower()]
    return _FORMATS.get(extension_of(url), "")


def looks_like_image(url: str) -> bool:
    """Whether a URL's extension is an image format's."""
    return extension_of(url) in _FORMATS
