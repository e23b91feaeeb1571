"""An agency on the pages: it joins, finds, signs up, offers, holds its receipt; without script."""

from __future__ import annotations

import re

import httpx

from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.usecases.count_statistics import count_all
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.web.addresses import WORK
from tests.store.moved_time import now
from tests.unit.file_samples import pdf
from tests.usecases.contracted import AGENCY, awarded
from tests.usecases.market import REGULATOR, Market, code, sealed_terms
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site

FILED = {
    "name": "测绘1号（示例）", "kind": "company", "region": "330302", "legal_representative": "陈某某（示例）",
    "commitment_signed": "1",
}  # fmt: skip


def hidden(page: str) -> dict[str, object]:
    """What the form of a page holds besides what is typed."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found.pop("_csrf", None)
    return dict(found)


async def follow(reader: PageReader, path: str, fields: dict[str, object]) -> str:
    """Send a form and read the page that one is sent on to."""
    done = await reader.send(path, fields)
    assert done.status_code == 303, (path, done.status_code, re.sub(r"<[^>]+>", " ", done.text)[-3000:])
    onward = await reader.get(done.headers["location"])
    assert onward.status_code == 200, onward.text
    return onward.text


async def on_file(site: Site, number: int = 1, *, region: str = "330302") -> PageReader:
    """Somebody who signed up and filed an agency by the pages."""
    reader = await joined(site.client, f"agency{number}")
    assert "认领机构" in (await reader.get("/join")).text
    wrong = code(number)[:-1] + ("0" if code(number)[-1] != "0" else "1")
    told = await reader.send("/join/code", {"organisation": wrong})
    assert "最后一位是校验位，与前 17 位对不上" in told.text
    form = await follow(reader, "/join/code", {"organisation": code(number).lower()})
    assert f'<dd class="code">{code(number)}</dd>' in form
    assert "数据共享" in form
    told = await follow(reader, "/join", {**FILED, "name": f"测绘{number}号（示例）", "region": region})
    assert f"备案已生效，全省有效。</b>　回执 <code>{code(number)}</code>" in told
    return reader


async def qualified(reader: PageReader) -> None:
    fields = {
        "kind": "测绘资质", "grade": "甲级", "number": "甲测资字33000001", "issuer": "示例厅",
        "valid_from": "2026-01-01",
        "last_day": "2027-12-31",
    }  # fmt: skip
    page = await follow(reader, f"{WORK}/agency/acts/qualify", fields)
    assert "资质已登记" in page
    assert "2026-01-01 至 2027-12-31" in page


async def test_an_agency_of_another_province_is_filed_signs_up_and_is_shown_like_any_other(
    site: Site, market: Market, database: Database
) -> None:
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    reader = await on_file(site, region="310000")
    await qualified(reader)
    sign_up = f"/demands/{published.demand}/sign-up"
    form = (await reader.get(sign_up)).text
    assert "报名已收到，已准入" in await follow(reader, sign_up, {**hidden(form), "commitment_signed": "1"})
    await count_all(database)
    for path in (f"/agencies/{code(1)}", "/agencies", "/agencies?city=310000", "/workbench/agency", "/statistics", "/"):
        page = await reader.get(path)
        assert page.status_code == 200, (path, page.text[:2000])
        assert "上海市" in page.text or path in {"/statistics", "/"}, path
    assert (await reader.get("/agencies?city=330300")).text.count("测绘1号（示例）") == 0
    assert "注册地在省外</dt><dd><b>1</b>" in (await reader.get("/")).text


async def test_somebody_joins_finds_signs_up_offers_and_holds_the_receipt(
    site: Site, market: Market, database: Database
) -> None:
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    reader = await on_file(site)
    demand = f"/demands/{published.demand}"
    assert f'href="{demand}/sign-up">报名</a>' in (await reader.get(demand)).text
    form = (await reader.get(f"{demand}/sign-up")).text
    refused = await reader.send(f"{demand}/sign-up", {**hidden(form), "commitment_signed": "1"})
    assert refused.status_code == 422
    assert "测绘资质" in refused.text
    assert "来源：" in refused.text
    assert re.search(rf'href="{WORK}/agency/acts/qualify\?[^"]+">登记测绘资质</a>', refused.text)
    asked = f"{WORK}/agency/demands/{published.demand}/ask"
    assert f'href="{asked}">提出询问' in (await reader.get(demand)).text
    page = await follow(reader, asked, {"question": "是否提供地形图（示例）"})
    assert "询问已提出，答复会公开" in page
    assert "是否提供地形图（示例）" in page
    await qualified(reader)
    form = (await reader.get(f"{demand}/sign-up")).text
    offering = await follow(reader, f"{demand}/sign-up", {**hidden(form), "commitment_signed": "1"})
    assert "报名已收到，已准入" in offering
    assert "不高于最高限价 200,000.00 元" in offering
    high = await reader.send(f"{demand}/offer", {**hidden(offering), "price_fen": "200,000.01", "days": "0"})
    assert high.status_code == 422
    assert "请核对" not in high.text
    assert "有 2 处要改" in high.text, "nobody is asked to confirm what would be refused"
    typed = {**hidden(offering), "price_fen": "200,000.01", "days": "0"}
    english = await reader.send(f"{demand}/offer", typed, **{"accept-language": "en"})
    assert "Not sent. To be mended: 2." in english.text
    assert "Accept-Language" in english.headers["vary"]
    typed = {**hidden(offering), "price_fen": "128,600.00", "days": "30"}
    check = await reader.send(f"{demand}/offer", typed)
    assert check.status_code == 200
    for words in ("还没有提交", "壹拾贰万捌仟陆佰元整", "71,400.00 元（35.7%）", "30 个工作日"):
        assert words in check.text
    again = await reader.send(f"{demand}/offer", {**hidden(check.text), "_edit": "1"})
    assert 'value="128,600.00"' in again.text
    receipt = await follow(reader, f"{demand}/offer", {**hidden(check.text), "_sure": "1"})
    assert "报价已收到" in receipt
    digest = re.search(r'<dd class="hash">([0-9a-f]{64})</dd>', receipt)
    assert digest is not None
    assert f"回执 <code>{digest[1]}</code>" in receipt
    assert await database_has(database, digest[1])
    assert "第 1 号报价" in receipt
    assert "当前有效" in receipt
    other = await joined(site.client, "somebody-else")
    assert (await other.get(f"{demand}/receipt")).headers["location"].startswith("/join?onward=")
    rival = await on_file(site, 5)
    for path in (f"{demand}/receipt", demand, "/workbench", f"{WORK}/agency/demands"):
        seen = (await rival.get(path)).text
        assert "128,600" not in seen, path
        assert digest[1] not in seen, path


async def database_has(database: Database, digest: str) -> bool:
    async with database.read() as connection:
        found = await connection.fetchval("SELECT count(*) FROM record_event WHERE digest = $1", digest)
    return bool(found)


async def test_a_filing_is_refused_with_its_reason_and_a_code_that_somebody_acts_for_is_told(site: Site) -> None:
    await on_file(site, 2)
    other = await joined(site.client, "late")
    taken = await other.send("/join/code", {"organisation": code(2)})
    assert taken.status_code == 422
    assert "该单位已有管理员" in taken.text
    wrong = await other.send("/join/code", {"organisation": "91990000MA0000001X"})
    assert wrong.status_code == 400
    await follow(other, "/join/code", {"organisation": code(3)})
    bare = await other.send("/join", {key: value for key, value in FILED.items() if key != "commitment_signed"})
    assert bare.status_code == 422
    assert 'href="#commitment_signed"' in bare.text
    assert 'value="测绘1号（示例）"' in bare.text


async def test_the_own_file_is_changed_act_by_act_and_keeps_its_history(site: Site) -> None:
    reader = await on_file(site)
    await qualified(reader)
    page = await follow(reader, f"{WORK}/agency/acts/serve", {"item": "SV22", "commitment_signed": "1"})
    assert "服务事项已登记" in page
    renew = re.search(rf'href="({WORK}/agency/acts/renew/[^"]+)"', page)
    assert renew is not None
    page = await follow(reader, renew[1], {"last_day": "2029-12-31", "reason": "证书延续（示例）"})
    assert "2028-01-01 至 2029-12-31" in page
    person = {
        "name": "林某（示例）", "id_number": "330302199001011234", "certificate_kind": "注册测绘师",
        "certificate_number": "Z1", "valid_from": "2026-01-01",
    }  # fmt: skip
    page = await follow(reader, f"{WORK}/agency/acts/claim", person)
    assert "林＊" in page
    assert "330302199001011234" not in page
    said = {
        "representative": "陈某 330302198001011235",
        "shareholders": f"某公司（示例） {code(4)} 51.5%",
        "address": "x",
    }
    page = await follow(reader, f"{WORK}/agency/acts/relations", said)
    assert "51.50%" in page
    form = (await reader.get(f"{WORK}/agency/acts/shelve")).text
    shelf = {
        **hidden(form), "item": "SV22", "unit_price_fen": "3000", "minimum_fee_fen": "20000", "days": "20",
        "capacity": "3", **dict(re.findall(r'name="(valid_\w+)"[^>]*value="([^"]+)"', form)),
    }  # fmt: skip
    check = await reader.send(f"{WORK}/agency/acts/shelve", shelf)
    assert "3,000.00 元（叁仟元整）" in check.text
    page = await follow(reader, f"{WORK}/agency/acts/shelve", {**hidden(check.text), "_sure": "1"})
    assert "报价已上架" in page
    assert "0 / 3" in page
    check = await reader.send(f"{WORK}/agency/acts/suspend", {"reason": "装修（示例）"})
    page = await follow(reader, f"{WORK}/agency/acts/suspend", {**hidden(check.text), "_sure": "1"})
    assert "已暂停" in page
    page = await follow(reader, f"{WORK}/agency/acts/return", {"reason": "装修完毕（示例）"})
    assert "已恢复承接" in page
    assert (await reader.get(f"{WORK}/agency/acts/no-such")).status_code == 404
    work = (await reader.get("/workbench")).text
    assert "可参加的需求" in work
    assert "新入驻" in work


async def test_a_credit_fact_is_objected_to_in_two_clicks_and_the_sum_is_the_score(site: Site, market: Market) -> None:
    reader = await on_file(site, 2)
    fact = RecordCreditFact(agency=code(2), code="result_late", basis="成果逾期（示例）")
    await record_credit_fact(market.database, REGULATOR, fact)
    page = (await reader.get(f"{WORK}/credit")).text
    assert "80.00 − 3.00 = 77.00" in page
    first = re.search(rf'href="({WORK}/credit/object/[^"]+)">提出异议', page)
    assert first is not None
    assert "成果逾期（示例）" in (await reader.get(first[1])).text
    page = await follow(reader, first[1], {"reason": "按期提交过（示例）"})
    assert "异议办理中" in page
    assert first[1] not in page
    other = await on_file(site, 3)
    assert (await other.get(first[1])).status_code == 404


async def test_a_contract_is_uploaded_with_its_file_and_a_foreign_one_is_nobodys(
    site: Site, database: Database
) -> None:
    market = Market(database)
    identifier = await awarded(market)
    reader = await joined(site.client, "winner")
    await reader.send("/account/organisation", {"role": "agency", "organisation": AGENCY.actor.id})
    own = f"{WORK}/agency/contracts/{identifier}"
    assert "签订并上传合同" in (await reader.get(f"{WORK}/agency/contracts")).text
    assert f'href="{own}/upload-contract">上传合同' in (await reader.get(own)).text
    form = (await reader.get(f"{own}/upload-contract")).text
    typed = dict(re.findall(r'name="(amount_fen|days)"[^>]*value="([^"]+)"', form))
    fields = {**hidden(form), **typed, "signed_on": beijing_date(now()).isoformat()}
    lacking = await sent_with_file(reader, f"{own}/upload-contract", fields, pdf())
    assert lacking.status_code == 422, "the box about the terms is not ticked"
    assert 'href="#same_terms"' in lacking.text
    fields |= {**hidden(lacking.text), "same_terms": "1"}
    done = await sent_with_file(reader, f"{own}/upload-contract", fields, pdf())
    assert done.status_code == 303, re.sub(r"<[^>]+>", " ", done.text)[-3000:]
    page = (await reader.get(done.headers["location"])).text
    assert "合同已上传，待业主确认" in page
    file = re.search(r'href="(/api/v1/attachments/[^"]+)"', page)
    assert file is not None
    assert (await reader.get(file[1])).content.startswith(b"%PDF")
    other = await on_file(site, 8)
    assert (await other.get(own)).status_code == 404


async def sent_with_file(reader: PageReader, path: str, fields: dict[str, object], body: bytes) -> httpx.Response:
    """A form with a file."""
    headers = {**reader.headers, "cookie": f"__Host-session={reader.secret}"}
    files = {"file_1": ("合同.pdf", body, "application/pdf")}
    data = {"_csrf": reader.token, **fields}
    return await reader.client.post(path, data=data, files=files, headers=headers)
