"""Whether service items were cleaned up (清理规范) by now: asked before anything new begins with them.

What was published before goes on. Source: market.md section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from marketplace.catalogue.cleaning import abolished, abolished_items
from marketplace.catalogue.items import ServiceItem, load_catalogue
from marketplace.database import Database
from marketplace.usecases.act import clock


def known_item(code: str) -> ServiceItem | None:
    """The item of the catalogue, None for one that was cleaned up and left it; ``Malformed`` for any other."""
    item = load_catalogue().item(code)
    if item is None and code not in abolished_items():
        raise Malformed((Fault("/item", "unknown_item", "this item is not in the catalogue"),))
    return item


def gone_items(codes: Sequence[str], *, at: datetime) -> tuple[Reason, ...]:
    """A reason for each item that was abolished by the Beijing day of that instant, with the document that did it."""
    return abolished(codes, on=beijing_date(at), known=abolished_items())


async def refuse_gone(database: Database, codes: Sequence[str]) -> Refused | None:
    """The refusal of what asks for abolished items, by the database's clock; None where none is listed."""
    if not any(code in abolished_items() for code in codes):
        return None
    async with database.read() as connection:
        gone = gone_items(codes, at=await clock(connection))
    return Refused(gone) if gone else None
