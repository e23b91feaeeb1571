"""An owner's way in a real Chromium: post, publish, take from the shelf; on a desk, and on a phone without script."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Page, ViewportSize, sync_playwright

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from marketplace.web.addresses import MY_DEMANDS
from tests.store.fixtures import fresh
from tests.usecases.market import ITEM, PROFILE, Market, code
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.reader import LONG

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
PROJECT = "2611-330304-04-01-203418"
AT_ONCE_S = 15.0
"""Most seconds from the last click to the notice, however busy the machine is."""


@pytest.fixture(scope="module")
def url(database_server: str, migrated_template: str) -> Iterator[str]:
    """The site on loopback with two offers on the shelf, from a thread with a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    own = f"http://127.0.0.1:{listening.getsockname()[1]}"
    started: list[uvicorn.Server] = []

    async def serve() -> None:
        async with fresh(database_server, migrated_template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                market = Market(database)
                for number, price in ((1, 120_000), (2, 100_000)):
                    await market.file(number)
                    await market.shelve(number, price, capacity=100)
                app = create_app(Settings(profile=PROFILE, public_url=own), database)
                started.append(uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)))
                await started[0].serve(sockets=[listening])
            finally:
                ENGINE.attach(None)
                await database.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield own
    started[0].should_exit = True
    thread.join()


def look(page: Page, name: str) -> None:
    """Nothing scrolls sideways; a picture is left."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SCREENS / f"owner-journey-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def press(page: Page, name: str) -> None:
    """A button."""
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    """Fields by their names."""
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def account(page: Page, url: str, login: str, uscc: str) -> None:
    """An account that acts for an owner."""
    page.goto(f"{url}/sign-up")
    for label, value in (("登录名", login), ("姓名", "周某（示例）"), ("密码", LONG), ("再填一次密码", LONG)):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "注册")
    page.goto(f"{url}/sign-in?onward=%2Faccount%2Forganisation")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(LONG)
    press(page, "登录")
    page.locator("input[value=owner]").check()
    page.get_by_label("统一社会信用代码").fill(uscc)
    press(page, "认领")
    page.wait_for_url(f"{url}/account")


def posted(page: Page, url: str) -> None:
    """Step by step to a draft, with its check, and to its publication."""
    page.goto(f"{url}/workbench/demands")
    page.get_by_role("link", name="发布需求", exact=True).click()
    fill(page, project_code="2611-330304")
    press(page, "下一步")
    assert "要改" in page.get_by_role("alert").inner_text()
    fill(page, project_code=PROJECT)
    look(page, "code")
    press(page, "下一步")
    assert page.locator("[name=region]").input_value() == "330304", "the code names the division"
    fill(page, owner_name="瓯海新城建设（示例）", project_name="三垟湿地北片水环境提升工程（示例）")
    page.get_by_label("财政资金").check()
    look(page, "about")
    press(page, "下一步")
    page.locator("[name=item]").select_option(ITEM)
    fill(page, title="三垟湿地北片测绘（示例）", description="控制测量与地形测绘，两期提交。")
    press(page, "下一步")
    page.get_by_label("综合比选").check()
    look(page, "mode")
    press(page, "下一步")
    fill(page, ceiling="158000")
    page.get_by_role("button", name=re.compile("重价格")).click()
    assert page.locator("[name=w_price]").input_value() == "70"
    assert page.locator("[name=ceiling]").input_value() == "158000"
    look(page, "terms")
    press(page, "下一步")
    look(page, "clocks")
    press(page, "生成草稿并检查")
    page.get_by_role("status").first.wait_for()
    assert "家能参加" in page.locator("main").inner_text()
    look(page, "draft")
    press(page, "发布")
    page.wait_for_url(re.compile(rf"{MY_DEMANDS}/D[^/]+\?told=demand_published"))
    assert "需求已发布" in page.locator("main").inner_text()
    look(page, "desk")


def taken(page: Page) -> float:
    """Three clicks: the shelf, the first of it, the confirmation; seconds from the last one to the notice as PDF."""
    page.locator("[name=item]").select_option(ITEM)
    fill(page, budget="200000", quantity="10")
    press(page, "看货架")
    look(page, "shelf")
    page.get_by_role("link", name="选定第 1 名，去确认").click()
    assert "壹万元整" in page.locator("main").inner_text()
    look(page, "confirm")
    began = time.monotonic()
    press(page, "确认选定")
    page.wait_for_url(re.compile(r"/awards/D[^/]+\?told="))
    notice = page.locator("a[href*='/notice.pdf']").first.get_attribute("href")
    assert notice is not None
    answered = page.request.get(page.url.split("/awards/")[0] + notice)
    took = time.monotonic() - began
    assert answered.body().startswith(b"%PDF")
    look(page, "notice")
    return took


@pytest.mark.parametrize(("number", "size", "script"), [(81, DESK, True), (82, PHONE, False)], ids=["desk", "phone"])
def test_an_owner_posts_publishes_and_takes_from_the_shelf_in_three_clicks(
    url: str, number: int, size: ViewportSize, script: bool
) -> None:
    path = chromium()
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        context = browser.new_context(viewport=size, java_script_enabled=script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        account(page, url, f"owner.{number}", code(number, "11990000MA"))
        posted(page, url)
        took = taken(page)
        assert took < AT_ONCE_S
        browser.close()
