"""A change of a contract does not reach a price that the selection, or the law, would not have let in."""

from __future__ import annotations

import pytest

from commons.sources import Source
from commons.verdicts import Refused
from marketplace.catalogue import conditions
from marketplace.database import Database
from marketplace.usecases import barred
from marketplace.usecases.contract_desk import ContractMoved
from tests.usecases.contracted import DAYS, PRICE, Deal, awarded, codes, shorten
from tests.usecases.market import ITEM, Market, instant_terms

CEILING = instant_terms()["ceiling_fen"]
LAW = Source("示例", "no", "示例")


@pytest.fixture
async def deal(database: Database) -> Deal:
    made = Deal(database, await awarded(Market(database)))
    await made.sign()
    return made


def tender(monkeypatch: pytest.MonkeyPatch, from_fen: int) -> None:
    """The item is one of those that the law makes a public tender, from that amount on."""
    for module in (conditions, barred):
        monkeypatch.setattr(module, "tender_items", lambda: {ITEM: LAW})
    shorten(monkeypatch, public_tender_from=(from_fen, "fen"))


async def test_a_change_stays_within_the_ceiling_of_its_demand(deal: Deal) -> None:
    refused = await deal.propose(amount_fen=CEILING + 1)
    assert isinstance(refused, Refused)
    (reason,) = refused.reasons
    assert (reason.code, dict(reason.params)) == (
        "change_above_ceiling", {"ceiling_fen": CEILING, "given_fen": CEILING + 1},
    )  # fmt: skip
    assert reason.source.place
    assert isinstance(await deal.propose(amount_fen=CEILING), ContractMoved)
    assert isinstance(await deal.answer(), ContractMoved)


async def test_a_change_does_not_reach_what_the_law_makes_a_public_tender(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tender(monkeypatch, PRICE + 2)
    refused = await deal.propose(amount_fen=PRICE + 2)
    assert isinstance(refused, Refused)
    assert [(one.code, one.source) for one in refused.reasons] == [("public_tender_required", LAW)]
    assert isinstance(await deal.propose(amount_fen=PRICE + 1), ContractMoved)


async def test_a_price_is_judged_again_when_its_change_is_agreed(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    await deal.propose(amount_fen=PRICE + 2)
    tender(monkeypatch, PRICE + 2)
    assert codes(await deal.answer()) == ("public_tender_required",)
    assert isinstance(await deal.answer(is_agreed=False), ContractMoved)


async def test_what_does_not_raise_the_price_is_not_judged_by_it(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    tender(monkeypatch, 1)
    assert isinstance(await deal.propose(days=DAYS + 1), ContractMoved)
    assert isinstance(await deal.answer(), ContractMoved)
    assert isinstance(await deal.propose(amount_fen=PRICE - 1), ContractMoved)
    assert isinstance(await deal.answer(number=2), ContractMoved)
