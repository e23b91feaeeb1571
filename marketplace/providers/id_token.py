"""Which ID token is believed: signed by the provider with a key of its own, for us, for this very sign-in, now.

Invariants: only signatures by a key pair count (no ``none``, no shared secret); issuer, audience, authorised party,
expiry, issue and nonce are all asked for, whatever the token leaves out. Source: OpenID Connect Core 1.0, section
3.1.3.7; the checks of the claims are Authlib's, of the signature joserfc's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # Authlib ships no types
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""Signatures that count."""
LEEWAY_S = 60
"""Seconds that a provider's clock may be before or behind."""
OLDEST_S = 600
"""Seconds after its issue that a token is still taken: it comes straight from the provider."""
LONGEST = 255
"""Characters of a subject."""
LONGEST_TOKEN = 16 * 1024
_EARLIEST = 10**9
_LATEST = 10**11


class NotBelieved(Exception):
    """A token that is not believed: the word says which check it failed, never what it held."""

    def __init__(self, check: str) -> None:
        self.check = check
        super().__init__(check)


class UnknownKey(NotBelieved):
    """Signed by a key that is not among the provider's, as far as they are known here."""


@dataclass(frozen=True, slots=True)
class Believed:
    """Who signed in at the provider; ``proved_at``: when it asked for a proof, as far as it says so."""

    subject: str
    name: str | None
    proved_at: datetime | None
    claims: Mapping[str, Any]


def believe(token: str, keys: KeySet, *, issuer: str, client: str, nonce: str, at: datetime) -> Believed:
    """What the token says; ``NotBelieved`` with the check it fails."""
    assert nonce, "every sign-in has one"
    if len(token) > LONGEST_TOKEN:
        raise NotBelieved("size")
    try:
        read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except InvalidKeyIdError:
        raise UnknownKey("key") from None
    except (JoseError, ValueError, TypeError, AttributeError):
        raise NotBelieved("signature") from None
    now = int(at.timestamp())
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}}
    claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": client})
    try:
        claims.validate(now=now, leeway=LEEWAY_S)
    except JoseError as error:
        raise NotBelieved(str(getattr(error, "claim", None) or error.error)) from None
    except (TypeError, ValueError, AttributeError):
        raise NotBelieved("claims") from None
    if _second(claims, "iat") < now - OLDEST_S:
        raise NotBelieved("iat")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not subject.isprintable():
        raise NotBelieved("sub")
    name = claims.get("name")
    proved = None if claims.get("auth_time") is None else datetime.fromtimestamp(_second(claims, "auth_time"), UTC)
    return Believed(subject, name if isinstance(name, str) else None, proved, dict(claims))


def _second(claims: Mapping[str, Any], claim: str) -> int:
    """A second of the clock; ``NotBelieved`` for anything else."""
    value = claims.get(claim)
    if not isinstance(value, int | float) or isinstance(value, bool) or not _EARLIEST <= value <= _LATEST:
        raise NotBelieved(claim)
    return int(value)
