"""Who asks, and from where: looked at before a body is read.

Somebody is recognised by the cookie of a session or by a token; in development also by a header that names the actor,
which is refused everywhere else. In development only loopback host names are answered, so that no page from elsewhere
can speak to a developer's machine by re-binding a name (DNS rebinding); in production only the site's own.
Source: issue of the foundation; trust.md section 2.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler
from litestar.params import HeaderParameter

from commons.errors import Fault, Forbidden, Malformed, NotFound, Unrecognised
from commons.events import Actor, Role
from marketplace.identity.proofs import is_form_token
from marketplace.settings import Mode, Settings
from marketplace.usecases.act import MAX_KEY, Caller
from marketplace.web.signed_in import FORM_HEADER, SAFE, require_own_page, visitor_of

ACTOR_HEADER = "X-Development-Actor"
KEY_HEADER = "Idempotency-Key"
ROLES = frozenset(get_args(Role)) - {"system"}
"""Roles that somebody outside may have; ``system`` is the platform's own hand."""

_ACTOR = re.compile(r"([a-z]{1,16}):([A-Za-z0-9_.-]{1,64})", re.ASCII)
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_SLOT = "marketplace_actor"
OWN_KEYS = ("proposal/", "second/")
"""How the keys begin under which the two-person rule does what was proposed."""

Connection = ASGIConnection[Any, Any, Any, Any]


async def require_host(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuses (``Forbidden``) a request under another host name: loopback in development, else the site's own."""
    settings: Settings = connection.app.state.settings
    hosts = connection.headers.getall("host", [])
    if settings.mode is Mode.DEVELOPMENT:
        if len(hosts) != 1 or not _LOOPBACK.fullmatch(hosts[0]):
            raise Forbidden("host_not_loopback", "in development mode only localhost, 127.0.0.1 and [::1] are answered")
    elif hosts != [urlsplit(settings.public_url or "").netloc]:
        raise Forbidden("host_unknown", "this site is not at that address")


async def require_plain_address(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuses U+0000 in the address, which PostgreSQL keeps nowhere: ``NotFound``, in the query ``Malformed``."""
    if "\x00" in connection.scope["path"]:
        raise NotFound("page", "with U+0000")
    if b"%00" in connection.scope["query_string"]:
        raise Malformed((Fault("", "null_character", "the query may not hold U+0000"),))


async def require_actor(connection: Connection, _: BaseRouteHandler) -> None:
    """Take who asks from session, token or development header; ``Unrecognised`` (401) without any.

    What a session's cookie brings must come from our own page with the session's form token; a header or a token is
    nothing that another site's page could have sent.
    """
    actor = _development_actor(connection)
    visitor = await visitor_of(connection)
    if actor is not None and visitor is not None:
        raise Malformed((Fault("", "two_identities", f"give {ACTOR_HEADER} or a session, not both"),))
    if actor is not None:
        connection.scope["state"][_SLOT] = actor
        return
    if visitor is None:
        raise Unrecognised("actor_missing", "sign in, or give a token")
    if visitor.secret is not None and connection.scope["method"] not in SAFE:  # type: ignore[typeddict-item]  # HTTP alone
        require_own_page(connection)
        if not is_form_token(visitor.secret, connection.headers.get(FORM_HEADER.lower(), "")):
            raise Forbidden("form_token", f"give the session's form token in {FORM_HEADER}")


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
    """Who was recognised by the guard, with the idempotency key of the request; ``Malformed`` for one of our own."""
    if key is not None and key.startswith(OWN_KEYS):
        raise Malformed((Fault("", "idempotency_key_reserved", f"a key does not begin with {' or '.join(OWN_KEYS)}"),))
    actor: Actor | None = request.scope["state"].get(_SLOT)
    if actor is not None:
        return Caller(actor, key)
    visitor = await visitor_of(request)
    assert visitor is not None, "the guard has looked"
    return visitor.caller(key)


def _development_actor(connection: Connection) -> Actor | None:
    """The actor of the development header; ``Forbidden`` outside development, ``Unrecognised`` when unreadable."""
    given = connection.headers.getall(ACTOR_HEADER.lower(), [])
    if not given:
        return None
    settings: Settings = connection.app.state.settings
    if settings.mode is not Mode.DEVELOPMENT:
        raise Forbidden("development_header", f"{ACTOR_HEADER} is refused outside development mode")
    found = _ACTOR.fullmatch(given[0])
    if len(given) != 1 or found is None or found[1] not in ROLES:
        words = f"{ACTOR_HEADER} is role:id, with a role of {', '.join(sorted(ROLES))}"
        raise Unrecognised("actor_malformed", words)
    role: Any = found[1]
    return Actor(role, found[2])
