"""双随机 pages: plans, one plan, one inspection with its inputs and result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from marketplace.web.views.agency_acts import Pairs


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection in its plan: how far it is."""

    id: str
    announced_at: datetime
    targets: int
    candidates: int
    state: str
    tone: str
    found: int


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A yearly plan with its inspections; ``left`` visits may still be announced."""

    id: str
    year: int
    place: str
    departments: tuple[str, ...]
    targets: int
    left: int
    basis: str
    planned_at: datetime
    inspections: tuple[InspectionRow, ...]


@dataclass(frozen=True, slots=True)
class InspectionsView:
    """双随机抽查: the plans of the region."""

    template: ClassVar[str] = "regulating/inspections.html"

    region: str
    plans: tuple[PlanShown, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan."""

    template: ClassVar[str] = "regulating/plan.html"

    plan: PlanShown
    may_announce: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One joint visit, who is sent, what was found ("": nothing yet)."""

    agency: str
    name: str
    sent: Pairs
    finding: str
    basis: str


@dataclass(frozen=True, slots=True)
class InspectionView:
    """One inspection: what was announced, the inputs and the result; ``is_repeatable`` None before the draw."""

    template: ClassVar[str] = "regulating/inspection.html"

    id: str
    plan: str
    state: str
    tone: str
    announced_at: datetime
    targets: int
    each: int
    candidates: int
    tickets: int
    inspectors: int
    commitments: Pairs
    preimage_sha256: str
    inputs: Pairs
    drawn_at: datetime | None
    visits: tuple[VisitRow, ...]
    is_repeatable: bool | None
    is_open: bool
    voided: str
