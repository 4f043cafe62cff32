"""Whose a URL is: registrable domains by the Public Suffix List, and internal or external.

The list is the one that tldextract carries; nothing is ever fetched.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import ada_url
from tldextract import TLDExtract

from linkmedia_scrapy.extraction.urls import host_of

__all__ = ["PageSite", "host_matches", "normalize_host", "origin_of", "registrable_domain"]

_HOST_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_LONGEST: Final = 253
"""Characters of a host that can be looked up (RFC 1035, 2.3.4): longer ones stand in no name server, but may stand in a page."""
_MOST_LABELS: Final = 16
"""Labels at the end of a host that are looked at: more than any rule of the list has, and a few of the million that a page may write."""


@cache
def _suffix_rules(private_suffixes: bool) -> frozenset[str]:
    """The list's rules as they are written: ``co.uk``, ``*.ck``, ``!www.ck``.

    They are all that is kept: tldextract's tree of them has an object for each label, some 17,000 that every full garbage collection of
    a crawl would go through.
    """
    return frozenset(_extractor(private_suffixes).tlds)


def _extractor(private_suffixes: bool) -> TLDExtract:
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=private_suffixes)


@cache
def _kept_extractor(private_suffixes: bool) -> TLDExtract:
    return _extractor(private_suffixes)


def registrable_domain(host: str, private_suffixes: bool = True) -> str:
    """The registrable domain of a host as URLs write it; the host itself where it has none: IP addresses, single labels, public suffixes.

    With `private_suffixes` the list's private part counts: a.github.io and b.github.io are two sites. A suffix that is not on the list is
    taken for one of a single label, as the list's algorithm says (https://publicsuffix.org/list/: "the prevailing rule is *").

    >>> registrable_domain("www.example.co.uk"), registrable_domain("a.github.io"), registrable_domain("192.0.2.1")
    ('example.co.uk', 'a.github.io', '192.0.2.1')
    >>> registrable_domain("db.corp.lan"), registrable_domain("a.github.io", private_suffixes=False)
    ('corp.lan', 'github.io')
    """
    return _remembered_domain(host, private_suffixes) if len(host) <= _LONGEST else _find_domain(host, private_suffixes)


def _find_domain(host: str, private_suffixes: bool) -> str:
    name = host.lower().removesuffix(".")
    labels = name.split(".")
    if name.startswith("[") or "" in labels:
        return host
    if labels[-1].isdigit():  # an IPv4 address: nothing else ends so (URL Standard, 3.5, "ends in a number")
        return name
    if not name.isascii() or "xn--" in name:
        return _find_international_domain(name, private_suffixes)
    rules = _suffix_rules(private_suffixes)
    domain = suffix = ".".join(labels[-_MOST_LABELS:])
    while suffix:
        parent = suffix.partition(".")[2]
        if suffix in rules or "*." + parent in rules:
            return suffix if "!" + suffix in rules else domain
        domain, suffix = suffix, parent
    return ".".join(labels[-2:])


def _find_international_domain(name: str, private_suffixes: bool) -> str:
    """The list has the letters of international names, not their ASCII form."""
    result = _kept_extractor(private_suffixes).extract_str(name)
    if result.suffix:
        return result.top_domain_under_public_suffix or name
    return ".".join(name.split(".")[-2:])


_remembered_domain: Final = lru_cache(maxsize=1 << 16)(_find_domain)


def normalize_host(text: str) -> str | None:
    """A host name, IP address or IDN in the form in which URLs write it, without a trailing dot; None where it is none.

    >>> normalize_host("BÜCHER.example."), normalize_host("[::1]"), normalize_host("http://example.com"), normalize_host("a b")
    ('xn--bcher-kva.example', '[::1]', None, None)
    """
    text = text.strip()
    if not text or any(mark in text for mark in "/?#@\\%\t\n\r") or (":" in text and not text.startswith("[")):
        return None
    try:
        host = ada_url.URL(f"http://{text}/").hostname
    except ValueError:
        return None
    host = host.removesuffix(".")
    if host.startswith("["):
        return host
    if not host or set(host) - _HOST_CHARACTERS or host.startswith(".") or host.endswith(".") or ".." in host:
        return None
    if host != text.lower().removesuffix(".") and host.replace(".", "").isdigit():
        return None  # "1" is http://0.0.0.1/ in a URL, and surely a slip in a list of domains
    return host


def host_matches(host: str, domains: frozenset[str] | set[str] | dict[str, str]) -> str | None:
    """The entry of `domains` that is `host` or a parent domain of it; None where there is none.

    >>> host_matches("www.example.com", {"example.com"}), host_matches("notexample.com", {"example.com"})
    ('example.com', None)
    """
    if not domains:
        return None
    host = host.removesuffix(".")
    if len(host) > _LONGEST:
        host = host[-_LONGEST:].partition(".")[2]
    while host not in domains:
        _, dot, host = host.partition(".")
        if not dot:
            return None
    return host


class PageSite:
    """What is internal to one page: the same registrable domain ("site"), the same "host", or the same "origin", and `own_domains`."""

    def __init__(
        self, page_url: str, scope: str = "site", private_suffixes: bool = True, own_domains: frozenset[str] = frozenset()
    ) -> None:
        self._scope = scope
        self._private = private_suffixes
        self._own = own_domains
        self._host = host_of(page_url).removesuffix(".")
        self._domain = registrable_domain(self._host, private_suffixes)
        self._origin = origin_of(page_url)

    def base_domain(self, host: str) -> str:
        """The registrable domain of a host, under this page's settings."""
        return registrable_domain(host, self._private)

    def is_internal(self, url: str, host: str) -> bool:
        """Whether a URL, whose host is `host`, belongs to the page's own site."""
        if host_matches(host, self._own) is not None:
            return True
        if self._scope == "origin":
            return origin_of(url) == self._origin
        if self._scope == "host":
            return host.removesuffix(".") == self._host
        return self.base_domain(host) == self._domain


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL as the standard writes it (default ports left out)."""
    start = url.find(":")
    if not url.startswith("://", start):
        return url
    authority = url[start + 3 :]
    for mark in "/?#":
        authority = authority.partition(mark)[0]
    return url[: start + 3] + authority[authority.rfind("@") + 1 :]
