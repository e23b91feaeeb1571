"""试算 in words: orders of tie rules, and what goes on as a published demand has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from commons.canonical import Json
from marketplace.web import formatting
from marketplace.web.locale import names


def ties_words(order: str) -> str:
    """An order of tie rules: ``报价低者优先，再可验证抽取``."""
    return "，再".join(names.TIES.get(one, one) for one in order.split(","))


def kept_words(base: Mapping[str, Json], mode: str) -> tuple[str, ...]:
    """What the form does not ask and published terms hold, each in a few words."""
    said: list[str] = []
    if "rounds" in base:
        said.append(f"{len(cast('list[Json]', base['rounds']))} 轮的方式、时间和入围家数")
    if longer := cast("dict[str, Any]", base.get("extension") or {}):
        window, extend = formatting.duration(longer["window_s"]), formatting.duration(longer["extend_s"])
        said.append(f"截止前 {window}内有新报价顺延 {extend}")
    if base.get("preferences"):
        said.append("优惠项（试算中各家不享受优惠）")
    if base.get("step_multiple"):
        said.append("降幅为步长的整数倍")
    if "lot_cap" in base:
        said.append(f"标段上限 {base['lot_cap']} 个（试算中各家都没有中过其他标段）")
    if base.get("price_basis") == "discount_rate" and mode == "multi_round":
        said.append("报下浮率")
    said.extend(_of_criteria(cast("list[dict[str, Any]]", base.get("criteria") or [])))
    return tuple(said)


def _of_criteria(criteria: list[dict[str, Any]]) -> list[str]:
    """What a mean formula has beyond what each percent costs; criteria of one kind that stand twice."""
    said = []
    more = {"above_max", "below_max", "deviation", "drop_from", "factor_bp"}
    if any(one["kind"] == "price" and more & set(one) for one in criteria):
        said.append("价格分公式的扣分上限、取整、去最高最低和系数")
    kinds = [one["kind"] for one in criteria]
    if len(set(kinds)) < len(kinds):
        said.append("全部评审因素和权重（同类因素有两个，这里不能改）")
    return said
