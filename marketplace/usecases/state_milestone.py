"""State a milestone of a project (登记项目节点), or that it has standard land or the pledge.

A statement is never edited; a later one of the same milestone counts in its place. Owners state those of their own
projects: whose a project is shows in its demands. Source: market.md section 3.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from commons.codes import ProjectCode
from commons.errors import Fault, Malformed, NotFound
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.catalogue.store import insert_milestone, milestones_of
from marketplace.catalogue.timeline import Milestone, MilestoneName, out_of_order
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Message, clock, new_identifier, perform, require

_OWNERS = "SELECT DISTINCT owner_code, region FROM demand WHERE project_code = $1 ORDER BY owner_code, region"


class StateMilestone(Message):
    """The project, and the day a milestone was reached; or without one what is stated of the land and the pledge."""

    project_code: Annotated[str, Field(min_length=1, max_length=32)]
    milestone: MilestoneName | None = None
    reached_on: Annotated[date, Field(strict=False)] | None = None
    is_standard_land: bool | None = None
    is_pledged: bool | None = None


class MilestoneStated(Message):
    """On record since."""

    project_code: str
    milestone: str | None
    stated_at: datetime


async def state_milestone(database: Database, caller: Caller, command: StateMilestone) -> MilestoneStated | Refused:
    """Keep a statement; ``NotFound`` for a project that has no demand, ``Malformed`` with every fault."""
    require(caller, "state_milestone")
    project = ProjectCode.parse(command.project_code, pointer="/project_code").code

    async def work(connection: Connection) -> MilestoneStated | Refused:
        rows = await connection.fetch(_OWNERS, project)
        if not rows:
            raise NotFound("project", project)
        own = caller.actor.id if caller.actor.id in {row["owner_code"] for row in rows} else rows[0]["owner_code"]
        require(caller, "state_milestone", own=own, region=rows[0]["region"])
        at = await clock(connection, *await hold(connection, f"project/{project}"))
        known = await milestones_of(connection, project)
        one = Milestone(
            command.milestone or "flags", command.reached_on, command.is_standard_land, command.is_pledged, at
        )
        if faults := _faults(command, known, on=beijing_date(at)):
            raise Malformed(tuple(faults))
        by = f"{caller.actor.role}:{caller.actor.id}"
        await insert_milestone(connection, new_identifier("M", at=at), project, one, by=by, at=at)
        act = Act(
            "project.milestone_stated",
            {
                "milestone": command.milestone,
                "reached_on": None if command.reached_on is None else command.reached_on.isoformat(),
                "is_standard_land": command.is_standard_land,
                "is_pledged": command.is_pledged,
            },
        )
        await append(connection, f"project/{project}", [act], actor=caller.actor, at=at)
        return MilestoneStated(project_code=project, milestone=command.milestone, stated_at=at)

    return await perform(database, caller, command, MilestoneStated, work)


def _faults(command: StateMilestone, known: tuple[Milestone, ...], *, on: date) -> list[Fault]:
    faults: list[Fault] = []
    if (command.milestone is None) != (command.reached_on is None):
        faults.append(Fault("/reached_on", "day_missing", "a milestone has its day, and a day its milestone"))
    if command.milestone is None and command.is_standard_land is None and command.is_pledged is None:
        faults.append(Fault("", "nothing_stated", "a milestone, the land or the pledge"))
    if command.reached_on is not None and command.reached_on > on:
        faults.append(Fault("/reached_on", "in_the_future", f"not after {on.isoformat()}"))
    if command.milestone is not None and command.reached_on is not None:
        days = {one.name: one.reached_on for one in known if one.reached_on is not None}
        wrong = out_of_order({**days, command.milestone: command.reached_on})
        if wrong is not None:
            faults.append(Fault("/reached_on", "out_of_order", f"{wrong[0]} would come before {wrong[1]}"))
    return faults
