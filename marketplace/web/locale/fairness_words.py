"""公平性检查 in words: the conditions that whittle agencies down, the checks, the scope of what is similar."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "具备法定资质",
        "grade": "资质达到法定等级",
        "validity": "资质在截止日有效",
        "restrictions": "没有受到限制",
        "recusals": "不须回避",
    }
)
"""By the code of ``demands.reach``."""

SCOPES: Mapping[str, str] = MappingProxyType({"county": "本县（市、区）", "city": "本市", "province": "全省"})

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "qualification": "资质",
        "certificate": "体系认证、荣誉",
        "turnover": "营业额",
        "performance": "业绩",
        "roster": "已入其他名录",
        "capital": "注册资本",
        "registered_in": "在某地注册",
        "branch_in": "在某地设分支机构",
        "tax_in": "在某地纳税",
        "local_award": "在某地获奖",
        "local_performance": "在某地有业绩",
        "local_staff": "在某地有人员社保",
    }
)
"""Kinds of conditions that owners think of (``catalogue.conditions``)."""

STATES: Mapping[str, str] = MappingProxyType({"ok": "通过", "warn": "建议修改", "bad": "必须修改"})
