"""The other modes: the mean price, rates, draws, the owner's choice out of a short list and at its will."""

from __future__ import annotations

from typing import Any

from tests.golden.acts import DAYS_AND_CREDIT, LOWEST, SEALED_CLOSES, Act, joined, plan, sealed, struck
from tests.simulation.plans import CEILING_FEN, SelectionPlan

COMMON: dict[str, Any] = {"ceiling_fen": CEILING_FEN, "max_days": 60}


def by_mean(**terms: Any) -> SelectionPlan:
    """By the mean price: sign-up until 5 s, close at 9 s."""
    return plan("mean_price", {"mode": "mean_price", "min_bidders": 5, **COMMON, **terms}, 5_000, SEALED_CLOSES)


def drawn(mode: Any, **terms: Any) -> SelectionPlan:
    """A draw at 5 s."""
    return plan(mode, {"mode": mode, "min_bidders": 3, "ties": ["draw"], **COMMON, **terms}, 5_000, 5_000)


def rate(at: int, agency: int, discount_bp: int) -> Act:
    return at, "offer", agency, {"discount_bp": discount_bp, "days": 20}


def picked(at: int, **values: Any) -> Act:
    return at, "pick", 1, values


def priced(*prices: int) -> list[Act]:
    return [
        (5_500 + 10 * agency, "offer", agency, {"price_fen": price, "days": 20})
        for agency, price in enumerate(prices, start=1)
    ]


CHOSEN: dict[str, tuple[SelectionPlan, list[Act]]] = {
    "mean_price_with_extremes_dropped": (
        by_mean(drop_from=5, dropped_may_win=False, ties=["price", "draw"]),
        [*joined(1, 2, 3, 4, 5), *priced(9_000_000, 10_000_000, 11_500_000, 12_000_000, 19_000_000)],
    ),
    "mean_price_with_drawn_factor_given_up": (
        by_mean(factor_bp=[9_500, 9_600, 9_700], ties=["draw"]),
        [
            *joined(1, 2, 3, 4, 5, 6),
            *priced(13_000_000, 14_000_000, 14_000_000, 15_000_000, 16_000_000, 17_000_000),
            (10_000, "abandon", 1, {"who": "proposed"}),
        ],
    ),
    "sealed_by_rate": (
        sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"], price_basis="discount_rate"),
        [*joined(1, 2, 3), rate(5_600, 1, 1_234), rate(5_700, 2, 2_000), rate(5_800, 3, 10_000), rate(5_900, 3, 500)],
    ),
    "random_draw_then_void": (
        drawn("random_draw"),
        [*joined(1, 2, 3, 4, 12), struck(4_000, 4), (6_000, "tick", None, {}), struck(7_000, 1)],
    ),
    "random_draw_of_too_few": (drawn("random_draw"), joined(1, 2)),
    "credit_draw_picked": (
        drawn("credit_draw", big_list=4, small_list=2),
        [
            (1_500, "credit_fact", 2, {"code": "collusion"}),
            *joined(1, 2, 3, 4, 5),
            picked(4_500),
            picked(6_500, who="listed"),
            picked(7_000, who="listed"),
            (8_000, "abandon", 1, {"who": "proposed"}),
        ],
    ),
    "credit_draw_left_to_silence": (
        drawn("credit_draw", big_list=5, small_list=3),
        [*joined(1, 2, 3, 4, 5), (6_000, "tick", None, {}), struck(7_000, 1), picked(9_000, who="listed")],
    ),
    "direct_named": (
        plan("direct", {"mode": "direct", **COMMON}, 3_000, 6_000, "voluntary"),
        [
            (5_000, "name", 12, {"price_fen": 9_000_000}),
            (6_000, "name", 3, {"price_fen": 9_000_000}),
            (6_500, "name", 2, {"price_fen": 8_000_000}),
        ],
    ),
}
