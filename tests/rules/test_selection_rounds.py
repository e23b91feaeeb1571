"""Section 5: what every offer is told, who is alive, what stands."""

from __future__ import annotations

from typing import Any

import pytest

from bidding.decision import EffectiveRow
from tests.rules.selections import (
    AT,
    DRAW,
    decided,
    minute,
    multi_round,
    offer,
    order_of,
    rejected,
    round_,
    told,
)

OK = "accepted"
TWO_OPEN = [round_(0, 10), round_(12, 20)]
OPEN_THEN_SEALED = [round_(0, 10), round_(12, 20, "sealed")]

# what it shows, offers, terms → what each offer is told
ROWS: list[tuple[str, list[dict[str, Any]], dict[str, Any], list[str]]] = [
    ("before the opening", [offer("A", 0, 5) | {"at": "2026-11-23T00:59:59.999999Z"}], {}, ["round_not_open"]),
    ("at the opening", [offer("A", 0, 900_000)], {}, [OK]),
    ("at the last microsecond", [offer("A", 0, 5) | {"at": minute(9, 59, ".999999")}], {}, [OK]),
    ("at the close", [offer("A", 10, 900_000)], {}, ["selection_closed"]),
    (
        "at the close before a next round",
        [offer("A", 1, 9), offer("A", 10, 5)],
        {"rounds": TWO_OPEN},
        [OK, "round_not_open"],
    ),
    (
        "touching rounds: the close is the next opening",
        [offer("A", 1, 900_000), offer("A", 10, 800_000)],
        {"rounds": [round_(0, 10), round_(10, 20)]},
        [OK, OK],
    ),
    ("closed comes before everything", [offer("GHOST", 10, -5)], {}, ["selection_closed"]),
    ("not open comes before not admitted", [offer("GHOST", 1, 5)], {"rounds": [round_(2, 3)]}, ["round_not_open"]),
    ("not admitted comes before the price", [offer("GHOST", 1, -5)], {}, ["not_admitted"]),
    ("an id nobody could have is not admitted", [offer("a/b\u0007", 1, 5)], {}, ["not_admitted"]),
    (
        "the price comes before the days",
        [offer("A", 1, 0, days=99), offer("A", 1, 5, days=99)],
        {"max_days": 30},
        ["price_not_positive", "days_exceeded"],
    ),
    (
        "raw price against the ceiling",
        [offer("A", 1, 1_000_001), offer("A", 1, 1_000_000)],
        {},
        ["ceiling_exceeded", OK],
    ),
    ("days have to be positive", [offer("A", 1, 5, days=0)], {}, ["days_not_positive"]),
    ("own: no bound before the first offer", [offer("A", 1, 5), offer("B", 2, 900_000)], {}, [OK, OK]),
    (
        "own: the exact step is enough",
        [offer("A", 1, 900_000), offer("A", 2, 890_001), offer("A", 3, 890_000)],
        {},
        [OK, "step_not_met", OK],
    ),
    ("own: others do not bind", [offer("A", 1, 500_000), offer("B", 2, 900_000), offer("B", 3, 890_000)], {}, [OK] * 3),
    (
        "leader: the best binds",
        [offer("A", 1, 900_000), offer("B", 2, 890_001), offer("B", 3, 890_000)],
        {"step_basis": "leader"},
        [OK, "step_not_met", OK],
    ),
    (
        "leader: it beats itself too",
        [offer("A", 1, 900_000), offer("A", 2, 890_001), offer("A", 3, 890_000)],
        {"step_basis": "leader"},
        [OK, "step_not_met", OK],
    ),
    (
        "sealed: offers of the same round are no reference",
        [offer("A", 1, 500_000), offer("A", 2, 900_000), offer("B", 3, 900_000)],
        {"rounds": [round_(0, 10, "sealed")], "step_basis": "leader"},
        [OK] * 3,
    ),
    (
        "sealed: the best at the opening binds",
        [
            offer("A", 1, 900_000),
            offer("B", 2, 890_000),
            offer("A", 13, 880_000),
            offer("B", 14, 880_000),
            offer("A", 15, 880_001),
        ],
        {"rounds": OPEN_THEN_SEALED, "step_basis": "leader"},
        [OK, OK, OK, OK, "step_not_met"],
    ),
    (
        "sealed: own standing binds, not the pending one",
        [offer("A", 1, 900_000), offer("A", 13, 500_000), offer("A", 14, 890_000)],
        {"rounds": OPEN_THEN_SEALED},
        [OK, OK, OK],
    ),
    (
        "multiple: from the ceiling first",
        [offer("A", 1, 985_000), offer("A", 2, 980_000), offer("A", 3, 955_000), offer("A", 4, 950_000)],
        {"step_multiple": True},
        ["not_a_step_multiple", OK, "not_a_step_multiple", OK],
    ),
    (
        "multiple: of the drop, far below the ceiling",
        [offer("A", 1, 400_000), offer("A", 2, 90_000), offer("A", 3, 100_000)],
        {"step_multiple": True, "step_fen": 30_000},
        [OK, "not_a_step_multiple", OK],
    ),
    ("multiple: the ceiling itself is one", [offer("A", 1, 1_000_000)], {"step_multiple": True}, [OK]),
    (
        "multiple: the step comes first",
        [offer("A", 1, 980_000), offer("A", 2, 975_000)],
        {"step_multiple": True},
        [OK, "step_not_met"],
    ),
    (
        "multiple: from the leader's price",
        [offer("A", 1, 970_000), offer("B", 2, 955_000), offer("B", 3, 950_000)],
        {"step_multiple": True, "step_basis": "leader"},
        [OK, "not_a_step_multiple", OK],
    ),
    ("the silent are out", [offer("A", 1, 5), offer("B", 13, 4)], {"rounds": TWO_OPEN}, [OK, "eliminated"]),
    (
        "too few closes everything",
        [offer("A", 1, 5), offer("A", 11, 4), offer("B", 13, 4)],
        {"rounds": TWO_OPEN, "min_bidders": 2},
        [OK, "selection_closed", "selection_closed"],
    ),
]


@pytest.mark.parametrize(("offers", "terms", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_an_offer_is_told_the_first_reason_that_applies(
    offers: list[dict[str, Any]], terms: dict[str, Any], expected: list[str]
) -> None:
    assert told(multi_round(offers, draw=DRAW, **terms)) == expected


EXTENSION = {"window_s": 60, "extend_s": 120, "limit": 2}

# seconds after the opening of a round of 600 s at which accepted offers arrive → close in seconds
EXTENSIONS = [
    ([1], 600),
    ([539], 600),
    ([540], 720),  # exactly the window
    ([540, 661], 840),
    ([540, 661, 781], 840),  # the limit
    ([540, 659], 720),
    ([599, 719, 839], 840),
]


@pytest.mark.parametrize(("seconds", "close"), EXTENSIONS)
def test_an_accepted_offer_in_the_window_moves_the_close(seconds: list[int], close: int) -> None:
    offers = [offer("A", 0, 900_000 - 10_000 * at, at % 60) | {"at": minute(at // 60, at % 60)} for at in seconds]
    for index, one in enumerate(offers):
        one["price_fen"] = 900_000 - 10_000 * index
    raw = multi_round(offers, extension=EXTENSION)
    assert set(told(raw)) == {OK}
    assert closes(raw) == [minute(close // 60, close % 60)]


def closes(raw: dict[str, Any]) -> list[Any]:
    rounds = decided(raw).as_json()["rounds"]
    assert isinstance(rounds, list)
    return [closed["closes_at"] for closed in rounds if isinstance(closed, dict)]


def test_everything_after_an_extended_close_moves_with_it() -> None:
    offers = [offer("A", 9, 900_000, 59), offer("A", 12, 800_000, 30), offer("A", 14, 800_000), offer("A", 21, 700_000)]
    raw = multi_round(offers, rounds=TWO_OPEN, extension=EXTENSION)
    assert told(raw) == [OK, "round_not_open", OK, OK]
    assert closes(raw) == [minute(12), minute(24)]  # the last offer came in the moved round's last minute


def test_hundreds_of_extensions_stop_at_their_limit() -> None:
    offers = [offer("A", second // 60, 900_000 - 100 * second, second % 60) for second in range(1, 304)]
    raw = multi_round(offers, step_fen=100, extension={"window_s": 600, "extend_s": 1, "limit": 300})
    assert (set(told(raw)), closes(raw)) == ({OK}, [minute(15)])  # 600 seconds and 300


def test_the_limit_counts_anew_in_each_round() -> None:
    offers = [offer("A", 9, 900_000, 59), offer("A", 21, 800_000, 59)]
    raw = multi_round(offers, rounds=TWO_OPEN, extension=EXTENSION | {"limit": 1})
    assert closes(raw) == [minute(12), minute(24)]


def test_neither_refused_nor_sealed_offers_extend() -> None:
    refused = [offer("A", 1, 900_000), offer("A", 9, 895_000, 30), offer("GHOST", 9, 5, 40)]
    assert closes(multi_round(refused, extension=EXTENSION)) == [minute(10)]
    sealed = [offer("A", 9, 900_000, 59)]
    assert closes(multi_round(sealed, rounds=[round_(0, 10, "sealed")], extension=EXTENSION)) == [minute(10)]


def alive(raw: dict[str, Any]) -> list[list[str]]:
    record = decided(raw).record
    assert record is not None
    return [list(closed.alive) for closed in record.rounds]


CUT = [round_(0, 10, survivors=2), round_(12, 20)]

SURVIVORS = [
    ({"A": 1, "B": 2, "C": 3}, [["A", "B"], ["A", "B"]]),
    ({"A": 1, "B": 2, "C": 2, "D": 3}, [["A", "B", "C"]] * 2),  # equals at the edge stay
    ({"A": 1, "B": 1, "C": 1}, [["A", "B", "C"]] * 2),
    ({"A": 1}, [["A"]] * 2),
    ({"A": 1, "B": 2}, [["A", "B"]] * 2),
]


@pytest.mark.parametrize(("prices", "expected"), SURVIVORS)
def test_the_best_survive_a_round_and_equals_at_the_edge_stay(
    prices: dict[str, int], expected: list[list[str]]
) -> None:
    offers = [offer(bidder, 1, price) for bidder, price in prices.items()]
    assert alive(multi_round(offers, bidders="ABCD", rounds=CUT, draw=DRAW)) == expected


def test_too_few_is_counted_before_the_cut_and_no_cut_is_made_then() -> None:
    offers = [offer("A", 1, 1), offer("B", 1, 2), offer("C", 1, 3)]
    assert alive(multi_round(offers, rounds=CUT, min_bidders=3)) == [["A", "B"], ["A", "B"]]
    assert alive(multi_round(offers, rounds=CUT, min_bidders=4, bidders="ABCD")) == [["A", "B", "C"]]


def test_not_bidding_in_a_later_round_keeps_the_standing_offer() -> None:
    offers = [offer("A", 1, 900_000), offer("B", 1, 800_000), offer("A", 13, 850_000)]
    assert order_of(multi_round(offers, rounds=TWO_OPEN)) == ["B", "A"]


def test_the_last_sealed_offer_counts_even_if_higher() -> None:
    offers = [offer("A", 1, 800_000), offer("B", 2, 850_000), offer("A", 3, 900_000)]
    assert order_of(multi_round(offers, rounds=[round_(0, 10, "sealed")])) == ["B", "A"]


def effective(raw: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {row.bidder: row.effective for row in decided(raw).ranking if isinstance(row, EffectiveRow)}


def test_the_effective_price_is_exact_in_lowest_terms() -> None:
    raw = multi_round(
        [offer("A", 1, 469_00, days=3), offer("B", 2, 469_00, days=4)],
        bidders=[{"bidder": "A", "preferences": {"x": 1000, "y": 1000}}, "B"],
        preferences=[{"code": "x", "max_bp": 1500}, {"code": "y", "max_bp": 1500}],
        day_value_fen=100,
    )
    assert effective(raw) == {"A": (331_000, 9), "B": (47_300, 1)}  # 46900 ÷ 9/7 + 300
    assert order_of(raw) == ["A", "B"]


def test_an_exact_bound_between_different_coefficients_is_accepted() -> None:
    terms: dict[str, Any] = {
        "bidders": [{"bidder": "A", "preferences": {"x": 3000}}, "B", "C"],
        "preferences": [{"code": "x", "max_bp": 3000}],
        "step_basis": "leader",
        "step_fen": 1,
    }
    # A's coefficient is 1 + 3/7: 100,000 counts as 70,000
    raw = multi_round([offer("A", 1, 100_000), offer("B", 2, 70_000), offer("B", 3, 69_999)], **terms)
    assert told(raw) == [OK, "step_not_met", OK]
    back = multi_round([offer("B", 1, 70_000), offer("A", 2, 99_999), offer("A", 3, 99_998)], **terms)
    assert told(back) == [OK, "step_not_met", OK]  # 69,999 × 10/7 = 99,998.57…


VOID = [
    ("from its instant on", 5, [offer("A", 5, 900_000)], ["not_admitted"]),
    ("not before", 5, [offer("A", 4, 900_000, 59)], [OK]),
    ("even after the end", 99, [offer("A", 9, 900_000)], [OK]),
]


@pytest.mark.parametrize(("minutes", "offers", "expected"), [row[1:] for row in VOID], ids=[row[0] for row in VOID])
def test_a_voided_bidder_is_out_from_its_instant_and_never_ranked(
    minutes: int, offers: list[dict[str, Any]], expected: list[str]
) -> None:
    raw = multi_round(offers, bidders=[{"bidder": "A", "voided_at": minute(minutes)}])
    assert told(raw) == expected
    assert rejected(raw) == {"A": ["voided"]}
    assert decided(raw).outcome == "unsuccessful"


def test_a_bidder_voided_at_the_very_close_is_not_counted_at_it() -> None:
    offers = [offer("A", 1, 900_000), offer("B", 2, 800_000)]
    at_close = multi_round(offers, bidders=[{"bidder": "A", "voided_at": minute(10)}, "B"], min_bidders=2)
    assert decided(at_close).outcome == "unsuccessful"
    later = multi_round(offers, bidders=[{"bidder": "A", "voided_at": minute(10, 1)}, "B"], min_bidders=2)
    assert decided(later).winner == "B"


def test_a_voided_sealed_offer_never_stands() -> None:
    bidders = [{"bidder": "A", "voided_at": minute(5)}, "B"]
    raw = multi_round([offer("A", 1, 1), offer("B", 2, 2)], bidders=bidders, rounds=[round_(0, 10, "sealed")])
    assert (decided(raw).winner, alive(raw)) == ("B", [["B"]])


def test_extensions_that_a_voided_bidder_caused_stand() -> None:
    bidders = [{"bidder": "A", "voided_at": minute(10)}, "B"]
    raw = multi_round([offer("A", 9, 5, 30), offer("B", 11, 9)], bidders=bidders, extension=EXTENSION)
    assert told(raw) == [OK, OK]


def test_a_bidder_eliminated_and_then_voided_is_listed_as_voided() -> None:
    bidders = ["A", "B", {"bidder": "C", "voided_at": minute(15)}]
    raw = multi_round([offer("A", 1, 1), offer("B", 1, 2), offer("C", 1, 3)], bidders=bidders, rounds=CUT)
    assert rejected(raw) == {"C": ["voided"]}


def test_after_the_last_round_one_valid_offer_is_enough() -> None:
    bidders = ["A", {"bidder": "B", "voided_at": minute(15)}]
    raw = multi_round([offer("A", 1, 2), offer("B", 1, 1)], bidders=bidders, rounds=TWO_OPEN, min_bidders=2)
    assert decided(raw).winner == "A"


def test_nobody_bids_and_the_selection_is_unsuccessful() -> None:
    raw = multi_round([], rounds=TWO_OPEN)
    assert decided(raw).as_json() == {
        "outcome": "unsuccessful",
        "winner": None,
        "ranking": [],
        "rejected": [],
        "reason": "too_few_bidders",
        "offers": [],
        "rounds": [{"round": 1, "closes_at": minute(10), "alive": []}],
    }


def test_a_tie_left_open_needs_a_draw_and_keeps_the_record() -> None:
    decision = decided(multi_round([offer("A", 1, 5), offer("B", 1, 5)])).as_json()
    assert (decision["outcome"], decision["ranking"]) == ("draw_needed", [])
    assert decision["offers"] == [{"seq": 1, "accepted": True}, {"seq": 2, "accepted": True}]


def test_instants_are_compared_as_instants_not_as_text() -> None:
    raw = multi_round([offer("A", 0, 5) | {"at": "2026-11-23T01:00:00.0Z"}], rounds=[round_(0, 10)])
    assert (raw["terms"]["rounds"][0]["opens_at"], told(raw)) == (AT, [OK])
