"""Selections as they stand at the instant of a reading: folded to what settling will persist, nothing written.

Invariant: what is given here after a settling equals what was given before it. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import cast

from bidding.selection import Selection
from commons.canonical import Json, canonical
from commons.events import Draft, Recorded, Tip, chain
from commons.instants import parse_instant
from marketplace.demands.store import Result
from marketplace.usecases.fitness_now import Judged, with_fitness
from marketplace.usecases.lots import settle_lots
from marketplace.usecases.lots_now import KnownLot, known_lots
from marketplace.usecases.read_snapshot import Reading
from marketplace.usecases.settlement import Facts, Settlement, credit_scores
from marketplace.usecases.standing import SYSTEM

MOST_DIGESTS = 1_024
"""Cases whose digest is kept."""
_AHEAD = "ahead of settling"
_UNSETTLED = """
SELECT id FROM (
  (SELECT id, due_at FROM selection WHERE due_at <= $1 ORDER BY due_at LIMIT 100)
  UNION
  SELECT selection.id, selection.due_at FROM selection_void
  JOIN selection ON selection.id = selection_void.selection AND selection.state = 'proposed'
  JOIN demand ON demand.selection = selection.id AND demand.winner = selection_void.agency
  UNION
  SELECT selection.id, selection.due_at FROM selection_void
  JOIN selection ON selection.id = selection_void.selection AND selection.state = 'evaluating'
    AND selection_void.voided_at > selection.last_at
) AS waiting ORDER BY due_at, id LIMIT 100
"""
"""What the ticker has not come to yet, 100 at most: the others are shown as they were settled.

The limits are written out, so that it goes along the index when it is planned once.
"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was made of the selection: case and decision, as of the closing instant; a direct choice has no case.

    ``told_by`` is the SHA-256 of the event that says so.
    """

    case: Mapping[str, Json]
    decision: Mapping[str, Json]
    as_of: datetime
    told_by: str = field(compare=False)

    @property
    def case_digest(self) -> str | None:
        """SHA-256 of the case in canonical form, in hex; None without one."""
        return _digest_of_case(_Told(self.told_by, self.case)) if self.case else None


@dataclass(frozen=True, slots=True)
class _Told:
    """A case by the event that tells it."""

    by: str
    case: Mapping[str, Json] = field(compare=False)


@lru_cache(maxsize=MOST_DIGESTS)
def _digest_of_case(told: _Told) -> str:
    """A case may be long, and an event never changes: worked out once."""
    return sha256(canonical(dict(told.case))).hexdigest()


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
                return Ruling(case, decision, parse_instant(str(as_of)), one.event.digest)
        return None

    @property
    def credits(self) -> dict[str, int]:
        """Credit scores of the participants at the instant of the reading, in hundredths."""
        return credit_scores(self.facts, sorted(self.state.participants), at=self.at)


async def standings(reading: Reading, selections: Sequence[str]) -> dict[str, Standing]:
    """The selections of these ids as they stand; a few queries however many; unknown ids are left out.

    The other lots of their notices come with them where a cap makes them depend on each other. Worked out once in a
    snapshot for the same ids.
    """
    key = " ".join(("standings", *selections))
    if key not in reading.memory:
        reading.memory[key] = await _standings(reading, selections)
    return dict(cast("dict[str, Standing]", reading.memory[key]))


async def _standings(reading: Reading, selections: Sequence[str]) -> dict[str, Standing]:
    groups = await known_lots(reading.connection, selections)
    every = [one for group in groups for one in group]
    last = max((one.recorded[-1].event.at for one in every if one.recorded), default=reading.at)
    matters = await with_fitness(reading.connection, [_judged(one) for one in every], at=max(reading.at, last))
    found: dict[str, Standing] = {}
    for group in groups:
        at = max([reading.at, *(one.recorded[-1].event.at for one in group if one.recorded)])
        done = settle_lots([replace(one.lot, matter=matters[one.id]) for one in group], at=at)
        for one, settled in zip(group, done, strict=True):
            current = one.demand if one.is_current else None
            own = {who: one.lot.facts[who] for who in settled.state.participants if who in one.lot.facts}
            found[one.id] = _standing(current, one.recorded, settled, own, at=at)
    return found


def _judged(one: KnownLot) -> Judged:
    return Judged(one.demand, one.items, one.region, one.lot.state, one.lot.matter)


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
    standing: Standing | None = None


async def ahead_of_settling(reading: Reading) -> tuple[Ahead, ...]:
    """Demands whose rows lag behind the clock or behind a restriction, longest waiting first, at most 100.

    Worked out once in a snapshot, however many lists of it are read.
    """
    known = reading.memory.get(_AHEAD)
    if known is None:
        known = reading.memory[_AHEAD] = await _ahead_of_settling(reading)
    return cast("tuple[Ahead, ...]", known)


async def _ahead_of_settling(reading: Reading) -> tuple[Ahead, ...]:
    rows = await reading.connection.fetch(_UNSETTLED, reading.at)
    if not rows:
        return ()
    found = await standings(reading, [row["id"] for row in rows])
    current = [(one.demand, one.settlement, one) for one in found.values() if one.demand is not None]
    return tuple(Ahead(demand, done.result, done.closes_at, one) for demand, done, one in current)
