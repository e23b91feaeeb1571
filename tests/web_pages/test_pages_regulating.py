"""A regulator on the pages: search, preview, propose, a second person; the queues and the acts of a case file."""

from __future__ import annotations

import re

from credit.inspection import nonce_commitment
from marketplace.database import Database
from marketplace.usecases.object_to_fact import ObjectToFact, object_to_fact
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.stated_relations import Relations
from marketplace.web.addresses import WORK
from tests.store.moved_time import until
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, sealed_terms
from tests.web_api.browser import appointed
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden

NONCE = "5a" * 32
MEASURES = ["sign_up", "offer", "shelf", "award", "contract", "new_item"]


async def officer(site: Site, database: Database, login: str, region: str = "330300") -> PageReader:
    """A regulator of a region, signed in as such."""
    reader = await joined(site.client, login)
    given = await appointed(database, login, "regulator", region=region)
    await reader.send("/account", {"do": "role", "role_id": given.role_id})
    return reader


async def breach(database: Database, number: int) -> str:
    """A fact that costs points, recorded by nobody's office."""
    command = RecordCreditFact(agency=code(number), code="award_abandoned", basis="放弃中选（示例）〔2026〕7 号")
    done = await record_credit_fact(database, REGULATOR, command)
    assert isinstance(done, CreditFactRecorded)
    return done.fact


async def test_a_restriction_is_previewed_proposed_approved_and_shown_to_the_agency(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    await market.sign_up(published.selection, 1)
    first, second = await officer(site, database, "first"), await officer(site, database, "second")
    work = (await first.get("/workbench")).text
    assert "失信限制登记" in work
    found = (await first.get(f"{WORK}/restrict?q={code(1)}")).text
    assert f'href="{WORK}/restrict/{code(1)}">登记限制' in found
    page = (await first.get(f"{WORK}/restrict/{code(1)}")).text
    for words in (
        "批准后会发生什么",
        "预览，尚未生效",
        "梧田片区测绘（示例）",
        "报价作废",
        "未经事先告知",
        "先送达事先告知书",
    ):
        assert words in page, words
    fields = {**hidden(page), "basis": "提供虚假材料，温中介监〔2026〕17 号（示例）", "last_day": "2030-12-31"}
    none = await first.send(f"{WORK}/restrict/{code(1)}", fields)
    assert none.status_code == 400
    assert 'href="#measures"' in none.text, "nothing chosen is not everything"
    check = await first.send(f"{WORK}/restrict/{code(1)}", {**fields, "measures": MEASURES})
    assert check.status_code == 200
    for words in ("请核对", "2030-12-31", "报名、报价、上架、中选、签约、新增事项", "按紧急情形登记", "温州市"):
        assert words in check.text, words
    held = {**hidden(check.text), "measures": MEASURES, "_sure": "1"}
    unlooked = await first.send(f"{WORK}/restrict/{code(1)}", held)
    assert "没有提交：请先勾选" in unlooked.text
    told = await follow(first, f"{WORK}/restrict/{code(1)}", {**held, "checked": "1"})
    assert "已提交，待第二人审批" in told
    agency_page = (await first.get(f"/agencies/{code(1)}")).text
    assert "目前没有生效中的限制" in agency_page, "a proposal restricts nobody"
    proposal = re.search(r'name="proposal" value="([^"]+)"', (await second.get("/proposals")).text)
    assert proposal is not None
    done = await second.send("/proposals", {"do": "approve", "proposal": proposal[1]})
    assert done.headers["location"] == "/proposals?done=approved"
    after = (await first.get(f"/agencies/{code(1)}")).text
    assert "提供虚假材料，温中介监〔2026〕17 号（示例）" in after
    case = (await first.get(f"{WORK}/subjects/{code(1)}")).text
    lift = re.search(r'href="(/[a-z]+/subjects/[^"]+/lift/[^"]+)"', case)
    assert lift is not None
    check = await first.send(lift[1], {**hidden((await first.get(lift[1])).text), "reason": "更正完毕（示例）"})
    told = await follow(first, lift[1], {**hidden(check.text), "_sure": "1"})
    assert "已提交，待第二人审批" in told


async def test_an_objection_waits_with_its_day_and_is_answered_on_the_page_of_its_matter(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    fact = await breach(database, 1)
    objected = ObjectToFact(agency=code(1), fact=fact, reason="不是本机构放弃（示例）")
    await object_to_fact(database, agency(1), objected, profile=PROFILE)
    reader = await officer(site, database, "answers")
    queue = (await reader.get(f"{WORK}/queues?kind=objection")).text
    path = f"{WORK}/subjects/{code(1)}/answer/{fact}"
    assert f'href="{path}">答复信用异议' in queue
    assert path in (await reader.get("/workbench")).text
    form = await reader.get(path)
    assert "不是本机构放弃（示例）" in form.text
    check = await reader.send(path, {**hidden(form.text), "answer": "revoked", "reason": "查实（示例）"})
    assert "撤销：自始不计" in check.text
    told = await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert "信用异议已答复" in told
    assert "已撤销" in told
    assert "没有等待办理的事项" in (await reader.get(f"{WORK}/queues?kind=objection")).text


async def test_a_fact_is_recorded_a_notice_sent_and_the_search_exported_and_nobody_else_gets_in(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    reader = await officer(site, database, "records")
    path = f"{WORK}/subjects/{code(1)}/record"
    form = (await reader.get(path)).text
    fields = {**hidden(form), "code": "award_abandoned", "basis": "放弃中选（示例）〔2026〕8 号"}
    check = await reader.send(path, fields)
    told = await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert "信用信息已记录" in told
    assert "−10.00" in told
    path = f"{WORK}/subjects/{code(1)}/notice"
    check = await reader.send(path, {**hidden((await reader.get(path)).text), "basis": "拟限制（示例）"})
    told = await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert "事先告知书已送达" in told
    assert "拟限制（示例）（尚未陈述）" in (await reader.get(f"{WORK}/queues?kind=hearing")).text
    sheet = await reader.get(f"{WORK}/subjects.xlsx")
    assert sheet.content.startswith(b"PK")
    assert (await site.get(f"{WORK}/subjects")).status_code == 303
    stranger = await joined(site.client, "agency1")
    await stranger.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    for closed in (f"{WORK}/subjects", f"{WORK}/subjects/{code(1)}", f"{WORK}/restrict/{code(1)}", f"{WORK}/queues"):
        assert (await stranger.get(closed)).status_code == 403, closed


async def checked(reader: PageReader, path: str, fields: dict[str, object]) -> str:
    """Fill in a form, read it once more, send it; the page that follows."""
    check = await reader.send(path, {**hidden((await reader.get(path)).text), **fields})
    assert check.status_code == 200, re.sub(r"<[^>]+>", " ", check.text)[-2000:]
    return await follow(reader, path, {**hidden(check.text), "_sure": "1"})


async def test_an_inspection_is_planned_announced_drawn_and_found_on_its_pages(
    site: Site, market: Market, database: Database
) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    reader = await officer(site, database, "inspects", region="330000")
    plan = {"year": "2026", "region": "330000", "departments": "市场监管", "targets": "5", "basis": "年度计划（示例）"}
    told = await checked(reader, f"{WORK}/inspections/plan", plan)
    found = re.search(r'href="(/[a-z]+/inspections/plans/([^"]+))"', told)
    assert found is not None
    part = nonce_commitment(found[2], "市场监管", NONCE)
    typed = {"targets": "1", "inspectors": "I-1 市场监管\nI-2 市场监管", "commitments": f"市场监管 {part}"}
    told = await checked(reader, f"{found[1]}/announce", typed)
    matter = re.search(r'href="(/[a-z]+/inspections/[A-Z][^"/]+)"', told)
    assert matter is not None
    assert "待抽取" in told
    wrong = await reader.send(f"{matter[1]}/draw", {"parts": f"市场监管 {'0' * 64}", "_sure": "1"})
    assert (wrong.status_code, 'href="#parts"' in wrong.text) == (400, True)
    told = await checked(reader, f"{matter[1]}/draw", {"parts": f"市场监管 {NONCE}"})
    assert "与公布的结果一致" in told
    finding = re.search(rf'href="({matter[1]}/finding/[^"]+)"', told)
    assert finding is not None
    told = await checked(reader, finding[1], {"basis": "现场检查（示例）"})
    assert "检查通过" in told
    assert "已办结" in told


async def test_bidders_who_share_a_contact_are_shown_once_it_is_decided_with_their_prices(
    site: Site, market: Market, database: Database
) -> None:
    for number in (1, 2, 3):
        await market.file(number, relations=Relations(contact="0577-88880000（示例）") if number < 3 else None)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=2, close_s=4)
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 100_000)
    reader = await officer(site, database, "looks")
    assert "没有预警线索" in (await reader.get(f"{WORK}/alerts")).text, "a sealed selection says nothing"
    state = await settle_selection(database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    await settle_selection(database, published.selection)
    page = (await reader.get(f"{WORK}/alerts")).text
    for words in ("参加机构之间有关联", "两家有 1 项共同的", "101,000.00 元", "梧田片区测绘（示例）", "不排除任何机构"):
        assert words in page, words
    assert "没有预警线索" in (await reader.get(f"{WORK}/alerts?item=RA03")).text
