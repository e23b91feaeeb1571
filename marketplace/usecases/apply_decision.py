"""Apply one line of an authority's file to its subject, now or when the subject files: the same act either way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from commons.events import Actor
from credit import store as credit
from credit.facts import CreditFact
from credit.importing import DecisionLine
from marketplace.database import Connection
from marketplace.usecases.act import clock, new_identifier
from marketplace.usecases.follow_fact import Following, fact_of, follow_fact, hold_fact, lift_caused
from marketplace.usecases.record_credit_fact import AuthorityDecision, RecordCreditFact, write_fact

Effect = Literal["recorded", "followed", "known", "waiting"]
Document = tuple[str, str, str]
IMPORTER = Actor("system", "credit-import")
"""Who applies lines that had waited."""


@dataclass
class Known:
    """What is on record about a subject when lines are taken, and grows with each of them."""

    subject: str
    is_filed: bool
    lines: dict[Document, DecisionLine] = field(default_factory=dict)
    facts: dict[Document, CreditFact] = field(default_factory=dict)


async def known_of(connection: Connection, subject: str, *, is_filed: bool) -> Known:
    """Every line and every statutory fact of the subject, by document."""
    known = Known(subject, is_filed)
    known.lines = {line.document: line for _, line, _ in await credit.lines_of(connection, subject)}
    for fact in (await credit.facts(connection, [subject]))[subject]:
        if fact.decision is not None:
            known.facts[subject, fact.decision.authority, fact.decision.document_number] = fact
    return known


def contradiction(line: DecisionLine, known: Known) -> tuple[str, str, str] | None:
    """What a line contradicts, as member, code and words: another text of its document, or nothing to follow."""
    earlier = known.lines.get(line.document)
    if earlier is not None:
        same = earlier.content() == line.content()
        return (
            None if same else ("document_number", "differs_from_earlier", "this document was received in other words")
        )
    if line.kind == "decision":
        fact = known.facts.get(line.document)
        if fact is None or _is_same(line, fact):
            return None
        return ("document_number", "differs_from_earlier", "this document was recorded with other contents")
    if line.target not in known.facts and line.target not in known.lines:
        return ("follows", "unknown_decision", "no earlier decision has this number")
    fact = known.facts.get(line.target)
    if fact is not None and any(one.kind in {"revoked", "repaired", "expired"} for one in fact.followed):
        return ("follows", "fact_is_over", "that decision was revoked or repaired, or has expired")
    return None


def _is_same(line: DecisionLine, fact: CreditFact) -> bool:
    decision = fact.decision
    assert decision is not None, "kept by its document"
    return (line.code, line.severity, line.decided_on) == (fact.code, decision.severity, decision.decided_on)


async def take_line(connection: Connection, actor: Actor, line: DecisionLine, known: Known, *, source: str) -> Effect:
    """Take a line that contradicts nothing: apply it, or keep it until its subject files; the subject is held."""
    if line.document in known.lines or line.document in known.facts:
        return "known"
    effect = await apply_line(connection, actor, line, known) if known.is_filed else "waiting"
    at = await clock(connection)
    matched_at = at if known.is_filed else None
    await credit.insert_line(connection, new_identifier("W", at=at), line, source=source, at=at, matched_at=matched_at)
    known.lines[line.document] = line
    return effect


async def apply_line(connection: Connection, actor: Actor, line: DecisionLine, known: Known) -> Effect:
    """Make the line a fact, or let it follow one; a revocation lifts what the fact caused."""
    if line.kind == "decision":
        assert line.severity is not None, "a decision has a class"
        assert line.legal_ground is not None, "and a ground"
        decision = AuthorityDecision(
            authority=line.authority, document_number=line.document_number, decided_on=line.decided_on,
            severity=line.severity, legal_ground=line.legal_ground,
        )  # fmt: skip
        command = RecordCreditFact(
            agency=line.subject, code=line.code or "", basis=line.basis, evidence_sha256=line.evidence_sha256,
            decision=decision,
        )  # fmt: skip
        recorded = await write_fact(connection, actor, command)
        known.facts[line.document] = await fact_of(connection, line.subject, recorded.fact)
        return "recorded"
    held = await hold_fact(connection, line.subject, known.facts[line.target].id)
    is_correction = line.kind == "correction"
    said = Following(
        "corrected" if is_correction else "revoked", line.basis,
        {"document_number": line.document_number, "code": line.code, "severity": line.severity},
        effective_at=held.fact.effective_at, code=line.code, severity=line.severity,
    )  # fmt: skip
    await follow_fact(connection, held, said, actor=actor)
    if not is_correction:
        await lift_caused(connection, held, reason=line.basis, actor=actor)
    known.facts[line.target] = await fact_of(connection, line.subject, held.fact.id)
    return "followed"


async def match_waiting(connection: Connection, uscc: str, at: datetime) -> int:
    """Apply what waited for this subject, which has just filed and whose chain is held; returns how many lines."""
    waiting = [
        (identifier, line) for identifier, line, is_matched in await credit.lines_of(connection, uscc) if not is_matched
    ]
    if not waiting:
        return 0
    known = Known(uscc, is_filed=True)
    for identifier, line in waiting:
        await apply_line(connection, IMPORTER, line, known)
        await credit.match_line(connection, identifier, at=at)
    return len(waiting)
