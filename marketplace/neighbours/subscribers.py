"""Calling a subscriber's webhook: to the address that was judged and no other, without following, reading little.

Source: Standard Webhooks; trust.md section 1 (nobody waits for a subscriber but its own queue).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from commons.errors import Malformed
from marketplace.neighbours.address_guard import Resolve, judge_address
from marketplace.neighbours.client import new_http
from marketplace.neighbours.port import PATIENCE, Answer
from marketplace.neighbours.webhooks import webhook_headers

log = logging.getLogger(__name__)

LARGEST_BODY = 4_096
"""Bytes of a subscriber's answer that are read: nobody looks at them."""


@dataclass(slots=True)
class Subscribers:
    """What calls webhooks; ``is_development`` allows this machine over plain http."""

    is_development: bool = False
    patience: float = PATIENCE
    resolve: Resolve | None = None
    http: httpx.AsyncClient = field(default_factory=new_http)

    async def call(self, address: str, secrets: Sequence[str], message_id: str, body: bytes) -> Answer:
        """Send one message; an address that does not stand outside any more is refused like an answer of 4xx."""
        try:
            async with asyncio.timeout(self.patience):
                target = await judge_address(address, is_development=self.is_development, resolve=self.resolve)
                headers = {
                    **webhook_headers(secrets, message_id, body, at=datetime.now(UTC)),
                    "Host": target.host_header,
                    "Content-Type": "application/json",
                    "User-Agent": "shepi-webhooks/1",
                }
                request = self.http.build_request("POST", target.url, headers=headers, content=body)
                request.extensions["sni_hostname"] = target.host
                return await self._send(request)
        except Malformed as wrong:
            code = wrong.faults[0].code
            return Answer(None if code == "webhook_unresolved" else REFUSED_ADDRESS, code)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, EOFError) as failure:
            log.warning("a subscriber does not answer: %s", type(failure).__name__)
            return Answer(None, "no-answer")

    async def _send(self, request: httpx.Request) -> Answer:
        response = await self.http.send(request, stream=True, follow_redirects=False)
        try:
            read = 0
            async for part in response.aiter_raw():
                read += len(part)
                if read > LARGEST_BODY:
                    break
            reason = "taken" if response.is_success else f"status-{response.status_code}"
            return Answer(response.status_code, reason)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """End its connections."""
        await self.http.aclose()


REFUSED_ADDRESS = 421
"""What is kept where nothing was sent because the address lies inside now: misdirected."""
