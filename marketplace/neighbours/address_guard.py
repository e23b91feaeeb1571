"""Where a webhook may be sent: to the open internet and nowhere else (no request of ours reaches what is inside).

Invariants: judged are the addresses that a name stands for, all of them, after resolving it once, and the connection
goes to an address that was judged; what holds an IPv4 address inside an IPv6 one is judged by both. In development
alone plain http to this very machine is allowed. Source: OWASP ASVS 5 (SSRF); text_seen: no.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from commons.errors import Fault, Malformed

LONGEST = 500
PORTS = frozenset({443, 8443})
"""Where an https server for outsiders listens."""
INSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
            "fe80::/10", "fec0::/10", "ff00::/8",
        ),
    )
)  # fmt: skip
"""Networks that are not the open internet, by IANA's registers of special purpose."""
_EMBEDDING = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
)
"""Prefixes that carry an IPv4 address, and how many bits stand behind it."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was judged: connect to ``ip``, speak of ``host``."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address with the name replaced by what it stands for."""
        shown = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{shown}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """The name that the server is asked for."""
        usual = {"https": 443, "http": 80}[self.scheme]
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == usual else f"{shown}:{self.port}"


def read_address(address: str, *, is_development: bool) -> SplitResult:
    """The parts of an address that may stand in a subscription; ``Malformed`` with what is wrong with it."""
    parts = _split(address)
    if parts.scheme == "http" and is_development and parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return parts
    if parts.scheme != "https":
        raise _wrong("webhook_not_https", "an https address")
    if _port(parts) not in PORTS:
        raise _wrong("webhook_port", f"a port of {', '.join(map(str, sorted(PORTS)))}")
    try:
        literal = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts
    if not is_outside(literal):
        raise _wrong("webhook_inside", "an address of the open internet")
    return parts


def _split(address: str) -> SplitResult:
    """The parts; no name and password, no fragment, nothing that cannot be seen."""
    is_plain = len(address) <= LONGEST and address.isascii() and address.isprintable() and " " not in address
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        is_plain = port_is_one = False
        parts = urlsplit("")
    is_bare = bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment and "\\" not in address
    if not is_plain or not port_is_one or not is_bare:
        raise _wrong("webhook_address", "an address: https://host/path, without name, password or fragment")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _wrong(code: str, words: str) -> Malformed:
    return Malformed((Fault("/address", code, words),))


async def judge_address(address: str, *, is_development: bool, resolve: Resolve | None = None) -> Target:
    """Resolve once and judge every address; ``Malformed`` when the name stands for anything inside, or for nothing."""
    parts = read_address(address, is_development=is_development)
    host, port = parts.hostname or "", _port(parts)
    try:
        found = await (resolve or resolved)(host, port)
        addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    except (OSError, ValueError, UnicodeError):
        addresses = []
    if not addresses:
        raise _wrong("webhook_unresolved", "a name that stands for an address")
    is_home = parts.scheme == "http"
    if not all(one.is_loopback if is_home else is_outside(one) for one in addresses):
        raise _wrong("webhook_inside", "an address of the open internet")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, str(addresses[0]), port, path)


async def resolved(host: str, port: int) -> Sequence[str]:
    """Every address that the name stands for, as the system says."""
    rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in rows]


def is_outside(address: Address) -> bool:
    """Whether it lies in the open internet, by itself and by any IPv4 address that it carries."""
    return all(
        not any(one.version == network.version and one in network for network in INSIDE)
        for one in (address, *_carried(address))
    )


def _carried(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    return [
        ipaddress.IPv4Address(number >> behind & 0xFFFFFFFF) for network, behind in _EMBEDDING if address in network
    ]
