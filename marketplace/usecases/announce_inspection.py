"""Announce an inspection draw: who may be drawn with how many tickets, and who may be sent, before any input is known.

The operator's part is made here and published as a hash; each department publishes the hash of its own. So nobody, the
operator included, knows or steers the result before the draw. Source: trust.md section 5, credit.md section 5.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Annotated

from pydantic import Field, StringConstraints

from commons.errors import Fault, Malformed
from commons.verdicts import Reason, Refused
from credit import store as credit
from credit.clocks import credit_clocks
from credit.inspection import INSPECTION_RULE, Call, Inspector, judge_call, ticket_table
from credit.lists import entries
from credit.rulebook import rulebook
from credit.scoring import score
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    Name,
    Nonce,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
)
from marketplace.usecases.inspections import Inspection, Plan, call_json, opened_in, plan_of, targets_left
from marketplace.usecases.plan_inspections import MAX_TARGETS
from marketplace.usecases.record_credit_fact import RULEBOOK

MAX_INSPECTORS = 500
MAX_RELATED = 200
MAX_CANDIDATES = 20_000
PROVINCE = "330000"
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]

_ON_FILE = """
SELECT uscc FROM agency JOIN agency_status ON agency = uscc
WHERE (standing <> 'withdrawn' OR standing_by = 'agency' AND standing_since >= $5)
  AND ($1 = $2 OR city = $1 OR region = $1) AND NOT uscc = ANY($3::text[])
ORDER BY uscc LIMIT $4
"""
"""Nobody is out by standing back: neither who suspended itself, nor who withdrew since the plan was published."""


class SentInspector(Message):
    """An inspector by pseudonym, whose department, and the agencies that one is related to."""

    id: Pseudonym
    department: Name
    related: Annotated[list[UsccText], Field(max_length=MAX_RELATED)] = Field(default_factory=list)


class Commitment(Message):
    """The hash of a department's part of the draw: ``nonce_commitment`` of the plan, the department and its nonce."""

    department: Name
    nonce_sha256: Nonce


class AnnounceInspection(Message):
    """Of which plan, how many agencies, how many inspectors of each department visit each, and who may be sent."""

    plan: Identifier
    targets: Annotated[int, Field(ge=1, le=MAX_TARGETS)]
    each: Annotated[int, Field(ge=1, le=10)] = 1
    inspectors: Annotated[list[SentInspector], Field(min_length=1, max_length=MAX_INSPECTORS)]
    commitments: Annotated[list[Commitment], Field(min_length=1, max_length=8)]


class InspectionAnnounced(Message):
    """Published since; who may be drawn, with how many tickets in all, and the hash of the operator's part."""

    inspection: str
    plan: str
    announced_at: datetime
    candidates: int
    tickets: int
    preimage_sha256: str


async def announce_inspection(
    database: Database, caller: Caller, command: AnnounceInspection, *, profile: str
) -> InspectionAnnounced | Refused:
    """Publish the call; refused beyond the plan, while a draw of it is open, or without enough to draw from.

    Refused too where there are more agencies than one announcement names: none is left out silently. Who was visited
    under the plan is not a candidate again: one visit for all departments (一次到位).
    """
    require(caller, "announce_inspection")

    async def work(connection: Connection) -> InspectionAnnounced | Refused:
        last = await hold(connection, f"inspection-plan/{command.plan}")
        plan = await plan_of(connection, command.plan)
        require(caller, "announce_inspection", region=plan.region)
        _check(command, plan)
        earlier = await opened_in(connection, plan.id)
        at = await clock(connection, *last)
        visited = sorted({visit.agency for one in earlier for visit in one.visits})
        rows = await connection.fetch(_ON_FILE, plan.region, PROVINCE, visited, MAX_CANDIDATES + 1, plan.planned_at)
        if len(rows) > MAX_CANDIDATES:
            return Refused((Reason("too_many_candidates", INSPECTION_RULE, {"most": MAX_CANDIDATES}),))
        call = await _call(connection, command, plan, [row["uscc"] for row in rows], profile=profile, at=at)
        ruling = judge_call(call)
        reasons = (*_beyond(command, plan, earlier), *(ruling.reasons if isinstance(ruling, Refused) else ()))
        if reasons:
            return Refused(reasons)
        return await _publish(connection, caller, command, call, at=at)

    return await perform(database, caller, command, InspectionAnnounced, work)


def _check(command: AnnounceInspection, plan: Plan) -> None:
    """Refuses (``Malformed``) inspectors named twice or of other departments, and parts that are not each one's."""
    faults = []
    if len({one.id for one in command.inspectors}) != len(command.inspectors):
        faults.append(Fault("/inspectors", "named_twice", "each inspector once"))
    if {one.department for one in command.inspectors} - set(plan.departments):
        faults.append(Fault("/inspectors", "unknown_department", "inspectors are of the plan's departments"))
    if sorted(one.department for one in command.commitments) != sorted(plan.departments):
        faults.append(Fault("/commitments", "one_each", "each department of the plan gives its part, once"))
    if faults:
        raise Malformed(tuple(faults))


def _beyond(command: AnnounceInspection, plan: Plan, earlier: tuple[Inspection, ...]) -> tuple[Reason, ...]:
    """What the plan does not allow: more visits than planned, two draws at once, a part used before (voided or not)."""
    reasons: list[Reason] = []
    left = targets_left(plan, earlier)
    if command.targets > left:
        reasons.append(Reason("plan_is_used_up", INSPECTION_RULE, {"left": left, "asked": command.targets}))
    if any(one.is_open for one in earlier):
        reasons.append(Reason("draw_is_open", INSPECTION_RULE))
    used = {part for one in earlier for part in one.commitments.values()}
    if used & {one.nonce_sha256 for one in command.commitments}:
        reasons.append(Reason("nonce_was_used", INSPECTION_RULE))
    return tuple(reasons)


async def _call(
    connection: Connection, command: AnnounceInspection, plan: Plan, agencies: list[str], *, profile: str, at: datetime
) -> Call:
    """Candidates with tickets by what is known of them now."""
    book, table, clocks = rulebook(RULEBOOK), ticket_table(), credit_clocks(profile)
    facts = await credit.facts(connection, agencies)
    candidates = []
    for agency, known in facts.items():
        grade = score(known, book, at=at, known_at=at).grade
        shown = entries(known, (), book, clocks, at=at)
        is_commended = any(one.list_name == "commendation" for one in shown)
        candidates.append((agency, table.tickets(grade, is_commended=is_commended)))
    inspectors = tuple(Inspector(one.id, one.department, tuple(one.related)) for one in command.inspectors)
    return Call(tuple(candidates), inspectors, plan.departments, command.targets, command.each)


async def _publish(
    connection: Connection, caller: Caller, command: AnnounceInspection, call: Call, *, at: datetime
) -> InspectionAnnounced:
    """Write the call down, in the inspection's record and in the plan's."""
    identifier, preimage = new_identifier("V", at=at), token_hex(32)
    commitment = sha256(b"inspection-preimage-v1" + identifier.encode() + b"\x00" + bytes.fromhex(preimage)).hexdigest()
    subject = f"inspection/{identifier}"
    await hold(connection, subject)
    announced = Act(
        "inspection.announced",
        {
            "plan": command.plan, **call_json(call), "preimage_sha256": commitment,
            "commitments": {one.department: one.nonce_sha256 for one in command.commitments},
        },
        private={"preimage": preimage},
    )  # fmt: skip
    await append(connection, subject, [announced], actor=caller.actor, at=at)
    opened = Act("inspection.opened", {"inspection": identifier, "targets": call.targets})
    await append(connection, f"inspection-plan/{command.plan}", [opened], actor=caller.actor, at=at)
    return InspectionAnnounced(
        inspection=identifier, plan=command.plan, announced_at=at, candidates=len(call.candidates),
        tickets=sum(tickets for _, tickets in call.candidates), preimage_sha256=commitment,
    )  # fmt: skip
