"""Who a request comes from: a session's cookie, a token, in development the actor's header; one of them, never two.

Invariants: a cookie alone changes nothing, since another site can have it sent: the request must come from our own
pages (Origin, Sec-Fetch-Site) and carry what only they know of the session; rights are read anew for every request, so
that a role that was ended, a password that was changed or a closed account ends them at once. Forwarding headers count
only from proxies that the settings name. Source: trust.md section 2.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from commons.errors import Fault, Forbidden, Malformed, Unrecognised
from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.permissions import Badge, Rank
from marketplace.settings import Mode, Settings
from marketplace.usecases.act import Caller
from marketplace.usecases.recognising import Bearer, recognise_session, recognise_token
from marketplace.usecases.signing_in import Device

Connection = ASGIConnection[Any, Any, Any, Any]

COOKIE = "__Host-session"
FORM_HEADER = "X-CSRF-Token"
FORM_FIELD = "_csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_SECRET = 100
_SLOT = "marketplace_visitor"
_BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was recognised; ``secret`` is the session's cookie, None for a token."""

    bearer: Bearer
    secret: str | None

    @property
    def badge(self) -> Badge:
        """What the person may act as."""
        one = self.bearer
        return Badge(
            person=one.account,
            rank=cast("Rank", one.rank or "staff"),
            region=one.region,
            line=one.line,
            mandates=one.mandates,
            is_fresh=one.is_fresh,
            scopes=one.scopes,
            role_id=one.role,
        )

    @property
    def actor(self) -> Actor:
        """As whom events name it; somebody who acts as nothing is one of the public."""
        one = self.bearer
        if one.actor_role is None or one.acting is None:
            return Actor("public", one.account)
        return Actor(one.actor_role, one.acting)

    def caller(self, key: str | None) -> Caller:
        """Who asks, for the use cases."""
        return Caller(self.actor, key, self.badge)


async def visitor_of(connection: Connection) -> Visitor | None:
    """Who this request comes from, looked up once; None without cookie and token.

    ``Unrecognised`` for a token, or a cookie on a request that changes something, that is over or never was one; on a
    reading a cookie that is over counts as none.
    """
    state = connection.scope["state"]
    if _SLOT not in state:
        state[_SLOT] = await _look(connection)
    found: Visitor | None = state[_SLOT]
    return found


async def look_for_reader(connection: Connection, _: BaseRouteHandler) -> None:
    """Look up in whose session a page is asked for; nothing is looked up where no cookie came. Pages take no token."""
    secret = _cookie(connection)
    found = None if secret is None else await recognise_session(connection.app.state.database, secret)
    connection.scope["state"][_SLOT] = None if found is None or secret is None else Visitor(found, secret)


def reader_of(connection: Connection) -> Visitor | None:
    """In whose session a page is read, as ``look_for_reader`` found; None for nobody, or where it has not looked."""
    found: Visitor | None = connection.scope["state"].get(_SLOT)
    return found


async def _look(connection: Connection) -> Visitor | None:
    database: Database = connection.app.state.database
    token, secret = _token(connection), _cookie(connection)
    if token is not None and secret is not None:
        raise Malformed((Fault("", "two_identities", "give a token or a cookie, not both"),))
    if token is not None:
        bearer = await recognise_token(database, token)
        if bearer is None:
            raise Unrecognised("token_over", "this token is none, or is over")
        return Visitor(bearer, None)
    if secret is None:
        return None
    found = await recognise_session(database, secret)
    if found is not None:
        return Visitor(found, secret)
    if connection.scope["method"] not in SAFE:  # type: ignore[typeddict-item]  # HTTP alone
        raise Unrecognised("session_over", "this session is over; sign in again")
    return None


def _token(connection: Connection) -> str | None:
    given = connection.headers.getall("authorization", [])
    if not given:
        return None
    if len(given) != 1 or not given[0].startswith(_BEARER) or len(given[0]) > MAX_SECRET:
        raise Unrecognised("token_malformed", "Authorization is: Bearer and the token")
    return given[0].removeprefix(_BEARER)


def _cookie(connection: Connection) -> str | None:
    """The session's cookie."""
    return cookie_value(connection, COOKIE)


def cookie_value(connection: Connection, wanted: str) -> str | None:
    """The value of a cookie; of several of that name none counts, since one may be planted."""
    pairs = [pair.strip().partition("=") for one in connection.headers.getall("cookie", []) for pair in one.split(";")]
    values = [value for name, _, value in pairs if name == wanted]
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= MAX_SECRET else None


def require_own_page(connection: Connection) -> None:
    """Refuses (``Forbidden``) a request that did not come from a page of this very site.

    Browsers say where it came from in Sec-Fetch-Site or Origin, and in neither way can a page forge it.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise Forbidden("cross_site", "this came from a page of another site")
    origin = connection.headers.get("origin")
    if origin is None and site is None:
        referer = connection.headers.get("referer")
        parts = None if referer is None else urlsplit(referer)
        origin = None if parts is None else f"{parts.scheme}://{parts.netloc}"
    if origin is None and site is None:
        raise Forbidden("origin_missing", "the browser did not say from which page this came")
    if origin is not None and origin not in own_origins(connection):
        raise Forbidden("cross_site", "this came from a page of another site")


def require_not_cross_site(connection: Connection) -> None:
    """Refuses (``Forbidden``) what a browser says came from elsewhere; a program says nothing of that and passes.

    For acts that use no cookie, such as signing in: nobody may be signed in by another site's page.
    """
    if connection.headers.get("origin") is not None or connection.headers.get("sec-fetch-site") is not None:
        require_own_page(connection)


def own_origins(connection: Connection) -> frozenset[str]:
    """The addresses of this site: as the settings say, in development also the one that was asked."""
    settings: Settings = connection.app.state.settings
    own = set() if settings.public_url is None else {settings.public_url.rstrip("/")}
    if settings.mode is Mode.DEVELOPMENT:
        own.add(f"http://{connection.headers.get('host', '')}")
    return frozenset(own)


def device_of(connection: Connection) -> Device:
    """From where the request comes, for counting tries and for the list of one's own sessions."""
    settings: Settings = connection.app.state.settings
    client = connection.scope.get("client")
    forwarded = ",".join(connection.headers.getall("x-forwarded-for", []))
    address = client_address(client[0] if client else "", forwarded, settings.trusted_proxies)
    return Device(address, connection.headers.get("user-agent", ""))


def client_address(peer: str, forwarded: str, trusted: tuple[str, ...]) -> str:
    """Who really connected: the peer, or what trusted proxies say of it, read from the last one backwards.

    An address of version 6 counts by its network of 64 bits: whoever has one address has all of them.
    """
    nets = [ipaddress.ip_network(one) for one in trusted]
    address = peer
    for claimed in reversed([one.strip() for one in forwarded.split(",") if one.strip()]):
        if not _lies_in(address, nets):
            break
        address = claimed
    found = _read(address)
    if found is None:
        return peer[:MAX_SECRET]
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _lies_in(address: str, nets: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    found = _read(address)
    return found is not None and any(found in net for net in nets)


def _read(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address; of version 4 in the form of 6 as of 4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def cookie_of(secret: str, *, lasts: timedelta) -> str:
    """The cookie as it is set: this host alone, encrypted ways alone, no script, not on posts from elsewhere."""
    return f"{COOKIE}={secret}; Path=/; Max-Age={int(lasts.total_seconds())}; Secure; HttpOnly; SameSite=Lax"


NO_COOKIE = f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
"""Takes the cookie away."""
