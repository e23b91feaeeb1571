"""The writes about people behind agencies: relations, practitioners, rulings of holds for review."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.claim_practitioner import ClaimPractitioner, PractitionerClaimed, claim_practitioner
from marketplace.usecases.release_practitioner import (
    PractitionerReleased,
    ReleasePractitioner,
    release_practitioner,
)
from marketplace.usecases.rule_hold import HoldRuled, RuleHold, rule_hold
from marketplace.usecases.state_relations import RelationsStated, StateRelations, state_relations
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import AGENCIES, CREDIT

_AGENCY = "/agencies/{agency:str}"

PEOPLE_WRITES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_AGENCY}/relations", "stateRelations", AGENCIES, "申报关联信息 / State the people behind an agency",
        StateRelations, RelationsStated,
        lambda visit, command: state_relations(
            visit.database, visit.caller, command, profile=visit.profile, identifiers=visit.identifiers
        ),
        ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/practitioners", "claimPractitioner", AGENCIES, "登记执业人员 / Claim a practitioner",
        ClaimPractitioner, PractitionerClaimed,
        lambda visit, command: claim_practitioner(
            visit.database, visit.caller, command, profile=visit.profile, identifiers=visit.identifiers
        ),
        ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/practitioners/{{claim:str}}/release", "releasePractitioner", AGENCIES,
        "注销执业登记 / Let a practitioner go", ReleasePractitioner, PractitionerReleased,
        lambda visit, command: release_practitioner(visit.database, visit.caller, command), ("agency", "claim"),
    )),
    handler_of(Write(
        f"{_AGENCY}/holds/{{hold:str}}/ruling", "ruleHold", CREDIT, "关联核查结论 / Rule on a hold for review",
        RuleHold, HoldRuled,
        lambda visit, command: rule_hold(visit.database, visit.caller, command, profile=visit.profile),
        ("agency", "hold"), second="approvers",
    )),
)  # fmt: skip
"""Each needs an actor."""
