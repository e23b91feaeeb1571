"""The cap on lots in one recorded selection: who enters, who is at the cap, whether it waits, what the case says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bidding.assembling import case_of
from bidding.caps import capped_in, capped_now, entrants, is_capped, lot_cap, may_reach_cap
from bidding.selection import OfferLine, Participant, Selection

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
PEOPLE = {one: Participant(one, None, 0, AT) for one in "CBA"}
LINES = (OfferLine(1, "B", AT, 700, None, None, None), OfferLine(2, "A", AT, 800, None, None, "ceiling_exceeded"))
CREDITS = dict.fromkeys("ABC", 8000)


def state(mode: str = "comprehensive", cap: int | None = 2) -> Selection:
    """A selection of three, of whom B alone has an offer that stands."""
    terms: dict[str, Any] = {"mode": mode} | ({} if cap is None else {"lot_cap": cap})
    return Selection("s1", mode=mode, terms=terms, participants=PEOPLE, offers=LINES)


ALL = ["multi_round", "random_draw", "credit_draw"]


@pytest.mark.parametrize(
    ("mode", "expected"), [("comprehensive", "B"), ("mean_price", "B"), *((mode, "ABC") for mode in ALL)]
)
def test_a_decision_is_about_whoever_could_come_into_it(mode: str, expected: str) -> None:
    assert "".join(entrants(state(mode))) == expected
    assert capped_now(state(mode), won={"A": 1, "B": 2, "Z": 9}) == {"B"}  # of those it is about, at the cap of two
    assert capped_now(state(mode), won={"A": 2, "B": 1}) == {"A"} & set(expected)


# lots won, lots that may be won → whether the cap of two could come to bind B
WAITS: list[tuple[dict[str, int], dict[str, int], bool]] = [
    ({}, {"B": 1}, False),
    ({}, {"B": 2}, True),
    ({"B": 1}, {}, False),
    ({"B": 1}, {"B": 1}, True),
    ({"B": 2}, {"B": 5}, False),  # it is reached already: nothing to wait for
    ({"A": 1}, {"A": 1}, False),  # A has no offer that stands
]


@pytest.mark.parametrize(("won", "may_win", "waits"), WAITS)
def test_a_lot_waits_only_where_an_open_one_could_make_the_cap_bind(
    won: dict[str, int], may_win: dict[str, int], waits: bool
) -> None:
    assert may_reach_cap(state(), won=won, may_win=may_win) is waits
    assert may_reach_cap(state(cap=None), won=won, may_win=may_win) is False
    voided = replace(state(), participants=PEOPLE | {"B": replace(PEOPLE["B"], voided_at=AT)})
    assert may_reach_cap(voided, won=won, may_win=may_win) is False  # who is voided cannot win here


def test_the_cap_is_reached_with_as_many_lots_as_it_names() -> None:
    assert (lot_cap(state()), lot_cap(state(cap=None))) == (2, None)
    assert [is_capped(state(), "B", won={"B": held}) for held in (1, 2, 3)] == [False, True, True]
    assert not is_capped(state(), "A", won={})
    assert not is_capped(state(cap=None), "B", won={"B": 9})


@pytest.mark.parametrize("mode", ["multi_round", "random_draw"])
def test_a_case_under_a_cap_says_how_many_other_lots_each_holds(mode: str) -> None:
    case = case_of(state(mode), CREDITS, draw=None, won={"A": 2, "B": 0, "C": 1})
    entries: Any = case.get("bidders") or case["bids"]
    assert {one["bidder"]: one["lots_won"] for one in entries if "lots_won" in one} == {"A": 2, "C": 1}
    assert capped_in(case) == {"A"}
    assert capped_in(case_of(state(mode), CREDITS, draw=None)) == frozenset()
    free: Any = case_of(state(mode, cap=None), CREDITS, draw=None, won={"A": 2})
    assert not any("lots_won" in one for one in free.get("bidders") or free["bids"])
