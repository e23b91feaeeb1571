"""Why something was refused in the life of a demand, in words; codes are stable for ever (market.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

LIFE_CYCLE: Mapping[str, Phrase] = {
    "not_in_this_state": Phrase(
        "现在是“{state}”阶段，不能{action}[；可以在“{allowed_in}”阶段办理][；现在可以：{possible}]",
        "{action} is not possible at the stage {state}[; it is at {allowed_in}][; possible now: {possible}]",
    ),
    "no_confirmation_asked": Phrase("该选取无须机构确认中选", "This selection asks for no confirmation of an award"),
    "confirmed_already": Phrase("本机构已确认过该项中选", "The agency has confirmed this award before"),
    "enquiries_closed": Phrase("询问时间已过[（{until}）]", "The time for enquiries is over[ ({until})]"),
    "too_many_enquiries": Phrase(
        "本机构的询问次数已达上限[（每家 {most} 次）][，已询问 {asked} 次]；每家单独计数，互不占用",
        "This agency's enquiries are used up[: {most} each][, {asked} asked]; nobody uses up another's",
    ),
    "enquiry_answered_before": Phrase("该询问已答复", "This enquiry was answered before"),
    "terms_have_changed": Phrase(
        "选取条件已不是所确认的版本[（{changed_at} 变更）]，请按现行条件重新办理[；现行条件摘要 {terms_digest}]",
        "Other terms are in force[ since {changed_at}]; look at them and ask again[; their digest is {terms_digest}]",
    ),
    "offers_are_in": Phrase("已有机构响应，不能撤回，只能终止", "There are offers; it can only be cancelled"),
    "publicity_is_over": Phrase("公示期已过[（{until}）]", "The publicity is over[ ({until})]"),
    "objected_before": Phrase("已对该中选结果提出过异议", "This award was objected to by the same before"),
    "own_award": Phrase("不能对自己的中选结果提出异议", "Nobody objects to its own award"),
    "too_many_objections": Phrase("异议数量已达上限[（{most} 件）]", "There are too many objections[ ({most})]"),
    "remedy_needs_approver": Phrase(
        "取消中选须另有一名监管人员同意", "Taking an award away takes another regulator's consent"
    ),
    "award_objection_answered": Phrase("该异议已答复", "This objection was answered before"),
    "complaint_is_open": Phrase("已由监管部门处理投诉", "A regulator has the complaint"),
    "objection_is_over": Phrase("该异议已了结", "This objection is over"),
    "complained_before": Phrase("已就该异议投诉过", "There was a complaint about it before"),
    "answer_not_due": Phrase(
        "业主的答复期未满[（至 {answer_until}）]，暂不能投诉",
        "The owner may still answer[ until {answer_until}]; no complaint yet",
    ),
    "complaint_too_late": Phrase("投诉期限已过[（{until}）]", "The time to complain is over[ ({until})]"),
    "no_complaint_waits": Phrase("没有待受理的投诉", "No complaint waits to be accepted"),
    "no_complaint_accepted": Phrase("没有已受理、待处理的投诉", "No accepted complaint waits for a decision"),
    "annulled": Phrase("异议或投诉成立，选取作废", "Annulled: an objection or complaint was upheld"),
    "no_terms_to_change": Phrase(
        "该选取方式没有可变更的报价条件", "In this mode nobody offers; there is nothing to change"
    ),
    "rounds_under_way": Phrase(
        "竞价已开始[（{opened_at}）]，不能变更条件", "The rounds have begun[ ({opened_at})]; the terms stay"
    ),
    "change_needs_draw": Phrase(
        "变更后可能需要抽取，而原条件未约定抽取，须终止后重新发布",
        "The new terms may need a draw that nobody has committed to; publish the demand anew instead",
    ),
    "offer_does_not_fit": Phrase(
        "原报价不符合变更后的条件，请重新报价", "The offer does not fit the terms as they are now; place a new one"
    ),
    "not_reconfirmed": Phrase(
        "条件变更后未确认原报价，不计", "Not confirmed since the terms changed; it does not count"
    ),
    "role_not_allowed": Phrase("这一步由{roles}办理", "This step is taken by {roles}"),
}
"""Stages of a demand, enquiries, objections and complaints."""
