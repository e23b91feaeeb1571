"""The recorded facts of a selection as a case of the engine, and when a ruling that is not final is computed anew.

Invariants: whatever is decided is decided from the record alone, as of the instant that counts, however late somebody
looks. Source: selection.md sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import cast

from bidding.offers import Unfit
from bidding.pauses import counted
from bidding.selection import UNCONFIRMED, OfferLine, Participant, Selection
from commons.canonical import Json
from commons.instants import format_instant

NOTHING_WON: Mapping[str, int] = MappingProxyType({})
NOBODY: Mapping[str, Unfit] = MappingProxyType({})

DRAW_MODES = ("random_draw", "credit_draw")
"""Modes in which signing up is all there is to do: nobody offers a price."""


def standing_offers(state: Selection) -> tuple[OfferLine, ...]:
    """The last accepted offer of each participant, by bidder (sealed modes: what counts at opening)."""
    last = {line.bidder: line for line in state.offers if line.reason is None}
    return tuple(last[bidder] for bidder in sorted(last))


def case_of(
    state: Selection, credits: Mapping[str, int], *, draw: Mapping[str, Json] | None, before: datetime | None = None,
    won: Mapping[str, int] = NOTHING_WON, unfit: Mapping[str, Unfit] = NOBODY,
) -> dict[str, Json]:  # fmt: skip
    """The recorded facts as a case of the engine; ``credits`` in hundredths as of the closing instant.

    ``won`` is how many other lots of the notice each bidder holds; it bears on terms with a cap alone. ``unfit`` is
    who may not be awarded as of the close any more, and why.

    In multi-round cases every offer so far is in it, in the order received, the refused ones too; in draws whoever
    signed up, within the days of the terms. Whoever has not confirmed its offer since the terms changed is in none.
    Voids from ``before``
    on are left out: the award is proposed as of the closing instant however late somebody looks, and a later void
    passes it on in the frozen ranking.
    """
    case: dict[str, Json] = {"terms": dict(state.terms)}
    if state.mode == "multi_round":
        case["bidders"] = [_facts(state, one, credits, before) for one in _by_bidder(state)]
        case["offers"] = [_offer(line) for line in state.offers]
    elif state.mode in DRAW_MODES:
        days = state.terms.get("max_days")
        served: dict[str, Json] = {} if days is None else {"days": days}
        case["bids"] = [
            {**_facts(state, one, credits, before), **served} for one in _by_bidder(state) if one.is_confirmed
        ]
    else:
        lines = {line.bidder: line for line in standing_offers(state)}
        case["bids"] = [
            {**_facts(state, one, credits, before), **_price(lines[one.bidder])}
            for one in _by_bidder(state)
            if one.bidder in lines
        ]
    for entry in cast("list[dict[str, Json]]", case["bidders" if state.mode == "multi_round" else "bids"]):
        bidder = cast("str", entry["bidder"])
        if "lot_cap" in state.terms and won.get(bidder):
            entry["lots_won"] = won[bidder]
        if bidder in unfit:
            entry["unfit"] = unfit[bidder]
    if draw is not None:
        case["draw"] = dict(draw)
    return case


def _by_bidder(state: Selection) -> Sequence[Participant]:
    return [state.participants[bidder] for bidder in sorted(state.participants)]


def _facts(state: Selection, one: Participant, credits: Mapping[str, int], before: datetime | None) -> dict[str, Json]:
    facts: dict[str, Json] = {"bidder": one.bidder, "credit": credits[one.bidder], "experience": one.experience}
    if one.grade is not None:
        facts["grade"] = one.grade
    if one.voided_at is not None and (before is None or one.voided_at < before):
        facts["voided_at"] = format_instant(one.voided_at)
    asked = state.explanations.get(one.bidder)
    if asked is not None and asked.ruling is not None:
        facts["explanation"] = asked.ruling
    return facts


def _price(line: OfferLine) -> dict[str, Json]:
    named = {"price_fen": line.price_fen} if line.discount_bp is None else {"discount_bp": line.discount_bp}
    return {**named, **({} if line.days is None else {"days": line.days})}


def _offer(line: OfferLine) -> dict[str, Json]:
    return {"bidder": line.bidder, "at": format_instant(line.at), **_price(line)}


@dataclass(frozen=True, slots=True)
class Step:
    """When a ruling that is not final is next computed anew; ``silent`` gave no explanation until then.

    ``is_choice``: the owner has chosen, or let the time for it pass.
    """

    at: datetime
    silent: str | None = None
    is_choice: bool = False


def next_step(state: Selection, *, at: datetime) -> Step | None:
    """The first instant since the last evaluation that changes it: a void, a ruling, a choice, a deadline by ``at``.

    Earlier instants come first, a void before a deadline at the same one; None when nothing has changed.
    """
    if state.decision is not None or state.evaluated_case is None or state.evaluated_at is None:
        return None
    key = "bidders" if state.mode == "multi_round" else "bids"
    changed: list[datetime] = []
    for entry in cast("list[dict[str, Json]]", state.evaluated_case[key]):
        one = state.participants[cast("str", entry["bidder"])]
        if one.voided_at is not None and "voided_at" not in entry:
            changed.append(one.voided_at)
        asked = state.explanations.get(one.bidder)
        if asked is not None and asked.ruled_at is not None and "explanation" not in entry:
            changed.append(asked.ruled_at)
    steps = [Step(counted(max(state.evaluated_at, instant), state.pauses)) for instant in sorted(changed)[:1]]
    flagged = cast("str | None", cast("Mapping[str, Json]", state.evaluation).get("flagged"))
    awaited = state.explanations.get(flagged) if flagged is not None else None
    is_silent = awaited is not None and awaited.given_at is None and awaited.ruling is None
    if awaited is not None and is_silent and awaited.until.at <= max([at, *changed]):
        steps.append(Step(max(state.evaluated_at, awaited.until.at), flagged))
    if (chosen := _choice(state, by=max([at, *changed]))) is not None:
        steps.append(Step(max(state.evaluated_at, chosen), is_choice=True))
    return min(steps, key=lambda step: (step.at, step.silent is not None or step.is_choice), default=None)


def _choice(state: Selection, *, by: datetime) -> datetime | None:
    """When the owner chose, or when the time for it was over; None while neither has come to be by then."""
    if cast("Mapping[str, Json]", state.evaluation)["outcome"] != "owner_choice":
        return None
    if state.picked is not None:
        return state.picked.at
    until = state.choice_until
    return until.at if until is not None and until.at <= by else None


def not_reconfirmed(state: Selection) -> tuple[str, ...]:
    """Who offered before the terms changed and has neither confirmed it nor offered anew since, by bidder."""
    if state.mode in DRAW_MODES:
        return tuple(one.bidder for one in _by_bidder(state) if not one.is_confirmed)
    counting = {line.bidder for line in standing_offers(state)}
    return tuple(sorted({line.bidder for line in state.offers if line.reason == UNCONFIRMED} - counting))


def draw_nonces(state: Selection) -> dict[str, str] | None:
    """Everybody's part of the draw in hex, by bidder: those who offered, in draws who signed up; None when one lacks.

    Who was voided since stays in it: nobody's leaving changes what is drawn for the others.
    """
    if state.mode in DRAW_MODES:
        given = {one.bidder: one.nonce for one in state.participants.values()}
    else:
        given = {line.bidder: line.nonce for line in standing_offers(state)}
    nonces = {bidder: nonce for bidder, nonce in given.items() if nonce is not None}
    return nonces if nonces.keys() == given.keys() else None
