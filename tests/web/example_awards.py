"""Example views of results, made from cases that the engine decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bidding.case import Case
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.web.casework.explained import explain
from marketplace.web.casework.terms import terms_view
from marketplace.web.views.awards import AwardFilter, AwardListView, AwardRow, AwardView, Left, Verification
from marketplace.web.views.demands import Recusal
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import (
    AgencyRef,
    DemandState,
    ItemRef,
    ModeCount,
    Option,
    Place,
    Publicity,
    TimelineEntry,
    Turning,
)
from tests.web import example_cases as cases
from tests.web.example_cases import LONG_NAME, OPENING, agency, people

PLACE = Place("330304", "温州市", "瓯海区", "梧田街道")
ITEM = ItemRef("RA03", "水土保持方案编制")
RULE = Source("选取规则（docs/reference/selection.md）", "yes", "3")


def rows() -> tuple[AwardRow, ...]:
    """Publicity, awarded, unsuccessful, a winner with a long name, a price at the ceiling."""
    too_few = Reason("too_few_bidders", RULE, {"valid": 2, "minimum": 3})
    winner = AgencyRef(cases.code(1), LONG_NAME)
    made = AwardRow(
        "A1", "瓯海区梧田片区改造工程水土保持方案", "comprehensive", PLACE, ITEM, 18_000_000, "publicity", OPENING,
        agency(0), 13_860_000, 4,
    )  # fmt: skip
    return (
        made,
        AwardRow(
            "A2", "平阳县水头镇皮革园区区域环评", "multi_round", PLACE, ITEM, 38_000_000, "awarded",
            OPENING - timedelta(days=1), agency(4), 31_200_000, 6,
        ),
        AwardRow(
            "A3", "苍南县马站镇压覆重要矿产资源评估", "comprehensive", PLACE, ITEM, 9_000_000, "unsuccessful",
            OPENING - timedelta(days=400), bidders=2, reason=too_few,
        ),
        AwardRow(
            "A4", "鹿城区七都岛雷电灾害风险评估", "instant", PLACE, ITEM, 2_500_000, "awarded", OPENING, winner,
            2_500_000, 12,
        ),
    )  # fmt: skip


def listed(*, total: int, page: int = 1, chosen: AwardFilter | None = None) -> AwardListView:
    """A list under a filter."""
    options = (Option("RA03", "水土保持方案编制"),)
    counts = (ModeCount("comprehensive", total // 2), ModeCount("multi_round", total - total // 2))
    cities = (Option("330300", "温州市"),)
    turning = Turning(0, len(rows()) if total else 0, total, "d1-D1" if page > 1 else "", "d2-D2")
    return AwardListView(chosen or AwardFilter(), options, cities, counts, rows() if total else (), turning)


def award(
    case: Case,
    state: DemandState = "publicity",
    *,
    agencies: Mapping[str, AgencyRef] | None = None,
    nobody_left: bool = False,
    picked: str | None = None,
) -> AwardView:
    """The page of a case; one more was refused at sign-up."""
    made = explain(case, agencies or people(20), nobody_left=nobody_left, picked=picked)
    params = {"kind": "水土保持方案编制", "valid_until": "2026-11-01", "on": "2026-11-18"}
    refused = Left(
        AgencyRef(cases.code(19), "温州东屿工程技术有限公司（示例）"),
        reasons=(
            Reason("qualification_expired_at_close", Source("水土保持法（示例）", "partial", "第 25 条"), params),
            Reason("recused", Source("报名准入规则", "no"), {"reason": "同一项目可研编制单位"}),
        ),
        is_before_offers=True,
    )
    has_winner = made.winner is not None
    return AwardView(
        id="A1",
        demand_id="D1",
        title="瓯海区梧田片区改造工程水土保持方案",
        state=state,
        outcome=made.outcome,
        owner_name="瓯海新城建设投资有限公司（示例）",
        project_name="瓯海区梧田片区改造工程（示例）",
        project_code="2610-330304-04-01-104270",
        items=(ITEM,),
        place=PLACE,
        terms=terms_view(case.terms, digest="3b1f0a77" * 8),
        decided_at=OPENING,
        result=made.result,
        left=(*made.left, refused),
        recusals=(Recusal("绍兴稽山工程咨询有限公司（示例）", "编制了同一项目的可行性研究报告"),),
        timeline=timeline(),
        verification=Verification("3b1f0a77" * 8, "c07a9e21" * 8, 27),
        valid_offers=made.valid_offers,
        winner=made.winner,
        price_fen=made.price_fen,
        discount_bp=made.discount_bp,
        offered_days=made.offered_days,
        total=made.total,
        effective=made.effective,
        publicity=Publicity(OPENING, OPENING + timedelta(days=4, hours=10), 3) if has_winner else None,
        objection_answer_workdays=3,
        objection="/complaints/award?demand=A1" if has_winner else "",
        draw=made.draw,
        reason=made.reason,
        explained_by=made.explained_by,
    )


def timeline() -> tuple[TimelineEntry, ...]:
    """One procedure, oldest first."""
    return (
        TimelineEntry(OPENING - timedelta(days=10), "demand_published"),
        TimelineEntry(OPENING - timedelta(days=2), "sign_up_closed", {"signed_up": 5, "refused": 1}),
        TimelineEntry(OPENING - timedelta(hours=3), "plan_marks_locked", {"reviewers": 5}),
        TimelineEntry(OPENING - timedelta(hours=2), "offers_opened"),
        TimelineEntry(OPENING, "publicity", {"workdays": 3}, until=OPENING + timedelta(days=4, hours=10)),
    )


def pages() -> Mapping[str, PageView]:
    """Every example of this room."""
    long_names = {name: AgencyRef(one.uscc, LONG_NAME) for name, one in people(20).items()}
    return {
        "award-list": listed(total=1_000, page=7),
        "award-list-empty": listed(total=0, chosen=AwardFilter(outcome="unsuccessful", mode="instant")),
        "award": award(cases.mock_case()),
        "award-wide": award(cases.wide_case()),
        "award-long": award(cases.mock_case(), agencies=long_names),
        "award-unsuccessful": award(cases.few_case(), "unsuccessful"),
        "award-nobody-left": award(cases.mock_case(), "unsuccessful", nobody_left=True),
        "award-tied": award(cases.tied_case()),
        "award-undrawn": award(cases.undrawn_case(), "evaluating"),
        "award-low": award(cases.low_case(), "evaluating"),
        "award-rounds": award(cases.rounds_case()),
        "award-rounds-long": award(cases.rounds_case(), "awarded", agencies=long_names),
        "award-shelf": award(cases.shelf_case(), "awarded"),
        "award-shelf-value": award(cases.shelf_case("best_value"), "awarded"),
    }
