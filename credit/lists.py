"""Debarment, public record and commendation (黑名单、公示信息、红名单): views of facts and restrictions, never kept.

Invariants: who is restricted, or has a severe fact that is public, is debarred; a general fact is published in the
public record, a minor one nowhere; what is published ends with the shorter of publication and keeping, and at once when
it is repaired, revoked or lifted; a commendation is shown as long as it counts and weighs nothing against a
restriction. Source: credit.md sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.instants import beijing_date, start_of_day
from credit.clocks import CreditClocks
from credit.facts import CreditFact, FactState, Layer, fact_state
from credit.joint import ListName
from credit.repair import repair_window, severity_of
from credit.restrictions import Restriction
from credit.rulebook import Rulebook
from credit.scoring import months_later

COMMENDATION = "commendation"
"""The rule's code of a commendation in every rulebook."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a list: whom, on what ground (a fact or restriction), listed on ``since ≤ at < until``.

    ``until`` None lasts until lifted; ``repairable_from`` None: it ends by its own clock or by a decision.
    """

    list_name: ListName
    subject: str
    ground: str
    kind: Literal["fact", "restriction"]
    layer: Layer
    code: str
    basis: str
    since: datetime
    until: datetime | None
    repairable_from: datetime | None = None
    is_disputed: bool = False


def list_of(fact: CreditFact, book: Rulebook) -> ListName | None:
    """The list that a fact is published in while it counts; None: in none."""
    if fact.code == COMMENDATION:
        return "commendation"
    match severity_of(fact, book):
        case "severe":
            return "debarment"
        case "general":
            return "public_record"
        case _:
            return None


def entries(
    facts: Iterable[CreditFact], restrictions: Iterable[Restriction], book: Rulebook, clocks: CreditClocks, *,
    at: datetime,
) -> tuple[ListEntry, ...]:  # fmt: skip
    """Everything that the lists show at that instant, the latest first."""
    found = [_of_restriction(one) for one in restrictions if one.is_in_force(at=at)]
    for fact in facts:
        state = fact_state(fact, at=at, known_at=at)
        if state is None or state.status != "counts":
            continue
        entry = _of_fact(state, book, clocks)
        if entry is not None and entry.since <= at and (entry.until is None or at < entry.until):
            found.append(entry)
    return tuple(sorted(found, key=lambda one: (one.since, one.ground), reverse=True))


def _of_restriction(one: Restriction) -> ListEntry:
    return ListEntry(
        "debarment", one.subject, one.id, "restriction", one.layer, "restricted", one.basis, one.starts_at, one.ends_at
    )


def _of_fact(state: FactState, book: Rulebook, clocks: CreditClocks) -> ListEntry | None:
    """The entry of a fact as it now reads; None for what is published nowhere."""
    fact, name = state.fact, list_of(state.fact, book)
    if name is None:
        return None
    until: datetime | None = None
    repairable_from: datetime | None = None
    if name == "commendation":
        rule = book.rules.get(fact.code)
        if rule is not None and rule.valid_months:
            until = start_of_day(months_later(beijing_date(fact.effective_at), rule.valid_months))
    else:
        severity = severity_of(fact, book)
        assert severity is not None, "a published breach has a class"
        window = repair_window(severity, clocks, decided_at=fact.effective_at)
        until, repairable_from = window.public_until, window.repairable_from
    return ListEntry(
        name, fact.subject, fact.id, "fact", fact.layer, fact.code, fact.basis, fact.effective_at, until,
        repairable_from, state.is_disputed,
    )  # fmt: skip
