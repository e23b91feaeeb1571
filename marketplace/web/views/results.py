"""How a result came about, one shape per mode: points, rounds, the shelf, a benchmark, a draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from commons.verdicts import Reason
from marketplace.web.views.demands import BestPoint
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.terms import Criterion, CriterionKind


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
    hundredths (plan). ``discount_bp`` is the rate that gave the price, where the offer was one.
    """

    points: int
    fact: int | str | tuple[int, ...] | None
    discount_bp: int | None = None


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
class WeightRow:
    """One criterion may weigh ``low`` to ``high`` points and the first stays first; the others share the rest.

    ``below`` and ``above`` are the first weights outside and who comes first there ("" where a draw would say it); None
    where the range reaches the end of the scale.
    """

    kind: CriterionKind
    points: int
    low: int
    high: int
    below: tuple[int, str] | None = None
    above: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Points of every ranked bidder, criteria by rows; totals in hundredths, bidders by rank.

    ``first`` is the letter of the first, ``weights`` how far each weight could move without changing it.
    """

    bidders: tuple[Bidder, ...]
    rows: tuple[CriterionRow, ...]
    totals: tuple[int, ...]
    price_weight: int | None = None
    spans: tuple[WeightSpan, ...] = ()
    low_price_line_fen: int | None = None
    first: str = ""
    weights: tuple[WeightRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FinalRow:
    """A bidder's last standing offer in a multi-round selection; ``effective`` in fen, exact.

    ``coefficient`` is what the price is divided by for its preferences, ``day_value_fen`` what each day adds.
    """

    bidder: Bidder
    price_fen: int
    effective: Fraction
    days: int | None = None
    discount_bp: int | None = None
    coefficient: Fraction = Fraction(1)
    day_value_fen: int = 0


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
    discount_bp: int | None = None


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


@dataclass(frozen=True, slots=True)
class NearRow:
    """A valid price in a mean-price selection and its distance from the benchmark, fen.

    ``is_averaged`` is False for the lowest and the highest price where they were left out of the mean; with
    ``reasons`` it is out of the selection too.
    """

    bidder: Bidder
    price_fen: int
    distance_fen: int
    is_averaged: bool = True
    discount_bp: int | None = None
    days: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NearResult:
    """均价选取: the benchmark, what it was made of, and every valid price, the ranked first.

    ``sum_fen`` is the sum of the ``count`` prices of the mean; ``left_out`` are the two prices it leaves out;
    ``index`` is the place (from 0) among the ``choices``, sorted, of a factor that was drawn.
    """

    rows: tuple[NearRow, ...]
    benchmark_fen: int
    sum_fen: int
    count: int
    left_out: tuple[int, ...]
    factor_bp: int
    choices: tuple[int, ...]
    index: int | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One drawn: the id that stands in its label and the number in hex that placed it.

    In a credit draw also how many tickets its credit gave, and which of them, from 1, had that number.
    """

    bidder: Bidder
    bidder_id: str
    number: str
    ticket: int | None = None
    tickets: int | None = None
    credit: int | None = None
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class DrawnResult:
    """随机抽取, 信用择优: everybody drawn, in order, from ``salt`` and ``ikm`` in hex.

    ``below`` did not reach the big list, whose last credit is ``edge``, in hundredths. ``big_list`` and ``small_list``
    are None for a random draw.
    """

    rows: tuple[TicketRow, ...]
    salt: str
    ikm: str
    big_list: int | None = None
    small_list: int | None = None
    edge: int | None = None
    below: tuple[tuple[Bidder, int], ...] = ()

    @property
    def tickets(self) -> int:
        """All tickets together; one each in a random draw."""
        return sum(row.tickets or 1 for row in self.rows)


Result = Breakdown | RoundsResult | ShelfResult | NearResult | DrawnResult


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
