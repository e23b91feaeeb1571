"""Whoever may not be awarded any more at the close is passed over, as whoever has reached the cap of lots is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

import pytest

from agencies import store as agencies
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.canonical import Json
from marketplace.database import Database
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.follow_qualification import FollowQualification, QualificationFollowed, follow_qualification
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_award import read_award
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from tests.usecases.market import REGULATOR, Market, agency, code, owner, sealed_terms, until

DESIGN, REVIEW = "SV19", "SV16"
DIRECT = {"mode": "direct", "ceiling_fen": 20_000_000}
LOWEST = [{"kind": "price", "points": 100, "formula": "lowest"}]
PRICES = {1: 9_000_000, 2: 10_000_000, 3: 11_000_000, 4: 12_000_000}
PAPERS = {DESIGN: ("工程设计资质", "甲级"), REVIEW: ("施工图审查机构", "一类")}


@pytest.fixture
async def market(database: Database) -> Market:
    """Agencies 1 to 4 may review; 1 may design as well."""
    made = Market(database)
    for number in PRICES:
        await made.file(number)
        for item in (DESIGN, REVIEW) if number == 1 else (REVIEW,):
            kind, grade = PAPERS[item]
            command = AddQualification(
                agency=code(number), kind=kind, grade=grade, number=f"Z{number}-{item}", valid_from=date(2020, 1, 1)
            )
            assert isinstance(await add_qualification(database, agency(number), command), QualificationAdded)
    return made


async def reviewed(market: Market, prices: Mapping[int, int]) -> DemandPublished:
    """A review whose offers are in; agency 1's, the cheapest, among them."""
    terms = sealed_terms(criteria=LOWEST, ties=["price", "draw"])
    published = await market.publish(terms, item=REVIEW, sign_up_s=1.8, close_s=2.6)
    for number, price in prices.items():
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, price), OfferPlaced)
    return published


async def designs(market: Market) -> None:
    """Agency 1 is awarded the design of the project."""
    direct = await market.publish(DIRECT, buyer_class="voluntary", item=DESIGN)
    command = AwardDirectly(selection=direct.selection, agency=code(1), price_fen=1_000_000, reason="延续（示例）")
    assert isinstance(await award_directly(market.database, owner(), command), AwardedDirectly)


async def revoked(market: Market) -> None:
    """Agency 1's certificate to review is revoked."""
    async with market.database.read() as connection:
        held = (await agencies.qualifications(connection, [code(1)]))[code(1)]
    paper = next(one.id for one in held if one.kind == PAPERS[REVIEW][0])
    command = FollowQualification(agency=code(1), qualification=paper, what="revoked", reason="撤销（示例）")
    assert isinstance(await follow_qualification(market.database, REGULATOR, command), QualificationFollowed)


async def closed(market: Market, published: DemandPublished) -> Selection:
    """The selection after its close; what a page shows before anybody settles it is what settling brings."""
    await until(published.published_at + timedelta(seconds=2.8))
    shown = (await read_award(market.database, published.demand)).ruling.decision
    state = await settle_selection(market.database, published.selection)
    assert state.decision == shown == decide(parse_case(json.loads(json.dumps(state.case)))).as_json()
    return state


def rejected(state: Selection) -> list[Any]:
    return cast("list[Any]", cast("dict[str, Json]", state.decision)["rejected"])


@pytest.mark.parametrize("why", ["own_work_since", "qualification_lost"])
async def test_what_changed_between_sign_up_and_close_puts_the_best_offer_out(market: Market, why: str) -> None:
    published = await reviewed(market, PRICES)
    await (designs if why == "own_work_since" else revoked)(market)
    state = await closed(market, published)
    assert rejected(state) == [{"bidder": code(1), "reasons": [why]}]
    assert state.proposed == code(2)


async def test_what_changed_after_the_close_decides_nothing_anew(market: Market) -> None:
    published = await reviewed(market, PRICES)
    await until(published.published_at + timedelta(seconds=2.7))
    await revoked(market)  # nobody has settled it yet
    state = await closed(market, published)
    assert (rejected(state), state.proposed) == ([], code(1))


async def test_an_award_that_passes_on_passes_over_who_has_work_of_its_own_by_then(market: Market) -> None:
    published = await reviewed(market, {1: 10_000_000, 2: 9_000_000, 3: 11_000_000})
    assert (await closed(market, published)).proposed == code(2)
    await designs(market)
    gone = await abandon_award(
        market.database, agency(2), AbandonAward(selection=published.selection, agency=code(2), reason="示例")
    )
    assert isinstance(gone, AwardAbandoned)
    assert gone.proposed == code(3)
    file = await read_award(market.database, published.demand)
    assert file.passed_over == {code(1): "passed_over_own_work"}
    assert "award_passed_over_own_work" in [one.what for one in file.happenings]


async def test_of_two_selections_that_close_together_one_bidder_gets_one(market: Market) -> None:
    command = AddQualification(
        agency=code(2), kind=PAPERS[DESIGN][0], grade="甲级", number="Z2", valid_from=date(2020, 1, 1)
    )
    assert isinstance(await add_qualification(market.database, agency(2), command), QualificationAdded)
    terms = sealed_terms(criteria=LOWEST, ties=["price", "draw"], min_bidders=2)
    review = await market.publish(terms, item=REVIEW, buyer_class="voluntary", sign_up_s=2.0, close_s=2.6)
    design = await market.publish(terms, item=DESIGN, buyer_class="voluntary", sign_up_s=2.0, close_s=2.5)
    for number, price in ((1, 9_000_000), (2, 10_000_000)):
        for one in (review, design):
            assert isinstance(await market.sign_up(one.selection, number), SignedUp)
            assert isinstance(await market.offer(one.selection, number, price), OfferPlaced)
    assert isinstance(await market.sign_up(review.selection, 3), SignedUp)
    assert isinstance(await market.offer(review.selection, 3, 11_000_000), OfferPlaced)
    state = await closed(market, review)  # nobody has settled the design, which closed first
    assert (rejected(state), state.proposed) == ([{"bidder": code(1), "reasons": ["own_work_since"]}], code(2))
    assert (await settle_selection(market.database, design.selection)).proposed == code(1)
