"""What the batching writer must withstand: lost COMMITs, other processes, restrictions; and bugs planted, shown."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

import asyncpg
import pytest

from bidding.selection import Selection
from commons.errors import Malformed, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database, OutcomeUnknown
from marketplace.usecases import offer_batch, offer_writer
from marketplace.usecases.act import Caller
from marketplace.usecases.offer_batch import Carried, carry
from marketplace.usecases.offer_writer import OfferWriter
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from tests.usecases.market import Market, agency, code, nonce
from tests.usecases.writing import filed, opened, state_of


@pytest.fixture
async def market(database: Database) -> Market:
    return await filed(database)


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
