"""Answer an enquiry (答复询问): once, to everybody; a late answer is taken and shown as late."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.enquiries import enquiries_of, judge_enquiry_answer
from marketplace.record.store import Act, append, hold, load
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require
from marketplace.usecases.stages import hold_demand, require_here

MAX_NUMBER = 1_000_000
Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
"""The number of an enquiry or objection, from 1; a greater one than ``MAX_NUMBER`` is a typing error."""


class AnswerEnquiry(Message):
    """Which demand, which enquiry, and the answer; it is published."""

    demand: Identifier
    enquiry: Number
    answer: Ground


class EnquiryAnswered(Message):
    """Answered since; ``is_late``: after its time."""

    demand: str
    enquiry: int
    answered_at: datetime
    is_late: bool


async def answer_enquiry(database: Database, caller: Caller, command: AnswerEnquiry) -> EnquiryAnswered | Refused:
    """Answer an enquiry about the owner's demand; refused a second time and once nothing comes of the demand."""
    require(caller, "answer_enquiry")

    async def work(connection: Connection) -> EnquiryAnswered | Refused:
        staged = await hold_demand(connection, command.demand)
        require_here(caller, "answer_enquiry", staged)
        subject = f"demand/{command.demand}"
        at = await clock(connection, staged.at, *await hold(connection, subject))
        every = enquiries_of(await load(connection, [subject]))
        if command.enquiry > len(every):
            raise NotFound("enquiry", str(command.enquiry))
        one = every[command.enquiry - 1]
        ruling = judge_enquiry_answer(staged.stage, caller.actor.role, one)
        if isinstance(ruling, Refused):
            return ruling
        act = Act("enquiry.answered", {"enquiry": one.number, "answer": command.answer})
        await append(connection, subject, [act], actor=caller.actor, at=at)
        return EnquiryAnswered(demand=command.demand, enquiry=one.number, answered_at=at, is_late=one.is_late(at=at))

    return await perform(database, caller, command, EnquiryAnswered, work)
