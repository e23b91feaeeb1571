"""Every page of the table in a real Chromium over the seeded site: holds on a desk and on a phone, keeps the policy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.gallery.ground import Ground, seeded_site
from tests.gallery.looking import DESK, PHONE, Watched, watched
from tests.gallery.places import PLACES, Place
from tests.web.conftest import FLAGS, chromium

MISSING = {"nowhere"}
"""Places that are an error on purpose: the browser says so in its console."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all of them."""
    path = chromium()
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def ground(database_server: str, migrated_template: str) -> Iterator[Ground]:
    """The site, with its example market."""
    with seeded_site(database_server, migrated_template) as made:
        yield made


@pytest.fixture(scope="module")
def leaves(browser: Browser, ground: Ground) -> Callable[[str], Watched]:
    """The page of the browser in which somebody of a role reads, one place after another."""
    return cache(lambda role: watched(ground.context(browser, role, DESK["width"]), ground.url))


@pytest.mark.parametrize("place", PLACES, ids=lambda one: one.name)
def test_a_place_of_the_site_holds_on_a_desk_and_on_a_phone(
    leaves: Callable[[str], Watched], ground: Ground, place: Place
) -> None:
    one = leaves(place.role)
    answered = one.go(ground.address(place.address))
    assert answered.status == (404 if place.name in MISSING else 200), place.address
    if place.name in MISSING:
        one.complaints.clear()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in answered.headers["content-security-policy"]
    assert one.page.locator("h1").count() == 1
    assert one.page.locator(".who").count() == bool(place.role), "read as whom it says"
    one.is_narrow()
    assert one.violations() == []
    one.page.set_viewport_size(PHONE)
    one.is_narrow()
    one.is_kept()


def test_awards_of_the_seeded_site_stand_for_whoever_comes_later(ground: Ground) -> None:
    until = time.monotonic() + 30
    while "公示中</span>" in (page := httpx.get(f"{ground.url}/awards", trust_env=False).text):
        assert time.monotonic() < until, "publicity takes seconds here"
        time.sleep(0.5)
    assert page.count("已中选</span>") >= 6
    assert page.count("未成立</span>") <= 2


def test_the_reader_of_the_api_reads_and_tries_from_our_own_files_alone(browser: Browser, ground: Ground) -> None:
    context = ground.context(browser, "", DESK["width"])
    try:
        one = watched(context, ground.url)
        one.page.goto(f"{ground.url}/api/docs#/{quote('需求 Demands')}/listDemands")
        operation = one.page.locator("[id$=-listDemands].is-open")
        operation.wait_for()
        assert one.page.locator(".opblock-tag").count() > 5
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        operation.locator(".live-responses-table").wait_for()
        one.is_narrow()
        one.is_kept()
    finally:
        context.close()


@pytest.mark.parametrize("with_script", [True, False], ids=["by script", "without script"])
def test_a_form_that_is_refused_says_so_in_place_and_one_that_is_done_goes_on(
    browser: Browser, ground: Ground, *, with_script: bool
) -> None:
    context = ground.context(browser, "agency", PHONE["width"], with_script=with_script)
    try:
        one = watched(context, ground.url)
        page = one.page
        page.goto(f"{ground.url}/account/members")
        page.evaluate("document.body.dataset.same = 'yes'")
        page.get_by_label("账号代码").fill("P-NOBODY")
        page.get_by_role("button", name="添加").click()
        summary = page.get_by_role("alert")
        summary.get_by_text("没有这个代码的账号").wait_for()
        assert page.evaluate("document.body.dataset.same") == ("yes" if with_script else None), "the page itself stayed"
        assert page.get_by_label("账号代码").input_value() == "P-NOBODY"
        if with_script:
            assert page.evaluate("document.activeElement.id") == "faults"
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "账号代码", (
                "its first link leads to the field"
            )
            context.set_offline(offline=True)
            page.get_by_role("button", name="添加").click()
            page.get_by_text("没有收到服务器的回答").wait_for()
            context.set_offline(offline=False)
            one.complaints.clear()
        page.goto(f"{ground.url}/workbench/notifications")
        page.get_by_label("信用：每日摘要").check()
        page.get_by_role("button", name="保存").click()
        page.get_by_role("status").get_by_text("通知方式已保存").wait_for()
        assert page.get_by_label("信用：每日摘要").is_checked()
        page.get_by_label("信用：每日摘要").uncheck()
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("button", name="保存").click()
        assert not page.get_by_label("信用：每日摘要").is_checked()
        one.is_narrow()
        refused = [words for words in one.complaints if "422" not in words]
        assert (refused, one.foreign) == ([], [])
    finally:
        context.close()
