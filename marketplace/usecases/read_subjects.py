"""Who is on file, with the score, the grade and what restricts it: the search of regulators, and its export.

Source: credit.md section 6 (regulator: search, export).
"""

from __future__ import annotations

from dataclasses import dataclass

from credit import store as credit
from credit.rulebook import rulebook
from credit.scoring import Score, score
from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_agencies import AgencyPage, AgencyQuery, ListedAgency, read_agencies
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.record_credit_fact import RULEBOOK


@dataclass(frozen=True, slots=True)
class Subject:
    """An agency of the list with its score as of now."""

    agency: ListedAgency
    score: Score


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """One page, in the order of the directory."""

    page: AgencyPage
    rows: tuple[Subject, ...]


async def read_subjects(database: Database, caller: Caller, query: AgencyQuery, part: Slice) -> SubjectPage:
    """A page of the search; ``Forbidden`` to anybody but regulators."""
    require(caller, "notice_restriction")
    page = await read_agencies(database, query, part)
    async with reading(database) as snapshot:
        facts = await credit.facts(snapshot.connection, [one.uscc for one in page.rows])
    book, now = rulebook(RULEBOOK), page.now
    rows = tuple(Subject(one, score(facts[one.uscc], book, at=now, known_at=now)) for one in page.rows)
    return SubjectPage(page, rows)
