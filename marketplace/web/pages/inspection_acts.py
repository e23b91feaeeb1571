"""Acts of an inspection, one row each; lists are typed one a line. Source: credit.md section 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commons.canonical import Json
from commons.regions import REGIONS
from credit.rulebook import rulebook
from marketplace.usecases.announce_inspection import AnnounceInspection, announce_inspection
from marketplace.usecases.draw_inspection import DrawInspection, draw_inspection
from marketplace.usecases.plan_inspections import PlanInspections, plan_inspections
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.usecases.record_finding import RecordFinding, record_finding
from marketplace.usecases.void_inspection import VoidInspection
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct, Doing
from marketplace.web.pages.regulating import chosen, logged, with_second
from marketplace.web.plans import Field, Plan
from marketplace.web.views.forms import Choice

_REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)
_LONG = 12_000
BREACHES = chosen({one.code: one.words for one in rulebook(RULEBOOK).rules.values() if one.rule_class != "merit"})


def region_choices(region: str) -> tuple[Choice, ...]:
    """The region and all that lies in it."""
    return tuple(
        Choice(one.code, REGIONS.full_name(one.code)) for one in REGIONS.rows if REGIONS.contains(region, one.code)
    )


def lines(sent: Sent, name: str) -> list[str]:
    """What was typed one a line."""
    return [one.strip() for one in sent.get(name).splitlines() if one.strip()]


def departments(sent: Sent) -> dict[str, Json]:
    """A department a line."""
    return {"departments": list[Json](lines(sent, "departments"))}


def call(sent: Sent) -> dict[str, Json]:
    """An inspector a line (pseudonym, department, codes of related agencies), a department's commitment a line."""
    inspectors: list[Json] = []
    for one in lines(sent, "inspectors"):
        identifier, _, rest = one.partition(" ")
        department, *related = rest.split() or [""]
        inspectors.append({"id": identifier, "department": department, "related": list[Json](related)})
    return {"inspectors": inspectors, "commitments": _pairs(sent, "commitments", "nonce_sha256")}


def parts(sent: Sent) -> dict[str, Json]:
    """A department's part a line."""
    return {"parts": _pairs(sent, "parts", "nonce")}


def _pairs(sent: Sent, name: str, value: str) -> list[Json]:
    found: list[Json] = []
    for one in lines(sent, name):
        department, _, given = one.rpartition(" ")
        found.append({"department": department.strip(), value: given.lower()})
    return found


async def _plan(doing: Doing, command: PlanInspections) -> Any:
    return await logged(doing, "planInspections", await plan_inspections(doing.database, doing.caller, command))


async def _announce(doing: Doing, command: AnnounceInspection) -> Any:
    done = await announce_inspection(doing.database, doing.caller, command, profile=doing.profile)
    return await logged(doing, "announceInspection", done)


async def _draw(doing: Doing, command: DrawInspection) -> Any:
    return await logged(doing, "drawInspection", await draw_inspection(doing.database, doing.caller, command))


async def _find(doing: Doing, command: RecordFinding) -> Any:
    return await logged(doing, "recordFinding", await record_finding(doing.database, doing.caller, command))


PLAN_ACT = AgencyAct(
    "plan", "年度抽查计划", "公布计划", Plan((
        Field("year", "年度", "whole"),
        Field("region", "地区", "select", hint="含所辖"),
        Field("departments", "联合检查的部门", "prose", hint="一行一个，一次到位", limit=1_000),
        Field("targets", "全年抽查", "whole", unit="家"),
        Field("basis", "依据", "prose", hint="会公开", limit=500),
    )),
    PlanInspections, _plan, "inspections_planned", ("计划公布后，抽查从计划中逐次公布、抽取。",), departments,
    receipt="plan", is_checked=True,
)  # fmt: skip
ANNOUNCE = AgencyAct(
    "announce", "公布抽查名录", "公布名录", Plan((
        Field("targets", "抽查", "whole", unit="家"),
        Field("each", "每家每部门派出", "whole", unit="人", is_needed=False),
        Field("inspectors", "检查人员", "prose", limit=_LONG,
              hint="一行一人：代号 部门 须回避的机构（信用代码，可多个），用空格分开；不填姓名"),
        Field("commitments", "各部门的承诺值", "prose", limit=2_000,
              hint="一行一个：部门 SHA-256；各部门自留随机数，抽取时公开，事先谁也不知道结果"),
    )),
    AnnounceInspection, _announce, "inspection_announced",
    ("被抽对象是本地区在册机构，按信用等级计票：A 级 1 票、B 级 2 票、C 级 3 票、D 级 4 票；有关联的检查人员先回避。",),
    call, receipt="inspection", is_checked=True,
)  # fmt: skip
INSPECTION_ACTS: Mapping[str, AgencyAct[Any]] = {
    "draw": AgencyAct(
        "draw", "双随机抽取", "抽取", Plan((
            Field("parts", "各部门公开的随机数", "prose", hint="一行一个：部门 随机数（64 位十六进制）", limit=2_000),
        )),
        DrawInspection, _draw, "inspection_drawn", ("只抽一次；输入和结果同时公布，任何人可以重算。",), parts,
        is_checked=True,
    ),
    "void": AgencyAct(
        "void", "作废抽查公布", "提交审批", Plan((_REASON,)), VoidInspection,
        lambda doing, command: with_second(doing, "voidInspection", command), "act_proposed",
        ("由第二名监管人员审批；作废后另行公布，须换新的随机数。",), receipt="proposal", is_checked=True, is_grave=True,
    ),
    "finding": AgencyAct(
        "finding", "公布检查结果", "公布结果", Plan(
            (
                Field("broken", "发现的问题", "select", hint="没有发现问题的不选", options=BREACHES, is_needed=False),
                Field("basis", "依据", "prose", hint="会公开", limit=500),
                Field("evidence_sha256", "检查报告的 SHA-256", hint="64 位十六进制", limit=64, is_needed=False),
            ),
            places={"unknown_rule": "broken"},
        ),
        RecordFinding, _find, "finding_recorded", ("结果即时公布，并按规则记入该机构的信用。",), is_checked=True,
    ),
}  # fmt: skip
"""About one inspection, by the name in the address."""
