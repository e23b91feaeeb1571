"""``instant``: from the owner's click to the committed award, with 100,000 offers on the shelf, beside a row inserted.

The offers are spread over items of the catalogue as a market's are, a thousand of them on the item that is taken. Each
click is a request of its own, one after another, by turns with requests that insert and commit one row through the same
server.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvloop

from marketplace.database import Database
from tests.bench.hot_ground import FIRST, Ground, offers
from tests.bench.load import Answered, load, post, site
from tests.bench.measuring import Row, most
from tests.faults.ground import file_many, own_market
from tests.usecases.market import OWNER, Market, code, instant_terms

NAME = "instant"
CREATED = 201
API = "/api/v1"
TAKEN, REST = "SV22", ("RA02", "RA03", "RA04", "RA05", "RA07", "RA08", "RA09", "SV12", "SV21", "SV25", "SV28")
MOST_TIMES = 5.0
AT_ONCE = 1_000
SHELVED = 500
"""The number of the agency whose shelf offer the others are copies of."""

_COPY = """
INSERT INTO shelf_offer SELECT (jsonb_populate_record(NULL::shelf_offer, to_jsonb(first) || jsonb_build_object(
  'id', gen_random_uuid(), 'agency', fresh.uscc, 'item', $3::text,
  'unit_price_fen', 200000 + ($4::int + fresh.place) * 3))).*
FROM shelf_offer first, unnest($2::text[]) WITH ORDINALITY AS fresh(uscc, place) WHERE first.agency = $1
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played."""

    clicks: int = 25
    shelf: int = 100_000
    on_item: int = 1_000
    agencies: int = 9_100


SMOKE = Size(clicks=2, shelf=60, on_item=10, agencies=20)


async def stock(database: Database, size: Size) -> None:
    """Fill the shelf: so many offers on the item that is taken, the others on further items."""
    market = Market(database)
    await file_many(database, [SHELVED])
    await market.shelve(SHELVED, 190_000, capacity=10_000)
    numbers = range(FIRST, FIRST + size.agencies)
    left = size.shelf - 1
    async with database.transaction() as connection:
        for item, most_of_it in ((TAKEN, size.on_item - 1), *((item, size.agencies) for item in REST)):
            chosen = [code(number) for number in list(numbers)[: min(most_of_it, left)]]
            for first in range(0, len(chosen), AT_ONCE):  # a statement has its time, on a busy machine too
                part = chosen[first : first + AT_ONCE]
                await connection.execute(_COPY, code(SHELVED), part, item, first, timeout=60)
            left -= len(chosen)
        await connection.execute("ANALYZE", timeout=60)


async def clicks(market: Market, count: int) -> list[bytes]:
    """Requests that each take an award of a demand of its own."""
    made = []
    for _ in range(count):
        published = await market.publish(instant_terms(), buyer_class="voluntary")
        path = f"{API}/demands/{published.demand}/award"
        made.append(post(path, f"owner:{OWNER}", json.dumps({}).encode()))
    return made


async def by_turns(port: int, competitors: dict[str, Sequence[bytes]]) -> dict[str, list[float]]:
    """One request of each by turns, one at a time; the seconds each took."""
    taken: dict[str, list[float]] = {name: [] for name in competitors}
    for requests in zip(*competitors.values(), strict=True):
        for name, request in zip(competitors, requests, strict=True):
            told: list[bytes] = []
            done: Answered = await load([port], iter([request]), connections=1, seconds=30, seen=_into(told))
            assert done.count(CREATED) == 1, told
            taken[name] += done.taken[CREATED]
    return {name: each[1:] for name, each in taken.items()}


def _into(told: list[bytes]) -> Callable[[int, float, float, bytes], None]:
    return lambda _status, _sent, _came, body: told.append(body)


async def measure(size: Size, *, smoke: bool) -> list[Row]:
    """Stock the shelf, click, compare."""
    async with own_market(maximum=8) as database:
        ground = Ground(database)
        await ground.begin(size.agencies)
        await stock(database, size)
        opened = await ground.open([FIRST])
        requests = await clicks(Market(database), size.clicks + 1)
        inserts, empties = (offers([opened], f"{API}/bench/{kind}") for kind in ("insert", "empty"))
        async with site(database.dsn) as port:
            taken = await by_turns(port, {
                "click": requests,
                "insert": [next(inserts) for _ in requests],
                "empty": [next(empties) for _ in requests],
            })  # fmt: skip
    medians = {name: statistics.median(each) * 1000 for name, each in taken.items()}
    bound = None if smoke else MOST_TIMES
    what = f"click to award, {size.on_item:,} of {size.shelf:,} shelf offers on the item"
    return [
        most(f"{what} ÷ single-row insert request", medians["click"] / medians["insert"], "×", bound),
        most(what, medians["click"], "ms", None),
        most("single-row insert request", medians["insert"], "ms", None),
        most("empty POST", medians["empty"], "ms", None),
    ]


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run clicks twice on a small shelf."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measure(SMOKE if smoke else Size(), smoke=smoke))
