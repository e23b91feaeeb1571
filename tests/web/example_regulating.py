"""Example views of a regulator's pages: search, case file, restriction with its preview, queues. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from marketplace.usecases.preview_restriction import MEASURES
from marketplace.web.addresses import WORK
from marketplace.web.locale.regulating_words import QUEUES
from marketplace.web.pages.case_acts import FACT_ACTS
from marketplace.web.pages.restricting import PLAN
from marketplace.web.plans import shown_form
from marketplace.web.views.agencies import CreditLine, CreditView
from marketplace.web.views.agency_acts import ActView
from marketplace.web.views.alerts import AlertRow, AlertsView, EvidenceRow
from marketplace.web.views.forms import Choice
from marketplace.web.views.inspecting import (
    InspectionRow,
    InspectionsView,
    InspectionView,
    PlanShown,
    PlanView,
    VisitRow,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import NO_TURN, Option, Turning
from marketplace.web.views.regulating import (
    CaseBoundRow,
    CaseFactRow,
    CaseFileView,
    CityRow,
    HitRow,
    MatterRow,
    PreviewShown,
    QueueRowShown,
    QueuesView,
    RegulatorSection,
    RestrictView,
    SubjectRow,
    SubjectsView,
)
from marketplace.web.views.work import WorkView
from tests.web.example_cases import LONG_NAME, code

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
TRAIL = (("/", "首页"), ("/workbench", "工作台"), (f"{WORK}/subjects", "信用查询"))
TABS = tuple((kind, name, number) for number, (kind, name) in enumerate(QUEUES.items()))
SECTION = RegulatorSection(TABS, "温州市", "330300")
CREDIT = CreditView(
    7_000, 8_000, "generic-v1",
    (CreditLine("放弃中选", "放弃中选（示例）〔2026〕7 号", -1_000, -1_000, AT, date(2027, 11, 20), is_disputed=True),),
    "C",
)  # fmt: skip
PREVIEW = PreviewShown(
    at=AT, impossible=MEASURES, already=("shelf",), offers=2, proposed=1, shelf=1, contracts=4,
    cities=(CityRow("温州市", 1, 1, 1, 12), CityRow("台州市", 1, 0, 3, 4)), rest=9,
    hits=(
        HitRow(LONG_NAME, "D1", "温州市", "停止中选", "bad", "综合比选　由下一名依次递补；没有下一名的不成立"),
        HitRow("上架价目：防洪影响评价", "", "全省", "撤下", "bad", "单价 1,200.00 元，尚可承接 3 宗"),
    ),
    linked=("台州海门测绘有限公司（示例）（法定代表人）",), score=7_000, grade="C",
)  # fmt: skip
STAGES = (
    ("线索核查", "案卷"), ("事先告知", "2026-11-06 送达"), ("陈述申辩", "2026-11-13 24:00 期满"), ("登记", "本页"),
    ("第二人审批", "待办"),
)  # fmt: skip


def restrict(*, checked: bool = False) -> RestrictView:
    """失信限制登记: the form, or its answers once more."""
    action = f"{WORK}/restrict/{code(3)}"
    plan = PLAN.with_options(items=(Choice("RA03", "水土保持方案编制"), Choice("RA05", "防洪影响评价")))
    view = RestrictView(
        uscc=code(3), name=LONG_NAME, place="温州市瓯海区", trail=TRAIL, action=action, at=3, stages=STAGES,
        preview=PREVIEW, back=f"{WORK}/subjects/{code(3)}", notes=("没有事先告知书：按紧急情形登记。",),
        evidence=(("勘察报告原始记录比对表", f"sha256 {'c7' * 32}"), ("陈述申辩", "并非本机构提供（示例）。")),
    )  # fmt: skip
    if checked:
        rows = (("事由与处理文书号", "提供虚假材料（示例）"), ("截止", "至修复为止"))
        return replace(view, rows=rows, held=(("basis", "提供虚假材料（示例）"),), key=f"form-{'0' * 32}")
    return replace(view, form=shown_form(plan, action, f"form-{'0' * 32}", sent={"measures": MEASURES}))


def case_file(*, is_empty: bool = False) -> CaseFileView:
    """案卷."""
    way = ((f"{WORK}/subjects/{code(3)}/answer/F1", "答复异议", ()),)
    known = (("fact", "F1"),)
    fact = CaseFactRow(
        "F1", "放弃中选", "放弃中选（示例）〔2026〕7 号", AT, -1_000, date(2027, 11, 20), "异议办理中", "warn",
        "ab" * 32,
        (*way, (f"{WORK}/restrict/{code(3)}", "据此登记限制", known)),
    )  # fmt: skip
    bound = CaseBoundRow("R1", "提供虚假材料（示例）", MEASURES, (), AT, None, is_in_force=True,
                         act=f"{WORK}/subjects/{code(3)}/lift/R1")  # fmt: skip
    matter = MatterRow(LONG_NAME, "并非本机构提供（示例）。", AT, AT + timedelta(days=3), "已逾期", "bad", way)
    view = CaseFileView(
        uscc=code(3), name=LONG_NAME, place="温州市瓯海区", credit=CREDIT, facts=(fact,),
        bound=(bound, replace(bound, id="R2", ends_at=AT, is_in_force=False, act="", items=("防洪影响评价",))),
        notices=(matter,), holds=(matter,), objections=(replace(matter, until=None, acts=()),),
        linked=((code(4), "台州海门测绘有限公司（示例）：法定代表人"),), restrict=f"{WORK}/restrict/{code(3)}",
        notice=f"{WORK}/subjects/{code(3)}/notice", record=f"{WORK}/subjects/{code(3)}/record", city="330300",
    )  # fmt: skip
    if not is_empty:
        return view
    credit = CreditView(8_000, 8_000, "generic-v1", (), "")
    return replace(view, credit=credit, facts=(), bound=(), notices=(), holds=(), objections=(), linked=())


def subjects(*, is_empty: bool = False, to_restrict: bool = False) -> SubjectsView:
    """信用查询."""
    rows = tuple(
        SubjectRow(code(number), LONG_NAME, "温州市瓯海区", 8_800, "" if number == 3 else "B", number, number % 2)
        for number in range(3, 9)
    )
    return SubjectsView(
        title="失信限制登记" if to_restrict else "信用查询",
        path=f"{WORK}/restrict" if to_restrict else f"{WORK}/subjects",
        q="测绘", city="330300", restricted=to_restrict, cities=(Option("330300", "温州市"),),
        rows=() if is_empty else rows,
        turning=NO_TURN if is_empty else Turning(21, 6, 10_000, code(3), code(8), is_more=True),
        pairs=(("q", "测绘"), ("city", "330300")), to_restrict=to_restrict,
    )  # fmt: skip


def queues(*, is_empty: bool = False) -> QueuesView:
    """办理队列."""
    path, words = f"{WORK}/subjects/{code(3)}", "已更正（1 人已同意，须 2 人）"
    late = QueueRowShown("答复信用异议", LONG_NAME, f"{path}/answer/F1", "", None, AT, is_overdue=True)
    waits = QueueRowShown("审核信用修复", LONG_NAME, f"{path}/repair/F1", words, AT, None, is_overdue=False)
    return QueuesView("" if not is_empty else "hold", TABS, 21, 1, () if is_empty else (late, waits))


ROWS = (InspectionRow("J1", AT, 3, 1_240, "待抽取", "warn", 0), InspectionRow("J2", AT, 2, 1_240, "已办结", "ok", 2))
PLAN_SHOWN = PlanShown("P1", 2026, "温州市", ("市场监管", "自然资源"), 20, 15, LONG_NAME, AT, ROWS)


def inspection(*, is_drawn: bool = True) -> InspectionView:
    """双随机抽查, drawn or open."""
    visits = (
        VisitRow(code(3), LONG_NAME, (("市场监管", "I-1、I-2"), ("自然资源", "I-7")), "", ""),
        VisitRow(code(4), LONG_NAME, (("市场监管", "I-3"),), "检查通过", "现场检查（示例）"),
    )
    return InspectionView(
        id="J1", plan="P1", state="检查中", tone="accent", announced_at=AT, targets=2, each=1, candidates=1_240,
        tickets=1_873, inspectors=12, commitments=(("市场监管", "ab" * 32), ("自然资源", "cd" * 32)),
        preimage_sha256="ef" * 32, inputs=(("salt", "12" * 32),) if is_drawn else (),
        drawn_at=AT if is_drawn else None, visits=visits if is_drawn else (),
        is_repeatable=True if is_drawn else None, is_open=not is_drawn, voided="",
    )  # fmt: skip


def alerts() -> AlertsView:
    """预警线索."""
    prices = f"{LONG_NAME} 128,600.00 元；台州海门测绘有限公司（示例） 129,600.00 元"
    evidence = tuple(EvidenceRow(f"D{number}", LONG_NAME, prices, LONG_NAME) for number in range(3))
    who = ((code(3), LONG_NAME), (code(4), "台州海门测绘有限公司（示例）"))
    row = AlertRow("疑似陪标", "后一家 9 次报价都高于前一家并落选，从未胜过", who, LONG_NAME, evidence, 9)
    return AlertsView((row, replace(row, owner="", total=3)), 300, "330300", "", (Option("330300", "温州市"),), ())


def act() -> ActView:
    """A matter with its evidence beside the form."""
    one, path = FACT_ACTS["answer"], f"{WORK}/subjects/{code(3)}/answer/F1"
    return ActView(
        title=one.title, trail=TRAIL, about=LONG_NAME,
        facts=(("信用信息", "放弃中选（示例）"), ("机构的异议", LONG_NAME)),
        lead=one.lead, form=shown_form(one.plan, path, f"form-{'0' * 32}"),
        order=tuple(field.name for field in one.plan.fields), button="下一步：核对", back=f"{WORK}/subjects/{code(3)}",
        is_checked=True,
    )  # fmt: skip


def pages() -> dict[str, tuple[PageView, str]]:
    """Each with its path."""
    return {
        "regulator-work": (WorkView("监管部门", (), 0, (SECTION,)), "/workbench"),
        "subjects": (subjects(), f"{WORK}/subjects"),
        "subjects-empty": (subjects(is_empty=True), f"{WORK}/subjects"),
        "subjects-restrict": (subjects(to_restrict=True), f"{WORK}/restrict"),
        "case-file": (case_file(), f"{WORK}/subjects/{code(3)}"),
        "case-file-empty": (case_file(is_empty=True), f"{WORK}/subjects/{code(3)}"),
        "restrict": (restrict(), f"{WORK}/restrict/{code(3)}"),
        "restrict-check": (restrict(checked=True), f"{WORK}/restrict/{code(3)}"),
        "queues": (queues(), f"{WORK}/queues"),
        "queues-empty": (queues(is_empty=True), f"{WORK}/queues"),
        "inspections": (
            InspectionsView("温州市", (PLAN_SHOWN, replace(PLAN_SHOWN, inspections=()))),
            f"{WORK}/inspections",
        ),
        "inspections-empty": (InspectionsView("温州市", ()), f"{WORK}/inspections"),
        "inspection-plan": (PlanView(PLAN_SHOWN, may_announce=True), f"{WORK}/inspections/plans/P1"),
        "inspection": (inspection(), f"{WORK}/inspections/J1"),
        "inspection-open": (inspection(is_drawn=False), f"{WORK}/inspections/J1"),
        "inspection-voided": (
            replace(inspection(is_drawn=False), is_open=False, voided="名录有误（示例）"),
            f"{WORK}/inspections/J1",
        ),
        "alerts": (alerts(), f"{WORK}/alerts"),
        "alerts-empty": (AlertsView((), 0, "", "", (), ()), f"{WORK}/alerts"),
        "regulator-act": (act(), f"{WORK}/subjects/{code(3)}/answer/F1"),
    }
