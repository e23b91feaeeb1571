"""Answers are compressed (gzip) where the browser takes that: pages, documents, drawings; never streams or files.

Invariants: what comes in several parts passes as it is; a form token is masked anew in every answer, so that the size
of a compressed page tells nothing of it (BREACH). Source: RFC 9110, 8.4 and 12.5.3; ADR 0030.
"""

from __future__ import annotations

import gzip
from typing import cast

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

LEAST_BYTES = 1_000
"""Shorter answers fit into one packet anyway."""
LEVEL = 5
"""One millisecond for a page of 60 KB."""
COMPRESSED = frozenset({"text/html", "application/json", "application/problem+json", "image/svg+xml", "text/csv"})
"""Media types worth it."""


def takes_gzip(scope: Scope) -> bool:
    """Whether the asker takes gzip (RFC 9110, 12.5.3)."""
    for part in ",".join(Headers(scope["headers"]).getall("accept-encoding", [])).split(","):
        name, _, weight = part.partition(";")
        if name.strip().casefold() in {"gzip", "*"}:
            return weight.replace(" ", "").casefold() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def compressing(app: ASGIApp) -> ASGIApp:
    """The application, its answers compressed."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not takes_gzip(scope):
            await app(scope, receive, send)
            return
        held: list[HTTPResponseStartEvent] = []

        async def send_packed(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_worth_it(message):
                held.append(message)
                return
            if message["type"] == "http.response.body" and held:
                start = held.pop()
                if not message.get("more_body", False) and len(message["body"]) >= LEAST_BYTES:
                    message["body"] = gzip.compress(message["body"], LEVEL, mtime=0)
                    headers = MutableScopeHeaders(start)
                    headers["Content-Encoding"] = "gzip"
                    headers["Content-Length"] = str(len(message["body"]))
                await send(start)
            await send(message)

        await app(scope, receive, send_packed)

    return answer


def _is_worth_it(start: HTTPResponseStartEvent) -> bool:
    """Whether an answer is of a type to compress, and says so to caches."""
    headers = MutableScopeHeaders(start)
    kind = cast("str", headers.get("content-type", "")).partition(";")[0].strip()
    if kind not in COMPRESSED or "content-encoding" in headers:
        return False
    varied = headers.get("vary")
    headers["Vary"] = f"{varied}, Accept-Encoding" if varied else "Accept-Encoding"
    return True
