"""Values of a rule profile in words: what each is called, and its number with the unit spelled out."""

from __future__ import annotations

from marketplace.web import formatting
from marketplace.web.locale.names import BUYER_CLASSES, MODES
from marketplace.web.views.about import RuleUnit, RuleValue

_COUNTED = {
    "workdays": "个工作日",
    "days": "日",
    "minutes": "分钟",
    "seconds": "秒",
    "bidders": "家",
    "rounds": "轮",
}


RULE_KEYS = {
    "sign_up": "报名时间，至少",
    "offers": "报名截止后留给报价的时间，至少",
    "minimum_bidders_comprehensive": "综合比选最少家数",
    "minimum_bidders_multi_round": "多轮竞价最少家数",
    "minimum_bidders_mean_price": "均价选取最少家数",
    "minimum_bidders_random_draw": "随机抽取最少家数",
    "minimum_bidders_credit_draw": "信用择优最少家数",
    "owner_choice": "业主在小名单中择定的期限",
    "direct_fiscal": "财政资金业主直接选取",
    "direct_entrusted": "受托采购部门直接选取",
    "direct_voluntary": "自愿入场业主直接选取",
    "minimum_bidders_instant": "立等可取最少家数",
    "minimum_bidders_voluntary": "自愿选取的最少家数",
    "rounds": "竞价轮数",
    "round_length": "每轮时长",
    "round_break": "轮间休息",
    "rounds_open_from": "轮次最早开始（当日）",
    "rounds_open_until": "轮次最晚开始（当日）",
    "publicity": "中选公示",
    "publicity_voluntary": "自愿选取的公示",
    "award_confirmation": "机构确认中选的期限",
    "enquiry_answer": "业主答复询问的期限",
    "award_objection_answer": "业主答复中选异议的期限",
    "complaint": "对异议答复投诉的期限",
    "complaint_acceptance": "监管部门受理投诉的期限",
    "complaint_decision": "监管部门处理投诉的期限",
    "filing_objection": "备案异议期",
    "filing_objection_answer": "备案异议答复期限",
    "low_price_explanation": "低价说明期限",
    "hold_review": "关联信息待核的处理期限",
    "public_tender_from": "须公开招标的合同估算价，起",
    "public_tender_fiscal": "达到招标限额的不得在此选取：财政资金",
    "public_tender_entrusted": "达到招标限额的不得在此选取：部门委托",
    "public_tender_voluntary": "达到招标限额的不得在此选取：自愿选取",
    "project_total_general": "项目审批总时限",
    "project_total_pledged": "项目审批总时限（“标准地”承诺制）",
    "contract_signing": "签订合同的期限",
    "contract_upload": "上传合同的期限",
    "contract_confirmation": "对方确认合同的期限",
    "contract_day": "服务期限的一日按",
    "acceptance": "业主验收的期限",
    "acceptance_reminder": "交付后提醒业主验收",
    "rating": "评价的期限",
    "rating_answer": "机构回应评价的期限",
}
"""What each value is called by its key; those that allow a mode are named by ``rule_key_name``."""


def rule_key_name(code: str) -> str:
    """The name of a rule's key; a key that nobody named as it is."""
    mode, _, buyer = code.removeprefix("mode_").rpartition("_")
    if code.startswith("mode_") and mode in MODES and buyer in BUYER_CLASSES:
        return f"{MODES[mode]}：{BUYER_CLASSES[buyer]}"
    return RULE_KEYS.get(code, code)


def rule_value_words(one: RuleValue) -> str:
    """A value with its unit; text as it is, none as 不设."""
    value = one.value
    if value is None:
        return "不设"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else _number_words(value, one.unit)


def _number_words(value: int, unit: RuleUnit) -> str:
    match unit:
        case "minute_of_day":
            words = f"{value // 60}:{value % 60:02d}"
        case "yes_no":
            words = "允许" if value else "不允许"
        case "basis_points":
            words = f"{formatting.percent(value)}%"
        case "fen":
            words = formatting.yuan(value)
        case "hundredths":
            words = f"{formatting.points(value)} 分"
        case "count" | "text":
            words = formatting.number(value)
        case counted:
            words = f"{formatting.number(value)} {_COUNTED[counted]}"
    return words
