"""What an owner does, in words: what was done, and what stands beside the choices of the wizard."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OWNER_DONE: Mapping[str, str] = MappingProxyType(
    {
        "draft_kept": "草稿已保存，请核对后发布",
        "demand_published": "需求已发布，条件自此冻结",
        "draft_changed": "草稿已修改",
        "draft_discarded": "草稿已放弃，内容留有记录",
        "lots_kept": "各标段草稿已保存",
        "notice_published": "标段公告已发布，各标段同时公开",
        "coverage_used": "已使用区域评价成果，本项不再另行委托",
        "instant_awarded": "已选定，中选通知书已生成",
        "enquiry_answered": "答复已公开",
        "demand_changed": "选取条件已变更，报名重新计时",
        "demand_withdrawn": "需求已撤回",
        "selection_suspended": "选取已暂停，各项期限停止计算",
        "selection_resumed": "选取已恢复，期限按暂停的时长顺延",
        "cancel_proposed": "终止申请已提交，待监管部门复核",
        "low_price_ruled": "低价说明已认定",
        "shortlist_picked": "已择定，进入公示",
        "awarded_directly": "已直接选定，进入公示",
        "award_objection_answered": "答复已公开",
        "answer_proposed": "拟答复成立，已提交监管部门复核；复核同意后公开并生效",
        "demand_published_again": "已再次发布",
        "contract_uploaded_here": "合同已上传，待机构确认",
        "result_accepted": "成果已验收",
        "result_returned": "成果已退回",
        "payment_noted": "付款已登记",
        "contract_rated": "评价已提交",
        "contract_archived": "合同已归档",
    }
)
"""By the code that the acts name."""

STEPS: tuple[tuple[str, str], ...] = (
    ("project", "项目"),
    ("about", "概况"),
    ("item", "事项"),
    ("mode", "方式"),
    ("terms", "条件"),
    ("clocks", "时限"),
)
"""Steps of the wizard, each one page; the check and the publication follow."""

MODE_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "comprehensive": "密封报价，按公布的权重打分：报价、期限、信用等",
        "multi_round": "公开竞价，几轮之后有效价最低者中选",
        "mean_price": "密封报价，离平均价最近者中选",
        "random_draw": "公布金额，报名机构中随机抽取",
        "credit_draw": "公布金额，信用高者中抽取小名单，由业主择定",
        "instant": "从上架报价中当即选定，不必报名",
        "direct": "直接指定一家，须说明理由并公开",
    }
)
"""One line under each way of selecting."""

PRESETS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "balanced": ("均衡：报价 50、期限 20、信用 30", {"w_price": "50", "w_days": "20", "w_credit": "30"}),
        "price": ("重价格：报价 70、期限 15、信用 15", {"w_price": "70", "w_days": "15", "w_credit": "15"}),
        "credit": ("重信用：报价 40、期限 20、信用 40", {"w_price": "40", "w_days": "20", "w_credit": "40"}),
    }
)
"""Weights to begin with, by name; what is not named is nothing."""

CHECKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "verified": ("已由投资项目审批平台核到，请核对以下信息。", "ok"),
        "unknown": ("审批平台没有这个代码，请核对代码后自行填写。", "warn"),
        "unverified": ("审批平台尚未答复，请自行填写；不影响发布，答复后公告上注明。", ""),
    }
)
"""What is known of a project code, and its tone."""
