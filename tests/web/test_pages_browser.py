"""Every example page in a real Chromium: nothing scrolls sideways, nothing is blocked, nothing is inaccessible."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.gallery.looking import DESK, PHONE, Watched, watched
from tests.web import examples

LEAST_TARGET = 44
CONTROLS = ".btn, .input, .select, summary, .pager a, .tabs a, .chip, .nav a, .entry, .foot li a, .util a, .link, .opt"
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter(one => one.checkVisibility() && one.getClientRects().length)
  .map(one => [one.outerHTML.slice(0, 80), Math.round(one.getBoundingClientRect().height * 100) / 100])
  .filter(([, height]) => height < least)"""
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


@pytest.fixture(scope="module")
def leaf(browser: Browser, site: str) -> Iterator[Watched]:
    """The page of the browser in which all of them are shown, one after another."""
    context = browser.new_context(viewport=DESK)
    yield watched(context, site)
    context.close()


@pytest.fixture
def opened(leaf: Watched) -> Callable[[str], Watched]:
    """Shows an example page."""

    def show(name: str) -> Watched:
        leaf.go(f"{leaf.url}/example/{name}")
        return leaf

    return show


def check(one: Watched, size: ViewportSize, picture: Path, *, by_axe: bool = True) -> None:
    one.page.set_viewport_size(size)
    if "SCREENS" in os.environ:
        one.page.screenshot(path=picture.with_name(f"{picture.name}-{size['width']}.png"), full_page=True)
    one.is_narrow()
    if by_axe:
        assert one.violations() == []
    one.is_kept()


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_holds_on_a_desk_and_on_a_phone(opened: Callable[[str], Watched], screens: Path, name: str) -> None:
    page = opened(name)
    assert page.page.locator("h1").count() == 1
    check(page, DESK, screens / name)
    check(page, PHONE, screens / name, by_axe=name in VARIED)
    assert page.page.evaluate(SMALL, [CONTROLS, LEAST_TARGET]) == []


@pytest.mark.parametrize("display", ["large", "contrast"])
@pytest.mark.parametrize("name", VARIED)
def test_a_page_holds_in_large_text_and_in_high_contrast(
    opened: Callable[[str], Watched], screens: Path, name: str, display: str
) -> None:
    page = opened(f"{name}?display={display}")
    for size in (PHONE, DESK):
        check(page, size, screens / f"{name}-{display}")


def test_the_first_stop_of_the_keyboard_skips_to_the_content_and_shows_its_focus(
    opened: Callable[[str], Watched],
) -> None:
    page = opened("home").page
    page.keyboard.press("Tab")
    focus = page.evaluate(
        """() => { const one = document.activeElement, style = getComputedStyle(one);
        return [one.textContent, style.outlineStyle, parseFloat(style.outlineWidth)] }"""
    )
    assert focus == ["跳到主要内容", "solid", 3]


def test_the_policy_refuses_an_inline_style(opened: Callable[[str], Watched]) -> None:
    one = opened("award")
    one.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    one.page.wait_for_timeout(50)
    assert any("Content Security Policy" in words for words in one.complaints)
