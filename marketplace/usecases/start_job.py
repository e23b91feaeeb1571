"""Ask for long work (批量任务): an import of a large sheet, the whole of a list, every award of a period recomputed.

Asking keeps a job and answers at once; a server takes it up (``long_work``). Invariants: nobody has more than ``MOST``
jobs that have not ended; who may do the thing at once may ask for it, and is asked again at every step.
Source: pages.md (long work), docs/adr/0035.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed
from marketplace.database import Connection, Database
from marketplace.longwork import store
from marketplace.longwork.job import Job, Kind
from marketplace.usecases.act import (
    YEARS,
    Caller,
    Identifier,
    Message,
    clock,
    new_identifier,
    perform,
    require,
    who_asks,
)
from marketplace.usecases.attach_file import Digest

MOST = 3
"""Jobs of one person that have not ended."""
ListedWhole = Literal["demands", "awards", "agencies"]
DayText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class StartImport(Message):
    """The sheet as it was added before: its attachment, its name and SHA-256."""

    kind: Literal["import_agencies", "import_demands"]
    attachment: Identifier
    name: Annotated[str, Field(max_length=300)]
    sha256: Digest


class StartExport(Message):
    """A list, and the query of its address as it is written there ("": all of it)."""

    listed: ListedWhole
    query: Annotated[str, StringConstraints(max_length=1_000, pattern=r"^[!-~]*$")] = ""


class StartVerification(Message):
    """The Beijing days on which the awards were decided, first and last."""

    since: DayText
    until: DayText


class JobStarted(Message):
    """The job; it goes on by itself, and its page and address say how far it is."""

    job: str
    kind: str
    queued_at: datetime


async def start_import(database: Database, caller: Caller, command: StartImport) -> JobStarted:
    """Keep a job that imports the sheet; ``Conflict`` for whoever has ``MOST`` that have not ended."""
    if command.kind == "import_agencies":
        require(caller, "import_agencies")
    else:
        require(caller, "import_demands")
    asked: dict[str, Json] = {
        "attachment": command.attachment, "name": command.name, "sha256": command.sha256,
    }  # fmt: skip
    return await _start(database, caller, command, command.kind, asked)


async def start_export(database: Database, caller: Caller, command: StartExport) -> JobStarted:
    """Keep a job that writes the whole of a list into a file; ``Conflict`` as above."""
    require(caller, "start_export")
    return await _start(
        database, caller, command, "export_list", {"listed": command.listed, "query": command.query}
    )  # fmt: skip


async def start_verification(database: Database, caller: Caller, command: StartVerification) -> JobStarted:
    """Keep a job that computes every award of the days anew; ``Malformed`` for days that are none, or end early."""
    require(caller, "start_verification")
    since, until = (_day(f"/{name}", getattr(command, name)) for name in ("since", "until"))
    if until < since:
        raise Malformed((Fault("/until", "before_since", "must not be before since"),))
    asked: dict[str, Json] = {"since": since.isoformat(), "until": until.isoformat()}
    return await _start(database, caller, command, "verify_awards", asked)


def _day(pointer: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Malformed((Fault(pointer, "not_a_day", "must be a day: YYYY-MM-DD"),)) from None
    if found.year not in YEARS:
        raise Malformed((Fault(pointer, "out_of_range", f"must lie in the years {YEARS[0]} to {YEARS[-1]}"),))
    return found


async def _start(
    database: Database, caller: Caller, command: Message, kind: Kind, asked: dict[str, Json]
) -> JobStarted:
    owner = who_asks(caller)

    async def work(connection: Connection) -> JobStarted:
        await store.hold_owner(connection, owner)
        if await store.unfinished(connection, owner) >= MOST:
            raise Conflict("too_many_jobs", f"at most {MOST} jobs at a time: wait for one to end, or cancel it")
        await store.drop_old_files(connection)
        at = await clock(connection)
        job = Job(
            new_identifier("J", at=at), kind, owner, caller.actor.role, caller.actor.id, badge_json(caller), asked,
            "queued", at,
        )  # fmt: skip
        await store.insert(connection, job)
        return JobStarted(job=job.id, kind=kind, queued_at=at)

    done = await perform(database, caller, command, JobStarted, work)
    assert isinstance(done, JobStarted), "asking is never refused"
    return done


def badge_json(caller: Caller) -> dict[str, Json] | None:
    """As what somebody asks, to be kept with his job; mandates are read anew when they are needed."""
    badge = caller.badge
    if badge is None:
        return None
    scopes: list[Json] | None = None if badge.scopes is None else [*sorted(badge.scopes)]
    return {
        "person": badge.person, "rank": badge.rank, "region": badge.region, "line": badge.line,
        "scopes": scopes, "role_id": badge.role_id,
    }  # fmt: skip
