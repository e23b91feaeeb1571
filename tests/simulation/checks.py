"""The invariants of the market, asked of the database after each step and of all of it at the end.

They read the rows by themselves and lean on the product only for what is its public promise: the engine's ``decide``
on a recorded case, which the slow reference repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from marketplace.database import Connection
from marketplace.usecases.restrict_agency import AgencyRestricted
from tests.simulation.course import course_of
from tests.simulation.facts import Facts, facts_of
from tests.simulation.ledger_checks import acknowledged, answered_twice
from tests.simulation.list_checks import list_row
from tests.simulation.messages import Sent
from tests.simulation.outcome_ledger import credited
from tests.simulation.publication_checks import publications
from tests.simulation.record_rows import Row, broken_chain, rows_of
from tests.simulation.ruling_checks import decisions, entries, rulings

SUBJECTS = "SELECT DISTINCT subject FROM record_event ORDER BY subject"
SHELF = "SELECT id::text, capacity, taken FROM shelf_offer"
UNDECIDED = """
SELECT id FROM selection
WHERE state NOT IN ('closed', 'evaluating', 'suspended') AND mode NOT IN ('instant', 'direct') OR due_at IS NOT NULL
"""
WAITING = "SELECT id, state FROM selection WHERE state IN ('evaluating', 'suspended')"
ABANDONED = """
SELECT count(*) FROM record_event JOIN selection ON subject = 'selection/' || selection.id AND mode <> 'direct'
WHERE type IN ('award.abandoned', 'award.lapsed')
"""
CREDITED = "SELECT count(*) FROM credit_fact WHERE code = 'award_abandoned'"
UNANSWERED = "SELECT count(*) FROM request_answer WHERE answer = ''"


MARK = """
SELECT concat_ws('/', (SELECT max(seq) FROM record_event WHERE subject = 'selection/' || selection.id), selection::text,
  demand::text, (SELECT count(*) FROM selection_void WHERE selection = $1), (SELECT count(*) FROM restriction),
  (SELECT count(*) FROM credit_fact))
FROM selection JOIN demand ON demand.id = selection.demand WHERE selection.id = $1
"""
"""Changes with whatever bears on one selection."""
SELECTIONS = "SELECT id FROM selection WHERE demand = $1 ORDER BY id"
Seen = tuple[str, Facts]


def _recomputed(facts: Facts) -> list[str]:
    """Everything wrong with one selection by its own record."""
    problems = [*broken_chain(facts.rows), *entries(facts), *course_of(facts)]
    if problems:
        return problems
    is_current = facts.demand["selection"] == facts.selection
    return [*rulings(facts), *decisions(facts), *credited(facts), *(list_row(facts) if is_current else ())]


class Checks:
    """Asks one unchanging picture of the database."""

    def __init__(self, connection: Connection, sent: Iterable[Sent], seen: dict[str, Seen]) -> None:
        """``seen`` keeps what was read and computed again already: what has not changed since is not once more."""
        self.connection = connection
        self.sent = tuple(sent)
        self.seen = seen

    async def of_demand(self, demand: str, selections: Sequence[str]) -> list[str]:
        """Everything wrong with one demand and its selections now, in the order they were published in."""
        found: dict[str, Facts] = {}
        problems: list[str] = []
        for one in selections:
            mark = await self.connection.fetchval(MARK, one)
            if mark is None:
                continue
            if one not in self.seen or self.seen[one][0] != mark:
                facts = await facts_of(self.connection, one, demand)
                assert facts is not None, "it has a row"
                problems += _recomputed(facts)
                self.seen[one] = mark, facts
            found[one] = self.seen[one][1]
            problems += acknowledged(found[one], self.sent)
        row = await self.connection.fetchrow("SELECT id, selection FROM demand WHERE id = $1", demand)
        assert row is not None, "demands are never deleted"
        known = [one["id"] for one in await self.connection.fetch(SELECTIONS, demand)]
        if set(known) != found.keys():
            problems.append(f"selections {known} exist, {sorted(found)} were published")
        record = await rows_of(self.connection, f"demand/{demand}")
        return problems or [*publications(dict(row), record, found, self.sent)]

    async def of_the_whole_market(self) -> list[str]:
        """Everything wrong with the market once every clock has run out."""
        problems = list(answered_twice(self.sent))
        for row in await self.connection.fetch(SUBJECTS):
            problems += broken_chain(await rows_of(self.connection, row["subject"]))
        for row in await self.connection.fetch(UNDECIDED):
            problems.append(f"{row['id']} is still due or undecided at the end")
        for row in await self.connection.fetch(WAITING):
            events = await rows_of(self.connection, f"selection/{row['id']}")
            problems += _waits_for_nobody(row["id"], row["state"], events)
        if await self.connection.fetchval(ABANDONED) != await self.connection.fetchval(CREDITED):
            problems.append("awards were given up without a credit fact, or credit facts stand without one")
        if await self.connection.fetchval(UNANSWERED):
            problems.append("a key was claimed and kept without an answer")
        return problems + await self._shelf() + await self._restrictions()

    async def _shelf(self) -> list[str]:
        """Each award takes one unit of one shelf offer, and no offer gives more than it has."""
        awarded: Counter[str] = Counter()
        taken = await self._taken()
        for row in await self.connection.fetch("SELECT id FROM selection WHERE mode = 'instant'"):
            for event in await rows_of(self.connection, f"selection/{row['id']}"):
                if event.type == "award.proposed":
                    awarded[str(event.data["shelf_offer"])] += 1
        problems = []
        for row in await self.connection.fetch(SHELF):
            sold = awarded[row["id"]]
            if sold > row["capacity"] or sold != row["taken"] or sold != taken[row["id"]]:
                problems.append(
                    f"shelf offer {row['id']}: {sold} awards, {row['taken']} counted, capacity {row['capacity']}"
                )
        return problems

    async def _taken(self) -> Counter[str]:
        taken: Counter[str] = Counter()
        for row in await self.connection.fetch("SELECT DISTINCT subject FROM record_event WHERE type LIKE 'shelf%'"):
            for event in await rows_of(self.connection, row["subject"]):
                if event.type == "shelf_offer.taken":
                    taken[str(event.data["offer"])] += 1
        return taken

    async def _restrictions(self) -> list[str]:
        """An acknowledged restriction is in force, and its agency put nothing on the shelf while it was."""
        rows: list[Any] = await self.connection.fetch("SELECT id, subject, starts_at, ends_at FROM restriction")
        kept = {row["id"] for row in rows}
        told = [one.answer.restriction for one in self.sent if isinstance(one.answer, AgencyRestricted)]
        problems = [f"restriction {one} was acknowledged and is not kept" for one in told if one not in kept]
        for row in rows:
            for event in await rows_of(self.connection, f"agency/{row['subject']}"):
                inside = row["starts_at"] <= event.at and (row["ends_at"] is None or event.at < row["ends_at"])
                if inside and event.type in {"shelf_offer.put", "shelf_offer.taken"}:
                    problems.append(f"{event.type} of {row['subject']} while it was restricted")
        return problems


def _waits_for_nobody(selection: str, state: str, events: Sequence[Row]) -> list[str]:
    """What waits at the end waits for somebody who has no deadline: whoever resumes, or an owner who has to rule."""
    types = [row.type for row in events]
    if state == "suspended":
        return [] if types[-1] == "selection.suspended" else [f"{selection} is suspended by no event"]
    flagged = next(row for row in reversed(events) if row.type == "selection.evaluated").data["decision"].get("flagged")
    given = [row.data["bidder"] for row in events if row.type == "explanation.given"]
    return [] if flagged in given else [f"{selection} waits for {flagged}, whose time to explain is over"]
