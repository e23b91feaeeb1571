"""Acts of an owner about a demand of its own, one row each, by the names of the table of permissions.

Two of them want a second person, from the regulator: they wait among the proposals. Source: market.md section 4.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from commons.canonical import Json
from commons.verdicts import Refused
from marketplace.usecases.act import Message
from marketplace.usecases.answer_award_objection import AnswerAwardObjection, answer_award_objection
from marketplace.usecases.answer_enquiry import AnswerEnquiry, answer_enquiry
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.cancel_selection import CancelSelection
from marketplace.usecases.change_demand import ChangeDemand, change_demand
from marketplace.usecases.discard_draft import DiscardDraft, discard_draft
from marketplace.usecases.pick_from_shortlist import PickFromShortlist, pick_from_shortlist
from marketplace.usecases.proposals import ProposeAct, propose_act
from marketplace.usecases.publish_again import PublishAgain, publish_again
from marketplace.usecases.read_own_drafts import OwnedDemand
from marketplace.usecases.resume_selection import ResumeSelection, resume_selection
from marketplace.usecases.rule_low_price import RuleLowPrice, rule_low_price
from marketplace.usecases.suspend_selection import SuspendSelection, suspend_selection
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from marketplace.usecases.use_coverage import UseCoverage, use_coverage
from marketplace.usecases.withdraw_demand import WithdrawDemand, withdraw_demand
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct, Doing
from marketplace.web.plans import Field, Plan, read_amount, read_whole
from marketplace.web.posting import PLACES, clock_fields
from marketplace.web.views.forms import Choice

_REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)
_YES_NO = (Choice("yes", "采纳", "机构保留资格，可以中选"), Choice("no", "不采纳", "由排序中的下一家递补"))


def _number(name: str) -> Any:
    """Reads the number of what is answered."""

    def read(sent: Sent) -> dict[str, Json]:
        number = read_whole(sent.get(name))
        return {} if number is None else {name: number}

    return read


def _accepted(sent: Sent) -> dict[str, Json]:
    return {"is_accepted": sent.get("is_accepted") == "yes"}


def _finding(sent: Sent) -> dict[str, Json]:
    """How an objection is answered: one choice says finding and remedy."""
    found = _number("objection")(sent)
    match sent.get("finding"):
        case "next" | "annul" as remedy:
            return {**found, "finding": "upheld", "remedy": remedy}
        case _:
            return {**found, "finding": "dismissed"}


async def _proposed(doing: Doing, operation: str, act: str, command: Message, subject: str) -> Message | Refused:
    """Keep an act that lacks nothing but its second person."""
    sent = json.loads(command.model_dump_json(exclude={"approver"}))
    asked = ProposeAct(operation=operation, act=act, command=sent, subject=subject)
    return await propose_act(doing.database, doing.caller, asked)


async def _cancel(doing: Doing, command: CancelSelection) -> Message | Refused:
    return await _proposed(doing, "cancelSelection", "cancel_selection", command, f"selection/{command.selection}")


async def _answer(doing: Doing, command: AnswerAwardObjection) -> Message | Refused:
    """A dismissal is the owner's own; what upholds an objection waits for the regulator."""
    if command.finding == "dismissed":
        return await answer_award_objection(doing.database, doing.caller, command)
    subject = f"selection/{command.selection}"
    return await _proposed(doing, "answerAwardObjection", "answer_award_objection", command, subject)


def change_act(demand: OwnedDemand) -> AgencyAct[Any]:
    """Changing clocks, amount and days; the rest of the terms stays as published."""

    def read(sent: Sent) -> dict[str, Json]:
        changed: dict[str, Json] = {}
        if (ceiling := read_amount(sent.get("ceiling"))) is not None and ceiling != demand.ceiling_fen:
            changed["ceiling_fen"] = ceiling
        if (days := read_whole(sent.get("max_days"))) is not None and days != demand.max_days:
            changed["max_days"] = days
        return {"terms": {**demand.terms, **changed} if changed else None}

    clocks = tuple(one for one in clock_fields(demand.mode) if one.name != "first_round_opens_at")
    fields = (
        *clocks,
        Field("ceiling", "最高限价", "amount", hint="不改的不动", is_needed=False, at="/terms/ceiling_fen"),
        Field(
            "max_days",
            "最长服务期限",
            "whole",
            unit="个工作日",
            hint="不改的不动",
            is_needed=False,
            at="/terms/max_days",
        ),
        _REASON,
    )
    return AgencyAct(
        "change-demand", "变更选取条件", "变更", Plan(fields, PLACES), ChangeDemand,
        lambda doing, command: change_demand(doing.database, doing.caller, command), "demand_changed",
        ("报名重新计时；改了条件的，已有的报价须由机构确认后才继续有效。",), read, is_checked=True,
    )  # fmt: skip


def again_act(demand: OwnedDemand) -> AgencyAct[Any]:
    """Publishing again what came to nothing, under new clocks."""
    return AgencyAct(
        "publish-again", "再次发布", "再次发布", Plan((*clock_fields(demand.mode), _REASON), PLACES), PublishAgain,
        lambda doing, command: publish_again(doing.database, doing.caller, command), "demand_published_again",
        ("条件与原来相同，另起一次选取；理由公开。",), receipt="selection", is_checked=True,
    )  # fmt: skip


DEMAND_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        AgencyAct(
            "answer-enquiry", "答复询问", "公开答复", Plan((
                Field("enquiry", "询问", "select"),
                Field("answer", "答复", "prose", hint="所有人可见", limit=500),
            )),
            AnswerEnquiry, lambda doing, command: answer_enquiry(doing.database, doing.caller, command),
            "enquiry_answered", read=_number("enquiry"), receipt="enquiry",
        ),
        AgencyAct(
            "answer-award-objection", "答复异议", "公开答复", Plan((
                Field("objection", "异议", "select"),
                Field("finding", "结论", "radios", options=(
                    Choice("dismissed", "不成立", "公示期满后照常"),
                    Choice("next", "成立，由下一家递补", "须经监管部门复核"),
                    Choice("annul", "成立，本次选取作废", "须经监管部门复核"),
                )),
                Field("answer", "答复", "prose", hint="所有人可见", limit=500),
            )),
            AnswerAwardObjection, _answer, "award_objection_answered", read=_finding, is_checked=True,
            proposed="answer_proposed",
        ),
        AgencyAct(
            "rule-low-price", "认定低价说明", "认定", Plan((
                Field("agency", "机构", "select"), Field("is_accepted", "认定", "radios", options=_YES_NO), _REASON,
            )),
            RuleLowPrice, lambda doing, command: rule_low_price(doing.database, doing.caller, command),
            "low_price_ruled", read=_accepted, is_checked=True,
        ),
        AgencyAct(
            "pick-from-shortlist", "在小名单中择定", "择定", Plan((Field("agency", "机构", "radios"), _REASON)),
            PickFromShortlist, lambda doing, command: pick_from_shortlist(doing.database, doing.caller, command),
            "shortlist_picked", ("逾期不择定的，小名单第一名中选。",), is_checked=True,
        ),
        AgencyAct(
            "award-directly", "直接选取", "选定", Plan((
                Field("agency", "机构", hint="统一社会信用代码", limit=18),
                Field("price_fen", "金额", "amount"),
                Field("days", "服务期限", "whole", unit="个工作日", is_needed=False),
                _REASON,
            )),
            AwardDirectly, lambda doing, command: award_directly(doing.database, doing.caller, command),
            "awarded_directly", is_checked=True,
        ),
        AgencyAct(
            "take-instant-award", "立等可取", "确认选定", Plan(()), TakeInstantAward,
            lambda doing, command: take_instant_award(doing.database, doing.caller, command), "instant_awarded",
            ("按已公布的规则取货架第一名，当即中选。",), receipt="demand",
        ),
        AgencyAct(
            "withdraw-demand", "撤回需求", "撤回", Plan((_REASON,)), WithdrawDemand,
            lambda doing, command: withdraw_demand(doing.database, doing.caller, command), "demand_withdrawn",
            ("撤回后不能恢复，需要的另行发布。",), is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "suspend-selection", "暂停选取", "暂停", Plan((_REASON,)), SuspendSelection,
            lambda doing, command: suspend_selection(doing.database, doing.caller, command), "selection_suspended",
            ("各项期限停止计算，恢复后顺延。",), is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "resume-selection", "恢复选取", "恢复", Plan((_REASON,)), ResumeSelection,
            lambda doing, command: resume_selection(doing.database, doing.caller, command), "selection_resumed",
        ),
        AgencyAct(
            "cancel-selection", "终止选取", "提交复核", Plan((_REASON,)), CancelSelection, _cancel, "cancel_proposed",
            ("由监管部门复核后终止；理由公开。",), receipt="proposal", is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "discard-draft", "放弃草稿", "放弃", Plan((
                Field("reason", "理由", "prose", hint="只留在记录里", limit=500, is_needed=False),
            )),
            DiscardDraft, lambda doing, command: discard_draft(doing.database, doing.caller, command),
            "draft_discarded", ("放弃后不能恢复，需要的另行起草；写过的内容留有记录。",),
            is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "use-coverage", "使用区域评价成果", "使用", Plan(()), UseCoverage,
            lambda doing, command: use_coverage(doing.database, doing.caller, command), "coverage_used",
            ("本项已有区域评价，不再另行委托；节省的费用和时间计入统计。草稿随之结束。",), is_checked=True,
        ),
    )
}  # fmt: skip
"""By the name in the address: that of the table of permissions with hyphens."""
