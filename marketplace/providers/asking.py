"""Asking identity providers: their discovery document, their keys, and the token that a code is worth.

Invariants: nothing is asked of an address that is not the provider's own word over https (or on this machine); no
redirect is followed; a question ends within seconds and an answer is read up to a bound; the discovery document names
the very issuer of the settings; keys are fetched anew when a token names one that is not known, but not at will.
Secrets and tokens are in no message and no log. Source: OpenID Connect Discovery 1.0, RFC 7636, RFC 6749, RFC 9207.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # Authlib ships no types
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from commons.errors import Unavailable
from marketplace.providers.id_token import NotBelieved
from marketplace.settings import IdentityProvider

PATIENCE = httpx.Timeout(5.0, connect=3.0)
WHOLE_S = 12
"""Seconds that one answer may take altogether, however it trickles."""
LARGEST = 256 * 1024
"""Bytes of an answer at most."""
KEPT_S = 3600
"""Seconds that a discovery document and keys are used before they are fetched anew."""
AGAIN_S = 10
"""Seconds between two fetches of keys that unknown ones cause."""
SCOPES = "openid profile"
OK, BAD_REQUEST = 200, 400
_OWN_MACHINE = re.compile(r"127\.0\.0\.1|localhost", re.ASCII)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked what, as its discovery document says."""

    authorization: str
    token: str
    keys: str
    names_itself: bool
    """Whether its answers say who gave them (RFC 9207)."""


@dataclass(slots=True)
class _Known:
    endpoints: Endpoints
    keys: KeySet | None = None
    endpoints_at: float = 0.0
    keys_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in as it is begun: what the provider is told, and what its answer must match."""

    redirect: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class Providers:
    """The providers of the settings; what they said of themselves is kept for an hour."""

    by_name: dict[str, IdentityProvider]
    _known: dict[str, _Known] = field(default_factory=dict)

    async def address_of(self, one: IdentityProvider, asked: Asked, *, again: bool) -> str:
        """Where the browser is sent; ``again``: the provider asks for a proof even of whom it knows."""
        endpoints = await self.endpoints_of(one)
        pairs = {
            "response_type": "code",
            "client_id": one.client,
            "redirect_uri": asked.redirect,
            "scope": SCOPES,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": create_s256_code_challenge(asked.verifier),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        joint = "&" if urlsplit(endpoints.authorization).query else "?"
        return f"{endpoints.authorization}{joint}{urlencode(pairs)}"

    async def token_for(self, one: IdentityProvider, code: str, asked: Asked) -> str:
        """The ID token that the code is worth; ``NotBelieved`` when the provider refuses it."""
        endpoints = await self.endpoints_of(one)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect,
            "code_verifier": asked.verifier,
        }
        secret = httpx.BasicAuth(quote_plus(one.client), quote_plus(one.secret))  # RFC 6749, 2.3.1: encoded first
        status, body = await _ask("POST", endpoints.token, data=form, auth=secret)
        if status != OK:
            if status >= 500:  # noqa: PLR2004 - a fault of its own, not of the code
                raise Unavailable("provider_fault")
            raise NotBelieved("code")
        token = _object(body).get("id_token")
        if not isinstance(token, str):
            raise NotBelieved("no_token")
        return token

    async def endpoints_of(self, one: IdentityProvider) -> Endpoints:
        """What the discovery document says; ``Unavailable`` when it cannot be had or is not this issuer's."""
        known = self._known.get(one.issuer)
        if known is not None and time.monotonic() - known.endpoints_at < KEPT_S:
            return known.endpoints
        status, body = await _ask("GET", f"{one.issuer.rstrip('/')}/.well-known/openid-configuration")
        if status != OK:
            raise Unavailable("no_discovery")
        found = _endpoints(_object(body), one.issuer)
        self._known[one.issuer] = _Known(found, endpoints_at=time.monotonic())
        return found

    async def keys_of(self, one: IdentityProvider, *, anew: bool = False) -> KeySet:
        """The provider's keys; ``anew``: fetched again, unless that was done a moment ago."""
        endpoints = await self.endpoints_of(one)
        known = self._known[one.issuer]
        age = time.monotonic() - known.keys_at
        if known.keys is not None and age < (AGAIN_S if anew else KEPT_S):
            return known.keys
        status, body = await _ask("GET", endpoints.keys)
        if status != OK:
            raise Unavailable("no_keys")
        try:
            keys = KeySet.import_key_set({"keys": _public(_object(body))})
        except (JoseError, ValueError, TypeError, KeyError):
            raise Unavailable("unreadable_keys") from None
        known.keys, known.keys_at = keys, time.monotonic()
        return keys


def providers_of(configured: tuple[IdentityProvider, ...]) -> Providers:
    """The providers of the settings, by name."""
    return Providers({one.name: one for one in configured})


def _endpoints(document: dict[str, Any], issuer: str) -> Endpoints:
    if document.get("issuer") != issuer:
        raise Unavailable("another_issuer")
    found = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(one, str) and _may_be_asked(one) for one in found):
        raise Unavailable("address_not_asked")
    authorization, token, keys = map(str, found)
    named = document.get("authorization_response_iss_parameter_supported") is True
    return Endpoints(authorization, token, keys, named)


def _may_be_asked(address: str) -> bool:
    """Over https, or on this machine in development."""
    parts = urlsplit(address)
    if parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and bool(_OWN_MACHINE.fullmatch(parts.hostname or "")))


def _public(document: dict[str, Any]) -> list[Any]:
    """Keys for signatures; a shared secret is none."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise Unavailable("unreadable_keys")
    return [one for one in keys if isinstance(one, dict) and one.get("kty") != "oct" and one.get("use", "sig") == "sig"]


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unavailable("unreadable_answer")
    return found


async def _ask(
    method: str, address: str, *, data: dict[str, str] | None = None, auth: httpx.Auth | None = None
) -> tuple[int, bytes]:
    """Status and body; ``Unavailable`` when there is no answer in time, or too long a one."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    until = time.monotonic() + WHOLE_S
    body = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, trust_env=False, verify=_trust()) as client,
            client.stream(method, address, data=data, auth=auth, headers=headers) as response,
        ):
            async for part in response.aiter_raw():
                body += part
                if len(body) > LARGEST or time.monotonic() > until:
                    raise Unavailable("answer_too_long")
            return response.status_code, bytes(body)
    except httpx.HTTPError:
        raise Unavailable("no_answer") from None


@cache
def _trust() -> ssl.SSLContext:
    """Whom this machine trusts."""
    return ssl.create_default_context()
