"""Suspension (暂停): while it lasts no clock runs; resuming moves every later end by the time it lasted.

Invariants: an end before the suspension stays; what happens during one counts from its end; rounds move as a whole, as
they are suspended only before the first opens. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from commons.canonical import Json
from commons.events import Role
from commons.instants import Deadline, format_instant, parse_instant


@dataclass(frozen=True, slots=True)
class Suspension:
    """Suspended since, by whom, and the state of the lock row that resuming goes back to."""

    since: datetime
    by: Role
    was: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension that is over: half-open, ``since ≤ at < until``."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """What later ends move by."""
        return self.until - self.since


def counted(at: datetime, pauses: Iterable[Pause]) -> datetime:
    """The instant from which a clock started at ``at`` runs: the end of the pause it falls into."""
    return next((one.until for one in pauses if one.since <= at < one.until), at)


def moved(end: datetime | None, pause: Pause) -> datetime | None:
    """An end moved by the pause when it lay behind its start."""
    return end + pause.length if end is not None and end > pause.since else end


def moved_deadline(end: Deadline, pause: Pause) -> Deadline:
    """The same for a deadline."""
    return replace(end, at=end.at + pause.length) if end.at > pause.since else end


def moved_terms(terms: Mapping[str, Json], pause: Pause) -> Mapping[str, Json]:
    """Terms whose rounds had not begun: every round moves; other terms stay as they are."""
    rounds = cast("list[dict[str, Json]]", terms.get("rounds") or [])
    if not rounds or parse_instant(cast("str", rounds[0]["opens_at"])) <= pause.since:
        return terms
    later: list[Json] = [
        {**one, **{key: _later(one[key], pause) for key in ("opens_at", "closes_at")}} for one in rounds
    ]
    return {**terms, "rounds": later}


def _later(value: Json, pause: Pause) -> str:
    return format_instant(parse_instant(cast("str", value)) + pause.length)
