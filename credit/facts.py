"""Credit facts (信用信息) as history: a fact is never edited, only followed by what became of it.

Invariants: a fact and everything that follows it have two times, when it took effect and when it was recorded; what was
believed at any instant can be asked for ever. A correction or revocation takes effect with the fact itself (it never
read otherwise) and is known from its recording on; repair and expiry take effect when they happen. A fact that is
disputed still counts. What was revoked, repaired or has expired stays so. Source: credit.md sections 1, 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, assert_never

Layer = Literal["statutory", "market"]
"""Statutory: what an authority decided, imported and obeyed. Market: the platform's own conduct measures."""

Severity = Literal["minor", "general", "severe"]
"""The three classes of a decision, for publication and repair (轻微、一般、严重)."""

FollowedKind = Literal[
    "objected", "kept", "corrected", "revoked", "repair_applied", "repair_approved", "repair_refused", "repaired",
    "expired",
]  # fmt: skip
FactStatus = Literal["counts", "revoked", "repaired", "expired"]


STATUTORY_CODES = frozenset({"penalty", "judgment", "severe_list"})
"""Decisions of authorities that no rulebook need know: 行政处罚、生效裁判、严重失信名单."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authority decided (行政决定): the market keeps it as it was given."""

    authority: str
    document_number: str
    decided_on: date
    severity: Severity
    legal_ground: str


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that became of a fact; ``place`` counts from 1 within it.

    ``code``, ``quantity`` and ``severity`` are a correction's (None: as it was); ``by`` is the pseudonym of whoever did
    it.
    """

    id: str
    fact: str
    place: int
    kind: FollowedKind
    by: str
    reason: str
    effective_at: datetime
    recorded_at: datetime
    code: str | None = None
    quantity: int | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class CreditFact:
    """A fact under a rule; ``quantity`` is how much of it (working days late), ``decision`` the statutory layer's.

    ``evidence_sha256`` is the hash of what proves it, in hex (None: nothing was deposited).
    """

    id: str
    subject: str
    code: str
    basis: str
    effective_at: datetime
    recorded_at: datetime
    layer: Layer = "market"
    quantity: int = 0
    evidence_sha256: str | None = None
    decision: Decision | None = None
    followed: tuple[Followed, ...] = ()


@dataclass(frozen=True, slots=True)
class FactState:
    """What was believed of a fact: ``fact`` as it then read, whether it counted, whether it was disputed."""

    fact: CreditFact
    status: FactStatus
    is_disputed: bool


def fact_state(fact: CreditFact, *, at: datetime, known_at: datetime) -> FactState | None:
    """What those who knew everything recorded by ``known_at`` believed of the fact at ``at``; None: there was none."""
    if fact.effective_at > at or fact.recorded_at > known_at:
        return None
    status: FactStatus = "counts"
    is_disputed = False
    for one in sorted(fact.followed, key=lambda one: (one.recorded_at, one.place)):
        if one.effective_at > at or one.recorded_at > known_at or status != "counts":
            continue
        match one.kind:
            case "objected":
                is_disputed = True
            case "kept":
                is_disputed = False
            case "corrected":
                is_disputed = False
                fact = replace(
                    fact,
                    code=fact.code if one.code is None else one.code,
                    quantity=fact.quantity if one.quantity is None else one.quantity,
                    decision=_corrected(fact.decision, one.severity),
                )
            case "revoked" | "repaired" | "expired":
                status, is_disputed = one.kind, False
            case "repair_applied" | "repair_approved" | "repair_refused":
                pass
            case _:
                assert_never(one.kind)
    return FactState(fact, status, is_disputed)


def _corrected(decision: Decision | None, severity: Severity | None) -> Decision | None:
    """The decision with its class corrected; the market's own facts have their class from the rulebook."""
    return decision if decision is None or severity is None else replace(decision, severity=severity)
