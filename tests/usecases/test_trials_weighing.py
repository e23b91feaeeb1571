"""Terms weighed beside the agencies on file: who could take part today, which condition cuts most, who may read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commons.errors import Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date, start_of_day
from marketplace.database import Database
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.post_demand import DemandPosted, PostDemand, RecusalText, post_demand
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_warnings import read_warnings
from marketplace.usecases.weigh_terms import Weighed, warning_texts
from tests.usecases.market import (
    OWNER,
    PROFILE,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    owner,
    round_terms,
    sealed_terms,
)

DESIGN = "SV15"  # 工程设计资质, 乙级 or better
ANYBODY = "RA02"  # no qualification by law: the commitment is enough
DIGGING = "RA06"  # 考古发掘资质, ungraded
EXPIRING = beijing_date(datetime.now(UTC)) + timedelta(days=1000)
GRADED = [
    {"kind": "price", "points": 60, "formula": "lowest"},
    {"kind": "grade", "points": 40, "table": {"甲级": 40, "乙级": 20}},
]
PAPERS = (
    (1, "工程设计资质", "甲级", None), (2, "工程设计资质", "综合甲级", None), (3, "工程设计资质", "乙级", None),
    (4, "工程设计资质", "乙级", EXPIRING), (5, "工程设计资质", "丙级", None), (7, "考古发掘资质", None, None),
    (8, "工程设计资质", "甲级", None),
)  # fmt: skip


@pytest.fixture
async def market(database: Database) -> Market:
    """1 to 4 may design, 4 for a thousand days; 5 is of too low a grade, 7 digs, 8 could design but is restricted."""
    market = Market(database)
    for number in range(1, 9):
        await market.file(number, grade=None)
    for number, kind, grade, until in PAPERS:
        held = AddQualification(
            agency=code(number), kind=kind, grade=grade, number=f"示例-{number}", issuer="示例",
            valid_from=date(2020, 1, 1), valid_until=until,
        )  # fmt: skip
        assert isinstance(await add_qualification(database, agency(number), held), QualificationAdded)
    await market.restrict(8)
    return market


async def weighed(market: Market, terms: dict[str, Any], item: str = DESIGN, **changes: Any) -> Weighed:
    return await check_terms(market.database, CheckTerms(terms=terms, item=item, **changes))


def told(found: Weighed) -> list[str]:
    return [one.code for one in found.warnings]


def left(found: Weighed) -> dict[str, int]:
    return {one.code: one.left for one in found.reach.conditions}


async def test_agencies_are_counted_condition_by_condition_as_the_directory_counts_them(market: Market) -> None:
    found = await weighed(market, sealed_terms())
    assert left(found) == {"kind": 6, "grade": 5, "validity": 5, "restrictions": 4, "recusals": 4}
    assert (found.reach.filed, found.reach.qualified, told(found)) == (8, 4, [])
    assert found.reach.cuts_most == found.reach.conditions[0]
    listed = await read_agencies(market.database, AgencyQuery(item=DESIGN), Slice(1, 20))
    assert (listed.total, listed.restricted_total) == (5, 1)
    barred = await weighed(market, sealed_terms(), recused=[code(1)], owner_code=code(2))
    assert barred.reach.qualified == 2
    assert told(barred) == ["few_qualified", "min_bidders_above_qualified", "kind_cuts_most"]
    anybody = await weighed(market, sealed_terms(), ANYBODY)
    assert (left(anybody), told(anybody)) == ({"restrictions": 7, "recusals": 7}, [])
    digging = await weighed(market, sealed_terms(min_bidders=2), DIGGING)
    assert left(digging) == {"kind": 1, "validity": 1, "restrictions": 1, "recusals": 1}
    assert told(digging) == ["few_qualified", "min_bidders_above_qualified", "kind_cuts_most"]


async def test_papers_must_hold_on_the_closing_day_and_a_day_that_is_past_counts_as_today(market: Market) -> None:
    day = start_of_day(EXPIRING)
    late = await weighed(market, sealed_terms(), closes_at=day)
    assert (late.on, left(late)["validity"]) == (EXPIRING, 4)
    early = await weighed(market, sealed_terms(), closes_at=day - timedelta(microseconds=1))
    assert left(early)["validity"] == 5
    past = await weighed(market, sealed_terms(), closes_at=datetime(2001, 1, 1, tzinfo=UTC))
    assert (left(past)["validity"], past.on) == (5, beijing_date(past.at))
    rounds = round_terms(opens_in=1001 * 24 * 3600.0, length=1)
    assert left(await weighed(market, rounds))["validity"] == 4  # the close of the last round counts


async def test_points_for_grades_are_held_against_the_item(market: Market) -> None:
    assert told(await weighed(market, sealed_terms(criteria=GRADED))) == []
    assert told(await weighed(market, sealed_terms(criteria=GRADED), ANYBODY)) == ["grade_without_graded_item"]
    other = [GRADED[0], {"kind": "grade", "points": 40, "table": {"一级": 40, "二级": 20}}]
    assert told(await weighed(market, sealed_terms(criteria=other))) == ["grade_table_misses_item"]
    shelf = instant_terms(rule="best_value", criteria=GRADED, min_bidders=2)
    assert told(await weighed(market, shelf, DIGGING)) == [
        "min_bidders_not_used", "grade_without_graded_item", "few_qualified", "kind_cuts_most",
    ]  # fmt: skip


async def test_a_joint_purchase_needs_the_papers_of_all_its_items_and_a_direct_choice_one_agency(
    market: Market,
) -> None:
    joint = await weighed(market, sealed_terms(criteria=GRADED), further_items=[DIGGING, ANYBODY])
    assert left(joint) == {"kind": 0, "grade": 0, "validity": 0, "restrictions": 0, "recusals": 0}
    assert told(joint) == ["few_qualified", "min_bidders_above_qualified", "kind_cuts_most"]
    assert joint.warnings[2].params == {"cut": 8, "kind": "工程设计资质、考古发掘资质"}
    alike = await weighed(market, sealed_terms(criteria=GRADED), further_items=[ANYBODY])
    assert (left(alike)["recusals"], told(alike)) == (4, [])
    direct: dict[str, Any] = {"mode": "direct", "ceiling_fen": 5}
    assert told(await weighed(market, direct, DIGGING)) == []
    assert told(await weighed(market, direct, DIGGING, recused=[code(7)])) == ["few_qualified", "kind_cuts_most"]


async def test_posting_answers_with_the_warnings_and_keeps_the_draft(market: Market) -> None:
    at = datetime.now(UTC)
    command = PostDemand(
        owner_code=OWNER, owner_name="业主（示例）", buyer_class="fiscal", item=DESIGN, region="330304",
        project_code="2610-330304-04-01-104270", project_name="项目（示例）", title="需求（示例）",
        terms=sealed_terms(min_bidders=1), sign_up_closes_at=at, closes_at=at, nonce=nonce("owner"),
        recusals=[RecusalText(agency=code(number), reason="同一集团（示例）") for number in (1, 2)],
    )  # fmt: skip
    posted = await post_demand(market.database, owner("once"), command, profile=PROFILE)
    assert isinstance(posted, DemandPosted)
    assert [one.code for one in posted.warnings] == ["min_bidders_one", "few_qualified", "kind_cuts_most"]
    read = await read_warnings(market.database, posted.demand, Actor("owner", OWNER))
    assert warning_texts(read.warnings) == posted.warnings
    await market.restrict(3)  # the answer under a used key is the one that was given
    assert await post_demand(market.database, owner("once"), command, profile=PROFILE) == posted


async def test_what_could_not_be_posted_is_malformed_with_every_fault(market: Market) -> None:
    with pytest.raises(Malformed) as caught:
        await weighed(market, sealed_terms(max_days=10**6, ceiling_fen=0), "nope")
    found = [(one.pointer, one.code) for one in caught.value.faults]
    assert found == [("/item", "unknown_item"), ("/terms/ceiling_fen", "out_of_range")]
    with pytest.raises(Malformed) as caught:
        await weighed(market, sealed_terms(max_days=10**6), "nope")
    found = [(one.pointer, one.code) for one in caught.value.faults]
    assert found == [("/item", "unknown_item"), ("/terms/max_days", "out_of_range")]


async def test_warnings_of_a_draft_are_its_owners_and_everybodys_once_it_is_published(market: Market) -> None:
    recusals = [{"agency": code(1), "reason": "同一集团（示例）"}, {"agency": code(2), "reason": "同一集团（示例）"}]
    demand = await market.post(sealed_terms(), item=DESIGN, recusals=recusals)
    for reader in (Actor("owner", OWNER), Actor("delegate", "D1")):
        found = await read_warnings(market.database, demand, reader)
        assert found.reach.qualified == 2
        assert "few_qualified" in told(found)
    for stranger in (None, Actor("agency", OWNER), Actor("owner", code(9)), Actor("regulator", "R1")):
        with pytest.raises(NotFound):
            await read_warnings(market.database, demand, stranger)
    with pytest.raises(NotFound):
        await read_warnings(market.database, "D000000-00000000", Actor("owner", OWNER))
    await publish_demand(market.database, owner(), PublishDemand(demand=demand))
    assert (await read_warnings(market.database, demand, None)).reach.qualified == 2
