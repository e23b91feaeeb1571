"""Alarms: each pattern is seen from its threshold on and not before, with the selections it rests on."""

from __future__ import annotations

import pytest

from bidding.alarms import Alarm, Past, alarms


def past(number: int, prices: dict[str, int], winner: str | None, owner: str = "O") -> Past:
    return Past(f"S{number}", owner, tuple(prices), prices, winner)


def seen(rows: list[Past], kind: str, **ties: int) -> list[Alarm]:
    pairs = {(name[0], name[1]): count for name, count in ties.items()}
    return [one for one in alarms(rows, pairs) if one.kind == kind]


REGULAR = (
    ({"A": 100, "B": 110, "C": 120, "D": 130}, 1),
    ({"A": 100, "B": 110, "C": 120, "D": 131}, 0),
    ({"A": 100, "B": 110, "C": 120}, 0),
    ({"A": 100, "B": 100, "C": 100, "D": 100}, 0),
)


@pytest.mark.parametrize(("prices", "count"), REGULAR)
def test_prices_equally_far_apart_are_seen_from_four_bidders_on(prices: dict[str, int], count: int) -> None:
    found = seen([past(1, prices, "A")], "regular_prices")
    assert len(found) == count
    assert all(one.figures == {"step_fen": 10} and one.agencies == ("A", "B", "C", "D") for one in found)


@pytest.mark.parametrize(("times", "count"), [(2, 0), (3, 1)])
def test_who_loses_to_the_same_one_three_times_and_never_beats_it_is_shown(times: int, count: int) -> None:
    rows = [past(number, {"A": 100, "B": 103 + number}, "A", owner=f"O{number}") for number in range(times)]
    found = seen(rows, "cover_bids")
    assert [one.agencies for one in found] == [("A", "B")] * count
    beaten = [*rows, past(9, {"A": 200, "B": 100}, "B")]
    assert seen(beaten, "cover_bids") == [], "who wins once is no cover"


ROTATIONS = (("ABAB", 1), ("ABCABC", 1), ("ABA", 0), ("AABB", 0), ("AAAA", 0), ("ABBA", 0))


@pytest.mark.parametrize(("winners", "count"), ROTATIONS)
def test_winning_in_turn_among_the_same_ones_is_seen_from_four_selections_on(winners: str, count: int) -> None:
    prices = dict.fromkeys(sorted(set(winners) | {"A", "B"}), 100)
    rows = [past(number, prices, winner) for number, winner in enumerate(winners)]
    found = seen(rows, "rotation")
    assert len(found) == count
    assert all(one.selections == tuple(f"S{number}" for number in range(len(winners))) for one in found)


@pytest.mark.parametrize(("won", "of", "count"), [(3, 5, 1), (2, 5, 0), (4, 4, 0)])
def test_an_owner_whose_awards_go_mostly_to_one_is_shown_with_the_share(won: int, of: int, count: int) -> None:
    rows = [past(number, {}, "A" if number < won else f"B{number}") for number in range(of)]
    found = seen(rows, "owner_winner")
    assert len(found) == count
    assert all(one.figures == {"won": won, "of": of, "share_bp": 10_000 * won // of} for one in found)


def test_an_owner_with_one_bidder_again_and_again_is_shown() -> None:
    rows = [past(number, {"A": 100}, None) for number in range(3)]
    assert [one.selections for one in seen(rows, "single_bidder")] == [("S0", "S1", "S2")]
    assert seen(rows[:2], "single_bidder") == []


def test_bidders_who_share_a_tie_are_shown_only_where_they_met() -> None:
    rows = [past(1, {"A": 1, "B": 2}, "A"), past(2, {"A": 1, "C": 2}, "A")]
    found = seen(rows, "shared_tie", AB=2, AD=1)
    assert [(one.agencies, one.selections, one.figures["shared"]) for one in found] == [(("A", "B"), ("S1",), 2)]


def test_nothing_is_said_of_nothing() -> None:
    assert alarms([], {}) == ()
