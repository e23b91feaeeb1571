"""The owner's direct choice: where it is allowed, what it must meet, what giving it up means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commons.errors import Conflict, Malformed
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.standing import selection_state
from marketplace.usecases.take_instant_award import InstantAwarded, OnShelf, TakeInstantAward, take_instant_award
from tests.usecases.market import Market, agency, code, instant_terms, now, owner

CEILING = 20_000_000

DIRECT: dict[str, Any] = {"mode": "direct", "ceiling_fen": CEILING, "max_days": 40}


async def name(database: Database, selection: str, number: int, **changes: Any) -> AwardedDirectly | Refused:
    """The owner names an agency."""
    given = {"price_fen": 9_000_000, "days": 30, "reason": "延续前期勘察（示例）", **changes}
    return await award_directly(database, owner(), AwardDirectly(selection=selection, agency=code(number), **given))


async def test_a_direct_choice_is_open_to_voluntary_owners_alone(database: Database) -> None:
    market = Market(database)
    draft = await market.post(DIRECT)
    refused = await publish_demand(database, owner(), PublishDemand(demand=draft))
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["direct_not_allowed"]
    assert refused.reasons[0].source.title.startswith("演示规则")


async def test_a_named_agency_meets_what_any_other_would(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    await market.file(2, grade=None)
    published = await market.publish(DIRECT, buyer_class="voluntary")
    refused = await name(database, published.selection, 2, price_fen=CEILING + 1, days=41)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["qualification_missing", "ceiling_exceeded", "days_exceeded"]
    done = await name(database, published.selection, 1)
    assert isinstance(done, AwardedDirectly)
    with pytest.raises(Conflict) as twice:
        await name(database, published.selection, 1)
    assert twice.value.code == "already_decided"
    state = await settle_selection(database, published.selection)
    assert state.picked is not None
    assert (state.proposed, state.picked.reason, state.case) == (code(1), "延续前期勘察（示例）", None)


async def test_giving_up_a_direct_award_costs_nothing_and_ends_the_selection(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(DIRECT, buyer_class="voluntary")
    assert isinstance(await name(database, published.selection, 1), AwardedDirectly)
    gone = await abandon_award(
        database, agency(1), AbandonAward(selection=published.selection, agency=code(1), reason="未曾报价（示例）")
    )
    assert isinstance(gone, AwardAbandoned)
    assert (gone.credit_fact, gone.points, gone.proposed) == (None, 0, None)
    state = await settle_selection(database, published.selection)
    assert state.is_unsuccessful


async def test_a_restriction_reaches_an_agency_that_was_named(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(DIRECT, buyer_class="voluntary")
    assert isinstance(await name(database, published.selection, 1), AwardedDirectly)
    await market.restrict(1)
    state = await settle_selection(database, published.selection)
    assert (state.proposed, state.is_unsuccessful) == (None, True)


async def test_another_one_on_the_shelf_is_a_direct_choice_with_its_reason(database: Database) -> None:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
        await market.shelve(number, 100_000 * number)
    fiscal = await market.publish(instant_terms())
    instead = OnShelf(agency=code(2), reason="熟悉场地（示例）")
    refused = await take_instant_award(database, owner(), TakeInstantAward(demand=fiscal.demand, instead=instead))
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["direct_not_allowed"]
    free = await market.publish(instant_terms(), buyer_class="voluntary")
    stranger = OnShelf(agency=code(3), reason="不在架（示例）")
    none = await take_instant_award(database, owner(), TakeInstantAward(demand=free.demand, instead=stranger))
    assert isinstance(none, Refused)
    assert [one.code for one in none.reasons] == ["not_on_the_shelf"]
    done = await take_instant_award(database, owner(), TakeInstantAward(demand=free.demand, instead=instead))
    assert isinstance(done, InstantAwarded)
    assert (done.winner, done.price_fen) == (code(2), 2_000_000)
    async with database.read() as connection:
        state = await selection_state(connection, free.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(1)
    assert state.picked is not None
    assert (state.proposed, state.picked.reason) == (code(2), "熟悉场地（示例）")


async def test_a_named_agency_says_its_days_where_the_terms_bound_them(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(DIRECT, buyer_class="voluntary")
    with pytest.raises(Malformed) as refused:
        await name(database, published.selection, 1, days=None)
    assert [one.code for one in refused.value.faults] == ["days_missing"]


@pytest.mark.parametrize("terms", [DIRECT, instant_terms()], ids=["direct", "instant"])
async def test_what_the_owner_picks_at_once_has_no_clock(database: Database, terms: dict[str, Any]) -> None:
    at = now() + timedelta(seconds=5)
    with pytest.raises(Malformed) as refused:
        await Market(database).post(terms, buyer_class="voluntary", sign_up_closes_at=at, closes_at=at)
    assert [one.code for one in refused.value.faults] == ["no_clock_here", "no_clock_here"]


async def test_a_clock_on_record_decides_nothing_where_the_owner_picks_at_once(database: Database) -> None:
    published = await Market(database).publish(instant_terms())
    past = now() - timedelta(seconds=1)
    async with database.transaction() as connection:
        await connection.execute("UPDATE selection SET due_at = $1", past)
    state = await settle_selection(database, published.selection)
    assert (state.decision, state.evaluation) == (None, None)
    assert (await read_demands(database, DemandQuery(), Slice())).total == 1


async def test_nothing_is_drawn_for_an_owner_who_asks_for_another_one(database: Database) -> None:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
        await market.shelve(number, 100_000)
    for buyer, expected in (("fiscal", "direct_not_allowed"), ("voluntary", "draw_decides_here")):
        published = await market.publish(instant_terms(rule="draw"), buyer_class=buyer)
        for number in (1, 2):
            instead = OnShelf(agency=code(number), reason="熟悉场地（示例）")
            asked = TakeInstantAward(demand=published.demand, instead=instead)
            refused = await take_instant_award(database, owner(), asked)
            assert isinstance(refused, Refused)
            assert [one.code for one in refused.reasons] == [expected]
