"""Everything the database holds about one selection, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bidding.selection import Selection, fold
from commons.events import Recorded
from credit import store as credit
from credit.rulebook import rulebook
from credit.scoring import CreditFact, score
from marketplace.database import Connection
from marketplace.record.store import load
from marketplace.usecases.record_credit_fact import RULEBOOK
from tests.simulation.record_rows import Row, rows_of

_VOIDS = "SELECT agency, voided_at FROM selection_void WHERE selection = $1"
_BARRED = "SELECT subject, starts_at, ends_at FROM restriction"


@dataclass(frozen=True, slots=True)
class Facts:
    """One selection: its events, voids, the restrictions and credit facts of everybody, its two rows."""

    selection: str
    rows: tuple[Row, ...]
    recorded: tuple[Recorded, ...]
    state: Selection
    voids: Mapping[str, datetime]
    barred: tuple[tuple[str, datetime, datetime | None], ...]
    credit: Mapping[str, tuple[CreditFact, ...]]
    lock: Mapping[str, Any]
    demand: Mapping[str, Any]

    def of(self, *types: str) -> list[Row]:
        """The events of these types."""
        return [row for row in self.rows if row.type in types]

    def before(self, row: Row, voids: Mapping[str, datetime]) -> Selection:
        """The state that the events before this one make, while only these voids were known."""
        return fold(self.selection, self.recorded[: row.seq - 1], voids)

    def is_barred(self, agency: str, *, at: datetime) -> bool:
        """Whether the agency is restricted, or void in this selection, at that instant."""
        voided = self.voids.get(agency)
        return (voided is not None and voided <= at) or self.is_restricted(agency, at=at)

    def is_restricted(self, agency: str, *, at: datetime) -> bool:
        """Whether the agency is restricted at that instant."""
        return any(who == agency and starts <= at and (ends is None or at < ends) for who, starts, ends in self.barred)

    def credits(self, *, at: datetime) -> dict[str, int]:
        """Credit in hundredths of everybody admitted, as of that instant."""
        book = rulebook(RULEBOOK)
        return {who: score(self.credit.get(who, ()), book, at=at, known_at=at).value for who in self.state.participants}


async def facts_of(connection: Connection, selection: str, demand: str) -> Facts | None:
    """The selection's facts; None as long as it is not published."""
    lock = await connection.fetchrow("SELECT * FROM selection WHERE id = $1", selection)
    if lock is None:
        return None
    row = await connection.fetchrow("SELECT * FROM demand WHERE id = $1", demand)
    assert row is not None
    voids = {one["agency"]: one["voided_at"] for one in await connection.fetch(_VOIDS, selection)}
    recorded = await load(connection, [f"selection/{selection}"])
    state = fold(selection, recorded, voids)
    return Facts(
        selection,
        await rows_of(connection, f"selection/{selection}"),
        recorded,
        state,
        voids,
        tuple((one["subject"], one["starts_at"], one["ends_at"]) for one in await connection.fetch(_BARRED)),
        await credit.facts(connection, sorted(state.participants)),
        dict(lock),
        {**dict(row), "recusals_list": row["recusals"]},
    )
