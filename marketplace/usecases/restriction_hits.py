"""What a restriction hits among what is open: one place for the act and for its preview, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Sequence

from agencies import store as agencies
from agencies.shelf import ShelfOffer
from credit.restrictions import Restriction
from marketplace.database import Connection

_OF_ITEMS = """
SELECT selection.id FROM selection JOIN demand ON demand.id = selection.demand
WHERE selection.id = ANY($1::text[]) AND (item = ANY($2::text[]) OR further_items::text[] && $2::text[])
"""


async def selections_hit(connection: Connection, restriction: Restriction, running: Sequence[str]) -> list[str]:
    """Those of the running selections in which it voids the subject: of its items, where it bars offers or awards."""
    if not (restriction.bars("offer") or restriction.bars("award")):
        return []
    if not restriction.items:
        return list(running)
    hit = {row["id"] for row in await connection.fetch(_OF_ITEMS, list(running), list(restriction.items))}
    return [one for one in running if one in hit]


async def shelf_hit(connection: Connection, restriction: Restriction) -> tuple[ShelfOffer, ...]:
    """The subject's shelf offers that it takes down, by item."""
    if not restriction.bars("shelf"):
        return ()
    standing = await agencies.shelf_offers_of(connection, restriction.subject)
    return tuple(one for one in standing if not restriction.items or one.item in restriction.items)
