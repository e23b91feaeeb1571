"""工作台: what is to be done, and of what somebody is told, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.web.locale.life_words import ACTIONS

TASKS: Mapping[str, str] = MappingProxyType(
    {
        "rule_hold": "认定关联复核",
        "answer_filing_objection": "答复备案异议",
        "answer_objection": "答复信用异议",
        "answer_case": "办结外来案件",
        "approve_proposal": "复核他人提出的事项",
        "pick_from_shortlist": "在小名单中择定",
    }
)
"""Acts that the life of a demand or a contract does not name, or names otherwise."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "selection": "选取过程",
        "award": "中选",
        "dispute": "异议与投诉",
        "contract": "合同履约",
        "credit": "信用",
        "job": "批量任务",
    }
)
"""Kinds of notifications."""

CHANNELS: Mapping[str, str] = MappingProxyType({"sms": "短信", "email": "电子邮件", "digest": "每日摘要"})
"""How somebody is told besides on the site."""

STAGES = ("发布", "报价", "中选公示", "履约交付", "评价归档")
"""The five stages of a project."""


def waiting_words(act: str) -> str:
    """What somebody else has to do, for whoever waits for it."""
    return f"等候：{task_words(act)}"


def task_words(act: str) -> str:
    """What is to be done."""
    return TASKS.get(act) or ACTIONS.get(act, act)
