"""Answer a credit objection: kept, corrected or revoked, with score and restrictions recomputed in the same act.

A correction or revocation holds from the fact's own instant and is known from now on: who asks what was believed
before gets the old answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from commons.workdays import MAX_WORKDAYS
from credit.clocks import credit_clocks
from credit.objections import Answer, judge_answer, objection_clock, open_objection
from credit.rulebook import rulebook
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, perform, require
from marketplace.usecases.downwards import require_over_fact
from marketplace.usecases.follow_fact import Following, follow_fact, hold_fact, lift_caused
from marketplace.usecases.record_credit_fact import RULEBOOK, credits_as_of


class AnswerObjection(Message):
    """Which fact, the answer, its reason; a correction says what the fact reads from now on."""

    agency: UsccText
    fact: Identifier
    answer: Answer
    reason: Ground
    code: Annotated[str, StringConstraints(min_length=1, max_length=48)] | None = None
    quantity: Annotated[int, Field(ge=0, le=MAX_WORKDAYS)] | None = None


class ObjectionAnswered(Message):
    """Decided since; whether after the last day for it, the score after it in hundredths, what was lifted."""

    agency: str
    fact: str
    answer: str
    answered_at: datetime
    is_late: bool
    score: int
    restrictions_lifted: list[str]


async def answer_objection(
    database: Database, caller: Caller, command: AnswerObjection, *, profile: str
) -> ObjectionAnswered | Refused:
    """Decide the open objection; refused where there is none, ``Malformed`` for a code the rulebook does not know."""
    require(caller, "answer_objection")
    clocks = credit_clocks(profile)
    if command.code is not None and command.code not in rulebook(RULEBOOK).rules:
        raise Malformed((Fault("/code", "unknown_rule", f"{RULEBOOK} has no rule of this code"),))

    async def work(connection: Connection) -> ObjectionAnswered | Refused:
        held = await hold_fact(connection, command.agency, command.fact)
        await require_over_fact(connection, caller, "answer_objection", command.agency, command.fact)
        ruling = judge_answer(held.state, command.answer, code=command.code, quantity=command.quantity)
        if isinstance(ruling, Refused):
            return ruling
        ends = objection_clock(clocks, objected_at=open_objection(held.state).effective_at)
        is_late = held.at >= ends.limit.at
        said = Following(
            command.answer,
            command.reason,
            {"is_late": is_late, "code": command.code, "quantity": command.quantity},
            effective_at=held.at if command.answer == "kept" else held.fact.effective_at,
            code=command.code,
            quantity=command.quantity,
        )
        await follow_fact(connection, held, said, actor=caller.actor)
        lifted: tuple[str, ...] = ()
        if command.answer == "revoked":
            lifted = await lift_caused(connection, held, reason=command.reason, actor=caller.actor)
        return ObjectionAnswered(
            agency=command.agency,
            fact=command.fact,
            answer=command.answer,
            answered_at=held.at,
            is_late=is_late,
            score=(await credits_as_of(connection, [command.agency], at=held.at))[command.agency],
            restrictions_lifted=list(lifted),
        )

    return await perform(database, caller, command, ObjectionAnswered, work)
