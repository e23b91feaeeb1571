"""What the acts of an inspection share: the plan and the matter as their records make them.

Source: credit.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Recorded
from credit.inspection import Call, Inspector, Visit, draw_visits
from marketplace.database import Connection
from marketplace.record.store import load

_OF_PLAN = """
SELECT data->>'inspection' AS id FROM record_event
WHERE subject = $1 AND type = 'inspection.opened' ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A yearly plan (年度抽查计划): whose departments, where, how many visits in all."""

    id: str
    year: int
    region: str
    departments: tuple[str, ...]
    targets: int
    basis: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a visit found: passed, or the rule broken; ``fact`` is what it became."""

    agency: str
    code: str
    fact: str
    basis: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Voiding:
    """Why an announced draw was given up, and the two regulators who approved."""

    reason: str
    approvers: tuple[str, ...]
    voided_at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection: what was announced, what was drawn from which inputs, what was found; or that it was voided.

    ``preimage`` is the operator's part: private until the draw, None once erased.
    """

    id: str
    plan: str
    call: Call
    commitments: Mapping[str, str]
    preimage_sha256: str
    announced_at: datetime
    preimage: str | None = None
    inputs: Mapping[str, Json] | None = None
    visits: tuple[Visit, ...] = ()
    drawn_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    voided: Voiding | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was announced and is yet to be drawn."""
        return self.drawn_at is None and self.voided is None

    @property
    def is_repeatable(self) -> bool | None:
        """Whether the published inputs give the published visits again; None before the draw."""
        return None if self.inputs is None else draw_visits(self.call, self.inputs) == self.visits


async def plan_of(connection: Connection, identifier: str) -> Plan:
    """The plan of that id; ``NotFound`` otherwise."""
    recorded = await load(connection, [f"inspection-plan/{identifier}"])
    if not recorded:
        raise NotFound("inspection_plan", identifier)
    event = recorded[0].event
    data = cast("dict[str, Any]", event.data)
    return Plan(
        identifier, data["year"], data["region"], tuple(data["departments"]), data["targets"], data["basis"], event.at
    )


async def opened_in(connection: Connection, plan: str) -> tuple[Inspection, ...]:
    """The inspections of a plan, in the order they were announced."""
    found = [row["id"] for row in await connection.fetch(_OF_PLAN, f"inspection-plan/{plan}")]
    return tuple([await inspection_of(connection, one) for one in found])


def targets_left(plan: Plan, opened: Iterable[Inspection]) -> int:
    """How many visits of a plan may still be announced; what was voided takes none."""
    return plan.targets - sum(one.call.targets for one in opened if one.voided is None)


async def inspection_of(connection: Connection, identifier: str) -> Inspection:
    """The inspection of that id; ``NotFound`` otherwise."""
    found = _fold(identifier, await load(connection, [f"inspection/{identifier}"]))
    if found is None:
        raise NotFound("inspection", identifier)
    return found


def _fold(identifier: str, recorded: Iterable[Recorded]) -> Inspection | None:
    found: Inspection | None = None
    for one in recorded:
        data = cast("dict[str, Any]", one.event.data)
        if one.event.type == "inspection.announced":
            preimage = None if one.private is None else cast("str", one.private["preimage"])
            found = Inspection(
                identifier, data["plan"], _call(data), data["commitments"], data["preimage_sha256"], one.event.at,
                preimage,
            )  # fmt: skip
        assert found is not None, "an inspection begins with its announcement"
        if one.event.type == "inspection.drawn":
            visits = tuple(_visit(each) for each in data["visits"])
            inputs = {"salt": data["salt"], "ikm": data["ikm"]}
            found = replace(found, inputs=inputs, visits=visits, drawn_at=one.event.at)
        elif one.event.type == "inspection.found":
            finding = Finding(data["agency"], data["code"], data["fact"], data["basis"], one.event.at)
            found = replace(found, findings=(*found.findings, finding))
        elif one.event.type == "inspection.voided":
            found = replace(found, voided=Voiding(data["reason"], tuple(data["approvers"]), one.event.at))
    return found


def call_json(call: Call) -> dict[str, Json]:
    """What is announced, for the record."""
    candidates: list[Json] = [[agency, tickets] for agency, tickets in call.candidates]
    inspectors: list[Json] = [
        {"id": one.id, "department": one.department, "related": list(one.related)} for one in call.inspectors
    ]
    return {
        "candidates": candidates, "inspectors": inspectors, "departments": list(call.departments),
        "targets": call.targets, "each": call.each,
    }  # fmt: skip


def _call(data: Mapping[str, Any]) -> Call:
    return Call(
        tuple((agency, tickets) for agency, tickets in data["candidates"]),
        tuple(Inspector(one["id"], one["department"], tuple(one["related"])) for one in data["inspectors"]),
        tuple(data["departments"]), data["targets"], data["each"],
    )  # fmt: skip


def visit_json(visit: Visit) -> dict[str, Json]:
    """One visit, for the record."""
    sent: list[Json] = [[department, list(inspectors)] for department, inspectors in visit.inspectors]
    return {"agency": visit.agency, "inspectors": sent}


def _visit(data: Mapping[str, Any]) -> Visit:
    sent = tuple((department, tuple(inspectors)) for department, inspectors in data["inspectors"])
    return Visit(data["agency"], sent)
