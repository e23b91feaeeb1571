"""Names of the record's events, as an index of papers lists them; one without a name is shown as its type."""

from __future__ import annotations

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "demand.posted": "需求起草",
    "demand.draft_changed": "草稿修改",
    "demand.discarded": "草稿放弃",
    "notice.discarded": "标段公告草稿放弃",
    "demand.published": "需求公告发布",
    "demand.published_again": "再次发布",
    "demand.coverage_used": "使用区域评估成果",
    "demand.annulled": "需求撤销",
    "selection.opened": "选取条件锁定",
    "selection.terms_changed": "选取条件变更",
    "selection.suspended": "选取暂停",
    "selection.resumed": "选取恢复",
    "selection.cancelled": "选取终止",
    "selection.decided": "选取决定",
    "selection.unsuccessful": "选取未成立",
    "selection.annulled": "选取结果撤销",
    "selection.withdrawn": "选取撤回",
    "bidder.admitted": "报名资格核对（通过）",
    "bidder.refused": "报名资格核对（未通过）",
    "bidders.related": "关联机构核对",
    "bidder.voided": "受限退出",
    "offer.placed": "报价",
    "offer.reconfirmed": "报价再次确认",
    "offers.not_reconfirmed": "报价未再次确认",
    "round.closed": "轮次截止",
    "plan_marks.locked": "方案评分锁定",
    "explanation.asked": "要求说明低价",
    "explanation.given": "低价说明",
    "explanation.ruled": "低价说明认定",
    "draw.announced": "抽取输入公布",
    "choice.asked": "交业主择定",
    "choice.made": "业主择定",
    "award.proposed": "中选结果",
    "award.abandoned": "放弃中选",
    "award.passed_over": "递补",
    "award.set_aside": "中选结果搁置",
    "confirmation.asked": "待机构确认",
    "confirmation.given": "机构确认",
    "objection.raised": "异议",
    "objection.answered": "异议答复",
    "objection.withdrawn": "异议撤回",
    "complaint.lodged": "投诉",
    "complaint.accepted": "投诉受理",
    "complaint.decided": "投诉处理决定",
    "enquiry.asked": "询问",
    "enquiry.answered": "询问答复",
    "shelf_offer.taken": "上架报价成交",
    "lot.waits": "等待前面标段",
}


def event_name(type: str) -> str:
    """The name of an event's type."""
    return EVENTS.get(type, type)
