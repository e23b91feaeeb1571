"""Criteria, low-price lines and ties as terms declare them. Source: selection.md sections 3, 4, 7 and 10."""

from __future__ import annotations

from typing import get_args

from bidding.reading.fields import Fields, keys
from bidding.terms import Credit, Criterion, Days, Experience, Grade, LowPrice, Plan, PriceLowest, PriceMean, Tie
from commons.canonical import Json
from commons.documents import Faults

ALL_POINTS = 100
MIN_DROP_FROM = 3
DEFAULT_DROP_FROM = 5
DEFAULT_FACTORS = (10_000,)

_KINDS = ("price", "days", "credit", "grade", "experience", "plan")
_KEYS = keys("kind points formula above below above_max below_max deviation drop_from factor_bp table each")
_LINES = ("below_mean_bp", "below_second_bp", "below_ceiling_bp")
_TIES: tuple[Tie, ...] = get_args(Tie)


def read_criteria(terms: Fields) -> tuple[Criterion, ...]:
    """The list of criteria: one price criterion at most, points that sum to 100."""
    before = len(terms.faults.found)
    criteria = terms.needed_items("criteria", lambda raw, pointer: _criterion(raw, pointer, terms.faults))
    if len(terms.faults.found) > before:
        return criteria
    if sum(isinstance(criterion, PriceLowest | PriceMean) for criterion in criteria) > 1:
        terms.fault("criteria", "two_price_criteria", "may hold one price criterion at most")
    if sum(criterion.points for criterion in criteria) != ALL_POINTS:
        terms.fault("criteria", "points_not_100", "points must sum to 100")
    return criteria


def read_factors(fields: Fields) -> tuple[int, ...]:
    """The choices of a benchmark's factor in basis points: not empty, distinct, positive."""
    factors = fields.integers("factor_bp")
    if factors is None:
        return DEFAULT_FACTORS
    if not factors or min(factors) <= 0 or len(set(factors)) < len(factors):
        fields.fault("factor_bp", "bad_factors", "must hold one or more distinct positive basis points")
        return DEFAULT_FACTORS
    return factors


def read_drop_from(fields: Fields) -> int:
    """From how many offers on one highest and one lowest are left out of the mean."""
    drop_from = fields.integer("drop_from", MIN_DROP_FROM)
    return DEFAULT_DROP_FROM if drop_from is None else drop_from


def read_low_price(terms: Fields) -> LowPrice | None:
    """The lines of the low-price rule, each of which may be absent."""
    if not terms.has("low_price"):
        return None
    fields = Fields(terms.raw["low_price"], terms.at("low_price"), _LINES, terms.faults)
    return LowPrice(*(fields.integer(line, 0) for line in _LINES))


def read_ties(terms: Fields, *, max_days: int | None, received: bool) -> tuple[Tie, ...]:
    """The tie rules: known words, the last one makes the order total; ``received`` only where it is allowed."""
    before = len(terms.faults.found)
    ties = terms.needed_items("ties", lambda raw, pointer: _tie(raw, pointer, terms.faults))
    if len(terms.faults.found) > before or not terms.readable:
        return ties
    for index, tie in enumerate(ties):
        if tie == "received" and not received:
            detail = "is allowed only in multi_round with an open last round"
            terms.faults.add(f"{terms.at('ties')}/{index}", "received_not_allowed", detail)
        if tie == "days" and max_days is None:
            terms.faults.add(f"{terms.at('ties')}/{index}", "days_without_max_days", "is allowed only with max_days")
    if not ties or ties[-1] not in ("draw", "received"):
        terms.fault("ties", "order_not_total", "must end with draw, or with received where that is allowed")
    return ties


def _tie(raw: Json, pointer: str, faults: Faults) -> Tie:
    for tie in _TIES:
        if raw == tie:
            return tie
    faults.add(pointer, "not_one_of", f"must be one of {', '.join(_TIES)}")
    return "draw"


def _criterion(raw: Json, pointer: str, faults: Faults) -> Criterion:
    fields = Fields(raw, pointer, _KEYS, faults)
    points = fields.needed_integer("points", 1, ALL_POINTS)
    kind = fields.word("kind", _KINDS)
    made: Criterion
    match kind:
        case "price":
            made = _price(fields, points)
        case "days":
            made = Days(points)
        case "credit":
            made = Credit(points)
        case "grade":
            made = Grade(points, _table(fields, points))
        case "experience":
            made = Experience(points, fields.needed_integer("each", 0))
        case _:
            made = Plan(points)
    return made


def _price(fields: Fields, points: int) -> Criterion:
    if fields.word("formula", ("lowest", "mean")) == "lowest":
        return PriceLowest(points)
    return PriceMean(
        points,
        above=fields.needed_integer("above", 0),
        below=fields.needed_integer("below", 0),
        above_max=fields.integer("above_max", 0),
        below_max=fields.integer("below_max", 0),
        whole_up=fields.word("deviation", ("exact", "whole_up"), "exact") == "whole_up",
        drop_from=read_drop_from(fields),
        factor_bp=read_factors(fields),
    )


def _table(fields: Fields, points: int) -> dict[str, int]:
    if not fields.has("table"):
        fields.missing("table", "has to be given")
        return {}
    raw = fields.raw["table"]
    grades = raw if isinstance(raw, dict) else ()
    table = Fields(raw, fields.at("table"), grades, fields.faults)
    return {grade: table.needed_integer(grade, 0, points) for grade in grades}
