"""An operator and an auditor on the pages: offices by two people, dead letters, health, the log, versions, days."""

from __future__ import annotations

import json
import re
from html import unescape

from marketplace.catalogue.in_force import profile_base
from marketplace.database import Database
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.signing_in import note
from marketplace.web.addresses import WORK
from marketplace.web.locale.operating_words import CHECKS
from marketplace.web.pages.operating_records import calendar_view
from tests.neighbours.test_neighbour_outages import happen
from tests.usecases.market import PROFILE
from tests.web_api.browser import appointed
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden

PAGES = ("accounts", "catalogue", "profiles", "calendar", "neighbours", "health", "access-log", "backups")


async def official(site: Site, database: Database, login: str, office: str) -> PageReader:
    """Somebody who holds an office, signed in as such."""
    reader = await joined(site.client, login)
    given = await appointed(database, login, office, region="330300" if office == "regulator" else None)  # type: ignore[arg-type]  # a test's shorthand
    await reader.send("/account", {"do": "role", "role_id": given.role_id})
    return reader


async def test_an_office_that_approves_is_given_by_two_operators_and_ended_by_one(
    site: Site, database: Database
) -> None:
    first, second = [await official(site, database, login, "operator") for login in ("op-first", "op-second")]
    await joined(site.client, "newcomer")
    assert "平台运行" in (await first.get("/workbench")).text
    path = f"{WORK}/accounts/appoint"
    fields = {
        **hidden((await first.get(path)).text), "login": "newcomer", "office": "regulator", "region": "330300",
        "reason": "到岗（示例）",
    }  # fmt: skip
    check = await first.send(path, fields)
    for words in ("请核对", "监管部门", "温州市", "到岗（示例）"):
        assert words in check.text, words
    told = await follow(first, path, {**hidden(check.text), "_sure": "1"})
    assert "由另一名运营人员复核后生效" in told
    assert "R-330300-" not in (await first.get(f"{WORK}/accounts?office=regulator")).text, "proposed is not appointed"
    proposal = re.search(r'name="proposal" value="([^"]+)"', (await second.get("/proposals")).text)
    assert proposal is not None
    await second.send("/proposals", {"do": "approve", "proposal": proposal[1]})
    page = (await first.get(f"{WORK}/accounts?office=regulator")).text
    end = re.search(rf'href="({WORK}/accounts/end/[^"]+)"', page)
    assert end is not None
    check = await first.send(end[1], {**hidden((await first.get(end[1])).text), "reason": "离岗（示例）"})
    told = await follow(first, end[1], {**hidden(check.text), "_sure": "1"})
    assert "岗位已免去" in told
    assert "没有符合条件的岗位" in (await first.get(f"{WORK}/accounts?office=regulator")).text
    own = {**hidden((await first.get(f"{WORK}/accounts/switch")).text), "login": "op-first", "what": "close"}
    check = await first.send(f"{WORK}/accounts/switch", {**own, "reason": "示例"})
    refused = await first.send(f"{WORK}/accounts/switch", {**hidden(check.text), "_sure": "1"})
    assert refused.status_code == 422
    assert "不能停用自己的账号" in refused.text
    log = (await first.get(f"{WORK}/access-log?act=endOfficer")).text
    assert "R-330300-" not in log, "the log names the address, the line of the office says whose it was"
    assert "endOfficer" in log


async def test_a_dead_letter_is_shown_with_its_reason_and_sent_again(site: Site, database: Database) -> None:
    await happen(database, "contract/S1", "contract.paid")
    await address_next(database)
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox_delivery SET dead_at = clock_timestamp(), attempts = 12, status = 422,"
            " reason = 'status-422' WHERE id = (SELECT id FROM outbox_delivery WHERE receiver <> 'desk' LIMIT 1)"
        )
    reader = await official(site, database, "op-first", "operator")
    page = (await reader.get(f"{WORK}/neighbours")).text
    assert "对方拒收（422）" in page
    again = re.search(rf'href="({WORK}/neighbours/again/[^"]+)"', page)
    assert again is not None
    told = await follow(reader, again[1], hidden((await reader.get(again[1])).text))
    assert "已重新排入队列" in told
    assert "没有停止重试的外发件" in told


async def test_a_version_shows_what_it_changes_before_it_is_published_and_a_faulty_file_is_explained(
    site: Site, database: Database
) -> None:
    reader = await official(site, database, "op-first", "operator")
    path = f"{WORK}/profiles/publish"
    assert f'href="{path}"' in (await reader.get(f"{WORK}/profiles")).text
    body = {
        "profile": PROFILE, "region": "330300", "reason": "试点（示例）",
        "source": "示例文件 7 号", "text_seen": "no",
        "values": [{"key": "nobody_named_this", "value": 9, "unit": "workdays"}],
    }  # fmt: skip
    wrong = await reader.send(path, {**hidden((await reader.get(path)).text), "document": json.dumps(body)})
    assert wrong.status_code == 400
    assert "/values/0/key" in wrong.text
    assert (await reader.send(path, {"document": "no JSON"})).status_code == 400
    key, row = next(iter(profile_base(PROFILE).items()))
    body["values"] = [{"key": key, "value": int(str(row["value"])) + 1, "unit": row["unit"]}]
    check = await reader.send(path, {**hidden((await reader.get(path)).text), "document": json.dumps(body)})
    assert check.status_code == 200, check.text
    for words in ("请核对", "还没有公布", "温州市", key, f"{row['value']} → {int(str(row['value'])) + 1}"):
        assert words in check.text, words
    assert "还没有公布过版本" in (await reader.get(f"{WORK}/profiles?profile={PROFILE}")).text
    held = {name: unescape(str(value)) for name, value in hidden(check.text).items()}
    told = await follow(reader, path, {**held, "_sure": "1"})
    assert "版本已公布" in told
    assert "施行中" in (await reader.get(f"{WORK}/profiles?profile={PROFILE}")).text


async def test_an_auditor_reads_everything_and_does_nothing_and_nobody_else_gets_in(
    site: Site, database: Database
) -> None:
    auditor = await official(site, database, "auditor", "auditor")
    for page in PAGES:
        found = await auditor.get(f"{WORK}/{page}")
        assert found.status_code == 200, (page, found.text[:2000])
    assert "任命岗位" not in (await auditor.get(f"{WORK}/accounts")).text
    form = hidden((await auditor.get(f"{WORK}/accounts/appoint")).text)
    sent = {**form, "login": "auditor", "office": "operator", "reason": "示例", "_sure": "1"}
    assert (await auditor.send(f"{WORK}/accounts/appoint", sent)).status_code == 422
    narrowed = (await auditor.get(f"{WORK}/access-log?act=readAccessLog&since=2020-01-01T00:00")).text
    assert "readAccessLog" in narrowed, "reading the log is in the log"
    assert "没有符合条件的记录" in (await auditor.get(f"{WORK}/access-log?until=2020-01-01T00:00")).text
    assert "没有查询" in (await auditor.get(f"{WORK}/access-log?since=yesterday")).text
    assert "没有这个版本" in (await auditor.get(f"{WORK}/profiles?old=shipped&new=V-1")).text
    assert "两个版本的内容相同" in (await auditor.get(f"{WORK}/catalogue?old=shipped&new=shipped")).text
    regulator = await official(site, database, "regulates", "regulator")
    for page in PAGES:
        assert (await regulator.get(f"{WORK}/{page}")).status_code == 403, page
        assert (await site.get(f"{WORK}/{page}")).status_code == 303, page


async def test_offices_are_found_by_their_words_and_one_is_given_with_its_line(site: Site, database: Database) -> None:
    first, second = [await official(site, database, login, "operator") for login in ("op-first", "op-second")]
    await joined(site.client, "newcomer")
    path = f"{WORK}/accounts/appoint"
    fields = {
        **hidden((await first.get(path)).text), "login": "newcomer", "office": "regulator", "region": "330300",
        "line": "水利", "reason": "到岗（示例）",
    }  # fmt: skip
    check = await first.send(path, fields)
    assert "水利" in check.text
    await follow(first, path, {**hidden(check.text), "_sure": "1"})
    proposal = re.search(r'name="proposal" value="([^"]+)"', (await second.get("/proposals")).text)
    assert proposal is not None
    await second.send("/proposals", {"do": "approve", "proposal": proposal[1]})
    found = (await first.get(f"{WORK}/accounts?q=水利")).text
    assert "R-330300-" in found
    assert "符合条件 <b>1</b> 条，共 3 条" in found
    assert "R-330300-" not in (await first.get(f"{WORK}/accounts?q=交通")).text


async def test_backups_health_and_the_log_say_what_is_so(site: Site, database: Database) -> None:
    reader = await official(site, database, "op-first", "operator")
    late = "最近 24 小时没有备份"
    assert late in (await reader.get(f"{WORK}/backups")).text
    async with database.transaction() as connection:
        await note(connection, "", "back-up", "begun", actor="system:cli")
    page = (await reader.get(f"{WORK}/backups")).text
    assert (late in page, "最近 1 次" in page) == (False, True)
    page = (await reader.get(f"{WORK}/health")).text
    wrong = page.count(">不正常</span>")
    assert (f"{wrong} 项不正常" if wrong else "全部正常") in page
    assert page.count(">正常</span>") + wrong == len(CHECKS)
    log = (await reader.get(f"{WORK}/access-log?role=system")).text.split("<tbody>")[1]
    assert ("back-up" in log, "operator:O-" in log) == (True, False)
    log = (await reader.get(f"{WORK}/access-log?person=P-NOBODY")).text
    assert "没有符合条件的记录" in log


def test_the_working_days_of_a_year_are_counted() -> None:
    view = calendar_view(2026, (2025, 2026))
    assert (view.workdays, view.is_known) == (248, True)
    days = [(one.kind, one.first.isoformat(), one.days) for one in view.rows[:2]]
    assert days == [("off", "2026-01-01", 3), ("work", "2026-01-04", 1)]
