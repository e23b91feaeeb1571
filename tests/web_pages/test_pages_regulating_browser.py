"""A restriction in a real Chromium: search, preview, propose; another one approves; the agency's own page shows it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Standing
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from marketplace.web.addresses import WORK
from marketplace.web.signed_in import COOKIE
from tests.faults.personas import Visitor, Who, admit, again
from tests.store.fixtures import fresh
from tests.usecases.market import PROFILE, Market, code, sealed_terms
from tests.web.conftest import FLAGS, chromium

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
CITY = "330300"
PEOPLE = (
    Who("first", "regulator", f"R-{CITY}-ONE", region=CITY),
    Who("second", "regulator", f"R-{CITY}-TWO", region=CITY),
    Who("agency", "agency", code(1), "administrator"),
)


@dataclass
class Town:
    """The site, its people and the loop that serves it."""

    url: str
    database: Database
    loop: asyncio.AbstractEventLoop
    people: dict[str, Visitor]

    def page(self, browser: Browser, name: str, size: ViewportSize) -> Page:
        """A browser of somebody, signed in."""
        made = browser.new_context(viewport=size, reduced_motion="reduce")
        cookie = {"name": COOKIE, "value": self.people[name].secret, "url": self.url.replace("http:", "https:")}
        made.add_cookies([{**cookie, "httpOnly": True, "secure": True, "sameSite": "Lax"}])  # type: ignore[list-item]  # a cookie in parts
        return made.new_page()

    def sign_in_again(self, name: str) -> None:
        """A further session of the same person."""
        given = asyncio.run_coroutine_threadsafe(again(self.database, self.people[name]), self.loop)
        self.people[name] = given.result(10)


async def appointed_by_another(database: Database, who: Who) -> Visitor:
    """Somebody with his role and an open session: two officers whom one person alone appointed count as one."""
    visitor = await admit(database, replace(who, role="public"))
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        organisation = who.acting if who.role == "agency" else None
        standing = Standing(
            f"M-{who.name}", visitor.person, who.role, who.rank, organisation, who.acting, who.region, None,
            is_verified=True, granted_at=at,
        )  # fmt: skip
        await identity.insert_standing(connection, standing, granted_by=f"over-{who.name}", reason="")
    return await again(database, replace(visitor, who=who))


@pytest.fixture
def town(database_server: str, migrated_template: str) -> Iterator[Town]:
    """One agency that has signed up somewhere, two regulators, from a thread with a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    towns: list[Town] = []
    started: list[uvicorn.Server] = []
    is_ready = Event()

    async def serve() -> None:
        async with fresh(database_server, migrated_template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                market = Market(database)
                await market.file(1)
                published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
                await market.sign_up(published.selection, 1)
                people = {one.name: await appointed_by_another(database, one) for one in PEOPLE}
                towns.append(Town(url, database, asyncio.get_running_loop(), people))
                app = create_app(Settings(profile=PROFILE, public_url=url), database)
                started.append(uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)))
                is_ready.set()
                await started[0].serve(sockets=[listening])
            finally:
                is_ready.set()
                ENGINE.attach(None)
                await database.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    is_ready.wait(30)
    yield towns[0]
    started[0].should_exit = True
    thread.join()


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
