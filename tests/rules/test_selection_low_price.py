"""Section 4: who is flagged, who leaves, who makes the award wait."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.selections import DRAW, bids, comprehensive, decided, multi_round, offer, rejected


def flagged(prices: dict[str, int], low_price: dict[str, int]) -> set[str]:
    """Whoever leaves when every explanation is rejected at the first look is whoever was flagged."""
    out = set()
    for bidder in prices:
        raw = comprehensive(bids(prices), low_price=low_price, draw=DRAW)
        for bid in raw["bids"]:
            bid["explanation"] = "rejected" if bid["bidder"] == bidder else "accepted"
        out |= rejected(raw).keys()
    return out


# prices, lines → who is flagged
ROWS = [
    ({"A": 100, "B": 900}, {}, set()),
    ({"A": 299, "B": 901}, {"below_mean_bp": 5000}, {"A"}),  # mean 600: below 300
    ({"A": 300, "B": 900}, {"below_mean_bp": 5000}, set()),  # exactly on the line
    ({"A": 100}, {"below_mean_bp": 10_000}, set()),  # a mean needs two offers
    ({"A": 100, "B": 101}, {"below_mean_bp": 10_000}, {"A"}),  # mean 100.5
    ({"A": 79, "B": 100, "C": 900}, {"below_second_bp": 8000}, {"A"}),
    ({"A": 80, "B": 100, "C": 900}, {"below_second_bp": 8000}, set()),
    ({"A": 10, "B": 10, "C": 900}, {"below_second_bp": 9900}, set()),  # no single lowest
    ({"A": 10}, {"below_second_bp": 9900}, set()),
    ({"A": 10, "B": 10, "C": 11}, {"below_second_bp": 12_000}, set()),
    ({"A": 99, "B": 100, "C": 110}, {"below_second_bp": 12_000}, {"A"}),  # only ever the single lowest
    ({"A": 449_999, "B": 450_000}, {"below_ceiling_bp": 4500}, {"A"}),
    ({"A": 449_999}, {"below_ceiling_bp": 4500}, {"A"}),  # the ceiling needs no second offer
    ({"A": 1, "B": 300, "C": 1000}, {"below_mean_bp": 7000, "below_second_bp": 9000}, {"A", "B"}),
    ({"A": 100, "B": 900}, {"below_mean_bp": 0}, set()),
    ({"A": 1, "B": 900}, {}, set()),  # without a line not even one fen is too low
    ({"A": 1_000_000, "B": 999_999}, {"below_ceiling_bp": 12_000}, {"A", "B"}),  # a line above the ceiling
]


@pytest.mark.parametrize(("prices", "low_price", "expected"), ROWS)
def test_a_price_strictly_below_a_line_is_flagged(
    prices: dict[str, int], low_price: dict[str, int], expected: set[str]
) -> None:
    assert flagged(prices, low_price) == expected


def test_a_refusal_for_a_low_price_names_the_first_line_it_fell_below() -> None:
    raw = comprehensive(
        bids({"A": 1, "B": 300, "C": 1000}, explanation="rejected"),
        low_price={"below_mean_bp": 7000, "below_second_bp": 9000, "below_ceiling_bp": 1},
    )
    (first, _) = decided(raw).rejected
    assert dict(first.reasons[0].params) == {
        "price_fen": 1,
        "trigger": "below_mean",
        "total_fen": 1301,
        "count": 3,
        "bp": 7000,
    }


def waiting(explanation: str, **terms: Any) -> Any:
    raw = comprehensive(bids({"A": 100, "B": 900}), low_price={"below_mean_bp": 5000}, **terms)
    raw["bids"][0]["explanation"] = explanation
    return decided(raw)


def test_a_flagged_first_without_an_accepted_explanation_waits() -> None:
    decision = waiting("missing")
    assert (decision.outcome, decision.winner, decision.flagged) == ("awaiting_explanation", None, "A")
    assert [row.bidder for row in decision.ranking] == ["A", "B"]


def test_an_accepted_explanation_is_awarded() -> None:
    assert (waiting("accepted").outcome, waiting("accepted").winner) == ("award", "A")


def test_a_rejected_explanation_leaves_and_too_few_is_counted_after_it() -> None:
    assert waiting("rejected").winner == "B"
    assert waiting("rejected", min_bidders=2).outcome == "unsuccessful"


def test_somebody_flagged_who_is_not_first_makes_nobody_wait() -> None:
    weights = [{"kind": "price", "points": 1, "formula": "lowest"}, {"kind": "credit", "points": 99}]
    raw = comprehensive(
        [{"bidder": "A", "price_fen": 1, "credit": 0}, {"bidder": "B", "price_fen": 900, "credit": 10_000}],
        criteria=weights,
        low_price={"below_mean_bp": 5000},
    )
    assert (decided(raw).outcome, decided(raw).winner) == ("award", "B")


def test_all_flagged_and_rejected_leave_together_then_lines_are_drawn_again() -> None:
    raw = comprehensive(
        bids({"A": 100, "B": 500, "C": 900, "D": 1000}, explanation="rejected"), low_price={"below_mean_bp": 7000}
    )
    # mean 625, line 437.5: A; then mean 800, line 560: B; then mean 950, line 665: nobody
    assert rejected(raw) == {"A": ["abnormally_low"], "B": ["abnormally_low"]}


def test_a_refused_bid_does_not_count_in_the_mean() -> None:
    raw = comprehensive(bids({"A": 400, "B": 600, "C": 2_000_000}), low_price={"below_mean_bp": 8000})
    assert decided(raw).outcome == "award"  # the mean of the two valid ones is 500, the line 400
    raw["terms"]["low_price"] = {"below_mean_bp": 8001}
    assert decided(raw).outcome == "awaiting_explanation"


def test_the_rounds_compare_offered_prices_not_effective_ones() -> None:
    raw = multi_round(
        [offer("A", 1, 800_000), offer("B", 2, 900_000)],
        bidders=[{"bidder": "A", "preferences": {"x": 5000}}, "B"],
        preferences=[{"code": "x", "max_bp": 5000}],
        low_price={"below_mean_bp": 8000},
    )
    assert decided(raw).outcome == "award"


def test_the_rounds_need_one_valid_offer_after_low_prices_left() -> None:
    terms: dict[str, Any] = {"low_price": {"below_ceiling_bp": 9999}, "min_bidders": 2}
    offers = [offer("A", 1, 900_000), offer("B", 2, 1_000_000)]
    one_left = multi_round(offers, bidders=[{"bidder": "A", "explanation": "rejected"}, "B"], **terms)
    assert decided(one_left).winner == "B"
    offers[1] = offer("B", 2, 910_000)
    none_left = multi_round(offers, bidders=[{"bidder": bidder, "explanation": "rejected"} for bidder in "AB"], **terms)
    assert (decided(none_left).outcome, rejected(none_left).keys()) == ("unsuccessful", {"A", "B"})


def test_a_needed_draw_comes_before_an_awaited_explanation() -> None:
    raw = comprehensive(bids({"A": 1, "B": 1, "C": 900}), low_price={"below_mean_bp": 5000})
    assert decided(raw).outcome == "draw_needed"
    raw["draw"] = DRAW
    assert decided(raw).outcome == "awaiting_explanation"
