"""An agency on the pages: it joins, finds, signs up, offers, holds its receipt; without script."""

from __future__ import annotations

import re

from marketplace.database import Database
from tests.usecases.market import Market, code, sealed_terms
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


async def on_file(site: Site, number: int = 1) -> PageReader:
    """Somebody who signed up and filed an agency by the pages."""
    reader = await joined(site.client, f"agency{number}")
    assert "认领机构" in (await reader.get("/join")).text
    form = await follow(reader, "/join/code", {"organisation": code(number).lower()})
    assert f'<dd class="code">{code(number)}</dd>' in form
    assert "数据共享" in form
    told = await follow(reader, "/join", {**FILED, "name": f"测绘{number}号（示例）"})
    assert f"备案已生效，全省有效。</b>　回执 <code>{code(number)}</code>" in told
    return reader


async def qualified(reader: PageReader) -> None:
    fields = {
        "kind": "测绘资质", "grade": "甲级", "number": "甲测资字33000001", "issuer": "示例厅",
        "valid_from": "2026-01-01",
        "last_day": "2027-12-31",
    }  # fmt: skip
    page = await follow(reader, "/work/agency/acts/qualify", fields)
    assert "资质已登记" in page
    assert "2026-01-01 至 2027-12-31" in page


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
    await qualified(reader)
    form = (await reader.get(f"{demand}/sign-up")).text
    offering = await follow(reader, f"{demand}/sign-up", {**hidden(form), "commitment_signed": "1"})
    assert "报名已收到，已准入" in offering
    assert "不高于最高限价 200,000.00 元" in offering
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
    assert (await other.get(f"{demand}/receipt")).headers["location"] == "/join"


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
