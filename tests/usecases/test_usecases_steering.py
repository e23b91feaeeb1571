"""Nobody steers a selection: not by timing a restriction, a fact or a click, nor by asking again or shouting in."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bidding.assembling import case_of
from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.errors import Conflict, Malformed
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.jobs.ticker import ticking
from marketplace.record.store import load
from marketplace.usecases import restrict_agency as restricting
from marketplace.usecases.act import Caller
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from marketplace.usecases.put_shelf_offer import PutShelfOffer, put_shelf_offer
from marketplace.usecases.record_credit_fact import RecordCreditFact, credits_as_of, record_credit_fact
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import MAX_REFUSALS, SignedUp
from marketplace.usecases.standing import selection_state
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.store.moved_time import REAL
from tests.usecases.market import (
    ITEM,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    round_terms,
    sealed_terms,
    until,
    wait_until,
)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 7):
        await market.file(number)
    return market


async def events(market: Market, subject: str) -> list[Any]:
    async with market.database.read() as connection:
        return [one.event for one in await load(connection, [subject])]


async def bid(market: Market, published: DemandPublished, *prices: int) -> None:
    for number, price_fen in enumerate(prices, start=1):
        assert isinstance(await market.sign_up(published.selection, number), SignedUp)
        assert isinstance(await market.offer(published.selection, number, price_fen), OfferPlaced)


async def test_settling_waits_for_a_restriction_that_began_before_the_close(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = await market.publish(sealed_terms(ties=["draw"]), sign_up_s=1.2, close_s=1.5)
    await bid(market, published, 9_000_000, 12_000_000, 12_500_000, 19_000_000)
    entered, gate, append = asyncio.Event(), asyncio.Event(), restricting.append

    async def slow(*given: Any, **named: Any) -> Any:
        entered.set()
        await gate.wait()
        return await append(*given, **named)

    monkeypatch.setattr(restricting, "append", slow)
    strike = asyncio.create_task(market.restrict(1))
    await entered.wait()
    await until(published.published_at + timedelta(seconds=1.55))
    settled = asyncio.create_task(settle_selection(market.database, published.selection))
    await asyncio.sleep(0.3)
    assert not settled.done()
    gate.set()
    done, state = await strike, await settled
    assert state.closes_at is not None
    assert done.starts_at < state.closes_at
    assert state.decision is not None
    assert state.decision["rejected"] == [{"bidder": code(1), "reasons": ["voided"]}]
    async with market.database.read() as connection:
        credits = await credits_as_of(connection, sorted(state.participants), at=state.closes_at)
    again = decide(parse_case(case_of(state, credits, draw=None, before=state.closes_at))).as_json()
    assert again == state.decision


async def test_a_ruling_that_waited_for_an_explanation_is_made_anew_when_the_flagged_one_is_voided(
    market: Market,
) -> None:
    terms = sealed_terms(ties=["price", "draw"], low_price={"below_ceiling_bp": 5000})
    published = await market.publish(terms, sign_up_s=1.2, close_s=1.5)
    await bid(market, published, 5_000_000, 15_000_000, 16_000_000, 17_000_000)
    await until(published.published_at + timedelta(seconds=1.55))
    waiting = await settle_selection(market.database, published.selection)
    assert waiting.decision is None
    await market.restrict(1)
    state = await settle_selection(market.database, published.selection)
    assert state.decision is not None
    assert state.decision["winner"] == code(2)
    assert state.proposed == code(2)


async def test_a_restriction_dated_ahead_of_the_clock_holds_everywhere_at_once(market: Market) -> None:
    here = await market.publish(sealed_terms(), sign_up_s=30.0, close_s=31.0)
    there = await market.publish(sealed_terms(), sign_up_s=30.0, close_s=31.0)
    await market.sign_up(here.selection, 1)
    async with market.database.transaction() as connection:  # as after a clock that was stepped back
        await connection.execute(
            "UPDATE selection SET last_at = last_at + interval '10 s' WHERE id = $1", here.selection
        )
    assert (await market.restrict(1)).starts_at > now()
    refused = await market.sign_up(there.selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("restricted",)
    at = now()
    command = PutShelfOffer(
        agency=code(1), item=ITEM, unit_price_fen=1, minimum_fee_fen=0, days=1, capacity=1, valid_from=at,
        valid_until=at + timedelta(days=1), nonce=nonce(1),
    )  # fmt: skip
    assert isinstance(await put_shelf_offer(market.database, agency(1), command), Refused)


@pytest.mark.parametrize("pace", [REAL])
async def test_a_credit_fact_and_a_close_do_not_pass_each_other(market: Market) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=9.0, close_s=10.0)
    await bid(market, published, 9_000_000, 12_000_000, 12_500_000)
    await until(published.published_at + timedelta(seconds=9.9))
    fact = RecordCreditFact(agency=code(1), code="collusion", basis="示例")
    await asyncio.gather(
        record_credit_fact(market.database, REGULATOR, fact),
        wait_until(published.published_at + timedelta(seconds=10.05)),
    )
    state = await settle_selection(market.database, published.selection)
    assert state.case is not None
    assert state.closes_at is not None
    async with market.database.read() as connection:
        credits = await credits_as_of(connection, sorted(state.participants), at=state.closes_at)
    bids = state.case["bids"]
    assert isinstance(bids, list)
    assert {one["bidder"]: one["credit"] for one in bids if isinstance(one, dict)} == credits


async def test_the_instants_of_an_agency_never_run_backwards(market: Market) -> None:
    await market.shelve(1, 100_000, capacity=50)
    demands = [(await market.publish(instant_terms())).demand for _ in range(8)]
    fact = RecordCreditFact(agency=code(1), code="inspection_passed", basis="示例")
    await asyncio.gather(
        *(take_instant_award(market.database, owner(), TakeInstantAward(demand=one)) for one in demands),
        *(record_credit_fact(market.database, REGULATOR, fact) for _ in range(8)),
    )
    instants = [event.at for event in await events(market, f"agency/{code(1)}")]
    assert len(instants) == 2 + 1 + 16
    assert instants == sorted(instants)


async def test_an_owner_cannot_take_part_in_its_own_selection(market: Market) -> None:
    published = await market.publish(sealed_terms())
    own = Caller(Actor("owner", code(1)))
    command = PostDemand(
        owner_code=code(1), owner_name="业主（示例）", buyer_class="fiscal", item=ITEM, region="330304",
        project_code="2610-330304-04-01-104270", project_name="项目（示例）", title="自己的需求（示例）",
        terms=sealed_terms(), nonce=nonce("own"), sign_up_closes_at=published.published_at + timedelta(seconds=20),
        closes_at=published.published_at + timedelta(seconds=21), recusals=[],
    )  # fmt: skip
    selection = await market.post_as(own, command)
    refused = await market.sign_up(selection, 1)
    assert isinstance(refused, Refused)
    assert refused.codes == ("own_demand",)
    assert isinstance(await market.sign_up(selection, 2), SignedUp)


async def test_a_receipt_tells_nothing_of_how_many_others_offered(market: Market) -> None:
    published = await market.publish(sealed_terms())
    await bid(market, published, 9_000_000, 12_000_000, 12_500_000)
    again = await market.offer(published.selection, 2, 11_000_000)
    assert isinstance(again, OfferPlaced)
    assert again.seq == 2


async def test_no_public_event_before_the_close_names_a_bidder(market: Market) -> None:
    published = await market.publish(sealed_terms(), close_s=30.0)
    await bid(market, published, 9_000_000, 12_000_000)
    await market.sign_up(published.selection, 3, commitment_signed=False)
    await market.restrict(1)
    told = [str(event.envelope()) for event in await events(market, f"selection/{published.selection}")]
    assert not [text for text in told for number in (1, 2, 3) if code(number) in text]
    named = [str(event.envelope()) for event in await events(market, f"agency/{code(1)}")]
    assert not [text for text in named if published.selection in text]
    async with market.database.read() as connection:
        state = await selection_state(connection, published.selection)
    assert set(state.participants) == {code(1), code(2)}


async def test_strangers_and_latecomers_leave_no_trace_in_a_selection(market: Market) -> None:
    published = await market.publish(round_terms(opens_in=1.2, length=0.5, rounds=1), sign_up_s=1.1)
    await bid_in_rounds(market, published)
    before = len(await events(market, f"selection/{published.selection}"))
    for number in (4, 77):
        refused = await market.offer(published.selection, number, 10_000_000)
        assert isinstance(refused, Refused)
        assert refused.codes == ("not_admitted",)
    assert len(await events(market, f"selection/{published.selection}")) == before
    await until(published.published_at + timedelta(seconds=1.8))
    await settle_selection(market.database, published.selection)
    decided = len(await events(market, f"selection/{published.selection}"))
    late = await market.offer(published.selection, 1, 10_000_000)
    assert isinstance(late, Refused)
    assert late.codes == ("selection_closed",)
    assert len(await events(market, f"selection/{published.selection}")) == decided


async def bid_in_rounds(market: Market, published: DemandPublished) -> None:
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
    await until(published.published_at + timedelta(seconds=1.2))
    for number in (1, 2, 3):
        assert isinstance(await market.offer(published.selection, number, 18_000_000 - number), OfferPlaced)


async def test_of_refused_sign_ups_a_selection_keeps_a_few_an_agency(market: Market) -> None:
    published = await market.publish(sealed_terms())
    for _ in range(MAX_REFUSALS + 3):
        assert isinstance(await market.sign_up(published.selection, 1, commitment_signed=False), Refused)
    kept = [event for event in await events(market, f"selection/{published.selection}") if "refused" in event.type]
    assert len(kept) == MAX_REFUSALS


async def test_an_award_at_a_price_the_owner_did_not_mean_is_not_made(market: Market) -> None:
    await market.shelve(1, 100_000, capacity=1)
    await market.shelve(2, 500_000)
    demands = [(await market.publish(instant_terms())).demand for _ in range(2)]
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=demands[0]))
    await market.shelve(1, 400_000)
    meant = TakeInstantAward(demand=demands[1], expected=code(1), expected_price_fen=1_000_000)
    with pytest.raises(Conflict, match="first now"):
        await take_instant_award(market.database, owner(), meant)
    done = await take_instant_award(
        market.database, owner(), meant.model_copy(update={"expected_price_fen": 4_000_000})
    )
    assert isinstance(done, InstantAwarded)
    assert done.price_fen == 4_000_000


async def test_a_drawn_award_stands_whatever_the_owner_expected(market: Market) -> None:
    for number in (1, 2, 3, 4):
        await market.shelve(number, 100_000)
    winners = set()
    for _ in range(6):
        published = await market.publish(instant_terms(rule="draw", ties=["draw"]))
        wish = TakeInstantAward(demand=published.demand, expected=code(1))
        done = await take_instant_award(market.database, owner(), wish)
        assert isinstance(done, InstantAwarded)
        winners.add(done.winner)
    assert winners != {code(1)}  # one in 4,096 by chance


async def test_an_instant_award_stands_when_its_agency_is_restricted_later(market: Market) -> None:
    await market.shelve(1, 100_000)
    published = await market.publish(instant_terms())
    done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(done, InstantAwarded)
    assert (await market.restrict(1)).voided_in == []
    other = await market.publish(instant_terms())
    assert isinstance(
        await take_instant_award(market.database, owner(), TakeInstantAward(demand=other.demand)), Refused
    )


async def test_quantity_and_recusals_are_read_strictly(market: Market) -> None:
    with pytest.raises(Malformed) as malformed:
        await market.publish(
            instant_terms(quantity=10), quantity=1,
            recusals=[{"agency": code(1), "reason": "示例"}, {"agency": code(1), "reason": "示例"}],
        )  # fmt: skip
    assert [fault.pointer for fault in malformed.value.faults] == ["/terms/quantity", "/recusals/1/agency"]


async def test_preferences_are_not_taken_and_one_for_a_place_is_a_barrier_besides(market: Market) -> None:
    terms = round_terms(opens_in=5, length=5, preferences=[{"code": "本市注册企业", "max_bp": 5000}], ties=["received"])
    posted = await market.post(terms, sign_up_s=4.0)
    refused = await publish_demand(market.database, owner(), PublishDemand(demand=posted))
    assert isinstance(refused, Refused)
    assert refused.codes == ("regional_barrier", "preferences_not_taken")


@pytest.mark.parametrize(
    ("approvers", "codes"),
    [
        (["R1", "r1"], ("two_approvers_needed",)),
        (["R8", "R9"], ("caller_is_no_approver",)),
        (["R1"], ("two_approvers_needed",)),
        (["R2", "R3", "R4"], ("two_approvers_needed", "caller_is_no_approver")),
    ],
)
async def test_a_restriction_needs_two_regulators_of_whom_one_acts(
    market: Market, approvers: list[str], codes: tuple[str, ...]
) -> None:
    command = RestrictAgency(agency=code(1), basis="示例", region="330302", approvers=approvers)
    refused = await restrict_agency(market.database, REGULATOR, command)
    assert isinstance(refused, Refused)
    assert refused.codes == codes
    assert isinstance(await market.shelve(1, 1_000), object)


@pytest.mark.parametrize("basis", ["", "   ", "\u200b", "a\u202eb", "a\x07b", "a\nb"])
def test_published_words_can_be_seen(basis: str) -> None:
    with pytest.raises(ValidationError):
        RestrictAgency(agency=code(1), basis=basis, region="330302", approvers=["R1", "R2"])


@pytest.mark.parametrize("approver", ["R1 ", " ", "\u200b", "陈某", ""])
def test_an_approver_is_named_by_a_pseudonym(approver: str) -> None:
    with pytest.raises(ValidationError):
        RestrictAgency(agency=code(1), basis="示例", region="330302", approvers=["R1", approver])


async def test_one_selection_that_cannot_be_settled_holds_up_no_other(market: Market) -> None:
    broken = await market.publish(sealed_terms(), sign_up_s=1.1, close_s=1.2)
    await bid(market, broken, 9_000_000, 12_000_000, 12_500_000)
    whole = await market.publish(sealed_terms(), sign_up_s=1.1, close_s=1.2)
    await bid(market, whole, 9_000_000, 12_000_000, 12_500_000)
    async with market.database.transaction() as connection:
        await connection.execute(
            "UPDATE record_event SET private = NULL, salt = NULL WHERE subject = $1", f"selection/{broken.selection}"
        )
    await until(whole.published_at + timedelta(seconds=1.25))
    async with ticking(market.database, pause=0.05):
        await asyncio.sleep(0.6)
    async with market.database.read() as connection:
        assert (await selection_state(connection, whole.selection)).is_decided
