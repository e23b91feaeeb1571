"""Announcements on the pages: published, corrected, taken down; the line over every page, in two processes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from commons.errors import Forbidden, Unavailable
from commons.events import Actor
from commons.instants import format_instant
from commons.verdicts import Refused
from marketplace.announcements.announcement import Announcement, Stretch
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.announce import Announce, Announced, announce
from marketplace.usecases.read_announcements import read_open_announcements
from marketplace.usecases.take_down_announcement import TakeDownAnnouncement, take_down_announcement
from marketplace.web.addresses import WORK
from marketplace.web.board import AGE_S, PATIENCE_S, Board
from marketplace.web.plans import local_text
from tests.usecases.market import now, owner, pass_by
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden
from tests.web_pages.test_pages_operating import official

OPERATOR = Caller(Actor("operator", "O1"))
TITLE = "周六夜间系统维护（示例）"
AREA = f"{WORK}/announcements"


async def made(database: Database, **changes: Any) -> Announced:
    fields = {
        "kind": "information",
        "title": TITLE,
        "text": "第一段（示例）\n第二段（示例）",
        "until": now() + timedelta(days=1),
    }
    done = await announce(database, OPERATOR, Announce(**{**fields, **changes}))
    assert isinstance(done, Announced), done
    return done


def announcement() -> Announcement:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Announcement("G1", TITLE, "一（示例）", Stretch("information", at, at + timedelta(days=1)), at)


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def test_the_operator_announces_corrects_and_takes_down_and_everybody_reads_it(
    site: Site, database: Database
) -> None:
    reader = await official(site, database, "op-first", "operator")
    path = f"{AREA}/publish"
    begins, ends = now() + timedelta(hours=2), now() + timedelta(hours=4)
    fields = {
        **hidden((await reader.get(path)).text), "kind": "maintenance", "title": TITLE, "text": "暂停报价（示例）",
        "until": local_text(now() + timedelta(days=2)), "work_from": local_text(ends), "work_until": local_text(begins),
    }  # fmt: skip
    check = await reader.send(path, fields)
    assert "请核对" in check.text
    wrong = await reader.send(path, {**hidden(check.text), "_sure": "1"})
    assert wrong.status_code == 422
    assert "维护结束应晚于维护开始" in wrong.text
    fields |= {**hidden(wrong.text), "work_from": local_text(begins), "work_until": local_text(ends)}
    told = await follow(reader, path, {**hidden((await reader.send(path, fields)).text), "_sure": "1"})
    assert "公告已发布" in told
    found = re.search(rf'href="{AREA}/correct/([^"?]+)', told)
    assert found is not None
    first = found[1]
    for address in ("/", "/demands", "/nowhere"):
        page = (await site.get(address)).text
        assert re.search(rf'<aside class="bulletin".*<a href="/announcements/{first}">{TITLE}</a>', page), address
    assert "bulletin" not in (await site.text(f"/announcements/{first}"))
    path = f"{AREA}/correct/{first}"
    form = (await reader.get(path)).text
    assert "暂停报价（示例）" in form
    fields = {**fields, **hidden(form), "title": "改到周日夜间（示例）"}
    await follow(reader, path, {**hidden((await reader.send(path, fields)).text), "_sure": "1"})
    old = await site.text(f"/announcements/{first}")
    assert "已由新的公告更正" in old
    second = re.findall(r'href="/announcements/([0-9A-Z-]+)"', await site.text("/announcements"))[0]
    assert "改到周日夜间（示例）" in await site.text("/")
    path = f"{AREA}/take-down/{second}"
    check = await reader.send(path, {**hidden((await reader.get(path)).text), "reason": "维护取消（示例）"})
    await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert 'class="bulletin"' not in await site.text("/")
    assert "已撤下：维护取消（示例）" in await site.text(f"/announcements/{second}")
    feed = await site.get("/announcements.atom")
    assert feed.text.count("<entry>") == 2
    again = await site.client.get("/announcements.atom", headers={"If-None-Match": feed.headers["etag"]})
    assert again.status_code == 304
    log = (await reader.get(f"{WORK}/access-log?act=takeDownAnnouncement")).text
    assert second in log
    listed = (await site.get("/api/v1/announcements?kind=maintenance&limit=10")).json()
    assert listed["total"] == 2
    assert listed["announcements"][0]["ended"]["reason"] == "维护取消（示例）"
    one = (await site.get(f"/api/v1/announcements/{first}")).json()
    assert (one["ended"]["successor"], one["is_in_force"]) == (second, False)
    auditor = await official(site, database, "auditor", "auditor")
    assert "发布公告" not in (await auditor.get(AREA)).text
    refused = await auditor.send(f"{AREA}/publish", fields)
    refused = await auditor.send(f"{AREA}/publish", {**fields, "_sure": "1"})
    assert refused.status_code in {403, 422}
    assert (await site.get("/api/v1/announcements")).json()["total"] == 2


async def test_nothing_of_an_announcement_is_changed_or_deleted_and_only_the_operator_speaks(
    database: Database,
) -> None:
    one = await made(database)
    with pytest.raises(Forbidden):
        await announce(database, owner(), Announce(kind="information", title=TITLE, text="x", until=now()))
    done = await take_down_announcement(
        database, OPERATOR, TakeDownAnnouncement(announcement=one.announcement, reason="示例")
    )
    again = await take_down_announcement(
        database, OPERATOR, TakeDownAnnouncement(announcement=one.announcement, reason="示例")
    )
    assert not isinstance(done, Refused)
    assert isinstance(again, Refused)
    for statement in (
        "UPDATE announcement SET title = 'x'", "DELETE FROM announcement", "TRUNCATE announcement",
        "UPDATE announcement_end SET reason = 'x'", "DELETE FROM announcement_end",
    ):  # fmt: skip
        with pytest.raises(asyncpg.RestrictViolationError):
            async with database.transaction() as connection:
                await connection.execute(statement)
    async with database.read() as connection:
        events = await connection.fetch(
            "SELECT type FROM record_event WHERE subject = $1 ORDER BY seq", f"announcement/{one.announcement}"
        )
    assert [row["type"] for row in events] == ["announcement.published", "announcement.taken_down"]


async def test_two_processes_agree_within_seconds_and_a_page_in_between_asks_nothing(database: Database) -> None:
    assert AGE_S + PATIENCE_S < 5
    clock, looks = Clock(), 0

    async def look() -> tuple[Announcement, ...]:
        nonlocal looks
        looks += 1
        return await read_open_announcements(database)

    boards = (Board(look, clock), Board(look, clock))
    for board in boards:
        await asyncio.gather(*(board.refresh() for _ in range(5)))
    assert looks == 2, "pages at once wait for one look"
    one = await made(database)
    for board in boards:
        await board.refresh()
        assert board.newest(now()) is None
    assert looks == 2
    clock.at += AGE_S
    for board in boards:
        await board.refresh()
        found = board.newest(now())
        assert found is not None
        assert found.id == one.announcement
    assert looks == 4
    assert boards[0].newest(one.until) is None, "the clock closes it, without a look"


async def test_a_look_that_was_under_way_when_something_was_announced_here_is_not_believed() -> None:
    one = announcement()
    answers: list[asyncio.Future[tuple[Announcement, ...]]] = [asyncio.Future() for _ in range(2)]
    pending = iter(answers)
    board = Board(lambda: next(pending), Clock())
    early = asyncio.create_task(board.refresh())
    await asyncio.sleep(0)
    board.forget()
    late = asyncio.create_task(board.refresh())
    await asyncio.sleep(0)
    answers[1].set_result((one,))
    await late
    answers[0].set_result(())
    await early
    assert board.newest(one.published_at) == one
    await board.refresh()
    assert board.newest(one.published_at) == one, "and nothing more is asked for two seconds"


async def test_the_page_after_an_announcement_by_the_programs_way_shows_it(site: Site) -> None:
    assert 'class="bulletin"' not in await site.text("/help-desks")
    until = format_instant(now() + timedelta(days=1))
    body = {"kind": "information", "title": TITLE, "text": "一（示例）", "until": until}
    headers = {"X-Development-Actor": "operator:O1"}
    done = await site.client.post("/api/v1/announcements", json=body, headers=headers)
    assert done.status_code == 201, done.text
    assert TITLE in await site.text("/help-desks")
    path = f"/api/v1/announcements/{done.json()['announcement']}/end"
    done = await site.client.post(path, json={"reason": "示例"}, headers=headers)
    assert done.status_code in {200, 201}, done.text
    assert TITLE not in await site.text("/help-desks")


async def test_the_line_goes_by_the_clock_of_the_page(site: Site, database: Database) -> None:
    await made(database)
    assert TITLE in await site.text("/demands")
    await pass_by(timedelta(days=2).total_seconds())
    assert 'class="bulletin"' not in await site.text("/demands"), "closed by the clock"


@pytest.mark.parametrize("failure", ["silent", "broken"])
async def test_a_database_that_does_not_answer_holds_up_no_page_and_what_was_known_stands(
    failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.web.board.PATIENCE_S", 0.02)
    clock = Clock()
    release = asyncio.Event()

    async def silent() -> tuple[Announcement, ...]:
        await release.wait()
        return ()

    async def broken() -> tuple[Announcement, ...]:
        raise Unavailable

    looks: dict[str, Callable[[], Awaitable[tuple[Announcement, ...]]]] = {"silent": silent, "broken": broken}
    board = Board(looks[failure], clock)
    async with asyncio.timeout(2):
        await board.refresh()
        await board.refresh()
    assert board.newest(now()) is None
    release.set()
    await asyncio.sleep(0)
