"""竞价室: the page of a room, and the parts of it that live updates replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import ClassVar, Literal

from markupsafe import Markup

from marketplace.web.views.demands import Halted
from marketplace.web.views.parts import NOTHING_ENTERED, AgencyRef, DayUnit, Entered
from marketplace.web.views.terms import MultiRoundTerms, TermsView

STEEP_BP = 1_000
"""A drop of more than a tenth is asked about: a digit too many or too few is the commonest mistake."""

RoundState = Literal["coming", "open", "closed"]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round; ``drop_bp`` is how far its best lies below the one before, where both may be seen."""

    number: int
    kind: Literal["open", "sealed"]
    opens_at: datetime
    closes_at: datetime
    state: RoundState
    extensions: int = 0
    survivors: int | None = None
    alive: int | None = None
    best: Fraction | None = None
    drop_bp: int | None = None


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A standing offer: the bidder by number and masked letter, by name once that may be said."""

    rank: int
    number: int
    label: str
    price_fen: int
    effective: Fraction
    at: datetime
    days: int | None = None
    discount_bp: int | None = None
    agency: AgencyRef | None = None
    is_winner: bool = False


@dataclass(frozen=True, slots=True)
class SharedRoom:
    """What everybody sees of a room ``at``; ``hidden`` rows of the standing table are on the award's page."""

    phase: str
    at: datetime
    next_change: datetime | None
    terms: TermsView
    rounds: tuple[RoundLine, ...]
    current: RoundLine | None
    standing: tuple[StandingLine, ...]
    hidden: int
    has_course: bool
    chart: Markup
    bidders: int
    accepted: int
    refused: int
    extensions_left: int | None
    eliminated: tuple[str, ...]
    selection: str
    demand_id: str
    phase_words: str
    until_words: str
    countdown: str
    after_words: str
    unit: DayUnit = "workday"
    outcome: str | None = None
    winner: AgencyRef | None = None
    paused: Halted | None = None

    @property
    def rules(self) -> MultiRoundTerms:
        """The terms of the mode."""
        assert isinstance(self.terms.of_mode, MultiRoundTerms), "rooms have rounds"
        return self.terms.of_mode

    @property
    def best(self) -> StandingLine | None:
        """The lowest effective price that may be seen."""
        return self.standing[0] if self.standing else None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One of the bidder's own offers; the price is None while it is sealed; ``refusal`` in words, "" for none."""

    number: int
    round_number: int | None
    at: datetime
    digest: str
    price_fen: int | None
    days: int | None
    discount_bp: int | None
    effective: Fraction | None
    refusal: str = ""
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class OwnRoom:
    """A bidder's own part. ``barrier`` is why nothing can be offered now, "" when something can; ``barred`` says it.

    ``limit`` is the highest effective price in fen that counts now, ``highest_fen`` the highest price where days have
    no value; ``reference_fen`` the price that a drop is told against.
    """

    number: int
    label: str
    place: StandingLine | None
    of: int
    above_best: Fraction | None
    barrier: str
    barred: str
    limit: Fraction | None
    highest_fen: int | None
    least_discount_bp: int | None
    reference_fen: int
    coefficient: Fraction
    round_number: int | None
    receipts: tuple[ReceiptLine, ...]
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class OfferForm:
    """The offer box: idempotency key, nonce and terms of this page; what was typed, and what is wrong with it."""

    key: str
    nonce: str | None
    agency: str
    terms_digest: str
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class Steering:
    """What the owner may do: suspend, with a published reason; ``barred`` says why not."""

    key: str
    barred: str = ""
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class LiveRoomView:
    """A room for one viewer: the same parts as every later update; ``mark`` says what is seen here."""

    template: ClassVar[str] = "room.html"
    steep_bp: ClassVar[int] = STEEP_BP

    id: str
    title: str
    owner_name: str
    mark: str
    shared: SharedRoom
    own: OwnRoom | None = None
    form: OfferForm | None = None
    steering: Steering | None = None
    is_final: bool = False

    @property
    def entered(self) -> Entered:
        """What was typed last, for the forms' own macros."""
        if self.form is not None:
            return self.form.entered
        return self.steering.entered if self.steering is not None else NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class RoomCheckView:
    """核对报价: the offer as it was understood, before it is placed; nothing has been placed yet."""

    template: ClassVar[str] = "room_check.html"

    id: str
    title: str
    shared: SharedRoom
    own: OwnRoom
    price_fen: int
    discount_bp: int | None
    days: int | None
    effective: Fraction
    drop_bp: int
    is_steep: bool
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entered: Entered = NOTHING_ENTERED
