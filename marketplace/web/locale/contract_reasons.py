"""Why something about a contract was refused, in words; codes are stable for ever (market.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

CONTRACTS: Mapping[str, Phrase] = {
    "contract_price_departs": Phrase(
        "合同金额与中选金额不一致，不得背离中选结果",
        "The amount departs from the award[: {given_fen} fen instead of {awarded_fen}]",
    ),
    "contract_days_depart": Phrase(
        "合同工期与中选结果不一致[：应为 {awarded_days}][：最多 {max_days}][，现为 {given_days}]",
        "The days depart from the award[: {awarded_days} awarded][: {max_days} at most][, given {given_days}]",
    ),
    "contract_terms_depart": Phrase(
        "未承诺合同的质量等条款与选取条件一致", "It is not stated that the terms of the selection are kept"
    ),
    "signed_on_to_come": Phrase("签订日期晚于今天[（{signed_on}）]", "The day of signing is to come[ ({signed_on})]"),
    "signed_before_award": Phrase(
        "签订日期早于中选之日[（{signed_on}）]", "It was signed before the award[ ({signed_on})]"
    ),
    "contract_not_uploaded": Phrase("合同尚未上传", "No contract was uploaded"),
    "upload_was_replaced": Phrase(
        "合同已重新上传[（第 {number} 版）]，请重新核对", "Another contract was uploaded since[ (no. {number})]"
    ),
    "own_upload": Phrase("自己上传的合同须由对方确认", "The other side confirms what one has uploaded"),
    "change_is_open": Phrase(
        "对方提出的变更[（第 {number} 号）]尚待答复", "A change of the other side waits[ (no. {number})]"
    ),
    "extension_changes_price": Phrase("延期不得改变金额", "More time does not change the price"),
    "extension_not_longer": Phrase(
        "延期后的工期须长于现工期[（{days}）][，现为 {given_days}]",
        "A longer time is longer than now[ ({days})][, given {given_days}]",
    ),
    "change_above_ceiling": Phrase(
        "变更后的金额超过需求的最高限价[（{ceiling_fen}）][，现为 {given_fen}]",
        "The changed amount is above the ceiling of the demand[ ({ceiling_fen})][, given {given_fen}]",
    ),
    "no_change_waits": Phrase("没有待答复的该号变更[（第 {number} 号）]", "No such change waits[ (no. {number})]"),
    "own_change": Phrase("自己提出的变更须由对方答复", "The other side answers what one has proposed"),
    "milestones_begun": Phrase("已有节点完成，不能重新编排", "A milestone was reached; they are not planned anew"),
    "milestone_after_due": Phrase(
        "节点日期[ {on} ]晚于合同工期[（至 {due_at}）]", "A milestone[ on {on}] lies behind the end[ ({due_at})]"
    ),
    "milestone_was_reached": Phrase("该节点已完成[（{reached_at}）]", "It was reached before[ ({reached_at})]"),
    "visit_is_past": Phrase("踏勘时间已过[（{meets_at}）]", "The visit lies in the past[ ({meets_at})]"),
    "visit_was_noted": Phrase("该次踏勘已有记录[（{held_at}）]", "This visit was noted before[ ({held_at})]"),
    "other_revision": Phrase(
        "成果已有新版本[（第 {revision} 版）]，请核对后再办", "Another revision is the last[ (no. {revision})]"
    ),
    "review_was_noted": Phrase("审查结果已登记[（{at}）]", "The review was recorded before[ ({at})]"),
    "day_to_come": Phrase("日期晚于今天[（{on}）]", "The day is to come[ ({on})]"),
    "termination_is_proposed": Phrase("对方已提出解除，请直接同意", "The other side has proposed it; agree to that"),
    "termination_not_proposed": Phrase("没有待同意的解除提议", "Nobody has proposed to end it"),
    "own_termination": Phrase("自己提出的解除须由对方同意", "The other side agrees to what one has proposed"),
    "rating_too_late": Phrase("评价期限已过[（{until}）]", "The time for a rating is over[ ({until})]"),
    "rating_was_answered": Phrase("已回应过该评价[（{answered_at}）]", "It was answered before[ ({answered_at})]"),
    "rating_answer_too_late": Phrase("回应期限已过[（{until}）]", "The time for an answer is over[ ({until})]"),
    "rating_is_awaited": Phrase("评价期限未满[（至 {until}）]，暂不归档", "A rating may still come[ until {until}]"),
    "rating_answer_is_awaited": Phrase(
        "机构回应期限未满[（至 {until}）]，暂不归档", "An answer to the rating may still come[ until {until}]"
    ),
}
"""Signing, keeping, ending and rating."""
