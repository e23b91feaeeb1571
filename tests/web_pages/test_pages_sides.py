"""What each side is shown of the other's: a restriction of the agency, whose turn it is, what waits for a second."""

from __future__ import annotations

from datetime import timedelta

from marketplace.database import Database
from marketplace.usecases.apply_for_repair import ApplyForRepair, RepairAppliedFor, apply_for_repair
from marketplace.usecases.object_to_award import ObjectToAward, object_to_award
from marketplace.usecases.object_to_fact import ObjectToFact, object_to_fact
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.web.addresses import (
    MY_CONTRACTS,
    WORK,
    award_path,
    credit_act_path,
    my_contract_path,
    my_demand_path,
    subject_path,
)
from tests.usecases.contracted import Deal, awarded
from tests.usecases.living import settle_at
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, now, sealed_terms, until
from tests.web_pages.reader import joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden
from tests.web_pages.test_pages_owner import acting, sure
from tests.web_pages.test_pages_regulating import officer
from tests.web_pages.town import bid

CLOSE_S = 30.0


async def test_an_owner_is_told_that_the_agency_of_a_signed_contract_is_restricted_and_why_it_is_not_archived(
    site: Site, market: Market, database: Database
) -> None:
    deal = Deal(database, await awarded(market))
    reader, own = await acting(site), my_contract_path(deal.id)
    await deal.sign()
    assert "机构受限" not in (await reader.get(WORK)).text + (await reader.get(own)).text
    await market.restrict(1)
    page = (await reader.get(own)).text
    assert "机构在签约后受到限制" in page
    assert "出具虚假报告（示例）" in page
    assert "不得签约" not in page, "it was signed before"
    assert "请留意：机构受限" in (await reader.get(WORK)).text
    assert "机构受限" in (await reader.get(MY_CONTRACTS)).text
    await deal.hand_in()
    await deal.accept()
    page = (await reader.get(own)).text
    assert f"{own}/archive-contract" not in page
    assert "现在还不能归档" in page
    assert "评价" in page.partition("现在还不能归档")[2][:300]


async def test_what_upholds_an_objection_is_said_to_wait_for_the_regulator_and_a_dismissal_to_be_public(
    site: Site, market: Market, database: Database
) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    published = await market.publish(sealed_terms(), sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    await bid(market, published, {1: 12_860_000, 2: 15_000_000, 3: 16_000_000})
    await until(now() + timedelta(seconds=CLOSE_S + 1))
    await settle_at(market, published.selection, now())
    for number in (2, 3):
        raised = ObjectToAward(selection=published.selection, grounds="评分有误（示例）")
        await object_to_award(database, agency(number), raised)
    reader, own = await acting(site), my_demand_path(published.demand)
    said = {"objection": "1", "finding": "annul", "answer": "情况属实（示例）"}
    page = await sure(reader, f"{own}/answer-award-objection", said)
    assert "已提交监管部门复核" in page
    assert "答复已公开" not in page
    page = await sure(reader, f"{own}/answer-award-objection", {**said, "objection": "2", "finding": "dismissed"})
    assert "答复已公开" in page


async def test_whoever_took_part_is_asked_on_the_award_and_nobody_else(site: Site, market: Market) -> None:
    selection = await awarded(market)
    async with market.database.read() as connection:
        demand = await connection.fetchval("SELECT id FROM demand WHERE selection = $1", selection)
    asked = f"/satisfaction/selection/{selection}"
    reader = await acting(site)
    assert asked in (await reader.get(award_path(demand))).text
    await reader.send(asked, {"stars": "4"})
    assert asked not in (await reader.get(award_path(demand))).text, "nobody is asked twice"
    assert asked not in await site.text(award_path(demand))
    stranger = await acting(site, "other", code(2, "11990000MA"))
    assert asked not in (await stranger.get(award_path(demand))).text


async def test_a_matter_that_waits_for_somebody_else_is_shown_as_waiting(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    fact = await record_credit_fact(
        database, REGULATOR, RecordCreditFact(agency=code(1), code="result_late", basis="成果逾期（示例）")
    )
    assert isinstance(fact, CreditFactRecorded)
    command = ObjectToFact(agency=code(1), fact=fact.fact, reason="已按期（示例）")
    await object_to_fact(database, agency(1), command, profile=PROFILE)
    reader = await joined(site.client, "agency1")
    await reader.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    page = (await reader.get(WORK)).text
    assert "等候：答复信用异议" in page
    assert "等对方" in page


DIRECT = {"mode": "direct", "ceiling_fen": 2_000_000, "max_days": 40}


async def test_a_direct_choice_is_taken_from_the_shelf_with_its_price_and_days(site: Site, market: Market) -> None:
    for number, price in ((1, 100_000), (2, 90_000), (3, 9_000_000)):
        await market.file(number)
        await market.shelve(number, price)
    published = await market.publish(DIRECT, buyer_class="voluntary", quantity=10)
    reader, own = await acting(site), my_demand_path(published.demand)
    page = (await reader.get(own)).text
    assert page.index(code(2)) < page.index(code(1)), "the cheapest first"
    assert code(3) not in page, "beyond the published amount"
    assert ("不必报名" in page, "截止后可见" in page) == (True, False)
    taken = f"{own}/award-directly?agency={code(2)}&amp;price=9000.00&amp;days=10"
    assert taken in page
    form = (await reader.get(taken.replace("&amp;", "&"))).text
    assert f'value="{code(2)}"' in form
    assert 'value="9000.00"' in form
    named = {"agency": code(2), "price_fen": "9000.00", "days": "10", "reason": "货架上最低（示例）"}
    page = await sure(reader, f"{own}/award-directly", named)
    assert "已直接选定，进入公示" in page
    assert "货架上的报价" not in page


async def test_a_joint_offer_says_what_belongs_to_each_item_and_its_sum_is_the_price(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    published = await market.publish(
        sealed_terms(), sign_up_s=600, close_s=900, further_items=["SV36"], nonce="ab" * 32
    )
    reader = await joined(site.client, "agency1")
    await reader.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    await market.sign_up(published.selection, 1)
    path = f"/demands/{published.demand}/offer"
    form = (await reader.get(path)).text
    assert 'name="part2"' in form
    typed = {**hidden(form), "price_fen": "100000", "days": "20", "part1": "60000", "part2": "30000"}
    for status, more in ((422, {}), (400, {"_sure": "1"})):
        wrong = await reader.send(path, {**typed, **more})
        assert (wrong.status_code, 'id="part1-fault"' in wrong.text) == (status, True)
    shown = await reader.send(path, {**typed, "part2": "40000"})
    assert "40,000.00 元" in shown.text
    page = await follow(reader, path, {**typed, "part2": "40000", "_sure": "1"})
    assert "报价" in page
    async with database.read() as connection:
        private = await connection.fetchval("SELECT private::text FROM record_event WHERE type = 'offer.placed'")
    assert '"fen": 4000000' in private or '"fen":4000000' in private


async def test_a_repair_is_refused_on_the_page_of_its_matter_and_the_agency_reads_why_and_what_it_may_do(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    command = RecordCreditFact(agency=code(1), code="result_late", basis="成果逾期（示例）")
    fact = await record_credit_fact(database, REGULATOR, command)
    assert isinstance(fact, CreditFactRecorded)
    await until(fact.recorded_at + timedelta(seconds=3))
    applied = ApplyForRepair(
        agency=code(1), fact=fact.fact, correction="已补交（示例）", is_corrected=True, commitment_signed=True
    )
    assert isinstance(await apply_for_repair(database, agency(1), applied, profile=PROFILE), RepairAppliedFor)
    own = await joined(site.client, "agency1")
    await own.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    again = credit_act_path("repair", fact.fact)
    page = (await own.get(f"{WORK}/credit")).text
    assert ("修复审核中" in page, again in page) == (True, False), "one application waits at a time"
    reader = await officer(site, database, "regulator-one")
    path = f"{subject_path(code(1))}/refuse-repair/{fact.fact}"
    assert f'href="{path}"' in (await reader.get(subject_path(code(1)))).text
    assert "已补交（示例）" in (await reader.get(path)).text
    page = await sure(reader, path, {"reason": "未附检测报告（示例）"})
    assert "已不予修复" in page
    assert f'href="{path}"' not in page
    page = (await own.get(f"{WORK}/credit")).text
    assert "修复未获准" in page
    assert "未附检测报告（示例）" in page
    assert "可以补正后再次申请" in page
    assert again in page
