"""An owner's own pages without script: the desk of a demand and a contract to its archive, every act by its form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from marketplace.contracts.contract import Contract
from marketplace.database import Database
from marketplace.usecases.answer_rating import AnswerRating, answer_rating
from marketplace.usecases.ask_enquiry import AskEnquiry, ask_enquiry
from marketplace.usecases.read_contract import read_contract
from marketplace.web.addresses import (
    INSTANT_CONFIRM,
    MY_CONTRACTS,
    MY_DEMANDS,
    POST_DEMAND,
    my_contract_path,
    my_demand_path,
)
from tests.usecases.contracted import Deal, awarded, today
from tests.usecases.market import ITEM, OWNER, Market, agency, code, sealed_terms
from tests.web_pages.reader import LONG, PageReader, joined
from tests.web_pages.site import Site

HELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def acting(site: Site, login: str = "owner", uscc: str = OWNER) -> PageReader:
    """Somebody who acts for an owner."""
    reader = await joined(site.client, login)
    await reader.send("/account/organisation", {"role": "owner", "organisation": uscc})
    return reader


async def sure(reader: PageReader, path: str, fields: dict[str, object]) -> str:
    """Send a form that is read once more before it binds, and mean it; the page that follows."""
    shown = await reader.send(path, fields)
    assert (shown.status_code, "还没有提交" in shown.text) == (200, True), shown.text[:3000]
    done = await reader.send(path, {**dict(HELD.findall(shown.text)), "_sure": "1"})
    assert done.status_code == 303, done.text
    return (await reader.get(done.headers["location"])).text


async def contract_of(database: Database, identifier: str) -> Contract:
    return (await read_contract(database, identifier, None)).contract


async def test_a_contract_goes_from_its_upload_to_its_archive_and_no_score_is_filled_in(
    site: Site, market: Market, database: Database
) -> None:
    deal = Deal(database, await awarded(market))
    reader, own = await acting(site), my_contract_path(deal.id)
    assert "测绘1号" in (await reader.get(MY_CONTRACTS)).text
    assert "上传合同" in (await reader.get(own)).text
    await deal.upload()
    first = f'class="btn btn--wide" href="{own}/confirm-contract"'
    assert first in (await reader.get(own)).text, "what is owed stands first, before another paper of one's own"
    confirmed = await reader.send(f"{own}/confirm-contract", {"number": "1"})
    assert confirmed.status_code == 303, confirmed.text
    await deal.hand_in()
    page = (await reader.get(own)).text
    assert f'class="btn btn--wide" href="{own}/accept-result"' in page, "what is owed stands first"
    returned = await reader.send(f"{own}/return-result", {"revision": "1", "reasons": "图幅缺失（示例）"})
    assert returned.status_code == 303, returned.text
    await deal.hand_in()
    assert "第 2 稿" in (await reader.get(f"{own}/accept-result")).text
    assert "成果已验收" in await sure(reader, f"{own}/accept-result", {"revision": "2"})
    paid = await reader.send(
        f"{own}/note-payment", {"amount_fen": "10000", "on": today().isoformat(), "channel": "银行转账"}
    )
    assert paid.status_code == 303, paid.text
    rating = (await reader.get(f"{own}/rate-contract")).text
    assert rating.count('type="radio"') == 25
    assert " checked" not in rating
    scores: dict[str, object] = {"quality": "5", "time": "4", "attitude": "5", "charge": "5"}
    missing = await reader.send(f"{own}/rate-contract", {**scores, "words": "按期完成（示例）", "_sure": "1"})
    assert (missing.status_code, "合规" in missing.text) == (400, True)
    await sure(reader, f"{own}/rate-contract", {**scores, "compliance": "5", "words": "按期完成（示例）"})
    early = await reader.send(f"{own}/archive-contract", {"_sure": "1"})
    assert (early.status_code, "机构回应期限未满" in early.text) == (422, True)
    answered = AnswerRating(contract=deal.id, words="感谢（示例）")
    await answer_rating(database, agency(1), answered)
    page = await sure(reader, f"{own}/archive-contract", {})
    assert f"/api/v1/contracts/{deal.id}/archive" in page
    one = await contract_of(database, deal.id)
    assert (one.state, one.rating is not None, one.total("payment")) == ("archived", True, 1_000_000)
    stranger = await acting(site, "other", code(2, "11990000MA"))
    assert (await stranger.get(own)).status_code == 404


async def test_a_question_is_answered_and_a_selection_paused_from_the_desk_while_offers_stay_sealed(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), sign_up_s=600, close_s=900)
    await market.sign_up(published.selection, 1)
    await market.offer(published.selection, 1, 12_860_000)
    asked = await ask_enquiry(
        database, agency(1), AskEnquiry(demand=published.demand, agency=code(1), question="坐标系（示例）？")
    )
    assert asked is not None
    reader, own = await acting(site), my_demand_path(published.demand)
    page = (await reader.get(own)).text
    assert f'href="{own}/answer-enquiry?number=1"' in page
    assert "128,600.00" not in page
    assert code(1) not in page
    await market.publish(sealed_terms(), sign_up_s=600, close_s=900)
    listed = (await reader.get(MY_DEMANDS)).text
    assert listed.count("1 件</span>") == 1, "a question waits in this demand, not in the other one of the same title"
    assert 'value="1" selected' in (await reader.get(f"{own}/answer-enquiry?number=1")).text
    answered = await reader.send(f"{own}/answer-enquiry", {"enquiry": "1", "answer": "国家 2000（示例）"})
    assert answered.status_code == 303, answered.text
    page = await sure(reader, f"{own}/suspend-selection", {"reason": "现场条件有变（示例）"})
    assert "选取已暂停" in page
    resumed = await reader.send(f"{own}/resume-selection", {"reason": "已经查明（示例）"})
    assert resumed.status_code == 303, resumed.text
    again = await reader.get(f"{POST_DEMAND}?from={published.demand}")
    assert (again.status_code, f'name="item" value="{ITEM}"' in again.text) == (200, True)
    assert "我的需求" in (await reader.get(MY_DEMANDS)).text
    assert "发布需求" in (await reader.get("/workbench")).text


WANTED = {
    "project_code": "2610-330304-04-01-104270", "owner_name": "业主（示例）", "project_name": "项目（示例）",
    "region": "330304", "buyer_class": "fiscal", "item": ITEM, "budget": "200000", "quantity": "10",
}  # fmt: skip


async def published_by(database: Database) -> int:
    async with database.read() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM demand WHERE owner_code = $1", OWNER)
    return count


async def test_whoever_is_first_now_is_taken_only_when_meant_and_nothing_is_posted_twice(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    await market.shelve(1, 100_000)
    reader, query = await acting(site), urlencode(WANTED)
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET fresh_until = NULL")
    confirm = await reader.get(f"{INSTANT_CONFIRM}?{query}")
    assert "壹万元整" in confirm.text
    asked = await reader.send(INSTANT_CONFIRM, dict(HELD.findall(confirm.text)))
    assert (asked.status_code, 'name="_password"' in asked.text, await published_by(database)) == (422, True, 0)
    await market.file(2)
    await market.shelve(2, 90_000)
    fields = {**dict(HELD.findall(confirm.text)), "_password": LONG}
    other = await reader.send(INSTANT_CONFIRM, fields)
    assert (other.status_code, "玖仟元整" in other.text, await published_by(database)) == (422, True, 1)
    done = await reader.send(INSTANT_CONFIRM, dict(HELD.findall(other.text)))
    assert done.status_code == 303, done.text
    assert await published_by(database) == 1
    assert "测绘2号" in (await reader.get(done.headers["location"])).text


UP_TO_THE_WAY = {
    "_step": "mode", "title": "需求（示例）", **{name: text for name, text in WANTED.items() if name != "budget"},
}  # fmt: skip
WAYS = ("comprehensive", "multi_round", "mean_price", "random_draw", "credit_draw", "direct")


@pytest.mark.parametrize("mode", WAYS)
async def test_every_way_of_selecting_is_posted_with_an_amount_and_what_is_proposed(
    site: Site, market: Market, mode: str
) -> None:
    await market.file(1)
    reader = await acting(site)
    buyer = "voluntary" if mode == "direct" else "fiscal"
    page = await reader.send(POST_DEMAND, {**UP_TO_THE_WAY, "buyer_class": buyer, "mode": mode})
    bare = await reader.send(POST_DEMAND, {**fields_of(page.text), "ceiling": ""})
    assert (bare.status_code, 'role="alert"' in bare.text) == (400, True)
    typed = {"ceiling": "158000", **({"step": "1000"} if mode == "multi_round" else {})}
    page = await reader.send(POST_DEMAND, {**fields_of(page.text), **typed})
    if mode != "direct":
        assert page.status_code == 200, page.text
        assert "sign_up_closes_at" in page.text
        page = await reader.send(POST_DEMAND, fields_of(page.text))
    assert page.status_code == 303, page.text
    draft = page.headers["location"].partition("?")[0]
    published = await reader.send(f"{draft}/publish", {})
    assert published.status_code == 303, published.text
    assert "需求已发布" in (await reader.get(published.headers["location"])).text


class Fields(HTMLParser):
    """The fields of the first form of a page, as a browser would send them: nothing unticked, no button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = self.area = ""
        start = page.index('<form class="form"')
        self.feed(page[start : page.index("</form>", start)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        match tag:
            case "input" if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.found.setdefault(name, []).append(value)
            case "select":
                self.select = name
            case "option" if "selected" in given:
                self.found.setdefault(self.select, []).append(value)
            case "textarea":
                self.area = name
                self.found.setdefault(name, [""])
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def fields_of(page: str) -> dict[str, object]:
    """What the form of a page holds, as a browser would send it."""
    found = Fields(page).found
    return {name: some[0] if len(some) == 1 else some for name, some in found.items() if name not in {"", "_csrf"}}
