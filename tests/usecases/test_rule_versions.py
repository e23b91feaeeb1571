"""Versions published by the operator: what holds where from when, what a demand keeps; nothing past changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from agencies import store as agencies
from commons.errors import Conflict, Forbidden, Malformed
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.catalogue.in_force import rules_at
from marketplace.catalogue.store import last_versions, versions_of
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.applicants import call_of
from marketplace.usecases.follow_qualification import FollowQualification, QualificationFollowed, follow_qualification
from marketplace.usecases.new_version import VersionPublished
from marketplace.usecases.offer_item import ItemOffered, OfferItem, offer_item
from marketplace.usecases.post_demand import PostDemand, post_demand
from marketplace.usecases.publish_catalogue_version import (
    AbolishedText,
    ItemText,
    PublishCatalogueVersion,
    publish_catalogue_version,
)
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.publish_profile_version import PublishProfileVersion, ValueText, publish_profile_version
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_versions import read_difference, read_modes, read_rules, read_versions
from marketplace.usecases.rules_in_force import profile_of
from marketplace.web.pages.demands import demand_view
from tests.usecases.living import open_demand, settle_at, state_of
from tests.usecases.market import ITEM, OWNER, PROFILE, REGULATOR, Market, agency, code, nonce, owner, sealed_terms

OPERATOR = Caller(Actor("operator", "O1"))
PROVINCE, CITY, COUNTY, ELSEWHERE = "330000", "330300", "330304", "330100"


def said(region: str, **changes: Any) -> dict[str, Any]:
    return {
        "region": region, "reason": "调整（示例）", "source": "管理办法（示例）", "text_seen": "no", **changes,
    }  # fmt: skip


async def set_value(database: Database, region: str, key: str, value: int, unit: str, **changes: Any) -> str:
    command = PublishProfileVersion(
        profile=PROFILE, values=[ValueText(key=key, value=value, unit=unit)], **said(region, **changes)
    )
    done = await publish_profile_version(database, OPERATOR, command)
    assert isinstance(done, VersionPublished)
    return done.version


async def value(database: Database, region: str, key: str, at: datetime | None = None) -> int:
    rules, _ = await read_rules(database, PROFILE, region, at)
    return rules.profile[key].value


@pytest.fixture
def market(database: Database) -> Market:
    return Market(database)


async def test_the_nearest_region_wins_and_what_it_does_not_say_falls_through(database: Database) -> None:
    await set_value(database, PROVINCE, "owner_choice", 7, "seconds")
    await set_value(database, CITY, "publicity", 9, "seconds")
    await set_value(database, COUNTY, "owner_choice", 11, "seconds")
    assert [await value(database, one, "owner_choice") for one in (PROVINCE, CITY, COUNTY, ELSEWHERE)] == [7, 7, 11, 7]
    assert [await value(database, one, "publicity") for one in (PROVINCE, CITY, COUNTY, ELSEWHERE)] == [5, 9, 9, 5]
    command = PublishProfileVersion(profile=PROFILE, values=[], **said(COUNTY, released=["owner_choice"]))
    assert isinstance(await publish_profile_version(database, OPERATOR, command), VersionPublished)
    assert await value(database, COUNTY, "owner_choice") == 7


async def test_a_version_holds_from_its_instant_and_answers_about_the_past_stay(database: Database) -> None:
    begins = datetime.now(UTC) + timedelta(days=2)
    await set_value(database, CITY, "owner_choice", 8, "seconds", in_force_from=begins)
    assert await value(database, CITY, "owner_choice") == 4
    assert await value(database, CITY, "owner_choice", begins - timedelta(microseconds=1)) == 4
    assert await value(database, CITY, "owner_choice", begins) == 8
    with pytest.raises(Malformed) as refused:
        await set_value(database, CITY, "owner_choice", 9, "seconds", in_force_from=begins - timedelta(days=1))
    assert [one.code for one in refused.value.faults] == ["before_another"]
    await set_value(database, CITY, "owner_choice", 10, "seconds", in_force_from=begins)
    assert await value(database, CITY, "owner_choice", begins) == 10


async def test_all_faults_are_listed_at_once_and_nothing_is_kept(database: Database) -> None:
    command = PublishProfileVersion(
        profile=PROFILE,
        values=[
            ValueText(key="no_such", value=1, unit="days"),
            ValueText(key="direct_fiscal", value=2, unit="yes_no"),
            ValueText(key="sign_up", value=3, unit="bidders"),
        ],
        **said(CITY, in_force_from=datetime(2026, 1, 1, tzinfo=UTC), released=["rounds"]),
    )
    with pytest.raises(Malformed) as refused:
        await publish_profile_version(database, OPERATOR, command)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/in_force_from", "in_the_past"), ("/values/0/key", "unknown_key"), ("/values/1/value", "out_of_range"),
        ("/values/2/unit", "unit_differs"), ("/released/0", "not_overlaid"),
    ]  # fmt: skip
    assert (await read_versions(database, "profile", PROFILE)).rows == ()
    with pytest.raises(ValidationError):  # a version without the text it stands on is no command
        PublishProfileVersion(profile=PROFILE, values=[], **said(CITY, source=""))
    await set_value(database, CITY, "rounds", 2, "rounds")
    with pytest.raises(Malformed) as same:
        await set_value(database, CITY, "rounds", 2, "rounds")
    assert [one.code for one in same.value.faults] == ["changes_nothing"]


async def test_only_the_operator_publishes(database: Database) -> None:
    for role in ("owner", "regulator", "agency", "public", "auditor"):
        with pytest.raises(Forbidden):
            command = PublishProfileVersion(profile=PROFILE, values=[], **said(CITY))
            await publish_profile_version(database, Caller(Actor(role, "X")), command)


async def test_a_demand_is_judged_and_settled_by_the_rules_of_its_publication(
    database: Database, market: Market
) -> None:
    before = await market.publish(sealed_terms(), sign_up_s=30, close_s=60)
    await set_value(database, CITY, "minimum_bidders_comprehensive", 4, "bidders")
    await set_value(database, CITY, "publicity", 9, "days")
    draft = await market.post(sealed_terms(), sign_up_s=30, close_s=60)
    refused = await publish_demand(database, owner(), PublishDemand(demand=draft))
    assert isinstance(refused, Refused)
    assert refused.codes == ("minimum_bidders_below_profile",)
    assert refused.reasons[0].source.title == "管理办法（示例）"
    after = await market.publish(sealed_terms(min_bidders=4), sign_up_s=30, close_s=60)
    async with database.read() as connection:
        old = await demands.demand_by_id(connection, before.demand)
        new = await demands.demand_by_id(connection, after.demand)
        assert old is not None
        assert new is not None
        assert (profile_of(old)["publicity"].unit, profile_of(new)["publicity"].unit) == ("seconds", "days")
        published = (await load(connection, [f"demand/{after.demand}"]))[1].event.data["rules"]
        versions = await versions_of(connection, "profile", PROFILE)
    rules, _ = await read_rules(database, PROFILE, "330304", None)
    assert published == new.rules
    assert new.rules["profile_digest"] == rules.profile_digest != old.rules["profile_digest"]
    assert new.rules["versions"] == [versions[-1].id]
    await set_value(database, CITY, "publicity", 1, "days")  # what is published later touches neither
    assert profile_of(new)["publicity"].value == 9


async def test_an_item_of_a_version_can_be_bought_with_what_it_asks_and_an_abolished_one_cannot(
    database: Database, market: Market
) -> None:
    at = datetime.now(UTC)
    item = ItemText(
        code="ZZ01", name="新设事项（示例）", item_class="optional", approval_item="示例", department="示例",
        legal_basis="示例", qualification_kind="测绘资质", minimum_grade="甲级", result_form="报告", fee_mode="market",
        source="目录（示例）", text_seen="no",
    )  # fmt: skip
    gone = AbolishedText(
        code="SV26", name="土地评估", valid_to=beijing(at) + timedelta(days=1), document="决定（示例）", text_seen="no"
    )
    command = PublishCatalogueVersion(items=[item], abolished=[gone], **said(CITY))
    assert isinstance(await publish_catalogue_version(database, OPERATOR, command), VersionPublished)
    published = await market.publish(sealed_terms(), item="ZZ01", sign_up_s=30, close_s=60)
    async with database.read() as connection:
        demand = await demands.demand_by_id(connection, published.demand)
    assert demand is not None
    (asked,) = call_of(demand, on=date(2026, 11, 23)).requirements
    assert asked is not None
    assert (asked.kind, asked.grades) == ("测绘资质", ("甲级",))
    draft = await market.post(sealed_terms(), item="SV26", sign_up_s=30, close_s=60)  # not abolished yet
    soon = AbolishedText(
        code="SV26", name="土地评估", valid_to=beijing(at), document="另一决定（示例）", place="附件一", text_seen="no"
    )
    again = PublishCatalogueVersion(items=[], abolished=[soon], **said(CITY))
    assert isinstance(await publish_catalogue_version(database, OPERATOR, again), VersionPublished)
    refused = await publish_demand(database, owner(), PublishDemand(demand=draft))
    assert isinstance(refused, Refused)
    assert [(one.code, one.source.title) for one in refused.reasons] == [("item_abolished", "另一决定（示例）")]
    body = {
        "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": "SV26",
        "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）", "region": "330304",
        "title": "需求（示例）", "terms": sealed_terms(), "nonce": nonce("owner"),
        "recusals": [],
    }  # fmt: skip
    assert isinstance(await post_demand(database, owner(), PostDemand(**body), profile=PROFILE), Refused)
    elsewhere = PostDemand(**{**body, "region": "330102"})
    assert not isinstance(await post_demand(database, owner(), elsewhere, profile=PROFILE), Refused)


def beijing(at: datetime) -> date:
    return (at + timedelta(hours=8)).date()


async def test_an_agency_states_and_shelves_what_the_provinces_catalogue_has(
    database: Database, market: Market
) -> None:
    await market.file(1)
    item = ItemText(
        code="ZZ02", name="新设事项（示例）", item_class="optional", approval_item="示例", department="示例",
        legal_basis="示例", qualification_kind="测绘资质", minimum_grade="甲级", result_form="报告", fee_mode="market",
        source="目录（示例）", text_seen="no",
    )  # fmt: skip
    gone = AbolishedText(
        code="SV26", name="土地评估", valid_to=beijing(datetime.now(UTC)), document="决定（示例）", text_seen="no"
    )
    stating = OfferItem(agency=code(1), item="ZZ02", commitment_signed=True)
    with pytest.raises(Malformed):
        await offer_item(database, agency(1), stating)
    command = PublishCatalogueVersion(items=[item], abolished=[gone], **said(PROVINCE, released=[]))
    assert isinstance(await publish_catalogue_version(database, OPERATOR, command), VersionPublished)
    assert isinstance(await offer_item(database, agency(1), stating), ItemOffered)
    assert (await market.shelve(1, 100_000, item="ZZ02")).item == "ZZ02"
    refused = await offer_item(database, agency(1), OfferItem(agency=code(1), item="SV26", commitment_signed=True))
    assert isinstance(refused, Refused)
    assert [(one.code, one.source.title) for one in refused.reasons] == [("item_abolished", "决定（示例）")]


async def test_two_versions_are_compared_field_by_field(database: Database) -> None:
    first = await set_value(database, PROVINCE, "owner_choice", 7, "seconds")
    second = await set_value(database, PROVINCE, "mode_instant_fiscal_mandatory", 0, "yes_no")
    found = await read_difference(database, "profile", PROFILE, "shipped", second)
    assert [(one.code, one.what) for one in found.changes] == [
        ("mode_instant_fiscal_mandatory", "added"), ("owner_choice", "changed"),
    ]  # fmt: skip
    cells = {one.field: (one.old, one.new) for one in found.changes[1].cells}
    assert cells == {"value": (4, 7), "source": ("演示规则 demo-v1（仅用于示例）", "管理办法（示例）"), "place": (
        "owner_choice", "")}  # fmt: skip
    back = await read_difference(database, "profile", PROFILE, second, first)
    assert [(one.code, one.what) for one in back.changes] == [("mode_instant_fiscal_mandatory", "removed")]
    with pytest.raises(Malformed):
        await read_difference(database, "profile", PROFILE, "shipped", "V000000-00000000")
    barred = {
        (one.mode, one.buyer, one.item_class)
        for one in await read_modes(database, PROFILE, "", None)
        if not one.allowed
    }
    assert ("instant", "fiscal", "mandatory") in barred
    assert ("instant", "fiscal", "optional") not in barred


async def test_what_the_database_looks_up_is_what_the_pure_rule_says(database: Database) -> None:
    for number, region in enumerate((PROVINCE, CITY, COUNTY, CITY)):
        await set_value(database, region, "owner_choice", 10 + number, "seconds")
    async with database.read() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        every = await versions_of(connection, "profile", PROFILE)
        for region in (PROVINCE, CITY, COUNTY, ELSEWHERE):
            looked_up = rules_at(await last_versions(connection, PROFILE, region, at=at), PROFILE, region, at=at)
            assert looked_up == rules_at(every, PROFILE, region, at=at)


async def test_a_version_is_kept_as_it_was_published(database: Database) -> None:
    await set_value(database, CITY, "owner_choice", 7, "seconds")
    for statement in ("UPDATE rule_version SET reason = 'x'", "DELETE FROM rule_version", "TRUNCATE rule_version"):
        with pytest.raises((asyncpg.RestrictViolationError, Conflict)):
            async with database.transaction() as connection:
                await connection.execute(statement)


async def surveying(database: Database, grade: str) -> None:
    """From now on surveying asks for this grade in the county."""
    item = ItemText(
        code=ITEM, name="规划及竣工测量（联合测绘）", item_class="mandatory", approval_item="规划核实",
        department="自然资源", legal_basis="测绘法", qualification_kind="测绘资质", minimum_grade=grade,
        result_form="测绘成果", fee_mode="guided", source="目录（示例）", text_seen="no",
    )  # fmt: skip
    done = await publish_catalogue_version(database, OPERATOR, PublishCatalogueVersion(items=[item], **said(COUNTY)))
    assert isinstance(done, VersionPublished)


async def test_bidders_are_judged_at_the_close_by_what_the_items_asked_for_when_the_demand_was_published(
    market: Market,
) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    await surveying(market.database, "甲级")
    published = await open_demand(market)
    await surveying(market.database, "乙级")
    lesser = AddQualification(
        agency=code(1), kind="测绘资质", grade="乙级", number="Z1", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    assert isinstance(await add_qualification(market.database, agency(1), lesser), QualificationAdded)
    async with market.database.read() as connection:
        held = (await agencies.qualifications(connection, [code(1)]))[code(1)]
    paper = next(one.id for one in held if one.grade == "甲级")
    gone = FollowQualification(agency=code(1), qualification=paper, what="revoked", reason="撤销（示例）")
    assert isinstance(await follow_qualification(market.database, REGULATOR, gone), QualificationFollowed)
    state = await state_of(market, published.selection)
    told = demand_view(await read_demand(market.database, published.demand))
    assert [(one.kind, one.minimum_grade) for one in told.needs] == [("测绘资质", "甲级")]
    assert state.closes_at is not None
    state = await settle_at(market, published.selection, state.closes_at)
    assert state.decision is not None
    assert state.decision["rejected"] == [{"bidder": code(1), "reasons": ["qualification_lost"]}]
    shown = (await read_award(market.database, published.demand)).ruling.decision
    assert shown == state.decision
