"""Who could take part, asked of the whole directory at once, is who the rules would admit one by one."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from agencies import store as agencies
from commons.errors import NotFound
from commons.instants import beijing_date
from credit import store as credit
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.admission import merits
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.applicants import applicants_for, call_of
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.follow_qualification import FollowQualification, follow_qualification
from marketplace.usecases.read_eligible import read_eligible
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from tests.usecases.market import REGULATOR, Market, agency, code, now, owner, sealed_terms

COUNT = 24
KINDS = (
    ("测绘资质", ("甲级", "乙级")),
    ("工程设计资质", ("甲级", "乙级", "丙级")),
    ("施工图审查机构", ("一类", "二类")),
)
MEASURES: tuple[Any, ...] = (None, ["shelf"], ["sign_up"], ["award"])
DIRECT = {"mode": "direct", "ceiling_fen": 20_000_000}


@pytest.fixture
async def market(database: Database) -> Market:
    """Agencies with papers, restrictions, suspensions and earlier work by the dice."""
    market, dice = Market(database), random.Random(20261124)
    for number in range(1, COUNT + 1):
        await market.file(number, grade=None)
        for kind, grades in KINDS:
            if dice.random() < 0.8:
                held = AddQualification(
                    agency=code(number), kind=kind, grade=dice.choice(grades), number=f"{kind}{number}",
                    valid_from=date(2020, 1, 1),
                    valid_until=dice.choice((None, None, None, date(2021, 1, 1), date(2040, 1, 1))),
                    regions=dice.choice((None, None, None, ["330300"], ["330100"])),
                    items=dice.choice((None, None, None, ["SV22", "SV16"], ["SV23"])),
                )  # fmt: skip
                added = await add_qualification(database, agency(number), held)
                if dice.random() < 0.15:
                    over = FollowQualification(
                        agency=code(number), qualification=getattr(added, "qualification", ""), what="withdrawn",
                        reason="注销（示例）",
                    )  # fmt: skip
                    await follow_qualification(database, agency(number), over)
        if dice.random() < 0.25:
            barred = RestrictAgency(
                agency=code(number), basis="示例", region="330302", approvers=["R1", "R2"],
                measures=dice.choice(MEASURES), items=dice.choice((None, ["SV22"])),
            )  # fmt: skip
            await restrict_agency(database, REGULATOR, barred)
        if dice.random() < 0.1:
            command = SuspendAgency(agency=code(number), reason="停业（示例）")
            await suspend_agency(database, agency(number), command)
    for number in range(1, COUNT + 1):
        if dice.random() < 0.2:
            published = await market.publish(DIRECT, buyer_class="voluntary", item="SV19")
            named = AwardDirectly(
                selection=published.selection, agency=code(number), price_fen=1_000_000, reason="延续（示例）"
            )
            await award_directly(database, owner(), named)
    return market


async def admitted(market: Market, demand: str) -> list[str]:
    """The slow way: the rules, agency by agency."""
    at = now()
    async with market.database.read() as connection:
        found = await demands.demand_by_id(connection, demand)
        assert found is not None
        who = [code(number) for number in range(1, COUNT + 1)]
        applicants = await applicants_for(connection, who, found, await credit.restrictions(connection, who))
        assert len(await agencies.names(connection, who)) == COUNT
    call = call_of(found, on=beijing_date(max(at, found.closes_at or at)))
    return sorted(one for one in who if not merits(applicants[one], call, at=at))


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"region": "330102"}, {"item": "SV23"}, {"item": "SV16"}, {"item": "SV19"}, {"item": "RA02"},
        {"item": "SV22", "further_items": ["SV16"]}, {"item": "RA02", "further_items": ["SV22"]},
        {"recusals": [{"agency": code(3), "reason": "示例"}, {"agency": code(4), "reason": "示例"}], "item": "RA02"},
    ],
)  # fmt: skip
async def test_the_directory_answers_what_the_rules_would_say_of_each(market: Market, changes: dict[str, Any]) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=60.0, close_s=61.0, **changes)
    expected = await admitted(market, published.demand)
    found = await read_eligible(market.database, published.demand, size=50)
    assert [uscc for uscc, _ in found.rows] == expected
    assert (found.total, found.next) == (len(expected), None)
    assert 0 < len(expected) < COUNT
    pages: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await read_eligible(market.database, published.demand, after=after, size=3)
        assert page.total == len(expected)
        pages += [uscc for uscc, _ in page.rows]
        after = page.next
    assert pages == expected


async def test_nobody_is_eligible_for_a_draft_or_for_nothing(database: Database) -> None:
    market = Market(database)
    draft = await market.post(sealed_terms(), close_s=30.0)
    for unknown in (draft, "D000000-00000000"):
        with pytest.raises(NotFound):
            await read_eligible(database, unknown)
    published = await market.publish(sealed_terms(), close_s=30.0)
    found = await read_eligible(database, published.demand)
    assert (found.total, found.rows, found.next) == (0, (), None)
    assert found.now - now() < timedelta(seconds=1)
