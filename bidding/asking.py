"""Where terms ask for a fact about a bidder: the places to look at when the recorded facts lack it (试算).

Source: selection.md section 10 (facts a criterion needs).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bidding.terms import (
    ComprehensiveTerms,
    Credit,
    CreditDrawTerms,
    Criterion,
    Days,
    InstantTerms,
    MultiRoundTerms,
    Plan,
    Terms,
)
from commons.errors import Fault

_KINDS: dict[str, type[Criterion]] = {"days": Days, "credit": Credit, "marks": Plan}
_ELSEWHERE = {"price_fen": "/price_basis", "discount_bp": "/price_basis", "preferences": "/preferences"}


def asking(terms: Terms, fact: str) -> tuple[str, ...]:
    """JSON pointers below the terms of whatever asks for a fact named as in a bid; the terms themselves if unclear."""
    return tuple(_asking(terms, fact)) or ("",)


def _asking(terms: Terms, fact: str) -> Iterator[str]:
    if isinstance(terms, ComprehensiveTerms | InstantTerms) and fact in _KINDS:
        kind = _KINDS[fact]
        yield from (f"/criteria/{index}" for index, one in enumerate(terms.criteria) if isinstance(one, kind))
    if fact == "days" and terms.max_days is not None:
        yield "/max_days"
    if fact == "days" and isinstance(terms, MultiRoundTerms) and terms.day_value_fen:
        yield "/day_value_fen"
    if fact == "credit" and isinstance(terms, CreditDrawTerms):
        yield "/mode"
    if fact in {"days", "credit"} and fact in terms.ties:
        yield f"/ties/{terms.ties.index(fact)}"
    if fact in _ELSEWHERE:
        yield _ELSEWHERE[fact]


@dataclass
class _Lack:
    """One thing wrong with a fact: how it was said first, in which list of the case, and of whom in it."""

    detail: str
    entries: str
    positions: set[str] = field(default_factory=set)


def lacking(terms: Terms, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Faults of a case whose facts are on record, told at the terms: one for each fact, fault and place that asks.

    Faults of the terms themselves stay as they are. Pointers start at the case, before and after.
    """
    found = [fault for fault in faults if _is_of_terms(fault)]
    lacks: dict[tuple[str, str], _Lack] = {}
    for fault in faults:
        if not _is_of_terms(fault):
            _, entries, position, fact, *_ = [*fault.pointer.split("/"), "", "", ""]
            lack = lacks.setdefault((fact, fault.code), _Lack(fault.detail, entries))
            lack.positions.add(position)
    for (fact, code), lack in lacks.items():
        detail = f"{fact}: {lack.detail}; so for {len(lack.positions)} of the {lack.entries} on record"
        named = "fact_not_on_record" if code == "missing" else code
        found.extend(Fault(f"/terms{place}", named, detail) for place in asking(terms, fact))
    return tuple(found)


def _is_of_terms(fault: Fault) -> bool:
    return fault.pointer == "/terms" or fault.pointer.startswith("/terms/")
