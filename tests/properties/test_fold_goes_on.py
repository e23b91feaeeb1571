"""Folding on from where one stopped: at every cut of a record the same state, the same desk, the same rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from bidding import rounds
from bidding.offers import Bidder, RoundOffer
from bidding.reading.terms import parse_terms
from bidding.selection import Selection, fold, fold_on
from bidding.terms import MultiRoundTerms
from commons.events import FIRST, Actor, Event, Recorded, Tip
from commons.instants import format_instant
from marketplace.usecases.offer_desk import Desk, brought_up, desk_of

BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
BIDDERS = "ABCDE"
SEALED: dict[str, Any] = {"mode": "comprehensive", "ceiling_fen": 1_000, "ties": ["draw"]}
SEALED |= {"criteria": [{"kind": "price", "points": 100, "formula": "lowest"}]}
Record = list[Recorded]
Voids = Mapping[str, datetime]


def second(value: float) -> datetime:
    return BEGIN + timedelta(seconds=value)


class Chain:
    """A record as it grows."""

    def __init__(self) -> None:
        self.record: Record = []

    def add(self, at: float, kind: str, data: Any, private: Any = None) -> None:
        tip = self.record[-1].event.digest if self.record else FIRST
        number = len(self.record) + 1
        made = Event(f"e{number}", kind, second(at), Actor("system", "p"), "selection/S", number, tip, data)
        self.record.append(Recorded(made, private))

    def open(self, terms: dict[str, Any]) -> None:
        ends = {"sign_up_closes_at": format_instant(second(10)), "closes_at": format_instant(second(90))}
        self.add(0, "selection.opened", {"demand": "D", "mode": terms["mode"], "terms": terms, **ends}, {"salt": "aa"})

    def admit(self, at: float, bidder: str) -> None:
        self.add(at, "bidder.admitted", {}, {"bidder": bidder, "grade": None, "experience": 0})

    def offer(self, at: float, bidder: str, price: int, reason: str | None = None) -> None:
        private = {"bidder": bidder, "price_fen": price, "days": None, "nonce": None, "reason": reason}
        self.add(at, "offer.placed", {}, private)


@st.composite
def sealed_records(draw: st.DrawFn) -> tuple[Record, dict[str, datetime]]:
    """A sealed selection: admissions, refusals, offers and a suspension, in any order; whoever is voided when."""
    chain, terms = Chain(), SEALED
    chain.open(terms)
    suspended = False
    for at in range(1, draw(st.integers(1, 20))):
        kind = draw(st.sampled_from(["admit", "refuse", "offer", "offer", "offer", "turn"]))
        bidder = draw(st.sampled_from(BIDDERS))
        match kind:
            case "admit":
                chain.admit(at, bidder)
            case "refuse":
                chain.add(at, "bidder.refused", {}, {"bidder": bidder})
            case "offer":
                chain.offer(at, bidder, draw(st.integers(1, 2_000)), draw(st.sampled_from([None, "voided"])))
            case _:
                chain.add(at, "selection.resumed" if suspended else "selection.suspended", {"was": "open"})
                suspended = not suspended
    voids = draw(st.dictionaries(st.sampled_from(BIDDERS), st.integers(1, 20), max_size=3))
    return chain.record, {who: second(at + 0.5) for who, at in voids.items()}


def known(voids: Voids, by: datetime) -> dict[str, datetime]:
    return {who: at for who, at in voids.items() if at <= by}


@given(sealed_records(), st.data())
def test_a_fold_goes_on_from_any_cut_whatever_voids_came_between(
    made: tuple[Record, dict[str, datetime]], data: st.DataObject
) -> None:
    record, voids = made
    whole = fold("S", record, voids)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(record)), max_size=4)))
    state, last = Selection("S"), 0
    for cut in cuts:
        state = fold_on(state, record[last:cut], known(voids, record[cut - 1].event.at) if cut else {})
        last = cut
    assert fold_on(state, record[last:], voids) == whole
    event(f"{len(cuts)} cuts, {len(voids)} voids")


def desk_at(record: Record, voids: Voids) -> Desk:
    state = fold("S", record, voids)
    tip = Tip(record[-1].event.seq, record[-1].event.digest, record[-1].event.at)
    return desk_of(state, live_of(state) if state.mode == "multi_round" else None, tip)


def live_of(state: Selection) -> rounds.State:
    terms = parse_terms(dict(state.terms))
    assert isinstance(terms, MultiRoundTerms)
    people = state.participants.values()
    live = rounds.begin(terms, [Bidder(one.bidder, voided_at=one.voided_at) for one in people])
    for line in state.offers:
        live, _ = rounds.place(live, RoundOffer(line.bidder, line.at, line.price_fen, line.days))
    return live


def shown(desk: Desk, at: datetime) -> object:
    live = None if desk.live is None else rounds.advance(desk.live, at=at)
    return desk.state, desk.terms, live, +desk.made, desk.tip


@given(sealed_records(), st.data())
def test_a_desk_goes_on_from_any_cut_and_never_holds_an_offer(
    made: tuple[Record, dict[str, datetime]], data: st.DataObject
) -> None:
    record, voids = made
    cut = data.draw(st.integers(1, len(record)))
    before = desk_at(record[:cut], known(voids, record[cut - 1].event.at))
    after = brought_up(before, record[cut:], voids)
    assert after is not None
    assert after.state.offers == ()
    assert shown(after, second(100)) == shown(desk_at(record, voids), second(100))


@st.composite
def round_records(draw: st.DrawFn) -> tuple[Record, dict[str, datetime]]:
    """Two open rounds or a sealed one first; everybody is in before them; offers as the engine ruled them live."""
    chain = Chain()
    kind = draw(st.sampled_from(["open", "sealed"]))
    plan = [
        {"kind": kind, "opens_at": format_instant(second(20)), "closes_at": format_instant(second(40))},
        {"kind": "open", "opens_at": format_instant(second(50)), "closes_at": format_instant(second(70))},
    ]
    terms: dict[str, Any] = {"mode": "multi_round", "ceiling_fen": 1_000, "step_fen": 10, "step_basis": "own"}
    terms |= {"rounds": plan, "ties": ["received"], "extension": {"window_s": 3, "extend_s": 5, "limit": 2}}
    chain.open(terms)
    for number, bidder in enumerate(BIDDERS):
        chain.admit(number + 1, bidder)
    struck = draw(st.dictionaries(st.sampled_from(BIDDERS), st.integers(16, 80), max_size=2))
    voids = {who: second(at + 0.5) for who, at in struck.items()}
    live = live_of(replace(fold("S", chain.record, voids)))
    for at in sorted(draw(st.lists(st.integers(15, 75), max_size=25))):
        bidder, price = draw(st.sampled_from(BIDDERS)), draw(st.integers(1, 1_100))
        live, ruling = rounds.place(live, RoundOffer(bidder, second(at), price))
        reasons = getattr(ruling.verdict, "reasons", ())
        chain.offer(at, bidder, price, reasons[0].code if reasons else None)
    return chain.record, voids


@given(round_records(), st.data())
def test_rounds_go_on_from_any_cut_or_are_given_up_as_doubtful(
    made: tuple[Record, dict[str, datetime]], data: st.DataObject
) -> None:
    record, voids = made
    cut = data.draw(st.integers(len(BIDDERS) + 1, len(record)))
    before = desk_at(record[:cut], known(voids, record[cut - 1].event.at))
    after = brought_up(before, record[cut:], voids)
    event("given up" if after is None else "went on")
    if after is not None:
        assert shown(after, second(100)) == shown(desk_at(record, voids), second(100))


@given(round_records())
def test_rounds_do_not_go_on_from_an_offer_that_was_ruled_otherwise(made: tuple[Record, dict[str, datetime]]) -> None:
    record, voids = made
    offers = [place for place, one in enumerate(record) if one.event.type == "offer.placed"]
    if not offers:
        return
    cut = offers[0]
    one = record[cut]
    assert one.private is not None
    turned = {**one.private, "reason": None if one.private["reason"] else "eliminated"}
    before = desk_at(record[:cut], voids)
    assert brought_up(before, [Recorded(one.event, turned)], voids) is None


def test_a_desk_of_another_chain_is_not_believed() -> None:
    chain = Chain()
    chain.open(SEALED)
    desk = desk_at(chain.record, {})
    desk.tip = replace(desk.tip, digest="0" * 64)
    chain.offer(3, "A", 5)
    assert brought_up(desk, chain.record[1:], {}) is None
