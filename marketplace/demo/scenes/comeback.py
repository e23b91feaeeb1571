"""A restricted agency: what holds whoever comes back in its place, what leaves a namesake alone, how rights return.

Durations are those of the profile ``demo-v1``: a repair of the general class waits three seconds. The certificate's
expiry is the pure rule, asked on both sides of midnight; no job runs at midnight.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from agencies.qualifications import Qualification, Requirement, missing
from commons.codes import Uscc
from commons.instants import beijing_date, start_of_day
from commons.verdicts import Reason, Refused
from credit.clocks import credit_clocks
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirements_of
from marketplace.demo.callers import agency, granted, regulator, regulators
from marketplace.demo.stage import DEMO_PROFILE, Scene, Stage
from marketplace.seed.plans import DemandDraft
from marketplace.seed.resolving import CALENDAR
from marketplace.usecases.act import Caller
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.apply_for_repair import ApplyForRepair, apply_for_repair
from marketplace.usecases.file_agency import AgencyFiled, FileAgency, file_agency
from marketplace.usecases.grant_repair import GrantRepair, RepairApproved, grant_repair
from marketplace.usecases.read_holds import read_holds
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.sign_up import SignUp, sign_up
from marketplace.usecases.stated_relations import Person, Relations

HOME = "330800"
OLD, SUCCESSOR, NAMESAKE = (Uscc.completed(f"91990008MA00094{number:02d}").code for number in (1, 2, 3))
NAMES = {
    OLD: "衢州烂柯工程咨询有限公司（示例）",
    SUCCESSOR: "衢州柯城新序咨询有限公司（示例）",
    NAMESAKE: "衢州信安咨询有限公司（示例）",
}
BOSS, OTHER = "陈*远（示例）", "赵*宁（示例）"
IDS = {OLD: "330800197001010001", SUCCESSOR: "330800197001010002", NAMESAKE: "330800197001010003"}
BASIS = "放弃中选，经核实（示例）"
OPEN_PROFILE = "generic-v1"
"""The demand stays open after the demonstration."""
JUST_AFTER = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class Midnight:
    """A certificate looked at on both sides of the midnight that ends it; no reasons: it holds."""

    kind: str
    before: datetime
    after: datetime
    reasons_before: tuple[Reason, ...]
    reasons_after: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Comeback:
    """What was told at each step; ``holds`` are whom the successor was held as linked to, before and after repair."""

    midnight: Midnight
    barred: tuple[Reason, ...]
    successor: AgencyFiled
    namesake: AgencyFiled
    too_early: tuple[Reason, ...]
    approvals: tuple[RepairApproved, ...]
    seconds: float
    admitted: tuple[Reason, ...]
    holds: tuple[int, int]


async def comeback(stage: Stage, draft: DemandDraft) -> Comeback:
    """Restricted, held, left alone, repaired, admitted again; each step expected as it comes."""
    requirement = requirements_of([draft.item], load_catalogue())[0]
    assert requirement is not None, "the item asks for a certificate"
    scene = await stage.open(_draft(draft), pace=CALENDAR, profile=OPEN_PROFILE)
    await _file(stage, OLD, BOSS, Relations(legal_representative=_person(OLD, BOSS)))
    await _certify(stage, OLD, requirement)
    fact = await _restrict(stage)
    barred = await _sign_up(stage, scene)
    stage.expect([one.code for one in barred] == ["restricted"], "受限机构报名没有因受限被拒绝")
    successor = await _file(stage, SUCCESSOR, OTHER, Relations(predecessors=[OLD]))
    namesake = await _file(stage, NAMESAKE, BOSS, Relations(legal_representative=_person(NAMESAKE, BOSS)))
    stage.expect(len(successor.held_for_review) == 1, "承继受限机构的新机构没有进入核查")
    stage.expect(not namesake.held_for_review, "仅姓名相同的机构被误列入核查")
    held = await _held(stage)
    too_early = await _apply(stage, fact)
    stage.expect([one.code for one in too_early] == ["repair_too_early"], "未到最短期限的修复申请没有被拒绝")
    wait = credit_clocks(DEMO_PROFILE).after("general_minimum", stage.now()).at - stage.now()
    await asyncio.sleep((wait + JUST_AFTER).total_seconds())
    stage.expect(not await _apply(stage, fact), "到期后的修复申请被拒绝")
    approvals = tuple([await _approve(stage, who, fact) for who in regulators(HOME)])
    stage.expect(approvals[-1].is_granted, "两名监管人员批准后仍未修复")
    admitted = await _sign_up(stage, scene)
    stage.expect(not admitted, "修复之后报名仍被拒绝")
    return Comeback(
        midnight(requirement, stage.now()), barred, successor, namesake, too_early, approvals, wait.total_seconds(),
        admitted, (held, await _held(stage)),
    )  # fmt: skip


def midnight(requirement: Requirement, now: datetime) -> Midnight:
    """The rule of qualifications at the last microsecond of a day and at the first of the next."""
    ends = beijing_date(now) + timedelta(days=30)
    held = Qualification(requirement.kind, _grade(requirement), "示例-1", "示例", date(2020, 1, 1), ends)
    after = start_of_day(ends)
    before = after - timedelta(microseconds=1)
    told = tuple(missing([held], requirement, on=beijing_date(at)) for at in (before, after))
    return Midnight(requirement.kind, before, after, told[0], told[1])


def _grade(requirement: Requirement) -> str | None:
    return requirement.grades[0] if requirement.grades else None


def _person(uscc: str, name: str) -> Person:
    return Person(name=name, id_number=IDS[uscc])


def _draft(draft: DemandDraft) -> DemandDraft:
    return replace(
        draft, key="K01", project_code="2610-330902-04-01-880099", project_name="定海区校舍加固工程（示例）",
        title="定海区校舍加固工程可行性研究报告编制（示例）", region="330902", place="定海区",
        owner_name="定海区项目服务中心（示例）", owner_uscc=Uscc.completed("11990108MA0009401").code,
    )  # fmt: skip


async def _file(stage: Stage, uscc: str, boss: str, relations: Relations) -> AgencyFiled:
    command = FileAgency(
        uscc=uscc, name=NAMES[uscc], kind="company", region="330802", legal_representative=boss,
        commitment_signed=True, is_example=True, relations=relations,
    )  # fmt: skip
    return granted(await file_agency(stage.database, agency(uscc), command, profile=DEMO_PROFILE), "备案")


async def _certify(stage: Stage, uscc: str, requirement: Requirement) -> None:
    command = AddQualification(
        agency=uscc, kind=requirement.kind, grade=_grade(requirement), number="示例-0940", issuer="示例机关",
        valid_from=date(2024, 1, 1), valid_until=date(2029, 1, 1),
    )  # fmt: skip
    granted(await add_qualification(stage.database, agency(uscc), command), "登记资质")


async def _restrict(stage: Stage) -> str:
    """A credit fact, and the restriction that it causes."""
    command = RecordCreditFact(agency=OLD, code="award_abandoned", basis=BASIS)
    recorded = granted(await record_credit_fact(stage.database, regulator(HOME), command), "记录信用信息")
    bound = RestrictAgency(agency=OLD, basis=BASIS, region=HOME, approvers=regulators(HOME), fact=recorded.fact)
    granted(await restrict_agency(stage.database, regulator(HOME), bound, profile=DEMO_PROFILE), "限制")
    return recorded.fact


async def _sign_up(stage: Stage, scene: Scene) -> tuple[Reason, ...]:
    command = SignUp(selection=scene.selection, agency=OLD, commitment_signed=True)
    return _reasons(await sign_up(stage.database, agency(OLD), command))


async def _apply(stage: Stage, fact: str) -> tuple[Reason, ...]:
    command = ApplyForRepair(
        agency=OLD, fact=fact, correction="已整改并公开承诺（示例）", is_corrected=True, commitment_signed=True
    )
    return _reasons(await apply_for_repair(stage.database, agency(OLD), command, profile=DEMO_PROFILE))


async def _approve(stage: Stage, who: str, fact: str) -> RepairApproved:
    caller = Caller(replace(regulator(HOME).actor, id=who))
    command = GrantRepair(agency=OLD, fact=fact, reason="整改属实（示例）")
    return granted(await grant_repair(stage.database, caller, command), "准予修复")


async def _held(stage: Stage) -> int:
    """How many open holds the successor has."""
    return sum(row.hold.agency == SUCCESSOR for row in (await read_holds(stage.database)).rows)


def _reasons(answer: object) -> tuple[Reason, ...]:
    return answer.reasons if isinstance(answer, Refused) else ()
