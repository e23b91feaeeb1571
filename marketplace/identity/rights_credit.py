"""Who may do what about credit: facts, restrictions, hearings, repair, inspections. Source: credit.md, market.md 1."""

from __future__ import annotations

from marketplace.identity.permissions import Permission, permission

CREDIT_RIGHTS: tuple[Permission, ...] = (
    permission("record_credit_fact", everyone=("operator", "regulator")),
    permission("object_to_fact", own=("agency",)),
    permission("answer_objection", downwards=True),
    permission("apply_for_repair", own=("agency",)),
    permission("grant_repair", downwards=True, step_up=True),
    permission("refuse_repair", downwards=True, step_up=True),
    permission("notice_restriction", downwards=True),
    permission("state_at_hearing", own=("agency",)),
    permission("restrict_agency", downwards=True, step_up=True, two_persons=True),
    permission("lift_restriction", downwards=True, step_up=True, two_persons=True),
    permission("rule_hold", downwards=True, step_up=True, two_persons=True),
    permission("import_decisions", everyone=("operator", "regulator")),
    permission("plan_inspections", downwards=True),
    permission("announce_inspection", downwards=True),
    permission("draw_inspection", downwards=True),
    permission("void_inspection", downwards=True, two_persons=True),
    permission("record_finding", downwards=True),
)
