"""What follows an outcome: prices explained, awards given up, selections suspended, cancelled, published again."""

from __future__ import annotations

from typing import Any

from tests.golden.acts import (
    DAYS_AND_CREDIT,
    LOWEST,
    PRICE_ONLY,
    Act,
    bid,
    bids,
    by_rounds,
    joined,
    sealed,
    struck,
)
from tests.simulation.plans import SelectionPlan

TIES = ["price", "draw"]
USUAL: dict[str, Any] = {"criteria": [LOWEST, *DAYS_AND_CREDIT], "ties": TIES}
THREE: list[Act] = [*joined(1, 2, 3), *bids(a1=10_000_000, a2=11_000_000, a3=12_000_000)]
LOOK: Act = (9_500, "tick", None, {})


def suspended(at: int, by: str) -> Act:
    return at, "suspend", None, {"by": by}


def resumed(at: int, by: str) -> Act:
    return at, "resume", None, {"by": by}


def explained(at: int, agency: int) -> Act:
    return at, "explain", agency, {}


def ruled(at: int, agency: int, *, accepts: bool) -> Act:
    return at, "rule", agency, {"accepts": accepts}


def given_up(at: int, agency: int) -> Act:
    return at, "abandon", agency, {}


FOLLOWED: dict[str, tuple[SelectionPlan, list[Act]]] = {
    "sealed_low_price_explained_and_accepted": (
        sealed(criteria=PRICE_ONLY, ties=TIES, low_price={"below_ceiling_bp": 5_000}),
        [
            *joined(1, 2, 3, 5),
            *bids(a1=6_000_000, a2=15_000_000, a3=16_000_000, a5=17_000_000),
            ruled(9_800, 1, accepts=True),
            explained(10_000, 2),
            explained(10_100, 1),
            explained(10_200, 1),
            ruled(10_900, 1, accepts=True),
            ruled(11_000, 1, accepts=False),
        ],
    ),
    "sealed_low_price_rejected_then_silence": (
        sealed(criteria=PRICE_ONLY, ties=TIES, low_price={"below_mean_bp": 8_000, "below_second_bp": 8_000}),
        [
            *joined(1, 2, 3, 4, 5),
            *bids(a1=5_000_000, a2=9_000_000, a3=14_000_000, a4=15_000_000, a5=16_000_000),
            explained(10_100, 1),
            ruled(10_900, 1, accepts=False),
            explained(14_900, 2),
        ],
    ),
    "rounds_low_price_explained_and_accepted": (
        by_rounds(("open",), ties=["received"], low_price={"below_mean_bp": 8_500}, day_value_fen=50_000),
        [
            *joined(1, 2, 3, 4),
            bid(6_500, 2, 14_000_000),
            bid(6_600, 3, 15_000_000),
            bid(6_700, 4, 16_000_000),
            bid(8_000, 1, 9_000_000, 30),
            explained(9_700, 1),
            ruled(10_400, 1, accepts=True),
        ],
    ),
    "sealed_two_voids_while_an_explanation_is_awaited": (
        sealed(criteria=PRICE_ONLY, ties=TIES, low_price={"below_mean_bp": 7_500}),
        [
            *joined(1, 2, 3, 4, 5),
            *bids(a1=5_000_000, a2=9_000_000, a3=10_000_000, a4=16_000_000, a5=20_000_000),
            LOOK,
            struck(10_000, 1),
            struck(11_000, 5),
        ],
    ),
    "sealed_award_given_up_twice": (
        sealed(**USUAL),
        [*THREE, given_up(10_000, 2), given_up(10_500, 1), given_up(11_500, 2), given_up(11_600, 2)],
    ),
    "sealed_award_given_up_by_everybody": (
        sealed(**USUAL),
        [*THREE, given_up(10_500, 1), struck(10_700, 3), given_up(11_500, 2)],
    ),
    "sealed_cancelled_before_its_close": (
        sealed(**USUAL),
        [*THREE, (7_000, "cancel", None, {}), bid(7_500, 1, 9_000_000)],
    ),
    "rounds_cancelled_in_publicity": (
        by_rounds(("open",), ties=["received"]),
        [
            *joined(1, 2, 3),
            *(bid(6_500 + 10 * one, one, 19_000_000 - 200_000 * one) for one in (1, 2, 3)),
            LOOK,
            (10_000, "cancel", None, {}),
            given_up(10_100, 3),
        ],
    ),
    "sealed_suspended_and_resumed": (
        sealed(**USUAL),
        [
            *THREE,
            suspended(6_500, "regulator"),
            bid(7_000, 3, 9_000_000),
            resumed(7_500, "owner"),
            resumed(8_200, "regulator"),
            bid(10_000, 2, 9_500_000),
        ],
    ),
    "sealed_suspended_in_publicity_and_void_meanwhile": (
        sealed(**USUAL),
        [*THREE, LOOK, suspended(10_000, "owner"), struck(10_800, 1), resumed(12_000, "owner")],
    ),
    "sealed_suspended_while_an_explanation_is_awaited": (
        sealed(criteria=PRICE_ONLY, ties=TIES, low_price={"below_ceiling_bp": 5_000}),
        [
            *joined(1, 2, 3, 5),
            *bids(a1=6_000_000, a2=15_000_000, a3=16_000_000, a5=17_000_000),
            suspended(11_000, "regulator"),
            explained(11_500, 1),
            resumed(14_000, "regulator"),
            explained(15_000, 1),
            ruled(15_500, 1, accepts=True),
        ],
    ),
    "rounds_suspended_before_the_first": (
        by_rounds(("open", "sealed"), ties=TIES),
        [
            *joined(1, 2, 3),
            suspended(5_500, "owner"),
            resumed(6_700, "owner"),
            bid(6_900, 1, 19_000_000),
            *(bid(7_500 + 10 * one, one, 19_000_000 - 200_000 * one) for one in (1, 2, 3)),
            suspended(9_000, "owner"),
            bid(11_000, 2, 15_000_000),
        ],
    ),
    "sealed_published_again": (
        sealed(**USUAL),
        [
            *joined(1, 2),
            *bids(a1=10_000_000, a2=11_000_000),
            (10_000, "again", None, {"sign_up_closes_at": 13_000, "closes_at": 15_000}),
            *((11_000 + 10 * one, "sign_up", one, {"commitment_signed": True}) for one in (1, 2, 3)),
            *(bid(13_500 + 10 * one, one, 10_000_000 + 500_000 * one) for one in (1, 2, 3)),
        ],
    ),
    "rounds_after_two_failures": (
        sealed(**USUAL),
        [
            *joined(1),
            (10_000, "again", None, {"sign_up_closes_at": 12_000, "closes_at": 12_500}),
            (
                13_000,
                "again",
                None,
                {
                    "sign_up_closes_at": 15_500,
                    "terms": by_rounds(("open", "open", "open", "open"), ties=["received"]).terms
                    | {"rounds": by_rounds(("open",) * 6, ties=["received"]).terms["rounds"][4:]},
                },
            ),
            *((14_000 + 10 * one, "sign_up", one, {"commitment_signed": True}) for one in (1, 2, 3)),
            *(bid(18_500 + 10 * one, one, 19_000_000 - 200_000 * one) for one in (1, 2, 3)),
            bid(22_000, 1, 18_000_000),
        ],
    ),
}
