"""Announcements (公告) in words: kinds, how one stands, why one was refused; codes are stable for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from marketplace.announcements.announcement import Announcement
from marketplace.web.locale.phrases import Phrase

KINDS: Mapping[str, str] = MappingProxyType(
    {"information": "通知", "maintenance": "系统维护", "rule_change": "规则变更"}
)
"""By code."""

ANNOUNCEMENTS: Mapping[str, Phrase] = MappingProxyType(
    {
        "announcement_ends_first": Phrase("结束时刻应晚于开始时刻", "It has to end after it begins"),
        "announcement_is_over": Phrase("结束时刻已过[（{until}）]", "Its time is over[ ({until})]"),
        "announcement_stands_too_long": Phrase(
            "公告最多显示 {most} 天，请提前结束时刻，到期可以另发", "It may stand for {most} days; end it earlier"
        ),
        "only_maintenance_has_hours": Phrase(
            "只有系统维护公告填写维护时间", "Only an announcement of maintenance has hours"
        ),
        "maintenance_hours_missing": Phrase(
            "系统维护公告应写明维护从何时开始、到何时结束", "Say from when until when the maintenance lasts"
        ),
        "maintenance_ends_first": Phrase("维护结束应晚于维护开始", "The maintenance has to end after it begins"),
        "announcement_corrected": Phrase(
            "该公告已更正[（{successor}）]，请从最新的一份办理", "It was corrected before[ by {successor}]"
        ),
        "announcement_taken_down": Phrase("该公告已撤下", "It was taken down before"),
    }
)
"""Reasons."""

ANNOUNCEMENT_DONE: Mapping[str, str] = MappingProxyType(
    {
        "announced": "公告已发布，各页面数秒内显示",
        "announcement_down": "公告已撤下，数秒内不再显示；原文和撤下的理由仍可查阅",
    }
)
"""What was just done, by code."""


def standing_of(one: Announcement, *, at: datetime) -> tuple[str, str]:
    """How it stands at that instant: a word and the tone of its tag."""
    if one.ended is not None and one.ended.at <= at:
        return ("已更正", "") if one.ended.kind == "corrected" else ("已撤下", "")
    if at < one.stretch.from_at:
        return "尚未开始", "accent"
    return ("公告中", "ok") if at < one.stretch.until else ("已结束", "")
