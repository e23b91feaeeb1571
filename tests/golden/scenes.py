"""The selections whose records are kept as golden logs: hand-written scripts, played by the simulation.

Everybody in them is invented. A scene is never changed once its log exists; another one is added.
"""

from __future__ import annotations

from hashlib import sha256

from tests.golden.acts import (
    APART,
    DAYS_AND_CREDIT,
    LOWEST,
    PRICE_ONLY,
    Act,
    bid,
    bids,
    by_rounds,
    joined,
    on_the_shelf,
    sealed,
    shelved,
    struck,
)
from tests.golden.scenes_of_choices import CHOSEN
from tests.golden.scenes_of_outcomes import FOLLOWED
from tests.simulation.plans import SelectionPlan
from tests.simulation.script import UNTIL_SETTLED
from tests.simulation.steps import Script, Step

FIRST = (
    "instant_cheapest", "instant_drawn", "rounds_extension_and_elimination", "rounds_too_few_after_the_first",
    "rounds_void_and_sealed_last_round", "sealed_award_passed_on", "sealed_low_price_explanation_then_void",
    "sealed_mean_with_drawn_factor", "sealed_tie_by_draw", "sealed_too_few_bidders",
)  # fmt: skip
SCENES: dict[str, tuple[SelectionPlan, list[Act]]] = {
    "sealed_low_price_explanation_then_void": (
        sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"], low_price={"below_ceiling_bp": 5_000}),
        [
            *joined(1, 2, 3, 5),
            *bids(a1=6_000_000, a2=15_000_000, a3=16_000_000, a5=17_000_000),
            (10_000, "tick", None, {}),
            struck(11_000, 1),
        ],
    ),
    "sealed_tie_by_draw": (
        sealed(criteria=PRICE_ONLY, ties=["draw"]),
        [*joined(1, 2, 3, 4), *bids(a1=15_000_000, a2=14_000_000, a3=14_000_000, a4=14_000_000)],
    ),
    "sealed_mean_with_drawn_factor": (
        sealed(
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
            *joined(1, 2, 3, 4, 5, 11),
            *bids(a1=15_000_000, a2=14_900_000, a3=13_000_000, a4=16_500_000, a5=25_000_000),
            bid(5_900, 5, 17_000_000, 30),
            bid(6_000, 1, 14_700_000, 25),
        ],
    ),
    "sealed_too_few_bidders": (
        sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"]),
        [*joined(1, 2, 3, 12), *bids(a1=15_000_000, a2=14_000_000, a3=20_000_001)],
    ),
    "sealed_award_passed_on": (
        sealed(criteria=[LOWEST, *DAYS_AND_CREDIT], ties=["price", "draw"]),
        [
            *joined(1, 2, 3),
            *bids(a1=10_000_000, a2=11_000_000, a3=12_000_000),
            (9_500, "tick", None, {}),
            struck(10_000, 1),
        ],
    ),
    "rounds_extension_and_elimination": (
        by_rounds(
            ("open", "open"), survivors=2, ties=["received"], extension={"window_s": 1, "extend_s": 1, "limit": 2}
        ),
        [
            *joined(1, 2, 3, 4),
            bid(5_500, 1, 19_000_000),
            *(bid(6_500 + 10 * one, one, 19_000_000 - 200_000 * one) for one in (1, 2, 3, 4)),
            bid(7_000, 1, 18_750_000),
            bid(8_500, 2, 18_000_000),
            bid(9_800, 3, 17_500_000),
            bid(10_900, 1, 17_900_000),
            bid(11_500, 2, 17_400_000),
            bid(12_100, 1, 16_000_000),
            bid(13_500, 3, 17_000_000),
            bid(14_600, 2, 16_900_000),
            bid(18_000, 3, 15_000_000),
        ],
    ),
    "rounds_void_and_sealed_last_round": (
        by_rounds(("open", "sealed"), step_basis="leader", ties=["draw"], day_value_fen=10_000),
        [
            *joined(1, 2, 3, 4),
            *(bid(6_500 + 10 * one, one, 19_000_000 - 300_000 * one) for one in (1, 2, 3, 4)),
            struck(7_500, 4),
            bid(7_600, 4, 15_000_000),
            bid(8_000, 3, 17_900_000),
            bid(10_000, 1, 16_000_000),
            bid(10_100, 2, 16_100_000, 10),
            bid(10_200, 3, 17_850_000),
        ],
    ),
    "rounds_too_few_after_the_first": (
        by_rounds(("sealed", "open"), ties=["received"]),
        [*joined(1, 2, 3), bid(6_500, 1, 15_000_000), bid(6_600, 2, 15_500_000), bid(9_500, 1, 14_000_000)],
    ),
    **FOLLOWED,
    **CHOSEN,
    "instant_cheapest": (
        on_the_shelf(rule="cheapest", ties=["days", "draw"]),
        [*shelved(60_000, 50_000, 70_000), (6_000, "take", None, {}), struck(7_000, 2)],
    ),
    "instant_drawn": (
        on_the_shelf(rule="draw", ties=["draw"]),
        [*shelved(60_000, 50_000, 70_000, 3_000_000), (6_000, "take", None, {})],
    ),
}


def script(name: str) -> Script:
    """The scene of that name as a script without crashes."""
    plan, acts = SCENES[name]
    first: list[Act] = [(plan.starts_at, "post", None, {}), (plan.starts_at + 20, "publish", None, {})]
    ordered = sorted([*first, *acts], key=lambda act: act[0])
    steps = tuple(
        Step(number, at, verb, None if verb in APART else 0, agency, None, values)
        for number, (at, verb, agency, values) in enumerate(ordered)
    )
    last = max(plan.closes_at, ordered[-1][0])
    return Script(_seed(name), (plan,), steps, last + UNTIL_SETTLED)


def _seed(name: str) -> int:
    """The scene's own seed, whatever scenes are added later; the first ten were numbered."""
    return FIRST.index(name) if name in FIRST else int(sha256(name.encode()).hexdigest()[:8], 16)
