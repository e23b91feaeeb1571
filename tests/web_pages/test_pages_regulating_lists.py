"""What a regulator's lists, counts and previews say is what there is: filters, order, sums, the log of what he did."""

from __future__ import annotations

import io
import re

from python_calamine import CalamineWorkbook

from marketplace.database import Database
from marketplace.usecases.notice_restriction import NoticeRestriction, notice_restriction
from marketplace.usecases.object_to_fact import ObjectToFact, object_to_fact
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.stated_relations import Relations
from marketplace.web.addresses import WORK
from tests.store.moved_time import until
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code, sealed_terms
from tests.web_pages.reader import PageReader
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import hidden
from tests.web_pages.test_pages_regulating import breach, checked, officer

PROOF = "c7" * 32


def lines(page: str) -> list[str]:
    """The rows of a page's tables as words, cells apart."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"(\s*\|\s*)+", "|", re.sub(r"<[^>]+>", "|", one)) for one in found]


async def test_the_search_finds_by_restriction_and_its_sheet_keeps_the_filters(
    site: Site, market: Market, database: Database
) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    await market.restrict(1)
    for _ in range(2):
        await breach(database, 2)
    reader = await officer(site, database, "searches")
    every = lines((await reader.get(f"{WORK}/subjects")).text)
    assert next(one for one in every if code(1) in one).endswith("|80.00|新入驻|0|1 项生效|")
    assert next(one for one in every if code(2) in one).endswith("|2|无|"), "two facts that count, no restriction"
    page = (await reader.get(f"{WORK}/subjects?restricted=1")).text
    assert code(1) in page
    assert code(2) not in page
    sheet = (await reader.get(f"{WORK}/subjects.xlsx?q={code(2)}")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert (code(2) in cells, code(1) in cells, code(3) in cells) == (True, False, False)
    assert f"条件：关键词 {code(2)}" in cells


async def test_the_queue_is_in_the_order_of_its_days_and_counts_each_kind(
    site: Site, market: Market, database: Database
) -> None:
    for number in (1, 2):
        await market.file(number)
    objected = ObjectToFact(agency=code(1), fact=await breach(database, 1), reason="不是本机构放弃（示例）")
    await object_to_fact(database, agency(1), objected, profile=PROFILE)
    told = NoticeRestriction(agency=code(2), basis="拟限制（示例）", region="330300")
    await notice_restriction(database, REGULATOR, told, profile=PROFILE)
    reader = await officer(site, database, "queues")
    page = (await reader.get(f"{WORK}/queues")).text
    for name, count in (("全部", 2), ("信用异议", 1), ("告知与听取陈述", 1), ("信用修复", 0), ("投诉", 0)):
        assert f"{name}<span>{count}</span>" in page, name
    days = re.findall(r'data-l="期限"><span><time datetime="([^"]+)"', page)
    assert (len(days), days == sorted(days)) == (2, True)
    assert len(lines((await reader.get(f"{WORK}/queues?kind=hearing")).text)) == 1 + 1


async def test_the_preview_counts_what_there_is_and_follows_the_measures_that_are_chosen(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    await market.sign_up(published.selection, 1)
    reader = await officer(site, database, "previews")
    path = f"{WORK}/restrict/{code(1)}"
    page = (await reader.get(path)).text
    assert "停止报名、报价、上架、中选、签约、新增事项，全省" in page
    figures = re.findall(r"<dt>([^<]+)</dt><dd><b>(\d+)</b>", page)
    assert figures[:3] == [("未决报价", "1"), ("待定中选", "0"), ("货架价目", "0")]
    assert "|全省|1|0|0|" in "".join(lines(page))
    typed = {"basis": "放弃中选（示例）", "measures": ["shelf"], "last_day": "2030-12-31"}
    check = (await reader.send(path, {**hidden(page), **typed})).text
    assert "停止上架，全省" in check
    assert "报价作废" not in check, "whoever may still offer keeps his offers"
    assert 'name="last_day" value="2030-12-31"' in check


async def test_a_notice_that_is_still_heard_is_no_stage_that_is_over(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    told = NoticeRestriction(agency=code(1), basis="拟限制（示例）", region="330300")
    done = await notice_restriction(database, REGULATOR, told, profile=PROFILE)
    reader = await officer(site, database, "hears")
    page = (await reader.get(f"{WORK}/restrict/{code(1)}")).text
    assert re.search(r'aria-current="step"[^>]*>.*?陈述申辩', page.split("登记</b>")[0], re.DOTALL), page[:3000]
    assert "期满前不能据这份告知书登记" in page
    await until(done.hearing_until)  # type: ignore[union-attr]  # it was noticed
    page = (await reader.get(f"{WORK}/restrict/{code(1)}")).text
    assert "期满前不能据这份告知书登记" not in page


async def test_what_is_recorded_keeps_its_proof_and_stands_in_the_access_log(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    reader = await officer(site, database, "records")
    typed = {"code": "award_abandoned", "basis": "放弃中选（示例）〔2026〕8 号", "evidence_sha256": PROOF}
    assert "sha256 c7c7c7c7" in await checked(reader, f"{WORK}/subjects/{code(1)}/record", typed)
    await restricted_until(reader, "2030-12-31")
    async with database.borrow() as connection:
        found = await connection.fetch("SELECT what FROM access_entry WHERE about LIKE $1", f"{WORK}%")
    assert {one["what"] for one in found} == {"recordCreditFact", "restrictAgency"}
    second = await officer(site, database, "approves")
    proposal = re.search(r'name="proposal" value="([^"]+)"', (await second.get("/proposals")).text)
    assert proposal is not None
    await second.send("/proposals", {"do": "approve", "proposal": proposal[1]})
    assert "至 2030-12-31" in (await second.get(f"{WORK}/subjects/{code(1)}")).text, "the last day is counted in"


async def restricted_until(reader: PageReader, day: str) -> None:
    """A restriction is proposed, with its last day."""
    path = f"{WORK}/restrict/{code(1)}"
    typed = {"basis": "放弃中选（示例）", "measures": ["offer", "award"], "last_day": day}
    check = await reader.send(path, {**hidden((await reader.get(path)).text), **typed})
    sent = {**hidden(check.text), "measures": ["offer", "award"], "checked": "1", "_sure": "1"}
    done = await reader.send(path, sent)
    assert done.status_code == 303, re.sub(r"<[^>]+>", " ", done.text)[-2000:]


async def test_the_prices_of_an_alarm_stand_from_the_lowest(site: Site, market: Market, database: Database) -> None:
    for number in (1, 2, 3):
        await market.file(number, relations=Relations(contact="0577-88880000（示例）") if number < 3 else None)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=2, close_s=4)
    for number, price in ((1, 10_300_000), (2, 10_100_000), (3, 10_200_000)):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, price)
    state = await settle_selection(database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    await settle_selection(database, published.selection)
    page = (await (await officer(site, database, "looks")).get(f"{WORK}/alerts")).text
    assert re.findall(r"([\d,]+\.\d\d) 元", page)[:3] == ["101,000.00", "102,000.00", "103,000.00"]
