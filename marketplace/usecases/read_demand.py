"""What does one demand ask for, and where does its selection stand?

Invariants: a draft is not there; before the close of a sealed selection nothing leaves but times; while rounds run,
bidders are numbers; names and prices come with the decision. Private parts never leave. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from agencies import store as agencies
from bidding.assembling import DRAW_MODES
from bidding.selection import Selection
from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Role
from commons.verdicts import Param
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.demand import Mode
from marketplace.demands.life_cycle import STAGES, stage_of
from marketplace.demands.store import Demand
from marketplace.usecases.read_happenings import Happening, Telling, happenings
from marketplace.usecases.read_life import Life, life_of
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_room import Room, room_of
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import Standing, standings
from marketplace.usecases.rules_in_force import profile_of


@dataclass(frozen=True, slots=True)
class DemandFile:
    """A published demand, as it stands ``now``; counts are None as long as they are not public.

    ``names`` are those that may be said: recused agencies always, everybody else once there is a decision.
    ``shortlist`` is what the owner picks from until ``choice_until``, empty where there is nothing to pick;
    ``winning_bp`` the rate that gave the winner's price, where offers are rates.
    """

    now: datetime
    demand: Demand
    names: Mapping[str, str]
    happenings: tuple[Happening, ...]
    signed_up: int | None
    offers: int | None
    has_ruling: bool
    room: Room | None
    publication: int
    halt: Halt | None
    shortlist: tuple[str, ...]
    choice_until: datetime | None
    winning_bp: int | None
    life: Life

    @property
    def row(self) -> Listed:
        """The demand as the lists show it."""
        return row_of(self.demand, self.names, publication=self.publication)


@dataclass(frozen=True, slots=True)
class Halt:
    """A suspension that lasts: since when, by which role, for which published reason."""

    since: datetime
    by: Role
    reason: str


def row_of(demand: Demand, names: Mapping[str, str], *, publication: int) -> Listed:
    """A demand's row in the form of the lists."""
    assert demand.published_at is not None, "a draft is not shown"
    return Listed(
        id=demand.id, selection=demand.selection, title=demand.title, owner_name=demand.owner_name,
        region=demand.region, city=demand.city, place=demand.place, item=demand.item, mode=demand.mode,
        ceiling_fen=demand.ceiling_fen, max_days=demand.max_days,
        is_regional_assessment=demand.is_regional_assessment, is_example=demand.is_example,
        published_at=demand.published_at, sign_up_closes_at=demand.sign_up_closes_at, closes_at=demand.closes_at,
        state=demand.state, outcome=demand.outcome, reason=demand.reason, winner=demand.winner,
        winner_name=names.get(demand.winner) if demand.winner else None, winning_fen=demand.winning_fen,
        decided_at=demand.decided_at, publicity_until=demand.publicity_until, buyer_class=demand.buyer_class,
        further_items=demand.further_items, publication=publication,
    )  # fmt: skip


async def read_demand(database: Database, identifier: str) -> DemandFile:
    """The demand of that id; ``NotFound`` for a draft and an unknown id alike."""
    async with reading(database, is_planned_once=True) as snapshot:
        demand, standing = await published(snapshot, identifier)
        names = await names_said(snapshot, demand, standing)
        life = await life_of(snapshot, demand, standing)
    return DemandFile(
        now=snapshot.now,
        demand=demand,
        names=names,
        happenings=told(demand, standing, names, ground=life.ground, now=snapshot.now),
        signed_up=_signed_up(standing),
        offers=_offers(standing),
        has_ruling=standing.ruling is not None,
        room=_room(standing),
        publication=standing.state.publication,
        halt=halt_of(standing),
        shortlist=shortlist_of(standing),
        choice_until=choice_until(standing),
        winning_bp=rate_of(standing, demand.winner),
        life=life,
    )


async def published(snapshot: Reading, identifier: str, *, selection: str = "") -> tuple[Demand, Standing]:
    """A published demand with its selection, its row brought up to what settling will write; else ``NotFound``.

    ``selection`` asks for an earlier one of a demand that was published again: the row is then as that one left it.
    """
    row = await demands.demand_by_id(snapshot.connection, identifier)
    if row is None or row.published_at is None:
        raise NotFound("demand", identifier)
    if selection not in {"", row.selection}:
        earlier = (await standings(snapshot, [selection]))[selection]
        return _as_it_ended(row, earlier), earlier
    standing = (await standings(snapshot, [row.selection]))[row.selection]
    return as_settled(row, standing, now=snapshot.now), standing


def _as_it_ended(row: Demand, earlier: Standing) -> Demand:
    """The row for an earlier selection: too few bidders, nobody left, or annulled; nothing else comes again."""
    state = earlier.state
    decision = state.decision or {}
    reason = "annulled" if state.annulled_at is not None else str(decision.get("reason") or "nobody_left")
    opened_at = earlier.recorded[0].event.at
    versions = [one.event.data for one in earlier.recorded if "terms_digest" in one.event.data]
    return replace(
        row, selection=state.id, state="unsuccessful", mode=cast("Mode", state.mode), terms=state.terms,
        published_at=opened_at, sign_up_closes_at=state.sign_up_closes_at, closes_at=state.closed_at,
        outcome="unsuccessful", reason=reason, winner=None, winning_fen=None,
        decided_at=state.decided_at, publicity_until=None,
        terms_digest=str(versions[-1]["terms_digest"]),
    )  # fmt: skip


def as_settled(row: Demand, standing: Standing, *, now: datetime) -> Demand:
    """The row as a settling would leave it; a sealed one whose close was reached a moment ago is closed for offers."""
    done = standing.settlement
    if done.closes_at is not None:
        row = replace(row, closes_at=done.closes_at)
    result = done.result
    if result is not None:
        row = replace(
            row, state=result.state, outcome=result.outcome, reason=result.reason, winner=result.winner,
            winning_fen=result.winning_fen, decided_at=result.decided_at, publicity_until=result.publicity_until,
        )  # fmt: skip
    if row.state not in STAGES:
        return row  # the contract's life goes on from there
    return replace(row, state=stage_of(standing.state, closes_at=row.closes_at, at=max(now, standing.at)))


async def names_said(snapshot: Reading, demand: Demand, standing: Standing) -> dict[str, str]:
    """Names by credit code of whoever may be named now."""
    said = {one.agency for one in demand.recusals}
    if demand.winner is not None:
        said.add(demand.winner)
    ruling = standing.ruling
    if ruling is not None:
        said |= {*standing.state.participants, *standing.state.refusals}
        offers = ruling.case.get("offers") if standing.state.mode == "instant" else None
        if isinstance(offers, list):
            said |= {str(one["bidder"]) for one in offers if isinstance(one, dict)}
    return await agencies.names(snapshot.connection, sorted(said))


def told(
    demand: Demand, standing: Standing, names: Mapping[str, str], *, ground: Mapping[str, Param], now: datetime
) -> tuple[Happening, ...]:
    """What happened so far; ``ground`` is what is told of its publication (``read_life.ground_of``)."""
    assert demand.published_at is not None, "a draft is not there"
    telling = Telling(
        demand.published_at, demand.sign_up_closes_at, demand.closes_at, names, profile_of(demand),
        demand.buyer_class, now, ground,
    )  # fmt: skip
    return happenings(standing.state, standing.recorded, telling)


def halt_of(standing: Standing) -> Halt | None:
    """The suspension that lasts, None while the clocks run."""
    suspension = standing.state.suspension
    if suspension is None:
        return None
    events = [one.event for one in standing.recorded if one.event.type == "selection.suspended"]
    return Halt(suspension.since, suspension.by, str(events[-1].data["reason"]))


def shortlist_of(standing: Standing) -> tuple[str, ...]:
    """Whom the owner may pick from now; empty before the draw, after the choice and in every other mode."""
    ruling = standing.ruling
    if ruling is None or standing.state.is_decided or ruling.decision["outcome"] != "owner_choice":
        return ()
    return tuple(cast("list[str]", ruling.decision["shortlist"]))


def choice_until(standing: Standing) -> datetime | None:
    """The end of the owner's time to pick, while there is something to pick."""
    end = standing.state.choice_until
    return end.at if end is not None and shortlist_of(standing) else None


def rate_of(standing: Standing, bidder: str | None) -> int | None:
    """The discount rate that gave a ranked bidder's price; None where it named the price, or is nobody."""
    rows = cast("list[dict[str, Json]]", standing.ruling.decision["ranking"]) if standing.ruling else []
    return next((cast("int | None", row.get("discount_bp")) for row in rows if row["bidder"] == bidder), None)


def is_halted(state: Selection) -> bool:
    """Whether no clock runs: cancelled or suspended, there are no rounds to show."""
    return state.cancelled_at is not None or state.suspension is not None


def _signed_up(standing: Standing) -> int | None:
    """How many are in: from the start where rounds are public, after the close where offers are sealed.

    An instant selection has no sign-up: those whose shelf offers were compared are in. Nobody enters a direct one.
    """
    if standing.state.mode == "multi_round":
        return len(standing.state.participants)
    if standing.state.mode == "direct":
        return None
    return None if standing.ruling is None else _compared(standing, len(standing.state.participants))


def _offers(standing: Standing) -> int | None:
    """How many offers, once they are public; None where nobody offers."""
    if standing.state.mode in {*DRAW_MODES, "direct"}:
        return None
    return None if standing.ruling is None else _compared(standing, len(standing.state.offers))


def _compared(standing: Standing, otherwise: int) -> int:
    ruling = standing.ruling
    if ruling is None or standing.state.mode != "instant":
        return otherwise
    offers = ruling.case["offers"]
    assert isinstance(offers, list), "an instant case holds its shelf offers"
    return len(offers)


def _room(standing: Standing) -> Room | None:
    """The rounds while there is no decision yet."""
    state = standing.state
    if state.mode != "multi_round" or standing.ruling is not None or is_halted(state):
        return None
    return room_of(standing.state, standing.credits, at=standing.at)
