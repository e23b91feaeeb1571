"""Which patterns are to be looked at in a regulator's region? Computed from what is decided, each with its evidence.

Invariants: only selections that are decided and of the last two years count, so that no alarm tells who is in a sealed
one; a line (条线) sees its own items alone; nothing is kept, nobody is excluded. Source: market.md sections 1 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from agencies import store as agencies
from agencies.people import store as people
from bidding.alarms import Alarm, Past, alarms
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_queues import regions_of
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import Standing, standings

MOST = 300
"""Selections that are looked at, the latest ones."""
BACK = timedelta(days=730)
_DECIDED = """
SELECT demand.id, demand.title, demand.selection, demand.owner_code, demand.owner_name, demand.winner, demand.item,
  demand.further_items, demand.region
FROM demand WHERE demand.selection IS NOT NULL AND decided_at > $2 AND region = ANY($1::text[])
  AND ($3::text[] IS NULL OR item = ANY($3))
ORDER BY decided_at DESC, demand.id LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """A selection an alarm rests on: its demand, and the prices in fen by bidder."""

    selection: str
    demand: str
    title: str
    prices: Mapping[str, int]
    winner: str | None


@dataclass(frozen=True, slots=True)
class Alarms:
    """The alarms as of ``now`` over ``looked_at`` selections, with names and matters for their evidence."""

    now: datetime
    looked_at: int
    rows: tuple[Alarm, ...]
    names: Mapping[str, str]
    owners: Mapping[str, str]
    matters: Mapping[str, Matter]


async def read_alarms(database: Database, caller: Caller, *, region: str = "", item: str = "") -> Alarms:
    """What is to be looked at in the caller's region, or in one of its parts; of one item, or all of his line."""
    require(caller, "notice_restriction", region=region or None)
    inside = regions_of(caller)
    if region:
        inside = [one for one in inside if REGIONS.contains(region, one)]
    async with reading(database) as snapshot:
        connection = snapshot.connection
        rows = await connection.fetch(_DECIDED, inside, snapshot.now - BACK, items_of(caller, item), MOST)
        found = await standings(snapshot, [row["selection"] for row in rows])
        past = tuple(
            Past(
                row["selection"], row["owner_code"], _bidders(found[row["selection"]]),
                prices_of(found[row["selection"]]), row["winner"],
            )
            for row in reversed(rows)
            if row["selection"] in found
        )  # fmt: skip
        seen = alarms(past, await _ties(connection, past))
        codes = sorted({who for one in seen for who in one.agencies} | {who for one in past for who in one.prices})
        names = await agencies.names(connection, codes)
    prices = {one.selection: one for one in past}
    return Alarms(
        snapshot.now, len(past), seen, names, {row["owner_code"]: row["owner_name"] for row in rows},
        {
            row["selection"]: Matter(
                row["selection"], row["id"], row["title"], prices[row["selection"]].prices, row["winner"]
            )
            for row in rows
            if row["selection"] in prices
        },
    )  # fmt: skip


def items_of(caller: Caller, item: str) -> list[str] | None:
    """The items that are looked at: the one asked for, within the caller's line; None for all."""
    line = None if caller.badge is None else caller.badge.line
    if line is None:
        return [item] if item else None
    own = [one.code for one in load_catalogue().items if line in one.department]
    return [one for one in own if not item or one == item]


def _bidders(one: Standing) -> tuple[str, ...]:
    return tuple(sorted(one.state.participants))


def prices_of(one: Standing) -> dict[str, int]:
    """The last price of each bidder, as the published case has it; none where nobody offers a price."""
    ruling = one.ruling
    found: dict[str, int] = {}
    for name in ("bids", "offers"):
        given = {} if ruling is None else ruling.case.get(name)
        for each in given if isinstance(given, list) else ():
            if isinstance(each, dict) and isinstance(each.get("price_fen"), int) and each.get("bidder"):
                found[str(each["bidder"])] = int(str(each["price_fen"]))
    return {who: price for who, price in found.items() if who in one.state.participants}


async def _ties(connection: Connection, past: Sequence[Past]) -> dict[tuple[str, str], int]:
    """How many contacts, addresses or people each two bidders that met share today, by pair."""
    pairs = {pair for one in past for pair in combinations(one.bidders, 2)}
    known = await people.ties(connection, sorted({who for pair in pairs for who in pair}))
    digests = {who: {tie.digest for tie in every} for who, every in known.items()}
    shared = {(one, other): len(digests.get(one, set()) & digests.get(other, set())) for one, other in pairs}
    return {pair: count for pair, count in shared.items() if count}
