"""What a contract is made of: the award that stands, with the price and days that it names.

Once anything was done about a contract, its first event holds the award; whatever becomes of the selection later, the
contract says by itself what it is about. Source: market.md section 4, docs/adr/0023.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from bidding.assembling import DRAW_MODES, standing_offers
from bidding.passing import gone, proposal
from bidding.selection import Selection
from commons.canonical import Json
from commons.events import Event, Recorded
from commons.instants import format_instant, parse_instant
from marketplace.contracts.contract import Award, Contract, Happened
from marketplace.database import Connection
from marketplace.demands.store import Demand

FINAL = ("award.confirmed", "confirmation.given")
"""Events of a selection from which its award is final."""

_FINAL = (
    "SELECT type, at, data::text AS data FROM record_event WHERE subject = $1 AND type = ANY($2::text[]) ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Finality:
    """One event that says from when an award is final."""

    type: str
    at: datetime
    data: Mapping[str, Any]


async def finals_of(connection: Connection, selection: str) -> tuple[Finality, ...]:
    """What the record says of it."""
    rows = await connection.fetch(_FINAL, f"selection/{selection}", list(FINAL))
    return tuple(Finality(row["type"], row["at"], json.loads(row["data"])) for row in rows)


def finals_in(recorded: Iterable[Recorded]) -> tuple[Finality, ...]:
    """The same from events that were read, with those that settling will append."""
    return tuple(Finality(one.event.type, one.event.at, one.event.data) for one in recorded if one.event.type in FINAL)


def award_of(state: Selection, demand: Demand, finals: Iterable[Finality]) -> Award | None:
    """The award that stands in a settled selection; None while there is none. An instant one stands when it is taken.

    It is final with the end of its publicity, of a hold for review, or with its confirmation, whichever is last.
    """
    left = {bidder: at for bidder, at in gone(state).items() if bidder != state.proposed}  # who came too late to go
    one = proposal(state, without=left) if state.proposed is not None else None
    if one is None or state.cancelled_at is not None or not (state.is_confirmed or state.mode == "instant"):
        return None
    return Award(
        selection=state.id,
        demand=demand.id,
        agency=one.bidder,
        owner_code=demand.owner_code,
        region=demand.region,
        amount_fen=one.price_fen,
        days=_days(state, one.bidder),
        max_days=demand.max_days,
        awarded_at=one.at if state.mode == "instant" else _final_at(finals, one.bidder),
        terms_digest=demand.terms_digest,
    )


def _final_at(finals: Iterable[Finality], bidder: str) -> datetime:
    ends: list[datetime] = []
    for one in finals:
        if one.data["bidder"] != bidder:
            continue
        named = (one.data.get(key) for key in ("publicity_until", "held_until"))
        ends += [one.at] if one.type == "confirmation.given" else [parse_instant(each) for each in named if each]
    assert ends, "a confirmed award has its event"
    return max(ends)


def _days(state: Selection, bidder: str) -> int | None:
    """The days that the award names: those of the ranking, of the offer that counts, of the shelf; else none."""
    rows = cast("list[dict[str, Json]]", (state.decision or {}).get("ranking") or [])
    case = state.case or {}
    entered = cast("list[dict[str, Json]]", [] if state.mode in DRAW_MODES else [*_list(case, "bids")])
    if state.mode == "instant":
        entered = _list(case, "offers")
    offers: list[Mapping[str, Any]] = [{"bidder": one.bidder, "days": one.days} for one in standing_offers(state)]
    for one in (*rows, *entered, *offers):
        if one["bidder"] == bidder and one.get("days") is not None:
            return cast("int", one["days"])
    return None


def _list(case: Mapping[str, Json], key: str) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", case.get(key) or [])


def opening(contract: Contract) -> Happened:
    """The first event of a contract: its award, and until when it is to be signed."""
    award = contract.award
    return Happened(
        "contract.opened",
        {
            "selection": award.selection,
            "demand": award.demand,
            "agency": award.agency,
            "owner_code": award.owner_code,
            "region": award.region,
            "amount_fen": award.amount_fen,
            "days": award.days,
            "max_days": award.max_days,
            "awarded_at": format_instant(award.awarded_at),
            "terms_digest": award.terms_digest,
            "sign_until": format_instant(contract.sign_until.at),
            "is_provisional": contract.sign_until.is_provisional,
        },
    )


def award_opened(first: Event) -> Award:
    """The award that the first event of a contract holds."""
    assert first.type == "contract.opened", "a contract begins with its award"
    data = cast("Mapping[str, Any]", first.data)
    names = ("selection", "demand", "agency", "owner_code", "region", "amount_fen", "days", "max_days", "terms_digest")
    return Award(**{name: data[name] for name in names}, awarded_at=parse_instant(data["awarded_at"]))
