"""Explain an abnormally low price (异常低价说明): once, in the time that was given with the question.

The words are private until the result: the owner and the agency read them, the record holds their salted hash.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bidding import store as bidding
from bidding.selection import Selection
from commons.verdicts import Refused
from credit.restrictions import restricted
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import ExplanationNow, judge_explanation, stopped
from marketplace.record.store import Act
from marketplace.usecases.act import Caller, Identifier, Message, Prose, UsccText, perform, require
from marketplace.usecases.standing import barring_items, follow, hold_selection, standing

Explanation = Annotated[Prose, Field(min_length=1)]


class ExplainLowPrice(Message):
    """Which selection, the agency that was asked, and why its price is what it is."""

    selection: Identifier
    agency: UsccText
    text: Explanation


class LowPriceExplained(Message):
    """Given in time; the owner decides."""

    selection: str
    agency: str
    given_at: datetime


async def explain_low_price(
    database: Database, caller: Caller, command: ExplainLowPrice
) -> LowPriceExplained | Refused:
    """Give the explanation; refused when none was asked for, a second time, from its deadline on, to who is barred."""
    require(caller, "explain_low_price", own=command.agency)

    async def work(connection: Connection) -> LowPriceExplained | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency])
        if halt := stopped(standing(held.state)):
            return Refused(halt)
        bound = held.restrictions[command.agency]
        items = await barring_items(connection, held)
        if barred := restricted(bound, at=held.at, measure="award", items=items):
            return Refused(barred)
        ruling = judge_explanation(explanation_now(held.state, command.agency), at=held.at)
        if isinstance(ruling, Refused):
            return ruling
        act = Act("explanation.given", {"bidder": command.agency}, private={"text": command.text})
        after = await follow(connection, held.state, [act], actor=caller.actor, at=held.at)
        if not after.is_decided:  # what is awaited now has no clock
            await bidding.touch(connection, after.id, state="evaluating", due_at=explanation_due_at(after), at=held.at)
        return LowPriceExplained(selection=after.id, agency=command.agency, given_at=held.at)

    return await perform(database, caller, command, LowPriceExplained, work)


def explanation_due_at(state: Selection) -> datetime | None:
    """When silence of whoever is asked now becomes a rejection; None when nobody's is awaited."""
    flagged = _flagged(state)
    asked = state.explanations.get(flagged) if flagged is not None else None
    return asked.until.at if asked is not None and asked.given_at is None else None


def _flagged(state: Selection) -> str | None:
    if state.is_decided or state.evaluation is None:
        return None
    flagged = state.evaluation.get("flagged")
    return flagged if isinstance(flagged, str) else None


def explanation_now(state: Selection, bidder: str) -> ExplanationNow:
    """The explanation of a bidder of a settled selection, as the rules look at it."""
    asked, flagged = state.explanations.get(bidder), _flagged(state)
    if asked is None:
        return ExplanationNow(flagged)
    return ExplanationNow(flagged, asked.until.at, asked.given_at is not None, asked.ruling is not None)
