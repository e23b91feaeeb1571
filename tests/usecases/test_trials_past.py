"""Other terms on the facts of a past selection: what they would have made of it, and nothing before its close."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.sensitivity import sensitivity
from commons.errors import Malformed, NotFound
from marketplace.database import Database
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.usecases.try_terms import Past, Trial, read_past, try_on
from tests.usecases.market import Market, code, instant_terms, owner, round_terms, sealed_terms, until

PRICE = {"kind": "price", "points": 60, "formula": "lowest"}
DAYS = {"kind": "days", "points": 40}
ONLY_PRICE = [{**PRICE, "points": 100}]
CHEAP_AND_SLOW, DEAR_AND_FAST, BETWEEN = 1, 2, 3
OFFERS = {CHEAP_AND_SLOW: (15_000_000, 60), DEAR_AND_FAST: (18_000_000, 10), BETWEEN: (17_000_000, 50)}


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in OFFERS:
        await market.file(number)
    return market


async def opened(market: Market, terms: dict[str, Any], *, days: bool = True, close_s: float = 2.5) -> DemandPublished:
    """A selection with three offers, still open."""
    published = await market.publish(terms, sign_up_s=close_s - 0.1, close_s=close_s)
    for number, (price_fen, promised) in OFFERS.items():
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        offered = await market.offer(published.selection, number, price_fen, promised if days else None)
        assert isinstance(offered, OfferPlaced), offered
    return published


async def closed(market: Market, terms: dict[str, Any], *, days: bool = True) -> DemandPublished:
    """The same past its close."""
    published = await opened(market, terms, days=days)
    await until(published.published_at + timedelta(seconds=2.6))
    return published


def tried(past: Past, **changes: Any) -> Trial:
    return try_on(past, sealed_terms(**changes))


def faults(past: Past, terms: Any) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        try_on(past, terms)
    return [(one.pointer, one.code) for one in caught.value.faults]


async def test_other_weights_name_who_would_have_won_and_how_far_they_hold(market: Market) -> None:
    published = await closed(market, sealed_terms(criteria=ONLY_PRICE))
    past = await read_past(market.database, published.selection)
    file = await read_award(market.database, published.demand)
    assert (past.ruling, past.names, past.demand) == (file.ruling, file.names, published.demand)
    assert past.ruling.decision["winner"] == code(CHEAP_AND_SLOW)
    same = tried(past, criteria=ONLY_PRICE)
    assert (same.case, same.decision) == (past.ruling.case, past.ruling.decision)
    other = tried(past, criteria=[PRICE, DAYS])
    assert other.decision["winner"] == code(DEAR_AND_FAST)
    assert other.case == {**past.ruling.case, "terms": sealed_terms(criteria=[PRICE, DAYS])}
    again = parse_case(dict(other.case))
    assert decide(again).as_json() == other.decision
    assert other.sensitivity == sensitivity(again)
    weight = other.sensitivity[0]
    assert weight.above is not None
    assert (weight.first, weight.above.bidder) == (code(DEAR_AND_FAST), code(CHEAP_AND_SLOW))
    beyond = weight.above.points
    moved = [{**PRICE, "points": beyond}, {**DAYS, "points": 100 - beyond}]
    assert tried(past, criteria=moved).decision["winner"] == code(CHEAP_AND_SLOW)


async def test_what_a_trial_cannot_decide_it_says_and_what_is_one_sided_it_warns_of(market: Market) -> None:
    published = await closed(market, sealed_terms(criteria=ONLY_PRICE))
    past = await read_past(market.database, published.selection)
    few = tried(past, min_bidders=4)
    assert (few.decision["outcome"], few.decision["reason"]) == ("unsuccessful", "too_few_bidders")
    assert [one.code for one in few.warnings] == ["min_bidders_above_admitted"]
    assert few.sensitivity == ()
    graded = [{**PRICE, "points": 50}, {"kind": "grade", "points": 50, "table": {"甲级": 50, "乙级": 50}}]
    warned = [one.code for one in tried(past, criteria=graded).warnings]
    assert warned == ["grade_table_flat", "criterion_tells_nobody_apart"]
    drawn = [{**PRICE, "points": 100, "formula": "mean", "above": 100, "below": 50, "factor_bp": [9500, 9800]}]
    assert tried(past, criteria=drawn).decision["outcome"] == "draw_needed"  # no draw was opened for this selection
    dear = tried(past, ceiling_fen=16_000_000, min_bidders=1)
    assert dear.decision["rejected"] == [
        {"bidder": bidder, "reasons": ["ceiling_exceeded"]} for bidder in sorted([code(2), code(3)])
    ]
    low = tried(past, criteria=ONLY_PRICE, low_price={"below_ceiling_bp": 8000})
    assert (low.decision["outcome"], low.decision["flagged"]) == ("awaiting_explanation", code(1))


async def test_every_fault_of_the_terms_and_every_fact_they_lack_has_its_place(market: Market) -> None:
    terms = sealed_terms(criteria=ONLY_PRICE)
    del terms["max_days"]
    published = await closed(market, terms, days=False)
    past = await read_past(market.database, published.selection)
    assert try_on(past, terms).decision == past.ruling.decision
    assert faults(past, None) == [("/terms", "not_an_object")]
    assert faults(past, {**terms, "ceiling_fen": 0, "tie": []}) == [
        ("/terms/tie", "unknown_key"), ("/terms/ceiling_fen", "out_of_range"),
    ]  # fmt: skip
    assert faults(past, sealed_terms(criteria=[PRICE, DAYS], ties=["days", "draw"])) == [
        ("/terms/criteria/1", "fact_not_on_record"),
        ("/terms/max_days", "fact_not_on_record"),
        ("/terms/ties/0", "fact_not_on_record"),
    ]
    with pytest.raises(Malformed) as caught:
        tried(past, criteria=[PRICE, DAYS])
    assert caught.value.faults[0].detail == "days: the terms ask for it; so for 3 of the bids on record"
    plan = [PRICE, {"kind": "plan", "points": 40}]
    assert faults(past, {**terms, "criteria": plan}) == [("/terms/criteria/1", "fact_not_on_record")]
    assert faults(past, {**terms, "price_basis": "discount_rate"}) == [
        ("/terms/price_basis", "other_price_basis"), ("/terms/price_basis", "fact_not_on_record"),
    ]  # fmt: skip
    assert faults(past, round_terms(opens_in=1, length=1)) == [("/terms/mode", "other_mode")]


async def test_nothing_of_a_selection_can_be_tried_before_its_close(market: Market) -> None:
    published = await opened(market, sealed_terms(), close_s=4.0)
    without = await market.publish(sealed_terms(), sign_up_s=3.9, close_s=4.0)
    draft = await market.post(sealed_terms())
    kinds = []
    for identifier in (published.selection, without.selection, published.demand, draft, "S000000-00000000"):
        with pytest.raises(NotFound) as caught:
            await read_past(market.database, identifier)
        kinds.append((caught.value.kind, str(caught.value).replace(identifier, "…")))
    assert len(set(kinds)) == 1  # an open selection with offers, one without, a draft, and nothing: all the same
    await until(published.published_at + timedelta(seconds=4.05))
    assert (await read_past(market.database, published.selection)).ruling.decision["outcome"] == "award"


async def test_rounds_are_played_again_under_other_steps_and_rounds_under_way_are_not_there(market: Market) -> None:
    terms = round_terms(opens_in=1.2, length=1.5, rounds=1)
    published = await market.publish(terms, sign_up_s=1.1)
    for number in OFFERS:
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
    await until(published.published_at + timedelta(seconds=1.3))
    for number, price_fen in ((1, 15_000_000), (2, 16_000_000), (3, 17_000_000), (2, 14_500_000)):
        assert isinstance(await market.offer(published.selection, number, price_fen), OfferPlaced)
    with pytest.raises(NotFound):
        await read_past(market.database, published.selection)
    await until(published.published_at + timedelta(seconds=2.9))
    past = await read_past(market.database, published.selection)
    assert past.ruling.decision["winner"] == code(2)
    steeper = try_on(past, {**terms, "step_fen": 2_000_000})
    assert steeper.decision["winner"] == code(1)
    offers: Any = steeper.decision["offers"]
    assert [one["accepted"] for one in offers] == [True, True, True, False]
    assert steeper.sensitivity == ()
    untimely = {**terms, "rounds": [{**terms["rounds"][0], "closes_at": terms["rounds"][0]["opens_at"]}]}
    assert faults(past, untimely) == [("/terms/rounds/0/closes_at", "closes_before_opening")]


async def test_an_instant_award_is_tried_with_another_rule(market: Market) -> None:
    for number, unit_fen in ((1, 100_000), (2, 110_000), (3, 120_000)):
        await market.shelve(number, unit_fen)
    published = await market.publish(instant_terms())
    with pytest.raises(NotFound):
        await read_past(market.database, published.selection)
    taken = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(taken, InstantAwarded)
    past = await read_past(market.database, published.selection)
    assert past.ruling.decision["winner"] == code(1)
    many = try_on(past, instant_terms(quantity=1000))
    assert many.decision["outcome"] == "unsuccessful"
    weighed = try_on(past, instant_terms(rule="best_value", criteria=ONLY_PRICE, ties=["days", "draw"]))
    assert weighed.decision["winner"] == code(1)
    assert [one.high for one in weighed.sensitivity] == [100]


async def test_a_selection_without_offers_can_be_tried_and_stays_without_success(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=1.2, close_s=1.3)
    await until(published.published_at + timedelta(seconds=1.4))
    await settle_selection(market.database, published.selection)
    past = await read_past(market.database, published.selection)
    assert try_on(past, sealed_terms(min_bidders=1)).decision["outcome"] == "unsuccessful"
