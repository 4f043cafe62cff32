"""What the end of a URL and a media type say of a file: video or audio, and its type. By the IANA registry and what servers send."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["EXTENSIONS", "extension_of", "file_key", "kind_of_mime_type", "kind_of_url", "mime_type_of", "source_of"]

_VIDEO: Final = {
    "3gp": "video/3gpp",
    "avi": "video/x-msvideo",
    "f4v": "video/mp4",
    "flv": "video/x-flv",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4v": "video/mp4",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "mpd": "application/dash+xml",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "wmv": "video/x-ms-wmv",
}
_AUDIO: Final = {
    "aac": "audio/aac",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mid": "audio/midi",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "wma": "audio/x-ms-wma",
}
EXTENSIONS: Final = frozenset({*_VIDEO, *_AUDIO})
"""File name extensions of media and of streaming manifests (HLS, DASH), in lower case."""

_MANIFESTS: Final = frozenset(
    {"application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl", "application/dash+xml"}
)

# What says nothing of which file it is: versions and times against stale caches, WordPress's number of the player, and whether to
# show or to save the file. A value that is none of these may be a name, and a short number which of several files it is.
_BUSTER: Final = re.compile(r"(?:(?:_|v|ver)=[\da-f.-]*|ts?=\d{8,}|(?:dl|download)=(?:[01]|true|yes)?|download|\d{8,})", re.IGNORECASE)


def extension_of(url: str) -> str:
    """The extension of the file that a URL names, in lower case; "" where it has none.

    >>> extension_of("https://example.com/a.b/Lake.MP4?x=.png#t=10"), extension_of("/rain.ogg"), extension_of("https://example.mp3")
    ('mp4', 'ogg', '')
    """
    end = len(url)
    for mark in "?#":
        at = url.find(mark, 0, end)
        if at >= 0:
            end = at
    slash = url.rfind("/", 0, end)
    dot = url.rfind(".", slash + 1, end)
    is_host = slash > 0 and url[slash - 1] == "/"
    return url[dot + 1 : end].lower() if dot >= 0 and not is_host else ""


def file_key(url: str) -> str:
    """What two URLs of one file have in common: the URL without its fragment and, behind a medium's extension, without cache busters.

    >>> file_key("https://example.com/ice.mp3?_=1"), file_key("https://example.com/ice.mp3?id=7&v=2#t=5"), file_key("https://example.com/a?v=1")
    ('https://example.com/ice.mp3', 'https://example.com/ice.mp3?id=7', 'https://example.com/a?v=1')
    """
    url = url.partition("#")[0]
    path, mark, query = url.partition("?")
    if not mark or extension_of(path) not in EXTENSIONS:
        return url
    rest = "&".join([part for part in query.split("&") if part and not _BUSTER.fullmatch(part)])
    return f"{path}?{rest}" if rest else path


def mime_type_of(url: str) -> str:
    """The media type that a URL's extension stands for; "" for those of no medium."""
    extension = extension_of(url)
    return _VIDEO.get(extension) or _AUDIO.get(extension) or ""


def kind_of_url(url: str) -> str:
    """Whether it is video or audio, by a URL's extension; "" for those of no medium."""
    extension = extension_of(url)
    return "video" if extension in _VIDEO else "audio" if extension in _AUDIO else ""


def kind_of_mime_type(mime_type: str) -> str:
    """Whether it is video or audio, by a media type; "" for those of no medium.

    >>> kind_of_mime_type("Audio/MPEG"), kind_of_mime_type("application/dash+xml"), kind_of_mime_type("text/html")
    ('audio', 'video', '')
    """
    essence = mime_type.partition(";")[0].strip().lower()
    if essence in _MANIFESTS:
        return "video"
    top = essence.partition("/")[0]
    return top if top in ("video", "audio") else ""


def source_of(url: str, mime_type: str = "") -> dict[str, Any]:
    """A file as one of a record's `sources`."""
    return {"src": url, "mime_type": mime_type.strip() or mime_type_of(url), "media": ""}
