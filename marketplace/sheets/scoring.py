"""The weights of one row of a demands sheet → the criteria of selection.md 3.

Invariants: weights are whole points and sum to 100; a criterion of no points is none; grades lose points in equal
steps from the best one down, in whole points rounded down, and only grades that the item admits stand in the table.
"""

from __future__ import annotations

from commons.canonical import Json
from marketplace.catalogue.items import Catalogue, ServiceItem, covers
from marketplace.sheets import cells
from marketplace.sheets.columns import PRICE_FORMULAS
from marketplace.sheets.table import Row

FULL_POINTS = 100
MAX_HUNDREDTHS = 10_000

_WEIGHTS = ("weight_price", "weight_days", "weight_credit", "weight_experience", "weight_grade")
_DETAILS = ("experience_each", "price_formula", "loss_above", "loss_below")
SCORING = (*_WEIGHTS, *_DETAILS)
"""Keys of the columns that speak of points."""


def read_criteria(row: Row, item: ServiceItem | None, catalogue: Catalogue) -> list[Json]:
    """The criteria with points, in the order of the columns; of use only when the row has no faults."""
    points = {key: row.optional(key, cells.integer(0, FULL_POINTS)).found or 0 for key in _WEIGHTS}
    total = sum(points.values())
    if total != FULL_POINTS and not any(row.has_fault(key) for key in _WEIGHTS):
        row.wrong(_WEIGHTS[0], f"五项权重合计应为 {FULL_POINTS}，现为 {total}")
    criteria = (
        _price(row, points["weight_price"]),
        _plain("days", points["weight_days"]),
        _plain("credit", points["weight_credit"]),
        _experience(row, points["weight_experience"]),
        _grade(row, points["weight_grade"], item, catalogue),
    )
    return [criterion for criterion in criteria if criterion]


def refuse_scoring(row: Row, reason: str) -> None:
    """Note every column of points that is filled although none counts."""
    for key in SCORING:
        if not row.is_empty(key):
            row.wrong(key, reason)


def _plain(kind: str, points: int) -> dict[str, Json]:
    return {"kind": kind, "points": points} if points else {}


def _price(row: Row, points: int) -> dict[str, Json]:
    """By the lowest price, or by the mean with what each percent above and below it costs."""
    if row.has_fault("weight_price"):
        return {}
    if not points:
        _refuse(row, "没有报价权重，请留空", "price_formula", "loss_above", "loss_below")
        return {}
    formula = row.required("price_formula", cells.choice(PRICE_FORMULAS)).found
    criterion: dict[str, Json] = {"kind": "price", "points": points, "formula": formula}
    if formula == "mean":
        criterion["above"] = row.required("loss_above", cells.hundredths(0, MAX_HUNDREDTHS)).found
        criterion["below"] = row.required("loss_below", cells.hundredths(0, MAX_HUNDREDTHS)).found
    elif formula is not None:
        _refuse(row, "报价计分不是“平均价为基准”，请留空", "loss_above", "loss_below")
    return criterion


def _experience(row: Row, points: int) -> dict[str, Json]:
    """Hundredths of points for each job."""
    if row.has_fault("weight_experience"):
        return {}
    if not points:
        _refuse(row, "没有业绩权重，请留空", "experience_each")
        return {}
    each = row.required("experience_each", cells.hundredths(1, MAX_HUNDREDTHS)).found
    return {"kind": "experience", "points": points, "each": each}


def _grade(row: Row, points: int, item: ServiceItem | None, catalogue: Catalogue) -> dict[str, Json]:
    """A table over the grades that the item admits."""
    if not points or item is None:
        return {}
    kind = catalogue.kind(item.qualification_kind) if item.qualification_kind else None
    grades = kind.grades_best_first if kind else ()
    admitted = [grade for grade in grades if covers(grade, item.minimum_grade, grades)]
    if not admitted:
        row.wrong("weight_grade", "该事项不要求分等级的资质，等级权重应为 0")
        return {}
    table: dict[str, Json] = {
        grade: points * (len(admitted) - place) // len(admitted) for place, grade in enumerate(admitted)
    }
    return {"kind": "grade", "points": points, "table": table}


def _refuse(row: Row, reason: str, *keys: str) -> None:
    """Note details that are filled although nothing uses them."""
    for key in keys:
        if not row.is_empty(key):
            row.wrong(key, reason)
