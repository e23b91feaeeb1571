"""What is wrong with a case or its terms, in words by the code of the fault; a code without words keeps its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commons.errors import Fault

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "not_json": "不是完整的 JSON 文件",
        "not_utf8": "不是 UTF-8 编码的文字",
        "too_large": "文件太大",
        "too_deep": "层数太多",
        "duplicate_key": "同一个键出现了两次",
        "lone_surrogate": "含有不成对的字符",
        "integer_too_long": "数字太长",
        "not_an_integer": "应为整数，不带小数点、指数或引号",
        "not_a_number": "不是数（NaN、Infinity 都不行）",
        "not_a_boolean": "应为 true 或 false",
        "not_a_list": "应为列表",
        "not_a_text": "应为文字",
        "not_an_object": "应为对象",
        "not_an_instant": "应为 UTC 时间，如 2026-11-24T09:00:00Z",
        "not_one_of": "不是可以用的值",
        "not_hex": "应为十六进制的字节",
        "not_canonical": "含有不能写入记录的值",
        "missing": "缺少这一项，条件要求它",
        "unknown_key": "没有这个键",
        "out_of_range": "超出允许的范围",
        "byte_order_mark": "开头有字节序标记（BOM），请存为不带 BOM 的 UTF-8",
        "too_many_faults": "看不懂的地方太多",
        "bad_factors": "系数应为一个或多个不同的正数",
        "unreadable": "读不出来",
        "duplicate": "重复",
        "duplicate_bidder": "同一机构出现了两次",
        "bad_bidder_id": "编号为 1 至 64 个字符，不含斜杠和控制字符",
        "runs_backwards": "时间早于前一次报价",
        "closes_before_opening": "截止须晚于开始",
        "opens_before_previous_close": "开始早于前一轮截止",
        "survivors_on_last_round": "最后一轮没有入围家数",
        "no_rounds": "至少要有一轮",
        "received_not_allowed": "只有最后一轮公开时才能按先后",
        "days_without_max_days": "只有设了最长服务期限才能按期限",
        "order_not_total": "并列规则须能分出先后：以可验证抽取收尾，或在允许时以先后收尾",
        "step_multiple_not_allowed": "有优惠项或每日折价时不能要求步长整数倍",
        "low_price_not_allowed": "这种方式没有低价核查",
        "price_basis_not_allowed": "这种方式没有下浮率",
        "other_price_basis": "与报价形式不符",
        "points_not_100": "各项权重合计须为 100 分",
        "two_price_criteria": "至多一个价格因素",
        "benchmark_zero": "基准价不能为零",
        "mode_not_computed": "直接选取没有可以计算的过程",
    }
)


def case_fault_words(fault: Fault) -> str:
    """The fault in Chinese; the reader's own sentence where there are no words."""
    return WORDS.get(fault.code, fault.detail)
