"""Speaking to one neighbour over HTTP: signed, without redirects, bounded in time and bytes.

Invariants: one client a neighbour, with connections of its own, so that none waits for another's; whatever the
neighbour does (silence, drip, garbage, 5xx, a redirect) comes back as an ``Answer`` or None within ``PATIENCE``; of a
failure only its kind is told. Source: trust.md section 1.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import httpx

from marketplace.neighbours.port import LARGEST_ANSWER, PATIENCE, Answer, Letter
from marketplace.neighbours.signing import signed_headers

log = logging.getLogger(__name__)

MESSAGES = "/messages"
LONGEST_RECEIPT = 256
_RECEIPT = re.compile(r"[\x21-\x7e]{1,256}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came: status and body; ``body`` None: it was longer than anybody reads."""

    status: int
    body: bytes | None

    def document(self) -> dict[str, Any] | None:
        """The body as a JSON object; None for anything else."""
        try:
            found = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def new_http() -> httpx.AsyncClient:
    """A client of its own: no proxy from the environment, no redirects, few connections."""
    return httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(PATIENCE),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=2),
    )


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Client:
    """One neighbour: its name, address and key; ``clock`` says when a request is signed."""

    name: str
    address: str
    key: bytes = field(repr=False)
    patience: float = PATIENCE
    clock: Callable[[], datetime] = _now
    http: httpx.AsyncClient = field(default_factory=new_http)

    async def ask(self, method: str, path: str, *, message_id: str | None = None, body: bytes = b"") -> Reply | None:
        """Send one signed request; None when nothing came back that is an answer, whatever the reason."""
        url = self.address.rstrip("/") + path
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = signed_headers(self.key, method, target, message_id or token_hex(16), body, at=self.clock())
        if body:
            headers["Content-Type"] = "application/json"
        try:
            async with asyncio.timeout(self.patience):
                return await self._send(method, url, headers, body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, EOFError) as failure:  # TimeoutError is an OSError
            log.warning("%s does not answer: %s", self.name, type(failure).__name__)
            return None

    async def _send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Reply:
        async with self.http.stream(method, url, headers=headers, content=body) as response:
            read = bytearray()
            async for part in response.aiter_raw():
                read += part
                if len(read) > LARGEST_ANSWER:
                    return Reply(response.status_code, None)
            return Reply(response.status_code, bytes(read))

    async def take(self, letter: Letter) -> Answer:
        """Hand a letter over; taken is what is answered by 2xx with JSON, or with nothing."""
        return judged(await self.ask("POST", MESSAGES, message_id=letter.id, body=letter.body))

    async def close(self) -> None:
        """End its connections."""
        await self.http.aclose()


def judged(reply: Reply | None) -> Answer:
    """A reply as the outbox keeps it; 2xx with a body that is no JSON object is no answer: it was not understood."""
    if reply is None:
        return Answer(None, "no-answer")
    if not httpx.codes.is_success(reply.status):
        return Answer(reply.status, f"status-{reply.status}")
    if reply.body == b"":
        return Answer(reply.status, "taken")
    document = reply.document()
    if document is None:
        return Answer(None, "garbage")
    receipt = document.get("receipt")
    is_plain = isinstance(receipt, str) and _RECEIPT.fullmatch(receipt)
    return Answer(reply.status, "taken", receipt if is_plain else None)
