"""The trial's form → a case of the engine, with every fault at the field it comes from.

What a published demand's terms hold beyond the form (extension, preferences, a cap of lots …) goes on as published, as
long as its mode is the one tried. Invariants: nothing is coerced; the engine's own reader says what is wrong with the
case, and each of its faults is shown at the field that was typed. Source: selection.md sections 8 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bidding.case import Case
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from commons.canonical import Json
from commons.errors import Malformed
from marketplace.web.locale.case_faults import case_fault_words
from marketplace.web.trial import values
from marketplace.web.trial.fields import FIELDS, MOST_BIDDERS, MOST_ROUNDS, TIES, Field, columns
from marketplace.web.trial.rounds import round_offers, rounds_of

SHELF: Mapping[str, Json] = {"capacity": 1, "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z"}
SHELF_AT = "2026-01-01T00:00:00Z"
SALT = "试算".encode().hex()
STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass
class Typed:
    """What was typed by key; faults by key; the place in the case that each key fills, by JSON pointer."""

    given: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def take(self, one: Field, pointer: str, *, key: str = "", options: Sequence[str] = ()) -> Json:
        """The value of a field, None where nothing was typed; a fault where it cannot be read."""
        key = key or one.key
        self.places[pointer] = key
        text = self.given.get(key, "").strip()
        if not text:
            return None
        try:
            return values.read(one.kind, text, options or [value for value, _ in one.options])
        except values.Unreadable:
            self.faults[key] = values.WANTED[one.kind]
            return None

    def blame(self, malformed: Malformed) -> None:
        """The engine's faults at the fields they come from, the whole form where there is none."""
        for one in malformed.faults:
            pointer = one.pointer
            while pointer and pointer not in self.places:
                pointer = pointer.rpartition("/")[0]
            self.faults.setdefault(self.places.get(pointer, ""), case_fault_words(one))


@dataclass(frozen=True, slots=True)
class Tried:
    """The case as JSON and as read; None with a fault. ``faults`` in words by the key of the field."""

    raw: dict[str, Json]
    case: Case | None
    faults: Mapping[str, str]


def read_trial(given: Mapping[str, str], mode: str, base: Mapping[str, Json]) -> Tried:
    """The case of a filled-in form; ``base`` are published terms of this mode that it started from, or nothing."""
    typed = Typed(given)
    terms = _terms(typed, mode, base)
    raw: dict[str, Json] = {"terms": terms, **_people(typed, mode, terms)}
    if seed := given.get("seed", "").strip()[: values.LONGEST_TEXT]:
        raw["draw"] = {"salt": SALT, "ikm": seed.encode().hex()}
    if typed.faults:
        return Tried(raw, None, typed.faults)
    try:
        return Tried(raw, parse_case(raw), {})
    except Malformed as malformed:
        typed.blame(malformed)
        return Tried(raw, None, typed.faults)


def read_terms(typed: Typed, mode: str, base: Mapping[str, Json]) -> dict[str, Json]:
    """The terms alone; their faults are with what was typed."""
    terms = _terms(typed, mode, base)
    if not typed.faults:
        try:
            parse_terms(terms)
        except Malformed as malformed:
            typed.blame(malformed)
    return terms


def rounds_count(given: Mapping[str, str], base: Mapping[str, Json]) -> int:
    """How many rounds there are prices for."""
    kept = base.get("rounds")
    text = given.get("rounds", "").strip()
    count = len(kept) if isinstance(kept, list) else int(text) if text.isdecimal() and len(text) < 3 else 1  # noqa: PLR2004  two digits
    return min(max(count, 1), MOST_ROUNDS)


def _terms(typed: Typed, mode: str, base: Mapping[str, Json]) -> dict[str, Json]:
    """The terms: what the form says, and of the published ones what it does not ask."""
    by_key = {one.key: one for one in FIELDS[mode]}
    terms: dict[str, Json] = {**base, "mode": mode}

    def put(key: str, name: str, *, options: Sequence[str] = ()) -> Json:
        value = typed.take(by_key[key], f"/terms/{name}", options=options) if key in by_key else None
        terms.pop(name, None)
        if value is not None:
            terms[name] = value
        return value

    for key, name in _PLAIN[mode]:
        put(key, name)
    orders = {*TIES.get(mode, ()), *([_order(base["ties"])] if "ties" in base else [])}
    if "ties" in by_key:
        order = put("ties", "ties", options=sorted(orders))
        terms["ties"] = [*str(order).split(",")] if order else ["draw"]
    else:
        terms["ties"] = base.get("ties", ["draw"])
    if mode == "comprehensive" or (mode == "instant" and terms.get("rule") == "best_value"):
        terms["criteria"] = _criteria(typed, by_key, base)
    if mode == "comprehensive":
        _low_price(typed, by_key, terms, base)
    if mode == "mean_price":
        terms["dropped_may_win"] = typed.take(by_key["dropped"], "/terms/dropped_may_win") != "no"
    if mode == "multi_round":
        terms["rounds"] = rounds_of(typed.given, typed.faults, base, rounds_count(typed.given, base))
    return terms


_PLAIN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "comprehensive": (
        ("ceiling", "ceiling_fen"), ("least", "min_bidders"), ("max_days", "max_days"), ("basis", "price_basis"),
    ),
    "multi_round": (
        ("ceiling", "ceiling_fen"), ("least", "min_bidders"), ("max_days", "max_days"), ("step", "step_fen"),
        ("step_basis", "step_basis"), ("day_value", "day_value_fen"),
    ),
    "instant": (
        ("ceiling", "ceiling_fen"), ("max_days", "max_days"), ("rule", "rule"), ("quantity", "quantity"),
    ),
    "mean_price": (
        ("ceiling", "ceiling_fen"), ("least", "min_bidders"), ("drop_from", "drop_from"), ("factors", "factor_bp"),
        ("basis", "price_basis"), ("max_days", "max_days"),
    ),
    "random_draw": (("ceiling", "ceiling_fen"), ("least", "min_bidders"), ("max_days", "max_days")),
    "credit_draw": (
        ("ceiling", "ceiling_fen"), ("least", "min_bidders"), ("big_list", "big_list"), ("small_list", "small_list"),
        ("max_days", "max_days"),
    ),
}  # fmt: skip
"""Fields that are one value of the terms each."""


def _order(ties: Json) -> str:
    return ",".join(str(one) for one in cast("list[Json]", ties))


def _criteria(typed: Typed, by_key: Mapping[str, Field], base: Mapping[str, Json]) -> list[Json]:
    """A criterion for each weight that is more than nothing, in the published order; doubled ones as published."""
    published = cast("list[dict[str, Any]]", base.get("criteria") or [])
    order = [str(one["kind"]) for one in published]
    if len(set(order)) < len(order):
        return [*published]
    kept = dict(zip(order, published, strict=True))
    made: list[Json] = []
    typed.places["/terms/criteria"] = "w_price"
    for kind in sorted(_KINDS, key=lambda one: order.index(one) if one in order else len(order)):
        key = f"w_{kind}"
        at = f"/terms/criteria/{len(made)}"
        points = typed.take(by_key[key], f"{at}/points")
        if not points:
            continue
        one: dict[str, Json] = {"kind": kind, "points": points}
        if kind == "price":
            one = {**_mean_of(kept.get("price", {})), **one, **_price(typed, by_key, at)}
        if kind == "grade":
            one["table"] = typed.take(by_key["table"], f"{at}/table") or {}
        if kind == "experience":
            one["each"] = typed.take(by_key["each"], f"{at}/each") or 0
        made.append(one)
    return made


_KINDS = ("price", "days", "credit", "grade", "experience", "plan")


def _mean_of(published: Mapping[str, Any]) -> dict[str, Json]:
    """What a published mean formula holds beyond the form."""
    return {
        key: published[key]
        for key in ("above_max", "below_max", "deviation", "drop_from", "factor_bp")
        if key in published
    }


def _price(typed: Typed, by_key: Mapping[str, Field], at: str) -> dict[str, Json]:
    made: dict[str, Json] = {"formula": typed.take(by_key["formula"], f"{at}/formula") or "lowest"}
    if made["formula"] == "mean":
        made |= {key: typed.take(by_key[key], f"{at}/{key}") or 0 for key in ("above", "below")}
    return made


def _low_price(typed: Typed, by_key: Mapping[str, Field], terms: dict[str, Json], base: Mapping[str, Json]) -> None:
    line = typed.take(by_key["low"], "/terms/low_price/below_mean_bp")
    published = cast("dict[str, Json]", base.get("low_price") or {})
    rules = {key: value for key, value in published.items() if key != "below_mean_bp"}
    if line is not None:
        rules["below_mean_bp"] = line
    terms.pop("low_price", None)
    if rules:
        terms["low_price"] = rules


def _people(typed: Typed, mode: str, terms: Mapping[str, Json]) -> dict[str, Json]:
    """Everybody who is named or has anything typed, in the order of the form."""
    count = len(cast("list[Json]", terms.get("rounds") or [None]))
    is_rate = terms.get("price_basis") == "discount_rate"
    asked = columns(mode, rounds=min(count, MOST_ROUNDS), is_rate=is_rate)
    rows = [number for number in range(1, MOST_BIDDERS + 1) if _is_filled(typed.given, asked, number)]
    key = {"multi_round": "bidders", "instant": "offers"}.get(mode, "bids")
    typed.places[f"/{key}"] = "b1_name"
    people = [_bidder(typed, asked, number, f"/{key}/{place}", is_rate=is_rate) for place, number in enumerate(rows)]
    if mode == "instant":
        people = [{**SHELF, "minimum_fee_fen": 0, **one} for one in people]
    if mode == "instant":
        return {"offers": cast("list[Json]", people), "at": SHELF_AT}
    if mode != "multi_round":
        return {"bids": cast("list[Json]", people)}
    offers = round_offers(typed, asked, rows, people, terms)
    bidders: list[Json] = [{name: one[name] for name in ("bidder", "credit") if name in one} for one in people]
    return {"bidders": bidders, "offers": offers}


def _is_filled(given: Mapping[str, str], asked: Sequence[Field], number: int) -> bool:
    return any(given.get(f"b{number}_{one.key}", "").strip() for one in asked)


def _bidder(typed: Typed, asked: Sequence[Field], number: int, pointer: str, *, is_rate: bool) -> dict[str, Json]:
    """One bidder; who has no name is called by its number's stem."""
    made: dict[str, Json] = {}
    for one in asked:
        name = "discount_bp" if one.key == "price" and is_rate else _NAMES.get(one.key, one.key)
        value = typed.take(one, f"{pointer}/{name}", key=f"b{number}_{one.key}")
        if value is not None and not (one.key.startswith("p") and one.key[1:].isdigit()):
            made[name] = value
    made.setdefault("bidder", STEMS[number - 1])
    return made


_NAMES: Mapping[str, str] = {
    "name": "bidder", "price": "price_fen", "unit": "unit_price_fen", "minimum": "minimum_fee_fen",
}  # fmt: skip
