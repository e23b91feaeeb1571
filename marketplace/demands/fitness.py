"""Fitness (中选资格): what may have changed since a bidder signed up, judged anew as of the close and of each award.

Invariants: the same rules as at sign-up decide, by what was in force at that instant, however late somebody looks: a
certificate that ended later still counts, an award that was held then counts; of two selections whose awards fall on
one instant the one with the lower id comes first. A restriction is no matter of this: it voids.
Source: market.md sections 2 and 4, docs/adr/0021.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import cast

from agencies.own_work import EarlierAward, OwnWork, own_work
from agencies.qualifications import Qualification, Requirement, missing
from bidding.offers import Unfit
from commons.canonical import Json
from commons.instants import beijing_date, parse_instant

ENDS_AN_AWARD = frozenset({"award.abandoned", "selection.unsuccessful", "selection.cancelled"})


@dataclass(frozen=True, slots=True)
class HeldAward:
    """An award in another selection of the project, proposed or final: who held it on ``since ≤ at < until``."""

    selection: str
    bidder: str
    items: tuple[str, ...]
    since: datetime
    until: datetime | None = None

    def comes_before(self, selection: str, *, at: datetime) -> bool:
        """Whether it is held at that instant, and counts for an award that is proposed then in ``selection``."""
        if self.until is not None and self.until <= at:
            return False
        return self.since < at or (self.since == at and self.selection < selection)


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a selection asks of whoever is awarded, the certificates of its bidders, the project's other awards.

    ``requirements`` are what its items legally ask; without ``papers`` nobody's certificates are looked at.
    """

    requirements: tuple[Requirement | None, ...] = ()
    region: str = ""
    items: tuple[str, ...] = ()
    pairs: tuple[OwnWork, ...] = ()
    papers: Mapping[str, Sequence[Qualification]] = field(default_factory=lambda: MappingProxyType({}))
    awards: tuple[HeldAward, ...] = ()

    def does_own_work(self, bidder: str, selection: str, *, at: datetime) -> bool:
        """Whether it holds an award then whose items one agency may not do besides these."""
        held = (one for one in self.awards if one.bidder == bidder and one.comes_before(selection, at=at))
        earlier = [EarlierAward(one.selection, "", one.items) for one in held]
        return bool(own_work(earlier, self.items, self.pairs))

    def lacks_qualification(self, bidder: str, *, at: datetime) -> bool:
        """Whether its certificates, as they were in force then, do not do for one of the items."""
        if bidder not in self.papers:
            return False
        held = [
            replace(one, ended_at=None) if one.ended_at is not None and one.ended_at > at else one
            for one in self.papers[bidder]
        ]
        on = beijing_date(at)
        return any(missing(held, asked, on=on, region=self.region) for asked in self.requirements)

    def lost_by(self, bidders: Iterable[str], selection: str, *, at: datetime) -> dict[str, Unfit]:
        """Who of the bidders may not be awarded as of that close any more, and why; own work is said first."""
        found: dict[str, Unfit] = {}
        for bidder in bidders:
            if self.does_own_work(bidder, selection, at=at):
                found[bidder] = "own_work_since"
            elif self.lacks_qualification(bidder, at=at):
                found[bidder] = "qualification_lost"
        return found


def held_awards(
    selection: str, items: tuple[str, ...], events: Iterable[tuple[str, Mapping[str, Json], datetime]]
) -> tuple[HeldAward, ...]:
    """The events of another selection in their order (type, data, instant) → who held its award from when to when."""
    found: list[HeldAward] = []
    holding: HeldAward | None = None
    for kind, data, said_at in events:
        as_of = data.get("as_of")
        at = parse_instant(as_of) if isinstance(as_of, str) else said_at
        if holding is not None and (kind == "award.proposed" or kind in ENDS_AN_AWARD):
            found.append(replace(holding, until=max(at, holding.since)))
            holding = None
        if kind == "award.proposed":
            holding = HeldAward(selection, cast("str", data["bidder"]), items, at)
    return tuple(found) if holding is None else (*found, holding)
