"""Journeys of owners and agencies: from filing to the archive, and what goes otherwise on the way."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from commons.instants import beijing_date, format_instant
from tests.journeys.people import (
    Agency,
    House,
    Site,
    attach,
    done,
    file_of,
    refused,
    seen,
    tasks,
    wait_until,
)
from tests.journeys.selecting import (
    DAYS,
    Opened,
    award_stands,
    clocks,
    compete,
    confirm,
    offer,
    proposed,
    publish,
    shelve,
    sign_up,
    take_from_shelf,
)
from tests.unit.file_samples import pdf
from tests.usecases.market import instant_terms, nonce
from tests.web_api.browser import Browser

LOW, MIDDLE, HIGH = 9_000_000, 9_500_000, 10_000_000
UNSIGNED = {("owner", "upload_contract"), ("agency", "upload_contract")}


async def from_filing_to_archive(site: Site) -> None:
    """An owner buys, three agencies compete, one delivers and is paid; the archive can be checked by anybody."""
    async with site.house(1) as house:
        owner, regulator, agencies = await house.owner(), await house.regulator(), await house.agencies()
        winner, other, _ = agencies
        await site.gate.wait()
        opened = await publish(house, owner)
        fairness = opened.posted["fairness"]
        assert (fairness["must_change"], fairness["covered_by"]) == ([], [])
        assert fairness["qualified"] >= len(agencies)
        await _enquire(house, owner, other, opened)
        await compete(opened, agencies, (LOW, MIDDLE, HIGH))
        assert await house.stage(opened.demand) == "publicity"
        assert await proposed(house, opened) == winner.uscc
        assert (await confirm(opened, winner))["is_final"] is False
        contract = await award_stands(house, opened)
        assert contract["contract"]["agency"]["uscc"] == winner.uscc
        for notice in (f"/demands/{opened.demand}/notice.pdf", f"/awards/{opened.demand}/notice.pdf"):
            assert (await file_of(Browser(house.client), notice)).startswith(b"%PDF")
        path = f"/contracts/{opened.selection}"
        await _sign(owner, winner, path)
        await _perform(owner, winner, path)
        await _settle_accounts(owner, winner, regulator, path)
        assert (await done(owner, f"{path}/archive"))["state"] == "archived"
        told = await house.read(path)
        assert (told["accepted_at_first"], told["passed_first"], told["paid_fen"]) == (False, True, LOW)
        assert (told["rating"]["value"], told["contract"]["is_deemed"]) == (480, False)
        assert list(told["credit_facts"]) == ["result_rejected"]
        await _check_archive(site, owner, winner, other, path)


async def _enquire(house: House, owner: Browser, one: Agency, opened: Opened) -> None:
    path = f"/demands/{opened.demand}"
    await done(one.browser, f"{path}/enquiries", {"agency": one.uscc, "question": "成果是否需要电子签章（示例）"})
    assert "answer_enquiry" in await tasks(owner, f"demand/{opened.demand}")
    await done(owner, f"{path}/enquiry-answers", {"enquiry": 1, "answer": "需要（示例）"})
    assert "answer_enquiry" not in await tasks(owner, f"demand/{opened.demand}")
    document = await house.read(path)
    (told,) = document["life"]["enquiries"]
    assert (told["question"], told["answer"]) == ("成果是否需要电子签章（示例）", "需要（示例）")
    assert one.uscc not in str(document["life"])


async def _sign(owner: Browser, winner: Agency, path: str) -> None:
    """The owner uploads the signed contract, the agency confirms it."""
    paper = await attach(owner, "合同.pdf", pdf())
    today = beijing_date(datetime.now(UTC)).isoformat()
    body = {"amount_fen": LOW, "days": DAYS, "signed_on": today, "same_terms": True}
    body["attachments"] = [paper["attachment"]]
    dearer = await refused(owner, f"{path}/uploads", {**body, "amount_fen": LOW + 1})
    assert dearer == ["contract_price_departs"]
    assert (await done(owner, f"{path}/uploads", body))["number"] == 1
    assert await file_of(winner.browser, f"/api/v1/attachments/{paper['attachment']}") == pdf()
    assert (await done(winner.browser, f"{path}/contract-confirmation", {"number": 1}))["state"] == "contracted"


async def _perform(owner: Browser, winner: Agency, path: str) -> None:
    """Milestone, visit, a result that is returned once and then accepted."""
    agency, at = winner.browser, datetime.now(UTC)
    planned = beijing_date(at).isoformat()
    await done(owner, f"{path}/milestones", {"milestones": [{"name": "外业完成（示例）", "planned_on": planned}]})
    visit = {"meets_at": format_instant(at + timedelta(seconds=60)), "place": "现场（示例）", "contact": "张三（示例）"}
    await done(agency, f"{path}/visits", visit)
    await done(owner, f"{path}/visit-notes", {"number": 1, "note": "已踏勘（示例）"})
    await done(agency, f"{path}/milestone-notes", {"number": 1})
    first = await attach(agency, "成果.pdf", pdf(pages=2))
    body = {"note": "成果（示例）", "attachments": [first["attachment"]]}
    assert (await done(agency, f"{path}/results", body))["state"] == "delivered"
    back = await done(owner, f"{path}/returns", {"revision": 1, "reasons": "图幅缺失（示例）"})
    assert back["state"] == "contracted"
    second = await attach(agency, "成果（修订）.pdf", pdf(pages=3))
    await done(agency, f"{path}/results", {"note": "已补图幅（示例）", "attachments": [second["attachment"]]})
    assert await refused(owner, f"{path}/acceptance", {"revision": 1}) == ["other_revision"]
    assert (await done(owner, f"{path}/acceptance", {"revision": 2}))["state"] == "accepted"


async def _settle_accounts(owner: Browser, winner: Agency, regulator: Browser, path: str) -> None:
    """Review by the authority, invoice, payment, rating and its answer."""
    today = beijing_date(datetime.now(UTC)).isoformat()
    await done(regulator, f"{path}/review", {"passed_first": True, "authority": "审批部门（示例）"})
    await done(winner.browser, f"{path}/invoices", {"amount_fen": LOW, "on": today, "number": "示例-0001"})
    await done(owner, f"{path}/payments", {"amount_fen": LOW, "on": today, "channel": "转账（示例）"})
    scores = {**dict.fromkeys(("quality", "time", "attitude", "charge"), 5), "compliance": 4}
    assert (await done(owner, f"{path}/rating", {**scores, "words": "按时完成（示例）"}))["state"] == "rated"
    await done(winner.browser, f"{path}/rating-answer", {"words": "谢谢（示例）"})


async def _check_archive(site: Site, owner: Browser, winner: Agency, other: Agency, path: str) -> None:
    """The package is the same for both sides, for nobody else, and the command finds it whole and the award right."""
    package = await file_of(owner, f"/api/v1{path}/archive")
    assert await file_of(winner.browser, f"/api/v1{path}/archive") == package
    assert (await other.browser.get(f"{path}/archive")).status_code == 403
    file = site.folder / "archive.zip"
    await asyncio.to_thread(file.write_bytes, package)
    check = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "marketplace", "check-archive", str(file), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await check.communicate()
    assert check.returncode == 0, said.decode()


async def abandoned_by_act_and_by_silence(site: Site) -> None:
    """The first gives the award up, the second says nothing, the third takes it; both find it in their credit."""
    async with site.house(3) as house:
        owner, agencies = await house.owner(), await house.agencies()
        first, second, third = agencies
        await site.gate.wait()
        opened = await publish(house, owner)
        await compete(opened, agencies, (LOW, MIDDLE, HIGH))
        given_up = {"agency": first.uscc, "reason": "项目组人员另有安排（示例）"}
        act = await done(first.browser, f"/selections/{opened.selection}/abandonments", given_up)
        assert act["proposed"] == second.uscc
        assert await refused(first.browser, f"/selections/{opened.selection}/award-confirmations",
                             {"agency": first.uscc}) != []  # fmt: skip
        await wait_until((await house.read(f"/awards/{opened.demand}"))["demand"]["publicity_until"])
        assert await house.stage(opened.demand) == "confirming"
        assert await tasks(second.browser, f"demand/{opened.demand}") == {"confirm_award": False}
        (duty,) = (await house.read(f"/demands/{opened.demand}"))["life"]["duties"]
        await wait_until(duty["due_at"])
        assert await proposed(house, opened) == third.uscc
        await confirm(opened, third)
        assert (await award_stands(house, opened))["contract"]["agency"]["uscc"] == third.uscc
        for one, lines in ((first, ["award_abandoned"]), (second, ["award_abandoned"]), (third, [])):
            credit = (await house.read(f"/agencies/{one.uscc}"))["credit"]
            assert [line["code"] for line in credit["lines"]] == lines, one.uscc
        assert credit["value"] == credit["start"]


async def too_few_twice_then_another_mode(site: Site) -> None:
    """One bidder, then one again, then from the shelf: each publication with its reason."""
    async with site.house(4) as house:
        owner, (one, two) = await house.owner(), await house.agencies(2)
        await shelve(one, "SV24")
        await site.gate.wait()
        opened = await publish(house, owner, item="SV24")
        await compete(opened, [one], [LOW])
        again = f"/demands/{opened.demand}/publications"
        assert await house.stage(opened.demand) == "unsuccessful"
        early = {**instant_terms(), "ceiling_fen": 20_000_000, "quantity": 1}
        body = {"reason": "报价不足三家（示例）", "nonce": nonce("owner", 4, "again")}
        assert "mode_change_too_early" in await refused(owner, again, {**body, "terms": early})
        second = clocks()
        published = await done(owner, again, {**body, **second})
        assert published["publication"] == 2
        for each, price in ((one, LOW), (two, MIDDLE)):
            await sign_up(published["selection"], each)
            await offer(published["selection"], each, price)
        await wait_until(second["closes_at"])
        assert await house.stage(opened.demand) == "unsuccessful"
        third = {"reason": "两次不足三家，改为立等可取（示例）", "nonce": nonce("owner", 4, "third")}
        assert "mode_must_change" in await refused(owner, again, {**third, **clocks()})
        changed = await done(owner, again, {**third, "terms": early})
        assert changed["publication"] == 3
        taken = await done(owner, f"/demands/{opened.demand}/award", {"expected": one.uscc})
        assert (taken["winner"], taken["selection"]) == (one.uscc, changed["selection"])
        document = await house.read(f"/demands/{opened.demand}")
        assert (document["mode"], document["publication"]) == ("instant", 3)
        result = await house.read(f"/awards/{opened.demand}")
        for happened in (document["happened"], result["happened"]):
            (why,) = (one["params"] for one in happened if one["what"] == "demand_republished")
            assert why == {"publication": 3, "reason": third["reason"]}


async def overdue_contracts(site: Site) -> None:
    """Nobody signs: both are late, nobody is blamed. One uploads and the other is silent: that is in its credit."""
    async with site.house(6) as house:
        owner, one = await house.owner(), await house.agency(1)
        await shelve(one, "SV23")
        await site.gate.wait()
        unsigned = await take_from_shelf(house, owner, "SV23")
        silent = await take_from_shelf(house, owner, "SV23")
        first = (await award_stands(house, unsigned))["contract"]
        assert {(duty["who"], duty["what"]) for duty in first["duties"]} == UNSIGNED
        contract = (await award_stands(house, silent))["contract"]
        body = {"amount_fen": contract["awarded_fen"], "days": contract["days"], "same_terms": True}
        body["signed_on"] = beijing_date(datetime.now(UTC)).isoformat()
        uploaded = await done(owner, f"/contracts/{silent.selection}/uploads", body)
        assert list(await tasks(one.browser, f"contract/{silent.selection}")) == ["confirm_contract"]
        await wait_until(first["sign_until"])
        contract = (await house.read(f"/contracts/{unsigned.selection}"))["contract"]
        assert {(late["who"], late["what"]) for late in contract["overdue"]} == UNSIGNED
        for side in (owner, one.browser):
            assert await tasks(side, f"contract/{unsigned.selection}") == {"upload_contract": True}
        await wait_until(uploaded["until"])
        listed = await house.read(f"/contracts?ended=true&owner={house.owner_code}")
        assert {each["id"] for each in listed["contracts"]} == {unsigned.selection, silent.selection}
        assert await tasks(one.browser, f"contract/{silent.selection}") == {"confirm_contract": True}
        late = await done(one.browser, f"/contracts/{silent.selection}/contract-confirmation", {"number": 1})
        assert late["state"] == "contracted"
        credit = (await seen(one.browser, f"/agencies/{one.uscc}"))["credit"]
        assert [line["code"] for line in credit["lines"]] == ["contract_late"]
