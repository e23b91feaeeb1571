"""Every credit fact that is published now, page by page, as it now reads: for whoever keeps a copy of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credit import store as credit
from credit.clocks import credit_clocks
from credit.facts import FactState, fact_state
from credit.lists import ListEntry, entries
from credit.rulebook import rulebook
from marketplace.database import Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.record_credit_fact import RULEBOOK

MOST = 200
_PAGE = "SELECT id, subject FROM credit_fact WHERE id > $1 ORDER BY id LIMIT $2"


@dataclass(frozen=True, slots=True)
class PublishedFact:
    """A fact as it now reads, and the list it is on."""

    state: FactState
    entry: ListEntry


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """One page by id; ``next`` is where to go on (None: that was all): a page may show fewer than were looked at."""

    now: datetime
    rows: tuple[PublishedFact, ...]
    next: str | None


async def read_published_facts(database: Database, *, after: str, limit: int, profile: str) -> PublishedFacts:
    """The published facts among the next ``limit`` after that id."""
    book, clocks = rulebook(RULEBOOK), credit_clocks(profile)
    async with reading(database) as snapshot:
        rows = await snapshot.connection.fetch(_PAGE, after, limit)
        known = await credit.facts(snapshot.connection, sorted({row["subject"] for row in rows}))
    asked, found = {row["id"] for row in rows}, []
    for one in (one for each in known.values() for one in each if one.id in asked):
        shown = entries([one], (), book, clocks, at=snapshot.now)
        state = fact_state(one, at=snapshot.now, known_at=snapshot.now)
        if shown and state is not None:
            found.append(PublishedFact(state, shown[0]))
    found.sort(key=lambda one: one.state.fact.id)
    return PublishedFacts(snapshot.now, tuple(found), rows[-1]["id"] if len(rows) == limit else None)
