"""Demands in every mode, from posting to the proposed award, on the database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bidding import store as bidding
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.canonical import Json
from commons.errors import Conflict, Forbidden, Malformed
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.act import clock
from marketplace.usecases.cancel_selection import CancelSelection, SelectionCancelled, cancel_selection
from marketplace.usecases.pick_from_shortlist import PickedFromShortlist, PickFromShortlist, pick_from_shortlist
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection, suspend_selection
from tests.usecases.market import REGULATOR, Market, agency, code, nonce, now, owner, round_terms, sealed_terms, until

CEILING = 20_000_000


def draw_terms(mode: str, **changes: Any) -> dict[str, Any]:
    """Terms of a draw."""
    lists = {"big_list": 3, "small_list": 2} if mode == "credit_draw" else {}
    return {
        "mode": mode,
        "ceiling_fen": CEILING,
        "max_days": 30,
        "min_bidders": 3,
        "ties": ["draw"],
        **lists,
        **changes,
    }


def mean_terms(**changes: Any) -> dict[str, Any]:
    """Terms of a mean-price selection of five."""
    return {"mode": "mean_price", "ceiling_fen": CEILING, "min_bidders": 5, "ties": ["price", "draw"], **changes}


async def file_some(market: Market, count: int) -> list[int]:
    """File so many agencies, each with the certificate."""
    for number in range(1, count + 1):
        await market.file(number)
    return list(range(1, count + 1))


async def enter(market: Market, selection: str, numbers: list[int], *, draw: bool = False) -> None:
    """Sign them up, with their part of the draw where that is all there is to do."""
    for number in numbers:
        given = {"nonce": nonce("entry", number)} if draw else {}
        signed = await market.sign_up(selection, number, **given)
        assert isinstance(signed, SignedUp), signed


async def settled(database: Database, selection: str) -> Selection:
    """The selection after settling, as its record alone makes it."""
    await settle_selection(database, selection)
    async with database.read() as connection:
        return await selection_state(connection, selection)


def again(state: Selection) -> dict[str, Json]:
    """The decision of the recorded case, computed anew."""
    case = state.case if state.case is not None else state.evaluated_case
    assert case is not None, "decided"
    return decide(parse_case(json.loads(json.dumps(case)))).as_json()


async def test_a_mean_price_demand_is_awarded_to_the_nearest(database: Database) -> None:
    market = Market(database)
    numbers = await file_some(market, 5)
    published = await market.publish(mean_terms(), close_s=2.2, closes_at=now() + timedelta(seconds=2.2))
    await enter(market, published.selection, numbers)
    for number, price in zip(numbers, (9_000_000, 10_000_000, 11_500_000, 12_000_000, 19_000_000), strict=True):
        assert isinstance(await market.offer(published.selection, number, price), OfferPlaced)
    state = await settle_selection(database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    state = await settled(database, published.selection)
    assert state.decision is not None
    assert (state.decision["benchmark_fen"], state.decision["winner"]) == (11_166_667, code(3))
    assert state.proposed == code(3)
    assert again(state) == state.decision


async def test_rates_are_offered_and_ranked_by_the_price_they_mean(database: Database) -> None:
    market = Market(database)
    numbers = await file_some(market, 3)
    published = await market.publish(sealed_terms(price_basis="discount_rate"))
    await enter(market, published.selection, numbers)
    placed = await _rate(database, published.selection, 1, 1234)
    assert isinstance(placed, OfferPlaced)
    assert placed.price_fen == CEILING * (10_000 - 1234) // 10_000
    assert isinstance(await _rate(database, published.selection, 2, 2000), OfferPlaced)
    refused = await _rate(database, published.selection, 3, 10_000)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["discount_out_of_range"]
    with pytest.raises(Malformed) as named:
        await market.offer(published.selection, 3, 15_000_000)
    assert {(one.pointer, one.code) for one in named.value.faults} == {
        ("/price_fen", "other_price_basis"),
        ("/discount_bp", "missing"),
    }
    assert isinstance(await _rate(database, published.selection, 3, 500), OfferPlaced)
    state = await settle_selection(database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    state = await settled(database, published.selection)
    assert state.decision is not None
    first = cast("list[dict[str, Json]]", state.decision["ranking"])[0]
    assert (first["bidder"], first["price_fen"], first["discount_bp"]) == (code(2), 16_000_000, 2000)
    assert again(state) == state.decision


async def _rate(database: Database, selection: str, number: int, rate: int) -> OfferPlaced | Refused:
    command = PlaceOffer(selection=selection, agency=code(number), discount_bp=rate, days=20, nonce=nonce(number))
    return await place_offer(database, agency(number), command)


async def test_rates_are_taken_in_rounds_and_a_rate_that_does_not_fall_is_refused(database: Database) -> None:
    market = Market(database)
    numbers = await file_some(market, 3)
    terms = round_terms(opens_in=1.6, length=1.2, rounds=1, price_basis="discount_rate", max_days=60)
    published = await market.publish(terms)
    await enter(market, published.selection, numbers)
    state = await settle_selection(database, published.selection)
    rounds = cast("list[dict[str, str]]", state.terms["rounds"])
    await until(datetime.fromisoformat(rounds[0]["opens_at"]))
    for number, rate in ((1, 500), (2, 700), (3, 900)):
        assert isinstance(await _rate(database, published.selection, number, rate), OfferPlaced)
    refused = await _rate(database, published.selection, 1, 520)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["step_not_met"]
    await until(datetime.fromisoformat(rounds[0]["closes_at"]))
    state = await settled(database, published.selection)
    assert state.proposed == code(3)
    assert again(state) == state.decision


async def test_a_random_draw_is_among_those_who_signed_up_at_the_published_amount(database: Database) -> None:
    market = Market(database)
    numbers = await file_some(market, 4)
    published = await market.publish(draw_terms("random_draw"))
    assert published.draw_commitment is not None
    with pytest.raises(Malformed) as lacking:
        await market.sign_up(published.selection, 1)
    assert [(one.pointer, one.code) for one in lacking.value.faults] == [("/nonce", "nonce_missing")]
    await enter(market, published.selection, numbers, draw=True)
    with pytest.raises(Conflict) as conflict:
        await market.offer(published.selection, 1, 10_000_000)
    assert conflict.value.code == "no_offers_here"
    state = await settle_selection(database, published.selection)
    assert state.closes_at == state.sign_up_closes_at
    assert state.closes_at is not None
    await until(state.closes_at)
    state = await settled(database, published.selection)
    assert state.decision is not None
    assert len(cast("list[Json]", state.decision["ranking"])) == 4
    assert state.proposed == state.decision["winner"]
    assert again(state) == state.decision
    async with database.read() as connection:
        price = await connection.fetchval("SELECT winning_fen FROM demand WHERE id = $1", published.demand)
    assert price == CEILING


async def test_a_draw_that_closes_at_another_instant_than_its_sign_up_is_refused(database: Database) -> None:
    with pytest.raises(Malformed) as refused:
        await Market(database).post(draw_terms("random_draw"), closes_at=now() + timedelta(seconds=9))
    assert [one.code for one in refused.value.faults] == ["closes_with_sign_up"]


async def drawn(database: Database, count: int = 4) -> tuple[Market, DemandPublished, Selection]:
    """A credit draw that has closed."""
    market = Market(database)
    numbers = await file_some(market, count)
    published = await market.publish(draw_terms("credit_draw"))
    await enter(market, published.selection, numbers, draw=True)
    state = await settle_selection(database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    return market, published, await settled(database, published.selection)


def shortlist(state: Selection) -> list[str]:
    """Who is on the short list now."""
    assert state.evaluation is not None
    return cast("list[str]", state.evaluation["shortlist"])


async def pick(database: Database, selection: str, who: str) -> PickedFromShortlist | Refused:
    """The owner names one of the short list."""
    command = PickFromShortlist(selection=selection, agency=who, reason="同类项目经验更近（示例）")
    return await pick_from_shortlist(database, owner(), command)


async def test_the_owner_picks_one_of_the_short_list_once(database: Database) -> None:
    _, published, state = await drawn(database)
    listed = shortlist(state)
    assert state.decision is None
    assert state.choice_until is not None
    assert len(listed) == 2
    stranger = next(code(number) for number in range(1, 5) if code(number) not in listed)
    refused = await pick(database, published.selection, stranger)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.reasons] == ["not_on_the_shortlist"]
    with pytest.raises(Forbidden):
        await pick_from_shortlist(
            database,
            agency(1),
            PickFromShortlist(selection=published.selection, agency=listed[1], reason="不是业主（示例）"),
        )
    done = await pick(database, published.selection, listed[1])
    assert isinstance(done, PickedFromShortlist)
    twice = await pick(database, published.selection, listed[0])
    assert isinstance(twice, Refused)
    assert [one.code for one in twice.reasons] == ["choice_is_made"]
    state = await settled(database, published.selection)
    assert state.decision is not None
    assert (state.decision["outcome"], state.decision["winner"], state.proposed) == ("owner_choice", None, listed[1])
    assert again(state) == state.decision


async def test_an_owner_who_does_not_choose_in_time_leaves_it_to_the_draw(database: Database) -> None:
    _, published, state = await drawn(database)
    first, end = shortlist(state)[0], state.choice_until
    assert end is not None
    await until(end.at)
    state = await settled(database, published.selection)
    assert state.picked is not None
    assert (state.proposed, state.picked.ground, state.picked.reason) == (first, "silence", None)
    assert state.picked.at == end.at


async def test_a_void_while_the_owner_chooses_moves_the_next_up_and_nobody_else(database: Database) -> None:
    market, published, state = await drawn(database)
    listed = shortlist(state)
    assert state.evaluation is not None
    order = [str(row["bidder"]) for row in cast("list[dict[str, Json]]", state.evaluation["ranking"])]
    number = next(one for one in range(1, 5) if code(one) == listed[0])
    await market.restrict(number)
    refused = await pick(database, published.selection, listed[0])
    assert isinstance(refused, Refused)
    state = await settled(database, published.selection)
    assert shortlist(state)[0] == order[1]
    assert listed[0] not in shortlist(state)
    done = await pick(database, published.selection, shortlist(state)[1])
    assert isinstance(done, PickedFromShortlist)


async def test_the_picked_one_gives_way_to_the_first_of_the_draw(database: Database) -> None:
    _, published, state = await drawn(database)
    first, second = shortlist(state)
    assert isinstance(await pick(database, published.selection, second), PickedFromShortlist)
    number = next(one for one in range(1, 5) if code(one) == second)
    gone = await abandon_award(
        database, agency(number), AbandonAward(selection=published.selection, agency=second, reason="人员不足（示例）")
    )
    assert isinstance(gone, AwardAbandoned)
    assert gone.proposed == first
    assert gone.credit_fact is not None


async def test_what_is_drawn_takes_two_people_to_cancel_and_a_regulator_to_suspend(database: Database) -> None:
    _, published, _ = await drawn(database)
    selection, reason = published.selection, "项目调整（示例）"
    alone = await cancel_selection(database, owner(), CancelSelection(selection=selection, reason=reason))
    assert isinstance(alone, Refused)
    assert [one.code for one in alone.reasons] == ["drawn_needs_approver"]
    held_up = await suspend_selection(database, owner(), SuspendSelection(selection=selection, reason=reason))
    assert isinstance(held_up, Refused)
    assert [one.code for one in held_up.reasons] == ["drawn_not_suspended_by_owner"]
    himself = CancelSelection(selection=selection, reason=reason, approver=owner().actor.id)
    with pytest.raises(Malformed):
        await cancel_selection(database, owner(), himself)
    by_regulator = await suspend_selection(database, REGULATOR, SuspendSelection(selection=selection, reason=reason))
    assert isinstance(by_regulator, SelectionSuspended)
    both = await cancel_selection(database, owner(), CancelSelection(selection=selection, reason=reason, approver="R1"))
    assert isinstance(both, SelectionCancelled)


async def test_the_part_of_a_draw_is_given_where_it_is_asked_and_nowhere_else(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(sealed_terms())
    with pytest.raises(Malformed) as refused:
        await market.sign_up(published.selection, 1, nonce=nonce("entry"))
    assert [one.code for one in refused.value.faults] == ["nonce_not_asked"]


async def test_a_factor_that_could_leave_no_benchmark_is_not_published(database: Database) -> None:
    mean = [{"kind": "price", "points": 100, "formula": "mean", "above": 1, "below": 1, "factor_bp": [4999]}]
    for terms, pointer in (
        (mean_terms(factor_bp=[10_000, 4999]), "/terms/factor_bp"),
        (sealed_terms(criteria=mean), "/terms/criteria/0/factor_bp"),
    ):
        with pytest.raises(Malformed) as refused:
            await Market(database).post(terms)
        assert [(one.pointer, one.code) for one in refused.value.faults] == [(pointer, "out_of_range")]


async def test_lists_follow_a_void_while_the_owner_chooses_before_anybody_settles_it(database: Database) -> None:
    _, published, _ = await drawn(database, count=3)
    async with database.transaction() as connection:
        at = await clock(connection)
        await bidding.insert_voids(connection, [published.selection], code(1), restriction="R", at=at)
    shown = (await read_demand(database, published.demand)).demand
    assert (shown.state, shown.reason) == ("unsuccessful", "too_few_bidders")
    listed = (await read_demands(database, DemandQuery(), Slice())).rows
    assert [(row.state, row.reason) for row in listed] == [("unsuccessful", "too_few_bidders")]
