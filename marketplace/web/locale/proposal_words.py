"""What a proposal asks for, in words: names of the fields of the acts that two people decide, and of their values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "agency": "机构", "layer": "性质", "basis": "依据", "region": "地区", "ends_at": "限制至",
        "measures": "停止的行为", "items": "涉及事项", "fact": "所依据的信用信息", "notice": "事先告知书",
        "statement_answer": "对陈述申辩的答复", "restriction": "限制", "reason": "理由", "hold": "复核事项",
        "ruling": "认定", "inspection": "抽查", "selection": "选取", "objection": "异议", "finding": "认定",
        "answer": "答复", "remedy": "处理", "login": "登录名", "office": "岗位", "line": "条线",
    }
)  # fmt: skip
"""Fields."""

VALUES: Mapping[str, str] = MappingProxyType(
    {
        "statutory": "法定（有关机关的决定）", "market": "市场（平台规则与承诺）", "linked": "属关联规避",
        "unlinked": "未发现关联规避", "upheld": "成立",
        "dismissed": "不成立", "next": "由下一名递补", "annul": "撤销本次选取", "regulator": "监管",
        "operator": "运营", "auditor": "审计", "delegate": "代办员",
    }
)  # fmt: skip
"""Values of fields that are codes; others are shown as they were written."""
