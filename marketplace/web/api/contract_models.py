"""What the readings of contracts answer with; money in fen, a rating in hundredths, instants in UTC."""

from __future__ import annotations

from datetime import date, datetime

from marketplace.contracts.contract import ChangeKind, Side
from marketplace.contracts.cycle import State
from marketplace.usecases.act import Message
from marketplace.web.api.documents import Param
from marketplace.web.api.read_models import AgencyName, ReasonKept


class ContractDuty(Message):
    """Who owes what: since when and until when; ``lapses``: afterwards it may not be done any more."""

    who: Side
    what: str
    since: datetime
    until: datetime
    lapses: bool


class FileRef(Message):
    """A file of the contract, by its id and hash."""

    id: str
    sha256: str


class PaperDocument(Message):
    """The contract as uploaded, and when the other side confirmed it (none: it has not)."""

    number: int
    by: Side
    at: datetime
    amount_fen: int
    days: int
    signed_on: date
    confirm_until: datetime
    is_signed_late: bool
    is_uploaded_late: bool
    confirmed_at: datetime | None
    files: tuple[FileRef, ...]


class ContractChangeDocument(Message):
    """A change or a longer time; ``is_agreed`` none while it waits."""

    number: int
    kind: ChangeKind
    by: Side
    at: datetime
    reason: str
    amount_fen: int | None
    days: int | None
    raises_price: bool
    is_agreed: bool | None
    answered_at: datetime | None
    answer_reason: str | None
    files: tuple[FileRef, ...]


class MilestoneDocument(Message):
    """A planned step."""

    number: int
    name: str
    planned_on: date
    reached_at: datetime | None
    is_early: bool


class VisitDocument(Message):
    """A site visit."""

    number: int
    by: Side
    meets_at: datetime
    place: str
    held_at: datetime | None


class DeliveryDocument(Message):
    """One revision of the result; ``reasons`` why it was returned."""

    revision: int
    at: datetime
    days_late: int
    accept_until: datetime
    returned_at: datetime | None
    reasons: str | None
    files: tuple[FileRef, ...]


class RatingDocument(Message):
    """The owner's rating: five scores, their mean in hundredths, the words and the agency's answer while kept."""

    scores: dict[str, int]
    value: int
    at: datetime
    words: str | None
    answered_at: datetime | None
    answer: str | None


class DisputeDocument(Message):
    """A dispute, and what a regulator noted of it."""

    by: Side
    since: datetime
    reason: str
    closed_at: datetime | None
    outcome: str | None
    notes: tuple[str, ...]


class EndingDocument(Message):
    """A termination; ``ended_at`` none while it waits for the other side."""

    by: str
    at: datetime
    reason: str
    ended_at: datetime | None


class EntryDocument(Message):
    """One event of the contract; ``notes`` are what the two sides, regulators and auditors may read besides."""

    at: datetime
    what: str
    by: str
    digest: str
    notes: dict[str, Param]


class ContractSummary(Message):
    """A contract in a list: where it stands and who owes what."""

    id: str
    demand: str
    title: str
    state: State
    agency: AgencyName
    owner_code: str
    region: str
    amount_fen: int
    awarded_fen: int
    days: int | None
    awarded_at: datetime
    sign_until: datetime
    confirmed_at: datetime | None
    due_at: datetime | None
    accepted_at: datetime | None
    is_deemed: bool
    is_example: bool
    duties: tuple[ContractDuty, ...]
    overdue: tuple[ContractDuty, ...]
    reminders: tuple[ContractDuty, ...]


class ContractDocument(Message):
    """One contract; ``restrictions`` (holds for review too) bar the agency from signing now."""

    now: datetime
    contract: ContractSummary
    restrictions: tuple[ReasonKept, ...]
    paper: PaperDocument | None
    changes: tuple[ContractChangeDocument, ...]
    milestones: tuple[MilestoneDocument, ...]
    visits: tuple[VisitDocument, ...]
    deliveries: tuple[DeliveryDocument, ...]
    accepted_at_first: bool | None
    passed_first: bool | None
    rating: RatingDocument | None
    invoiced_fen: int
    paid_fen: int
    disputes: tuple[DisputeDocument, ...]
    ending: EndingDocument | None
    credit_facts: dict[str, str]
    archived_at: datetime | None
    archive_sha256: str | None
    record: tuple[EntryDocument, ...]


class ContractsListed(Message):
    """A page of contracts, latest award first."""

    now: datetime
    page: int
    limit: int
    total: int
    contracts: tuple[ContractSummary, ...]
