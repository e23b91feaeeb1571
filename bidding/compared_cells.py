"""Cells of a case and of a decision, flat: whose, which, what; two of them are compared cell by cell.

Every figure has one place, so that a change shows where it was made. Documents come from untrusted JSON: what has
another shape than it should is a cell like any other, never a crash. Source: selection.md sections 8 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from commons.canonical import Json

Cells = dict[tuple[str, str], Json]
"""By subject (bidder, ``#`` and a number, or "") and name of the cell."""

OFFERED = frozenset(
    ("price_fen", "discount_bp", "days", "unit_price_fen", "minimum_fee_fen", "capacity", "valid_from", "valid_until")
)
"""What somebody offers; everything else that is said of a bidder is a fact about it."""
DRAW_MODES = frozenset(("random_draw", "credit_draw"))
_LISTS = ("bids", "bidders")


def terms(case: Mapping[str, Json]) -> Cells:
    """Every value of the terms, by its path."""
    return {("", path): value for path, value in _flat(case.get("terms"), "")}


def bidders(case: Mapping[str, Json]) -> Cells:
    """Who takes part, and the facts about each."""
    found: Cells = {}
    for bidder, entry in _entries(case):
        found[bidder, "bidder"] = bidder
        found |= {
            (bidder, f"{key}{path}"): value
            for key, inner in entry.items()
            if key not in OFFERED and key != "bidder"
            for path, value in _flat(inner, "")
        }
    return found


def offers(case: Mapping[str, Json]) -> Cells:
    """What each bidder offered; in rounds every offer in the order received; on a shelf also the instant of looking."""
    found: Cells = {
        (bidder, key): value for bidder, entry in _entries(case) for key, value in entry.items() if key in OFFERED
    }
    if "bidders" in case:
        for number, offer in enumerate(_rows(case.get("offers")), 1):
            found |= {(f"#{number}", key): value for key, value in offer.items()}
    if "at" in case:
        found["", "at"] = case["at"]
    return found


def draw(case: Mapping[str, Json]) -> Cells:
    """The inputs of the draw, in hex."""
    inputs = case.get("draw")
    return {("", key): value for key, value in inputs.items()} if isinstance(inputs, dict) else {}


def refusals(decision: Mapping[str, Json]) -> Cells:
    """Who was out and why; in rounds what each offer was told, and how each round went."""
    found: Cells = {}
    for row in _rows(decision.get("rejected")):
        found[_name(row), "reasons"] = _joined(row.get("reasons"))
    for row in _rows(decision.get("offers")):
        found[f"#{row.get('seq')}", "accepted"] = row.get("accepted")
        if "reason" in row:
            found[f"#{row.get('seq')}", "reason"] = row["reason"]
    for row in _rows(decision.get("rounds")):
        found[f"round {row.get('round')}", "closes_at"] = row.get("closes_at")
        found[f"round {row.get('round')}", "alive"] = _joined(row.get("alive"))
    return found


def scores(decision: Mapping[str, Json]) -> Cells:
    """Points of each criterion and totals, or effective prices, prices, the benchmark; by bidder."""
    found: Cells = {("", key): decision[key] for key in ("benchmark_fen", "factor_bp") if key in decision}
    for row in _rows(decision.get("ranking")):
        found |= {
            (_name(row), f"{key}{path}"): value
            for key, inner in row.items()
            if key not in {"bidder", "rank"}
            for path, value in _flat(inner, "")
        }
    return found


def ranking(decision: Mapping[str, Json]) -> Cells:
    """Everybody's rank, and the short list."""
    found: Cells = {(_name(row), "rank"): row.get("rank") for row in _rows(decision.get("ranking"))}
    if "shortlist" in decision:
        found["", "shortlist"] = _joined(decision["shortlist"])
    return found


def outcome(decision: Mapping[str, Json]) -> Cells:
    """What came out, and whose the first place is."""
    return {("", key): decision[key] for key in ("outcome", "winner", "reason", "flagged") if key in decision}


def holder(decision: Mapping[str, Json], *, gone: frozenset[str], picked: str | None) -> str | None:
    """Who holds the award: the owner's choice, else the first in the ranking, that is not gone; None: nobody.

    The same rule as ``bidding.passing.proposal``, for a decision that was computed anew.
    """
    if decision.get("outcome") != "award" and picked is None:
        return None
    named = [_name(row) for row in _rows(decision.get("ranking"))]
    return next((one for one in sorted(named, key=lambda one: one != picked) if one not in gone), None)


def price_fen(case: Mapping[str, Json], decision: Mapping[str, Json], bidder: str) -> Json:
    """The price of a ranked bidder: in its row where the mode shows it, else its bid's; in draws the ceiling."""
    row = next((row for row in _rows(decision.get("ranking")) if _name(row) == bidder), {})
    if "price_fen" in row:
        return row["price_fen"]
    of = case.get("terms")
    if isinstance(of, dict) and of.get("mode") in DRAW_MODES:
        return of.get("ceiling_fen")
    return next((entry.get("price_fen") for one, entry in _entries(case) if one == bidder), None)


def _entries(case: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Everybody in the case: bids, bidders of rounds, offers of a shelf."""
    for key in _LISTS:
        for row in _rows(case.get(key)):
            yield _name(row), row
    if "bidders" not in case:
        for row in _rows(case.get("offers")):
            yield _name(row), row


def _rows(value: Json) -> Sequence[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(row: Mapping[str, Json]) -> str:
    return str(row.get("bidder"))


def _joined(value: Json) -> Json:
    """A list of names as one cell."""
    return "、".join(str(one) for one in value) if isinstance(value, list) else value


def _flat(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Leaves with their paths; an empty list or object is a leaf."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path}/{key}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{path}/{index}")
    else:
        yield path, cast("Json", value if not isinstance(value, dict | list) else "")
