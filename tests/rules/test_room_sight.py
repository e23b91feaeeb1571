"""What a room shows to whom: a table of instants and viewers, and that a sealed round tells nothing to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest

from marketplace.rooms.seen import PUBLIC, Barrier, Phase, Viewer, place_in, seen_by
from marketplace.rooms.state import Ruled
from tests.rules.rooms import BIDDERS, EARLY, Offered, at, planned, room

OWNER = Viewer("owner")
OUTSIDER = Viewer("bidder", "Z")
A, B, C = (Viewer("bidder", who) for who in BIDDERS)
EVERYBODY = (PUBLIC, OWNER, OUTSIDER, A, B, C)
SEALED = (Offered("A", 16, 800_000), Offered("B", 17, 700_000), Offered("A", 18, 790_000))
LATE = (*EARLY, *SEALED, Offered("B", 31, 690_000))
RULED = Ruled("award", at(40), "B", {"A": "甲公司", "B": "乙公司", "C": "丙公司"})
SUSPENDED = (-10.0, "selection.suspended", {"reason": "核实条件（示例）", "was": "open"})
CANCELLED = (12.0, "selection.cancelled", {"reason": "项目调整（示例）"})


@dataclass(frozen=True)
class Row:
    """One look: when, with what recorded; what is seen."""

    what: str
    minute: float
    phase: Phase
    order: tuple[int, ...]
    bests: tuple[int, ...]
    counted: int
    barriers: tuple[Barrier, Barrier, Barrier]
    offers: Sequence[Offered] = EARLY
    more: Sequence[tuple[float, str, dict[str, Any]]] = ()
    voids: tuple[tuple[str, float], ...] = ()
    ruled: Ruled | None = None


ROWS = [
    Row("before the first round", -1, "before", (), (), 0, ("not_begun",) * 3),
    Row("suspended before it", -1, "suspended", (), (), 0, ("suspended",) * 3, more=[SUSPENDED]),
    Row("open, after three offers", 3.5, "round", (1, 0, 2), (900_000, 890_000), 3, ("", "", "")),
    Row("open, C's admission has ended", 3.5, "round", (1, 0), (900_000, 890_000), 3, ("", "", "out"),
        voids=(("C", 3.2),)),
    Row("open, B who led is out", 3.5, "round", (0, 2), (900_000, 890_000), 3, ("", "out", ""), voids=(("B", 3.2),)),
    Row("break, cut to two", 12, "break", (1, 0), (900_000, 890_000), 4, ("in_break", "in_break", "eliminated")),
    Row("sealed, nothing of it", 20, "round", (1, 0), (900_000, 890_000), 4, ("", "", "eliminated"), LATE),
    Row("after the sealed close", 26, "break", (1, 0), (900_000, 890_000, 700_000), 7,
        ("in_break", "in_break", "eliminated"), LATE),
    Row("the last round", 35, "round", (1, 0), (900_000, 890_000, 700_000, 690_000), 8, ("", "", "eliminated"), LATE),
    Row("closed, not ruled on yet", 40, "settling", (1, 0), (900_000, 890_000, 700_000, 690_000), 8,
        ("closed",) * 3, LATE),
    Row("ruled on", 41, "over", (1, 0), (900_000, 890_000, 700_000, 690_000), 8, ("closed",) * 3, LATE, ruled=RULED),
    Row("ruled on, the winner voided since", 41, "over", (1, 0), (900_000, 890_000, 700_000, 690_000), 8,
        ("closed",) * 3, LATE, voids=(("B", 40.5),), ruled=RULED),
    Row("cancelled", 13, "cancelled", (1, 0), (900_000, 890_000), 4, ("closed", "closed", "eliminated"),
        more=[CANCELLED]),
]  # fmt: skip


def look(row: Row, viewer: Viewer) -> Any:
    state = room(row.offers, minute=row.minute, more=row.more, voids=dict(row.voids), ruled=row.ruled)
    return seen_by(state, viewer)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_everybody_sees_the_phase_the_order_the_course_and_what_is_counted(row: Row) -> None:
    shared = look(row, PUBLIC).shared
    assert shared.phase == row.phase
    assert tuple(one.number for one in shared.room.standing) == row.order
    if not row.voids:
        assert tuple(one.effective for one in shared.room.course) == tuple(Fraction(one) for one in row.bests)
    assert shared.room.accepted + shared.room.refused == row.counted
    assert all(look(row, viewer).shared == shared for viewer in EVERYBODY), "the shared part is the same for everybody"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_a_bidder_sees_why_it_cannot_offer_and_nobody_else_has_a_part_of_its_own(row: Row) -> None:
    owns = [look(row, viewer).own for viewer in (A, B, C)]
    assert tuple(own.barrier for own in owns) == row.barriers
    assert [look(row, viewer).own for viewer in (PUBLIC, OWNER, OUTSIDER)] == [None, None, None]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_names_and_winner_are_said_after_the_ruling_alone(row: Row) -> None:
    shared = look(row, PUBLIC).shared
    assert (shared.names is None, shared.winner is None) == ((row.ruled is None,) * 2)
    words = str(asdict(look(row, PUBLIC)))
    assert ("乙公司" in words) == (row.ruled is not None)


WITHOUT = (*EARLY, Offered("C", 12, 5, "round_not_open"))
SECRETS = [
    ("one offer of another", (*WITHOUT, Offered("B", 16, 700_000))),
    ("many", (*WITHOUT, *(Offered("B", 16 + n / 10, 700_000 - 1_000 * n) for n in range(30)))),
    ("refused ones", (*WITHOUT, Offered("B", 16, 999_000, "step_not_met"), Offered("C", 17, 5, "eliminated"))),
    ("a lowest one", (*WITHOUT, Offered("B", 16, 1))),
]


@pytest.mark.parametrize("leader", ["own", "leader"])
@pytest.mark.parametrize(("what", "offers"), SECRETS, ids=[one[0] for one in SECRETS])
def test_nothing_seen_in_a_sealed_round_depends_on_what_others_offer_in_it(
    what: str, offers: Sequence[Offered], leader: str
) -> None:
    terms = planned(step_basis=leader)
    extended = planned(step_basis=leader, extension={"window_s": 60, "extend_s": 60, "limit": 3})
    for minute, chosen in product((15.5, 20, 24.9), (terms, extended)):
        seen = room(offers, minute=minute, terms=chosen)
        bare = room(WITHOUT, minute=minute, terms=chosen)
        for viewer in (PUBLIC, OWNER, OUTSIDER, A):
            assert seen_by(seen, viewer) == seen_by(bare, viewer), (what, viewer)
            assert seen_by(seen, viewer).mark == seen_by(bare, viewer).mark, "its name tells nothing either"


@pytest.mark.parametrize(("what", "offers"), SECRETS[:2], ids=[one[0] for one in SECRETS[:2]])
def test_after_its_close_a_sealed_round_is_seen(what: str, offers: Sequence[Offered]) -> None:
    seen, bare = room(offers, minute=25), room(WITHOUT, minute=25)
    assert seen_by(seen, PUBLIC) != seen_by(bare, PUBLIC), what
    assert seen_by(seen, PUBLIC).mark != seen_by(bare, PUBLIC).mark


def test_a_bidder_sees_that_its_sealed_offers_were_received_and_not_what_they_say() -> None:
    during, after = seen_by(room(LATE, minute=20), A).own, seen_by(room(LATE, minute=25), A).own
    assert during is not None
    assert after is not None
    assert [(one.number, one.round_number, one.is_sealed) for one in during.receipts] == [
        (4, 2, True), (3, 2, True), (2, 1, False), (1, 1, False)
    ]  # fmt: skip
    assert [one.price_fen for one in during.receipts] == [None, None, 895_000, 900_000]
    assert [one.price_fen for one in after.receipts] == [790_000, 800_000, 895_000, 900_000]
    assert [one.digest for one in during.receipts] == [one.digest for one in after.receipts]
    assert len({one.digest for one in after.receipts}) == 4
    assert during.standing is not None
    assert during.standing.price_fen == 895_000, "what stands is what everybody sees"
    assert (during.limit, during.max_price_fen, during.reference_fen) == (894_000, 894_000, 895_000)


def test_what_may_be_offered_is_told_by_the_reference_of_the_terms() -> None:
    own = seen_by(room(minute=5, terms=planned(step_basis="leader")), A).own
    assert own is not None
    assert (own.limit, own.max_price_fen) == (889_000, 889_000), "a step below the best"
    valued = seen_by(room((), minute=5, terms=planned(day_value_fen=100, max_days=30)), A).own
    assert valued is not None
    assert (valued.limit, valued.max_price_fen, valued.barrier) == (None, None, "")


def test_whoever_has_not_proved_who_he_is_sees_that_this_lacks_and_his_mark_says_so() -> None:
    proved, unproved = Viewer("bidder", "A"), Viewer("bidder", "A", is_proved=False)
    seen = [seen_by(room(minute=5), one) for one in (proved, unproved)]
    assert [one.own.barrier for one in seen if one.own] == ["", "proof_needed"]
    assert seen[0].mark + "p" == seen[1].mark
    ahead = seen_by(room(minute=-1), unproved).own
    assert ahead is not None
    assert ahead.barrier == "not_begun", "what the room says comes first"


def test_extensions_that_are_left_are_told_in_open_rounds_alone() -> None:
    terms = planned(extension={"window_s": 60, "extend_s": 120, "limit": 2})
    late = (*EARLY, Offered("B", 9.5, 880_000))
    seen = [seen_by(room(late, minute=minute, terms=terms), PUBLIC).shared for minute in (5, 9.6, 20)]
    assert [one.extensions_left for one in seen] == [2, 1, None]
    assert seen[1].next_change == at(12)


def test_places_only_grow_and_are_read_back_from_marks() -> None:
    minutes = [-1, 0, 1, 3.5, 9.9, 10, 12, 15, 16, 20, 24.9, 25, 26, 30, 31, 40, 41]
    for viewer in (PUBLIC, A):
        marks = [seen_by(room(LATE, minute=one, voids={"C": 20}), viewer).mark for one in minutes]
        places = [place_in(mark) for mark in marks]
        assert all(one is not None for one in places)
        assert all(earlier <= later for earlier, later in pairwise(places) if earlier and later), places
    assert [place_in(mark) for mark in ("", "1.2", "a.b.c", "1.2.3.4", "-1.2.3")] == [None] * 5


def test_the_next_change_is_the_next_opening_or_close() -> None:
    told = [(minute, seen_by(room(minute=minute), PUBLIC).shared.next_change) for minute in (-1, 5, 12, 20, 40)]
    assert told == [(-1, at(0)), (5, at(10)), (12, at(15)), (20, at(25)), (40, None)]
    assert at(0) - at(-1) == timedelta(minutes=1)
