"""Acts at once: a restriction against offers, the last unit against many buyers, offers against the close."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from bidding.assembling import case_of
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection, fold
from bidding.store import lock_selection, voids
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, load
from marketplace.usecases.act import clock
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.faults.ground import drop_guards
from tests.store.moved_time import REAL
from tests.usecases.market import Market, code, instant_terms, owner, round_terms, sealed_terms, until

RACES = 12
BUYERS = 12


@pytest.fixture
def pace() -> float:
    """Here acts race with deadlines."""
    return REAL


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 6):
        await market.file(number)
    return market


async def state_of(market: Market, selection: str) -> Selection:
    async with market.database.read() as connection:
        recorded = await load(connection, [f"selection/{selection}"])
        return fold(selection, recorded, (await voids(connection, [selection])).get(selection, {}))


def accepted_after(state: Selection, bidder: str, at: datetime) -> int:
    """Offers of the bidder that were accepted at or after an instant."""
    return sum(1 for line in state.offers if line.bidder == bidder and line.reason is None and line.at >= at)


async def test_nothing_of_a_restricted_agency_is_accepted_from_the_restriction_on(market: Market) -> None:
    dice = random.Random(20261123)
    before, after = 0, 0
    for race in range(RACES):
        number = 100 + race
        await market.file(number)
        published = await market.publish(sealed_terms(), close_s=30.0)
        await market.sign_up(published.selection, number)

        async def pour(number: int = number, selection: str = published.selection) -> list[object]:
            return [await market.offer(selection, number, 9_000_000 + index) for index in range(6)]

        async def strike(number: int = number, pause: float = dice.random() * 0.05) -> datetime:
            await asyncio.sleep(pause)
            return (await market.restrict(number)).starts_at

        _, starts_at = await asyncio.gather(pour(), strike())
        state = await state_of(market, published.selection)
        assert accepted_after(state, code(number), starts_at) == 0
        before += sum(1 for line in state.offers if line.reason is None)
        after += sum(1 for line in state.offers if line.reason is not None)
        refused = await market.offer(published.selection, number, 8_000_000)
        assert isinstance(refused, Refused)
    assert before, "some offers came before their restriction, or nothing raced"
    assert after, "some came after it"


async def naive_offer(
    connection: Connection, selection: str, bidder: str, has_read: asyncio.Event, is_restricted: asyncio.Event
) -> None:
    """The control: the selection is locked, the agency's row is not; what was read is trusted."""
    lock = await lock_selection(connection, selection)
    assert lock is not None
    barred = await connection.fetchval("SELECT true FROM restriction WHERE subject = $1", bidder)
    has_read.set()
    await is_restricted.wait()
    if not barred:
        at = await clock(connection, lock.last_at)
        private = {"bidder": bidder, "price_fen": 1, "days": 1, "nonce": None, "reason": None}
        act = Act("offer.placed", {"bidder": "b-naive"}, private=private)
        await append(connection, f"selection/{selection}", [act], actor=Actor("agency", bidder), at=at)


async def test_the_naive_order_accepts_offers_of_a_restricted_agency(market: Market) -> None:
    await drop_guards(market.database.dsn)
    published = await market.publish(sealed_terms(), close_s=30.0)
    has_read, is_restricted = asyncio.Event(), asyncio.Event()

    async def naive() -> None:
        async with market.database.transaction() as connection:
            await naive_offer(connection, published.selection, code(1), has_read, is_restricted)

    async def strike() -> datetime:
        await has_read.wait()
        done = await market.restrict(1)
        is_restricted.set()
        return done.starts_at

    _, starts_at = await asyncio.gather(naive(), strike())
    assert accepted_after(await state_of(market, published.selection), code(1), starts_at) == 1


async def test_a_replay_of_the_record_gives_the_rulings_that_were_given_live(market: Market) -> None:
    published = await market.publish(
        round_terms(opens_in=11.0, length=1.5, rounds=2, step_basis="leader", min_bidders=2),
        sign_up_s=10.0, buyer_class="voluntary",
    )  # fmt: skip
    for number in range(1, 6):
        await market.sign_up(published.selection, number)
    await until(published.published_at + timedelta(seconds=11.0))
    dice = random.Random(7)

    async def bid(number: int) -> None:
        for _ in range(8):
            await market.offer(published.selection, number, dice.randrange(10_000_000, 20_000_000))
            await asyncio.sleep(0.04)

    async def strike() -> None:
        await asyncio.sleep(0.1)
        await market.restrict(3)
        await asyncio.sleep(0.1)
        await market.restrict(5)

    await asyncio.gather(*(bid(number) for number in range(1, 6)), strike())
    state = await state_of(market, published.selection)
    credits = dict.fromkeys(state.participants, 8_000)
    replayed = decide(parse_case(case_of(state, credits, draw=None))).as_json()["offers"]
    assert isinstance(replayed, list)
    live = [{"seq": one.seq, "accepted": one.reason is None, **_reason(one.reason)} for one in state.offers]
    assert live == replayed
    assert {one.reason for one in state.offers} >= {None, "not_admitted"}


def _reason(reason: str | None) -> dict[str, str]:
    return {} if reason is None else {"reason": reason}


async def test_offers_around_the_close_are_either_in_the_decision_or_were_refused(market: Market) -> None:
    terms = sealed_terms(min_bidders=2)
    published = await market.publish(terms, buyer_class="voluntary", sign_up_s=10.0, close_s=11.0)
    for number in range(1, 6):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    answers: dict[int, list[OfferPlaced]] = {number: [] for number in range(1, 6)}

    async def pour(number: int) -> None:
        price = 15_000_000
        while True:
            price -= 1_000
            answer = await market.offer(published.selection, number, price)
            if isinstance(answer, Refused):
                assert answer.codes == ("selection_closed",)
                return
            answers[number].append(answer)

    await until(state.closes_at - timedelta(seconds=0.6))
    await asyncio.gather(*(pour(number) for number in range(1, 6)))
    await until(state.closes_at)
    decided = await settle_selection(market.database, published.selection)
    assert decided.case is not None
    bids = decided.case["bids"]
    assert isinstance(bids, list)
    counted = {bid["bidder"]: bid["price_fen"] for bid in bids if isinstance(bid, dict)}
    assert any(answers.values()), "nothing raced"
    for number, acknowledged in answers.items():
        assert all(answer.at < state.closes_at for answer in acknowledged)
        if not acknowledged:
            assert code(number) not in counted
            continue
        own = [line for line in decided.offers if line.bidder == code(number)]
        assert counted[code(number)] == own[acknowledged[-1].seq - 1].price_fen


async def test_the_last_unit_is_sold_once_however_many_buy_at_once(market: Market) -> None:
    await market.shelve(1, 100_000, capacity=1)
    demands = [(await market.publish(instant_terms())).demand for _ in range(BUYERS)]
    answers = await asyncio.gather(
        *(take_instant_award(market.database, owner(), TakeInstantAward(demand=demand)) for demand in demands)
    )
    assert sum(isinstance(answer, InstantAwarded) for answer in answers) == 1
    async with market.database.read() as connection:
        assert await connection.fetchval("SELECT sum(taken) FROM shelf_offer") == 1


async def test_a_restriction_reaches_a_selection_that_is_joined_at_the_same_moment(market: Market) -> None:
    published = await market.publish(sealed_terms(), close_s=30.0)
    results = await asyncio.gather(
        market.sign_up(published.selection, 1), market.restrict(1), market.sign_up(published.selection, 2)
    )
    state = await state_of(market, published.selection)
    if code(1) in state.participants:
        assert state.participants[code(1)].voided_at is not None
    else:
        assert isinstance(results[0], Refused)
