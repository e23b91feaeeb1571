"""Suspensions: which ends move, by how much, and what happened meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bidding.pauses import Pause, counted, moved, moved_deadline, moved_terms
from commons.canonical import Json
from commons.instants import Deadline, format_instant

SINCE = datetime(2026, 11, 23, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(hours=5)
PAUSE = Pause(SINCE, UNTIL)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "counts_from"),
    [(SINCE - TICK, SINCE - TICK), (SINCE, UNTIL), (UNTIL - TICK, UNTIL), (UNTIL, UNTIL), (UNTIL + TICK, UNTIL + TICK)],
)
def test_what_happens_during_a_pause_counts_from_its_end(at: datetime, counts_from: datetime) -> None:
    earlier = Pause(SINCE - timedelta(days=9), SINCE - timedelta(days=8))
    assert counted(at, [earlier, PAUSE]) == counts_from
    assert counted(at, []) == at


@pytest.mark.parametrize(("end", "later"), [(SINCE - TICK, SINCE - TICK), (SINCE, SINCE), (SINCE + TICK, UNTIL + TICK)])
def test_an_end_behind_the_start_of_a_pause_moves_by_its_length(end: datetime, later: datetime) -> None:
    assert PAUSE.length == timedelta(hours=5)
    assert moved(end, PAUSE) == later
    for provisional in (True, False):
        assert moved_deadline(Deadline(end, provisional), PAUSE) == Deadline(later, provisional)


def test_an_end_that_there_is_not_stays_none() -> None:
    assert moved(None, PAUSE) is None


def rounds(*opens: datetime) -> list[Json]:
    """Rounds of an hour."""
    return [
        {"kind": "open", "opens_at": format_instant(at), "closes_at": format_instant(at + timedelta(hours=1))}
        for at in opens
    ]


def test_rounds_that_had_not_begun_move_as_a_whole_and_other_terms_stay() -> None:
    first, second = SINCE + TICK, SINCE + timedelta(hours=2)
    terms: dict[str, Json] = {"mode": "multi_round", "step_fen": 5, "rounds": rounds(first, second)}
    assert moved_terms(terms, PAUSE) == {**terms, "rounds": rounds(first + PAUSE.length, second + PAUSE.length)}


@pytest.mark.parametrize("first", [SINCE, SINCE - timedelta(hours=3)])
def test_rounds_that_had_begun_stay_where_they_were_held(first: datetime) -> None:
    terms: dict[str, Json] = {"mode": "multi_round", "rounds": rounds(first, SINCE + timedelta(days=1))}
    assert moved_terms(terms, PAUSE) == terms


def test_terms_without_rounds_have_nothing_to_move() -> None:
    assert moved_terms({"mode": "comprehensive"}, PAUSE) == {"mode": "comprehensive"}
