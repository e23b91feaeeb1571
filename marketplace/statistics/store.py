"""Statistics in the database: what is due, the facts it is about, what was counted, and the sums that pages read.

Everything counted is written under one lock (``take_turn``), in one transaction with what it was counted from being
taken off the list of what is due: a crash counts nothing twice. Source: docs/adr/0034.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import asyncpg

from marketplace.database import Connection
from marketplace.statistics.concentration import largest
from marketplace.statistics.counting import Baseline, Count
from marketplace.statistics.facts import DRAWN, Case, Facts, Filed, Satisfied, Saving, facts_json, facts_of, key_of
from marketplace.statistics.numbers import baseline_of

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('statistics', 7))"
_TAKE = """
DELETE FROM statistics_due WHERE place = ANY(ARRAY(
  SELECT place FROM statistics_due WHERE (kind = 'count') = $1 ORDER BY place LIMIT $2))
RETURNING kind, subject
"""
_ALL_DUE = """
INSERT INTO statistics_due (kind, subject)
(SELECT 'selection', selection FROM demand WHERE decided_at IS NOT NULL ORDER BY decided_at)
UNION ALL SELECT 'selection', selection FROM statistics_past
UNION ALL SELECT 'saving', demand FROM coverage_saving
UNION ALL SELECT 'satisfaction', id FROM satisfaction
UNION ALL SELECT 'agency', uscc FROM agency
"""
_FORGET = (
    "DELETE FROM statistics_due",
    "DELETE FROM statistics_case",
    "DELETE FROM statistics_baseline",
    "DELETE FROM statistics_tally",
    "DELETE FROM statistics_winner",
    "DELETE FROM statistics_share",
)
_SELECTIONS = """
SELECT one.selection AS id, one.city, one.region AS county, one.item, cardinality(one.further_items) > 0 AS is_joint,
  one.is_example, one.profile, one.mode, one.ceiling_fen, one.quantity, one.published_at,
  one.decided_at AS ended_at, coalesce(one.outcome, one.state) AS outcome, one.winner, agency.city AS winner_city,
  CASE WHEN one.winner IS NOT NULL THEN one.winning_fen END AS price_fen,
  CASE WHEN one.mode = ANY($2::text[])
    THEN (SELECT count(*) FROM selection_bidder WHERE selection_bidder.selection = one.selection)
    ELSE (SELECT count(DISTINCT offer ->> 'bidder') FROM record_event AS ruled
          CROSS JOIN jsonb_array_elements(ruled.data -> 'case' -> 'offers') AS offer
          WHERE ruled.subject = 'selection/' || one.selection AND ruled.type = 'selection.decided'
          HAVING count(*) > 0 OR EXISTS (SELECT FROM record_event AS decided
            WHERE decided.subject = 'selection/' || one.selection AND decided.type = 'selection.decided'))
    END AS bids,
  (SELECT count(*) FROM record_event AS gone WHERE gone.subject = 'selection/' || one.selection
    AND gone.type IN ('award.abandoned', 'award.lapsed')) AS given_up,
  contract.due_at, contract.delivered_at, contract.accepted_at, coalesce(contract.is_deemed, false) AS is_deemed,
  contract.accepted_at_first AS accepted_first, contract.passed_first, contract.rating,
  CASE WHEN contract.rating IS NOT NULL THEN
    (SELECT rated.data -> 'scores' FROM record_event AS rated WHERE rated.subject = 'contract/' || one.selection
      AND rated.type = 'contract.rated' ORDER BY rated.seq DESC LIMIT 1)::text END AS scores
FROM (
  SELECT demand.* FROM demand WHERE selection = ANY($1::text[])
  UNION ALL
  SELECT was.* FROM statistics_past CROSS JOIN LATERAL jsonb_populate_record(NULL::demand, statistics_past.row) AS was
  WHERE statistics_past.selection = ANY($1::text[])
  UNION ALL
  SELECT shown.* FROM demand JOIN unnest($3::text[], $4::text[]) AS ahead(id, patch) USING (id)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::demand, to_jsonb(demand) || ahead.patch::jsonb) AS shown
) AS one
LEFT JOIN agency ON agency.uscc = one.winner LEFT JOIN contract ON contract.id = one.selection
WHERE one.published_at IS NOT NULL AND one.decided_at IS NOT NULL
  AND coalesce(one.outcome, one.state) IN ('award', 'unsuccessful', 'cancelled', 'withdrawn')
"""
_SAVINGS = """
SELECT demand AS id, city, coalesce(items[1], '') AS item, is_example, saved_at, fee_fen, days
FROM coverage_saving WHERE demand = ANY($1::text[])
"""
_ANSWERS = """
SELECT id, step, region, item, is_example, stars, given_at FROM satisfaction WHERE id = ANY($1::text[])
"""
_AGENCIES = """
SELECT uscc AS id, city, region NOT LIKE '33%' AS is_outside, is_example, filed_at FROM agency
WHERE uscc = ANY($1::text[])
"""
_KEPT = "SELECT id, facts::text AS facts, counted::text AS counted FROM statistics_case WHERE id = ANY($1::text[])"
_KEEP = """
INSERT INTO statistics_case (id, item, city, is_example, published_in, awarded_in, accepted_in, unit_fen, award_days,
  result_days, facts, counted)
SELECT id, item, city, is_example, published_in, awarded_in, accepted_in, unit_fen, award_days, result_days,
  facts::jsonb, '{}'
FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::bigint[],
  $9::int[], $10::int[], $11::text[]) AS one(id, item, city, is_example, published_in, awarded_in, accepted_in,
  unit_fen, award_days, result_days, facts)
ON CONFLICT (id) DO UPDATE SET item = excluded.item, city = excluded.city, is_example = excluded.is_example,
  published_in = excluded.published_in, awarded_in = excluded.awarded_in, accepted_in = excluded.accepted_in,
  unit_fen = excluded.unit_fen, award_days = excluded.award_days, result_days = excluded.result_days,
  facts = excluded.facts
"""
_COUNTED = """
UPDATE statistics_case SET counted = one.counted::jsonb
FROM unnest($1::text[], $2::text[]) AS one(id, counted) WHERE statistics_case.id = one.id
"""
_STALE = """
UPDATE statistics_baseline SET is_stale = true FROM unnest($1::text[], $2::bool[], $3::text[], $4::text[])
  AS touched(item, is_example, first, last)
WHERE statistics_baseline.item = touched.item AND statistics_baseline.is_example = touched.is_example
  AND statistics_baseline.month BETWEEN touched.first AND touched.last
"""
_STALE_ONES = """
SELECT item, is_example, month, unit_fen, award_days, result_days FROM statistics_baseline WHERE is_stale ORDER BY id
"""
_AWARDED_BEFORE = """
SELECT unit_fen, award_days FROM statistics_case
WHERE item = $1 AND is_example = $2 AND awarded_in >= $3 AND awarded_in < $4
"""
_RESULTS_BEFORE = """
SELECT result_days FROM statistics_case
WHERE item = $1 AND is_example = $2 AND accepted_in >= $3 AND accepted_in < $4 AND result_days IS NOT NULL
"""
_KEEP_BASELINE = """
INSERT INTO statistics_baseline (item, is_example, month, unit_fen, award_days, result_days, is_stale)
VALUES ($1, $2, $3, $4, $5, $6, false) ON CONFLICT ON CONSTRAINT statistics_baseline_once
DO UPDATE SET unit_fen = excluded.unit_fen, award_days = excluded.award_days, result_days = excluded.result_days,
  is_stale = false
"""
_KNOWN_BASELINES = """
SELECT statistics_baseline.item, statistics_baseline.is_example, statistics_baseline.month, unit_fen, award_days,
  result_days
FROM unnest($1::text[], $2::bool[], $3::text[]) AS asked(item, is_example, month)
JOIN statistics_baseline USING (item, is_example, month)
"""
_DEPENDENTS = """
INSERT INTO statistics_due (kind, subject) SELECT 'count', id FROM statistics_case
WHERE item = $1 AND is_example = $2 AND published_in = $3 AND (awarded_in IS NOT NULL OR accepted_in IS NOT NULL)
"""
_ADD = """
INSERT INTO statistics_tally (is_example, span, item, city, measure, value, times)
SELECT row.is_example, span, items.item, cities.city, row.measure, row.value, sum(row.count)
FROM unnest($1::bool[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
  AS row(is_example, month, item, city, measure, value, count)
CROSS JOIN LATERAL (VALUES (row.month), (left(row.month, 4))) AS spans(span)
CROSS JOIN LATERAL (SELECT row.item UNION SELECT '') AS items(item)
CROSS JOIN LATERAL (SELECT row.city UNION SELECT '') AS cities(city)
WHERE items.item = '' OR cities.city = '' OR length(span) = 4
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(row.count) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT ON CONSTRAINT statistics_tally_once DO UPDATE SET times = statistics_tally.times + excluded.times
"""
_WON = """
INSERT INTO statistics_winner (is_example, year, county, item, agency, awards, fen)
SELECT is_example, year, county, item, agency, sum(awards), sum(fen)
FROM unnest($1::bool[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
  AS row(is_example, year, county, item, agency, awards, fen)
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT ON CONSTRAINT statistics_winner_once
DO UPDATE SET awards = statistics_winner.awards + excluded.awards, fen = statistics_winner.fen + excluded.fen
"""
_SUMS = """
SELECT asked.is_example, asked.year, asked.county, asked.item, coalesce(sum(awards), 0)::bigint AS awards,
  coalesce(array_agg(fen) FILTER (WHERE awards > 0), '{}') AS sums
FROM unnest($1::bool[], $2::text[], $3::text[], $4::text[]) AS asked(is_example, year, county, item)
LEFT JOIN statistics_winner USING (is_example, year, county, item) GROUP BY 1, 2, 3, 4
"""
_KEEP_SHARES = """
INSERT INTO statistics_share (is_example, year, county, item, awards, agencies, fen, top_fen)
SELECT * FROM unnest($1::bool[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
  $8::bigint[])
ON CONFLICT ON CONSTRAINT statistics_share_once DO UPDATE SET awards = excluded.awards, agencies = excluded.agencies,
  fen = excluded.fen, top_fen = excluded.top_fen
"""
_BUMP = """
INSERT INTO statistics_state (id, counted) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET counted = statistics_state.counted + 1
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a subject: its facts, the rows that were counted of it, and what its winner won."""

    facts: Facts
    counted: tuple[Count, ...]
    won: Won | None


@dataclass(frozen=True, slots=True, order=True)
class Won:
    """An award as concentration looks at it."""

    year: str
    county: str
    item: str
    agency: str
    fen: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Which baseline: of an item, for demands published in a month."""

    item: str
    is_example: bool
    month: str


@dataclass(frozen=True, slots=True)
class Member:
    """What later baselines look at: months and medians' values of one subject, None where it is in none."""

    published_in: str | None = None
    awarded_in: str | None = None
    accepted_in: str | None = None
    unit_fen: int | None = None
    award_days: int | None = None
    result_days: int | None = None


async def take_turn(connection: Connection) -> None:
    """One counts at a time."""
    await connection.execute(_TURN)


async def take_due(connection: Connection, *, counting: bool, limit: int) -> dict[str, list[str]]:
    """Take so many subjects off the list, oldest first, by kind; ``counting``: those whose facts are kept already."""
    found: dict[str, list[str]] = {}
    for row in await connection.fetch(_TAKE, counting, limit):
        found.setdefault(row["kind"], []).append(row["subject"])
    return {kind: list(dict.fromkeys(subjects)) for kind, subjects in found.items()}


async def put_all_due(connection: Connection) -> None:
    """Forget everything that was counted, and put every subject that there is on the list."""
    for statement in _FORGET:
        await connection.execute(statement)
    await connection.execute(_ALL_DUE)


async def put_due(connection: Connection, keys: Collection[str]) -> None:
    """Put subjects whose facts are kept on the list to be counted."""
    await connection.execute(
        "INSERT INTO statistics_due (kind, subject) SELECT 'count', * FROM unnest($1::text[])", sorted(keys)
    )


async def load_facts(
    connection: Connection, kind: str, ids: Sequence[str], *, timed: Collection[str], cities: Mapping[str, str]
) -> list[Facts]:
    """The facts of these subjects as they are now; who is none (any more) is left out.

    ``timed`` are the rule profiles that count in seconds, ``cities`` the city that a region lies in.
    """
    match kind:
        case "selection":
            return [_case(row, timed) for row in await connection.fetch(_SELECTIONS, ids, list(DRAWN), [], [])]
        case "saving":
            return [Saving(**row) for row in await connection.fetch(_SAVINGS, ids)]
        case "satisfaction":
            rows = [dict(row) for row in await connection.fetch(_ANSWERS, ids)]
            return [Satisfied(city=cities.get(row.pop("region"), ""), **row) for row in rows]
        case _:
            assert kind == "agency", kind
            return [Filed(**row) for row in await connection.fetch(_AGENCIES, ids)]


async def load_ahead(
    connection: Connection, patches: Mapping[str, Mapping[str, Any]], *, timed: Collection[str]
) -> list[Case]:
    """The facts of these demands as if their rows had been changed so already; nothing is written."""
    written = [json.dumps(one, ensure_ascii=False) for one in patches.values()]
    rows = await connection.fetch(_SELECTIONS, [], list(DRAWN), list(patches), written)
    return [_case(row, timed) for row in rows]


def _case(row: asyncpg.Record, timed: Collection[str]) -> Case:
    values = dict(row)
    values["is_timed"] = values.pop("profile") in timed
    values["scores"] = json.loads(values["scores"]) if values["scores"] else None
    return Case(**values)


async def kept(connection: Connection, keys: Sequence[str]) -> dict[str, Kept]:
    """What is kept of these subjects, by key."""
    return {row["id"]: _kept(row) for row in await connection.fetch(_KEPT, list(keys))}


def _kept(row: asyncpg.Record) -> Kept:
    counted: dict[str, Any] = json.loads(row["counted"])
    rows = tuple(Count(*one) for one in counted.get("rows", ()))
    won = Won(*counted["won"]) if counted.get("won") else None
    return Kept(facts_of(row["id"].partition("/")[0], json.loads(row["facts"])), rows, won)


async def keep(connection: Connection, members: Sequence[tuple[Facts, Member]]) -> None:
    """Keep facts and what baselines look at; what was counted of them stays as it is."""
    rows = [
        (
            key_of(facts), getattr(facts, "item", ""), facts.city, facts.is_example, one.published_in, one.awarded_in,
            one.accepted_in, one.unit_fen, one.award_days, one.result_days,
            json.dumps(facts_json(facts), ensure_ascii=False),
        )
        for facts, one in members
    ]  # fmt: skip
    await _columns(connection, _KEEP, rows)


async def keep_counted(connection: Connection, rows: Sequence[tuple[str, Sequence[Count], Won | None]]) -> None:
    """Keep what was counted of each subject."""
    written = [
        (key, json.dumps({"rows": [one.row() for one in counted], "won": _won_row(won)})) for key, counted, won in rows
    ]
    await _columns(connection, _COUNTED, written)


def _won_row(won: Won | None) -> list[str | int] | None:
    return None if won is None else [won.year, won.county, won.item, won.agency, won.fen]


async def forget(connection: Connection, keys: Sequence[str]) -> None:
    """Keep nothing more of these subjects: they are none any more."""
    await connection.execute("DELETE FROM statistics_case WHERE id = ANY($1::text[])", list(keys))


async def mark_stale(connection: Connection, touched: Sequence[tuple[str, bool, str, str]]) -> None:
    """Baselines of (item, is it an example, from month, to month) have to be looked at again."""
    await _columns(connection, _STALE, touched)


async def stale(connection: Connection) -> dict[Place, Baseline]:
    """Baselines that have to be looked at again, as they were."""
    return dict(_baseline(row) for row in await connection.fetch(_STALE_ONES))


async def baselines(connection: Connection, places: Sequence[Place]) -> dict[Place, Baseline]:
    """Those of the baselines that are kept."""
    columns = ([one.item for one in places], [one.is_example for one in places], [one.month for one in places])
    return dict(_baseline(row) for row in await connection.fetch(_KNOWN_BASELINES, *columns))


def _baseline(row: asyncpg.Record) -> tuple[Place, Baseline]:
    place = Place(row["item"], row["is_example"], row["month"])
    return place, Baseline(row["unit_fen"], row["award_days"], row["result_days"])


async def compute_baseline(connection: Connection, place: Place, first: str) -> Baseline:
    """A baseline from what was awarded and accepted from the month ``first`` on."""
    asked = (place.item, place.is_example, first, place.month)
    awards = await connection.fetch(_AWARDED_BEFORE, *asked)
    results = await connection.fetch(_RESULTS_BEFORE, *asked)
    return Baseline(
        baseline_of(row["unit_fen"] for row in awards if row["unit_fen"] is not None),
        baseline_of(row["award_days"] for row in awards if row["award_days"] is not None),
        baseline_of(row["result_days"] for row in results),
    )


async def keep_baseline(connection: Connection, place: Place, made: Baseline) -> None:
    """Keep a baseline as it was computed."""
    await connection.execute(
        _KEEP_BASELINE, place.item, place.is_example, place.month, made.unit_fen, made.award_days, made.result_days
    )


async def count_dependents_again(connection: Connection, place: Place) -> None:
    """What was compared with this baseline is to be counted again."""
    await connection.execute(_DEPENDENTS, place.item, place.is_example, place.month)


async def add(connection: Connection, changes: Sequence[tuple[bool, Count]]) -> None:
    """Add counts (of examples or not) to the sums of their month and year, city and province, item and all items."""
    rows = [(flag, one.month, one.item, one.city, one.measure, one.value, one.count) for flag, one in changes]
    await _columns(connection, _ADD, rows)


async def add_won(connection: Connection, changes: Sequence[tuple[bool, Won, int]]) -> None:
    """Add awards (1), or take them back (−1), and compute the share of the largest four anew where that changed it."""
    rows = [(flag, one.year, one.county, one.item, one.agency, by, by * one.fen) for flag, one, by in changes]
    if not rows:
        return
    await _columns(connection, _WON, rows)
    cells = sorted({row[:4] for row in rows})
    found = await connection.fetch(_SUMS, *(list(column) for column in zip(*cells, strict=True)))
    shares = [
        (*(row[name] for name in ("is_example", "year", "county", "item", "awards")), len(row["sums"]),
         sum(row["sums"]), largest(row["sums"]))
        for row in found
    ]  # fmt: skip
    await _columns(connection, _KEEP_SHARES, shares)


async def bump(connection: Connection) -> None:
    """Something was counted: reports that were computed before do not hold any more."""
    await connection.execute(_BUMP)


async def _columns(connection: Connection, statement: LiteralString, rows: Iterable[Sequence[object]]) -> None:
    """Run a statement that takes its rows as one array a column; nothing for no rows."""
    if columns := [list(column) for column in zip(*rows, strict=True)]:
        await connection.execute(statement, *columns)
