"""Coverage (区域评估覆盖): an area with a valid regional assessment spares the projects inside it the item.

Invariants: validity is half-open in Beijing days and ends before its day only by withdrawal or a successor; a project
lies inside by its point or all of its polygon where the coverage has a map, else by the name of the zone in the same
region or one below; a demand is covered when each of its items is. What is saved is the median of what similar demands
cost and took, and nothing where there is none to compare with. Source: market.md sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commons.regions import REGIONS
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.catalogue.areas import Area, Spot


@dataclass(frozen=True, slots=True)
class Ended:
    """How a coverage ended before its day."""

    kind: str
    reason: str
    at: datetime
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A regional assessment as recorded: where, for which items, with which result, on which conditions, until when."""

    id: str
    region: str
    zone: str
    items: tuple[str, ...]
    result: str
    access_standard: str
    negative_list: tuple[str, ...]
    document: Source
    valid_from: date
    valid_to: date
    area: Area | None = None
    supersedes: str | None = None
    is_example: bool = False
    recorded_at: datetime | None = None
    ended: Ended | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it stands on that Beijing day."""
        return self.ended is None and self.valid_from <= on < self.valid_to


@dataclass(frozen=True, slots=True)
class Site:
    """Where a project is: its region, the zone it names, a point or an outline in micro-degrees."""

    region: str
    zone: str = ""
    spot: Spot | None = None
    outline: Area | None = None

    def lies_in(self, one: Coverage) -> bool:
        """Whether the project lies in the coverage's area; the map decides where both have one."""
        if one.area is not None and (self.spot is not None or self.outline is not None):
            point = self.spot is None or one.area.covers(self.spot)
            return point and (self.outline is None or one.area.covers_all(self.outline))
        return bool(self.zone) and _folded(self.zone) == _folded(one.zone) and REGIONS.contains(one.region, self.region)


def _folded(zone: str) -> str:
    """A zone's name without spaces and with one kind of brackets."""
    return "".join(zone.split()).replace("(", "（").replace(")", "）").casefold()


@dataclass(frozen=True, slots=True)
class Covered:
    """An item of a demand with the coverage that stands for it; of several the one that is valid longest."""

    item: str
    coverage: Coverage


def covering(items: Sequence[str], site: Site, known: Iterable[Coverage], *, on: date) -> tuple[Covered, ...]:
    """The items that are covered on that day, in their order."""
    inside = sorted(
        (one for one in known if one.is_valid(on) and site.lies_in(one)), key=lambda one: (one.valid_to, one.id)
    )
    best = {item: one for one in inside for item in one.items}
    return tuple(Covered(item, best[item]) for item in items if item in best)


def judge_coverage(found: Iterable[Covered]) -> tuple[Reason, ...]:
    """A reason for each item that a coverage stands for, with its last day; the owner's published reason overrides."""
    return tuple(
        Reason(
            "already_covered",
            one.coverage.document,
            {
                "item": one.item,
                "coverage": one.coverage.id,
                "zone": one.coverage.zone,
                "valid_to": one.coverage.valid_to.isoformat(),
                "access_standard": one.coverage.access_standard,
                "negative_list": "；".join(one.coverage.negative_list),
            },
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class Saving:
    """What one demand that was given up spared: medians of similar demands; None where there was none to compare."""

    demand: str
    fee_fen: int | None
    days: int | None
    saved_at: datetime
    baseline: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Savings:
    """The savings of a period together: sums over the demands that had a baseline, and how many had."""

    demands: int
    fee_fen: int
    with_fee: int
    days: int
    with_days: int


def add_up(savings: Iterable[Saving]) -> Savings:
    """The sums, each with its own sample."""
    all_of = tuple(savings)
    fees = [one.fee_fen for one in all_of if one.fee_fen is not None]
    days = [one.days for one in all_of if one.days is not None]
    return Savings(len(all_of), sum(fees), len(fees), sum(days), len(days))
