"""Credit in the database: facts and restrictions. SQL in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from credit.restrictions import Restriction
from credit.scoring import CreditFact

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]


async def insert_fact(connection: Connection, fact: CreditFact, *, points: int, rulebook: str) -> None:
    """Keep a fact with what the rulebook gave for it at the time."""
    await connection.execute(
        """INSERT INTO credit_fact (id, subject, code, points, rulebook, basis, effective_at, recorded_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        fact.id, fact.subject, fact.code, points, rulebook, fact.basis, fact.effective_at, fact.recorded_at,
    )  # fmt: skip


async def facts(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[CreditFact, ...]]:
    """The facts of each subject, oldest first."""
    rows = await connection.fetch(
        """SELECT id, subject, code, basis, effective_at, recorded_at FROM credit_fact
           WHERE subject = ANY($1::text[]) ORDER BY effective_at, id""",
        list(subjects),
    )
    found: dict[str, tuple[CreditFact, ...]] = dict.fromkeys(subjects, ())
    for row in rows:
        fact = CreditFact(**dict(row))
        found[fact.subject] += (fact,)
    return found


async def insert_restriction(connection: Connection, restriction: Restriction) -> None:
    """Keep a restriction."""
    await connection.execute(
        """INSERT INTO restriction (id, subject, layer, basis, region, starts_at, ends_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        restriction.id, restriction.subject, restriction.layer, restriction.basis, restriction.region,
        restriction.starts_at, restriction.ends_at,
    )  # fmt: skip


async def restrictions(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[Restriction, ...]]:
    """The restrictions of each subject, past ones included, oldest first."""
    rows = await connection.fetch(
        """SELECT id, subject, layer, basis, region, starts_at, ends_at FROM restriction
           WHERE subject = ANY($1::text[]) ORDER BY starts_at, id""",
        list(subjects),
    )
    found: dict[str, tuple[Restriction, ...]] = dict.fromkeys(subjects, ())
    for row in rows:
        one = Restriction(**dict(row))
        found[one.subject] += (one,)
    return found
