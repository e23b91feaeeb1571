"""The way through the pages of accounts in a real Chromium, on a desk and on a phone, over the real server."""

from __future__ import annotations

import asyncio
import socket
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, sync_playwright

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity.proofs import STEP_S, _totp
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from tests.store.fixtures import fresh
from tests.usecases.market import PROFILE, code
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.reader import LONG

SIZES: dict[str, ViewportSize] = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"


@pytest.fixture(scope="module")
def address(database_server: str, migrated_template: str) -> Iterator[str]:
    """The site on loopback, served as it is in earnest, from a thread with a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    own = f"http://127.0.0.1:{listening.getsockname()[1]}"
    started: list[uvicorn.Server] = []

    async def serve() -> None:
        async with fresh(database_server, migrated_template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
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
    """Nothing scrolls sideways, nothing is inaccessible; a picture is left."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SCREENS / f"journey-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def totp(text: str, *, ahead: int = 0) -> str:
    plain = text.replace(" ", "")
    key = b32decode(plain + "=" * (-len(plain) % 8))
    return _totp(key).generate((int(datetime.now(UTC).timestamp()) // STEP_S + ahead) * STEP_S).decode()


def journey(page: Page, address: str, login: str, uscc: str) -> None:
    """Sign up, in, claim, set the second factor, in again by two steps, out."""
    page.goto(f"{address}/account")
    assert page.url.startswith(f"{address}/sign-in?onward=")
    look(page, "sign-in")
    page.get_by_role("link", name="注册账号").click()
    for label, value in (("登录名", login), ("姓名", "张三（示例）"), ("密码", LONG), ("再填一次密码", LONG)):
        page.get_by_label(label, exact=True).fill(value)
    look(page, "sign-up")
    page.get_by_role("button", name="注册").click()
    assert page.locator("#codes li").count() == 10
    look(page, "codes")
    page.get_by_role("link", name="已保存，去登录").click()
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill("wrong password")
    page.get_by_role("button", name="登录", exact=True).click()
    assert page.get_by_role("alert").inner_text().count("登录名或密码不正确") == 1
    look(page, "sign-in-fault")
    page.get_by_label("密码").fill(LONG)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{address}/account")
    look(page, "account-new")
    page.get_by_role("link", name="认领单位").first.click()
    page.get_by_text("中介机构", exact=False).first.wait_for()
    page.locator("input[value=agency]").check()
    page.get_by_label("统一社会信用代码").fill(uscc)
    look(page, "claim")
    page.get_by_role("button", name="认领").click()
    page.wait_for_url(f"{address}/account")
    assert uscc in page.locator(".who").inner_text()
    look(page, "account")
    page.get_by_role("link", name="两步验证").click()
    page.get_by_role("button", name="取得密钥").click()
    assert page.locator("img.qr").evaluate("one => one.naturalWidth") > 0, "the policy lets the picture be shown"
    key = page.locator("#key").inner_text()
    page.get_by_label("动态码").fill(totp(key))
    look(page, "second-factor")
    page.get_by_role("button", name="启用两步验证").click()
    assert page.locator("#codes li").count() == 10
    page.get_by_role("link", name="已保存，去登录").click()
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(LONG)
    page.get_by_role("button", name="登录", exact=True).click()
    look(page, "second-step")
    page.get_by_label("动态码或恢复码").fill(totp(key, ahead=1))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{address}/account")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(f"{address}/")
    assert page.locator(".who").count() == 0
    page.goto(f"{address}/account")
    assert "/sign-in" in page.url


def test_somebody_signs_up_and_in_claims_sets_a_second_factor_and_leaves_on_a_desk_and_on_a_phone(address: str) -> None:
    path = chromium()
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        for number, (name, size) in enumerate(SIZES.items(), 1):
            context = browser.new_context(viewport=size, java_script_enabled=True)
            journey(context.new_page(), address, f"person.{name}", code(number))
            context.close()
        browser.close()
