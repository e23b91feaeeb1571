"""Section 5 as it runs: the numbers in a refusal, what stands, extensions told, admissions that end, the end itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bidding.case import MultiRoundCase
from bidding.offers import RoundOffer
from bidding.reading.case import parse_case
from bidding.room import best_standing, bound
from bidding.rounds import State, advance, begin, finish, place, void
from commons.instants import parse_instant
from commons.verdicts import Param
from tests.rules.selections import decided, minute, multi_round, offer, round_, told

TWO_OPEN = [round_(0, 10), round_(12, 20)]
PREFERRED: dict[str, Any] = {
    "bidders": [{"bidder": "A", "preferences": {"x": 3000}}, "B"],
    "preferences": [{"code": "x", "max_bp": 3000}],
    "step_basis": "leader",
}
"""A's coefficient is 1 + 3/7: its price counts as seven tenths."""

# what it shows, offers, terms → the last offer's refusal and the numbers in it
NUMBERS: list[tuple[str, list[dict[str, Any]], dict[str, Any], str, dict[str, Param]]] = [
    (
        "the first round, ahead",
        [offer("A", 1, 5)],
        {"rounds": [round_(2, 3)]},
        "round_not_open",
        {"round": 1, "opens_at": minute(2)},
    ),
    (
        "the second round, ahead and moved",
        [offer("A", 9, 900_000, 30), offer("A", 13, 5)],
        {"rounds": TWO_OPEN, "extension": {"window_s": 60, "extend_s": 120, "limit": 1}},
        "round_not_open",
        {"round": 2, "opens_at": minute(14)},
    ),
    (
        "own: a step below the own offer",
        [offer("A", 1, 900_000), offer("A", 2, 899_999)],
        {},
        "step_not_met",
        {"price_fen": 899_999, "step_fen": 10_000, "highest_fen": 890_000},
    ),
    (
        "leader: the bound in the preferred bidder's own price, down to a whole fen",
        [offer("B", 1, 70_000), offer("A", 2, 99_999)],
        PREFERRED | {"step_fen": 1},
        "step_not_met",
        {"price_fen": 99_999, "step_fen": 1, "highest_fen": 99_998},  # 69,999 × 10/7 = 99,998.57…
    ),
    (
        "leader: the step counts in effective fen",
        [offer("B", 1, 70_000), offer("A", 2, 99_000)],
        PREFERRED | {"step_fen": 1400},
        "step_not_met",
        {"price_fen": 99_000, "step_fen": 1400, "highest_fen": 98_000},  # 68,600 × 10/7
    ),
    (
        "own: days have their value",
        [offer("A", 1, 900_000, days=10), offer("A", 2, 895_000, days=8)],
        {"day_value_fen": 1000, "max_days": 30},
        "step_not_met",
        {"price_fen": 895_000, "step_fen": 10_000, "highest_fen": 892_000},  # 910,000 − 10,000 − 8,000
    ),
    (
        "multiple: of the drop from the ceiling",
        [offer("A", 1, 997_000)],
        {"step_multiple": True, "ceiling_fen": 1_003_000},  # 6,000 down; only the sum is a multiple
        "not_a_step_multiple",
        {"price_fen": 997_000, "reference_fen": 1_003_000, "step_fen": 10_000},
    ),
    (
        "multiple: of the drop from the own offer",
        [offer("A", 1, 993_000), offer("A", 2, 977_000)],
        {"step_multiple": True, "ceiling_fen": 1_003_000},
        "not_a_step_multiple",
        {"price_fen": 977_000, "reference_fen": 993_000, "step_fen": 10_000},
    ),
]


@pytest.mark.parametrize(
    ("offers", "terms", "code", "numbers"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS]
)
def test_a_refusal_says_the_numbers_it_was_made_of(
    offers: list[dict[str, Any]], terms: dict[str, Any], code: str, numbers: dict[str, Param]
) -> None:
    record = decided(multi_round(offers, **terms)).record
    assert record is not None
    *before, last = record.rulings
    assert all(ruling.accepted for ruling in before)
    assert last.reason is not None
    assert (last.reason.code, dict(last.reason.params)) == (code, numbers)


def at(minutes: int, seconds: int = 0) -> datetime:
    """The instant so many minutes after the first opening."""
    return parse_instant(minute(minutes, seconds))


def played(*offers: dict[str, Any], **terms: Any) -> State:
    """The state after the offers, nothing settled beyond the last."""
    case = parse_case(multi_round(offers, **terms))
    assert isinstance(case, MultiRoundCase)
    state = begin(case.terms, case.bidders)
    for one in case.offers:
        state, _ = place(state, one)
    return state


def test_a_higher_offer_of_another_never_takes_the_best_place() -> None:
    state = played(offer("A", 1, 800_000), offer("B", 2, 900_000), offer("C", 3, 800_000))
    best = best_standing(state)
    assert best is not None
    assert (best.bidder, best.price_fen, best.seq) == ("A", 800_000, 1)  # an equal one comes after it


def test_an_offer_is_told_whether_it_extended_the_round() -> None:
    offers = [offer("A", 8, 900_000), offer("A", 9, 880_000, 30), offer("A", 11, 860_000, 30)]
    record = decided(multi_round(offers, extension={"window_s": 60, "extend_s": 120, "limit": 1})).record
    assert record is not None
    assert [ruling.extended for ruling in record.rulings] == [False, True, False]  # outside, inside, beyond the limit
    plain = decided(multi_round(offers[:2])).record
    assert plain is not None
    assert [ruling.extended for ruling in plain.rulings] == [False, False]


def test_two_admissions_end_each_at_its_own_instant() -> None:
    bidders = [{"bidder": "A", "voided_at": minute(5)}, {"bidder": "B", "voided_at": minute(8)}, "C"]
    offers = [
        offer("B", 1, 900_000),
        offer("A", 6, 5),
        offer("B", 7, 890_000),
        offer("B", 8, 5),
        offer("C", 9, 900_000),
    ]
    raw = multi_round(offers, bidders=bidders, step_basis="leader")
    assert told(raw) == ["accepted", "not_admitted", "accepted", "not_admitted", "accepted"]


# minutes at which B's admission ends, one call after the other → when it is over
VOIDS: list[tuple[list[int], int]] = [([5], 5), ([5, 7], 5), ([7, 5], 5), ([7, 7], 7), ([9, 7, 8], 7), ([5, 9, 3], 3)]


@pytest.mark.parametrize(("minutes", "ends"), VOIDS)
def test_of_several_ends_of_an_admission_the_earliest_counts(minutes: list[int], ends: int) -> None:
    state = played(offer("A", 1, 900_000), offer("B", 2, 800_000))
    for other in ("A", "C"):
        state = void(state, other, at=at(99))  # others' ends stay what they are
    state = ended("B", minutes, state)
    before, after = advance(state, at=at(ends) - TICK), advance(state, at=at(ends))
    assert ("B" in before.alive, "B" in after.alive) == (True, False)
    assert dict(after.voided) == {"B": at(ends)}
    assert best_standing(after) != best_standing(before)
    assert finish(state).voided.keys() == {"A", "B", "C"}


def test_a_bidder_is_known_by_its_id_wherever_the_id_was_read() -> None:
    again = json.loads('"甲机构（示例）"')  # equal, and another object
    state = played(offer("甲机构（示例）", 1, 900_000), bidders=["甲机构（示例）", "B"])
    first = void(state, "甲机构（示例）", at=at(7))
    assert void(first, again, at=at(5)).voids_ahead == ((at(5), again),)
    assert void(first, again, at=at(9)).voids_ahead == ((at(7), again),)


TICK = timedelta(microseconds=1)


def ended(bidder: str, minutes: Iterable[int], state: State) -> State:
    for minutes_after in minutes:
        state = void(state, bidder, at=at(minutes_after))
    return state


def test_an_end_known_from_the_beginning_is_the_same_as_one_told_later() -> None:
    known = parse_case(multi_round([], bidders=["A", {"bidder": "B", "voided_at": minute(5)}]))
    told_later = parse_case(multi_round([], bidders="AB"))
    assert isinstance(known, MultiRoundCase)
    assert isinstance(told_later, MultiRoundCase)
    state = begin(told_later.terms, told_later.bidders)
    assert begin(known.terms, known.bidders) == void(state, "B", at=at(5)) != state


def test_who_is_no_bidder_or_is_voided_already_leaves_the_state_as_it_is() -> None:
    state = played(offer("A", 1, 900_000))
    assert void(state, "GHOST", at=at(5)) is state
    over = advance(void(state, "A", at=at(5)), at=at(5))
    assert void(over, "A", at=at(6)) is over


def test_an_admission_cannot_end_at_or_before_a_close_that_is_settled() -> None:
    bidding = [offer("A", 1, 900_000), offer("B", 1, 900_000)]
    settled = advance(played(*bidding, rounds=TWO_OPEN), at=at(11))
    for too_late in (at(9), at(10)):
        with pytest.raises(ValueError, match="settled already"):
            void(settled, "A", at=too_late)
    assert void(settled, "A", at=at(10) + TICK).voids_ahead == ((at(10) + TICK, "A"),)
    twice = advance(settled, at=at(21))
    with pytest.raises(ValueError, match="settled already"):
        void(twice, "A", at=at(15))  # the last settled close counts, not the first
    assert void(played(*bidding), "A", at=at(0)).voids_ahead == ((at(0), "A"),)  # nothing is settled yet


def test_instants_do_not_run_backwards() -> None:
    state = played(offer("A", 2, 900_000))
    with pytest.raises(ValueError, match="backwards"):
        advance(state, at=at(1))
    with pytest.raises(ValueError, match="backwards"):
        place(state, RoundOffer("A", at(2) - TICK, 5))
    assert place(state, RoundOffer("A", at(2), 890_000))[1].accepted  # at the same one it may


def test_a_selection_is_finished_after_its_last_close_or_when_too_few_are_left() -> None:
    running = advance(played(offer("A", 1, 900_000), rounds=TWO_OPEN), at=at(19))
    over = advance(running, at=at(20))
    assert (running.is_finished, over.is_finished) == (False, True)
    assert (bound(running, "A").barrier, bound(over, "A").barrier) == (None, "selection_closed")
    few = advance(played(offer("A", 1, 900_000), rounds=TWO_OPEN, min_bidders=2), at=at(10))
    assert (few.too_few, few.is_finished, len(few.closed)) == (True, True, 1)


def test_a_selection_may_have_hundreds_of_rounds() -> None:
    many = [
        {"kind": "open", "opens_at": minute(second // 60, second % 60)}
        | {"closes_at": minute((second + 1) // 60, (second + 1) % 60)}
        for second in range(300)
    ]
    last = offer("A", 4, 500_000, 59)
    raw = multi_round([offer("A", 0, 900_000), last, offer("A", 5, 5)], rounds=many)
    assert told(raw) == ["accepted", "accepted", "selection_closed"]
    running = played(offer("A", 0, 900_000), rounds=many)
    assert (advance(running, at=at(4, 59)).is_finished, finish(running).is_finished) == (False, True)


# preferences of the bidders → the unit of effective prices, as parts of a fen
UNITS: list[tuple[list[dict[str, int]], int]] = [
    ([{}, {}], 1),
    ([{"x": 3000}, {}], 10),  # 1 + 3/7: a fen counts as 7/10
    ([{"x": 3000}, {"x": 1000}], 40),  # and 1 + 1/7, a fen as 7/8: tenths and eighths are fortieths
    ([{"x": 3000}, {"x": 3000}], 10),
    ([{"x": 700}, {}], 11),  # 1 + 1/10
]


@pytest.mark.parametrize(("preferences", "unit"), UNITS)
def test_effective_prices_are_counted_in_the_largest_part_of_a_fen_that_makes_all_whole(
    preferences: list[dict[str, int]], unit: int
) -> None:
    bidders = [{"bidder": bidder, "preferences": own} for bidder, own in zip("AB", preferences, strict=True)]
    state = played(bidders=bidders, preferences=PREFERRED["preferences"])
    assert state.pricing.unit == unit
