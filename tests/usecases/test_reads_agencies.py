"""The directory as it is searched: by grade, items served, restriction; pages that go on from a code."""

from __future__ import annotations

from datetime import date

import pytest

from commons.errors import Malformed
from marketplace.database import Database
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.change_agency import ChangeAgency, change_agency
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.follow_qualification import FollowQualification, follow_qualification
from marketplace.usecases.offer_item import OfferItem, offer_item
from marketplace.usecases.read_agencies import AgencyPage, AgencyQuery, read_agencies
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.stop_item import StopItem, stop_item
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from tests.usecases.market import PROFILE, Market, agency, code, sealed_terms

KIND = "工程设计资质"
GRADES = {1: "综合甲级", 2: "甲级", 3: "乙级", 4: "丙级"}
SOME = Slice(1, 10)


@pytest.fixture
async def market(database: Database) -> Market:
    """1 to 4 may design, each of a lower grade; 5 holds nothing; 6's certificate was withdrawn; 2 is restricted."""
    market = Market(database)
    for number in range(1, 7):
        await market.file(number, grade=None, region="330304" if number == 4 else "330302")
    for number, grade in {**GRADES, 6: "甲级"}.items():
        held = AddQualification(
            agency=code(number), kind=KIND, grade=grade, number=str(number), valid_from=date(2020, 1, 1)
        )
        added = await add_qualification(database, agency(number), held)
        assert isinstance(added, QualificationAdded)
        if number == 6:
            over = FollowQualification(
                agency=code(6), qualification=added.qualification, what="withdrawn", reason="注销（示例）"
            )
            await follow_qualification(database, agency(6), over)
    for number in (3, 5):
        await offer_item(database, agency(number), OfferItem(agency=code(number), item="RA02", commitment_signed=True))
    await stop_item(database, agency(5), StopItem(agency=code(5), item="RA02"))
    await market.restrict(2)
    return market


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (AgencyQuery(qualification=KIND), [1, 2, 3, 4]),
        (AgencyQuery(qualification=KIND, grade="丙级"), [1, 2, 3, 4]),
        (AgencyQuery(qualification=KIND, grade="乙级"), [1, 2, 3]),
        (AgencyQuery(qualification=KIND, grade="综合甲级"), [1]),
        (AgencyQuery(qualification=KIND, grade="特级"), []),
        (AgencyQuery(item="SV19"), [1, 2, 3]),
        (AgencyQuery(item="SV19", free_only=True), [1, 3]),
        (AgencyQuery(item="SV19", restricted_only=True), [2]),
        (AgencyQuery(free_only=True), [1, 3, 4, 5, 6]),
        (AgencyQuery(free_only=True, restricted_only=True), [1, 2, 3, 4, 5, 6]),
        (AgencyQuery(offering="RA02"), [3]),
        (AgencyQuery(offering="SV22"), []),
        (AgencyQuery(city="330304"), [4]),
        (AgencyQuery(qualification=KIND, city="330300", q="测绘3号"), [3]),
    ],
)
async def test_each_filter_finds_what_its_row_says(market: Market, query: AgencyQuery, expected: list[int]) -> None:
    found = await read_agencies(market.database, query, SOME)
    assert [row.uscc for row in found.rows] == [code(number) for number in expected]
    assert (found.total, found.next, found.previous) == (len(expected), None, None)
    assert found.first == (1 if expected else 0)


async def test_a_grade_belongs_to_a_kind_and_a_page_goes_on_from_one_code(market: Market) -> None:
    for query in (AgencyQuery(grade="甲级"), AgencyQuery(after=code(1), before=code(3))):
        with pytest.raises(Malformed):
            await read_agencies(market.database, query, SOME)


async def pages(market: Market, **narrowed: bool) -> list[AgencyPage]:
    """All pages onward."""
    found = [await read_agencies(market.database, AgencyQuery(**narrowed), SOME)]
    while (after := found[-1].next) is not None:
        found.append(await read_agencies(market.database, AgencyQuery(after=after, **narrowed), SOME))
    return found


async def test_pages_go_on_from_a_code_both_ways_and_show_everybody_once(market: Market) -> None:
    for number in range(10, 37):
        await market.file(number, grade=None)
    onward = await pages(market)
    listed = [row.uscc for one in onward for row in one.rows]
    assert listed == sorted({code(number) for number in (*range(1, 7), *range(10, 37))})
    assert [one.first for one in onward] == [1, 11, 21, 31]
    assert {one.total for one in onward} == {33}
    assert onward[0].previous is None
    back = [onward[-1]]
    while (before := back[-1].previous) is not None:
        back.append(await read_agencies(market.database, AgencyQuery(before=before), SOME))
    assert [one.rows[-1].uscc for one in back[1:]] == [one.rows[-1].uscc for one in reversed(onward[:-1])]
    free = [row.uscc for one in await pages(market, free_only=True) for row in one.rows]
    assert free == [one for one in listed if one != code(2)]


async def test_who_is_filed_meanwhile_moves_no_page(market: Market) -> None:
    for number in range(20, 40):
        await market.file(number, grade=None)
    first = await read_agencies(market.database, AgencyQuery(), SOME)
    assert first.next is not None
    for number in (7, 8, 9):
        await market.file(number, grade=None)  # before the code that the page goes on from
    second = await read_agencies(market.database, AgencyQuery(after=first.next), SOME)
    assert not {row.uscc for row in first.rows} & {row.uscc for row in second.rows}
    assert second.rows[0].uscc == min(code(number) for number in range(20, 40) if code(number) > first.next)


async def test_the_file_tells_what_happened_with_its_instants_and_shows_the_latest(market: Market) -> None:
    changed = await change_agency(
        market.database, agency(3), ChangeAgency(agency=code(3), name="改名（示例）", reason="换名（示例）")
    )
    await suspend_agency(market.database, agency(3), SuspendAgency(agency=code(3), reason="停业（示例）"))
    file = await read_agency(market.database, code(3), profile=PROFILE)
    assert (file.name, file.life.standing) == ("改名（示例）", "suspended")
    assert [(one.item, one.stopped_at) for one in file.items] == [("RA02", None)]
    told = {one.what: one for one in file.history}
    assert list(told)[:3] == ["agency_suspended", "agency_changed", "item_offered"]
    assert dict(told["agency_changed"].params) == {
        "name_from": "测绘3号（示例）", "name": "改名（示例）", "reason": "换名（示例）",
    }  # fmt: skip
    assert told["agency_changed"].at == getattr(changed, "changed_at", None)
    found = await read_agencies(market.database, AgencyQuery(q="改名"), SOME)
    assert [(row.uscc, row.standing) for row in found.rows] == [(code(3), "suspended")]
    gone = await read_agency(market.database, code(6), profile=PROFILE)
    assert "qualification_withdrawn" in {one.what for one in gone.history}
    assert "qualification_expired" not in {one.what for one in gone.history}


async def test_the_fairness_check_counts_neither_ended_certificates_nor_who_stands_back(market: Market) -> None:
    async def counted() -> dict[str, int]:
        found = await check_terms(market.database, CheckTerms(terms=sealed_terms(), item="SV19"))
        return {"filed": found.reach.filed, **{one.code: one.left for one in found.reach.conditions}}

    assert await counted() == {"filed": 6, "kind": 5, "grade": 4, "validity": 3, "restrictions": 2, "recusals": 2}
    await suspend_agency(market.database, agency(1), SuspendAgency(agency=code(1), reason="停业（示例）"))
    assert await counted() == {"filed": 5, "kind": 4, "grade": 3, "validity": 2, "restrictions": 1, "recusals": 1}
