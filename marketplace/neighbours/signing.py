"""How neighbours and the market know each other: requests signed with a shared key, good for a short time, once.

Signed are method, target, the id of the message, the instant and the SHA-256 of the body, so that nothing of a request
can be exchanged; whoever is shown the same id again answers as before and does nothing. HMAC-SHA256: both sides are
systems of one administration that share a key anyway (docs/adr/0026 says why not Ed25519). Source: market.md section 5.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from commons.errors import Unrecognised
from commons.instants import format_instant, parse_instant

WINDOW = timedelta(minutes=5)
"""How far the instant of a request may lie from the receiver's clock."""
ID, INSTANT, SIGNATURE = "X-Message-Id", "X-Message-Instant", "X-Message-Signature"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed of a request."""

    method: str
    target: str
    id: str
    instant: str
    body: bytes

    def by(self, key: bytes) -> str:
        """The signature, in hex."""
        lines = ("neighbour-v1", self.method, self.target, self.id, self.instant, sha256(self.body).hexdigest())
        return hmac.new(key, "\n".join(lines).encode(), sha256).hexdigest()


def signed_headers(
    key: bytes, method: str, target: str, message_id: str, body: bytes, *, at: datetime
) -> dict[str, str]:
    """The three headers of a request that is sent now."""
    one = Signed(method, target, message_id, format_instant(at), body)
    return {ID: message_id, INSTANT: one.instant, SIGNATURE: one.by(key)}


def check_signed(headers: Mapping[str, str], key: bytes, method: str, target: str, body: bytes, *, at: datetime) -> str:
    """The id of the message; ``Unrecognised`` for a missing or wrong signature, and for one outside ``WINDOW``."""
    given = {name.lower(): value for name, value in headers.items()}
    found = tuple(given.get(name.lower(), "") for name in (ID, INSTANT, SIGNATURE))
    message_id, instant, signature = found
    if not _ID.fullmatch(message_id) or not _SIGNATURE.fullmatch(signature):
        raise Unrecognised("signature_missing", f"give {ID}, {INSTANT} and {SIGNATURE}")
    try:
        made = parse_instant(instant)
    except ValueError:
        raise Unrecognised("signature_missing", f"{INSTANT} is no instant") from None
    if not hmac.compare_digest(Signed(method, target, message_id, instant, body).by(key), signature):
        raise Unrecognised("signature_wrong", "this neighbour has not signed this request")
    if abs(at - made) > WINDOW:
        raise Unrecognised("signature_stale", "this request was signed too long ago, or by a clock that is wrong")
    return message_id
