"""What trials and checks of terms ask for and answer with; money in fen, credit and points in hundredths."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from bidding.criteria import MAX_CREDIT
from bidding.inventing import MAX_INVENTED, Range
from marketplace.demands.reach import ConditionCode
from marketplace.usecases.act import Message
from marketplace.usecases.fairness import CoveredText, SimilarText
from marketplace.usecases.post_demand import MAX_DAYS
from marketplace.usecases.weigh_terms import WarningText
from marketplace.web.api.documents import ReasonDocument, SourceDocument
from marketplace.web.api.read_models import AgencyName

MAX_SHARE_BP = 20_000
"""Invented prices go up to twice the ceiling: that far, refusals can be looked at too."""


class Between(Message):
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int

    @model_validator(mode="after")
    def _in_order(self) -> Between:
        if self.low > self.high:
            message = "low is above high"
            raise ValueError(message)
        return self

    def as_range(self) -> Range:
        """As the engine's inventor takes it."""
        return Range(self.low, self.high)


class SharesBetween(Between):
    """Basis points of the ceiling."""

    low: Annotated[int, Field(ge=1, le=MAX_SHARE_BP)]
    high: Annotated[int, Field(ge=1, le=MAX_SHARE_BP)]


class DaysBetween(Between):
    """Days promised."""

    low: Annotated[int, Field(ge=1, le=MAX_DAYS)]
    high: Annotated[int, Field(ge=1, le=MAX_DAYS)]


class CreditBetween(Between):
    """Credit in hundredths."""

    low: Annotated[int, Field(ge=0, le=MAX_CREDIT)]
    high: Annotated[int, Field(ge=0, le=MAX_CREDIT)]


class TryTerms(Message):
    """Whole terms of the past selection's mode, as for a demand; where rounds are to be held, with their rounds."""

    terms: dict[str, Any]


class TryInvented(Message):
    """Whole terms of any mode, and what to invent: the same seed gives the same offers on every machine."""

    terms: dict[str, Any]
    bidders: Annotated[int, Field(ge=1, le=MAX_INVENTED)]
    price_bp: SharesBetween
    days: DaysBetween
    credit: CreditBetween
    seed: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class BeyondDocument(Message):
    """The first weight outside the range, and who comes first there; null where a draw would say it."""

    points: int
    bidder: str | None


class WeightRangeDocument(Message):
    """A criterion may weigh ``low`` to ``high`` points and ``first`` stays first; the others share the rest."""

    criterion: int
    code: str
    points: int
    first: str
    low: int
    high: int
    below: BeyondDocument | None
    above: BeyondDocument | None
    zh: str
    en: str


class Assumption(Message):
    """What the trial takes for granted, to be read with every number of it."""

    code: Literal["offers_as_they_were_made", "offers_are_invented"]
    zh: str
    en: str


class TrialDocument(Message):
    """``case`` is what was decided: ``decide`` makes the same of it; ``terms_digest`` is as at publication."""

    terms_digest: str
    assumption: Assumption
    decision: dict[str, Any]
    sensitivity: tuple[WeightRangeDocument, ...]
    warnings: tuple[WarningText, ...]
    case: dict[str, Any]


class PastTrialDocument(TrialDocument):
    """A trial on past facts beside what was decided then; winners are null where there is no award."""

    selection: str
    demand: str
    as_of: datetime
    decision_then: dict[str, Any]
    winner_then: AgencyName | None
    winner: AgencyName | None
    participants: tuple[AgencyName, ...]


class ConditionDocument(Message):
    """One condition: agencies ``left`` after it and those before it, how many it ``cut``, and what it stands on."""

    code: ConditionCode
    left: int
    cut: int
    source: SourceDocument


class ReachDocument(Message):
    """Agencies on file ``at`` this instant, whittled down one condition at a time; papers hold ``on`` that day."""

    at: datetime
    on: date
    filed: int
    qualified: int
    cuts_most: ConditionCode | None
    conditions: tuple[ConditionDocument, ...]


class WarningsDocument(Message):
    """The fairness check: ``warnings`` stop nobody, ``must_change`` is what publication would be refused for now.

    ``similar`` is what the same items cost and took, ``covered_by`` the assessments that stand for them.
    """

    warnings: tuple[WarningText, ...]
    reach: ReachDocument
    must_change: tuple[ReasonDocument, ...]
    similar: SimilarText
    covered_by: tuple[CoveredText, ...]
