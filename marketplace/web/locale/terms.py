"""选取条件 in words: each rule of the terms as a label and a sentence, in the order people need them."""

from __future__ import annotations

from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.views.parts import DayUnit
from marketplace.web.views.terms import (
    ComprehensiveTerms,
    InstantTerms,
    LowPriceRule,
    MultiRoundTerms,
    OtherTerms,
    TermsView,
)

Line = tuple[str, str]


def terms_lines(terms: TermsView, unit: DayUnit = "workday") -> tuple[Line, ...]:
    """Label and sentence of each rule; criteria and rounds have tables of their own."""
    lines: list[Line] = [("选取方式", f"{names.mode_name(terms.mode)}：{_essence(terms)}")]
    lines.append(("最高限价", f"{formatting.yuan(terms.ceiling_fen)}，高于此价的报价不予接收"))
    if terms.max_days is not None:
        lines.append(("最长服务期限", formatting.days(terms.max_days, unit)))
    if terms.mode != "instant":
        lines.append(("最少家数", f"有效报价少于 {terms.min_bidders} 家，选取未成立"))
    lines.extend(_of_mode(terms))
    if terms.low_price is not None:
        lines.append(("低价核查", low_price_words(terms.low_price)))
    lines.append(("并列时", ties_words(terms.ties)))
    return tuple(lines)


def _essence(terms: TermsView) -> str:
    match terms.of_mode:
        case ComprehensiveTerms():
            return "密封报价，按评审因素逐项计分，合计最高者中选"
        case MultiRoundTerms(rounds=rounds):
            return f"分 {len(rounds)} 轮报价，有效价最低者中选"
        case InstantTerms(rule=rule):
            return f"在有效的上架报价中即时选取，{names.INSTANT_RULES[rule]}中选"
        case OtherTerms():
            return "按公布的规则选取"


def _of_mode(terms: TermsView) -> tuple[Line, ...]:
    match terms.of_mode:
        case MultiRoundTerms() as rounds:
            return _rounds_lines(rounds)
        case InstantTerms(quantity=quantity):
            price = f"取“单价 × {formatting.number(quantity)}”与“最低收费”中较高者"
            return (("数量", formatting.number(quantity)), ("价格", price))
        case ComprehensiveTerms() | OtherTerms():
            return ()


def _rounds_lines(terms: MultiRoundTerms) -> tuple[Line, ...]:
    lines: list[Line] = [("有效价", effective_words(terms))]
    step = f"每次报价的有效价须{names.STEP_BASES[terms.step_basis]}至少低 {formatting.yuan(terms.step_fen)}"
    if terms.step_multiple:
        step += "，且降幅为步长的整数倍"
    lines.append(("步长", step))
    if terms.extension is not None:
        window, extend = formatting.duration(terms.extension.window_s), formatting.duration(terms.extension.extend_s)
        limit = terms.extension.limit
        lines.append(("顺延", f"公开轮截止前 {window}内有新报价则顺延 {extend}，每轮至多 {limit} 次，以后各轮同时顺延"))
    lines.append(("不再报价", "保留原报价；已提交的报价不能撤回"))
    return tuple(lines)


def effective_words(terms: MultiRoundTerms) -> str:
    """How the effective price is made of the offered one."""
    words = "报价"
    if terms.preferences:
        words += " ÷ 优惠系数"
    if terms.day_value_fen:
        words += f" + 服务期限 × {formatting.yuan(terms.day_value_fen)}"
    if words == "报价":
        return "即报价本身"
    named = "、".join(f"{one.code} 至多 {formatting.whole_percent(one.max_bp)}%" for one in terms.preferences)
    return f"{words}（{named}）" if named else words


def low_price_words(rule: LowPriceRule) -> str:
    """Which prices are asked to explain themselves."""
    parts: list[str] = []
    if rule.below_mean_bp is not None:
        parts.append(f"低于有效报价平均的 {formatting.whole_percent(rule.below_mean_bp)}%")
    if rule.below_second_bp is not None:
        parts.append(f"最低价低于次低价的 {formatting.whole_percent(rule.below_second_bp)}%")
    if rule.below_ceiling_bp is not None:
        parts.append(f"低于最高限价的 {formatting.whole_percent(rule.below_ceiling_bp)}%")
    return f"{'，或'.join(parts)} 的报价须说明理由；说明未被采纳的，不得中选" if parts else "不设"


def ties_words(ties: tuple[str, ...]) -> str:
    """The order in which equals are told apart."""
    words = [names.TIES.get(tie, tie) for tie in ties]
    return "；仍相同：".join(words)
