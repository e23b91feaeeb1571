"""Pages of regulators in words: what was done, which queues there are, why something cannot be done twice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REGULATING_DONE: Mapping[str, str] = MappingProxyType(
    {
        "act_proposed": "已提交，待第二人审批；批准前不产生任何效果",
        "restriction_noticed": "事先告知书已送达，陈述申辩期开始计算",
        "fact_recorded": "信用信息已记录",
        "objection_answered": "信用异议已答复，信用分与限制已重新计算",
        "repair_refused": "已不予修复，理由已告知机构",
        "repair_approved": "已同意修复；两名监管人员都同意后即时生效",
        "filing_answered": "备案异议已答复",
        "complaint_ruled": "投诉受理意见已公布",
        "complaint_decided": "投诉处理决定已提交：须第二人同意的，审批后公布",
        "hold_ruled": "关联复核的认定已提交：认定无关联的即时生效，认定属关联的待第二人审批",
        "inspections_planned": "年度抽查计划已公布",
        "inspection_announced": "抽查名录已公布，等待抽取",
        "inspection_drawn": "已抽取，输入与结果已公布",
        "finding_recorded": "检查结果已公布并记入信用",
    }
)
"""By code."""

QUEUES: Mapping[str, str] = MappingProxyType(
    {
        "repair": "信用修复", "objection": "信用异议", "filing": "备案异议", "hearing": "告知与听取陈述",
        "hold": "关联复核", "complaint": "投诉", "other": "其他",
    }
)  # fmt: skip
"""Kinds of matters, in their order."""

QUEUE_OF: Mapping[str, str] = MappingProxyType(
    {
        "grant_repair": "repair", "answer_objection": "objection", "answer_filing_objection": "filing",
        "restrict_agency": "hearing", "rule_hold": "hold", "accept_complaint": "complaint",
        "decide_complaint": "complaint",
    }
)  # fmt: skip
"""The kind of a matter, by the act that ends it."""

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "grant_repair": "审核信用修复", "answer_objection": "答复信用异议", "answer_filing_objection": "答复备案异议",
        "restrict_agency": "告知后作出决定", "rule_hold": "认定关联复核", "accept_complaint": "决定是否受理投诉",
        "decide_complaint": "作出投诉处理决定", "answer_case": "办结外来案件", "approve_proposal": "复核他人提出的事项",
    }
)  # fmt: skip
"""What is to be done."""

FACT_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "counts": ("计分中", "warn"), "revoked": ("已撤销", ""), "repaired": ("已修复", "ok"),
        "expired": ("已到期", ""),
    }
)  # fmt: skip
"""How a fact stands: its word and the tone of its tag."""

FINDINGS: Mapping[str, str] = MappingProxyType({"dismissed": "不成立", "upheld": "成立"})
"""Findings."""
