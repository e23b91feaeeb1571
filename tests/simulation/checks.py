"""The invariants of the market, asked of the database after each step and of all of it at the end.

They read the rows by themselves and lean on the product only for what is its public promise: the engine's ``decide``
on a recorded case, which the slow reference repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from marketplace.database import Connection
from marketplace.usecases.restrict_agency import AgencyRestricted
from tests.simulation.facts import facts_of
from tests.simulation.ledger_checks import acknowledged, answered_twice
from tests.simulation.messages import Sent
from tests.simulation.record_rows import broken_chain, rows_of
from tests.simulation.ruling_checks import decisions, entries, list_row, rulings

SUBJECTS = "SELECT DISTINCT subject FROM record_event ORDER BY subject"
SHELF = "SELECT id::text, capacity, taken FROM shelf_offer"
UNDECIDED = """
SELECT id FROM selection WHERE state NOT IN ('closed', 'evaluating') AND mode <> 'instant' OR due_at IS NOT NULL
"""
UNANSWERED = "SELECT count(*) FROM request_answer WHERE answer = ''"


class Checks:
    """Asks one unchanging picture of the database."""

    def __init__(self, connection: Connection, sent: Iterable[Sent]) -> None:
        self.connection = connection
        self.sent = tuple(sent)

    async def of_selection(self, selection: str, demand: str) -> list[str]:
        """Everything wrong with one selection now."""
        facts = await facts_of(self.connection, selection, demand)
        if facts is None:
            return []
        problems = [*broken_chain(facts.rows), *entries(facts), *acknowledged(facts, self.sent)]
        return problems or [*rulings(facts), *decisions(facts), *list_row(facts)]

    async def of_the_whole_market(self) -> list[str]:
        """Everything wrong with the market once every clock has run out."""
        problems = list(answered_twice(self.sent))
        for row in await self.connection.fetch(SUBJECTS):
            problems += broken_chain(await rows_of(self.connection, row["subject"]))
        for row in await self.connection.fetch(UNDECIDED):
            problems.append(f"{row['id']} is still due or undecided at the end")
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
