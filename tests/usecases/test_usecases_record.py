"""What is kept cannot be changed; what is answered once is answered the same again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from commons.errors import Conflict, Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.usecases.sign_up import SignedUp
from tests.usecases.market import REGULATOR, Market, agency, code, nonce, sealed_terms


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_event SET data = '{}'",
        "UPDATE record_event SET at = at - interval '1 day'",
        "DELETE FROM record_event",
        "TRUNCATE record_event",
        "UPDATE record_event SET private = '{\"price_fen\": 1}'",
        "UPDATE credit_fact SET points = 0",
        "DELETE FROM credit_fact",
        "DELETE FROM restriction",
        "UPDATE restriction SET ends_at = now()",
    ],
)
async def test_events_facts_and_restrictions_are_never_edited_or_deleted(market: Market, statement: str) -> None:
    await record_credit_fact(
        market.database, REGULATOR, RecordCreditFact(agency=code(1), code="result_late", basis="示例")
    )
    await market.restrict(2)
    with pytest.raises(asyncpg.RestrictViolationError):
        async with market.database.transaction() as connection:
            await connection.execute(statement)


async def test_erasing_a_private_part_leaves_every_hash_valid(market: Market) -> None:
    async with market.database.transaction() as connection:
        before = await load(connection, [f"agency/{code(1)}"])
        assert before[0].private is not None
        await connection.execute(
            "UPDATE record_event SET private = NULL, salt = NULL WHERE subject = $1", before[0].event.subject
        )
        after = await load(connection, [f"agency/{code(1)}"])
    assert after[0].private is None
    assert [one.event for one in after] == [one.event for one in before]


async def test_the_chain_of_a_subject_has_no_gap_and_each_event_names_the_one_before(market: Market) -> None:
    published = await market.publish(sealed_terms())
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
    await asyncio.gather(*(market.offer(published.selection, 1 + index % 3, 9_000_000 + index) for index in range(12)))
    async with market.database.read() as connection:
        recorded = await load(connection, [f"selection/{published.selection}"])
    events = [one.event for one in recorded]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev for event in events[1:]] == [event.digest for event in events[:-1]]
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert replace(events[-1], at=events[0].at).digest != events[-1].digest


async def test_the_same_request_many_times_at_once_has_one_effect_and_one_answer(market: Market) -> None:
    published = await market.publish(sealed_terms())
    assert isinstance(await market.sign_up(published.selection, 1), SignedUp)
    answers = await asyncio.gather(*(market.offer(published.selection, 1, 9_000_000, key="one") for _ in range(8)))
    assert all(isinstance(answer, OfferPlaced) for answer in answers)
    assert len({answer.digest for answer in answers if isinstance(answer, OfferPlaced)}) == 1
    with pytest.raises(Conflict) as reused:
        await market.offer(published.selection, 1, 8_000_000, key="one")
    assert reused.value.code == "idempotency_key_reused"


async def test_a_refusal_is_answered_the_same_again_under_its_key(market: Market) -> None:
    published = await market.publish(sealed_terms())
    first = await market.offer(published.selection, 1, 30_000_000, key="k")
    again = await market.offer(published.selection, 1, 30_000_000, key="k")
    assert isinstance(first, Refused)
    assert isinstance(again, Refused)
    assert first.codes == again.codes == ("not_admitted", "ceiling_exceeded")


async def test_nobody_offers_for_somebody_else(market: Market) -> None:
    published = await market.publish(sealed_terms())
    command = PlaceOffer(selection=published.selection, agency=code(2), price_fen=1, nonce=nonce(1), days=1)
    with pytest.raises(Forbidden):
        await place_offer(market.database, agency(1), command)
    with pytest.raises(Forbidden):
        await place_offer(market.database, Caller(Actor("owner", code(2))), command)


async def test_an_offer_without_the_facts_its_terms_need_is_malformed_with_every_fault(market: Market) -> None:
    published = await market.publish(sealed_terms())
    command = PlaceOffer(selection=published.selection, agency=code(1), price_fen=1)
    with pytest.raises(Malformed) as malformed:
        await place_offer(market.database, agency(1), command)
    assert [fault.pointer for fault in malformed.value.faults] == ["/days", "/nonce"]
    with pytest.raises(NotFound):
        await place_offer(market.database, agency(1), command.model_copy(update={"selection": "S0"}))
