"""Offices that approve are given by two people; whom one alone put into office are no two people; lines hold twice."""

from __future__ import annotations

import pytest

from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.offices import AppointOfficer, appoint_officer
from marketplace.usecases.proposals import ProposeAct, propose_act
from tests.usecases.market import Market, code, owner, sealed_terms
from tests.web_api.browser import OPERATOR, Browser, appointed, member, officer, person
from tests.web_api.caller import Api, problem

RESTRICTION = {"basis": "示例", "region": "330302"}
REGULATOR = {"login": "mate", "office": "regulator", "region": "330300", "reason": "示例"}
MACHINE = Caller(Actor("system", "cli"))


async def operator(database: Database, api: Api, login: str, **more: str) -> Browser:
    browser = await person(api.client, login, **more)
    given = await appointed(database, login, "operator")
    await browser.post("/session/role", {"role": given.role_id})
    return browser


async def alone(database: Database, login: str) -> None:
    """As it could be before: an office that one operator gave by himself."""
    async with database.transaction() as connection:
        await connection.execute("ALTER TABLE account_role DISABLE TRIGGER account_role_is_kept")
        await connection.execute(
            "UPDATE account_role SET approved_by = NULL WHERE account = (SELECT id FROM account WHERE login = $1)",
            login,
        )
        await connection.execute("ALTER TABLE account_role ENABLE TRIGGER account_role_is_kept")


async def proposed(browser: Browser, body: dict[str, object] | None = None) -> str:
    answered = await browser.post(f"/agencies/{code(1)}/restrictions", body or RESTRICTION)
    assert answered.status_code == 202, answered.text
    waits: str = answered.json()["proposal"]
    return waits


async def test_no_operator_alone_makes_a_regulator_nor_another_operator(api: Api, database: Database) -> None:
    one = await operator(database, api, "one")
    other = await operator(database, api, "other")
    regulator = await officer(database, api.client, "regulator")
    mate = await person(api.client, "mate")
    waits = (await one.post("/officers", REGULATOR)).json()["proposal"]
    assert problem(await one.post(f"/proposals/{waits}/approval"), 403)["code"] == "own_proposal"
    assert problem(await regulator.post(f"/proposals/{waits}/approval"), 404)["code"] == "not_found"
    seen = [
        [each["subject"] for each in (await who.get("/proposals")).json()["proposals"]] for who in (other, regulator)
    ]
    assert seen == [["login/mate"], []]
    done = await other.post(f"/proposals/{waits}/approval")
    assert done.status_code == 201, done.text
    assert (await mate.post("/session/role", {"role": done.json()["result"]["role_id"]})).status_code == 201
    async with database.read() as connection:
        row = await connection.fetchrow(
            "SELECT granted_by, approved_by FROM account_role WHERE id = $1", done.json()["result"]["role_id"]
        )
    assert [row["granted_by"].split("/")[0], row["approved_by"]] == [
        f"operator:{each}" for each in done.json()["approvers"]
    ]
    again = {**REGULATOR, "login": "third", "office": "operator", "region": None}
    await person(api.client, "third")
    assert (await one.post("/officers", again)).status_code == 202


async def test_offices_that_approve_nothing_are_given_by_one(api: Api, database: Database) -> None:
    one = await operator(database, api, "one")
    await person(api.client, "mate")
    for office in ("auditor", "delegate"):
        body = {"login": "mate", "office": office, "reason": "示例"}
        assert (await one.post("/officers", body)).status_code == 201
    assert problem(await one.post("/officers", body), 409)["code"] == "office_held"


async def test_nobody_appoints_or_agrees_to_an_account_of_his_own_contact(api: Api, database: Database) -> None:
    one = await operator(database, api, "one", contact="13800000001")
    other = await operator(database, api, "other", contact="13800000002")
    await person(api.client, "mate", contact="13800000001")
    assert problem(await one.post("/officers", REGULATOR), 409)["code"] == "own_office"
    waits = (await other.post("/officers", REGULATOR)).json()["proposal"]
    assert problem(await one.post(f"/proposals/{waits}/approval"), 409)["code"] == "own_office"


async def test_regulators_whom_one_alone_appointed_are_not_two_people(
    api: Api, market: Market, database: Database
) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302")
    second = await officer(database, api.client, "second", "330302")
    waits = await proposed(first)
    await alone(database, "first")
    await alone(database, "second")
    assert problem(await second.post(f"/proposals/{waits}/approval"), 403)["code"] == "same_appointer"
    third = await officer(database, api.client, "third", "330302")
    assert (await third.post(f"/proposals/{waits}/approval")).status_code == 201


async def test_a_repair_takes_two_people_as_a_proposal_does(api: Api, market: Market, database: Database) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first", "330302", contact="13800000001")
    second = await officer(database, api.client, "second", "330302", contact="13800000001")
    third = await officer(database, api.client, "third", "330302")
    boss = await member(api.client, "boss", "agency", code(1))
    fact = (await first.post(f"/agencies/{code(1)}/credit-facts", {"code": "contract_late", "basis": "示例"})).json()
    path = f"/agencies/{code(1)}/credit-facts/{fact['fact']}"
    asked = {"correction": "示例", "is_corrected": True, "commitment_signed": True}
    applied = await boss.post(f"{path}/repair-applications", asked)
    assert applied.status_code == 201, applied.text
    grant = f"{path}/repair-approvals"
    assert (await first.post(grant, {"reason": "示例"})).status_code == 201
    assert problem(await second.post(grant, {"reason": "示例"}), 403)["code"] == "own_proposal"
    await alone(database, "first")
    await alone(database, "third")
    assert problem(await third.post(grant, {"reason": "示例"}), 403)["code"] == "same_appointer"


async def test_the_machine_makes_the_first_operators_alone_and_proposes_from_then_on(
    api: Api, database: Database
) -> None:
    people = [await person(api.client, login) for login in ("one", "two", "three", "mate")]
    command = AppointOfficer(login="mate", office="regulator", region="330300", reason="示例")
    assert isinstance(await appoint_officer(database, MACHINE, command), Refused)
    for login, browser in zip(("one", "two"), people, strict=False):
        given = await appoint_officer(database, MACHINE, AppointOfficer(login=login, office="operator", reason="示例"))
        assert not isinstance(given, Refused)
        await browser.post("/session/role", {"role": given.role_id})
    third = AppointOfficer(login="three", office="operator", reason="示例")
    assert isinstance(await appoint_officer(database, MACHINE, third), Refused)
    asked = {"login": "mate", "office": "regulator", "region": "330300", "line": None, "reason": "示例"}
    act = ProposeAct(operation="appointOfficer", act="appoint_officer", command=asked, subject="login/mate")
    waits = (await propose_act(database, MACHINE, act)).proposal
    one, two, *_ = people
    assert (await two.post(f"/proposals/{waits}/approval")).status_code == 201
    waits = (await one.post("/officers", {**REGULATOR, "login": "three", "office": "operator", "region": None})).json()
    assert (await two.post(f"/proposals/{waits['proposal']}/approval")).status_code == 201, "the first two are so"
    again = {**act.model_dump(), "command": {**asked, "region": "330302"}}
    waits = (await propose_act(database, MACHINE, ProposeAct(**again))).proposal
    assert (await one.post(f"/proposals/{waits}/rejection", {"reason": "示例"})).json()["verdict"] == "rejected"


async def test_the_second_person_acts_in_the_line_of_the_items_too(
    api: Api, market: Market, database: Database
) -> None:
    await market.file(1)
    first = await officer(database, api.client, "first")
    lines = {}
    for login, line in (("water", "水利"), ("land", "自然资源")):
        lines[login] = await person(api.client, login)
        given = await appointed(database, login, "regulator", region="330300", line=line)
        await lines[login].post("/session/role", {"role": given.role_id})
    water, land = lines["water"], lines["land"]
    waits = await proposed(first, {**RESTRICTION, "items": ["RA03"]})
    assert problem(await land.post(f"/proposals/{waits}/approval"), 403)["code"] == "outside_line"
    assert problem(await land.post(f"/proposals/{waits}/rejection", {"reason": "示例"}), 403)["code"] == "outside_line"
    seen = [[each["proposal"] for each in (await who.get("/proposals")).json()["proposals"]] for who in (land, water)]
    assert seen == [[], [waits]]
    done = await water.post(f"/proposals/{waits}/approval")
    assert done.status_code == 201, done.text
    lift = f"/agencies/{code(1)}/restrictions/{done.json()['result']['restriction']}/lift"
    waits = (await first.post(lift, {"reason": "示例"})).json()["proposal"]
    assert problem(await land.post(f"/proposals/{waits}/approval"), 403)["code"] == "outside_line"
    assert (await water.post(f"/proposals/{waits}/approval")).status_code == 201
    everything = await proposed(first)
    assert problem(await water.post(f"/proposals/{everything}/approval"), 403)["code"] == "outside_line"


@pytest.mark.parametrize(("line", "seen"), [("水利", 0), ("自然资源", 1)])
async def test_what_is_about_a_selection_is_of_the_line_of_its_items(
    api: Api, market: Market, database: Database, line: str, seen: int
) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=600, close_s=900)).selection
    asked = {"selection": selection, "reason": "示例"}
    act = ProposeAct(
        operation="cancelSelection", act="cancel_selection", command=asked, subject=f"selection/{selection}"
    )
    await propose_act(database, owner(), act)
    browser = await person(api.client, "reader")
    given = await appointed(database, "reader", "regulator", region="330300", line=line)
    await browser.post("/session/role", {"role": given.role_id})
    assert len((await browser.get("/proposals")).json()["proposals"]) == seen


async def test_an_appointment_names_somebody_else_as_approver(api: Api, database: Database) -> None:
    await person(api.client, "mate")
    command = AppointOfficer(**REGULATOR, approver="O-1")
    with pytest.raises(Exception, match="somebody else"):
        await appoint_officer(database, OPERATOR, command)
