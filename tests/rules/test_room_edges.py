"""Rooms at their edges: nobody stands in them, nothing lower can be offered, and the room alone."""

from __future__ import annotations

from bidding.selection import fold
from marketplace.rooms.course import room_of
from marketplace.rooms.seen import Viewer, seen_by
from tests.rules.rooms import BIDDERS, EARLY, Offered, at, planned, record, room

FEW = planned(min_bidders=1)


def test_a_round_that_closes_without_an_offer_has_no_best_and_no_course() -> None:
    looked = room((), minute=12, terms=FEW)
    assert (looked.room.course, {one.best for one in looked.room.rounds}) == ((), {None})


def test_who_offered_as_little_as_the_steps_allow_has_no_price_left() -> None:
    lowest = (Offered("A", 1, 1_000), Offered("B", 2, 890_000))
    for minute, left in ((3, "no_price_left"), (12, "in_break")):
        seen = seen_by(room(lowest, minute=minute), Viewer("bidder", "A", is_proved=True))
        assert seen.own is not None
        assert seen.own.barrier == left


def test_the_room_alone_is_the_one_of_the_whole_state() -> None:
    events = record([one for one in EARLY if one.minute <= 9], terms=planned())
    state, credits = fold("s", events, {}), dict.fromkeys(BIDDERS, 8_000)
    assert room_of(state, credits, at=at(9)) == room(EARLY, minute=9).room
