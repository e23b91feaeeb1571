"""The conditions of one row of a demands sheet → terms as selection.md 10 and a relative schedule.

Each mode asks for its own columns; others must stay empty. What the row does not say follows here, in one place: ties
are broken by days, then credit, then a draw (where equal effective prices can hide different ones: by price first);
a draw needs nothing before it, and a direct choice has no rules at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from agencies.shelf import MAX_DAYS
from commons.canonical import Json
from marketplace.catalogue.items import Catalogue, ServiceItem
from marketplace.demands.demand import Mode
from marketplace.seed.plans import RelativeSchedule
from marketplace.sheets import cells
from marketplace.sheets.columns import DEMANDS, INSTANT_RULES, MAY_WIN, PRICE_BASES
from marketplace.sheets.rounds import ROUNDS, read_rounds, read_schedule, read_steps
from marketplace.sheets.scoring import SCORING, read_criteria, refuse_scoring
from marketplace.sheets.table import Row

MAX_WORKDAYS = 60
MAX_BIDDERS = 50
MAX_PERCENT = 99
BP_IN_PERCENT = 100
LEAST_DROPPED_FROM = 3
FACTORS_BP = (5_000, 15_000)
"""Factors of a benchmark, in basis points of the mean."""

_SIGN_UP = ("sign_up_workdays", "min_bidders")
_MEAN = ("drop_from", "extremes", "factors")
_LISTS = ("big_list", "small_list")
_USED: Mapping[Mode, tuple[str, ...]] = {
    "comprehensive": (*_SIGN_UP, "offer_workdays", "price_basis", *SCORING, "low_price_percent"),
    "multi_round": (*_SIGN_UP, "price_basis", "low_price_percent", *ROUNDS),
    "instant": ("instant_rule", *SCORING),
    "mean_price": (*_SIGN_UP, "offer_workdays", "price_basis", *_MEAN),
    "random_draw": _SIGN_UP,
    "credit_draw": (*_SIGN_UP, *_LISTS),
    "direct": (),
}
_CONDITIONS = frozenset(key for used in _USED.values() for key in used)
"""Every column that some mode uses and another does not."""

_TIES: Mapping[Mode, list[Json]] = {
    "comprehensive": ["price", "days", "credit", "draw"],
    "multi_round": ["days", "credit", "draw"],
    "instant": ["price", "days", "credit", "draw"],
    "mean_price": ["price", "days", "credit", "draw"],
    "random_draw": ["draw"],
    "credit_draw": ["draw"],
}


def read_conditions(
    row: Row, mode: Mode | None, item: ServiceItem | None, quantity: int | None, catalogue: Catalogue
) -> tuple[Mapping[str, Json], RelativeSchedule]:
    """Terms and schedule of the mode; of use only when the row has no faults. Refuses columns of other modes."""
    ceiling = row.required("ceiling", cells.fen(least=1)).found
    max_days = row.required("max_days", cells.integer(1, MAX_DAYS)).found
    terms: dict[str, Json] = {"mode": mode, "ceiling_fen": ceiling, "max_days": max_days}
    schedule = RelativeSchedule(0, 0)
    if mode is None:
        return terms, schedule
    for column in DEMANDS.columns:
        if column.key in _CONDITIONS and column.key not in _USED[mode] and not row.is_empty(column.key):
            row.wrong(column.key, "所选的选取方式不用这一列，请留空")
    match mode:
        case "comprehensive":
            schedule = _sealed(row)
            terms |= _bidders(row) | _basis(row) | _low_price(row)
            terms["criteria"] = read_criteria(row, item, catalogue)
        case "multi_round":
            schedule = read_schedule(row, sign_up=_sign_up(row))
            terms |= _bidders(row) | _basis(row) | _low_price(row) | read_steps(row)
            terms["rounds"] = read_rounds(row, len(schedule.rounds), most=MAX_BIDDERS)
        case "instant":
            terms["quantity"] = quantity
            terms |= _shelf(row, item, catalogue)
        case "mean_price":
            schedule = _sealed(row)
            terms |= _bidders(row) | _basis(row) | _benchmark(row)
        case "random_draw" | "credit_draw":
            schedule = RelativeSchedule(_sign_up(row), 0)
            terms |= _bidders(row) | (_lists(row) if mode == "credit_draw" else {})
        case "direct":
            return terms, schedule
        case _:
            assert_never(mode)
    terms["ties"] = list(_TIES[mode])
    return terms, schedule


def _sign_up(row: Row) -> int:
    return row.required("sign_up_workdays", cells.integer(1, MAX_WORKDAYS)).found or 0


def _sealed(row: Row) -> RelativeSchedule:
    """Sign up, then offer."""
    sign_up = _sign_up(row)
    return RelativeSchedule(sign_up, row.required("offer_workdays", cells.integer(0, MAX_WORKDAYS)).found or 0)


def _bidders(row: Row) -> dict[str, Json]:
    """Fewest valid offers."""
    return {"min_bidders": row.required("min_bidders", cells.integer(1, MAX_BIDDERS)).found}


def _basis(row: Row) -> dict[str, Json]:
    """What an offer names, where it is not an amount."""
    basis = row.optional("price_basis", cells.choice(PRICE_BASES)).found
    return {"price_basis": basis} if basis == "discount_rate" else {}


def _low_price(row: Row) -> dict[str, Json]:
    """The line below which a price must be explained, as a share of the mean."""
    percent = row.optional("low_price_percent", cells.integer(1, MAX_PERCENT)).found
    return {} if percent is None else {"low_price": {"below_mean_bp": percent * BP_IN_PERCENT}}


def _shelf(row: Row, item: ServiceItem | None, catalogue: Catalogue) -> dict[str, Json]:
    """The rule over the shelf, with points where it compares by them."""
    rule = row.required("instant_rule", cells.choice(INSTANT_RULES)).found
    if rule == "best_value":
        return {"rule": rule, "criteria": read_criteria(row, item, catalogue)}
    if rule is not None:
        refuse_scoring(row, "所选的立等规则不用这一列，请留空")
    return {"rule": rule}


def _benchmark(row: Row) -> dict[str, Json]:
    """What the benchmark is made of, and who is out at the ends."""
    terms: dict[str, Json] = {
        "drop_from": row.required("drop_from", cells.integer(LEAST_DROPPED_FROM, MAX_BIDDERS)).found,
        "dropped_may_win": row.required("extremes", cells.choice(MAY_WIN)).found,
    }
    factors = row.optional("factors", cells.several(cells.hundredths(*FACTORS_BP))).found
    if factors is not None:
        terms["factor_bp"] = list(factors)
    return terms


def _lists(row: Row) -> dict[str, Json]:
    """How many enter the draw by their credit, and how many of them the owner picks from."""
    big = row.required("big_list", cells.integer(1, MAX_BIDDERS)).found
    small = row.required("small_list", cells.integer(1, MAX_BIDDERS)).found
    if big is not None and small is not None and small > big:
        row.wrong("small_list", f"不能多于大名单的 {big} 家")
    return {"big_list": big, "small_list": small}
