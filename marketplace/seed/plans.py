"""What is planned for a fresh market, before any rule has judged it: agencies, shelf offers, demands.

A *draft* holds times relative to the load (working days, minutes), a *plan* holds instants; seed and sheets give both
the same shapes. Nothing here is admitted or refused: that is for the rules. Source: market.md 1–4, selection.md 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agencies.filing import AgencyKind
from agencies.qualifications import Qualification
from commons.canonical import Json
from marketplace.demands.demand import BuyerClass


@dataclass(frozen=True, slots=True)
class Experience:
    """How many jobs of an item an agency has behind it (业绩)."""

    item: str
    count: int


@dataclass(frozen=True, slots=True)
class ShelfPlan:
    """A shelf offer (上架报价): fen a unit and least fee in fen, working days, awards it can give and has given."""

    item: str
    unit: str
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    capacity: int
    taken: int
    valid_from: datetime
    valid_until: datetime

    def can_be_put_up(self, *, at: datetime) -> bool:
        """Whether it may still be offered: awards left and not over; one not yet in force can be."""
        return self.taken < self.capacity and at < self.valid_until


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency (中介机构) to be filed, with what it holds, has done and offers."""

    uscc: str
    name: str
    kind: AgencyKind
    region: str
    legal_representative: str
    contact: str
    phone: str
    qualifications: tuple[Qualification, ...] = ()
    experience: tuple[Experience, ...] = ()
    shelf: tuple[ShelfPlan, ...] = ()

    def experience_of(self, item: str) -> int:
        """Jobs of this item behind it, 0 when it names none."""
        return sum(one.count for one in self.experience if one.item == item)


@dataclass(frozen=True, slots=True)
class RoundLength:
    """Length of a round (轮次) and the break before it, in minutes."""

    minutes: int
    break_minutes: int


@dataclass(frozen=True, slots=True)
class RelativeSchedule:
    """Working days to sign up, further ones to offer; rounds follow each other from ``first_round_minute`` of a day."""

    sign_up_workdays: int
    offer_workdays: int
    rounds: tuple[RoundLength, ...] = ()
    first_round_minute: int = 0


@dataclass(frozen=True, slots=True)
class DemandDraft:
    """A demand (中介服务需求) whose times are still relative; ``terms`` as selection.md 10, rounds without instants.

    ``further_items`` are bought together with ``item`` under one price (合并采购).
    """

    key: str
    project_code: str
    project_name: str
    title: str
    owner_name: str
    owner_uscc: str
    region: str
    place: str
    item: str
    buyer_class: BuyerClass
    quantity: int
    unit: str
    description: str
    terms: Mapping[str, Json]
    schedule: RelativeSchedule
    further_items: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Every item asked for, the main one first."""
        return (self.item, *self.further_items)

    @property
    def mode(self) -> str:
        """The selection mode its terms name."""
        return str(self.terms["mode"])


@dataclass(frozen=True, slots=True)
class DemandPlan:
    """A demand with its instants; ``terms`` are complete. Instant and direct selections have neither deadline.

    ``closes_at`` is the end of the offers, in a multi-round selection the planned end of the last round;
    ``is_provisional``: a holiday table that is not published yet may move the deadlines.
    """

    draft: DemandDraft
    terms: Mapping[str, Json]
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class MarketPlan:
    """Everything planned for one load, agencies and demands each in the order of the data."""

    agencies: tuple[AgencyPlan, ...]
    demands: tuple[DemandPlan, ...]
