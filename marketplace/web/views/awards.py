"""中选公告: list and detail, also of a selection that came to nothing.

``casework.explained.explain`` makes the part that explains the result from the case and the decision of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import ClassVar, Literal

from commons.verdicts import Reason
from marketplace.web.views.contracts import ContractPanel, Owed
from marketplace.web.views.demands import Halted, LotOf, Recusal
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
    Publicity,
    TimelineEntry,
    Turning,
)
from marketplace.web.views.results import DrawView, Result
from marketplace.web.views.terms import TermsView

Outcome = Literal["award", "owner_choice", "unsuccessful", "awaiting_explanation", "draw_needed"]
"""What the engine decided (selection.md section 8)."""


@dataclass(frozen=True, slots=True)
class AwardFilter:
    """What a list of awards is narrowed to; "" and None mean no narrowing. ``city`` includes its counties."""

    q: str = ""
    item: str = ""
    city: str = ""
    outcome: Literal["all", "award", "unsuccessful"] = "all"
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class AwardRow:
    """A result in a list: the winner and its price, or the reason why there is none."""

    id: str
    title: str
    mode: Mode
    place: Place
    item: ItemRef
    ceiling_fen: int
    state: DemandState
    decided_at: datetime
    winner: AgencyRef | None = None
    price_fen: int | None = None
    bidders: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class AwardListView:
    """A page of results, newest first; ``mode_counts`` count under the filter without its mode where ``is_counted``."""

    template: ClassVar[str] = "award_list.html"

    filter: AwardFilter
    items: tuple[Option, ...]
    cities: tuple[Option, ...]
    mode_counts: tuple[ModeCount, ...]
    rows: tuple[AwardRow, ...]
    turning: Turning
    entered: Entered = NOTHING_ENTERED
    hits: Hits = NO_HITS
    saved: SavedLinks | None = None
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """Who was not chosen: its rank and distance behind the winner, or the reasons that put it out.

    ``behind`` is in hundredths of points (comprehensive), in fen of effective price, rounded half up, or in fen farther
    from the benchmark (mean price). ``is_before_offers``: refused at sign-up; ``is_silent``: signed up and never
    offered; ``is_valid``: nobody ranked it, since too few came or a draw is still to come; ``valid_fen`` is its price
    where the mode has one.
    """

    agency: AgencyRef
    rank: int | None = None
    behind: int | None = None
    reasons: tuple[Reason, ...] = ()
    is_before_offers: bool = False
    is_silent: bool = False
    is_valid: bool = False
    valid_fen: int | None = None
    discount_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """业主择定: whom the owner picked and the published reason; ``is_silent``: the time passed without a pick."""

    agency: AgencyRef
    at: datetime
    reason: str | None = None
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """How one bidder's price of a joint purchase (合并采购) splits: fen by item, in the order of the items."""

    bidder: AgencyRef
    parts: tuple[int, ...]
    price_fen: int
    is_winner: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody needs to compute the result again: the SHA-256 of the frozen terms and of the case, in hex.

    A direct choice has no case: there is nothing to compute.
    """

    terms_digest: str
    case_digest: str | None
    events: int


@dataclass(frozen=True, slots=True)
class AwardView:
    """One result. ``winner``, ``price_fen`` and what follows are None without an award.

    ``tell_of`` is the selection, where the reader took part in it and has not said yet how it went; ``objection`` is
    where the reader objects, as long as it may.
    ``choice_until`` is the end of the owner's time to pick, while there is nothing picked; ``owed`` is what owner and
    regulators have to do about objections.
    """

    template: ClassVar[str] = "award.html"

    id: str
    demand_id: str
    title: str
    state: DemandState
    outcome: Outcome
    owner_name: str
    project_name: str
    project_code: str
    items: tuple[ItemRef, ...]
    place: Place
    terms: TermsView
    decided_at: datetime
    result: Result | None
    left: tuple[Left, ...]
    recusals: tuple[Recusal, ...]
    timeline: tuple[TimelineEntry, ...]
    verification: Verification
    valid_offers: int
    winner: AgencyRef | None = None
    price_fen: int | None = None
    discount_bp: int | None = None
    offered_days: int | None = None
    day_unit: DayUnit = "workday"
    total: int | None = None
    effective: Fraction | None = None
    publicity: Publicity | None = None
    objection_answer_workdays: int | None = None
    owed: tuple[Owed, ...] = ()
    draw: DrawView | None = None
    reason: Reason | None = None
    explained_by: AgencyRef | None = None
    picked: Picked | None = None
    choice_until: datetime | None = None
    splits: tuple[Split, ...] = ()
    halted: Halted | None = None
    lot: LotOf | None = None
    rule_profile: str = ""
    contract: ContractPanel | None = None
    tell_of: str = ""
    objection: str = ""
