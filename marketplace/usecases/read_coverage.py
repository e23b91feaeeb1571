"""Which regional assessments stand where, for what, and what have they saved?

Savings say their period, their sample and their definition: the median of similar awards for each demand that its owner
gave up, summed; a demand with nothing similar is counted, and adds nothing. Source: market.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from commons.errors import NotFound
from commons.instants import beijing_date, start_of_day
from commons.regions import REGIONS
from marketplace.catalogue.coverage import Coverage, Savings, add_up
from marketplace.catalogue.store import coverage_by_id, list_coverages, savings_between
from marketplace.database import Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_versions import known_region

YEAR = 365


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """Coverages by id; ``next`` goes on from there, None at the end; ``on`` is the day by which they are valid."""

    now: datetime
    on: date
    rows: tuple[Coverage, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class SavingsRead:
    """The savings of a half-open period of Beijing days."""

    now: datetime
    first: date
    until: date
    savings: Savings


async def read_coverages(
    database: Database, *, region: str = "", item: str = "", only_valid: bool = True, after: str = "", limit: int = 20
) -> CoveragePage:
    """A page; ``region`` takes what lies in it, ``Malformed`` for an unknown one."""
    regions = _within(region)
    async with reading(database) as snapshot:
        on = beijing_date(snapshot.now)
        rows = await list_coverages(
            snapshot.connection, regions=regions, item=item, only_valid=only_valid, on=on, after=after, limit=limit + 1
        )
    return CoveragePage(snapshot.now, on, rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


async def read_coverage(database: Database, identifier: str) -> tuple[Coverage, date]:
    """The coverage of that id, and the day; ``NotFound`` otherwise."""
    async with reading(database) as snapshot:
        found = await coverage_by_id(snapshot.connection, identifier)
        if found is None:
            raise NotFound("coverage", identifier)
        return found, beijing_date(snapshot.now)


async def read_savings(
    database: Database, *, first: date | None, until: date | None, region: str = "", example: bool = True
) -> SavingsRead:
    """The savings from ``first`` (a year ago) to before ``until`` (tomorrow)."""
    regions = _within(region)
    async with reading(database) as snapshot:
        today = beijing_date(snapshot.now)
        end = date.fromordinal(today.toordinal() + 1) if until is None else until
        start = date.fromordinal(max(1, end.toordinal() - YEAR)) if first is None else first
        rows = await savings_between(
            snapshot.connection, start_of_day(start), start_of_day(end), regions=regions, example=example
        )
    return SavingsRead(snapshot.now, start, end, add_up(rows))


def _within(region: str) -> tuple[str, ...]:
    if not region:
        return ()
    code = known_region(region)
    return tuple(one.code for one in REGIONS.rows if REGIONS.contains(code, one.code))
