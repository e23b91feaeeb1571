"""What every response carries and what is written down of it: headers, and one line of method, path and status.

Invariants: no response leaves without these headers, errors of the router included; no body, cookie, query or header
of a request reaches the log. Source: trust.md sections 2 and 6 (headers).
"""

from __future__ import annotations

import logging
from urllib.parse import quote

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.web.addresses import STATIC
from marketplace.web.render import CONTENT_SECURITY_POLICY

log = logging.getLogger(__name__)

HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
OWN = frozenset({"Content-Security-Policy"})
"""What a response may say more strictly itself: a file that is handed out stands in a sandbox."""
LONG = "public, max-age=31536000, immutable"
"""A static file's name holds the hash of its content: it never changes."""
NAMES_SERVER = ("Server", "X-Powered-By")
SUCCESS = 200


def answering_head(app: ASGIApp) -> ASGIApp:
    """The application, answering HEAD as it answers GET at the same address, without the body (RFC 9110, 9.3.2)."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != HttpMethod.HEAD:
            await app(scope, receive, send)
            return

        is_answered = False

        async def send_head(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.body":
                if is_answered:
                    return  # the rest of a stream, which learns by ``receive`` that it is over
                is_answered = True
                message["body"], message["more_body"] = b"", False
            await send(message)

        asked = scope.copy()
        asked["method"] = HttpMethod.GET
        await app(asked, receive, send_head)

    return answer


async def before_send(message: Message, scope: Scope) -> None:
    """Put the headers on, set how long static files keep, and note the request."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders(message)
    for name, value in HEADERS:
        if name not in OWN or name not in headers:
            headers[name] = value
    for name in NAMES_SERVER:
        if name in headers:
            del headers[name]
    path = scope["path"]
    if path.startswith(f"{STATIC}/") and message["status"] == SUCCESS:
        headers["Cache-Control"] = LONG
    log.info("%s %s %d", scope.get("method", "-"), quote(path), message["status"])
