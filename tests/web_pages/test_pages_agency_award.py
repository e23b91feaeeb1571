"""An agency after its offer, on the pages: other terms confirmed, an award confirmed and given up, a draw joined."""

from __future__ import annotations

import re
from datetime import timedelta

from marketplace.usecases.change_demand import DemandChanged
from marketplace.web.addresses import WORK
from tests.usecases.market import Market, code, sealed_terms, until
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden
from tests.web_pages.town import bid

CLOSE_S = 30.0
PUBLICITY_S = 5.0
DRAWN = {"mode": "random_draw", "ceiling_fen": 9_000_000, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}


async def acting(site: Site, number: int) -> PageReader:
    """Somebody who acts for an agency that is on file."""
    reader = await joined(site.client, f"agency{number}")
    await reader.send("/account/organisation", {"role": "agency", "organisation": code(number)})
    return reader


async def test_an_offer_is_confirmed_under_other_terms_and_an_award_confirmed_then_given_up(
    site: Site, market: Market
) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    published = await market.publish(sealed_terms(), sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    await bid(market, published, {1: 12_860_000, 2: 15_000_000, 3: 16_000_000})
    other_terms = sealed_terms(ceiling_fen=19_000_000)
    changed = await market.change(published.demand, sign_up_s=CLOSE_S - 1, close_s=CLOSE_S, terms=other_terms)
    assert isinstance(changed, DemandChanged), changed
    reader = await acting(site, 1)
    receipt = f"/demands/{published.demand}/receipt"
    page = (await reader.get(receipt)).text
    assert "条件已变更，须重新确认" in page
    own = f"{WORK}/agency/demands/{published.demand}"
    form = (await reader.get(f"{own}/reconfirm")).text
    page = await follow(reader, f"{own}/reconfirm", hidden(form))
    assert "报价已按新条件确认有效" in page
    assert "当前有效" in page
    assert f"{own}/reconfirm" not in page
    for number in (2, 3):
        other = await acting(site, number)
        await follow(other, f"{own}/reconfirm", hidden((await other.get(f"{own}/reconfirm")).text))
    await until(changed.closes_at + timedelta(seconds=0.1))
    page = (await reader.get(receipt)).text
    assert "拟中选" in page
    assert f'href="{own}/confirm">确认中选' in page
    assert f"{own}/object" not in page, "nobody objects to his own award"
    asked = (await reader.get(f"{own}/confirm")).text
    assert "128,600.00 元（壹拾贰万捌仟陆佰元整）" in asked
    assert re.search(r"服务期限</dt><dd>\d+ 个工作日", asked)
    page = await follow(reader, f"{own}/confirm", {})
    assert "中选已确认" in page
    assert f'href="{own}/confirm">' not in page
    check = await reader.send(f"{own}/abandon", {"reason": "人手不足（示例）"})
    assert "还没有提交" in check.text
    done = await follow(reader, f"{own}/abandon", {**hidden(check.text), "_sure": "1"})
    assert re.search(r"已放弃中选。</b>　回执 <code>", done)
    assert "已放弃中选，由下一家递补" in done
    assert "放弃中选" in (await reader.get(f"{WORK}/credit")).text


async def test_whoever_did_not_win_objects_on_its_page_and_takes_it_back(site: Site, market: Market) -> None:
    for number in (1, 2, 3, 4):
        await market.file(number)
    published = await market.publish(sealed_terms(), sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    await bid(market, published, {1: 12_860_000, 2: 15_000_000, 3: 16_000_000})
    own, receipt = f"{WORK}/agency/demands/{published.demand}", f"/demands/{published.demand}/receipt"
    reader = await acting(site, 2)
    early = await reader.send(f"{own}/object", {"grounds": "评分有误（示例）"})
    assert early.status_code == 422
    assert "<dt>中选价" not in (await reader.get(f"{own}/confirm")).text, "an offer is no award"
    await until(published.published_at + timedelta(seconds=CLOSE_S + 0.2))
    page = (await reader.get(receipt)).text
    assert f'href="{own}/object">对结果提出异议' in page
    assert f"{own}/withdraw-objection" not in page
    result = f"/awards/{published.demand}"
    assert f'href="{own}/object">提出异议' in (await reader.get(result)).text
    winner = await acting(site, 1)
    assert "/object" not in (await winner.get(result)).text, "nobody objects to his own award"
    assert f"/complaints/award?demand={published.demand}" in await site.text(result), "anybody may"
    assert "<dt>中选价" not in (await reader.get(f"{own}/confirm")).text
    taken = await reader.send(f"{own}/confirm", {}, **{"accept-language": "en"})
    assert taken.status_code == 422, "nobody takes the award of another"
    assert "<li>Another agency is proposed<" in taken.text
    done = await follow(reader, f"{own}/object", {"grounds": "评分有误（示例）"})
    assert re.search(r"异议已提出[^<]*</b>　回执 <code>1<", done), done
    page = (await reader.get(receipt)).text
    assert f'href="{own}/withdraw-objection">撤回异议' in page
    assert f"{own}/object" not in page, "once by each"
    assert f'href="{own}/complain">向监管部门投诉' in page
    assert "评分有误（示例）" in (await reader.get(f"/complaints?code={published.demand}")).text
    rival = await acting(site, 3)
    assert f"{own}/withdraw-objection" not in (await rival.get(receipt)).text
    foreign = await rival.send(f"{own}/withdraw-objection", {"objection": "1"})
    assert foreign.status_code == 422, "an objection is its own party's alone"
    back = await follow(reader, f"{own}/withdraw-objection", {"objection": "1"})
    assert "异议已撤回" in back
    page = (await reader.get(receipt)).text
    assert f"{own}/withdraw-objection" not in page, "what was taken back is not there to be taken back"
    assert f"{own}/complain" not in page
    await until(published.published_at + timedelta(seconds=CLOSE_S + PUBLICITY_S + 0.5))
    for one in (rival, reader):
        assert f"{own}/object" not in (await one.get(result)).text, "publicity is over"
    assert "/complaints/award?demand=" not in await site.text(result)
    asked = (await winner.get(f"{own}/confirm")).text
    assert re.search(r"确认期限</dt><dd>[^<]*\d{2}:\d{2}[^<]*（北京时间）", asked), "nothing else is in the way"


async def test_signing_up_to_a_draw_is_read_once_more_since_it_binds(site: Site, market: Market) -> None:
    await market.file(1)
    published = await market.publish(DRAWN, sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    reader = await acting(site, 1)
    path = f"/demands/{published.demand}/sign-up"
    form = hidden((await reader.get(path)).text)
    assert len(str(form["nonce"])) == 64
    check = await reader.send(path, {**form, "commitment_signed": "1"})
    assert "还没有提交" in check.text
    page = await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert "报名已收到，已准入" in page
    assert "已准入</span>" in page
    assert (await reader.get(path)).headers["location"] == f"/demands/{published.demand}/receipt"
