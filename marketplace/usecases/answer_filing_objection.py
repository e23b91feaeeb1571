"""Answer a filing objection: rejected, or the filing is corrected or withdrawn, each with a published reason.

A withdrawal bars everything new under the same row as a restriction does; a regulator alone takes it back.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.changes import Particulars, changed
from agencies.filing import AgencyKind
from agencies.filing_objections import Answer, FilingObjection, judge_answer
from commons.canonical import Json
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Message,
    Name,
    RegionCode,
    UsccText,
    perform,
    require,
)
from marketplace.usecases.agency_leaving import hold_agency, leave
from marketplace.usecases.change_agency import put_change
from marketplace.usecases.downwards import require_over_agency


class AnswerFilingObjection(Message):
    """Which objection, the answer, its reason; a correction says what the filing reads from now on."""

    agency: UsccText
    objection: Identifier
    answer: Answer
    reason: Ground
    name: Name | None = None
    kind: AgencyKind | None = None
    region: RegionCode | None = None


class FilingObjectionAnswered(Message):
    """Decided since; whether after the day it was due, and what was taken off the shelf by a withdrawal."""

    objection: str
    agency: str
    answer: str
    answered_at: datetime
    is_late: bool
    shelf_offers_withdrawn: int


async def answer_filing_objection(
    database: Database, caller: Caller, command: AnswerFilingObjection
) -> FilingObjectionAnswered | Refused:
    """Decide it; refused where it is decided already or the correction changes nothing, ``NotFound`` for another's."""
    require(caller, "answer_filing_objection")

    async def work(connection: Connection) -> FilingObjectionAnswered | Refused:
        at = await hold_agency(connection, command.agency)
        await require_over_agency(connection, caller, "answer_filing_objection", command.agency)
        objection = await _objection(connection, command)
        before = await agencies.particulars(connection, command.agency)
        assert before is not None, "an agency with a status row is on file"
        after = Particulars(command.name or before.name, command.kind or before.kind, command.region or before.region)
        ruling = judge_answer(objection, command.answer, changes_something=bool(changed(before, after)))
        if isinstance(ruling, Refused):
            return ruling
        is_late = at >= objection.answer_due_at
        said: dict[str, Json] = {
            "objection": objection.id,
            "answer": command.answer,
            "reason": command.reason,
            "is_late": is_late,
        }
        acts, withdrawn = [Act("filing.objection_answered", said)], 0
        if command.answer == "corrected":
            acts.append(await put_change(connection, command.agency, before, after, objection=objection.id))
        elif command.answer == "withdrawn":
            left, act = await leave(
                connection, command.agency, "withdrawn", by="regulator", reason=command.reason, at=at,
                objection=objection.id,
            )  # fmt: skip
            acts.append(act)
            withdrawn = left.shelf_offers_withdrawn
        await agencies.answer_filing_objection(
            connection, objection.id, answer=command.answer, reason=command.reason, by=caller.actor.id, at=at
        )
        await append(connection, f"agency/{command.agency}", acts, actor=caller.actor, at=at)
        return FilingObjectionAnswered(
            objection=objection.id, agency=command.agency, answer=command.answer, answered_at=at, is_late=is_late,
            shelf_offers_withdrawn=withdrawn,
        )  # fmt: skip

    return await perform(database, caller, command, FilingObjectionAnswered, work)


async def _objection(connection: Connection, command: AnswerFilingObjection) -> FilingObjection:
    """The objection that the command names, to this agency's filing."""
    known = await agencies.filing_objections(connection, command.agency)
    found = next((one for one in known if one.id == command.objection), None)
    if found is None:
        raise NotFound("objection", command.objection)
    return found
