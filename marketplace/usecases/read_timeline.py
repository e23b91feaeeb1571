"""How far is a project on its clock? Its milestones, and the demands that were published for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from commons.codes import ProjectCode
from commons.errors import Malformed, NotFound
from commons.instants import beijing_date
from marketplace.catalogue.store import milestones_of
from marketplace.catalogue.timeline import Bought, Milestone, Timeline, timeline
from marketplace.database import Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.rules_in_force import rules_in_force

MOST = 200
_DEMANDS = """
SELECT id, title, item, further_items, state, posted_at, published_at, decided_at, region, project_name FROM demand
WHERE project_code = $1 AND (published_at IS NOT NULL OR state = 'covered') ORDER BY posted_at, id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class ProjectTimeline:
    """The project's clock as of a day, what was stated of it, and every demand, oldest first."""

    now: datetime
    on: date
    project_code: str
    project_name: str
    region: str
    timeline: Timeline
    milestones: tuple[Milestone, ...]
    demands: tuple[Bought, ...]


async def read_timeline(database: Database, project: str, *, profile: str) -> ProjectTimeline:
    """The timeline; ``NotFound`` for a project that no published demand names."""
    try:
        code = ProjectCode.parse(project).code
    except Malformed:
        raise NotFound("project", project) from None
    async with reading(database) as snapshot:
        rows = await snapshot.connection.fetch(_DEMANDS, code, MOST)
        if not rows:
            raise NotFound("project", project)
        region = rows[0]["region"]
        rules = await rules_in_force(snapshot.connection, profile, region, at=snapshot.now)
        stated = await milestones_of(snapshot.connection, code)
    today = beijing_date(snapshot.now)
    bought = tuple(
        Bought(
            row["id"], row["title"], (row["item"], *row["further_items"]), row["state"],
            beijing_date(row["posted_at"]), _day(row["published_at"]), _day(row["decided_at"]),
        )
        for row in rows
    )  # fmt: skip
    found = timeline(rules.profile, stated, bought, today=today)
    return ProjectTimeline(
        snapshot.now, today, code, rows[0]["project_name"], region, found, stated, bought,
    )  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return None if at is None else beijing_date(at)
