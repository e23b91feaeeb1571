"""What lists are searched and counted by, made anew from the rows: after a restored copy, or when folding changes.

Invariants: what is there stays in use meanwhile, and writes go on while words are made; the tally is counted while no
demand is written, for as long as that takes. Source: docs/adr/0032.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from agencies.store import agency_words
from commons.grams import grams_of
from marketplace.database import Connection, Database
from marketplace.demands.store import demand_words

AT_ONCE = 2_000
"""Rows written in one transaction."""
_AGENCIES = "SELECT uscc AS id, name FROM agency WHERE uscc > $1 ORDER BY uscc LIMIT $2"
_DEMANDS = """
SELECT demand.id, title, project_name, owner_name, project_code, place, demand.region,
  coalesce(won.name, '') AS winner_name, winner
FROM demand LEFT JOIN agency AS won ON won.uscc = winner WHERE demand.id > $1 ORDER BY demand.id LIMIT $2
"""
_KEEP_AGENCIES = """
UPDATE agency SET words = found.words, grams = string_to_array(found.grams, E'\n')
FROM unnest($1::text[], $2::text[], $3::text[]) AS found(uscc, words, grams) WHERE agency.uscc = found.uscc
"""
_KEEP_DEMANDS = """
UPDATE demand SET words = found.words, winner_words = found.winner_words, grams = string_to_array(found.grams, E'\n')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS found(id, words, grams, winner_words)
WHERE demand.id = found.id
"""
_TALLY = """
INSERT INTO demand_tally (place, item, state, outcome, mode, number)
SELECT at.place, of.item, state, coalesce(outcome, ''), mode, count(*) FROM demand
  CROSS JOIN LATERAL (SELECT DISTINCT place FROM unnest(ARRAY['', city, region]) AS place) AS at
  CROSS JOIN LATERAL (SELECT unnest(ARRAY['', demand.item]) AS item) AS of
WHERE published_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""
_TEXTS = ("title", "project_name", "owner_name", "project_code", "place")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """So many rows of that kind so far: ``agencies``, ``demands``, or what is ``counted``."""

    what: str
    done: int


async def rebuild_search(database: Database) -> AsyncIterator[Rebuilt]:
    """Make all of it anew, telling how far it is."""
    for what, step in (("agencies", _agencies), ("demands", _demands)):
        done, after = 0, ""
        while (last := await _one_step(database, step, after)) is not None:
            done, after = done + last[0], last[1]
            yield Rebuilt(what, done)
    async with database.transaction() as connection:
        yield Rebuilt("counted", await rebuild_tally(connection))


Step = Callable[[Connection, str], Awaitable[tuple[int, str] | None]]


async def _one_step(database: Database, step: Step, after: str) -> tuple[int, str] | None:
    """One transaction: how many rows it wrote and the last of them; None behind the last one."""
    async with database.transaction() as connection:
        return await step(connection, after)


async def _agencies(connection: Connection, after: str) -> tuple[int, str] | None:
    rows = await connection.fetch(_AGENCIES, after, AT_ONCE)
    words = [agency_words(row["id"], row["name"]) for row in rows]
    await connection.execute(_KEEP_AGENCIES, [row["id"] for row in rows], words, [_grams(one) for one in words])
    return (len(rows), rows[-1]["id"]) if rows else None


async def _demands(connection: Connection, after: str) -> tuple[int, str] | None:
    rows = await connection.fetch(_DEMANDS, after, AT_ONCE)
    words = [demand_words(*(row[one] for one in _TEXTS), region=row["region"]) for row in rows]
    won = [agency_words(row["winner"], row["winner_name"]) if row["winner_name"] else "" for row in rows]
    grams = [_grams(f"{own}\n{more}") for own, more in zip(words, won, strict=True)]
    await connection.execute(_KEEP_DEMANDS, [row["id"] for row in rows], words, grams, won)
    return (len(rows), rows[-1]["id"]) if rows else None


def _grams(words: str) -> str:
    return "\n".join(grams_of(words))


async def rebuild_tally(connection: Connection) -> int:
    """Count every published demand; no demand is written meanwhile. Returns how many there are."""
    await connection.execute("SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '30s'")
    await connection.execute("LOCK TABLE demand IN SHARE MODE")
    await connection.execute("DELETE FROM demand_tally_step")
    await connection.execute("DELETE FROM demand_tally")
    await connection.execute(_TALLY)
    number: int = await connection.fetchval(
        "SELECT coalesce(sum(number), 0)::bigint FROM demand_tally WHERE place = '' AND item = ''"
    )
    return number
