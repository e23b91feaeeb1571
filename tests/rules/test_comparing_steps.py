"""核验: whichever figure is changed, by whoever, it is found at its own step and named by its cell."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bidding.comparing import CHECKS, Computed, Held, Published, compare, first_difference
from bidding.engine import decide
from bidding.reading.case import parse_case

Raw = dict[str, Any]
Change = Callable[[Raw], object]

CRITERIA = [
    {"kind": "price", "points": 60, "formula": "lowest"},
    {"kind": "days", "points": 20},
    {"kind": "credit", "points": 20},
]
SEALED: Raw = {
    "terms": {
        "mode": "comprehensive", "ceiling_fen": 20_000_000, "max_days": 60, "min_bidders": 2, "criteria": CRITERIA,
        "ties": ["price", "draw"], "lot_cap": 1,
    },
    "bids": [
        {"bidder": "A", "price_fen": 15_000_000, "days": 30, "credit": 9_000},
        {"bidder": "B", "price_fen": 14_000_000, "days": 50, "credit": 8_000},
        {"bidder": "C", "price_fen": 25_000_000, "days": 40, "credit": 8_500},
        {"bidder": "D", "price_fen": 13_000_000, "days": 40, "credit": 8_500, "lots_won": 1},
    ],
}  # fmt: skip
RATES: Raw = {
    "terms": {
        "mode": "mean_price", "ceiling_fen": 10_000_000, "min_bidders": 2, "price_basis": "discount_rate",
        "factor_bp": [9_500, 9_700], "ties": ["draw"],
    },
    "bids": [{"bidder": name, "discount_bp": bp} for name, bp in (("A", 500), ("B", 800), ("C", 1_300))],
    "draw": {"salt": "a1", "ikm": "b2c3"},
}  # fmt: skip
DRAWN: Raw = {
    "terms": {"mode": "credit_draw", "ceiling_fen": 10_000_000, "big_list": 3, "small_list": 2, "ties": ["draw"]},
    "bids": [{"bidder": name, "credit": credit} for name, credit in (("A", 9_000), ("B", 8_000), ("C", 7_000))],
    "draw": {"salt": "a1", "ikm": "b2c3"},
}
ROUNDS: Raw = {
    "terms": {
        "mode": "multi_round", "ceiling_fen": 10_000_000, "step_fen": 10_000, "step_basis": "leader",
        "min_bidders": 1, "ties": ["received"],
        "rounds": [{"kind": "open", "opens_at": "2026-11-20T01:00:00Z", "closes_at": "2026-11-20T02:00:00Z"}],
    },
    "bidders": [{"bidder": "A"}, {"bidder": "B"}],
    "offers": [
        {"bidder": "A", "at": "2026-11-20T01:10:00Z", "price_fen": 9_000_000},
        {"bidder": "B", "at": "2026-11-20T01:20:00Z", "price_fen": 8_000_000},
        {"bidder": "A", "at": "2026-11-20T01:30:00Z", "price_fen": 7_995_000},
    ],
}  # fmt: skip
SHELF: Raw = {
    "terms": {"mode": "instant", "ceiling_fen": 10_000_000, "rule": "cheapest", "quantity": 2, "ties": ["draw"]},
    "offers": [
        {
            "bidder": name, "unit_price_fen": price, "minimum_fee_fen": 0, "capacity": 1,
            "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z",
        }
        for name, price in (("A", 1_000_000), ("B", 900_000))
    ],
    "at": "2026-06-01T00:00:00Z",
}  # fmt: skip
WINNERS = {"sealed": "A", "rates": None, "drawn": None, "rounds": "B", "shelf": "B"}
CASES: dict[str, Raw] = {"sealed": SEALED, "rates": RATES, "drawn": DRAWN, "rounds": ROUNDS, "shelf": SHELF}


def decided(case: Raw) -> Raw:
    return decide(parse_case(copy.deepcopy(case))).as_json()


def price_of(case: Raw, decision: Raw) -> int | None:
    winner = decision["winner"]
    if winner is None:
        return None
    row = next(one for one in decision["ranking"] if one["bidder"] == winner)
    if "price_fen" in row:
        return int(row["price_fen"])
    return int(next(one["price_fen"] for one in case["bids"] if one["bidder"] == winner))


def published(case: Raw, **held: Any) -> Published:
    decision = decided(case)
    given = {"winner": decision["winner"], "price_fen": price_of(case, decision), **held}
    return Published(copy.deepcopy(case), decision, Held(**given))


def at(path: str, value: Any) -> Change:
    """Sets one value of a document by its path."""

    def change(document: Raw) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        inner: Any = document
        for step in way:
            inner = inner[step]
        inner[last] = value

    return change


def swapped(document: Raw) -> None:
    """The first two change places in the ranking, and nothing else."""
    rows = document["ranking"]
    rows[0]["rank"], rows[1]["rank"] = rows[1]["rank"], rows[0]["rank"]


IN_THE_FILE: dict[str, tuple[str, Change, str, str, str]] = {
    "a weight": ("sealed", lambda one: (at("terms/criteria/0/points", 50)(one), at("terms/criteria/1/points", 30)(one)),
                 "terms", "", "/criteria/0/points"),
    "the ceiling": ("sealed", at("terms/ceiling_fen", 30_000_000), "terms", "", "/ceiling_fen"),
    "the cap of lots": ("sealed", at("terms/lot_cap", 2), "terms", "", "/lot_cap"),
    "lots won": ("sealed", at("bids/3/lots_won", 0), "bidders", "D", "lots_won"),
    "a credit score": ("sealed", at("bids/1/credit", 9_900), "bidders", "B", "credit"),
    "a bidder left out": ("sealed", lambda one: one["bids"].pop(1), "bidders", "B", "bidder"),
    "a bidder put in": ("sealed", lambda one: one["bids"].append({**one["bids"][0], "bidder": "Z"}), "bidders", "Z",
                        "bidder"),
    "a price": ("sealed", at("bids/1/price_fen", 14_500_000), "offers", "B", "price_fen"),
    "the days": ("sealed", at("bids/0/days", 29), "offers", "A", "days"),
    "a rate": ("rates", at("bids/2/discount_bp", 900), "offers", "C", "discount_bp"),
    "an offer of a round": ("rounds", at("offers/2/price_fen", 7_000_000), "offers", "#3", "price_fen"),
    "an offer's instant": ("rounds", at("offers/1/at", "2026-11-20T01:21:00Z"), "offers", "#2", "at"),
    "a shelf price": ("shelf", at("offers/0/unit_price_fen", 1), "offers", "A", "unit_price_fen"),
    "the instant of choosing": ("shelf", at("at", "2026-06-02T00:00:00Z"), "offers", "", "at"),
    "a draw input": ("drawn", at("draw/ikm", "b2c4"), "draw", "", "ikm"),
    "a draw left out": ("rates", lambda one: one.pop("draw"), "draw", "", "salt"),
}  # fmt: skip

OF_THE_DECISION: dict[str, tuple[str, Change, str, str, str]] = {
    "who was refused": ("sealed", lambda one: one["rejected"].pop(0), "refusals", "C", "reasons"),
    "why": ("sealed", at("rejected/1/reasons/0", "voided"), "refusals", "D", "reasons"),
    "what an offer was told": ("rounds", at("offers/2/accepted", True), "refusals", "#3", "accepted"),
    "when a round closed": ("rounds", at("rounds/0/closes_at", "2026-11-20T02:05:00Z"), "refusals", "round 1",
                            "closes_at"),
    "points": ("sealed", at("ranking/1/points/2", 1_700), "scores", "B", "points/2"),
    "a total": ("sealed", at("ranking/0/total", 9_999), "scores", "A", "total"),
    "an effective price": ("rounds", at("ranking/0/effective/0", 7_000_000), "scores", "B", "effective/0"),
    "a price in a row": ("shelf", at("ranking/0/price_fen", 1), "scores", "B", "price_fen"),
    "the benchmark": ("rates", at("benchmark_fen", 1), "scores", "", "benchmark_fen"),
    "the drawn factor": ("rates", at("factor_bp", 1), "scores", "", "factor_bp"),
    "ranks": ("sealed", swapped, "ranking", "A", "rank"),
    "the short list": ("drawn", at("shortlist/0", "Z"), "ranking", "", "shortlist"),
    "the winner": ("sealed", at("winner", "B"), "award", "", "winner"),
    "the outcome": ("sealed", at("outcome", "unsuccessful"), "award", "", "outcome"),
}  # fmt: skip


def found(published: Published | None, computed: Computed) -> tuple[str, str, str]:
    """The first step that differs, whose cell, which."""
    step = first_difference(compare(published, computed))
    assert step is not None
    return step.code, step.differences[0].subject, step.differences[0].cell


@pytest.mark.parametrize("name", CASES)
def test_an_untouched_case_agrees_in_every_step(name: str) -> None:
    case = CASES[name]
    steps = compare(published(case), Computed(copy.deepcopy(case), decided(case), decided(case)))
    assert {one.state for one in steps} <= {"same", "nothing"}
    assert [one.code for one in steps] == [
        "terms", "bidders", "offers", "draw", "refusals", "scores", "ranking", "award",
    ]  # fmt: skip
    assert sum(one.cells for one in steps) > 10
    assert len(CHECKS) == len(steps)


@pytest.mark.parametrize("name", IN_THE_FILE)
def test_a_figure_changed_in_a_file_is_found_where_it_was_changed(name: str) -> None:
    base, change, *place = IN_THE_FILE[name]
    market, file = published(CASES[base]), copy.deepcopy(CASES[base])
    change(file)
    assert found(market, Computed(file, decided(file))) == tuple(place)


@pytest.mark.parametrize("name", OF_THE_DECISION)
@pytest.mark.parametrize("by", ["market", "file"])
def test_a_figure_changed_in_a_decision_is_found_where_it_was_changed(name: str, by: str) -> None:
    base, change, *place = OF_THE_DECISION[name]
    case, false = CASES[base], decided(CASES[base])
    change(false)
    honest = published(case)
    market = Published(honest.case, false, honest.held) if by == "market" else honest
    claimed = false if by == "file" else None
    assert found(market, Computed(case, decided(case), claimed)) == tuple(place)


@pytest.mark.parametrize(
    ("held", "cell"),
    [({"winner": "B"}, "holder"), ({"price_fen": 1}, "holder_price_fen"), ({"winner": None}, "holder")],
)
def test_whoever_is_said_to_hold_the_award_has_to_follow_from_the_ranking(held: Raw, cell: str) -> None:
    assert found(published(SEALED, **held), Computed(SEALED, decided(SEALED))) == ("award", "", cell)


def test_an_award_that_passed_on_or_was_chosen_follows_from_what_happened() -> None:
    passed = published(SEALED, winner="B", price_fen=14_000_000, gone=frozenset({"A"}))
    assert first_difference(compare(passed, Computed(SEALED, decided(SEALED)))) is None
    second = decided(DRAWN)["shortlist"][1]
    chosen = published(DRAWN, winner=second, price_fen=10_000_000, picked=second)
    assert first_difference(compare(chosen, Computed(DRAWN, decided(DRAWN)))) is None


def test_a_case_that_nobody_knows_is_held_against_its_own_decision_alone() -> None:
    steps = {one.code: one.state for one in compare(None, Computed(SEALED, decided(SEALED)))}
    assert steps == {
        "terms": "unknown", "bidders": "unknown", "offers": "unknown", "draw": "nothing", "refusals": "unknown",
        "scores": "unknown", "ranking": "unknown", "award": "unknown",
    }  # fmt: skip
    false = decided(SEALED)
    false["ranking"][1]["points"][0] = 1
    assert found(None, Computed(SEALED, decided(SEALED), false)) == ("scores", "B", "points/0")


def test_a_decision_of_any_shape_is_compared_and_never_a_crash() -> None:
    shapes: tuple[Raw, ...] = (
        {}, {"ranking": 1}, {"ranking": [1, {}], "rejected": {"a": 1}}, {"ranking": [{"points": {"a": []}}]},
    )  # fmt: skip
    for false in shapes:
        steps = compare(None, Computed(SEALED, decided(SEALED), false))
        assert any(one.state == "differs" for one in steps)


def test_every_kept_case_agrees_with_its_own_decision() -> None:
    files = sorted((Path(__file__).parents[1] / "cases" / "decide").glob("*.json"))[:40]
    assert len(files) == 40
    for file in files:
        kept = json.loads(file.read_text())
        steps = compare(None, Computed(kept["case"], decided(kept["case"]), kept["decision"]))
        assert first_difference(steps) is None, file.name
