"""需求公告: list and detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import ClassVar, Literal

from commons.verdicts import Reason
from marketplace.web.views.kept import SavedLinks
from marketplace.web.views.parts import (
    NO_HITS,
    NOTHING_ENTERED,
    AgencyRef,
    DayUnit,
    DemandState,
    Entered,
    Hits,
    ItemRef,
    Mode,
    ModeCount,
    Option,
    Place,
    TimelineEntry,
    Turning,
)
from marketplace.web.views.terms import TermsView

StateGroup = Literal["all", "open", "decided", "failed"]
"""open: 征集中 (published to evaluating, suspended); decided: proposed or awarded and after; failed: no result."""


@dataclass(frozen=True, slots=True)
class DemandFilter:
    """What a list of demands is narrowed to; "" and None mean no narrowing. ``city`` includes its counties."""

    q: str = ""
    item: str = ""
    city: str = ""
    ceiling_min_fen: int | None = None
    ceiling_max_fen: int | None = None
    state: StateGroup = "all"
    mode: Mode | None = None
    regional_only: bool = False


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A demand in a list; ``closes_at`` is the last planned close of offers. Both None where nothing is collected."""

    id: str
    title: str
    owner_name: str
    item: ItemRef
    mode: Mode
    place: Place
    ceiling_fen: int
    state: DemandState
    published_at: datetime
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    wanted_days: int | None = None
    day_unit: DayUnit = "workday"
    items_count: int = 1
    publication: int = 1
    lot: int | None = None
    is_regional_assessment: bool = False
    has_changed_terms: bool = False


@dataclass(frozen=True, slots=True)
class DemandListView:
    """A page of demands, collecting ones first by close, then the others by publication, newest first.

    ``mode_counts`` count under the filter without its mode, where ``is_counted``: the tabs add up to their total.
    """

    template: ClassVar[str] = "demand_list.html"

    filter: DemandFilter
    items: tuple[Option, ...]
    cities: tuple[Option, ...]
    mode_counts: tuple[ModeCount, ...]
    rows: tuple[DemandRow, ...]
    turning: Turning
    entered: Entered = NOTHING_ENTERED
    hits: Hits = NO_HITS
    saved: SavedLinks | None = None
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class QualificationNeed:
    """A legal requirement of the item: kind, the lowest grade that will do ("" for an ungraded kind)."""

    kind: str
    minimum_grade: str = ""


@dataclass(frozen=True, slots=True)
class Recusal:
    """回避: who must stay out, and why, as published."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The instants of a demand; None where the mode has no such step."""

    published_at: datetime
    sign_up_closes_at: datetime | None = None
    offers_close_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A standing offer (有效报价) while a selection runs: the bidder by its masked letter (甲, 乙, …) only."""

    rank: int
    label: str
    price_fen: int
    effective: Fraction
    at: datetime
    days: int | None = None
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class BestPoint:
    """The best effective price from this instant on, in fen; whose it is by the bidder's number, where that is told."""

    at: datetime
    effective: Fraction
    number: int | None = None


@dataclass(frozen=True, slots=True)
class RoundNow:
    """One round as it stands: the close after extensions; how many are in; its best only once it may be seen."""

    number: int
    kind: Literal["open", "sealed"]
    opens_at: datetime
    closes_at: datetime
    state: Literal["coming", "open", "closed"]
    extensions: int = 0
    alive: int | None = None
    best: Fraction | None = None


@dataclass(frozen=True, slots=True)
class RoomView:
    """What the public may see of rounds in progress: nothing of a sealed round before its close."""

    rounds: tuple[RoundNow, ...]
    standing: tuple[StandingRow, ...]
    best_points: tuple[BestPoint, ...]
    offers_accepted: int
    offers_refused: int


@dataclass(frozen=True, slots=True)
class Decided:
    """The selection has a result: where it is, who won at what price, and the rate that gave it."""

    award_id: str
    winner: AgencyRef
    price_fen: int
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """The small list is drawn: the owner picks one of it until the end of its time (业主择定)."""

    award_id: str
    shortlist: tuple[AgencyRef, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Halted:
    """The selection is suspended (暂停): since when, by which role, for which published reason."""

    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The selection has no result (流标, 终止, 撤回): why, and where the decision is shown, if anywhere."""

    reason: Reason
    award_id: str | None = None
    valid_offers: int | None = None


@dataclass(frozen=True, slots=True)
class LotOf:
    """The demand is a lot (标段), its number from 1, of a notice; ``is_waiting`` for an earlier lot's result."""

    notice_id: str
    number: int
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry (询问) in public words, and its answer; ``is_late``: not answered, or after its time."""

    number: int
    question: str
    asked_at: datetime
    answer_until: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection (中选异议) in public words; ``said``: answer, complaint and rulings, each with its name."""

    number: int
    against: str
    grounds: str
    raised_at: datetime
    said: tuple[tuple[str, str], ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class DemandView:
    """One demand. ``signed_up`` and ``offers`` are None as long as the mode keeps the number closed.

    ``room_of`` is the selection whose live room there is, "" for none.
    """

    template: ClassVar[str] = "demand.html"

    id: str
    title: str
    state: DemandState
    owner_name: str
    buyer_class: Literal["fiscal", "entrusted", "voluntary"]
    project_name: str
    project_code: str
    items: tuple[ItemRef, ...]
    place: Place
    description: str
    terms: TermsView
    clocks: Clocks
    needs: tuple[QualificationNeed, ...]
    recusals: tuple[Recusal, ...]
    timeline: tuple[TimelineEntry, ...]
    rule_profile: str
    wanted_days: int | None = None
    day_unit: DayUnit = "workday"
    quantity: int | None = None
    contact: str = ""
    contact_phone: str = ""
    regulator: str = ""
    publication: int = 1
    is_regional_assessment: bool = False
    has_changed_terms: bool = False
    any_need_suffices: bool = False
    signed_up: int | None = None
    offers: int | None = None
    room: RoomView | None = None
    outcome: Decided | Choosing | Failed | None = None
    halted: Halted | None = None
    lot_of: LotOf | None = None
    asked: tuple[Asked, ...] = ()
    objected: tuple[Objected, ...] = ()
    room_of: str = ""

    @property
    def lot(self) -> int | None:
        """Its number in the notice, None outside one."""
        return self.lot_of.number if self.lot_of is not None else None
