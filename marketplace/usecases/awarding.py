"""What becomes of a decision: who is proposed, until when, whether the award is confirmed; pure, as settling is.

Invariants: an award passes on in the frozen ranking and is never decided again; it stands once its publicity is over,
nothing holds it up (a hold for review, an objection) and, where the selection asks for it, its agency has confirmed it.
Silence gives it up as of the end of its time, however late somebody looks. Source: market.md section 4, ADR 0007, 0022.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agencies.people.holds import Hold, final_from
from bidding.caps import is_capped
from bidding.objections import released
from bidding.passing import Award, gone, proposal
from bidding.pauses import counted
from bidding.selection import Selection
from commons.canonical import Json
from commons.instants import Deadline, format_instant
from commons.profiles import RuleProfile
from marketplace.demands.demand import BuyerClass, publicity
from marketplace.demands.fitness import Fitness
from marketplace.demands.store import Result
from marketplace.record.store import Act

LAPSED = "award.lapsed"
"""The event of an award that its agency did not confirm in time."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an award's clocks depend on: the profile, the buyer, who is held for review, lots held elsewhere.

    ``fitness`` says who would judge work of its own.
    """

    profile: RuleProfile
    buyer_class: BuyerClass
    holds: Mapping[str, Sequence[Hold]]
    won: Mapping[str, int]
    fitness: Fitness


@dataclass(frozen=True, slots=True)
class Standing:
    """An award as it stands: ``clear_at`` its publicity is over and nothing holds it up, ``final_at`` it is for good.

    A hold that opens between the two stops no time to confirm, but the award waits for it. Both are None while that
    depends on somebody's act. ``confirm_until`` is the end of the agency's time to confirm,
    None while it is not asked, or has confirmed.
    """

    award: Award
    publicity: Deadline
    clear_at: datetime | None
    final_at: datetime | None
    confirm_until: Deadline | None


@dataclass(frozen=True, slots=True)
class Passed:
    """What the clock has brought to an award: acts, the state after them, lock row and lists (None: as they were).

    ``due_at`` None with a lock row in ``proposed``: the award waits for somebody's act, no clock will change it.
    """

    state: Selection
    acts: tuple[Act, ...] = ()
    lock_state: str | None = None
    due_at: datetime | None = None
    result: Result | None = None


def pass_on(state: Selection, rules: Rules, *, at: datetime) -> Passed:
    """Propose the first in the frozen ranking who is not gone, ask it to confirm, make final what nothing holds up."""
    acts: list[Act] = []
    while True:
        now = standing_award(state, rules, at=at)
        if now is None:
            return _nobody_left(state, acts)
        award = now.award
        is_own = rules.fitness.does_own_work(award.bidder, state.id, at=award.at)
        if award.bidder != state.proposed and (is_own or is_capped(state, award.bidder, won=rules.won)):
            ground: dict[str, Json] = {"ground": "own_work"} if is_own else {}
            acts.append(Act("award.passed_over", {"bidder": award.bidder, "as_of": format_instant(award.at), **ground}))
            state = replace(state, passed_over={**state.passed_over, award.bidder: award.at})
            continue
        state = _proposed(state, now, acts)
        state = _asked(state, now, acts, at=at)
        until = now.confirm_until
        if until is None or until.at > at:
            return _as_it_stands(state, now, acts, at=at)
        assert award.bidder not in state.abandoned, "who gave an award up is not proposed again"
        acts.append(Act(LAPSED, {"bidder": award.bidder, "as_of": format_instant(until.at)}))
        state = replace(state, abandoned={**state.abandoned, award.bidder: until.at})


def _nobody_left(state: Selection, acts: list[Act]) -> Passed:
    assert state.decided_at is not None, "decided"
    as_of = format_instant(counted(max([state.decided_at, *gone(state).values()]), state.pauses))
    act = Act("selection.unsuccessful", {"reason": "nobody_left", "as_of": as_of})
    result = Result("unsuccessful", "unsuccessful", "nobody_left", None, None, state.decided_at, None)
    return Passed(replace(state, proposed=None, is_unsuccessful=True), (*acts, act), "closed", None, result)


def _proposed(state: Selection, now: Standing, acts: list[Act]) -> Selection:
    """Proposed when somebody else was, its publicity as it is counted now."""
    bidder = now.award.bidder
    if state.proposed != bidder:
        acts.append(_award_act("award.proposed", now))
    elif now.publicity != state.publicity[bidder]:
        acts.append(_award_act("deadline.moved", now))
    return replace(state, proposed=bidder, publicity={**state.publicity, bidder: now.publicity})


def _asked(state: Selection, now: Standing, acts: list[Act], *, at: datetime) -> Selection:
    """Asked once to confirm, as of the instant from which nothing else is in the way."""
    bidder, until = now.award.bidder, now.confirm_until
    if until is None or now.clear_at is None or now.clear_at > at or bidder in state.confirming:
        return state
    data: dict[str, Json] = {"bidder": bidder, "as_of": format_instant(now.clear_at), "until": format_instant(until.at)}
    acts.append(Act("confirmation.asked", {**data, "is_provisional": until.is_provisional}))
    return replace(state, confirming={**state.confirming, bidder: until})


def _as_it_stands(state: Selection, now: Standing, acts: list[Act], *, at: datetime) -> Passed:
    """What is to be written of an award that nobody gives up: final, waiting, or nothing new."""
    award, end = now.award, now.publicity
    over = now.final_at is not None and at >= now.final_at
    if over:
        held_until = now.final_at if now.final_at != end.at else None
        acts.append(_award_act("award.confirmed", now, held_until=held_until))
        state = replace(state, is_confirmed=True)
    waits = at >= end.at and not over
    if not acts:
        return Passed(state, (), "proposed", _next_end(now, at=at)) if waits else Passed(state)
    shown = "awarded" if over else "confirming" if award.bidder in state.confirming else "publicity"
    result = Result(shown, "award", None, award.bidder, award.price_fen, award.at, end.at)
    due_at = None if over else _next_end(now, at=at) if waits else end.at
    return Passed(state, tuple(acts), "closed" if over else "proposed", due_at, result)


def _next_end(now: Standing, *, at: datetime) -> datetime | None:
    """When the clock has something to bring to an award that waits; None where somebody has to act before it."""
    ends = [now.clear_at, now.final_at, None if now.confirm_until is None else now.confirm_until.at]
    return min((end for end in ends if end is not None and end > at), default=None)


def standing_award(state: Selection, rules: Rules, *, at: datetime) -> Standing | None:
    """Who is proposed and how far its award is; a void after it was final is too late; None: nobody is left.

    Nobody abandons after that end: whoever acts settles first. An award whose time to confirm is over by ``at`` is
    still told, unless its bidder was gone before: what lapses is given up there and not earlier.
    """
    leaving = gone(state)
    left: dict[str, datetime] = {}
    while True:
        award = proposal(state, without=left)
        if award is None:
            return None
        now = _standing(state, rules, award)
        gone_at = leaving.get(award.bidder)
        if gone_at is None or _is_too_late(gone_at, now):
            return now
        lapses_at = None if now.confirm_until is None else now.confirm_until.at
        if award.bidder not in state.abandoned and lapses_at is not None and lapses_at <= min(at, gone_at):
            return now
        left[award.bidder] = gone_at


def _standing(state: Selection, rules: Rules, award: Award) -> Standing:
    """How far one bidder's award is."""
    end = publicity(rules.profile, rules.buyer_class, at=award.at, announced=state.publicity.get(award.bidder))
    holds = [one for one in rules.holds.get(award.bidder, ()) if one.bears_on(state.id)]
    free_at = released(state.objections, award.bidder, after=end.at)
    clear_at = None if free_at is None else final_from(holds, otherwise=free_at)
    if not state.needs_confirmation:
        return Standing(award, end, clear_at, clear_at, None)
    confirmed_at = state.confirmations.get(award.bidder)
    if confirmed_at is not None:
        final_at = None if free_at is None else final_from(holds, otherwise=max(free_at, confirmed_at))
        return Standing(award, end, clear_at, final_at, None)
    until = state.confirming.get(award.bidder)
    if until is None and clear_at is not None:
        until = rules.profile.after("award_confirmation", clear_at)
    return Standing(award, end, clear_at, None, until)


def _is_too_late(gone_at: datetime, now: Standing) -> bool:
    """Whether whoever is gone since then keeps the award: it was final by then.

    What ends a hold and puts the bidder out is one act, at one instant: that is in time.
    """
    if now.final_at is None:
        return False
    return gone_at >= now.final_at if now.final_at == now.publicity.at else gone_at > now.final_at


def _award_act(name: str, now: Standing, *, held_until: datetime | None = None) -> Act:
    held: dict[str, Json] = {} if held_until is None else {"held_until": format_instant(held_until)}
    data: dict[str, Json] = {
        "bidder": now.award.bidder,
        "rank": now.award.rank,
        "price_fen": now.award.price_fen,
        "as_of": format_instant(now.award.at),
        "publicity_until": format_instant(now.publicity.at),
        "is_provisional": now.publicity.is_provisional,
        **held,
    }
    return Act(name, data)
