"""An agency's way in a real Chromium: file, find, sign up, offer, receipt; on a desk, and on a phone without script."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
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
from marketplace.web.addresses import WORK
from tests.store.fixtures import fresh
from tests.usecases.market import PROFILE, Market, code, sealed_terms
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.reader import LONG

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
TITLE = "梧田片区测绘（示例）"


@dataclass
class Served:
    """The site, and the demand that is open on it."""

    url: str
    demand: str = ""


@pytest.fixture(scope="module")
def served(database_server: str, migrated_template: str) -> Iterator[Served]:
    """The site on loopback with one demand, from a thread with a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    own = Served(f"http://127.0.0.1:{listening.getsockname()[1]}")
    started: list[uvicorn.Server] = []

    async def serve() -> None:
        async with fresh(database_server, migrated_template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                published = await Market(database).publish(sealed_terms(), title=TITLE, sign_up_s=600, close_s=900)
                own.demand = published.demand
                app = create_app(Settings(profile=PROFILE, public_url=own.url), database)
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
    page.screenshot(path=SCREENS / f"agency-journey-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def press(page: Page, name: str) -> None:
    """A button."""
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    """Fields by their names."""
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def account(page: Page, url: str, login: str) -> None:
    """From the home page to an account, and on to where agencies join, signed in."""
    page.goto(url)
    page.locator("footer").get_by_role("link", name="机构入驻").click()
    page.wait_for_url(f"{url}/join")
    look(page, "join")
    page.get_by_role("link", name="注册账号").click()
    for label, value in (("登录名", login), ("姓名", "张三（示例）"), ("密码", LONG), ("再填一次密码", LONG)):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "注册")
    page.get_by_role("link", name="已保存，去登录").click()
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(LONG)
    press(page, "登录")
    page.wait_for_url(f"{url}/join")


def filed(page: Page, url: str, uscc: str) -> None:
    """On file, without any certificate yet."""
    fill(page, organisation=uscc)
    press(page, "下一步")
    page.locator("[name=region]").wait_for()
    look(page, "filing")
    fill(page, name="瓯测勘察设计有限公司（示例）", legal_representative="陈某某（示例）")
    page.get_by_label("企业法人").check()
    page.locator("[name=region]").select_option("330304")
    page.get_by_label("我代表本机构签署以上承诺书").check()
    press(page, "签署承诺并备案")
    page.wait_for_url(f"{url}{WORK}/agency?**")
    assert f"回执 {uscc}" in page.get_by_role("status").inner_text()
    look(page, "filed")


def certified(page: Page, *, script: bool) -> None:
    """Refused for lack of a certificate, register it, and be back where one was refused."""
    page.locator("#faults li").wait_for()
    here = page.url.partition("?")[0]
    page.get_by_role("link", name="登记测绘资质").click()
    assert page.locator("#grade-list option").count() == 2
    if script:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.get_by_label("房产测绘").check()
        page.locator("[name=kind]").select_option("工程设计资质")
        page.get_by_text("工程设计资质分综合甲级、甲级、乙级、丙级").wait_for()
        assert page.locator("#grade-list option").count() == 4
        assert page.get_by_text("要求工程设计资质的事项").is_visible()
        page.locator("[name=kind]").select_option("测绘资质")
        page.get_by_text("测绘资质分甲级、乙级").wait_for()
        assert page.get_by_label("房产测绘").is_checked(), "what was chosen stands"
        page.get_by_label("房产测绘").uncheck()
        assert not [one for one in asked if "_csrf" in one or "number=" in one], "the kind and the items alone are told"
    look(page, "certificate")
    fill(page, grade="甲级", number="甲测资字33000001", valid_from="2026-01-01")
    press(page, "登记")
    page.wait_for_url(f"{here}?told=**")
    assert "资质已登记" in page.get_by_role("status").inner_text()


def offered(page: Page, url: str, *, script: bool) -> str:
    """Find it, sign up, offer, read it once more; the receipt's hash."""
    page.goto(f"{url}{WORK}")
    page.get_by_role("link", name=TITLE).click()
    look(page, "demand")
    page.get_by_role("link", name="报名", exact=True).click()
    page.get_by_label("承诺符合条件、所报属实").check()
    press(page, "报名")
    certified(page, script=script)
    page.get_by_label("承诺符合条件、所报属实").check()
    press(page, "报名")
    page.locator("[name=price_fen]").wait_for()
    fill(page, price_fen="128600", days="30")
    look(page, "offer")
    press(page, "下一步：核对")
    assert "壹拾贰万捌仟陆佰元整" in page.locator("main").inner_text()
    look(page, "check")
    press(page, "确认提交报价")
    page.wait_for_url("**/receipt?**")
    look(page, "receipt")
    return page.locator("dd.hash").inner_text()


@pytest.mark.parametrize(("number", "size", "script"), [(11, DESK, True), (12, PHONE, False)], ids=["desk", "phone"])
def test_an_agency_files_finds_signs_up_offers_and_holds_its_receipt(
    served: Served, number: int, size: ViewportSize, script: bool
) -> None:
    path = chromium()
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        context = browser.new_context(viewport=size, java_script_enabled=script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        account(page, served.url, f"agency.{number}")
        filed(page, served.url, code(number))
        receipt = offered(page, served.url, script=script)
        assert len(receipt) == len(receipt.strip("0123456789abcdef")) + 64
        assert receipt in page.get_by_role("status").inner_text()
        browser.close()
