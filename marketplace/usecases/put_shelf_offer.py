"""Put an offer on the shelf (上架报价): a binding price that instant selection may pick at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from pydantic import Field

from agencies import store as agencies
from agencies.shelf import MAX_CAPACITY, MAX_DAYS, ShelfOffer, judge_shelf_offer
from commons.errors import Fault, Malformed, NotFound
from commons.instants import beijing_date
from commons.verdicts import Refused, verdict
from credit import store as credit
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection, Database
from marketplace.demands.admission import Applicant, Call, merits
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Fen,
    Identifier,
    Instant,
    Message,
    Nonce,
    UsccText,
    clock,
    perform,
    require,
    require_self,
    stamp,
)


class PutShelfOffer(Message):
    """Fen a unit, least fee in fen, working days; ``capacity`` counts awards; the nonce goes into draws."""

    agency: UsccText
    item: Identifier
    unit_price_fen: Fen
    minimum_fee_fen: Fen
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    capacity: Annotated[int, Field(ge=1, le=MAX_CAPACITY)]
    valid_from: Instant
    valid_until: Instant
    nonce: Nonce


class ShelfOfferPut(Message):
    """The offer stands on the shelf."""

    offer: str
    agency: str
    item: str
    put_at: datetime


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What judging needs: the agency's own facts and what it has on the shelf."""

    applicant: Applicant
    standing: tuple[ShelfOffer, ...]


async def put_shelf_offer(database: Database, caller: Caller, command: PutShelfOffer) -> ShelfOfferPut | Refused:
    """Put the offer up; refuses an unqualified or restricted agency and a second one for the item, all reasons."""
    require(caller, "agency")
    require_self(caller, command.agency)
    catalogue = load_catalogue()
    item = catalogue.item(command.item)
    if item is None:
        raise Malformed((Fault("/item", "unknown_item", "this item is not in the catalogue"),))

    async def work(connection: Connection) -> ShelfOfferPut | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        known = await _known(connection, command.agency)
        at = await clock(connection, *last, *(one.starts_at for one in known.applicant.restrictions))
        offer = ShelfOffer(
            str(uuid4()), command.agency, command.item, command.unit_price_fen, command.minimum_fee_fen, command.days,
            command.capacity, 0, command.valid_from, command.valid_until, command.nonce, at,
        )  # fmt: skip
        call = Call((requirement_of(item, catalogue),), (), "", beijing_date(max(at, command.valid_from)), (item.code,))
        own = judge_shelf_offer(offer, known.standing, at=at)
        reasons = merits(known.applicant, call, at=at, measures=("shelf",))
        ruling = verdict(reasons + (own.reasons if isinstance(own, Refused) else ()))
        if isinstance(ruling, Refused):
            return ruling
        await agencies.insert_shelf_offer(connection, offer)
        await append(connection, f"agency/{command.agency}", [_act(offer)], actor=caller.actor, at=at)
        return ShelfOfferPut(offer=offer.id, agency=offer.agency, item=offer.item, put_at=at)

    return await perform(database, caller, command, ShelfOfferPut, work)


async def _known(connection: Connection, agency: str) -> _Shelf:
    held = await agencies.qualifications(connection, [agency])
    bound = await credit.restrictions(connection, [agency])
    standing = await agencies.shelf_offers_of(connection, agency)
    return _Shelf(Applicant(agency, held[agency], bound[agency]), standing)


def _act(offer: ShelfOffer) -> Act:
    return Act(
        "shelf_offer.put",
        {
            "offer": offer.id,
            "item": offer.item,
            "unit_price_fen": offer.unit_price_fen,
            "minimum_fee_fen": offer.minimum_fee_fen,
            "days": offer.days,
            "capacity": offer.capacity,
            "valid_from": stamp(offer.valid_from),
            "valid_until": stamp(offer.valid_until),
        },
        private={"nonce": offer.nonce},
    )
