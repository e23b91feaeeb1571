"""The contract on the page of its award: in words, for anybody, and never more than it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from marketplace.contracts.cycle import State
from marketplace.database import Database
from marketplace.web.locale.contract_words import DUTIES, EVENTS, STATES
from tests.usecases.contracted import AGENCY, Deal, awarded, shorten
from tests.usecases.market import Market
from tests.web_pages.site import Site

ROOM = Path(__file__).parents[2] / "marketplace"
SAID = re.compile(r'"(contract\.[a-z_]+)"')
OWED = re.compile(r'Duty\(\s*[^,]+, "([a-z_]+)"')


def test_every_event_state_and_duty_has_words() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOM / "contracts").glob("*.py")]
    texts.append((ROOM / "usecases" / "contract_award.py").read_text(encoding="utf-8"))
    assert {one for text in texts for one in SAID.findall(text)} | {"contract.invoiced", "contract.paid"} == set(EVENTS)
    assert set(STATES) == set(get_args(State))
    assert {one for text in texts for one in OWED.findall(text)} == set(DUTIES)
    assert all(one.zh and one.en for each in (STATES, EVENTS, DUTIES) for one in each.values())


async def test_the_page_of_an_award_shows_its_contract_and_what_was_deemed(
    site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = Market(database)
    deal = Deal(database, await awarded(market))
    async with database.read() as connection:
        demand = await connection.fetchval("SELECT demand FROM selection WHERE id = $1", deal.id)
    page = await site.text(f"/awards/{demand}")
    assert "待签合同" in page
    assert "业主：签订并上传合同" in page
    shorten(monkeypatch, acceptance=(0, "seconds"))
    await deal.sign()
    await deal.visit()
    await deal.hand_in(AGENCY)
    await market.restrict(1)
    page = await site.text(f"/awards/{demand}")
    assert "逾期未验收，视为验收" in page
    assert "失信限制" in page
    assert "张三" not in page
