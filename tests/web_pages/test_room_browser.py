"""Six bidders and two watchers in real Chromium, two server processes over one database, one line cut in the middle.

One bidder has no script, one and a watcher a phone. All end with the same frozen state.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from marketplace.usecases.place_offer import OfferPlaced
from marketplace.web.addresses import award_path
from tests.bench.load import site as served
from tests.store.moved_time import REAL
from tests.usecases.market import Market, until
from tests.web.conftest import FLAGS, chromium
from tests.web_pages.room_play import Opened, agency_of, opened
from tests.web_pages.test_pages_signing_browser import SCREENS

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
CUT = 4
"""Which of the bidders loses its line."""
SOON = 12_000
"""Milliseconds that something may take to be seen on a busy machine."""
EXTENSION = {"window_s": 10, "extend_s": 20, "limit": 3}


@dataclass
class Seat:
    """One browser context in the room."""

    name: str
    context: BrowserContext
    page: Page
    has_script: bool = True

    async def standing(self) -> str:
        """The table of the order as it reads, one's own mark left out."""
        if not self.has_script:
            await self.page.reload()
        words: str = await self.page.locator('[data-part="standing"] tbody').text_content()
        return re.sub(r"\s+", " ", words.replace("（我方）", ""))


@pytest.fixture
def pace() -> float:
    """What pages tick by is real."""
    return REAL


@pytest_asyncio.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost:8000") as made:
        yield made


async def sit(
    browser: Browser, address: str, name: str, secret: str | None, *, has_script: bool = True, phone: bool = False
) -> Seat:
    """Open the room in a context of one's own; its sheets and scripts come from our own address alone."""
    context = await browser.new_context(
        viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a size
        java_script_enabled=has_script,
    )
    if secret is not None:
        cookie = {"name": "__Host-session", "value": secret, "domain": "localhost", "path": "/", "secure": True}
        await context.add_cookies([cookie])  # type: ignore[list-item]  # a cookie
    page = await context.new_page()
    await page.goto(address)
    return Seat(name, context, page, has_script)


async def offers_by_script(seat: Seat, price: str, days: str, *, is_steep: bool = False) -> None:
    """Fill the box, look once more, confirm; the receipt comes without leaving the page."""
    page = seat.page
    await expect(page.locator("[data-send]")).to_be_enabled(timeout=SOON)
    await page.fill("#price", price)
    await page.fill("#days", days)
    assert "大写：" in await page.locator("[data-capitals]").inner_text()
    await page.click("[data-send]")
    if is_steep:
        assert await page.locator("[data-place]").is_disabled(), "a digit too few is asked about"
        await page.check("[data-sure]")
    await page.click("[data-place]")
    await expect(page.locator("[data-said]")).to_contain_text("已收到：回执第", timeout=SOON)


async def offers_without_script(seat: Seat, price: str, days: str) -> None:
    """The same by plain forms: fill, read it once more, confirm."""
    page = seat.page
    await page.reload()
    await page.fill("#price", price)
    await page.fill("#days", days)
    await page.click("text=核对并提交")
    await expect(page.locator("h1")).to_have_text("核对报价")
    assert "拾玖万贰仟元整" in await page.locator("main").inner_text()
    await page.click("text=确认提交")
    await expect(page.locator('[role="status"]')).to_contain_text("报价已收到。　回执 1")


async def told(seats: list[Seat], part: str, words: str) -> None:
    """Everybody with script sees these words there, without doing anything."""
    for seat in seats:
        if seat.has_script:
            await expect(seat.page.locator(f'[data-part="{part}"]')).to_contain_text(words, timeout=SOON)


class Line:
    """The line of one bidder, which can be cut: what goes over it goes to the port of a server."""

    def __init__(self, port: int) -> None:
        self.port, self.ends, self.marks = port, set[asyncio.StreamWriter](), list[str]()

    async def open(self) -> asyncio.Server:
        """Listen on a port of its own."""
        return await asyncio.start_server(self._carry, "127.0.0.1", 0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ahead, back = await asyncio.open_connection("127.0.0.1", self.port)
        self.ends |= {writer, back}
        with contextlib.suppress(OSError):
            await asyncio.gather(self._copy(reader, back), self._copy(ahead, writer))

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            self.marks += re.findall(r"(?i)last-event-id: (\S+)", data.decode(errors="replace"))
            target.write(data)
            await target.drain()
        target.close()

    def cut(self) -> None:
        """Break everything that goes over it."""
        for one in self.ends:
            one.transport.abort()
        self.ends.clear()


async def cut_off_and_back(seat: Seat, line: Line, market: Market, room: Opened) -> None:
    """Lose the line: a red bar; come back by the id of the last event: what was missed is there."""
    await seat.context.set_offline(True)
    line.cut()
    await expect(seat.page.locator("[data-lost]")).to_be_visible(timeout=SOON)
    last = await seat.page.locator("[data-room]").get_attribute("data-seen")
    placed = await market.offer(room.selection, 4, 18_400_000)
    assert isinstance(placed, OfferPlaced), placed
    await asyncio.sleep(0.5)
    assert "184,000.00" not in await seat.page.locator('[data-part="standing"]').inner_text()
    await seat.context.set_offline(False)
    await told([seat], "standing", "184,000.00")
    await expect(seat.page.locator("[data-lost]")).to_be_hidden(timeout=SOON)
    assert last in line.marks, "it said what it had seen last"


async def test_six_bidders_and_two_watchers_on_two_processes_end_with_the_same_frozen_state(
    market: Market, client: httpx.AsyncClient
) -> None:
    path = chromium()
    SCREENS.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        one, two = [asyncio.create_task(stack.enter_async_context(served(market.database.dsn))) for _ in range(2)]
        room = await opened(
            market, ("open", 0, 300), ("sealed", 310, 400), bidders=6, opens_in=8, sign_up_s=7.5, max_days=60,
            day_value_fen=10_000, extension=EXTENSION,
        )  # fmt: skip
        people = [await agency_of(client, f"bidder{number}", number) for number in range(1, 7)]
        ports = [await one, await two]
        play = await stack.enter_async_context(async_playwright())
        browser = await play.chromium.launch(executable_path=path, args=list(FLAGS))
        stack.push_async_callback(browser.close)
        line = Line(ports[0])
        cuttable = await line.open()
        stack.callback(cuttable.close)
        ports.append(cuttable.sockets[0].getsockname()[1])
        addresses = [f"http://localhost:{port}/rooms/{room.selection}" for port in ports]
        await until(room.at(-2.5))
        coming = [
            sit(
                browser, addresses[2 if number == CUT else number % 2], f"bidder {number + 1}", who.secret,
                has_script=number != 1, phone=number == 2,
            )
            for number, who in enumerate(people)
        ]  # fmt: skip
        coming += [sit(browser, addresses[n], f"watcher {n + 1}", None, phone=n == 1) for n in range(2)]
        seats = await asyncio.gather(*coming)
        await play_on(seats, line, market, room)
        await frozen(seats, room)


async def play_on(seats: list[Seat], line: Line, market: Market, room: Opened) -> None:
    """Both rounds, with an extension and a cut line."""
    await told(seats, "round", "进行中")
    await asyncio.gather(
        offers_by_script(seats[0], "195,000", "20"),
        offers_without_script(seats[1], "192000", "20"),
        offers_by_script(seats[2], "175000", "30", is_steep=True),
    )
    await told(seats, "best", "178,000.00")
    await told(seats[:1], "mine", "第 3 名")
    for number, price in ((4, 18_800_000), (5, 18_900_000), (6, 19_900_000)):
        assert isinstance(await market.offer(room.selection, number, price), OfferPlaced)
    await told(seats, "standing", "机构己")
    seen = [await seat.page.locator("main").inner_text() for seat in seats]
    assert not [one for one in seen if "测绘" in one], "names are masked"
    await cut_off_and_back(seats[CUT], line, market, room)
    await until(room.at(294))
    assert isinstance(await market.offer(room.selection, 6, 19_000_000), OfferPlaced)
    await told(seats, "left", "已顺延 1 次")
    await until(room.at(320.5))
    await told(seats, "round", "轮间休息")
    await until(room.at(331))
    for number, price in ((5, 13_579_000), (1, 14_680_000)):
        assert isinstance(await market.offer(room.selection, number, price), OfferPlaced)
    await told(seats, "best", "密封轮")
    await told(seats[4:5], "receipts", "截止后显示")
    seen = [await seat.page.locator("main").inner_text() for seat in seats]
    assert not [one for one in seen if "135,790" in one or "146,800" in one], "nothing of it, to nobody"
    await until(room.at(421))


async def frozen(seats: list[Seat], room: Opened) -> None:
    """Everybody sees the same end, with names and the way to the result; nothing scrolls sideways."""
    await told(seats, "state", "竞价已结束：测绘5号（示例）按规则列第一")
    ends: Mapping[str, str] = {seat.name: await seat.standing() for seat in seats}
    assert len(set(ends.values())) == 1, ends
    assert "测绘5号（示例）" in ends["watcher 1"]
    assert "135,790.00" in ends["watcher 1"]
    for seat in seats:
        await expect(seat.page.locator(f'[data-part="state"] a[href="{award_path(room.demand)}"]')).to_be_visible()
        width = 390 if seat.page.viewport_size == PHONE else 1280
        assert await seat.page.evaluate("document.documentElement.scrollWidth") <= width, seat.name
        if seat.has_script:
            assert await seat.page.locator("[data-lost]").is_hidden()
    for number in (2, 4, 7):
        await seats[number].page.screenshot(path=SCREENS / f"room-over-{number}.png", full_page=True)
