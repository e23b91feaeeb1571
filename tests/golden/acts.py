"""What scenes are made of: plans, and acts with their times, who does them and what they say."""

from __future__ import annotations

from typing import Any

from commons.instants import format_instant
from marketplace.demands.demand import BuyerClass, Mode
from tests.simulation.clock import instant
from tests.simulation.plans import CEILING_FEN, SelectionPlan
from tests.simulation.steps import Verb

Act = tuple[int, Verb, int | None, dict[str, Any]]
"""Milliseconds, what, which agency, with which values."""

LOWEST = {"kind": "price", "points": 60, "formula": "lowest"}
DAYS_AND_CREDIT = [{"kind": "days", "points": 20}, {"kind": "credit", "points": 20}]
SEALED_CLOSES = 9_000
APART: frozenset[Verb] = frozenset({"restrict", "shelve", "credit_fact", "tick"})
"""What concerns no selection alone."""
PRICE_ONLY = [{"kind": "price", "points": 100, "formula": "lowest"}]


def sealed(**terms: Any) -> SelectionPlan:
    """A sealed selection: sign-up until 5 s, close at 9 s."""
    common = {"mode": "comprehensive", "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": 3}
    return plan("comprehensive", {**common, **terms}, 5_000, SEALED_CLOSES)


def by_rounds(kinds: tuple[str, ...], **terms: Any) -> SelectionPlan:
    """Rounds of 3 s, one after the other from 6 s on; ``survivors`` cut after the first."""
    cut = terms.pop("survivors", None)
    rounds: list[dict[str, Any]] = [
        {
            "kind": kind,
            "opens_at": format_instant(instant(6_000 + 3_000 * place)),
            "closes_at": format_instant(instant(9_000 + 3_000 * place)),
        }
        for place, kind in enumerate(kinds)
    ]
    if cut:
        rounds[0]["survivors"] = cut
    common = {
        "mode": "multi_round", "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": 3, "step_fen": 100_000,
        "step_basis": "own", "rounds": rounds,
    }  # fmt: skip
    return plan("multi_round", {**common, **terms}, 5_000, 6_000 + 3_000 * len(kinds))


def on_the_shelf(**terms: Any) -> SelectionPlan:
    common = {"mode": "instant", "ceiling_fen": CEILING_FEN, "max_days": 60, "quantity": 10}
    return plan("instant", {**common, **terms}, 3_000, 6_000)


def plan(
    mode: Mode, terms: dict[str, Any], sign_up: int, close: int, buyer_class: BuyerClass = "fiscal"
) -> SelectionPlan:
    return SelectionPlan(0, mode, buyer_class, terms, 1_000, sign_up, close, (), None)


def joined(*agencies: int) -> list[Act]:
    return [(2_000 + 10 * one, "sign_up", one, {"commitment_signed": True}) for one in agencies]


def bid(at: int, agency: int, price_fen: int, days: int = 20) -> Act:
    return at, "offer", agency, {"price_fen": price_fen, "days": days}


def bids(**prices: int) -> list[Act]:
    """One offer each, by number of the agency (``a1``), before the close of a sealed selection."""
    return [bid(5_500 + 10 * place, int(who[1:]), price) for place, (who, price) in enumerate(prices.items())]


def struck(at: int, agency: int) -> Act:
    return at, "restrict", agency, {"approvers": ["R1", "R2"], "ends_at": None}


def shelved(*prices: int) -> list[Act]:
    return [
        (500 + 10 * place, "shelve", place, {"unit_price_fen": price, "capacity": 1})
        for place, price in enumerate(prices, start=1)
    ]
