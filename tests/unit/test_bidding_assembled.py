"""From a folded selection to a case of the engine, to the next step, to who is proposed; pseudonyms and draw inputs."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from bidding.assembling import Step, case_of, draw_nonces, next_step, standing_offers
from bidding.commitments import commitment_of, draw_inputs, pseudonym
from bidding.passing import Award, gone, proposal
from bidding.pauses import Pause
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_demand_terms, parse_terms
from bidding.sealed import judge_sealed_offer
from bidding.selection import Asked, OfferLine, Participant, Picked, Selection
from bidding.terms import ComprehensiveTerms, DirectTerms
from commons.canonical import canonical
from commons.errors import Malformed
from commons.instants import Deadline, format_instant
from commons.verdicts import Refused
from tests.rules.selections import PRICE, round_

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def later(minutes: int) -> datetime:
    """So many minutes after the opening."""
    return AT + timedelta(minutes=minutes)


def person(bidder: str, voided: int | None = None, grade: str | None = None, nonce: str | None = None) -> Participant:
    return Participant(bidder, grade, 2, AT, None if voided is None else later(voided), nonce)


def line(seq: int, bidder: str, price: int, **facts: Any) -> OfferLine:
    sound: dict[str, Any] = {"days": None, "nonce": None, "reason": None}
    return OfferLine(seq, bidder, later(seq), price, **(sound | facts))


SEALED = {"mode": "comprehensive", "ceiling_fen": 1_000_000, "criteria": [PRICE], "ties": ["draw"]}
STATE = Selection(
    "s1",
    mode="comprehensive",
    terms=SEALED,
    closes_at=later(9),
    participants={"B": person("B", grade="甲级"), "A": person("A"), "C": person("C", voided=20)},
    offers=(
        line(1, "B", 700, nonce="0b", days=5),
        line(2, "A", 900, nonce="0a"),
        line(3, "A", 800, nonce="1a", discount_bp=2000),
        line(4, "A", 10, reason="ceiling_exceeded"),
    ),
)
CREDITS = {"A": 8000, "B": 9000, "C": 7000}


def test_what_counts_at_a_sealed_opening_is_the_last_accepted_offer_of_each() -> None:
    assert [(one.bidder, one.seq) for one in standing_offers(STATE)] == [("A", 3), ("B", 1)]


def test_a_sealed_case_holds_whoever_offered_with_the_facts_on_record() -> None:
    assert case_of(STATE, CREDITS, draw=None)["bids"] == [
        {"bidder": "A", "credit": 8000, "experience": 2, "discount_bp": 2000},
        {"bidder": "B", "credit": 9000, "experience": 2, "grade": "甲级", "price_fen": 700, "days": 5},
    ]
    drawn = case_of(STATE, CREDITS, draw={"salt": "00", "ikm": "01"})
    assert (drawn["draw"], drawn["terms"]) == ({"salt": "00", "ikm": "01"}, SEALED)


def test_a_void_is_in_the_case_unless_it_came_at_or_after_the_instant_it_is_decided_as_of() -> None:
    state = replace(STATE, offers=(line(1, "C", 500),))
    for before, known in ((None, True), (later(20), False), (later(20) + TICK, True)):
        (bid,) = case_of(state, CREDITS, draw=None, before=before)["bids"]
        assert ("voided_at" in bid) is known
        assert bid.get("voided_at", format_instant(later(20))) == format_instant(later(20))


def test_a_ruled_explanation_is_a_fact_of_the_case_and_an_asked_one_is_not() -> None:
    until = Deadline(later(60), is_provisional=False)
    state = replace(STATE, explanations={"A": Asked(later(10), until), "B": Asked(later(10), until, ruling="accepted")})
    one, other = case_of(state, CREDITS, draw=None)["bids"]
    assert ("explanation" in one, other["explanation"]) == (False, "accepted")


def test_a_case_of_rounds_holds_every_bidder_and_every_offer_in_the_order_received() -> None:
    state = replace(STATE, mode="multi_round", terms={"mode": "multi_round"})
    case = case_of(state, CREDITS, draw=None)
    assert [one["bidder"] for one in case["bidders"]] == ["A", "B", "C"]
    assert case["offers"] == [
        {"bidder": "B", "at": format_instant(later(1)), "price_fen": 700, "days": 5},
        {"bidder": "A", "at": format_instant(later(2)), "price_fen": 900},
        {"bidder": "A", "at": format_instant(later(3)), "discount_bp": 2000},
        {"bidder": "A", "at": format_instant(later(4)), "price_fen": 10},
    ]


@pytest.mark.parametrize(("terms", "served"), [({"max_days": 30}, {"days": 30}), ({}, {})])
def test_a_case_of_a_draw_holds_whoever_signed_up_within_the_days_of_the_terms(
    terms: dict[str, Any], served: dict[str, Any]
) -> None:
    state = replace(
        STATE, mode="random_draw", terms={"mode": "random_draw", "ceiling_fen": 5, "ties": ["draw"]} | terms
    )
    case = case_of(state, CREDITS, draw=None)
    assert case["bids"][0] == {"bidder": "A", "credit": 8000, "experience": 2} | served
    assert len(parse_case(case).bids) == 3


def test_nonces_of_a_draw_are_those_of_everybody_who_counts_or_there_are_none() -> None:
    assert draw_nonces(STATE) == {"A": "1a", "B": "0b"}
    assert draw_nonces(replace(STATE, offers=(*STATE.offers, line(5, "C", 9)))) is None
    drawn = replace(
        STATE, mode="credit_draw", participants={"A": person("A", nonce="0a"), "C": person("C", 1, nonce="0c")}
    )
    assert draw_nonces(drawn) == {"A": "0a", "C": "0c"}  # whoever was voided since stays in
    assert draw_nonces(replace(drawn, participants={**drawn.participants, "B": person("B")})) is None


UNTIL = Deadline(later(60), is_provisional=False)


def waiting(outcome: str = "awaiting_explanation", **changes: Any) -> Selection:
    """A selection whose last ruling, ten minutes after the opening, waits for A's explanation or the owner's choice."""
    flagged = {"flagged": "A"} if outcome == "awaiting_explanation" else {}
    known = {"evaluation": {"outcome": outcome, **flagged}, "evaluated_at": later(10)}
    known["evaluated_case"] = {"bids": [{"bidder": "A"}, {"bidder": "B", "voided_at": format_instant(later(5))}]}
    people = {"A": person("A"), "B": person("B", voided=5)}
    return replace(STATE, **(known | {"participants": people} | changes))


def explained(minutes: int | None = None, ruled: int | None = None) -> dict[str, Asked]:
    given, at = (None if minutes is None else later(minutes)), (None if ruled is None else later(ruled))
    return {"A": Asked(later(10), UNTIL, given, None if ruled is None else "accepted", at)}


VOIDED = {"A": person("A", voided=30), "B": person("B", voided=5)}

# the selection, looked at so many minutes after the opening → the next step
STEPS: list[tuple[Selection, int, Step | None]] = [
    (STATE, 99, None),  # nothing was evaluated
    (waiting(decision={"outcome": "award"}), 99, None),  # decided for good
    (waiting(evaluated_at=None), 99, None),
    (waiting(), 99, None),  # nothing was asked
    (waiting(explanations=explained()), 59, None),
    (waiting(explanations=explained()), 60, Step(later(60), "A")),  # the deadline itself is too late
    (waiting(explanations=explained(minutes=20)), 99, None),  # given: the owner rules
    (waiting(explanations=explained(minutes=20, ruled=40)), 99, Step(later(40))),
    (waiting(explanations=explained(), participants=VOIDED), 99, Step(later(30))),  # the void comes first
    (waiting(participants={"A": person("A", voided=3), "B": person("B", voided=5)}), 99, Step(later(10))),  # not before
    (waiting(explanations=explained(minutes=20, ruled=40), pauses=(Pause(later(35), later(50)),)), 99, Step(later(50))),
    (waiting(explanations=explained(), evaluated_at=later(70)), 99, Step(later(70), "A")),
    (waiting("owner_choice"), 99, None),
    (waiting("owner_choice", choice_until=UNTIL), 59, None),
    (waiting("owner_choice", choice_until=UNTIL), 60, Step(later(60), is_choice=True)),
    (waiting("owner_choice", picked=Picked("A", later(33), "owner", None)), 40, Step(later(33), is_choice=True)),
    (
        waiting("owner_choice", choice_until=Deadline(later(30), is_provisional=False), participants=VOIDED),
        99,
        Step(later(30)),  # at one instant the void comes before the silence
    ),
]


@pytest.mark.parametrize(("state", "minutes", "expected"), STEPS, ids=[f"{index}" for index in range(len(STEPS))])
def test_a_ruling_that_waits_is_computed_anew_at_the_first_instant_that_changes_it(
    state: Selection, minutes: int, expected: Step | None
) -> None:
    assert next_step(state, at=later(minutes)) == expected


def test_the_bidders_of_rounds_are_looked_through_as_well() -> None:
    case = {"bidders": [{"bidder": "A"}], "offers": []}
    state = waiting(mode="multi_round", evaluated_case=case, participants=VOIDED)
    assert next_step(state, at=later(99)) == Step(later(30))


def decided(mode: str = "comprehensive", rows: str = "ABC", **changes: Any) -> Selection:
    """A selection decided ten minutes after the opening for A before B before C."""
    ranking = [{"bidder": bidder, "rank": rank} for rank, bidder in enumerate(rows, 1)]
    bids = [{"bidder": bidder, "price_fen": 100 * rank} for rank, bidder in enumerate(rows, 1)]
    decision = {"outcome": "award", "winner": "A", "ranking": ranking}
    known: dict[str, Any] = {"mode": mode, "decision": decision, "case": {"bids": bids}, "decided_at": later(10)}
    return replace(STATE, **(known | {"participants": {bidder: person(bidder) for bidder in "ABC"}} | changes))


def test_the_first_who_is_not_gone_is_proposed_since_the_last_one_before_it_went() -> None:
    assert proposal(STATE) is None
    assert proposal(decided()) == Award("A", 1, 100, later(10))
    voided = {"A": person("A", voided=30), "B": person("B"), "C": person("C", voided=5)}
    state = decided(participants=voided)
    assert proposal(state) == Award("B", 2, 200, later(30))
    assert gone(state) == {"A": later(30), "C": later(5)}
    assert proposal(replace(state, abandoned={"B": later(40)})) is None
    assert proposal(state, without={}) == Award("A", 1, 100, later(10))


def test_of_a_void_and_an_abandoned_award_the_earlier_counts_and_a_pause_ends_first() -> None:
    state = decided(participants={"A": person("A", voided=30), "B": person("B")}, abandoned={"A": later(20)})
    assert gone(state) == {"A": later(20)}
    assert gone(replace(state, abandoned={"A": later(40)})) == {"A": later(30)}
    paused = replace(state, pauses=(Pause(later(15), later(25)),))
    assert proposal(paused) == Award("B", 2, 200, later(25))


def test_an_outcome_without_an_award_proposes_only_whom_the_owner_chose() -> None:
    decision = {"outcome": "owner_choice", "ranking": [{"bidder": "A", "rank": 1}, {"bidder": "B", "rank": 2}]}
    state = decided("credit_draw", decision=decision, terms=SEALED)
    assert proposal(state) is None
    chosen = replace(state, picked=Picked("B", later(12), "owner", "理由（示例）"))
    assert proposal(chosen) == Award("B", 2, 1_000_000, later(10))  # a draw is at the published amount
    assert proposal(chosen, without={"B": later(50)}) == Award("A", 1, 1_000_000, later(50))


def test_a_ranking_that_shows_prices_says_the_price_of_the_award() -> None:
    rows = [{"bidder": "A", "rank": 1, "price_fen": 777}]
    assert proposal(decided("instant", decision={"outcome": "award", "ranking": rows})) == Award("A", 1, 777, later(10))


def test_a_pseudonym_is_a_keyed_hash_that_the_salt_opens() -> None:
    state = replace(STATE, salt="00" * 16)
    mac = hmac.new(bytes(16), b"bidder-v1A", "sha256").hexdigest()
    assert pseudonym(state, "A") == f"b-{mac[:32]}"
    assert len({pseudonym(state, "A"), pseudonym(state, "B"), pseudonym(replace(state, salt="01"), "A")}) == 3


def test_a_commitment_is_bound_to_its_selection_and_inputs_to_everybody_in_order() -> None:
    assert commitment_of("s1", b"x") == sha256(b"draw-preimage-v1s1\x00x").hexdigest()
    assert commitment_of("s2", b"x") != commitment_of("s1", b"x")
    inputs = draw_inputs("0f", {"B": "0b", "A": "0a"}, "ff")
    assert inputs == {"salt": "0f", "ikm": canonical([["A", "0a"], ["B", "0b"]]).hex() + "ff"}


def codes(minutes: int, bidder: str = "A", price: int = 500, **facts: Any) -> tuple[str, ...]:
    """What a sealed offer of the state above is told at once."""
    terms = parse_terms(SEALED | {"max_days": 30})
    assert isinstance(terms, ComprehensiveTerms)
    told: dict[str, Any] = {"bidder": bidder, "price_fen": price, "days": 10, "at": later(minutes)} | facts
    ruling = judge_sealed_offer(replace(STATE, participants=STATE.participants | {"D": person("D", 3)}), terms, **told)
    return ruling.codes if isinstance(ruling, Refused) else ()


def test_a_sealed_offer_is_told_the_clock_alone_or_everything_about_itself() -> None:
    assert codes(8) == ()
    assert codes(9, "GHOST", -1) == ("selection_closed",)  # the closing instant is too late
    assert codes(8, at=later(9) - TICK) == ()
    assert codes(1, "GHOST", 0) == ("not_admitted", "price_not_positive")
    assert (codes(2, "D"), codes(3, "D"), codes(3, "D", days=31)) == ((), ("voided",), ("voided", "days_exceeded"))
    assert codes(1, discount_bp=10_000) == ("discount_out_of_range",)
    terms = parse_terms(SEALED)
    assert isinstance(terms, ComprehensiveTerms)
    nowhere = judge_sealed_offer(replace(STATE, closes_at=None), terms, bidder="A", price_fen=5, days=None, at=later(1))
    assert isinstance(nowhere, Refused)
    assert (nowhere.codes, nowhere.reasons[0].params["closed_at"]) == (("selection_closed",), "")


def test_terms_of_a_demand_may_leave_everything_to_the_owner() -> None:
    assert parse_demand_terms({"mode": "direct", "ceiling_fen": 5}) == DirectTerms(5, None)
    assert parse_demand_terms({"mode": "direct", "ceiling_fen": 5, "max_days": 9}) == DirectTerms(5, 9)
    assert parse_demand_terms(SEALED) == parse_terms(SEALED)
    for raw, pointer in (
        ({"mode": "direct"}, "/terms/ceiling_fen"),
        ({"mode": "direct", "ceiling_fen": 5, "rounds": [round_(0, 1)]}, "/terms/rounds"),
        (["direct"], "/terms"),
    ):
        with pytest.raises(Malformed) as refused:
            parse_demand_terms(raw)
        assert refused.value.faults[0].pointer == pointer
