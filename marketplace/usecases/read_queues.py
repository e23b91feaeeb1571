"""What waits for a regulator, by kind and by its legal clock: what is late first; repairs and hearings among them.

Invariants: what the work list has comes from the work list; a repair has no clock in the rules, so that it says since
when it waits and is never called late; a hearing has its end, and what follows it no clock.
Source: credit.md sections 3, 4 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.instants import parse_instant
from commons.regions import REGIONS
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_work_list import MOST, read_work_list

FACT = "credit_fact/"
"""How the record names a credit fact."""

_REPAIRS = """
SELECT fact.id, fact.subject AS agency, agency.name, applied.reason, applied.effective_at AS since,
  (SELECT max(said.data->>'decide_by') FROM record_event AS said WHERE said.subject = 'agency/' || fact.subject
    AND said.type = 'credit_fact.repair_applied' AND said.data->>'fact' = fact.id) AS decide_by,
  (SELECT count(*) FROM credit_fact_followed AS said WHERE said.fact = fact.id AND said.kind = 'repair_approved'
    AND said.place > applied.place) AS approvals
FROM credit_fact_followed AS applied
JOIN credit_fact AS fact ON fact.id = applied.fact JOIN agency ON agency.uscc = fact.subject
LEFT JOIN record_event AS first ON first.subject = 'agency/' || fact.subject AND first.type = 'credit_fact.recorded'
  AND first.data->>'fact' = fact.id
WHERE applied.kind = 'repair_applied' AND NOT EXISTS (SELECT FROM credit_fact_followed AS later
    WHERE later.fact = applied.fact AND (later.kind IN ('revoked', 'repaired', 'expired')
      OR later.kind = 'repair_refused' AND later.place > applied.place))
  AND coalesce(substring(first.actor_id FROM '^R-([0-9]{6})-[0-9A-Z]+$') = ANY($1::text[]), true)
ORDER BY since, fact.id LIMIT $2
"""
_HEARINGS = """
SELECT announced.data->>'notice' AS id, agency.uscc AS agency, agency.name, announced.data->>'basis' AS basis,
  announced.at AS since, announced.data->>'hearing_until' AS hearing_until, stated.at AS stated_at
FROM record_event AS announced JOIN agency ON announced.subject = 'agency/' || agency.uscc
LEFT JOIN record_event AS stated ON stated.subject = announced.subject AND stated.type = 'restriction.statement_made'
  AND stated.data->>'notice' = announced.data->>'notice'
WHERE announced.type = 'restriction.noticed' AND announced.data->>'region' = ANY($1::text[])
  AND NOT EXISTS (SELECT FROM restriction WHERE restriction.notice = announced.data->>'notice')
ORDER BY announced.seq LIMIT $2
"""

_OBJECTED = "SELECT id, basis FROM credit_fact WHERE id = ANY($1::text[])"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One matter: the act that ends it, whom it is about, since when it waits and by when it is due (None: no clock).

    ``subject`` names the matter as the work list does; ``approvals`` are how many have agreed already, ``is_stated``
    whether the agency was heard.
    """

    act: str
    subject: str
    agency: str
    title: str
    words: str
    since: datetime | None
    due_at: datetime | None
    is_overdue: bool
    number: int | None = None
    approvals: int = 0
    is_stated: bool = False


@dataclass(frozen=True, slots=True)
class Queues:
    """Every matter as of ``now``: by the day it is due, those without a clock by how long they wait."""

    now: datetime
    rows: tuple[QueueRow, ...]


async def read_queues(database: Database, caller: Caller) -> Queues:
    """What waits for the caller in his region; ``Forbidden`` to anybody but regulators."""
    require(caller, "answer_objection")
    tasks = await read_work_list(database, caller)
    inside = regions_of(caller)
    async with reading(database) as snapshot:
        rows = [
            *await _repairs(snapshot.connection, inside, at=snapshot.now),
            *await _hearings(snapshot.connection, inside),
        ]
        objected = await _objected(snapshot.connection, [one.subject for one in tasks.tasks])
        now = snapshot.now
    for one in tasks.tasks:
        agency = one.link.removeprefix("/agencies/") if one.link.startswith("/agencies/") else ""
        words = objected.get(one.subject, "")
        rows.append(
            QueueRow(one.act, one.subject, agency, one.title, words, one.since, one.due_at, one.is_overdue, one.number)
        )  # fmt: skip
    return Queues(now, tuple(sorted(rows, key=lambda one: (one.due_at is None, one.due_at or one.since or now))))


def regions_of(caller: Caller) -> list[str]:
    """Where the caller acts: in his region and all that lies in it."""
    bound = None if caller.badge is None else caller.badge.region
    return list(REGIONS.inside(bound))


async def _repairs(connection: Connection, inside: list[str], *, at: datetime) -> list[QueueRow]:
    found = []
    for row in await connection.fetch(_REPAIRS, inside, MOST):
        due_at = None if row["decide_by"] is None else parse_instant(row["decide_by"])
        found.append(
            QueueRow(
                "grant_repair", f"{FACT}{row['id']}", row["agency"], row["name"], row["reason"], row["since"],
                due_at, is_overdue=due_at is not None and due_at <= at, approvals=row["approvals"],
            )
        )  # fmt: skip
    return found


async def _objected(connection: Connection, subjects: list[str]) -> dict[str, str]:
    """What is objected to, by the matter."""
    facts = [one.removeprefix(FACT) for one in subjects if one.startswith(FACT)]
    rows = await connection.fetch(_OBJECTED, facts) if facts else []
    return {f"{FACT}{row['id']}": row["basis"] for row in rows}


async def _hearings(connection: Connection, inside: list[str]) -> list[QueueRow]:
    return [
        QueueRow(
            "restrict_agency", f"notice/{row['id']}", row["agency"], row["name"], row["basis"] or "", row["since"],
            parse_instant(row["hearing_until"]), is_overdue=False, is_stated=row["stated_at"] is not None,
        )
        for row in await connection.fetch(_HEARINGS, inside, MOST)
    ]  # fmt: skip
