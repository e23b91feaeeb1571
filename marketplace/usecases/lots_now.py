"""Selections as their record has them, with the lots that hang together: read without being held, nothing settled yet.

Source: docs/adr/0015 (lots under a cap), trust.md section 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import asyncpg

from agencies.people.holds import Hold
from bidding import store as bidding
from bidding.selection import Selection, fold
from commons.canonical import Json
from commons.events import Recorded
from credit import store as credit
from marketplace.database import Connection
from marketplace.record.store import load
from marketplace.usecases.holding import holds_now
from marketplace.usecases.lots import LotNow
from marketplace.usecases.rules_in_force import profile_kept_as
from marketplace.usecases.settlement import Facts, Matter, Settlement

_MATTERS = """
SELECT selection.id, selection.state, selection.last_at, selection.due_at, selection.anchor,
  demand.id AS demand, demand.profile, demand.rules::text AS rules, demand.buyer_class,
  demand.selection = selection.id AS is_current, demand.item, demand.further_items, demand.region
FROM selection JOIN demand ON demand.id = selection.demand
WHERE selection.id IN (
  SELECT unnest($1::text[]) UNION SELECT beside.id FROM selection AS given
  JOIN selection AS beside ON beside.anchor = given.anchor WHERE given.id = ANY($1::text[]))
ORDER BY selection.anchor, selection.lot, selection.id
"""


@dataclass(frozen=True, slots=True)
class KnownLot:
    """One selection: its demand, the items and the place of the work, its record, and itself as settling takes it.

    ``is_current``: not an earlier selection of a demand that was published again.
    """

    id: str
    demand: str
    is_current: bool
    items: tuple[str, ...]
    region: str
    recorded: tuple[Recorded, ...]
    lot: LotNow

    def told_ahead(self, done: Settlement, *, at: datetime) -> Iterator[tuple[str, Mapping[str, Json], datetime]]:
        """Type, data and instant of its events, then of those that settling will append."""
        for one in self.recorded:
            yield one.event.type, one.event.data, one.event.at
        for act in done.acts:
            yield act.type, act.data, at


async def known_lots(connection: Connection, selections: Sequence[str]) -> list[list[KnownLot]]:
    """The selections of these ids, grouped as they hang together, in the order of the lots; unknown ids are left out.

    The other lots of their notices come with them where a cap makes them depend on each other.
    """
    rows = await connection.fetch(_MATTERS, list(selections))
    recorded = await load(connection, [f"selection/{row['id']}" for row in rows])
    by_subject = {subject: tuple(events) for subject, events in groupby(recorded, key=lambda one: one.event.subject)}
    voids = await bidding.voids(connection, [row["id"] for row in rows])
    states = {
        row["id"]: fold(row["id"], by_subject.get(f"selection/{row['id']}", ()), voids.get(row["id"], {}))
        for row in rows
    }
    everybody = sorted({who for state in states.values() for who in state.participants})
    facts, holds = await credit.facts(connection, everybody), await holds_now(connection, everybody)
    return [
        [
            _known(row, by_subject.get(f"selection/{row['id']}", ()), states[row["id"]], facts, holds)
            for row in group
        ]
        for _, group in groupby(rows, key=lambda row: row["anchor"] or row["id"])
    ]  # fmt: skip


def _known(
    row: asyncpg.Record, recorded: tuple[Recorded, ...], state: Selection, facts: Facts,
    holds: Mapping[str, Sequence[Hold]],
) -> KnownLot:  # fmt: skip
    own_holds = {who: holds[who] for who in state.participants if holds.get(who)}
    rules = json.loads(row["rules"])
    profile = profile_kept_as(row["profile"], rules)
    matter = Matter(row["state"], profile, row["buyer_class"], holds=own_holds, rules=rules)
    own = {who: facts[who] for who in state.participants if who in facts}
    lot = LotNow(state, own, matter, row["last_at"], row["due_at"])
    items = (row["item"], *row["further_items"])
    return KnownLot(row["id"], row["demand"], row["is_current"], items, row["region"], recorded, lot)
