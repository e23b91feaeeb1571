"""Every mode and both price bases tried on what is on record: the engine's own words about the same facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.errors import Conflict, Malformed, NotFound
from marketplace.database import Database
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.try_terms import Past, Trial, read_past, try_on
from tests.usecases.market import Market, agency, code, nonce, now, owner, sealed_terms, until

CEILING = 20_000_000
DIRECT: dict[str, Any] = {"mode": "direct", "ceiling_fen": CEILING}


def mean_terms(**changes: Any) -> dict[str, Any]:
    return {"mode": "mean_price", "ceiling_fen": CEILING, "min_bidders": 5, "ties": ["price", "draw"], **changes}


def draw_terms(mode: str, **changes: Any) -> dict[str, Any]:
    base = {"mode": mode, "ceiling_fen": CEILING, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}
    return {**base, **({"big_list": 3, "small_list": 2} if mode == "credit_draw" else {}), **changes}


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 6):
        await market.file(number)
    return market


async def offer(market: Market, selection: str, number: int, **named: int) -> None:
    """An offer of a price or of a rate."""
    command = PlaceOffer(selection=selection, agency=code(number), days=20, nonce=nonce(number), **named)
    assert isinstance(await place_offer(market.database, agency(number), command), OfferPlaced)


async def past_of(market: Market, terms: dict[str, Any], offers: list[dict[str, int]], *, draws: bool = False) -> Past:
    """A selection past its close in which everybody offered, or signed up for the draw."""
    clocks = {} if draws else {"closes_at": now() + timedelta(seconds=2.5)}
    published = await market.publish(terms, sign_up_s=2.4, **clocks)
    for number, named in enumerate(offers, start=1):
        given = {"nonce": nonce("entry", number)} if draws else {}
        assert isinstance(await market.sign_up(published.selection, number, **given), SignedUp)
        if not draws:
            await offer(market, published.selection, number, **named)
    with pytest.raises(NotFound):
        await read_past(market.database, published.selection)
    await until(published.published_at + timedelta(seconds=2.6))
    return await read_past(market.database, published.selection)


def again(trial: Trial) -> Trial:
    """The trial, its case decided once more as anybody would."""
    assert decide(parse_case(dict(trial.case))).as_json() == trial.decision
    return trial


async def test_a_mean_price_by_rates_is_tried_with_another_factor_and_ceiling(market: Market) -> None:
    rates = [{"discount_bp": rate} for rate in (500, 1000, 1500, 2000, 2500)]
    terms = mean_terms(price_basis="discount_rate")
    past = await past_of(market, terms, rates)
    assert past.ruling.decision["winner"] == code(3)
    lower = again(try_on(past, {**terms, "factor_bp": [9000]}))
    assert (lower.decision["winner"], lower.decision["factor_bp"]) == (code(5), 9000)
    assert lower.sensitivity == ()
    halved: Any = again(try_on(past, {**terms, "ceiling_fen": CEILING // 2})).decision["ranking"]
    assert (halved[0]["bidder"], halved[0]["price_fen"]) == (code(3), 8_500_000)  # a rate means a share of the ceiling
    with pytest.raises(Malformed) as caught:
        try_on(past, mean_terms())
    assert {one.pointer for one in caught.value.faults} == {"/terms/price_basis"}
    assert try_on(past, {**terms, "factor_bp": [9500, 9000]}).decision["outcome"] == "draw_needed"


async def test_points_by_rates_are_tried_with_lines_for_low_prices(market: Market) -> None:
    terms = sealed_terms(price_basis="discount_rate")
    past = await past_of(market, terms, [{"discount_bp": rate} for rate in (4000, 1000, 1200)])
    assert past.ruling.decision["winner"] == code(1)
    tried = again(try_on(past, {**terms, "low_price": {"below_ceiling_bp": 7000}}))
    assert (tried.decision["outcome"], tried.decision["flagged"]) == ("awaiting_explanation", code(1))
    assert [one.points for one in tried.sensitivity] == [60, 20, 20]


async def test_draws_are_tried_with_the_inputs_that_were_opened(market: Market) -> None:
    past = await past_of(market, draw_terms("credit_draw"), [{}] * 5, draws=True)
    assert past.ruling.decision["outcome"] == "owner_choice"
    longer = again(try_on(past, draw_terms("credit_draw", big_list=5, small_list=3)))
    before: Any = past.ruling.decision["ranking"]
    after: Any = longer.decision["ranking"]
    drawn = [row["bidder"] for row in before]
    assert (len(drawn), len(after)) == (5, 5)  # equal credit: all of them are on the big list anyhow
    assert [row["bidder"] for row in after] == drawn
    assert longer.decision["shortlist"] == drawn[:3]
    assert [one.code for one in try_on(past, draw_terms("credit_draw", big_list=5, small_list=5)).warnings] == [
        "small_list_holds_all"
    ]
    hurried: Any = try_on(past, draw_terms("credit_draw", max_days=10)).decision
    assert hurried["reason"] == "too_few_bidders"  # everybody signed up for the days that were published
    with pytest.raises(Malformed) as caught:
        try_on(past, draw_terms("random_draw"))
    assert [(one.pointer, one.code) for one in caught.value.faults] == [("/terms/mode", "other_mode")]


async def test_a_random_draw_is_tried_with_a_higher_minimum(market: Market) -> None:
    past = await past_of(market, draw_terms("random_draw"), [{}] * 4, draws=True)
    assert again(try_on(past, draw_terms("random_draw"))).decision == past.ruling.decision
    assert try_on(past, draw_terms("random_draw", min_bidders=5)).decision["reason"] == "too_few_bidders"


async def test_a_direct_choice_left_nothing_to_compute_again(market: Market) -> None:
    published = await market.publish(DIRECT, buyer_class="voluntary")
    with pytest.raises(NotFound):
        await read_past(market.database, published.selection)
    command = AwardDirectly(selection=published.selection, agency=code(1), price_fen=5, days=3, reason="延续（示例）")
    assert isinstance(await award_directly(market.database, owner(), command), AwardedDirectly)
    past = await read_past(market.database, published.selection)
    with pytest.raises(Conflict) as caught:
        try_on(past, sealed_terms())
    assert caught.value.code == "nothing_to_try"


async def test_a_selection_that_was_followed_by_another_cannot_be_tried_any_more(market: Market) -> None:
    terms = sealed_terms()
    past = await past_of(market, terms, [{"price_fen": 15_000_000}, {"price_fen": 16_000_000}])
    assert past.ruling.decision["outcome"] == "unsuccessful"
    assert try_on(past, sealed_terms(min_bidders=2)).decision["outcome"] == "award"
    await settle_selection(market.database, past.selection)
    at = now()
    command = PublishAgain(
        demand=past.demand, reason="报价不足三家（示例）", nonce=nonce("again"),
        sign_up_closes_at=at + timedelta(seconds=2.5), closes_at=at + timedelta(seconds=2.6),
    )  # fmt: skip
    done = await publish_again(market.database, owner(), command)
    assert isinstance(done, DemandPublishedAgain)
    for selection in (past.selection, done.selection):
        with pytest.raises(NotFound):
            await read_past(market.database, selection)
    await until(at + timedelta(seconds=2.7))
    assert (await read_past(market.database, done.selection)).ruling.case["bids"] == []
    with pytest.raises(NotFound):
        await read_past(market.database, past.selection)  # its successor's facts are not given for its own
