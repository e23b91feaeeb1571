"""An agency's own contracts: the list, and one with what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from marketplace.web.views.contracts import ContractPanel
from marketplace.web.views.parts import DayUnit, Paging

Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list: where it stands, and what the agency owes next, until when."""

    id: str
    title: str
    owner_name: str
    state: str
    amount_fen: int
    due_at: datetime | None
    next_words: str
    next_until: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ContractsView:
    """合同: latest award first."""

    template: ClassVar[str] = "agency_work/contracts.html"

    rows: tuple[ContractRow, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class StepRow:
    """A milestone: planned for which day, reached when."""

    name: str
    planned_on: date
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the contract: what it belongs to, where it is read, its hash."""

    words: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Something noted with an amount (fen), or arranged, in words."""

    words: str
    at: datetime
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class OwnContractView:
    """One contract: in four stages, what is next (the first act is the main one), what else may be done."""

    template: ClassVar[str] = "agency_work/contract.html"

    id: str
    demand_id: str
    title: str
    owner_name: str
    at: int
    remarks: tuple[str, ...]
    panel: ContractPanel
    acts: Links
    milestones: tuple[StepRow, ...]
    files: tuple[FileRow, ...]
    notes: tuple[NoteRow, ...]
    open_change: str
    dispute: str
    day_unit: DayUnit = "workday"
