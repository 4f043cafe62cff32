"""What an image's URL says: which picture it is, however large and in whatever format; how large; the format; and what it is called.

A URL is read once: candidates carry what theirs says (`variants.Variant`), and what one says is remembered from page to page.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from linkmedia_scrapy.extraction.images.folders import Folder, folder_of
from linkmedia_scrapy.extraction.images.paths import (
    FORMATS,
    bare_name,
    bare_query,
    file_name,
    folder_and_name,
    of_wikimedia,
    path_and_query,
)
from linkmedia_scrapy.extraction.images.urlsizes import read_proxies, size_in_path
from linkmedia_scrapy.extraction.images.words import FileName
from linkmedia_scrapy.extraction.text import Memory

__all__ = ["Identity", "extension_of", "format_of", "identify", "looks_like_image"]

_QUERY_FORMAT: Final = re.compile(r"[?&](?:fm|format|wx_fmt|output|f)=([A-Za-z+]{3,7})(?![\w%])")


class Identity:
    """What a URL says of its picture.

    `stem` and `extension` are the parts of the file name (the extension in lower case, without its point). The rest is read when it is
    first asked for, since of most candidates nobody asks for all of it.
    """

    __slots__ = ("_bare_stem", "_folder", "_key", "_name", "_path", "_query", "_size", "extension", "stem", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        path, query = path_and_query(url)
        self._folder = path[: path.rfind("/") + 1]
        self.stem, self.extension = file_name(path)
        self._size: tuple[int | None, int | None] | None = None
        if query or "%3" in path or "wp.com/" in path or "://" in path:
            path, query, width, height = read_proxies(path, query)
            self._size = width or None, height or None
        if "px-" in path:
            path, thumbnail_width = of_wikimedia(path)
            if thumbnail_width is not None and self._size is None:
                self._size = thumbnail_width or None, None
        self._path, self._query = path, query
        self._key: str | None = None
        self._bare_stem: str | None = None
        self._name: FileName | None = None

    @property
    def folder(self) -> Folder:
        """Where the file stands."""
        return folder_of(self._folder)

    @property
    def name(self) -> FileName:
        """What the file name says."""
        name = self._name
        if name is None:
            name = self._name = FileName(self.readable_stem)
        return name

    @property
    def readable_stem(self) -> str:
        """The stem without percent-encoding, of which hexadecimal digits would be read as words."""
        return unquote(self.stem) if "%" in self.stem else self.stem

    @property
    def is_placeholder(self) -> bool:
        """Whether the file name says that the image stands in for another or for nothing."""
        return self.name.is_placeholder

    @property
    def format(self) -> str:
        """The image format that the query or the extension tells, "" where none does."""
        if "?" in self.url:
            asked = _QUERY_FORMAT.search(self.url)
            if asked:
                known = FORMATS.get(asked.group(1).lower())
                if known is not None:
                    return known
        return FORMATS.get(self.extension, "")

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Width and height in pixels, None where the URL tells none."""
        size = self._size
        if size is None:
            width, height = size_in_path(self._path)
            size = self._size = width or None, height or None
        return size

    @property
    def bare_stem(self) -> str:
        """The file name without what it says of size and format."""
        bare = self._bare_stem
        if bare is None:
            folder, name = folder_and_name(self._path)
            bare = self._bare_stem = bare_name(folder, name)
        return bare

    @property
    def key(self) -> str:
        """What the URLs of one picture share, whatever its size and format."""
        key = self._key
        if key is None:
            folder, name = folder_and_name(self._path)
            folder = folder_of(folder).bare
            if folder and folder[-1] != "/":  # the file whose sizes are kept there
                folder, name = folder_and_name(folder)
                folder = folder_of(folder).bare
            key = folder.removeprefix("www.") + bare_name(folder, name)
            if self._query and "gravatar.com/" not in folder:  # whose queries tell a size, and what to show where there is no picture
                query = bare_query(self._query, name)
                if query:
                    key = key + "?" + query
            self._key = key
        return key


_IDENTITIES: Final[Memory[Identity]] = Memory()


def identify(url: str) -> Identity:
    """The picture that an absolute URL shows.

    >>> lake = identify("https://example.com/a/lake-640x426.jpg?ssl=1")
    >>> lake.key, lake.size, lake.stem, lake.extension
    ('example.com/a/lake', (640, 426), 'lake-640x426', 'jpg')
    >>> identify("http://example.com/a/lake.webp").key
    'example.com/a/lake'
    """
    known = _IDENTITIES.get(url)
    return known if known is not None else _IDENTITIES.keep(url, Identity(url))


def extension_of(url: str) -> str:
    """The file name's extension in lower case, "" where it has none; also of a path or a reference.

    >>> extension_of("https://example.com/a.JPG?x=.png"), extension_of("/a/b")
    ('jpg', '')
    """
    if "?" in url or "#" in url:
        url = url.partition("#")[0].partition("?")[0]
    extension = url[url.rfind(".") + 1 :] if "." in url[-6:] else ""
    return extension.lower() if 2 <= len(extension) <= 5 and extension.isalnum() else ""


def looks_like_image(url: str) -> bool:
    """Whether a URL's extension is an image format's."""
    return extension_of(url) in FORMATS


def format_of(url: str, mime_type: str = "") -> str:
    """The image format: by the media type, else by the URL's parameter or extension; "" where none tells.

    >>> format_of("https://example.com/a.jpg"), format_of("https://example.com/a", "image/svg+xml"), format_of("https://example.com/a?fm=webp")
    ('jpeg', 'svg', 'webp')
    """
    known = FORMATS.get(mime_type.partition("/")[2].partition(";")[0].strip().lower()) if mime_type else None
    return known or identify(url).format
