"""直接选取 from the shelf: whoever may name an agency sees what agencies offer, and takes price and days from there.

Nothing is decided by it: the owner names whom it wants, and says why in public. Source: selection.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from commons.canonical import Json
from commons.codes import Uscc
from commons.errors import Malformed
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.read_own_drafts import OwnedDemand
from marketplace.usecases.read_shelf import read_shelf
from marketplace.web.addresses import my_demand_path
from marketplace.web.pages.agency_own import yuan_typed
from marketplace.web.plans import proposed, read_amount, read_whole
from marketplace.web.requests import shaped
from marketplace.web.views.owner import NamedRow

MOST = 10
"""Offers that are shown."""
ACT = "award-directly"


async def shelf_of(database: Database, caller: Caller, one: OwnedDemand, profile: str) -> tuple[NamedRow, ...]:
    """Offers on the shelf within the published amount and days, the cheapest first; nothing for several items."""
    if one.mode != "direct" or one.further_items:
        return ()
    terms: dict[str, Json] = {
        "mode": "instant", "rule": "cheapest", "ties": ["draw"], "quantity": one.quantity,
        "ceiling_fen": one.ceiling_fen,
    }  # fmt: skip
    if one.max_days is not None:
        terms["max_days"] = one.max_days
    command = shaped(PostDemand, {
        "owner_code": one.owner_code, "owner_name": one.owner_name, "buyer_class": one.buyer_class,
        "project_code": one.project_code, "project_name": one.project_name, "region": one.region, "item": one.item,
        "title": one.title, "terms": terms, "is_example": one.is_example,
        "recusals": [{"agency": each.agency, "reason": each.reason} for each in one.recusals],
    })  # fmt: skip
    seen = await read_shelf(database, caller, command, profile=profile)
    if isinstance(seen, Refused):
        return ()
    return tuple(
        NamedRow(
            each.agency, each.name, each.price_fen, each.days, my_demand_path(one.id, ACT),
            (("agency", each.agency), ("price", yuan_typed(each.price_fen)), ("days", str(each.days))),
        )
        for each in seen.rows[:MOST]
    )  # fmt: skip


def named(query: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What the address names beforehand, as far as it can be read."""
    try:
        agency = Uscc.parse(query.get("agency", "")).code
    except Malformed:
        return {}
    price, days = query.get("price", ""), query.get("days", "")
    return proposed(
        agency=agency, price_fen=price if read_amount(price) is not None else None, days=read_whole(days)
    )  # fmt: skip
