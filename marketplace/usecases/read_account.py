"""What somebody sees of an account of his own, and of the people of his organisation. Source: market.md section 1."""

from __future__ import annotations

from datetime import datetime

from commons.errors import Forbidden, NotFound
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.identity.identifiers import Identifiers
from marketplace.sessions import store as sessions
from marketplace.usecases.act import Caller, Message, require
from marketplace.usecases.membership import Organised, RoleGiven, given, person_of, require_same_role

HIDDEN = 3
"""Characters of a contact that are shown at its end."""


class SessionLine(Message):
    """A session of one's own."""

    session: int
    agent: str
    role: str | None
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


class TokenLine(Message):
    """A token of one's own, without its secret."""

    id: str
    name: str
    role: str
    scopes: list[str]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


class AccountDocument(Message):
    """One's own account: the contact is masked."""

    account: str
    login: str
    name: str
    contact: str | None
    has_second_factor: bool
    recovery_codes_left: int
    roles: list[RoleGiven]
    sessions: list[SessionLine]
    tokens: list[TokenLine]


class MemberLine(Message):
    """Somebody who acts for the organisation."""

    role: RoleGiven
    login: str
    name: str


class Members(Message):
    """Everybody who acts for the organisation."""

    organisation: str
    members: list[MemberLine]


async def read_account(database: Database, caller: Caller, *, identifiers: Identifiers) -> AccountDocument:
    """One's own account, whole; ``Forbidden`` to a token, which was made for acts."""
    person = person_of(caller)
    if caller.badge is not None and caller.badge.scopes is not None:
        raise Forbidden("token_scope", "a person looks at the account, no token")
    async with database.read() as connection:
        account = await identity.account_by_id(connection, person)
        if account is None:
            raise NotFound("account", person)
        name, contact = await identity.personal_data(connection, person)
        return AccountDocument(
            account=person,
            login=account.login,
            name=identifiers.open(name),
            contact=None if contact is None else "***" + identifiers.open(contact)[-HIDDEN:],
            has_second_factor=account.has_totp,
            recovery_codes_left=await identity.recovery_codes_left(connection, person),
            roles=[given(one) for one in await identity.standings_of(connection, person)],
            sessions=[
                SessionLine(
                    session=one.place, agent=one.agent, role=one.role, made_at=one.made_at, seen_at=one.seen_at,
                    ends_at=one.ends_at,
                )
                for one in await sessions.sessions_of(connection, person)
            ],
            tokens=[
                TokenLine(
                    id=one.id, name=one.name, role=one.role, scopes=list(one.scopes), made_at=one.made_at,
                    ends_at=one.ends_at, used_at=one.used_at,
                )
                for one in await sessions.tokens_of(connection, person)
            ],
        )  # fmt: skip


async def roles_of(database: Database, account: str) -> list[RoleGiven]:
    """What an account may act as now."""
    async with database.read() as connection:
        return [given(one) for one in await identity.standings_of(connection, account)]


async def read_members(
    database: Database, caller: Caller, role: Organised, organisation: str, *, identifiers: Identifiers
) -> Members:
    """The people of one's own organisation."""
    require(caller, "read_members", own=organisation)
    require_same_role(caller, role)
    async with database.read() as connection:
        lines = []
        for one in await identity.people_of(connection, role, organisation):
            account = await identity.account_by_id(connection, one.account)
            assert account is not None, "accounts stay"
            name, _ = await identity.personal_data(connection, one.account)
            lines.append(MemberLine(role=given(one), login=account.login, name=identifiers.open(name)))
    return Members(organisation=organisation, members=lines)


class MandateLine(Message):
    """A delegate who may act for the owner."""

    delegate: str
    granted_at: datetime
    ends_at: datetime


class Mandates(Message):
    """Everybody who may act for the owner by mandate; public, as every act of a delegate is."""

    owner: str
    mandates: list[MandateLine]


async def read_mandates(database: Database, owner: str) -> Mandates:
    """The mandates of an owner that were not ended."""
    async with database.read() as connection:
        found = await identity.mandates_given(connection, owner)
    return Mandates(
        owner=owner,
        mandates=[MandateLine(delegate=one.delegate, granted_at=one.granted_at, ends_at=one.ends_at) for one in found],
    )


class OfficerLine(Message):
    """Somebody who holds an office, by pseudonym."""

    role_id: str
    office: str
    acting: str
    region: str | None
    line: str | None
    granted_at: datetime


class Officers(Message):
    """Everybody who holds an office."""

    officers: list[OfficerLine]


async def read_officers(database: Database, caller: Caller) -> Officers:
    """Who holds an office, for operators and auditors."""
    require(caller, "read_access_log")
    async with database.read() as connection:
        found = await identity.officers(connection)
    return Officers(
        officers=[
            OfficerLine(
                role_id=one.id, office=one.role, acting=one.acting, region=one.region, line=one.line,
                granted_at=one.granted_at,
            )
            for one in found
        ]
    )  # fmt: skip
