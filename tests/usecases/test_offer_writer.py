"""The batching writer: offers that come at once, their errors, their keys, crashes, and desks that are behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import asyncpg
import pytest

from bidding.selection import Selection
from commons.errors import Conflict, Malformed, NotFound, Unavailable
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database, OutcomeUnknown
from marketplace.record.store import load
from marketplace.usecases import offer_batch, offer_desk, offer_writer
from marketplace.usecases.act import Caller
from marketplace.usecases.offer_batch import Carried, carry
from marketplace.usecases.offer_reading import read_far
from marketplace.usecases.offer_writer import OfferWriter
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.standing import selection_state
from tests.usecases.market import Market, agency, code, nonce, round_terms, sealed_terms, until

BIDDERS = range(1, 9)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in BIDDERS:
        await market.file(number)
    return market


async def opened(market: Market, *, warm: bool = True, **changes: Any) -> str:
    """A sealed selection with everybody in it; warm: its desk is known to the writer."""
    selection = (await market.publish(sealed_terms(), **{"sign_up_s": 300, "close_s": 600.0, **changes})).selection
    for number in BIDDERS:
        await market.sign_up(selection, number)
    if warm:
        assert isinstance(await market.offer(selection, 8, 9_999_999), OfferPlaced)
    return selection


async def state_of(database: Database, selection: str) -> Selection:
    async with database.read() as connection:
        return await selection_state(connection, selection)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many offers each transaction decided."""
    sizes: list[int] = []

    async def counting(connection: Any, sheets: Any, **named: Any) -> Carried:
        sizes.append(sum(len(sheet.placings) for sheet in sheets))
        return await carry(connection, sheets, **named)

    monkeypatch.setattr(offer_writer, "carry", counting)
    return sizes


async def test_offers_that_come_at_once_are_decided_in_few_transactions_in_the_order_they_came(
    market: Market, batches: list[int]
) -> None:
    selection = await opened(market)
    batches.clear()
    sent = [(number, 9_000_000 + turn) for turn in range(5) for number in BIDDERS]
    answers = await asyncio.gather(*(market.offer(selection, number, price) for number, price in sent))
    assert sum(batches) == len(sent)
    assert len(batches) <= 3
    state = await state_of(market.database, selection)
    assert [(one.bidder, one.price_fen) for one in state.offers[1:]] == [(code(who), price) for who, price in sent]
    assert [one.seq for one in answers if isinstance(one, OfferPlaced)][:8] == [1, 1, 1, 1, 1, 1, 1, 2]
    async with market.database.read() as connection:
        recorded = await load(connection, [f"selection/{selection}"])
    digests = {one.event.digest for one in recorded}
    assert {one.digest for one in answers if isinstance(one, OfferPlaced)} <= digests


async def test_selections_at_once_share_a_transaction_and_one_that_is_held_elsewhere_stops_nobody(
    market: Market, batches: list[int]
) -> None:
    first, second, held = [await opened(market) for _ in range(3)]
    batches.clear()
    async with market.database.transaction() as connection:
        await connection.execute("SELECT 1 FROM selection WHERE id = $1 FOR UPDATE", held)
        waiting = asyncio.create_task(market.offer(held, 1, 9_000_000))
        async with asyncio.timeout(1.5):
            done = await asyncio.gather(market.offer(first, 1, 9_000_001), market.offer(second, 1, 9_000_002))
        assert all(isinstance(one, OfferPlaced) for one in done)
        assert not waiting.done()
    assert isinstance(await waiting, OfferPlaced)
    assert max(batches) >= 2


async def errors_at_once(market: Market) -> tuple[list[Any], Selection]:
    selection = await opened(market)
    command = PlaceOffer(selection=selection, agency=code(1), price_fen=9_000_000, nonce=nonce(1))  # no days
    broken = place_offer(market.database, Caller(agency(1).actor, "broken"), command)
    stranger = place_offer(
        market.database, Caller(Actor("agency", code(9))),
        PlaceOffer(selection=selection, agency=code(9), price_fen=1, days=2, nonce=nonce(9)),
    )  # fmt: skip
    unknown = market.offer("S000000-00000000", 2, 9_000_000)
    well = [market.offer(selection, number, 9_000_000) for number in (2, 3, 4)]
    answers = await asyncio.gather(broken, *well, stranger, unknown, return_exceptions=True)
    return list(answers), await state_of(market.database, selection)


async def test_what_is_wrong_with_one_offer_is_told_to_it_alone(market: Market) -> None:
    (broken, *well, stranger, unknown), state = await errors_at_once(market)
    assert isinstance(broken, Malformed)
    assert all(isinstance(one, OfferPlaced) for one in well)
    assert isinstance(stranger, Refused)
    assert stranger.codes == ("not_admitted",)
    assert isinstance(unknown, NotFound)
    assert [one.bidder for one in state.offers[1:]] == [code(number) for number in (2, 3, 4)]


async def test_planted_an_error_that_fails_its_neighbours_shows(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = offer_writer._told

    def hasty(queue: Any, requests: Any, carried: Carried | None) -> Any:
        assert carried is not None
        failed = next((one for one in carried.answers.values() if isinstance(one, Malformed)), None)
        if failed is not None:
            carried.answers = dict.fromkeys(carried.answers, failed)
        return told(queue, requests, carried)

    monkeypatch.setattr(offer_writer, "_told", hasty)
    with pytest.raises(AssertionError):
        await test_what_is_wrong_with_one_offer_is_told_to_it_alone(market)


async def test_a_request_that_breaks_its_transaction_is_decided_alone_and_the_others_are_answered(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market)
    judge = offer_desk.judge

    def breaking(desk: Any, command: PlaceOffer, *given: Any, **named: Any) -> Any:
        assert command.price_fen != 666, "a bug that one offer meets"
        return judge(desk, command, *given, **named)

    monkeypatch.setattr(offer_batch, "judge", breaking)
    prices = {1: 9_000_000, 2: 666, 3: 9_000_001}
    answers = await asyncio.gather(
        *(market.offer(selection, number, price) for number, price in prices.items()), return_exceptions=True
    )
    assert [type(one) for one in answers] == [OfferPlaced, AssertionError, OfferPlaced]
    assert len((await state_of(market.database, selection)).offers) == 3


async def test_a_key_has_one_effect_whatever_stands_beside_it_in_the_batch(market: Market) -> None:
    selection = await opened(market)
    same = [market.offer(selection, 1, 9_000_000, key="k") for _ in range(5)]
    other = market.offer(selection, 1, 9_000_001, key="k")
    refused = [market.offer(selection, 2, 90_000_000, key="k") for _ in range(2)]
    *answers, reused, first, second = await asyncio.gather(*same, other, *refused, return_exceptions=True)
    assert len({one.digest for one in answers if isinstance(one, OfferPlaced)}) == 1
    assert len(answers) == 5
    assert isinstance(reused, Conflict)
    assert reused.code == "idempotency_key_reused"
    assert isinstance(first, Refused)
    assert first == second
    assert len((await state_of(market.database, selection)).offers) == 3
    assert await market.offer(selection, 2, 90_000_000, key="k") == first


async def test_a_key_whose_request_failed_is_free_for_another(market: Market) -> None:
    selection = await opened(market)
    broken, well = await asyncio.gather(
        market.offer(selection, 1, 9_000_000, days=None, key="k"), market.offer(selection, 1, 9_000_000, key="k"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(broken, Malformed)
    assert isinstance(well, OfferPlaced)
    async with market.database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM request_answer WHERE answer = ''") == 0


async def test_a_sender_that_goes_away_cancels_nobody_else(market: Market) -> None:
    selection = await opened(market)
    leaving = asyncio.create_task(market.offer(selection, 1, 9_000_000))
    staying = asyncio.create_task(market.offer(selection, 2, 9_000_000))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    assert isinstance(await staying, OfferPlaced)
    assert leaving.cancelled()
    assert market.database.state.lent == 0


def losing_commits(monkeypatch: pytest.MonkeyPatch, times: int) -> list[str]:
    """So many COMMITs of offers are done, and their answer is lost."""
    lost: list[str] = []
    retrying = Database.retrying

    async def losing(self: Database, work: Any) -> Any:
        done = await retrying(self, work)
        if isinstance(done, Carried) and len(lost) < times:
            lost.append("COMMIT")
            message = "the connection was lost"
            raise OutcomeUnknown(message)
        return done

    monkeypatch.setattr(Database, "retrying", losing)
    return lost


async def test_after_a_commit_that_was_not_answered_a_key_finds_its_answer_and_who_has_none_hears_so(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market)
    losing_commits(monkeypatch, 1)
    with_key, without = await asyncio.gather(
        market.offer(selection, 1, 9_000_000, key="k"), market.offer(selection, 2, 9_000_000), return_exceptions=True
    )
    assert isinstance(with_key, OfferPlaced)
    assert isinstance(without, OutcomeUnknown)
    state = await state_of(market.database, selection)
    assert [one.bidder for one in state.offers[1:]] == [code(1), code(2)]


async def test_a_key_whose_outcome_stays_unknown_is_told_so_in_the_end(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market)
    lost = losing_commits(monkeypatch, 100)
    with pytest.raises(OutcomeUnknown):
        await market.offer(selection, 1, 9_000_000, key="k")
    assert len(lost) == offer_writer.ASKED_AGAIN + 1


async def acknowledged_and_kept(market: Market) -> bool:
    """Offer while PostgreSQL refuses the COMMIT; whether everything acknowledged is in the record."""
    selection = await opened(market)
    async with market.database.transaction() as connection:
        await connection.execute(_REFUSE)
    answers = await asyncio.gather(*(market.offer(selection, one, 9_000_000) for one in (1, 2)), return_exceptions=True)
    state = await state_of(market.database, selection)
    return sum(isinstance(one, OfferPlaced) for one in answers) == len(state.offers) - 1


_REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused at COMMIT'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON record_event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse();
"""


async def test_nothing_is_acknowledged_before_its_commit(market: Market) -> None:
    assert await acknowledged_and_kept(market)


async def test_planted_an_answer_before_the_commit_shows(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    deciding: ContextVar[Any] = ContextVar("deciding")
    decide = OfferWriter._decide

    async def hasty(self: OfferWriter, batch: Any) -> None:
        deciding.set(batch)
        await decide(self, batch)

    async def said_before(*given: Any, **named: Any) -> Carried:
        carried = await carry(*given, **named)
        for queue, requests in deciding.get().taken:
            offer_writer._told(queue, requests, carried)
        return carried

    monkeypatch.setattr(OfferWriter, "_decide", hasty)
    monkeypatch.setattr(offer_writer, "carry", said_before)
    assert not await acknowledged_and_kept(market)


async def behind(market: Market) -> tuple[list[Any], Selection]:
    """Two processes offer by turns; then one is restricted by the way of one, and offers by the way of the other."""
    selection = await opened(market)
    second = await Database.open(market.database.dsn)
    try:
        other = Market(second)
        answers: list[Any] = []
        both = (market, other)
        for turn in range(3):
            answers += [await each.offer(selection, 1 + turn, 9_000_000 + turn) for each in both]
        answers += await asyncio.gather(*(both[one % 2].offer(selection, one, 8_000_000) for one in (4, 5, 6, 7)))
        await market.restrict(3)
        answers.append(await other.offer(selection, 3, 7_000_000))
        answers.append(await market.offer(selection, 4, 7_000_000))
    finally:
        await second.close()
    return answers, await state_of(market.database, selection)


async def test_two_processes_offer_by_turns_and_each_catches_up_with_the_other(market: Market) -> None:
    (*well, barred, last), state = await behind(market)
    assert all(isinstance(one, OfferPlaced) for one in (*well, last))
    assert isinstance(barred, Refused)
    assert set(barred.codes) == {"voided", "restricted"}
    assert [one.seq for one in well[:6]] == [1, 2, 1, 2, 1, 2]
    assert len(state.offers) == 1 + len(well) + 2


async def test_planted_a_desk_without_its_fence_shows(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever trusts its desk though the record has gone on since appends where somebody else has."""

    async def trusting(_: Any, desks: Any, *__: Any) -> Any:
        return dict.fromkeys(desks, ())

    monkeypatch.setattr(offer_batch, "_newer", trusting)
    with pytest.raises((asyncpg.UniqueViolationError, AssertionError)):
        await test_two_processes_offer_by_turns_and_each_catches_up_with_the_other(market)


async def test_planted_restrictions_that_are_not_read_again_show(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what is read under the lock an offer after a restriction passes, or the trigger stops it."""

    async def stale(connection: Any, *_: Any) -> Any:
        return offer_batch._Facts({}, {}, {}, await offer_batch.clock(connection))

    monkeypatch.setattr(offer_batch, "_facts", stale)
    with pytest.raises((AssertionError, asyncpg.RestrictViolationError)):
        await test_two_processes_offer_by_turns_and_each_catches_up_with_the_other(market)


async def test_rounds_go_on_from_batch_to_batch_as_the_whole_record_gives_them(market: Market) -> None:
    terms = round_terms(opens_in=1.3, length=0.8, rounds=2, rest=0.1, min_bidders=2, step_basis="leader")
    published = await market.publish(terms, sign_up_s=1.1, buyer_class="voluntary")
    for number in BIDDERS:
        await market.sign_up(published.selection, number)
    await asyncio.sleep(1.35)
    second = await Database.open(market.database.dsn)
    try:
        markets = (market, Market(second))
        price, turn = 19_000_000, 0
        while turn < 60 and not (await state_of(market.database, published.selection)).is_decided:
            turn, price = turn + 1, price - 100_000
            bids = (markets[one % 2].offer(published.selection, one, price - one, days=None) for one in BIDDERS)
            await asyncio.gather(*bids)
            if turn == 3:
                await market.restrict(5)
            await asyncio.sleep(0.02)
            await settle_selection(second, published.selection)
    finally:
        await second.close()
    state = await state_of(market.database, published.selection)
    assert state.decision is not None
    told = state.decision["offers"]
    assert isinstance(told, list)
    given = [(one.reason is None, one.reason) for one in state.offers]
    assert [(one["accepted"], one.get("reason")) for one in told if isinstance(one, dict)] == given
    assert {"step_not_met", "not_admitted", None} <= {one.reason for one in state.offers}


async def test_a_late_offer_settles_once_and_then_costs_no_settling(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await opened(market, sign_up_s=1.5, close_s=1.8)
    closes_at = (await state_of(market.database, selection)).closes_at
    assert closes_at is not None
    await until(closes_at)
    held: list[str] = []
    whole = offer_batch.hold_selection

    async def counting(connection: Any, identifier: str, **named: Any) -> Any:
        held.append(identifier)
        return await whole(connection, identifier, **named)

    monkeypatch.setattr(offer_batch, "hold_selection", counting)
    for _ in range(4):
        late = await market.offer(selection, 1, 9_000_000)
        assert isinstance(late, Refused)
        assert late.codes == ("selection_closed",)
    assert held == [selection]
    assert (await state_of(market.database, selection)).closed_at is not None


async def test_a_long_record_is_read_page_by_page_before_anything_is_locked(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.usecases.offer_reading.PAGE", 5)
    selection = await opened(market)
    await asyncio.gather(*(market.offer(selection, number, 9_000_000) for number in BIDDERS))
    await market.restrict(2)
    desk = await read_far(market.database, selection)
    assert desk is not None
    state = await state_of(market.database, selection)
    assert desk.state.participants == state.participants
    assert desk.made == {code(number): 2 if number == 8 else 1 for number in BIDDERS}
    second = await Database.open(market.database.dsn)
    try:
        assert isinstance(await Market(second).offer(selection, 1, 8_000_000), OfferPlaced)
        assert isinstance(await Market(second).offer(selection, 2, 8_000_000), Refused)
    finally:
        await second.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    return lambda name, bound: monkeypatch.setattr(offer_writer, name, bound)


async def test_beyond_the_bound_an_offer_is_told_to_come_again(
    market: Market, small: Callable[[str, int], None]
) -> None:
    selection = await opened(market)
    small("MAX_WAITING", 3)
    answers = await asyncio.gather(
        *(market.offer(selection, number, 9_000_000) for number in BIDDERS), return_exceptions=True
    )
    assert [type(one) for one in answers] == [OfferPlaced] * 3 + [Unavailable] * 5


async def test_unused_desks_are_dropped_and_made_anew(market: Market, small: Callable[[str, int], None]) -> None:
    small("MAX_DESKS", 1)
    first, second = await opened(market), await opened(market)
    await market.offer(first, 1, 9_000_000)
    await market.offer(second, 1, 9_000_000)
    writer = market.database.companion(OfferWriter)
    assert list(writer._queues) == [second]
    assert isinstance(await market.offer(first, 1, 8_000_000), OfferPlaced)


async def test_a_writer_ends_with_the_pool_and_finishes_what_it_has_begun(market: Market) -> None:
    selection = await opened(market)
    second = await Database.open(market.database.dsn)
    last = asyncio.create_task(Market(second).offer(selection, 1, 9_000_000))
    await asyncio.sleep(0)
    await second.close()
    assert isinstance(await last, OfferPlaced)
    with pytest.raises(Unavailable):
        await Market(second).offer(selection, 1, 8_000_000)


async def test_a_selection_without_offers_says_so_to_everybody(market: Market) -> None:
    terms = {"mode": "random_draw", "ceiling_fen": 20_000_000, "min_bidders": 3, "ties": ["draw"]}
    drawn = await market.publish(terms, sign_up_s=300)
    answers = await asyncio.gather(
        *(market.offer(drawn.selection, number, 9_000_000) for number in (1, 2)), return_exceptions=True
    )
    assert all(isinstance(one, Conflict) and one.code == "no_offers_here" for one in answers)
