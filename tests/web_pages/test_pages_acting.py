"""The one way of forms, on the page of members: again with everything typed, proved on the form itself, done once."""

from __future__ import annotations

import re

from marketplace.database import Database
from tests.usecases.market import code
from tests.web_pages.reader import HOME, LONG, PageReader, joined
from tests.web_pages.site import Site

MEMBERS = "/account/members"


async def boss_and_clerk(site: Site) -> tuple[PageReader, PageReader, str]:
    """An administrator, somebody else, and the code of his account."""
    boss, clerk = await joined(site.client, "boss"), await joined(site.client, "clerk")
    await boss.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    told = re.search(r"账号代码</dt><dd><code>(P[^<]+)", (await clerk.get("/account")).text)
    assert told is not None
    return boss, clerk, told[1]


async def forget_proofs(database: Database) -> None:
    """As if everybody had signed in an hour ago."""
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET fresh_until = NULL")


def key_of(page: str) -> str:
    found = re.search(r'name="_key" value="(form-[0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


async def members_of(database: Database) -> int:
    async with database.read() as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM account_role WHERE ended_at IS NULL")
        return found


async def test_an_act_that_wants_a_proof_asks_for_it_on_the_form_and_nothing_typed_is_lost(
    site: Site, database: Database
) -> None:
    boss, _, account = await boss_and_clerk(site)
    await forget_proofs(database)
    fields = {"account": account, "rank": "administrator"}
    asked = await boss.send(MEMBERS, fields)
    assert asked.status_code == 422
    assert "还没有提交：请再次验证身份。" in asked.text
    assert f'name="account" type="text" maxlength="16" autocomplete="off" required value="{account}"' in asked.text
    assert 'value="administrator" checked' in asked.text
    assert 'name="_password" type="password"' in asked.text
    wrong = await boss.send(MEMBERS, {**fields, "_password": "no such password"})
    assert (wrong.status_code, "密码不正确" in wrong.text, 'name="_password"' in wrong.text) == (422, True, True)
    assert "no such password" not in wrong.text
    assert await members_of(database) == 1
    done = await boss.send(MEMBERS, {**fields, "_password": LONG})
    assert done.status_code == 303
    assert "成员已添加。" in (await boss.get(done.headers["location"])).text
    assert await members_of(database) == 2


async def test_a_script_is_given_the_question_for_a_proof_alone(site: Site, database: Database) -> None:
    boss, _, account = await boss_and_clerk(site)
    await forget_proofs(database)
    part = await boss.send(MEMBERS, {"account": account, "rank": "staff"}, **{"hx-request": "true"})
    assert (part.status_code, part.text.startswith('<div class="faults" id="faults"')) == (422, True)
    assert 'name="_password"' in part.text
    done = await boss.send(MEMBERS, {"account": account, "rank": "staff", "_password": LONG}, **{"hx-request": "true"})
    assert (done.status_code, done.headers["hx-redirect"].startswith(f"{MEMBERS}?told=")) == (200, True)


async def test_what_is_wrong_is_said_in_english_with_a_script_and_without(site: Site) -> None:
    boss, _, account = await boss_and_clerk(site)
    fields, english = {"account": account, "rank": "emperor"}, {"accept-language": "en-GB,zh;q=0.5"}
    whole = await boss.send(MEMBERS, fields, **english)
    part = await boss.send(MEMBERS, fields, **english, **{"hx-request": "true"})
    for answer in (whole, part):
        assert (answer.status_code, "Accept-Language" in answer.headers["vary"]) == (400, True)
        assert '<div class="note note--bad" lang="en"><p><b>Not sent. To be mended: 1.</b>' in answer.text
    said = re.search(r'<p class="fault" id="rank-fault" lang="en">([^<]+)</p>', whole.text)
    assert said is not None
    assert said[1].isascii(), said[1]
    assert '<html lang="zh-CN">' in whole.text
    assert "没有提交：有 1 处要改。" in (await boss.send(MEMBERS, fields)).text


async def test_a_form_sent_twice_does_one_thing_and_another_under_its_key_none(site: Site, database: Database) -> None:
    boss, _, account = await boss_and_clerk(site)
    key = key_of((await boss.get(MEMBERS)).text)
    fields = {"account": account, "rank": "staff", "_key": key}
    once, twice = await boss.send(MEMBERS, fields), await boss.send(MEMBERS, fields)
    assert (once.status_code, twice.status_code) == (303, 303)
    assert once.headers["location"] == twice.headers["location"], "the same receipt"
    assert await members_of(database) == 2
    other = await boss.send(MEMBERS, {**fields, "rank": "administrator"})
    assert (other.status_code, key_of(other.text) != key) == (422, True)
    foreign = await boss.send(MEMBERS, {**fields, "_key": "proposal/1"})
    assert (foreign.status_code, "此人已是本单位成员" in foreign.text) == (422, True), (
        "a key of another shape counts as none"
    )


async def test_one_of_several_forms_comes_again_with_its_own_faults_open(site: Site) -> None:
    boss, _, account = await boss_and_clerk(site)
    await boss.send(MEMBERS, {"account": account, "rank": "staff"})
    role = re.findall(r'action="/account/members/([^"/]+)/end"', (await boss.get(MEMBERS)).text)[1]
    again = (await boss.send(f"{MEMBERS}/{role}/end", {"reason": " "})).text
    assert f'<a href="#end-{role}-reason">理由（留在记录中）</a>：请填写理由' in again
    assert again.count("<details open>") == 1
    assert again.count('role="alert"') == 1
    assert (await boss.send(f"{MEMBERS}/..%2f1/end", {"reason": "示例"})).status_code == 404
    last = re.findall(r'action="/account/members/([^"/]+)/end"', again)[0]
    refused = await boss.send(f"{MEMBERS}/{last}/end", {"reason": "离职（示例）"})
    assert "这是最后一名管理员" in refused.text
    assert 'value="离职（示例）"' in refused.text


async def test_a_form_with_files_is_read_whole_and_its_token_is_asked_for(site: Site) -> None:
    boss, _, account = await boss_and_clerk(site)
    await boss.get(MEMBERS)
    cookie = {"cookie": f"__Host-session={boss.secret}"}
    fields = {"_csrf": boss.token, "account": account, "rank": "staff"}
    files = {"paper": ("a.pdf", b"%PDF-1.4")}
    sent = await site.client.post(MEMBERS, data=fields, files=files, headers={**boss.headers, **cookie})
    assert sent.status_code == 303
    bare = await site.client.post(
        MEMBERS, data={**fields, "_csrf": "0" * 128}, files=files, headers={**boss.headers, **cookie}
    )
    assert bare.status_code == 403


async def test_nothing_of_a_session_reaches_a_handler_without_a_form_of_our_own(site: Site) -> None:
    boss, _, account = await boss_and_clerk(site)
    role = re.findall(r'action="/account/members/([^"/]+)/end"', (await boss.get(MEMBERS)).text)[0]
    for path in (MEMBERS, f"{MEMBERS}/{role}/end", f"{MEMBERS}/nobody-of-this-shape/end"):
        for headers, fields in (({"sec-fetch-site": "cross-site"}, {}), ({}, {"_csrf": "0" * 128})):
            refused = await boss.send(path, {"account": account, **fields}, **headers)
            assert refused.status_code == 403, path
            assert "cross_site" in refused.text or "form_token" in refused.text
            await boss.get(MEMBERS)


async def test_what_stops_a_form_before_it_is_read_is_a_part_for_a_script_and_a_page_for_people(site: Site) -> None:
    boss, _, account = await boss_and_clerk(site)
    fields = {"account": account, "_csrf": "0" * 128}
    part = await boss.send(MEMBERS, fields, **{"hx-request": "true"})
    assert (part.status_code, part.headers["hx-reswap"], "HX-Request" in part.headers["vary"]) == (
        403,
        "afterbegin",
        True,
    )
    assert part.text.startswith('<div class="note note--bad mb" role="alert"')
    assert "表单已过期，请刷新页面后重新提交" in part.text
    page = await boss.send(MEMBERS, fields)
    assert (page.status_code, page.text.startswith("<!doctype html>")) == (403, True)
    assert "表单已过期，请刷新页面后重新提交" in page.text
    boss.secret = "over"
    over = await boss.send(MEMBERS, fields, **{"hx-request": "true"})
    assert (over.status_code, '<a href="/sign-in">去登录</a>' in over.text) == (401, True)


async def test_a_script_whose_session_is_over_is_told_so_and_sent_nowhere(site: Site) -> None:
    headers = {"origin": HOME, "sec-fetch-site": "same-origin", "hx-request": "true"}
    for path in ("/workbench/agency/acts/file", "/workbench/post", f"/workbench/restrict/{code(1)}", MEMBERS):
        answer = await site.client.post(path, data={"reason": "x"}, headers=headers)
        assert (answer.status_code, "<html" in answer.text, "去登录</a>" in answer.text) == (401, False, True), path
    plain = await site.client.post("/workbench/agency/acts/file", data={}, headers={**headers, "hx-request": ""})
    assert plain.headers["location"] == "/sign-in?onward=%2Fworkbench%2Fagency%2Facts%2Ffile"
    offering = await site.client.post("/rooms/S1/offers", data={}, headers={**headers, "hx-request": ""})
    assert offering.headers["location"] == "/sign-in?onward=%2Frooms%2FS1", "a form's own address is no page to come to"
    asked = await site.client.get("/workbench/jobs/J000000-00000000/progress", headers=headers)
    assert (asked.status_code, "<html" in asked.text) == (401, False)


async def test_a_script_of_whoever_has_no_role_or_no_filing_yet_is_told_so_with_the_way_to_it(site: Site) -> None:
    reader, script = await joined(site.client, "no-role"), {"hx-request": "true"}
    acts = {
        "/workbench/post": ("role_needed", '<a href="/account#roles">去选择身份</a>'),
        "/workbench/agency/acts/add": ("filing_needed", '<a href="/join">去入驻</a>'),
    }
    for path, (code_of, way) in acts.items():
        answer = await reader.send(path, {"reason": "x"}, **script)
        assert (answer.status_code, "<html" in answer.text, "location" in answer.headers) == (403, False, False), path
        assert f"<code>{code_of}</code>" in answer.text
        assert way in answer.text
        plain = await reader.send(path, {"reason": "x"})
        assert (plain.status_code, "onward=" in plain.headers["location"]) == (303, True), path
