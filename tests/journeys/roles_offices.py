"""Journeys of whoever holds an office: coverage by a regulator, the operator and the auditor, the platform delegate."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from commons.instants import beijing_date
from tests.journeys.people import House, Site, done, refused, seen, tasks
from tests.journeys.selecting import clocks, publish, wanted
from tests.web_api.browser import LONG, Browser, person
from tests.web_api.caller import problem

COVERED, ZONE = "RA02", "瓯海经济开发区（示例）"
ELSEWHERE = "330100"
"""Where the operator's version holds: no other journey buys there."""


async def covered_demands(site: Site) -> None:
    """A regional assessment stands for one demand, which is given up; another goes on, with its reason."""
    async with site.house(5) as house:
        owner, regulator = await house.owner(), await house.regulator()
        await site.gate.wait()
        today = beijing_date(datetime.now(UTC))
        first, last = today - timedelta(days=30), today + timedelta(days=700)
        coverage = await done(regulator, "/coverages", {
            "region": "330304", "zone": ZONE, "items": [COVERED], "result": "可行（示例）",
            "access_standard": "开挖不超过 6 米（示例）", "negative_list": ["爆破作业"],
            "document": "区域评估报告（示例）", "text_seen": "no", "is_example": True,
            "valid_from": first.isoformat(), "valid_to": last.isoformat(),
        })  # fmt: skip
        drafts = [
            await done(owner, "/demands", wanted(house, item=COVERED, zone=ZONE, title=title, **clocks(600, 700)))
            for title in ("压覆矿产评估（示例）", "地下室压覆矿产评估（示例）")
        ]
        for draft in drafts:
            (told,) = draft["fairness"]["covered_by"]
            assert (told["coverage"], told["negative_list"]) == (coverage["coverage"], ["爆破作业"])
            assert await refused(owner, f"/demands/{draft['demand']}/publication") == ["already_covered"]
        given_up, goes_on = (draft["demand"] for draft in drafts)
        used = await done(owner, f"/demands/{given_up}/coverage-use")
        assert used["covered_by"][0]["coverage"] == coverage["coverage"]
        assert problem(await owner.post(f"/demands/{given_up}/publication"), 409)["status"] == 409
        assert (await house.read("/coverage-savings"))["demands"] == 1
        reason = {"despite_coverage": "地下室超出准入深度（示例）"}
        await done(owner, f"/demands/{goes_on}/publication", reason)
        (told,) = (await house.read(f"/demands/{goes_on}"))["happened"]
        assert (told["what"], told["params"]) == ("demand_published", {"reason": "地下室超出准入深度（示例）"})


async def operator_and_auditor(site: Site) -> None:
    """The first operator is made on the machine; what it does, refused or done, the auditor finds in the log."""
    async with site.house(8) as house:
        operator = await _operator(site, house)
        auditor = await person(house.client, "auditor-8")
        clerk = await person(house.client, "clerk-8")
        second = await person(house.client, "operator-8-two")
        await house.appoint(second, "operator-8-two", "operator")
        await site.gate.wait()
        given = await _appoint(operator, auditor, "auditor-8", {"office": "auditor"})
        assert problem(await operator.post("/officers", {**given, "login": "auditor-8"}), 409)["code"] == "office_held"
        await _version(house, operator)
        body = {"login": "clerk-8", "office": "regulator", "region": ELSEWHERE, "reason": "任命（示例）"}
        proposed = await done(operator, "/officers", body, status=202)
        assert (
            problem(await operator.post(f"/proposals/{proposed['proposal']}/approval"), 403)["code"] == "own_proposal"
        )
        agreed = await done(second, f"/proposals/{proposed['proposal']}/approval")
        await done(clerk, "/session/role", {"role": agreed["result"]["role_id"]})
        listed = (await seen(operator, "/officers"))["officers"]
        office = next(one for one in listed if one.get("region") == ELSEWHERE)
        assert problem(await clerk.get("/access-log"), 403)["code"] == "role_not_allowed"
        await done(operator, f"/officers/{office['role_id']}/end", {"reason": "轮岗（示例）"})
        assert problem(await clerk.get("/session"), 401)["code"] == "session_needed"
        assert (await clerk.sign_in("clerk-8")).status_code == 201, "the person stays, the office does not"
        closing = {"login": "clerk-8", "what": "close", "reason": "调离（示例）"}
        assert (await done(operator, "/accounts/closing", closing))["is_disabled"]
        assert problem(await clerk.get("/session"), 401)["code"] == "session_needed"
        assert (await clerk.sign_in("clerk-8")).status_code == 401
        assert (await operator.post("/demands", wanted(house))).status_code == 403, "no say in the market"
        await _audit(operator, auditor)


async def _operator(site: Site, house: House) -> Browser:
    """The first operator, by the command line as the manual says."""
    secret = site.folder / "operator-password"
    await asyncio.to_thread(secret.write_text, f"{LONG}\n", "utf-8")
    environment = {**os.environ, "DATABASE_URL": site.database.dsn, "DATA_DIR": str(site.folder)}
    command = ("accounts", "open", "operator-8", "--name", "运营甲（示例）", "--office", "operator")
    opened = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "marketplace", *command, "--password-file", str(secret),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await opened.communicate()
    assert opened.returncode == 0, said.decode()
    browser = Browser(house.client)
    signed = await browser.sign_in("operator-8")
    assert signed.status_code == 201, signed.text
    assert signed.json()["acting_role"] == "operator"
    return browser


async def _appoint(operator: Browser, officer: Browser, login: str, office: dict[str, str]) -> dict[str, Any]:
    """Give an office to a person, who acts as such from then on."""
    body = {"login": login, "reason": "任命（示例）", **office}
    given = await done(operator, "/officers", body)
    await done(officer, "/session/role", {"role": given["role_id"]})
    return body


async def _version(house: House, operator: Browser) -> None:
    """An item is abolished in one city; elsewhere it stays."""
    today = beijing_date(datetime.now(UTC)).isoformat()
    item = {"code": "SV26", "name": "土地评估", "valid_to": today, "document": "清理决定（示例）", "text_seen": "no"}
    body = {"region": ELSEWHERE, "reason": "清理事项（示例）", "source": "清理决定（示例）", "text_seen": "no"}
    version = await done(operator, "/catalogue/versions", {**body, "abolished": [item]})
    assert version["changed"] == ["SV26"]
    for region, expected in ((ELSEWHERE, True), ("330300", False)):
        abolished = (await house.read(f"/catalogue?region={region}"))["abolished"]
        assert ("SV26" in {one["code"] for one in abolished}) is expected


async def _audit(operator: Browser, auditor: Browser) -> None:
    """Every act of the operator stands in the log, with the person behind it."""
    account = (await seen(operator, "/session"))["account"]
    lines = (await seen(auditor, f"/access-log?person={account}&limit=200"))["lines"]
    acts = {(one["what"], one["outcome"]) for one in lines}
    assert {
        ("publishCatalogueVersion", "done"), ("appointOfficer", "done"), ("endOfficer", "done"),
        ("disableAccount", "done"), ("sign-in", "done"),
    } <= acts  # fmt: skip
    assert {one["person"] for one in lines} == {account}
    assert ("system:cli", "appoint-officer") in await _whole_log(auditor)
    own = (await seen(auditor, "/session"))["account"]
    read = (await seen(auditor, f"/access-log?person={own}&limit=5"))["lines"]
    assert "readAccessLog" in {one["what"] for one in read}, "reading the log is written down"
    assert problem(await auditor.post("/officers", {"login": "clerk-8", "office": "operator", "reason": "x"}), 403)


async def _whole_log(auditor: Browser) -> set[tuple[str, str]]:
    """Who did what, page by page."""
    found: set[tuple[str, str]] = set()
    page = await seen(auditor, "/access-log?limit=200")
    while page["lines"]:
        found |= {(one["actor"], one["what"]) for one in page["lines"]}
        page = await seen(auditor, f"/access-log?limit=200&before={page['lines'][-1]['place']}")
    return found


async def delegate_with_mandate(site: Site) -> None:
    """A platform delegate posts and runs a demand for an owner, is shown as such, and stops with its mandate."""
    async with site.house(9) as house:
        owner, delegate = await house.owner(), await person(house.client, "delegate-9")
        asker = await house.agency(1)
        await site.gate.wait()
        given = await house.appoint(delegate, "delegate-9", "delegate")
        assert problem(await delegate.post("/demands", wanted(house)), 403)["code"] == "no_mandate"
        mandates = f"/owners/{house.owner_code}/mandates"
        await done(owner, mandates, {"delegate": given.acting, "days": 30})
        assert [one["delegate"] for one in (await house.read(mandates))["mandates"]] == [given.acting]
        opened = await publish(house, delegate, **clocks(600, 700))
        path = f"/selections/{opened.selection}"
        await done(delegate, f"{path}/suspensions", {"reason": "核对范围（示例）"})
        document = await house.read(f"/demands/{opened.demand}")
        assert document["suspension"]["by"] == "delegate"
        await done(delegate, f"{path}/resumptions", {"reason": "范围已核对（示例）"})
        happened = (await house.read(f"/demands/{opened.demand}"))["happened"]
        assert {(one["what"], one["params"].get("by")) for one in happened} >= {
            ("suspended", "delegate"), ("resumed", "delegate"),
        }  # fmt: skip
        question = {"agency": asker.uscc, "question": "成果几份（示例）"}
        await done(asker.browser, f"/demands/{opened.demand}/enquiries", question)
        assert "answer_enquiry" in await tasks(delegate, f"demand/{opened.demand}")
        await done(owner, f"{mandates}/{given.acting}/end")
        assert (await house.read(mandates))["mandates"] == []
        assert await tasks(delegate, f"demand/{opened.demand}") == {}
        answer = {"enquiry": 1, "answer": "答（示例）"}
        over = await delegate.post(f"/demands/{opened.demand}/enquiry-answers", answer)
        assert problem(over, 403)["code"] == "no_mandate"
        await done(owner, f"/demands/{opened.demand}/enquiry-answers", answer)
