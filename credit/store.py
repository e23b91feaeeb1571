"""Credit in the database: facts, restrictions and what followed them. SQL in, values out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from credit.facts import CreditFact, Decision, Followed
from credit.importing import DecisionLine, line_of
from credit.restrictions import Restriction

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]

_FACTS = """
SELECT fact.id, fact.subject, fact.code, fact.basis, fact.effective_at, fact.recorded_at, fact.layer, fact.quantity,
  fact.evidence_sha256, fact.authority, fact.document_number, fact.decided_on, fact.severity, fact.legal_ground,
  later.id AS later_id, later.place, later.kind, later.decided_by, later.reason, later.code AS later_code,
  later.quantity AS later_quantity, later.severity AS later_severity, later.effective_at AS later_effective_at,
  later.recorded_at AS later_recorded_at
FROM credit_fact AS fact LEFT JOIN credit_fact_followed AS later ON later.fact = fact.id
WHERE fact.subject = ANY($1::text[]) ORDER BY fact.effective_at, fact.id, later.place
"""
_RESTRICTIONS = """
SELECT bound.id, bound.subject, bound.layer, bound.basis, bound.region, bound.starts_at, bound.ends_at, bound.measures,
  bound.items, bound.fact, bound.notice, later.effective_at AS lifted_at
FROM restriction AS bound
  LEFT JOIN restriction_followed AS later ON later.restriction = bound.id AND later.kind = 'lifted'
WHERE bound.subject = ANY($1::text[]) ORDER BY bound.starts_at, bound.id, later.effective_at DESC
"""
"""On the hot path: a plain join is planned once, the view ``restriction_as_it_ends`` with its minimum each time."""


async def insert_fact(connection: Connection, fact: CreditFact, *, points: int, rulebook: str) -> None:
    """Keep a fact with what the rulebook gave for it at the time."""
    given = fact.decision
    await connection.execute(
        """INSERT INTO credit_fact (id, subject, code, points, rulebook, basis, effective_at, recorded_at, layer,
             quantity, evidence_sha256, authority, document_number, decided_on, severity, legal_ground)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)""",
        fact.id, fact.subject, fact.code, points, rulebook, fact.basis, fact.effective_at, fact.recorded_at,
        fact.layer, fact.quantity, fact.evidence_sha256,
        given and given.authority, given and given.document_number, given and given.decided_on,
        given and given.severity, given and given.legal_ground,
    )  # fmt: skip


async def insert_followed(connection: Connection, one: Followed) -> None:
    """Keep what became of a fact; the caller holds the subject's row alone, so that its place is its own."""
    await connection.execute(
        """INSERT INTO credit_fact_followed
             (id, fact, place, kind, decided_by, reason, effective_at, recorded_at, code, quantity, severity)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        one.id, one.fact, one.place, one.kind, one.by, one.reason, one.effective_at, one.recorded_at, one.code,
        one.quantity, one.severity,
    )  # fmt: skip


async def facts(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[CreditFact, ...]]:
    """The facts of each subject with what followed them, oldest first."""
    rows = await connection.fetch(_FACTS, list(subjects))
    by_fact: dict[str, list[Record]] = {}
    for row in rows:
        by_fact.setdefault(row["id"], []).append(row)
    found: dict[str, tuple[CreditFact, ...]] = dict.fromkeys(subjects, ())
    for of_one in by_fact.values():
        fact = _fact(of_one)
        found[fact.subject] += (fact,)
    return found


def _fact(rows: Sequence[Record]) -> CreditFact:
    """One fact from its rows: one for each thing that followed, one when nothing did."""
    row = rows[0]
    decision = None
    if row["authority"] is not None:
        decision = Decision(
            row["authority"], row["document_number"], row["decided_on"], row["severity"], row["legal_ground"]
        )
    followed = tuple(
        Followed(
            one["later_id"], one["id"], one["place"], one["kind"], one["decided_by"], one["reason"],
            one["later_effective_at"], one["later_recorded_at"], one["later_code"], one["later_quantity"],
            one["later_severity"],
        )
        for one in rows
        if one["later_id"] is not None
    )  # fmt: skip
    return CreditFact(
        row["id"], row["subject"], row["code"], row["basis"], row["effective_at"], row["recorded_at"], row["layer"],
        row["quantity"], row["evidence_sha256"], decision, followed,
    )  # fmt: skip


async def insert_restriction(connection: Connection, restriction: Restriction) -> None:
    """Keep a restriction."""
    await connection.execute(
        """INSERT INTO restriction
             (id, subject, layer, basis, region, starts_at, ends_at, measures, items, fact, notice)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        restriction.id, restriction.subject, restriction.layer, restriction.basis, restriction.region,
        restriction.starts_at, restriction.ends_at, list(restriction.measures), list(restriction.items),
        restriction.fact, restriction.notice,
    )  # fmt: skip


async def lift(
    connection: Connection, lifts: Iterable[tuple[str, Restriction]], *, by: str, reason: str, at: datetime
) -> None:
    """Keep that restrictions were lifted, each under an id of its own."""
    await connection.executemany(
        """INSERT INTO restriction_followed (id, restriction, kind, decided_by, reason, effective_at, recorded_at)
           VALUES ($1, $2, 'lifted', $3, $4, $5, $5)""",
        [(identifier, one.id, by, reason, at) for identifier, one in lifts],
    )


async def restrictions(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[Restriction, ...]]:
    """The restrictions of each subject, past ones included, oldest first; a lifted one ends where it was lifted."""
    first_lift = {row["id"]: row for row in await connection.fetch(_RESTRICTIONS, list(subjects))}
    found: dict[str, tuple[Restriction, ...]] = dict.fromkeys(subjects, ())
    for row in first_lift.values():
        found[row["subject"]] += (_restriction(row),)
    return found


def _restriction(row: Record) -> Restriction:
    """A restriction with the first lift of it, where it ends."""
    ends = [at for at in (row["ends_at"], row["lifted_at"]) if at is not None]
    return Restriction(
        **{
            **dict(row),
            "ends_at": min(ends, default=None),
            "measures": tuple(row["measures"]),
            "items": tuple(row["items"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of an authority brought."""

    import_id: str
    imported_at: datetime
    lines: int
    recorded: int
    followed: int
    known: int
    waiting: int


async def import_of(connection: Connection, digest: str) -> Imported | None:
    """What the file of that hash brought; None: it was never loaded."""
    row = await connection.fetchrow(
        """SELECT id AS import_id, imported_at, lines, recorded, followed, known, waiting FROM credit_import
           WHERE sha256 = $1""",
        digest,
    )
    return Imported(**row) if row else None


async def insert_import(connection: Connection, one: Imported, *, feed: str, digest: str, by: str) -> None:
    """Keep that the file was loaded whole."""
    await connection.execute(
        """INSERT INTO credit_import
             (id, feed, sha256, imported_by, imported_at, lines, recorded, followed, known, waiting)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        one.import_id, feed, digest, by, one.imported_at, one.lines, one.recorded, one.followed, one.known, one.waiting,
    )  # fmt: skip


async def insert_line(
    connection: Connection,
    identifier: str,
    line: DecisionLine,
    *,
    source: str,
    at: datetime,
    matched_at: datetime | None,
) -> None:
    """Keep a line of an authority's file; ``matched_at`` None: its subject is not on file yet."""
    await connection.execute(
        """INSERT INTO authority_line
             (id, subject, authority, document_number, source_import, line, content, received_at, matched_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9)""",
        identifier, line.subject, line.authority, line.document_number, source, line.number,
        json.dumps(line.content(), ensure_ascii=False), at, matched_at,
    )  # fmt: skip


async def lines_of(connection: Connection, subject: str) -> tuple[tuple[str, DecisionLine, bool], ...]:
    """Every line about a subject, in the order they came: its id, the line, whether it took effect."""
    rows = await connection.fetch(
        """SELECT id, line, content::text AS content, matched_at IS NOT NULL AS is_matched FROM authority_line
           WHERE subject = $1 ORDER BY received_at, line, id""",
        subject,
    )
    return tuple(
        (row["id"], line_of(json.loads(row["content"]), number=row["line"]), row["is_matched"]) for row in rows
    )


async def match_line(connection: Connection, identifier: str, *, at: datetime) -> None:
    """The line's subject has filed, and it took effect."""
    await connection.execute("UPDATE authority_line SET matched_at = $2 WHERE id = $1", identifier, at)
