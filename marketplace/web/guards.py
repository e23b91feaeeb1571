"""Who asks, and from where: looked at before a body is read.

Sign-in is not part of this issue: in development the actor is taken from a header, everywhere else that header is
refused. In development only loopback host names are answered, so that no page from elsewhere can speak to a
developer's machine by re-binding a name (DNS rebinding). Source: issue of the foundation; trust.md section 2.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, get_args

from litestar.connection import ASGIConnection, Request
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import HeaderParameter

from commons.errors import Fault, Forbidden, Malformed, NotFound
from commons.events import Actor, Role
from marketplace.settings import Mode, Settings
from marketplace.usecases.act import MAX_KEY, Caller

ACTOR_HEADER = "X-Development-Actor"
KEY_HEADER = "Idempotency-Key"
ROLES = frozenset(get_args(Role)) - {"system"}
"""Roles that somebody outside may have; ``system`` is the platform's own hand."""

_ACTOR = re.compile(r"([a-z]{1,16}):([A-Za-z0-9_.-]{1,64})", re.ASCII)
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_SLOT = "marketplace_actor"

Connection = ASGIConnection[Any, Any, Any, Any]


def require_loopback(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuses (``Forbidden``) a development request under any host name but this machine's own."""
    if not _is_development(connection):
        return
    hosts = connection.headers.getall("host", [])
    if len(hosts) != 1 or not _LOOPBACK.fullmatch(hosts[0]):
        raise Forbidden("host_not_loopback", "in development mode only localhost, 127.0.0.1 and [::1] are answered")


def require_plain_address(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuses U+0000 in the address, which PostgreSQL keeps nowhere: ``NotFound``, in the query ``Malformed``."""
    if "\x00" in connection.scope["path"]:
        raise NotFound("page", "with U+0000")
    if b"%00" in connection.scope["query_string"]:
        raise Malformed((Fault("", "null_character", "the query may not hold U+0000"),))


def require_actor(connection: Connection, _: BaseRouteHandler) -> None:
    """Take the actor from the development header: 401 without a readable one, ``Forbidden`` outside development."""
    given = connection.headers.getall(ACTOR_HEADER.lower(), [])
    if given and not _is_development(connection):
        raise Forbidden("development_header", f"{ACTOR_HEADER} is refused outside development mode")
    if not given:
        raise _unknown("actor_missing", f"give {ACTOR_HEADER}: role:id")
    found = _ACTOR.fullmatch(given[0])
    if len(given) != 1 or found is None or found[1] not in ROLES:
        raise _unknown("actor_malformed", f"{ACTOR_HEADER} is role:id, with a role of {', '.join(sorted(ROLES))}")
    role: Any = found[1]
    connection.scope["state"][_SLOT] = Actor(role, found[2])


async def provide_caller(
    request: Request[Any, Any, Any],
    key: Annotated[
        str | None,
        HeaderParameter(
            name=KEY_HEADER,
            min_length=1,
            max_length=MAX_KEY,
            pattern=r"^[\x21-\x7e]+$",
            description="同一请求重复发送只生效一次 / The same request under one key has one effect, one answer",
        ),
    ] = None,
) -> Caller:
    """The actor that the guard has taken, with the idempotency key of the request."""
    actor: Actor = request.scope["state"][_SLOT]
    return Caller(actor, key)


def _is_development(connection: Connection) -> bool:
    settings: Settings = connection.app.state.settings
    return settings.mode is Mode.DEVELOPMENT


def _unknown(code: str, detail: str) -> NotAuthorizedException:
    return NotAuthorizedException(detail=detail, extra={"code": code}, headers={"WWW-Authenticate": ACTOR_HEADER})
