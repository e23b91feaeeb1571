"""``offers``: an offer through HTTP beside the empty POST, the plain insert and the naive endpoint, in one run.

Each offer is validated, judged with admission and restrictions read under lock, chained and durable before its answer.
The empty POST is authenticated, takes the same body through the same server, guards and headers, and answers with the
same shape. Competitors take turns; a ratio is taken within a turn, its median over the turns is the figure.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

import uvloop

from tests.bench.hot_ground import FIRST, Ground, Opened, offers
from tests.bench.load import Answered, load, site
from tests.bench.measuring import Row, most, times
from tests.faults.ground import own_market
from tests.usecases.market import Market

NAME = "offers"
CREATED, REFUSED = 201, 422
API = "/api/v1"
LEAST_HOT, LEAST_MANY, LEAST_NAIVE, MOST_P99, MOST_GROWTH = 0.75, 0.65, 8.0, 3.0, 1.25


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played."""

    turns: int = 7
    seconds: float = 1.5
    connections: int = 64
    bidders: int = 200
    selections: int = 500
    each: int = 10
    many_bidders: int = 400
    earlier: int = 100_000


SMOKE = Size(turns=1, seconds=0.1, connections=8, bidders=10, selections=4, each=3, many_bidders=10, earlier=50)
Course = tuple[list[int], Sequence[Opened], str, str | None]


@dataclass
class Turns:
    """What each competitor did in each turn."""

    done: dict[str, list[Answered]] = field(default_factory=dict)

    def ratio(self, one: str, other: str) -> float:
        """The rate of one to that of the other, turn by turn; the median."""
        pairs = zip(self.done[one], self.done[other], strict=True)
        return statistics.median(a.rate / b.rate for a, b in pairs)

    def late(self, one: str, other: str) -> float:
        """The 99th percentile of one to that of the other, turn by turn; the median."""
        pairs = zip(self.done[one], self.done[other], strict=True)
        return statistics.median(a.percentile(0.99) / b.percentile(0.99) for a, b in pairs)

    def rate(self, one: str) -> float:
        """Answers a second; the median."""
        return statistics.median(each.rate for each in self.done[one])


async def play(courses: dict[str, Course], size: Size) -> Turns:
    """Every competitor once unmeasured, then by turns."""
    turns = Turns({name: [] for name in courses})
    streams: dict[str, Iterator[bytes]] = {}
    for name, (_, opened, prefix, key) in courses.items():
        streams[name] = offers(opened, prefix, keys=key)
    for turn in range(size.turns + 1):
        for name, (ports, _, _, _) in courses.items():
            done = await load(ports, streams[name], connections=size.connections, seconds=size.seconds)
            assert done.count() == done.count(CREATED, REFUSED), (name, done.taken.keys())
            if turn:
                turns.done[name].append(done)
    return turns


async def restricted(ground: Ground, size: Size) -> Opened:
    """A selection of which each tenth bidder is restricted."""
    first = FIRST + 2 * size.bidders
    opened = await ground.open(range(first, first + size.bidders))
    for number in list(opened.bidders)[::10]:
        await Market(ground.database).restrict(number)
    return opened


@contextlib.asynccontextmanager
async def courses(size: Size) -> AsyncIterator[dict[str, Course]]:
    """The competitors on a ground of their own."""
    async with own_market(maximum=8) as database:
        ground = Ground(database)
        await ground.begin(3 * size.bidders + size.many_bidders)
        own = range(FIRST, FIRST + size.bidders)
        others = range(FIRST + size.bidders, FIRST + 2 * size.bidders)
        crowd = range(FIRST + 3 * size.bidders, FIRST + 3 * size.bidders + size.many_bidders)
        hot, keyed, plain, two = [await ground.open(others) for _ in range(4)]
        short, long = [await ground.open(crowd) for _ in range(2)]
        many = await ground.open_many(size.selections, own, size.each)
        tenth = await restricted(ground, size)
        await ground.fill(short, 10)
        await ground.fill(long, size.earlier)
        async with site(database.dsn) as port, site(database.dsn) as other:
            one, both = [port], [port, other]
            yield {
                "empty": (one, [hot], f"{API}/bench/empty", None),
                "insert": (one, [hot], f"{API}/bench/insert", None),
                "naive": (one, [plain], f"{API}/bench/naive", None),
                "hot": (one, [hot], API, None),
                "keyed": (one, [keyed], API, "k"),
                "restricted": (one, [tenth], API, None),
                "many": (one, many, API, None),
                "short": (one, [short], API, None),
                "long": (one, [long], API, None),
                "empty of two": (both, [hot], f"{API}/bench/empty", None),
                "two": (both, [two], API, None),
            }


async def measure(size: Size, *, smoke: bool) -> list[Row]:
    """Play and count."""
    async with courses(size) as played:
        turns = await play(played, size)

    def at_least(what: str, one: str, other: str, bound: float | None) -> Row:
        told = f"{what} ({turns.rate(one):,.0f} to {turns.rate(other):,.0f} a second)"
        return times(told, turns.ratio(one, other), None if smoke else bound)

    def at_most(what: str, ratio: float, bound: float) -> Row:
        return most(what, ratio, "×", None if smoke else bound)

    each = f"{size.connections} connections"
    return [
        at_least(f"one hot selection, {each} ÷ empty POST", "hot", "empty", LEAST_HOT),
        at_least("the same, an idempotency key each ÷ empty POST", "keyed", "empty", None),
        at_least(f"{size.selections} selections ÷ empty POST", "many", "empty", LEAST_MANY),
        at_least("a tenth of the bidders restricted ÷ empty POST", "restricted", "empty", None),
        at_least("two processes, one hot selection ÷ empty POST of two", "two", "empty of two", None),
        at_least("one hot selection ÷ naive FOR UPDATE endpoint", "hot", "naive", LEAST_NAIVE),
        at_least("one hot selection ÷ single-row insert request", "hot", "insert", None),
        at_most("p99 of an offer ÷ p99 of the empty POST", turns.late("hot", "empty"), MOST_P99),
        at_most("p99, 500 selections ÷ p99 of the empty POST", turns.late("many", "empty"), MOST_P99),
        at_most(
            f"time per offer after {size.earlier:,} earlier ones ÷ after 10", turns.ratio("short", "long"), MOST_GROWTH
        ),
    ]


def run(*, smoke: bool) -> list[Row]:
    """Measure; a smoke run plays a moment."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measure(SMOKE if smoke else Size(), smoke=smoke))
