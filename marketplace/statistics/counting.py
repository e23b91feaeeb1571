"""What one subject adds to the statistics: rows of (month, city, item, measure, value, how often), and nothing else.

Invariants: total and exact; a value that is not known is in no sample; a demonstration's seconds and real working days
are never in one sample; silence is in the sample of nothing but ``rated``. The same facts and the same baseline give
the same rows, so that counting again equals counting once. Source: market.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import assert_never

from commons.instants import beijing_date
from commons.money import half_up
from commons.workdays import MAX_SPAN_DAYS, workdays_between
from marketplace.statistics.facts import COMPETITIVE, PRICED, Case, Facts, Filed, Satisfied, Saving
from marketplace.statistics.period import month_of

PERMILLE = 1_000
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Count:
    """``count`` times the value of a measure, in one month, of one city and item ("" where there is none)."""

    month: str
    city: str
    item: str
    measure: str
    value: int
    count: int = 1

    def row(self) -> list[str | int]:
        """As kept in JSON."""
        return [self.month, self.city, self.item, self.measure, self.value, self.count]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an item cost and took before: medians, None where there were too few to compare with."""

    unit_fen: int | None = None
    award_days: int | None = None
    result_days: int | None = None


NO_BASELINE = Baseline()


@cache
def _workdays(first: date, last: date) -> int | None:
    if not timedelta() <= last - first <= timedelta(days=MAX_SPAN_DAYS):
        return None
    return workdays_between(first, last).days


def workdays(since: datetime, until: datetime) -> int | None:
    """Working days from one Beijing day to another; None over more than ``MAX_SPAN_DAYS``, or backwards."""
    return _workdays(beijing_date(since), beijing_date(until))


def permille_below(price_fen: int, reference_fen: int) -> int:
    """(reference − price) ÷ reference in tenths of a percent, half up; negative where the price is above."""
    return half_up(Fraction((reference_fen - price_fen) * PERMILLE, reference_fen))


def unit_price(case: Case) -> int | None:
    """What one unit cost in fen, half up; None of what is in no baseline: joint, drawn, chosen directly, no award."""
    if case.price_fen is None or not case.is_award or case.is_joint or case.mode not in PRICED:
        return None
    return half_up(Fraction(case.price_fen, case.quantity))


def award_days(case: Case) -> int | None:
    """Working days from publication to the award; None where there is none, or its rules count in seconds."""
    return None if case.is_timed or not case.is_award else workdays(case.published_at, case.ended_at)


def result_days(case: Case) -> int | None:
    """Working days from publication to the accepted result."""
    return None if case.is_timed or case.accepted_at is None else workdays(case.published_at, case.accepted_at)


def counted(facts: Facts, baseline: Baseline = NO_BASELINE) -> tuple[Count, ...]:
    """Every row that the facts add, in order."""
    match facts:
        case Case():
            rows = [*_ended(facts), *_award(facts, baseline), *_result(facts, baseline)]
        case Saving():
            rows = list(_saving(facts))
        case Satisfied():
            month = month_of(facts.given_at)
            rows = [Count(month, facts.city, facts.item, f"satisfied_{facts.step}", facts.stars)]
        case Filed():
            rows = [Count(month_of(facts.filed_at), facts.city, "", "filed", int(facts.is_outside))]
        case _:
            assert_never(facts)
    return tuple(sorted(rows))


def _ended(case: Case) -> Iterator[Count]:
    """How a selection ended: what there was to choose from, and what became of it."""
    month = month_of(case.ended_at)
    if case.outcome not in {"award", "unsuccessful"}:
        yield Count(month, case.city, case.item, "cancelled", 0)
        return
    if case.mode in COMPETITIVE:
        yield Count(month, case.city, case.item, "failed", int(not case.is_award))
        if case.bids is not None:
            yield Count(month, case.city, case.item, "single_bid", int(case.bids == 1))
    if case.is_award or case.given_up:
        yield Count(month, case.city, case.item, "abandoned", int(case.given_up > 0))


def _award(case: Case, baseline: Baseline) -> Iterator[Count]:
    """What an award cost, how long it took, where it went."""
    if not case.is_award or case.price_fen is None:
        return
    month = month_of(case.ended_at)

    def row(measure: str, value: int, count: int = 1) -> Count:
        return Count(month, case.city, case.item, measure, value, count)

    yield row("awarded", 0)
    yield row("direct_choice", int(case.mode == "direct"))
    if case.winner_city is not None:
        yield row("outside_city", int(case.winner_city != case.city))
    if case.mode not in PRICED:
        yield row("unpriced", 0)
    elif case.ceiling_fen > 0:
        yield row("saving_ceiling", permille_below(case.price_fen, case.ceiling_fen))
        yield row("saved_fen", 0, case.ceiling_fen - case.price_fen)
    if unit_price(case) is not None and baseline.unit_fen:
        yield row("saving_baseline", permille_below(case.price_fen, baseline.unit_fen * case.quantity))
    days = award_days(case)
    if days is not None:
        yield row("award_workdays", days)
        if baseline.award_days is not None and not case.is_joint:
            yield row("award_against", days - baseline.award_days)
    if case.is_timed:
        yield row("award_seconds", (case.ended_at - case.published_at) // _SECOND)


def _result(case: Case, baseline: Baseline) -> Iterator[Count]:
    """What was delivered, how long it took and how good it was."""
    if case.accepted_at is None:
        return
    month = month_of(case.accepted_at)

    def row(measure: str, value: int) -> Count:
        return Count(month, case.city, case.item, measure, value)

    yield row("deemed", int(case.is_deemed))
    yield row("rated", int(case.rating is not None))
    days = result_days(case)
    if days is not None:
        yield row("result_workdays", days)
        if baseline.result_days is not None and not case.is_joint:
            yield row("result_against", days - baseline.result_days)
    if case.is_timed:
        yield row("result_seconds", (case.accepted_at - case.published_at) // _SECOND)
    if case.due_at is not None and case.delivered_at is not None:
        yield row("on_time", int(case.delivered_at <= case.due_at))
    for measure, value in _quality(case):
        yield row(measure, value)


def _quality(case: Case) -> Iterator[tuple[str, int]]:
    """What somebody said about a result; who said nothing is in no sample."""
    said: dict[str, int | None] = {
        "passed_first": case.passed_first,
        "accepted_first": case.accepted_first,
        "rating": case.rating,
        **{f"rating_{dimension}": stars for dimension, stars in (case.scores or {}).items()},
    }
    for measure, value in said.items():
        if value is not None:
            yield measure, int(value)


def _saving(saving: Saving) -> Iterator[Count]:
    """What a regional assessment spared."""
    month = month_of(saving.saved_at)
    yield Count(month, saving.city, saving.item, "coverage", 0)
    if saving.days is not None:
        yield Count(month, saving.city, saving.item, "coverage_days", saving.days)
        yield Count(month, saving.city, saving.item, "coverage_days_total", 0, saving.days)
    if saving.fee_fen is not None:
        yield Count(month, saving.city, saving.item, "coverage_fee", 0)
        yield Count(month, saving.city, saving.item, "coverage_fen", 0, saving.fee_fen)


def difference(before: tuple[Count, ...], after: tuple[Count, ...]) -> tuple[Count, ...]:
    """What must be added to what was counted before to come to what is to be counted: nothing where they are equal."""
    changed: dict[tuple[str, str, str, str, int], int] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for one in rows:
            key = (one.month, one.city, one.item, one.measure, one.value)
            changed[key] = changed.get(key, 0) + sign * one.count
    return tuple(Count(*key, count) for key, count in sorted(changed.items()) if count)
