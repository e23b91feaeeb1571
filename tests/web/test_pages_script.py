"""Our own script in a real Chromium: capitals while typing, clocks by the server's time, the summary gets the focus."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Browser, Page

from commons.money import capitals
from marketplace.web import formatting

AMOUNTS = (
    0, 1, 10, 11, 100, 101, 110, 1_00, 10_00, 100_00, 1_000_00, 1_001_00, 10_000_00, 10_010_00, 100_000_00,
    1_000_000_00, 100_000_000_00, 100_010_000_00, 1_000_000_001, 12_860_000, 13_860_050, 10**12,
)  # fmt: skip


@pytest.fixture
def specimen(browser: Browser, site: str) -> Page:
    page = browser.new_page()
    page.goto(f"{site}/example/specimen")
    return page


def test_an_amount_is_written_in_capitals_while_it_is_typed_exactly_as_the_server_writes_it(specimen: Page) -> None:
    chance = random.Random(6)
    amounts = [*AMOUNTS, *(chance.randrange(10 ** chance.randrange(1, 13)) for _ in range(300))]
    typed = [f"{fen // 100}.{fen % 100:02d}" for fen in amounts]
    written = specimen.evaluate(
        """typed => { const field = document.getElementById("ceiling_fen");
        return typed.map(text => { field.value = text; field.dispatchEvent(new Event("input", {bubbles: true}));
          return document.getElementById("ceiling_fen-capitals").textContent; }) }""",
        typed,
    )
    assert written == [f"大写：{capitals(fen)}" for fen in amounts]
    others = {"128,600": "大写：壹拾贰万捌仟陆佰元整", "１２８元": "大写：壹佰贰拾捌元整", "12,8600": "", "十二": ""}
    for text, words in others.items():
        specimen.locator("#ceiling_fen").fill(text)
        assert specimen.locator("#ceiling_fen-capitals").inner_text() == words
    specimen.close()


def test_clocks_tick_by_the_servers_time_and_are_set_right_by_a_stream(specimen: Page) -> None:
    left, clock = specimen.locator("time[data-until]").first, specimen.locator("time[data-clock]")
    first = left.inner_text()
    specimen.wait_for_function("first => document.querySelector('time[data-until]').textContent !== first", arg=first)
    assert first.startswith("2 小时")
    assert clock.inner_text().startswith("14:32:1")
    until = specimen.evaluate("document.querySelector('time[data-until]').dataset.until")
    for seconds in (0, 1, 60, 61, 3_600, 3_661, 90_000):
        words = specimen.evaluate(
            """([until, seconds]) => new Promise(done => {
            const at = new Date(Date.parse(until) - seconds * 1000).toISOString();
            document.dispatchEvent(new CustomEvent("market:now", {detail: at}));
            setTimeout(() => done(document.querySelector("time[data-until]").textContent), 300) })""",
            [until, seconds],
        )
        assert words in {formatting.duration(seconds), formatting.duration(max(0, seconds - 1))}
    specimen.close()


def test_the_summary_of_what_is_wrong_has_the_focus_and_the_menu_closes(specimen: Page) -> None:
    assert specimen.evaluate("document.activeElement.id") == "again-faults"
    more = specimen.locator("details.more")
    more.locator("summary").click()
    assert more.evaluate("one => one.open")
    specimen.keyboard.press("Escape")
    assert not more.evaluate("one => one.open")
    more.locator("summary").click()
    specimen.locator("h1").click()
    assert not more.evaluate("one => one.open")
    specimen.close()


def test_htmx_is_there_and_takes_the_streams_alone(specimen: Page) -> None:
    assert specimen.evaluate("[htmx.version, htmx.config.includeIndicatorCSS, htmx.config.extensions]") == [
        "4.0.1",
        False,
        "sse",
    ]
    assert specimen.evaluate("document.adoptedStyleSheets.length") == 0
    specimen.close()
