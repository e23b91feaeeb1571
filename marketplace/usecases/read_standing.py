"""Selections as they stand at the instant of a reading: folded to what settling will persist, nothing written.

Invariant: what is given here after a settling equals what was given before it. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import asyncpg

from agencies.people.holds import Hold
from bidding import store as bidding
from bidding.selection import Selection, fold
from commons.canonical import Json
from commons.events import Draft, Recorded, Tip, chain
from commons.instants import parse_instant
from credit import store as credit
from marketplace.demands.store import Result
from marketplace.record.store import load
from marketplace.usecases.holding import holds_now
from marketplace.usecases.lots import LotNow, settle_lots
from marketplace.usecases.read_snapshot import Reading
from marketplace.usecases.settlement import Facts, Matter, Settlement, credit_scores
from marketplace.usecases.standing import SYSTEM

MAX_UNSETTLED = 100
"""Selections a list folds at most: what the ticker has not come to yet; the others are shown as they were settled."""

_MATTERS = """
SELECT selection.id, selection.state, selection.last_at, selection.due_at, selection.anchor,
  demand.id AS demand, demand.profile, demand.buyer_class, demand.selection = selection.id AS is_current
FROM selection JOIN demand ON demand.id = selection.demand
WHERE selection.id = ANY($1::text[])
  OR selection.anchor IN (SELECT anchor FROM selection WHERE id = ANY($1::text[]))
ORDER BY selection.anchor, selection.lot, selection.id
"""
_UNSETTLED = """
SELECT id FROM (
  SELECT id, due_at FROM selection WHERE due_at <= $1
  UNION
  SELECT selection.id, selection.due_at FROM selection_void
  JOIN selection ON selection.id = selection_void.selection AND selection.state = 'proposed'
  JOIN demand ON demand.selection = selection.id AND demand.winner = selection_void.agency
  UNION
  SELECT selection.id, selection.due_at FROM selection_void
  JOIN selection ON selection.id = selection_void.selection AND selection.state = 'evaluating'
    AND selection_void.voided_at > selection.last_at
) AS waiting ORDER BY due_at, id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was made of the selection: case and decision, as of the closing instant; a direct choice has no case."""

    case: Mapping[str, Json]
    decision: Mapping[str, Json]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """One selection: its record with what settling will append to it, the settlement, and its credit facts.

    ``demand`` is None for an earlier selection of a demand that was published again.
    """

    demand: str | None
    recorded: tuple[Recorded, ...]
    settlement: Settlement
    facts: Facts
    at: datetime

    @property
    def state(self) -> Selection:
        """The folded state."""
        return self.settlement.state

    @property
    def ruling(self) -> Ruling | None:
        """The last decision, an evaluation that waits for something included; None before the close."""
        for one in reversed(self.recorded):
            if one.event.type in {"selection.decided", "selection.evaluated"}:
                data = one.event.data
                case, decision, as_of = data["case"] or {}, data["decision"], data["as_of"]
                assert isinstance(case, dict), "a case is an object"
                assert isinstance(decision, dict), "a decision is an object"
                return Ruling(case, decision, parse_instant(str(as_of)))
        return None

    @property
    def credits(self) -> dict[str, int]:
        """Credit scores of the participants at the instant of the reading, in hundredths."""
        return credit_scores(self.facts, sorted(self.state.participants), at=self.at)


async def standings(reading: Reading, selections: Sequence[str]) -> dict[str, Standing]:
    """The selections of these ids as they stand; five queries however many; unknown ids are left out.

    The other lots of their notices come with them where a cap makes them depend on each other.
    """
    connection, wanted = reading.connection, list(selections)
    rows = await connection.fetch(_MATTERS, wanted)
    recorded = await load(connection, [f"selection/{row['id']}" for row in rows])
    by_subject = {subject: tuple(events) for subject, events in groupby(recorded, key=lambda one: one.event.subject)}
    voids = await bidding.voids(connection, [row["id"] for row in rows])
    states = {
        row["id"]: fold(row["id"], by_subject.get(f"selection/{row['id']}", ()), voids.get(row["id"], {}))
        for row in rows
    }
    everybody = sorted({who for state in states.values() for who in state.participants})
    facts, holds = await credit.facts(connection, everybody), await holds_now(connection, everybody)
    found: dict[str, Standing] = {}
    for _, group in groupby(rows, key=lambda row: row["anchor"] or row["id"]):
        lots = list(group)
        events = {row["id"]: by_subject.get(f"selection/{row['id']}", ()) for row in lots}
        at = max([reading.at, *(one.event.at for each in events.values() for one in each[-1:])])
        done = settle_lots([_lot(row, states[row["id"]], facts, holds) for row in lots], at=at)
        for row, one in zip(lots, done, strict=True):
            own = {who: facts[who] for who in one.state.participants if who in facts}
            current = row["demand"] if row["is_current"] else None
            found[row["id"]] = _standing(current, events[row["id"]], one, own, at=at)
    return found


def _lot(row: asyncpg.Record, state: Selection, facts: Facts, holds: Mapping[str, Sequence[Hold]]) -> LotNow:
    own_holds = {who: holds[who] for who in state.participants if holds.get(who)}
    matter = Matter(row["state"], row["profile"], row["buyer_class"], holds=own_holds)
    own = {who: facts[who] for who in state.participants if who in facts}
    return LotNow(state, own, matter, row["last_at"], row["due_at"])


def _standing(
    demand: str | None, recorded: tuple[Recorded, ...], done: Settlement, facts: Facts, *, at: datetime
) -> Standing:
    """The record with the acts that settling will append, as of the reading or of the last event it saw."""
    drafts = tuple(Draft("", act.type, act.data, act.refs) for act in done.acts)
    tip = Tip(recorded[-1].event.seq, recorded[-1].event.digest) if recorded else Tip()
    ahead = chain(tip, drafts, subject=f"selection/{done.state.id}", actor=SYSTEM, at=at)
    return Standing(demand, (*recorded, *(Recorded(event, None) for event in ahead)), done, facts, at)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lists show of a demand that is not settled yet, in place of its row; None where the row is right."""

    demand: str
    result: Result | None
    closes_at: datetime | None


async def ahead_of_settling(reading: Reading) -> tuple[Ahead, ...]:
    """Demands whose rows lag behind the clock or behind a restriction, longest waiting first, at most 100."""
    rows = await reading.connection.fetch(_UNSETTLED, reading.at, MAX_UNSETTLED)
    if not rows:
        return ()
    found = await standings(reading, [row["id"] for row in rows])
    current = [(one.demand, one.settlement) for one in found.values() if one.demand is not None]
    return tuple(Ahead(demand, done.result, done.closes_at) for demand, done in current)
