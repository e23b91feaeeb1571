"""What the API answers with about agencies, restrictions, the catalogue and the rules."""

from __future__ import annotations

from datetime import date, datetime

from marketplace.usecases.act import Message
from marketplace.web.api.documents import SourceDocument
from marketplace.web.api.read_models import AgencyName, DemandSummary, Happened


class QualificationDocument(Message):
    """A certificate; in force on ``valid_from ≤ day < valid_until`` unless something ended it before.

    ``scope`` is its scope of business in words; where it names regions or items it counts there only. ``follows`` is
    the certificate that it corrects or renews.
    """

    id: str
    kind: str
    grade: str | None
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None
    scope: str
    regions: tuple[str, ...]
    items: tuple[str, ...]
    follows: str | None
    ended_at: datetime | None
    is_valid: bool


class RestrictionDocument(Message):
    """A restriction: it holds in the whole province, wherever it was decided.

    No measures or no items: all of them. ``is_disputed``: the fact that caused it is objected to. Of one that is over,
    basis and fact are not told (null): it is published no longer.
    """

    id: str
    agency: AgencyName
    layer: str
    basis: str | None
    region: str
    region_name: str
    starts_at: datetime
    ends_at: datetime | None
    is_in_force: bool
    measures: tuple[str, ...]
    items: tuple[str, ...]
    fact: str | None
    is_disputed: bool


class RestrictionListed(Message):
    """One page of the restrictions in force, the latest first; totals by layer over all of them."""

    now: datetime
    page: int
    limit: int
    total: int
    statutory_total: int
    market_total: int
    restrictions: tuple[RestrictionDocument, ...]


class AgencySummary(Message):
    """An agency in a list; qualifications are those in force."""

    uscc: str
    name: str
    region: str
    region_name: str
    filed_at: datetime
    is_example: bool
    qualifications: tuple[QualificationDocument, ...]
    is_restricted: bool
    restricted_until: datetime | None
    awards: int
    shelf_offers: int
    standing: str


class AgencyListed(Message):
    """One page by credit code; ``next`` and ``previous`` are what ``after`` and ``before`` take for those around it.

    ``first`` is the number of its first row, 0 when there is none or ``total_is_more``: there are more than ``total``.
    """

    now: datetime
    limit: int
    total: int
    total_is_more: bool
    restricted_total: int
    first: int
    next: str | None
    previous: str | None
    agencies: tuple[AgencySummary, ...]


class EligibleCounted(Message):
    """How many agencies could take part in a demand by what holds on its closing day ``on``; nobody is named."""

    now: datetime
    on: date
    total: int


class ShelfOfferDocument(Message):
    """A binding offer on the shelf; ``remaining`` awards it can still give."""

    id: str
    item: str
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    remaining: int
    valid_from: datetime
    valid_until: datetime
    renews: str | None


class OfferedItemDocument(Message):
    """A stretch of time in which the agency says that it serves an item; still, while ``stopped_at`` is none."""

    item: str
    offered_at: datetime
    stopped_at: datetime | None


class FilingObjectionDocument(Message):
    """An objection to the filing and its answer; who objected stays unnamed but for the role."""

    id: str
    objector_role: str
    reason: str
    evidence_sha256: str
    objected_at: datetime
    answer_due_at: datetime
    answer: str | None
    answer_reason: str | None
    answered_at: datetime | None


class CreditLine(Message):
    """One line of the score: what the fact counts now, in hundredths, and until which day."""

    fact: str
    code: str
    words: str
    basis: str
    points: int
    effective_at: datetime
    until: date | None
    is_disputed: bool
    source: SourceDocument


class CreditDocument(Message):
    """The score in hundredths: start plus lines, clipped to 0…10000; ``is_new`` while no fact counts, no grade then."""

    value: int
    start: int
    is_new: bool
    grade: str | None
    lines: tuple[CreditLine, ...]


class AgencyDocument(Message):
    """An agency's public file; persons and contacts are in none."""

    now: datetime
    uscc: str
    name: str
    kind: str
    region: str
    region_name: str
    filed_at: datetime
    objection_until: datetime | None
    is_example: bool
    standing: str
    standing_since: datetime | None
    items: tuple[OfferedItemDocument, ...]
    objections: tuple[FilingObjectionDocument, ...]
    qualifications: tuple[QualificationDocument, ...]
    shelf: tuple[ShelfOfferDocument, ...]
    restrictions: tuple[RestrictionDocument, ...]
    credit: CreditDocument
    awards_total: int
    awards: tuple[DemandSummary, ...]
    median_price_fen: int | None
    participations: int
    history_total: int
    history: tuple[Happened, ...]


class ItemDocument(Message):
    """A service item of the catalogue."""

    code: str
    name: str
    item_class: str
    approval_item: str
    department: str
    legal_basis: str
    qualification_kind: str | None
    minimum_grade: str | None
    applicant_may_do_it: bool
    regional_assessment: bool
    fee_mode: str
    source: SourceDocument


class AbolishedItemDocument(Message):
    """An item that was cleaned up: nobody may ask for it from the Beijing day ``valid_to`` on."""

    code: str
    name: str
    valid_to: date
    document: SourceDocument


class ItemListed(Message):
    """The whole catalogue, by code, and what was cleaned up."""

    items: tuple[ItemDocument, ...]
    abolished: tuple[AbolishedItemDocument, ...]


class ProfileValueDocument(Message):
    """One number of a region's rules with its unit and source."""

    key: str
    value: int
    unit: str
    source: SourceDocument


class ProfileDocument(Message):
    """A version of the rules."""

    name: str
    is_current: bool
    values: tuple[ProfileValueDocument, ...]


class ProfileListed(Message):
    """All rule profiles."""

    profiles: tuple[ProfileDocument, ...]
