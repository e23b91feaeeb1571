"""Announcements (公告): what the operator says to everybody, from when until when, and how one ends before its time.

Invariants: nothing is changed or taken away: a correction is an announcement of its own that ends the one before it,
and taking down adds an end with its reason; each ends once; every one closes by the clock. Source: docs/adr/0036.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from commons.instants import Period, format_instant
from commons.sources import Source
from commons.verdicts import Reason

Kind = Literal["information", "maintenance", "rule_change"]
EndKind = Literal["corrected", "taken_down"]
ANNOUNCEMENT_RULE = Source("涉批中介网上超市公告规则（generic-v1）", "no", "docs/adr/0036")
MAX_DAYS = 90
"""Days that an announcement stands over every page at most."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Since when, until when it stands (``from_at ≤ at < until``), and the hours of the maintenance it speaks of."""

    kind: Kind
    from_at: datetime
    until: datetime
    work_from: datetime | None = None
    work_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended before its time: by the correction ``successor``, or taken down for a reason."""

    kind: EndKind
    reason: str
    successor: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement as it was published; ``follows`` is the one that it corrects."""

    id: str
    title: str
    text: str
    stretch: Stretch
    published_at: datetime
    follows: str | None = None
    is_example: bool = False
    ended: Ended | None = None

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether it stands at that instant."""
        is_ended = self.ended is not None and self.ended.at <= at
        return Period(self.stretch.from_at, self.stretch.until).contains(at) and not is_ended


def newest_in_force(known: Iterable[Announcement], *, at: datetime) -> Announcement | None:
    """Of those that stand at that instant the one that began last; None for none."""
    standing = (one for one in known if one.is_in_force(at=at))
    return max(standing, key=lambda one: (one.stretch.from_at, one.published_at, one.id), default=None)


def judge_stretch(one: Stretch, *, at: datetime) -> tuple[Reason, ...]:
    """Every reason against announcing it at that instant."""
    found: list[tuple[str, dict[str, str | int]]] = []
    if one.until <= one.from_at:
        found.append(("announcement_ends_first", {}))
    if one.until <= at:
        found.append(("announcement_is_over", {"until": format_instant(one.until)}))
    if one.until - max(one.from_at, at) > timedelta(days=MAX_DAYS):
        found.append(("announcement_stands_too_long", {"most": MAX_DAYS}))
    hours = (one.work_from, one.work_until)
    if one.kind != "maintenance" and hours != (None, None):
        found.append(("only_maintenance_has_hours", {}))
    if one.kind == "maintenance" and None in hours:
        found.append(("maintenance_hours_missing", {}))
    if one.work_from is not None and one.work_until is not None and one.work_until <= one.work_from:
        found.append(("maintenance_ends_first", {}))
    return tuple(Reason(code, ANNOUNCEMENT_RULE, params) for code, params in found)


def judge_taking_down(one: Announcement, *, at: datetime) -> tuple[Reason, ...]:
    """Why it cannot be taken down at that instant: it has ended, in whichever way."""
    if one.ended is None and one.stretch.until <= at:
        return (Reason("announcement_is_over", ANNOUNCEMENT_RULE, {"until": format_instant(one.stretch.until)}),)
    return judge_correcting(one)


def judge_correcting(one: Announcement) -> tuple[Reason, ...]:
    """Why no correction can follow it: one did, or it was taken down; one whose time is over can be corrected."""
    if one.ended is None:
        return ()
    params = {} if one.ended.successor is None else {"successor": one.ended.successor}
    return (Reason(f"announcement_{one.ended.kind}", ANNOUNCEMENT_RULE, params),)
