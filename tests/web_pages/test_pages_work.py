"""工作台 and 通知: what is to be done, what was told, and the one way in which forms answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import httpx

from marketplace.database import Database
from marketplace.inbox.store import Addressee, insert_notification
from marketplace.web.addresses import WORK, my_demand_path
from marketplace.web.receipts import Done, read_told, told_query
from tests.usecases.market import OWNER, Market, code, sealed_terms
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site

NOTIFICATIONS = f"{WORK}/notifications"


async def agency_of(site: Site, login: str, number: int) -> PageReader:
    """Somebody who acts for an agency."""
    reader = await joined(site.client, login)
    await reader.send("/account/organisation", {"role": "agency", "organisation": code(number)})
    return reader


async def tell(database: Database, uscc: str, *, count: int = 1) -> None:
    """Put notifications into an agency's inbox."""
    async with database.transaction() as connection:
        for number in range(count):
            told = await insert_notification(
                connection, UUID(int=number + 1), Addressee("agency", uscc), type="award.proposed", kind="award",
                params={"title": f"第 {number + 1} 宗（示例）", "until": "2026-12-01T09:00:00Z"}, link="/demands/D1",
                at=datetime.now(UTC),
            )  # fmt: skip
            assert told


async def test_nobody_is_sent_to_sign_in_and_who_acts_as_nothing_to_choose_a_role(site: Site) -> None:
    for path in ("/workbench", NOTIFICATIONS):
        sent = await site.get(path)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in?onward={path.replace('/', '%2F')}")
    reader = await joined(site.client, "nobody")
    assert (await reader.get("/workbench")).headers["location"] == "/account?onward=%2Fworkbench#roles"


async def test_an_owner_sees_every_project_in_its_five_stages(site: Site, market: Market) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）")
    reader = await joined(site.client, "owner")
    await reader.send("/account/organisation", {"role": "owner", "organisation": OWNER})
    page = (await reader.get("/workbench")).text
    assert f'href="{my_demand_path(published.demand)}">梧田片区测绘（示例）' in page
    assert re.search(
        r'<li class="done">发布<small>[^<]+ 发布</small></li>\s*<li class="now-at" aria-current="step">报价', page
    )
    assert "没有待办事项" in page


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found[1]


async def test_notifications_are_read_by_a_form_that_goes_on_with_its_words_and_counts_down_in_the_head(
    site: Site, database: Database
) -> None:
    reader = await agency_of(site, "agency", 1)
    await tell(database, code(1), count=3)
    page = (await reader.get(NOTIFICATIONS)).text
    assert '通知<span class="count">3<span' in page
    assert page.count('accent">未读</span>') == 3
    places = re.findall(r'name="places" value="(\d+)"', page)
    done = await reader.send(NOTIFICATIONS, {"places": places[:2], "_key": field_of(page, "_key")})
    assert done.status_code == 303
    after = (await reader.get(done.headers["location"])).text
    assert '<div class="note note--ok" role="status"><p><b>已标为已读。</b>' in after
    assert '通知<span class="count">1<span' in after
    assert len(re.findall(r'name="places"', (await reader.get(f"{NOTIFICATIONS}?unread=1")).text)) == 1


async def test_a_form_that_lacks_something_comes_again_with_it_and_to_a_script_the_part_alone(
    site: Site, database: Database
) -> None:
    reader = await agency_of(site, "agency", 1)
    await tell(database, code(1))
    again = await reader.send(NOTIFICATIONS, {})
    assert again.status_code == 400
    assert '<a href="#reading-places">通知</a>：请选择通知' in again.text
    part = await reader.send(NOTIFICATIONS, {}, **{"hx-request": "true"})
    assert (
        part.status_code,
        part.text.lstrip().startswith('<div class="faults" id="reading-faults" role="alert"'),
    ) == (400, True)
    assert "<html" not in part.text
    assert part.headers["vary"]


async def test_preferences_are_kept_and_shown_as_chosen_and_a_script_is_told_where_to_go(site: Site) -> None:
    reader = await agency_of(site, "agency", 1)
    fields = {"wanted": ["award:email", "credit:digest"]}
    done = await reader.send(f"{NOTIFICATIONS}/preferences", fields, **{"hx-request": "true"})
    assert (done.status_code, done.text) == (200, "")
    page = (await reader.get(done.headers["hx-redirect"])).text
    assert "通知方式已保存" in page
    chosen = re.findall(r'name="wanted" value="([^"]+)" checked', page)
    assert chosen == ["award:email", "credit:digest"]


def test_what_was_done_is_told_only_to_whom_it_was_told_and_only_on_that_page() -> None:
    address = told_query(Done("/workbench?a=1", "notifications_read", "R-1"), "secret")
    told = httpx.URL(address).params["told"]
    assert httpx.URL(address).params["a"] == "1"
    found = read_told(told, "secret", "/workbench")
    assert found is not None
    assert (found.words, found.receipt) == ("已标为已读", "R-1")
    assert read_told(told, "another", "/workbench") is None
    assert read_told(told, "secret", "/account") is None
    assert read_told(told.replace("R-1", "R-2"), "secret", "/workbench") is None
    assert told_query(Done("/workbench", "notifications_read"), "") == "/workbench"
