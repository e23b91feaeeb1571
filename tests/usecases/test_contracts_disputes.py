"""A dispute about a contract: it stops the clocks, the other side or a regulator closes it, its opener withdraws it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.database import Database
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.settle_contract import settle_contract
from tests.usecases.contracted import AGENCY, DAYS, OWNER_CALLER, Deal, awarded, codes, shorten
from tests.usecases.market import REGULATOR, Market, pass_by, until


@pytest.fixture
async def deal(database: Database) -> Deal:
    return Deal(database, await awarded(Market(database)))


async def test_a_dispute_stops_the_clocks_and_moves_their_ends(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, acceptance=(1, "seconds"))
    await deal.sign()
    delivered = await deal.hand_in()
    assert isinstance(delivered, ContractMoved)
    opened = await deal.dispute()
    assert isinstance(opened, ContractMoved)
    assert (opened.state, opened.until) == ("disputed", None)
    await pass_by(1.05)
    assert codes(await deal.accept()) == ("not_in_this_state",)
    assert isinstance(await deal.note(), ContractMoved)
    closed = await deal.settle_dispute()
    assert isinstance(closed, ContractMoved)
    assert delivered.until is not None
    assert (closed.state, closed.until) == ("delivered", delivered.until + (closed.at - opened.at))
    assert isinstance(await deal.accept(), ContractMoved)


async def test_who_opens_a_dispute_and_withdraws_it_is_as_late_as_without_it(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, contract_day=(0, "seconds"))
    await deal.sign()
    await deal.dispute()
    assert isinstance(await deal.settle_dispute(AGENCY), ContractMoved)
    await deal.hand_in()
    assert [kind for kind, _ in await deal.facts()] == ["result_late"]


async def test_an_owner_that_withdraws_its_dispute_behind_its_time_has_accepted(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, acceptance=(1, "seconds"))
    await deal.sign()
    delivered = await deal.hand_in()
    assert isinstance(delivered, ContractMoved)
    assert delivered.until is not None
    await deal.dispute(OWNER_CALLER)
    await until(delivered.until)
    closed = await deal.settle_dispute(OWNER_CALLER)
    assert isinstance(closed, ContractMoved)
    assert closed.state == "accepted", "as if there had been no dispute, and told at once"
    assert (await settle_contract(deal.database, deal.id)).accepted_at == delivered.until


async def test_a_regulator_closes_a_dispute(deal: Deal) -> None:
    await deal.sign()
    opened = await deal.dispute()
    assert isinstance(opened, ContractMoved)
    closed = await deal.settle_dispute(REGULATOR)
    assert isinstance(closed, ContractMoved)
    contract = await settle_contract(deal.database, deal.id)
    assert contract.confirmed_at is not None
    assert contract.due_at == contract.confirmed_at + timedelta(seconds=DAYS) + (closed.at - opened.at)
