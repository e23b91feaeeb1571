"""The room by plain forms: what is asked again, what is refused and why, and the owner's one act."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest_asyncio
from litestar import Litestar

from marketplace.sessions.limits import FRESH
from tests.usecases.market import OWNER, Market, pass_by, until
from tests.web_api.browser import member
from tests.web_pages.reader import PageReader
from tests.web_pages.room_play import agency_of, opened

KEY = re.compile(r'name="key" value="(room-[0-9a-f]{32})"')
TOLD = "<b>报价已收到。</b>　回执 <code>1</code>"
NONCE = re.compile(r'name="nonce" value="([0-9a-f]{64})"')


@pytest_asyncio.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost:8000") as made:
        yield made


def box(page: str, **fields: str) -> dict[str, object]:
    """The fields of the offer box with what is typed into it."""
    key, nonce = KEY.search(page), NONCE.search(page)
    assert key, page
    assert nonce, page
    return {"key": key[1], "nonce": nonce[1], "round": "1", **fields}


async def test_an_offer_is_read_asked_about_placed_once_and_refused_with_its_reason(
    market: Market, client: httpx.AsyncClient
) -> None:
    room = await opened(market, ("open", 0, 3_000), ("open", 3_100, 4_000))
    await until(room.at())
    bidder = await agency_of(client, "bidder1", 1)
    path = f"/rooms/{room.selection}"
    page = (await bidder.get(path)).text
    wrong = await bidder.send(f"{path}/offers", box(page, price="十九万"))
    assert (wrong.status_code, "请填写以元计的报价" in wrong.text, "十九万" in wrong.text) == (400, True, True)
    sent = box(page, price="１９,000.50")
    asked = await bidder.send(f"{path}/offers", sent)
    assert (asked.status_code, "壹万玖仟元伍角整" in asked.text, "降幅超过 10%" in asked.text) == (200, True, True)
    unsure = await bidder.send(f"{path}/offers", {**sent, "step": "place"})
    assert (unsure.status_code, "请确认数字无误" in unsure.text) == (400, True)
    for _ in range(2):
        placed = await bidder.send(f"{path}/offers", {**sent, "step": "place", "sure": "1"})
        where = placed.headers["location"]
        assert (placed.status_code, where.startswith(f"{path}?told=offer_placed.1.")) == (303, True), "placed once"
    scripted = await bidder.send(f"{path}/offers", {**sent, "step": "place", "sure": "1"}, **{"hx-request": "true"})
    assert (scripted.status_code, scripted.headers["hx-redirect"]) == (200, where), "no page is put into a part of one"
    page = (await bidder.get(where)).text
    assert TOLD in page
    for forged in (
        f"{path}?placed=1",
        f"{path}?told=offer_placed.1.{'0' * 32}",
        where.replace("placed.1.", "placed.9."),
    ):
        assert "报价已收到" not in (await bidder.get(forged)).text, "no link tells of what was not done"
    rival = await agency_of(client, "bidder2", 2)
    assert "报价已收到" not in (await rival.get(where)).text, "what one session was told is nothing to another"
    assert "报价已收到" not in (await client.get(where)).text
    high = await bidder.send(f"{path}/offers", {**box(page, price="18999"), "step": "place"})
    assert (high.status_code, "降幅不足一个步长" in high.text) == (422, True)
    again = await bidder.send(f"{path}/offers", {**box(page, price="18500"), "step": "place"})
    assert (again.status_code, "这份表单已经提交过" in again.text) == (422, True)
    page = again.text
    other = await bidder.send(f"{path}/offers", {**box(page, price="18000"), "round": "2", "step": "place"})
    assert (other.status_code, "现在是第 1 轮" in other.text) == (422, True)
    await pass_by(FRESH / timedelta(seconds=1) + 1)
    page = (await bidder.get(path)).text
    assert "报价前须再次验证身份" in page
    unproved = await bidder.send(f"{path}/offers", {**box(page, price="17500"), "step": "place"})
    assert (unproved.status_code, unproved.headers["location"].startswith("/account/confirm")) == (303, True)
    nobody = await PageReader(client).send(f"{path}/offers", {})
    assert nobody.headers["location"].startswith("/sign-in")


async def test_the_owner_suspends_before_the_first_round_with_a_reason_and_steers_nothing_else(
    market: Market, client: httpx.AsyncClient
) -> None:
    room = await opened(market, ("open", 0, 600), opens_in=30)
    browser = await member(client, "owner1", "owner", OWNER)
    owner, path = PageReader(client, secret=browser.secret or ""), f"/rooms/{room.selection}"
    page = (await owner.get(path)).text
    assert "提交报价" not in page
    assert "暂停选取" in page
    assert "暂停选取" not in (await client.get(path)).text, "nobody else is offered it"
    key = KEY.search(page)
    assert key is not None
    empty = await owner.send(f"{path}/suspension", {"key": key[1]})
    assert (empty.status_code, "请写明理由" in empty.text) == (400, True)
    done = await owner.send(f"{path}/suspension", {"key": key[1], "reason": "核实招标范围（示例）"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    seen = (await client.get(path)).text
    assert "核实招标范围（示例）" in seen
    assert 'data-phase="suspended"' in seen
