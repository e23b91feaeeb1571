"""What the trial's form asks in each mode: terms, and the columns of the offers, each with its unit.

Amounts are typed in yuan, points and credit with two decimals, rates in percent: exact, never through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bidding.reading.terms import COMPUTED
from marketplace.web.locale import names

Kind = Literal["yuan", "whole", "points", "percent", "percents", "text", "choice", "table", "marks"]
TrialMode = Literal["comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw"]

MODES: tuple[str, ...] = COMPUTED
MOST_BIDDERS = 10
MOST_ROUNDS = 5
LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type: its key in the address, its name, how it is read, its unit, what may be chosen."""

    key: str
    label: str
    kind: Kind
    unit: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


TIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "comprehensive": ("price,draw", "credit,draw", "price,credit,draw", "days,draw", "draw"),
        "multi_round": ("received", "credit,draw", "price,draw", "draw"),
        "instant": ("days,draw", "credit,draw", "draw"),
        "mean_price": ("price,draw", "credit,draw", "draw"),
    }
)
"""Orders of tie rules to choose from; another one that a published demand has is offered beside them."""

_AMOUNT = Field("ceiling", "最高限价", "yuan", "元")
_DAYS = Field("max_days", "最长服务期限", "whole", "个工作日", "不填为不限")
_LEAST = Field("least", "最少有效家数", "whole", "家")
_BASIS = Field("basis", "报价形式", "choice", options=(("fen", "报价格"), ("discount_rate", "报下浮率")))
_TIES = Field("ties", "并列时", "choice")
_SEED = Field("seed", "抽取种子", "text", hint="需要抽取时用它代替真实的随机数；不填则停在“待抽取”")
_DROP = Field("drop_from", "去掉最高最低", "whole", "家起", "不填为 5 家起")
_WEIGHTS = (
    Field("w_price", "报价权重", "whole", "分"),
    Field("formula", "价格分公式", "choice", options=(("lowest", "最低价为满分"), ("mean", "按离基准价的远近"))),
    Field("above", "比基准价每高 1% 扣", "points", "分", "只用于按离基准价的远近"),
    Field("below", "比基准价每低 1% 扣", "points", "分", "只用于按离基准价的远近"),
    Field("w_days", "服务期限权重", "whole", "分"),
    Field("w_credit", "信用权重", "whole", "分"),
    Field("w_grade", "资质等级权重", "whole", "分"),
    Field("table", "等级给分", "table", hint="如：甲级 10、乙级 6"),
    Field("w_experience", "类似业绩权重", "whole", "分"),
    Field("each", "每项业绩", "points", "分"),
    Field("w_plan", "技术方案权重", "whole", "分"),
)

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "comprehensive": (
            _AMOUNT, _LEAST, _DAYS, _BASIS, *_WEIGHTS,
            Field("low", "低价核查线", "percent", "%", "低于有效报价平均的百分之几要说明；不填为不设"), _TIES, _SEED,
        ),
        "multi_round": (
            _AMOUNT, _LEAST, _DAYS,
            Field("step", "步长", "yuan", "元"),
            Field("step_basis", "步长比", "choice", options=(("leader", "当前最优"), ("own", "自己的有效报价"))),
            Field("rounds", "轮数", "whole", "轮", f"1 至 {MOST_ROUNDS}"),
            Field("round_kind", "每轮", "choice", options=(("open", "公开"), ("sealed", "密封"))),
            Field("survivors", "每轮后入围", "whole", "名", "不填为全部"),
            Field("day_value", "每日折价", "yuan", "元", "把期限折进有效价；不填为不折"), _TIES, _SEED,
        ),
        "instant": (
            _AMOUNT, _DAYS,
            Field("rule", "择取规则", "choice", options=tuple(names.INSTANT_RULES.items())),
            Field("quantity", "数量", "whole"), *_WEIGHTS, _TIES, _SEED,
        ),
        "mean_price": (
            _AMOUNT, _LEAST, _DAYS, _DROP,
            Field("dropped", "去掉的可否中选", "choice", options=(("yes", "可以"), ("no", "不可以"))),
            Field("factors", "系数", "percents", "%", "一个或几个，用顿号分开；几个时抽取其一"), _BASIS, _TIES, _SEED,
        ),
        "random_draw": (Field("ceiling", "公布金额", "yuan", "元"), _LEAST, _DAYS, _SEED),
        "credit_draw": (
            Field("ceiling", "公布金额", "yuan", "元"), _LEAST, _DAYS,
            Field("big_list", "大名单", "whole", "家"), Field("small_list", "小名单", "whole", "家"), _SEED,
        ),
    }
)  # fmt: skip

_NAME = Field("name", "机构", "text")
_PRICE = Field("price", "报价", "yuan", "元")
_RATE = Field("price", "下浮率", "percent", "%")
_BID_DAYS = Field("days", "服务期限", "whole", "个工作日")
_CREDIT = Field("credit", "信用分", "points", "分")
_MERITS = (
    Field("grade", "资质等级", "text"), Field("experience", "业绩", "whole", "项"),
    Field("marks", "方案评审分", "marks", "分"),
)  # fmt: skip


def columns(mode: str, *, rounds: int, is_rate: bool) -> tuple[Field, ...]:
    """What is asked of each bidder."""
    match mode:
        case "comprehensive":
            return (_NAME, _RATE if is_rate else _PRICE, _BID_DAYS, _CREDIT, *_MERITS)
        case "multi_round":
            kind: tuple[Kind, str] = ("percent", "%") if is_rate else ("yuan", "元")
            prices = (Field(f"p{number}", f"第 {number} 轮", *kind) for number in range(1, rounds + 1))
            return (_NAME, *prices, _BID_DAYS, _CREDIT)
        case "instant":
            shelf = (Field("unit", "单价", "yuan", "元"), Field("minimum", "最低收费", "yuan", "元"))
            return (_NAME, *shelf, _BID_DAYS, _CREDIT, *_MERITS)
        case "mean_price":
            return (_NAME, _RATE if is_rate else _PRICE, _BID_DAYS, _CREDIT)
        case "credit_draw":
            return (_NAME, _BID_DAYS, _CREDIT)
        case _:
            return (_NAME, _BID_DAYS)
