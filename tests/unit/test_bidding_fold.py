"""A selection folded from its events: each kind of event, one after the other, and what the state says then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bidding.joint_purchase import Part
from bidding.pauses import Pause, Suspension
from bidding.selection import Asked, Picked, Selection, fold
from commons.events import FIRST, Actor, Event, Recorded, Role
from commons.instants import Deadline, format_instant

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
SUBJECT = "selection/s1"


def later(minutes: int) -> datetime:
    """So many minutes after the opening."""
    return AT + timedelta(minutes=minutes)


def text(minutes: int) -> str:
    """The same as text."""
    return format_instant(later(minutes))


def happened(minutes: int, kind: str, data: Any, private: Any = None, role: Role = "system") -> Recorded:
    """One event with its private part."""
    event = Event(f"e{minutes}", kind, later(minutes), Actor(role, "p"), SUBJECT, 1, FIRST, data)
    return Recorded(event, private)


def folded(*events: Recorded, voids: dict[str, datetime] | None = None) -> Selection:
    """The state after the opening and these events."""
    return fold("s1", (OPENED, *events), voids or {})


TERMS = {"mode": "comprehensive", "ceiling_fen": 1_000_000}
OPENED = happened(
    0,
    "selection.opened",
    {"demand": "d1", "mode": "comprehensive", "terms": TERMS, "sign_up_closes_at": text(5), "closes_at": text(9)},
    {"salt": "aa"},
)
DECIDED = {"outcome": "award", "winner": "A", "ranking": [{"bidder": "A", "rank": 1}]}


def test_an_opened_selection_knows_its_terms_and_clocks() -> None:
    state = folded()
    assert (state.id, state.demand, state.mode, state.publication, state.items) == ("s1", "d1", "comprehensive", 1, ())
    assert (state.terms, state.salt, state.is_decided) == (TERMS, "aa", False)
    assert (state.sign_up_closes_at, state.closes_at) == (later(5), later(9))
    again = happened(
        0,
        "selection.opened",
        OPENED.event.data | {"publication": 2, "items": ["x", "y"], "closes_at": None},
        {"salt": "bb"},
    )
    assert (folded(again).publication, folded(again).items, folded(again).closes_at) == (2, ("x", "y"), None)


def admitted(minutes: int, bidder: str, **facts: Any) -> Recorded:
    return happened(minutes, "bidder.admitted", {}, {"bidder": bidder, "grade": None, "experience": 0} | facts)


def offered(minutes: int, bidder: str, price: int, **facts: Any) -> Recorded:
    private = {"bidder": bidder, "price_fen": price, "days": None, "nonce": None, "reason": None} | facts
    return happened(minutes, "offer.placed", {}, private)


def test_who_is_admitted_takes_part_and_is_voided_when_the_facts_say_so() -> None:
    state = folded(admitted(1, "A", grade="甲级", experience=2, nonce="0f"), admitted(2, "B"), voids={"B": later(3)})
    one, other = state.participants["A"], state.participants["B"]
    assert (one.grade, one.experience, one.admitted_at, one.voided_at, one.nonce) == ("甲级", 2, later(1), None, "0f")
    assert (other.grade, other.voided_at, other.nonce) == (None, later(3), None)


def test_refusals_are_counted_by_bidder() -> None:
    refused = [happened(minutes, "bidder.refused", {}, {"bidder": bidder}) for minutes, bidder in ((1, "A"), (2, "B"))]
    assert folded(*refused, refused[0]).refusals == {"A": 2, "B": 1}


def test_offers_stand_in_the_order_received_with_what_each_named() -> None:
    split = [{"item": "x", "fen": 3}, {"item": "y", "fen": 4}]
    state = folded(
        offered(1, "B", 7, days=5, nonce="0a", split=split),
        offered(2, "A", 9, reason="ceiling_exceeded", discount_bp=100),
    )
    first, second = state.offers
    assert (first.seq, first.bidder, first.at, first.price_fen, first.days) == (1, "B", later(1), 7, 5)
    assert (first.nonce, first.reason, first.split) == ("0a", None, (Part("x", 3), Part("y", 4)))
    assert (second.seq, second.reason, second.discount_bp, second.split) == (2, "ceiling_exceeded", 100, ())


def test_a_fold_over_an_erased_private_part_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="private part"):
        folded(happened(1, "offer.placed", {}))


def test_an_announced_draw_keeps_its_inputs_private_until_they_are_known() -> None:
    announced = folded(happened(1, "draw.announced", {"commitment": "c"}))
    assert (announced.commitment, announced.preimage, announced.owner_nonce) == ("c", None, None)
    known = folded(happened(1, "draw.announced", {"commitment": "c"}, {"preimage": "0p", "owner_nonce": "0n"}))
    assert (known.preimage, known.owner_nonce) == ("0p", "0n")


def ruling(minutes: int, kind: str, decision: dict[str, Any]) -> Recorded:
    return happened(minutes, kind, {"case": {"bids": []}, "decision": decision, "as_of": text(minutes)})


def test_a_ruling_that_is_not_final_keeps_the_closing_instant_for_the_final_one() -> None:
    waiting = folded(ruling(10, "selection.evaluated", {"outcome": "awaiting_explanation", "flagged": "A"}))
    assert (waiting.evaluated_at, waiting.closed_at, waiting.is_decided) == (later(10), later(10), False)
    final = folded(
        ruling(10, "selection.evaluated", {"outcome": "awaiting_explanation", "flagged": "A"}),
        ruling(20, "selection.evaluated", {"outcome": "awaiting_explanation", "flagged": "B"}),
        ruling(30, "selection.decided", DECIDED),
    )
    assert (final.closed_at, final.evaluated_at, final.decided_at) == (later(10), later(20), later(30))
    assert (final.is_decided, final.is_unsuccessful, final.decision) == (True, False, DECIDED)
    at_once = folded(ruling(9, "selection.decided", {"outcome": "unsuccessful"}))
    assert (at_once.closed_at, at_once.is_unsuccessful) == (later(9), True)


def asked(minutes: int, bidder: str, until: int) -> Recorded:
    data = {"bidder": bidder, "as_of": text(minutes), "until": text(until), "is_provisional": True}
    return happened(minutes, "explanation.asked", data)


def test_an_explanation_is_asked_given_and_ruled_on() -> None:
    given = happened(22, "explanation.given", {"bidder": "A"})
    rejected = happened(24, "explanation.rejected", {"bidder": "A", "as_of": text(23)})
    accepted = happened(24, "explanation.accepted", {"bidder": "B", "as_of": text(24)})
    state = folded(asked(20, "A", 60), given, asked(21, "B", 61), rejected, accepted)
    until = Deadline(later(60), is_provisional=True)
    assert state.explanations["A"] == Asked(later(20), until, later(22), "rejected", later(23))
    assert (state.explanations["B"].given_at, state.explanations["B"].ruling) == (None, "accepted")


def test_the_owners_choice_is_asked_and_made() -> None:
    choice = happened(20, "choice.asked", {"until": text(60), "is_provisional": False})
    assert folded(choice).choice_until == Deadline(later(60), is_provisional=False)
    made = happened(31, "choice.made", {"bidder": "B", "as_of": text(30), "ground": "owner", "reason": "理由（示例）"})
    assert folded(choice, made).picked == Picked("B", later(30), "owner", "理由（示例）")


def proposed(minutes: int, bidder: str, until: int, kind: str = "award.proposed") -> Recorded:
    return happened(minutes, kind, {"bidder": bidder, "publicity_until": text(until), "is_provisional": False})


def test_an_award_is_proposed_passed_on_and_confirmed() -> None:
    state = folded(
        proposed(30, "A", 90),
        happened(40, "award.abandoned", {"bidder": "A"}),
        proposed(40, "B", 100),
        proposed(50, "B", 110, "deadline.moved"),
        happened(110, "award.confirmed", {}),
    )
    assert (state.proposed, state.is_confirmed, state.abandoned) == ("B", True, {"A": later(40)})
    assert {bidder: end.at for bidder, end in state.publicity.items()} == {"A": later(90), "B": later(110)}


def test_a_ranking_that_is_used_up_is_unsuccessful_and_a_cancelled_selection_proposes_nobody() -> None:
    used_up = folded(proposed(30, "A", 90), happened(95, "selection.unsuccessful", {}))
    assert (used_up.proposed, used_up.is_unsuccessful) == (None, True)
    suspended = happened(40, "selection.suspended", {"was": "publicity"}, role="regulator")
    cancelled = folded(proposed(30, "A", 90), suspended, happened(50, "selection.cancelled", {}))
    assert (cancelled.proposed, cancelled.cancelled_at, cancelled.suspension) == (None, later(50), None)


def test_resuming_moves_every_end_behind_the_start_of_the_suspension() -> None:
    before = [asked(1, "A", 60), asked(1, "B", 2), proposed(1, "C", 90)]
    before.append(happened(1, "choice.asked", {"until": text(70), "is_provisional": True}))
    suspended = happened(4, "selection.suspended", {"was": "sign_up"}, role="owner")
    assert folded(*before, suspended).suspension == Suspension(later(4), "owner", "sign_up")
    state = folded(*before, suspended, happened(14, "selection.resumed", {}))
    assert (state.suspension, state.pauses) == (None, (Pause(later(4), later(14)),))
    assert (state.sign_up_closes_at, state.closes_at) == (later(15), later(19))
    assert (state.explanations["A"].until.at, state.explanations["B"].until.at) == (later(70), later(2))
    assert (state.publicity["C"].at, state.choice_until) == (later(100), Deadline(later(80), is_provisional=True))
    plain = folded(suspended, happened(14, "selection.resumed", {}))
    assert (plain.choice_until, plain.terms) == (None, TERMS)


def test_a_closed_lot_waits_for_an_earlier_one_and_passes_over_who_is_at_the_cap() -> None:
    waits = happened(12, "lot.waits", {"for": "s0", "as_of": text(9)})
    assert (folded(waits).waits_for, folded(waits).closed_at) == ("s0", later(9))
    state = folded(waits, happened(21, "award.passed_over", {"bidder": "A", "as_of": text(20)}))
    assert state.passed_over == {"A": later(20)}
    assert folded(waits, ruling(30, "selection.decided", DECIDED)).closed_at == later(9)  # the close was the wait's


def test_a_closed_round_is_counted_and_an_event_that_says_nothing_leaves_the_state() -> None:
    assert folded(happened(9, "round.closed", {"round": 2})).rounds_closed == 2
    assert folded(happened(9, "notice.published", {})) == folded()
