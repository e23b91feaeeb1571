"""Every mode on the site with real data: what is secret before the close, how the result came about, who chose."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from bidding.selection import Selection
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.pick_from_shortlist import PickedFromShortlist, PickFromShortlist, pick_from_shortlist
from marketplace.usecases.place_offer import OfferPlaced, PartText, PlaceOffer, place_offer
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.publish_notice import NoticePublished, PublishNotice, publish_notice
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection, suspend_selection
from marketplace.usecases.take_instant_award import InstantAwarded, OnShelf, TakeInstantAward, take_instant_award
from tests.usecases.market import (
    ITEM,
    OWNER,
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    sealed_terms,
    until,
)
from tests.web_pages.site import Site

CEILING = 20_000_000
REASON = "同类项目经验更近（示例）"


def words(body: str) -> str:
    """The page as it is read: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


async def read(site: Site, path: str, *expected: str, absent: tuple[str, ...] = ()) -> str:
    """A page as words, holding all of these and none of those."""
    said = words(await site.text(path))
    assert [one for one in expected if one not in said] == [], said
    assert [one for one in absent if one in said] == [], said
    return said


async def enter(market: Market, published: DemandPublished, count: int, **given: Any) -> None:
    """File and sign up so many agencies."""
    for number in range(1, count + 1):
        if number not in market.filed:
            await market.file(number)
            market.filed.add(number)
        part = {"nonce": nonce("entry", number)} if given.get("draw") else {}
        assert isinstance(await market.sign_up(published.selection, number, **part), SignedUp)


async def closed(market: Market, published: DemandPublished) -> Selection:
    """The selection after its close."""
    state = await settle_selection(market.database, published.selection)
    assert state.closes_at is not None
    await until(state.closes_at)
    return await settle_selection(market.database, published.selection)


async def test_a_mean_price_is_closed_before_and_worked_out_step_by_step_after(market: Market, site: Site) -> None:
    terms = {"mode": "mean_price", "ceiling_fen": CEILING, "min_bidders": 5, "ties": ["price", "draw"]}
    at = now() + timedelta(seconds=2.6)
    published = await market.publish(terms, sign_up_s=2.4, closes_at=at, title="均价选取的测绘（示例）")
    await enter(market, published, 5)
    for number, price in enumerate((9_000_000, 10_000_000, 11_500_000, 12_000_000, 19_000_000), 1):
        assert isinstance(await market.offer(published.selection, number, price), OfferPlaced)
    await read(site, f"/demands/{published.demand}", "最接近基准价者中选", "截止前不公开", absent=("115,000.00",))
    await closed(market, published)
    await read(
        site, f"/awards/{published.demand}", "335,000.00 ÷ 3 = ≈ 111,666.67", "111,666.67 元", "3,333.33", "不计入平均",
        "100% ，条款固定", "开启报价，自动计算", "第 1 名 · 中选",
    )  # fmt: skip
    listed = (await site.get("/api/v1/demands?mode=mean_price")).json()
    assert [(one["mode"], one["items"], one["publication"]) for one in listed["demands"]] == [("mean_price", [ITEM], 1)]


async def test_a_random_draw_shows_everybodys_number_at_the_published_amount(market: Market, site: Site) -> None:
    terms = {"mode": "random_draw", "ceiling_fen": CEILING, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}
    published = await market.publish(terms, sign_up_s=2.4)
    await enter(market, published, 4, draw=True)
    await read(site, f"/demands/{published.demand}", "公布金额", "报名中", absent=("测绘1号", "报价截止"))
    assert "报名中" in words(await site.text("/demands?mode=random_draw"))
    await closed(market, published)
    said = await read(
        site, f"/awards/{published.demand}", "公布金额 200,000.00 元", "有效报名 4 家", "抽取号大于中选机构"
    )
    assert said.count("第 2 名") == 2, "among the drawn and among those not chosen"
    award = (await site.get(f"/api/v1/awards/{published.demand}")).json()
    assert {note["code"] for note in award["explanation"]["cells"]} == {"draw_inputs", "drawn"}
    assert award["demand"]["winning_fen"] == CEILING


async def test_a_short_list_waits_for_the_owner_whose_reason_is_published(market: Market, site: Site) -> None:
    terms = {
        "mode": "credit_draw", "ceiling_fen": CEILING, "max_days": 30, "min_bidders": 3, "ties": ["draw"],
        "big_list": 3, "small_list": 2,
    }  # fmt: skip
    published = await market.publish(terms, sign_up_s=2.4)
    await enter(market, published, 4, draw=True)
    state = await closed(market, published)
    assert state.evaluation is not None
    listed = state.evaluation["shortlist"]
    assert isinstance(listed, list)
    second = str(listed[1])
    await read(site, f"/demands/{published.demand}", "待业主择定", "小名单 2 家已经抽出", "小名单抽出，由业主择定")
    waiting = await read(site, f"/awards/{published.demand}", "尚未中选。 小名单已经抽出", "票数", "待业主择定")
    assert waiting.count("未进入小名单") == 2
    demand = (await site.get(f"/api/v1/demands/{published.demand}")).json()
    assert [one["uscc"] for one in demand["choice"]["shortlist"]] == listed
    assert words(await site.text("/demands?state=open")).count("待业主择定") >= 1
    command = PickFromShortlist(selection=published.selection, agency=second, reason=REASON)
    assert isinstance(await pick_from_shortlist(market.database, owner(), command), PickedFromShortlist)
    await read(
        site, f"/awards/{published.demand}", "业主的选定与理由", f"公布的理由：{REASON}", "业主选定了另一家机构",
        "业主择定", "提出中选结果",
    )  # fmt: skip
    award = (await site.get(f"/api/v1/awards/{published.demand}")).json()
    assert [one["what"] for one in award["happened"]] == [
        "demand_published", "sign_up_closed", "draw_inputs_fixed", "choice_asked", "choice_made", "award_proposed",
        "publicity",
    ]  # fmt: skip
    assert (award["picked"]["agency"]["uscc"], award["picked"]["ground"]) == (second, "owner")
    assert (await site.get(f"/api/v1/demands/{published.demand}")).json()["choice"] is None


async def test_a_direct_choice_has_its_reason_and_no_case(market: Market, site: Site) -> None:
    await market.file(1)
    published = await market.publish(
        {"mode": "direct", "ceiling_fen": CEILING, "max_days": 40}, buyer_class="voluntary"
    )
    await read(site, f"/demands/{published.demand}", "不设报名：由业主直接选定", "待业主选定", absent=("报名截止",))
    command = AwardDirectly(selection=published.selection, agency=code(1), price_fen=9_000_000, days=30, reason=REASON)
    assert isinstance(await award_directly(market.database, owner(), command), AwardedDirectly)
    await read(
        site, f"/awards/{published.demand}", "90,000.00 元", "业主直接选定", REASON, "直接选取没有可以重算的过程",
        absent=("./run decide",),
    )  # fmt: skip
    await site.text(f"/awards/{published.demand}/case.json", status=404)
    award = (await site.get(f"/api/v1/awards/{published.demand}")).json()
    assert (award["case"], award["case_digest"], award["explanation"]) == ({}, None, None)
    await read(site, "/awards?mode=direct", "共 1 条", "9.00")
    await read(site, "/", "样本 0 宗，不含抽取和直接选取 1 宗")


async def test_another_one_on_the_shelf_keeps_its_rank_and_the_reason_stands_beside(market: Market, site: Site) -> None:
    for number in (1, 2):
        await market.file(number)
        await market.shelve(number, 100_000 * number)
    published = await market.publish(instant_terms(), buyer_class="voluntary")
    instead = OnShelf(agency=code(2), reason=REASON)
    done = await take_instant_award(
        market.database, owner(), TakeInstantAward(demand=published.demand, instead=instead)
    )
    assert isinstance(done, InstantAwarded)
    await read(
        site, f"/awards/{published.demand}", "20,000.00 元", "第 2 名 · 业主选定", REASON, "业主选定了另一家机构",
        absent=("由下一名递补",),
    )  # fmt: skip


async def test_rates_and_splits_stand_beside_the_price_they_mean(market: Market, site: Site) -> None:
    terms = sealed_terms(price_basis="discount_rate")
    published = await market.publish(terms, sign_up_s=2.4, close_s=2.6, further_items=["SV23"])
    await enter(market, published, 3)
    for number, rate in ((1, 1_234), (2, 2_000), (3, 500)):
        price = CEILING * (10_000 - rate) // 10_000
        command = PlaceOffer(
            selection=published.selection, agency=code(number), discount_bp=rate, days=20, nonce=nonce(number),
            split=[PartText(item=ITEM, fen=price - 1_000_000), PartText(item="SV23", fen=1_000_000)],
        )  # fmt: skip
        assert isinstance(await place_offer(market.database, agency(number), command), OfferPlaced)
    await read(site, f"/demands/{published.demand}", "报下浮率", "合并采购 2 项", absent=("12.34",))
    await closed(market, published)
    await read(
        site, f"/awards/{published.demand}", "160,000.00 元 下浮率 20.00%", "175,320.00 元 下浮 12.34%",
        "200,000.00 × (100% − 12.34%) = 175,320.00", "分项报价", "165,320.00",
    )  # fmt: skip
    await read(site, f"/demands/{published.demand}", "160,000.00 元（下浮 20.00%）")
    award = (await site.get(f"/api/v1/awards/{published.demand}")).json()
    assert [(part["item"], part["fen"]) for part in award["splits"][0]["parts"]][1] == ("SV23", 1_000_000)


async def test_who_suspended_and_why_is_said_where_the_demand_is(market: Market, site: Site) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=30, close_s=40)
    command = SuspendSelection(selection=published.selection, reason="收到投诉，核查中（示例）")
    assert isinstance(await suspend_selection(market.database, REGULATOR, command), SelectionSuspended)
    await read(
        site, f"/demands/{published.demand}", "已暂停", "由监管部门自", "公布的理由：收到投诉，核查中（示例）",
        "监管部门暂停选取，期间不计时；理由：收到投诉", absent=("异议暂停",),
    )  # fmt: skip
    demand = (await site.get(f"/api/v1/demands/{published.demand}")).json()
    assert (demand["suspension"]["by"], demand["suspension"]["reason"]) == ("regulator", "收到投诉，核查中（示例）")


async def test_a_demand_published_again_says_which_time_it_is(market: Market, site: Site) -> None:
    published = await market.publish(sealed_terms(), sign_up_s=1.2, close_s=1.3)
    await closed(market, published)
    at = now()
    command = PublishAgain(
        demand=published.demand, reason="家数不足（示例）", sign_up_closes_at=at + timedelta(seconds=30),
        closes_at=at + timedelta(seconds=40), nonce=nonce("again"),
    )  # fmt: skip
    assert isinstance(await publish_again(market.database, owner(), command), DemandPublishedAgain)
    for path in (f"/demands/{published.demand}", "/demands"):
        await read(site, path, "第 2 次发布")
    demand = (await site.get(f"/api/v1/demands/{published.demand}")).json()
    assert demand["publication"] == 2


@pytest.mark.parametrize("mode", ["mean_price", "random_draw", "credit_draw", "direct"])
async def test_the_lists_know_every_mode(site: Site, mode: str) -> None:
    for path in (f"/demands?mode={mode}", f"/awards?mode={mode}"):
        await read(site, path, "均价选取 0", "直接选取 0", "没有符合条件的")


async def test_a_notice_shows_its_lots_in_order_and_who_has_reached_the_cap(market: Market, site: Site) -> None:
    for number in (1, 2, 3, 4):
        await market.file(number)
    terms = sealed_terms(criteria=[{"kind": "price", "points": 100, "formula": "lowest"}])
    at = now()
    lots = [
        PostDemand(
            owner_code=OWNER, owner_name="业主（示例）", buyer_class="fiscal", item=ITEM, title=f"{name}标（示例）",
            project_code="2610-330304-04-01-104270", project_name="项目（示例）", region="330304", terms=terms,
            is_example=True, nonce=nonce(name), sign_up_closes_at=at + timedelta(seconds=2.9),
            closes_at=at + timedelta(seconds=3.4),
        )
        for name in ("东", "西")
    ]  # fmt: skip
    posted = await post_notice(
        market.database, owner(), PostNotice(title="分标段测绘（示例）", lot_cap=1, lots=lots), profile=PROFILE
    )
    assert isinstance(posted, NoticePosted)
    await site.text(f"/notices/{posted.notice}", status=404)
    done = await publish_notice(market.database, owner(), PublishNotice(notice=posted.notice))
    assert isinstance(done, NoticePublished)
    for lot in done.lots:
        for number in (1, 2, 3, 4):
            assert isinstance(await market.sign_up(lot.selection, number), SignedUp)
            assert isinstance(await market.offer(lot.selection, number, 9_000_000 + number), OfferPlaced)
    await read(
        site, f"/notices/{posted.notice}", "第 1 标段", "每家至多中选 1 个标段", "尚无结果", absent=("90,000.01",)
    )
    await until(at + timedelta(seconds=3.5))
    path = f"/notices/{posted.notice}"
    await read(site, path, "测绘1号（示例） 第 1 标段 已达上限", "测绘2号（示例） 第 2 标段 已达上限", "2 个标段")
    second = done.lots[1].demand
    await read(
        site, f"/awards/{second}", "已达上限", "已中选 1 个标段，达到每家最多 1 个的上限", "第 2 标段，看整个公告",
        "每家在本公告的各标段中至多中选 1 个",
    )  # fmt: skip
    await read(site, "/demands", "第 2 标段")
