"""What the API's readings answer with; money in fen, credit and points in hundredths, instants in UTC.

An effective price is exact: numerator and denominator in lowest terms, in fen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from marketplace.demands.demand import BuyerClass, Mode
from marketplace.usecases.act import Message
from marketplace.web.api.documents import Param, SourceDocument
from marketplace.web.api.life_models import LifeDocument

Effective = tuple[int, int]


class AgencyName(Message):
    """An agency by credit code and name."""

    uscc: str
    name: str


class Happened(Message):
    """One thing that happened: ``what`` is a stable code, ``until`` makes it a period."""

    at: datetime
    what: str
    params: dict[str, Param]
    until: datetime | None


class DemandSummary(Message):
    """A published demand in a list; the winner and its price once there are any.

    ``items`` are those of a joint purchase, the main one first; ``publication`` counts from 1.
    """

    id: str
    selection: str
    title: str
    owner_name: str
    region: str
    region_name: str
    place: str
    item: str
    items: tuple[str, ...]
    publication: int
    mode: Mode
    buyer_class: BuyerClass
    ceiling_fen: int
    max_days: int | None
    is_regional_assessment: bool
    is_example: bool
    state: str
    published_at: datetime
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    outcome: str | None
    reason: str | None
    winner: AgencyName | None
    winning_fen: int | None
    decided_at: datetime | None
    publicity_until: datetime | None


class DemandListed(Message):
    """One page in a total order; ``next`` and ``previous`` are what ``after`` and ``before`` take for those around it.

    ``total_is_more``: there are more than ``total``. ``mode_counts`` count without the mode, where that is known.
    """

    now: datetime
    limit: int
    total: int
    total_is_more: bool
    mode_counts: dict[str, int]
    next: str | None
    previous: str | None
    demands: tuple[DemandSummary, ...]


class RecusalDocument(Message):
    """An agency that may not take part, and the owner's published reason."""

    agency: AgencyName
    reason: str


class NeedDocument(Message):
    """What the item legally asks: a kind, and the lowest grade that will do."""

    kind: str
    minimum_grade: str | None


class RoundDocument(Message):
    """A round as it stands: the close after extensions; ``alive`` and ``best`` as far as they may be seen."""

    number: int
    kind: Literal["open", "sealed"]
    opens_at: datetime
    closes_at: datetime
    extensions: int
    survivors: int | None
    status: Literal["closed", "open", "ahead"]
    alive: int | None
    best: Effective | None


class StandingDocument(Message):
    """A visible standing offer; bidders are numbers in the order of admission, from 0, until the decision."""

    rank: int
    bidder: int
    price_fen: int
    discount_bp: int | None
    days: int | None
    effective: Effective
    at: datetime


class RoomDocument(Message):
    """The rounds while they run; nothing of a sealed round before its close is in any number."""

    current_round: int | None
    rounds: tuple[RoundDocument, ...]
    standing: tuple[StandingDocument, ...]
    offers_accepted: int
    offers_refused: int


class SuspensionDocument(Message):
    """A suspension that lasts: by which role, for which published reason."""

    since: datetime
    by: str
    reason: str


class ChoiceDocument(Message):
    """The owner's choice that is awaited: the short list in the order drawn, and the end of the time for it."""

    shortlist: tuple[AgencyName, ...]
    until: datetime | None


class DemandDocument(DemandSummary):
    """A demand with its frozen terms; counts are null as long as they are not public."""

    now: datetime
    project_code: str
    project_name: str
    description: str
    quantity: int
    profile: str
    terms: dict[str, Any]
    terms_digest: str
    needs: tuple[NeedDocument, ...]
    recusals: tuple[RecusalDocument, ...]
    signed_up: int | None
    offers: int | None
    room: RoomDocument | None
    suspension: SuspensionDocument | None
    choice: ChoiceDocument | None
    life: LifeDocument
    happened: tuple[Happened, ...]


class OwnDocument(Message):
    """The asking agency's own part: its visible offer, and the highest price it may offer now (or what stands before).

    ``min_discount_bp`` is the lowest rate that means such a price, where offers are rates. ``barrier`` is also
    ``days_needed`` where days have a value: ask with ``days``.
    """

    admitted_at: datetime
    voided_at: datetime | None
    bidder: int | None
    rank: int | None
    price_fen: int | None
    discount_bp: int | None
    days: int | None
    effective: Effective | None
    max_price_fen: int | None
    min_discount_bp: int | None
    barrier: str | None


class SelectionDocument(Message):
    """Where a selection stands; ``closes_at`` after the extensions so far, ``round_closes_at`` of the current round.

    ``terms_digest``: of the terms in force, which offers name.
    """

    now: datetime
    id: str
    demand: str
    mode: Mode
    terms_digest: str
    state: str
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    round_closes_at: datetime | None
    signed_up: int | None
    outcome: str | None
    winner: str | None
    room: RoomDocument | None
    own: OwnDocument | None


class AwardListed(Message):
    """One page of results, newest first; otherwise as ``DemandListed``."""

    now: datetime
    limit: int
    total: int
    total_is_more: bool
    mode_counts: dict[str, int]
    next: str | None
    previous: str | None
    awards: tuple[DemandSummary, ...]


class ReasonKept(Message):
    """One reason: the code is stable for ever."""

    code: str
    params: dict[str, Param]
    source: SourceDocument


class TurnedDocument(Message):
    """Somebody refused before any offer, with every reason."""

    agency: AgencyName
    reasons: tuple[ReasonKept, ...]


class DrawDocument(Message):
    """The opened inputs of the draw in hex; present when a draw decided."""

    salt: str
    ikm: str


class PickedDocument(Message):
    """The owner's choice and its published reason; ``silence``: the time passed, the first of the short list stands."""

    agency: AgencyName
    at: datetime
    ground: Literal["owner", "silence"]
    reason: str | None


class SplitPartDocument(Message):
    """What of a price belongs to one item."""

    item: str
    fen: int


class SplitDocument(Message):
    """How a bidder's price of a joint purchase falls to the items."""

    agency: AgencyName
    parts: tuple[SplitPartDocument, ...]


class AwardDocument(Message):
    """A result with everything it was made of; ``explanation`` says how every cell was computed.

    A direct choice has no case: ``case`` is empty, its digest and the explanation are null.
    """

    now: datetime
    demand: DemandSummary
    as_of: datetime
    case_digest: str | None
    case: dict[str, Any]
    decision: dict[str, Any]
    explanation: dict[str, Any] | None
    draw: DrawDocument | None
    picked: PickedDocument | None
    splits: tuple[SplitDocument, ...]
    participants: tuple[AgencyName, ...]
    turned: tuple[TurnedDocument, ...]
    silent: tuple[str, ...]
    happened: tuple[Happened, ...]
    events: int


class CaseDocument(Message):
    """What ``decide`` reads, what was decided, and of which award."""

    award: str
    case: dict[str, Any]
    decision: dict[str, Any]
