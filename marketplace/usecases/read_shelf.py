"""The shelf (货架) for a demand that is about to be posted: its offers in the order of the rule, as of now.

What is shown is what ``take_instant_award`` would decide at this instant, by the same code; nothing is locked, kept or
drawn, so that another offer may be first a moment later: whoever confirms says whom and which price he means.
Source: selection.md section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from agencies import store as agencies
from commons.canonical import Json
from commons.errors import Malformed
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.catalogue.cleaning import abolished
from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.post_demand import PostDemand, read_draft
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.rules_in_force import rules_in_force
from marketplace.usecases.take_instant_award import ranked_now


@dataclass(frozen=True, slots=True)
class Shelved:
    """One offer that may be taken: its place, the price in fen for the quantity, and what it was computed from."""

    rank: int
    agency: str
    name: str
    price_fen: int
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    left: int
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class ShelfSeen:
    """The offers by the rule at ``now``; ``is_drawn`` where the first is settled by a draw, ``apart`` who may not."""

    now: datetime
    rows: tuple[Shelved, ...]
    is_drawn: bool
    apart: int


async def read_shelf(database: Database, caller: Caller, command: PostDemand, *, profile: str) -> ShelfSeen | Refused:
    """The shelf for this instant demand; ``Malformed`` for its faults, refused for an item that was cleaned up."""
    require(caller, "post_demand", own=command.owner_code)
    async with reading(database) as snapshot:
        connection, now = snapshot.connection, snapshot.now
        rules = await rules_in_force(connection, profile, command.region, at=now)
        if gone := abolished([command.item], on=beijing_date(now), known=rules.abolished):
            return Refused(gone)
        demand = read_draft(command, rules).demand(command, profile=profile, at=now)
        try:
            found = await ranked_now(connection, demand, at=now)
        except Malformed:
            return ShelfSeen(now, (), is_drawn=False, apart=0)
        names = await agencies.names(connection, sorted(found.offers))
    rows = cast("list[dict[str, Json]]", found.decision.get("ranking") or [])
    seen = []
    for place, row in enumerate(rows, start=1):
        offer = found.offers[str(row["bidder"])]
        seen.append(
            Shelved(
                cast("int", row.get("rank") or place), offer.agency, names.get(offer.agency, offer.agency),
                cast("int", row["price_fen"]), offer.unit_price_fen, offer.minimum_fee_fen, offer.days,
                offer.remaining, offer.valid_until,
            )
        )  # fmt: skip
    return ShelfSeen(
        now, tuple(seen), is_drawn=found.decision["outcome"] == "draw_needed", apart=len(found.offers) - len(seen)
    )
