"""The sheets a user fills: their columns in order, with what each asks, as the template shows it and reading needs it.

Invariants: heads and keys are unique within a sheet; units stand in the head; keys are stable, heads may be reworded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agencies.filing import AgencyKind
from marketplace.demands.demand import MAX_ITEMS, BuyerClass, Mode

Look = Literal["text", "decimal", "integer", "date", "time"]
"""How the template formats the cells of a column."""

Choices = Literal["regions", "registered", "items", "kinds", "grades"]
"""A long list, which stands on a sheet of its own."""

EXAMPLE = "示例"
MARK = "mark"
EXPLANATION = "填写说明"
LISTS = "选项"

AGENCY_KINDS: Mapping[str, AgencyKind] = {
    "企业": "company",
    "事业单位": "public_institution",
    "社会组织": "social_organisation",
    "个体工商户": "sole_trader",
}
BUYER_CLASSES: Mapping[str, BuyerClass] = {"财政资金": "fiscal", "部门委托": "entrusted", "自愿选取": "voluntary"}
MODES: Mapping[str, Mode] = {
    "综合比选": "comprehensive",
    "多轮竞价": "multi_round",
    "立等可取": "instant",
    "均价选取": "mean_price",
    "随机抽取": "random_draw",
    "信用择优": "credit_draw",
    "直接选取": "direct",
}
PRICE_BASES: Mapping[str, str] = {"报金额": "fen", "报下浮率": "discount_rate"}
MAY_WIN: Mapping[str, bool] = {"可以中选": True, "不能中选": False}
PRICE_FORMULAS: Mapping[str, str] = {"最低价为基准": "lowest", "平均价为基准": "mean"}
STEP_BASES: Mapping[str, str] = {"比自己上次": "own", "比当前最优": "leader"}
ROUND_KINDS: Mapping[str, str] = {"全部公开": "open", "全部密封": "sealed", "首轮密封": "first", "末轮密封": "last"}
INSTANT_RULES: Mapping[str, str] = {"价格最低": "cheapest", "综合最优": "best_value", "抽签": "draw"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: stable key, head with its unit, example, how to fill it, looks, choices, whether it must be there."""

    key: str
    head: str
    example: str
    note: str
    look: Look = "text"
    choices: Choices | tuple[str, ...] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One sheet: its name, its columns in order, and whether the file may come without it.

    ``more_examples`` are rows by key that the template shows after the one of the columns; what a row leaves out is
    empty, but for columns that must be there.
    """

    name: str
    columns: tuple[Column, ...]
    is_optional: bool = False
    more_examples: tuple[Mapping[str, str], ...] = ()

    @property
    def examples(self) -> tuple[Mapping[str, str], ...]:
        """Every example row, whole, by key."""
        needed = {one.key: one.example for one in self.columns if one.is_required or one.key == MARK}
        return ({one.key: one.example for one in self.columns}, *({**needed, **row} for row in self.more_examples))


def _optional(
    key: str, head: str, example: str, note: str, look: Look = "text", *, choices: Choices | tuple[str, ...] = ()
) -> Column:
    """A column whose cells, and head, may be left out."""
    return Column(key, head, example, note, look, choices, is_required=False)


_MARK = _optional(MARK, "标记", EXAMPLE, "写“示例”的行不读取；正式数据留空。", choices=(EXAMPLE,))
_USCC = Column("uscc", "统一社会信用代码", "91990003MA00001460", "18 位，按文本填写。")
_ITEM = Column("item", "中介服务事项", "RA03 水土保持方案编制", "从下拉列表选择，也可只写编码。", choices="items")
_REGION = "市或县（市、区），从下拉列表选择，也可只写名称或代码。"

AGENCIES = SheetForm(
    "机构",
    (
        _MARK,
        _USCC,
        Column("name", "机构名称", "温州示例水保咨询有限公司（示例）", "与营业执照或登记证书一致。"),
        Column("kind", "机构类型", "企业", "从下拉列表选择。", choices=tuple(AGENCY_KINDS)),
        Column(
            "region",
            "注册地",
            "330304 瓯海区",
            f"{_REGION}省外选所在省份；不作门槛。",
            choices="registered",
        ),
        Column("legal_representative", "法定代表人", "陈*（示例）", "可写作掩码。"),
        Column("contact", "联系人", "业务部（示例）", "姓名或部门。"),
        Column("phone", "联系电话", "0577-0000-0001", "区号-号码或手机号。"),
    ),
)

QUALIFICATIONS = SheetForm(
    "资质",
    (
        _MARK,
        _USCC,
        Column("kind", "资质种类", "工程咨询资信", "从下拉列表选择；一证一行。", choices="kinds"),
        _optional("grade", "资质等级", "甲级", "该种类不分等级时留空。", choices="grades"),
        Column("number", "证书编号", "示例-ZX-0001", "按文本填写。"),
        Column("issuer", "发证机关", "省级工程咨询行业组织（示例）", "证书上的名称。"),
        Column("valid_from", "有效期起", "2026-01-01", "日期，当日起有效。", "date"),
        Column("valid_to", "有效期止", "2030-12-31", "日期，当日仍有效；长期有效写“长期”。", "date"),
    ),
    is_optional=True,
)

EXPERIENCE = SheetForm(
    "业绩",
    (_MARK, _USCC, _ITEM, Column("count", "业绩数（项）", "6", "已完成的同类项目数，0–9999。", "integer")),
    is_optional=True,
)

SHELF = SheetForm(
    "上架报价",
    (
        _MARK,
        _USCC,
        _ITEM,
        Column("unit", "计价单位", "公顷", "与需求的计量单位一致。"),
        Column("unit_price", "单价（元）", "1180.00", "每个计价单位的价格，最多两位小数。", "decimal"),
        Column("minimum_fee", "最低收费（元）", "9000.00", "没有则填 0。", "decimal"),
        Column("days", "承诺时限（工作日）", "15", "1–3650。", "integer"),
        Column("capacity", "可承接数（单）", "5", "有效期内最多接几单，1–100000；每中选一次减一。", "integer"),
        Column("valid_from", "生效日", "2026-01-01", "日期，当日零时（北京时间）起。", "date"),
        Column("valid_to", "截止日", "2030-12-31", "日期，当日仍有效。", "date"),
    ),
    is_optional=True,
)

_WEIGHT = "综合比选、立等可取（综合最优）填；五项权重合计 100，不计的填 0 或留空。"
_MEAN = "报价计分选“平均价为基准”时填，最多两位小数。"
_MINIMUM = "立等可取、直接选取以外都填（抽取方式为最少有效报名），"
_BASIS = "综合比选、多轮竞价、均价选取可填，不填为报金额；下浮率以最高限价为底。"

_OTHER_MODES: tuple[Mapping[str, str], ...] = (
    {
        "place": "新桥街道", "mode": "多轮竞价", "sign_up_workdays": "3", "min_bidders": "3", "step": "1000.00",
        "step_basis": "比当前最优", "rounds": "3", "round_kinds": "首轮密封", "first_round_at": "09:30",
        "round_minutes": "30", "break_minutes": "10", "survivors": "4", "extension_seconds": "120",
        "extension_limit": "5",
    },
    {"place": "娄桥街道", "mode": "立等可取", "instant_rule": "价格最低"},
    {
        "place": "三垟街道", "mode": "均价选取", "further_items": "RA04", "sign_up_workdays": "3",
        "offer_workdays": "2", "min_bidders": "5", "price_basis": "报下浮率", "drop_from": "5",
        "extremes": "不能中选", "factors": "95、97、98",
    },
    {"place": "景山街道", "mode": "随机抽取", "sign_up_workdays": "3", "min_bidders": "3"},
    {
        "place": "潘桥街道", "mode": "信用择优", "sign_up_workdays": "3", "min_bidders": "3", "big_list": "5",
        "small_list": "3",
    },
    {"item": "SV12 社会稳定风险评估", "buyer_class": "自愿选取", "quantity": "1", "unit": "份", "mode": "直接选取"},
)  # fmt: skip
"""One example row for each mode after the first."""

DEMANDS = SheetForm(
    "需求",
    (
        _MARK,
        Column("project_code", "项目代码", "2610-330304-04-01-104270", "投资项目在线审批监管平台赋码。"),
        Column("project_name", "项目名称", "瓯海区示例片区工程（示例）", "与批复或备案一致。"),
        Column("owner_name", "项目业主", "瓯海示例建设投资有限公司（示例）", "单位全称。"),
        Column("owner_uscc", "业主统一社会信用代码", "91990103MA0009036F", "18 位，按文本填写。"),
        Column("region", "项目所在地", "330304 瓯海区", _REGION, choices="regions"),
        Column("place", "具体地点", "梧田街道", "镇街、园区或片区。"),
        _ITEM,
        _optional(
            "further_items", "合并采购的事项", "", f"一个总价再买几项时填，编码用“、”分开，至多 {MAX_ITEMS - 1} 项。"
        ),
        Column("buyer_class", "业主类别", "财政资金", "从下拉列表选择。", choices=tuple(BUYER_CLASSES)),
        _optional("description", "需求说明", "编制报批用水土保持方案。", "可不填，500 字以内。"),
        Column("quantity", "数量", "12", "1–1000000 的整数。", "integer"),
        Column("unit", "计量单位", "公顷", "如 份、公顷、地块。"),
        Column("ceiling", "最高限价（元）", "180000.00", "以元计，最多两位小数；报价超过即不通过。", "decimal"),
        Column("max_days", "服务期限（工作日）", "30", "最长期限，1–3650。", "integer"),
        Column("mode", "选取方式", "综合比选", "从下拉列表选择；以下各列按方式填写。", choices=tuple(MODES)),
        _optional("sign_up_workdays", "报名时间（工作日）", "3", "立等可取、直接选取以外都填，1–60。", "integer"),
        _optional("offer_workdays", "报名后报价时间（工作日）", "2", "综合比选、均价选取填，0–60。", "integer"),
        _optional("min_bidders", "最少有效报价（家）", "3", f"{_MINIMUM}1–50。", "integer"),
        _optional("price_basis", "报价形式", "", _BASIS, choices=tuple(PRICE_BASES)),
        _optional("weight_price", "报价权重（分）", "50", _WEIGHT, "integer"),
        _optional("weight_days", "时限权重（分）", "20", _WEIGHT, "integer"),
        _optional("weight_credit", "信用权重（分）", "20", _WEIGHT, "integer"),
        _optional("weight_experience", "业绩权重（分）", "10", _WEIGHT, "integer"),
        _optional("weight_grade", "等级权重（分）", "0", f"{_WEIGHT}只用于分等级资质的事项。", "integer"),
        _optional("experience_each", "每项业绩得分（分）", "2.00", "业绩权重大于 0 时填，最多两位小数。", "decimal"),
        _optional("price_formula", "报价计分", "最低价为基准", "报价权重大于 0 时填。", choices=tuple(PRICE_FORMULAS)),
        _optional("loss_above", "每高 1% 扣分（分）", "", _MEAN, "decimal"),
        _optional("loss_below", "每低 1% 扣分（分）", "", _MEAN, "decimal"),
        _optional("low_price_percent", "低价核查线（均价的 %）", "", "综合比选、多轮竞价可填，1–99。", "integer"),
        _optional("step", "降价步长（元）", "", "多轮竞价填，最多两位小数。", "decimal"),
        _optional("step_basis", "步长基准", "", "多轮竞价填。", choices=tuple(STEP_BASES)),
        _optional("rounds", "轮数", "", "多轮竞价填，1–10。", "integer"),
        _optional("round_kinds", "轮次形式", "", "多轮竞价填。", choices=tuple(ROUND_KINDS)),
        _optional("first_round_at", "首轮开始时刻", "", "多轮竞价填，如 09:30；报名截止后第一个工作日。", "time"),
        _optional("round_minutes", "每轮时长（分钟）", "", "多轮竞价填，1–240。", "integer"),
        _optional("break_minutes", "轮间休息（分钟）", "", "多轮竞价填，0–240。", "integer"),
        _optional("survivors", "每轮后保留（家）", "", "多轮竞价可填，1–50；末轮不淘汰。", "integer"),
        _optional("extension_seconds", "临近截止顺延（秒）", "", "有公开轮次可填，1–3600。", "integer"),
        _optional("extension_limit", "每轮最多顺延（次）", "", "填了顺延则填，1–100。", "integer"),
        _optional("instant_rule", "立等规则", "", "立等可取填。", choices=tuple(INSTANT_RULES)),
        _optional("drop_from", "去高去低起算（家）", "", "均价选取填，3–50：达到几家去掉最高最低再平均。", "integer"),
        _optional(
            "extremes", "最高最低价", "", "均价选取填：去掉时，报最高或最低价的能否中选。", choices=tuple(MAY_WIN)
        ),
        _optional("factors", "基准系数（%）", "", "均价选取可填，50–150；几个用“、”分开，抽取其一；不填为 100。"),
        _optional("big_list", "大名单（家）", "", "信用择优填，1–50：信用分最高的几家参加抽取。", "integer"),
        _optional("small_list", "小名单（家）", "", "信用择优填，不多于大名单：抽出几家供业主择定。", "integer"),
    ),
    more_examples=_OTHER_MODES,
)

AGENCY_BOOK = (AGENCIES, QUALIFICATIONS, EXPERIENCE, SHELF)
DEMAND_BOOK = (DEMANDS,)
