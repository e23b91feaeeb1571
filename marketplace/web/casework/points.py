"""The breakdown of weighted points: cells with the facts they come from, and what other price weights would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from bidding.criteria import DaysScale, LowestScale, MeanScale, Scale
from bidding.offers import Bid
from bidding.scoring import Scoring
from bidding.terms import Criterion as EngineCriterion
from bidding.terms import LowPrice
from commons.money import BASIS, half_up
from marketplace.web.casework.bidders import Cast
from marketplace.web.casework.terms import criterion_view
from marketplace.web.views.awards import Breakdown, Cell, CriterionRow, WeightSpan
from marketplace.web.views.terms import Criterion

ALL_POINTS = 100
MAX_WEIGHED = 50
"""More bidders than this are not weighed again under other price weights."""


def breakdown(
    criteria: Sequence[EngineCriterion], bids: Mapping[str, Bid], scoring: Scoring, ranked: Sequence[str], people: Cast
) -> Breakdown:
    """Rows by criterion, columns by rank; ``bids`` are the valid ones in the order the scoring has them."""
    position = {bidder: index for index, bidder in enumerate(bids)}
    rows: list[CriterionRow] = []
    for column, (criterion, scale) in enumerate(zip(criteria, scoring.scales, strict=True)):
        view = criterion_view(criterion)
        cells = tuple(Cell(scoring.points[position[one]][column], _fact(view, bids[one])) for one in ranked)
        rows.append(CriterionRow(view, cells, _reference(scale)))
    totals = tuple(scoring.totals[position[one]] for one in ranked)
    weight = next((row.criterion.points for row in rows if row.criterion.kind == "price"), None)
    bidders = tuple(people[one] for one in ranked)
    spans = weight_spans(rows, tuple(one.label for one in bidders))
    return Breakdown(bidders, tuple(rows), totals, weight if spans else None, spans)


def _reference(scale: Scale) -> int | None:
    """What the formula refers to: lowest price or benchmark in fen, fewest days."""
    match scale:
        case LowestScale():
            return scale.lowest_fen
        case MeanScale():
            return scale.benchmark.fen
        case DaysScale():
            return scale.fewest
        case _:
            return None


def _fact(criterion: Criterion, bid: Bid) -> int | str | tuple[int, ...] | None:
    match criterion.kind:
        case "price":
            return bid.price_fen
        case "days":
            return bid.days
        case "credit":
            return bid.credit
        case "grade":
            return bid.grade
        case "experience":
            return bid.experience
        case "plan":
            return bid.marks


def weight_spans(rows: Sequence[CriterionRow], labels: Sequence[str]) -> tuple[WeightSpan, ...]:
    """Who leads at every price weight from 0 to 100; the other criteria share the rest in their proportion.

    Each bidder keeps its share of the points of every criterion; equals stay in their order. Empty without a price
    criterion, with nothing but price, or with one bidder or more than ``MAX_WEIGHED``.
    """
    price = next((row for row in rows if row.criterion.kind == "price"), None)
    others = [row for row in rows if row is not price]
    if price is None or not others or not 1 < len(labels) <= MAX_WEIGHED:
        return ()
    rest = sum(row.criterion.points for row in others)
    price_share = [Fraction(cell.points, price.criterion.points * 100) for cell in price.cells]
    other_share = [Fraction(sum(row.cells[index].points for row in others), rest * 100) for index in range(len(labels))]
    spans: list[WeightSpan] = []
    for weight in range(ALL_POINTS + 1):
        totals = [
            mine * weight + other * (ALL_POINTS - weight) for mine, other in zip(price_share, other_share, strict=True)
        ]
        label = labels[totals.index(max(totals))]
        if spans and spans[-1].label == label:
            spans[-1] = WeightSpan(spans[-1].first, weight, label)
        else:
            spans.append(WeightSpan(weight, weight, label))
    return tuple(spans)


def low_price_line(prices: Sequence[int], rule: LowPrice | None, *, ceiling_fen: int) -> int | None:
    """The highest line of the low-price rule over the valid prices, in fen, half up; None without a line."""
    if rule is None or not prices:
        return None
    lines: list[Fraction] = []
    lowest = sorted(prices)[:2]
    if len(lowest) > 1:
        if rule.below_mean_bp is not None:
            lines.append(Fraction(sum(prices) * rule.below_mean_bp, len(prices) * BASIS))
        if rule.below_second_bp is not None and lowest[0] < lowest[1]:
            lines.append(Fraction(lowest[1] * rule.below_second_bp, BASIS))
    if rule.below_ceiling_bp is not None:
        lines.append(Fraction(ceiling_fen * rule.below_ceiling_bp, BASIS))
    return half_up(max(lines)) if lines else None
