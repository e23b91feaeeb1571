"""The port: bytes kept under their own SHA-256; two adapters stand behind it, on disk and in S3-compatible storage.

Invariants: when ``put`` has returned, the bytes survive a crash; ``get`` returns the bytes of that hash or fails;
putting the same bytes again changes nothing. Nobody but the sweeper removes. Source: issue of the papers, ADR 0025.
"""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from commons.errors import Unavailable

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
FOLDER = "sha256"
"""Where everything lies, fanned out by the hash's first four digits."""


class Files(Protocol):
    """What keeps the bytes of files."""

    async def put(self, digest: str, body: bytes) -> None:
        """Keep the bytes under their SHA-256 (hex); durable once it returns. ``Unavailable`` where it cannot."""

    async def get(self, digest: str) -> bytes:
        """The bytes of that hash; ``Unavailable`` where they are not there, not whole, or not to be had now."""

    async def holds(self, digest: str) -> bool:
        """Whether the bytes of that hash are there."""

    async def remove(self, digest: str) -> None:
        """Forget the bytes of that hash; nothing happens where there are none."""

    async def older(self, than: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        """Hashes of what was put before an instant: so many at most, in their order, those behind ``after``."""


def place_of(digest: str) -> str:
    """Where the bytes of a hash lie, below the root: fanned out, so that no folder grows long."""
    assert _DIGEST.fullmatch(digest), "a SHA-256 in hex"
    return f"{FOLDER}/{digest[:2]}/{digest[2:4]}/{digest}"


def is_digest(text: str) -> bool:
    """Whether a name is that of kept bytes."""
    return _DIGEST.fullmatch(text) is not None


def require_whole(digest: str, body: bytes) -> bytes:
    """The bytes, if they have that hash; ``Unavailable`` for altered ones."""
    if sha256(body).hexdigest() != digest:
        message = f"the file {digest} was altered where it is kept"
        raise Unavailable(message)
    return body
