"""The demand's row, which the lists show, recomputed from the record of its current selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commons.instants import parse_instant
from tests.simulation.facts import Facts
from tests.simulation.plans import DRAWS, SEALED
from tests.simulation.record_rows import Row

SHOWN = ("state", "outcome", "reason", "winner", "winning_fen", "publicity_until")
HALTING = frozenset({"selection.cancelled", "selection.suspended", "selection.resumed"})


def list_row(facts: Facts) -> Iterator[str]:
    """The row that the lists show says what the events say."""
    expected: dict[str, Any] = {**dict.fromkeys(SHOWN), "state": "published"}
    before = ""
    for row in facts.rows:
        before = expected["state"] if row.type == "selection.suspended" else before
        expected = _after(expected, row, facts, before)
    expected["sign_up_closes_at"] = facts.state.sign_up_closes_at
    if facts.state.mode in SEALED | DRAWS:
        expected["closes_at"] = facts.state.closes_at
    differing = {key: (facts.demand[key], told) for key, told in expected.items() if facts.demand[key] != told}
    if differing:
        yield f"the demand's row differs from its record (row, record): {differing}"


def _after(expected: dict[str, Any], row: Row, facts: Facts, before: str) -> dict[str, Any]:
    """What is shown after one more event; ``before`` is the state of before the suspension."""
    if row.type in HALTING:
        return _halted(expected, row, facts, before)
    decision = row.data.get("decision", {})
    match row.type:
        case "selection.evaluated" | "selection.decided" if decision["outcome"] != "award":
            shown = "unsuccessful" if row.type == "selection.decided" else "evaluating"
            shown = "choosing" if decision["outcome"] == "owner_choice" else shown
            return {**expected, "state": shown, "outcome": decision["outcome"], "reason": decision.get("reason")}
        case "award.proposed" | "deadline.moved" | "award.confirmed":
            return {
                "outcome": "award", "reason": None, "winner": row.data["bidder"], "winning_fen": row.data["price_fen"],
                "publicity_until": parse_instant(row.data["publicity_until"]),
                "state": "awarded" if row.type == "award.confirmed" else "publicity",
            }  # fmt: skip
        case "confirmation.asked":
            return {**expected, "state": "confirming"}
        case "selection.unsuccessful":
            blank = dict.fromkeys(SHOWN)
            return {**blank, "state": "unsuccessful", "outcome": "unsuccessful", "reason": row.data["reason"]}
        case _:
            return expected


def _halted(expected: dict[str, Any], row: Row, facts: Facts, before: str) -> dict[str, Any]:
    """What is shown after it was cancelled, suspended or resumed."""
    if row.type == "selection.cancelled":
        return {**dict.fromkeys(SHOWN), "state": "cancelled", "reason": "cancelled"}
    if row.type == "selection.suspended":
        return {**expected, "state": "suspended"}
    end = facts.state.publicity.get(expected["winner"] or "")
    return {**expected, "state": before, "publicity_until": end.at if end is not None else None}
