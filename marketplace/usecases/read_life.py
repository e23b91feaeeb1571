"""What was asked, answered, changed, objected and complained about in one demand, with its clocks; for everybody.

Invariants: private parts are never read: nobody is told who asked or objected; a duty names the agency only where its
name is public (who is asked to explain or to confirm). Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from bidding.objections import Objection
from commons.events import Recorded
from commons.instants import parse_instant
from commons.verdicts import Param
from marketplace.demands.duties import Duty, duties
from marketplace.demands.enquiries import Enquiry, enquiries_of
from marketplace.demands.life_cycle import Stage, stage_of
from marketplace.demands.store import Demand
from marketplace.record.store import load
from marketplace.usecases.read_snapshot import Reading
from marketplace.usecases.read_standing import Standing


@dataclass(frozen=True, slots=True)
class TermsChange:
    """One change of the terms: both versions by their digests, the clocks since, and the published reason."""

    at: datetime
    reason: str
    before_digest: str
    terms_digest: str
    sign_up_closes_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionTold:
    """An objection in words: its grounds, how it was answered, the complaint's grounds and how that was ruled on."""

    objection: Objection
    grounds: str
    answer: str | None = None
    remedy: str | None = None
    complaint: str | None = None
    accepting: str | None = None
    deciding: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Where a demand is, in one word, and what its life has brought; ``duties`` are what is waited for, by deadline.

    ``ground`` is the owner's reason for the publication that is shown, where one had to be given.
    """

    stage: Stage
    enquiries: tuple[Enquiry, ...]
    changes: tuple[TermsChange, ...]
    objections: tuple[ObjectionTold, ...]
    duties: tuple[Duty, ...]
    ground: Mapping[str, Param]


async def life_of(snapshot: Reading, demand: Demand, standing: Standing) -> Life:
    """The life of a published demand in the selection that is shown."""
    recorded = await load(snapshot.connection, [f"demand/{demand.id}"])
    enquiries = tuple(replace(one, asker="") for one in enquiries_of(recorded))
    state, now = standing.state, max(snapshot.now, standing.at)
    return Life(
        stage=stage_of(state, closes_at=demand.closes_at, at=now),
        enquiries=enquiries,
        changes=tuple(_change(one) for one in standing.recorded if one.event.type == "selection.terms_changed"),
        objections=told_objections(state.objections, standing.recorded),
        duties=duties(state, enquiries, closes_at=demand.closes_at, at=now),
        ground=ground_of(recorded, demand.selection),
    )


def ground_of(recorded: Sequence[Recorded], selection: str) -> Mapping[str, Param]:
    """What is told of the publication under that selection.

    ``reason`` is the owner's, where it published again or though an assessment stands for the item; ``delegate`` who
    published in its place (代办员).
    """
    for one in recorded:
        data = one.event.data
        if one.event.type in {"demand.published", "demand.published_again"} and data["selection"] == selection:
            said = data.get("reason") or data.get("despite_coverage")
            by_delegate = one.event.actor.role == "delegate"
            return {
                **({} if said is None else {"reason": str(said)}),
                **({"delegate": one.event.actor.id} if by_delegate else {}),
            }
    return {}


def _change(one: Recorded) -> TermsChange:
    data = one.event.data
    return TermsChange(
        at=one.event.at,
        reason=str(data["reason"]),
        before_digest=str(data["before_digest"]),
        terms_digest=str(data["terms_digest"]),
        sign_up_closes_at=parse_instant(str(data["sign_up_closes_at"])),
        closes_at=parse_instant(str(data["closes_at"])),
    )


def told_objections(objections: Sequence[Objection], recorded: Sequence[Recorded]) -> tuple[ObjectionTold, ...]:
    """The objections with the words of their events."""
    told = {one.number: ObjectionTold(one, "") for one in objections}
    for event in (one.event for one in recorded):
        if not event.type.startswith(("objection.", "complaint.")):
            continue
        number, data = cast("int", event.data["objection"]), event.data
        match event.type:
            case "objection.raised":
                told[number] = replace(told[number], grounds=str(data["grounds"]))
            case "objection.answered":
                answer, remedy = str(data["answer"]), cast("str | None", data.get("remedy"))
                told[number] = replace(told[number], answer=answer, remedy=remedy)
            case "complaint.lodged":
                told[number] = replace(told[number], complaint=str(data["grounds"]))
            case "complaint.accepted" | "complaint.refused":
                told[number] = replace(told[number], accepting=str(data["reason"]))
            case "complaint.decided":
                deciding, remedy = str(data["reason"]), cast("str | None", data.get("remedy"))
                told[number] = replace(told[number], deciding=deciding, remedy=remedy or told[number].remedy)
    return tuple(told[number] for number in sorted(told))
