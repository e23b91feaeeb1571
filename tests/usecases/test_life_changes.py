"""Before offers close: terms that change, offers that are confirmed anew or do not count, enquiries, withdrawal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.selection import UNCONFIRMED
from commons.errors import Conflict, Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import format_instant
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.answer_enquiry import AnswerEnquiry, EnquiryAnswered, answer_enquiry
from marketplace.usecases.ask_enquiry import AskEnquiry, EnquiryAsked, ask_enquiry
from marketplace.usecases.change_demand import ChangeDemand, DemandChanged, change_demand
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.read_award import read_award, read_case
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.reconfirm_offer import OfferReconfirmed, ReconfirmOffer, reconfirm_offer
from marketplace.usecases.resume_selection import ResumeSelection, resume_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.suspend_selection import SuspendSelection, suspend_selection
from marketplace.usecases.withdraw_demand import DemandWithdrawn, WithdrawDemand, withdraw_demand
from marketplace.web.pages.demands import demand_view
from tests.usecases.living import CLOSE_S, codes, open_demand, settle_at, state_of, types
from tests.usecases.market import Market, agency, code, instant_terms, nonce, owner, round_terms, sealed_terms

OTHER = "0f" * 32
STRANGER = Caller(Actor("owner", code(9, "11990000MA")))


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 5):
        await market.file(number)
    return market


def ranked(decision: Mapping[str, Any]) -> list[str]:
    """Who is in the ranking, in its order."""
    return [one["bidder"] for one in decision["ranking"]]


async def reconfirm(market: Market, selection: str, number: int, digest: str | None = None) -> object:
    """Confirm one's offer under the terms in force, or under those of that digest."""
    digest = digest or (await state_of(market, selection)).terms_digest
    command = ReconfirmOffer(selection=selection, agency=code(number), terms_digest=digest)
    return await reconfirm_offer(market.database, agency(number), command)


async def test_after_a_change_an_offer_counts_when_it_was_confirmed_or_made_anew_and_not_otherwise(
    market: Market,
) -> None:
    published = await open_demand(market, (1, 2, 3, 4))
    selection = published.selection
    other = sealed_terms(ceiling_fen=18_000_000)
    done = await market.change(published.demand, sign_up_s=400, close_s=401, terms=other)
    assert isinstance(done, DemandChanged)
    assert done.before_digest == published.terms_digest != done.terms_digest
    for number in (1, 4):
        assert isinstance(await reconfirm(market, selection, number), OfferReconfirmed)
    with pytest.raises(Conflict, match="no offer of this agency"):
        await reconfirm(market, selection, 1)
    assert isinstance(await market.offer(selection, 2, 11_500_000, terms_digest=done.terms_digest), OfferPlaced)
    told = await read_demand(market.database, published.demand)
    assert (told.demand.ceiling_fen, told.demand.closes_at) == (18_000_000, done.closes_at)
    assert [one.before_digest for one in told.life.changes] == [published.terms_digest]
    before = json.dumps(await shown(market, published.demand), default=str)
    assert "11500000" not in before.replace(",", "")
    await settle_at(market, selection, done.closes_at)
    file = await read_award(market.database, published.demand)
    assert ranked(file.ruling.decision) == [code(1), code(2), code(4)]
    assert file.silent == (code(3),)
    said = [one.params for one in file.happenings if one.what == "offers_not_reconfirmed"]
    assert [one["count"] for one in said] == [1]
    kept = json.loads((await read_case(market.database, published.demand)).body)
    assert decide(parse_case(kept["case"])).as_json() == kept["decision"]


async def shown(market: Market, demand: str) -> list[object]:
    """What anybody may read of the record before the close."""
    async with market.database.read() as connection:
        rows = await connection.fetch("SELECT data::text AS data FROM record_event ORDER BY at")
    return [row["data"] for row in rows] + [(await read_demand(market.database, demand)).life.changes]


async def test_the_desk_of_offers_follows_a_change(market: Market) -> None:
    published = await open_demand(market, (1,))
    done = await market.change(published.demand, sign_up_s=400, close_s=401, terms=sealed_terms(ceiling_fen=9_000_000))
    assert isinstance(done, DemandChanged)
    dear = await market.offer(published.selection, 1, 9_500_000, terms_digest=done.terms_digest)
    assert codes(dear) == ("ceiling_exceeded",)
    assert codes(await reconfirm(market, published.selection, 1)) == ("ceiling_exceeded",)


async def test_a_change_keeps_the_profile_and_the_mode_and_is_the_owners_before_the_close(market: Market) -> None:
    published = await open_demand(market, ())
    with pytest.raises(Forbidden):
        await change_demand(market.database, STRANGER, moved(published.demand))
    with pytest.raises(Malformed, match="mode"):
        await market.change(published.demand, sign_up_s=400, close_s=401, terms=round_terms(opens_in=500, length=10))
    assert codes(await market.change(published.demand, sign_up_s=0.2, close_s=401)) == ("sign_up_too_short",)
    drawn = sealed_terms(ties=["price", "credit", "draw"])
    assert isinstance(await market.change(published.demand, sign_up_s=400, close_s=401, terms=drawn), DemandChanged)
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    await settle_at(market, published.selection, state.closes_at)
    assert codes(await market.change(published.demand, sign_up_s=900, close_s=901)) == ("not_in_this_state",)
    at_once = await market.publish(instant_terms())
    assert codes(await market.change(at_once.demand, sign_up_s=400, close_s=401)) == ("no_terms_to_change",)


async def test_changed_terms_are_judged_by_what_a_publication_is_judged_by(market: Market) -> None:
    high = sealed_terms(ceiling_fen=500_000_000)
    draft = await market.post(high, sign_up_s=CLOSE_S - 1, close_s=CLOSE_S, item="SV20")
    direct = codes(await publish_demand(market.database, owner(), PublishDemand(demand=draft)))
    low = await market.publish(sealed_terms(ceiling_fen=90_000_000), sign_up_s=299, close_s=CLOSE_S, item="SV20")
    refused = await market.change(low.demand, sign_up_s=400, close_s=401, terms=high)
    assert codes(refused) == direct == ("public_tender_required",)
    local = {"kind": "grade", "points": 20, "table": {"本地注册企业": 20}}
    worded = sealed_terms(criteria=[*sealed_terms()["criteria"][:2], local])
    draft = await market.post(worded, sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    direct = codes(await publish_demand(market.database, owner(), PublishDemand(demand=draft)))
    open_ = await open_demand(market, ())
    assert codes(await market.change(open_.demand, sign_up_s=400, close_s=401, terms=worded)) == direct != ()


async def test_a_change_of_clocks_alone_leaves_offers_counting_and_none_makes_them_unseen(market: Market) -> None:
    published = await open_demand(market, (1, 2, 3))
    withdrawal = WithdrawDemand(demand=published.demand, reason="项目调整（示例）")
    done = await market.change(published.demand, sign_up_s=400, close_s=401)
    assert isinstance(done, DemandChanged)
    assert done.terms_digest == done.before_digest
    state = await state_of(market, published.selection)
    assert ([one.reason for one in state.offers], state.closes_at) == ([None] * 3, done.closes_at)
    with pytest.raises(Conflict, match="no offer of this agency"):
        await reconfirm(market, published.selection, 1)
    assert codes(await withdraw_demand(market.database, owner(), withdrawal)) == ("offers_are_in",)
    other = sealed_terms(ceiling_fen=18_000_000)
    assert isinstance(await market.change(published.demand, sign_up_s=402, close_s=403, terms=other), DemandChanged)
    assert {one.reason for one in (await state_of(market, published.selection)).offers} == {UNCONFIRMED}
    assert codes(await withdraw_demand(market.database, owner(), withdrawal)) == ("offers_are_in",)


async def test_an_offer_is_for_the_terms_that_its_bidder_names_and_for_those_in_force(market: Market) -> None:
    published = await open_demand(market, (1,))
    selection, first = published.selection, published.terms_digest
    assert isinstance(await market.offer(selection, 1, 10_000_000, terms_digest=first), OfferPlaced)
    assert codes(await market.offer(selection, 1, 10_000_000, terms_digest=OTHER)) == ("terms_have_changed",)
    await market.change(published.demand, sign_up_s=400, close_s=401)  # the clocks alone: the terms are the same
    assert isinstance(await market.offer(selection, 1, 10_100_000), OfferPlaced)
    done = await market.change(published.demand, sign_up_s=400, close_s=401, terms=sealed_terms(ceiling_fen=18_000_000))
    assert isinstance(done, DemandChanged)
    now = {"terms_digest": done.terms_digest, "changed_at": format_instant(done.changed_at)}
    stale = [await market.offer(selection, 1, 10_000_000, terms_digest=one) for one in (None, first)]
    stale += [await market.offer(selection, 1, 10_000_000, None), await reconfirm(market, selection, 1, first)]
    for one in stale:
        assert isinstance(one, Refused)
        assert [(each.code, each.params) for each in one.reasons] == [("terms_have_changed", now)]
    kept = (await state_of(market, selection)).offers
    assert [one.reason for one in kept] == [UNCONFIRMED] * 3, "what is for other terms leaves no trace"
    assert codes(await market.offer(selection, 2, 10_000_000)) == ("terms_have_changed", "not_admitted")
    assert isinstance(await reconfirm(market, selection, 1), OfferReconfirmed)
    assert isinstance(await market.offer(selection, 1, 9_900_000, terms_digest=done.terms_digest), OfferPlaced)
    async with market.database.read() as connection:
        recorded = await load(connection, [f"selection/{selection}"])
    said = [one for one in recorded if one.event.type.startswith("offer.")]
    named = [{**one.event.data, **(one.private or {})}.get("terms_digest") for one in said]
    assert named == [None, first, None, done.terms_digest, done.terms_digest]
    assert (await read_demand(market.database, published.demand)).demand.terms_digest == done.terms_digest
    await settle_at(market, selection, done.closes_at)
    assert codes(await market.offer(selection, 1, 9_900_000)) == ("selection_closed",)


async def test_offers_that_come_together_are_each_for_the_terms_they_name(market: Market) -> None:
    published = await open_demand(market, (1, 2, 3))
    done = await market.change(published.demand, sign_up_s=400, close_s=401, terms=sealed_terms(ceiling_fen=18_000_000))
    assert isinstance(done, DemandChanged)
    named = (done.terms_digest, published.terms_digest, None)
    answers = await asyncio.gather(
        *(
            market.offer(published.selection, number, 10_000_000, terms_digest=digest)
            for number, digest in enumerate(named, start=1)
        )
    )
    assert isinstance(answers[0], OfferPlaced)
    assert [codes(one) for one in answers[1:]] == [("terms_have_changed",)] * 2


async def test_a_suspension_leaves_the_digest_as_it_was_published(market: Market) -> None:
    terms = round_terms(opens_in=500, length=10)
    published = await market.publish(terms, sign_up_s=400)
    halted = SuspendSelection(selection=published.selection, reason="核查（示例）")
    assert not isinstance(await suspend_selection(market.database, owner(), halted), Refused)
    resumed = ResumeSelection(selection=published.selection, reason="继续（示例）")
    assert not isinstance(await resume_selection(market.database, owner(), resumed), Refused)
    state = await state_of(market, published.selection)
    assert dict(state.terms) != terms
    assert (state.terms_digest, state.terms_changed_at) == (published.terms_digest, None)
    assert (await read_demand(market.database, published.demand)).demand.terms_digest == published.terms_digest


def moved(demand: str) -> ChangeDemand:
    at = datetime.now(UTC)
    return ChangeDemand(demand=demand, reason="示例", sign_up_closes_at=at + timedelta(seconds=400))


async def test_in_a_draw_a_sign_up_is_what_is_confirmed(market: Market) -> None:
    terms = {"mode": "random_draw", "ceiling_fen": 9_000_000, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}
    published = await market.publish(terms, sign_up_s=CLOSE_S)
    for number in (1, 2, 3, 4):
        signed = await market.sign_up(published.selection, number, nonce=nonce(number))
        assert isinstance(signed, SignedUp), signed
    changed = await market.change(
        published.demand, sign_up_s=400, close_s=400, terms={**terms, "ceiling_fen": 8_000_000}
    )
    assert isinstance(changed, DemandChanged), changed
    await market.file(5)
    for digest in (None, published.terms_digest):
        signed = await market.sign_up(published.selection, 5, nonce=nonce(5), terms_digest=digest)
        assert codes(signed) == ("terms_have_changed",)
    signed = await market.sign_up(published.selection, 5, nonce=nonce(5), terms_digest=changed.terms_digest)
    assert isinstance(signed, SignedUp)
    for number in (1, 2, 3):
        assert isinstance(await reconfirm(market, published.selection, number), OfferReconfirmed)
    state = await settle_at(market, published.selection, changed.closes_at)
    assert state.decision is not None
    assert set(ranked(state.decision)) == {code(1), code(2), code(3), code(5)}


async def ask(market: Market, demand: str, number: int, question: str = "是否含控制点（示例）") -> object:
    command = AskEnquiry(demand=demand, agency=code(number), question=question)
    return await ask_enquiry(market.database, agency(number), command)


async def reply(market: Market, demand: str, number: int, caller: Caller | None = None) -> object:
    command = AnswerEnquiry(demand=demand, enquiry=number, answer="含（示例）")
    return await answer_enquiry(market.database, caller or owner(), command)


async def test_enquiries_are_answered_in_public_and_nobody_is_told_who_asked(market: Market) -> None:
    published = await open_demand(market, ())
    demand = published.demand
    first = await ask(market, demand, 1)
    assert isinstance(first, EnquiryAsked)
    assert isinstance(await ask(market, demand, 2, "何时进场（示例）"), EnquiryAsked)
    for caller in (STRANGER, agency(1)):
        with pytest.raises(Forbidden):
            await reply(market, demand, 1, caller)
    with pytest.raises(NotFound):
        await reply(market, demand, 3)
    assert isinstance(await reply(market, demand, 1), EnquiryAnswered)
    assert codes(await reply(market, demand, 1)) == ("enquiry_answered_before",)
    file = await read_demand(market.database, demand)
    assert [(one.question, one.answer) for one in demand_view(file).asked] == [
        ("是否含控制点（示例）", "含（示例）"), ("何时进场（示例）", None),
    ]  # fmt: skip
    life = file.life
    assert [(one.question, one.answer, one.asker) for one in life.enquiries] == [
        ("是否含控制点（示例）", "含（示例）", ""), ("何时进场（示例）", None, ""),
    ]  # fmt: skip
    assert [(one.act, one.number) for one in life.duties] == [("answer_enquiry", 2)]
    async with market.database.read() as connection:
        record = await load(connection, [f"demand/{demand}"])
    assert all(code(1) not in str(one.event.envelope()) for one in record)
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    assert state.sign_up_closes_at is not None
    await settle_at(market, published.selection, state.sign_up_closes_at)
    assert codes(await ask(market, demand, 1)) == ("enquiries_closed",)
    await settle_at(market, published.selection, state.closes_at)  # too few: over
    assert (await read_demand(market.database, demand)).life.duties == ()
    assert codes(await reply(market, demand, 2)) == ("not_in_this_state",)


async def test_an_enquiry_without_an_answer_stays_in_the_owners_list_after_the_close(market: Market) -> None:
    published = await open_demand(market)
    await ask(market, published.demand, 1)
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    await settle_at(market, published.selection, state.closes_at)
    waiting = (await read_demand(market.database, published.demand)).life.duties
    assert [(one.act, one.is_overdue(at=state.closes_at)) for one in waiting] == [("answer_enquiry", True)]
    late = await reply(market, published.demand, 1)
    assert isinstance(late, EnquiryAnswered)
    assert late.is_late


async def test_nobody_asks_without_end(market: Market) -> None:
    published = await open_demand(market, ())
    for _ in range(10):
        assert isinstance(await ask(market, published.demand, 1), EnquiryAsked)
    assert codes(await ask(market, published.demand, 1)) == ("too_many_enquiries",)
    assert isinstance(await ask(market, published.demand, 2), EnquiryAsked)


async def test_a_demand_is_withdrawn_before_anybody_offers_and_cancelled_after(market: Market) -> None:
    async def take_back(demand: str, caller: Caller | None = None) -> object:
        command = WithdrawDemand(demand=demand, reason="项目调整（示例）")
        return await withdraw_demand(market.database, caller or owner(), command)

    empty, offered = await open_demand(market, ()), await open_demand(market, (1,))
    with pytest.raises(Forbidden):
        await take_back(empty.demand, STRANGER)
    assert codes(await take_back(offered.demand)) == ("offers_are_in",)
    assert isinstance(await take_back(empty.demand), DemandWithdrawn)
    file = await read_demand(market.database, empty.demand)
    assert (file.demand.state, file.life.stage) == ("withdrawn", "withdrawn")
    assert [one.what for one in file.happenings][-1] == "withdrawn"
    assert codes(await take_back(empty.demand)) == ("not_in_this_state",)
    assert codes(await market.sign_up(empty.selection, 2)) == ("selection_cancelled",)
    assert (await types(market, f"selection/{empty.selection}"))[-1] == "selection.withdrawn"
