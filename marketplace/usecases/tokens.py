"""Tokens for programs (接口令牌): made for named acts of one role, shown once, ended at any time.

Source: trust.md section 2.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from commons.errors import Fault, Forbidden, Malformed, NotFound
from commons.events import Role
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.identity.proofs import new_token, secret_digest
from marketplace.identity.rights import RIGHTS
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import TOKEN_DAYS
from marketplace.usecases.act import Caller, Identifier, Message, Name, clock, new_identifier, require
from marketplace.usecases.membership import person_of
from marketplace.usecases.sign_in import Confidential
from marketplace.usecases.signing_in import note

MAX_SCOPES = 60


class MakeToken(Message):
    """What the token is for, the acts it may do, and for how many days."""

    name: Name
    scopes: Annotated[list[str], Field(min_length=1, max_length=MAX_SCOPES)]
    days: Annotated[int, Field(ge=1, le=TOKEN_DAYS)]


class TokenMade(Confidential):
    """The token itself, shown this once."""

    id: str
    token: str
    scopes: list[str]
    ends_at: datetime


class RevokeToken(Message):
    """A token of one's own."""

    token: Identifier


class TokenRevoked(Message):
    """Refused everywhere from now on."""

    id: str


def acts_of(role: Role) -> tuple[str, ...]:
    """The acts that a token of somebody in this role may be made for: none that is done by hand alone, or by nobody.

    The public and the machine's own hand have no tokens.
    """
    if role in {"public", "system"}:
        return ()
    return tuple(act for act, row in RIGHTS.items() if role in row.roles and not row.is_by_hand)


async def make_token(database: Database, caller: Caller, command: MakeToken) -> TokenMade:
    """Make a token for the role that is acted as; ``Malformed`` for acts that there are none of, or not this role's."""
    require(caller, "make_token")
    person = person_of(caller)
    role = None if caller.badge is None else caller.badge.role_id
    if role is None or caller.badge is None or caller.badge.scopes is not None:
        raise Forbidden("role_needed", "choose as what the token acts; a token makes no tokens")
    faults = tuple(
        Fault(f"/scopes/{place}", "unknown_act", "no act that this role may do")
        for place, act in enumerate(command.scopes)
        if act not in acts_of(caller.actor.role)
    )
    if faults:
        raise Malformed(faults)
    secret = new_token()
    async with database.transaction() as connection:
        account = await identity.account_by_id(connection, person, for_update=True)
        assert account is not None, "whoever is signed in has an account"
        at = await clock(connection)
        identifier = new_identifier("K", at=at)
        ends = at + timedelta(days=command.days)
        scopes = sorted(set(command.scopes))
        await sessions.insert_token(
            connection, identifier, digest=secret_digest(secret), account=person, role=role, epoch=account.epoch,
            name=command.name, scopes=scopes, at=at, ends_at=ends,
        )  # fmt: skip
        await note(connection, person, "make-token", "done", about=f"{identifier}: {' '.join(scopes)}"[:500])
    return TokenMade(id=identifier, token=secret, scopes=scopes, ends_at=ends)


async def revoke_token(database: Database, caller: Caller, command: RevokeToken) -> TokenRevoked:
    """End the token at once; ``NotFound`` for somebody else's."""
    require(caller, "revoke_token")
    person = person_of(caller)
    async with database.transaction() as connection:
        if not await sessions.revoke_token(connection, person, command.token):
            raise NotFound("token", command.token)
        await note(connection, person, "revoke-token", "done", about=command.token)
    return TokenRevoked(id=command.token)
