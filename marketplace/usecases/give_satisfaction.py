"""Say how a finished step went (满意度): once a person and step, from 1 to 5 stars, with words or without.

Only who took part in the step is asked, and only when it is over; nobody is asked twice, nothing is chosen beforehand.
The answer is kept without who gave it: a hash of step and person keeps it single. Words are for the operator alone.
Source: market.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, assert_never

from pydantic import Field

from commons.errors import Conflict, Forbidden, NotFound
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.statistics.facts import Step
from marketplace.usecases.act import Caller, Message, Prose, clock, perform, require, who_asks

_FILING = "SELECT uscc AS owner, region, '' AS item, is_example, filed_at AS over_at FROM agency WHERE uscc = $1"
_PUBLICATION = """
SELECT owner_code AS owner, region, item, is_example, published_at AS over_at FROM demand WHERE id = $1
"""
_SELECTION = """
SELECT owner_code AS owner, region, item, is_example, decided_at AS over_at FROM demand
WHERE selection = $1 AND (decided_at IS NULL OR outcome IS NOT NULL AND outcome <> 'owner_choice')
"""
_CONTRACT = """
SELECT contract.owner_code AS owner, contract.region, item, contract.is_example, contract.confirmed_at AS over_at
FROM contract JOIN demand ON demand.id = contract.demand WHERE contract.id = $1
"""
_ACCEPTANCE = """
SELECT contract.owner_code AS owner, contract.region, item, contract.is_example, contract.accepted_at AS over_at
FROM contract JOIN demand ON demand.id = contract.demand WHERE contract.id = $1
"""
_TOOK_PART = """
SELECT EXISTS (SELECT FROM selection_bidder WHERE selection = $1 AND agency = $2)
  OR EXISTS (SELECT FROM demand WHERE selection = $1 AND winner = $2)
  OR EXISTS (SELECT FROM contract WHERE id = $1 AND agency = $2)
"""
_KEEP = """
INSERT INTO satisfaction (id, step, subject, role, stars, words, region, item, is_example, given_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING id
"""


class GiveSatisfaction(Message):
    """Which step of what (an agency's code, a demand, a selection, a contract), and how it went."""

    step: Step
    subject: Annotated[str, Field(min_length=1, max_length=18)]
    stars: Annotated[int, Field(ge=1, le=5)]
    words: Annotated[Prose, Field(max_length=500)] = ""


class SatisfactionGiven(Message):
    """It is kept; the statistics count it."""

    step: Step
    subject: str
    stars: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class FinishedStep:
    """A step as far as an answer about it needs it: whose matter, where, since when it is over (None: not yet)."""

    owner: str
    region: str
    item: str
    is_example: bool
    over_at: datetime | None


async def give_satisfaction(
    database: Database, caller: Caller, command: GiveSatisfaction
) -> SatisfactionGiven | Refused:
    """Keep the answer; ``Conflict`` before the step is over and a second time, ``Forbidden`` for who took no part."""
    require(caller, "give_satisfaction")

    async def work(connection: Connection) -> SatisfactionGiven:
        step = await finished_step(connection, caller, command.step, command.subject)
        at = await clock(connection)
        if step.over_at is None:
            raise Conflict("step_is_not_over", "this step is not over yet")
        kept = await connection.fetchval(
            _KEEP, key_of(caller, command.step, command.subject), command.step, command.subject, caller.actor.role,
            command.stars, command.words.strip(), step.region, step.item, step.is_example, at,
        )  # fmt: skip
        if kept is None:
            raise Conflict("satisfaction_was_given", "you have said how this step went")
        return SatisfactionGiven(step=command.step, subject=command.subject, stars=command.stars, given_at=at)

    return await perform(database, caller, command, SatisfactionGiven, work)


async def finished_step(connection: Connection, caller: Caller, step: Step, subject: str) -> FinishedStep:
    """The step, for whoever took part in it; ``NotFound`` for none, ``Forbidden`` for anybody else."""
    row = await connection.fetchrow(_query_of(step), subject)
    if row is None:
        raise NotFound(step, subject)
    found = FinishedStep(**row)
    if step == "filing" or caller.actor.role != "agency":
        require(caller, "give_satisfaction", own=found.owner)
    elif not await connection.fetchval(_TOOK_PART, subject, caller.actor.id):
        raise Forbidden("took_no_part", "who took part in the step is asked")
    return found


def key_of(caller: Caller, step: Step, subject: str) -> str:
    """What keeps an answer single without saying whose it is: 96 bits of the hash of step, subject and person."""
    return sha256(f"{step}/{subject}/{who_asks(caller)}".encode()).hexdigest()[:24]


def _query_of(step: Step) -> str:
    match step:
        case "filing":
            return _FILING
        case "publication":
            return _PUBLICATION
        case "selection":
            return _SELECTION
        case "contract":
            return _CONTRACT
        case "acceptance":
            return _ACCEPTANCE
        case _:
            assert_never(step)
