"""选取条件 in words: each rule of the terms as a label and a sentence, in the order people need them."""

from __future__ import annotations

from typing import assert_never

from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.views.parts import DayUnit
from marketplace.web.views.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    DirectTerms,
    InstantTerms,
    LowPriceRule,
    MeanPriceTerms,
    MultiRoundTerms,
    RandomDrawTerms,
    TermsView,
)

Line = tuple[str, str]


def terms_lines(terms: TermsView, unit: DayUnit = "workday") -> tuple[Line, ...]:
    """Label and sentence of each rule; criteria and rounds have tables of their own."""
    lines: list[Line] = [("选取方式", f"{names.mode_name(terms.mode)}：{_essence(terms)}"), _amount_line(terms)]
    if terms.is_discount:
        lines.append(("报价形式", "报下浮率；报价 = 最高限价 × (1 − 下浮率)，四舍五入到分，此后只比较这个报价"))
    if terms.max_days is not None:
        lines.append(("最长服务期限", formatting.days(terms.max_days, unit)))
    if terms.takes_sign_up:
        what = "有效报名" if terms.is_drawn else "有效报价"
        lines.append(("最少家数", f"{what}少于 {terms.min_bidders} 家，选取未成立"))
    lines.extend(_of_mode(terms))
    if terms.lot_cap is not None:
        cap = f"每家在本公告的各标段中至多中选 {terms.lot_cap} 个；已达上限的不参加本标段，须等的先等前面的标段有结果"
        lines.append(("标段上限", cap))
    if terms.low_price is not None:
        lines.append(("低价核查", low_price_words(terms.low_price)))
    if terms.ties and not terms.is_drawn:
        lines.append(("并列时", ties_words(terms.ties)))
    return tuple(lines)


def _amount_line(terms: TermsView) -> Line:
    amount, name = formatting.yuan(terms.ceiling_fen), names.amount_name(terms.mode)
    if terms.is_drawn:
        return name, f"{amount}，各家不另报价，中选机构按此金额承接"
    if terms.mode == "direct":
        return name, f"{amount}，选定的价格不得高于此价"
    return name, f"{amount}，高于此价的报价不予接收"


def _essence(terms: TermsView) -> str:
    match terms.of_mode:
        case ComprehensiveTerms():
            words = "密封报价，按评审因素逐项计分，合计最高者中选"
        case MultiRoundTerms(rounds=rounds):
            words = f"分 {len(rounds)} 轮报价，有效价最低者中选"
        case InstantTerms(rule=rule):
            words = f"在有效的上架报价中即时选取，{names.INSTANT_RULES[rule]}中选"
        case MeanPriceTerms():
            words = "密封报价，最接近基准价者中选"
        case RandomDrawTerms():
            words = "从有效报名中可验证地抽取一家中选"
        case CreditDrawTerms():
            words = "信用分高者进入大名单，按信用分持票抽出小名单，由业主从小名单中择定一家"
        case DirectTerms():
            words = "由业主直接选定一家机构，理由向社会公开"
        case _:
            assert_never(terms.of_mode)
    return words


def _of_mode(terms: TermsView) -> tuple[Line, ...]:
    match terms.of_mode:
        case MultiRoundTerms() as rounds:
            return _rounds_lines(rounds)
        case InstantTerms(quantity=quantity):
            price = f"取“单价 × {formatting.number(quantity)}”与“最低收费”中较高者"
            return (("数量", formatting.number(quantity)), ("价格", price))
        case MeanPriceTerms() as mean:
            return _mean_lines(mean)
        case RandomDrawTerms():
            return (("抽取", DRAW_WORDS),)
        case CreditDrawTerms() as credit:
            return _credit_lines(credit)
        case ComprehensiveTerms() | DirectTerms():
            return ()
        case _:
            assert_never(terms.of_mode)


DRAW_WORDS = "输入在报名时承诺、截止时公开；每家的抽取号由输入和自己的编号算出，小者在前，任何人可以重算"


def _mean_lines(terms: MeanPriceTerms) -> tuple[Line, ...]:
    factors = "、".join(f"{formatting.whole_percent(one)}%" for one in terms.factor_bp)
    dropped = "不参加选取（此外没有别家时除外）" if not terms.dropped_may_win else "仍可以中选"
    drawn = f"从 {factors} 中可验证抽取其一" if len(terms.factor_bp) > 1 else factors
    return (
        ("基准价", "有效报价的平均 × 系数，四舍五入到分；与基准价相差最少者在前，高低同等看待"),
        ("平均", f"有效报价达到 {terms.drop_from} 家时，去掉一个最高价、一个最低价再平均"),
        ("系数", drawn),
        ("最高价与最低价", f"去掉时，报最高价或最低价的机构{dropped}"),
    )


def _credit_lines(terms: CreditDrawTerms) -> tuple[Line, ...]:
    return (
        ("大名单", f"截止时信用分最高的 {terms.big_list} 家；与第 {terms.big_list} 名同分的一并列入"),
        ("抽取票数", "信用分每满 1 分一票，至少一票；每家以自己各票中最小的抽取号排序"),
        ("小名单", f"抽取号最小的前 {terms.small_list} 家"),
        ("抽取", DRAW_WORDS),
        ("业主择定", "在规则期限内从小名单中选定一家并公布理由；逾期未选的，小名单第一名中选"),
    )


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
