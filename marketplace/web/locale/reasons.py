"""Why something was refused, in words; codes are stable for ever (selection.md, market.md section 2, credit.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bidding.notes import refusal_note
from bidding.wording import REFUSALS
from commons.instants import parse_instant
from commons.verdicts import Param, Reason
from marketplace.web import formatting
from marketplace.web.locale.account_reasons import ACCOUNTS
from marketplace.web.locale.agency_reasons import LIFE, PAPERS
from marketplace.web.locale.announcement_words import ANNOUNCEMENTS
from marketplace.web.locale.contract_reasons import CONTRACTS
from marketplace.web.locale.credit_reasons import CREDIT
from marketplace.web.locale.life_reasons import LIFE_CYCLE
from marketplace.web.locale.life_words import ACTIONS, PARTIES, STAGES, listed
from marketplace.web.locale.paper_reasons import FILES
from marketplace.web.locale.people_reasons import PEOPLE
from marketplace.web.locale.phrases import Language, Phrase, unknown
from marketplace.web.locale.rule_reasons import RULES_IN_FORCE

PASSING: Mapping[str, Phrase] = {
    "gave_way": Phrase("不再中选（放弃或受限），由下一名递补", "Gave way to the next (abandoned or restricted)"),
    "gave_way_last": Phrase(
        "不再中选（放弃或受限），已无人可以递补", "Gave way (abandoned or restricted), and nobody was left to follow"
    ),
    "nobody_left": Phrase(
        "曾提出中选结果，公示期内排名中的机构全部退出（放弃或受限），无人可以递补",
        "A result was proposed; during publicity everybody in the ranking gave way, and nobody was left to follow",
    ),
    "passed_over_at_cap": Phrase(
        "轮到时已达每家中选标段的上限，由下一名递补",
        "Held as many lots as one may when its turn came; the next follows",
    ),
    "passed_over_own_work": Phrase(
        "轮到时已承接同一项目中不能由同一机构办理的事项（自己编制、自己评审），由下一名递补",
        "Had work of the same project that one agency may not both do and judge when its turn came; the next follows",
    ),
    "waits_for_lot": Phrase("已截止，须等前面的标段先有结果", "Closed; an earlier lot has to be decided first"),
    "other_round": Phrase(
        "这份报价是为第 {meant} 轮填写的，现在是第 {round} 轮，没有接收；请按本轮重新核对后提交",
        "The offer was meant for round {meant}; this is round {round}, and it was not taken",
    ),
    "not_picked": Phrase("业主选定了另一家机构", "The owner picked another one"),
}
"""Who holds an award, and who does not (selection.md sections 1 and 2)."""

ADMISSION: Mapping[str, Phrase] = {
    "qualification_missing": Phrase(
        "没有本事项要求的资质[：{kind}][（{asked}）]", "The qualification asked for is missing[: {kind}][ ({asked})]"
    ),
    "qualification_below_grade": Phrase(
        "资质等级不够[：{kind}][，持有{held}][，要求{asked}]",
        "The grade is too low[: {kind}][, held {held}][, asked {asked}]",
    ),
    "qualification_expired_at_close": Phrase(
        "[{kind}]在报价截止日[ {on} ]已失效[，有效期至 {valid_until}]",
        "The qualification[ {kind}] has expired by the closing day[ {on}][; it was valid to {valid_until}]",
    ),
    "qualification_not_yet_valid": Phrase(
        "[{kind}]在报价截止日[ {on} ]尚未生效",
        "The qualification[ {kind}] is not yet valid on the closing day[ {on}]",
    ),
    "restricted": Phrase(
        "处于失信限制中[：{basis}][，{starts_at} 起][，至 {ends_at}]；一地受限，全省受限",
        "Under a restriction[: {basis}][, from {starts_at}][ to {ends_at}]; it holds in the whole province",
    ),
    "own_demand": Phrase("业主不能参加自己需求的选取", "An owner cannot take part in the selection of its own demand"),
    "recused": Phrase("属于业主公布的回避对象[：{reason}]", "Recused by the owner's published list[: {reason}]"),
    "same_control": Phrase(
        "与另一报名机构受同一控制，双方均不得参与", "Under the same control as another bidder; both are out"
    ),
    "commitment_not_signed": Phrase("未签署承诺书", "The commitment is not signed"),
    "sign_up_closed": Phrase("报名已截止[（{closed_at}）]", "Sign-up has closed[ at {closed_at}]"),
    "already_signed_up": Phrase("已报名，不能重复报名", "Already signed up"),
    "unknown_agency": Phrase("机构库中没有该机构[（{agency}）]", "No such agency is on file[ ({agency})]"),
    "agency_not_in_force": Phrase("机构备案已暂停、退出或撤销", "The agency's filing is not in force"),
    "already_filed": Phrase("该统一社会信用代码已备案[（{agency}）]", "This code is on file already[ ({agency})]"),
}
"""Reasons before the engine: admission and filing (market.md section 2, selection.md section 2)."""

PUBLICATION: Mapping[str, Phrase] = {
    "schedule_missing": Phrase("缺少报名截止或报价截止时间", "Closing times are missing"),
    "closes_before_sign_up_ends": Phrase("报价截止早于报名截止", "Offers close before sign-up ends"),
    "rounds_before_sign_up_ends": Phrase("竞价轮次早于报名截止", "A round opens before sign-up ends"),
    "sign_up_too_short": Phrase(
        "报名时间短于规则要求[，最早 {earliest}][，现为 {given}]",
        "Sign-up is too short[; the earliest end is {earliest}][, given {given}]",
    ),
    "round_outside_hours": Phrase(
        "第 {round} 轮开始时间不在规则允许的时段[（{opens_at}）]",
        "Round {round} opens outside the hours allowed[ ({opens_at})]",
    ),
    "minimum_bidders_below_profile": Phrase(
        "最少家数[ {given} ]低于规则要求[ {minimum}]",
        "The minimum of bidders[ {given}] is below the rule's[ {minimum}]",
    ),
    "regional_assessment_buyer": Phrase(
        "区域评价由政府或园区购买，不得由投资者购买",
        "A regional assessment is bought by a public body, not by an investor",
    ),
    "nonce_missing": Phrase(
        "可能需要抽取，但缺少业主的随机数", "A draw may be needed and the owner's nonce is missing"
    ),
    "plan_marks_not_taken": Phrase("暂不受理含方案评审的条款", "Terms with reviewers' marks are not taken yet"),
    "already_on_shelf": Phrase(
        "该事项已有有效的上架报价[（{offer}）]", "An offer for this item is on the shelf[ ({offer})]"
    ),
    "caller_is_no_approver": Phrase(
        "作出决定的人须是两名批准人之一", "Whoever decides must be one of the two approvers"
    ),
    "preferences_not_taken": Phrase(
        "优惠项暂不开放：须先经公平竞争核对", "Preferences are not taken yet: they need the fairness check first"
    ),
    "two_approvers_needed": Phrase(
        "须由两名不同的监管人员批准[，现为 {given} 名]", "Two different regulators must approve[; given {given}]"
    ),
    "basis_missing": Phrase("缺少依据", "The basis is missing"),
    "end_is_past": Phrase("截止时间已过[（{ends_at}）]", "The end lies in the past[ ({ends_at})]"),
    "hearing_not_over": Phrase(
        "陈述申辩期未满[（至 {hearing_until}）]", "The hearing is not over[; it lasts to {hearing_until}]"
    ),
    "fact_is_over": Phrase("该信用信息已撤销、已修复或已到期", "The fact was revoked or repaired, or has expired"),
    "objection_is_open": Phrase("异议正在办理", "An objection to it is being answered"),
    "objection_was_answered": Phrase("异议已答复，不能再次提出", "An objection to it was answered; there is one each"),
    "no_objection_open": Phrase("没有待答复的异议", "There is no objection to answer"),
    "correction_changes_nothing": Phrase("更正内容与原信息相同", "The correction changes nothing"),
    "not_a_correction": Phrase("维持或撤销时不得改写内容", "What is kept or revoked is not rewritten"),
    "nothing_to_repair": Phrase("该信用信息无需修复", "There is nothing to repair about it"),
    "repair_too_early": Phrase(
        "未到最短公示期[，{repairable_from} 起可申请修复]", "Too early[; repair is open from {repairable_from}]"
    ),
    "not_corrected": Phrase("尚未纠正违法失信行为或履行义务", "It is not corrected, or the duty is not done"),
    "repair_pending": Phrase("修复申请正在办理", "An application for repair is pending"),
    "repair_not_applied_for": Phrase("没有待办理的修复申请", "Nobody has applied for repair"),
    "validity_is_over": Phrase("有效期已结束或起止颠倒", "The validity is over or reversed"),
    "withdrawn_by_owner": Phrase("业主撤回[：{reason}]", "Withdrawn by the owner[: {reason}]"),
    "cancelled": Phrase("选取终止[：{reason}]", "Cancelled[: {reason}]"),
}
"""Reasons around publication, shelf and restriction (market.md section 4, credit.md section 3)."""

OUTCOME: Mapping[str, Phrase] = {
    "instant_award_binds": Phrase("立等可取的中选对双方有约束力，不得放弃或终止", "An instant award binds both sides"),
    "already_abandoned": Phrase("已放弃过该项中选", "This award was given up before"),
    "no_award_proposed": Phrase("当前没有拟中选结果", "No award is proposed now"),
    "award_is_not_yours": Phrase("拟中选的不是本机构", "Another agency is proposed"),
    "award_is_confirmed": Phrase("公示期满，中选已生效", "The publicity is over and the award stands"),
    "selection_cancelled": Phrase("选取已终止[（{at}）]", "The selection was cancelled[ ({at})]"),
    "selection_suspended": Phrase("选取已暂停[（{since} 起）]", "The selection is suspended[ since {since}]"),
    "selection_is_over": Phrase("选取已结束，未产生结果", "The selection is over, without a result"),
    "rounds_have_begun": Phrase(
        "竞价已开始[（{opened_at}）]，不能暂停", "The rounds have begun[ ({opened_at})] and are not suspended"
    ),
    "not_suspended": Phrase("选取没有暂停", "The selection is not suspended"),
    "suspended_by_regulator": Phrase(
        "由监管部门暂停的，只能由监管部门恢复", "Only a regulator resumes what a regulator suspended"
    ),
    "drawn_needs_approver": Phrase(
        "抽取结果已公开：终止须另有一名监管人员同意", "The draw is public: cancelling it takes a second person"
    ),
    "drawn_not_suspended_by_owner": Phrase(
        "抽取结果已公开：只能由监管部门暂停", "The draw is public: only a regulator suspends it"
    ),
    "draw_decides_here": Phrase("由抽取决定，不能改选他家", "A draw decides here; nobody is named instead"),
    "no_lack_of_bidders": Phrase(
        "不是因家数不足或无人可以递补而流标的需求", "The demand did not fail for too few bidders or for nobody left"
    ),
    "published_too_often": Phrase(
        "已发布 {publications} 次，不能再次发布", "Published {publications} times; not again"
    ),
    "mode_change_too_early": Phrase(
        "首次流标后应按原条件再次发布一次，再次流标方可变更选取方式",
        "After the first failure the terms stay; the mode may change after the second",
    ),
    "mode_must_change": Phrase("两次流标后应变更选取方式", "After two failures the mode has to change"),
    "explanation_not_asked": Phrase("未要求本机构说明报价", "No explanation of the price was asked for"),
    "explanation_given_before": Phrase("已提交过说明", "The explanation was given before"),
    "explanation_too_late": Phrase("说明期限已过[（{until}）]", "The time for the explanation is over[ ({until})]"),
    "explanation_not_given": Phrase(
        "尚未提交说明[，期限 {until}]", "No explanation was given yet[; it may be until {until}]"
    ),
    "explanation_is_decided": Phrase("该说明已有结论", "This explanation was decided on"),
    "no_explanation_awaited": Phrase("当前没有待定的低价说明", "No explanation is awaited"),
    "another_explanation_awaited": Phrase("待定的是另一家机构的说明", "Another agency's explanation is awaited"),
    "choice_is_made": Phrase("业主已作出选定，不能重选", "The owner has picked before"),
    "no_choice_awaited": Phrase("当前没有待业主择定的小名单", "No short list waits for a pick"),
    "not_on_the_shortlist": Phrase(
        "该机构不在小名单[（{listed} 家）]中", "This agency is not on the short list[ of {listed}]"
    ),
    "direct_not_allowed": Phrase(
        "规则不允许这类业主直接选取", "The rules do not let an owner of this kind choose directly"
    ),
    "is_first_anyway": Phrase("该机构本就排在第一，无须改选", "This agency comes first anyway"),
    "not_on_the_shelf": Phrase("该机构没有可选的上架报价", "This agency has no shelf offer that will do"),
    "selection_is_decided": Phrase("选取已有结果", "The selection is decided"),
}
"""Reasons around what follows an outcome (market.md section 4)."""

REASONS: Mapping[str, Phrase] = {
    **PASSING, **ADMISSION, **PUBLICATION, **OUTCOME, **LIFE_CYCLE, **RULES_IN_FORCE, **CREDIT, **LIFE, **PAPERS,
    **PEOPLE, **FILES, **CONTRACTS, **ACCOUNTS, **ANNOUNCEMENTS,
}  # fmt: skip
"""Reasons of the market; those of the engine have their words in ``bidding.wording.REFUSALS``."""


_CODED: Mapping[str, Mapping[str, str]] = {
    "state": STAGES, "action": ACTIONS, "possible": ACTIONS, "allowed_in": STAGES, "role": PARTIES, "roles": PARTIES,
}  # fmt: skip
"""Parameters of a life-cycle's reasons that are codes, by name, with their words."""


def reason_text(reason: Reason, language: Language = "zh") -> str:
    """A reason as a sentence, of which lot where several are published; a code without wording is shown as it is."""
    lot = reason.params.get("lot")
    if lot is None:
        return _sentence(reason, language)
    return (f"第 {lot} 标段：" if language == "zh" else f"lot {lot}: ") + _sentence(reason, language)


def _sentence(reason: Reason, language: Language) -> str:
    if reason.code in REFUSALS:
        note = refusal_note("", "", replace(reason, params=_told(reason.params, language)))
        return note.zh if language == "zh" else note.en
    phrase = REASONS.get(reason.code)
    if phrase is None:
        return unknown(reason.code, reason.params, language)
    return phrase.say(_decoded(reason.params) if language == "zh" else reason.params, language)


def _decoded(params: Mapping[str, Param]) -> dict[str, Param]:
    """The parameters with the codes of a life-cycle as words."""
    return {
        name: listed(value, _CODED[name]) if name in _CODED and isinstance(value, str) else value
        for name, value in params.items()
    }


def _told(params: Mapping[str, Param], language: Language) -> dict[str, Param]:
    """Service times in working days, as this market counts them; instants in Beijing time, as Chinese pages say."""
    told = dict(params)
    for name, value in params.items():
        if name.endswith("days") and isinstance(value, int) and not isinstance(value, bool):
            told[name] = formatting.days(value) if language == "zh" else f"{formatting.number(value)} working days"
        elif language == "zh" and isinstance(value, str) and value.endswith("Z"):
            told[name] = formatting.deadline(parse_instant(value))
    return told
