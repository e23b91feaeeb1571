"""Take an offer off the shelf (下架): by its agency; what it gave stays bound, and nothing more is taken from it.

Order as everywhere at the shelf: the agency's status row shared, the item's shelf rows, then the record.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.shelf import judge_taking_down
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Line, Message, UsccText, clock, perform, require


class WithdrawShelfOffer(Message):
    """Which offer of the agency's own."""

    agency: UsccText
    offer: Line


class ShelfOfferWithdrawn(Message):
    """Off the shelf since; ``taken`` awards that it gave stay bound."""

    offer: str
    agency: str
    item: str
    withdrawn_at: datetime
    taken: int


async def withdraw_shelf_offer(
    database: Database, caller: Caller, command: WithdrawShelfOffer
) -> ShelfOfferWithdrawn | Refused:
    """Take it down; refused where it does not stand on the shelf."""
    require(caller, "withdraw_shelf_offer", own=command.agency)

    async def work(connection: Connection) -> ShelfOfferWithdrawn | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        await agencies.lock_shelf_offers_of(connection, command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        standing = await agencies.shelf_offers_of(connection, command.agency)
        ruling = judge_taking_down(command.offer, standing)
        if isinstance(ruling, Refused):
            return ruling
        offer = next(one for one in standing if one.id == command.offer)
        at = await clock(connection, *last)
        await agencies.withdraw_shelf_offer(connection, offer.id, at=at)
        act = Act("shelf_offer.withdrawn", {"offer": offer.id, "item": offer.item, "taken": offer.taken})
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return ShelfOfferWithdrawn(
            offer=offer.id, agency=offer.agency, item=offer.item, withdrawn_at=at, taken=offer.taken
        )

    return await perform(database, caller, command, ShelfOfferWithdrawn, work)
