"""Example views of an agency's own pages: joining, acts with faults, receipts, contracts, credit, the workbench."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bidding.reading.terms import parse_demand_terms
from bidding.terms import ComprehensiveTerms
from commons.sources import Source
from marketplace.web.addresses import WORK
from marketplace.web.locale.agency_act_words import COMMITMENT
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_made
from marketplace.web.pages.agency_contract_acts import CONTRACT_ACTS
from marketplace.web.pages.agency_credit import CREDIT_ACTS
from marketplace.web.pages.agency_joining import code_asked
from marketplace.web.pages.agency_own import OWN_TRAIL
from marketplace.web.pages.agency_own_acts import JOIN_PLAN, OWN_ACTS
from marketplace.web.pages.agency_part_acts import PART_ACTS, offer_act, sign_up_act
from marketplace.web.pages.agency_qualifying import qualifying
from marketplace.web.plans import proposed, shown_form
from marketplace.web.views.agencies import CreditLine, CreditView, HoldRow, TieRow
from marketplace.web.views.agency_acts import ActView, CheckView
from marketplace.web.views.agency_contracts import (
    ContractRow,
    ContractsView,
    FileRow,
    NoteRow,
    OwnContractView,
    StepRow,
)
from marketplace.web.views.agency_credit import BoundRow, FactRow, NoticeRow, OwnCreditView, WayRow
from marketplace.web.views.agency_own import (
    JoinView,
    OwnAgencyView,
    OwnCertificate,
    OwnItem,
    OwnPerson,
    OwnShelfRow,
    OwnShelfView,
)
from marketplace.web.views.agency_part import AwardOfOwn, OfferReceipt, PartRow, PartsView, PartView
from marketplace.web.views.agency_sections import (
    CreditChange,
    CreditSection,
    JoinSection,
    MatchingSection,
    OwnContractsSection,
    PartsSection,
)
from marketplace.web.views.contracts import ContractPanel, Owed, Step
from marketplace.web.views.forms import Choice, Wrong
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import ItemRef, Paging, Place, TimelineEntry
from marketplace.web.views.work import InboxSection, TaskRow, WorkView
from tests.usecases.market import sealed_terms
from tests.web import example_demands as demands
from tests.web.example_cases import LONG_NAME, code

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
SOON = AT + timedelta(days=3)
TITLE = "温州市瓯海区三垟湿地北片水环境综合提升工程（一期、二期及配套管网）水土保持方案编制（示例）"
DIGEST = "9f2c" * 16
PLACE = Place("330304", "温州市", "瓯海区")
ITEMS = (Choice("RA03", "水土保持方案编制"), Choice("SV22", "测绘"))
LINE = (
    TimelineEntry(AT - timedelta(days=9), "qualification_added", {"kind": "测绘资质", "grade": "甲级"}),
    TimelineEntry(AT - timedelta(days=99), "agency_filed"),
)
WHERE = Where(
    f"{WORK}/agency/acts/change", f"{WORK}/agency", OWN_TRAIL, AT, about=LONG_NAME,
    options={"item": ITEMS},
    notes=("报价已经截止。",),
)  # fmt: skip
REFUSED = (
    Wrong(
        "资质不足：须有测绘资质乙级及以上",
        "commitment_signed",
        "承诺符合条件、所报属实",
        Source("测绘法（示例）", "yes", "27"),
    ),
    Wrong("已被业主申报回避", source=Source("回避规则（示例）", "no")),
)


def act(made: AgencyAct[Any], action: str, *, wrong: tuple[Wrong, ...] = (), **values: str) -> ActView:
    """The page of an act."""
    where = replace(WHERE, action=action, notes=() if not wrong else WHERE.notes)
    plan = made.plan.with_options(**where.options)
    view = act_made(made, where, shown_form(plan, action, "form-1", sent=proposed(**values), wrong=wrong)).view
    assert isinstance(view, ActView)
    return view


def terms() -> ComprehensiveTerms:
    """Terms of sealed offers."""
    found = parse_demand_terms(sealed_terms())
    assert isinstance(found, ComprehensiveTerms)
    return found


def acts() -> dict[str, tuple[PageView, str]]:
    """Pages of acts: fresh, refused, with everything filled in, read once more."""
    offer, sign_up = offer_act(terms()), sign_up_act(terms())
    check = CheckView(
        "密封报价", OWN_TRAIL, TITLE,
        (("报价", "128,600.00 元（壹拾贰万捌仟陆佰元整）"), ("服务期限", "30 个工作日")),
        (("最高限价", "200,000.00 元"), ("低于限价", "71,400.00 元（35.7%）"), ("报价合计", "128,600.00 元")),
        (("price_fen", "128600"), ("days", "30")), "/demands/D1/offer", "确认提交报价", "form-1",
    )  # fmt: skip
    own = {name: (act(one, f"{WORK}/agency/acts/{name}"), f"{WORK}/agency") for name, one in OWN_ACTS.items()}
    path = f"{WORK}/agency/acts/qualify"
    qualify = qualifying(OWN_ACTS["qualify"], "测绘资质", path)
    unknown = Wrong("测绘资质分甲级、乙级，请按证书填写", "grade", "等级")
    return {
        "agency-act-qualify": (act(qualifying(OWN_ACTS["qualify"], "", path), path), f"{WORK}/agency"),
        "agency-act-qualify-known": (
            act(qualify, path, wrong=(unknown,), kind="测绘资质", grade="特级", items="RA01"), f"{WORK}/agency",
        ),
        **{f"agency-act-{name}": own[name] for name in ("relations", "shelve")},
        "agency-sign-up": (act(sign_up, "/demands/D1/sign-up"), "/demands/D1/sign-up"),
        "agency-sign-up-refused": (act(sign_up, "/demands/D1/sign-up", wrong=REFUSED), "/demands/D1/sign-up"),
        "agency-offer": (act(offer, "/demands/D1/offer", price_fen="128600", days="30"), "/demands/D1/offer"),
        "agency-check": (check, "/demands/D1/offer"),
        "agency-abandon": (act(PART_ACTS["abandon"], f"{WORK}/agency/demands/D1/abandon"), f"{WORK}/agency/demands/D1"),
        "agency-upload": (
            act(CONTRACT_ACTS["upload-contract"], f"{WORK}/agency/contracts/S1/upload-contract", amount_fen="1"),
            f"{WORK}/agency/contracts/S1",
        ),
        "agency-object": (act(CREDIT_ACTS["object"], f"{WORK}/credit/object/F1"), f"{WORK}/credit"),
    }  # fmt: skip


def joining() -> dict[str, tuple[PageView, str]]:
    """入驻, step by step."""
    plan = JOIN_PLAN.with_options(region=(Choice("330304", "浙江省 · 温州市 · 瓯海区"),))
    known = shown_form(plan, "/join", "form-1", sent=proposed(name=LONG_NAME, kind="company", region="330304"))
    wrong = (Wrong("承诺书没有签署", "commitment_signed", "承诺", Source("备案规则（示例）", "no")),)
    lacking = shown_form(plan, "/join", "form-1", wrong=wrong)
    papers = ("测绘资质 甲级，甲测资字33000001，至 2027-12-31",)
    return {
        "join": (JoinView(0, here="/join"), "/join"),
        "join-code": (JoinView(1, code_asked("").fresh(), here="/join"), "/join"),
        "join-known": (JoinView(2, known, code(3), True, True, papers, ("注册测绘师 Z1 林＊",), COMMITMENT), "/join"),
        "join-wrong": (JoinView(2, lacking, code(3), commitment=COMMITMENT), "/join"),
    }


def own(*, is_empty: bool = False) -> OwnAgencyView:
    """本机构档案."""
    links = ((f"{WORK}/agency/acts/renew/Q1", "延续"), (f"{WORK}/agency/acts/drop/Q1", "注销"))
    held = tuple(
        OwnCertificate(
            "测绘资质", grade, f"甲测资字3300000{number}", "示例厅", date(2026, 1, 1), until, state, tone, links
        )
        for number, (grade, until, state, tone) in enumerate(
            (
                ("甲级", date(2027, 1, 15), "56 日后到期", "warn"),
                ("", None, "有效", "ok"),
                ("乙级", None, "已终止", "bad"),
            )
        )
    )
    people = (
        OwnPerson("林＊", "注册测绘师 Z1", date(2028, 1, 1), is_held=False, act=f"{WORK}/agency/acts/release/P1"),
        OwnPerson("周＊＊", "注册土木工程师（岩土） Z2", None, is_held=True, act=f"{WORK}/agency/acts/release/P2"),
    )
    return OwnAgencyView(
        uscc=code(3), name=LONG_NAME, kind="company", place=PLACE, filed_at=AT - timedelta(days=99),
        objection_until=None if is_empty else SOON, standing="suspended" if is_empty else "active",
        standing_since=AT if is_empty else None, is_restricted=is_empty, certificates=() if is_empty else held,
        people=() if is_empty else people,
        items=() if is_empty else (OwnItem("水土保持方案编制", "RA03", AT, f"{WORK}/agency/acts/stop/RA03"),),
        ties=() if is_empty else (TieRow("shareholder", LONG_NAME, 5_100), TieRow("contact", "")),
        holds=() if is_empty else (HoldRow(code(4), ("address",), AT, SOON),), timeline=LINE, shelf=2,
        next_acts=() if is_empty else ((f"{WORK}/agency/acts/serve", "登记服务事项"),),
        standing_acts=((f"{WORK}/agency/acts/change", "变更备案信息"), (f"{WORK}/agency/acts/leave", "退出平台")),
    )  # fmt: skip


def shelf() -> OwnShelfView:
    """上架报价."""
    acts_of = ((f"{WORK}/agency/acts/shelve?renews=S1", "更新"), (f"{WORK}/agency/acts/unshelve/S1", "撤下"))
    rows = (
        OwnShelfRow("水土保持方案编制", 300_000, 2_000_000, 20, 5, 2, AT, SOON, "有效", "ok", acts_of),
        OwnShelfRow("测绘", 1, 99_999_999_999, 5, 1, 1, AT, SOON, "余量用完", "warn", acts_of[:1]),
    )
    return OwnShelfView(rows)


def part(*, is_empty: bool = False, award: AwardOfOwn | None = None) -> PartView:
    """我的报名与报价."""
    receipts = (
        OfferReceipt(2, AT, 12_860_000, 3_570, 30, DIGEST, "当前有效", "ok"),
        OfferReceipt(1, AT, 13_860_000, None, None, DIGEST, "已被后一次报价取代", ""),
    )
    acts_of = (("/demands/D1/offer", "再次报价"), (f"{WORK}/agency/demands/D1/abandon", "放弃中选"))
    return PartView(
        "D1", "S1", TITLE, "温州市瓯海区农业农村局（示例）", "comprehensive", "published", 20_000_000, SOON, SOON,
        code(3), None if is_empty else AT, "" if is_empty else "甲级", award is not None, () if is_empty else receipts,
        award is not None, award, () if is_empty else acts_of, ((f"{WORK}/agency/demands/D1/ask", "询问"),),
    )  # fmt: skip


PART_ROWS = (
    PartRow(
        "D1", TITLE, "comprehensive", "published", SOON, 12_860_000, "确认中选", "/demands/D1/receipt", is_urgent=True
    ),
    PartRow("D2", TITLE, "multi_round", "published", None, None, "进入竞价室", "/rooms/S2"),
)
CONTRACT_ROWS = (
    ContractRow("S1", TITLE, "业主（示例）", "已签约", 12_860_000, SOON, "提交成果", SOON, is_overdue=True),
    ContractRow("S2", TITLE, "业主（示例）", "已交付，待验收", 12_860_000, None, "", None, is_overdue=False),
)


def contract() -> OwnContractView:
    """One contract."""
    panel = ContractPanel(
        "S1", "已签约", 12_860_000, 30, SOON, (Owed("机构", "提交成果", SOON, is_overdue=True),),
        (Step(AT, "中选生效，开始办理合同"), Step(AT, "上传合同，待对方确认")), is_restricted=True, is_held=True,
    )  # fmt: skip
    own_path = f"{WORK}/agency/contracts/S1"
    return OwnContractView(
        "S1", "D1", TITLE, "业主（示例）", 1, ("11-20 14:32", "", "", ""), panel,
        ((f"{own_path}/hand-in-result", "提交成果"), (f"{own_path}/note-invoice", "开票登记")),
        (StepRow("外业完成", AT.date(), AT), StepRow("报告初稿", AT.date(), None)),
        (FileRow("合同（第 1 次上传）", "/api/v1/attachments/A1", DIGEST),),
        (NoteRow("开票", AT, 6_000_000), NoteRow("踏勘：项目现场（示例）", SOON)), "范围调整（示例）",
        "对工期有争议（示例）",
    )  # fmt: skip


def credit(*, is_new: bool = False) -> OwnCreditView:
    """本机构信用."""
    acts_of = ((f"{WORK}/credit/object/F1", "提出异议"), (f"{WORK}/credit/repair/F1", "申请修复"))
    late = FactRow(
        "F1", "成果逾期", TITLE, AT, -300, date(2027, 11, 20), "计分中", "warn", acts_of, "2026-12-01 起可以修复"
    )
    good = FactRow("F2", "双随机抽查合格", "第 2 次抽查（示例）", AT, 100, date(2027, 7, 1), "计分中", "warn", acts_of)
    over = FactRow("F3", "行政处罚", "处罚决定（示例）", AT, None, None, "已修复", "ok", ())
    lines = (
        CreditLine("成果逾期", TITLE, -300, -300, AT, date(2027, 11, 20)),
        CreditLine("双随机抽查合格", "抽查（示例）", 100, 100, AT, date(2027, 7, 1)),
    )
    if is_new:
        return OwnCreditView(
            code(3), LONG_NAME, CreditView(8_000, 8_000, "generic-v1", ()), (), (), (), (), (), "A", 1_000, ()
        )
    return OwnCreditView(
        code(3), LONG_NAME, CreditView(7_800, 8_000, "generic-v1", lines, "B"), (good, late), (over,),
        (BoundRow("处罚决定（示例）", (), ("测绘",), AT, SOON, is_in_force=True, acts=acts_of),
         BoundRow("到期的（示例）", ("sign_up", "offer"), (), AT, None, is_in_force=False, acts=())),
        (NoticeRow("拟限制（示例）", AT, SOON, "可以陈述申辩", "warn", f"{WORK}/credit/statement/H1"),
         NoticeRow("旧的（示例）", AT, AT, "已作出决定", "", "")),
        (WayRow("异议成立，撤销“成果逾期”", 9_100, "A", None, reaches=True),
         WayRow("成果逾期期满，不再计分", 8_100, "B", SOON, reaches=False)), "A", 1_200, LINE,
    )  # fmt: skip


def work() -> dict[str, tuple[PageView, str]]:
    """The workbench of an agency, and of one that is not on file yet."""
    sections = (
        PartsSection(PART_ROWS), OwnContractsSection(CONTRACT_ROWS, 12),
        MatchingSection((ItemRef("RA03", "水土保持方案编制"),), demands.rows()[:3]),
        CreditSection(7_700, "B", (CreditChange("成果逾期", -300, AT),), 1, ("测绘资质 甲级：56 日后到期",)),
        InboxSection((), 0),
    )  # fmt: skip
    tasks = (TaskRow("confirm_award", TITLE, "/demands/D1/receipt", SOON, is_overdue=False),)
    bare = (JoinSection(code(3)), MatchingSection((), ()), CreditSection(8_000, "", (), 0, ()))
    return {
        "work-agency": (WorkView("中介机构", tasks, 0, sections), "/workbench"),
        "work-agency-new": (WorkView("中介机构", (), 0, bare), "/workbench"),
    }


def pages() -> dict[str, tuple[PageView, str]]:
    """All of them."""
    asked = AwardOfOwn("拟中选，请确认", "warn", SOON)
    return {
        **joining(), **acts(), **work(),
        "agency-own": (own(), f"{WORK}/agency"), "agency-own-empty": (own(is_empty=True), f"{WORK}/agency"),
        "agency-shelf": (shelf(), f"{WORK}/agency/shelf"),
        "agency-part": (part(), "/demands/D1/receipt"),
        "agency-part-empty": (part(is_empty=True), "/demands/D1/receipt"),
        "agency-part-award": (part(award=asked), "/demands/D1/receipt"),
        "agency-parts": (PartsView(PART_ROWS), f"{WORK}/agency/demands"),
        "agency-contracts": (ContractsView(CONTRACT_ROWS, Paging(1, 20, 41)), f"{WORK}/agency/contracts"),
        "agency-contracts-empty": (ContractsView((), Paging(1, 20, 0)), f"{WORK}/agency/contracts"),
        "agency-contract": (contract(), f"{WORK}/agency/contracts/S1"),
        "agency-credit": (credit(), f"{WORK}/credit"), "agency-credit-new": (credit(is_new=True), f"{WORK}/credit"),
    }  # fmt: skip
