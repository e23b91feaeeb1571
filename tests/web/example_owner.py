"""Example views of an owner's own pages: the wizard, the shelf, drafts and desks, contracts, the workbench."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from bidding.reading.terms import parse_demand_terms
from commons.sources import Source
from marketplace.web.addresses import (
    INSTANT,
    INSTANT_CONFIRM,
    MY_CONTRACTS,
    MY_DEMANDS,
    POST_DEMAND,
    WORK,
    my_contract_path,
    my_demand_path,
)
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale.names import MODES
from marketplace.web.locale.owner_words import MODE_HINTS, PRESETS, STEPS
from marketplace.web.pages.agency_acts import Where, act_made
from marketplace.web.pages.owner_contract_acts import OWNER_CONTRACT_ACTS
from marketplace.web.pages.owner_demand_acts import DEMAND_ACTS
from marketplace.web.pages.owner_instant import instant_form, plan_of
from marketplace.web.pages.trial import input_of
from marketplace.web.plans import Field, Plan, shown_form
from marketplace.web.posting import step_plan
from marketplace.web.posting_beside import parts_of
from marketplace.web.posting_terms import terms_fields, with_orders
from marketplace.web.trial.starting import example
from marketplace.web.views.forms import Choice, FormShown, Wrong
from marketplace.web.views.owner import (
    BoundRow,
    BoundSection,
    DeskView,
    DraftRow,
    DraftView,
    DutyRow,
    Fold,
    InstantConfirmView,
    InstantView,
    MyContractRow,
    MyContractsView,
    MyContractView,
    MyDemandRow,
    MyDemandsView,
    NamedRow,
    PostView,
    Said,
    ShelfRow,
    StartSection,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Paging
from marketplace.web.views.work import WorkView
from tests.usecases.market import sealed_terms
from tests.web import example_agency as agencies
from tests.web import example_verify as verifying
from tests.web.example_cases import LONG_NAME, code

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
SOON = AT + timedelta(days=3)
TITLE = "温州市瓯海区三垟湿地北片水环境综合提升工程（一期、二期及配套管网）水土保持方案编制（示例）"
SAID = (("项目代码", "2611-330304-04-01-203418"), ("业主名称", LONG_NAME), ("项目名称", TITLE))
HELD = (("project_code", "2611-330304-04-01-203418"), ("nonce", "0" * 64))
COPIES = (("D261120-AAAA0001", TITLE), ("D261120-AAAA0002", "梧田片区测绘（示例）"))
NAMES = tuple(name for _, name in STEPS)
WRONG = (Wrong("项目代码应为 24 位左右的代码（示例）", "project_code", "项目代码"),)
WAITING = ("机构处于限制中（示例），至 2027-01-01 止", "机构回应期限未满（示例）")
BOUND = BoundSection((BoundRow("S1", TITLE, LONG_NAME, WAITING),))
LATE = Source("选取规则（示例）", "yes", "5")


def step(number: int, *, wrong: tuple[Wrong, ...] = (), note: str = "") -> PostView:
    """One step of the wizard."""
    name, title = STEPS[number]
    modes = tuple(Choice(one, MODES[one], hint) for one, hint in MODE_HINTS.items())
    mode = "multi_round" if name == "clocks" else "comprehensive"
    parts = parts_of(name, mode, {}, rounds=3)
    plan = step_plan(name, mode, parts=parts).with_options(
        mode=modes, item=(Choice("RA03", "水土保持方案编制"),), further_items=(Choice("SV22", "测绘"),),
        region=(Choice("330304", "温州市 瓯海区"),),
        buyer_class=(Choice("fiscal", "财政资金"), Choice("voluntary", "自愿选取")),
    )  # fmt: skip
    faults = {"w_price": "权重合计应为 100 分"} if name == "terms" and wrong else {}
    given = {**example("comprehensive"), "ceiling": "158000"}
    terms = tuple(
        input_of(with_orders(one, "comprehensive"), given, faults)
        for one in terms_fields("comprehensive")
        if name == "terms"
    )
    return PostView(
        name, number, (*NAMES, "核对发布"), title, shown_form(plan, POST_DEMAND, "form-1", wrong=wrong),
        tuple(one.name for one in plan.fields if one.name not in {each.name for part in parts for each in part.fields}),
        HELD, SAID if number else (), terms,
        tuple((key, words) for key, (words, _) in PRESETS.items()) if name == "terms" else (),
        COPIES if not number else (), note, "ok" if note else "", is_last=number == len(STEPS) - 1,
        folds=tuple(
            Fold(part.title, part.hint, tuple(one.name for one in part.fields), is_open=bool(wrong), size=part.size)
            for part in parts
        ),
        draft="D3" if number == len(STEPS) - 1 else "", is_lot=number == len(STEPS) - 1,
        reach=verifying.fairness(is_rich=True).fairness if number >= len(STEPS) - 2 else None,
    )  # fmt: skip


def demands(*, is_empty: bool = False) -> MyDemandsView:
    """我的需求."""
    if is_empty:
        return MyDemandsView((), (), 0)
    rows = (
        MyDemandRow("D1", TITLE, "comprehensive", 15_800_000, False, "published", AT, SOON, 2),
        MyDemandRow("D2", TITLE, "instant", 1_000_000, True, "publicity", AT, None, 0),
    )
    return MyDemandsView(rows, (DraftRow("D3", TITLE, "random_draw", 3_000_000, AT),), 10_412)


def draft(*, is_covered: bool = False) -> DraftView:
    """A draft before its publication."""
    reason = Field("despite_coverage", "已有区域评价仍要另行委托的理由", "prose", is_needed=False)
    plan = Plan((reason,)) if is_covered else Plan(())
    wrong = (Wrong("报名时间短于规则要求", source=LATE),) if is_covered else ()
    part = verifying.fairness(is_rich=is_covered).fairness
    assert part is not None, "an example with its check"
    return DraftView(
        "D3", TITLE, "comprehensive", SAID, terms_view(parse_demand_terms(sealed_terms()), digest="0" * 64),
        (("报名截止", "2026-11-24 17:00（北京时间）"),), "成果两期提交（示例）。", part,
        ("水土保持方案编制：已由“温州大道西片区（示例）”的区域评价覆盖，有效至 2029-03-31",) if is_covered else (),
        shown_form(plan, my_demand_path("D3", "publish"), "form-1", wrong=wrong),
        notice="" if is_covered else TITLE, lot=None if is_covered else 2,
        lots=() if is_covered else (("D2", TITLE, 15_800_000), ("D3", TITLE, 9_900_000)),
        beside=(("回避", f"{code(6)}：编制了可行性研究报告（示例）"), ("另加条件", "资质：测绘资质，乙级")),
    )  # fmt: skip


def desk(*, is_rich: bool = True) -> DeskView:
    """One demand's desk."""
    said = (
        Said(1, "坐标系是哪一个？（示例）", AT, "国家 2000。", ""),
        Said(2, "能否延长报名？（示例）", AT, "", "answer-enquiry", SOON),
    )
    objections = (Said(1, "中选机构资质已到期（示例）", AT, "", "answer-award-objection", SOON),)
    path = my_demand_path("D1")
    return DeskView(
        "D1", "S1", TITLE, "comprehensive", "publicity" if is_rich else "published", SAID,
        "12 家" if is_rich else "截止后可见", "11 份" if is_rich else "截止后可见",
        (DutyRow("答复询问（第 2 号）", f"{path}/answer-enquiry", AT, is_overdue=True),) if is_rich else (),
        said if is_rich else (), objections if is_rich else (),
        ((code(3), LONG_NAME), (code(4), "乙（示例）")) if is_rich else (),
        ((f"{path}/answer-enquiry", "答复询问"), (f"{path}/change-demand", "变更选取条件")),
        ((f"{path}/suspend-selection", "暂停选取"),), (("/demands/D1", "需求公告"),), instant_form(),
        "现场条件有变（示例）" if is_rich else "", LONG_NAME if is_rich else "",
        () if is_rich else (NamedRow(code(3), LONG_NAME, 1_000_000, 10, f"{path}/award-directly", (("days", "10"),)),),
    )  # fmt: skip


def instant(*, rows: int = 0, is_seen: bool = False) -> InstantView:
    """立等可取: asked, the shelf, an empty shelf."""
    plan = plan_of((code(1), code(2)), AT)
    offers = tuple(
        ShelfRow(n, code(n + 2), LONG_NAME, 1_000_000 * n, 100_000 * n, 50_000, 10, 3, SOON) for n in range(1, rows + 1)
    )
    wrong = () if is_seen else (Wrong("请填写项目名称", "project_name", "项目名称"),)
    form = shown_form(plan, INSTANT, "", sent={"quantity": ("10",)}, wrong=wrong)
    rule = "价格低者在前；同价的期限短者在前；仍相同的可验证抽取" if is_seen else ""
    return InstantView(
        form, tuple(one.name for one in plan.fields), offers, is_seen, is_drawn=rows > 1, apart=2 if rows else 0,
        quantity=10, rule=rule, confirm=HELD, copies=COPIES,
        reasons=("该事项已经清理取消（示例）",) if is_seen and not rows else (),
    )  # fmt: skip


def confirm() -> InstantConfirmView:
    """The last look, asked to prove once more."""
    from dataclasses import replace  # noqa: PLC0415 - of this example alone

    form: FormShown = shown_form(Plan(()), INSTANT_CONFIRM, "form-1", wrong=(Wrong("请再次验证身份"),))
    return InstantConfirmView(TITLE, SAID, 12_860_000, LONG_NAME, code(3), replace(form, proof="password"), HELD, HELD)


def contract(*, is_archived: bool = True) -> MyContractView:
    """A contract whose result waits to be accepted; or one that is not archived yet, with an agency restricted."""
    seen, own = agencies.contract(), my_contract_path("S1")
    both = {one.name: getattr(seen, one.name) for one in fields(seen)}
    acts = ((f"{own}/accept-result", "验收成果"), (f"{own}/return-result", "退回成果"))
    return MyContractView(
        **{**both, "acts": acts}, agency=code(3), agency_name=LONG_NAME, duty="验收成果", duty_until=SOON,
        is_deemed=True, is_archived=is_archived, is_rated=False, archive_wait=() if is_archived else WAITING,
        bound=() if is_archived else WAITING,
    )  # fmt: skip


def contracts(*, is_empty: bool = False) -> MyContractsView:
    """合同与履约."""
    row = MyContractRow("S1", TITLE, code(3), LONG_NAME, "已交付，待验收", 12_860_000, SOON, "验收成果", SOON, True)
    others = () if is_empty else (code(2),)
    return MyContractsView(() if is_empty else (row,), Paging(1, 20, 0 if is_empty else 41), others, code(1))


def act(name: str) -> PageView:
    """The form of an act."""
    where = Where(my_contract_path("S1", name), my_contract_path("S1"), ((WORK, "工作台"),), AT, TITLE, SAID)
    known = OWNER_CONTRACT_ACTS.get(name) or DEMAND_ACTS[name]
    return act_made(known, where, shown_form(known.plan, where.action, "form-1")).view


def pages() -> dict[str, tuple[PageView, str]]:
    """All of them."""
    one = f"{MY_DEMANDS}/D1"
    return {
        "owner-post": (step(0, wrong=WRONG), POST_DEMAND), "owner-post-about": (step(1, note="已核到。"), POST_DEMAND),
        "owner-post-mode": (step(3), POST_DEMAND), "owner-post-terms": (step(4, wrong=(Wrong("差"),)), POST_DEMAND),
        "owner-post-clocks": (step(5), POST_DEMAND),
        "owner-demands": (demands(), MY_DEMANDS), "owner-demands-none": (demands(is_empty=True), MY_DEMANDS),
        "owner-draft": (draft(), one), "owner-draft-covered": (draft(is_covered=True), one),
        "owner-desk": (desk(), one), "owner-desk-new": (desk(is_rich=False), one),
        "owner-instant": (instant(), INSTANT),
        "owner-shelf": (instant(rows=3, is_seen=True), INSTANT),
        "owner-shelf-none": (instant(is_seen=True), INSTANT),
        "owner-confirm": (confirm(), INSTANT_CONFIRM),
        "owner-contracts": (contracts(), MY_CONTRACTS),
        "owner-contracts-none": (contracts(is_empty=True), MY_CONTRACTS),
        "owner-contract": (contract(), f"{MY_CONTRACTS}/S1"),
        "owner-contract-bound": (contract(is_archived=False), f"{MY_CONTRACTS}/S1"),
        "owner-rate": (act("rate-contract"), f"{MY_CONTRACTS}/S1"),
        "owner-answer": (act("answer-award-objection"), one),
        "work-owner-start": (WorkView("业主", (), 0, (StartSection(2), BOUND)), WORK),
    }  # fmt: skip
