"""A project's timeline (项目时间轴): how many days of its clock are used and left, stage by stage, and what it buys.

The clock of a project is the profile's: ``project_total_general`` from its code to the permit to build; where it stands
on standard land (标准地) and its owner signed the pledge (承诺制), ``project_total_pledged``. Calendar days, the first
one counted as 0. Invariants: the last statement of a milestone counts; a stage begins with its milestone and ends with
the next one that is reached; nothing that was not stated is guessed. Joint survey (联合测绘) and joint acceptance
(联合验收) are shown as what they are here: demands for several items. Source: market.md section 3; its numbers are the
profile's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

from commons.profiles import ProfileValue, RuleProfile

MilestoneName = Literal["coded", "land", "planning_permit", "building_permit", "built", "accepted"]
"""赋码、取得用地、规划许可、施工许可、竣工、验收: in the order of a project's life."""
MILESTONES: tuple[MilestoneName, ...] = get_args(MilestoneName)
CLOCK_ENDS: MilestoneName = "building_permit"
"""Where the clock of the approval stops."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that was reached, or with no day what is stated of the project: standard land, pledge."""

    name: str
    reached_on: date | None
    is_standard_land: bool | None = None
    is_pledged: bool | None = None
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    """A demand of the project: its items, where it stands, and its days."""

    demand: str
    title: str
    items: tuple[str, ...]
    state: str
    posted_on: date
    published_on: date | None
    decided_on: date | None

    @property
    def is_joint(self) -> bool:
        """Whether several items are bought together."""
        return len(self.items) > 1


@dataclass(frozen=True, slots=True)
class Stage:
    """From one milestone to the next: the days that it took, or has taken by now; None before it begins."""

    begins: MilestoneName
    ends: MilestoneName
    began_on: date | None
    ended_on: date | None
    days_used: int | None
    demands: tuple[Bought, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The clock of the project with its source: days allowed, used, left (negative: over), and its last day."""

    is_standard_land: bool
    is_pledged: bool
    clock: ProfileValue
    days_used: int | None
    days_left: int | None
    due_on: date | None
    is_over: bool
    stages: tuple[Stage, ...]


def timeline(
    profile: RuleProfile, milestones: Iterable[Milestone], demands: Sequence[Bought], *, today: date
) -> Timeline:
    """The timeline as of a Beijing day; a project whose code has no day has no clock running."""
    stated = tuple(milestones)
    reached: Mapping[str, date] = {one.name: one.reached_on for one in stated if one.reached_on is not None}
    land = next((one.is_standard_land for one in reversed(stated) if one.is_standard_land is not None), False)
    pledged = next((one.is_pledged for one in reversed(stated) if one.is_pledged is not None), False)
    clock = profile["project_total_pledged" if land and pledged else "project_total_general"]
    stages = tuple(_stage(begins, ends, reached, demands, today=today) for begins, ends in pairwise(MILESTONES))
    began = reached.get("coded")
    if began is None:
        return Timeline(land, pledged, clock, None, None, None, is_over=False, stages=stages)
    used = (reached.get(CLOCK_ENDS, max(today, began)) - began).days
    return Timeline(
        land, pledged, clock, used, clock.value - used, began + timedelta(days=clock.value), used > clock.value, stages
    )


def _stage(
    begins: MilestoneName, ends: MilestoneName, reached: Mapping[str, date], demands: Sequence[Bought], *, today: date
) -> Stage:
    began = reached.get(begins)
    later = [reached[name] for name in MILESTONES[MILESTONES.index(ends) :] if name in reached]
    ended = min(later, default=None) if began is not None else None
    within = tuple(
        one
        for one in demands
        if began is not None and began <= one.posted_on and (ended is None or one.posted_on < ended)
    )
    used = None if began is None else ((ended or max(today, began)) - began).days
    return Stage(begins, ends, began, ended, used, within)


def out_of_order(reached: Mapping[str, date]) -> tuple[str, str] | None:
    """The first milestone that would lie before an earlier one, with that one; None when the days are in order."""
    known = [(name, reached[name]) for name in MILESTONES if name in reached]
    for (earlier, one), (later, other) in pairwise(known):
        if other < one:
            return later, earlier
    return None
