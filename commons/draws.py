"""Draws that anybody can repeat: one secret made of published inputs, one rank per label, smallest first.

Invariants: a label's rank depends on the inputs and on that label alone, so adding or removing a bidder never moves
the others; every order is total; without inputs nothing is drawn, and no input has a default.
Source: selection.md section 7; HKDF is RFC 5869 over SHA-256.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

HASH_BYTES = 32
_BLOCK_BYTES = 64

MAX_EXPANDED = 255 * HASH_BYTES
"""Longest output of one expansion, in bytes: RFC 5869 section 2.3."""

MAX_CREDIT = 10_000
CREDIT_PER_TICKET = 100
MAX_TICKETS = MAX_CREDIT // CREDIT_PER_TICKET
"""Tickets of a full credit score; hundredths of a point go in, one ticket per whole point comes out."""

_U64 = 2**64


def hkdf_extract(salt: bytes, ikm: bytes) -> bytes:
    """Pseudorandom key of 32 bytes: RFC 5869 section 2.2."""
    return hmac.digest(salt, ikm, sha256)


def hkdf_expand(prk: bytes, info: bytes, length: int) -> bytes:
    """So many bytes out of the key: RFC 5869 section 2.3; a length outside 0…8160 is a ``ValueError``."""
    if not 0 <= length <= MAX_EXPANDED:
        message = f"length outside 0…{MAX_EXPANDED}: {length}"
        raise ValueError(message)
    blocks, block = b"", b""
    while len(blocks) < length:
        counter = len(blocks) // HASH_BYTES + 1
        block = hmac.digest(prk, block + info + bytes((counter,)), sha256)
        blocks += block
    return blocks[:length]


def tickets(credit: int) -> int:
    """Credit in hundredths → tickets of the credit draw, 1…100; credit is clipped to 0…10000 first."""
    return max(1, min(max(credit, 0), MAX_CREDIT) // CREDIT_PER_TICKET)


@dataclass(frozen=True, slots=True)
class Draw:
    """The inputs of one draw, both not empty (``ValueError``); equal inputs draw equally for ever."""

    salt: bytes
    ikm: bytes
    prk: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Extract the key once."""
        if not self.salt or not self.ikm:
            message = "a draw needs both of its inputs"
            raise ValueError(message)
        object.__setattr__(self, "prk", hkdf_extract(self.salt, self.ikm))

    def rank(self, label: str) -> bytes:
        """32 bytes to order by, smallest first."""
        return _ranker(self.prk)(label)

    def weighted_rank(self, id: str, weight: int) -> bytes:
        """The smallest rank of the labels ``id/1`` … ``id/weight``; a weight below 1 is a ``ValueError``."""
        return _smallest(_ranker(self.prk), id, weight)

    def order(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Ids by rank, smallest first; an id given twice or with a ``/`` in it is a ``ValueError``."""
        rank = _ranker(self.prk)
        ranks = sorted((rank(id), id) for id in _distinct(ids))
        return tuple(id for _, id in ranks)

    def weighted_order(self, weights: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        """Ids of ``(id, tickets)`` by weighted rank, smallest first; refuses ids as ``order`` does."""
        rank, pairs = _ranker(self.prk), tuple(weights)
        _distinct(id for id, _ in pairs)
        ranks = sorted((_smallest(rank, id, weight), id) for id, weight in pairs)
        return tuple(id for _, id in ranks)

    def integer(self, name: str, lo: int, hi: int) -> int:
        """An integer in lo…hi, each equally likely (rejection); an empty range or one over 2⁶⁴ is a ``ValueError``."""
        count = hi - lo + 1
        if not 1 <= count <= _U64:
            message = f"cannot draw from {lo}…{hi}"
            raise ValueError(message)
        fair = _U64 // count * count
        attempt = 0
        while True:
            drawn = int.from_bytes(hkdf_expand(self.prk, f"{name}/{attempt}".encode(), 8), "big")
            if drawn < fair:
                return lo + drawn % count
            attempt += 1


@lru_cache(maxsize=8)
def _ranker(prk: bytes) -> Callable[[str], bytes]:
    """``label → hkdf_expand(prk, label, 32)`` with the key's two blocks hashed once: for draws of a million tickets."""
    padded = prk.ljust(_BLOCK_BYTES, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def rank(label: str) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(label.encode() + b"\x01")
        second.update(first.digest())
        return second.digest()

    return rank


def _smallest(rank: Callable[[str], bytes], id: str, weight: int) -> bytes:
    if weight < 1:
        message = f"{id!r} needs a ticket at least"
        raise ValueError(message)
    return min(rank(f"{id}/{ticket}") for ticket in range(1, weight + 1))


def _distinct(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids as given; a repeated one, or one that could be another's ticket, would make the draw unfair."""
    given = tuple(ids)
    if len(set(given)) != len(given):
        message = "an id takes part once"
        raise ValueError(message)
    if any("/" in id for id in given):
        message = "an id with a slash could be another's ticket"
        raise ValueError(message)
    return given
