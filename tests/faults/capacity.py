"""``capacity``: the last unit of a shelf offer, 200 owners at once. Control: read what is left, then write one less.

Each round puts one offer of one unit on the shelf and lets every owner with an open instant demand take it at the same
moment; those who come too late keep their demand for the next round. The figure is how many units beyond one a round
were sold, or lacked a buyer.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from agencies import store as agencies
from commons.errors import Unavailable
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.faults.figures import Figure, progress
from tests.faults.ground import file_many, own_market
from tests.usecases.market import Market, code, instant_terms, owner

NAME = "capacity"
DEFAULT_SIZE = 100
BUYERS = 200
SMALL_BUYERS = 20
ITEM = "RA02"
FIRST = 2
"""The number of the first round's agency; every round has its own."""
WORK = 0.02
"""Seconds that the control works between reading and writing."""


async def buy(database: Database, demand: str) -> bool:
    """Take what is first on the shelf; asked again under the same key while the database is busy."""
    caller = Caller(owner().actor, f"{demand}-{time.monotonic_ns()}")
    while True:
        with contextlib.suppress(Unavailable):
            return isinstance(
                await take_instant_award(database, caller, TakeInstantAward(demand=demand)), InstantAwarded
            )


async def rounds(database: Database, agencies_of: range, buyers: int) -> list[int]:
    """Sell one unit a round; how many owners were awarded in each."""
    market = Market(database)
    await file_many(database, agencies_of)
    waiting: list[str] = []
    sold = []
    for number in agencies_of:
        fresh = buyers - len(waiting)
        made = await asyncio.gather(*(market.publish(instant_terms(), item=ITEM) for _ in range(fresh)))
        waiting += [one.demand for one in made]
        await market.shelve(number, 100_000, capacity=1, item=ITEM)
        won = await asyncio.gather(*(buy(database, demand) for demand in waiting))
        sold.append(sum(won))
        waiting = [demand for demand, has in zip(waiting, won, strict=True) if not has]
        async with database.transaction() as connection:
            await agencies.withdraw_shelf_offers(connection, code(number), at=datetime.now(UTC))
        progress(f"{NAME}: {len(sold)} of {len(agencies_of)} rounds, sold {sum(sold)}")
    return sold


@contextlib.contextmanager
def read_then_write() -> Iterator[None]:
    """The control: nobody locks the shelf, and the units taken are written as they were read, plus one."""

    async def nothing(*_: object) -> None: ...

    async def take(connection: Connection, offer: str) -> bool:
        row = await connection.fetchrow("SELECT taken, capacity FROM shelf_offer WHERE id = $1", UUID(offer))
        assert row is not None, "on the shelf"
        await asyncio.sleep(WORK)
        if row["taken"] < row["capacity"]:
            await connection.execute("UPDATE shelf_offer SET taken = $2 WHERE id = $1", UUID(offer), row["taken"] + 1)
        return bool(row["taken"] < row["capacity"])

    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(agencies, "lock_shelf_offers", nothing)
        planted.setattr(agencies, "take_capacity", take)
        yield


async def measure(database: Database, size: int, *, buyers: int = BUYERS) -> Figure:
    """Take the figure on an open database: ``size`` rounds of one unit, then one round of the control."""
    began = time.monotonic()
    sold = await rounds(database, range(FIRST, FIRST + size), buyers)
    async with database.read() as connection:
        kept = await connection.fetchval("SELECT coalesce(sum(taken), 0) FROM shelf_offer")
    found = sum(abs(one - 1) for one in sold) + abs(int(kept) - size)
    with read_then_write():
        broken = sum(await rounds(database, range(FIRST + size, FIRST + size + 1), buyers)) - 1
    ok = found == 0 and broken > 0
    bar = f"{buyers} buyers at once, exactly one unit sold a round; reading then writing sells more"
    return Figure(NAME, size, found, broken, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, _seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_market(maximum=60) as database:
        return await measure(database, size)
