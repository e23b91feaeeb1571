"""Objections, complaints, changed terms and what else holds an award up, as folded from events; who waits for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bidding.assembling import case_of
from bidding.objections import Objection
from bidding.pauses import Pause
from bidding.selection import Asked, Participant, Selection, fold
from commons.errors import TooOften, Unrecognised
from commons.events import FIRST, Actor, Event, Recorded
from commons.instants import Deadline, format_instant
from commons.verdicts import Allowed, Refused, Verdict
from credit.restrictions import Restriction
from marketplace.demands.duties import duties
from marketplace.demands.enquiries import enquiries_of
from marketplace.demands.objecting import (
    Objecting,
    judge_acceptance,
    judge_answer,
    judge_award_objection,
    judge_complaint,
    judge_decision,
    judge_remedy,
    judge_withdrawal,
)
from marketplace.demands.outcomes import judge_demand_withdrawal

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
TERMS = {"mode": "comprehensive", "ceiling_fen": 1_000_000}


def later(minutes: int) -> datetime:
    """So many minutes after the opening."""
    return AT + timedelta(minutes=minutes)


def text(minutes: int) -> str:
    return format_instant(later(minutes))


def end(minutes: int) -> Deadline:
    return Deadline(later(minutes), is_provisional=False)


def happened(minutes: int, kind: str, data: Any, private: Any = None) -> Recorded:
    event = Event(f"e{minutes}", kind, later(minutes), Actor("system", "p"), "selection/s1", 1, FIRST, data)
    return Recorded(event, private)


def opened(mode: str = "comprehensive") -> Recorded:
    data = {
        "demand": "d1", "mode": mode, "terms": {**TERMS, "mode": mode}, "sign_up_closes_at": text(5),
        "closes_at": text(9),
    }  # fmt: skip
    return happened(0, "selection.opened", data, {"salt": "aa"})


def folded(*events: Recorded, mode: str = "comprehensive") -> Selection:
    return fold("s1", (opened(mode), *events), {})


RAISED = happened(20, "objection.raised", {
    "bidder": "A", "answer_until": text(30), "complain_until": text(60), "is_provisional": False,
})  # fmt: skip
OLDER = happened(21, "objection.raised", {"bidder": "B", "answer_until": text(31), "is_provisional": False})
ANSWERED = happened(25, "objection.answered", {
    "objection": 1, "finding": "dismissed", "complain_until": text(70), "is_provisional": False,
})  # fmt: skip
LODGED = happened(40, "complaint.lodged", {"objection": 1, "accept_until": text(50), "is_provisional": False})
ACCEPTED = happened(45, "complaint.accepted", {"objection": 1, "decide_until": text(90), "is_provisional": False})
DECIDED = happened(80, "complaint.decided", {"objection": 1, "finding": "upheld"})


def test_an_objection_goes_its_way_event_by_event_and_leaves_the_others_alone() -> None:
    first, other = folded(RAISED, OLDER).objections
    assert (first.number, first.against, first.answer_until, first.complain_until) == (1, "A", end(30), end(60))
    assert (other.number, other.against, other.complain_until) == (2, "B", None)
    assert folded(RAISED, OLDER, ANSWERED).objections == (
        replace(first, answered_at=later(25), finding="dismissed", complain_until=end(70)), other,
    )  # fmt: skip
    upheld = happened(25, "objection.answered", {"objection": 2, "finding": "upheld"})
    assert folded(RAISED, OLDER, upheld).objections[1].complain_until is None
    gone = happened(26, "objection.withdrawn", {"objection": 2})
    assert folded(RAISED, OLDER, gone).objections == (first, replace(other, withdrawn_at=later(26)))


def test_a_complaint_is_lodged_then_accepted_or_refused_then_decided() -> None:
    lodged = folded(RAISED, LODGED).objections[0].complaint
    assert lodged is not None
    assert (lodged.lodged_at, lodged.accept_until, lodged.accepted_at) == (later(40), end(50), None)
    taken = folded(RAISED, LODGED, ACCEPTED).objections[0].complaint
    assert taken == replace(lodged, accepted_at=later(45), decide_until=end(90))
    refused = folded(RAISED, LODGED, happened(46, "complaint.refused", {"objection": 1})).objections[0].complaint
    assert refused == replace(lodged, refused_at=later(46))
    decided = folded(RAISED, LODGED, ACCEPTED, DECIDED).objections[0]
    assert decided.complaint == replace(taken, decided_at=later(80), finding="upheld")
    assert decided.released_at == later(80)


def test_a_suspension_moves_every_end_of_an_objection_behind_its_start() -> None:
    pause = (happened(27, "selection.suspended", {"was": "proposed"}), happened(29, "selection.resumed", {}))
    (one,) = folded(RAISED, *pause).objections
    assert (one.answer_until, one.complain_until, one.complaint) == (end(32), end(62), None)
    (older,) = folded(OLDER, *pause).objections
    assert (older.answer_until, older.complain_until) == (end(33), None)
    during = (happened(48, "selection.suspended", {"was": "proposed"}), happened(52, "selection.resumed", {}))
    (taken,) = folded(RAISED, LODGED, ACCEPTED, *during).objections
    assert taken.complaint is not None
    assert (taken.complaint.accept_until, taken.complaint.decide_until) == (end(54), end(94))
    (waiting,) = folded(RAISED, LODGED, *during).objections
    assert waiting.complaint is not None
    assert waiting.complaint.decide_until is None
    assert folded(RAISED, *pause).pauses == (Pause(later(27), later(29)),)


def test_an_award_is_confirmed_lapses_is_set_aside_or_annulled() -> None:
    asked = happened(20, "confirmation.asked", {"bidder": "A", "until": text(50), "is_provisional": False})
    assert folded(asked).confirming == {"A": end(50)}
    assert folded(asked, happened(30, "confirmation.given", {"bidder": "A"})).confirmations == {"A": later(30)}
    lapsed = happened(55, "award.lapsed", {"bidder": "A", "as_of": text(50)})
    assert folded(asked, lapsed).abandoned == {"A": later(50)}
    assert folded(happened(30, "award.set_aside", {"bidder": "A"})).set_aside == {"A": later(30)}
    annulled = folded(happened(30, "selection.annulled", {}))
    assert (annulled.proposed, annulled.is_unsuccessful, annulled.annulled_at) == (None, True, later(30))
    assert folded(happened(30, "seal.asked", {})) == folded()


def admitted(minutes: int, bidder: str) -> Recorded:
    return happened(minutes, "bidder.admitted", {}, {"bidder": bidder, "grade": None, "experience": 0})


def offered(minutes: int, bidder: str, price: int, reason: str | None = None) -> Recorded:
    private = {"bidder": bidder, "price_fen": price, "days": None, "nonce": None, "reason": reason}
    return happened(minutes, "offer.placed", {}, private)


def changed(**more: Any) -> Recorded:
    data = {
        "terms": {**TERMS, "max_days": 30},
        "terms_digest": "d2",
        "sign_up_closes_at": text(15),
        "closes_at": text(19),
    }
    return happened(4, "selection.terms_changed", {**data, **more})


def again(minutes: int, bidder: str) -> Recorded:
    return happened(minutes, "offer.reconfirmed", {}, {"bidder": bidder})


OFFERS = (admitted(1, "A"), admitted(1, "B"), offered(2, "A", 700), offered(3, "A", 600), offered(3, "B", 9, "odd"))


def test_under_other_terms_no_offer_counts_that_is_not_confirmed_anew() -> None:
    state = folded(*OFFERS, changed())
    assert (state.terms["max_days"], state.terms_digest, state.sign_up_closes_at) == (30, "d2", later(15))
    assert (state.closes_at, state.terms_changed_at) == (later(19), later(4))
    assert [line.reason for line in state.offers] == ["not_reconfirmed", "not_reconfirmed", "odd"]
    confirmed = folded(*OFFERS, changed(), again(6, "A"))
    assert [line.reason for line in confirmed.offers] == ["not_reconfirmed", None, "odd"], "the last one alone"
    assert folded(*OFFERS, changed(), again(6, "C")).offers == state.offers
    kept = folded(*OFFERS, changed(keeps_offers=True))
    assert [line.reason for line in kept.offers] == [None, None, "odd"]
    assert (kept.closes_at, kept.terms_changed_at) == (later(19), None)


def test_in_a_draw_whoever_signed_up_says_so_again_under_other_terms() -> None:
    drawn = folded(admitted(1, "A"), admitted(2, "B"), changed(), again(6, "A"), mode="random_draw")
    assert {who: one.is_confirmed for who, one in drawn.participants.items()} == {"A": True, "B": False}
    assert folded(admitted(1, "A"), changed()).participants["A"].is_confirmed


def test_what_a_bidder_won_already_goes_into_the_case_of_a_lot_under_a_cap() -> None:
    state = replace(
        folded(), terms={**TERMS, "mode": "random_draw", "lot_cap": 2}, mode="random_draw",
        participants={one: Participant(one, None, 0, AT, None) for one in ("A", "B")},
    )  # fmt: skip
    bids: Any = case_of(state, {"A": 1, "B": 1}, draw=None, won={"A": 1}, unfit={"B": "restricted"})["bids"]
    assert [(one.get("lots_won"), one.get("unfit")) for one in bids] == [(1, None), (None, "restricted")]


def objection(**changes: Any) -> Objection:
    return replace(Objection(1, "A", AT, end(30)), **changes)


def codes(ruling: Verdict) -> tuple[str, ...]:
    return ruling.codes if isinstance(ruling, Refused) else ()


def test_nobody_takes_a_step_of_an_objection_that_the_stage_or_his_role_does_not_allow() -> None:
    one, now = objection(), Objecting("cancelled", False, None, False, False, 0)
    assert codes(judge_award_objection(now, "public", at=AT)) == ("not_in_this_state",)
    assert codes(judge_answer("cancelled", "owner", one, at=AT)) == ("not_in_this_state",)
    assert codes(judge_withdrawal("cancelled", "public", one, at=AT)) == ("not_in_this_state",)
    assert codes(judge_complaint("cancelled", "public", one, None, at=AT)) == ("not_in_this_state",)
    assert codes(judge_acceptance("objected", "owner", one)) == ("role_not_allowed",)
    assert codes(judge_decision("objected", "agency", one)) == ("role_not_allowed",)


def test_an_objection_that_a_regulator_has_is_not_answered_any_more() -> None:
    complaint = folded(RAISED, LODGED).objections[0].complaint
    assert codes(judge_answer("objected", "owner", objection(complaint=complaint), at=AT)) == ("complaint_is_open",)


@pytest.mark.parametrize(
    ("role", "is_drawn", "approver", "alone"),
    [
        ("owner", False, None, True), ("owner", True, None, True), ("owner", False, "R-2", False),
        ("regulator", False, None, False), ("regulator", True, None, True), ("regulator", True, "R-2", False),
    ],
)  # fmt: skip
def test_nobody_alone_takes_an_award_away_but_a_regulator_where_no_draw_gave_it(
    role: Any, is_drawn: bool, approver: str | None, alone: bool
) -> None:
    reasons = judge_remedy(role, is_drawn=is_drawn, approver=approver)
    assert [one.code for one in reasons] == ["remedy_needs_approver"] * alone


def test_a_demand_is_withdrawn_by_its_owner_while_no_offer_is_in() -> None:
    assert judge_demand_withdrawal("published", "owner", has_offers=False) == Allowed()
    assert codes(judge_demand_withdrawal("published", "owner", has_offers=True)) == ("offers_are_in",)
    assert codes(judge_demand_withdrawal("published", "agency", has_offers=False)) == ("role_not_allowed",)


def test_enquiries_are_folded_with_their_answers_and_nothing_else() -> None:
    asked = {"selection": "s1", "question": "?", "answer_until": text(30), "is_provisional": True}
    first, other = enquiries_of((
        happened(1, "enquiry.asked", asked, {"asker": "A"}), happened(2, "enquiry.asked", asked),
        happened(3, "demand.published", {}), happened(4, "enquiry.answered", {"enquiry": 1, "answer": "!"}),
    ))  # fmt: skip
    assert (first.number, first.asker, first.answer, first.answered_at) == (1, "A", "!", later(4))
    assert (other.number, other.asker, other.answer) == (2, "", None)
    assert other.answer_until == Deadline(later(30), is_provisional=True)


def test_what_waits_in_a_ruling_is_the_owners_choice_and_every_explanation_without_a_ruling() -> None:
    ruled: Any = {"outcome": "awaiting_explanation"}
    asked = {
        "A": Asked(AT, end(40)), "B": Asked(AT, end(41), later(1)),
        "C": Asked(AT, end(39), later(1), "accepted", later(2)),
    }  # fmt: skip
    waiting = replace(folded(), evaluation=ruled, choice_until=end(35), explanations=asked)
    assert [(one.act, one.role, one.agency, one.since) for one in duties(waiting, (), closes_at=None, at=AT)] == [
        ("pick_from_shortlist", "owner", None, None), ("explain_low_price", "agency", "A", AT),
        ("rule_low_price", "owner", "B", later(1)),
    ]  # fmt: skip
    assert duties(replace(waiting, decision=ruled), (), closes_at=None, at=AT) == ()
    alone = replace(waiting, choice_until=None, explanations={"A": asked["A"]})
    assert [one.act for one in duties(alone, (), closes_at=None, at=AT)] == ["explain_low_price"]


def test_what_waits_of_an_objection_is_its_answer_then_the_regulators_word() -> None:
    proposed = {"proposed": "A"}
    for events, act, since in (
        ((RAISED,), "answer_award_objection", 20),
        ((RAISED, LODGED), "accept_complaint", 40),
        ((RAISED, LODGED, ACCEPTED), "decide_complaint", 40),
    ):
        waiting = duties(replace(folded(*events), **proposed), (), closes_at=None, at=later(21))
        assert [(one.act, one.since) for one in waiting] == [(act, later(since))]
    assert duties(replace(folded(RAISED, ANSWERED), **proposed), (), closes_at=None, at=later(26)) == ()
    assert duties(replace(folded(RAISED), is_confirmed=True), (), closes_at=None, at=later(21)) == ()


def test_of_a_restriction_that_is_over_nobody_reads_why_it_was() -> None:
    one = Restriction("R1", "A", "market", "依据（示例）", "330300", AT, later(60), fact="F1", notice="N1")
    assert one.told(at=later(59)) == one
    assert one.told(at=later(60)) == replace(one, basis="", fact=None, notice=None)


def test_errors_about_people_carry_their_code_and_how_long_to_wait() -> None:
    assert Unrecognised("session_over", "sign in again").code == "session_over"
    often = TooOften("too_many_tries", 900)
    assert (often.code, often.retry_after_s, "900" in str(often)) == ("too_many_tries", 900, True)
