"""Record a credit fact (信用信息) under the rulebook; it is never edited, only followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from agencies import store as agencies
from commons.canonical import Json
from commons.errors import Fault, Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date, start_of_day
from commons.verdicts import Refused
from commons.workdays import MAX_WORKDAYS
from credit import store as credit
from credit.facts import STATUTORY_CODES, CreditFact, Decision, FactState, Severity
from credit.rulebook import rulebook
from credit.scoring import score
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Message,
    Name,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
)
from marketplace.usecases.add_qualification import Day
from marketplace.usecases.tell_changes import tell_of_fact

RULEBOOK = "generic-v1"
EvidenceHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of what proves it, in hex."""


class AuthorityDecision(Message):
    """What an authority decided: the fact is statutory then and takes effect on the day of the decision."""

    authority: Name
    document_number: Name
    decided_on: Day
    severity: Severity
    legal_ground: Ground


class RecordCreditFact(Message):
    """A rule's code and the basis; it takes effect when it is recorded, never earlier.

    ``quantity`` is working days late, where the rule counts them. A ``decision`` makes the fact statutory.
    """

    agency: UsccText
    code: Annotated[str, StringConstraints(min_length=1, max_length=48)]
    basis: Ground
    quantity: Annotated[int, Field(ge=0, le=MAX_WORKDAYS)] = 0
    evidence_sha256: EvidenceHash | None = None
    decision: AuthorityDecision | None = None


class CreditFactRecorded(Message):
    """The fact, its points and the score after it, in hundredths."""

    fact: str
    agency: str
    points: int
    score: int
    recorded_at: datetime


async def record_credit_fact(
    database: Database, caller: Caller, command: RecordCreditFact
) -> CreditFactRecorded | Refused:
    """Record the fact; ``Malformed`` for a code the rulebook does not know, ``NotFound`` for an unknown agency.

    The status row is locked alone: a close that counts the score either sees the fact or comes before it.
    """
    require(caller, "record_credit_fact")
    known = rulebook(RULEBOOK).rules.keys() | (STATUTORY_CODES if command.decision is not None else frozenset())
    if command.code not in known:
        raise Malformed((Fault("/code", "unknown_rule", f"{RULEBOOK} has no rule of this code"),))

    async def work(connection: Connection) -> CreditFactRecorded | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        return await write_fact(connection, caller.actor, command)

    return await perform(database, caller, command, CreditFactRecorded, work)


async def write_fact(
    connection: Connection, actor: Actor, command: RecordCreditFact, *, not_before: Sequence[datetime] = ()
) -> CreditFactRecorded:
    """Append the fact under the agency's row, which the caller holds alone, and say the score after it."""
    fact, points = await append_fact(connection, actor, command, not_before=not_before)
    now = (await credits_as_of(connection, [command.agency], at=fact.recorded_at))[command.agency]
    return CreditFactRecorded(
        fact=fact.id, agency=command.agency, points=points, score=now, recorded_at=fact.recorded_at
    )


async def append_fact(
    connection: Connection, actor: Actor, command: RecordCreditFact, *, not_before: Sequence[datetime] = ()
) -> tuple[CreditFact, int]:
    """Append the fact as ``write_fact`` does, its code one that is known; returns it with its points."""
    book = rulebook(RULEBOOK)
    at = await clock(connection, *not_before, *await hold(connection, f"agency/{command.agency}"))
    fact = _fact(command, at=at)
    points = book.rules[fact.code].points_of(fact.quantity) if fact.code in book.rules else 0
    await credit.insert_fact(connection, fact, points=points, rulebook=book.name)
    act = Act("credit_fact.recorded", _data(fact, points=points, rulebook=book.name))
    events = await append(connection, f"agency/{command.agency}", [act], actor=actor, at=at)
    await tell_of_fact(connection, events, FactState(fact, "counts", is_disputed=False), at=at)
    return fact, points


def _fact(command: RecordCreditFact, *, at: datetime) -> CreditFact:
    """The fact that the command is; ``Malformed`` for a decision of a day to come."""
    given = command.decision
    if given is not None and given.decided_on > beijing_date(at):
        raise Malformed((Fault("/decision/decided_on", "day_to_come", "nobody has decided yet"),))
    return CreditFact(
        id=new_identifier("F", at=at),
        subject=command.agency,
        code=command.code,
        basis=command.basis,
        effective_at=at if given is None else start_of_day(given.decided_on),
        recorded_at=at,
        layer="market" if given is None else "statutory",
        quantity=command.quantity,
        evidence_sha256=command.evidence_sha256,
        decision=_decision(given),
    )


def _decision(given: AuthorityDecision | None) -> Decision | None:
    """The decision as the rules know it."""
    if given is None:
        return None
    return Decision(given.authority, given.document_number, given.decided_on, given.severity, given.legal_ground)


def _data(fact: CreditFact, *, points: int, rulebook: str) -> dict[str, Json]:
    """What the public record says of a fact."""
    data: dict[str, Json] = {
        "fact": fact.id,
        "code": fact.code,
        "points": points,
        "rulebook": rulebook,
        "basis": fact.basis,
        "effective_at": stamp(fact.effective_at),
        "layer": fact.layer,
        "quantity": fact.quantity,
        "evidence_sha256": fact.evidence_sha256,
    }
    if fact.decision is not None:
        data["decision"] = {
            "authority": fact.decision.authority,
            "document_number": fact.decision.document_number,
            "decided_on": fact.decision.decided_on.isoformat(),
            "severity": fact.decision.severity,
            "legal_ground": fact.decision.legal_ground,
        }
    return data


async def credits_as_of(connection: Connection, subjects: list[str], *, at: datetime) -> dict[str, int]:
    """Credit scores in hundredths as of that instant, by what was known then."""
    book = rulebook(RULEBOOK)
    known = await credit.facts(connection, subjects)
    new = score((), book, at=at, known_at=at).value
    return {one: score(facts, book, at=at, known_at=at).value if facts else new for one, facts in known.items()}
