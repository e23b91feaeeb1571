"""Coverage of regional assessments: what is recorded, what it keeps from being published, what its use saves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from commons.errors import Conflict, Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.identity.permissions import Badge
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from marketplace.usecases.read_coverage import read_coverage, read_coverages, read_savings
from marketplace.usecases.read_timeline import read_timeline
from marketplace.usecases.record_coverage import CoverageRecorded, RecordCoverage, record_coverage
from marketplace.usecases.state_milestone import MilestoneStated, StateMilestone, state_milestone
from marketplace.usecases.stated import ConditionText
from marketplace.usecases.use_coverage import CoverageUsed, UseCoverage, use_coverage
from marketplace.usecases.withdraw_coverage import CoverageWithdrawn, WithdrawCoverage, withdraw_coverage
from tests.usecases.market import OWNER, PROFILE, Market, code, nonce, now, owner, sealed_terms

REGULATOR = Caller(Actor("regulator", "R1"))
ZONE, PROJECT, COVERED = "瓯海经济开发区（示例）", "2610-330304-04-01-104270", "RA02"
TODAY = beijing_date(now())
RING = [["120.60", "27.95"], ["120.65", "27.95"], ["120.65", "28.00"], ["120.60", "28.00"], ["120.60", "27.95"]]


def recording(**changes: Any) -> RecordCoverage:
    return RecordCoverage(
        **{
            "region": "330304", "zone": ZONE, "items": [COVERED], "result": "可行（示例）",
            "access_standard": "开挖不超过 6 米（示例）", "negative_list": ["爆破作业"],
            "document": "区域评估报告（示例）", "text_seen": "no", "valid_from": TODAY - timedelta(days=30),
            "valid_to": TODAY + timedelta(days=700), "is_example": True, **changes,
        }
    )  # fmt: skip


async def recorded(database: Database, **changes: Any) -> str:
    done = await record_coverage(database, REGULATOR, recording(**changes))
    assert isinstance(done, CoverageRecorded)
    return done.coverage


async def posted(database: Database, **changes: Any) -> DemandPosted:
    at = now()
    command = PostDemand(
        **{
            "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": COVERED,
            "project_code": PROJECT, "project_name": "项目（示例）", "region": "330304", "title": "评估（示例）",
            "terms": sealed_terms(), "is_example": True, "nonce": nonce("owner"), "recusals": [], "zone": ZONE,
            "sign_up_closes_at": at + timedelta(hours=1), "closes_at": at + timedelta(hours=2), **changes,
        }
    )  # fmt: skip
    done = await post_demand(database, owner(), command, profile=PROFILE)
    assert isinstance(done, DemandPosted), done
    return done


async def published(database: Database, demand: str, **changes: Any) -> DemandPublished | Refused:
    return await publish_demand(database, owner(), PublishDemand(demand=demand, **changes))


async def test_posting_inside_says_what_stands_and_publishing_asks_for_a_reason(database: Database) -> None:
    coverage = await recorded(database)
    draft = await posted(database)
    assert draft.fairness is not None
    (covered,) = draft.fairness.covered_by
    assert (covered.coverage, covered.item, covered.negative_list) == (coverage, COVERED, ("爆破作业",))
    assert [one.code for one in draft.fairness.must_change] == ["already_covered"]
    refused = await published(database, draft.demand)
    assert isinstance(refused, Refused)
    assert refused.codes == ("already_covered",)
    assert refused.reasons[0].params["valid_to"] == (TODAY + timedelta(days=700)).isoformat()
    assert isinstance(
        await published(database, draft.demand, despite_coverage="地下室超出准入深度（示例）"), DemandPublished
    )
    async with database.read() as connection:
        events = await load(connection, [f"demand/{draft.demand}"])
    assert events[1].event.data["despite_coverage"] == "地下室超出准入深度（示例）"


async def test_on_the_map_the_place_decides(database: Database) -> None:
    await recorded(database, polygon={"type": "Polygon", "coordinates": [RING]})
    inside = await posted(database, zone="", point=["120.625", "27.99"])
    outside = await posted(database, point=["121.5", "28.5"])
    assert inside.fairness is not None
    assert outside.fairness is not None
    assert len(inside.fairness.covered_by) == 1
    assert outside.fairness.covered_by == ()
    with pytest.raises(Malformed) as refused:
        await posted(database, point=["27.99", "120.625"])
    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/point/0", "out_of_bounds"), ("/point/1", "out_of_bounds"),
    ]  # fmt: skip


async def test_giving_a_draft_up_counts_what_similar_awards_cost_and_took(database: Database) -> None:
    coverage, market = await recorded(database), Market(database)
    earlier = [await market.publish(sealed_terms(), item=COVERED, sign_up_s=60, close_s=90) for _ in range(5)]
    async with database.transaction() as connection:  # five awards whose publicity is over
        for number, one in enumerate(earlier):
            await connection.execute(
                """UPDATE demand SET outcome = 'award', winner = $2, winning_fen = $3,
                     publicity_until = clock_timestamp(), decided_at = published_at + $4 WHERE id = $1""",
                one.demand, code(1), 1_000_000 + number, timedelta(days=number),
            )  # fmt: skip
        await connection.execute("UPDATE demand SET decided_at = least(decided_at, clock_timestamp())")
    draft = await posted(database)
    used = await use_coverage(database, owner(), UseCoverage(demand=draft.demand))
    assert isinstance(used, CoverageUsed)
    assert (used.saved_fee_fen, used.saved_days, used.sample) == (1_000_002, 60, 5)
    with pytest.raises(Conflict):
        await use_coverage(database, owner(), UseCoverage(demand=draft.demand))
    with pytest.raises(Conflict):
        await published(database, draft.demand, despite_coverage="后悔（示例）")
    saved = (await read_savings(database, first=None, until=None, region="330300")).savings
    assert (saved.demands, saved.fee_fen, saved.with_fee, saved.days) == (1, 1_000_002, 1, 60)
    assert (await read_savings(database, first=None, until=None, region="330100")).savings.demands == 0
    assert (await read_savings(database, first=date(2020, 1, 1), until=TODAY)).savings.demands == 0
    async with database.read() as connection:
        found = await demands.demand_by_id(connection, draft.demand)
        act = (await load(connection, [f"demand/{draft.demand}"]))[-1].event
    assert found is not None
    assert found.state == "covered"
    assert (act.type, act.data["coverages"]) == ("demand.coverage_used", [coverage])


async def test_nothing_similar_counts_nothing_and_what_is_not_covered_is_not_given_up(database: Database) -> None:
    await recorded(database)
    used = await use_coverage(database, owner(), UseCoverage(demand=(await posted(database)).demand))
    assert isinstance(used, CoverageUsed)
    assert (used.saved_fee_fen, used.saved_days, used.sample) == (None, None, 0)
    other = await posted(database, further_items=["RA03"])
    refused = await use_coverage(database, owner(), UseCoverage(demand=other.demand))
    assert isinstance(refused, Refused)
    assert [(one.code, one.params["items"]) for one in refused.reasons] == [("not_covered", "RA03")]


async def test_a_coverage_ends_once_by_withdrawal_or_successor(database: Database) -> None:
    first = await recorded(database)
    second = await recorded(database, supersedes=first, document="修编报告（示例）")
    found, _ = await read_coverage(database, first)
    assert found.ended is not None
    assert (found.ended.kind, found.ended.successor) == ("superseded", second)
    with pytest.raises(Conflict):
        await recorded(database, supersedes=first)
    done = await withdraw_coverage(database, REGULATOR, WithdrawCoverage(coverage=second, reason="条件变化（示例）"))
    assert isinstance(done, CoverageWithdrawn)
    with pytest.raises(Conflict):
        await withdraw_coverage(database, REGULATOR, WithdrawCoverage(coverage=second, reason="再次（示例）"))
    with pytest.raises(NotFound):
        await withdraw_coverage(database, REGULATOR, WithdrawCoverage(coverage="C000000-00000000", reason="x"))
    assert (await read_coverages(database)).rows == ()
    page = await read_coverages(database, only_valid=False, limit=1, region="330300", item=COVERED)
    assert page.next is not None
    rest = await read_coverages(database, only_valid=False, limit=1, after=page.next)
    assert {page.rows[0].id, rest.rows[0].id} == {first, second}
    assert rest.next is None


async def test_what_is_recorded_is_checked_and_a_regulator_acts_in_its_region(database: Database) -> None:
    with pytest.raises(Malformed) as refused:
        await recorded(database, items=["SV22", "XX99", COVERED, COVERED], valid_to=TODAY - timedelta(days=30),
                       polygon={"type": "Polygon", "coordinates": [RING[:-1]]})  # fmt: skip
    assert [one.code for one in refused.value.faults] == [
        "ring_not_closed", "not_regional", "unknown_item", "item_twice", "out_of_order",
    ]  # fmt: skip
    away = Caller(Actor("regulator", "R2"), badge=Badge("P1", region="330100", is_fresh=True))
    with pytest.raises(Forbidden):
        await record_coverage(database, away, recording())
    with pytest.raises(Forbidden):
        await record_coverage(database, owner(), recording())


async def test_conditions_barriers_and_tenders_are_refused_together_with_their_sources(database: Database) -> None:
    conditions = [
        ConditionText(kind="qualification", name="工程设计资质", grade="甲级"),
        ConditionText(kind="branch_in", region="330300"),
    ]
    recusals = [{"agency": code(9), "reason": "外地企业，不便管理"}]
    draft = await posted(
        database, item="SV19", conditions=conditions, recusals=recusals, public_tender=True, zone="",
        terms=sealed_terms(ceiling_fen=100_000_000),
    )  # fmt: skip
    refused = await published(database, draft.demand)
    assert isinstance(refused, Refused)
    assert refused.codes == (
        "qualification_beyond_law", "regional_barrier", "regional_barrier", "public_tender_required",
    )  # fmt: skip
    assert draft.fairness is not None
    assert tuple(one.code for one in draft.fairness.must_change) == refused.codes
    legal = await posted(
        database,
        item="SV19",
        zone="",
        conditions=[ConditionText(kind="qualification", name="工程设计资质", grade="乙级")],
    )
    assert isinstance(await published(database, legal.demand), DemandPublished)


async def test_the_check_before_posting_says_the_same(database: Database) -> None:
    coverage = await recorded(database)
    command = CheckTerms(
        terms=sealed_terms(), item=COVERED, further_items=[], recused=[], region="330304", zone=ZONE,
        conditions=[ConditionText(kind="turnover", amount=1)],
    )  # fmt: skip
    found = await check_terms(database, command, profile=PROFILE)
    assert [one.code for one in found.must_change] == ["qualification_beyond_law", "already_covered"]
    assert [one.coverage.id for one in found.covered] == [coverage]
    assert (found.similar.scope, found.similar.count) == ("province", 0)


async def test_a_project_shows_its_clock_and_what_it_buys(database: Database) -> None:
    with pytest.raises(NotFound):
        await read_timeline(database, PROJECT, profile=PROFILE)
    draft = await posted(database)
    assert isinstance(await published(database, draft.demand), DemandPublished)
    began = TODAY - timedelta(days=31)
    for name, day in (("coded", began), ("land", TODAY - timedelta(days=1))):
        command = StateMilestone(project_code=PROJECT, milestone=name, reached_on=day)
        assert isinstance(await state_milestone(database, owner(), command), MilestoneStated)
    found = await read_timeline(database, PROJECT, profile=PROFILE)
    assert (found.timeline.days_used, found.timeline.days_left, found.timeline.is_over) == (31, 69, False)
    assert [one.demand for one in found.timeline.stages[1].demands] == [draft.demand]
    pledged = StateMilestone(project_code=PROJECT, is_standard_land=True, is_pledged=True)
    assert isinstance(await state_milestone(database, REGULATOR, pledged), MilestoneStated)
    over = (await read_timeline(database, PROJECT, profile=PROFILE)).timeline
    assert (over.days_left, over.is_over, over.due_on) == (-1, True, began + timedelta(days=30))
    for wrong in (
        StateMilestone(project_code=PROJECT, milestone="built", reached_on=TODAY + timedelta(days=2)),
        StateMilestone(project_code=PROJECT, milestone="planning_permit", reached_on=began),
        StateMilestone(project_code=PROJECT, milestone="built"),
        StateMilestone(project_code=PROJECT),
    ):
        with pytest.raises(Malformed):
            await state_milestone(database, owner(), wrong)
    with pytest.raises(Forbidden):
        await state_milestone(database, Caller(Actor("owner", code(7, "11990000MA"))), pledged)
