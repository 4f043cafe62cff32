"""Where a link leads that has no contents: to what a site offers beside them."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_service"]

_SERVICES: Final = frozenset(
    "login logon logout sign signin signup register registration account myaccount password cart basket checkout wishlist contact "
    "contacts contactus kontakt contacto contato contatti help faq faqs rss feed feeds sitemap privacy imprint impressum "
    "subscribe newsletter newsletters".split()
)
_BESIDE_SERVICES: Final = frozenset(
    "us my view add to in up log new create form page shopping center centre user index html htm php asp aspx jsp xml".split()
)
_WORD: Final = re.compile(r"[a-z]+")


def is_service(path: str) -> bool:
    """Whether a path leads to a login, a cart, a feed and the like; in an encyclopedia such words are its subjects.

    >>> is_service("/shop/my-account/"), is_service("/feed.xml"), is_service("/golf/cart-racing"), is_service("/wiki/Basket")
    (True, True, False, False)
    """
    words = _WORD.findall(path.rstrip("/").rpartition("/")[2].lower())
    if _SERVICES.isdisjoint(words) or "/wiki/" in path:
        return False
    return all(word in _SERVICES or word in _BESIDE_SERVICES for word in words)
