"""Rounds of a trial: as published, or half an hour each; everybody offers once a round, in the order of the form.

Offers are placed evenly before any extension could begin, so that a trial shows prices and not haste.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from commons.canonical import Json
from commons.instants import format_instant, parse_instant
from marketplace.web.trial.fields import Field
from marketplace.web.trial.values import WANTED

if TYPE_CHECKING:
    from marketplace.web.trial.reading import Typed

FIRST = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LENGTH, EVERY = timedelta(minutes=30), timedelta(minutes=40)


def rounds_of(
    given: Mapping[str, str], faults: MutableMapping[str, str], base: Mapping[str, Json], count: int
) -> list[Json]:
    """The published rounds, else so many of half an hour; the cut after each but the last."""
    published = base.get("rounds")
    if isinstance(published, list):
        return published
    if given.get("rounds", "").strip() != str(count):
        faults["rounds"] = "轮数为 1 至 5 的整数"
    cut, kind = given.get("survivors", "").strip(), given.get("round_kind", "open")
    if cut and not (cut.isascii() and cut.isdigit() and int(cut[:9]) > 0 and len(cut) < 10):  # noqa: PLR2004  fits a number
        faults["survivors"] = WANTED["whole"]
        cut = ""
    made: list[Json] = []
    for number in range(count):
        opens_at = FIRST + number * EVERY
        one: dict[str, Json] = {
            "kind": "sealed" if kind == "sealed" else "open",
            "opens_at": format_instant(opens_at),
            "closes_at": format_instant(opens_at + LENGTH),
        }
        if cut and number < count - 1:
            one["survivors"] = int(cut)
        made.append(one)
    return made


def round_offers(
    typed: Typed, asked: Sequence[Field], rows: Sequence[int], people: Sequence[Mapping[str, Json]],
    terms: Mapping[str, Json],
) -> list[Json]:  # fmt: skip
    """One offer of everybody who typed a price for a round."""
    made: list[Json] = []
    rounds = cast("list[dict[str, str]]", terms["rounds"])
    prices = [one for one in asked if one.key.startswith("p")]
    for one, plan in zip(prices, rounds, strict=False):
        opens_at, quiet = parse_instant(plan["opens_at"]), _quiet(plan, terms)
        for place, (number, person) in enumerate(zip(rows, people, strict=True), 1):
            price = typed.take(one, f"/offers/{len(made)}/price_fen", key=f"b{number}_{one.key}")
            if price is None:
                continue
            at = opens_at + quiet * place // (len(rows) + 1)
            named = "discount_bp" if terms.get("price_basis") == "discount_rate" else "price_fen"
            offer: dict[str, Json] = {"bidder": person["bidder"], "at": format_instant(at), named: price}
            if "days" in person:
                offer["days"] = person["days"]
            typed.places[f"/offers/{len(made)}"] = f"b{number}_{one.key}"
            typed.places[f"/offers/{len(made)}/days"] = f"b{number}_days"
            made.append(offer)
    return made


def _quiet(plan: Mapping[str, str], terms: Mapping[str, Json]) -> timedelta:
    """The part of a round in which an offer extends nothing."""
    length = parse_instant(plan["closes_at"]) - parse_instant(plan["opens_at"])
    longer = cast("dict[str, Any]", terms.get("extension") or {})
    quiet = length - timedelta(seconds=int(longer.get("window_s", 0)))
    return quiet if quiet > timedelta(0) else length
