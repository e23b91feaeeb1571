"""What somebody does with a session of his own: act as something else, prove again who he is, leave.

Changing what one acts as opens a new session and ends the old one: an identifier never gains rights.
Source: trust.md section 2.
"""

from __future__ import annotations

from datetime import datetime

from commons.errors import Forbidden, NotFound, Unrecognised
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Account
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.proofs import is_password, secret_digest
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import FRESH, PROVE_AGAIN
from marketplace.usecases.act import Identifier, Message, clock
from marketplace.usecases.sign_in import Code, Confidential, Password
from marketplace.usecases.signing_in import (
    Device,
    Opened,
    count_try,
    forgive_try,
    note,
    open_session,
    prove_second_factor,
)


class ChooseRole(Message):
    """As what to act from now on; None: as oneself alone."""

    role: Identifier | None = None


class ProveAgain(Confidential):
    """The password, or with a second factor its code."""

    password: Password | None = None
    code: Code | None = None


class Proved(Message):
    """Until when acts that ask for a fresh proof may be done."""

    fresh_until: datetime


async def choose_role(database: Database, secret: str, person: str, command: ChooseRole, device: Device) -> Opened:
    """A new session as that role, the old one over; ``NotFound`` for a role that the account does not have."""

    async def work(connection: Connection) -> Opened:
        account = await identity.account_by_id(connection, person, for_update=True)
        bearer = await sessions.bearer_of_session(connection, secret_digest(secret), idle=FRESH * 1000)
        if account is None or account.is_disabled or bearer is None:
            raise Unrecognised("session_over", "this session is over; sign in again")
        until = await sessions.end_of_session(connection, secret_digest(secret))
        opened = await open_session(connection, account, device, role=command.role or "", is_fresh=False, until=until)
        if command.role is not None and opened.standing is None:
            raise NotFound("role", command.role)
        await sessions.end_session(connection, secret_digest(secret))
        if bearer.fresh_until is not None:
            await sessions.make_fresh(connection, secret_digest(opened.secret), until=bearer.fresh_until)
        await note(connection, person, "choose-role", "done", about=command.role or "")
        return opened

    return await database.retrying(work)


async def prove_again(
    database: Database, secret: str, person: str, command: ProveAgain, *, identifiers: Identifiers
) -> Proved:
    """Step up: for five minutes acts that bind may be done; ``Unrecognised`` for a wrong proof.

    With a second factor its code alone counts: a password that was left in a browser proves nobody.
    """
    await count_try(database, (PROVE_AGAIN, person))
    async with database.read() as connection:
        found = await identity.account_by_id(connection, person)
    if found is None:
        raise Unrecognised("session_over", "this session is over; sign in again")
    if not found.has_totp:
        await _require_password(found, command)

    async def work(connection: Connection) -> Proved | Unrecognised:
        account = await identity.account_by_id(connection, person, for_update=True)
        assert account is not None, "accounts stay"
        if account.epoch != found.epoch:
            return Unrecognised("session_over", "this session is over; sign in again")
        at = await clock(connection)
        try:
            await prove_second_factor(connection, account, command.code, identifiers, at=at)
        except Unrecognised as error:
            return error
        await forgive_try(connection, PROVE_AGAIN, person)
        await sessions.make_fresh(connection, secret_digest(secret), until=at + FRESH)
        return Proved(fresh_until=at + FRESH)

    done = await database.retrying(work)
    if isinstance(done, Unrecognised):
        raise done
    return done


async def _require_password(account: Account, command: ProveAgain) -> None:
    if account.password is None:
        raise Forbidden("no_proof_set", "set a password or a second factor first")
    if command.password is None or not await is_password(account.password, command.password):
        raise Unrecognised("proof_failed", "this is not the password")


async def sign_out(database: Database, secret: str, person: str) -> None:
    """End this session; asking with its cookie again is refused everywhere from then on."""
    async with database.transaction() as connection:
        await sessions.end_session(connection, secret_digest(secret))
        await note(connection, person, "sign-out", "done")


class EndSession(Message):
    """A session of one's own, by its number; None: all of them."""

    session: int | None = None


async def end_own_session(database: Database, person: str, command: EndSession) -> None:
    """End one session of the account, or everything that is signed in with it; ``NotFound`` for another's."""
    async with database.transaction() as connection:
        if command.session is None:
            await identity.raise_epoch(connection, person)
        elif not await sessions.end_session_at(connection, person, command.session):
            raise NotFound("session", str(command.session))
        await note(connection, person, "end-session", "done")
