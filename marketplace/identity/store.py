"""Accounts, roles, mandates and proposals in the database; personal data goes in and out sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from commons.events import Actor
from marketplace.database import Connection
from marketplace.identity.accounts import Account, Proposal, Standing

_ACCOUNT = "SELECT id, login, password, totp, totp_pending, totp_step, epoch, is_disabled FROM account "
_STANDING = """
SELECT id, account, role, rank, organisation, acting, region, line, is_verified, granted_at FROM account_role
"""


def _account(row: asyncpg.Record | None) -> Account | None:
    return None if row is None else Account(**dict(row))


async def account_by_login(connection: Connection, login: str, *, for_update: bool = False) -> Account | None:
    """The account of a login name, in its small letters."""
    if for_update:
        return _account(await connection.fetchrow(_ACCOUNT + "WHERE login = $1 FOR UPDATE", login))
    return _account(await connection.fetchrow(_ACCOUNT + "WHERE login = $1", login))


async def account_by_id(connection: Connection, identifier: str, *, for_update: bool = False) -> Account | None:
    """The account of that identifier."""
    if for_update:
        return _account(await connection.fetchrow(_ACCOUNT + "WHERE id = $1 FOR UPDATE", identifier))
    return _account(await connection.fetchrow(_ACCOUNT + "WHERE id = $1", identifier))


async def insert_account(
    connection: Connection,
    identifier: str,
    *,
    login: str,
    name: bytes,
    contact: bytes | None,
    contact_digest: str | None,
    password: str | None,
    is_example: bool,
    at: datetime,
) -> bool:
    """Keep a new account; False when the login name is taken."""
    done: str = await connection.execute(
        """
        INSERT INTO account
          (id, login, name, contact, contact_digest, password, epoch, is_disabled, is_example, made_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, false, $7, $8) ON CONFLICT (login) DO NOTHING
        """,
        identifier, login, name, contact, contact_digest, password, is_example, at,
    )  # fmt: skip
    return done.endswith(" 1")


async def personal_data(connection: Connection, identifier: str) -> tuple[bytes, bytes | None]:
    """The sealed name and contact of an account."""
    row = await connection.fetchrow("SELECT name, contact FROM account WHERE id = $1", identifier)
    assert row is not None, "asked of an account that is there"
    return row["name"], row["contact"]


async def accounts_by_contact(connection: Connection, digest: str) -> tuple[str, ...]:
    """The accounts that stated this contact, oldest first."""
    rows = await connection.fetch("SELECT id FROM account WHERE contact_digest = $1 ORDER BY made_at, id", digest)
    return tuple(row["id"] for row in rows)


async def set_password(connection: Connection, identifier: str, kept: str) -> int:
    """Replace the password and end what was signed in with it; the epoch after."""
    epoch: int = await connection.fetchval(
        "UPDATE account SET password = $2, epoch = epoch + 1 WHERE id = $1 RETURNING epoch", identifier, kept
    )
    return epoch


async def set_totp(
    connection: Connection, identifier: str, *, key: bytes | None, pending: bytes | None, step: int | None
) -> None:
    """Put the second factor in its next form: pending, in force, gone."""
    await connection.execute(
        "UPDATE account SET totp = $2, totp_pending = $3, totp_step = $4 WHERE id = $1", identifier, key, pending, step
    )


async def use_totp_step(connection: Connection, identifier: str, step: int) -> bool:
    """Use a time step once; False when it or a later one was used before."""
    done: str = await connection.execute(
        "UPDATE account SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)", identifier, step
    )
    return done.endswith(" 1")


async def raise_epoch(connection: Connection, identifier: str) -> int:
    """End everything that is signed in with the account; the epoch after."""
    epoch: int = await connection.fetchval(
        "UPDATE account SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch", identifier
    )
    return epoch


async def disable_account(connection: Connection, identifier: str, *, is_disabled: bool) -> None:
    """Close or open an account; closing ends what is signed in."""
    await connection.execute(
        "UPDATE account SET is_disabled = $2, epoch = epoch + 1 WHERE id = $1", identifier, is_disabled
    )


async def replace_recovery_codes(
    connection: Connection, account: str, digests: Sequence[bytes], *, at: datetime
) -> None:
    """The codes from now on; earlier ones are gone."""
    await connection.execute("DELETE FROM recovery_code WHERE account = $1", account)
    await connection.execute(
        "INSERT INTO recovery_code (id, account, made_at) SELECT unnest($1::bytea[]), $2, $3",
        list(digests),
        account,
        at,
    )


async def use_recovery_code(connection: Connection, account: str, digest: bytes, *, at: datetime) -> bool:
    """Use a code once; False when there is none such left."""
    done: str = await connection.execute(
        "UPDATE recovery_code SET used_at = $3 WHERE id = $1 AND account = $2 AND used_at IS NULL", digest, account, at
    )
    return done.endswith(" 1")


async def recovery_codes_left(connection: Connection, account: str) -> int:
    """How many codes are unused."""
    left: int = await connection.fetchval(
        "SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL", account
    )
    return left


async def standings_of(connection: Connection, account: str) -> tuple[Standing, ...]:
    """What an account may act as now, oldest first."""
    rows = await connection.fetch(
        _STANDING + "WHERE account = $1 AND ended_at IS NULL ORDER BY granted_at, id", account
    )
    return tuple(Standing(**dict(row)) for row in rows)


async def standing_by_id(connection: Connection, identifier: str, *, for_update: bool = False) -> Standing | None:
    """A role that is not ended."""
    query = _STANDING + "WHERE id = $1 AND ended_at IS NULL"
    row = await connection.fetchrow(query + " FOR UPDATE" if for_update else query, identifier)
    return None if row is None else Standing(**dict(row))


async def people_of(connection: Connection, role: str, organisation: str) -> tuple[Standing, ...]:
    """Who acts for an organisation now, oldest first."""
    query = _STANDING + "WHERE organisation = $1 AND role = $2 AND ended_at IS NULL ORDER BY granted_at, id"
    return tuple(Standing(**dict(row)) for row in await connection.fetch(query, organisation, role))


async def officers(connection: Connection) -> tuple[Standing, ...]:
    """Everybody who was appointed to an office and holds it."""
    query = _STANDING + "WHERE organisation IS NULL AND ended_at IS NULL ORDER BY role, region, granted_at, id"
    return tuple(Standing(**dict(row)) for row in await connection.fetch(query))


async def insert_standing(
    connection: Connection, one: Standing, *, granted_by: str, reason: str, approved_by: str | None = None
) -> bool:
    """Keep a role; False when the account has this very one."""
    done: str = await connection.execute(
        """
        INSERT INTO account_role (id, account, role, rank, organisation, acting, region, line, is_verified,
          granted_by, reason, granted_at, approved_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING
        """,
        one.id, one.account, one.role, one.rank, one.organisation, one.acting, one.region, one.line, one.is_verified,
        granted_by, reason, one.granted_at, approved_by,
    )  # fmt: skip
    return done.endswith(" 1")


async def end_standing(connection: Connection, identifier: str, *, ended_by: str, at: datetime) -> None:
    """End a role; whatever is signed in with it is over."""
    await connection.execute(
        "UPDATE account_role SET ended_at = $3, ended_by = $2 WHERE id = $1 AND ended_at IS NULL",
        identifier, ended_by, at,
    )  # fmt: skip


async def was_claimed(connection: Connection, role: str, organisation: str) -> bool:
    """Whether anybody ever acted for the organisation."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM account_role WHERE organisation = $1 AND role = $2)", organisation, role
    )
    return found


async def end_mandates(connection: Connection, owner: str, *, at: datetime) -> None:
    """End every mandate of an owner."""
    await connection.execute("UPDATE mandate SET ended_at = $2 WHERE owner = $1 AND ended_at IS NULL", owner, at)


async def lock_organisation(connection: Connection, role: str, organisation: str) -> None:
    """Let one act at a time decide who acts for an organisation."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", f"{role}/{organisation}")


async def mandates_of(connection: Connection, delegate: str, *, at: datetime) -> frozenset[str]:
    """The owners for whom a delegate may act at that instant."""
    rows = await connection.fetch(
        "SELECT owner FROM mandate WHERE delegate = $1 AND ended_at IS NULL AND ends_at > $2", delegate, at
    )
    return frozenset(row["owner"] for row in rows)


async def insert_mandate(
    connection: Connection, identifier: str, *, owner: str, delegate: str, granted_by: str, at: datetime, ends: datetime
) -> None:
    """Let a delegate act for an owner; an earlier mandate of the two ends."""
    await connection.execute(
        "UPDATE mandate SET ended_at = $3 WHERE owner = $1 AND delegate = $2 AND ended_at IS NULL", owner, delegate, at
    )
    await connection.execute(
        "INSERT INTO mandate (id, owner, delegate, granted_by, granted_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
        identifier, owner, delegate, granted_by, at, ends,
    )  # fmt: skip


async def end_mandate(connection: Connection, owner: str, delegate: str, *, at: datetime) -> bool:
    """End a mandate; False when there was none."""
    done: str = await connection.execute(
        "UPDATE mandate SET ended_at = $3 WHERE owner = $1 AND delegate = $2 AND ended_at IS NULL", owner, delegate, at
    )
    return not done.endswith(" 0")


@dataclass(frozen=True, slots=True)
class GivenMandate:
    """A mandate that is open: to whom, until when."""

    id: str
    owner: str
    delegate: str
    granted_at: datetime
    ends_at: datetime


async def mandates_given(connection: Connection, owner: str) -> tuple[GivenMandate, ...]:
    """The mandates of an owner that were not ended."""
    rows = await connection.fetch(
        "SELECT id, owner, delegate, granted_at, ends_at FROM mandate WHERE owner = $1 AND ended_at IS NULL "
        "ORDER BY granted_at, id",
        owner,
    )
    return tuple(GivenMandate(**dict(row)) for row in rows)


async def linked_account(connection: Connection, issuer: str, subject: str) -> str | None:
    """The account that stands for somebody at an identity provider."""
    found: str | None = await connection.fetchval(
        "SELECT account FROM external_identity WHERE issuer = $1 AND subject = $2", issuer, subject
    )
    return found


async def link_account(connection: Connection, issuer: str, subject: str, account: str, *, at: datetime) -> None:
    """Let an account stand for somebody at an identity provider."""
    await connection.execute(
        "INSERT INTO external_identity (issuer, subject, account, made_at) VALUES ($1, $2, $3, $4)",
        issuer, subject, account, at,
    )  # fmt: skip


_PROPOSAL = """
SELECT id, operation, act, command, subject, actor_role, actor_id, person, region, items, made_at, ends_at, verdict,
  decided_by, decided_person, decided_at, reason FROM proposal
"""


def _proposal(row: asyncpg.Record) -> Proposal:
    fields = dict(row)
    fields["items"] = None if fields["items"] is None else tuple(fields["items"])
    return Proposal(actor=Actor(fields.pop("actor_role"), fields.pop("actor_id")), **fields)


async def insert_proposal(connection: Connection, one: Proposal) -> None:
    """Keep what was asked for."""
    await connection.execute(
        """
        INSERT INTO proposal
          (id, operation, act, command, subject, actor_role, actor_id, person, region, items, made_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        one.id, one.operation, one.act, dict(one.command), one.subject, one.actor.role, one.actor.id, one.person,
        one.region, None if one.items is None else list(one.items), one.made_at, one.ends_at,
    )  # fmt: skip


async def proposal_by_id(connection: Connection, identifier: str, *, for_update: bool = False) -> Proposal | None:
    """The proposal of that identifier."""
    query = _PROPOSAL + "WHERE id = $1"
    row = await connection.fetchrow(query + " FOR UPDATE" if for_update else query, identifier)
    return None if row is None else _proposal(row)


async def open_proposals(connection: Connection, who: Actor, *, most: int, at: datetime) -> tuple[Proposal, ...]:
    """What waits for a second person, oldest first: operators decide what they and the machine propose."""
    rows = await connection.fetch(
        _PROPOSAL + "WHERE verdict IS NULL AND ends_at > $1 AND ((actor_role = $3 AND actor_id = $4) "
        "OR ($3 = 'regulator' AND actor_role NOT IN ('operator', 'system')) "
        "OR ($3 = 'operator' AND actor_role IN ('operator', 'system'))) ORDER BY made_at, id LIMIT $2",
        at,
        most,
        who.role,
        who.id,
    )
    return tuple(_proposal(row) for row in rows)


async def same_contact(connection: Connection, one: str, other: str) -> bool:
    """Whether two accounts state the same contact."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM account a JOIN account b ON b.contact_digest = a.contact_digest "
        "WHERE a.id = $1 AND b.id = $2)",
        one, other,
    )  # fmt: skip
    return found


async def is_of_person(connection: Connection, account: str, offices: Sequence[str]) -> bool:
    """Whether one of these offices is this account's, or of one that states the same contact."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM account_role r JOIN account b ON b.id = r.account JOIN account a ON a.id = $1 "
        "WHERE r.acting = ANY($2::text[]) AND r.organisation IS NULL "
        "AND (b.id = a.id OR b.contact_digest = a.contact_digest))",
        account, list(offices),
    )  # fmt: skip
    return found


async def are_of_one_appointer(connection: Connection, one: str, other: str) -> bool:
    """Whether the same single person gave both offices, alone; the machine makes the first operators so."""
    found: bool = await connection.fetchval(_ONE_APPOINTER, one, other)
    return found


_ONE_APPOINTER = """
SELECT EXISTS (
  SELECT 1 FROM account_role a JOIN account_role b
    ON coalesce(nullif(split_part(b.granted_by, '/', 2), ''), b.granted_by)
     = coalesce(nullif(split_part(a.granted_by, '/', 2), ''), a.granted_by)
  WHERE a.acting = $1 AND b.acting = $2 AND a.organisation IS NULL AND b.organisation IS NULL
    AND a.approved_by IS NULL AND b.approved_by IS NULL
    AND NOT (a.role = 'operator' AND b.role = 'operator' AND a.granted_by LIKE 'system:%')
)
"""


async def decide_proposal(
    connection: Connection, identifier: str, *, verdict: str, by: str, person: str, reason: str | None, at: datetime
) -> None:
    """What the second person said; once."""
    await connection.execute(
        """
        UPDATE proposal SET verdict = $2, decided_by = $3, decided_person = $4, reason = $5, decided_at = $6
        WHERE id = $1
        """,
        identifier, verdict, by, person, reason, at,
    )  # fmt: skip
