"""Every example page in a real Chromium: nothing scrolls sideways, nothing is blocked, nothing is inaccessible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.web import examples

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LEAST_TARGET = 44
CONTROLS = ".btn, .input, .select, summary, .pager a, .tabs a, .chip, .nav a, .entry, .foot li a, .util a, .link, .opt"
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter(one => one.checkVisibility() && one.getClientRects().length)
  .map(one => [one.outerHTML.slice(0, 80), Math.round(one.getBoundingClientRect().height * 100) / 100])
  .filter(([, height]) => height < least)"""
WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !one.closest(".vh, .scroll, svg") && one.checkVisibility())
  .map(one => one.outerHTML.slice(0, 100)).slice(0, 5)"""
SAME = {
    "error-409", "error-500", "error-503", "demand-list-none", "demand-decided", "award-undrawn", "award-low",
    "award-shelf-value", "restrictions-empty", "demand-rounds-coming", "award-near-fixed", "award-silence",
    "award-direct-left", "demand-rated", "demand-rated-decided", "demand-near", "award-drawn-waiting",
    "notice-uncapped", "sign-in-plain", "sign-up-faults", "codes-second", "confirm-code", "second-factor",
    "second-factor-again", "members-staff", "proposals-failed", "proposals-none", "tokens-made", "account-new",
    "organisation-faults", "recover", "password", "verify-unread", "verify-agrees", "verify-direct", "trial-instant",
    "trial-mean_price", "trial-random_draw", "trial-credit_draw", "trial-multi_round", "fairness-blank", "fairness-few",
    "verify-refused",
}  # fmt: skip
"""Examples drawn like another one; their markup is tested, a second look in the browser would show nothing new."""

PLAIN = tuple(name for name in examples.NAMES if name not in SAME)
VARIED = ("home", "specimen", "work", "demand-list-filtered", "award", "award-rounds", "award-near", "award-picked")
"""Every block and layout there is: axe looks at these on the phone too, and in large text and high contrast."""


class Opened:
    """A page in the browser, with everything the browser complained about."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(viewport=DESK)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("response", lambda one: self.complaints.append(one.url) if one.status >= 400 else None)
        self.page.goto(address)

    def violations(self) -> list[Any]:
        """What axe finds, in short."""
        found = Axe().run(self.page, options=AXE).response["violations"]
        return [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[[str], Opened]]:
    """Opens example pages and lets them go."""
    pages: list[Opened] = []

    def open_page(name: str) -> Opened:
        pages.append(Opened(browser, f"{site}/example/{name}"))
        return pages[-1]

    yield open_page
    for one in pages:
        one.page.close()


def check(one: Opened, size: ViewportSize, picture: Path, *, by_axe: bool = True) -> None:
    one.page.set_viewport_size(size)
    one.page.screenshot(path=picture.with_name(f"{picture.name}-{size['width']}.png"), full_page=True)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size["width"], one.page.evaluate(WIDE)
    if by_axe:
        assert one.violations() == []
    assert one.complaints == []


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_holds_on_a_desk_and_on_a_phone(opened: Callable[[str], Opened], screens: Path, name: str) -> None:
    page = opened(name)
    assert page.page.locator("h1").count() == 1
    check(page, DESK, screens / name)
    check(page, PHONE, screens / name, by_axe=name in VARIED)
    assert page.page.evaluate(SMALL, [CONTROLS, LEAST_TARGET]) == []


@pytest.mark.parametrize("display", ["large", "contrast"])
@pytest.mark.parametrize("name", VARIED)
def test_a_page_holds_in_large_text_and_in_high_contrast(
    opened: Callable[[str], Opened], screens: Path, name: str, display: str
) -> None:
    page = opened(f"{name}?display={display}")
    for size in (PHONE, DESK):
        check(page, size, screens / f"{name}-{display}")


def test_the_first_stop_of_the_keyboard_skips_to_the_content_and_shows_its_focus(
    opened: Callable[[str], Opened],
) -> None:
    page = opened("home").page
    page.keyboard.press("Tab")
    focus = page.evaluate(
        """() => { const one = document.activeElement, style = getComputedStyle(one);
        return [one.textContent, style.outlineStyle, parseFloat(style.outlineWidth)] }"""
    )
    assert focus == ["跳到主要内容", "solid", 3]


def test_the_policy_refuses_an_inline_style(opened: Callable[[str], Opened]) -> None:
    one = opened("award")
    one.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    one.page.wait_for_timeout(50)
    assert any("Content Security Policy" in words for words in one.complaints)
