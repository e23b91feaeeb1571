"""What a selection of the simulation is about: its mode, terms, clocks, and the offers its bidders would make."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from commons.canonical import Json
from commons.instants import format_instant
from marketplace.demands.demand import BuyerClass, Mode
from tests.simulation.clock import instant

AGENCIES = tuple(range(1, 13))
UNQUALIFIED = frozenset({11, 12})
CEILING_FEN = 20_000_000
FEW_PRICES = (14_000_007, 15_000_017, 15_000_017, 16_000_027)
"""Prices among which equals are likely."""
PriceMode = Literal["comprehensive", "multi_round", "mean_price"]
DRAWS, SEALED = frozenset({"random_draw", "credit_draw"}), frozenset({"comprehensive", "mean_price"})
Fate = Literal[
    "accepted", "rejected", "silent", "abandon", "suspend", "cancel", "lonely", "free", "mean", "drawn", "named"
]
"""What is to happen to a selection beside all that may happen to any: its first low price is explained and accepted,
explained and rejected, or not explained in time; its award is given up; it is suspended; cancelled; finds too few; is
one by the mean price, by a draw, by the owner's own choice."""
FATES: tuple[Fate, ...] = (
    "accepted", "rejected", "silent", "abandon", "suspend", "cancel", "lonely", "free", "mean", "drawn", "named"
)  # fmt: skip
QUALIFIED = tuple(one for one in AGENCIES if one not in UNQUALIFIED)
ONE_AFTER_ANOTHER: dict[str, Any] = {"low_price": {"below_mean_bp": 9_700}}
"""Terms under which whoever is first will have to explain its price, and often the next one too."""


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """One selection as its owner means it; ``windows`` are the times within which offers are to come."""

    index: int
    mode: Mode
    buyer_class: BuyerClass
    terms: dict[str, Any]
    starts_at: int
    sign_up_closes_at: int
    closes_at: int
    windows: tuple[tuple[int, int], ...]
    recused: int | None
    offers_a_window: tuple[int, ...] = (0, 1, 1, 1, 2)
    fate: Fate = "free"
    joining: tuple[int, ...] = ()

    def offer(self, dice: random.Random, at: int) -> dict[str, Json]:
        """An offer as somebody would make it at that time: mostly in order, sometimes beyond a bound."""
        offer = self._priced(dice, at)
        if self.terms.get("price_basis") != "discount_rate":
            return offer
        rate = 10_000 - cast("int", offer["price_fen"]) * 10_000 // CEILING_FEN
        return {"discount_bp": rate if 0 < rate < 10_000 else dice.choice((-1, 10_000)), "days": offer["days"]}

    def _priced(self, dice: random.Random, at: int) -> dict[str, Json]:
        days = dice.choice((None, 0, 61)) if dice.random() < 0.06 else dice.randint(10, 60)
        if dice.random() < 0.06:
            return {"price_fen": dice.choice((0, -1, CEILING_FEN + 1)), "days": days}
        if self.mode == "multi_round":
            passed = at - self.windows[0][0]
            whole = self.windows[-1][1] - self.windows[0][0]
            price = 19_000_000 - passed * 9_000_000 // max(whole, 1) - dice.randrange(1_500_000)
            if self.terms.get("step_multiple"):
                price = CEILING_FEN - (CEILING_FEN - price) // 100_000 * 100_000
            return {"price_fen": price, "days": days}
        if self.terms["ties"] == ["draw"]:
            return {"price_fen": dice.choice(FEW_PRICES), "days": days}
        return {"price_fen": dice.randrange(9_000_000, 19_000_000), "days": days}


def plan_selection(dice: random.Random, index: int, fate: Fate) -> SelectionPlan:
    """A selection of any mode that demands can be published under, fit for its fate."""
    starts_at = dice.randrange(3_000, 20_000)
    buyer_class: BuyerClass = dice.choice(("fiscal", "voluntary"))
    is_sure = fate in {"accepted", "rejected", "silent", "abandon", "mean", "drawn", "named"}
    if fate == "mean":  # of which five are asked for, else two
        buyer_class = dice.choice(("fiscal", "voluntary", "voluntary"))
    recused = None if is_sure else dice.choice((None, None, *AGENCIES[:4]))
    joining = tuple(
        dice.sample(QUALIFIED, dice.randint(6, 9)) if is_sure else dice.sample(AGENCIES, dice.randint(4, 9))
    )
    if fate == "lonely":
        joining = joining[: least_of(buyer_class) - 1]
    if fate in {"suspend", "cancel", "free"} and dice.random() < 0.35:
        closes_at = starts_at + dice.randrange(1_500, 9_000)
        return SelectionPlan(
            index, "instant", buyer_class, _instant_terms(dice), starts_at, starts_at, closes_at, (), recused, fate=fate
        )
    if fate == "drawn":
        plan = _drawn_plan(dice, index, buyer_class, starts_at)
        return replace(plan, recused=recused, fate=fate, joining=tuple(joining))
    if fate == "named":
        plan = _named_plan(dice, index, "voluntary", starts_at)
        return replace(plan, recused=recused, fate=fate, joining=tuple(joining))
    explains = fate in {"accepted", "rejected", "silent"}
    mode: PriceMode = "multi_round" if dice.random() < (0.25 if explains else 0.5) else "comprehensive"
    mode = "mean_price" if fate == "mean" else mode
    plan = _price_plan(dice, index, mode, buyer_class, starts_at)
    if explains:
        terms = {**plan.terms, **ONE_AFTER_ANOTHER}
        terms.pop("extension", None)
        if mode == "comprehensive":
            terms |= {"criteria": [{"kind": "price", "points": 100, "formula": "lowest"}], "ties": ["draw"]}
        plan = replace(plan, terms=terms)
    plan = _well_attended(plan) if is_sure else plan
    return replace(plan, recused=recused, fate=fate, joining=joining)


def next_publication(
    dice: random.Random, plan: SelectionPlan, mode: PriceMode, at: int, *, enough: bool
) -> SelectionPlan:
    """The same selection published again at that time, with new clocks, in its mode or another; and who comes then."""
    again = _price_plan(dice, plan.index, mode, plan.buyer_class, at)
    if mode == plan.mode == "multi_round":  # the same rounds, moved
        by = again.windows[0][0] - plan.windows[0][0]
        windows = tuple((opens_at + by, closes_at + by) for opens_at, closes_at in plan.windows)
        again = replace(again, windows=windows, closes_at=windows[-1][1])
    if mode == plan.mode:
        again = replace(again, terms=plan.terms)
    joining = tuple(dice.sample(QUALIFIED, 8 if enough else least_of(plan.buyer_class) - 1))
    return replace(_well_attended(again), recused=plan.recused, joining=joining)


def _well_attended(plan: SelectionPlan) -> SelectionPlan:
    """The same with offers from everybody; where they are sealed, once the sign-up is over."""
    plan = replace(plan, offers_a_window=(1, 1, 2))
    if plan.mode == "multi_round":
        return plan
    closes_at = max(plan.closes_at, plan.sign_up_closes_at + 1_500)
    return replace(plan, closes_at=closes_at, windows=((plan.sign_up_closes_at, closes_at),))


def least_of(buyer_class: BuyerClass) -> int:
    """The fewest bidders that make a selection."""
    return 2 if buyer_class == "voluntary" else 3


def _drawn_plan(dice: random.Random, index: int, buyer_class: BuyerClass, starts_at: int) -> SelectionPlan:
    """A draw among those who sign up, or of a short list of those with the best credit."""
    mode: Mode = dice.choice(("random_draw", "credit_draw", "credit_draw"))
    lists = {"big_list": dice.randint(3, 6), "small_list": dice.randint(1, 3)} if mode == "credit_draw" else {}
    terms = {"mode": mode, "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": 3, "ties": ["draw"], **lists}
    sign_up = starts_at + dice.randrange(3_000, 8_000)
    return SelectionPlan(index, mode, buyer_class, terms, starts_at, sign_up, sign_up, (), None)


def _named_plan(dice: random.Random, index: int, buyer_class: BuyerClass, starts_at: int) -> SelectionPlan:
    """An owner names an agency itself, at what is the close here."""
    named_at = starts_at + dice.randrange(1_500, 9_000)
    terms = {"mode": "direct", "ceiling_fen": CEILING_FEN, "max_days": 60}
    return SelectionPlan(index, "direct", buyer_class, terms, starts_at, starts_at, named_at, (), None)


def _price_plan(
    dice: random.Random, index: int, mode: PriceMode, buyer_class: BuyerClass, starts_at: int
) -> SelectionPlan:
    """A sealed selection or rounds, from that time on."""
    least, sign_up = least_of(buyer_class), starts_at + dice.randrange(3_000, 8_000)
    if mode != "multi_round":
        closes_at = sign_up + dice.randrange(500, 9_000)
        terms = _sealed_terms(dice, least) if mode == "comprehensive" else _mean_terms(dice, buyer_class)
        if dice.random() < 0.2:
            terms["price_basis"] = "discount_rate"
        windows: tuple[tuple[int, int], ...] = ((starts_at + 2_500, closes_at),)
        return SelectionPlan(index, mode, buyer_class, terms, starts_at, sign_up, closes_at, windows, None)
    windows = _rounds(dice, sign_up)
    terms = _round_terms(dice, least, windows)
    return SelectionPlan(index, mode, buyer_class, terms, starts_at, sign_up, windows[-1][1], windows, None)


def _sealed_terms(dice: random.Random, least: int) -> dict[str, Any]:
    lowest: dict[str, Any] = {"kind": "price", "points": 60, "formula": "lowest"}
    rest: list[dict[str, Any]] = [{"kind": "days", "points": 20}, {"kind": "credit", "points": 20}]
    mean = {
        "kind": "price", "points": 60, "formula": "mean", "above": 50, "below": 30, "deviation": "whole_up",
        "factor_bp": [9500, 9600, 9700, 9800],
    }  # fmt: skip
    kinds: tuple[dict[str, Any], ...] = (
        {"criteria": [lowest, *rest], "ties": ["price", "credit", "draw"]},
        {"criteria": [{"kind": "price", "points": 100, "formula": "lowest"}], "ties": ["draw"]},
        {"criteria": [mean, *rest], "ties": ["price", "draw"]},
        {
            "criteria": [lowest, *rest],
            "ties": ["price", "draw"],
            "low_price": {"below_mean_bp": 8500, "below_second_bp": 8000},
        },
    )
    common = {"mode": "comprehensive", "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": least}
    return {**common, **dice.choice(kinds)}


def _mean_terms(dice: random.Random, buyer_class: BuyerClass) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "mode": "mean_price", "ceiling_fen": CEILING_FEN, "max_days": 60,
        "min_bidders": 2 if buyer_class == "voluntary" else 5, "ties": dice.choice((["price", "draw"], ["draw"])),
    }  # fmt: skip
    if dice.random() < 0.5:
        terms |= {"drop_from": 5, "dropped_may_win": dice.random() < 0.5}
    if dice.random() < 0.4:
        terms["factor_bp"] = [9500, 9600, 9700]
    return terms


def _rounds(dice: random.Random, sign_up: int) -> tuple[tuple[int, int], ...]:
    starts_at = sign_up + dice.choice((0, 500))
    windows = []
    for _ in range(dice.randint(1, 3)):
        ends_at = starts_at + dice.randrange(3_000, 7_000)
        windows.append((starts_at, ends_at))
        starts_at = ends_at + dice.choice((0, 0, 1_000))
    return tuple(windows)


def _round_terms(dice: random.Random, least: int, windows: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    rounds: list[dict[str, Any]] = [
        {
            "kind": dice.choice(("open", "open", "sealed")),
            "opens_at": format_instant(instant(opens_at)),
            "closes_at": format_instant(instant(closes_at)),
        }
        for opens_at, closes_at in windows
    ]
    if len(rounds) > 1 and dice.random() < 0.5:
        rounds[0]["survivors"] = dice.randint(2, 3)
    terms: dict[str, Any] = {
        "mode": "multi_round", "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": least, "step_fen": 100_000,
        "step_basis": dice.choice(("own", "own", "leader")), "rounds": rounds,
        "ties": ["received"] if rounds[-1]["kind"] == "open" else ["draw"],
    }  # fmt: skip
    if dice.random() < 0.2:
        terms["low_price"] = {"below_mean_bp": 9_000}
    if dice.random() < 0.5:
        terms["extension"] = {"window_s": 2, "extend_s": 1, "limit": 3}
    if dice.random() < 0.25:
        terms["step_multiple"] = True
    elif dice.random() < 0.3:
        terms["day_value_fen"] = 10_000
    return terms


def _instant_terms(dice: random.Random) -> dict[str, Any]:
    kinds: tuple[dict[str, Any], ...] = (
        {"rule": "cheapest", "ties": ["days", "draw"]},
        {"rule": "draw", "ties": ["draw"]},
        {
            "rule": "best_value",
            "criteria": [{"kind": "price", "points": 80, "formula": "lowest"}, {"kind": "credit", "points": 20}],
            "ties": ["draw"],
        },
    )
    common = {"mode": "instant", "ceiling_fen": CEILING_FEN, "max_days": 60, "quantity": 10}
    return {**common, **dice.choice(kinds)}
