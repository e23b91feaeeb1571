from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bidding.case import MultiRoundCase
from bidding.modes.multi_round import decision
from bidding.reading.case import parse_case
from bidding.room import (
    Bound,
    best_standing,
    bound,
    current_round,
    next_change,
    rounds_of,
    standing_of,
    standing_offers,
)
from bidding.rounds import State, advance, begin, finish, place, void
from commons.instants import parse_instant
from tests.rules.selections import minute, multi_round, offer, round_


def when(minutes: int, seconds: int = 0) -> datetime:
    return parse_instant(minute(minutes, seconds))


def played(*offers: dict[str, Any], **terms: Any) -> State:
    case = parse_case(multi_round(offers, **terms))
    assert isinstance(case, MultiRoundCase)
    state = begin(case.terms, case.bidders)
    for one in case.offers:
        state, _ = place(state, one)
    return state


TWO = [round_(0, 10, survivors=1), round_(12, 20, "sealed")]
EXTENSION = {"window_s": 60, "extend_s": 120, "limit": 2}


def test_rounds_show_their_moved_instants_and_where_they_stand() -> None:
    state = played(offer("A", 9, 900_000, 30), rounds=TWO, extension=EXTENSION)
    views = rounds_of(state, at=when(11))
    assert [(view.number, view.opens_at, view.closes_at, view.status) for view in views] == [
        (1, when(0), when(12), "open"),
        (2, when(14), when(22), "ahead"),
    ]
    assert (views[0].extensions_used, views[0].survivors, views[1].kind) == (1, 1, "sealed")
    later = advance(state, at=when(15))
    assert [view.status for view in rounds_of(later, at=when(15))] == ["closed", "open"]
    assert rounds_of(later, at=when(15))[0].extensions_used == 1


def test_an_extension_never_moves_the_opening_of_its_own_round() -> None:
    state = played(offer("A", 9, 900_000, 30), extension=EXTENSION)
    (view,) = rounds_of(state, at=when(11))
    assert (view.opens_at, view.closes_at) == (when(0), when(12))


def test_the_current_round_is_the_first_not_yet_closed() -> None:
    state = played(rounds=TWO)
    assert [current_round(state, at=at) is not None for at in (when(0), when(11), when(19))] == [True] * 3
    numbers = [view.number for at in (when(-0), when(11)) if (view := current_round(state, at=at))]
    assert numbers == [1, 2]
    assert current_round(state, at=when(20)) is None


def test_the_next_change_is_the_next_opening_or_close() -> None:
    state = played(rounds=TWO)
    before = parse_instant("2026-11-23T00:59:00Z")
    assert [next_change(state, at=at) for at in (before, when(0), when(10), when(12), when(20))] == [
        when(0),
        when(10),
        when(12),
        when(20),
        None,
    ]


def test_standing_offers_are_sorted_by_effective_price_then_as_received() -> None:
    state = played(offer("A", 1, 900_000), offer("B", 2, 800_000), offer("C", 3, 900_000))
    assert [view.bidder for view in standing_offers(state)] == ["B", "A", "C"]
    assert best_standing(state) == standing_of(state, "B")
    assert standing_offers(state)[0].effective == (800_000, 1)
    assert standing_of(state, "GHOST") is None
    assert best_standing(played()) is None


def test_a_sealed_offer_is_in_no_reading_before_its_close() -> None:
    state = played(offer("A", 1, 900_000), rounds=[round_(0, 10, "sealed"), round_(12, 20)])
    assert (standing_offers(state), best_standing(state), standing_of(state, "A")) == ((), None, None)
    assert [view.price_fen for view in standing_offers(advance(state, at=when(10)))] == [900_000]


BOUNDS: list[tuple[dict[str, Any], str, Bound]] = [
    ({}, "A", Bound(890_000)),
    ({}, "C", Bound(1_000_000)),
    ({"step_basis": "leader"}, "C", Bound(790_000)),
    ({}, "GHOST", Bound(None, "not_admitted")),
    ({"step_fen": 900_000}, "A", Bound(None, "no_price_left")),
]


@pytest.mark.parametrize(("terms", "bidder", "expected"), BOUNDS)
def test_the_bound_is_the_highest_price_that_would_be_accepted(
    terms: dict[str, Any], bidder: str, expected: Bound
) -> None:
    assert bound(played(offer("A", 1, 900_000), offer("B", 2, 800_000), **terms), bidder) == expected


def test_the_bound_counts_the_days_offered() -> None:
    state = played(offer("A", 1, 900_000, days=10), day_value_fen=1000)
    assert [bound(state, "A", days=days).max_price_fen for days in (10, 20, 5)] == [890_000, 880_000, 895_000]


def test_the_bound_of_somebody_out_names_the_barrier() -> None:
    state = played(offer("A", 1, 1), offer("B", 1, 2), offer("A", 13, 900_000), rounds=TWO)
    assert bound(state, "B") == bound(state, "C") == Bound(None, "eliminated")
    assert bound(advance(state, at=when(20)), "A") == Bound(None, "selection_closed")


def test_after_too_few_no_further_round_is_shown() -> None:
    state = advance(played(rounds=TWO), at=when(10))
    assert (state.is_finished, len(rounds_of(state, at=when(10)))) == (True, 1)
    assert next_change(state, at=when(10)) is None


def test_an_admission_ends_once_at_its_earliest_instant() -> None:
    state = void(void(played(), "A", at=when(5)), "A", at=when(3))
    assert advance(state, at=when(4)).voided == {"A": when(3)}
    assert void(advance(state, at=when(4)), "A", at=when(9)).voids_ahead == ()
    assert void(void(played(), "A", at=when(3)), "A", at=when(5)) == void(played(), "A", at=when(3))
    assert void(played(), "GHOST", at=when(5)) == played()


def test_an_admission_cannot_end_before_a_close_that_is_settled() -> None:
    state = advance(played(rounds=TWO, min_bidders=1), at=when(10))
    with pytest.raises(ValueError, match="settled"):
        void(state, "A", at=when(10))


def test_instants_never_run_backwards() -> None:
    state = played(offer("A", 5, 900_000))
    with pytest.raises(ValueError, match="backwards"):
        advance(state, at=when(4))


def test_a_decision_can_be_taken_from_the_live_state() -> None:
    raw = multi_round([offer("A", 1, 900_000)])
    case = parse_case(raw)
    assert isinstance(case, MultiRoundCase)
    state, ruling = place(begin(case.terms, case.bidders), case.offers[0])
    assert decision(state, [ruling], None).winner == "A"
    assert finish(finish(state)) == finish(state)
