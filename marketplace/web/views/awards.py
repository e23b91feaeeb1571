"""中选公告: list and detail, also of a selection that came to nothing.

``casework.explained.explain`` makes the part that explains the result from the case and the decision of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from commons.verdicts import Reason
from marketplace.web.views.demands import BestPoint, Recusal
from marketplace.web.views.parts import (
    NOTHING_ENTERED,
    AgencyRef,
    DayUnit,
    DemandState,
    Entered,
    ItemRef,
    Mode,
    ModeCount,
    Option,
    Paging,
    Place,
    Publicity,
    TimelineEntry,
)
from marketplace.web.views.terms import Criterion, TermsView

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
    """A page of results, newest first; ``mode_counts`` count under the filter without its mode."""

    filter: AwardFilter
    items: tuple[Option, ...]
    cities: tuple[Option, ...]
    mode_counts: tuple[ModeCount, ...]
    rows: tuple[AwardRow, ...]
    paging: Paging
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class Bidder:
    """A bidder as the result shows it: its letter (A, B, …), its place (None: not ranked)."""

    label: str
    agency: AgencyRef
    rank: int | None
    is_winner: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One bidder under one criterion: hundredths of points and the one fact they come from.

    The fact by kind: fen (price), days, hundredths (credit), the grade's name, a count (experience), and marks in
    hundredths (plan).
    """

    points: int
    fact: int | str | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with a cell per bidder and what its formula refers to: lowest price or benchmark, fewest days."""

    criterion: Criterion
    cells: tuple[Cell, ...]
    reference: int | None = None


@dataclass(frozen=True, slots=True)
class WeightSpan:
    """For price weights ``first`` to ``last`` (points, both included) this bidder leads."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Points of every ranked bidder, criteria by rows; totals in hundredths, bidders by rank."""

    bidders: tuple[Bidder, ...]
    rows: tuple[CriterionRow, ...]
    totals: tuple[int, ...]
    price_weight: int | None = None
    spans: tuple[WeightSpan, ...] = ()
    low_price_line_fen: int | None = None


@dataclass(frozen=True, slots=True)
class FinalRow:
    """A bidder's last standing offer in a multi-round selection; ``effective`` in fen, exact."""

    bidder: Bidder
    price_fen: int
    effective: Fraction
    days: int | None = None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round that took place: planned and real close, who was left after it, its best effective price."""

    number: int
    kind: Literal["open", "sealed"]
    opens_at: datetime
    planned_closes_at: datetime
    closes_at: datetime
    alive: tuple[Bidder, ...]
    eliminated: tuple[Bidder, ...] = ()
    best: Fraction | None = None
    extensions: int = 0


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer as it came in: accepted, or refused with its reason."""

    seq: int
    at: datetime
    bidder: Bidder
    price_fen: int
    effective: Fraction
    round_number: int | None = None
    days: int | None = None
    refusal: Reason | None = None


@dataclass(frozen=True, slots=True)
class RoundsResult:
    """How the rounds went."""

    finals: tuple[FinalRow, ...]
    rounds: tuple[RoundResult, ...]
    offers: tuple[OfferRow, ...]
    best_points: tuple[BestPoint, ...]


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A shelf offer that was compared: price = max(minimum, unit × quantity), or why it was out."""

    bidder: Bidder
    unit_price_fen: int
    minimum_fee_fen: int
    price_fen: int
    days: int | None = None
    capacity: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfResult:
    """The shelf at the moment of choice; ``breakdown`` where the rule is the best value."""

    rule: Literal["cheapest", "best_value", "draw"]
    quantity: int
    rows: tuple[ShelfRow, ...]
    breakdown: Breakdown | None = None


Result = Breakdown | RoundsResult | ShelfResult


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A candidate's drawn number in hex (``HKDF-Expand(PRK, label, 32)``); the smallest goes first."""

    agency: AgencyRef
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class DrawView:
    """The inputs of a draw in hex, and every group of equals it told apart, each smallest number first."""

    salt: str
    ikm: str
    groups: tuple[tuple[DrawRow, ...], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Who was not chosen: its rank and distance behind the winner, or the reasons that put it out.

    ``behind`` is in hundredths of points (comprehensive) or in fen of effective price, rounded half up.
    ``is_before_offers``: refused at sign-up; ``is_silent``: signed up and never offered; ``valid_fen``: the price of a
    valid offer that nobody ranked, since too few came or a draw is still to come.
    """

    agency: AgencyRef
    rank: int | None = None
    behind: int | None = None
    reasons: tuple[Reason, ...] = ()
    is_before_offers: bool = False
    is_silent: bool = False
    valid_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody needs to compute the result again: the SHA-256 of the frozen terms and of the case, in hex."""

    terms_digest: str
    case_digest: str
    events: int


@dataclass(frozen=True, slots=True)
class AwardView:
    """One result. ``winner``, ``price_fen`` and what follows are None without an award."""

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
    offered_days: int | None = None
    day_unit: DayUnit = "workday"
    total: int | None = None
    effective: Fraction | None = None
    publicity: Publicity | None = None
    objection_answer_workdays: int | None = None
    draw: DrawView | None = None
    reason: Reason | None = None
    explained_by: AgencyRef | None = None
    rule_profile: str = ""
