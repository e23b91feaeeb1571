"""Sign in by login name and password, with the second factor where one is set. Source: trust.md section 2."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Annotated

from cryptography.exceptions import InvalidTag
from pydantic import Field, StringConstraints

from commons.errors import Unrecognised
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import LONGEST_PASSWORD, Account
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.proofs import is_password
from marketplace.sessions.limits import PROVE_AGAIN, SIGN_IN_ADDRESS, SIGN_IN_LOGIN, SIGN_IN_PAIR, Limit
from marketplace.usecases.act import Identifier, Message, clock
from marketplace.usecases.signing_in import (
    Device,
    Opened,
    count_try,
    forgive_try,
    note,
    open_session,
    prove_second_factor,
)

LOGIN = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{2,63}$"
LoginName = Annotated[str, StringConstraints(pattern=LOGIN, to_lower=True)]
"""Letters, digits and ``._@+-``; capitals do not matter."""
Password = Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD)]
Code = Annotated[str, Field(min_length=6, max_length=20)]


STEP_LASTS = timedelta(minutes=5)
"""Between the password and the second factor."""
_TICKET = "second-step-v1"


class Confidential(Message):
    """A command that holds a secret: it shows none of its values where it is written out."""

    def __repr_args__(self) -> tuple[tuple[str, object], ...]:
        """Nothing."""
        return ()


class SignIn(Confidential):
    """Login name and password; ``code``: of the authenticator, or a recovery code; ``role``: as what, where several."""

    login: LoginName
    password: Password
    code: Code | None = None
    role: Identifier | None = None


async def sign_in(database: Database, command: SignIn, device: Device, *, identifiers: Identifiers) -> Opened:
    """Open a session; ``Unrecognised`` alike for an unknown login, a wrong password and a closed account."""
    found = await _prove_password(database, command, device)
    return await _enter(database, found, command.code, device, role=command.role, identifiers=identifiers)


async def sign_in_by_steps(
    database: Database, command: SignIn, device: Device, *, identifiers: Identifiers
) -> Opened | str:
    """The first step, for a page: a session, or where a second factor is set a ticket for ``take_second_step``."""
    found = await _prove_password(database, command, device)
    if not found.has_totp:
        return await _enter(database, found, None, device, role=command.role, identifiers=identifiers)
    async with database.transaction() as connection:
        await _forgive(connection, found, device)
        ends = await clock(connection) + STEP_LASTS
    sealed = identifiers.seal_ticket(json.dumps([_TICKET, found.id, found.epoch, ends.isoformat()]))
    return urlsafe_b64encode(sealed).decode()


async def take_second_step(
    database: Database, ticket: str, code: str, device: Device, *, identifiers: Identifiers
) -> Opened:
    """The second step: the session, by a code; ``Unrecognised`` for a wrong one, or a ticket that is over."""
    over = Unrecognised("step_over", "this sign-in took too long; begin again")
    try:
        kind, account, epoch, ends = json.loads(identifiers.open_ticket(urlsafe_b64decode(ticket.encode())))
    except (InvalidTag, binascii.Error, ValueError, TypeError):
        raise over from None
    async with database.read() as connection:
        found = await identity.account_by_id(connection, account)
        at = await clock(connection)
    if kind != _TICKET or found is None or found.epoch != epoch or datetime.fromisoformat(ends) <= at:
        raise over
    await count_try(database, *_tries(found.login, device))
    return await _enter(database, found, code, device, role=None, identifiers=identifiers)


async def _prove_password(database: Database, command: SignIn, device: Device) -> Account:
    """The account whose password it is; the try is counted first."""
    await count_try(database, *_tries(command.login, device))
    async with database.read() as connection:
        found = await identity.account_by_login(connection, command.login)
    is_right = await is_password(None if found is None else found.password, command.password)
    if found is None or not is_right or found.is_disabled:
        await _failed(database, found)
        raise Unrecognised("sign_in_failed", "login name or password is wrong")
    return found


def _tries(login: str, device: Device) -> tuple[tuple[Limit, str], ...]:
    """What a try counts for: the login name from this address, from everywhere, and the address."""
    return (
        (SIGN_IN_PAIR, f"{login} {device.address}"),
        (SIGN_IN_LOGIN, login),
        (SIGN_IN_ADDRESS, device.address),
    )


async def _forgive(connection: Connection, found: Account, device: Device) -> None:
    for limit, what in _tries(found.login, device):
        await forgive_try(connection, limit, what)


async def _enter(
    database: Database, found: Account, code: str | None, device: Device, *, role: str | None, identifiers: Identifiers
) -> Opened:
    """Open the session of whoever gave the right password, with the second factor where one is set."""
    if found.has_totp and code is not None:  # only whoever knows the password gets here: it locks nobody else out
        await count_try(database, (PROVE_AGAIN, found.id))

    async def work(connection: Connection) -> Opened | Unrecognised:
        account = await identity.account_by_id(connection, found.id, for_update=True)
        if account is None or account.epoch != found.epoch or account.is_disabled:
            return Unrecognised("sign_in_failed", "login name or password is wrong")
        try:
            await prove_second_factor(connection, account, code, identifiers, at=await clock(connection))
        except Unrecognised as error:
            await note(connection, account.id, "sign-in", error.code)
            return error
        await _forgive(connection, found, device)
        if found.has_totp:
            await forgive_try(connection, PROVE_AGAIN, found.id)
        await note(connection, account.id, "sign-in", "done")
        return await open_session(connection, account, device, role=role)

    done = await database.retrying(work)
    if isinstance(done, Unrecognised):
        raise done
    return done


async def _failed(database: Database, found: Account | None) -> None:
    async with database.transaction() as connection:
        await note(connection, "" if found is None else found.id, "sign-in", "failed")
