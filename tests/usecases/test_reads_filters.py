"""Filters of the lists as a table: each row says what is asked and what is found, in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.database import Database
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_demands import DemandPage, DemandQuery, read_demands
from marketplace.usecases.read_home import read_home
from marketplace.usecases.read_listing import MAX_ROWS, MIN_ROWS, Slice
from marketplace.usecases.read_restrictions import RestrictionQuery, read_restrictions
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import (
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    now,
    owner,
    pass_by,
    round_terms,
    sealed_terms,
)

DESIGN = "SV15"  # 工程设计资质, 乙级 or better

DEMANDS: tuple[tuple[DemandQuery, list[str]], ...] = (
    (DemandQuery(), ["sealed", "rounds", "percent", "town", "assessment", "bought"]),
    (DemandQuery(q="100%"), ["percent"]),
    (DemandQuery(q="a_b"), ["percent"]),
    (DemandQuery(q="axb"), []),
    (DemandQuery(q="\\"), ["percent"]),
    (DemandQuery(q="三垟湿地"), ["town"]),
    (DemandQuery(q="PROJECT alpha"), ["rounds"]),
    (DemandQuery(q="瓯海业主"), ["assessment"]),
    (DemandQuery(item="RA02"), ["assessment"]),
    (DemandQuery(item="nope"), []),
    (DemandQuery(city="330300"), ["sealed", "rounds", "town", "assessment", "bought"]),
    (DemandQuery(city="330326"), ["town"]),
    (DemandQuery(city="330100"), ["percent"]),
    (DemandQuery(ceiling_min_fen=30_000_000), ["percent"]),
    (DemandQuery(ceiling_max_fen=19_999_999), ["town"]),
    (DemandQuery(ceiling_min_fen=10_000_000, ceiling_max_fen=10_000_000), ["town"]),
    (DemandQuery(state="open"), ["sealed", "rounds", "percent", "town", "assessment"]),
    (DemandQuery(state="decided"), ["bought"]),
    (DemandQuery(state="failed"), []),
    (DemandQuery(mode="multi_round"), ["rounds"]),
    (DemandQuery(mode="instant", state="open"), ["percent", "town", "assessment"]),
    (DemandQuery(regional_only=True), ["assessment"]),
    (DemandQuery(q="需求", city="330300", mode="instant", ceiling_min_fen=20_000_000), ["bought"]),
)

AGENCIES: tuple[tuple[AgencyQuery, list[int]], ...] = (
    (AgencyQuery(), [1, 2, 3, 4, 5]),
    (AgencyQuery(q="测绘3号"), [3]),
    (AgencyQuery(q=code(4)[:17].lower()), [4]),
    (AgencyQuery(q="%"), []),
    (AgencyQuery(item="SV22"), [1, 2, 3]),
    (AgencyQuery(item="RA02"), [1, 2, 3, 4, 5]),
    (AgencyQuery(item="nope"), []),
    (AgencyQuery(item=DESIGN), [4]),
    (AgencyQuery(qualification="测绘资质"), [1, 2, 3]),
    (AgencyQuery(qualification="工程设计资质"), [4, 5]),
    (AgencyQuery(city="330300"), [1, 5]),
    (AgencyQuery(city="330302"), [1]),
    (AgencyQuery(restricted_only=True), [2]),
    (AgencyQuery(restricted_only=True, city="330300"), []),
)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number, (region, grade) in enumerate(
        (("330302", "甲级"), ("330102", "乙级"), ("331102", "甲级"), ("330602", None), ("330326", None)), 1
    ):
        await market.file(number, region=region, grade=grade)
    await certify(market, 4, kind="工程设计资质", grade="综合甲级", valid_until=date(2035, 1, 1))
    await certify(market, 5, kind="工程设计资质", grade="丙级", valid_until=date(2035, 1, 1))
    await certify(market, 5, kind="测绘资质", grade="甲级", valid_until=date(2025, 1, 1))
    return market


async def certify(market: Market, number: int, *, kind: str, grade: str, valid_until: date) -> None:
    command = AddQualification(
        agency=code(number), kind=kind, grade=grade, number=f"ZZ{number}", issuer="示例",
        valid_from=date(2020, 1, 1), valid_until=valid_until,
    )  # fmt: skip
    assert isinstance(await add_qualification(market.database, agency(number), command), QualificationAdded)


async def demands(market: Market) -> dict[str, str]:
    """Six demands by what they are called here."""
    await market.shelve(1, 1_000_000)
    made = {
        "bought": await market.publish(instant_terms()),
        "assessment": await market.publish(
            instant_terms(ceiling_fen=20_000_000), item="RA02", title="压覆矿产评估", owner_name="瓯海业主"
        ),
        "town": await market.publish(instant_terms(ceiling_fen=10_000_000), title="三垟湿地需求", region="330326"),
        "percent": await market.publish(
            instant_terms(ceiling_fen=30_000_000), title="100% a_b \\ 测量", region="330102", project_name="杭州"
        ),
        "rounds": await market.publish(
            round_terms(opens_in=62, length=60), sign_up_s=61, project_name="Project ALPHA", title="竞价"
        ),
        "sealed": await market.publish(sealed_terms(), sign_up_s=50, close_s=60, title="密封"),
    }
    bought = await take_instant_award(market.database, owner(), TakeInstantAward(demand=made["bought"].demand))
    assert isinstance(bought, InstantAwarded)
    return {published.demand: name for name, published in made.items()}


async def test_each_filter_of_demands_finds_what_its_row_says(market: Market) -> None:
    names = await demands(market)
    for query, expected in DEMANDS:
        found = await read_demands(market.database, query, Slice())
        assert [names[row.id] for row in found.rows] == expected, query
        assert found.total == len(expected)
        if not query.mode:
            assert sum(found.mode_counts.values()) == found.total
    tabs = (await read_demands(market.database, DemandQuery(mode="instant"), Slice())).mode_counts
    assert tabs == {"comprehensive": 1, "instant": 4, "multi_round": 1}


async def test_each_filter_of_results_finds_what_its_row_says(market: Market) -> None:
    names = await demands(market)
    rows = (
        (AwardQuery(), ["bought"]),
        (AwardQuery(outcome="award", mode="instant", city="330300", item="SV22"), ["bought"]),
        (AwardQuery(outcome="unsuccessful"), []),
        (AwardQuery(q="测绘1号"), ["bought"]),
        (AwardQuery(winner=code(1)), ["bought"]),
        (AwardQuery(winner=code(2)), []),
        (AwardQuery(mode="multi_round"), []),
    )
    for query, expected in rows:
        found = await read_awards(market.database, query, Slice())
        assert [names[row.id] for row in found.rows] == expected, query


async def test_each_filter_of_agencies_finds_what_its_row_says(market: Market) -> None:
    await market.restrict(2)
    for query, expected in AGENCIES:
        found = await read_agencies(market.database, query, Slice())
        assert [row.uscc for row in found.rows] == [code(number) for number in expected], query
        assert found.total == len(expected)
    assert (await read_agencies(market.database, AgencyQuery(city="330100"), Slice())).restricted_total == 1


async def test_restrictions_in_force_come_latest_first_and_leave_when_they_end(market: Market) -> None:
    await market.restrict(2)
    end = now() + timedelta(seconds=1.0)
    command = RestrictAgency(
        agency=code(3), layer="statutory", basis="判决（示例）", region="331100", ends_at=end, approvers=["R1", "R2"]
    )
    assert isinstance(await restrict_agency(market.database, REGULATOR, command), AgencyRestricted)
    rows = (
        (RestrictionQuery(), [3, 2]),
        (RestrictionQuery(layer="market"), [2]),
        (RestrictionQuery(city="331100"), [3]),
        (RestrictionQuery(q="测绘2号"), [2]),
        (RestrictionQuery(q="测绘2号", layer="statutory"), []),
    )
    for query, expected in rows:
        found = await read_restrictions(market.database, query, Slice())
        assert [row.restriction.subject for row in found.rows] == [code(number) for number in expected], query
        assert (found.statutory_total, found.market_total) == (1, 1)
    await pass_by(1.1)
    left = await read_restrictions(market.database, RestrictionQuery(), Slice())
    assert [row.restriction.subject for row in left.rows] == [code(2)]


async def walked(market: Market, query: DemandQuery) -> list[DemandPage]:
    """All pages of ten onward."""
    found = [await read_demands(market.database, query, Slice(1, MIN_ROWS))]
    while (after := found[-1].next) is not None:
        assert len(found) < 9, "pages without end"
        found.append(await read_demands(market.database, replace(query, after=after), Slice(1, MIN_ROWS)))
    return found


async def test_pages_cover_a_list_once_both_ways_and_before_its_beginning_is_the_first(market: Market) -> None:
    published = [(await market.publish(instant_terms())).demand for _ in range(21)]
    await market.shelve(1, 1_000_000, capacity=2)
    for one in published[:2]:
        await take_instant_award(market.database, owner(), TakeInstantAward(demand=one))
    late = (await market.publish(sealed_terms(), sign_up_s=500, close_s=600)).demand
    soon = (await market.publish(sealed_terms(), sign_up_s=50, close_s=60)).demand
    expected = [soon, late, *reversed(published[2:]), *reversed(published[:2])]
    pages = await walked(market, DemandQuery())
    assert [row.id for one in pages for row in one.rows] == expected
    assert [(one.total, one.is_more, one.previous is None) for one in pages] == [
        (23, False, True), (23, False, False), (23, False, False),
    ]  # fmt: skip
    back = [pages[-1]]
    while (before := back[-1].previous) is not None:
        back.append(await read_demands(market.database, DemandQuery(before=before), Slice(1, MIN_ROWS)))
    assert [[row.id for row in one.rows] for one in back[1:]] == [expected[10:20], expected[:10]]
    near = await read_demands(market.database, DemandQuery(before=pages[0].next or ""), Slice(1, MIN_ROWS))
    assert [row.id for row in near.rows] == expected[:10]  # nine rows are before it: the first page whole
    for page, size in ((0, 20), (10_001, 20), (1, MIN_ROWS - 1), (1, MAX_ROWS + 1)):
        with pytest.raises(AssertionError):
            Slice(page, size)


@pytest.mark.parametrize(
    ("units", "median"),
    [((500_000,), 750), ((500_000, 700_001), 650), ((333_333, 500_000, 700_000), 750), ((1_999_999, 1), 0)],
)
async def test_the_median_saving_is_one_that_was_really_made(
    market: Market, units: tuple[int, ...], median: int
) -> None:
    for number, unit in enumerate(units, 1):
        await market.file(50 + number)
        await market.shelve(50 + number, unit, capacity=1)
    for _ in units:
        published = await market.publish(instant_terms())
        done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
        assert isinstance(done, InstantAwarded)
    home = await read_home(market.database)
    assert home.figures.saving_permille == median
    assert home.figures.awarded == home.figures.published_to_award.sample == len(units)
    assert home.awards_by_city == {"330300": len(units)}
    assert agency(51).actor.id in {row.winner for row in home.awards}
