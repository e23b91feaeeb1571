"""Whether somebody may still say how a step went; and what people wrote, for the operator and the auditor alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Database
from marketplace.statistics.facts import Step
from marketplace.usecases.act import Caller, Message, require
from marketplace.usecases.give_satisfaction import finished_step, key_of
from marketplace.usecases.read_snapshot import reading

MAX_WORDS = 200
"""Answers with words that are shown at once."""

_WORDS = """
SELECT step, stars, words, region, given_at FROM satisfaction
WHERE words <> '' AND ($1::timestamptz IS NULL OR given_at < $1)
ORDER BY given_at DESC, id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step that somebody may say something about: since when it is over, whether this person has answered."""

    now: datetime
    step: Step
    subject: str
    over_at: datetime | None
    is_given: bool
    is_example: bool


class Said(Message):
    """One answer with words, without who gave it."""

    step: Step
    stars: int
    words: str
    region: str
    given_at: datetime


class SatisfactionWords(Message):
    """The latest answers with words."""

    said: list[Said]


async def read_step(database: Database, caller: Caller, step: Step, subject: str) -> StepAsked:
    """The step for whoever took part in it."""
    require(caller, "give_satisfaction")
    async with reading(database) as snapshot:
        found = await finished_step(snapshot.connection, caller, step, subject)
        is_given = await snapshot.connection.fetchval(
            "SELECT EXISTS (SELECT FROM satisfaction WHERE id = $1)", key_of(caller, step, subject)
        )
    return StepAsked(snapshot.now, step, subject, found.over_at, bool(is_given), found.is_example)


async def read_satisfaction(
    database: Database, caller: Caller, *, before: datetime | None = None, limit: int = MAX_WORDS
) -> SatisfactionWords:
    """The words, latest first, those before an instant where one is given; for the operator."""
    require(caller, "read_satisfaction")
    async with reading(database) as snapshot:
        rows = await snapshot.connection.fetch(_WORDS, before, min(limit, MAX_WORDS))
    return SatisfactionWords(said=[Said(**row) for row in rows])
