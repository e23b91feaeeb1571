"""Apply one line of an authority's file to its subject, now or when the subject files: the same act either way.

Invariants: a line follows a decision that stands, and is judged when it comes, also while its subject is not on file;
a line that has waited and cannot be applied is left waiting, said so in the subject's record, keeps nobody from filing,
and is looked at again with every further file about its subject. Source: credit.md section 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from commons.events import Actor
from credit import store as credit
from credit.facts import CreditFact, fact_state
from credit.importing import DecisionLine
from marketplace.database import Connection
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import clock, new_identifier
from marketplace.usecases.follow_fact import Following, HeldFact, follow_fact, lift_caused
from marketplace.usecases.record_credit_fact import AuthorityDecision, RecordCreditFact, append_fact

Effect = Literal["recorded", "followed", "known", "waiting"]
Document = tuple[str, str, str]
Contradiction = tuple[str, str, str]
"""Member, code and words."""
OVER = frozenset({"revoked", "repaired", "expired"})
"""What ends a fact: nothing follows it then."""
IMPORTER = Actor("system", "credit-import")
"""Who applies lines that had waited."""


@dataclass
class Known:
    """What is on record about a subject when lines are taken, and grows with each of them.

    ``decisions`` are the documents that a line may follow, ``over`` those of them that nothing can follow any more;
    ``facts`` are as they now read; ``left`` are lines that could not be applied when it filed, each with its id.
    """

    subject: str
    is_filed: bool
    lines: dict[Document, DecisionLine] = field(default_factory=dict)
    facts: dict[Document, CreditFact] = field(default_factory=dict)
    decisions: set[Document] = field(default_factory=set)
    over: set[Document] = field(default_factory=set)
    left: list[tuple[str, DecisionLine]] = field(default_factory=list)

    def take(self, line: DecisionLine) -> None:
        """The line has come, and contradicts nothing."""
        self.lines[line.document] = line
        if line.kind == "decision":
            self.decisions.add(line.document)
        elif line.kind == "revocation":
            self.over.add(line.target)


async def known_of(connection: Connection, subject: str, *, is_filed: bool) -> Known:
    """Every line and every statutory fact of the subject, by document."""
    known = Known(subject, is_filed)
    for identifier, line, is_matched in await credit.lines_of(connection, subject):
        if is_matched or not is_filed:
            known.take(line)
        else:
            known.left.append((identifier, line))
        known.lines[line.document] = line
    for fact in (await credit.facts(connection, [subject]))[subject]:
        if fact.decision is not None:
            document = (subject, fact.decision.authority, fact.decision.document_number)
            known.facts[document] = fact
            known.decisions.add(document)
            if any(one.kind in OVER for one in fact.followed):
                known.over.add(document)
    return known


def contradiction(line: DecisionLine, known: Known) -> Contradiction | None:
    """What a line contradicts: another text of its document, or nothing that it could follow."""
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
    return _follows_nothing(line, known)


def _follows_nothing(line: DecisionLine, known: Known) -> Contradiction | None:
    """Why a correction or revocation cannot follow the document that it names; None: it can."""
    if line.target in known.over:
        return ("follows", "fact_is_over", "that decision was revoked or repaired, or has expired")
    if line.target in known.decisions:
        return None
    named = known.lines.get(line.target)
    if named is not None and named.kind != "decision":
        return ("follows", "follows_no_decision", f"that document is a {named.kind}: name the decision itself")
    return ("follows", "unknown_decision", "no earlier decision has this number")


def _is_same(line: DecisionLine, fact: CreditFact) -> bool:
    decision = fact.decision
    assert decision is not None, "kept by its document"
    return (line.code, line.severity, line.decided_on) == (fact.code, decision.severity, decision.decided_on)


async def take_line(connection: Connection, actor: Actor, line: DecisionLine, known: Known, *, source: str) -> Effect:
    """Apply a new line that contradicts nothing, or keep it until its subject files; the subject is held."""
    effect = await apply_line(connection, actor, line, known) if known.is_filed else "waiting"
    at = await clock(connection)
    matched_at = at if known.is_filed else None
    await credit.insert_line(connection, new_identifier("W", at=at), line, source=source, at=at, matched_at=matched_at)
    return effect


async def apply_line(connection: Connection, actor: Actor, line: DecisionLine, known: Known) -> Effect:
    """Make the line a fact, or let it follow one; a revocation lifts what the fact caused."""
    if line.kind == "decision":
        known.facts[line.document], _ = await append_fact(connection, actor, recording_of(line))
        return "recorded"
    held = await _held(connection, known.facts[line.target])
    is_correction = line.kind == "correction"
    said = Following(
        "corrected" if is_correction else "revoked", line.basis,
        {"document_number": line.document_number, "code": line.code, "severity": line.severity},
        effective_at=held.fact.effective_at, code=line.code, severity=line.severity,
    )  # fmt: skip
    written = await follow_fact(connection, held, said, actor=actor)
    known.facts[line.target] = replace(held.fact, followed=(*held.fact.followed, *written))
    if not is_correction:
        await lift_caused(connection, held, reason=line.basis, actor=actor)
    return "followed"


async def _held(connection: Connection, fact: CreditFact) -> HeldFact:
    """The fact with what ``hold_fact`` says of it; the subject is held, and its facts were read since."""
    last = await hold(connection, f"agency/{fact.subject}")
    bound = (await credit.restrictions(connection, [fact.subject]))[fact.subject]
    at = await clock(connection, *last, fact.recorded_at, *(one.starts_at for one in bound))
    state = fact_state(fact, at=at, known_at=at)
    assert state is not None, "a fact takes effect no later than it is recorded"
    return HeldFact(fact, state, bound, at)


def recording_of(line: DecisionLine) -> RecordCreditFact:
    """The command that a decision is; every line that was read makes one."""
    assert line.severity is not None, "a decision has a class"
    assert line.legal_ground is not None, "and a ground"
    decision = AuthorityDecision(
        authority=line.authority, document_number=line.document_number, decided_on=line.decided_on,
        severity=line.severity, legal_ground=line.legal_ground,
    )  # fmt: skip
    return RecordCreditFact(
        agency=line.subject, code=line.code or "", basis=line.basis, evidence_sha256=line.evidence_sha256,
        decision=decision,
    )  # fmt: skip


async def match_waiting(connection: Connection, uscc: str, at: datetime) -> int:
    """Apply what waited for this subject, which has just filed and whose chain is held; returns how many lines.

    What cannot be applied goes on waiting, and the subject's record says which lines and why.
    """
    waiting = [
        (identifier, line) for identifier, line, is_matched in await credit.lines_of(connection, uscc) if not is_matched
    ]
    known = Known(uscc, is_filed=True, lines={line.document: line for _, line in waiting})
    left: list[Act] = []
    for identifier, line in waiting:
        why = _unfit(line, known)
        if why is not None:
            left.append(Act("authority_line.left_waiting", {"line": identifier, "why": why}))
            continue
        await apply_line(connection, IMPORTER, line, known)
        known.take(line)
        await credit.match_line(connection, identifier, at=at)
    if left:
        last = await hold(connection, f"agency/{uscc}")
        await append(connection, f"agency/{uscc}", left, actor=IMPORTER, at=await clock(connection, *last))
    return len(waiting) - len(left)


async def match_left(connection: Connection, known: Known) -> None:
    """Apply what was left waiting when the subject filed and can be applied by now; the subject is held.

    ``known`` is what is on record, a file that has just come included; what still cannot be applied goes on waiting.
    """
    for identifier, line in known.left:
        if _unfit(line, known) is None:
            await apply_line(connection, IMPORTER, line, known)
            known.take(line)
            await credit.match_line(connection, identifier, at=await clock(connection))


def _unfit(line: DecisionLine, known: Known) -> str | None:
    """The code of what keeps a waiting line from being applied; None: nothing does."""
    if line.kind != "decision":
        found = _follows_nothing(line, known)
        return None if found is None else found[1]
    try:
        recording_of(line)
    except ValidationError:
        return "not_a_text"
    return None
