"""Signing in and accounts by forms alone: what is refused, what is shown again, where one goes, who is shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product

import pytest

from marketplace.database import Database
from marketplace.identity.proofs import STEP_S, _totp
from marketplace.web.onward import onward_of
from tests.usecases.market import Market, code
from tests.web_api.browser import appointed
from tests.web_pages.reader import LONG, PageReader, joined
from tests.web_pages.site import Site

FORMS = (
    "/sign-out", "/account", "/account/confirm", "/account/password", "/account/second-factor", "/account/tokens",
    "/account/organisation", "/account/members", "/proposals",
)  # fmt: skip
BEFORE = ("/sign-in", "/sign-up", "/recover")


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        ("/account/tokens", "/account/tokens"),
        ("/demands?q=1&page=2", "/demands?q=1&page=2"),
        ("/awards/A1", "/awards/A1"),
        (None, "/account"),
        ("", "/account"),
        ("https://evil.example/", "/account"),
        ("//evil.example/account", "/account"),
        ("///evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("\\\\evil.example", "/account"),
        ("/\t/evil.example", "/account"),
        ("/account\\@evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("/%2f/evil.example", "/account"),
        ("/account\r\nSet-Cookie: a=b", "/account"),
        ("account", "/account"),
        ("/nowhere", "/account"),
        ("/demands//evil.example", "/account"),
        ("/sign-out", "/account"),
        ("/sign-in/with/unified", "/account"),
        ("/static/mark.svg", "/account"),
        ("/demands?" + "x" * 600, "/account"),
        ("http:///account", "/account"),
        ("/@evil.example", "/account"),
    ],
)
def test_the_way_onward_stays_on_the_site(given: str | None, goes: str) -> None:
    assert onward_of(given) == goes


async def test_a_person_signs_up_and_in_and_goes_on_and_the_head_says_who_it_is(site: Site) -> None:
    reader = PageReader(site.client)
    opened = await reader.send("/sign-up", {"login": "Zhang.San", "password": LONG, "again": LONG, "name": "张三"})
    assert len(re.findall(r"<code>[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{2}</code>", opened.text)) == 10
    assert "set-cookie" not in opened.headers
    signed = await reader.send("/sign-in", {"login": "zhang.san", "password": LONG, "onward": "/demands?q=1"})
    assert (signed.status_code, signed.headers["location"]) == (303, "/demands?q=1")
    assert "已登录 <b>zhang.san</b>，尚未选择身份" in (await reader.get("/demands")).text
    assert "已登录" not in await site.text("/demands")
    assert "已登录 <b>zhang.san</b>" in (await reader.get("/demands/D000000-NONE")).text, (
        "also where something is wrong"
    )
    away = await reader.send("/sign-in", {"login": "zhang.san", "password": LONG, "onward": "https://evil.example"})
    assert away.headers["location"] == "/account"


async def test_an_anonymous_page_asks_nothing_of_the_sessions(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def recognise(_database: object, secret: str) -> None:
        asked.append(secret)

    monkeypatch.setattr("marketplace.web.signed_in.recognise_session", recognise)
    await site.text("/demands")
    assert asked == []
    await site.client.get("/demands", headers={"cookie": "__Host-session=one"})
    assert asked == ["one"]


async def test_a_form_without_its_token_from_elsewhere_or_without_a_session_changes_nothing(
    site: Site, database: Database
) -> None:
    reader = await joined(site.client, "target")
    await reader.get("/account")
    fields = {"do": "end", "session": "all", "step": "begin", "role": "owner", "organisation": code(1)}
    stranger = PageReader(site.client)
    rows = (
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {}, "cross_site"),
        ({"sec-fetch-site": "same-site"}, {}, "cross_site"),
        ({"origin": "null"}, {}, "cross_site"),
        ({}, {"_csrf": ""}, "form_token"),
        ({}, {"_csrf": "0" * 64}, "form_token"),
    )
    for path, (headers, sent, expected) in product(FORMS, rows):
        refused = await reader.send(path, {**fields, **sent}, **headers)
        assert (refused.status_code, f"<code>{expected}</code>" in refused.text) == (403, True), (expected, path)
        await reader.get("/account")
    for path in FORMS:
        assert (await stranger.send(path, fields)).status_code == 401
    reader.headers = {}
    for path in FORMS:
        assert (await reader.send(path, fields)).status_code == 403
    async with database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM account_role") == 0
        assert await connection.fetchval("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1


async def test_another_site_sends_no_form_before_signing_in_either(site: Site) -> None:
    for path in BEFORE:
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            refused = await PageReader(site.client).send(path, {"login": "a"}, **headers)
            assert refused.status_code == 403
        silent = PageReader(site.client, headers={})
        assert (await silent.send(path, {"login": "a"})).status_code == 403
        as_json = await site.client.post(path, json={}, headers=PageReader(site.client).headers)
        assert as_json.status_code == 415


async def test_what_is_wrong_with_a_form_stands_over_it_and_at_its_field_and_secrets_are_not_shown_again(
    site: Site,
) -> None:
    await joined(site.client, "taken")
    reader = PageReader(site.client)
    fields = {"login": "张三", "password": LONG, "again": LONG, "name": "李四（示例）"}
    refused = await reader.send("/sign-up", fields)
    assert refused.status_code == 400
    assert '<a href="#login">登录名</a>：登录名为 3 至 64 个字符' in refused.text
    assert 'aria-invalid="true" aria-describedby="login-fault login-hint"' in refused.text
    assert 'value="李四（示例）"' in refused.text
    assert LONG not in refused.text
    for changes, words in (
        ({"login": "taken"}, "这个登录名已有人使用"),
        ({"login": "new", "again": "another"}, "两次填写的密码不一致"),
        ({"login": "new", "password": "short", "again": "short"}, "密码应为 10 至 128 个字符"),
    ):
        again = await reader.send("/sign-up", {**fields, **changes})
        assert (again.status_code, words in again.text) == (422, True), words
    wrong = await reader.send("/sign-in", {"login": "taken", "password": "no such password"})
    assert (wrong.status_code, "登录名或密码不正确" in wrong.text) == (422, True)


def _code(key: bytes, *, ahead: int = 0) -> str:
    return _totp(key).generate((int(datetime.now(UTC).timestamp()) // STEP_S + ahead) * STEP_S).decode()


async def test_the_second_factor_is_set_by_forms_and_asked_for_as_a_step_of_its_own(site: Site) -> None:
    from base64 import b32decode  # noqa: PLC0415 - of this look alone

    reader = await joined(site.client, "two.steps")
    begun = await reader.send("/account/second-factor", {"step": "begin"})
    assert 'src="data:image/svg+xml' in begun.text
    shown = re.search(r'id="key">([A-Z2-7 ]+)<', begun.text)
    assert shown is not None
    plain = shown[1].replace(" ", "")
    key = b32decode(plain + "=" * (-len(plain) % 8))
    wrong = await reader.send("/account/second-factor", {"step": "confirm", "code": "000000"})
    assert (wrong.status_code, "动态码不正确" in wrong.text) == (422, True)
    done = await reader.send("/account/second-factor", {"step": "confirm", "code": _code(key)})
    assert "请保存恢复码" in done.text
    assert (await reader.get("/account")).headers["location"].startswith("/sign-in?onward="), (
        "what was signed in is over"
    )
    first = await reader.send("/sign-in", {"login": "two.steps", "password": LONG, "onward": "/account/tokens"})
    ticket = re.search(r'name="ticket" value="([^"]+)"', first.text)
    assert ticket is not None
    assert (first.status_code, "set-cookie" in first.headers) == (200, False)
    step = {"ticket": ticket[1], "onward": "/account/tokens"}
    bad = await reader.send("/sign-in", {**step, "code": "000000"})
    assert (bad.status_code, "动态码不正确" in bad.text) == (422, True)
    forged = await reader.send("/sign-in", {**step, "ticket": ticket[1][:-6] + "AAAAAA", "code": _code(key, ahead=1)})
    assert "请从登录名和密码重新开始" in forged.text
    entered = await reader.send("/sign-in", {**step, "code": _code(key, ahead=1)})
    assert (entered.status_code, entered.headers["location"]) == (303, "/account/tokens")


async def test_an_organisation_is_claimed_people_admitted_roles_switched_and_all_ended_by_forms(
    site: Site, database: Database
) -> None:
    boss = await joined(site.client, "boss")
    clerk = await joined(site.client, "clerk")
    before = boss.secret
    claimed = await boss.send("/account/organisation", {"role": "agency", "organisation": f" {code(1).lower()} "})
    assert claimed.headers["location"] == "/account"
    assert boss.secret != before
    page = (await boss.get("/account")).text
    assert f"以<b>中介机构</b>身份 <code>{code(1)}</code>（管理员）" in page
    taken = await clerk.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    assert (taken.status_code, "该单位已有管理员" in taken.text) == (422, True)
    nobody = await boss.send("/account/members", {"account": "P-NOBODY", "rank": "staff"})
    assert (nobody.status_code, "没有这个代码的账号" in nobody.text) == (422, True)
    told = re.search(r"账号代码</dt><dd><code>(P[^<]+)", (await clerk.get("/account")).text)
    assert told is not None
    admitted = await boss.send("/account/members", {"account": told[1], "rank": "staff"})
    assert admitted.status_code == 303
    members = (await boss.get("/account/members")).text
    role = re.findall(r'action="/account/members/([^"/]+)/end"', members)[1]
    chosen = await clerk.send("/account", {"do": "role", "role_id": role})
    assert chosen.status_code == 303
    assert "（经办人）" in (await clerk.get("/")).text
    offered = (await boss.get("/account/tokens")).text
    assert 'value="place_offer"' in offered
    assert "报价响应 <code" in offered
    assert 'value="admit_member"' not in offered, "a token changes no rights: it is not offered either"
    token = {"do": "make", "name": "程序", "days": "30", "scopes": "place_offer"}
    made = await boss.send("/account/tokens", token)
    assert re.search(r'id="made">mkt_[\w-]{43}<', made.text)
    none = await boss.send("/account/tokens", {"do": "make", "name": "程序", "days": "30"})
    assert (none.status_code, "请至少选择一项" in none.text) == (400, True)
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET fresh_until = NULL")
    stale = await boss.send("/account/tokens", token)
    assert stale.headers["location"] == "/account/confirm?onward=%2Faccount%2Ftokens"
    proved = await boss.send("/account/confirm", {"password": LONG, "onward": "/account/tokens"})
    assert proved.headers["location"] == "/account/tokens"
    ended = await boss.send(f"/account/members/{role}/end", {"reason": "离职（示例）"})
    assert f"成员已移除，立即生效。</b>　回执 <code>{role}</code>" in (await boss.get(ended.headers["location"])).text
    assert "已登录" not in (await clerk.get("/")).text, "rights bite at once"
    left = await boss.send("/sign-out", {})
    assert (left.headers["location"], boss.secret) == ("/", "")


async def test_two_regulators_decide_on_the_page_of_proposals(site: Site, market: Market, database: Database) -> None:
    await market.file(1)
    people = []
    for login in ("first", "second"):
        reader = await joined(site.client, login)
        given = await appointed(database, login, "regulator", region="330300")
        await reader.send("/account", {"do": "role", "role_id": given.role_id})
        people.append(reader)
    first, second = people
    await first.get("/account")
    body = {"basis": "放弃中选（示例）", "region": "330302", "measures": ["offer"], "items": ["SV21"]}
    proposed = await site.client.post(
        f"/api/v1/agencies/{code(1)}/restrictions", json=body,
        headers={**first.headers, "cookie": f"__Host-session={first.secret}", "x-csrf-token": first.token},
    )  # fmt: skip
    assert proposed.status_code == 202, proposed.text
    fields = {"do": "approve", "proposal": proposed.json()["proposal"]}
    assert "自己提出的事项须由另一人复核" in (await first.send("/proposals", fields)).text
    waiting = (await second.get("/proposals")).text
    for words in ("放弃中选（示例）", "鹿城区", "<dd>报价</dd>", "同意并办理", f"/agencies/{code(1)}"):
        assert words in waiting, words
    unsaid = await second.send("/proposals", {**fields, "do": "reject"})
    assert unsaid.status_code == 400
    done = await second.send("/proposals", fields)
    assert done.headers["location"] == "/proposals?done=approved"
    assert "已复核同意" in (await second.get("/proposals?done=approved")).text
    async with database.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM restriction") == 1
    assert "这一事项已经办结" in (await second.send("/proposals", fields)).text


async def test_pages_of_an_account_lead_whoever_is_not_signed_in_to_the_form_and_back(site: Site) -> None:
    for path in FORMS[1:]:
        sent = await site.get(path)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in?onward={path.replace('/', '%2F')}")
