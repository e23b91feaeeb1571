"""Acts of an agency in its contracts, one row each, by the names of the table of permissions. Source: market.md 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commons.canonical import Json
from marketplace.attachments.attachment import MAX_FILE_BYTES
from marketplace.usecases.answer_change import AnswerChange, answer_change
from marketplace.usecases.answer_rating import AnswerRating, answer_rating
from marketplace.usecases.arrange_visit import ArrangeVisit, arrange_visit
from marketplace.usecases.close_dispute import CloseDispute, close_dispute
from marketplace.usecases.confirm_contract import ConfirmContract, confirm_contract
from marketplace.usecases.hand_in_result import HandInResult, hand_in_result
from marketplace.usecases.note_invoice import NoteInvoice, note_invoice
from marketplace.usecases.note_visit import NoteVisit, note_visit
from marketplace.usecases.open_dispute import OpenDispute, open_dispute
from marketplace.usecases.plan_milestones import PlanMilestones, plan_milestones
from marketplace.usecases.propose_change import ProposeChange, propose_change
from marketplace.usecases.propose_termination import ProposeTermination, propose_termination
from marketplace.usecases.reach_milestone import ReachMilestone, reach_milestone
from marketplace.usecases.terminate_contract import TerminateContract, terminate_contract
from marketplace.usecases.upload_contract import UploadContract, upload_contract
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct
from marketplace.web.plans import Field, Plan, read_day, read_whole
from marketplace.web.views.forms import Choice

STEPS = 6
"""Milestones that a form takes at once."""
_FILES = ("file_1", "file_2", "file_3")
_REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)
_NUMBER = Field("number", "", "hidden", limit=6)


def _papers(label: str) -> tuple[Field, ...]:
    """One file that is needed and two more."""
    hint = f"PDF、图片或 Office 文件，单个不超过 {MAX_FILE_BYTES // 2**20} MB"
    return (
        Field("file_1", label, "file", hint=hint),
        Field("file_2", "其他文件", "file", is_needed=False),
        Field("file_3", "其他文件（二）", "file", is_needed=False),
    )


def numbered(sent: Sent) -> dict[str, Json]:
    """The number of what is answered, confirmed or noted."""
    number = read_whole(sent.get("number"))
    return {} if number is None else {"number": number}


def answered(sent: Sent) -> dict[str, Json]:
    """The same with the answer."""
    return {**numbered(sent), "is_agreed": sent.get("is_agreed") == "yes"}


def planned(sent: Sent) -> dict[str, Json]:
    """The steps that were named, in their order."""
    rows: list[Json] = []
    for index in range(1, STEPS + 1):
        name, day = sent.get(f"name_{index}"), read_day(sent.get(f"day_{index}"))
        if name or day:
            rows.append({"name": name, "planned_on": day or ""})
    return {"milestones": rows}


def _steps() -> tuple[Field, ...]:
    """Pairs of a name and a day; the first is needed."""
    return tuple(
        field
        for index in range(1, STEPS + 1)
        for field in (
            Field(f"name_{index}", f"第 {index} 个节点", is_needed=index == 1, at=f"/milestones/{index - 1}/name"),
            Field(f"day_{index}", f"第 {index} 个节点计划完成日", "day", is_needed=index == 1,
                  at=f"/milestones/{index - 1}/planned_on"),
        )
    )  # fmt: skip


CONTRACT_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        AgencyAct(
            "upload-contract", "上传合同", "上传", Plan(
                (
                    Field("amount_fen", "合同金额", "amount", hint="与中选价一致"),
                    Field("days", "服务期限", "whole", unit="个工作日", hint="与中选的期限一致"),
                    Field("signed_on", "签订日期", "day"),
                    Field("same_terms", "合同文本与选取条件一致，没有另行约定背离中选结果的内容", "box"),
                    *_papers("合同扫描件"),
                ),
                places={
                    "contract_price_departs": "amount_fen", "contract_days_depart": "days",
                    "contract_terms_depart": "same_terms", "signed_on_to_come": "signed_on",
                    "signed_before_award": "signed_on",
                },
            ),
            UploadContract, lambda doing, command: upload_contract(doing.database, doing.caller, command),
            "contract_uploaded", ("上传后由业主确认；双方确认后合同生效，期限开始计算。",), files=_FILES,
            receipt="number",
        ),
        AgencyAct(
            "confirm-contract", "确认合同", "确认合同", Plan((_NUMBER,)), ConfirmContract,
            lambda doing, command: confirm_contract(doing.database, doing.caller, command), "contract_confirmed",
            ("确认即表示这份合同与中选结果一致，双方自此生效。",), numbered, receipt="number",
        ),
        AgencyAct(
            "plan-milestones", "编排里程碑", "保存", Plan(_steps()), PlanMilestones,
            lambda doing, command: plan_milestones(doing.database, doing.caller, command), "contract_moved",
            ("全部节点提前完成的，累计后可以加分。",), planned,
        ),
        AgencyAct(
            "reach-milestone", "节点完成", "登记完成", Plan((
                Field("number", "节点", "select"),
                Field("note", "说明", "prose", hint="只有双方与监管部门可见", limit=5000, is_needed=False),
            )),
            ReachMilestone, lambda doing, command: reach_milestone(doing.database, doing.caller, command),
            "contract_moved", read=numbered, receipt="number",
        ),
        AgencyAct(
            "arrange-visit", "安排踏勘", "安排", Plan((
                Field("meets_at", "时间", "instant"), Field("place", "地点", hint="会公开", limit=500),
                Field("contact", "对接人", hint="不公开", is_needed=False),
            )),
            ArrangeVisit, lambda doing, command: arrange_visit(doing.database, doing.caller, command),
            "contract_moved", receipt="number",
        ),
        AgencyAct(
            "note-visit", "踏勘记录", "记录", Plan((
                Field("number", "哪一次踏勘", "select"),
                Field("note", "所见", "prose", hint="只有双方与监管部门可见", limit=5000),
            )),
            NoteVisit, lambda doing, command: note_visit(doing.database, doing.caller, command), "contract_moved",
            read=numbered, receipt="number",
        ),
        AgencyAct(
            "hand-in-result", "提交成果", "提交成果", Plan((
                *_papers("成果文件"),
                Field("note", "说明", "prose", hint="成果名称、版本、审查情况；只有双方与监管部门可见", limit=5000),
            )),
            HandInResult, lambda doing, command: hand_in_result(doing.database, doing.caller, command),
            "result_handed_in", ("业主在验收期内验收或退回；逾期未验收的视为验收，不代表好评。",), files=_FILES,
            receipt="number",
        ),
        AgencyAct(
            "note-invoice", "开票登记", "登记", Plan((
                Field("amount_fen", "金额", "amount"), Field("on", "开票日期", "day"),
                Field("number", "发票号码", hint="不公开"),
            )),
            NoteInvoice, lambda doing, command: note_invoice(doing.database, doing.caller, command), "contract_moved",
        ),
        AgencyAct(
            "propose-change", "提出变更或延期", "提出", Plan((
                Field("kind", "种类", "radios", options=(
                    Choice("change", "合同变更"), Choice("extension", "延期", "只改期限"),
                )),
                Field("amount_fen", "变更后的总金额", "amount", hint="不变的不填；涨价会公开", is_needed=False),
                Field("days", "变更后的总期限", "whole", unit="个工作日", hint="不变的不填", is_needed=False),
                _REASON,
                Field("file_1", "依据文件", "file", is_needed=False),
            )),
            ProposeChange, lambda doing, command: propose_change(doing.database, doing.caller, command),
            "contract_moved", ("对方同意后生效；不同意的，原合同照常。",), files=("file_1",), receipt="number",
        ),
        AgencyAct(
            "answer-change", "答复变更", "答复", Plan((
                _NUMBER,
                Field("is_agreed", "答复", "radios", options=(Choice("yes", "同意"), Choice("no", "不同意"))),
                _REASON,
            )),
            AnswerChange, lambda doing, command: answer_change(doing.database, doing.caller, command),
            "contract_moved", read=answered, receipt="number",
        ),
        AgencyAct(
            "open-dispute", "提出争议", "提出争议", Plan((_REASON,)), OpenDispute,
            lambda doing, command: open_dispute(doing.database, doing.caller, command), "contract_moved",
            ("争议期间各项期限暂停，监管部门可以参与协调。",), is_checked=True,
        ),
        AgencyAct(
            "close-dispute", "争议解决", "登记解决",
            Plan((Field("outcome", "结果", "prose", hint="会公开", limit=500),)),
            CloseDispute, lambda doing, command: close_dispute(doing.database, doing.caller, command),
            "contract_moved", ("各项期限按争议的时长顺延。",),
        ),
        AgencyAct(
            "propose-termination", "提出解除", "提出解除", Plan((_REASON,)), ProposeTermination,
            lambda doing, command: propose_termination(doing.database, doing.caller, command), "contract_moved",
            ("对方同意或监管部门决定后才解除。",), is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "terminate-contract", "同意解除合同", "同意解除", Plan((_REASON,)), TerminateContract,
            lambda doing, command: terminate_contract(doing.database, doing.caller, command), "contract_moved",
            ("解除后不能恢复。",), is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "answer-rating", "回应评价", "回应", Plan((Field("words", "回应", "prose", hint="会公开", limit=5000),)),
            AnswerRating, lambda doing, command: answer_rating(doing.database, doing.caller, command),
            "contract_moved", ("一次为限；可以不回应。",),
        ),
    )
}  # fmt: skip
"""By the name in the address: that of the table of permissions with hyphens."""
