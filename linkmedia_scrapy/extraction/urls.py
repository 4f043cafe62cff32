"""URLs by the WHATWG URL Standard: a page's references resolved as a browser resolves them."""

from __future__ import annotations

import re
from typing import Final

import ada_url

from linkmedia_scrapy.extraction.queries import query_encoder

__all__ = ["Resolver", "host_of", "normalize", "scheme_of"]

# References that the URL parser would hand back as they stand, or append to the base unchanged. Host: lower case, no port, no
# userinfo, no label that the standard treats specially (xn--, an all-digit or 0x last label is an IPv4 address). Path: no dot
# segments, no percent signs, nothing that is percent-encoded. `tests/extraction/test_urls.py` holds them equal to the parser.
_CHARS: Final = r"[\w~!$&()*+,;=:@-]"
_REST: Final = r"(?:[\w.~!$&()*+,;=:@-]++|%(?!2[eE])|/(?!\.))*+"
_SEGMENTS: Final = rf"(?:{_CHARS}|%(?!2[eE])){_REST}"
_PATH: Final = rf"/(?!\.){_REST}"
_TAIL: Final = r"(?:\?[\w.~!$&()*+,;=:@/?%-]*+)?+(?:#[\w.~!$&()*+,;=:@/?%-]*+)?+"
_HOST: Final = r"(?!(?:[^/]*\.)?xn--)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}"
_ABSOLUTE: Final = re.compile(rf"https?://{_HOST}{_PATH}{_TAIL}", re.ASCII)
_SCHEME_RELATIVE: Final = re.compile(rf"//{_HOST}{_PATH}{_TAIL}", re.ASCII)
_ROOT_RELATIVE: Final = re.compile(rf"/(?:{_SEGMENTS})?{_TAIL}", re.ASCII)
# a colon in the first segment may end a scheme
_PATH_RELATIVE: Final = re.compile(rf"[\w~!$&()*+,;=@-][\w.~!$&()*+,;=@-]*+(?:{_PATH})?+{_TAIL}", re.ASCII)
_FRAGMENT: Final = re.compile(r"#[\w.~!$&()*+,;=:@/?%-]*", re.ASCII)

# "special-query percent-encode set" of the URL standard, for bytes
_QUERY_ESCAPES: Final = {byte: f"%{byte:02X}" if byte <= 0x20 or byte > 0x7E or byte in b"\"#<>'" else chr(byte) for byte in range(256)}
_SPECIAL_SCHEMES: Final = ("http", "https", "ftp", "file")
_C0_AND_SPACE: Final = "".join(map(chr, range(0x21)))
_TAB_AND_NEWLINE: Final = dict.fromkeys(map(ord, "\t\n\r"))
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)


def normalize(url: str) -> str | None:
    """An absolute URL as the standard writes it; None where it is none.

    >>> normalize("HTTP://Example.com:80/a/../b c")
    'http://example.com/b%20c'
    """
    try:
        return str(ada_url.normalize_url(_scalar(url)))
    except ValueError:
        return None


def scheme_of(url: str) -> str:
    """The scheme of a serialized URL, without the colon; "" where there is none.

    >>> scheme_of("mailto:a@example.com")
    'mailto'
    """
    match = _SCHEME.match(url)
    return match.group().lower() if match else ""


def host_of(url: str) -> str:
    """The host of a URL as the standard writes it: no userinfo, no port, IPv6 in brackets; "" where it has none.

    >>> host_of("https://user:secret@example.com:8080/a@b")
    'example.com'
    >>> host_of("mailto:a@example.com")
    ''
    """
    start = url.find(":")
    if not url.startswith("://", start):
        return ""
    start += 3
    end = len(url)
    for mark in "/?#":
        at = url.find(mark, start, end)
        if at >= 0:
            end = at
    authority = url[start:end]
    authority = authority[authority.rfind("@") + 1 :]
    if authority.endswith("]"):
        return authority
    host, colon, port = authority.rpartition(":")
    return host if colon and port.isdigit() else authority


class Resolver:
    """Resolves the references of one page.

    `base` is the document's base URL: the page's URL, or what its `base` element makes of it (HTML standard, 2.4.1). `encoding` is the
    page's by its WHATWG name: in a page that is not UTF-8 a browser encodes queries as the page is encoded. Each reference is parsed once.
    """

    def __init__(self, page_url: str, base_href: str | None = None, encoding: str = "utf-8") -> None:
        self._encoder = query_encoder(encoding)
        self._known: dict[str, str | None] = {}
        self.base = normalize(page_url)
        self._set_base()
        if base_href is not None:
            base = self.resolve(base_href)
            if base is not None and scheme_of(base) not in ("data", "javascript"):
                self.base = base
                self._set_base()

    def _set_base(self) -> None:
        self._known.clear()
        base = self.base or ""
        self._special = scheme_of(base) in _SPECIAL_SCHEMES
        self._without_fragment = base.partition("#")[0]
        self._origin = self._scheme = self._folder = ""  # empty where strings cannot be put together
        if base.startswith(("http://", "https://")):
            self._origin = base[: base.find("/", 8)]
            self._scheme = base[: base.find("//")]
            path_end = min(end for end in (base.find("?"), base.find("#"), len(base)) if end >= 0)
            self._folder = base[: base.rfind("/", 0, path_end) + 1]

    def resolve(self, reference: str) -> str | None:
        """The absolute URL that a reference stands for; None where it stands for none.

        >>> Resolver("http://example.com/a/b?q#f").resolve(" ../c d?x=1#y ")
        'http://example.com/c%20d?x=1#y'
        """
        known = self._known
        if reference in known:
            return known[reference]
        url = known[reference] = self._append(reference) or self._parse(reference)
        return url

    def _append(self, reference: str) -> str | None:
        """The URL of a plain reference, by putting strings together; None for any that the parser has to look at."""
        first = reference[:1]
        if first == "/":
            if self._origin and _ROOT_RELATIVE.fullmatch(reference):
                return self._origin + reference
            if self._origin and _SCHEME_RELATIVE.fullmatch(reference):
                return self._scheme + reference
        elif first == "#":
            if self._origin and _FRAGMENT.fullmatch(reference):
                return self._without_fragment + reference
        elif _ABSOLUTE.fullmatch(reference):
            return reference
        elif self._origin and _PATH_RELATIVE.fullmatch(reference):
            return self._folder + reference
        return None

    def _parse(self, reference: str) -> str | None:
        reference = _scalar(reference)
        if self._encoder is not None and not reference.isascii():
            reference = self._encode_query(reference)
        try:
            return str(ada_url.join_url(self.base, reference) if self.base else ada_url.normalize_url(reference))
        except ValueError:
            return None

    def _encode_query(self, reference: str) -> str:
        """Percent-encode the query in the page's encoding ("query state" of the standard: only where the scheme is special)."""
        reference = reference.strip(_C0_AND_SPACE).translate(_TAB_AND_NEWLINE)
        scheme = scheme_of(reference)
        if scheme not in _SPECIAL_SCHEMES and (scheme or not self._special):
            return reference
        rest, hash_, fragment = reference.partition("#")
        path, mark, query = rest.partition("?")
        if query.isascii():
            return reference
        assert self._encoder is not None
        return path + mark + "".join(map(_QUERY_ESCAPES.__getitem__, self._encoder(query))) + hash_ + fragment


def _scalar(text: str) -> str:
    """Replace lone surrogates, which no URL can hold, by U+FFFD (Web IDL's USVString)."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
