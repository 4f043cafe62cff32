"""URLs by the WHATWG URL Standard: a page's references resolved as a browser resolves them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import ada_url

from linkmedia_scrapy.extraction.queries import query_encoder

__all__ = ["Resolver", "host_of", "normalize", "scheme_of"]

_LONGEST_BASE: Final = 2048
"""Characters, as many as a URL of a sitemap may have: it stands before all references of a page, and could fill the memory."""

# What the URL parser would hand back as it stands, or append to the base unchanged: nothing that is percent-encoded in a path, query
# or fragment, and no dot segments. Host: lower case, no port, no userinfo, no label that the standard treats specially
# (xn--; an all-digit or 0x last label is an IPv4 address). `tests/extraction/test_urls.py` holds the short ways equal to the parser.
_VERBATIM: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~!$&()*+,;=:@/?#%-"
_START: Final = re.compile(r"(?:https?:)?//(?:[a-z0-9]++(?:-++[a-z0-9]++)*\.)+[a-z]{2,24}/", re.ASCII)

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
    if (
        url.startswith(("https://", "http://"))
        and _plain_start(url[: url.find("/", 8) + 1])
        and not (_not_verbatim(url) or _may_have_dots(url))
    ):
        return url
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

    `base` is the document's base URL: the page's URL, or what its `base` element makes of it (HTML standard, 2.4.1); `without_fragment` is
    the same without its fragment. `encoding` is the page's by its WHATWG name: in a page that is not UTF-8 a browser encodes queries as the
    page is encoded. Each reference is parsed once. Without a base only absolute references stand for anything.
    """

    def __init__(self, page_url: str, base_href: str | None = None, encoding: str = "utf-8") -> None:
        self._encoder = query_encoder(encoding)
        self._known: dict[str, str | None] = {}
        self._plain_starts: set[str] = set()
        self.base = normalize(page_url)
        self._set_base()
        if base_href is not None:
            base = self.resolve(base_href)
            if base is not None and scheme_of(base) not in ("data", "javascript"):
                self.base = base if len(base) <= _LONGEST_BASE else None
                self._set_base()

    def _set_base(self) -> None:
        self._known.clear()
        base = self.base or ""
        self._special = scheme_of(base) in _SPECIAL_SCHEMES
        self._origin = self._scheme = self._folder = ""  # empty where strings cannot be put together
        self.without_fragment = base.partition("#")[0]
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
        if reference not in known:
            self.resolve_all((reference,))
        return known[reference]

    def resolve_all(self, references: Iterable[str]) -> dict[str, str | None]:
        """What `resolve` gives for each of the references: a page's table, in which those of earlier calls stand, too.

        One loop with hardly a call, since pages have hundreds: what needs no parser is put together from strings.
        """
        known, starts = self._known, self._plain_starts
        new: list[str] = []
        for reference in references:
            if reference not in known:
                known[reference] = None
                new.append(reference)
        if not new:
            return known
        together = "\n".join(new)
        odd = _not_verbatim(together).split(b"\n")
        if len(odd) != len(new):  # a reference is broken into lines
            odd = [_not_verbatim(reference) for reference in new]
        may_have_dots = _may_have_dots(together)
        origin, folder = self._origin, self._folder
        start = ""  # the last that was plain: links to one host stand together
        for reference, characters in zip(new, odd):  # noqa: B905 - one of each; to say so takes a slower call
            url: str | None = None
            if origin and reference and not characters:
                first = reference[0]
                if first == "#":
                    url = self.without_fragment + reference
                elif first == "." or (may_have_dots and _may_have_dots(reference)):
                    url = self._climb(reference)
                elif reference.startswith(("https://", "http://", "//")):
                    if start and reference.startswith(start):
                        url = reference
                    else:
                        end = reference.find("/", 2 if first == "/" else 8)
                        start = reference[: end + 1] if end > 0 else reference + "/"  # what ends behind the host gets the slash of its path
                        if start in starts or _plain_start(start):
                            starts.add(start)
                            url = reference if end > 0 else start
                        else:
                            start = ""
                    if url is not None and first == "/":
                        url = self._scheme + url
                elif first == "/":
                    url = origin + reference
                elif first != "?" and not (":" in reference and ":" in reference.partition("/")[0]):  # the first segment may be a scheme
                    url = folder + reference
            known[reference] = self._parse(reference) if url is None else url
        return known

    @property
    def references(self) -> Iterable[str]:
        """Every reference that has been resolved, as written: in a page whose links are records, those of all its links."""
        return self._known.keys()

    def _climb(self, reference: str) -> str | None:
        """The URL of a plain reference that begins with ``../``; None for any with other dot segments."""
        folder, root = self._folder, len(self._origin)
        while reference.startswith("../"):
            reference = reference[3:]
            folder = folder[: max(root, folder.rfind("/", 0, -1)) + 1]
        if reference[:1] in (".", "?", "#") or _may_have_dots(reference):
            return None
        return folder + reference

    def _parse(self, reference: str) -> str | None:
        reference = _scalar(reference)
        if self._encoder is not None and not _is_plain(reference):
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
        if _is_plain(query):
            return reference
        assert self._encoder is not None
        return path + mark + "".join(map(_QUERY_ESCAPES.__getitem__, self._encoder(query))) + hash_ + fragment


def _not_verbatim(text: str) -> bytes:
    """The characters in which a URL may not be as it would be written; a regular expression takes three times as long to find none."""
    return text.encode("utf-8", "surrogatepass").translate(None, _VERBATIM)


def _is_plain(text: str) -> bool:
    """Whether every encoding writes a text as ASCII does: ISO-2022-JP does not all control characters."""
    return text.isascii() and text.isprintable()


def _may_have_dots(url: str) -> bool:
    """Whether there may be a dot segment behind a slash, be it percent-encoded."""
    return "/." in url or ("%" in url and ("%2e" in url or "%2E" in url))


def _plain_start(start: str) -> bool:
    """Whether a URL's scheme, which may be missing, and host are as the standard writes them; with all slashes, and nothing beside them."""
    return len(start) < 256 and "xn--" not in start and _START.fullmatch(start) is not None


def _scalar(text: str) -> str:
    """Replace lone surrogates, which no URL can hold, by U+FFFD (Web IDL's USVString)."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
