"""Cases of the modes that rank by place, of discount rates, and their example pages: decided by the engine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bidding.case import Case
from bidding.reading.case import parse_case
from bidding.rules import rule
from bidding.terms import DirectTerms
from commons.canonical import Json
from commons.verdicts import Reason
from marketplace.web.casework.made import Explained
from marketplace.web.casework.placed import direct_explained
from marketplace.web.casework.terms import terms_view
from marketplace.web.views.awards import AwardView, Picked, Split
from marketplace.web.views.demands import Choosing, Clocks, Decided, DemandView, Halted, LotOf
from marketplace.web.views.notices import Held, Lot, NoticeView
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import ItemRef, TimelineEntry
from marketplace.web.views.results import DrawnResult
from tests.web import example_awards as awards
from tests.web import example_demands as demands
from tests.web.example_cases import DRAW, OPENING, agency, instant, people, shelf_case

REASON = "承担过同一流域三个项目的评估，熟悉本地资料；现场踏勘安排最早（示例）"


def near_case(*, drawn: bool = True, basis: str = "fen", dropped_may_win: bool = False) -> Case:
    """Eight sealed prices, the extremes out, the factor drawn or fixed; prices or rates."""
    rates = (4_250, 2_810, 2_640, 2_505, 2_390, 2_150, 1_980, 620)
    ceiling = 18_000_000
    prices = [ceiling * (10_000 - rate) // 10_000 for rate in rates]
    bids: list[Json] = [
        {"bidder": f"B{at}", "days": 18 + at} | ({"discount_bp": rate} if basis != "fen" else {"price_fen": price})
        for at, (rate, price) in enumerate(zip(rates, prices, strict=True))
    ]
    bids.append(
        {"bidder": "B8", "days": 60} | ({"discount_bp": 3_000} if basis != "fen" else {"price_fen": 12_600_000})
    )
    terms: dict[str, Json] = {
        "mode": "mean_price", "ceiling_fen": ceiling, "min_bidders": 5, "max_days": 40, "ties": ["price", "draw"],
        "drop_from": 6, "dropped_may_win": dropped_may_win, "price_basis": basis,
        "factor_bp": [9_500, 9_600, 9_700, 9_800] if drawn else [10_000],
    }  # fmt: skip
    return parse_case({"terms": terms, "bids": bids, "draw": DRAW})


def crowded_case(count: int = 60) -> Case:
    """Many prices close together, three of them equal: only the draw tells them apart."""
    bids: list[Json] = [
        {"bidder": f"B{at}", "price_fen": 10_000_000 + max(at - 2, 0) ** 2 * 700} for at in range(count)
    ]
    terms: dict[str, Json] = {"mode": "mean_price", "ceiling_fen": 18_000_000, "min_bidders": 5, "ties": ["draw"]}
    return parse_case({"terms": terms, "bids": bids, "draw": DRAW})


def drawn_case(count: int = 7, *, draw: bool = True) -> Case:
    """A random draw; one was voided."""
    bids: list[Json] = [{"bidder": f"B{at}", "credit": 8_000, "days": 30} for at in range(count)]
    bids.append({"bidder": f"B{count}", "credit": 8_000, "days": 30, "voided_at": instant(-60)})
    terms: dict[str, Json] = {
        "mode": "random_draw", "ceiling_fen": 9_800_000, "min_bidders": 3, "max_days": 30, "ties": ["draw"],
    }  # fmt: skip
    return parse_case({"terms": terms, "bids": bids, **({"draw": DRAW} if draw else {})})


def credit_case(count: int = 9) -> Case:
    """A credit draw: six on the big list (two equal at its edge), three on the small one."""
    bids: list[Json] = [{"bidder": f"B{at}", "credit": 9_825 - at // 2 * 350, "days": 45} for at in range(count)]
    terms: dict[str, Json] = {
        "mode": "credit_draw", "ceiling_fen": 26_500_000, "min_bidders": 2, "max_days": 45, "big_list": 5,
        "small_list": 3, "ties": ["draw"],
    }  # fmt: skip
    return parse_case({"terms": terms, "bids": bids, "draw": DRAW})


def rated_case() -> Case:
    """Sealed rates, weighted points."""
    rates = ((2_300, 18, 9_600), (2_789, 25, 8_900), (3_250, 30, 8_250), (1_555, 20, 9_125))
    bids: list[Json] = [
        {"bidder": f"B{at}", "discount_bp": rate, "days": days, "credit": credit}
        for at, (rate, days, credit) in enumerate(rates)
    ]
    bids.append({"bidder": "B4", "discount_bp": 10_000, "days": 20, "credit": 9_000})
    criteria: list[Json] = [
        {"kind": "price", "points": 60, "formula": "lowest"},
        {"kind": "days", "points": 20},
        {"kind": "credit", "points": 20},
    ]
    terms: dict[str, Json] = {
        "mode": "comprehensive", "ceiling_fen": 18_000_000, "min_bidders": 3, "max_days": 40, "criteria": criteria,
        "price_basis": "discount_rate", "ties": ["price", "draw"],
    }  # fmt: skip
    return parse_case({"terms": terms, "bids": bids})


def rated_rounds_case() -> Case:
    """Rounds of rates; one does not go down far enough."""
    offers = (("B0", 2, 500), ("B1", 4, 812), ("B2", 6, 1_150), ("B0", 8, 1_234), ("B1", 9, 1_236), ("B1", 12, 1_580))
    terms: dict[str, Json] = {
        "mode": "multi_round", "ceiling_fen": 26_000_000, "min_bidders": 3, "step_fen": 50_000, "step_basis": "leader",
        "rounds": [{"kind": "open", "opens_at": instant(0), "closes_at": instant(30)}],
        "price_basis": "discount_rate", "ties": ["price", "received"],
    }  # fmt: skip
    return parse_case(
        {
            "terms": terms,
            "bidders": [{"bidder": f"B{at}"} for at in range(3)],
            "offers": [{"bidder": who, "at": instant(minutes), "discount_bp": rate} for who, minutes, rate in offers],
        }
    )


def direct_result(*, nobody_left: bool = False) -> Explained:
    """The owner's own choice."""
    decision: dict[str, Json] = {
        "outcome": "owner_choice", "winner": None, "rejected": [],
        "ranking": [{"bidder": "B0", "rank": 1, "price_fen": 4_800_000, "days": 20}],
    }  # fmt: skip
    return direct_explained(decision, people(20), nobody_left=nobody_left)


def direct(*, nobody_left: bool = False) -> AwardView:
    """The page of a direct choice; nothing to compute again."""
    made, plain = direct_result(nobody_left=nobody_left), awards.award(drawn_case())
    return replace(
        plain, terms=terms_view(DirectTerms(5_000_000, 30), digest="3b1f0a77" * 8), outcome=made.outcome,
        result=None, left=made.left, winner=made.winner, price_fen=made.price_fen, offered_days=made.offered_days,
        reason=made.reason, picked=picked(0), state="unsuccessful" if nobody_left else "publicity",
        publicity=None if nobody_left else plain.publicity,
        verification=replace(plain.verification, case_digest=None),
        timeline=(
            TimelineEntry(OPENING - timedelta(days=2), "demand_published"),
            TimelineEntry(OPENING, "choice_made", {"name": agency(0).name, "reason": REASON}),
        ),
    )  # fmt: skip


def picked(number: int, *, is_silent: bool = False) -> Picked:
    """The owner's pick, or its silence."""
    return Picked(agency(number), OPENING + timedelta(days=1), None if is_silent else REASON, is_silent=is_silent)


def joint() -> AwardView:
    """Three items under one price, how two bidders split it."""
    view = awards.award(near_case(drawn=False))
    items = (*view.items, ItemRef("RA05", "防洪影响评价"), ItemRef("RA01", "地质灾害危险性评估"))
    splits = (
        Split(agency(4), (6_000_000, 4_698_000, 3_000_000), 13_698_000, is_winner=True),
        Split(agency(2), (6_248_000, 4_000_000, 3_000_000), 13_248_000),
    )
    return replace(view, items=items, splits=splits)


def notice(*, lot_cap: int | None = 1) -> NoticeView:
    """Four lots: one with a result, one without, one still open, one that waits."""
    kinds = (("publicity", "comprehensive"), ("unsuccessful", "mean_price"), ("published", "multi_round"))
    row = demands.rows()[0]
    made = [
        Lot(at, replace(row, id=f"L{at}", lot=at, state=state, mode=mode, title=f"{at}号片区水土保持方案（示例）"))  # type: ignore[arg-type]  # a table of words
        for at, (state, mode) in enumerate((*kinds, ("evaluating", "random_draw")), 1)
    ]
    made[0] = replace(made[0], winner=agency(0), price_fen=5_200_000)
    made[1] = replace(made[1], reason=Reason("too_few_bidders", rule("3"), {"valid": 2, "minimum": 5}))
    made[3] = replace(made[3], waits_for=3)
    held = (Held(agency(0), (1,)),)
    title = "泰顺县百丈片区水土保持方案编制（分标段）"
    return NoticeView("N1", title, row.owner_name, lot_cap, OPENING - timedelta(days=5), tuple(made), held)


def notice_pages() -> Mapping[str, PageView]:
    """Notices with and without a cap."""
    return {"notice": notice(), "notice-uncapped": notice(lot_cap=None)}


def capped_case() -> Case:
    """A lot in which somebody has won as many as one may."""
    terms: dict[str, Json] = {
        "mode": "comprehensive", "ceiling_fen": 18_000_000, "min_bidders": 2, "lot_cap": 1, "ties": ["draw"],
        "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}],
    }  # fmt: skip
    bids: list[Json] = [{"bidder": f"B{at}", "price_fen": 9_000_000 + at * 500_000} for at in range(4)]
    bids[0] = {"bidder": "B0", "price_fen": 9_000_000, "lots_won": 1}
    return parse_case({"terms": terms, "bids": bids})


def award_pages() -> Mapping[str, PageView]:
    """Results of these modes."""
    choosing = awards.award(credit_case(), "choosing")
    shortlist = shortlisted(choosing)
    chosen = awards.award(credit_case(), picked=shortlist[1])
    return {
        "award-near": awards.award(near_case()),
        "award-near-fixed": awards.award(near_case(drawn=False, dropped_may_win=True)),
        "award-near-rates": awards.award(near_case(basis="discount_rate")),
        "award-near-crowd": awards.award(crowded_case(), agencies=people(60)),
        "award-joint": joint(),
        "award-drawn": awards.award(drawn_case(), "awarded"),
        "award-drawn-waiting": awards.award(drawn_case(draw=False), "evaluating"),
        "award-choosing": replace(choosing, choice_until=OPENING + timedelta(days=5, hours=10)),
        "award-picked": replace(chosen, picked=picked(int(shortlist[1][1:]))),
        "award-silence": replace(
            awards.award(credit_case(), picked=shortlist[0]), picked=picked(int(shortlist[0][1:]), is_silent=True)
        ),
        "award-direct": direct(),
        "award-direct-left": direct(nobody_left=True),
        "award-rated": awards.award(rated_case()),
        "award-lot": replace(awards.award(capped_case()), lot=LotOf("N1", 2)),
        "award-rated-rounds": replace(
            awards.award(rated_rounds_case()),
            halted=Halted(OPENING + timedelta(hours=5), "regulator", "收到异议，核查中（示例）"), state="suspended",
        ),
        "award-shelf-picked": replace(
            awards.award(shelf_case(), "awarded", picked="B3"), picked=picked(3)
        ),
    }  # fmt: skip


def shortlisted(view: AwardView) -> list[str]:
    """Ids on the small list, in the order drawn."""
    assert isinstance(view.result, DrawnResult)
    return [row.bidder_id for row in view.result.rows if row.is_listed]


def demand_pages() -> Mapping[str, PageView]:
    """Demands of these modes."""
    plain = replace(demands.sealed(), has_changed_terms=False)
    until = Clocks(OPENING - timedelta(days=3), OPENING + timedelta(days=2), OPENING + timedelta(days=2))
    shortlist = tuple(agency(int(one[1:])) for one in shortlisted(awards.award(credit_case())))

    def posted(case: Case) -> DemandView:
        return replace(plain, terms=terms_view(case.terms, digest="3b1f0a77" * 8), clocks=until)

    return {
        "demand-near": replace(posted(near_case()), publication=2),
        "demand-rated": posted(near_case(drawn=False, basis="discount_rate")),
        "demand-drawn": posted(drawn_case()),
        "demand-credit": posted(credit_case()),
        "demand-choosing": replace(
            posted(credit_case()), state="choosing", signed_up=9,
            outcome=Choosing("A1", shortlist, OPENING + timedelta(days=5)),
        ),
        "demand-direct": replace(
            plain, terms=terms_view(DirectTerms(5_000_000, 30)), clocks=Clocks(OPENING - timedelta(days=3)),
        ),
        "demand-lot": replace(
            posted(capped_case()), state="evaluating", lot_of=LotOf("N1", 2, is_waiting=True),
            clocks=Clocks(OPENING - timedelta(days=9), OPENING - timedelta(days=1), OPENING - timedelta(hours=2)),
        ),
        "demand-suspended": replace(
            plain, state="suspended", halted=Halted(OPENING, "owner", "招标范围调整，待重新核定（示例）"),
        ),
        "demand-rated-decided": replace(
            posted(rated_case()), state="publicity", outcome=Decided("A1", agency(0), 13_860_000, 2_300),
        ),
    }  # fmt: skip
