"""Who acts for an organisation (业主、机构): its first administrator claims it, administrators admit and end others.

Whoever comes first for a code that nobody acts for is its administrator at once (entry is free), marked as not verified
until an identity provider for legal persons, or the operator, has said so; a verified claim ends unverified ones.
Rights bite at once: a role that is ended ends what is signed in with it. Source: market.md sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

from commons.codes import Uscc
from commons.errors import Conflict, Forbidden, NotFound, Unrecognised
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Standing
from marketplace.identity.permissions import Rank
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Message,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    who_asks,
)
from marketplace.usecases.signing_in import note

Organised = Literal["owner", "agency"]


class ClaimOrganisation(Message):
    """As what the organisation takes part, and its code."""

    role: Organised
    organisation: UsccText


class AdmitMember(Message):
    """A person who acts for the organisation from now on, by the code of the account, which the person has told."""

    role: Organised
    organisation: UsccText
    account: Identifier
    rank: Literal["administrator", "staff"] = "staff"


class LeaveOrganisation(Message):
    """A role of one's own that ends."""

    member: Identifier


class EndMember(Message):
    """A role in the organisation that ends."""

    role: Organised
    organisation: UsccText
    member: Identifier
    reason: Ground


class RoleGiven(Message):
    """The role, as which the account may act from now on."""

    role_id: str
    account: str
    role: str
    rank: str
    organisation: str | None
    acting: str
    region: str | None
    line: str | None
    is_verified: bool
    granted_at: datetime


class RoleEnded(Message):
    """The role is over, and so is whatever was signed in with it."""

    role_id: str
    ended_at: datetime


def given(one: Standing) -> RoleGiven:
    """A role as it is answered."""
    return RoleGiven(
        role_id=one.id, account=one.account, role=one.role, rank=one.rank, organisation=one.organisation,
        acting=one.acting, region=one.region, line=one.line, is_verified=one.is_verified, granted_at=one.granted_at,
    )  # fmt: skip


def person_of(caller: Caller) -> str:
    """The account of whoever asks; ``Unrecognised`` for the development header, which is nobody's account."""
    if caller.badge is None:
        raise Unrecognised("account_needed", "sign in with an account")
    return caller.badge.person


async def claim_organisation(
    database: Database, caller: Caller, command: ClaimOrganisation, *, is_verified: bool = False
) -> RoleGiven:
    """Become its administrator; ``Conflict`` where somebody acts for it already (an administrator admits you)."""
    require(caller, "claim_organisation")
    person = person_of(caller)

    async def work(connection: Connection) -> RoleGiven:
        await identity.lock_organisation(connection, command.role, command.organisation)
        at = await clock(connection)
        people = await identity.people_of(connection, command.role, command.organisation)
        if any(one.is_verified or not is_verified for one in people):
            raise Conflict("organisation_claimed", "somebody acts for it already; its administrator admits you")
        if not is_verified and await identity.was_claimed(connection, command.role, command.organisation):
            raise Conflict("organisation_claimed", "it was claimed before; the operator admits you")
        for one in people:  # whoever claimed it without proof yields to the organisation itself
            await identity.end_standing(connection, one.id, ended_by=f"verified:{person}", at=at)
        if is_verified and command.role == "owner":  # what they let delegates do goes with them
            await identity.end_mandates(connection, command.organisation, at=at)
        return await _give(
            connection, caller, command.role, command.organisation, account=person, rank="administrator",
            is_verified=is_verified, at=at,
        )  # fmt: skip

    done = await perform(database, caller, command, RoleGiven, work)
    return cast("RoleGiven", done)


async def admit_member(database: Database, caller: Caller, command: AdmitMember) -> RoleGiven:
    """Let a person act for the organisation; ``NotFound`` without an account of that code.

    Nobody is admitted whose code is not known: it is told by the person. The operator admits the first one where nobody
    acts for an organisation that was claimed before.
    """
    require(caller, "admit_member", own=command.organisation)
    require_same_role(caller, command.role)

    async def work(connection: Connection) -> RoleGiven:
        await identity.lock_organisation(connection, command.role, command.organisation)
        found = await identity.account_by_id(connection, command.account)
        if found is None or found.is_disabled:
            raise NotFound("account", command.account)
        at = await clock(connection)
        people = await identity.people_of(connection, command.role, command.organisation)
        is_verified = any(one.is_verified for one in people) or caller.actor.role == "operator"
        for one in people:
            if one.account == found.id:
                if one.rank == command.rank:
                    raise Conflict("member_already", "this person acts for the organisation in this rank")
                _require_another_administrator(caller, people, one)
                await identity.end_standing(connection, one.id, ended_by=who_asks(caller), at=at)
        return await _give(
            connection, caller, command.role, command.organisation, account=found.id, rank=command.rank,
            is_verified=is_verified, at=at,
        )  # fmt: skip

    return cast("RoleGiven", await perform(database, caller, command, RoleGiven, work))


async def end_member(database: Database, caller: Caller, command: EndMember) -> RoleEnded:
    """End a role in the organisation; the last administrator stays unless the operator ends him."""
    require(caller, "end_member", own=command.organisation)
    require_same_role(caller, command.role)

    async def work(connection: Connection) -> RoleEnded:
        await identity.lock_organisation(connection, command.role, command.organisation)
        people = await identity.people_of(connection, command.role, command.organisation)
        found = next((one for one in people if one.id == command.member), None)
        if found is None:
            raise NotFound("member", command.member)
        _require_another_administrator(caller, people, found)
        at = await clock(connection)
        await identity.end_standing(connection, found.id, ended_by=who_asks(caller), at=at)
        await note(
            connection, "" if caller.badge is None else caller.badge.person, "end-member", "done",
            actor=who_asks(caller), about=f"{found.id}: {command.reason}",
        )  # fmt: skip
        return RoleEnded(role_id=found.id, ended_at=at)

    return cast("RoleEnded", await perform(database, caller, command, RoleEnded, work))


async def leave_organisation(database: Database, caller: Caller, command: LeaveOrganisation) -> RoleEnded:
    """End a role of one's own in an organisation; ``NotFound`` for another's, the last administrator stays."""
    require(caller, "leave_organisation")
    person = person_of(caller)

    async def work(connection: Connection) -> RoleEnded:
        found = await identity.standing_by_id(connection, command.member)
        if found is None or found.account != person or found.organisation is None:
            raise NotFound("member", command.member)
        await identity.lock_organisation(connection, found.role, found.organisation)
        people = await identity.people_of(connection, found.role, found.organisation)
        if len(people) > 1:  # whoever is alone may go: nobody is left behind
            _require_another_administrator(caller, people, found)
        at = await clock(connection)
        await identity.end_standing(connection, found.id, ended_by=who_asks(caller), at=at)
        await note(connection, person, "leave-organisation", "done", actor=who_asks(caller), about=found.id)
        return RoleEnded(role_id=found.id, ended_at=at)

    return cast("RoleEnded", await perform(database, caller, command, RoleEnded, work))


def _require_another_administrator(caller: Caller, people: Sequence[Standing], leaving: Standing) -> None:
    """Refuses (``Conflict``) to leave an organisation without an administrator; the operator may."""
    others = [one for one in people if one.rank == "administrator" and one.id != leaving.id]
    if leaving.rank == "administrator" and not others and caller.actor.role != "operator":
        raise Conflict("last_administrator", "admit another administrator first")


def require_same_role(caller: Caller, role: Organised) -> None:
    """Refuses (``Forbidden``) whoever acts for the organisation in its other role."""
    if caller.actor.role in {"owner", "agency"} and caller.actor.role != role:
        raise Forbidden("not_yours", "you act for it in another role")


async def _give(
    connection: Connection,
    caller: Caller,
    role: Organised,
    organisation: str,
    *,
    account: str,
    rank: Rank,
    is_verified: bool,
    at: datetime,
) -> RoleGiven:
    code = Uscc.parse(organisation).code
    one = Standing(
        new_identifier("M", at=at), account, role, rank, code, code, None, None, is_verified=is_verified, granted_at=at
    )
    await identity.insert_standing(connection, one, granted_by=who_asks(caller), reason="")
    person = "" if caller.badge is None else caller.badge.person
    await note(connection, person, "give-role", "done", actor=who_asks(caller), about=f"{account} {role} {code} {rank}")
    return given(one)
