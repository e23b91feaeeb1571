"""A contract whose agency may not sign: restricted, or held for review because of whom it is tied to."""

from __future__ import annotations

import pytest

from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.read_contract import read_contract
from marketplace.usecases.rule_hold import RuleHold, rule_hold
from marketplace.usecases.settle_contract import settle_contract
from marketplace.usecases.state_relations import RelationsStated, StateRelations, state_relations
from marketplace.usecases.stated_relations import Person, Relations
from marketplace.web.pages.contracts import panel_of
from tests.usecases.contracted import OWNER_CALLER, PRICE, Deal, awarded, codes, shorten
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, until

BOSS = Relations(legal_representative=Person(name="张三（示例）", id_number="330302199001011234"))


async def state(market: Market, number: int) -> tuple[str, ...]:
    """State that the boss leads this agency; returns the holds that it brings upon it."""
    command = StateRelations(agency=code(number), relations=BOSS)
    done = await state_relations(market.database, agency(number), command, profile=PROFILE)
    assert isinstance(done, RelationsStated), done
    return tuple(done.held_for_review)


async def hold(market: Market) -> str:
    """Agency 1 turns out to be led by whom a restricted one is led by; returns the hold."""
    await market.file(2)
    await state(market, 2)
    await market.restrict(2)
    (held,) = await state(market, 1)
    return held


async def release(market: Market, held: str) -> None:
    """A regulator finds nothing in it."""
    body = {"agency": code(1), "hold": held, "ruling": "unlinked", "reason": "经核查（示例）", "approvers": []}
    done = await rule_hold(market.database, REGULATOR, RuleHold.model_validate(body))
    assert not isinstance(done, Refused), done


async def told(market: Market, deal: Deal) -> tuple[list[str], bool, bool]:
    """What anybody reads of what bars the agency, and whether its page says restricted, and held."""
    file = await read_contract(market.database, deal.id, None)
    panel = panel_of(file)
    return [one.code for one in file.restrictions], panel.is_restricted, panel.is_held


@pytest.fixture
def market(database: Database) -> Market:
    return Market(database)


@pytest.fixture
async def deal(market: Market) -> Deal:
    return Deal(market.database, await awarded(market))


async def test_nobody_signs_with_an_agency_that_is_held_for_review_until_it_is_ruled_on(
    market: Market, deal: Deal
) -> None:
    await deal.upload()
    held = await hold(market)
    for caller in (OWNER_CALLER, agency(1)):
        assert codes(await deal.upload(caller)) == ("held_for_review",)
    assert codes(await deal.confirm()) == ("held_for_review",)
    assert await told(market, deal) == (["held_for_review"], False, True)
    await release(market, held)
    assert await told(market, deal) == ([], False, False)
    assert isinstance(await deal.confirm(), ContractMoved)


async def test_a_change_is_not_agreed_with_an_agency_that_is_held_for_review(market: Market, deal: Deal) -> None:
    await deal.sign()
    await deal.propose(amount_fen=PRICE + 1)
    await hold(market)
    assert codes(await deal.answer()) == ("held_for_review",)
    assert isinstance(await deal.answer(is_agreed=False), ContractMoved)
    assert isinstance(await deal.hand_in(), ContractMoved), "what was signed is kept"


@pytest.mark.parametrize("bars", ["restricted", "held_for_review"])
async def test_an_agency_that_was_forbidden_to_sign_is_not_late_with_its_signature(
    market: Market, deal: Deal, monkeypatch: pytest.MonkeyPatch, bars: str
) -> None:
    shorten(monkeypatch, contract_confirmation=(1, "seconds"))
    uploaded = await deal.upload(OWNER_CALLER)
    assert isinstance(uploaded, ContractMoved)
    assert uploaded.until is not None
    held = await hold(market) if bars == "held_for_review" else ""
    if not held:
        await market.restrict(1)
    assert codes(await deal.confirm(agency(1))) == (bars,)
    await until(uploaded.until)
    if held:
        await release(market, held)
        assert isinstance(await deal.confirm(agency(1)), ContractMoved)
    await settle_contract(market.database, deal.id)
    assert await deal.facts() == []
