"""Names of codes: modes, states, kinds, units, rule values; an unknown code is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from marketplace.web.views.parts import DRAW_MODES, DemandState, Mode, takes_sign_up

MODES: Mapping[str, str] = {
    "comprehensive": "综合比选",
    "multi_round": "多轮竞价",
    "instant": "立等可取",
    "mean_price": "均价选取",
    "random_draw": "随机抽取",
    "credit_draw": "信用择优",
    "direct": "直接选取",
}
STATES: Mapping[str, tuple[str, str]] = {
    "draft": ("草稿", ""),
    "returned": ("已退回", "warn"),
    "published": ("征集中", "accent"),
    "offers_closed": ("报价已截止", ""),
    "evaluating": ("评审中", "accent"),
    "award_proposed": ("已提出结果", "warn"),
    "publicity": ("公示中", "warn"),
    "awarded": ("已中选", "ok"),
    "contracted": ("已签约", "ok"),
    "delivered": ("已交付", "ok"),
    "accepted": ("已验收", "ok"),
    "rated": ("已评价", "ok"),
    "archived": ("已归档", ""),
    "unsuccessful": ("未成立", ""),
    "cancelled": ("已终止", ""),
    "withdrawn": ("已撤回", ""),
    "suspended": ("已暂停", "warn"),
    "choosing": ("待业主择定", "warn"),
    "objected": ("异议处理中", "warn"),
    "confirming": ("待机构确认", "warn"),
    "covered": ("已用区域评估", "ok"),
    "discarded": ("已放弃", ""),
}
"""State → its word and the tone of its tag."""

BUYER_CLASSES = {"fiscal": "财政资金", "entrusted": "部门委托", "voluntary": "自愿选取"}
CRITERIA = {
    "price": "报价",
    "days": "服务期限",
    "credit": "信用",
    "grade": "资质等级",
    "experience": "类似业绩",
    "plan": "技术方案",
}
TIES = {
    "price": "报价低者优先",
    "days": "服务期限短者优先",
    "credit": "信用分高者优先",
    "received": "先报价者优先",
    "draw": "可验证抽取",
}
TIE_KINDS = {
    "legal_representative": "法定代表人",
    "controller": "实际控制人",
    "shareholder": "股东",
    "manager": "负责人",
    "practitioner": "执业人员",
    "address": "住所",
    "contact": "联系方式",
    "predecessor": "承继的机构",
}
HOLD_RULINGS = {"unlinked": "未发现关联规避", "linked": "属关联规避"}
ROUND_KINDS = {"open": "公开", "sealed": "密封"}
STEP_BASES = {"own": "比自己的有效报价", "leader": "比当前最优"}
INSTANT_RULES = {"cheapest": "价低者", "best_value": "综合得分高者", "draw": "可验证抽取"}
LAYERS = {"statutory": "法定", "market": "市场"}
MEASURES = {
    "sign_up": "报名",
    "offer": "报价",
    "shelf": "上架",
    "award": "中选",
    "contract": "签约",
    "new_item": "新增事项",
}
AGENCY_KINDS = {
    "company": "企业法人",
    "public_institution": "事业单位",
    "social_organisation": "社会组织",
    "sole_trader": "个体工商户",
}
STANDINGS = {"active": "在册", "suspended": "已暂停", "withdrawn": "已退出"}
"""机构状态."""
FILING_ANSWERS = {"rejected": "不成立", "corrected": "更正备案", "withdrawn": "撤回备案"}
"""答复备案异议."""
STATE_GROUPS = {"all": "全部状态", "open": "征集中", "decided": "已有结果", "failed": "未成立、终止、撤回"}
OUTCOMES = {"all": "全部结果", "award": "已中选、公示中", "unsuccessful": "未成立"}
FILTER_KEYS: Mapping[str, str] = {
    "q": "关键词",
    "from": "起始月份",
    "until": "截止月份",
    "data": "数据",
    "item": "服务事项",
    "city": "地区",
    "min": "最高限价不低于",
    "max": "最高限价不高于",
    "state": "状态",
    "mode": "选取方式",
    "ra": "只看区域评价",
    "outcome": "结果",
    "qualification": "资质种类",
    "grade": "资质等级",
    "offering": "登记的服务事项",
    "free": "只看未受限的",
    "after": "接续代码",
    "before": "接续代码",
    "restricted": "只看受限的",
    "layer": "性质",
    "page": "页码",
}
"""Names of a filter's values by their key in the address."""

ROLES = {"owner": "业主", "delegate": "代办员", "regulator": "监管部门", "operator": "运营机构", "system": "系统"}
"""Who did something, in public."""

TEXT_SEEN = {"yes": "已读原文", "partial": "已读部分", "title": "仅见标题", "no": "没有读过原文"}
"""Whether somebody read the text that a value is taken from; ``sources.seen_words`` knows our own defaults."""


def mode_name(mode: Mode) -> str:
    """选取方式 in words."""
    return MODES[mode]


def state_name(state: DemandState) -> str:
    """A state in words."""
    return STATES[state][0]


def state_tone(state: DemandState) -> str:
    """Tone of a state's tag: accent, ok, warn, bad or ""."""
    return STATES[state][1]


def amount_name(mode: Mode) -> str:
    """最高限价, or 公布金额 where nobody offers a price."""
    return "公布金额" if mode in DRAW_MODES else "最高限价"


def close_name(mode: Mode) -> str:
    """What ends at the close: offers, or sign-up where nobody offers."""
    return "抽取" if mode in DRAW_MODES else "报价截止"


def phase_name(state: DemandState, mode: Mode, sign_up_closes_at: datetime | None, at: datetime) -> str:
    """A published demand says what may be done now: 报名中, 密封报价中, 竞价中; other states their word."""
    if state in {"published", "offers_closed"} and mode in DRAW_MODES:
        is_open = state == "published" and sign_up_closes_at is not None and at < sign_up_closes_at
        return "报名中" if is_open else "待抽取"
    if state != "published":
        return STATES[state][0]
    if not takes_sign_up(mode):
        return "可立即选取" if mode == "instant" else "待业主选定"
    if sign_up_closes_at is not None and at < sign_up_closes_at:
        return "报名中"
    return "竞价中" if mode == "multi_round" else "密封报价中"


def measure_names(codes: tuple[str, ...]) -> str:
    """The acts a restriction stops, in words; none named means all of them."""
    return "、".join(MEASURES.get(code, code) for code in codes or tuple(MEASURES))
