"""Which hosts are private: loopback, link-local and private addresses, and names that resolve to them.

Source: IANA's special-purpose registries (RFC 6890), as `ipaddress` has them; "localhost" names, RFC 6761, 6.3.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

__all__ = ["AddressSpaces", "is_private_address"]

logger = logging.getLogger(__name__)

_KEPT_SECONDS: Final = 30.0
"""How long an answer holds: names that change between public and private addresses are what attacks are made of."""
_RESOLVE_SECONDS: Final = 5.0
_THREADS: Final = 8
_OVERRIDES: Final = "--ip-address-space-overrides="
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NOT_GLOBAL: Final = (ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("fec0::/10"))
"""NAT64 for local use (RFC 8215), and what was site-local once: global to `ipaddress`, the first in older Pythons only."""
_PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def is_private_address(address: str) -> bool:
    """Whether an address is none of the public internet; of one that carries another, that other counts.

    >>> [is_private_address(address) for address in ("127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "8.8.8.8")]
    [True, True, True, True, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if carried is not None:
            ip = carried
    return not ip.is_global or any(ip in network for network in _NOT_GLOBAL)


class AddressSpaces:
    """Knows hosts by their addresses.

    :param arguments: the browser's command line, whose ``--ip-address-space-overrides`` holds here, too.
    """

    def __init__(self, arguments: Iterable[str] = ()) -> None:
        self._known: dict[str, tuple[float, frozenset[bool]]] = {}
        self._public: set[str] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "linkmedia-names")
        for argument in arguments:
            if argument.startswith(_OVERRIDES):
                entries = (entry.split("=") for entry in argument.removeprefix(_OVERRIDES).split(","))
                self._public.update(place for place, space in (entry for entry in entries if len(entry) == 2) if space == "public")

    async def is_private(self, url: str, *, wholly: bool = False) -> bool:
        """Whether a URL leads to a private address, if only by one of several that its name has. `wholly` asks for all of them.

        One whose name does not resolve here does not lead to one: it may in a proxy.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if f"{host}:{parts.port or _PORTS.get(parts.scheme)}" in self._public:
            return False
        if not host or host == "localhost" or host.endswith(".localhost"):
            return bool(host)
        try:
            return is_private_address(host)
        except ValueError:
            found = await self._resolved(host)
            return True in found and not (wholly and False in found)

    async def _resolved(self, host: str) -> frozenset[bool]:
        """Whether a name's addresses are private: both where it has private ones and public ones, nothing where it has none."""
        kept = self._known.get(host)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        answer: frozenset[bool] = frozenset()
        try:
            found = await asyncio.wait_for(self._look_up(host), _RESOLVE_SECONDS)
            answer = frozenset(is_private_address(str(entry[4][0])) for entry in found)
        except (OSError, TimeoutError, UnicodeError) as error:
            logger.debug("%s does not resolve: %s", host, error)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[host] = (time.monotonic() + _KEPT_SECONDS, answer)
        return answer

    def _look_up(self, host: str) -> asyncio.Future[list[Any]]:
        # not by the loop's own threads, which stores and captures need: a page may name hundreds of hosts whose name servers are silent
        return asyncio.get_running_loop().run_in_executor(self._threads, partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM))
