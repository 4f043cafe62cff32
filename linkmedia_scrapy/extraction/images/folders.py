"""What the folders of images say: a page's images share a few, and a site's pages a few more, so that each is read once."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from linkmedia_scrapy.extraction.images.paths import bare_folder
from linkmedia_scrapy.extraction.images.words import folder_meanings
from linkmedia_scrapy.extraction.text import Memory

__all__ = ["Folder", "folder_of"]

_NAMING: Final = 80  # characters at the end of a folder whose words count
# Of paths in lower case: without IGNORECASE the regular expression engine goes from slash to slash.
_THEME_PATH: Final = re.compile(
    r"/(?:assets?|static|layout|design\w*|resources|bundles?|wp-includes|plugins|css[\w-]*|common|_?nav\w*|squelettes)/"
)
_THEME_NAME: Final = re.compile(r"/[\w-]*(?:themes?|templates?|skins?)/")
_UPLOAD_PATH: Final = re.compile(
    r"/(?:uploads?|photos?|fotos?|products?|galler(?:y|ies)|catalog|content/\d|files?/|media/(?:catalog|cache|\d)|articles?|news|commons|picture"
    r"|20[012]\d)[/\d]"
)

# What is kept by day or uploaded is content, though all of a site's files stand below /assets/ or /static/.
_STORED_PATH: Final = re.compile(r"/(?:[\w-]*uploads?|files|20[012]\d/(?:0?[1-9]|1[0-2]))/")

# Whatever stands below what a site's users have put there: /user-attachments/assets/ holds no design.
_USER_PATH: Final = re.compile(r"/user[_-]?(?:uploads?|contents?|images|attachments|files|media)/")


class Folder:
    """A host and a path, to its last slash."""

    __slots__ = ("_bare", "_host_meanings", "_meanings", "_path", "_place")

    def __init__(self, path: str) -> None:
        self._path = path
        self._bare: str | None = None
        self._meanings: frozenset[str] | None = None
        self._host_meanings: frozenset[str] | None = None
        self._place: str | None = None

    @property
    def bare(self) -> str:
        """The same without the segments that tell a size."""
        known = self._bare
        if known is None:
            known = self._bare = bare_folder(self._path)
        return known

    @property
    def meanings(self) -> frozenset[str]:
        """What the words of the last folders say (`words.folder_meanings`)."""
        known = self._meanings
        if known is None:
            path = self._path[self._path.find("/") + 1 :]
            known = self._meanings = folder_meanings(_naming(unquote(path) if "%" in path else path))
        return known

    @property
    def host_meanings(self) -> frozenset[str]:
        """What the words of the host say, likewise."""
        known = self._host_meanings
        if known is None:
            known = self._host_meanings = folder_meanings(self._path[: self._path.find("/") + 1])
        return known

    @property
    def place(self) -> str:
        """The signal of what is kept there: theme_path, upload_path; "" where nothing tells."""
        known = self._place
        if known is None:
            path = "/" + self._path.lower()
            if "/user" in path and _USER_PATH.search(path) is not None:
                known = "upload_path"
            else:
                theme = _theme(path)
                if theme is not None:
                    known = "upload_path" if _STORED_PATH.search(path, theme.end() - 1) is not None else "theme_path"
                else:
                    known = "upload_path" if _UPLOAD_PATH.search(path + "0") is not None else ""
            self._place = known
        return known


_FOLDERS: Final[Memory[Folder]] = Memory()


def folder_of(path: str) -> Folder:
    """The folder of this host and path.

    >>> folder_of("example.com/wp-content/uploads/2024/w_640/").bare, folder_of("example.com/wp-content/uploads/").place
    ('example.com/wp-content/uploads/2024/', 'upload_path')
    >>> folder_of("example.com/assets/images/").place, folder_of("example.com/assets/images/2024/05/").place
    ('theme_path', 'upload_path')
    """
    known = _FOLDERS.get(path)
    return known if known is not None else _FOLDERS.keep(path, Folder(path))


def _naming(path: str) -> str:
    """The folders that may name what is kept there: those that stand whole in the end of a path.

    Two letters are a shelf of a large store, not a word: Wikimedia's /a/ad/ and /f/fb/.

    >>> _naming("commons/a/ad/icons/")
    'commons/icons'
    """
    if len(path) > _NAMING:
        cut = path.find("/", len(path) - _NAMING - 1)
        path = path[cut + 1 :]
    return "/".join([name for name in path.split("/") if len(name) > 2])


def _theme(path: str) -> re.Match[str] | None:
    """The folder of designs that a path goes through."""
    found = _THEME_PATH.search(path)
    if found is None and ("theme" in path or "template" in path or "skin" in path):
        found = _THEME_NAME.search(path)
    return found
