"""Tags of a demand, a result, a restriction: word first, tone second ("accent", "ok", "warn", "bad" or "")."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from marketplace.web.locale import names
from marketplace.web.views.about import RestrictionRow
from marketplace.web.views.awards import AwardRow, AwardView, Left
from marketplace.web.views.demands import DemandRow, DemandView
from marketplace.web.views.home import RunningCard
from marketplace.web.views.parts import DRAW_MODES


class Tag(NamedTuple):
    """Two to six characters and a tone."""

    words: str
    tone: str = ""


def demand_tags(demand: DemandRow | DemandView, *, at: datetime) -> tuple[Tag, ...]:
    """State first, then what sets this demand apart."""
    match demand:
        case DemandRow():
            closes_at, mode, items = demand.sign_up_closes_at, demand.mode, demand.items_count
        case DemandView():
            closes_at, mode, items = demand.clocks.sign_up_closes_at, demand.terms.mode, len(demand.items)
    tags = [Tag(names.phase_name(demand.state, mode, closes_at, at), names.state_tone(demand.state))]
    if demand.lot is not None:
        tags.append(Tag(f"第 {demand.lot} 标段"))
    if demand.has_changed_terms:
        tags.append(Tag("条款已变更", "warn"))
    if demand.is_regional_assessment:
        tags.append(Tag("区域评价"))
    if items > 1:
        tags.append(Tag(f"合并采购 {items} 项"))
    if demand.publication > 1:
        tags.append(Tag(f"第 {demand.publication} 次发布"))
    return tuple(tags)


def award_tag(award: AwardRow | AwardView) -> Tag:
    """Where the result stands."""
    match award:
        case AwardView(outcome="awaiting_explanation"):
            return Tag("待说明低价", "warn")
        case AwardView(outcome="draw_needed"):
            return Tag("待抽取", "warn")
        case AwardView(outcome="owner_choice"):
            return Tag("待业主择定", "warn")
        case _:
            return Tag(names.state_name(award.state), names.state_tone(award.state))


def running_tag(card: RunningCard) -> Tag:
    """What is going on in a selection that runs."""
    if card.mode in DRAW_MODES:
        return Tag("待抽取")
    if card.round_number is None:
        return Tag("密封报价中")
    if not card.is_round_open:
        return Tag("待开始" if card.round_number == 1 else f"第 {card.round_number} 轮待开始")
    return Tag(f"第 {card.round_number} 轮，共 {card.rounds} 轮")


def restriction_tag(row: RestrictionRow) -> Tag:
    """Whether a restriction holds."""
    match row.state:
        case "in_force":
            return Tag("限制生效", "bad")
        case "expired":
            return Tag("已到期")
        case "lifted":
            return Tag("已解除", "ok")
        case "repaired":
            return Tag("已修复退出", "ok")
        case "revoked":
            return Tag("已撤销")


LEFT_TAGS = {
    "lot_cap_reached": Tag("已达上限", "warn"),
    "own_work_since": Tag("回避", "warn"),
    "qualification_lost": Tag("资质失效", "bad"),
    "extreme_price_dropped": Tag("已去掉", "warn"),
    "eliminated": Tag("未入围"),
    "voided": Tag("资格失效", "bad"),
}
"""Tags of those a rule put out otherwise than by a fault of their offer, the first that fits."""


def left_tag(left: Left) -> Tag:
    """Why somebody was not chosen, in one tag; the ranked have their place instead."""
    codes = {reason.code for reason in left.reasons}
    if left.is_before_offers:
        return Tag("未通过", "bad")
    if left.is_valid:
        return Tag("报价有效" if left.valid_fen is not None else "报名有效")
    if left.is_silent:
        return Tag("未报价")
    return next((tag for code, tag in LEFT_TAGS.items() if code in codes), Tag("报价无效", "warn"))
