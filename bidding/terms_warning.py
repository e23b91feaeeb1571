"""One warning about terms: code, numbers, place, source, and the sentences made of them.

Invariant: words are rendered from the code and the numbers beside them. Source: selection.md section 8 (试算).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from bidding.wording import render
from commons.canonical import Json
from commons.sources import Source
from commons.verdicts import Param


class Sentence(NamedTuple):
    """A warning in Chinese and English, with places for its numbers."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class TermsWarning:
    """提示: terms that are allowed and probably not meant; ``pointer`` is the place in the terms (JSON pointer)."""

    code: str
    source: Source
    pointer: str
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return render(SENTENCES[self.code].zh, self.params)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return render(SENTENCES[self.code].en, self.params)

    def as_json(self) -> dict[str, Json]:
        """Everything, sentences included."""
        return {
            "code": self.code,
            "pointer": self.pointer,
            "params": dict(self.params),
            "source": {"title": self.source.title, "section": self.source.place},
            "zh": self.zh,
            "en": self.en,
        }


_EVERYWHERE = {
    "min_bidders_one": Sentence(
        "最少家数为 1：只有一家参选也会产生中选人，没有竞争", "one bidder is enough for an award: nobody has to compete"
    ),
    "min_bidders_above_admitted": Sentence(
        "最少家数 {min_bidders} 多于已准入的 {admitted} 家，必然流标",
        "{min_bidders} bidders are needed and {admitted} are admitted: it cannot succeed",
    ),
    "min_bidders_not_used": Sentence(
        "立等可取只需一个有效报价，最少家数 {min_bidders} 不起作用",
        "instant selection needs one valid offer, the minimum of {min_bidders} does nothing",
    ),
    "tie_cannot_matter": Sentence(
        "同分规则「{tie}」排在这里不会起作用", "the tie rule “{tie}” can tell nobody apart in this place"
    ),
    "received_favours_speed": Sentence(
        "同分时先到者优先，网络快的一方占便宜；可在它之前加其他规则",
        "equals are told apart by who came first, which favours a fast line; put other rules before it",
    ),
    "rates_finer_than_fen": Sentence(
        "最高限价 {ceiling_fen:yuan} 元不足 100 元，不同下浮率会折成同一分（币）",
        "with a ceiling of {ceiling_fen:yuan} yuan different rates mean the same fen",
    ),
}

_CRITERIA = {
    "price_does_not_count": Sentence(
        "没有价格分：按最高限价报价也不吃亏", "the price has no points: offering the ceiling costs nothing"
    ),
    "grade_table_gives_nothing": Sentence(
        "资质等级表里没有得分的等级，{points} 分无人能得",
        "no grade of the table has points: nobody gets any of the {points}"
    ),
    "grade_table_flat": Sentence(
        "资质等级表里各等级都是 {best} 分，拉不开差距",
        "every grade of the table has {best} points: nobody is told apart"
    ),
    "grade_points_unreachable": Sentence(
        "该项满分 {points} 分，最高等级只有 {best} 分", "of {points} points the best grade has {best}"
    ),
    "experience_worth_nothing": Sentence(
        "每项业绩得 0 分，{points} 分无人能得", "a past job is worth nothing: nobody gets any of the {points} points"
    ),
    "experience_one_job_is_all": Sentence(
        "一项业绩（{each:points} 分）就得满分 {points} 分", "one past job ({each:points}) gives all {points} points"
    ),
    "experience_points_unreachable": Sentence(
        "每项业绩只得 {each:points} 分，满分要 {jobs} 项",
        "at {each:points} each, all {points} points take {jobs} past jobs"
    ),
    "price_cannot_matter": Sentence(
        "高于或低于基准价都不扣分，{points} 分价格分人人相同",
        "neither side of the benchmark costs anything: all have the same {points} points",
    ),
    "dearer_costs_nothing": Sentence(
        "高于基准价不扣分，报高价不吃亏", "prices above the benchmark cost nothing"
    ),
    "cheaper_costs_more": Sentence(
        "低于基准价每 1% 扣 {below:points} 分，比高于基准价（{above:points} 分）还多",
        "each percent below the benchmark costs {below:points}, more than one above it ({above:points})",
    ),
    "price_weight_capped": Sentence(
        "价格分 {points} 分，最多只会扣 {most:points} 分，实际权重更小",
        "of {points} points for the price at most {most:points} can be lost: it weighs less than it says",
    ),
    "factor_far_from_mean": Sentence(
        "系数 {factor_bp:percent}% 远离 100%，基准价会远离各家报价",
        "a factor of {factor_bp:percent}% puts the benchmark far from the offers",
    ),
    "days_without_spread": Sentence(
        "最长只许 1 天，天数拉不开差距", "with one day at most, days tell nobody apart"
    ),
    "only_the_middle_can_win": Sentence(
        "从 {drop_from} 家起去掉最高最低且不得中选：{drop_from} 家时只剩一家可中选",
        "with {drop_from} offers the highest and the lowest cannot win: only one is left",
    ),
}  # fmt: skip

_LOW_PRICE = {
    "low_price_without_lines": Sentence("异常低价规则没有任何界线，不起作用", "the low-price rule has no line"),
    "low_price_flags_nobody": Sentence(
        "界线「{line}」为 {bp:percent}%，不会有报价低于它", "no offer can be below the line {line} of {bp:percent}%"
    ),
    "low_price_flags_everybody": Sentence(
        "界线「{line}」为 {bp:percent}%，正常的报价也会被标为异常低价",
        "the line {line} of {bp:percent}% flags ordinary prices as abnormally low",
    ),
}  # fmt: skip

_ROUNDS = {
    "step_cannot_matter": Sentence(
        "只有一轮密封报价，步长 {step_fen:yuan} 元不起作用",
        "in a single sealed round a step of {step_fen:yuan} yuan does nothing"
    ),
    "step_exceeds_ceiling": Sentence(
        "步长 {step_fen:yuan} 元不小于最高限价 {ceiling_fen:yuan} 元，首次报价后无法再降",
        "a step of {step_fen:yuan} yuan reaches the ceiling of {ceiling_fen:yuan}: nobody can go down from an offer",
    ),
    "step_exceeds_low_price_room": Sentence(
        "从最高限价降一个步长 {step_fen:yuan} 元就低于异常低价线（限价的 {bp:percent}%）",
        "one step of {step_fen:yuan} yuan from the ceiling is below the low-price line ({bp:percent}% of it)",
    ),
    "extension_without_effect": Sentence(
        "延时规则（{window_s} 秒内报价延 {extend_s} 秒，至多 {limit} 次）不会发生",
        "the extension (window {window_s} s, by {extend_s} s, {limit} times) can never happen",
    ),
    "extension_window_covers_round": Sentence(
        "第 {round} 轮只有 {length_s} 秒，不长于延时窗口 {window_s} 秒：任何报价都会延时",
        "round {round} lasts {length_s} s, no longer than the window of {window_s} s: every offer extends it",
    ),
    "one_survivor": Sentence(
        "第 {round} 轮后只留 1 家，以后各轮没有竞争",
        "one goes on after round {round}: later rounds have no competition"
    ),
    "survivors_cut_nobody": Sentence(
        "第 {round} 轮后留 {survivors} 家，而此时至多 {left} 家，不会有人出局",
        "{survivors} go on after round {round}, where at most {left} are left: nobody is cut",
    ),
    "preference_without_effect": Sentence(
        "优惠项「{code}」上限为 0，不起作用", "the preference “{code}” is worth nothing"
    ),
    "preferences_outweigh_price": Sentence(
        "优惠合计 {sum_bp:percent}%：享受优惠者报两倍价格仍可能中选",
        "preferences of {sum_bp:percent}% together let somebody win at twice the price",
    ),
    "days_outweigh_price": Sentence(
        "每天 {day_value_fen:yuan} 元 × {max_days} 天以内的差距达 {spread_fen:yuan} 元，超过最高限价：工期压倒价格",
        "days can differ by {spread_fen:yuan} yuan ({day_value_fen:yuan} a day), not less than the ceiling",
    ),
}  # fmt: skip

_LISTS = {
    "big_list_one": Sentence(
        "大名单只有 1 家，抽取不起作用（并列除外）", "a big list of one leaves nothing to draw but ties"
    ),
    "small_list_holds_all": Sentence(
        "小名单 {small_list} 家不少于大名单 {big_list} 家，抽取不起作用",
        "the small list ({small_list}) holds all of the big list ({big_list}): the draw does nothing",
    ),
    "small_list_one": Sentence("小名单只有 1 家，业主没有选择", "a small list of one leaves the owner no choice"),
}  # fmt: skip

_ITEM = {
    "grade_without_graded_item": Sentence(
        "本事项没有分等级的法定资质：资质等级的 {points} 分无人能得",
        "the item asks for no graded qualification: nobody gets any of the {points} points for a grade",
    ),
    "grade_table_misses_item": Sentence(
        "本事项认可的等级（{accepted}）在表中都不得分，{points} 分无人能得",
        "none of the grades that do for the item ({accepted}) has points: nobody gets any of the {points}",
    ),
    "grade_table_flat_for_item": Sentence(
        "本事项认可的等级（{accepted}）都得 {best} 分，拉不开差距",
        "all grades that do for the item ({accepted}) have {best} points: nobody is told apart",
    ),
}  # fmt: skip

_FACTS = {
    "criterion_tells_nobody_apart": Sentence(
        "{points} 分的这一项 {bidders} 家都得 {got:points} 分，拉不开差距",
        "all {bidders} got {got:points} of the {points} points: this criterion told nobody apart",
    ),
    "step_exceeds_spread": Sentence(
        "步长 {step_fen:yuan} 元大于各次报价的差距 {spread_fen:yuan} 元，没有人能按步长降价",
        "a step of {step_fen:yuan} yuan is wider than all offers lie apart ({spread_fen:yuan})",
    ),
}  # fmt: skip

_REACH = {
    "few_qualified": Sentence(
        "备案机构 {filed} 家，今天够条件参加的只有 {qualified} 家，少于 {fewest} 家",
        "of {filed} agencies on file {qualified} could take part today, fewer than {fewest}",
    ),
    "min_bidders_above_qualified": Sentence(
        "最少家数 {min_bidders} 多于今天够条件参加的 {qualified} 家：再无机构备案或恢复资格就会流标",
        "{min_bidders} bidders are needed and {qualified} agencies could take part today",
    ),
    "kind_cuts_most": Sentence(
        "减少最多的是资质种类：{cut} 家没有「{kind}」", "the kind of qualification cuts most: {cut} have no “{kind}”"
    ),
    "grade_cuts_most": Sentence(
        "减少最多的是资质等级：{cut} 家达不到（{accepted}）", "the grade cuts most: {cut} hold none of {accepted}"
    ),
    "validity_cuts_most": Sentence(
        "减少最多的是有效期：{cut} 家的资质在 {on} 不在有效期内",
        "validity cuts most: the certificates of {cut} are not in force on {on}",
    ),
    "restrictions_cut_most": Sentence(
        "减少最多的是失信限制：{cut} 家正受限制", "restrictions cut most: {cut} are restricted now"
    ),
    "recusals_cut_most": Sentence("减少最多的是回避：{cut} 家", "recusals cut most: {cut}"),
}  # fmt: skip

SENTENCES: Mapping[str, Sentence] = {
    **_EVERYWHERE, **_CRITERIA, **_LOW_PRICE, **_ROUNDS, **_LISTS, **_ITEM, **_FACTS, **_REACH
}  # fmt: skip
"""Every code a warning can have; a test holds this table to the codes."""
