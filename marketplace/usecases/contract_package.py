"""What an archive package of a contract holds: everything of it, from the demand to the last rating.

Invariant: it is a function of the record up to the events that are named, so that it is the same whenever it is asked
for; what is private lies apart. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bidding.selection import Selection, fold
from commons.canonical import Json, canonical
from commons.events import Recorded
from commons.instants import format_instant
from marketplace.attachments import store as attachments
from marketplace.contracts.archive import PRIVATE
from marketplace.contracts.contract import Award, Contract, Document
from marketplace.database import Connection
from marketplace.demands.store import Demand
from marketplace.record.store import load

Ends = Mapping[str, int]
"""The last event of each subject that belongs to a package."""


async def recorded_up_to(connection: Connection, award: Award, ends: Ends | None) -> tuple[Recorded, ...]:
    """The events of demand, selection and contract; up to these places where they are given."""
    subjects = [f"demand/{award.demand}", f"selection/{award.selection}", f"contract/{award.selection}"]
    found = await load(connection, subjects)
    return found if ends is None else tuple(one for one in found if one.event.seq <= ends.get(one.event.subject, 0))


def ends_of(recorded: Sequence[Recorded]) -> dict[str, int]:
    """The last place of each subject."""
    return {one.event.subject: one.event.seq for one in recorded}


async def package(connection: Connection, demand: Demand, contract: Contract, ends: Ends | None) -> dict[str, bytes]:
    """The members by name, without the files' bytes: those come from where files are kept."""
    recorded = await recorded_up_to(connection, contract.award, ends)
    by_subject: dict[str, list[Recorded]] = {}
    for one in recorded:
        by_subject.setdefault(one.event.subject.partition("/")[0], []).append(one)
    state = fold(contract.id, by_subject["selection"], {})
    own = by_subject.get("contract", [])
    kept = await attachments.by_id(connection, [one.id for one in documents_of(contract)])
    files: list[Json] = [
        {"id": one.id, "sha256": one.sha256, "kind": kept[one.id].kind, "size": kept[one.id].size}
        for one in documents_of(contract)
        if one.id in kept
    ]
    members: dict[str, Json] = {
        "demand.json": _demand(demand),
        "terms.json": {"terms": dict(state.terms), "terms_digest": contract.award.terms_digest},
        "offers.json": _offers(state),
        "record.json": [{"event": one.event.envelope(), "digest": one.event.digest} for one in recorded],
        "attachments.json": files,
        f"{PRIVATE}notes.json": {one.event.id: dict(one.private) for one in own if one.private is not None},
    }
    if state.case:
        members["case.json"] = {"case": dict(state.case), "decision": dict(state.decision or {})}
    return {name: canonical(body) for name, body in members.items()}


def documents_of(contract: Contract) -> tuple[Document, ...]:
    """Every file that the contract refers to, each once, in the order of its acts."""
    papers = () if contract.paper is None else contract.paper.documents
    changed = [one for each in contract.changes for one in each.documents]
    delivered = [one for each in contract.deliveries for one in each.documents]
    return tuple(dict.fromkeys([*papers, *changed, *delivered]))


def _demand(one: Demand) -> dict[str, Json]:
    """What the demand asked for; where it stands is in the record."""
    return {
        "id": one.id,
        "title": one.title,
        "owner_code": one.owner_code,
        "owner_name": one.owner_name,
        "buyer_class": one.buyer_class,
        "project_code": one.project_code,
        "project_name": one.project_name,
        "region": one.region,
        "place": one.place,
        "items": list(one.items),
        "description": one.description,
        "quantity": one.quantity,
        "profile": one.profile,
        "is_example": one.is_example,
    }


def _offers(state: Selection) -> list[Json]:
    """The offers as opened, in the order received, the refused ones with their reason."""
    return [
        {
            "seq": one.seq,
            "bidder": one.bidder,
            "at": format_instant(one.at),
            "price_fen": one.price_fen,
            "days": one.days,
            "refused_for": one.reason,
        }
        for one in state.offers
    ]
