"""What the trial's form begins with: an example of each mode, or the terms of a published demand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from commons.canonical import Json
from marketplace.web.trial.fields import FIELDS, LEAST_ROWS, columns
from marketplace.web.trial.reading import STEMS, rounds_count
from marketplace.web.trial.values import written

_COMMON = {"ceiling": "180000", "least": "3", "seed": "1"}
_POINTS = {
    "w_price": "45", "formula": "lowest", "w_days": "15", "w_credit": "20", "w_experience": "5", "each": "1",
    "w_plan": "15",
}  # fmt: skip
EXAMPLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "comprehensive": {
            **_COMMON, **_POINTS, "max_days": "40", "basis": "fen", "low": "80", "ties": "price,draw",
        },
        "multi_round": {
            **_COMMON, "step": "1000", "step_basis": "leader", "rounds": "2", "round_kind": "open", "ties": "received",
        },
        "instant": {
            "ceiling": "180000", "seed": "1", "rule": "cheapest", "quantity": "10", "ties": "draw",
        },
        "mean_price": {**_COMMON, "dropped": "yes", "factors": "97", "basis": "fen", "ties": "draw"},
        "random_draw": _COMMON,
        "credit_draw": {**_COMMON, "least": "2", "big_list": "3", "small_list": "2"},
    }
)  # fmt: skip
_SHARES = (77, 72, 68, 84)
_DAYS = (18, 25, 30, 20)
_CREDITS = (9_600, 8_900, 8_250, 9_125)
_JOBS = (6, 9, 2, 3)
_MARKS = ("13、13、13.6、12.5、13", "12.9、12.4、12.3、11.8、12.41", "10.77", "12.07")


def example(mode: str) -> dict[str, str]:
    """A filled-in form of a mode."""
    given = dict(EXAMPLES[mode])
    return given | offers(mode, given, {}, ceiling_fen=18_000_000)


def of_published(terms: Mapping[str, Json]) -> dict[str, str]:
    """A filled-in form of published terms, with invented offers below their ceiling."""
    mode = str(terms["mode"])
    given = {"seed": "1"}
    for one in FIELDS[mode]:
        name = _WHERE.get(one.key)
        if name is not None and name in terms:
            given[one.key] = written(one.kind, terms[name])
    given["ties"] = ",".join(str(one) for one in cast("list[str]", terms.get("ties") or []))
    given |= _criteria(cast("list[dict[str, Any]]", terms.get("criteria") or []))
    if "low_price" in terms:
        given["low"] = written("percent", cast("dict[str, Json]", terms["low_price"]).get("below_mean_bp"))
    if mode == "mean_price":
        given["dropped"] = "no" if terms.get("dropped_may_win") is False else "yes"
        given.setdefault("factors", "100")
    rounds = terms.get("rounds")
    if isinstance(rounds, list):
        given["rounds"] = str(len(rounds))
    known = {one.key for one in FIELDS[mode]}
    given = {key: text for key, text in given.items() if key in known and text}
    return given | offers(mode, given, terms, ceiling_fen=cast("int", terms["ceiling_fen"]))


_WHERE: Mapping[str, str] = {
    "ceiling": "ceiling_fen", "least": "min_bidders", "max_days": "max_days", "basis": "price_basis",
    "step": "step_fen", "step_basis": "step_basis", "day_value": "day_value_fen", "rule": "rule",
    "quantity": "quantity", "drop_from": "drop_from", "factors": "factor_bp", "big_list": "big_list",
    "small_list": "small_list",
}  # fmt: skip


def _criteria(criteria: list[dict[str, Any]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for one in criteria:
        given[f"w_{one['kind']}"] = str(one["points"])
        if one["kind"] == "price":
            given["formula"] = one["formula"]
            given |= {key: written("points", one[key]) for key in ("above", "below") if key in one}
        if one["kind"] == "grade":
            given["table"] = written("table", one["table"])
        if one["kind"] == "experience":
            given["each"] = written("points", one["each"])
    return given


def offers(mode: str, given: Mapping[str, str], base: Mapping[str, Json], *, ceiling_fen: int) -> dict[str, str]:
    """Four invented bidders below the ceiling."""
    is_rate = (given.get("basis") or base.get("price_basis")) == "discount_rate"
    rounds = rounds_count(given, base)
    asked = {one.key: one for one in columns(mode, rounds=rounds, is_rate=is_rate)}
    longest, quantity = given.get("max_days"), int(given.get("quantity") or 1)
    made: dict[str, str] = {}
    for place in range(LEAST_ROWS):
        share = _SHARES[place]
        days = _DAYS[place] if not longest else max(1, min(_DAYS[place], int(longest) - place))
        price = ceiling_fen * share // 10_000 * 100
        offered = written("percent", (100 - share) * 100) if is_rate else written("yuan", price)
        known = {
            "name": STEMS[place], "price": offered,
            "days": str(days), "credit": written("points", _CREDITS[place]), "experience": str(_JOBS[place]),
            "grade": _grade(given.get("table", ""), place), "marks": _marks(given.get("w_plan", ""), place),
            "unit": written("yuan", max(100, price // quantity // 100 * 100)), "minimum": "0",
        }  # fmt: skip
        falls = {
            f"p{number}": _falling(ceiling_fen, share, number, rounds, place, is_rate=is_rate)
            for number in range(1, rounds + 1)
        }
        made |= {f"b{place + 1}_{key}": text for key, text in {**known, **falls}.items() if key in asked and text}
    return made


def _falling(ceiling_fen: int, share: int, number: int, rounds: int, place: int, *, is_rate: bool) -> str:
    """Whole yuan, or a rate, lower from round to round and from bidder to bidder."""
    down_bp = min((100 - share) * number * 100 // rounds + place * 50, 9_000)
    if is_rate:
        return written("percent", down_bp)
    return written("yuan", ceiling_fen * (10_000 - down_bp) // 1_000_000 * 100)


def _grade(table: str, place: int) -> str:
    grades = [one.rpartition(" ")[0] for one in table.split("、") if one]
    return grades[place % len(grades)] if grades else ""


def _marks(weight: str, place: int) -> str:
    """Marks below the weight; those of the example fit its 15 points."""
    if not weight.isdigit() or int(weight) == 0:
        return ""
    return _MARKS[place] if weight == "15" else written("points", int(weight) * (92 - 5 * place))
