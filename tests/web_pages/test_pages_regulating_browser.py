"""A restriction in a real Chromium: search, preview, propose; another one approves; the agency's own page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright

from marketplace.web.addresses import WORK
from tests.faults.personas import Who
from tests.usecases.market import Market, code, sealed_terms
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.browser_town import Town, served_town

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
CITY = "330300"
PEOPLE = (
    Who("first", "regulator", f"R-{CITY}-ONE", region=CITY),
    Who("second", "regulator", f"R-{CITY}-TWO", region=CITY),
    Who("agency", "agency", code(1), "administrator"),
)


async def arrange(market: Market, _: Town) -> None:
    """One agency that has signed up somewhere."""
    await market.file(1)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    await market.sign_up(published.selection, 1)


@pytest.fixture
def town(database_server: str, migrated_template: str) -> Iterator[Town]:
    """One agency that has signed up somewhere, two regulators."""
    with served_town(database_server, migrated_template, PEOPLE, arrange) as made:
        yield made


def look(page: Page, name: str) -> None:
    """Nothing scrolls sideways; a picture is left. Axe looks at the examples of the same pages."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SCREENS / f"regulator-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_a_restriction_goes_from_the_search_over_its_preview_to_a_second_person_and_the_agency_reads_it(
    town: Town,
) -> None:
    path = chromium()
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        first = town.page(browser, "first", DESK)
        first.goto(f"{town.url}/workbench")
        look(first, "work")
        first.get_by_role("main").get_by_role("link", name="失信限制登记").click()
        first.get_by_label("机构名称或统一社会信用代码").fill("测绘1号")
        first.get_by_role("button", name="查询", exact=True).click()
        look(first, "search")
        first.get_by_role("link", name="登记限制").click()
        assert first.get_by_label("影响预览").get_by_text("报价作废").count() == 1
        look(first, "restrict")
        first.locator("[name=basis]").fill("提供虚假材料，温中介监〔2026〕17 号（示例）")
        first.locator("[name=last_day]").fill("2031-05-31")
        first.get_by_role("button", name="下一步：核对影响").click()
        look(first, "check")
        first.get_by_label("已核对影响清单与证据").check()
        first.get_by_role("button", name="提交审批").click()
        first.wait_for_url(f"{town.url}/proposals?*")
        assert "批准前不产生任何效果" in first.get_by_role("status").inner_text()
        second = town.page(browser, "second", PHONE)
        second.goto(f"{town.url}/proposals")
        look(second, "proposals")
        second.get_by_role("button", name="同意并办理").click()
        second.wait_for_url(f"{town.url}/proposals?done=approved")
        second.goto(f"{town.url}{WORK}/subjects/{code(1)}")
        look(second, "case-file")
        second.goto(f"{town.url}{WORK}/restrict/{code(1)}")
        look(second, "restrict")
        town.sign_in_again("agency")
        agency = town.page(browser, "agency", PHONE)
        agency.goto(f"{town.url}{WORK}/credit")
        assert agency.get_by_text("提供虚假材料，温中介监〔2026〕17 号（示例）").first.is_visible()
        assert agency.get_by_text("1 项限制生效").is_visible()
        browser.close()
