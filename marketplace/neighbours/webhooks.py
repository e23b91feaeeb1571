"""Webhooks as Standard Webhooks has them: id, timestamp and ``v1`` signatures; secrets are ``whsec_`` and base64.

After a rotation both secrets sign, so that a subscriber changes over without losing a message. Source: Standard
Webhooks specification 1.0.0 (standard-webhooks/standard-webhooks, text_seen: yes, by its reference library in tests).
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as its owner keeps it: ``whsec_`` and 32 random bytes in base64."""
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


def webhook_headers(secrets: Sequence[str], message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers of one sending: a signature by each secret, newest first, with spaces between."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (
        b64encode(hmac.new(b64decode(one.removeprefix(PREFIX)), signed, sha256).digest()).decode() for one in secrets
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
