"""The selections whose records are kept as golden logs: hand-written scripts, played by the simulation.

Everybody in them is invented. A scene is never changed once its log exists; another one is added.
"""

from __future__ import annotations

from typing import Any, Literal

from commons.instants import format_instant
from tests.simulation.clock import instant
from tests.simulation.plans import CEILING_FEN, SelectionPlan
from tests.simulation.script import UNTIL_SETTLED
from tests.simulation.steps import Script, Step, Verb

Act = tuple[int, Verb, int | None, dict[str, Any]]
"""Milliseconds, what, which agency, with which values."""

LOWEST = {"kind": "price", "points": 60, "formula": "lowest"}
DAYS_AND_CREDIT = [{"kind": "days", "points": 20}, {"kind": "credit", "points": 20}]
SEALED_CLOSES = 9_000
APART: frozenset[Verb] = frozenset({"restrict", "shelve", "credit_fact", "tick"})
"""What concerns no selection alone."""
PRICE_ONLY = [{"kind": "price", "points": 100, "formula": "lowest"}]


def _sealed(**terms: Any) -> SelectionPlan:
    """A sealed selection: sign-up until 5 s, close at 9 s."""
    common = {"mode": "comprehensive", "ceiling_fen": CEILING_FEN, "max_days": 60, "min_bidders": 3}
    return _plan("comprehensive", {**common, **terms}, 5_000, SEALED_CLOSES)


def _rounds(kinds: tuple[str, ...], **terms: Any) -> SelectionPlan:
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
    return _plan("multi_round", {**common, **terms}, 5_000, 6_000 + 3_000 * len(kinds))


def _instant(**terms: Any) -> SelectionPlan:
    common = {"mode": "instant", "ceiling_fen": CEILING_FEN, "max_days": 60, "quantity": 10}
    return _plan("instant", {**common, **terms}, 3_000, 6_000)


def _plan(
    mode: Literal["comprehensive", "multi_round", "instant"], terms: dict[str, Any], sign_up: int, close: int
) -> SelectionPlan:
    return SelectionPlan(0, mode, "fiscal", terms, 1_000, sign_up, close, (), None)


def _joined(*agencies: int) -> list[Act]:
    return [(2_000 + 10 * one, "sign_up", one, {"commitment_signed": True}) for one in agencies]


def _bid(at: int, agency: int, price_fen: int, days: int = 20) -> Act:
    return at, "offer", agency, {"price_fen": price_fen, "days": days}


def _bids(**prices: int) -> list[Act]:
    """One offer each, by number of the agency (``a1``), before the close of a sealed selection."""
    return [_bid(5_500 + 10 * place, int(who[1:]), price) for place, (who, price) in enumerate(prices.items())]


def _struck(at: int, agency: int) -> Act:
    return at, "restrict", agency, {"approvers": ["R1", "R2"], "ends_at": None}


def _shelved(*prices: int) -> list[Act]:
    return [
        (500 + 10 * place, "shelve", place, {"unit_price_fen": price, "capacity": 1})
        for place, price in enumerate(prices, start=1)
    ]


SCENES: dict[str, tuple[SelectionPlan, list[Act]]] = {
    "sealed_low_price_explanation_then_void": (
        _sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"], low_price={"below_ceiling_bp": 5_000}),
        [
            *_joined(1, 2, 3, 5),
            *_bids(a1=6_000_000, a2=15_000_000, a3=16_000_000, a5=17_000_000),
            (10_000, "tick", None, {}),
            _struck(11_000, 1),
        ],
    ),
    "sealed_tie_by_draw": (
        _sealed(criteria=PRICE_ONLY, ties=["draw"]),
        [*_joined(1, 2, 3, 4), *_bids(a1=15_000_000, a2=14_000_000, a3=14_000_000, a4=14_000_000)],
    ),
    "sealed_mean_with_drawn_factor": (
        _sealed(
            criteria=[
                {
                    "kind": "price",
                    "points": 60,
                    "formula": "mean",
                    "above": 50,
                    "below": 30,
                    "deviation": "whole_up",
                    "factor_bp": [9500, 9600, 9700, 9800],
                },
                *DAYS_AND_CREDIT,
            ],
            ties=["price", "draw"],
        ),
        [
            (1_500, "credit_fact", 2, {"code": "result_late"}),
            *_joined(1, 2, 3, 4, 5, 11),
            *_bids(a1=15_000_000, a2=14_900_000, a3=13_000_000, a4=16_500_000, a5=25_000_000),
            _bid(5_900, 5, 17_000_000, 30),
            _bid(6_000, 1, 14_700_000, 25),
        ],
    ),
    "sealed_too_few_bidders": (
        _sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"]),
        [*_joined(1, 2, 3, 12), *_bids(a1=15_000_000, a2=14_000_000, a3=20_000_001)],
    ),
    "sealed_award_passed_on": (
        _sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"]),
        [
            *_joined(1, 2, 3),
            *_bids(a1=10_000_000, a2=11_000_000, a3=12_000_000),
            (9_500, "tick", None, {}),
            _struck(10_000, 1),
        ],
    ),
    "rounds_extension_and_elimination": (
        _rounds(("open", "open"), survivors=2, ties=["received"], extension={"window_s": 1, "extend_s": 1, "limit": 2}),
        [
            *_joined(1, 2, 3, 4),
            _bid(5_500, 1, 19_000_000),
            *(_bid(6_500 + 10 * one, one, 19_000_000 - 200_000 * one) for one in (1, 2, 3, 4)),
            _bid(7_000, 1, 18_750_000),
            _bid(8_500, 2, 18_000_000),
            _bid(9_800, 3, 17_500_000),
            _bid(10_900, 1, 17_900_000),
            _bid(11_500, 2, 17_400_000),
            _bid(12_100, 1, 16_000_000),
            _bid(13_500, 3, 17_000_000),
            _bid(14_600, 2, 16_900_000),
            _bid(18_000, 3, 15_000_000),
        ],
    ),
    "rounds_void_and_sealed_last_round": (
        _rounds(("open", "sealed"), step_basis="leader", ties=["draw"], day_value_fen=10_000),
        [
            *_joined(1, 2, 3, 4),
            *(_bid(6_500 + 10 * one, one, 19_000_000 - 300_000 * one) for one in (1, 2, 3, 4)),
            _struck(7_500, 4),
            _bid(7_600, 4, 15_000_000),
            _bid(8_000, 3, 17_900_000),
            _bid(10_000, 1, 16_000_000),
            _bid(10_100, 2, 16_100_000, 10),
            _bid(10_200, 3, 17_850_000),
        ],
    ),
    "rounds_too_few_after_the_first": (
        _rounds(("sealed", "open"), ties=["received"]),
        [*_joined(1, 2, 3), _bid(6_500, 1, 15_000_000), _bid(6_600, 2, 15_500_000), _bid(9_500, 1, 14_000_000)],
    ),
    "instant_cheapest": (
        _instant(rule="cheapest", ties=["days", "draw"]),
        [*_shelved(60_000, 50_000, 70_000), (6_000, "take", None, {}), _struck(7_000, 2)],
    ),
    "instant_drawn": (
        _instant(rule="draw", ties=["draw"]),
        [*_shelved(60_000, 50_000, 70_000, 3_000_000), (6_000, "take", None, {})],
    ),
}


def script(name: str) -> Script:
    """The scene of that name as a script without crashes."""
    plan, acts = SCENES[name]
    first: list[Act] = [(plan.starts_at, "post", None, {}), (plan.starts_at + 20, "publish", None, {})]
    ordered = sorted([*first, *acts], key=lambda act: act[0])
    steps = tuple(
        Step(
            number, at, verb, None if verb in {"restrict", "shelve", "credit_fact", "tick"} else 0, agency, None, values
        )
        for number, (at, verb, agency, values) in enumerate(ordered)
    )
    last = max(plan.closes_at, ordered[-1][0])
    return Script(sorted(SCENES).index(name), (plan,), steps, last + UNTIL_SETTLED)
