"""Terms looked at before they are published (试算): what is contradictory, unreachable or one-sided, with its reason.

Warnings never stop anybody: terms that break a rule are malformed, these are allowed and probably not meant. Pure
functions of the terms; the limits below are this market's own, no text prescribes them. Source: selection.md sections
2 to 7, each warning names its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from bidding.rules import rule
from bidding.terms import (
    HUNDREDTHS,
    ComprehensiveTerms,
    Credit,
    CreditDrawTerms,
    Criterion,
    Days,
    Experience,
    Grade,
    InstantTerms,
    LowPrice,
    MeanPriceTerms,
    MultiRoundTerms,
    Plan,
    PriceLowest,
    PriceMean,
    RandomDrawTerms,
    Terms,
    asks,
)
from bidding.terms_check_rounds import check_rounds
from bidding.terms_warning import TermsWarning
from commons.money import BASIS
from commons.verdicts import Param

LEAST_FACTOR_BP = 8_000
MOST_FACTOR_BP = 12_000
"""Factors of a benchmark outside these are far from the mean."""

MOST_JOBS = 50
"""Past jobs that somebody may be asked to have for all points."""

LEAST_DROP_FROM = 3
"""The fewest offers from which extremes can be dropped: only one is left then."""


def check_terms(terms: Terms, *, admitted: int | None = None) -> tuple[TermsWarning, ...]:
    """All warnings about terms, in the order of their keys; how many are ``admitted`` where it is known already."""
    return (*_common(terms, admitted), *_of_mode(terms, admitted))


def _of_mode(terms: Terms, admitted: int | None) -> Iterator[TermsWarning]:
    match terms:
        case ComprehensiveTerms():
            yield from _criteria(terms.criteria, terms.max_days)
            yield from _low_price(terms.low_price, terms.ceiling_fen)
            if not asks(terms.criteria, PriceLowest) and not asks(terms.criteria, PriceMean):
                yield TermsWarning("price_does_not_count", rule("3"), "/criteria")
        case MultiRoundTerms():
            yield from check_rounds(terms, admitted)
            yield from _low_price(terms.low_price, terms.ceiling_fen)
        case InstantTerms():
            yield from _criteria(terms.criteria, terms.max_days)
            if terms.min_bidders > 1:
                numbers: dict[str, Param] = {"min_bidders": terms.min_bidders}
                yield TermsWarning("min_bidders_not_used", rule("6"), "/min_bidders", numbers)
        case MeanPriceTerms():
            yield from _factors(terms.factor_bp, "/factor_bp")
            if not terms.dropped_may_win and terms.drop_from == LEAST_DROP_FROM:
                yield TermsWarning("only_the_middle_can_win", rule("1"), "/drop_from", {"drop_from": terms.drop_from})
        case CreditDrawTerms():
            yield from _lists(terms)
        case RandomDrawTerms():
            return
        case _:
            assert_never(terms)


def _common(terms: Terms, admitted: int | None) -> Iterator[TermsWarning]:
    """What every mode can have: the fewest bidders, days without spread, ties that cannot matter, coarse rates."""
    if terms.min_bidders == 1 and not isinstance(terms, InstantTerms):
        yield TermsWarning("min_bidders_one", rule("3"), "/min_bidders")
    if admitted is not None and terms.min_bidders > admitted and not isinstance(terms, InstantTerms):
        numbers: dict[str, Param] = {"min_bidders": terms.min_bidders, "admitted": admitted}
        yield TermsWarning("min_bidders_above_admitted", rule("3"), "/min_bidders", numbers)
    total = next(index for index, tie in enumerate(terms.ties) if tie in {"draw", "received"})
    for index, tie in enumerate(terms.ties):
        idle: dict[str, Param] = {"tie": tie}
        if index > total or (index < total and _is_idle(terms, tie)):
            yield TermsWarning("tie_cannot_matter", rule("7"), f"/ties/{index}", idle)
        elif tie == "received":
            yield TermsWarning("received_favours_speed", rule("7"), f"/ties/{index}")
    if isinstance(terms, ComprehensiveTerms | MultiRoundTerms | MeanPriceTerms):
        fen: dict[str, Param] = {"ceiling_fen": terms.ceiling_fen}
        if terms.price_basis == "discount_rate" and terms.ceiling_fen < BASIS:
            yield TermsWarning("rates_finer_than_fen", rule("2"), "/price_basis", fen)


def _is_idle(terms: Terms, tie: str) -> bool:
    """Whether bidders that this tie could tell apart are never equal before it."""
    if isinstance(terms, RandomDrawTerms | CreditDrawTerms):
        return True
    if isinstance(terms, InstantTerms) and terms.rule == "draw":
        return True
    if tie == "days":
        return terms.max_days == 1
    is_cheapest = isinstance(terms, InstantTerms) and terms.rule == "cheapest"
    is_raw = isinstance(terms, MultiRoundTerms) and not terms.preferences and not terms.day_value_fen
    return tie == "price" and (is_cheapest or is_raw)


def _criteria(criteria: Sequence[Criterion], max_days: int | None) -> Iterator[TermsWarning]:
    for index, criterion in enumerate(criteria):
        place = f"/criteria/{index}"
        numbers: dict[str, Param] = {"points": criterion.points}
        match criterion:
            case Grade():
                yield from _grade(criterion.table, criterion.points, place)
            case Experience():
                yield from _experience(criterion, place)
            case PriceMean():
                yield from _mean(criterion, place)
                yield from _factors(criterion.factor_bp, f"{place}/factor_bp")
            case Days():
                if max_days == 1:
                    yield TermsWarning("days_without_spread", rule("3"), place, numbers)
            case PriceLowest() | Credit() | Plan():
                pass
            case _:
                assert_never(criterion)


def _grade(table: Mapping[str, int], points: int, place: str) -> Iterator[TermsWarning]:
    """A table that gives all the same tells nobody apart; one below its points never gives them."""
    best = max(table.values(), default=0)
    numbers: dict[str, Param] = {"points": points, "best": best}
    if best == 0:
        yield TermsWarning("grade_table_gives_nothing", rule("3"), f"{place}/table", numbers)
    elif len(table) > 1 and min(table.values()) == best:
        yield TermsWarning("grade_table_flat", rule("3"), f"{place}/table", numbers)
    if 0 < best < points:
        yield TermsWarning("grade_points_unreachable", rule("3"), f"{place}/table", numbers)


def _experience(criterion: Experience, place: str) -> Iterator[TermsWarning]:
    full = HUNDREDTHS * criterion.points
    numbers: dict[str, Param] = {"points": criterion.points, "each": criterion.each}
    if criterion.each == 0:
        yield TermsWarning("experience_worth_nothing", rule("3"), f"{place}/each", numbers)
        return
    numbers["jobs"] = -(-full // criterion.each)
    if criterion.each >= full:
        yield TermsWarning("experience_one_job_is_all", rule("3"), f"{place}/each", numbers)
    elif criterion.each * MOST_JOBS < full:
        yield TermsWarning("experience_points_unreachable", rule("3"), f"{place}/each", numbers)


def _mean(criterion: PriceMean, place: str) -> Iterator[TermsWarning]:
    """What a percent above or below costs: nothing, less than the other side, or never as much as the weight says."""
    above = 0 if criterion.above_max == 0 else criterion.above
    below = 0 if criterion.below_max == 0 else criterion.below
    numbers: dict[str, Param] = {"points": criterion.points, "above": above, "below": below}
    if above == below == 0:
        yield TermsWarning("price_cannot_matter", rule("3"), place, numbers)
        return
    if above == 0:
        yield TermsWarning("dearer_costs_nothing", rule("3"), f"{place}/above", numbers)
    elif below > above:
        yield TermsWarning("cheaper_costs_more", rule("3"), f"{place}/below", numbers)
    full = HUNDREDTHS * criterion.points
    caps = [cap if cost else 0 for cost, cap in ((above, criterion.above_max), (below, criterion.below_max))]
    most = max(full if cap is None else cap for cap in caps)
    if most < full:
        numbers["most"] = most
        yield TermsWarning("price_weight_capped", rule("3"), place, numbers)


def _factors(factors: Sequence[int], place: str) -> Iterator[TermsWarning]:
    for index, factor in enumerate(factors):
        if not LEAST_FACTOR_BP <= factor <= MOST_FACTOR_BP:
            numbers: dict[str, Param] = {"factor_bp": factor}
            yield TermsWarning("factor_far_from_mean", rule("3"), f"{place}/{index}", numbers)


def _low_price(lines: LowPrice | None, ceiling_fen: int) -> Iterator[TermsWarning]:
    """Lines that flag nobody, or everybody on their side."""
    if lines is None:
        return
    named = {
        "below_mean_bp": lines.below_mean_bp,
        "below_second_bp": lines.below_second_bp,
        "below_ceiling_bp": lines.below_ceiling_bp,
    }
    if set(named.values()) == {None}:
        yield TermsWarning("low_price_without_lines", rule("4"), "/low_price")
    for key, line in named.items():
        if line is None:
            continue
        numbers: dict[str, Param] = {"line": key, "bp": line}
        if line == 0 or (key == "below_ceiling_bp" and ceiling_fen * line <= BASIS):
            yield TermsWarning("low_price_flags_nobody", rule("4"), f"/low_price/{key}", numbers)
        elif line >= BASIS:
            yield TermsWarning("low_price_flags_everybody", rule("4"), f"/low_price/{key}", numbers)


def _lists(terms: CreditDrawTerms) -> Iterator[TermsWarning]:
    numbers: dict[str, Param] = {"big_list": terms.big_list, "small_list": terms.small_list}
    if terms.big_list == 1:
        yield TermsWarning("big_list_one", rule("1"), "/big_list", numbers)
    elif terms.small_list >= terms.big_list:
        yield TermsWarning("small_list_holds_all", rule("1"), "/small_list", numbers)
    if terms.small_list == 1:
        yield TermsWarning("small_list_one", rule("1"), "/small_list", numbers)
