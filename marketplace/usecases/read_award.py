"""How did one selection end, and why? The case, the decision, who took part, who was refused before.

Invariant: nothing is here before the closing instant; the case file is what anybody decides again, byte for byte the
same however often it is read. Source: selection.md section 8, trust.md sections 1 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from bidding.assembling import standing_offers
from bidding.explain import explain
from bidding.joint_purchase import Part
from bidding.reading.case import parse_case
from bidding.selection import Picked
from commons.canonical import Json, canonical
from commons.errors import NotFound
from commons.events import Role
from commons.sources import Source
from commons.verdicts import Reason, Refused
from marketplace.database import Database
from marketplace.demands.duties import Duty, duties
from marketplace.demands.life_cycle import Stage
from marketplace.demands.objecting import Objecting, judge_award_objection
from marketplace.demands.store import Demand
from marketplace.record.store import load
from marketplace.usecases.read_demand import Halt, choice_until, halt_of, names_said, published, row_of, told
from marketplace.usecases.read_happenings import SEALED_MODES, Happening, publicity_workdays
from marketplace.usecases.read_life import ground_of
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import Ruling, Standing
from marketplace.usecases.rules_in_force import profile_of


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody refused before any offer (sign-up, or a shelf offer not admitted), with every reason."""

    agency: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AwardFile:
    """One result as it stands ``now``; ``publicity_workdays`` None where the profile counts in another unit.

    ``case_digest`` is None for a direct choice, which has no case; ``picked`` is the owner's choice, ``choice_until``
    the end of its time while it is awaited; ``splits`` how offers to a joint purchase fall to its items, by bidder.
    ``passed_over`` may not have had the award when their turn came, by bidder: the code of why. ``objection_workdays``
    are those of an owner to answer an objection; ``waiting`` is what somebody has to do about objections, by when.
    """

    now: datetime
    demand: Demand
    ruling: Ruling
    case_digest: str | None
    names: Mapping[str, str]
    turned: tuple[Turned, ...]
    silent: tuple[str, ...]
    happenings: tuple[Happening, ...]
    events: int
    publicity_starts_at: datetime | None
    publicity_workdays: int | None
    publication: int
    picked: Picked | None
    choice_until: datetime | None
    splits: Mapping[str, tuple[Part, ...]]
    halt: Halt | None
    passed_over: Mapping[str, str]
    objection_workdays: int | None
    waiting: tuple[Duty, ...]

    @property
    def row(self) -> Listed:
        """The demand as the lists show it."""
        return row_of(self.demand, self.names, publication=self.publication)

    def may_be_objected_to(self, role: Role, who: str = "") -> bool:
        """Whether somebody who has not objected yet may do so now."""
        return may_object(self.demand, role, who, at=self.now)


def may_object(demand: Demand, role: Role, who: str, *, at: datetime) -> bool:
    """Whether somebody who has not objected yet may object to the award of a demand, as it was settled by then."""
    now = Objecting(
        stage=cast("Stage", demand.state),
        is_instant=demand.mode == "instant",
        publicity_until=demand.publicity_until,
        has_objected=False,
        is_own=role == "agency" and who == demand.winner,
        count=0,
    )
    return not isinstance(judge_award_objection(now, role, at=at), Refused)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``{"award": …, "case": …, "decision": …}`` in canonical form, and its SHA-256 in hex."""

    body: bytes
    digest: str


async def read_award(database: Database, identifier: str) -> AwardFile:
    """The result of that demand; ``NotFound`` while there is none."""
    async with reading(database, is_planned_once=True) as snapshot:
        return await award_now(snapshot, identifier)


async def award_now(snapshot: Reading, identifier: str) -> AwardFile:
    """The same within a snapshot that is open already."""
    demand, standing = await published(snapshot, identifier)
    ruling = award_ruling(standing, identifier)
    names = await names_said(snapshot, demand, standing)
    ground = ground_of(await load(snapshot.connection, [f"demand/{demand.id}"]), demand.selection)
    return AwardFile(
        now=snapshot.now,
        demand=demand,
        ruling=ruling,
        case_digest=ruling.case_digest,
        names=names,
        turned=_turned(standing),
        silent=_silent(standing, ruling),
        happenings=told(demand, standing, names, ground=ground, now=snapshot.now),
        events=len(standing.recorded),
        publicity_starts_at=demand.decided_at if demand.publicity_until is not None else None,
        publicity_workdays=publicity_workdays(profile_of(demand), demand.buyer_class),
        publication=standing.state.publication,
        picked=standing.state.picked,
        choice_until=choice_until(standing),
        splits={line.bidder: line.split for line in standing_offers(standing.state) if line.split},
        halt=halt_of(standing),
        passed_over=_passed_over(standing),
        objection_workdays=_objection_workdays(demand),
        waiting=_waiting(standing, now=snapshot.now),
    )


async def read_case(database: Database, identifier: str) -> CaseFile:
    """The case file of that demand's result: what ``decide`` reads; ``NotFound`` while there is none, or no case."""
    async with reading(database, is_planned_once=True) as snapshot:
        _, standing = await published(snapshot, identifier)
    ruling = award_ruling(standing, identifier)
    if not ruling.case:
        raise NotFound("case", identifier)
    return case_file_of(identifier, ruling)


def case_file_of(identifier: str, ruling: Ruling) -> CaseFile:
    """The file of a ruling that has a case; it says whose award it is, so that it is known wherever it comes from."""
    body = canonical({"award": identifier, "case": dict(ruling.case), "decision": dict(ruling.decision)})
    return CaseFile(body, sha256(body).hexdigest())


def explanation(ruling: Ruling) -> dict[str, Json] | None:
    """Why the decision is what it is, cell by cell, computed again from the case; None for a direct choice."""
    if not ruling.case:
        return None
    return explain(parse_case(dict(ruling.case))).as_json()


def award_ruling(standing: Standing, identifier: str) -> Ruling:
    """The decision made; ``NotFound`` while there is none."""
    ruling = standing.ruling
    if ruling is None:
        raise NotFound("award", identifier)
    return ruling


def _passed_over(standing: Standing) -> dict[str, str]:
    """Whom the award passed over, and the code of why: as many lots as one may, or work of its own to judge."""
    return {
        str(one.event.data["bidder"]): "passed_over_own_work" if "ground" in one.event.data else "passed_over_at_cap"
        for one in standing.recorded
        if one.event.type == "award.passed_over"
    }


def _objection_workdays(demand: Demand) -> int | None:
    """Working days to answer an objection; None where the profile has no such clock or counts it in another unit."""
    rule = profile_of(demand).values.get("award_objection_answer")
    return rule.value if rule is not None and rule.unit == "workdays" else None


def _waiting(standing: Standing, *, now: datetime) -> tuple[Duty, ...]:
    """What owner and regulators have to do about the objections that hold the award up, earliest first."""
    every = duties(standing.state, (), closes_at=None, at=max(now, standing.at))
    return tuple(one for one in every if one.number is not None)


def _turned(standing: Standing) -> tuple[Turned, ...]:
    """The last refusal of everybody who was refused and never admitted, by credit code."""
    found: dict[str, Turned] = {}
    for one in standing.recorded:
        data = one.event.data
        if one.event.type == "bidder.refused":
            private = one.private or {}
            found[str(private["bidder"])] = _one_turned(private)
        for refused in cast("list[dict[str, Json]]", data.get("refused") or []):
            found[str(refused["bidder"])] = _one_turned(refused)
    return tuple(found[agency] for agency in sorted(found) if agency not in standing.state.participants)


def _one_turned(data: Mapping[str, Json]) -> Turned:
    reasons = cast("list[dict[str, Any]]", data["reasons"])
    made = (Reason(one["code"], Source(**one["source"]), one["params"]) for one in reasons)
    return Turned(str(data["bidder"]), tuple(made))


def _silent(standing: Standing, ruling: Ruling) -> tuple[str, ...]:
    """Who was admitted to a sealed selection and made no offer that counts."""
    if standing.state.mode not in SEALED_MODES:
        return ()
    bids = {str(one["bidder"]) for one in cast("list[dict[str, Json]]", ruling.case["bids"])}
    return tuple(bidder for bidder in sorted(standing.state.participants) if bidder not in bids)
