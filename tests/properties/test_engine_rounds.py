"""The laws of the rounds: one fold, live and in replay, offer by offer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from bidding.case import MultiRoundCase
from bidding.decision import OfferRuling
from bidding.engine import decide
from bidding.modes.multi_round import decision
from bidding.offers import Bidder, RoundOffer
from bidding.reading.case import parse_case
from bidding.room import best_standing, bound, current_round, next_change, rounds_of, standing_of, standing_offers
from bidding.rounds import State, advance, begin, finish, place, void
from commons.instants import parse_instant
from tests.properties.engine_cases import START, Raw, rounds


def case_of(raw: Raw) -> MultiRoundCase:
    case = parse_case(raw)
    assert isinstance(case, MultiRoundCase)
    return case


def known_by(bidders: tuple[Bidder, ...], when: datetime) -> list[Bidder]:
    """Bidders as they were recorded at an instant: admissions that end later are not known."""
    return [
        bidder
        if bidder.voided_at is not None and bidder.voided_at <= when
        else Bidder(bidder.bidder, bidder.credit, bidder.explanation, bidder.preferences)
        for bidder in bidders
    ]


class Live:
    """The selection as it runs: offers and ended admissions come in, each at its instant."""

    def __init__(self, case: MultiRoundCase) -> None:
        self.case = case
        self.state: State = begin(case.terms, known_by(case.bidders, START - timedelta(days=1)))
        self.rulings: list[OfferRuling] = []
        self.ended = sorted((one.voided_at, one.bidder) for one in case.bidders if one.voided_at is not None)

    def end_admissions(self, by: datetime) -> None:
        while self.ended and self.ended[0][0] <= by:
            when, bidder = self.ended.pop(0)
            self.state = void(self.state, bidder, at=when)

    def place(self, offer: RoundOffer) -> None:
        self.end_admissions(offer.at)
        self.state, ruling = place(self.state, offer)
        self.rulings.append(ruling)


@given(rounds(), st.data())
def test_law_1_replay_equals_live_at_every_prefix(raw: Raw, data: st.DataObject) -> None:
    case = case_of(raw)
    live = Live(case)
    replayed: list[RoundOffer] = []
    for offer in case.offers:
        if data.draw(st.booleans()):  # a ticker that settles now and then, or never
            live.end_admissions(offer.at)
            live.state = advance(live.state, at=offer.at)
        live.place(offer)
        replayed.append(offer)
        again = begin(case.terms, known_by(case.bidders, offer.at))
        for earlier in replayed:
            again, _ = place(again, earlier)
        assert again == live.state
    live.end_admissions(START + timedelta(days=1))
    assert decision(live.state, live.rulings, case.draw) == decide(case)


@given(rounds())
def test_law_5_no_offer_outside_a_round_is_accepted_and_none_acknowledged_is_lost(raw: Raw) -> None:
    case = case_of(raw)
    result = decide(case)
    assert result.record is not None
    last: dict[str, int] = {}
    for given_offer, ruling in zip(case.offers, result.record.rulings, strict=True):
        inside = any(closed.opened_at <= given_offer.at < closed.closes_at for closed in result.record.rounds)
        reason = ruling.reason.code if ruling.reason else "accepted"
        event(reason)
        assert inside == (reason not in {"round_not_open", "selection_closed"})
        if ruling.accepted:
            last[given_offer.bidder] = given_offer.price_fen
    for row in result.as_json()["ranking"] or []:  # type: ignore[union-attr]  # a list of rows
        assert isinstance(row, dict)
        assert row["price_fen"] == last[str(row["bidder"])]


@given(rounds())
def test_each_round_moves_by_its_own_extensions_and_all_before(raw: Raw) -> None:
    case = case_of(raw)
    state = finish(_played(case)[-1])
    extend = case.terms.extension.extend_s if case.terms.extension else 0
    moved = 0
    for closed, declared in zip(state.closed, case.terms.rounds, strict=False):
        assert closed.opened_at == declared.opens_at + timedelta(seconds=moved)
        moved += closed.extensions * extend
        assert closed.closes_at == declared.closes_at + timedelta(seconds=moved)
        assert closed.extensions == 0 or declared.kind == "open"


@given(rounds())
def test_an_offer_at_the_bound_is_accepted_and_one_above_it_is_not(raw: Raw) -> None:
    case = case_of(raw)
    days = 5
    for state in _played(case):
        when = state.at
        view = current_round(state, at=when) if when is not None else None
        for bidder in case.bidders:
            shown = bound(state, bidder.bidder, days=days)
            assert (shown.max_price_fen is None) == (shown.barrier is not None)
            if when is None or view is None or view.status != "open" or shown.max_price_fen is None:
                continue
            _, ruling = place(state, RoundOffer(bidder.bidder, when, shown.max_price_fen, days))
            assert ruling.accepted
            _, ruling = place(state, RoundOffer(bidder.bidder, when, shown.max_price_fen + 1, days))
            assert not ruling.accepted


@given(rounds())
def test_nothing_of_a_sealed_round_is_shown_before_its_close(raw: Raw) -> None:
    case = case_of(raw)
    before: tuple[Any, ...] = ()
    for state in _played(case):
        when = state.at
        view = current_round(state, at=when) if when is not None else None
        shown = standing_offers(state)
        if view is not None and view.kind == "sealed" and view.status == "open":
            since = [one for one in shown if one not in before]
            assert all(case.offers[one.seq - 1].at < view.opens_at for one in since)
        assert best_standing(state) == (shown[0] if shown else None)
        assert all(standing_of(state, one.bidder) == one for one in shown)
        before = shown


@given(rounds())
def test_the_next_change_is_when_something_changes(raw: Raw) -> None:
    case = case_of(raw)
    when = START
    state = advance(begin(case.terms, case.bidders), at=when)
    instants: list[datetime] = []
    while (change := next_change(state, at=when)) is not None:
        assert change > when
        when = change
        instants.append(when)
        state = advance(state, at=when)
    expected = [instant for view in rounds_of(state, at=when) for instant in (view.opens_at, view.closes_at)]
    assert instants == sorted(set(expected))
    assert state.is_finished


def _played(case: MultiRoundCase) -> list[State]:
    """Every state of the whole record, the first and the one after each offer."""
    states = [begin(case.terms, case.bidders)]
    for offer in case.offers:
        states.append(place(states[-1], offer)[0])
    return states


def test_the_rounds_of_random_cases_start_after_the_start() -> None:
    assert parse_instant("2026-11-23T01:00:00Z") == START
