"""What stable codes of failures say in Chinese and in English; codes are stable for ever.

Whoever raises a failure gives it English words with its numbers, and pages give a fault Chinese ones: those are said
where they are of the language asked for, else the words of the code that stand here. Invariant: a code has both
languages; a test walks over every code there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from commons.errors import Fault
from marketplace.web.locale import case_faults
from marketplace.web.locale.account_words import WORDS
from marketplace.web.locale.agency_act_words import CONFLICTS
from marketplace.web.locale.phrases import Language

_CHINESE = re.compile(r"[\u3400-\u9fff]")

_DENIALS: Mapping[str, str] = MappingProxyType(
    {
        "account_changed": "账号刚刚有变动，请重新查看",
        "actor_malformed": "看不懂是谁在办理",
        "actor_missing": "请先登录，或提供令牌",
        "already_decided": "选取已有结果，不能再定一次",
        "already_drawn": "同一事项只抽取一次",
        "already_published": "需求已经发布，条件不再改动",
        "award_passed_on": "所异议的中选已由另一家递补",
        "case_answered": "这一件已经办结",
        "coverage_is_over": "这项区域评估覆盖已经结束",
        "development_header": "开发用的身份标头只在开发模式下有效",
        "finding_was_recorded": "这次检查的结果已经登记",
        "desk_changed": "这个咨询窗口刚刚有改动，请重新查看后再改",
        "too_many_desks": "咨询窗口已达上限",
        "no_help_desk": "没有这个咨询窗口，或已经删除",
        "first_has_changed": "排在第一的机构或报价刚刚有变，请重新查看后再确认",
        "host_not_loopback": "开发模式下只在本机地址提供服务",
        "host_unknown": "本站不在这个地址",
        "idempotency_key_length": "幂等键的长度不符合要求",
        "inspection_was_voided": "已作废的抽查须重新公布名录，使用新的随机数",
        "market_not_empty": "市场里已有记录，不能装入示例",
        "no_mandate": "这位业主没有委托您办理",
        "not_a_draft": "这宗需求已不是草稿",
        "not_direct": "只有直接选取才由业主指定机构",
        "not_instant": "只有已发布的立等可取需求可以当场选定",
        "nothing_to_try": "由业主直接选取，没有可以重新计算的",
        "notice_used": "这份告知已经据以作出限制",
        "offer_is_running": "报价正在受理",
        "provider_failed": "统一身份认证没有完成登录",
        "published_again_already": "这宗需求刚刚已被再次发布",
        "published_with_notice": "标段随其公告一起发布",
        "selection_cancelled": "选取已终止",
        "selection_suspended": "选取已暂停，恢复后再办理",
        "signature_is_wrong": "文件不是由这一数据源签名的",
        "signature_missing": "缺少签名、编号或时间",
        "signature_stale": "签名的时间太早，或对方时钟不准",
        "signature_wrong": "请求不是由这一对接单位签名的",
        "token_malformed": "Authorization 应为 Bearer 加令牌",
        "token_over": "没有这个令牌，或已经失效",
        "token_scope": "这个令牌不能办理这一事项",
        "too_many_offers": "报价次数已达上限",
        "too_many_streams": "打开的直播间太多，请稍后再试",
        "too_many_webhooks": "订阅数量已达上限",
        "unknown_feed": "没有配置这一数据源的公钥",
        "malformed": "请求里有看不懂的内容",
        "method_not_allowed": "这个地址不支持这种请求",
        "too_large": "发来的内容太大",
        "media_type": "请以 application/json、UTF-8 发送",
        "not_found": "没有这个地址",
        "forbidden": "不能这样做",
        "conflict": "与已有的记录冲突",
        "too_often": "尝试次数过多，请稍后再试",
        "outcome_unknown": "不知道是否办成；请用同一个幂等键再问一次",
        "unavailable": "没有办理，请稍后重试",
        "unexpected": "这里不多说明；日志中以编号可查",
    }
)
"""Denials, conflicts and failures of the outside that no form says in words of its own."""

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "another_id": "签名的编号应与消息的编号一致",
        "attachments": "附件太多，或有重复",
        "before_another": "该区域已有在其之后施行的版本",
        "before_since": "截止日不能早于起始日",
        "before_version": "早于版本施行的日期",
        "both_ways": "只能从一个位置接续",
        "ceiling_differs": "变更方式时最高限价不变",
        "changes_nothing": "一个版本至少改动一行",
        "closes_with_sign_up": "抽取在报名截止时进行",
        "day_missing": "节点和日期应一起填写",
        "day_to_come": "决定的日期还没有到",
        "days_missing": "条件要求填写服务期限",
        "elsewhere": "在另一个区域",
        "extra_forbidden": "没有这一项",
        "form": "表单看不懂",
        "frozen_instance": "不能修改",
        "greater_than": "数值太小",
        "greater_than_equal": "数值太小",
        "idempotency_key_reserved": "幂等键不能以本站自用的字样开头",
        "in_the_future": "不能晚于今天",
        "in_the_past": "不能早于现在",
        "instant": "应为时间",
        "int_type": "应为整数",
        "item_twice": "事项已在列表中",
        "joint_not_instant": "上架报价只针对一个事项",
        "kind_missing": "等级须与资质种类一起填写",
        "less_than": "数值太大",
        "less_than_equal": "数值太大",
        "bool_type": "应为 true 或 false",
        "date_from_datetime_parsing": "应为日期",
        "date_type": "应为日期",
        "dict_type": "应为对象",
        "list_type": "应为列表",
        "literal_error": "不是可以用的值",
        "lot_cap_differs": "中标段数上限随公告，不能另改",
        "lot_cap_never_binds": "上限不起作用，请去掉",
        "lot_cap_without_notice": "中标段数上限属于公告",
        "lot_mode_not_allowed": "标段不能当场选定",
        "malformed": "格式不对",
        "missing": "缺少这一项",
        "mode_differs": "两次流标后才能变更方式",
        "model_attributes_type": "应为对象",
        "model_type": "应为对象",
        "named_twice": "每人只列一次",
        "no_clock_here": "这种方式没有时限",
        "no_lines": "文件没有内容",
        "no_reason": "应为代码、空格、理由",
        "nonce_missing": "条件可能需要抽取：请给出 64 位十六进制随机数",
        "nonce_not_asked": "这里随机数随报价提交",
        "nonce_used": "每个标段使用自己的随机数",
        "not_a_choice": "不是可以选择的值",
        "not_a_code": "不是有效的代码",
        "not_a_coordinate": "应为经纬度",
        "not_a_day": "应为日期：YYYY-MM-DD",
        "not_a_grade": "该资质没有这个等级",
        "not_a_month": "应为月份，如 2026-01",
        "not_a_page": "页码不对",
        "not_a_place": "不是这个列表里的位置",
        "not_a_polygon": "应为 GeoJSON 多边形",
        "not_a_position": "位置应为 [经度, 纬度]",
        "not_a_query": "不是地址中的查询条件",
        "not_an_amount": "应为金额",
        "not_asked": "这里不填写这一项",
        "not_committed": "与先前承诺的不一致",
        "not_geojson": "应为 GeoJSON 多边形",
        "not_instant": "应为北京时间，如 2026-12-01T00:00",
        "not_overlaid": "该区域没有自己的这一项",
        "not_regional": "这一事项不做区域评估",
        "not_simple": "图形自相交或不完整",
        "not_unique": "代码为空或重复",
        "nothing_stated": "至少填写一项",
        "nothing_to_split": "只有合并委托的价格才分到各事项",
        "null_character": "不能含有空字符",
        "one_each": "每个部门各一份",
        "one_lot": "至少两个标段",
        "other_mode": "是另一种选取方式",
        "out_of_bounds": "超出范围",
        "out_of_order": "结束应晚于开始",
        "owner_differs": "业主不能改变",
        "parameter": "参数缺少或类型不对",
        "project_code_region": "项目代码中的区划不对",
        "project_code_shape": "项目代码应如 2610-330304-04-01-104270",
        "project_code_time": "项目代码中的年月不对",
        "project_differs": "一份公告只对应一个项目",
        "quantity_differs": "条件与需求的数量应一致",
        "range_reversed": "上限不能低于下限",
        "recused_twice": "该机构已在列表中",
        "region": "区域不对",
        "request": "请求看不懂",
        "required": "须写明理由",
        "ring_not_closed": "边界至少四个点，首尾相同",
        "role": "没有这种身份",
        "second_person_needed": "须由另一人同意",
        "string_pattern_mismatch": "格式不对",
        "string_too_long": "太长",
        "string_too_short": "太短",
        "string_type": "应为文字",
        "too_long": "太长",
        "too_many_lines": "行数太多",
        "too_many_rows": "行数太多",
        "too_short": "太少",
        "tuple_type": "应为列表",
        "two_identities": "只能用一种方式说明身份",
        "union_tag_invalid": "不是可以用的值",
        "union_tag_not_found": "缺少种类",
        "unit_differs": "单位不对",
        "unknown_act": "这一身份没有这一事项",
        "unknown_department": "检查人员应属于计划中的部门",
        "unknown_grade": "没有这个等级",
        "unknown_item": "目录中没有这一事项",
        "unknown_qualification_kind": "目录中没有这种资质",
        "unknown_region": "不是本省的行政区划",
        "unknown_rule": "没有这条规则",
        "unknown_type": "没有这种事件",
        "unknown_version": "没有这个版本",
        "uscc_characters": "统一社会信用代码的字符不对",
        "uscc_check": "统一社会信用代码的校验位不对",
        "uscc_length": "统一社会信用代码为 18 位",
        "validity_is_empty": "失效应晚于生效",
        "value_error": "不符合要求",
    }
)  # fmt: skip
"""Faults of an input, where no form says them with its field's name."""

FAULTS_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "both_ways": "a page goes on from one place",
        "instant": "Beijing time, as 2026-11-20T09:00",
        "kind_missing": "choose the kind of qualification first",
        "not_a_choice": "there is no such choice",
        "not_a_code": "not a code",
        "not_a_month": "a month, as 2026-01",
        "not_a_page": "not a page number",
        "not_a_place": "not a place in this list",
        "not_an_amount": "an amount in ten thousand yuan, as 12.5",
        "null_character": "text may not hold U+0000",
        "range_reversed": "the upper bound may not lie below the lower one",
        "role": "there is no such role",
        "string_too_long": "too long",
        "too_long": "too long",
        "unknown_region": "not a division of the province",
    }
)
"""Those that pages say in Chinese."""


def denial_words(code: str, detail: str, language: Language) -> str:
    """What a denial, a conflict or a failure says: in English whoever raised it, in Chinese its code."""
    if language == "en":
        return detail
    return WORDS.get(code) or CONFLICTS.get(code) or _DENIALS.get(code, f"没有办理（{code}）")


def fault_said(fault: Fault, language: Language) -> str:
    """What a fault says: its own words where they are of that language, else those of its code."""
    if (_CHINESE.search(fault.detail) is not None) == (language == "zh"):
        return fault.detail
    if language == "en":
        return FAULTS_ENGLISH.get(fault.code, f"not accepted ({fault.code})")
    return FAULTS.get(fault.code) or case_faults.WORDS.get(fault.code, f"不符合要求（{fault.code}）")


def has_chinese(code: str) -> bool:
    """Whether a denial or a fault of that code has Chinese words of its own."""
    return any(code in table for table in (WORDS, CONFLICTS, _DENIALS, FAULTS, case_faults.WORDS))
