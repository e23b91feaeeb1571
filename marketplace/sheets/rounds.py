"""The rounds of one row of a demands sheet: steps, extension, and one round like the other.

Invariants: survivors are kept after every round but the last; only an open round can be extended.
"""

from __future__ import annotations

from commons.canonical import Json
from marketplace.seed.plans import RelativeSchedule, RoundLength
from marketplace.sheets import cells
from marketplace.sheets.columns import ROUND_KINDS, STEP_BASES
from marketplace.sheets.table import Row

MAX_ROUNDS = 10
MAX_ROUND_MINUTES = 240
MAX_EXTENSION_S = 3_600
MAX_EXTENSIONS = 100

ROUNDS = (
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
"""Keys of the columns that speak of rounds."""


def read_steps(row: Row) -> dict[str, Json]:
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


def read_schedule(row: Row, *, sign_up: int) -> RelativeSchedule:
    """When the rounds are, one like the other."""
    count = row.required("rounds", cells.integer(1, MAX_ROUNDS)).found or 0
    first = row.required("first_round_at", cells.minute_of_day).found or 0
    minutes = row.required("round_minutes", cells.integer(1, MAX_ROUND_MINUTES)).found or 0
    pause = row.required("break_minutes", cells.integer(0, MAX_ROUND_MINUTES)).found or 0
    return RelativeSchedule(sign_up, 0, (RoundLength(minutes, pause),) * count, first)


def read_rounds(row: Row, count: int, *, most: int) -> list[Json]:
    """The rounds without their instants; survivors are kept after every round but the last."""
    form = row.required("round_kinds", cells.choice(ROUND_KINDS)).found
    survivors = row.optional("survivors", cells.integer(1, most)).found
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
