"""Draw an inspection: the departments open their parts, the operator's is opened with them, and the visits follow.

Missing parts stall the draw and are named; there is no default. Inputs and result are in the record: anybody repeats
the draw from them. Source: trust.md section 5.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed
from commons.verdicts import Refused
from credit.inspection import Visit, draw_inputs, draw_visits, judge_inputs, nonce_commitment
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Identifier, Message, Name, Nonce, clock, perform, require
from marketplace.usecases.inspections import Inspection, inspection_of, plan_of, visit_json


class OpenedPart(Message):
    """A department's part of the draw, as it committed to it."""

    department: Name
    nonce: Nonce


class DrawInspection(Message):
    """Which inspection, and the parts that are opened."""

    inspection: Identifier
    parts: Annotated[list[OpenedPart], Field(max_length=8)]


class DrawnVisit(Message):
    """One joint visit: the agency, and who is sent by each department."""

    agency: str
    inspectors: dict[str, list[str]]


class InspectionDrawn(Message):
    """Drawn since, from these inputs (hex); the same inputs give the same visits for ever."""

    inspection: str
    drawn_at: datetime
    salt: str
    ikm: str
    visits: list[DrawnVisit]


async def draw_inspection(database: Database, caller: Caller, command: DrawInspection) -> InspectionDrawn | Refused:
    """Draw once; refused while a department's part is missing, ``Malformed`` for one that was not committed to."""
    require(caller, "draw_inspection")

    async def work(connection: Connection) -> InspectionDrawn | Refused:
        subject = f"inspection/{command.inspection}"
        last = await hold(connection, subject)
        matter = await inspection_of(connection, command.inspection)
        require(caller, "draw_inspection", region=(await plan_of(connection, matter.plan)).region)
        if matter.drawn_at is not None:
            raise Conflict("already_drawn", "there is one draw in a matter")
        if matter.voided is not None:
            raise Conflict("inspection_was_voided", "what was voided is announced anew, with other parts")
        nonces = _opened(command, matter)
        ruling = judge_inputs(matter.call.departments, nonces)
        if isinstance(ruling, Refused):
            return ruling
        assert matter.preimage is not None, "the operator's part is kept until the draw"
        inputs = draw_inputs(matter.preimage, nonces)
        visits = draw_visits(matter.call, inputs)
        at = await clock(connection, *last)
        told: list[Json] = [visit_json(one) for one in visits]
        await append(
            connection, subject, [Act("inspection.drawn", {**inputs, "visits": told})], actor=caller.actor, at=at
        )
        return InspectionDrawn(
            inspection=command.inspection, drawn_at=at, salt=str(inputs["salt"]), ikm=str(inputs["ikm"]),
            visits=[drawn_visit(one) for one in visits],
        )  # fmt: skip

    return await perform(database, caller, command, InspectionDrawn, work)


def _opened(command: DrawInspection, matter: Inspection) -> dict[str, str]:
    """The parts by department; ``Malformed`` for a stranger's, a second one, or another than was committed to."""
    nonces: dict[str, str] = {}
    faults = []
    for place, part in enumerate(command.parts):
        committed = matter.commitments.get(part.department)
        if committed is None or part.department in nonces:
            faults.append(Fault(f"/parts/{place}/department", "one_each", "each department of the plan, once"))
        elif nonce_commitment(matter.plan, part.department, part.nonce) != committed:
            faults.append(Fault(f"/parts/{place}/nonce", "not_committed", "this is not what was committed to"))
        nonces[part.department] = part.nonce
    if faults:
        raise Malformed(tuple(faults))
    return nonces


def drawn_visit(one: Visit) -> DrawnVisit:
    """A visit as an answer."""
    return DrawnVisit(agency=one.agency, inspectors={department: list(sent) for department, sent in one.inspectors})
