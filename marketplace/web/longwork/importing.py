"""A large sheet as long work: read once as of the instant it was sent, then its rows in batches.

Invariants: a sheet with one wrong cell loads nothing; the same sheet is read the same by whoever takes the job up, so
that its rows are counted on; rows that the rules refuse are named, the others stay. Source: docs/adr/0035.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from commons.verdicts import Reason
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.identity.identifiers import Identifiers
from marketplace.longwork.job import Brought, Job, JobError
from marketplace.sheets.answers import SheetFault
from marketplace.usecases.act import Caller
from marketplace.usecases.add_qualification import AddQualification
from marketplace.usecases.import_rows import Said, import_agency_row, import_demand_row
from marketplace.usecases.long_work import Plain
from marketplace.usecases.read_attachment import read_attachment
from marketplace.web.imports.checking import check_agencies, check_demands
from marketplace.web.locale.reasons import reason_text

BATCH = 50
"""Rows of one step: about a tenth of a second."""
RowAct = Callable[[Connection, Caller, int], Awaitable[tuple[Said, ...]]]
Place = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the work of all kinds is done: database and files, the rules in force, how identifiers are kept."""

    database: Database
    files: Files
    profile: str
    identifiers: Identifiers


@dataclass(slots=True)
class SheetTask(Plain):
    """The rows of a sheet: the act of each, and where it stands."""

    act: RowAct | None = None
    places: Sequence[Place] = ()

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        """The next rows; None after the last."""
        assert self.act is not None, "a sheet that is not rejected has rows to do"
        rows = range(job.done, min(job.done + BATCH, len(self.places)))
        if not rows:
            return None
        errors: list[JobError] = []
        refused = 0
        for row in rows:
            said = await self.act(connection, caller, row)
            refused += bool(said)
            errors += [_error(self.places[row], code, words) for code, words in said]
        return Brought(len(rows), len(rows) - refused, refused, tuple(errors))


async def agencies_task(ground: Ground, job: Job, caller: Caller) -> SheetTask:
    """The agencies of the sheet, each with its certificates."""
    kept = await read_attachment(ground.database, ground.files, caller, job.text("attachment"))
    checked = await check_agencies(kept.body, at=job.queued_at)
    command = checked.command
    if command is None:
        return SheetTask(rejected=_rejected(checked.faults))
    papers: dict[str, list[AddQualification]] = {}
    for one in command.qualifications:
        papers.setdefault(one.agency, []).append(one)

    async def act(connection: Connection, by: Caller, row: int) -> tuple[Said, ...]:
        filing = command.agencies[row]
        return await import_agency_row(
            connection, by, filing, papers.get(filing.uscc, []), profile=ground.profile,
            identifiers=ground.identifiers,
        )  # fmt: skip

    count = len(command.agencies)
    return SheetTask(total=count, start=job.done, act=act, places=checked.places[:count])


async def demands_task(ground: Ground, job: Job, caller: Caller) -> SheetTask:
    """The demands of the sheet, each a draft."""
    kept = await read_attachment(ground.database, ground.files, caller, job.text("attachment"))
    checked = await check_demands(kept.body, at=job.queued_at)
    command = checked.command
    if command is None:
        return SheetTask(rejected=_rejected(checked.faults))

    async def act(connection: Connection, by: Caller, row: int) -> tuple[Said, ...]:
        return await import_demand_row(connection, by, command.demands[row], profile=ground.profile)

    return SheetTask(total=len(command.demands), start=job.done, act=act, places=checked.places)


def _rejected(faults: Sequence[SheetFault]) -> tuple[JobError, ...]:
    """Wrong cells, each by its address."""
    return tuple(
        JobError(one.row, " ".join(filter(None, (one.sheet, one.cell, one.column))), one.code, one.reason)
        for one in faults
    )


def _error(place: Place, code: str, said: Reason | str) -> JobError:
    sheet, row, name = place
    return JobError(
        row, " ".join(filter(None, (sheet, name))), code, reason_text(said) if isinstance(said, Reason) else said
    )
