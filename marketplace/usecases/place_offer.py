"""Place an offer (报价响应): decided under lock by the database's clock, durable before it is acknowledged.

Whoever offers goes through the one writer of this process, which decides in one transaction what queued while the last
one was committed. Source: trust.md section 1, performance.md, docs/adr/0017.
"""

from __future__ import annotations

from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.offer_messages import OfferPlaced, PartText, PlaceOffer
from marketplace.usecases.offer_writer import OfferWriter

__all__ = ["OfferPlaced", "PartText", "PlaceOffer", "place_offer"]


async def place_offer(database: Database, caller: Caller, command: PlaceOffer) -> OfferPlaced | Refused:
    """Place one offer. Refusals carry all reasons; ``Malformed`` when the terms ask for more than was given."""
    require(caller, "place_offer", own=command.agency)
    return await database.companion(OfferWriter).place(caller, command)
