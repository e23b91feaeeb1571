"""A contract (合同) as values: what was awarded, what was signed, how it is kept, and what came of it.

Invariants: nothing of the award changes in it (price, days, terms) but by a change that both sides agreed to; an
instant that a clock ends at is computed once and kept. Money in fen. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from commons.canonical import Json
from commons.events import Role
from commons.instants import Deadline
from commons.profiles import RuleProfile
from commons.sources import Source
from marketplace.contracts.cycle import State

CONTRACT_RULE = Source("涉批中介网上超市合同履行规则（generic-v1）", "no", "market.md 4")
DEPARTING_RULE = Source("中华人民共和国招标投标法（参照执行）", "no", "第四十六条")
"""A contract does not depart from what was selected; the practice of tenders, followed here."""

Side = Literal["owner", "agency"]
ChangeKind = Literal["change", "extension"]

DIMENSIONS = ("quality", "time", "attitude", "charge", "compliance")
"""What a rating looks at: 质量、时效、态度、收费、合规."""


@dataclass(frozen=True, slots=True)
class Award:
    """What a contract is made of: ``days`` as awarded (None: none were named, at most ``max_days``)."""

    selection: str
    demand: str
    agency: str
    owner_code: str
    region: str
    amount_fen: int
    days: int | None
    max_days: int | None
    awarded_at: datetime
    terms_digest: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that belongs to an act: its id in the store of attachments, and its hash."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The contract as one side uploaded it, for the other to confirm; ``number`` counts uploads from 1."""

    number: int
    by: Side
    at: datetime
    amount_fen: int
    days: int
    signed_on: date
    confirm_until: Deadline
    is_signed_late: bool
    is_uploaded_late: bool
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change or an extension; ``amount_fen`` and ``days`` are the new totals, None where they stay."""

    number: int
    kind: ChangeKind
    by: Side
    at: datetime
    reason: str
    amount_fen: int | None
    days: int | None
    raises_price: bool
    is_agreed: bool | None = None
    answered_at: datetime | None = None
    answer_reason: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A planned step (里程碑): reached when, with what note."""

    number: int
    name: str
    planned_on: date
    reached_at: datetime | None = None
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A site visit (踏勘): arranged for an instant, held when; who is met and what was seen is private."""

    number: int
    by: Side
    meets_at: datetime
    place: str
    held_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One revision of the result as handed in; ``returned_at`` when the owner sent it back."""

    revision: int
    at: datetime
    accept_until: Deadline
    remind_at: datetime
    days_late: int
    returned_at: datetime | None = None
    reasons: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyNote:
    """An invoice or a payment as noted, a record and no order to pay; its number or channel is private."""

    kind: Literal["invoice", "payment"]
    amount_fen: int
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute (争议): who opened it why, from which state; every later end moves by the time it lasted.

    ``notes`` are a regulator's.
    """

    by: Side
    since: datetime
    reason: str
    was: State
    closed_at: datetime | None = None
    outcome: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A termination, proposed by one side and agreed by the other, or decided by a regulator."""

    by: Side | Literal["regulator"]
    at: datetime
    reason: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """The owner's rating on five dimensions, 1 to 5 each; the words are in private parts."""

    scores: Mapping[str, int]
    at: datetime
    answer_until: Deadline
    answered_at: datetime | None = None

    @property
    def value(self) -> int:
        """The mean of the five in hundredths: 100 to 500."""
        return sum(self.scores.values()) * 100 // len(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Review:
    """What the approval authority's review found: passed at the first one or not."""

    passed_first: bool
    authority: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contract:
    """The folded state. ``due_at`` is when the result is due, ``rating_until`` when the owner's word is too late.

    ``facts`` are the credit facts that this contract led to, by the rulebook's code; ``reviews`` hold one at most.
    """

    award: Award
    sign_until: Deadline
    state: State = "awarded"
    paper: Paper | None = None
    uploads: int = 0
    confirmed_at: datetime | None = None
    amount_fen: int | None = None
    days: int | None = None
    due_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    visits: tuple[Visit, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    accepted_at: datetime | None = None
    is_deemed: bool = False
    rating_until: Deadline | None = None
    rating: Rating | None = None
    review: Review | None = None
    money: tuple[MoneyNote, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    ending: Ending | None = None
    archived_at: datetime | None = None
    archive_sha256: str | None = None
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    events: int = 0

    @property
    def id(self) -> str:
        """A selection leads to one contract: they share the id."""
        return self.award.selection

    @property
    def open_change(self) -> Change | None:
        """The change that waits for an answer."""
        last = self.changes[-1] if self.changes else None
        return last if last is not None and last.is_agreed is None else None

    @property
    def delivery(self) -> Delivery | None:
        """The last revision handed in."""
        return self.deliveries[-1] if self.deliveries else None

    @property
    def accepted_at_first(self) -> bool | None:
        """Whether the first delivery was accepted; None while nobody has said so: what is deemed says nothing."""
        if any(one.returned_at is not None for one in self.deliveries):
            return False
        return True if self.accepted_at is not None and not self.is_deemed else None

    @property
    def milestones_early(self) -> bool | None:
        """Whether every planned step was reached before its day; None where none was planned."""
        return all(one.is_early for one in self.milestones) if self.milestones else None

    def total(self, kind: Literal["invoice", "payment"]) -> int:
        """Fen noted so far."""
        return sum(one.amount_fen for one in self.money if one.kind == kind)


@dataclass(frozen=True, slots=True)
class Happened:
    """An act that was allowed, as the record takes it: type, public data, and what stays private."""

    type: str
    data: dict[str, Json]
    private: dict[str, Json] | None = None


def side_of(role: Role) -> Side:
    """For whom a role acts here: a delegate for the owner."""
    return "agency" if role == "agency" else "owner"


def other(side: Side) -> Side:
    """The other side."""
    return "owner" if side == "agency" else "agency"


def opened(award: Award, profile: RuleProfile) -> Contract:
    """The contract that an award leads to, before anything was done about it."""
    return Contract(award, profile.after("contract_signing", award.awarded_at))
