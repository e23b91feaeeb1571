"""What the explanation's codes mean in words, Chinese and English, with the numbers put in.

Invariant: words are rendered from the same code and numbers that are published beside them; a word adds no number of
its own. Amounts are shown in yuan, points with two decimals, rates in percent; fractions as they are. A part in ``[…]``
falls away where one of its numbers is missing; every number of a refusal stands in such a part, so that a refusal is
said whoever gives it, with as much as it knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import NamedTuple

from commons.verdicts import Param


class Words(NamedTuple):
    """One code in words: the formula (where there is one), the sentence in Chinese, the sentence in English."""

    formula: str
    zh: str
    en: str


class _Numbers(Formatter):
    """Format specifications ``yuan`` (from fen), ``points`` (from hundredths), ``percent`` (from basis points).

    ``天`` and ``days`` put that word behind a number; a text is a length in its own unit already.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        """Hundredths as a decimal, a dash for nothing, anything else as it is."""
        if format_spec in {"天", "days"} and isinstance(value, int):
            return f"{value} {format_spec}"
        if format_spec in {"yuan", "points", "percent"} and isinstance(value, int):
            whole, rest = divmod(abs(value), 100)
            return f"{'−' if value < 0 else ''}{whole:,}.{rest:02d}"
        return "—" if value is None else str(value)


_NUMBERS = _Numbers()
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)")

_CELLS = {
    "price_lowest": Words(
        "Pts × Pmin ÷ P",
        "价格分 = {pts:points} × 最低报价 {lowest_fen:yuan} 元 ÷ 本报价 {price_fen:yuan} 元 = {result:points} 分",
        "price: {pts:points} × lowest {lowest_fen:yuan} yuan ÷ own {price_fen:yuan} yuan = {result:points}",
    ),
    "price_mean": Words(
        "max(0, Pts − |P − B| ÷ B × 100 × each)",
        "价格分：基准价 {benchmark_fen:yuan} 元（{count} 个报价的平均数 × {factor_bp:percent}%），"
        "本报价 {price_fen:yuan} 元，偏离 {deviation_percent}%，每 1% 扣 {each_percent:points} 分{most_zh}，"
        "满分 {pts:points}，得 {result:points} 分",
        "price: benchmark {benchmark_fen:yuan} yuan (mean of {count} prices × {factor_bp:percent}%), own "
        "{price_fen:yuan} yuan, off by {deviation_percent}%, each 1% costs {each_percent:points}{most_en}, "
        "of {pts:points} points: {result:points}",
    ),
    "days": Words(
        "Pts × Dmin ÷ D",
        "工期分 = {pts:points} × 最短 {fewest_days} 天 ÷ 本承诺 {days} 天 = {result:points} 分",
        "days: {pts:points} × fewest {fewest_days} ÷ own {days} = {result:points}",
    ),
    "credit": Words(
        "Pts × credit ÷ 100.00",
        "信用分 = {pts:points} × 信用评分 {credit:points} ÷ 100.00 = {result:points} 分",
        "credit: {pts:points} × score {credit:points} ÷ 100.00 = {result:points}",
    ),
    "grade": Words(
        "table[grade]",
        "资质等级分：等级「{grade}」按评分表得 {result:points} 分（表中没有的不得分）",
        "grade: “{grade}” has {result:points} in the table (0 when it is not there)",
    ),
    "experience": Words(
        "min(Pts, count × each)",
        "业绩分 = {count} 项 × 每项 {each:points} 分，最多 {pts:points} 分 = {result:points} 分",
        "experience: {count} × {each:points}, at most {pts:points} = {result:points}",
    ),
    "plan": Words(
        "Σ marks ÷ count",
        "方案分：{marks} 个评审分去掉最高最低 {dropped} 个，余 {count} 个合计 {sum:points}，平均 {result:points} 分",
        "plan: of {marks} marks {dropped} extremes dropped, {count} marks sum to {sum:points}, mean {result:points}",
    ),
    "total": Words(
        "Σ points", "总分 = {parts} = {result:points} 分", "total: {parts} = {result:points}"
    ),
    "shelf_price": Words(
        "max(minimum, unit × quantity)",
        "价格 = max(最低收费 {minimum_fee_fen:yuan} 元, 单价 {unit_price_fen:yuan} 元 × {quantity}) = {result:yuan} 元",
        "price: max(minimum {minimum_fee_fen:yuan} yuan, {unit_price_fen:yuan} yuan × {quantity}) = {result:yuan} yuan",
    ),
    "benchmark": Words(
        "Σ P ÷ count × factor",
        "基准价 = {count} 个报价合计 {sum_fen:yuan} 元 ÷ {count} × {factor_bp:percent}% = {result:yuan} 元{dropped_zh}",
        "benchmark: {count} prices, {sum_fen:yuan} yuan ÷ {count} × {factor_bp:percent}% = {result:yuan} yuan"
        "{dropped_en}",
    ),
    "factor_drawn": Words(
        "sorted choices[integer(factor, 0, n − 1)]",
        "系数从 {choices}（万分之）这 {count} 个中抽取，序号 {index}（从 0 起），得 {result:percent}%",
        "factor drawn out of {count} ({choices} basis points), index {index} from 0: {result:percent}%",
    ),
    "distance": Words(
        "|P − B|",
        "距离 = |报价 {price_fen:yuan} 元 − 基准价 {benchmark_fen:yuan} 元| = {result:yuan} 元",
        "distance: |{price_fen:yuan} yuan − benchmark {benchmark_fen:yuan} yuan| = {result:yuan} yuan",
    ),
    "discounted": Words(
        "ceiling × (10000 − bp) ÷ 10000",
        "报价 = 最高限价 {ceiling_fen:yuan} 元 × (100% − 下浮率 {discount_bp:percent}%) = {result:yuan} 元",
        "price: ceiling {ceiling_fen:yuan} yuan × (100% − discount {discount_bp:percent}%) = {result:yuan} yuan",
    ),
    "effective": Words(
        "P ÷ coefficient + days × day value",
        "评审价 = 报价 {price_fen:yuan} 元 ÷ 系数 {coefficient}{days_zh} {equals} {effective_yuan} 元",
        "effective: {price_fen:yuan} yuan ÷ coefficient {coefficient}{days_en} {equals} {effective_yuan} yuan",
    ),
}  # fmt: skip

_ORDER = {
    "first": Words("", "排第 1", "comes first"),
    "after_by_total": Words("", "总分低于 {before}", "its total is below that of {before}"),
    "after_by_distance": Words("", "离基准价比 {before} 远", "farther from the benchmark than {before}"),
    "after_by_price": Words("", "价格高于 {before}", "its price is above that of {before}"),
    "after_by_effective": Words("", "评审价高于 {before}", "its effective price is above that of {before}"),
    "tie_price": Words("", "与 {before} 相同，报价较高者在后", "equal to {before}, the higher price comes after"),
    "tie_days": Words("", "与 {before} 相同，天数较多者在后", "equal to {before}, more days come after"),
    "tie_credit": Words("", "与 {before} 相同，信用评分较低者在后", "equal to {before}, the lower credit comes after"),
    "tie_received": Words("", "与 {before} 相同，后到者在后", "equal to {before}, received later"),
    "tie_draw": Words(
        "HKDF-Expand(PRK, bidder, 32)",
        "与 {before} 全部相同，按抽签排序：签号 {drawn} 大于 {drawn_before}",
        "equal to {before} in everything; drawn {drawn}, which is larger than {drawn_before}",
    ),
}

_DRAWS = {
    "draw_inputs": Words(
        "PRK = HKDF-Extract(salt, ikm)",
        "抽签输入（十六进制）：salt {salt}，ikm {ikm}；任何人可据此重算",
        "inputs of the draw (hex): salt {salt}, ikm {ikm}; anybody can draw again from them",
    ),
    "drawn": Words(
        "HKDF-Expand(PRK, bidder, 32)", "抽签排第 {rank}：签号 {drawn}，从小到大",
        "drawn number {rank}: {drawn}, smallest first",
    ),
    "drawn_with_tickets": Words(
        "min over k = 1 … tickets of HKDF-Expand(PRK, bidder/k, 32)",
        "信用评分 {credit:points}，持签 {tickets} 支，最小签号 {drawn}，抽签排第 {rank}",
        "credit {credit:points} gives {tickets} tickets, the smallest is {drawn}: drawn number {rank}",
    ),
    "below_big_list": Words(
        "", "信用评分 {credit:points} 低于大名单第 {big_list} 名的 {edge:points}，未进入大名单",
        "credit {credit:points} is below the {edge:points} of number {big_list}: not on the big list",
    ),
    "on_small_list": Words(
        "", "抽签排前 {small_list} 名，进入小名单", "among the first {small_list} drawn: on the small list"
    ),
}  # fmt: skip

REFUSALS: Mapping[str, Words] = {
    "price_not_positive": Words(
        "", "报价应大于 0[，现为 {price_fen:yuan} 元]", "the price must be above 0[; it is {price_fen:yuan} yuan]"
    ),
    "ceiling_exceeded": Words(
        "", "报价[ {price_fen:yuan} 元]高于最高限价[ {ceiling_fen:yuan} 元]",
        "the price[ {price_fen:yuan} yuan] exceeds the ceiling[ {ceiling_fen:yuan} yuan]",
    ),
    "discount_out_of_range": Words(
        "", "下浮率[ {discount_bp:percent}% ]不在 0.00% 至 99.99% 之间",
        "the discount[ of {discount_bp:percent}%] is not from 0.00% to 99.99%",
    ),
    "days_not_positive": Words(
        "", "服务期限应大于 0[，现为 {days:天}]", "the service time must be above 0[; it is {days:days}]"
    ),
    "days_exceeded": Words(
        "", "服务期限[ {days:天}]长于上限[ {max_days:天}]",
        "the service time[ of {days:days}] is longer than the[ {max_days:days}] allowed",
    ),
    "abnormally_low": Words(
        "P < base × bp ÷ 10000",
        "报价[ {price_fen:yuan} 元]低于低价核查线[（{trigger_zh} {base_yuan} 元的 {bp:percent}%）]，说明未被采纳",
        "the price[ {price_fen:yuan} yuan] lies below the low-price line[ ({bp:percent}% of the {trigger_en}, "
        "{base_yuan} yuan)], and its explanation was not accepted",
    ),
    "extreme_price_dropped": Words(
        "",
        "属于按条款去掉的最高价或最低价[：报价 {price_fen:yuan} 元][，最低 {lowest_fen:yuan} 元]"
        "[，最高 {highest_fen:yuan} 元]",
        "dropped as the lowest or highest price, as the terms say[: {price_fen:yuan} yuan, lowest {lowest_fen:yuan}, "
        "highest {highest_fen:yuan}]",
    ),
    "lot_cap_reached": Words(
        "", "已中选[ {lots_won} 个]标段，达到每家最多[ {cap} 个]的上限",
        "has won[ {lots_won}] lots, which is the cap[ of {cap}]",
    ),
    "own_work_since": Words(
        "", "报名后已承接同一项目中不能由同一机构办理的事项（自己编制、自己评审）",
        "has since been awarded work of the same project that one agency may not both do and judge",
    ),
    "qualification_lost": Words(
        "", "截止时法定资质已到期、注销或被撤销",
        "at the close the qualification that the law asks for had expired, or was withdrawn or revoked",
    ),
    "split_item_unknown": Words("", "分项[「{item}」]不在本次采购内", "[“{item}”, ]no item of this purchase"),
    "split_item_repeated": Words(
        "", "分项[「{item}」]重复列出[ {count} 次]", "[“{item}” ]stands more than once[: {count}]"
    ),
    "split_item_missing": Words("", "分项[「{item}」]没有列出", "[“{item}”, ]an item of this purchase, is missing"),
    "split_part_negative": Words(
        "", "分项[「{item}」]的金额[ {part_fen:yuan} 元]小于 0",
        "the part[ of “{item}”][, {part_fen:yuan} yuan,] is negative",
    ),
    "split_sum_differs": Words(
        "", "各分项合计[ {sum_fen:yuan} 元]，不等于报价[ {price_fen:yuan} 元]",
        "the parts sum to[ {sum_fen:yuan} yuan], not the price[ of {price_fen:yuan} yuan]",
    ),
    "voided": Words(
        "", "参与资格中途终止（受限），不再参加选取[：{voided_at} 起]",
        "its admission ended while the selection ran (restricted)[, from {voided_at}]",
    ),
    "no_capacity": Words("", "货架余量为 0，不能再承接", "the shelf offer has no capacity left"),
    "offer_not_valid": Words(
        "", "上架报价不在有效期内[（{valid_from} 至 {valid_until}）][，选取时刻 {at}]",
        "the shelf offer is not valid[ at {at}][ (from {valid_from} until {valid_until})]",
    ),
    "selection_closed": Words(
        "", "报价时间已结束[（{closed_at}）]，不予接收", "the time for offers is over[ since {closed_at}]"
    ),
    "round_not_open": Words(
        "", "[第 {round} 轮]尚未开始[，{opens_at} 开始]", "[round {round} ]is not open[ before {opens_at}]"
    ),
    "not_admitted": Words("", "未获参与资格或资格已终止，报价不予接收", "not admitted to this selection, or no longer"),
    "eliminated": Words("", "[第 {round} 轮]未入围，不能再报价", "eliminated[ in round {round}], no further offers"),
    "step_not_met": Words(
        "", "[报价 {price_fen:yuan} 元，]降幅不足一个步长[ {step_fen:yuan} 元][，此时须不高于 {highest_fen:yuan} 元]",
        "[{price_fen:yuan} yuan ]does not fall by a step[ of {step_fen:yuan} yuan][; at most {highest_fen:yuan} yuan]",
    ),
    "not_a_step_multiple": Words(
        "", "[从 {reference_fen:yuan} 元降到 {price_fen:yuan} 元，]降幅不是步长[ {step_fen:yuan} 元]的整数倍",
        "the drop[ from {reference_fen:yuan} to {price_fen:yuan} yuan] is no multiple of the step"
        "[ of {step_fen:yuan} yuan]",
    ),
    "too_few_bidders": Words(
        "", "有效参选机构[ {valid} 家，]少于规定的最少家数[ {minimum} 家]",
        "fewer valid bidders[ ({valid})] than the minimum[ of {minimum}]",
    ),
}  # fmt: skip
"""Why the engine refused an offer, a bidder or everybody; pages and the API say these very sentences."""

_COURSE = {
    "round_closed": Words(
        "", "第 {round} 轮于 {closes_at} 结束，延时 {extensions} 次，{alive} 家继续",
        "round {round} closed at {closes_at} after {extensions} extensions, {alive} go on",
    ),
    "silent": Words("", "第 1 轮没有有效报价，出局", "had no standing offer at the first close and is out"),
    "cut": Words(
        "", "评审价 {effective} 分（币）高于第 {survivors} 名的 {edge} 分（币），出局",
        "its effective price of {effective} fen is above the {survivors}-th best, {edge} fen: out",
    ),
    "flagged": Words(
        "", "报价 {price_fen:yuan} 元低于{trigger_zh} {base_yuan} 元的 {bp:percent}%（说明：{explanation_zh}）",
        "{price_fen:yuan} yuan lies below {bp:percent}% of the {trigger_en}, {base_yuan} yuan ({explanation})",
    ),
    "award": Words("", "{winner} 中选", "{winner} wins"),
    "owner_choice": Words(
        "", "由业主在小名单中选定一家：{shortlist}", "the owner picks one of the small list: {shortlist}"
    ),
    "unsuccessful": Words(
        "", "流标：有效参选人 {valid} 家，少于 {needed} 家", "unsuccessful: {valid} valid, {needed} needed"
    ),
    "draw_needed": Words("", "需要抽签，但没有抽签输入", "a draw is needed and has no inputs"),
    "awaiting_explanation": Words(
        "", "排第一的 {flagged} 报价异常偏低，等待说明",
        "{flagged} comes first with an abnormally low price: an explanation is awaited",
    ),
}  # fmt: skip

_WEIGHTS = {
    "weight_range": Words(
        "", "该项权重（现为 {points} 分）在 {low} 至 {high} 分之间时，{first} 保持第一",
        "with this criterion (now {points} points) at {low} to {high} points, {first} stays first",
    ),
    "weight_beyond": Words("", "；{points} 分时 {bidder} 第一", "; at {points} points {bidder} comes first"),
    "weight_beyond_drawn": Words("", "；{points} 分时须抽签", "; at {points} points a draw is needed"),
}  # fmt: skip

WORDS: Mapping[str, Words] = {**_CELLS, **_ORDER, **_DRAWS, **REFUSALS, **_COURSE, **_WEIGHTS}
"""Every code an explanation can hold; a test holds this table to the codes."""


def equals(fen: tuple[int, int]) -> str:
    """The sign before a fraction of fen written in yuan: ``=`` where it is whole, else ``≈``."""
    return "=" if fen[1] == 1 else "≈"


def yuan_of(fen: tuple[int, int]) -> str:
    """A fraction of fen in yuan, rounded half-up to fen."""
    numerator, denominator = fen
    return _NUMBERS.format_field((2 * numerator + denominator) // (2 * denominator), "yuan")


def render(template: str, params: Mapping[str, Param]) -> str:
    """A template with the numbers put in, without the parts in ``[…]`` that lack one of theirs."""

    def optional(found: re.Match[str]) -> str:
        names = _FIELD.findall(found.group(1))
        return found.group(1) if all(params.get(name) not in {None, ""} for name in names) else ""

    return _NUMBERS.vformat(_OPTIONAL.sub(optional, template), (), params)
