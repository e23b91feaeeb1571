"""The writes of credit that came later: what an agency states, what authorities send, inspections."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.announce_inspection import AnnounceInspection, InspectionAnnounced, announce_inspection
from marketplace.usecases.draw_inspection import DrawInspection, InspectionDrawn, draw_inspection
from marketplace.usecases.import_decisions import DecisionsImported, ImportDecisions, import_decisions
from marketplace.usecases.lift_restriction import LiftRestriction, RestrictionLifted, lift_restriction
from marketplace.usecases.plan_inspections import InspectionsPlanned, PlanInspections, plan_inspections
from marketplace.usecases.record_finding import FindingRecorded, RecordFinding, record_finding
from marketplace.usecases.state_at_hearing import StateAtHearing, StatementMade, state_at_hearing
from marketplace.usecases.void_inspection import InspectionVoided, VoidInspection, void_inspection
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import CREDIT

_NOTICE = "/agencies/{agency:str}/restriction-notices/{notice:str}"
_INSPECTION = "/inspections/{inspection:str}"

_GIVEN: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_NOTICE}/statements", "stateAtHearing", CREDIT, "陈述申辩 / State one's case at a hearing",
        StateAtHearing, StatementMade,
        lambda visit, command: state_at_hearing(visit.database, visit.caller, command), ("agency", "notice"),
    )),
    handler_of(Write(
        "/agencies/{agency:str}/restrictions/{restriction:str}/lift", "liftRestriction", CREDIT,
        "解除限制 / Lift a restriction", LiftRestriction, RestrictionLifted,
        lambda visit, command: lift_restriction(visit.database, visit.caller, command), ("agency", "restriction"),
        second="approvers",
    )),
    handler_of(Write(
        "/credit-imports", "importDecisions", CREDIT, "归集行政决定 / Import a signed file of authorities' decisions",
        ImportDecisions, DecisionsImported,
        lambda visit, command: import_decisions(visit.database, visit.caller, command, feeds=visit.feeds),
    )),
)  # fmt: skip

_INSPECTIONS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/inspection-plans", "planInspections", CREDIT, "年度抽查计划 / Plan a year's inspections",
        PlanInspections, InspectionsPlanned,
        lambda visit, command: plan_inspections(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/inspection-plans/{plan:str}/inspections", "announceInspection", CREDIT,
        "公布抽查名录 / Announce an inspection draw", AnnounceInspection, InspectionAnnounced,
        lambda visit, command: announce_inspection(visit.database, visit.caller, command, profile=visit.profile),
        ("plan",),
    )),
    handler_of(Write(
        f"{_INSPECTION}/draw", "drawInspection", CREDIT, "双随机抽取 / Draw an inspection",
        DrawInspection, InspectionDrawn,
        lambda visit, command: draw_inspection(visit.database, visit.caller, command), ("inspection",),
    )),
    handler_of(Write(
        f"{_INSPECTION}/void", "voidInspection", CREDIT, "作废抽查公布 / Void an announced draw",
        VoidInspection, InspectionVoided,
        lambda visit, command: void_inspection(visit.database, visit.caller, command), ("inspection",),
        second="approvers",
    )),
    handler_of(Write(
        f"{_INSPECTION}/findings", "recordFinding", CREDIT, "公布抽查结果 / Record what a visit found",
        RecordFinding, FindingRecorded,
        lambda visit, command: record_finding(visit.database, visit.caller, command), ("inspection",),
    )),
)  # fmt: skip

CREDIT_WRITES: tuple[HTTPRouteHandler, ...] = (*_GIVEN, *_INSPECTIONS)
"""Each needs an actor."""
