"""机构库: list and file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from marketplace.web.views.about import RestrictionRow
from marketplace.web.views.awards import AwardRow
from marketplace.web.views.kept import SavedLinks
from marketplace.web.views.parts import (
    NO_HITS,
    NOTHING_ENTERED,
    DayUnit,
    Entered,
    Hits,
    ItemRef,
    Option,
    Place,
    TimelineEntry,
    Turning,
)


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """What a list of agencies is narrowed to; "" means no narrowing; ``city`` is where the agency is registered.

    ``grade`` of ``qualification`` or a better one; ``offering`` is an item that the agency says it serves.
    """

    q: str = ""
    item: str = ""
    qualification: str = ""
    city: str = ""
    restricted_only: bool = False
    free_only: bool = False
    grade: str = ""
    offering: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """资质: kind, grade ("" when ungraded), its half-open validity in civil days (``until`` None: open).

    ``scope`` in words, ``regions`` and ``items`` by name where it counts there only; ``ended_at`` is when something
    other than the clock ended it; ``is_followed`` when a renewal follows.
    """

    kind: str
    grade: str
    number: str
    issuer: str
    first: date
    until: date | None
    scope: str = ""
    regions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    ended_at: datetime | None = None
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class ServedItem:
    """服务事项 that the agency says it serves, since when."""

    item: ItemRef
    since: datetime


@dataclass(frozen=True, slots=True)
class FilingObjectionRow:
    """备案异议: what is said against the filing, when it is due, and the answer ("" while there is none)."""

    reason: str
    objected_at: datetime
    due_at: datetime
    answer: str = ""
    answer_reason: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency in a list; ``qualifications`` are those in force, ``restricted_until`` None also while open-ended."""

    uscc: str
    name: str
    place: Place
    filed_on: date
    qualifications: tuple[str, ...]
    awards: int
    shelf_offers: int
    is_restricted: bool = False
    restricted_until: datetime | None = None
    standing: str = "active"


@dataclass(frozen=True, slots=True)
class AgencyListView:
    """A page of agencies, ordered by code; ``restricted_total`` counts under the filter without its box."""

    template: ClassVar[str] = "agency_list.html"

    filter: AgencyFilter
    items: tuple[Option, ...]
    qualifications: tuple[Option, ...]
    cities: tuple[Option, ...]
    grades: tuple[Option, ...]
    rows: tuple[AgencyRow, ...]
    turning: Turning
    restricted_total: int
    entered: Entered = NOTHING_ENTERED
    hits: Hits = NO_HITS
    saved: SavedLinks | None = None


@dataclass(frozen=True, slots=True)
class ShelfOffer:
    """上架报价: a binding offer; ``capacity`` is what is left, the validity is half-open."""

    item: ItemRef
    unit_price_fen: int
    minimum_fee_fen: int
    unit_name: str
    capacity: int
    valid_from: datetime
    valid_until: datetime
    days: int | None = None
    day_unit: DayUnit = "workday"
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One line of the score: the rule, the basis of its fact, what it counts now, from when until which day.

    ``points`` are hundredths after the rule's cap, ``full_points`` before it; ``until`` None counts for good.
    """

    rule: str
    basis: str
    points: int
    full_points: int
    effective_at: datetime
    until: date | None
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class CreditView:
    """信用分 in hundredths: start plus lines, clipped to 0…10000; ``is_new`` (新入驻) while no fact counts.

    ``grade`` is the credit grade, "" while new.
    """

    value: int
    start: int
    rulebook: str
    lines: tuple[CreditLine, ...]
    grade: str = ""

    @property
    def is_new(self) -> bool:
        """Whether no fact counts yet."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class TieRow:
    """关联信息: the kind's code, the masked name or public code or place, the share in basis points if any."""

    kind: str
    shown: str
    share_bp: int | None = None


@dataclass(frozen=True, slots=True)
class PractitionerRow:
    """执业人员, masked; ``is_held`` while another agency has the person."""

    shown: str
    certificate: str
    until: date | None
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class HoldRow:
    """关联核查: because of whom and by which ties (codes), due when; ``ruling`` "" and ``ended_at`` None while open."""

    linked_to: str
    kinds: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    ruling: str = ""
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency's public file; the legal representative's name arrives whole and is shown masked."""

    template: ClassVar[str] = "agency.html"

    uscc: str
    name: str
    kind: str
    place: Place
    filed_at: datetime
    legal_representative: str
    commitment_signed_at: datetime
    qualifications: tuple[Qualification, ...]
    shelf: tuple[ShelfOffer, ...]
    awards: tuple[AwardRow, ...]
    awards_total: int
    award_cities: int
    restrictions: tuple[RestrictionRow, ...]
    timeline: tuple[TimelineEntry, ...]
    timeline_total: int
    participations: int
    credit: CreditView
    median_price_fen: int | None = None
    objection_until: datetime | None = None
    objection_workdays: int | None = None
    standing: str = "active"
    standing_since: datetime | None = None
    served: tuple[ServedItem, ...] = ()
    objections: tuple[FilingObjectionRow, ...] = ()
    ties: tuple[TieRow, ...] = ()
    practitioners: tuple[PractitionerRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
