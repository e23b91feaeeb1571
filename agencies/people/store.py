"""Ties, practitioners and holds in the database. SQL in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from agencies.people.holds import Hold
from agencies.people.relations import Tie
from agencies.people.staff import Claim

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]

_TIES = """
SELECT tie.id, agency, kind, digest, shown, share_bp, stated_at, ended_at
FROM agency_tie AS tie LEFT JOIN agency_tie_ended ON tie = tie.id
WHERE agency = ANY($1::text[]) ORDER BY agency, stated_at, tie.id
"""
_SHARING = """
SELECT DISTINCT other.agency FROM agency_tie AS own JOIN agency_tie AS other ON other.digest = own.digest
WHERE own.agency = $1 AND other.agency <> $1
UNION
SELECT agency FROM agency_tie WHERE digest = 'uscc:' || $1
UNION
SELECT substr(digest, 6) FROM agency_tie WHERE agency = $1 AND digest LIKE 'uscc:%'
UNION
SELECT other.agency FROM practitioner AS own JOIN practitioner AS other ON other.person = own.person
WHERE own.agency = $1 AND other.agency <> $1
"""
_CLAIMS = """
SELECT id, agency, person, shown, certificate_kind, certificate_number, valid_from, valid_until, claimed_at, ended_at
FROM practitioner LEFT JOIN practitioner_ended ON claim = id
"""
_HOLDS = """
SELECT id, agency, linked_to, restriction, selection, kinds, opened_at, due_at, ruled_at, ruling, reason, digests
FROM agency_hold LEFT JOIN agency_hold_ruled ON hold = id
"""


@dataclass(frozen=True, slots=True)
class StoredTie:
    """A tie with the id it is kept under, and the identifier encrypted."""

    id: str
    tie: Tie
    sealed: bytes | None = None


async def hold_digests(connection: Connection, digests: Iterable[str], *, alone: bool) -> None:
    """Keep whoever states or follows one of these people or places in line, in order, until the transaction ends.

    ``alone`` for whoever looks for links; shared for whoever states a tie: each then sees the other's work.
    """
    statement = "SELECT pg_advisory_xact_lock_shared(hashtextextended(one, 1)) FROM unnest($1::text[]) AS one"
    if alone:
        statement = "SELECT pg_advisory_xact_lock(hashtextextended(one, 1)) FROM unnest($1::text[]) AS one"
    await connection.execute(statement, sorted(set(digests)))


async def insert_ties(connection: Connection, ties: Sequence[StoredTie]) -> None:
    """Keep ties."""
    await connection.executemany(
        """INSERT INTO agency_tie (id, agency, kind, digest, shown, share_bp, sealed, stated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (
                one.id, one.tie.agency, one.tie.kind, one.tie.digest, one.tie.shown, one.tie.share_bp, one.sealed,
                one.tie.stated_at,
            )
            for one in ties
        ],
    )  # fmt: skip


async def end_ties(connection: Connection, ties: Iterable[str], *, at: datetime) -> None:
    """Keep that these ties stand no longer."""
    await connection.executemany(
        "INSERT INTO agency_tie_ended (tie, ended_at) VALUES ($1, $2)", [(one, at) for one in ties]
    )


async def stored_ties(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[StoredTie, ...]]:
    """The ties of each agency, ended ones included, oldest first; without what is encrypted."""
    found: dict[str, tuple[StoredTie, ...]] = dict.fromkeys(agencies, ())
    for row in await connection.fetch(_TIES, list(agencies)):
        tie = Tie(
            row["agency"], row["kind"], row["digest"], row["shown"], row["stated_at"], row["ended_at"], row["share_bp"]
        )
        found[row["agency"]] += (StoredTie(row["id"], tie),)
    return found


async def ties(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[Tie, ...]]:
    """The ties of each agency with its practitioners as ties, ended ones included."""
    found = {
        agency: tuple(one.tie for one in stored) for agency, stored in (await stored_ties(connection, agencies)).items()
    }
    for agency, claims in (await claims_of(connection, agencies)).items():
        found[agency] += tuple(
            Tie(agency, "practitioner", one.person, one.shown, one.claimed_at, one.ended_at) for one in claims
        )
    return found


async def sharing(connection: Connection, agency: str) -> tuple[str, ...]:
    """Whoever ever shared a tie or a practitioner with this agency, or is itself one side of a tie of it, by code."""
    return tuple(sorted(row["agency"] for row in await connection.fetch(_SHARING, agency)))


async def insert_claim(connection: Connection, claim: Claim, *, sealed: bytes) -> None:
    """Keep a claim on a person."""
    await connection.execute(
        """INSERT INTO practitioner (id, agency, person, shown, sealed, certificate_kind, certificate_number,
             valid_from, valid_until, claimed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        claim.id, claim.agency, claim.person, claim.shown, sealed, claim.certificate_kind, claim.certificate_number,
        claim.valid_from, claim.valid_until, claim.claimed_at,
    )  # fmt: skip


async def end_claim(connection: Connection, claim: str, *, by: str, reason: str, at: datetime) -> None:
    """Keep that a claim stands no longer."""
    await connection.execute(
        "INSERT INTO practitioner_ended (claim, decided_by, reason, ended_at) VALUES ($1, $2, $3, $4)",
        claim, by, reason, at,
    )  # fmt: skip


async def claims_of(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[Claim, ...]]:
    """The claims of each agency, ended ones included, oldest first."""
    statement = _CLAIMS + " WHERE agency = ANY($1::text[]) ORDER BY agency, claimed_at, id"
    found: dict[str, tuple[Claim, ...]] = dict.fromkeys(agencies, ())
    for row in await connection.fetch(statement, list(agencies)):
        found[row["agency"]] += (Claim(**row),)
    return found


async def claims_on(connection: Connection, persons: Sequence[str]) -> tuple[Claim, ...]:
    """Every claim on these people, whoever made it, oldest first."""
    statement = _CLAIMS + " WHERE person = ANY($1::text[]) ORDER BY claimed_at, id"
    return tuple(Claim(**row) for row in await connection.fetch(statement, list(persons)))


async def insert_holds(connection: Connection, holds: Iterable[Hold]) -> None:
    """Keep holds."""
    await connection.executemany(
        """INSERT INTO agency_hold (id, agency, linked_to, restriction, selection, kinds, opened_at, due_at, digests)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (
                one.id,
                one.agency,
                one.linked_to,
                one.restriction,
                one.selection,
                list(one.kinds),
                one.opened_at,
                one.due_at,
                list(one.digests),
            )
            for one in holds
        ],
    )


async def rule_hold(connection: Connection, hold: Hold, *, by: str) -> None:
    """Keep the ruling of a hold."""
    await connection.execute(
        "INSERT INTO agency_hold_ruled (hold, ruling, decided_by, reason, ruled_at) VALUES ($1, $2, $3, $4, $5)",
        hold.id, hold.ruling, by, hold.reason, hold.ruled_at,
    )  # fmt: skip


async def holds_of(connection: Connection, agencies: Sequence[str]) -> dict[str, tuple[Hold, ...]]:
    """The holds of each agency, ruled ones included, oldest first."""
    statement = _HOLDS + " WHERE agency = ANY($1::text[]) ORDER BY opened_at, id"
    found: dict[str, tuple[Hold, ...]] = dict.fromkeys(agencies, ())
    for row in await connection.fetch(statement, list(agencies)):
        found[row["agency"]] += (_hold(row),)
    return found


async def holds_by_id(connection: Connection, identifiers: Sequence[str]) -> tuple[Hold, ...]:
    """The holds of these ids, the first due first."""
    statement = _HOLDS + " WHERE id = ANY($1::text[]) ORDER BY due_at, id"
    return tuple(_hold(row) for row in await connection.fetch(statement, list(identifiers)))


def _hold(row: Record) -> Hold:
    return Hold(**{**dict(row), "kinds": tuple(row["kinds"]), "digests": tuple(row["digests"])})
