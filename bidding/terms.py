"""The frozen terms of a selection (选取条件): a closed union over the modes, values only.

Invariants: whatever ``bidding.reading.terms`` returns obeys selection.md sections 1-6 and 10, so that the rules
never check terms again. Units: fen, basis points (``_bp``), days, seconds (``_s``); ``points`` are whole points;
``each``, ``above``, ``below`` and ``*_max`` are hundredths of points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Tie = Literal["price", "days", "credit", "received", "draw"]
"""How equals are told apart; ``credit`` higher first, everything else lower first."""

PriceBasis = Literal["fen", "discount_rate"]
"""What an offer names: an amount in fen, or a discount off the ceiling in basis points (下浮率)."""

RoundKind = Literal["open", "sealed"]
StepBasis = Literal["own", "leader"]
InstantRule = Literal["cheapest", "best_value", "draw"]

HUNDREDTHS = 100
"""Hundredths in one point."""


@dataclass(frozen=True, slots=True)
class PriceLowest:
    """价格分（最低价为基准）: the lowest price has all points, others in proportion."""

    points: int


@dataclass(frozen=True, slots=True)
class PriceMean:
    """价格分（平均价为基准）: each percent above or below the benchmark costs its hundredths."""

    points: int
    above: int
    below: int
    above_max: int | None
    below_max: int | None
    whole_up: bool
    drop_from: int
    factor_bp: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """工期分: the fewest days have all points, others in proportion."""

    points: int


@dataclass(frozen=True, slots=True)
class Credit:
    """信用分: points in proportion to the credit score."""

    points: int


@dataclass(frozen=True, slots=True)
class Grade:
    """资质等级分: whole points by a table; a grade outside it has none."""

    points: int
    table: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Experience:
    """业绩分: hundredths for each past job, up to all points."""

    points: int
    each: int


@dataclass(frozen=True, slots=True)
class Plan:
    """方案分: the mean of the reviewers' marks."""

    points: int


Criterion = PriceLowest | PriceMean | Days | Credit | Grade | Experience | Plan


def asks(criteria: tuple[Criterion, ...], kind: type[Criterion]) -> bool:
    """Whether one of the criteria is of this kind."""
    return any(isinstance(criterion, kind) for criterion in criteria)


@dataclass(frozen=True, slots=True)
class LowPrice:
    """异常低价: the lines below which a price is flagged; an absent line flags nothing."""

    below_mean_bp: int | None = None
    below_second_bp: int | None = None
    below_ceiling_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """轮次: half-open ``opens_at ≤ at < closes_at``; ``survivors`` go on after it."""

    kind: RoundKind
    opens_at: datetime
    closes_at: datetime
    survivors: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """延时: an accepted offer in the last ``window_s`` moves the close by ``extend_s``, ``limit`` times a round."""

    window_s: int
    extend_s: int
    limit: int


@dataclass(frozen=True, slots=True)
class Preference:
    """优惠项: a declared advantage of up to ``max_bp`` on the effective price."""

    code: str
    max_bp: int


@dataclass(frozen=True, slots=True)
class ComprehensiveTerms:
    """综合比选: sealed offers, weighted points, the highest total wins."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    criteria: tuple[Criterion, ...]
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    low_price: LowPrice | None = None
    price_basis: PriceBasis = "fen"
    mode: ClassVar[Literal["comprehensive"]] = "comprehensive"

    @property
    def needs_days(self) -> bool:
        """Whether an offer has to name its days."""
        return self.max_days is not None or "days" in self.ties or asks(self.criteria, Days)

    @property
    def needs_credit(self) -> bool:
        """Whether a bidder's credit has to be known."""
        return "credit" in self.ties or asks(self.criteria, Credit)


@dataclass(frozen=True, slots=True)
class MultiRoundTerms:
    """多轮竞价: timed rounds of falling offers, the lowest effective price wins."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    step_fen: int
    step_basis: StepBasis
    rounds: tuple[Round, ...]
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    low_price: LowPrice | None = None
    step_multiple: bool = False
    extension: Extension | None = None
    day_value_fen: int = 0
    preferences: tuple[Preference, ...] = ()
    price_basis: PriceBasis = "fen"
    mode: ClassVar[Literal["multi_round"]] = "multi_round"

    @property
    def needs_days(self) -> bool:
        """Whether an offer has to name its days."""
        return self.max_days is not None or self.day_value_fen > 0 or "days" in self.ties

    @property
    def needs_credit(self) -> bool:
        """Whether a bidder's credit has to be known."""
        return "credit" in self.ties


@dataclass(frozen=True, slots=True)
class InstantTerms:
    """立等可取: one of the binding shelf offers, picked at once."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    rule: InstantRule
    quantity: int
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    criteria: tuple[Criterion, ...] = ()
    mode: ClassVar[Literal["instant"]] = "instant"

    @property
    def needs_days(self) -> bool:
        """Whether an offer has to name its days."""
        return self.max_days is not None or "days" in self.ties or asks(self.criteria, Days)

    @property
    def needs_credit(self) -> bool:
        """Whether a bidder's credit has to be known."""
        return "credit" in self.ties or asks(self.criteria, Credit)


@dataclass(frozen=True, slots=True)
class MeanPriceTerms:
    """均价选取: sealed offers, the one nearest to the benchmark wins; extremes may be dropped from winning."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    drop_from: int
    dropped_may_win: bool
    factor_bp: tuple[int, ...]
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    price_basis: PriceBasis = "fen"
    mode: ClassVar[Literal["mean_price"]] = "mean_price"

    @property
    def needs_days(self) -> bool:
        """Whether an offer has to name its days."""
        return self.max_days is not None

    @property
    def needs_credit(self) -> bool:
        """Whether a bidder's credit has to be known."""
        return "credit" in self.ties


@dataclass(frozen=True, slots=True)
class RandomDrawTerms:
    """随机抽取: one drawn among those signed up."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    mode: ClassVar[Literal["random_draw"]] = "random_draw"

    @property
    def needs_days(self) -> bool:
        """Whether a sign-up has to name its days."""
        return self.max_days is not None

    @property
    def needs_credit(self) -> bool:
        """Whether a bidder's credit has to be known."""
        return "credit" in self.ties


@dataclass(frozen=True, slots=True)
class CreditDrawTerms:
    """信用择优: the ``big_list`` best by credit draw with tickets, the owner picks one of the first ``small_list``."""

    ceiling_fen: int
    ties: tuple[Tie, ...]
    big_list: int
    small_list: int
    min_bidders: int = 1
    max_days: int | None = None
    lot_cap: int | None = None
    mode: ClassVar[Literal["credit_draw"]] = "credit_draw"

    @property
    def needs_days(self) -> bool:
        """Whether a sign-up has to name its days."""
        return self.max_days is not None

    @property
    def needs_credit(self) -> bool:
        """Always: credit makes the big list and the tickets."""
        return True


@dataclass(frozen=True, slots=True)
class DirectTerms:
    """直接选取: the owner names an admitted agency with a published reason; the engine decides nothing."""

    ceiling_fen: int
    max_days: int | None = None
    min_bidders: ClassVar[int] = 1
    ties: ClassVar[tuple[Tie, ...]] = ()
    mode: ClassVar[Literal["direct"]] = "direct"


SealedTerms = ComprehensiveTerms | MeanPriceTerms
"""Modes of one sealed offer a bidder."""

PricedTerms = ComprehensiveTerms | MultiRoundTerms | MeanPriceTerms
"""Modes whose offers name a price, hence a price basis."""

DrawTerms = RandomDrawTerms | CreditDrawTerms

Terms = PricedTerms | InstantTerms | DrawTerms
"""Every mode that the engine computes."""

DemandTerms = Terms | DirectTerms
"""Every mode that a demand can be published under."""


def needs_draw(terms: DemandTerms) -> bool:
    """Whether a decision under these terms can ever need draw inputs: selection.md section 7.

    What makes the order total says it: sealed and instant terms always end with ``draw`` (and their drawn factors and
    draw rule need inputs as well); only rounds that fall back on ``received``, and a direct choice, never draw.
    """
    return next((tie for tie in terms.ties if tie in {"received", "draw"}), None) == "draw"
