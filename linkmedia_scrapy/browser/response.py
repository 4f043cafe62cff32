"""The rendered DOM as a response."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from scrapy.http import HtmlResponse, Response

from linkmedia_scrapy.rendering import RENDERED_HEADER
from linkmedia_scrapy.responses import RENDERED_FLAG

if TYPE_CHECKING:
    from linkmedia_scrapy.browser.job import Rendering

__all__ = ["html_response"]

_CODECS: Final = {  # of names that the WHATWG and Python use for different encodings, or that Python lacks
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso8859_8",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
}


def html_response(response: Response, result: Rendering) -> HtmlResponse:
    """The response with the DOM as body, in the page's own encoding: the queries of its links depend on it.

    What that encoding lacks becomes character references, which an HTML parser reads as the characters. UTF-16 pages become UTF-8,
    as they do in browsers when they are sent on.
    """
    assert result.html is not None
    codec = _codec(result.charset)
    label = "utf-8" if codec == "utf-8" else result.charset.lower()
    headers = response.headers.copy()
    headers["Content-Type"] = f"{result.content_type}; charset={label}"
    flags = list(response.flags)
    if result.rendered:
        headers[RENDERED_HEADER] = "1"
    else:
        flags = [flag for flag in flags if flag != RENDERED_FLAG]
    body = result.html.encode(codec, "xmlcharrefreplace")
    url = result.url or response.url  # the page may have gone elsewhere since
    return response.replace(cls=HtmlResponse, url=url, headers=headers, body=body, flags=flags, encoding=codec)


def _codec(charset: str) -> str:
    """Python's codec for what ``document.characterSet`` says; utf-8 for UTF-16 and for what Python lacks."""
    name = _CODECS.get(charset.lower(), charset)
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return "utf-8" if found.startswith("utf-16") else found
