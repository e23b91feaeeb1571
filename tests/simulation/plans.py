"""What a selection of the simulation is about: its mode, terms, clocks, and the offers its bidders would make."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Literal

from commons.canonical import Json
from commons.instants import format_instant
from marketplace.demands.demand import BuyerClass
from tests.simulation.clock import instant

AGENCIES = tuple(range(1, 13))
UNQUALIFIED = frozenset({11, 12})
CEILING_FEN = 20_000_000
FEW_PRICES = (14_000_007, 15_000_017, 15_000_017, 16_000_027)
"""Prices among which equals are likely."""


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """One selection as its owner means it; ``windows`` are the times within which offers are to come."""

    index: int
    mode: Literal["comprehensive", "multi_round", "instant"]
    buyer_class: BuyerClass
    terms: dict[str, Any]
    starts_at: int
    sign_up_closes_at: int
    closes_at: int
    windows: tuple[tuple[int, int], ...]
    recused: int | None
    offers_a_window: tuple[int, ...] = (0, 1, 1, 1, 2)

    def offer(self, dice: random.Random, at: int) -> dict[str, Json]:
        """An offer as somebody would make it at that time: mostly in order, sometimes beyond a bound."""
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


def plan_selection(dice: random.Random, index: int) -> SelectionPlan:
    """A selection of any mode that demands can be published under."""
    starts_at = dice.randrange(3_000, 20_000)
    buyer_class: BuyerClass = dice.choice(("fiscal", "voluntary"))
    least = 2 if buyer_class == "voluntary" else 3
    sign_up = starts_at + dice.randrange(3_000, 8_000)
    recused = dice.choice((None, None, *AGENCIES[:4]))
    mode = dice.choice(("comprehensive", "comprehensive", "multi_round", "multi_round", "instant"))
    if mode == "instant":
        closes_at = starts_at + dice.randrange(300, 9_000)
        return SelectionPlan(
            index, "instant", buyer_class, _instant_terms(dice), starts_at, starts_at, closes_at, (), recused
        )
    if mode == "comprehensive":
        closes_at = sign_up + dice.randrange(500, 9_000)
        terms, windows = _sealed_terms(dice, least), ((starts_at + 2_500, closes_at),)
        return SelectionPlan(
            index, "comprehensive", buyer_class, terms, starts_at, sign_up, closes_at, windows, recused
        )
    windows = _rounds(dice, sign_up)
    return SelectionPlan(
        index, "multi_round", buyer_class, _round_terms(dice, least, windows), starts_at, sign_up, windows[-1][1],
        windows, recused,
    )  # fmt: skip


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
