"""Signing in over the API: sessions that fix nothing, rights that bite at once, proofs, tokens, two people."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from io import BytesIO

import pytest
from litestar import Litestar

from marketplace.database import Database
from marketplace.identity.proofs import STEP_S, _totp
from marketplace.migrate import all_tables
from marketplace.sessions.limits import SIGN_IN_PAIR
from marketplace.web.signed_in import COOKIE, client_address
from tests.usecases.market import OWNER, code
from tests.web_api.browser import HOME, LONG, Browser, member, officer, person
from tests.web_api.caller import Api, filing, problem


async def test_an_agency_is_filed_by_a_person_who_signed_in_and_claimed_it(api: Api) -> None:
    browser = await member(api.client, "zhang.san", "agency", code(1))
    filed = await browser.post("/agencies", filing(1))
    assert filed.status_code == 201, filed.text
    assert problem(await browser.post("/agencies", filing(2)), 403)["code"] == "not_yours"
    whole = (await browser.get("/account")).json()
    assert (whole["login"], whole["name"], whole["recovery_codes_left"]) == ("zhang.san", "张三（示例）", 10)
    assert [(one["role"], one["organisation"], one["is_verified"]) for one in whole["roles"]] == [
        ("agency", code(1), False)
    ]


async def test_unknown_login_wrong_password_and_closed_account_answer_alike(api: Api, database: Database) -> None:
    await person(api.client, "li.si")
    stranger = Browser(api.client)
    answers = [await stranger.sign_in("nobody"), await stranger.sign_in("li.si", "wrong password 1")]
    await database_close(database, "li.si")
    answers.append(await stranger.sign_in("li.si"))
    told = {(problem(one, 401)["code"], one.json()["detail"]) for one in answers}
    assert len(told) == 1
    assert next(iter(told))[0] == "sign_in_failed"


async def database_close(database: Database, login: str) -> None:
    async with database.transaction() as connection:
        await connection.execute("UPDATE account SET is_disabled = true, epoch = epoch + 1 WHERE login = $1", login)


async def test_weak_passwords_are_refused_with_every_reason(api: Api) -> None:
    body = {"login": "wang.wu", "password": "wang.wu", "name": "王五（示例）"}
    refused = problem(await api.post("/accounts", body), 422)
    assert {one["code"] for one in refused["reasons"]} == {"password_length", "password_holds_login"}
    assert all(one["words"] and one["words_en"] for one in refused["reasons"])
    common = problem(await api.post("/accounts", {**body, "password": "1234567890"}), 422)
    assert [one["code"] for one in common["reasons"]] == ["password_common"]


async def test_a_session_identifier_given_before_signing_in_is_worth_nothing(api: Api) -> None:
    await person(api.client, "victim")
    planted = "x" * 43
    browser = Browser(api.client, secret=planted)
    signed = await browser.post("/session", {"login": "victim", "password": LONG}, cookie=f"{COOKIE}={planted}")
    assert browser.secret not in {None, planted}
    assert signed.headers["set-cookie"].endswith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax")
    assert problem(await Browser(api.client, secret=planted).get("/session"), 401)["code"] == "session_needed"


async def test_after_signing_out_the_cookie_is_refused(api: Api) -> None:
    browser = await person(api.client, "zhao.liu")
    kept = Browser(api.client, browser.secret, browser.form)
    assert (await kept.get("/session")).status_code == 200
    await browser.post("/session/end")
    assert problem(await kept.get("/session"), 401)
    assert problem(await kept.post("/organisations", {"role": "owner", "organisation": OWNER}), 401)["code"] == (
        "session_over"
    )


async def test_acting_as_something_else_ends_the_session_before(api: Api) -> None:
    browser = await person(api.client, "sun.qi")
    before = Browser(api.client, browser.secret, browser.form)
    claimed = await browser.post("/organisations", {"role": "owner", "organisation": OWNER})
    await browser.post("/session/role", {"role": claimed.json()["role_id"]})
    assert problem(await before.get("/session"), 401)
    assert (await browser.get("/session")).json()["acting"] == OWNER


async def test_a_role_that_is_ended_ends_what_is_signed_in_with_it(api: Api) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    clerk = await person(api.client, "clerk")
    admitted = await boss.post(f"/organisations/{code(1)}/members", {"role": "agency", "account": clerk.account})
    assert admitted.status_code == 201, admitted.text
    await clerk.post("/session/role", {"role": admitted.json()["role_id"]})
    assert (await clerk.post("/agencies", filing(1))).status_code == 201
    body = {"role": "agency", "reason": "离职（示例）"}
    ended = await boss.post(f"/organisations/{code(1)}/members/{admitted.json()['role_id']}/end", body)
    assert ended.status_code == 201, ended.text
    assert problem(await clerk.post(f"/agencies/{code(1)}/items", {"item": "SV22"}), 401)["code"] == "session_over"


async def test_staff_do_what_staff_do_and_the_last_administrator_stays(api: Api) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    clerk = await person(api.client, "clerk")
    admitted = await boss.post(f"/organisations/{code(1)}/members", {"role": "agency", "account": clerk.account})
    await clerk.post("/session/role", {"role": admitted.json()["role_id"]})
    await clerk.post("/agencies", filing(1))
    leaving = await clerk.post(f"/agencies/{code(1)}/withdrawal", {"reason": "示例"})
    assert problem(leaving, 403)["code"] == "administrator_only"
    mine = (await boss.get(f"/organisations/{code(1)}/members?role=agency")).json()["members"]
    own = next(one["role"]["role_id"] for one in mine if one["login"] == "boss")
    stays = await boss.post(f"/organisations/{code(1)}/members/{own}/end", {"role": "agency", "reason": "示例"})
    assert problem(stays, 409)["code"] == "last_administrator"


async def test_who_comes_second_is_admitted_by_the_first(api: Api) -> None:
    await member(api.client, "boss", "agency", code(1))
    late = await person(api.client, "late")
    claimed = await late.post("/organisations", {"role": "agency", "organisation": code(1)})
    assert problem(claimed, 409)["code"] == "organisation_claimed"


@pytest.mark.parametrize(
    ("headers", "code_of"),
    [
        ({"origin": "https://evil.example"}, "cross_site"),
        ({"sec-fetch-site": "cross-site"}, "cross_site"),
        ({"sec-fetch-site": "same-site"}, "cross_site"),
        ({"origin": "null"}, "cross_site"),
        ({"x-csrf-token": "0" * 64}, "form_token"),
        ({"x-csrf-token": ""}, "form_token"),
    ],
)
async def test_a_request_that_did_not_come_from_our_page_changes_nothing(api: Api, headers, code_of) -> None:
    browser = await person(api.client, "target")
    refused = await browser.post("/organisations", {"role": "owner", "organisation": OWNER}, **headers)
    assert problem(refused, 403)["code"] == code_of
    assert (await browser.get("/account")).json()["roles"] == []


async def test_a_request_that_says_nothing_of_its_page_changes_nothing(api: Api) -> None:
    browser = await person(api.client, "target")
    browser.headers = {}
    refused = await browser.post("/organisations", {"role": "owner", "organisation": OWNER})
    assert problem(refused, 403)["code"] == "origin_missing"
    known = await browser.post("/organisations", {"role": "owner", "organisation": OWNER}, referer=f"{HOME}/account")
    assert known.status_code == 201


async def test_another_site_cannot_sign_somebody_in(api: Api) -> None:
    await person(api.client, "target")
    body = {"login": "target", "password": LONG}
    refused = await Browser(api.client).post("/session", body, origin="https://evil.example")
    assert problem(refused, 403)["code"] == "cross_site"


async def test_acts_that_bind_ask_for_a_fresh_proof(api: Api, database: Database) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET fresh_until = clock_timestamp() - interval '1 second'")
    clerk = await person(api.client, "clerk")
    body = {"role": "agency", "account": clerk.account}
    stale = await boss.post(f"/organisations/{code(1)}/members", body)
    assert problem(stale, 403)["code"] == "step_up_needed"
    assert problem(await boss.post("/session/proof", {"password": "wrong password"}), 401)["code"] == "proof_failed"
    assert (await boss.post("/session/proof", {"password": LONG})).status_code == 201
    assert (await boss.post(f"/organisations/{code(1)}/members", body)).status_code == 201


async def test_a_second_factor_is_asked_for_once_it_is_set_and_each_code_counts_once(api: Api) -> None:
    browser = await person(api.client, "two.steps")
    begun = (await browser.post("/account/second-factor", {"step": "begin"})).json()
    assert begun["uri"].startswith("otpauth://totp/")
    key = bytes.fromhex(_hex_of(begun["key"]))
    now = _code(key)  # asked once: a code of half a minute later would be another one
    confirmed = await browser.post("/account/second-factor", {"step": "confirm", "code": now})
    assert confirmed.status_code == 201, confirmed.text
    codes = confirmed.json()["recovery_codes"]
    assert problem(await browser.get("/session"), 401), "what was signed in before is over"
    assert problem(await browser.sign_in("two.steps"), 401)["code"] == "second_factor_needed"
    used = await browser.sign_in("two.steps", code=now)
    assert problem(used, 401)["code"] == "second_factor_wrong", "the code that confirmed it was used"
    following = _code(key, ahead=1)
    ahead = await browser.sign_in("two.steps", code=following)
    assert ahead.status_code == 201, ahead.text
    again = await Browser(api.client).sign_in("two.steps", code=following)
    assert problem(again, 401)["code"] == "second_factor_wrong"
    assert (await Browser(api.client).sign_in("two.steps", code=codes[0].lower())).status_code == 201
    spent = await Browser(api.client).sign_in("two.steps", code=codes[0])
    assert problem(spent, 401)["code"] == "second_factor_wrong"


def _hex_of(text: str) -> str:
    from base64 import b32decode  # noqa: PLC0415 - of this look alone

    plain = text.replace(" ", "")
    return b32decode(plain + "=" * (-len(plain) % 8)).hex()


def _code(key: bytes, *, ahead: int = 0) -> str:
    now = int(datetime.now(UTC).timestamp()) // STEP_S
    return _totp(key).generate((now + ahead) * STEP_S).decode()


async def test_an_account_is_recovered_by_a_code_and_everything_else_is_over(api: Api) -> None:
    browser = Browser(api.client)
    opened = await browser.post("/accounts", {"login": "lost", "password": LONG, "name": "示例"})
    await browser.sign_in("lost")
    body = {"login": "lost", "code": opened.json()["recovery_codes"][0], "password": "another long one 2"}
    weak = await Browser(api.client).post("/accounts/recovery", {**body, "password": "short"})
    assert problem(weak, 422)
    wrong = await Browser(api.client).post("/accounts/recovery", {**body, "code": "AAAA-BBBB-CC"})
    assert problem(wrong, 401)["code"] == "recovery_failed"
    assert (await Browser(api.client).post("/accounts/recovery", body)).status_code == 201
    assert problem(await browser.get("/session"), 401)
    assert problem(await Browser(api.client).post("/accounts/recovery", body), 401)
    assert (await Browser(api.client).sign_in("lost", "another long one 2")).status_code == 201


async def test_tries_are_counted_and_forwarding_headers_win_none(api: Api) -> None:
    await person(api.client, "guessed")
    stranger = Browser(api.client)
    statuses = []
    for number in range(SIGN_IN_PAIR.most + 5):
        body = {"login": "guessed", "password": f"guess number {number}"}
        answered = await stranger.post("/session", body, **{"x-forwarded-for": f"198.51.100.{number}"})
        statuses.append(answered.status_code)
    assert statuses.count(401) == SIGN_IN_PAIR.most
    assert set(statuses[SIGN_IN_PAIR.most :]) == {429}
    last = await stranger.sign_in("guessed")
    assert problem(last, 429)["code"] == "too_many_tries"
    assert int(last.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("192.0.2.7", "", (), "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", (), "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", ("127.0.0.1",), "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", ("127.0.0.1",), "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.0.5", ("127.0.0.1", "10.1.0.0/16"), "198.51.100.1"),
        ("127.0.0.1", "spoofed", ("127.0.0.1",), "127.0.0.1"),
        ("2001:db8::1", "", (), "2001:db8::/64"),
        ("2001:db8::ffff", "", (), "2001:db8::/64"),
        ("", "", (), ""),
    ],
)
def test_who_connected_is_read_from_proxies_that_are_trusted_alone(peer, forwarded, trusted, address) -> None:
    assert client_address(peer, forwarded, trusted) == address


async def test_auditors_read_the_access_log_and_that_is_written_down_too(api: Api, database: Database) -> None:
    await member(api.client, "boss", "agency", code(1))
    auditor = await officer(database, api.client, "auditor", None)
    await auditor.get("/access-log")
    lines = (await auditor.get("/access-log?limit=200")).json()["lines"]
    what = [(one["what"], one["outcome"]) for one in lines]
    assert ("readAccessLog", "done") in what
    assert ("sign-in", "done") in what
    assert ("claimOrganisation", "done") in what
    boss = Browser(api.client)
    await boss.sign_in("boss")
    assert problem(await boss.get("/access-log"), 403)["code"] == "role_not_allowed"


async def test_the_access_log_is_found_by_hand_act_and_period_a_page_at_a_time(api: Api, database: Database) -> None:
    """Ten lines of the command line among others; a page holds what it was asked for and goes on where it ended."""
    auditor = await officer(database, api.client, "auditor", None)
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO access_entry (at, person, actor, what, about, outcome) "
            "SELECT '2026-10-01T00:00:00Z'::timestamptz + n * interval '1 hour', "
            "CASE WHEN n % 3 = 0 THEN '' ELSE 'P-' || n END, "
            "CASE n % 3 WHEN 0 THEN 'system:cli' WHEN 1 THEN 'system:clip' ELSE 'operator:O-9/P-' || n END, "
            "CASE WHEN n % 2 = 0 THEN 'back-up' ELSE 'end-office' END, n::text, 'done' FROM generate_series(0, 29) AS n"
        )

    async def told(query: str) -> list[str]:
        found, before = [], ""
        while True:
            page = (await auditor.get(f"/access-log?limit=4&{query}{before}")).json()
            found += [one["about"] for one in page["lines"]]
            if page["before"] is None:
                return found
            before = f"&before={page['before']}"

    every = range(29, -1, -1)
    assert await told("actor=system:cli") == [str(n) for n in every if n % 3 == 0]
    assert await told("role=system") == [str(n) for n in every if n % 3 != 2]
    assert await told("actor=operator:O-9") == [str(n) for n in every if n % 3 == 2]
    assert await told("act=back-up") == [str(n) for n in every if n % 2 == 0]
    assert await told("act=back-up&actor=system:cli") == [str(n) for n in every if n % 6 == 0]
    assert await told("role=operator&actor=system:cli") == []
    period = "since=2026-10-01T03:00:00Z&until=2026-10-01T06:00:00Z"
    assert await told(period) == ["5", "4", "3"]
    assert await told(f"{period}&role=system&act=end-office&person=") == ["3"]
    for wrong in ("since=yesterday", "actor=system", "role=king", "until=2026-10-01", "until=0001-01-01T00:00:00Z"):
        assert problem(await auditor.get(f"/access-log?{wrong}"), 400)
    read = (await auditor.get("/access-log?act=readAccessLog&limit=9")).json()["lines"]
    assert "role=operator actor=system:cli" in {one["about"] for one in read}


async def test_no_secret_reaches_the_log_the_access_log_or_kept_answers(
    app: Litestar, api: Api, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert app
    caplog.set_level(logging.DEBUG)
    sentinel = "SENTINEL-secret-4711"
    browser = Browser(api.client)
    opened = await browser.post("/accounts", {"login": "secretive", "password": sentinel, "name": sentinel + "-name"})
    await browser.sign_in("secretive", sentinel)
    await browser.sign_in("secretive", sentinel + "!")
    await browser.post("/account/password", {"current": sentinel, "password": sentinel + "-new"})
    secrets = [sentinel, browser.secret or "", opened.json()["recovery_codes"][0]]
    async with database.read() as connection:
        kept = {}
        for table in all_tables():
            written = BytesIO()
            await connection.copy_from_table(table._meta.tablename, output=written)
            kept[table._meta.tablename] = written.getvalue().decode(errors="replace")
    assert "secretive" in kept["account"]
    for secret in secrets:
        assert secret not in caplog.text
        assert not [name for name, text in kept.items() if secret in text]
