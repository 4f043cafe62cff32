"""`extract_response`: a Scrapy response in, its records out; no crawl needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse, TextResponse, XmlResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from linkmedia_scrapy.extraction.page import extract
from linkmedia_scrapy.items import PageItem

if TYPE_CHECKING:
    from scrapy.http import Response

    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["RENDERED_FLAG", "extract_response", "is_html"]

RENDERED_FLAG = "playwright"
"""What scrapy-playwright puts into the flags of a response."""
_XHTML = "application/xhtml+xml"
# "Tags for Empty Elements" (XML 1.0, 3.1); those of HTML's void elements mean the same in both
_EMPTY_ELEMENT = re.compile(
    rb"""<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)[\s/])"""
    rb"""([A-Za-z_][^\s<>/"'=]*+)((?:\s++[^\s<>/"'=]++\s*+=\s*+(?:"[^<"]*+"|'[^<']*+'))*)\s*+/>"""
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)


def is_html(response: Response) -> bool:
    """Whether a response is an HTML page: by its class, and for what Scrapy could not tell by its content type."""
    if isinstance(response, HtmlResponse):
        return True
    if isinstance(response, XmlResponse):
        return _XHTML in _content_type(response).lower()
    return isinstance(response, TextResponse) and "html" in _content_type(response).lower()


def extract_response(response: Response, config: LinkMediaConfig | None = None) -> PageItem:
    """Everything that a Scrapy response holds of links, images, videos, audio and data tables; see `extract`.

    :raises ValueError: where the response is no text at all.
    """
    if not isinstance(response, TextResponse):
        raise ValueError(f"not a text response: {response}")
    page = extract(
        _as_html(response),
        response.url,
        encoding=_transport_encoding(response),
        rendered=RENDERED_FLAG in response.flags,
        config=config,
    )
    page.status = response.status
    return page


def _as_html(response: Response) -> bytes:
    """The body; of XHTML that is sent as such with an end tag for every empty element: to HTML ``<title/>`` is the beginning of a title."""
    if _XHTML not in _content_type(response).lower():
        return response.body
    return _EMPTY_ELEMENT.sub(rb"<\1\2></\1>", response.body)


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def _transport_encoding(response: TextResponse) -> str | None:
    """The encoding that whoever made the response names, or the header; None where Scrapy read it off the body, or guessed.

    The header's own word rather than Python's for it: gb2312 is GBK in a browser, and gb18030 to Scrapy. Scrapy's guess takes French
    for Polish, and is made where the page declares a label that Python does not know, too.
    """
    content_type = _content_type(response)
    label = _CHARSET.search(content_type)
    header = http_content_type_encoding(content_type)
    if label and header is None:
        return label.group(1)  # Python does not know it; the standard may
    # a method of Scrapy's own, which may go: `encoding` guesses where nothing is declared
    encoding: str | None = getattr(response, "_declared_encoding", lambda: response.encoding)()
    if label and header == encoding:
        return label.group(1)
    if encoding in ("ascii", "cp1252") or encoding == html_body_declared_encoding(response.body):
        return None
    return encoding
