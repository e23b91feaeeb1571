"""Lots of one notice: decided in declared order under a cap, whenever anybody looks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bidding import store as bidding
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import Selection
from commons.canonical import Json
from commons.errors import Conflict, Malformed, NotFound
from commons.verdicts import Refused
from credit import store as credit
from marketplace.database import Database
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.cancel_selection import CancelSelection, SelectionCancelled, cancel_selection
from marketplace.usecases.lots import LotNow, settle_lots
from marketplace.usecases.pick_from_shortlist import PickedFromShortlist, PickFromShortlist, pick_from_shortlist
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.publish_notice import NoticePublished, PublishNotice, publish_notice
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_notice import read_notice
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.settlement import Matter
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.standing import selection_state
from tests.usecases.market import ITEM, OWNER, PROFILE, Market, agency, code, nonce, now, owner, sealed_terms, until

LOWEST = [{"kind": "price", "points": 100, "formula": "lowest"}]


def lot(terms: dict[str, Any], *, sign_up_s: float = 1.5, close_s: float = 2.4, **changes: Any) -> PostDemand:
    """One lot whose clocks end in so many seconds."""
    at = now()
    clocks = {} if terms["mode"] == "instant" else {"sign_up_closes_at": at + timedelta(seconds=sign_up_s)}
    if terms["mode"] == "comprehensive":
        clocks["closes_at"] = at + timedelta(seconds=close_s)
    return PostDemand(
        **{
            "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": ITEM,
            "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）", "region": "330304",
            "title": "标段（示例）", "terms": terms, "is_example": True, "nonce": nonce("owner", at),
            **clocks, **changes,
        }
    )  # fmt: skip


def cheapest(**changes: Any) -> dict[str, Any]:
    """Terms of the lowest price alone, no days."""
    terms = sealed_terms(criteria=LOWEST, ties=["price", "draw"], **changes)
    del terms["max_days"]
    return terms


async def publish(database: Database, lots: list[PostDemand], *, cap: int | None = 1) -> NoticePublished:
    """Post and publish a notice."""
    posted = await post_notice(
        database, owner(), PostNotice(title="分标段测绘（示例）", lot_cap=cap, lots=lots), profile=PROFILE
    )
    assert isinstance(posted, NoticePosted), posted
    done = await publish_notice(database, owner(), PublishNotice(notice=posted.notice))
    assert isinstance(done, NoticePublished), done
    return done


async def offer_in(market: Market, selection: str, prices: dict[int, int]) -> None:
    """Sign up and offer."""
    for number, price in prices.items():
        assert isinstance(await market.sign_up(selection, number), SignedUp)
        assert isinstance(await market.offer(selection, number, price, None), OfferPlaced)


async def stored(database: Database, selection: str) -> Selection:
    """The selection as its record makes it, nothing settled."""
    async with database.read() as connection:
        return await selection_state(connection, selection)


async def closed(database: Database, done: NoticePublished) -> list[Selection]:
    """All lots after their closes, settled by looking at the last one alone."""
    states = [await stored(database, one.selection) for one in done.lots]
    await until(max(one.closes_at for one in states if one.closes_at is not None))
    await settle_selection(database, done.lots[-1].selection)
    return [await stored(database, one.selection) for one in done.lots]


def again(state: Selection) -> dict[str, Json]:
    """The decision of the recorded case, computed anew from it alone."""
    assert state.case is not None
    return decide(parse_case(json.loads(json.dumps(state.case)))).as_json()


PRICES = {1: 9_000_000, 2: 10_000_000, 3: 11_000_000}


@pytest.mark.parametrize(("cap", "winners"), [(1, [1, 2]), (None, [1, 1])])
async def test_the_cap_keeps_the_winner_of_one_lot_out_of_the_next(
    database: Database, cap: int | None, winners: list[int]
) -> None:
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    done = await publish(database, [lot(cheapest()), lot(cheapest())], cap=cap)
    for one in done.lots:
        await offer_in(market, one.selection, {**PRICES})
    if cap is not None:
        await market.file(4)
        await offer_in(market, done.lots[1].selection, {4: 12_000_000})
    await closed(database, done)
    states = [await settle_selection(database, one.selection) for one in done.lots]
    assert [one.proposed for one in states] == [code(number) for number in winners]
    for one in states:
        assert one.decision == again(one)
    rejected = cast("dict[str, Json]", states[1].decision)["rejected"]
    assert rejected == ([] if cap is None else [{"bidder": code(1), "reasons": ["lot_cap_reached"]}])


async def test_a_lot_that_closes_first_waits_for_the_earlier_one_and_is_decided_with_it(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3, 4):
        await market.file(number)
    prices = {**PRICES, 4: 12_000_000}
    done = await publish(database, [lot(cheapest(), close_s=4.2), lot(cheapest(), close_s=2.6)])
    first, second = (one.selection for one in done.lots)
    await offer_in(market, first, prices)
    await offer_in(market, second, prices)
    state = await stored(database, second)
    assert state.closes_at is not None
    await until(state.closes_at)
    shown = await read_demand(database, done.lots[1].demand)
    waiting = await settle_selection(database, second)
    assert (waiting.waits_for, waiting.decision, waiting.closed_at) == (first, None, waiting.closes_at)
    assert [one.waits_for for one in (await read_notice(database, done.notice)).lots] == [None, 1]
    assert (shown.demand.state, shown.demand.reason) == ("evaluating", "waits_for_lot")
    states = await closed(database, done)
    assert [one.proposed for one in states] == [code(1), code(2)]
    file = await read_notice(database, done.notice)
    assert [(one.number, one.row.winner, one.waits_for) for one in file.lots] == [
        (1, code(1), None),
        (2, code(2), None),
    ]
    assert file.held == {code(1): 1, code(2): 1}
    assert states[1].decided_at == states[0].closes_at
    assert states[1].decision == again(states[1])


async def test_a_lot_waits_for_one_that_takes_offers_whoever_is_in_it(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3, 4, 5, 6):
        await market.file(number)
    done = await publish(database, [lot(cheapest(), close_s=60), lot(cheapest(), close_s=2.2)])
    first, second = (one.selection for one in done.lots)
    await offer_in(market, first, {4: 9_000_000, 5: 9_000_000, 6: 9_000_000})
    await offer_in(market, second, PRICES)
    state = await stored(database, second)
    assert state.closes_at is not None
    await until(state.closes_at)
    assert (await settle_selection(database, second)).waits_for == first


async def test_a_lot_that_is_published_again_stands_once_in_the_lists(database: Database) -> None:
    done = await publish(database, [lot(cheapest(), close_s=1.6), lot(cheapest(), close_s=60)])
    await closed_first(database, done)
    at = now()
    command = PublishAgain(
        demand=done.lots[0].demand, reason="报价不足三家（示例）", nonce=nonce("again"),
        sign_up_closes_at=at + timedelta(seconds=1.5), closes_at=at + timedelta(seconds=1.6),
    )  # fmt: skip
    assert isinstance(await publish_again(database, owner(), command), DemandPublishedAgain)
    await until(at + timedelta(seconds=1.7))
    listed = await read_demands(database, DemandQuery(), Slice())
    assert sorted(row.id for row in listed.rows) == sorted(one.demand for one in done.lots)
    assert listed.total == 2


async def closed_first(database: Database, done: NoticePublished) -> None:
    """The first lot after its close."""
    state = await stored(database, done.lots[0].selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    await settle_selection(database, done.lots[0].selection)


async def test_an_award_never_passes_to_somebody_who_has_reached_the_cap(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3, 4):
        await market.file(number)
    done = await publish(database, [lot(cheapest()), lot(cheapest())])
    first, second = (one.selection for one in done.lots)
    await offer_in(market, first, {**PRICES, 4: 12_000_000})
    await offer_in(market, second, {1: 9_900_000, 2: 9_000_000, 3: 9_800_000, 4: 9_950_000})
    await closed(database, done)
    # the first lot is 1's, the second 2's; when 1 gives up, 2 has its lot already: 3 is next
    gone = await abandon_award(
        database, agency(1), AbandonAward(selection=first, agency=code(1), reason="人员不足（示例）")
    )
    assert isinstance(gone, AwardAbandoned)
    assert gone.proposed == code(3)
    state = await stored(database, first)
    assert list(state.passed_over) == [code(2)]


async def test_a_lot_waits_for_the_owners_choice_in_an_earlier_one(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3, 4):
        await market.file(number)
    draw = {
        "mode": "credit_draw", "ceiling_fen": 20_000_000, "min_bidders": 2, "ties": ["draw"],
        "big_list": 4, "small_list": 2,
    }  # fmt: skip
    done = await publish(database, [lot(draw, sign_up_s=1.5), lot(cheapest(), close_s=1.9)])
    first, second = (one.selection for one in done.lots)
    for number in (1, 2, 3, 4):
        assert isinstance(await market.sign_up(first, number, nonce=nonce(number)), SignedUp)
    await offer_in(market, second, {**PRICES, 4: 12_000_000})
    states = await closed(database, done)
    assert states[1].waits_for == first
    assert states[0].evaluation is not None
    listed = cast("list[str]", states[0].evaluation["shortlist"])
    picked = await pick_from_shortlist(
        database, owner(), PickFromShortlist(selection=first, agency=listed[1], reason="示例")
    )
    assert isinstance(picked, PickedFromShortlist)
    state = await stored(database, second)
    expected = next(code(number) for number in PRICES if code(number) != listed[1])
    assert state.proposed == expected
    assert state.decided_at == picked.picked_at


async def test_a_lot_does_not_wait_for_one_that_was_cancelled(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    done = await publish(database, [lot(cheapest(), close_s=60), lot(cheapest(), close_s=2.4)])
    first, second = (one.selection for one in done.lots)
    for selection in (first, second):
        await offer_in(market, selection, PRICES)
    state = await stored(database, second)
    assert state.closes_at is not None
    await until(state.closes_at)
    assert (await settle_selection(database, second)).waits_for == first
    ended = await cancel_selection(database, owner(), CancelSelection(selection=first, reason="项目调整（示例）"))
    assert isinstance(ended, SelectionCancelled)
    assert (await stored(database, second)).proposed == code(1)


async def test_looked_at_once_or_at_every_instant_the_lots_stand_the_same(database: Database) -> None:
    market = Market(database)
    for number in (1, 2, 3, 4):
        await market.file(number)
    lots = [lot(cheapest(), close_s=3.0), lot(cheapest(), close_s=2.6), lot(cheapest(), close_s=2.8)]
    done = await publish(database, lots)
    prices = ({1: 9, 2: 10, 3: 11, 4: 12}, {1: 10, 2: 9, 3: 11, 4: 12}, {1: 9, 2: 10, 3: 12, 4: 11})
    for one, row in zip(done.lots, prices, strict=True):
        await offer_in(market, one.selection, {number: price * 1_000_000 for number, price in row.items()})
    async with database.transaction() as connection:
        locks = [await bidding.lock_selection(connection, one.selection) for one in done.lots]
        states = [await selection_state(connection, one.selection) for one in done.lots]
        facts = await credit.facts(connection, [code(number) for number in prices[0]])
    closes = sorted(one.closes_at for one in states if one.closes_at is not None)
    voids = {code(1): closes[2] + timedelta(seconds=1), code(2): closes[2] + timedelta(seconds=2)}
    states = [
        replace(
            one,
            participants={who: replace(each, voided_at=voids.get(who)) for who, each in one.participants.items()},
        )
        for one in states
    ]
    now = [
        LotNow(state, facts, Matter("open", PROFILE, "fiscal"), lock.last_at, lock.due_at)
        for state, lock in zip(states, locks, strict=True)
        if lock is not None
    ]
    end = closes[2] + timedelta(seconds=3)
    late = settle_lots(now, at=end)
    acts: list[list[tuple[str, Json]]] = [[] for _ in now]
    for at in [*closes, *sorted(voids.values()), end]:
        known = [replace(one, state=_known(one.state, voids, at=at)) for one in now]
        for place, (one, lot_now) in enumerate(zip(settle_lots(known, at=at), now, strict=True)):
            acts[place].extend((act.type, act.data) for act in one.acts)
            matter = replace(lot_now.matter, lock_state=one.lock_state or lot_now.matter.lock_state)
            due_at = one.due_at if one.lock_state is not None else lot_now.due_at
            now[place] = replace(lot_now, state=one.state, matter=matter, due_at=due_at, last_at=at)
    assert [[(act.type, act.data) for act in one.acts] for one in late] == acts
    held = [one.state.proposed for one in late]
    assert held == [code(3), code(4), None]
    assert late[2].state.is_unsuccessful


def _known(state: Selection, voids: dict[str, datetime], *, at: datetime) -> Selection:
    """The state without the voids that are still to come."""
    people = {
        who: replace(one, voided_at=voids[who] if who in voids and voids[who] <= at else None)
        for who, one in state.participants.items()
    }
    return replace(state, participants=people)


async def test_a_notice_is_published_whole_or_not_at_all(database: Database) -> None:
    lots = [lot(cheapest(min_bidders=2)), lot(cheapest()), lot(cheapest(min_bidders=1))]
    posted = await post_notice(
        database, owner(), PostNotice(title="公告（示例）", lot_cap=2, lots=lots), profile=PROFILE
    )
    assert isinstance(posted, NoticePosted)
    refused = await publish_notice(database, owner(), PublishNotice(notice=posted.notice))
    assert isinstance(refused, Refused)
    assert [(one.code, one.params["lot"]) for one in refused.reasons] == [
        ("minimum_bidders_below_profile", 1),
        ("minimum_bidders_below_profile", 3),
    ]
    async with database.read() as connection:
        states = await connection.fetch("SELECT state FROM demand WHERE notice = $1", posted.notice)
    assert {row["state"] for row in states} == {"draft"}
    with pytest.raises(NotFound):
        await read_notice(database, posted.notice)
    with pytest.raises(Conflict) as alone:
        await publish_demand(database, owner(), PublishDemand(demand=posted.lots[1].demand))
    assert alone.value.code == "published_with_notice"


async def test_a_notice_says_everything_that_is_wrong_with_its_lots(database: Database) -> None:
    bad = [
        lot(cheapest(lot_cap=1)),
        lot({"mode": "instant", "ceiling_fen": 5, "rule": "cheapest", "ties": ["draw"]}, owner_code=code(7)),
    ]
    with pytest.raises(Malformed) as refused:
        await post_notice(database, owner(), PostNotice(title="公告（示例）", lot_cap=2, lots=bad), profile=PROFILE)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/lot_cap", "lot_cap_never_binds"),
        ("/lots/1/owner_code", "owner_differs"),
        ("/lots/1/terms/mode", "lot_mode_not_allowed"),
        ("/lots/0/terms/lot_cap", "lot_cap_without_notice"),
    ]
    with pytest.raises(Malformed) as single:
        await Market(database).post(cheapest(lot_cap=1))
    assert [one.code for one in single.value.faults] == ["lot_cap_without_notice"]
