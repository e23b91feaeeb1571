"""Journeys with regulators: an award that is objected to, an agency that is restricted and comes back."""

from __future__ import annotations

from tests.journeys.people import Agency, House, Site, done, refused, seen, tasks, wait_until
from tests.journeys.selecting import Opened, award_stands, clocks, compete, confirm, proposed, publish, sign_up
from tests.web_api.browser import Browser, person
from tests.web_api.caller import problem

LOW, HIGH = 9_000_000, 10_000_000
REPAIR = {"correction": "已整改（示例）", "is_corrected": True, "commitment_signed": True}


async def objected_and_complained(site: Site) -> None:
    """An objection is upheld by owner and regulator together, the next takes it; a complaint is decided."""
    async with site.house(2) as house:
        owner, regulator, agencies = await house.owner(), await house.regulator(), await house.agencies()
        citizen = await person(house.client, "citizen-2")
        await site.gate.wait()
        opened = await publish(house, owner)
        await compete(opened, agencies, (LOW, LOW, HIGH))  # a draw decides between the first two
        drawn = await proposed(house, opened)
        first = next(one for one in agencies[:2] if one.uscc == drawn)
        second = next(one for one in agencies[:2] if one.uscc != drawn)
        await _uphold(house, opened, citizen, owner, regulator)
        assert await proposed(house, opened) == second.uscc
        credit = (await house.read(f"/agencies/{first.uscc}"))["credit"]
        assert credit["lines"] == [], "whoever is set aside gave nothing up"
        await _complain(opened, agencies[2], owner, regulator)
        await confirm(opened, second)
        assert (await award_stands(house, opened))["contract"]["agency"]["uscc"] == second.uscc
        told = (await house.read(f"/demands/{opened.demand}"))["life"]["objections"]
        assert [(one["finding"], one["remedy"], one["is_open"]) for one in told] == [
            ("upheld", "next", False), ("dismissed", None, False),
        ]  # fmt: skip
        assert told[1]["complaint"]["finding"] == "dismissed"
        assert [one["against"] for one in told] == [first.uscc, second.uscc]


async def _uphold(house: House, opened: Opened, citizen: Browser, owner: Browser, regulator: Browser) -> None:
    """Anybody objects; what a draw gave is undone by two."""
    path, subject = f"/selections/{opened.selection}", f"demand/{opened.demand}"
    await done(citizen, f"{path}/objections", {"grounds": "项目负责人正在其他项目任职（示例）"})
    assert await house.stage(opened.demand) == "objected"
    assert await tasks(owner, subject) == {"answer_award_objection": False}
    answer = {"objection": 1, "finding": "upheld", "answer": "情况属实（示例）", "remedy": "next"}
    waits = await done(owner, f"{path}/objection-answers", answer, status=202)
    assert await house.stage(opened.demand) == "objected", "one alone upholds nothing here"
    proposal = f"proposal/{waits['proposal']}"
    assert await tasks(regulator, proposal) == {"approve_proposal": False}
    own = await owner.post(f"/proposals/{waits['proposal']}/approval")
    assert problem(own, 403)["code"] == "own_proposal"
    await done(regulator, f"/proposals/{waits['proposal']}/approval")


async def _complain(opened: Opened, loser: Agency, owner: Browser, regulator: Browser) -> None:
    """Who lost objects, is dismissed, complains, and is heard by a regulator."""
    path, subject = f"/selections/{opened.selection}", f"demand/{opened.demand}"
    await done(loser.browser, f"{path}/objections", {"grounds": "业绩存疑（示例）"})
    dismissal = {"objection": 2, "finding": "dismissed", "answer": "已核实（示例）"}
    await done(owner, f"{path}/objection-answers", dismissal)
    await done(loser.browser, f"{path}/complaints", {"objection": 2, "grounds": "答复未附证明（示例）"})
    assert await tasks(regulator, subject) == {"accept_complaint": False}
    accepting = {"objection": 2, "is_accepted": True, "reason": "属于受理范围（示例）"}
    await done(regulator, f"{path}/complaint-acceptances", accepting)
    decision = {"objection": 2, "finding": "dismissed", "reason": "证明齐全（示例）"}
    assert (await owner.post(f"{path}/complaint-decisions", decision)).status_code == 403
    await done(regulator, f"{path}/complaint-decisions", decision)


async def restricted_and_repaired(site: Site) -> None:
    """Two regulators restrict an agency: signed out, refused, heard, repaired after its time, admitted again."""
    async with site.house(7) as house:
        owner, agency = await house.owner(), await house.agency(1)
        regulators = [await house.regulator(which) for which in ("one", "two")]
        await site.gate.wait()
        opened = await publish(house, owner, **clocks(25, 26))
        file = f"/agencies/{agency.uscc}"
        fact = await _restrict(file, agency, regulators)
        assert await refused(agency.browser, f"/selections/{opened.selection}/sign-ups",
                             {"agency": agency.uscc, "commitment_signed": True}) == ["restricted"]  # fmt: skip
        about = f"{file}/credit-facts/{fact}"
        objected = await done(agency.browser, f"{about}/objections", {"reason": "已按期到场，附签收单（示例）"})
        (line,) = (await house.read(file))["credit"]["lines"]
        assert (line["is_disputed"], line["points"]) == (True, -1_000)
        kept = {"answer": "kept", "reason": "经核实，放弃属实（示例）"}
        await done(regulators[0], f"{about}/objection-answers", kept)
        await wait_until(objected["answer_limit_at"])  # four seconds: longer than the least that is public
        await done(agency.browser, f"{about}/repair-applications", REPAIR)
        granted = [await done(one, f"{about}/repair-approvals", {"reason": "整改属实（示例）"}) for one in regulators]
        assert [one["is_granted"] for one in granted] == [False, True]
        assert len(granted[1]["restrictions_lifted"]) == 1
        await sign_up(opened.selection, agency)
        document = await house.read(file)
        assert [one["is_in_force"] for one in document["restrictions"]] in ([], [False])
        assert document["credit"]["lines"] == []


async def _restrict(file: str, agency: Agency, regulators: list[Browser]) -> str:
    """A fact and the restriction that it causes, by two; the agency is out and has to sign in anew."""
    one, two = regulators
    abandoned = {"code": "award_abandoned", "basis": "放弃中选，经核实（示例）"}
    fact: str = (await done(one, f"{file}/credit-facts", abandoned))["fact"]
    early = await refused(agency.browser, f"{file}/credit-facts/{fact}/repair-applications", REPAIR)
    assert early == ["repair_too_early"]
    body = {"basis": "放弃中选，经核实（示例）", "region": "330302", "fact": fact}
    waits = await done(one, f"{file}/restrictions", body, status=202)
    assert (await seen(agency.browser, "/session"))["acting"] == agency.uscc, "proposed is not done"
    approval = f"/proposals/{waits['proposal']}/approval"
    assert problem(await one.post(approval), 403)["code"] == "own_proposal"
    assert len((await done(two, approval))["approvers"]) == 2
    assert problem(await agency.browser.get("/session"), 401)["code"] == "session_needed"
    login = f"agency-{int(agency.uscc[10:17])}"
    agency.browser.secret = agency.browser.form = None
    assert (await agency.browser.sign_in(login)).json()["acting"] == agency.uscc
    return fact
