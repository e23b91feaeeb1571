"""An abnormally low price where rounds were held, and voids while an explanation is awaited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.canonical import Json
from commons.instants import format_instant
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases import restrict_agency
from marketplace.usecases.explain_low_price import ExplainLowPrice, LowPriceExplained, explain_low_price
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.rule_low_price import LowPriceRuled, RuleLowPrice, rule_low_price
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from tests.usecases.market import Market, agency, code, owner, round_terms, sealed_terms, until

TIME_TO_EXPLAIN = timedelta(seconds=4)
LOW_ROUNDS: dict[str, Any] = {"low_price": {"below_mean_bp": 8_500}, "max_days": 60, "day_value_fen": 50_000}


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 6):
        await market.file(number)
    return market


async def held(market: Market, *offers: tuple[int, int, int], **changes: Any) -> tuple[DemandPublished, Selection]:
    """One round is over in which these were offered, by number, price in fen and days; it is settled."""
    terms = round_terms(opens_in=2.0, length=1.5, rounds=1, **{**LOW_ROUNDS, **changes})
    published = await market.publish(terms, sign_up_s=1.9)
    for number in sorted({number for number, _, _ in offers}):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
    await until(datetime.fromisoformat(terms["rounds"][0]["opens_at"]))
    for number, price_fen, days in offers:
        assert isinstance(await market.offer(published.selection, number, price_fen, days), OfferPlaced)
    await until(datetime.fromisoformat(terms["rounds"][0]["closes_at"]))
    return published, await settle_selection(market.database, published.selection)


async def explain(market: Market, selection: str, number: int) -> LowPriceExplained | Refused:
    command = ExplainLowPrice(selection=selection, agency=code(number), text="自有设备（示例）")
    return await explain_low_price(market.database, agency(number), command)


async def rule(market: Market, selection: str, number: int, *, is_accepted: bool) -> LowPriceRuled | Refused:
    command = RuleLowPrice(selection=selection, agency=code(number), is_accepted=is_accepted, reason="依据（示例）")
    return await rule_low_price(market.database, owner(), command)


async def state_of(market: Market, selection: str) -> Selection:
    async with market.database.read() as connection:
        return await selection_state(connection, selection)


async def rulings(market: Market, selection: str) -> list[tuple[str, str, str | None]]:
    """Each ruling: final or not, as of when, whose explanation it waits for."""
    async with market.database.read() as connection:
        events = [one.event for one in await load(connection, [f"selection/{selection}"])]
    return [
        (one.type, str(one.data["as_of"]), cast("dict[str, Any]", one.data["decision"]).get("flagged"))
        for one in events
        if one.type in {"selection.evaluated", "selection.decided"}
    ]


def decided_again(state: Selection) -> dict[str, Json]:
    assert state.case is not None, "decided"
    return decide(parse_case(dict(state.case))).as_json()


def codes(answer: object) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


OFFERS = ((1, 9_000_000, 20), (2, 14_000_000, 20), (3, 15_000_000, 10), (4, 16_000_000, 10))


async def test_after_rounds_the_low_price_is_explained_accepted_and_awarded_at_the_price_offered(
    market: Market,
) -> None:
    published, state = await held(market, *OFFERS)
    assert state.decision is None
    asked = state.explanations[code(1)]
    assert state.closed_at is not None
    assert (asked.asked_at, asked.until.at) == (state.closed_at, state.closed_at + TIME_TO_EXPLAIN)
    assert codes(await rule(market, published.selection, 1, is_accepted=True)) == ("explanation_not_given",)
    assert isinstance(await explain(market, published.selection, 1), LowPriceExplained)
    assert codes(await market.offer(published.selection, 2, 8_000_000)) == ("selection_closed",)
    done = await rule(market, published.selection, 1, is_accepted=True)
    assert isinstance(done, LowPriceRuled)
    assert (done.outcome, done.proposed, done.flagged) == ("award", code(1), None)
    state = await state_of(market, published.selection)
    assert state.decided_at == done.ruled_at
    assert decided_again(state) == state.decision
    file = await read_award(market.database, published.demand)
    assert (file.demand.winner, file.demand.winning_fen) == (code(1), 9_000_000)


async def test_the_prices_offered_are_low_or_not_whatever_the_days_are_worth(market: Market) -> None:
    """First by its effective price is 2, whose days are few; 1, far below the mean, is flagged and nobody waits."""
    published, state = await held(market, (1, 9_000_000, 60), (2, 11_000_000, 1), *OFFERS[2:], day_value_fen=100_000)
    assert state.decision is not None
    assert (state.decision["outcome"], state.decision["winner"], state.proposed) == ("award", code(2), code(2))
    assert state.explanations == {}
    assert [one[0] for one in await rulings(market, published.selection)] == ["selection.decided"]


async def test_after_rounds_a_rejected_price_leaves_the_mean_and_the_next_first_may_be_asked_in_turn(
    market: Market,
) -> None:
    offers = ((1, 6_000_000, 20), (2, 9_000_000, 20), (3, 15_000_000, 20), (4, 16_000_000, 20), (5, 17_000_000, 20))
    published, _ = await held(market, *offers)
    await explain(market, published.selection, 1)
    first = await rule(market, published.selection, 1, is_accepted=False)
    assert isinstance(first, LowPriceRuled)
    assert (first.outcome, first.proposed, first.flagged) == ("awaiting_explanation", None, code(2))
    await until(first.ruled_at + TIME_TO_EXPLAIN)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert (state.decided_at, state.proposed) == (first.ruled_at + TIME_TO_EXPLAIN, code(3))
    assert state.decision["rejected"] == [
        {"bidder": code(1), "reasons": ["abnormally_low"]},
        {"bidder": code(2), "reasons": ["abnormally_low"]},
    ]
    assert decided_again(state) == state.decision


async def test_the_time_to_explain_begins_with_the_moved_close_of_the_last_round(market: Market) -> None:
    extension = {"window_s": 2, "extend_s": 1, "limit": 1}
    published, _ = await held(market, *OFFERS, extension=extension)
    assert (await state_of(market, published.selection)).closed_at is None
    moved = (await state_of(market, published.selection)).closes_at
    assert moved is not None
    await until(moved + timedelta(seconds=1))
    state = await settle_selection(market.database, published.selection)
    assert state.closed_at == moved + timedelta(seconds=1)
    assert state.explanations[code(1)].until.at == state.closed_at + TIME_TO_EXPLAIN


async def waiting(market: Market) -> DemandPublished:
    """A sealed selection that waits for 1, the only one below three quarters of the mean."""
    low = {"ties": ["price", "draw"], "low_price": {"below_mean_bp": 7_500}}
    published = await market.publish(sealed_terms(**low), sign_up_s=2.4, close_s=2.5)
    for number, price_fen in enumerate((5_000_000, 9_000_000, 10_000_000, 16_000_000, 20_000_000), start=1):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, price_fen), OfferPlaced)
    await until(published.published_at + timedelta(seconds=2.55))
    state = await settle_selection(market.database, published.selection)
    assert (state.evaluation or {})["flagged"] == code(1)
    return published


async def test_two_voids_while_an_explanation_is_awaited_count_one_after_the_other_however_late_somebody_looks(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without 1 the mean is higher and 2 is asked; without 5 it is lower and 2 is asked no more, but proposed."""
    prompt, late = await waiting(market), await waiting(market)
    settle_promptly = restrict_agency.settle_selection

    async def settle_but_one(database: Database, selection: str) -> Selection | None:
        return None if selection == late.selection else await settle_promptly(database, selection)

    monkeypatch.setattr(restrict_agency, "settle_selection", settle_but_one)
    first, second = (await market.restrict(1)).starts_at, (await market.restrict(5)).starts_at
    assert len(await rulings(market, late.selection)) == 1
    before = await read_award(market.database, late.demand)  # a read comes first, and writes nothing
    assert (before.demand.state, before.demand.winner) == ("publicity", code(2))
    for published in (prompt, late):
        state = await settle_selection(market.database, published.selection)
        assert state.closed_at is not None
        assert await rulings(market, published.selection) == [
            ("selection.evaluated", format_instant(state.closed_at), code(1)),
            ("selection.evaluated", format_instant(first), code(2)),
            ("selection.decided", format_instant(second), None),
        ]
        assert (state.decided_at, state.proposed) == (second, code(2))
        assert (state.explanations[code(2)].asked_at, state.explanations[code(2)].ruling) == (first, None)
        assert decided_again(state) == state.decision


async def test_voids_ask_the_next_in_turn_until_too_few_are_left(market: Market) -> None:
    published = await waiting(market)
    assert isinstance(await explain(market, published.selection, 1), LowPriceExplained)
    await market.restrict(1)
    assert codes(await rule(market, published.selection, 1, is_accepted=True)) == ("another_explanation_awaited",)
    await market.restrict(2)
    assert ((await state_of(market, published.selection)).evaluation or {})["flagged"] == code(3)
    await market.restrict(3)
    state = await state_of(market, published.selection)
    assert state.decision is not None
    assert (state.decision["outcome"], state.decision["reason"]) == ("unsuccessful", "too_few_bidders")
    assert [one.ruling for one in state.explanations.values()] == [None, None, None]
    assert decided_again(state) == state.decision
    assert codes(await rule(market, published.selection, 3, is_accepted=True)) == ("no_explanation_awaited",)


async def test_who_is_restricted_explains_nothing_any_more(market: Market) -> None:
    published = await waiting(market)
    await market.restrict(1)
    assert codes(await explain(market, published.selection, 1)) == ("restricted",)
    assert (await state_of(market, published.selection)).explanations[code(1)].given_at is None
