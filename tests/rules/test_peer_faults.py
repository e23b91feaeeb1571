"""Faults seen in peers by running or reading them, each held to never be ours.

The feed that lets a reader skip a record for ever belongs to the record and is held there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from commons.errors import Malformed
from marketplace.publication.decide import answer
from tests.rules.selections import (
    AT,
    DRAW,
    PRICE,
    Raw,
    bids,
    comprehensive,
    credit_draw,
    decided,
    instant,
    mean_price,
    minute,
    multi_round,
    offer,
    order_of,
    points,
    random_draw,
    rejected,
    round_,
    shelf,
    told,
)

ROOT = Path(__file__).parents[2]
NO_AMOUNTS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "true",
    "false",
    "null",
    "1e-300",
    "1E2",
    "5.0",
    '"5"',
    "[5]",
    "{}",
    "1000000000001",
]
PLACES: dict[str, tuple[Raw, str]] = {
    "a sealed bid": (comprehensive(bids({"A": 77_777})), "/bids/0/price_fen"),
    "a bid near the mean": (mean_price(bids({"A": 77_777})), "/bids/0/price_fen"),
    "an offer in a round": (multi_round([offer("A", 1, 77_777)]), "/offers/0/price_fen"),
    "a shelf offer": (instant([shelf("A", 77_777)]), "/offers/0/unit_price_fen"),
    "a ceiling": (comprehensive(bids({"A": 5}), ceiling_fen=77_777), "/terms/ceiling_fen"),
}
TWO = [round_(0, 10), round_(12, 20)]


def line(raw: Raw) -> Raw:
    """The decision as its stable keys."""
    return decided(raw).as_json()


def micro(seconds: int, microseconds: int) -> str:
    """So many seconds and microseconds (perhaps fewer than none) after one o'clock."""
    whole, part = divmod(seconds * 10**6 + microseconds, 10**6)
    return minute(whole // 60, whole % 60, f".{part:06d}")


# Amounts


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_what_is_no_amount_is_refused_with_a_pointer_wherever_it_stands(place: str, amount: str) -> None:
    case, pointer = PLACES[place]
    with pytest.raises(Malformed) as refusal:
        answer(json.dumps(case).replace("77777", amount).encode())
    assert refusal.value.faults[0].pointer == pointer


def test_a_number_in_quotes_is_a_problem_line_and_never_a_traceback() -> None:
    case, _ = PLACES["a sealed bid"]
    command = [sys.executable, "-m", "marketplace", "decide", "-"]
    data = json.dumps(case).replace("77777", '"5"').encode()
    done = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert (done.returncode, done.stderr, json.loads(done.stdout)["code"]) == (2, b"", "malformed")


@pytest.mark.parametrize("price", [-100, -1, 0])
def test_no_amount_cancels_a_bid_by_a_secret_meaning(price: int) -> None:
    case = multi_round([offer("A", 1, 900_000), offer("A", 2, price)])
    assert told(case) == ["accepted", "price_not_positive"]
    assert line(case)["ranking"][0]["price_fen"] == 900_000


# The closing instant


@pytest.mark.parametrize("kind", ["open", "sealed"])
@pytest.mark.parametrize("microseconds", [-2, -1, 0, 1, 2])
def test_a_bid_while_its_turn_closes_is_either_counted_or_told_why_not(kind: str, microseconds: int) -> None:
    last = {"bidder": "A", "at": micro(600, microseconds), "price_fen": 880_000}
    case = multi_round([offer("A", 1, 900_000), offer("B", 2, 890_000), last], rounds=[round_(0, 10, kind), TWO[1]])
    ranking = {row["bidder"]: row["price_fen"] for row in line(case)["ranking"]}
    assert (told(case)[2], ranking["A"]) == (("accepted", 880_000) if microseconds < 0 else ("round_not_open", 900_000))


@pytest.mark.parametrize("microseconds", [-1, 0, 1])
def test_after_the_last_close_nothing_is_acknowledged(microseconds: int) -> None:
    last = {"bidder": "A", "at": micro(600, microseconds), "price_fen": 880_000}
    case = multi_round([offer("A", 1, 900_000), last])
    assert told(case)[1] == ("accepted" if microseconds < 0 else "selection_closed")
    assert line(case)["ranking"][0]["price_fen"] == (880_000 if microseconds < 0 else 900_000)


@pytest.mark.parametrize("kinds", [("open", "open"), ("open", "sealed"), ("sealed", "open"), ("sealed", "sealed")])
def test_a_close_keeps_every_standing_offer_and_the_last_one_above_all(kinds: tuple[str, str]) -> None:
    rounds = [round_(0, 10, kinds[0]), round_(12, 20, kinds[1])]
    offers = [offer("A", 1, 900_000), offer("B", 2, 905_000), offer("C", 3, 910_000), offer("C", 9, 890_000, 59)]
    case = multi_round([*offers, offer("B", 19, 880_000, 59)], rounds=rounds)
    assert told(case) == ["accepted"] * 5
    assert [(row["bidder"], row["price_fen"]) for row in line(case)["ranking"]] == [
        ("B", 880_000),
        ("C", 890_000),
        ("A", 900_000),
    ]


# The ranking key of every mode

PLAN = [PRICE | {"points": 40}, {"kind": "plan", "points": 60}]
GREEN: Raw = {"preferences": [{"code": "green", "max_bp": 1500}]}
KEYS: dict[str, tuple[Raw, list[str]]] = {
    "points, not the price": (
        comprehensive(
            [
                {"bidder": "A", "price_fen": 500_000, "marks": [2000]},
                {"bidder": "B", "price_fen": 600_000, "marks": [5900]},
            ],
            criteria=PLAN,
        ),
        ["B", "A"],
    ),
    "the lowest price, ascending": (comprehensive(bids({"A": 900_000, "B": 300_000, "C": 600_000})), ["B", "C", "A"]),
    "prices as numbers, not as text": (comprehensive(bids({"A": 100_000, "B": 99_999, "C": 9})), ["C", "B", "A"]),
    "the effective price, not the offered one": (
        multi_round(
            [offer("A", 1, 475_000), offer("B", 2, 480_000)],
            bidders=[{"bidder": "A", "preferences": {"green": 1000}}, {"bidder": "B", "preferences": {"green": 1500}}],
            **GREEN,
        ),
        ["B", "A"],
    ),
    "the days counted in": (
        multi_round(
            [offer("A", 1, 500_000, days=20), offer("B", 2, 600_000, days=5)],
            bidders="AB",
            max_days=30,
            day_value_fen=10_000,
        ),
        ["B", "A"],
    ),
    "the price of the quantity, not of one": (
        instant([shelf("A", 10, minimum_fee_fen=5_000), shelf("B", 20)], quantity=100),
        ["B", "A"],
    ),
    "the value on the shelf, not the price": (
        instant(
            [shelf("A", 500_000, credit=6000), shelf("B", 600_000, credit=9900)],
            rule="best_value",
            criteria=[PRICE | {"points": 30}, {"kind": "credit", "points": 70}],
        ),
        ["B", "A"],
    ),
    "the distance from the mean, not the price": (mean_price(bids({"A": 100, "B": 200, "C": 600})), ["B", "A", "C"]),
    "the lots, not the order of signing up": (random_draw("ABCD", draw=DRAW), order_of(random_draw("DCBA", draw=DRAW))),
    "the lots of the big list, not the credit": (
        credit_draw({"A": 9000, "B": 9500, "C": 8000}, draw=DRAW),
        order_of(credit_draw({"C": 8000, "B": 9500, "A": 9000}, draw=DRAW)),
    ),
}


@pytest.mark.parametrize("key", KEYS)
def test_every_mode_ranks_by_its_own_key(key: str) -> None:
    case, expected = KEYS[key]
    assert order_of(case) == expected


@pytest.mark.parametrize("key", KEYS)
def test_no_mode_is_an_empty_branch(key: str) -> None:
    decision = line(KEYS[key][0])
    assert decision["outcome"] == ("owner_choice" if "shortlist" in decision else "award")
    assert [row["rank"] for row in decision["ranking"]] == list(range(1, len(decision["ranking"]) + 1))


def test_the_auction_itself_moves_the_result() -> None:
    first = [offer("A", 1, 900_000), offer("B", 2, 800_000)]
    assert order_of(multi_round(first, bidders="AB")) == ["B", "A"]
    assert order_of(multi_round([*first, offer("A", 3, 700_000)], bidders="AB")) == ["A", "B"]


# Ties


def test_a_tie_by_receipt_favours_the_earlier_standing_offer() -> None:
    case = multi_round([offer("B", 1, 900_000), offer("A", 2, 900_000)], bidders="AB", ties=["received"])
    assert order_of(case) == ["B", "A"]


def test_a_tie_in_a_sealed_selection_favours_neither_the_earlier_nor_the_later_bid() -> None:
    same = bids({"A": 500, "B": 500, "C": 500})
    assert order_of(comprehensive(same, draw=DRAW)) == order_of(comprehensive(same[::-1], draw=DRAW))


@pytest.mark.parametrize(
    ("survivors", "alive"), [(1, "A"), (2, "ABC"), (3, "ABC"), (4, "ABCD"), (5, "ABCDE"), (9, "ABCDE")]
)
def test_survivors_tied_at_the_edge_all_stay_and_nobody_beyond_it(survivors: int, alive: str) -> None:
    prices = {"A": 700_000, "B": 800_000, "C": 800_000, "D": 900_000, "E": 950_000}
    offers = [offer(bidder, place + 1, price) for place, (bidder, price) in enumerate(prices.items())]
    case = multi_round(offers, bidders="ABCDE", rounds=[TWO[0] | {"survivors": survivors}, TWO[1]], draw=DRAW)
    assert "".join(line(case)["rounds"][0]["alive"]) == alive


@pytest.mark.parametrize(("size", "listed"), [(1, "A"), (2, "ABC"), (3, "ABC"), (4, "ABCD"), (9, "ABCD")])
def test_credits_tied_at_the_edge_of_the_big_list_all_stay(size: int, listed: str) -> None:
    case = credit_draw({"A": 9000, "B": 8000, "C": 8000, "D": 7000}, draw=DRAW, big_list=size, small_list=1)
    assert "".join(sorted(order_of(case))) == listed


def test_tied_bidders_get_ranks_of_their_own_without_a_gap() -> None:
    rows = line(comprehensive(bids({"A": 500, "B": 500, "C": 400, "D": 600}), draw=DRAW))["ranking"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert (rows[0]["bidder"], {rows[1]["bidder"], rows[2]["bidder"]}, rows[3]["bidder"]) == ("C", {"A", "B"}, "D")


# Dates


@pytest.mark.parametrize(
    ("at", "answered"),
    [
        (minute(0), "accepted"),  # as text later than the opening, which is written with a fraction
        (minute(9, 59, ".5"), "accepted"),
        (minute(9, 59, ".999999"), "accepted"),
        (minute(10, 0, ".0"), "selection_closed"),  # as text before the closing instant
        (minute(10, 0, ".5"), "selection_closed"),  # as text before it too
    ],
)
def test_instants_are_compared_as_instants_and_not_as_text(at: str, answered: str) -> None:
    opening = {"kind": "open", "opens_at": minute(0, 0, ".000000"), "closes_at": minute(10)}
    assert told(multi_round([{"bidder": "A", "at": at, "price_fen": 5}], rounds=[opening])) == [answered]


@pytest.mark.parametrize(
    ("since", "until", "valid"),
    [
        (AT, minute(0, 0, ".000001"), True),
        (minute(0, 0, ".000000"), minute(1), True),
        ("2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z", True),
        (minute(0, 0, ".000001"), minute(1), False),  # as text before the instant of the selection
        ("2025-12-31T23:59:59Z", minute(0, 0, ".0"), False),
    ],
)
def test_a_shelf_offer_is_valid_by_instants_and_not_by_text(since: str, until: str, valid: bool) -> None:
    case = instant([shelf("A", 5, valid_from=since, valid_until=until)])
    assert rejected(case) == ({} if valid else {"A": ["offer_not_valid"]})


# Exact bounds


@pytest.mark.parametrize(("own", "step"), [(10_010, 1020), (469, 10), (100_030, 30), (10**12 - 1, 333_333_333_333)])
@pytest.mark.parametrize("beyond", [0, 1])
def test_the_exact_bound_is_accepted_and_one_fen_more_is_not(own: int, step: int, beyond: int) -> None:
    offers = [offer("A", 1, own), offer("A", 2, own - step + beyond)]
    case = multi_round(offers, bidders="A", ceiling_fen=10**12, step_fen=step)
    assert told(case) == ["accepted", "step_not_met" if beyond else "accepted"]


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_exact_bound_holds_through_a_coefficient_no_binary_number_writes(beyond: int) -> None:
    terms: Raw = {"preferences": [{"code": "a", "max_bp": 1500}, {"code": "b", "max_bp": 1500}], "step_fen": 70}
    bidder = {"bidder": "A", "preferences": {"a": 1000, "b": 1000}}  # 9/7: 70 effective fen are 90 offered ones
    case = multi_round([offer("A", 1, 46_900), offer("A", 2, 46_810 + beyond)], bidders=[bidder], **terms)
    assert told(case) == ["accepted", "step_not_met" if beyond else "accepted"]


# Means


def test_the_mean_is_that_of_all_prices_and_not_of_the_last_two() -> None:
    decision = line(mean_price(bids({"A": 100, "B": 200, "C": 600})))
    assert (decision["benchmark_fen"], decision["winner"]) == (300, "B")


def test_points_by_the_mean_measure_from_the_mean_of_all_prices() -> None:
    mean = {"kind": "price", "points": 100, "formula": "mean", "above": 100, "below": 100}
    case = comprehensive(bids({"A": 100, "B": 200, "C": 600}), criteria=[mean])
    assert points(case) == {"B": (10_000 - 3333,), "A": (10_000 - 6667,), "C": (0,)}


def test_low_prices_are_measured_by_a_mean_of_all_then_by_a_mean_of_all_who_stay() -> None:
    line_of: Raw = {"low_price": {"below_mean_bp": 5000}}
    prices = {"A": 299, "B": 301, "C": 800, "D": 1000}  # half the mean is 300; without A it is 350 and a bit
    assert rejected(comprehensive(bids(prices, explanation="rejected"), **line_of)) == {
        "A": ["abnormally_low"],
        "B": ["abnormally_low"],
    }
    assert rejected(comprehensive(bids(prices | {"A": 300, "B": 300}, explanation="rejected"), **line_of)) == {}


# Draws

DRAWN: dict[str, Any] = {
    "a tie": comprehensive(bids({"A": 500, "B": 500})),
    "a draw among one": random_draw("A"),
    "a draw by credit": credit_draw({"A": 9000}),
    "a draw on the shelf": instant([shelf("A", 5)], rule="draw"),
    "a drawn factor": mean_price(bids({"A": 500}), factor_bp=[9500, 9600]),
}


@pytest.mark.parametrize("need", DRAWN)
def test_a_draw_without_recorded_inputs_waits_for_them_and_is_never_invented(need: str) -> None:
    decision = line(DRAWN[need])
    assert (decision["outcome"], decision["winner"], decision["ranking"]) == ("draw_needed", None, [])


@pytest.mark.parametrize("need", DRAWN)
def test_a_draw_with_recorded_inputs_gives_the_same_bytes_again(need: str) -> None:
    case = json.dumps(DRAWN[need] | {"draw": DRAW}).encode()
    assert json.dumps(answer(case)) == json.dumps(answer(case))
    assert answer(case)["outcome"] != "draw_needed"


def test_other_inputs_draw_another_order() -> None:
    orders = {tuple(order_of(random_draw("ABCD", draw={"salt": f"{salt:02x}", "ikm": "01"}))) for salt in range(40)}
    assert len(orders) > 10
