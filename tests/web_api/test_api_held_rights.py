"""Ways round the rights that a review found, each closed: proposals, tokens, accounts, organisations, tries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from commons.events import Actor
from commons.instants import parse_instant
from commons.verdicts import Reason, Refused
from credit.restrictions import RESTRICTION_RULE as RULE
from marketplace.database import Database
from marketplace.identity.rights import RIGHTS
from marketplace.sessions.limits import IDLE, SESSION_LASTS
from marketplace.usecases import restrict_agency
from marketplace.usecases.act import Caller
from marketplace.usecases.offices import AppointOfficer, DisableAccount, appoint_officer, disable_account
from marketplace.web.api.routing import TWO_PERSONS
from marketplace.web.signed_in import client_address
from tests.faults.matrix import act_of
from tests.usecases.market import Market, code
from tests.web_api.browser import LONG, OPERATOR, Browser, appointed, member, officer, person
from tests.web_api.caller import Api, filing, problem

RESTRICTION = {"basis": "示例", "region": "330302"}


async def test_what_is_being_approved_is_not_withdrawn_meanwhile(api: Api, market: Market, database: Database) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    second = await officer(database, api.client, "second", "330302")
    proposal = (await first.post(f"/agencies/{code(1)}/restrictions", RESTRICTION)).json()["proposal"]
    async with database.transaction() as connection:  # the approval waits for the agency's row
        await connection.execute("SELECT 1 FROM agency_status WHERE agency = $1 FOR UPDATE", code(1))
        approving = asyncio.ensure_future(second.post(f"/proposals/{proposal}/approval"))
        await asyncio.sleep(0.4)
        withdrawing = asyncio.ensure_future(first.post(f"/proposals/{proposal}/rejection", {"reason": "示例"}))
        await asyncio.sleep(0.4)
    done, withdrawn = await asyncio.gather(approving, withdrawing)
    assert done.status_code == 201, done.text
    assert problem(withdrawn, 409)["code"] == "proposal_over"


async def test_a_closed_accounts_proposal_falls(api: Api, market: Market, database: Database) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    second = await officer(database, api.client, "second", "330302")
    proposal = (await first.post(f"/agencies/{code(1)}/restrictions", RESTRICTION)).json()["proposal"]
    await disable_account(database, OPERATOR, DisableAccount(login="first", what="close", reason="示例"))
    assert problem(await second.post(f"/proposals/{proposal}/approval"), 409)["code"] == "proposer_gone"


async def test_a_refusal_is_not_the_last_word_on_a_proposal(
    api: Api, market: Market, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    second = await officer(database, api.client, "second", "330302")
    proposal = (await first.post(f"/agencies/{code(1)}/restrictions", RESTRICTION)).json()["proposal"]
    with monkeypatch.context() as once:
        once.setattr(restrict_agency, "judge_restriction", lambda **_: Refused((Reason("fact_is_over", RULE),)))
        assert problem(await second.post(f"/proposals/{proposal}/approval"), 422)
    assert (await second.post(f"/proposals/{proposal}/approval")).status_code == 201


async def test_nobody_uses_the_keys_of_proposals(api: Api) -> None:
    key = "proposal/Z261123-AAAAAAAA/1"
    answered = await api.post("/agencies", filing(1), actor=f"agency:{code(1)}", key=key)
    assert [one["code"] for one in problem(answered, 400)["errors"]] == ["idempotency_key_reserved"]


async def test_two_accounts_of_one_contact_are_no_two_people(api: Api, market: Market, database: Database) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302", contact="13800000001")
    second = await officer(database, api.client, "second", "330302", contact="138 0000 0001".replace(" ", ""))
    proposal = (await first.post(f"/agencies/{code(1)}/restrictions", RESTRICTION)).json()["proposal"]
    assert problem(await second.post(f"/proposals/{proposal}/approval"), 403)["code"] == "own_proposal"


@pytest.mark.parametrize("act", ["set_second_factor", "change_password", "admit_member", "make_token"])
async def test_no_token_is_made_for_what_changes_who_may_do_what(api: Api, act: str) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    refused = await boss.post("/account/tokens", {"name": "示例", "scopes": [act], "days": 3})
    assert problem(refused, 400)["errors"][0]["code"] == "unknown_act"


async def test_an_operator_gives_himself_no_office_and_is_no_regulator(api: Api, database: Database) -> None:
    await person(api.client, "operator")
    given = await appointed(database, "operator", "operator")
    browser = Browser(api.client)
    assert (await browser.sign_in("operator")).json()["acting"] == given.acting
    body = {"login": "operator", "office": "regulator", "region": "330300", "reason": "示例"}
    assert problem(await browser.post("/officers", body), 409)["code"] == "own_office"
    other = Caller(Actor("operator", "O-2"))
    with pytest.raises(Exception, match="holds none of an authority"):
        await appoint_officer(database, other, AppointOfficer(**body))


async def test_the_first_password_of_an_account_takes_a_fresh_proof(api: Api, database: Database) -> None:
    browser = await person(api.client, "provider-made")
    async with database.transaction() as connection:
        await connection.execute("UPDATE account SET password = NULL")
        await connection.execute("UPDATE session SET fresh_until = NULL")
    refused = await browser.post("/account/password", {"password": LONG + " 2"})
    assert problem(refused, 403)["code"] == "step_up_needed"


async def test_another_role_makes_a_session_no_longer(api: Api, database: Database) -> None:
    browser = await person(api.client, "sun.qi")
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET ends_at = clock_timestamp() + interval '10 minutes'")
        until = await connection.fetchval("SELECT max(ends_at) FROM session")
    chosen = await browser.post("/session/role", {"role": None})
    assert chosen.json()["ends_at"][:19] == until.isoformat()[:19]


async def test_a_session_says_when_it_is_over_used_and_unused(api: Api, database: Database) -> None:
    browser = await person(api.client, "sun.qi")
    opened = (await browser.sign_in("sun.qi")).json()
    told = (await browser.get("/session")).json()
    ends, idle = (parse_instant(told[name]) for name in ("ends_at", "idle_ends_at"))
    assert (told["ends_at"], told["idle_ends_at"]) == (opened["ends_at"], opened["idle_ends_at"])
    assert ends - idle == SESSION_LASTS - IDLE
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET seen_at = seen_at - interval '1 minute'")
    unused = (await browser.get("/session")).json()
    assert idle - parse_instant(unused["idle_ends_at"]) == timedelta(minutes=1), "what the look itself is judged by"
    async with database.transaction() as connection:
        await connection.execute("UPDATE session SET seen_at = seen_at - interval '1 hour'")
        await connection.execute("UPDATE session SET ends_at = clock_timestamp() + interval '10 minutes'")
    used = (await browser.get("/session")).json()
    assert used["idle_ends_at"] == used["ends_at"] < told["idle_ends_at"]


async def test_wrong_passwords_from_elsewhere_lock_nobody_out(api: Api, database: Database) -> None:
    await person(api.client, "victim")
    stranger = Browser(api.client)
    for number in range(11):
        await stranger.sign_in("victim", f"guess number {number}")
    async with database.transaction() as connection:  # those tries came from another address
        await connection.execute(
            "UPDATE rate_window SET bucket = replace(bucket, '127.0.0.1', '198.51.100.1') WHERE bucket LIKE '%address%'"
        )
    assert (await Browser(api.client).sign_in("victim")).status_code == 201


async def test_an_organisation_that_was_claimed_before_is_nobodys_to_take(api: Api) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    role = (await boss.get("/session")).json()["role"]["role_id"]
    assert (await boss.post(f"/account/roles/{role}/end")).status_code == 201
    rival = await person(api.client, "rival")
    claimed = await rival.post("/organisations", {"role": "agency", "organisation": code(1)})
    assert problem(claimed, 409)["code"] == "organisation_claimed"


async def test_the_last_administrator_stays_one(api: Api) -> None:
    boss = await member(api.client, "boss", "agency", code(1))
    body = {"role": "agency", "account": boss.account, "rank": "staff"}
    assert problem(await boss.post(f"/organisations/{code(1)}/members", body), 409)["code"] == "last_administrator"


@pytest.mark.parametrize(("peer", "address"), [("::ffff:192.0.2.7", "192.0.2.7"), ("::ffff:127.0.0.1", "198.51.100.1")])
def test_an_address_of_version_4_in_the_form_of_6_is_one_of_4(peer: str, address: str) -> None:
    assert client_address(peer, "198.51.100.1", ("127.0.0.1",)) == address


def test_what_the_table_calls_an_act_of_two_is_one_over_the_api_and_nothing_else_is() -> None:
    told = {row.act for row in RIGHTS.values() if row.two_persons}
    assert {act_of(operation) for operation in TWO_PERSONS} == told
