"""A contract from its award to its rating, and every way aside: departing, late, returned, silent, disputed, ended."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from commons.errors import Forbidden, NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.confirm_award import AwardConfirmed, ConfirmAward, confirm_award
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.settle_contract import due_contracts, settle_contract
from tests.usecases.contracted import AGENCY, DAYS, OWNER_CALLER, PRICE, STRANGER, Deal, awarded, codes, shorten, today
from tests.usecases.market import REGULATOR, Market, agency, code, pass_by, sealed_terms, until


@pytest.fixture
async def deal(database: Database) -> Deal:
    return Deal(database, await awarded(Market(database)))


async def test_a_contract_goes_from_its_award_to_its_rating(deal: Deal) -> None:
    uploaded = await deal.upload()
    assert isinstance(uploaded, ContractMoved)
    assert (uploaded.state, uploaded.number) == ("awarded", 1)
    signed = await deal.confirm()
    assert isinstance(signed, ContractMoved)
    assert signed.state == "contracted"
    assert signed.until == signed.at + timedelta(seconds=DAYS)
    for done in (
        await deal.plan(today()), await deal.reach(), await deal.visit(), await deal.visited(),
        await deal.hand_in(), await deal.review(), await deal.accept(), await deal.invoice(), await deal.pay(),
        await deal.rate(), await deal.reply(),
    ):  # fmt: skip
        assert isinstance(done, ContractMoved), done
        assert done.credit_facts == []
    assert await deal.types() == [
        "opened", "uploaded", "confirmed", "milestones_planned", "milestone_reached", "visit_arranged", "visit_held",
        "delivered", "reviewed", "accepted", "invoiced", "paid", "rated", "rating_answered",
    ]  # fmt: skip
    assert await deal.facts() == []


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"amount_fen": PRICE + 1}, ("contract_price_departs",)),
        ({"amount_fen": PRICE - 1}, ("contract_price_departs",)),
        ({"days": DAYS + 1}, ("contract_days_depart",)),
        ({"same_terms": False}, ("contract_terms_depart",)),
        ({"signed_on": today() + timedelta(days=1)}, ("signed_on_to_come",)),
        ({"signed_on": today() - timedelta(days=1)}, ("signed_before_award",)),
        ({"amount_fen": 1, "days": 1, "same_terms": False}, ("contract_price_departs", "contract_days_depart",
                                                              "contract_terms_depart")),
    ],
)  # fmt: skip
async def test_a_contract_that_departs_from_its_award_is_refused(deal: Deal, changes, refused) -> None:
    assert codes(await deal.upload(**changes)) == refused
    assert await deal.types() == []


async def test_one_side_uploads_and_the_other_confirms_what_it_looked_at(deal: Deal) -> None:
    assert codes(await deal.confirm()) == ("contract_not_uploaded",)
    await deal.upload(OWNER_CALLER)
    assert codes(await deal.confirm(OWNER_CALLER)) == ("own_upload",)
    await deal.upload()  # the agency's own instead
    assert codes(await deal.confirm(AGENCY, 1)) == ("upload_was_replaced",)
    assert codes(await deal.confirm(AGENCY, 2)) == ("own_upload",)
    assert isinstance(await deal.confirm(OWNER_CALLER, 2), ContractMoved)
    assert codes(await deal.confirm(OWNER_CALLER, 2)) == ("not_in_this_state",)


async def test_nobody_else_may(deal: Deal) -> None:
    for caller in (STRANGER, REGULATOR, Caller(Actor("public", "P")), Caller(Actor("operator", "O"))):
        with pytest.raises(Forbidden):
            await deal.upload(caller)
    with pytest.raises(NotFound):
        await Deal(deal.database, "S-nothing").upload()


async def test_an_award_that_does_not_stand_yet_has_no_contract(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    published = await market.publish(sealed_terms(), sign_up_s=30, close_s=31)
    with pytest.raises(NotFound):
        await Deal(database, published.selection).upload()


async def test_what_the_agency_does_not_confirm_in_time_is_a_credit_fact_once(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_confirmation=(0, "seconds"))
    uploaded = await deal.upload(OWNER_CALLER)
    assert isinstance(uploaded, ContractMoved)
    await settle_contract(deal.database, deal.id)
    await settle_contract(deal.database, deal.id)
    assert await deal.facts() == [("contract_late", 0)]
    assert isinstance(await deal.confirm(AGENCY), ContractMoved), "late is better than not at all"
    assert await deal.facts() == [("contract_late", 0)]


async def test_what_the_owner_does_not_confirm_in_time_is_nobodys_credit_fact(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_confirmation=(0, "seconds"), contract_signing=(0, "seconds"))
    await deal.upload()
    await settle_contract(deal.database, deal.id)
    assert isinstance(await deal.confirm(), ContractMoved)
    assert await deal.facts() == []


async def test_a_late_result_is_a_credit_fact_with_its_days(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, contract_day=(0, "seconds"))
    await deal.sign()
    late = await deal.hand_in()
    assert isinstance(late, ContractMoved)
    assert len(late.credit_facts) == 1
    (fact,) = await deal.facts()
    assert fact[0] == "result_late"
    assert (await deal.types())[-2:] == ["delivered", "fact_noted"]
    await deal.give_back()
    await deal.hand_in()
    assert [kind for kind, _ in await deal.facts()] == ["result_late", "result_rejected"], "each once"


async def test_what_is_overdue_and_leads_to_nothing_is_settled_once(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_day=(0, "seconds"))
    await deal.sign()
    async with deal.database.transaction() as connection:
        await connection.execute("UPDATE contract SET ends_at = due_at")  # as it was until the end came
    assert await due_contracts(deal.database) == (deal.id,)
    before = await deal.types()
    await settle_contract(deal.database, deal.id)
    assert await due_contracts(deal.database) == ()
    assert await deal.types() == before


async def test_a_result_that_is_returned_comes_again_as_another_revision(deal: Deal) -> None:
    await deal.sign()
    await deal.hand_in()
    back = await deal.give_back()
    assert isinstance(back, ContractMoved)
    assert (back.state, len(back.credit_facts)) == ("contracted", 1)
    again = await deal.hand_in()
    assert isinstance(again, ContractMoved)
    assert again.number == 2
    assert codes(await deal.accept(revision=1)) == ("other_revision",)
    assert isinstance(await deal.give_back(revision=2), ContractMoved)
    await deal.hand_in()
    assert isinstance(await deal.accept(revision=3), ContractMoved)
    assert await deal.facts() == [("result_rejected", 0)]


async def test_silence_accepts_and_praises_nobody(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, acceptance=(1, "seconds"))
    await deal.sign()
    delivered = await deal.hand_in()
    assert isinstance(delivered, ContractMoved)
    assert delivered.until == delivered.at + timedelta(seconds=1)
    await pass_by(1.05)
    assert await due_contracts(deal.database) == (deal.id,)
    assert codes(await deal.accept()) == ("not_in_this_state",)
    assert (await deal.types())[-1] == "deemed_accepted", "settled by the act that was refused"
    assert await due_contracts(deal.database) == ()
    contract = await settle_contract(deal.database, deal.id)
    assert (contract.is_deemed, contract.accepted_at_first, contract.rating) == (True, None, None)
    assert contract.accepted_at == delivered.until, "as of the end of its time, however late somebody looks"
    assert contract.rating_until is not None
    assert contract.rating_until.at == delivered.until + timedelta(seconds=4)


async def test_a_rating_is_in_time_once_and_answered_once(deal: Deal) -> None:
    await deal.sign()
    await deal.hand_in()
    await deal.accept()
    assert codes(await deal.reply()) == ("not_in_this_state",)
    assert isinstance(await deal.rate(score=4, quality=5), ContractMoved)
    assert codes(await deal.rate()) == ("not_in_this_state",)
    assert isinstance(await deal.reply(), ContractMoved)
    assert codes(await deal.reply()) == ("rating_was_answered",)
    contract = await settle_contract(deal.database, deal.id)
    assert contract.rating is not None
    assert contract.rating.value == 420


async def test_who_does_not_rate_in_time_has_said_nothing(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, rating=(0, "seconds"))
    await deal.sign()
    await deal.hand_in()
    await deal.accept()
    assert codes(await deal.rate()) == ("rating_too_late",)
    contract = await settle_contract(deal.database, deal.id)
    assert (contract.state, contract.rating) == ("accepted", None)


async def test_ten_low_ratings_are_one_credit_fact(database: Database) -> None:
    market = Market(database)
    deals = [Deal(database, await awarded(market, file=not number)) for number in range(11)]
    for number, deal in enumerate(deals):
        await deal.sign()
        await deal.hand_in()
        await deal.accept()
        await deal.rate(score=2)
        assert await deal.facts() == ([("rating_low", 0)] if number >= 9 else [])


async def test_a_change_takes_both_sides_and_says_when_it_raises_the_price(deal: Deal) -> None:
    await deal.sign()
    assert codes(await deal.propose()) == ("change_changes_nothing",)
    assert codes(await deal.propose(kind="extension", days=DAYS)) == ("extension_not_longer",)
    assert codes(await deal.propose(kind="extension", days=20, amount_fen=1)) == ("extension_changes_price",)
    assert isinstance(await deal.propose(amount_fen=PRICE + 1), ContractMoved)
    assert codes(await deal.answer(AGENCY)) == ("own_change",)
    assert codes(await deal.propose(OWNER_CALLER, days=12)) == ("change_is_open",)
    assert isinstance(await deal.answer(is_agreed=False), ContractMoved)
    await deal.propose(amount_fen=PRICE + 2)
    assert codes(await deal.answer(number=1)) == ("no_change_waits",)
    assert isinstance(await deal.answer(number=2), ContractMoved)
    contract = await settle_contract(deal.database, deal.id)
    assert (contract.amount_fen, contract.changes[1].raises_price) == (PRICE + 2, True)
    await deal.propose(OWNER_CALLER, kind="extension", days=30)
    assert isinstance(await deal.answer(AGENCY, 3), ContractMoved)
    contract = await settle_contract(deal.database, deal.id)
    assert contract.confirmed_at is not None
    assert contract.due_at == contract.confirmed_at + timedelta(seconds=30)


async def test_both_sides_end_a_contract_or_a_regulator_does(deal: Deal) -> None:
    assert codes(await deal.end()) == ("termination_not_proposed",)
    await deal.sign()
    await deal.ask_end()
    assert codes(await deal.end(OWNER_CALLER)) == ("own_termination",)
    assert codes(await deal.ask_end(AGENCY)) == ("termination_is_proposed",)
    assert isinstance(await deal.end(), ContractMoved)
    assert codes(await deal.hand_in()) == ("not_in_this_state",)
    other = Deal(deal.database, await awarded(Market(deal.database), file=False))
    ended = await other.end(REGULATOR)
    assert isinstance(ended, ContractMoved)
    assert (ended.state, await other.types()) == ("terminated", ["opened", "terminated"])


async def test_a_contract_ended_behind_its_time_without_a_result_is_a_late_result(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_day=(0, "seconds"))
    await deal.sign()
    await deal.ask_end()
    await deal.end()
    assert [kind for kind, _ in await deal.facts()] == ["result_late"]


async def test_steps_visits_money_and_reviews_are_noted_once_and_in_their_time(deal: Deal) -> None:
    await deal.sign()
    assert codes(await deal.plan(today() + timedelta(days=2))) == ("milestone_after_due",)
    await deal.plan(today(), today())
    assert isinstance(await deal.reach(2), ContractMoved)
    assert codes(await deal.reach(2)) == ("milestone_was_reached",)
    assert codes(await deal.plan(today())) == ("milestones_begun",)
    with pytest.raises(NotFound):
        await deal.reach(3)
    assert codes(await deal.visit(meets_in=-1)) == ("visit_is_past",)
    await deal.visit()
    await deal.visited()
    assert codes(await deal.visited()) == ("visit_was_noted",)
    assert codes(await deal.pay(on=today() + timedelta(days=1))) == ("day_to_come",)
    await deal.pay(fen=PRICE)
    await deal.pay(fen=1)
    await deal.hand_in()
    await deal.review(passed=False)
    assert codes(await deal.review()) == ("review_was_noted",)
    contract = await settle_contract(deal.database, deal.id)
    assert contract.total("payment") == PRICE + 1
    assert contract.review is not None
    assert not contract.review.passed_first


async def test_two_acts_at_once_have_one_effect(deal: Deal) -> None:
    await deal.upload()
    done = await asyncio.gather(*(deal.confirm() for _ in range(4)))
    assert sum(isinstance(one, ContractMoved) for one in done) == 1
    assert (await deal.types()).count("confirmed") == 1


async def test_nobody_signs_with_a_restricted_agency_whichever_side_acts(deal: Deal) -> None:
    await deal.upload()
    await Market(deal.database).restrict(1)
    assert codes(await deal.upload(OWNER_CALLER)) == ("restricted",)
    assert codes(await deal.upload(agency(1))) == ("restricted",)
    assert codes(await deal.confirm(OWNER_CALLER)) == ("restricted",)
    assert "confirmed" not in await deal.types()


async def test_what_was_signed_before_a_restriction_goes_on_but_grows_no_more(deal: Deal) -> None:
    await deal.sign()
    await deal.propose(amount_fen=PRICE + 1)
    await Market(deal.database).restrict(1)
    assert codes(await deal.answer()) == ("restricted",)
    assert isinstance(await deal.answer(is_agreed=False), ContractMoved)
    await deal.propose(kind="extension", days=20)
    assert isinstance(await deal.answer(number=2), ContractMoved)
    assert isinstance(await deal.hand_in(), ContractMoved)
    assert isinstance(await deal.accept(), ContractMoved)


async def named(market: Market) -> tuple[str, datetime]:
    """A direct award to agency 1 that it has confirmed; the end of its publicity."""
    terms = {"mode": "direct", "ceiling_fen": 20_000_000, "max_days": 40}
    selection = (await market.publish(terms, buyer_class="voluntary", sign_up_closes_at=None)).selection
    command = AwardDirectly(selection=selection, agency=code(1), price_fen=PRICE, days=DAYS, reason="延续（示例）")
    done = await award_directly(market.database, OWNER_CALLER, command)
    assert isinstance(done, AwardedDirectly), done
    confirmed = await confirm_award(market.database, AGENCY, ConfirmAward(selection=selection, agency=code(1)))
    assert isinstance(confirmed, AwardConfirmed), confirmed
    return selection, done.publicity_until


async def test_a_contract_follows_an_award_that_was_confirmed_from_the_instant_it_was_final(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, publicity_voluntary=(1, "seconds"))
    market = Market(database)
    await market.file(1)
    selection, final_at = await named(market)
    deal = Deal(database, selection)
    with pytest.raises(NotFound):
        await deal.upload()
    await until(final_at)
    assert codes(await deal.upload(days=DAYS + 1)) == ("contract_days_depart",)
    assert isinstance(await deal.upload(), ContractMoved)
    contract = await settle_contract(database, selection)
    assert contract.award.awarded_at == final_at


async def test_a_restriction_behind_the_end_of_publicity_leaves_the_award_and_bars_its_signing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, publicity_voluntary=(1, "seconds"))
    market = Market(database)
    await market.file(1)
    selection, final_at = await named(market)
    await until(final_at)
    await market.restrict(1)  # nobody had settled the award by then
    assert codes(await Deal(database, selection).upload()) == ("restricted",)
    assert codes(await Deal(database, selection).upload(OWNER_CALLER)) == ("restricted",)
