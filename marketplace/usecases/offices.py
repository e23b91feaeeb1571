"""Who holds an office of the platform or an authority: regulators by region and line, operators, auditors, delegates.

An office is given and ended by the operator, with its reason; one whose holders approve what others propose
(regulator, operator) by two operators, or by the machine's command line and one. The first two operators are made on
the machine alone. An operator has no say in an award: the table of permissions gives none. Source: market.md section 1.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import StringConstraints

from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import OfficeRole, Standing, judge_appointment, pseudonym
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Message,
    RegionCode,
    clock,
    new_identifier,
    perform,
    require,
    who_asks,
)
from marketplace.usecases.membership import RoleEnded, RoleGiven, given
from marketplace.usecases.restrict_agency import Approver
from marketplace.usecases.sign_in import LoginName
from marketplace.usecases.signing_in import note

Line = Annotated[str, StringConstraints(min_length=1, max_length=16, strip_whitespace=True)]
"""The department whose items a regulator watches (自然资源, 水利, …)."""


class AppointOfficer(Message):
    """A person with an account, the office; region and line bound a regulator (no line: all of them).

    ``approver`` is the other operator who agrees, as whom he acts: an office that approves takes two people.
    """

    login: LoginName
    office: OfficeRole
    region: RegionCode | None = None
    line: Line | None = None
    reason: Ground
    approver: Approver | None = None


class EndOfficer(Message):
    """An office that ends."""

    officer: Identifier
    reason: Ground


class DisableAccount(Message):
    """An account that is closed or opened again."""

    login: LoginName
    what: Literal["close", "open"]
    reason: Ground


class AccountSwitched(Message):
    """Closed: everything that was signed in with it is over."""

    account: str
    is_disabled: bool


async def appoint_officer(database: Database, caller: Caller, command: AppointOfficer) -> RoleGiven | Refused:
    """Give the office; refused to one person alone where its holders approve.

    ``Malformed`` for a regulator without a region or another office with one; ``Conflict`` for an office of whoever
    gives it or agrees, also under another account that states the same contact.
    """
    require(caller, "appoint_officer")
    if (command.region is None) == (command.office == "regulator"):
        words = "a regulator has a region, no other office has one"
        raise Malformed((Fault("/region", "region", words),))
    if command.approver == caller.actor.id:
        raise Malformed((Fault("/approver", "second_person_needed", "the approver is somebody else"),))

    async def work(connection: Connection) -> RoleGiven | Refused:
        await identity.lock_organisation(connection, "offices", "")
        found = await identity.account_by_login(connection, command.login)
        if found is None or found.is_disabled:
            raise NotFound("account", command.login)
        await _require_free(connection, caller, command, found.id)
        ruling = judge_appointment(
            command.office, approver=command.approver, on_machine=caller.actor.role == "system",
            operators=len(await _operators(connection)),
        )  # fmt: skip
        if isinstance(ruling, Refused):
            return ruling
        at = await clock(connection)
        code = new_identifier("", at=at).rpartition("-")[2]
        one = Standing(
            new_identifier("M", at=at), found.id, command.office, "staff", None,
            pseudonym(command.office, command.region, code), command.region, command.line,
            is_verified=True, granted_at=at,
        )  # fmt: skip
        agreed = None if command.approver is None else f"operator:{command.approver}"
        is_new = await identity.insert_standing(
            connection, one, granted_by=who_asks(caller), reason=command.reason, approved_by=agreed
        )
        assert is_new, "it was looked for under the lock"
        with_whom = "" if agreed is None else f" with {agreed}"
        await _note(connection, caller, "appoint-officer", f"{found.id} {one.acting}{with_whom}: {command.reason}")
        return given(one)

    return await perform(database, caller, command, RoleGiven, work)


async def _require_free(connection: Connection, caller: Caller, command: AppointOfficer, account: str) -> None:
    """Refuses (``Conflict``) an office of one's own, one that is held, and both sides of the table."""
    giving = [caller.actor.id, *([] if command.approver is None else [command.approver])]
    if await identity.is_of_person(connection, account, giving):
        raise Conflict("own_office", "another operator appoints you")
    held = await identity.standings_of(connection, account)
    if {command.office, *(one.role for one in held)} >= {"operator", "regulator"}:
        raise Conflict("offices_apart", "whoever gives offices holds none of an authority, nor the other way round")
    if (command.office, command.region, command.line) in {(one.role, one.region, one.line) for one in held}:
        raise Conflict("office_held", "this person holds this office already")


async def end_officer(database: Database, caller: Caller, command: EndOfficer) -> RoleEnded:
    """End the office; ``NotFound`` for a role in an organisation, ``Conflict`` for the last operator."""
    require(caller, "end_officer")

    async def work(connection: Connection) -> RoleEnded:
        await identity.lock_organisation(connection, "offices", "")
        found = await identity.standing_by_id(connection, command.officer, for_update=True)
        if found is None or found.organisation is not None:
            raise NotFound("officer", command.officer)
        if found.role == "operator":
            held = [one for one in await identity.officers(connection) if one.role == "operator"]
            if len(held) == 1:
                raise Conflict("last_operator", "appoint another operator first")
        at = await clock(connection)
        await identity.end_standing(connection, found.id, ended_by=who_asks(caller), at=at)
        await _note(connection, caller, "end-officer", f"{found.acting}: {command.reason}")
        return RoleEnded(role_id=found.id, ended_at=at)

    return cast("RoleEnded", await perform(database, caller, command, RoleEnded, work))


async def disable_account(database: Database, caller: Caller, command: DisableAccount) -> AccountSwitched:
    """Close an account, or open it again; nobody closes his own."""
    require(caller, "disable_account")

    async def work(connection: Connection) -> AccountSwitched:
        await identity.lock_organisation(connection, "offices", "")
        found = await identity.account_by_login(connection, command.login, for_update=True)
        if found is None:
            raise NotFound("account", command.login)
        if command.what == "close" and caller.badge is not None:
            await _require_another_operator(connection, found.id)
        if caller.badge is not None and caller.badge.person == found.id:
            raise Conflict("own_account", "another operator closes yours")
        await identity.disable_account(connection, found.id, is_disabled=command.what == "close")
        await _note(connection, caller, f"{command.what}-account", f"{found.id}: {command.reason}")
        return AccountSwitched(account=found.id, is_disabled=command.what == "close")

    return cast("AccountSwitched", await perform(database, caller, command, AccountSwitched, work))


async def _require_another_operator(connection: Connection, closed: str) -> None:
    """Refuses (``Conflict``) to close the account of the last operator who can sign in."""
    operators = await _operators(connection)
    if operators == {closed}:
        raise Conflict("last_operator", "appoint another operator first")


async def _operators(connection: Connection) -> set[str]:
    """The accounts of the operators who can sign in."""
    held = {one.account for one in await identity.officers(connection) if one.role == "operator"}
    accounts = [await identity.account_by_id(connection, one) for one in sorted(held)]
    return {one.id for one in accounts if one is not None and not one.is_disabled}


async def _note(connection: Connection, caller: Caller, what: str, about: str) -> None:
    person = "" if caller.badge is None else caller.badge.person
    await note(connection, person, what, "done", actor=who_asks(caller), about=about)
