"""The conditions of one row of a demands sheet → terms as selection.md 10 and a relative schedule.

Each mode asks for its own columns; others must stay empty. What the row does not say follows here, in one place: ties
are broken by days, then credit, then a draw (where equal effective prices can hide different ones: by price first).
"""

from __future__ import annotations

from collections.abc import Mapping

from agencies.shelf import MAX_DAYS
from commons.canonical import Json
from marketplace.catalogue.items import Catalogue, ServiceItem
from marketplace.seed.plans import RelativeSchedule, RoundLength
from marketplace.sheets import cells
from marketplace.sheets.columns import INSTANT_RULES, ROUND_KINDS, STEP_BASES
from marketplace.sheets.scoring import SCORING, read_criteria, refuse_scoring
from marketplace.sheets.table import Row

MAX_WORKDAYS = 60
MAX_BIDDERS = 50
MAX_ROUNDS = 10
MAX_ROUND_MINUTES = 240
MAX_EXTENSION_S = 3_600
MAX_EXTENSIONS = 100
MAX_PERCENT = 99
BP_IN_PERCENT = 100

_ROUNDS = (
    "step",
    "step_basis",
    "rounds",
    "round_kinds",
    "first_round_at",
    "round_minutes",
    "break_minutes",
    "survivors",
    "extension_seconds",
    "extension_limit",
)
_UNUSED: Mapping[str, tuple[str, ...]] = {
    "comprehensive": (*_ROUNDS, "instant_rule"),
    "multi_round": ("offer_workdays", *SCORING, "instant_rule"),
    "instant": ("sign_up_workdays", "offer_workdays", "min_bidders", "low_price_percent", *_ROUNDS),
}
_TIES: Mapping[str, list[Json]] = {
    "comprehensive": ["price", "days", "credit", "draw"],
    "multi_round": ["days", "credit", "draw"],
    "instant": ["price", "days", "credit", "draw"],
}


def read_conditions(
    row: Row, mode: str | None, item: ServiceItem | None, quantity: int | None, catalogue: Catalogue
) -> tuple[Mapping[str, Json], RelativeSchedule]:
    """Terms and schedule of the mode; of use only when the row has no faults. Refuses columns of other modes."""
    ceiling = row.required("ceiling", cells.fen(least=1)).found
    max_days = row.required("max_days", cells.integer(1, MAX_DAYS)).found
    terms: dict[str, Json] = {"mode": mode, "ceiling_fen": ceiling, "max_days": max_days}
    schedule = RelativeSchedule(0, 0)
    if mode is None:
        return terms, schedule
    for key in _UNUSED[mode]:
        if not row.is_empty(key):
            row.wrong(key, "所选的选取方式不用这一列，请留空")
    match mode:
        case "comprehensive":
            terms |= _bidders(row)
            terms["criteria"] = read_criteria(row, item, catalogue)
            schedule = RelativeSchedule(
                _sign_up(row), row.required("offer_workdays", cells.integer(0, MAX_WORKDAYS)).found or 0
            )
        case "multi_round":
            terms |= _bidders(row) | _steps(row)
            schedule = _round_schedule(row)
            terms["rounds"] = _rounds(row, len(schedule.rounds))
        case _:
            terms["quantity"] = quantity
            terms["rule"] = rule = row.required("instant_rule", cells.choice(INSTANT_RULES)).found
            if rule == "best_value":
                terms["criteria"] = read_criteria(row, item, catalogue)
            elif rule is not None:
                refuse_scoring(row, "所选的立等规则不用这一列，请留空")
    terms["ties"] = list(_TIES[mode])
    return terms, schedule


def _sign_up(row: Row) -> int:
    return row.required("sign_up_workdays", cells.integer(1, MAX_WORKDAYS)).found or 0


def _bidders(row: Row) -> dict[str, Json]:
    """Fewest valid offers, and the line below which a price must be explained, as a share of the mean."""
    terms: dict[str, Json] = {"min_bidders": row.required("min_bidders", cells.integer(1, MAX_BIDDERS)).found}
    percent = row.optional("low_price_percent", cells.integer(1, MAX_PERCENT)).found
    if percent is not None:
        terms["low_price"] = {"below_mean_bp": percent * BP_IN_PERCENT}
    return terms


def _steps(row: Row) -> dict[str, Json]:
    """Step and extension of a multi-round selection."""
    terms: dict[str, Json] = {
        "step_fen": row.required("step", cells.fen(least=1)).found,
        "step_basis": row.required("step_basis", cells.choice(STEP_BASES)).found,
    }
    if not row.is_empty("extension_seconds"):
        seconds = row.required("extension_seconds", cells.integer(1, MAX_EXTENSION_S)).found
        limit = row.required("extension_limit", cells.integer(1, MAX_EXTENSIONS)).found
        terms["extension"] = {"window_s": seconds, "extend_s": seconds, "limit": limit}
    elif not row.is_empty("extension_limit"):
        row.wrong("extension_limit", "没有填顺延秒数，请留空")
    return terms


def _round_schedule(row: Row) -> RelativeSchedule:
    """When the rounds are, one like the other."""
    sign_up = _sign_up(row)
    count = row.required("rounds", cells.integer(1, MAX_ROUNDS)).found or 0
    first = row.required("first_round_at", cells.minute_of_day).found or 0
    minutes = row.required("round_minutes", cells.integer(1, MAX_ROUND_MINUTES)).found or 0
    pause = row.required("break_minutes", cells.integer(0, MAX_ROUND_MINUTES)).found or 0
    return RelativeSchedule(sign_up, 0, (RoundLength(minutes, pause),) * count, first)


def _rounds(row: Row, count: int) -> list[Json]:
    """The rounds without their instants; survivors are kept after every round but the last."""
    form = row.required("round_kinds", cells.choice(ROUND_KINDS)).found
    survivors = row.optional("survivors", cells.integer(1, MAX_BIDDERS)).found
    if count == 1 and survivors is not None:
        row.wrong("survivors", "只有一轮，不淘汰，请留空")
    kinds = ["open" if form in {"open", "first", "last"} else "sealed"] * count
    if form == "first":
        kinds[:1] = ["sealed"] * min(count, 1)
    if form == "last":
        kinds[-1:] = ["sealed"] * min(count, 1)
    if count and "open" not in kinds and not row.is_empty("extension_seconds"):
        row.wrong("extension_seconds", "没有公开轮次，不顺延，请留空")
    rounds: list[dict[str, Json]] = [{"kind": kind} for kind in kinds]
    if survivors is not None:
        for one in rounds[:-1]:
            one["survivors"] = survivors
    return list(rounds)
