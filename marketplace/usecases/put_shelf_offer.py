"""Put an offer on the shelf (上架报价): a binding price that instant selection may pick at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from pydantic import Field

from agencies import store as agencies
from agencies.shelf import MAX_CAPACITY, MAX_DAYS, ShelfOffer, judge_shelf_offer
from commons.errors import NotFound
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from credit import store as credit
from marketplace.catalogue.in_force import Rules
from marketplace.catalogue.items import ServiceItem
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection, Database
from marketplace.demands.admission import Applicant, Call, merits
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Fen,
    Identifier,
    Instant,
    Line,
    Message,
    Nonce,
    UsccText,
    clock,
    perform,
    require,
    stamp,
)
from marketplace.usecases.cleaned_items import gone_items, known_item, province_rules


class PutShelfOffer(Message):
    """Fen a unit, least fee in fen, working days; ``capacity`` counts awards; the nonce goes into draws.

    ``renews`` names the agency's own offer on the shelf for the item, whose place it takes; what that gave stays bound.
    """

    agency: UsccText
    item: Identifier
    unit_price_fen: Fen
    minimum_fee_fen: Fen
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    capacity: Annotated[int, Field(ge=1, le=MAX_CAPACITY)]
    valid_from: Instant
    valid_until: Instant
    nonce: Nonce
    renews: Line | None = None


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
    """Put the offer up; refuses an unqualified or restricted agency and a second one for the item, all reasons.

    Also an item that was cleaned up, by the document that did it.
    """
    require(caller, "put_shelf_offer", own=command.agency)
    rules = await province_rules(database)
    item = known_item(rules, command.item)

    async def work(connection: Connection) -> ShelfOfferPut | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        if command.renews is not None:
            await agencies.lock_shelf_offers_of(connection, command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        known = await _known(connection, command.agency)
        at = await clock(connection, *last, *(one.starts_at for one in known.applicant.restrictions))
        offer = ShelfOffer(
            str(uuid4()), command.agency, command.item, command.unit_price_fen, command.minimum_fee_fen, command.days,
            command.capacity, 0, command.valid_from, command.valid_until, command.nonce, at, command.renews,
        )  # fmt: skip
        if reasons := _against(offer, (rules, item), known, at=at):
            return Refused(reasons)
        if offer.renews is not None:
            await agencies.withdraw_shelf_offer(connection, offer.renews, at=at)
        await agencies.insert_shelf_offer(connection, offer)
        await append(connection, f"agency/{command.agency}", [_act(offer)], actor=caller.actor, at=at)
        return ShelfOfferPut(offer=offer.id, agency=offer.agency, item=offer.item, put_at=at)

    return await perform(database, caller, command, ShelfOfferPut, work)


def _against(
    offer: ShelfOffer, bought: tuple[Rules, ServiceItem | None], known: _Shelf, *, at: datetime
) -> tuple[Reason, ...]:
    """Everything against it: the item itself, the agency's merits on its first day, what stands on the shelf."""
    begins, (rules, item) = max(at, offer.valid_from), bought
    if gone := gone_items(rules, [offer.item], at=begins):
        return gone
    assert item is not None, "what was not abolished is in the catalogue"
    call = Call((requirement_of(item, rules.catalogue),), (), "", beijing_date(begins), (item.code,))
    own = judge_shelf_offer(offer, known.standing, at=at)
    reasons = merits(known.applicant, call, at=at, measures=("shelf",))
    return reasons + (own.reasons if isinstance(own, Refused) else ())


async def _known(connection: Connection, agency: str) -> _Shelf:
    held = await agencies.qualifications(connection, [agency])
    bound = await credit.restrictions(connection, [agency])
    standing = await agencies.shelf_offers_of(connection, agency)
    life = await agencies.life_of(connection, agency)
    return _Shelf(Applicant(agency, held[agency], bound[agency], life), standing)


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
            **({"renews": offer.renews} if offer.renews is not None else {}),
        },
        private={"nonce": offer.nonce},
    )
