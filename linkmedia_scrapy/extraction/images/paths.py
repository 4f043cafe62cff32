"""What is left of the paths and queries of image URLs without what they say of size and format (what that is: :mod:`.urlsizes`).

Image servers and authoring tools write one picture's sizes as query parameters (``?w=640``), path segments (``/w_640,c_fill/``,
``/640x426/``) and affixes of the file name (``photo-640x426.jpg``, ``photo@2x.jpg``).
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "FORMATS",
    "bare_folder",
    "bare_name",
    "bare_query",
    "file_name",
    "folder_and_name",
    "of_wikimedia",
    "path_and_query",
    "without_extension",
]

FORMATS: Final = {
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
_EXTENSIONS: Final = frozenset(name for name in FORMATS if name.isalnum())

# Parameters that change a picture's size, cut or encoding, by the documentation of imgix, Contentful, Cloudinary, Akamai, Fastly,
# Scene7, WordPress' Photon, Drupal (itok), Shopify, Sitecore (as, bc), publishers and common self-written scripts; their values are numbers
# and short names.
_SIZE_PARAMETERS: Final = frozenset(
    (
        "as aspect_ratio auto bc crop dpr enlarge f fit fm format fp-x fp-y fp-z h hei height "
        "imdensity imgsize imheight impolicy imwidth itok "
        "maxheight maxwidth mh ml mode mw nh nw op_usm "
        "optimize output-format output-quality q qlt quality ratio_x ratio_y rect resize resizemode scale "
        "sharp sharpen size sm ssl strip th "
        "trim tw upscale w webp wid width zoom "
        "enable ixid ixlib overlay-align overlay-base64 overlay-width sh sw"
    ).split()
)
_LONG: Final = frozenset({"ixid", "overlay-base64"})
"""Those of them whose values are long: what a library says of itself, and what is laid over the picture."""
_RATIO_AND_STEPS: Final = {"ar": re.compile(r"\d+(?:\.\d+)?(?::|%3A)\d", re.IGNORECASE), "tr": re.compile(r"[a-z]+-[\w.]")}
"""imgix's aspect ratio and ImageKit's transformations, by how their values begin: their names are those of other things, too."""
_VERSION: Final = re.compile(r"(?:v|ver|_)=[\da-f.-]{0,40}|ts?=\d{8,20}|\d{1,20}|mbid=\w+")
"""Parameters by which a new version of a file gets past caches: numbers and hashes; times, of which short ones are a video's seconds; a
number without a name; and the one by which Conde Nast's sites tell where a picture is shown."""
_SIGNATURE: Final = re.compile(r"(?:s|sig|hash|token)=(?=\D*\d)[\w%=+-]{16,}", re.ASCII)
"""Parameters that sign a URL, where it asks for a size: another size has another signature."""
_LETTERS: Final = {
    "bc": re.compile(r"[a-z]{3,20}", re.IGNORECASE),
    "f": re.compile(r"auto[\w:,]*|avif|gif|jpe?g|png|webp", re.IGNORECASE),
    **dict.fromkeys("hqw", re.compile(r"\d{1,5}(?:\.\d+)?(?:px|%)?|auto[\w:,]*|[a-z]{1,2}_\w+(?:,[a-z]{1,2}_\w+)*")),
}
"""Those that are other things, too, where the file is no image's: a barcode, a file, a hash, a question. How the values of a size look."""
_SHORT_VALUE: Final = re.compile(r"[\w.,:;*%|-]{0,40}\Z", re.ASCII)
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+/")
_LONGEST: Final = 2000  # characters of folders or a name that are looked through again for each part that they lose
_BEFORE_HOSTS: Final = ("/thumbor/", "shortpixel.ai/spai/")

# Path segments. Each alternative is a whole segment, or several, that says nothing but size and encoding.
_SEGMENTS: Final = re.compile(
    r"""/(?:
        (?:[a-z]{1,4}_[^/,]*,)*[wh]_\d+(?:\.\d+)?(?:(?:,|%2C)[a-z]{1,12}_[^/,]*)*  # Cloudinary: c_fill,g_center,h_80,w_80
      | (?:[a-z]{1,4}_[^/,]*,)+[a-z]{1,4}_[^/,]*
      | s--[\w-]{6,12}--                                                     # its signature
      | (?:[a-z-]{1,20}=[\w.:%-]+,)*(?:width|height|w|h)=\d+(?:,[a-z-]{1,20}=[\w.:%-]+)*  # Cloudflare: width=400,quality=75
      | \d{1,2}x\d{1,2}/\d{2,4}                                              # aspect ratio and width
      | 1x1 | 4x3 | 3x4 | 3x2 | 2x3 | 16x9 | 9x16 | 21x9                     # aspect ratio
      | (?:[a-z]|crop-)?\d{2,4}x\d{0,4}                                       # 640x426, s640x640
      | (?:max|fit/[ct])/\d{2,4}(?:/\d{2,4})?                                # Medium
      | (?:v2/)?resize:f[a-z]+(?::\d+)+
      | (?:master|\d{1,3}:\d{1,3})(?=/(?:w_\d|\d+x|pass))                    # Conde Nast: the cut before the width
      | \d+x\d+:\d+x\d+ | fit-in | smart | filters:[^/]* | [\w-]{27}=        # Thumbor, its signature last
      | size/w\d{2,4}(?:h\d{2,4})?(?:/format/[a-z]{3,5})?                    # Ghost
      | (?:s|w|h)\d{2,4}(?:-[a-z0-9]{1,6})*                                  # Blogger: s320, w400-h300-c
      | styles/[\w-]+/public                                                 # Drupal
      | cache/[0-9a-f]{32}(?=/[^/]/[^/]/)                                    # Magento: /cache/HASH/l/a/lake.jpg
      | tr:[a-z]{1,3}-[^/]*                                                  # ImageKit: tr:w-300,h-200
      | [a-z]{1,4}_[a-z0-9]+(?:\+[a-z]{1,4}_[a-z0-9]+)+                      # ShortPixel: q_lossy+w_800+to_webp
      | \d{2,4}/(?:cpsprodpb|ibroadcast|mcs|amz|branded_[a-z]+)              # BBC
    )(?=/)""",
    re.VERBOSE,
)
# What one of them begins with, unless it has an equals sign; most folders have neither, and are spared the alternatives.
_MAY_BE_SEGMENT: Final = re.compile(
    r"/(?:[a-z]{1,4}+_|[a-z]\d{2,4}[x/-]|s--|\d++[x:]|\d{2,4}/[abcim]|crop-\d|(?:fit|fit-in|master|max|smart|styles|thumbor|v2)/|filters:|resize:|size/|cache/|tr:)"
)
# Folders of one file, whose own name is that of the folder: the file's name in them tells a rendition.
_WIX: Final = re.compile(r"(?<=[a-z])/v1/(?:fill|fit|crop)/[^/]*/\Z")
_AEM_RENDITIONS: Final = ("/jcr:content/renditions/", "/_jcr_content/renditions/")
_AEM_CORE: Final = re.compile(r"(?<=\.coreimg)(?:\.\d{1,3})?(?:\.\d{2,4})?\.[a-z]{3,4}(?=/)")
_PRESTASHOP: Final = re.compile(r"(?<=/)(\d+)-[a-z]+_default(?=/)")
_WIKIMEDIA: Final = re.compile(r"(?:lang[\w-]*-|page\d+-|lossy-page\d+-)?(\d{1,5})px-")
# Affixes of file names, from their mark (- _ @) on. A size is told by numbers, or by one of the words behind - or _.
_AFFIX_WORDS: Final = frozenset(
    (
        "thumb thumbnail thumbstandard thumblarge tn mini small medium large xlarge jumbo superjumbo facebookjumbo articlelarge "
        "big full fullsize orig original preview lowres hires highres th xs sm md lg xl xxl rt mediumthreebytwo"
    ).split()
)
_AFFIX: Final = re.compile(
    r"[-_](?:\d{2,4}(?:x\d{0,4}|w|px) | \dx | w\d{2,4} | (?:mediumthreebytwo|master|square)\d+) | _x\d{2,4} | @\dx | -scaled",
    re.VERBOSE | re.IGNORECASE,
)
_AFFIXES: Final = re.compile(r"[-_](?:\d{2,4}x\d{0,4}[-_]c(?:rop(?:ped)?)?(?:[-_][a-z]+)?|w\d{2,4}[-_]h\d{2,4})\Z", re.IGNORECASE)
"""Two affixes of which the second says nothing by itself, and Timber's three."""
_LONGEST_AFFIXES: Final = 40  # characters
_GOOGLE: Final = re.compile(r"=[swh]\d{1,4}(?:-[a-z0-9]{1,6})*\Z")
_AMAZON: Final = re.compile(r"\._[A-Z]{2}[A-Za-z0-9_,]*_\Z")
_HOSTED: Final = (
    ("staticflickr.com/", re.compile(r"_[bcmnstzqkho]\Z")),
    ("i.imgur.com/", re.compile(r"(?<=/[A-Za-z0-9]{7})[sbtmlh]\Z")),
    ("ytimg.com/", re.compile(r"/(?:maxres|hq|mq|sd|hq720_?)?(?:default|\d)\Z")),
    ("img.youtube.com/", re.compile(r"/(?:maxres|hq|mq|sd)?(?:default|\d)\Z")),
    ("media-amazon.com/images", _AMAZON),
    ("images-amazon.com/images", _AMAZON),
    ("i.ebayimg.com/images/", re.compile(r"(?<=/s)-l\d{2,4}\Z")),
    ("i.etsystatic.com/", re.compile(r"(?<=/il)_(?:\d{2,4}x(?:\d{2,4}|N)|fullxfull)(?=\.)")),
    ("twimg.com/", re.compile(r"_(?:normal|bigger|mini|reasonably_small|\d+x\d+)\Z")),
)
_WEBFLOW: Final = re.compile(r"-p-\d{3,4}\Z")
_HUGO: Final = re.compile(r"_hu_?[0-9a-f]{16,64}(?:_\d{1,12})?(?:_\d{1,5}x\d{1,5}_[a-z0-9_]{1,80})?\Z")
_TYPO3: Final = re.compile(r"_[0-9a-f]{10}\Z")


def path_and_query(url: str) -> tuple[str, str]:
    """Host and path, and the query, of an absolute URL."""
    rest = url[url.find("://") + 3 :]
    if "#" in rest:
        rest = rest[: rest.find("#")]
    mark = rest.find("?")
    return (rest, "") if mark < 0 else (rest[:mark], rest[mark + 1 :])


def file_name(path: str) -> tuple[str, str]:
    """Stem and extension, that in lower case, of the last part of a path."""
    stem = path[path.rfind("/") + 1 :]
    point = stem.rfind(".")
    if point >= 0:
        extension = stem[point + 1 :]
        if 2 <= len(extension) <= 5 and extension.isalnum():
            return stem[:point], extension.lower()
    return stem, ""


def bare_query(query: str, name: str) -> str:
    """A query without the parameters that tell a size; where `name` is that of an image file, without its version and signature, too.

    >>> bare_query("id=7&w=320&v=2", "show.php"), bare_query("id=7&w=320&v=2", "lake.jpg"), bare_query("s=320", "lake.jpg")
    ('id=7&v=2', 'id=7', 's=320')
    >>> bare_query("f=lake.jpg&w=320", "show.php"), bare_query("f=webp&w=320", "show.php")
    ('f=lake.jpg', '')
    """
    given = [parameter for parameter in query.split("&") if parameter]
    of_image = _is_image(name)
    kept = [parameter for parameter in given if not _is_size(parameter, of_image)]
    if kept and of_image:
        sized = len(kept) < len(given)
        kept = [parameter for parameter in kept if not _is_version(parameter, sized)]
    return "&".join(kept)


def _is_size(parameter: str, of_image: bool) -> bool:
    """Whether a parameter tells a size, cut or encoding; `of_image` is whether the file is that of an image by its name."""
    name, _, value = parameter.partition("=")
    name = name.lower().removeprefix("amp;")  # of pages that escape it twice
    if name in _SIZE_PARAMETERS:
        if name in _LETTERS and not of_image:
            return _LETTERS[name].fullmatch(value) is not None
        return name in _LONG or _SHORT_VALUE.match(value) is not None
    begins = _RATIO_AND_STEPS.get(name)
    return begins is not None and begins.match(value) is not None


def _is_version(parameter: str, sized: bool) -> bool:
    """Whether a parameter of an image file tells its version, or, beside those of a size, signs the URL."""
    return _VERSION.fullmatch(parameter) is not None or (sized and _SIGNATURE.fullmatch(parameter) is not None)


def _is_image(name: str) -> bool:
    """Whether a file name's extension is an image format's."""
    return file_name(name)[1] in _EXTENSIONS


def folder_and_name(path: str) -> tuple[str, str]:
    """A path to its last slash, and the rest, without the size that Google puts at the end."""
    if "=" in path:
        path = _GOOGLE.sub("", path)
    start = path.rfind("/") + 1
    return path[:start], path[start:]


def bare_name(folder: str, name: str) -> str:
    """A file name without what it says of size and format."""
    stem = without_extension(name)
    if "img" in folder or "flickr" in folder or "amazon.com" in folder or "etsystatic" in folder:
        for host, affix in _HOSTED:
            if host in folder:
                stem = affix.sub("", "/" + stem).removeprefix("/")
    if "-p-" in stem and ".website-files.com/" in folder:
        stem = _WEBFLOW.sub("", stem)
    elif "_hu" in stem:
        stem = _HUGO.sub("", stem)
    elif stem[:4] == "csm_" and "/_processed_/" in folder:
        stem = _TYPO3.sub("", stem)
    bare = _without_affixes(stem)
    return bare if bare or name[:1] not in "-_@" else stem


def of_wikimedia(path: str) -> tuple[str, int | None]:
    """The original's path, and the width, where a path is that of one of Wikimedia's thumbnails; else the path as it is."""
    start, slash = path.find("/thumb/"), path.rfind("/")
    if 0 <= start < slash - 6:
        match = _WIKIMEDIA.match(path, slash + 1)
        if match is not None:
            return path[:start] + path[start + 6 : slash], int(match[1])
    return path, None


def bare_folder(folder: str) -> str:
    """A folder, to its last slash, without the segments that tell a size; of one that holds the sizes of one file, that file.

    >>> bare_folder("example.com/a/w_640/"), bare_folder("example.com/a/lake.jpg/jcr:content/renditions/")
    ('example.com/a/', 'example.com/a/lake.jpg')
    """
    if "/v1/" in folder and (wix := _WIX.search(folder)) is not None and _is_image(folder[: wix.start()]):
        return folder[: wix.start()]
    if "content/renditions/" in folder and folder.endswith(_AEM_RENDITIONS):
        return folder.removesuffix(_AEM_RENDITIONS[0]).removesuffix(_AEM_RENDITIONS[1])
    if ".coreimg." in folder:
        folder = _AEM_CORE.sub("", folder)
    elif "_default/" in folder:
        folder = _PRESTASHOP.sub(r"\1", folder)
    if not folder or ("=" not in folder and _MAY_BE_SEGMENT.search(folder) is None):
        return folder
    head, before = folder[:-1], None
    while before != head and len(head) < _LONGEST:
        before, head = head, _SEGMENTS.sub("", head + "/").removesuffix("/")
    for mark in _BEFORE_HOSTS:
        if mark in head:
            original = head.rpartition(mark)[2]
            if _HOST.match(original + "/"):
                head = original
    return head + "/"


def _without_affixes(stem: str) -> str:
    while len(stem) < _LONGEST:
        mark = max(max(stem.rfind("-"), stem.rfind("_")), stem.rfind("@"))  # noqa: PLW3301 - of two is compiled, of three is a call
        if mark < 0:
            break
        if (stem[mark] != "@" and stem[mark + 1 :].lower() in _AFFIX_WORDS) or _AFFIX.fullmatch(stem, mark) is not None:
            stem = stem[:mark]
        else:
            end = stem[-_LONGEST_AFFIXES:].lower()
            may_be = "_h" in end or "-h" in end or "_c" in end or "-c" in end
            both = _AFFIXES.search(stem, max(0, len(stem) - _LONGEST_AFFIXES)) if may_be else None
            if both is None:
                break
            stem = stem[: both.start()]
    return stem


def without_extension(path: str) -> str:
    """A path without the extensions of image formats, of which there may be two: photo.jpg.webp."""
    for _ in range(2):
        point = path.rfind(".")
        if point < 0 or path[point + 1 :].lower() not in _EXTENSIONS:
            break
        path = path[:point]
    return path
