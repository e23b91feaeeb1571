"""Answer a case (转办件) that a neighbour sent: the result goes back to it, and the case leaves the work list.

Source: market.md section 5 (cases in, results out).
"""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from commons.canonical import Json
from commons.errors import Conflict, NotFound
from commons.instants import format_instant
from marketplace.database import Connection, Database
from marketplace.neighbours import store as neighbours
from marketplace.record import outbox
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require

_RESULTS = UUID("b1f0a2f7-4a64-5c1e-9d0c-3f1a1c6f2e20")


class AnswerCase(Message):
    """The case, and its result in words."""

    case: Identifier
    result: Ground


class CaseAnswered(Message):
    """Answered; the neighbour is told."""

    case: str
    neighbour: str
    answered_at: datetime


async def answer_case(database: Database, caller: Caller, command: AnswerCase) -> CaseAnswered:
    """Give the result; by a regulator of the case's region or above it. ``Conflict`` once it was given."""
    require(caller, "answer_case")

    async def work(connection: Connection) -> CaseAnswered:
        case = await neighbours.case_by_id(connection, command.case)
        if case is None:
            raise NotFound("case", command.case)
        require(caller, "answer_case", region=case.region)
        if case.answered_at is not None:
            raise Conflict("case_answered", "this case has its result")
        at = await clock(connection)
        await neighbours.close_case(connection, case.id, at=at)
        data: dict[str, Json] = {"case": case.message, "result": command.result, "by": caller.actor.id}
        identifier = str(uuid5(_RESULTS, case.id))
        payload: dict[str, Json] = {"id": identifier, "at": format_instant(at), "data": data}
        note = outbox.Note(identifier, "case.answered", case.about, payload)
        await outbox.note_own(connection, note, [case.neighbour], at=at)
        return CaseAnswered(case=case.id, neighbour=case.neighbour, answered_at=at)

    return cast("CaseAnswered", await perform(database, caller, command, CaseAnswered, work))
