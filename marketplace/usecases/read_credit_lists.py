"""Who is on a list (黑名单、公示信息、红名单), on what ground, until when? Views of facts and restrictions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from credit import store as credit
from credit.clocks import credit_clocks
from credit.joint import LIST_NAMES, ListName
from credit.lists import ListEntry, entries
from credit.rulebook import rulebook
from marketplace.database import Database
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.record_credit_fact import RULEBOOK

_SUBJECTS = """
SELECT subject FROM credit_fact WHERE layer = 'statutory' OR code = ANY($2::text[])
UNION SELECT fact.subject FROM credit_fact AS fact JOIN credit_fact_followed AS later ON later.fact = fact.id
  WHERE later.code = ANY($2::text[])
UNION SELECT subject FROM restriction_as_it_ends
  WHERE $3 = 'debarment' AND starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
ORDER BY subject
"""


@dataclass(frozen=True, slots=True)
class CreditListPage:
    """One page of a list, the latest entry first, with the names on file."""

    now: datetime
    list_name: ListName
    rows: tuple[ListEntry, ...]
    names: dict[str, str]
    part: Slice
    total: int


async def read_credit_list(database: Database, name: ListName, part: Slice, *, profile: str) -> CreditListPage:
    """A page of the list as of now."""
    async with reading(database) as snapshot:
        every = await listed(snapshot, name, profile=profile)
        part = part.within(len(every))
        rows = every[part.offset : part.offset + part.size]
        names = await agencies.names(snapshot.connection, sorted({one.subject for one in rows}))
    return CreditListPage(snapshot.now, name, rows, names, part, len(every))


async def count_lists(snapshot: Reading, *, profile: str) -> dict[ListName, int]:
    """How many entries each list has; their subjects are looked up once for all of them."""
    every = Counter(one.list_name for one in await _entries(snapshot, "debarment", profile=profile))
    return {name: every[name] for name in LIST_NAMES}


async def listed(snapshot: Reading, name: ListName, *, profile: str) -> tuple[ListEntry, ...]:
    """Every entry of the list within a snapshot, the latest first."""
    found = await _entries(snapshot, name, profile=profile)
    return tuple(
        sorted((one for one in found if one.list_name == name), key=lambda one: (one.since, one.ground), reverse=True)
    )


async def _entries(snapshot: Reading, name: ListName, *, profile: str) -> list[ListEntry]:
    """The entries of whoever may be on that list, other lists' among them; by the widest, debarment, all there are."""
    book, now = rulebook(RULEBOOK), snapshot.now
    codes = [
        rule.code
        for rule in book.rules.values()
        if rule.severity in {"general", "severe"} or rule.rule_class == "merit"
    ]
    rows = await snapshot.connection.fetch(_SUBJECTS, now, codes, name)
    subjects = [row["subject"] for row in rows]
    facts = await credit.facts(snapshot.connection, subjects)
    bound = await credit.restrictions(snapshot.connection, subjects)
    clocks = credit_clocks(profile)
    return [one for subject in subjects for one in entries(facts[subject], bound[subject], book, clocks, at=now)]
