"""Settling late leaps to what is due next: what came of walking there in steps, at a cost that waiting does not add to.

The walk is the plain way: look at everything every ten minutes, and whenever something is due, for as long as it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from agencies.people.holds import Hold
from bidding.objections import Objection
from bidding.selection import OfferLine, Participant, Selection
from commons.instants import Deadline
from marketplace.usecases import lots
from marketplace.usecases.lots import LOOK_AGAIN, LotNow, settle_lots
from marketplace.usecases.settlement import Matter, Settlement

BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
CLOSES = BEGIN + timedelta(hours=1)
END = BEGIN + timedelta(hours=8)
BIDDERS = "ABC"


def hour(value: float) -> datetime:
    """So many hours after the beginning."""
    return BEGIN + timedelta(hours=value)


def sealed(number: int, prices: Sequence[int], *, cap: int | None = None, confirmed: bool = False) -> LotNow:
    """A sealed selection of the lowest price; ``confirmed`` asks whoever is proposed to confirm."""
    terms: dict[str, Any] = {
        "mode": "comprehensive", "ceiling_fen": 1000, "min_bidders": 1, "ties": ["draw"],
        "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}],
        **({} if cap is None else {"lot_cap": cap}),
    }  # fmt: skip
    who = BIDDERS[: len(prices)]
    people = {one: Participant(one, None, 0, BEGIN, nonce="ab") for one in who}
    offers = tuple(
        OfferLine(seq, one, BEGIN, fen, None, "ab", None)
        for seq, (one, fen) in enumerate(zip(who, prices, strict=True))
    )
    state = Selection(
        f"S{number}", mode="comprehensive", terms=terms, sign_up_closes_at=CLOSES, closes_at=CLOSES,
        participants=people, offers=offers, salt="00", preimage="cd", owner_nonce="ef", needs_confirmation=confirmed,
    )  # fmt: skip
    return LotNow(state, {}, Matter("open", "demo-v1", "fiscal"), BEGIN, CLOSES)


def hold(number: int, who: str, opened: float, lasts: float | None) -> Hold:
    """A hold for review of so many hours; None: nobody has ruled on it."""
    ruled_at = None if lasts is None else hour(opened + lasts)
    return Hold(f"V{number}", who, "Z", "R", None, ("address",), hour(opened), END, ruled_at)


def objection(number: int, who: str, raised: float, complain: float | None) -> Objection:
    """An objection that nobody complained further about; None: no time to complain runs yet."""
    until = None if complain is None else Deadline(hour(raised + complain), is_provisional=False)
    return Objection(number, who, hour(raised), Deadline(hour(raised + 1), is_provisional=False), complain_until=until)


HOURS = st.integers(0, 14).map(lambda value: value / 2 + 0.3)
LASTS = st.one_of(st.none(), st.integers(1, 12).map(lambda value: value / 2 + 0.07))


@st.composite
def histories(draw: st.DrawFn) -> list[LotNow]:
    """One selection, or lots under a cap: held for review, objected to, voided and asked to confirm over hours."""
    cap = draw(st.sampled_from([None, None, 1]))
    prices = st.lists(st.integers(500, 1000), min_size=1, max_size=3)
    found = [
        sealed(number, draw(prices), cap=cap, confirmed=draw(st.booleans()))
        for number in range(1 if cap is None else draw(st.integers(2, 3)))
    ]
    holds = {
        who: tuple(hold(number, who, *span) for number, span in enumerate(spans))
        for who, spans in draw(
            st.dictionaries(st.sampled_from(BIDDERS), st.lists(st.tuples(HOURS, LASTS), min_size=1, max_size=2))
        ).items()
    }
    voids = draw(st.dictionaries(st.sampled_from(BIDDERS), HOURS, max_size=2))
    return [_with(draw, one, holds, voids) for one in found]


def _with(draw: st.DrawFn, lot: LotNow, holds: dict[str, tuple[Hold, ...]], voids: dict[str, float]) -> LotNow:
    people = {
        who: replace(one, voided_at=hour(voids[who]) if who in voids else None)
        for who, one in lot.state.participants.items()
    }
    raised = draw(st.lists(st.tuples(st.sampled_from(BIDDERS), st.floats(1.0, 1.001), LASTS), max_size=2))
    objections = tuple(objection(number, *each) for number, each in enumerate(raised, start=1))
    state = replace(lot.state, participants=people, objections=objections)
    return replace(lot, state=state, matter=replace(lot.matter, holds=holds))


def walked(now: Sequence[LotNow], *, until: datetime) -> list[Settlement]:
    """Look every ten minutes, and whenever a lot says that something is due, each look going on from the last."""
    current, done = list(now), [Settlement(one.state) for one in now]
    at = BEGIN
    while at < until:
        every = [one.due_at for one in current if one.due_at is not None and one.due_at > at]
        at = min([*every, at + LOOK_AGAIN, until])
        for index, one in enumerate(settle_lots(current, at=at)):
            done[index] = _joined(done[index], one)
            matter = replace(current[index].matter, lock_state=one.lock_state or current[index].matter.lock_state)
            due_at = one.due_at if one.lock_state is not None else current[index].due_at
            current[index] = replace(current[index], state=one.state, matter=matter, due_at=due_at, last_at=at)
    return done


def _joined(before: Settlement, after: Settlement) -> Settlement:
    return replace(
        after,
        acts=(*before.acts, *after.acts),
        lock_state=after.lock_state or before.lock_state,
        result=after.result or before.result,
    )


def told(done: Sequence[Settlement]) -> list[tuple[object, ...]]:
    """What was decided: acts in their order, the state, the lock row's word, what the lists show."""
    return [([(act.type, act.data) for act in one.acts], one.state, one.lock_state, one.result) for one in done]


@settings(deadline=None, max_examples=150)
@given(histories())
def test_a_leap_decides_what_the_walk_decides(now: list[LotNow]) -> None:
    leapt = settle_lots(now, at=END)
    assert told(leapt) == told(walked(now, until=END))
    for one in leapt:
        event(f"{one.lock_state}: {one.acts[-1].type}")


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_year_of_waiting_costs_no_more_than_a_day(monkeypatch: pytest.MonkeyPatch, confirmed: bool) -> None:
    waiting = sealed(0, [600, 700], confirmed=confirmed)
    waiting = replace(waiting, matter=replace(waiting.matter, holds={"A": (hold(0, "A", 0.5, None),)}))
    looks: list[datetime] = []
    plain = lots.settlement

    def counted(state: Selection, facts: Any, matter: Matter, *, at: datetime) -> Settlement:
        looks.append(at)
        return plain(state, facts, matter, at=at)

    monkeypatch.setattr(lots, "settlement", counted)
    costs = []
    for days in (1, 365):
        looks.clear()
        (done,) = settle_lots([waiting], at=CLOSES + timedelta(days=days))
        costs.append(len(looks))
        assert (done.state.proposed, done.lock_state) == ("A", "proposed")
        assert done.due_at == CLOSES + timedelta(days=days) + LOOK_AGAIN, "for the ticker, from when it was looked at"
    assert costs[0] == costs[1] <= 8
