"""What a request is recognised by; only hashes of secrets are kept."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class SessionRow(Table, tablename="session"):
    """One signed-in browser; ``id`` is the hash of the cookie's value. Ended, and swept long after."""

    id = Bytea(primary_key=True, default=None)
    place = BigSerial(index=True)
    account = Varchar(length=16, index=True)
    role = Varchar(length=16, null=True, default=None)
    epoch = Integer()
    agent = Text()
    made_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    fresh_until = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class ApiTokenRow(Table, tablename="api_token"):
    """A token for programs; ``digest`` is the hash of what the bearer sends, ``scopes`` the acts it was made for."""

    id = Varchar(length=16, primary_key=True)
    digest = Bytea(unique=True)
    account = Varchar(length=16, index=True)
    role = Varchar(length=16)
    epoch = Integer()
    name = Text()
    scopes = JSONB()
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class RateWindowRow(Table, tablename="rate_window"):
    """How often something was tried in one window of time."""

    bucket = Varchar(length=160)
    window = BigInt()
    hits = SmallInt(default=0)

    rate_window_once = Unique([bucket, window])


class SignInAttemptRow(Table, tablename="sign_in_attempt"):
    """A sign-in that is under way at an identity provider; used once, ``id`` is the hash of its state."""

    id = Bytea(primary_key=True, default=None)
    browser = Bytea()
    provider = Varchar(length=64)
    nonce = Varchar(length=64)
    verifier = Bytea()
    onward = Text()
    ends_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
