"""What happened, in words, for timelines; ``TONES`` says which mark stands before an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from marketplace.web.locale.names import ROLES
from marketplace.web.locale.phrases import Language, Phrase, unknown
from marketplace.web.views.parts import TimelineEntry

Tone = Literal["plus", "minus", "open", ""]

HAPPENINGS: Mapping[str, Phrase] = {
    "demand_published": Phrase(
        "发布需求，选取条件随公告锁定[；已有区域评估成果仍发布的理由：{reason}]",
        "Published; the terms are frozen[; though a regional assessment stands for it: {reason}]",
    ),
    "terms_changed": Phrase(
        "选取条件变更，报名时间重新计算，此前的响应须经确认方为有效[；理由：{reason}]",
        "Terms changed; the clock starts again, earlier offers count once they are confirmed[: {reason}]",
    ),
    "offers_not_reconfirmed": Phrase(
        "{count} 家未在变更后确认原响应，不计", "{count} did not confirm since the terms changed and do not count"
    ),
    "confirmation_asked": Phrase("请[{name}]确认中选[，期限 {until}]", "[{name}: ]asked to confirm[ until {until}]"),
    "confirmation_given": Phrase("[{name}]确认中选", "[{name}: ]award confirmed by the agency"),
    "award_lapsed": Phrase(
        "[{name}]逾期未确认，视为放弃中选", "[{name}: ]not confirmed in time; the award is given up"
    ),
    "award_set_aside": Phrase("[{name}]的中选资格取消[：{reason}]", "[{name}: ]award set aside[: {reason}]"),
    "objection_raised": Phrase(
        "收到第 {number} 号异议[：{reason}][；{until} 前答复]", "Objection no. {number}[: {reason}][; due {until}]"
    ),
    "objection_dismissed": Phrase(
        "业主答复第 {number} 号异议：不成立[；{reason}][；{until} 前可投诉]",
        "Objection no. {number} dismissed[: {reason}][; a complaint may follow until {until}]",
    ),
    "objection_upheld": Phrase(
        "业主答复第 {number} 号异议：成立[；{reason}]", "Objection no. {number} upheld[: {reason}]"
    ),
    "objection_withdrawn": Phrase("第 {number} 号异议撤回", "Objection no. {number} withdrawn"),
    "complaint_lodged": Phrase(
        "就第 {number} 号异议投诉[：{reason}][；{until} 前受理]", "Complaint on no. {number}[: {reason}][; due {until}]"
    ),
    "complaint_accepted": Phrase(
        "投诉受理（第 {number} 号）[；{until} 前处理]", "Complaint on no. {number} accepted[; due {until}]"
    ),
    "complaint_refused": Phrase(
        "投诉不予受理（第 {number} 号）[：{reason}]", "Complaint on no. {number} not accepted[: {reason}]"
    ),
    "complaint_dismissed": Phrase(
        "投诉不成立（第 {number} 号）[：{reason}]", "Complaint on no. {number} dismissed[: {reason}]"
    ),
    "complaint_upheld": Phrase(
        "投诉成立（第 {number} 号）[：{reason}]", "Complaint on no. {number} upheld[: {reason}]"
    ),
    "annulled": Phrase("选取作废[：{reason}]", "Annulled[: {reason}]"),
    "demand_republished": Phrase(
        "再次发布[（第 {publication} 次）][：{reason}]", "Published again[ (no. {publication})][: {reason}]"
    ),
    "sign_up_closed": Phrase(
        "报名截止[；{signed_up} 家报名][，{refused} 家未通过资格核对]",
        "Sign-up closed[; {signed_up} signed up][, {refused} refused]",
    ),
    "offers_closed": Phrase("报价截止[；收到 {offers} 份报价]", "Offers closed[; {offers} received]"),
    "plan_marks_locked": Phrase(
        "[{reviewers} 位评审的]方案评分锁定，此时报价尚未开启", "Marks locked before prices were opened"
    ),
    "offers_opened": Phrase("开启报价，自动计算", "Offers opened and computed"),
    "round_opened": Phrase("第 {round} 轮开始", "Round {round} opened"),
    "round_extended": Phrase(
        "第 {round} 轮截止前有新报价，顺延至 {closes_at}", "Round {round} extended to {closes_at}"
    ),
    "round_closed": Phrase(
        "第 {round} 轮截止[，{alive} 家有效][，{eliminated} 家未入围]",
        "Round {round} closed[, {alive} alive][, {eliminated} out]",
    ),
    "bidder_voided": Phrase("[{name}]受限，不再参加本次选取", "[{name}: ]restricted; the offer is void"),
    "draw_inputs_fixed": Phrase("抽取输入公布，任何人可重算", "Draw inputs published"),
    "explanation_asked": Phrase(
        "报价异常低，请[{name}]说明[，期限 {until}]", "Abnormally low price: [{name} ]asked to explain[ until {until}]"
    ),
    "explanation_given": Phrase("[{name}]提交低价说明", "[{name}: ]explanation given"),
    "explanation_accepted": Phrase(
        "[{name}]的低价说明被采纳[：{reason}]", "[{name}: ]explanation accepted[: {reason}]"
    ),
    "explanation_rejected": Phrase(
        "[{name}]的低价说明未采纳[：{reason}]", "[{name}: ]explanation rejected[: {reason}]"
    ),
    "explanation_missing": Phrase("[{name}]逾期未说明，报价不计", "[{name}: ]no explanation in time; the offer is out"),
    "choice_asked": Phrase(
        "小名单抽出，由业主择定[，期限 {until}]", "Short list drawn; the owner picks[ until {until}]"
    ),
    "choice_made": Phrase("业主选定[：{name}][；理由：{reason}]", "The owner picked[ {name}][: {reason}]"),
    "choice_by_silence": Phrase(
        "业主逾期未选，由小名单第一名中选[：{name}]", "No pick in time; the first of the short list stands[: {name}]"
    ),
    "award_proposed": Phrase("提出中选结果[：{name}]", "Award proposed[: {name}]"),
    "publicity": Phrase(
        "公示[ {workdays} 个工作日]，期间可提出异议", "Publicity[ of {workdays} working days]; objections may be raised"
    ),
    "awarded": Phrase("公示期满，中选生效", "Publicity over; awarded"),
    "instant_awarded": Phrase("立等可取：业主确认，中选通知书即时生成", "Instant award confirmed by the owner"),
    "lot_waits": Phrase("已截止，等前面的标段先有结果", "Closed; waits for an earlier lot"),
    "award_passed_over": Phrase(
        "[{name}]已达中选标段的上限，由下一名递补", "[{name}: ]holds as many lots as one may; the next follows"
    ),
    "award_passed_over_own_work": Phrase(
        "[{name}]已承接同一项目中不能由同一机构办理的事项（回避），由下一名递补",
        "[{name}: ]has work of the project that one agency may not both do and judge; the next follows",
    ),
    "award_abandoned": Phrase("[{name}]放弃中选[：{reason}]", "[{name}: ]award abandoned[: {reason}]"),
    "next_proposed": Phrase("前一名不再中选，由下一名递补[：{name}]", "The next in the ranking is proposed[: {name}]"),
    "unsuccessful": Phrase("选取未成立（流标）", "Unsuccessful"),
    "cancelled": Phrase("[{by}]终止选取[；理由：{reason}]", "Cancelled[ by the {by}][: {reason}]"),
    "withdrawn": Phrase("需求撤回[：{reason}]", "Withdrawn[: {reason}]"),
    "suspended": Phrase(
        "[{by}]暂停选取，期间不计时[；理由：{reason}]", "Suspended[ by the {by}]; no clock runs[: {reason}]"
    ),
    "resumed": Phrase(
        "[{by}]恢复选取，后续期限顺延[；理由：{reason}]", "Resumed[ by the {by}]; later ends move on[: {reason}]"
    ),
    "contracted": Phrase("签订合同", "Contract signed"),
    "agency_filed": Phrase("备案生效，全省公开", "Filed, in force in the whole province"),
    "agency_changed": Phrase(
        "信息变更[：名称由{name_from}改为{name}][；类型由{kind_from}改为{kind}][；注册地由{region_from}改为{region}][；联系方式{contact}][；理由：{reason}]",
        "Changed[: name from {name_from} to {name}][; kind from {kind_from} to {kind}]"
        "[; place from {region_from} to {region}][; contact {contact}][; reason: {reason}]",
    ),
    "agency_suspended": Phrase(
        "机构暂停，不再承接新业务[：{reason}][；撤下上架报价 {shelf_offers_withdrawn} 份]",
        "Stands back, begins nothing new[: {reason}][; {shelf_offers_withdrawn} shelf offers taken down]",
    ),
    "agency_withdrawn": Phrase(
        "机构退出[：{reason}][；撤下上架报价 {shelf_offers_withdrawn} 份]",
        "Withdrawn[: {reason}][; {shelf_offers_withdrawn} shelf offers taken down]",
    ),
    "agency_returned": Phrase("机构恢复[：{reason}]", "Returned[: {reason}]"),
    "filing_objected": Phrase(
        "收到备案异议，备案不停止[：{reason}]", "Filing objected to; it stays in force[: {reason}]"
    ),
    "filing_objection_answered": Phrase(
        "答复备案异议[：{answer}][；{reason}]", "Filing objection answered[: {answer}][; {reason}]"
    ),
    "qualification_corrected": Phrase(
        "资质更正[：{kind}][（{grade}）][；{reason}]", "Qualification corrected[: {kind}][ ({grade})][; {reason}]"
    ),
    "qualification_renewed": Phrase(
        "资质延续[：{kind}][（{grade}）][；{reason}]", "Qualification renewed[: {kind}][ ({grade})][; {reason}]"
    ),
    "qualification_withdrawn": Phrase(
        "资质注销[：{kind}][（{grade}）][；{reason}]", "Qualification withdrawn[: {kind}][ ({grade})][; {reason}]"
    ),
    "qualification_revoked": Phrase(
        "资质撤销[：{kind}][（{grade}）][；{reason}]", "Qualification revoked[: {kind}][ ({grade})][; {reason}]"
    ),
    "item_offered": Phrase("登记服务事项[：{item}]", "Item stated[: {item}]"),
    "item_stopped": Phrase("停止服务事项[：{item}]", "Item no longer served[: {item}]"),
    "qualification_added": Phrase("登记资质[：{kind}][（{grade}）]", "Qualification added[: {kind}][ ({grade})]"),
    "qualification_expired": Phrase("资质到期[：{kind}][（{grade}）]", "Qualification expired[: {kind}][ ({grade})]"),
    "shelf_offer_placed": Phrase(
        "上架报价[：{item}][，{unit_price_fen}]", "Shelf offer placed[: {item}][, {unit_price_fen}]"
    ),
    "shelf_offer_withdrawn": Phrase("上架报价撤下[：{item}]", "Shelf offer withdrawn[: {item}]"),
    "won": Phrase("中选[：{title}][，{price_fen}]", "Won[: {title}][, {price_fen}]"),
    "credit_fact_recorded": Phrase("信用计分[：{basis}][，{points}]", "Credit fact recorded[: {basis}][, {points}]"),
    "authority_line_left_waiting": Phrase(
        "备案前收到的一条行政决定未能适用，待收到新的文件后再核对",
        "A line of an authority received before the filing could not be applied; looked at again with further files",
    ),
    "restricted": Phrase("失信限制生效[：{basis}]", "Restricted[: {basis}]"),
    "restriction_ended": Phrase("限制期满", "Restriction over"),
    "restriction_lifted": Phrase("限制提前解除", "Restriction lifted"),
    "held_for_review": Phrase(
        "与受限机构 {linked_to} 存在关联，待核查", "Held for review: linked to the restricted {linked_to}"
    ),
    "hold_ruled": Phrase("关联核查结论[：{ruling}][；{reason}]", "Review ruled[: {ruling}][; {reason}]"),
    "relations_stated": Phrase("申报关联信息", "Relations stated"),
    "practitioner_claimed": Phrase("登记执业人员[：{shown}]", "Practitioner claimed[: {shown}]"),
    "practitioner_contested": Phrase(
        "另一机构登记了本机构执业人员[：{shown}]", "Another agency claims a practitioner[: {shown}]"
    ),
    "practitioner_active": Phrase("执业登记生效[：{shown}]", "The claim on a practitioner is active[: {shown}]"),
    "practitioner_left": Phrase("执业登记注销[：{shown}]", "A practitioner has left[: {shown}]"),
    "restriction_repaired": Phrase("信用修复，限制解除[：{basis}]", "Repaired; restriction lifted[: {basis}]"),
}
"""Wording by code."""

TONES: Mapping[str, Tone] = {
    "demand_published": "plus",
    "agency_filed": "plus",
    "awarded": "plus",
    "instant_awarded": "plus",
    "won": "plus",
    "restriction_lifted": "plus",
    "restriction_repaired": "plus",
    "publicity": "open",
    "suspended": "open",
    "terms_changed": "open",
    "choice_asked": "open",
    "lot_waits": "open",
    "choice_made": "plus",
    "unsuccessful": "minus",
    "cancelled": "minus",
    "withdrawn": "minus",
    "bidder_voided": "minus",
    "award_abandoned": "minus",
    "award_lapsed": "minus",
    "award_set_aside": "minus",
    "annulled": "minus",
    "confirmation_asked": "open",
    "confirmation_given": "plus",
    "objection_raised": "open",
    "complaint_lodged": "open",
    "complaint_accepted": "open",
    "explanation_asked": "open",
    "explanation_rejected": "minus",
    "explanation_missing": "minus",
    "restricted": "minus",
    "agency_returned": "plus",
    "agency_suspended": "open",
    "agency_withdrawn": "minus",
    "filing_objected": "open",
    "qualification_renewed": "plus",
    "qualification_withdrawn": "minus",
    "qualification_revoked": "minus",
    "held_for_review": "open",
    "practitioner_contested": "open",
    "qualification_expired": "minus",
}
"""Marks by code; the text says the same, the mark only repeats it."""


def happening_text(entry: TimelineEntry, language: Language = "zh") -> str:
    """An entry as a sentence; a code without wording is shown as it is."""
    phrase, params = HAPPENINGS.get(entry.what), dict(entry.params)
    if language == "zh" and "by" in params:
        params["by"] = ROLES.get(str(params["by"]), params["by"])
    delegate = params.pop("delegate", None)
    said = phrase.say(params, language) if phrase else unknown(entry.what, entry.params, language)
    if delegate is None:
        return said
    return said + (f"（由代办员 {delegate} 代办）" if language == "zh" else f" (by the delegate {delegate})")


def tone(entry: TimelineEntry) -> Tone:
    """The mark before an entry; a credit fact has that of its points."""
    points = entry.params.get("points")
    if isinstance(points, int) and points:
        return "plus" if points > 0 else "minus"
    return TONES.get(entry.what, "")
