"""Why somebody was not chosen, in one sentence where no rule gave a reason."""

from __future__ import annotations

from typing import Protocol

from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.locale.formulas import rate_words
from marketplace.web.views.awards import Left, Outcome
from marketplace.web.views.results import Breakdown, DrawnResult, NearResult, Result, RoundsResult


class Told(Protocol):
    """A result whose losers are told of: what came out, how, and the winner's points."""

    @property
    def outcome(self) -> Outcome: ...  # noqa: D102 - as in the views
    @property
    def result(self) -> Result | None: ...  # noqa: D102 - as in the views
    @property
    def total(self) -> int | None: ...  # noqa: D102 - as in the views


def left_words(one: Left, view: Told) -> str:
    """How far behind, what was missing, or why nobody was ranked; behind by points, cell by cell."""
    cells = _cells(one, view)
    return f"{short_words(one, view)}：{cells}" if cells else short_words(one, view)


def short_words(one: Left, view: Told) -> str:
    """The same without the cells, for papers."""
    if one.is_valid:
        return _unranked(one, view)
    if one.is_silent:
        return "报名后没有提交有效报价"
    if isinstance(view.result, DrawnResult):
        return _drawn(view.result)
    return _behind(one, view)


def _cells(one: Left, view: Told) -> str:
    """Where the points went, criterion by criterion; "" where no points were given, or nobody won."""
    if not isinstance(view.result, Breakdown) or one.rank is None or not one.behind:
        return ""
    bidders = view.result.bidders
    own = next((at for at, bidder in enumerate(bidders) if bidder.agency.uscc == one.agency.uscc), None)
    chosen = next((at for at, bidder in enumerate(bidders) if bidder.is_winner), None)
    if own is None or chosen is None:
        return ""
    gaps = ((row.criterion.kind, row.cells[own].points - row.cells[chosen].points) for row in view.result.rows)
    return "，".join(f"{names.CRITERIA[kind]} {formatting.signed_points(gap)}" for kind, gap in gaps)


def _unranked(one: Left, view: Told) -> str:
    what = f"报价 {formatting.yuan(one.valid_fen)}{rate_words(one.discount_bp)}；" if one.valid_fen is not None else ""
    if view.outcome == "unsuccessful":
        return f"{what}有效家数不足，选取未成立"
    return f"{what}须经抽取才能分出先后"


def _drawn(result: DrawnResult) -> str:
    if result.small_list is None:
        return "抽取号大于中选机构"
    return f"抽取顺序在前 {result.small_list} 名之后，未进入小名单"


def _behind(one: Left, view: Told) -> str:
    behind = one.behind
    if behind is None:
        return "—"
    if behind == 0:
        return "与中选机构相同，按并列规则在后"
    match view.result:
        case RoundsResult():
            return f"有效价比中选机构高 {formatting.yuan(behind)}"
        case NearResult():
            return f"比中选机构离基准价远 {formatting.yuan(behind)}"
        case _ if view.total is not None:
            return f"综合得分比中选机构低 {formatting.points(behind)}"
        case _:
            return f"价格比中选机构高 {formatting.yuan(behind)}"
