"""An abnormally low price: asked about, answered in time, ruled on by the owner, or out by its silence."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.errors import Forbidden
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.explain_low_price import ExplainLowPrice, LowPriceExplained, explain_low_price
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_explanations import read_explanations
from marketplace.usecases.resume_selection import ResumeSelection, SelectionResumed, resume_selection
from marketplace.usecases.rule_low_price import LowPriceRuled, RuleLowPrice, rule_low_price
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection, suspend_selection
from tests.usecases.market import OWNER, REGULATOR, Market, agency, code, owner, pass_by, sealed_terms, until

TIME_TO_EXPLAIN = timedelta(seconds=4)
WORDS = "自有设备，测区相邻（示例）"
LOW = {"ties": ["price", "draw"], "low_price": {"below_ceiling_bp": 5000}}


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 6):
        await market.file(number)
    return market


async def flagged(
    market: Market,
    prices: tuple[int, ...] = (5_000_000, 15_000_000, 16_000_000, 17_000_000),
    *,
    is_settled: bool = True,
) -> DemandPublished:
    """A sealed selection past its close; whoever is below ten million is flagged."""
    published = await market.publish(sealed_terms(**LOW), sign_up_s=2.4, close_s=2.5)
    for number, price_fen in enumerate(prices, start=1):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, price_fen), OfferPlaced)
    await until(published.published_at + timedelta(seconds=2.55))
    if is_settled:
        await settle_selection(market.database, published.selection)
    return published


async def explain(market: Market, selection: str, number: int) -> LowPriceExplained | Refused:
    command = ExplainLowPrice(selection=selection, agency=code(number), text=WORDS)
    return await explain_low_price(market.database, agency(number), command)


async def rule(
    market: Market, selection: str, number: int, *, is_accepted: bool, key: str | None = None
) -> LowPriceRuled | Refused:
    command = RuleLowPrice(selection=selection, agency=code(number), is_accepted=is_accepted, reason="依据（示例）")
    return await rule_low_price(market.database, owner(key), command)


async def state_of(market: Market, selection: str) -> Selection:
    async with market.database.read() as connection:
        return await selection_state(connection, selection)


async def events(market: Market, selection: str) -> list[Any]:
    async with market.database.read() as connection:
        return [one.event for one in await load(connection, [f"selection/{selection}"])]


def codes(answer: object) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


async def test_an_accepted_explanation_makes_the_award_as_of_the_ruling(market: Market) -> None:
    published = await flagged(market)
    waiting = await state_of(market, published.selection)
    asked = waiting.explanations[code(1)]
    assert waiting.closes_at is not None
    assert (asked.asked_at, asked.until.at) == (waiting.closes_at, waiting.closes_at + TIME_TO_EXPLAIN)
    assert codes(await rule(market, published.selection, 1, is_accepted=True)) == ("explanation_not_given",)
    assert isinstance(await explain(market, published.selection, 1), LowPriceExplained)
    done = await rule(market, published.selection, 1, is_accepted=True)
    assert isinstance(done, LowPriceRuled)
    assert (done.outcome, done.proposed, done.flagged) == ("award", code(1), None)
    state = await state_of(market, published.selection)
    assert state.decided_at == done.ruled_at
    assert state.publicity[code(1)].at == done.ruled_at + timedelta(seconds=5)
    assert state.case is not None
    assert decide(parse_case(dict(state.case))).as_json() == state.decision
    file = await read_award(market.database, published.demand)
    what = [one.what for one in file.happenings]
    order = ["offers_opened", "explanation_asked", "explanation_given", "explanation_accepted", "award_proposed"]
    assert [one for one in what if one in order] == order


async def test_a_rejected_explanation_puts_the_offer_out_and_the_next_flagged_one_is_asked_in_turn(
    market: Market,
) -> None:
    published = await flagged(market, (5_000_000, 6_000_000, 15_000_000, 16_000_000, 17_000_000))
    assert isinstance(await explain(market, published.selection, 1), LowPriceExplained)
    first = await rule(market, published.selection, 1, is_accepted=False)
    assert isinstance(first, LowPriceRuled)
    assert (first.outcome, first.proposed, first.flagged) == ("awaiting_explanation", None, code(2))
    asked = (await state_of(market, published.selection)).explanations[code(2)]
    assert (asked.asked_at, asked.until.at) == (first.ruled_at, first.ruled_at + TIME_TO_EXPLAIN)
    assert codes(await explain(market, published.selection, 1)) == ("explanation_given_before",)
    assert isinstance(await explain(market, published.selection, 2), LowPriceExplained)
    second = await rule(market, published.selection, 2, is_accepted=False)
    assert isinstance(second, LowPriceRuled)
    assert second.proposed == code(3)
    state = await state_of(market, published.selection)
    assert state.decision is not None
    assert state.decision["rejected"] == [
        {"bidder": code(1), "reasons": ["abnormally_low"]},
        {"bidder": code(2), "reasons": ["abnormally_low"]},
    ]


async def test_silence_is_a_rejection_as_of_the_deadline_whoever_looks_first_and_however_late(market: Market) -> None:
    prompt, late = await flagged(market), await flagged(market, is_settled=False)
    deadlines = [one.published_at + timedelta(seconds=2.5) + TIME_TO_EXPLAIN for one in (prompt, late)]
    await until(max(deadlines))
    before = await read_award(market.database, prompt.demand)  # a read comes first, and writes nothing
    assert (before.demand.state, before.demand.winner) == ("publicity", code(2))
    await pass_by(1.0)
    for published in (prompt, late):
        assert codes(await explain(market, published.selection, 1)) == ("explanation_too_late",)
        state = await settle_selection(market.database, published.selection)
        assert state.closes_at is not None
        assert state.decided_at == state.closes_at + TIME_TO_EXPLAIN
        assert state.proposed == code(2)
        assert state.publicity[code(2)].at == state.decided_at + timedelta(seconds=5)
        kinds = [one.type for one in await events(market, published.selection)]
        after = [
            "selection.evaluated",
            "explanation.asked",
            "explanation.rejected",
            "selection.decided",
            "award.proposed",
        ]
        assert kinds[-5:] == after
        assert codes(await rule(market, published.selection, 1, is_accepted=True)) == ("explanation_is_decided",)
    after_read = await read_award(market.database, prompt.demand)
    assert after_read.happenings == before.happenings


async def test_a_void_after_the_deadline_finds_the_award_proposed_as_of_the_deadline(market: Market) -> None:
    published = await flagged(market)
    await until(published.published_at + timedelta(seconds=2.6) + TIME_TO_EXPLAIN)
    await market.restrict(2)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(2)  # first in the ranking as of the deadline, and passed over since
    assert state.proposed == code(3)


async def test_nothing_is_ruled_twice_however_fast_somebody_asks(market: Market) -> None:
    published = await flagged(market)
    await explain(market, published.selection, 1)
    answers = await asyncio.gather(
        rule(market, published.selection, 1, is_accepted=True), rule(market, published.selection, 1, is_accepted=False)
    )
    (won,) = [one for one in answers if isinstance(one, LowPriceRuled)]
    (lost,) = [one for one in answers if isinstance(one, Refused)]
    assert lost.codes == ("explanation_is_decided",)
    state = await state_of(market, published.selection)
    assert state.proposed == (code(1) if won.is_accepted else code(2))
    kinds = [one.type for one in await events(market, published.selection)]
    assert kinds.count("selection.decided") == 1


async def test_a_ruling_asked_again_under_its_key_is_answered_and_not_made_again(market: Market) -> None:
    published = await flagged(market)
    await explain(market, published.selection, 1)
    first = await rule(market, published.selection, 1, is_accepted=True, key="once")
    assert await rule(market, published.selection, 1, is_accepted=True, key="once") == first


async def test_only_the_agency_asked_explains_and_only_the_owner_rules(market: Market) -> None:
    published = await flagged(market)
    assert codes(await explain(market, published.selection, 2)) == ("explanation_not_asked",)
    assert codes(await rule(market, published.selection, 2, is_accepted=True)) == ("another_explanation_awaited",)
    words = ExplainLowPrice(selection=published.selection, agency=code(1), text=WORDS)
    with pytest.raises(Forbidden):
        await explain_low_price(market.database, agency(2), words)
    command = RuleLowPrice(selection=published.selection, agency=code(1), is_accepted=True, reason="示例")
    for caller in (agency(1), Caller(Actor("regulator", "R1")), Caller(Actor("owner", code(9, "11990000MA")))):
        with pytest.raises(Forbidden):
            await rule_low_price(market.database, caller, command)


async def test_the_words_are_the_owners_and_the_agencys_until_the_result(market: Market) -> None:
    published = await flagged(market)
    await explain(market, published.selection, 1)
    readers = [Actor("owner", OWNER), agency(1).actor, agency(2).actor, Actor("regulator", "R1"), None]

    async def words() -> list[str | None]:
        found = [await read_explanations(market.database, published.selection, reader) for reader in readers]
        return [one.text for (one,) in found]

    assert await words() == [WORDS, WORDS, None, None, None]
    assert all(WORDS not in str(one.envelope()) for one in await events(market, published.selection))
    await rule(market, published.selection, 1, is_accepted=False)
    assert await words() == [WORDS] * 5


async def test_the_time_to_explain_stands_still_while_the_selection_is_suspended(market: Market) -> None:
    published = await flagged(market)
    before = (await state_of(market, published.selection)).explanations[code(1)].until.at
    stopped = await suspend_selection(
        market.database, REGULATOR, SuspendSelection(selection=published.selection, reason="示例")
    )
    assert isinstance(stopped, SelectionSuspended)
    assert codes(await explain(market, published.selection, 1)) == ("selection_suspended",)
    await until(before)
    assert (await settle_selection(market.database, published.selection)).decision is None
    again = await resume_selection(
        market.database, REGULATOR, ResumeSelection(selection=published.selection, reason="示例")
    )
    assert isinstance(again, SelectionResumed)
    end = before + (again.resumed_at - stopped.suspended_at)
    assert (await state_of(market, published.selection)).explanations[code(1)].until.at == end
    assert isinstance(await explain(market, published.selection, 1), LowPriceExplained)
    ruled = await rule(market, published.selection, 1, is_accepted=True)
    assert isinstance(ruled, LowPriceRuled)
    assert ruled.proposed == code(1)
