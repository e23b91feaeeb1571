"""Record a credit fact (信用信息) under the rulebook; it is never edited, only followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from agencies import store as agencies
from commons.errors import Fault, Malformed, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from credit import store as credit
from credit.rulebook import rulebook
from credit.scoring import CreditFact, score
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Message, UsccText, clock, new_identifier, perform, require, stamp

RULEBOOK = "generic-v1"


class RecordCreditFact(Message):
    """A rule's code and the basis; it takes effect when it is recorded, never earlier."""

    agency: UsccText
    code: Annotated[str, StringConstraints(min_length=1, max_length=48)]
    basis: Ground


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
    require(caller, "regulator", "operator")
    book = rulebook(RULEBOOK)
    if command.code not in book.rules:
        raise Malformed((Fault("/code", "unknown_rule", f"{RULEBOOK} has no rule of this code"),))

    async def work(connection: Connection) -> CreditFactRecorded | Refused:
        if not await agencies.lock_alone(connection, command.agency):
            raise NotFound("agency", command.agency)
        return await write_fact(connection, caller.actor, command)

    return await perform(database, caller, command, CreditFactRecorded, work)


async def write_fact(
    connection: Connection, actor: Actor, command: RecordCreditFact, *, not_before: Sequence[datetime] = ()
) -> CreditFactRecorded:
    """Append the fact under the agency's row, which the caller holds alone; its code is one of the rulebook's."""
    book = rulebook(RULEBOOK)
    at = await clock(connection, *not_before, *await hold(connection, f"agency/{command.agency}"))
    fact = CreditFact(new_identifier("F", at=at), command.agency, command.code, command.basis, at, at)
    points = book.rules[command.code].points
    await credit.insert_fact(connection, fact, points=points, rulebook=book.name)
    act = Act(
        "credit_fact.recorded",
        {
            "fact": fact.id,
            "code": fact.code,
            "points": points,
            "rulebook": book.name,
            "basis": fact.basis,
            "effective_at": stamp(at),
        },
    )
    await append(connection, f"agency/{command.agency}", [act], actor=actor, at=at)
    known = (await credit.facts(connection, [command.agency]))[command.agency]
    now = score(known, book, at=at, known_at=at)
    return CreditFactRecorded(fact=fact.id, agency=command.agency, points=points, score=now.value, recorded_at=at)


async def credits_as_of(connection: Connection, subjects: list[str], *, at: datetime) -> dict[str, int]:
    """Credit scores in hundredths as of that instant, by what was known then."""
    book = rulebook(RULEBOOK)
    known = await credit.facts(connection, subjects)
    return {subject: score(known[subject], book, at=at, known_at=at).value for subject in subjects}
