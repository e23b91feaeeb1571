"""What every way of signing in shares: counting tries, opening the session, telling who it is.

Invariants: every sign-in has a new session identifier (no fixation); a count of tries is committed before anything is
looked at; unknown login and wrong password answer alike and take as long. Source: trust.md section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agencies import store as agencies
from commons.errors import TooOften, Unrecognised
from marketplace.database import Connection, Database
from marketplace.identity import access_log
from marketplace.identity import store as identity
from marketplace.identity.accounts import Account, Standing
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.proofs import new_secret, recovery_digest, secret_digest, totp_step_of
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import FRESH, SESSION_LASTS, Limit
from marketplace.usecases.act import clock

MAX_AGENT = 120
"""Characters kept of what a browser says it is."""


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in: the network address (or what a trusted proxy says of it), and the browser."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened: the secret is for the cookie alone and kept nowhere."""

    secret: str
    account: str
    standing: Standing | None
    standings: tuple[Standing, ...]
    opened_at: datetime
    ends_at: datetime


async def count_try(database: Database, *tries: tuple[Limit, str]) -> None:
    """Count each try in its own commit; ``TooOften`` once one of them was made more often than allowed."""
    async with database.transaction() as connection:
        over = [
            limit
            for limit, what in tries
            if await sessions.hit(connection, f"{limit.kind}/{what}"[:150], window_s=limit.window_s) > limit.most
        ]
    if over:
        raise TooOften("too_many_tries", max(limit.window_s for limit in over))


async def forgive_try(connection: Connection, limit: Limit, what: str) -> None:
    """The try was a good one: it is not counted."""
    await sessions.forgive(connection, f"{limit.kind}/{what}"[:150], window_s=limit.window_s)


async def prove_second_factor(
    connection: Connection, account: Account, code: str | None, identifiers: Identifiers, *, at: datetime
) -> None:
    """Use the code of now or a recovery code, once; ``Unrecognised`` without one, or for a wrong one."""
    if account.totp is None:
        return
    if code is None:
        raise Unrecognised("second_factor_needed", "give the code of the authenticator, or a recovery code")
    key = bytes.fromhex(identifiers.open(account.totp))
    step = totp_step_of(key, code, at=at, after=account.totp_step)
    if step is not None and await identity.use_totp_step(connection, account.id, step):
        return
    if await identity.use_recovery_code(connection, account.id, recovery_digest(account.id, code), at=at):
        return
    raise Unrecognised("second_factor_wrong", "this code is none of now, or was used before")


async def open_session(
    connection: Connection,
    account: Account,
    device: Device,
    *,
    role: str | None = None,
    lasts: timedelta = SESSION_LASTS,
    until: datetime | None = None,
    is_fresh: bool = True,
) -> Opened:
    """Open a session under a new secret, as the role asked for, else as the only one the account has.

    For an agency its status row is held: a restriction either sees the session and ends it, or comes before it.
    """
    standings = await identity.standings_of(connection, account.id)
    chosen = _chosen(standings, role)
    if chosen is not None and chosen.role == "agency":
        await agencies.lock_shared(connection, [chosen.acting])
    at = await clock(connection)
    secret = new_secret()
    ends_at = at + lasts if until is None else until
    await sessions.open_session(
        connection,
        secret_digest(secret),
        account=account.id,
        role=None if chosen is None else chosen.id,
        epoch=account.epoch,
        agent=device.agent[:MAX_AGENT],
        at=at,
        ends_at=ends_at,
        fresh_until=at + FRESH if is_fresh else None,
    )
    return Opened(secret, account.id, chosen, standings, at, ends_at)


def _chosen(standings: Sequence[Standing], role: str | None) -> Standing | None:
    if role is not None:
        return next((one for one in standings if one.id == role), None)
    return standings[0] if len(standings) == 1 else None


async def note(
    connection: Connection, person: str, what: str, outcome: str, *, actor: str = "", about: str = ""
) -> None:
    """A line of the access log about a sign-in or what was done to an account."""
    entry = access_log.AccessEntry(person=person, actor=actor, what=what, about=about, outcome=outcome)
    await access_log.log_access(connection, entry)
