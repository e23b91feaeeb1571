"""Rows of demands, contracts and agencies as the use cases leave them: histories for the statistics, by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.database import Connection

START = datetime(2025, 3, 1, 1, tzinfo=UTC)
CITIES = {"330100": "330102", "330300": "330302", "330200": "330203"}
ITEMS = ("SV22", "SV22", "RA01")
MODES = ("comprehensive", "comprehensive", "mean_price", "random_draw", "instant", "direct")
AGENCIES = tuple(f"91990000MA000000{number:02d}" for number in range(9))

DEMAND = """
INSERT INTO demand (id, selection, state, title, owner_code, owner_name, buyer_class, project_code, project_name,
  region, city, place, item, description, quantity, ceiling_fen, mode, terms, terms_digest, recusals, profile,
  is_example, posted_at, published_at, outcome, winner, winning_fen, decided_at, further_items, rules, declared)
VALUES ($1, $2, $3, '', '', '', 'fiscal', '', '', $4, $5, '', $6, '', $7, $8, $9, '{}', '', '[]', $10, $11, $12, $12,
  $13, $14, $15, $16, $17, '{}', '{}')
"""
DECIDED = """
UPDATE demand SET state = $2, outcome = $3, winner = $4, winning_fen = $5, decided_at = $6 WHERE id = $1
"""
AGAIN = """
UPDATE demand SET selection = $2, state = 'published', published_at = $3, outcome = NULL, winner = NULL,
  winning_fen = NULL, decided_at = NULL WHERE id = $1
"""
CONTRACT = """
INSERT INTO contract (id, demand, agency, owner_code, region, title, state, awarded_at, amount_fen, due_at,
  delivered_at, accepted_at, is_deemed, accepted_at_first, passed_first, rating, last_at)
VALUES ($1, $2, $3, '', '330302', '', 'accepted', $4, 1, $5, $6, $7, $8, $9, $10, $11, $7)
ON CONFLICT (id) DO NOTHING
"""
RATED = "UPDATE contract SET rating = 410, state = 'rated', rated_at = $2 WHERE id = $1 AND rating IS NULL"
AGENCY = "INSERT INTO agency (uscc, name, kind, region, city, filed_at, words) VALUES ($1, '', '', $2, $3, $4, '')"
MOVED = "UPDATE agency SET region = $2, city = $3 WHERE uscc = $1"


@dataclass
class History:
    """A market that goes on by chance: one act at a time."""

    connection: Connection
    chance: random.Random
    at: datetime = START
    open: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    decided: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    number: int = 0

    async def begin(self) -> None:
        """Everybody is on file."""
        for number, one in enumerate(AGENCIES):
            city = [*CITIES, "310000"][number % 4]
            await self.connection.execute(AGENCY, one, CITIES.get(city, "310101"), city, self.at)

    async def go_on(self) -> None:
        """One act, some days later."""
        self.at += timedelta(hours=self.chance.randrange(1, 50))
        acts = [*[self._publish] * 4, *[self._decide] * 4, *[self._accept] * 2, self._annul, self._again, self._move]
        await self.chance.choice(acts)()

    async def _publish(self) -> None:
        self.number += 1
        name, city = f"D{self.number:06d}", self.chance.choice(list(CITIES))
        further = ["SV25"] if self.chance.random() < 0.1 else []
        values: list[Any] = [name, f"S{self.number:06d}", "published", CITIES[city], city, self.chance.choice(ITEMS)]
        values += [self.chance.choice((1, 1, 3)), self.chance.randrange(5, 9) * 1_000_000, self.chance.choice(MODES)]
        values += [self.chance.choice(("generic-v1", "generic-v1", "demo-v1")), self.chance.random() < 0.2, self.at]
        await self.connection.execute(DEMAND, *values, None, None, None, None, further)
        self.open[name] = (values[1], self.at)

    async def _decide(self) -> None:
        if not self.open:
            return
        name = self.chance.choice(list(self.open))
        self.decided[name] = (self.open.pop(name)[0], self.at)
        outcome = self.chance.choice(("award", "award", "award", "unsuccessful", None))
        won: tuple[str | None, int | None] = (None, None)
        if outcome == "award":
            won = (self.chance.choice(AGENCIES), self.chance.randrange(1, 60) * 100_000)
        state = {"award": "publicity", None: "cancelled"}.get(outcome, "unsuccessful")
        await self.connection.execute(DECIDED, name, state, outcome, *won, self.at)

    async def _accept(self) -> None:
        if not self.decided:
            return
        name = self.chance.choice(list(self.decided))
        selection, at = self.decided[name]
        yes = self.chance.choice
        await self.connection.execute(
            CONTRACT, selection, name, AGENCIES[0], at, at + timedelta(days=30), self.at, self.at, yes((True, False)),
            yes((True, False, None)), yes((True, False, None)), yes((None, 480)),
        )  # fmt: skip
        if self.chance.random() < 0.3:
            await self.connection.execute(RATED, selection, self.at)

    async def _annul(self) -> None:
        """An award of long ago is set aside, by an objection that was upheld."""
        if not self.decided:
            return
        name = self.chance.choice(list(self.decided))
        await self.connection.execute(DECIDED, name, "unsuccessful", "unsuccessful", None, None, self.decided[name][1])

    async def _again(self) -> None:
        """Without an award (any more) and published again, with another selection; the first stays as it ended."""
        if not self.decided:
            return
        name = self.chance.choice(list(self.decided))
        await self.connection.execute(DECIDED, name, "unsuccessful", "unsuccessful", None, None, self.at)
        del self.decided[name]
        self.number += 1
        self.open[name] = (f"S{self.number:06d}", self.at)
        await self.connection.execute(AGAIN, name, self.open[name][0], self.at)

    async def _move(self) -> None:
        city = self.chance.choice(list(CITIES))
        await self.connection.execute(MOVED, self.chance.choice(AGENCIES), CITIES[city], city)
