"""Settling as of the instants that count: looked at once, promptly or all the time, the same acts come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from agencies.people.holds import Hold
from bidding.selection import OfferLine, Participant, Selection
from commons.instants import format_instant
from marketplace.usecases.lots import LotNow, settle_lots
from marketplace.usecases.settlement import Matter, Settlement

BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
END = BEGIN + timedelta(seconds=60)
BIDDERS = "ABCDEF"
OPENED = BEGIN - timedelta(hours=1)

Acts = list[list[tuple[str, Any]]]


def second(value: float) -> datetime:
    """So many seconds after the beginning."""
    return BEGIN + timedelta(seconds=value)


@st.composite
def lot(draw: st.DrawFn, number: int, cap: int | None) -> LotNow:
    """A sealed lot or a credit draw that takes no more offers, and closes within seconds."""
    closes_at = second(draw(st.integers(0, 4)))
    who = sorted(draw(st.sets(st.sampled_from(BIDDERS), min_size=1)))
    least = draw(st.sampled_from([1, 1, 2, 3]))
    terms: dict[str, Any] = {"ceiling_fen": 1000, "min_bidders": least, "ties": ["draw"]}
    if cap is not None:
        terms["lot_cap"] = cap
    mode = draw(st.sampled_from(["comprehensive", "comprehensive", "credit_draw"]))
    people = {one: Participant(one, None, 0, OPENED, nonce="ab") for one in who}
    offers: tuple[OfferLine, ...] = ()
    if mode == "credit_draw":
        terms |= {"mode": mode, "big_list": 4, "small_list": 2}
    else:
        points = [{"kind": "price", "points": 100, "formula": "lowest"}]
        terms |= {"mode": mode, "criteria": points}
        if draw(st.booleans()):
            terms["low_price"] = {"below_mean_bp": 9000}
        prices = [draw(st.integers(500, 1000)) for _ in who]
        offers = tuple(
            OfferLine(seq, one, OPENED, price, None, "ab", None)
            for seq, (one, price) in enumerate(zip(who, prices, strict=True), start=1)
        )
    state = Selection(
        f"S{number}", mode=mode, terms=terms, sign_up_closes_at=closes_at, closes_at=closes_at, participants=people,
        offers=offers, salt="00", preimage="cd", owner_nonce="ef",
    )  # fmt: skip
    return LotNow(state, {}, Matter("open", "demo-v1", "fiscal"), OPENED, closes_at)


@st.composite
def lots(draw: st.DrawFn) -> tuple[int | None, list[LotNow], dict[str, datetime]]:
    """Up to four lots under a cap, or one selection alone, whoever is voided when, and whoever is held for review."""
    cap = draw(st.sampled_from([None, 1, 1, 2]))
    count = 1 if cap is None else draw(st.integers(2, 4))
    found = [draw(lot(number, cap)) for number in range(count)]
    halves = st.integers(0, 24)
    voids = draw(st.dictionaries(st.sampled_from(BIDDERS), halves, min_size=draw(st.sampled_from([0, 2])), max_size=3))
    spans = st.tuples(halves, st.one_of(st.none(), halves))
    holds = draw(st.dictionaries(st.sampled_from(BIDDERS), st.lists(spans, min_size=1, max_size=2), max_size=3))
    held = {who: tuple(_hold(who, *span) for span in each) for who, each in holds.items()}
    found = [replace(one, matter=replace(one.matter, holds=held)) for one in found]
    instants = {who: second(value / 2 + 0.25) for who, value in voids.items()}
    for who, each in held.items():
        if (ruled_at := each[-1].ruled_at) is not None and draw(st.booleans()):
            instants[who] = ruled_at  # found linked: out at the very instant that ends the hold
    return cap, found, instants


def _hold(who: str, opened: int, lasts: int | None) -> Hold:
    """A hold opened so many half seconds in, a little before other things happen, ruled on after so many more."""
    opened_at = second(opened / 2 + 0.1)
    ruled_at = None if lasts is None else opened_at + timedelta(seconds=lasts / 2 + 0.5)
    return Hold(f"V{opened}", who, "Z", "R", None, ("address",), opened_at, END, ruled_at)


def knowing(now: Sequence[LotNow], voids: Mapping[str, datetime], *, at: datetime) -> list[LotNow]:
    """The lots with the voids and the holds that have come to be by then."""
    return [
        replace(
            one,
            state=replace(one.state, participants=_with(one.state, voids, at=at)),
            matter=replace(one.matter, holds=_held(one, at=at)),
        )
        for one in now
    ]


def _held(one: LotNow, *, at: datetime) -> dict[str, list[Hold]]:
    """The holds that are open by then; nobody knows yet when they will be ruled on."""
    return {
        who: [
            hold if hold.ruled_at is not None and hold.ruled_at <= at else replace(hold, ruled_at=None)
            for hold in each
            if hold.opened_at <= at
        ]
        for who, each in one.matter.holds.items()
    }


def _with(state: Selection, voids: Mapping[str, datetime], *, at: datetime) -> dict[str, Participant]:
    return {
        who: replace(one, voided_at=voids[who] if who in voids and voids[who] <= at else None)
        for who, one in state.participants.items()
    }


def looked_at(
    now: list[LotNow], voids: Mapping[str, datetime], instants: Sequence[datetime] | None
) -> tuple[Acts, list[LotNow]]:
    """Settle at each of these instants, or whenever something is due; the acts of all looks together."""
    acts: Acts = [[] for _ in now]
    at: datetime | None = min(_due(now, voids, after=OPENED), default=END) if instants is None else instants[0]
    place = 0
    while at is not None:
        for index, one in enumerate(settle_lots(knowing(now, voids, at=at), at=at)):
            acts[index].extend((act.type, act.data) for act in one.acts)
            now[index] = _after(now[index], one, at=at)
        place += 1
        if instants is None:
            at = min(_due(now, voids, after=at), default=None)
        else:
            at = instants[place] if place < len(instants) else None
    return acts, now


def _after(before: LotNow, done: Settlement, *, at: datetime) -> LotNow:
    touched = done.lock_state is not None
    matter = replace(before.matter, lock_state=done.lock_state or before.matter.lock_state)
    return replace(
        before, state=done.state, matter=matter, due_at=done.due_at if touched else before.due_at, last_at=at
    )


def _due(now: Sequence[LotNow], voids: Mapping[str, datetime], *, after: datetime) -> list[datetime]:
    holds = [hold for one in now for each in one.matter.holds.values() for hold in each]
    ruled = [hold.ruled_at for hold in holds if hold.ruled_at is not None]
    known = [one.due_at for one in now if one.due_at is not None] + list(voids.values()) + ruled
    return [one for one in known if after < one <= END]


@settings(deadline=None)
@given(lots())
def test_looked_at_once_promptly_or_all_the_time_the_same_acts_come_out(
    given_lots: tuple[int | None, list[LotNow], dict[str, datetime]],
) -> None:
    cap, found, voids = given_lots
    late, after = looked_at(list(found), voids, [END])
    prompt, _ = looked_at(list(found), voids, None)
    quarters = [second(value / 4) for value in range(4 * 60 + 1)]
    always, _ = looked_at(list(found), voids, quarters)
    assert late == prompt == always
    held = Counter(one.state.proposed for one in after if one.state.proposed and not one.state.is_unsuccessful)
    if cap is not None:
        assert max(held.values(), default=0) <= cap
    for each in late:
        for _, data in each:
            if "held_until" in data and data["bidder"] in voids:
                assert data["held_until"] != format_instant(voids[data["bidder"]]), "found linked, and awarded"
    types = {kind for each in late for kind, _ in each}
    if any("held_until" in data for each in late for _, data in each):
        event("held")
    for kind in ("lot.waits", "award.passed_over", "choice.made", "explanation.rejected", "selection.unsuccessful"):
        if kind in types:
            event(kind)
    assert all(sum(kind == "selection.decided" for kind, _ in each) <= 1 for each in late)


def sealed(number: int, prices: Mapping[str, int], *, closes_s: int = 1, low_price: bool = False) -> LotNow:
    """A sealed lot under a cap of two, the lowest price first."""
    terms: dict[str, Any] = {
        "mode": "comprehensive", "ceiling_fen": 1000, "min_bidders": 1, "ties": ["draw"], "lot_cap": 2,
        "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}],
        **({"low_price": {"below_mean_bp": 9000}} if low_price else {}),
    }  # fmt: skip
    people = {one: Participant(one, None, 0, OPENED) for one in prices}
    offers = tuple(
        OfferLine(seq, one, OPENED, fen, None, None, None) for seq, (one, fen) in enumerate(prices.items(), 1)
    )
    state = Selection(
        f"S{number}", mode="comprehensive", terms=terms, closes_at=second(closes_s), salt="00", participants=people,
        offers=offers,
    )  # fmt: skip
    return LotNow(state, {}, Matter("open", "demo-v1", "fiscal"), OPENED, second(closes_s))


def test_a_lot_that_passes_on_is_seen_at_once_by_an_earlier_one_that_is_not_decided() -> None:
    now = [sealed(0, {"Y": 500, "Z": 1000}, low_price=True), sealed(1, {"X": 500, "Y": 600}), sealed(2, {"Y": 500})]
    voids = {"X": second(2)}
    late, after = looked_at(list(now), voids, [second(3)])
    prompt, _ = looked_at(list(now), voids, [second(1), second(2), second(3)])
    assert late == prompt
    assert [one.state.proposed for one in after] == ["Z", "Y", "Y"]
    assert after[0].state.decided_at == second(2)
