"""The three main actions by the keyboard alone: an owner posts, an agency offers in its room, two regulators restrict.

No mouse and nothing written past the keys; every stop shows its ring, nothing traps, the order is that of the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from marketplace.web.addresses import MY_DEMANDS, WORK
from tests.faults.personas import Who
from tests.store.moved_time import now
from tests.usecases.market import ITEM, OWNER, Market, code
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.browser_town import Town, served_town
from tests.web_pages.keys import Keys, walk
from tests.web_pages.room_play import opened

DESK: ViewportSize = {"width": 1280, "height": 900}
CITY = "330300"
PEOPLE = (
    Who("owner", "owner", OWNER, "administrator"),
    Who("agency", "agency", code(1), "administrator"),
    Who("first", "regulator", f"R-{CITY}-ONE", region=CITY),
    Who("second", "regulator", f"R-{CITY}-TWO", region=CITY),
)
BASIS = "提供虚假材料，温中介监〔2026〕17 号（示例）"


async def arrange(market: Market, town: Town) -> None:
    """A room of three bidders, opened when somebody sets the clock."""
    room = await opened(market, ("open", 0, 3_000), opens_in=20, sign_up_s=19, max_days=60, day_value_fen=10_000)
    town.names["room"], town.opens_at = room.selection, room.at(1)


@pytest.fixture(scope="module")
def town(database_server: str, migrated_template: str) -> Iterator[Town]:
    """An owner, three agencies in a room, two regulators."""
    with served_town(database_server, migrated_template, PEOPLE, arrange) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all of them."""
    path = chromium()
    with sync_playwright() as play:
        english = {**os.environ, "LANGUAGE": "en_US"}  # in which order the parts of a date are typed
        one = play.chromium.launch(executable_path=path, args=list(FLAGS), env=english)
        yield one
        one.close()


def keys_of(town: Town, browser: Browser, who: str, path: str) -> Keys:
    """Somebody at his keyboard, before the content of a page."""
    page = town.page(browser, who, DESK)
    page.goto(f"{town.url}{path}")
    keys = Keys(page)
    keys.skip()
    return keys


def test_an_owner_posts_a_demand_and_publishes_it_by_the_keyboard(town: Town, browser: Browser) -> None:
    keys = keys_of(town, browser, "owner", MY_DEMANDS)
    page = keys.page
    keys.go("发布需求")
    keys.write("project_code", "2611-330304-04-01-203418")
    keys.go("下一步")
    keys.write("owner_name", "瓯海新城建设（示例）")
    keys.write("project_name", "三垟湿地北片水环境提升工程（示例）")
    keys.choose("buyer_class", "财政资金")
    keys.go("下一步", key="Space")
    keys.pick("item", ITEM)
    keys.write("title", "三垟湿地北片测绘（示例）")
    keys.write("description", "控制测量与地形测绘，两期提交。")
    keys.go("下一步")
    keys.choose("mode", "综合比选")
    keys.go("下一步")
    keys.write("ceiling", "158000")
    keys.go("重价格", key="Space")
    assert page.locator("[name=w_price]").input_value() == "70"
    walk(keys)
    keys.skip()
    keys.go("下一步")
    keys.go("生成草稿并检查")
    keys.go("发布")
    assert re.search(rf"{MY_DEMANDS}/D[^/]+\?told=demand_published", page.url)
    assert "需求已发布" in page.get_by_role("status").first.inner_text()


def test_an_agency_places_an_offer_in_its_room_by_the_keyboard(town: Town, browser: Browser) -> None:
    assert town.opens_at is not None
    if town.opens_at > now():
        town.pass_to(town.opens_at)
    keys = keys_of(town, browser, "agency", f"/rooms/{town.names['room']}")
    page = keys.page
    walk(keys)
    keys.skip()
    keys.write("price", "195000")
    assert "大写：壹拾玖万伍仟元整" in page.locator("[data-capitals]").inner_text()
    keys.write("days", "20")
    keys.press("核对并提交")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    back = keys.here()
    assert back is not None
    assert back["words"] == "核对并提交", "closing the dialog leads back to its button"
    page.keyboard.press("Space")
    keys.press("确认提交")
    expect(page.locator("[data-said]")).to_contain_text("已收到：回执第 1 号")


def test_two_regulators_restrict_an_agency_by_the_keyboard(town: Town, browser: Browser) -> None:
    keys = keys_of(town, browser, "first", "/workbench")
    page = keys.page
    keys.go("失信限制登记")
    keys.write("q", code(3))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keys.skip()
    keys.go("登记限制")
    assert page.get_by_label("影响预览").get_by_text("报名").count() > 0
    walk(keys)
    keys.skip()
    keys.write("basis", BASIS)
    keys.to(name="measures", value="new_item")
    page.keyboard.press("Space")
    assert not page.locator("[name=measures][value=new_item]").is_checked()
    keys.write("last_day", "2031-05-31")
    assert page.locator("[name=last_day]").input_value() == "2031-05-31"
    keys.go("下一步：核对影响")
    told = page.get_by_role("main").inner_text()
    assert "2031-05-31" in told
    assert "报名、报价、上架、中选、签约" in told
    keys.to(name="checked")
    page.keyboard.press("Space")
    keys.go("提交审批")
    assert "批准前不产生任何效果" in page.get_by_role("status").inner_text()
    other = keys_of(town, browser, "second", "/proposals")
    assert BASIS in other.page.get_by_role("main").inner_text()
    other.go("同意并办理")
    assert "/proposals?done=approved" in other.page.url
    other.page.goto(f"{town.url}{WORK}/subjects/{code(3)}")
    assert "生效中" in other.page.locator("#restrictions").inner_text()
