"""合同 on the page of its award: where it stands, what was agreed, who owes what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.web.views.parts import DayUnit


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that a side owes, until when; in words."""

    who: str
    what: str
    until: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, in words."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class ContractPanel:
    """A contract in a panel; ``rating`` in hundredths (100 to 500), None while there is none: silence says nothing.

    ``reached`` of ``planned`` milestones; ``is_restricted``: the agency is barred from signing now; ``is_held``: as
    long as its ties are not looked into.
    """

    id: str
    state: str
    amount_fen: int
    days: int | None
    due_at: datetime | None
    owed: tuple[Owed, ...]
    steps: tuple[Step, ...]
    accepted_at: datetime | None = None
    is_deemed: bool = False
    rating: int | None = None
    planned: int = 0
    reached: int = 0
    paid_fen: int = 0
    is_restricted: bool = False
    is_held: bool = False
    day_unit: DayUnit = "workday"
