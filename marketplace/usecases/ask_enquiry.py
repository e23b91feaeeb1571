"""Ask about a demand (询问): public words, an asker nobody is told of, an answer due before offers close."""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.demands.enquiries import enquiries_of, judge_enquiry
from marketplace.record.store import Act, append, hold, load
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, clock, perform, require, stamp
from marketplace.usecases.stages import hold_demand, unnamed


class AskEnquiry(Message):
    """Which demand, the agency that asks (never published), and the question, which is."""

    demand: Identifier
    agency: UsccText
    question: Ground


class EnquiryAsked(Message):
    """Asked since, under its number; answered by ``answer_until`` if the owner keeps its time."""

    demand: str
    enquiry: int
    asked_at: datetime
    answer_until: datetime


async def ask_enquiry(database: Database, caller: Caller, command: AskEnquiry) -> EnquiryAsked | Refused:
    """Ask while sign-up is open; refused after it, and beyond the bound on one asker in one publication."""
    require(caller, "ask_enquiry", own=command.agency)

    async def work(connection: Connection) -> EnquiryAsked | Refused:
        staged = await hold_demand(connection, command.demand)
        subject = f"demand/{command.demand}"
        at = await clock(connection, staged.at, *await hold(connection, subject))
        every = enquiries_of(await load(connection, [subject]))
        here = tuple(one for one in every if one.selection == staged.state.id)
        ruling = judge_enquiry(
            staged.stage, caller.actor.role, command.agency, here, ask_until=staged.state.sign_up_closes_at, at=at
        )
        if isinstance(ruling, Refused):
            return ruling
        until = staged.profile.after("enquiry_answer", at)
        data: dict[str, Json] = {
            "enquiry": len(every) + 1,
            "selection": staged.state.id,
            "question": command.question,
            "answer_until": stamp(until.at),
            "is_provisional": until.is_provisional,
        }
        act = Act("enquiry.asked", data, private={"asker": command.agency})
        await append(connection, subject, [act], actor=unnamed(caller.actor), at=at)
        return EnquiryAsked(demand=command.demand, enquiry=len(every) + 1, asked_at=at, answer_until=until.at)

    return await perform(database, caller, command, EnquiryAsked, work)
