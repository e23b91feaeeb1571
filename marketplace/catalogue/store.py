"""Versions and coverages in the database: added to, never changed; the end of a coverage is a row of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import LiteralString, cast

import asyncpg

from commons.canonical import Json
from commons.regions import REGIONS
from commons.sources import Source, TextSeen
from marketplace.catalogue.areas import area_of
from marketplace.catalogue.coverage import Coverage, Ended, Saving
from marketplace.catalogue.timeline import Milestone
from marketplace.catalogue.versions import Kind, Version, digest_of
from marketplace.database import Connection

_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended('rules', 3))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('rules', 3))"
_COLUMNS = """
SELECT id, kind, name, region, in_force_from, published_at, rows::text AS rows, reason, source_title, source_place,
  text_seen, published_by
FROM rule_version
"""
_LAST = """
SELECT DISTINCT ON (kind, region) id, kind, name, region, in_force_from, published_at, rows::text AS rows, reason,
  source_title, source_place, text_seen, published_by
FROM rule_version
WHERE region = ANY($1::text[]) AND in_force_from <= $2 AND (kind = 'catalogue' OR name = $3)
ORDER BY kind, region, in_force_from DESC, published_at DESC, id DESC
"""
_INSERT = """
INSERT INTO rule_version (id, kind, name, region, in_force_from, rows, digest, reason, source_title, source_place,
  text_seen, published_by, published_at)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13)
"""
_OF: LiteralString = _COLUMNS + "WHERE kind = $1 AND name = $2 ORDER BY published_at, id"


async def hold_rules(connection: Connection, *, alone: bool = False) -> None:
    """Keep versions from coming while something is decided by the rules in force; whoever publishes one is ``alone``.

    Taken before the clock is asked: what holds at that instant is then committed and seen.
    """
    await connection.execute(_ALONE if alone else _SHARED)


async def last_versions(connection: Connection, name: str, region: str, *, at: datetime) -> tuple[Version, ...]:
    """What holds at that instant: of the catalogue and of the profile of that name, one a region down to this one."""
    chain = [one.code for one in REGIONS.chain(region)]
    return tuple(_version(row) for row in await connection.fetch(_LAST, chain, at, name))


async def versions_of(connection: Connection, kind: Kind, name: str) -> tuple[Version, ...]:
    """Every version of the catalogue, or of a profile, in the order in which they were published."""
    return tuple(_version(row) for row in await connection.fetch(_OF, kind, name))


async def insert_version(connection: Connection, one: Version) -> None:
    """Keep a version."""
    rows = {code: dict(row) for code, row in one.rows.items()}
    await connection.execute(
        _INSERT, one.id, one.kind, one.name, one.region, one.in_force_from, json.dumps(rows, ensure_ascii=False),
        digest_of(one.rows), one.reason, one.source.title, one.source.place, one.source.text_seen, one.published_by,
        one.published_at,
    )  # fmt: skip


def _version(row: asyncpg.Record) -> Version:
    return Version(
        id=row["id"],
        kind=cast("Kind", row["kind"]),
        name=row["name"],
        region=row["region"],
        in_force_from=row["in_force_from"],
        published_at=row["published_at"],
        rows=json.loads(row["rows"]),
        reason=row["reason"],
        source=Source(row["source_title"], cast("TextSeen", row["text_seen"]), row["source_place"]),
        published_by=row["published_by"],
    )


_COVERAGES = """
SELECT coverage.id, region, zone, items, result, access_standard, negative_list, document, place, text_seen,
  rings::text AS rings, valid_from, valid_to, supersedes, is_example, recorded_at, ends.kind AS end_kind,
  ends.reason AS end_reason, ends.successor, ends.ended_at
FROM coverage LEFT JOIN coverage_end AS ends ON ends.coverage = coverage.id
"""
_COVERING = (
    _COVERAGES + "WHERE items::text[] && $1::text[] AND valid_from <= $2 AND $2 < valid_to AND ends.kind IS NULL"
)
_ONE_COVERAGE: LiteralString = _COVERAGES + "WHERE coverage.id = $1"
_LISTED_COVERAGES: LiteralString = (
    _COVERAGES
    + """WHERE (cardinality($1::text[]) = 0 OR region = ANY($1)) AND ($2::text = '' OR $2 = ANY(items))
  AND (NOT $3::boolean OR (ends.kind IS NULL AND valid_from <= $4 AND $4 < valid_to))
  AND coverage.id > $5 ORDER BY coverage.id LIMIT $6"""
)
_INSERT_COVERAGE = """
INSERT INTO coverage (id, region, zone, items, result, access_standard, negative_list, document, place, text_seen,
  rings, valid_from, valid_to, supersedes, is_example, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb, $12, $13, $14, $15, $16, $17)
"""
_END_COVERAGE = """
INSERT INTO coverage_end (coverage, kind, reason, successor, ended_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING coverage
"""


async def coverages_for(connection: Connection, items: Sequence[str], *, on: date) -> tuple[Coverage, ...]:
    """The coverages that stand for any of the items on that Beijing day, wherever they are."""
    return tuple(_coverage(row) for row in await connection.fetch(_COVERING, list(items), on))


async def coverage_by_id(connection: Connection, identifier: str) -> Coverage | None:
    """The coverage of that id; None when there is none."""
    row = await connection.fetchrow(_ONE_COVERAGE, identifier)
    return None if row is None else _coverage(row)


async def list_coverages(
    connection: Connection, *, regions: Sequence[str], item: str, only_valid: bool, on: date, after: str, limit: int
) -> tuple[Coverage, ...]:
    """Coverages by id behind ``after``; no regions: all of them, "" for any item."""
    rows = await connection.fetch(_LISTED_COVERAGES, list(regions), item, only_valid, on, after, limit)
    return tuple(_coverage(row) for row in rows)


async def insert_coverage(connection: Connection, one: Coverage, *, by: str, at: datetime) -> None:
    """Keep a coverage."""
    rings = [] if one.area is None else one.area.as_json()
    await connection.execute(
        _INSERT_COVERAGE, one.id, one.region, one.zone, list(one.items), one.result, one.access_standard,
        list(one.negative_list), one.document.title, one.document.place, one.document.text_seen, json.dumps(rings),
        one.valid_from, one.valid_to, one.supersedes, one.is_example, by, at,
    )  # fmt: skip


async def end_coverage(connection: Connection, identifier: str, ended: Ended) -> bool:
    """End a coverage; False when it has ended before."""
    found = await connection.fetchval(
        _END_COVERAGE, identifier, ended.kind, ended.reason, ended.successor, ended.at
    )  # fmt: skip
    return found is not None


def _coverage(row: asyncpg.Record) -> Coverage:
    rings = json.loads(row["rings"])
    ended = (
        None if row["end_kind"] is None
        else Ended(row["end_kind"], row["end_reason"], row["ended_at"], row["successor"])
    )  # fmt: skip
    return Coverage(
        id=row["id"],
        region=row["region"],
        zone=row["zone"],
        items=tuple(row["items"]),
        result=row["result"],
        access_standard=row["access_standard"],
        negative_list=tuple(row["negative_list"]),
        document=Source(row["document"], cast("TextSeen", row["text_seen"]), row["place"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        area=area_of(rings) if rings else None,
        supersedes=row["supersedes"],
        is_example=row["is_example"],
        recorded_at=row["recorded_at"],
        ended=ended,
    )


_INSERT_SAVING = """
INSERT INTO coverage_saving (demand, coverages, items, region, city, owner_code, project_code, fee_fen, days, baseline,
  is_example, saved_at)
SELECT id, $2, array_prepend(item, further_items), region, city, owner_code, project_code, $3, $4, $5::text::jsonb,
  is_example, $6
FROM demand WHERE id = $1
"""
_SAVINGS = """
SELECT demand, fee_fen, days, saved_at, baseline::text AS baseline FROM coverage_saving
WHERE saved_at >= $1 AND saved_at < $2 AND (cardinality($3::text[]) = 0 OR region = ANY($3)) AND (NOT is_example OR $4)
ORDER BY saved_at, demand
"""
_MILESTONES = """
SELECT milestone, reached_on, is_standard_land, is_pledged, stated_at FROM project_milestone
WHERE project_code = $1 ORDER BY stated_at, id
"""
_INSERT_MILESTONE = """
INSERT INTO project_milestone (id, project_code, milestone, reached_on, is_standard_land, is_pledged, stated_by,
  stated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def insert_saving(
    connection: Connection, demand: str, coverages: Sequence[str], saved: tuple[int | None, int | None],
    baseline: Mapping[str, Json], *, at: datetime,
) -> None:  # fmt: skip
    """Keep what the demand that was given up saved: fen and days."""
    await connection.execute(
        _INSERT_SAVING, demand, list(coverages), *saved, json.dumps(dict(baseline), ensure_ascii=False), at
    )  # fmt: skip


async def savings_between(
    connection: Connection, first: datetime, until: datetime, *, regions: Sequence[str], example: bool
) -> tuple[Saving, ...]:
    """What was saved in a half-open period in these regions (none: everywhere)."""
    rows = await connection.fetch(_SAVINGS, first, until, list(regions), example)
    return tuple(
        Saving(row["demand"], row["fee_fen"], row["days"], row["saved_at"], json.loads(row["baseline"])) for row in rows
    )


async def insert_milestone(
    connection: Connection, identifier: str, project: str, one: Milestone, *, by: str, at: datetime
) -> None:
    """Keep what was stated of a project."""
    await connection.execute(
        _INSERT_MILESTONE, identifier, project, one.name, one.reached_on, one.is_standard_land, one.is_pledged, by, at
    )


async def milestones_of(connection: Connection, project: str) -> tuple[Milestone, ...]:
    """What was stated of a project, oldest first."""
    return tuple(
        Milestone(row["milestone"], row["reached_on"], row["is_standard_land"], row["is_pledged"], row["stated_at"])
        for row in await connection.fetch(_MILESTONES, project)
    )
