"""选取条件 as pages show them: the frozen terms in fields, one class per mode.

Keys and units are those of the terms in selection.md sections 3 to 7 and 10; ``casework.terms.terms_view``
makes these from the engine's terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marketplace.web.views.parts import DRAW_MODES, SEALED_MODES, Mode, takes_sign_up

CriterionKind = Literal["price", "days", "credit", "grade", "experience", "plan"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion (评审因素): whole ``points``; the fields below only where its kind or formula uses them.

    ``above``, ``below`` and their ``_max`` are hundredths of points per 1 % away from the benchmark, ``each`` is
    hundredths per piece of experience, ``table`` whole points by grade.
    """

    kind: CriterionKind
    points: int
    formula: Literal["lowest", "mean"] | None = None
    above: int | None = None
    below: int | None = None
    above_max: int | None = None
    below_max: int | None = None
    whole_up: bool = False
    drop_from: int | None = None
    factor_bp: tuple[int, ...] = ()
    table: tuple[tuple[str, int], ...] = ()
    each: int | None = None


@dataclass(frozen=True, slots=True)
class LowPriceRule:
    """异常低价 thresholds in basis points; None means that part does not apply."""

    below_mean_bp: int | None = None
    below_second_bp: int | None = None
    below_ceiling_bp: int | None = None


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One round (轮次) as planned: open or sealed, its half-open period, how many go on (None: all)."""

    kind: Literal["open", "sealed"]
    opens_at: datetime
    closes_at: datetime
    survivors: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An accepted offer in the last ``window_s`` moves the close by ``extend_s``, ``limit`` times a round."""

    window_s: int
    extend_s: int
    limit: int


@dataclass(frozen=True, slots=True)
class Preference:
    """A price preference by code: at most ``max_bp``."""

    code: str
    max_bp: int


@dataclass(frozen=True, slots=True)
class ComprehensiveTerms:
    """综合比选: criteria that sum to 100 points."""

    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class MultiRoundTerms:
    """多轮竞价: rounds, step in fen and what it is measured against."""

    step_fen: int
    step_basis: Literal["own", "leader"]
    rounds: tuple[RoundPlan, ...]
    step_multiple: bool = False
    extension: Extension | None = None
    day_value_fen: int | None = None
    preferences: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class InstantTerms:
    """立等可取: the rule over shelf offers and the quantity that prices are counted with."""

    rule: Literal["cheapest", "best_value", "draw"]
    quantity: int
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class MeanPriceTerms:
    """均价选取: what the benchmark is made of, and whether the highest and the lowest price may win.

    From ``drop_from`` offers on, one highest and one lowest are left out of the mean; ``factor_bp`` are the choices.
    """

    drop_from: int
    dropped_may_win: bool
    factor_bp: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RandomDrawTerms:
    """随机抽取: one is drawn among those signed up."""


@dataclass(frozen=True, slots=True)
class CreditDrawTerms:
    """信用择优: so many on the big list by credit, so many of them drawn for the owner to pick from."""

    big_list: int
    small_list: int


@dataclass(frozen=True, slots=True)
class DirectTerms:
    """直接选取: the owner names an agency, with a published reason."""


ModeTerms = (
    ComprehensiveTerms
    | MultiRoundTerms
    | InstantTerms
    | MeanPriceTerms
    | RandomDrawTerms
    | CreditDrawTerms
    | DirectTerms
)


@dataclass(frozen=True, slots=True)
class TermsView:
    """The common part of the terms and the part of the mode; ``ties`` in order of use."""

    mode: Mode
    ceiling_fen: int
    min_bidders: int
    ties: tuple[str, ...]
    of_mode: ModeTerms
    max_days: int | None = None
    low_price: LowPriceRule | None = None
    is_discount: bool = False
    lot_cap: int | None = None
    digest: str | None = None

    @property
    def takes_sign_up(self) -> bool:
        """Whether agencies sign up."""
        return takes_sign_up(self.mode)

    @property
    def is_sealed(self) -> bool:
        """Whether sealed offers are made."""
        return self.mode in SEALED_MODES

    @property
    def is_drawn(self) -> bool:
        """Whether nobody offers a price: who signs up takes the job at the published amount."""
        return self.mode in DRAW_MODES
