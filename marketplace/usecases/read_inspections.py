"""Which inspections were planned, where, and how far is each? The latest plan first; everybody may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from marketplace.database import Database
from marketplace.usecases.inspections import Inspection, Plan, inspection_of, opened_in, plan_of, targets_left
from marketplace.usecases.read_snapshot import reading

MOST_PLANS = 50
"""Plans of one page."""
_PLANS = """
SELECT data->>'plan' AS id FROM record_event
WHERE type = 'inspection.planned' AND data->>'region' = ANY($1::text[]) ORDER BY seq DESC LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class PlanCourse:
    """A plan with its inspections, in the order announced, and how many visits it still has."""

    plan: Plan
    inspections: tuple[Inspection, ...]

    @property
    def left(self) -> int:
        """Visits that may still be announced."""
        return targets_left(self.plan, self.inspections)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of these regions as of ``now``."""

    now: datetime
    rows: tuple[PlanCourse, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One inspection with its plan, and the names of whom it visits."""

    now: datetime
    plan: Plan
    inspection: Inspection
    names: dict[str, str]


async def read_plans(database: Database, regions: Sequence[str]) -> Plans:
    """The plans of the regions, the latest first."""
    async with reading(database) as snapshot:
        connection = snapshot.connection
        found = [row["id"] for row in await connection.fetch(_PLANS, list(regions), MOST_PLANS)]
        rows = [PlanCourse(await plan_of(connection, one), await opened_in(connection, one)) for one in found]
    return Plans(snapshot.now, tuple(rows))


async def read_plan(database: Database, identifier: str) -> tuple[datetime, PlanCourse]:
    """One plan, and the instant of the answer; ``NotFound`` for an unknown one."""
    async with reading(database) as snapshot:
        connection = snapshot.connection
        course = PlanCourse(await plan_of(connection, identifier), await opened_in(connection, identifier))
    return snapshot.now, course


async def read_course(database: Database, identifier: str) -> Course:
    """One inspection; ``NotFound`` for an unknown one. The operator's part is in it: secret before the draw."""
    async with reading(database) as snapshot:
        connection = snapshot.connection
        found = await inspection_of(connection, identifier)
        plan = await plan_of(connection, found.plan)
        names = await agencies.names(connection, sorted({one.agency for one in found.visits}))
    return Course(snapshot.now, plan, found, names)
