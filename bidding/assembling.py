"""The recorded facts of a selection as a case of the engine, and when a ruling that is not final is computed anew.

Invariants: whatever is decided is decided from the record alone, as of the instant that counts, however late somebody
looks. Source: selection.md sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bidding.pauses import counted
from bidding.selection import OfferLine, Participant, Selection
from commons.canonical import Json
from commons.instants import format_instant


def standing_offers(state: Selection) -> tuple[OfferLine, ...]:
    """The last accepted offer of each participant, by bidder (sealed modes: what counts at opening)."""
    last = {line.bidder: line for line in state.offers if line.reason is None}
    return tuple(last[bidder] for bidder in sorted(last))


def case_of(
    state: Selection, credits: Mapping[str, int], *, draw: Mapping[str, Json] | None, before: datetime | None = None
) -> dict[str, Json]:
    """The recorded facts as a case of the engine; ``credits`` in hundredths as of the closing instant.

    In multi-round cases every offer so far is in it, in the order received, the refused ones too. Voids from ``before``
    on are left out: the award is proposed as of the closing instant however late somebody looks, and a later void
    passes it on in the frozen ranking.
    """
    case: dict[str, Json] = {"terms": dict(state.terms)}
    if state.mode == "multi_round":
        case["bidders"] = [_facts(state, one, credits, before) for one in _by_bidder(state)]
        case["offers"] = [_offer(line) for line in state.offers]
    else:
        lines = {line.bidder: line for line in standing_offers(state)}
        case["bids"] = [
            {**_facts(state, one, credits, before), **_price(lines[one.bidder])}
            for one in _by_bidder(state)
            if one.bidder in lines
        ]
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
    return {"price_fen": line.price_fen, **({} if line.days is None else {"days": line.days})}


def _offer(line: OfferLine) -> dict[str, Json]:
    return {"bidder": line.bidder, "at": format_instant(line.at), **_price(line)}


@dataclass(frozen=True, slots=True)
class Step:
    """When a ruling that is not final is next computed anew; ``silent`` gave no explanation until then."""

    at: datetime
    silent: str | None = None


def next_step(state: Selection, *, at: datetime) -> Step | None:
    """The first instant since the last evaluation that changes its case: a void, a ruling, a deadline passed by ``at``.

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
    return min(steps, key=lambda step: (step.at, step.silent is not None), default=None)
