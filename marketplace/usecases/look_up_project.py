"""What the investment-project platform knows of a project code: from what is kept; nothing waits for the platform.

A posting only notes that its code is to be looked up; a relay asks, and the answer is kept for the next who asks.
Until then the project is unverified, and whoever looks is told so. Source: market.md section 5.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from commons.codes import ProjectCode
from marketplace.database import Connection, Database
from marketplace.neighbours import store as neighbours
from marketplace.neighbours.opened import Neighbours
from marketplace.neighbours.store import Known
from marketplace.usecases.act import Message, clock

FRESH_FOR = timedelta(days=7)
"""How long an answer is good: an older one is asked for again with the next posting."""
AT_ONCE = 10
"""Projects looked up in one go."""
Check = Literal["verified", "unknown", "unverified"]


class ProjectStanding(Message):
    """What is known of a project: ``unknown``: the platform knows no such code; ``unverified``: it has not answered."""

    code: str
    check: Check
    name: str | None = None
    owner_code: str | None = None
    owner_name: str | None = None
    region: str | None = None
    answered_at: datetime | None = None


async def note_project(connection: Connection, code: str, *, at: datetime) -> Check:
    """What is known now, and that it is to be looked up where it is not, or long ago."""
    known = await neighbours.known_project(connection, code)
    is_stale = known is not None and known.answered_at is not None and at - known.answered_at > FRESH_FOR
    if known is None or (is_stale and known.asked_at < at - FRESH_FOR):  # whoever waits already is not asked for twice
        await neighbours.ask_project(connection, code, at=at)
    return _check(known)


async def read_project(database: Database, code: str) -> ProjectStanding:
    """What is known of a project code, by whoever asks; ``Malformed`` for what is no project code."""
    plain = ProjectCode.parse(code).code
    async with database.read() as connection:
        known = await neighbours.known_project(connection, plain)
    if known is None or known.project is None:
        return ProjectStanding(code=plain, check="unverified")
    said = known.project
    return ProjectStanding(
        code=plain, check=_check(known), name=said.name, owner_code=said.owner_code, owner_name=said.owner_name,
        region=said.region, answered_at=known.answered_at,
    )  # fmt: skip


async def look_up_waiting(database: Database, around: Neighbours) -> bool | None:
    """Ask the platform for the codes that wait; whether it answered, None when none waits."""
    platform = around.projects
    if platform is None:
        return None
    async with database.borrow() as connection:
        stale = await clock(connection) - FRESH_FOR
        codes = await neighbours.unanswered_projects(connection, stale=stale, limit=AT_ONCE)
    if not codes:
        return None
    for code in codes:
        said = await platform.look_up(code)
        if said is None:
            return None  # it does not answer: the others wait with this one
        async with database.transaction() as connection:
            await neighbours.keep_project(connection, said, at=await clock(connection))
    return True


def _check(known: Known | None) -> Check:
    if known is None or known.project is None:
        return "unverified"
    return "verified" if known.project.is_found else "unknown"
