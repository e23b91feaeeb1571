"""The breakdown of weighted points: cells with the facts they come from, and what other price weights would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from bidding.case import ComprehensiveCase, InstantCase
from bidding.criteria import DaysScale, LowestScale, MeanScale, Scale
from bidding.offers import Bid
from bidding.scoring import Scoring
from bidding.sensitivity import Beyond, WeightRange, leaders, sensitivity
from bidding.terms import LowPrice
from commons.money import BASIS, half_up
from marketplace.web.casework.bidders import Cast
from marketplace.web.casework.terms import criterion_view
from marketplace.web.views.results import Breakdown, Cell, CriterionRow, WeightRow, WeightSpan
from marketplace.web.views.terms import Criterion, CriterionKind

PointsCase = ComprehensiveCase | InstantCase
"""Cases that can rank by points."""

MAX_WEIGHED = 50
"""More bidders than this are not weighed again under other price weights."""
MOST_WEIGHED = 256
"""Cases whose weighing is kept: it takes longer than the rest of the page."""


def breakdown(
    case: ComprehensiveCase | InstantCase,
    bids: Mapping[str, Bid],
    scoring: Scoring,
    ranked: Sequence[str],
    people: Cast,
) -> Breakdown:
    """Rows by criterion, columns by rank; ``bids`` are the valid ones in the order the scoring has them."""
    criteria = case.terms.criteria
    position = {bidder: index for index, bidder in enumerate(bids)}
    rows: list[CriterionRow] = []
    for column, (criterion, scale) in enumerate(zip(criteria, scoring.scales, strict=True)):
        view = criterion_view(criterion)
        cells = tuple(
            Cell(scoring.points[position[one]][column], _fact(view, bids[one]), _rate(view, bids[one]))
            for one in ranked
        )
        rows.append(CriterionRow(view, cells, _reference(scale)))
    totals = tuple(scoring.totals[position[one]] for one in ranked)
    weight = next((row.criterion.points for row in rows if row.criterion.kind == "price"), None)
    bidders = tuple(people[one] for one in ranked)
    price = next((index for index, row in enumerate(rows) if row.criterion.kind == "price"), None)
    is_weighed = 1 < len(ranked) <= MAX_WEIGHED
    leading, ranges = _weighed(_Whole(repr(case), case), price) if is_weighed else ((), ())
    labels = {one: people[one].label for one in ranked}
    spans = weight_spans(leading, labels)
    weights = weight_rows(ranges, [row.criterion.kind for row in rows], labels) if is_weighed else ()
    first = bidders[0].label if bidders else ""
    return Breakdown(bidders, tuple(rows), totals, weight if spans else None, spans, first=first, weights=weights)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A case by all that it says: its values are written out in full, and some of them cannot be hashed."""

    text: str
    case: PointsCase = field(compare=False)


@lru_cache(maxsize=MOST_WEIGHED)
def _weighed(whole: _Whole, price: int | None) -> tuple[tuple[str | None, ...], tuple[WeightRange, ...]]:
    """Who leads at each weight of the price criterion, and the range of every weight: of a case, the same for ever."""
    case = whole.case
    return leaders(case, price) if price is not None else (), sensitivity(case)


def weight_rows(
    ranges: Sequence[WeightRange], kinds: Sequence[CriterionKind], labels: Mapping[str, str]
) -> tuple[WeightRow, ...]:
    """How far each weight could move; nothing of a sole criterion, which has nobody to give weight to."""
    if len(ranges) < 2:  # noqa: PLR2004  a sole criterion
        return ()
    return tuple(
        WeightRow(
            kinds[one.index], one.points, one.low, one.high, _beyond(one.below, labels), _beyond(one.above, labels)
        )
        for one in ranges
    )


def _beyond(one: Beyond | None, labels: Mapping[str, str]) -> tuple[int, str] | None:
    return None if one is None else (one.points, labels[one.bidder] if one.bidder is not None else "")


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


def _rate(criterion: Criterion, bid: Bid) -> int | None:
    """The rate beside the price it means."""
    return bid.discount_bp if criterion.kind == "price" else None


def weight_spans(leading: Sequence[str | None], labels: Mapping[str, str]) -> tuple[WeightSpan, ...]:
    """Runs of weights with one leader, by the engine's own weighing; empty where a missing draw leaves one open."""
    spans: list[WeightSpan] = []
    for weight, bidder in enumerate(leading):
        if bidder is None:
            return ()
        if spans and spans[-1].label == labels[bidder]:
            spans[-1] = WeightSpan(spans[-1].first, weight, labels[bidder])
        else:
            spans.append(WeightSpan(weight, weight, labels[bidder]))
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
