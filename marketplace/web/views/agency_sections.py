"""工作台 of an agency: demands that fit, what it signed up to, its contracts, its credit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from marketplace.web.views.agency_contracts import ContractRow
from marketplace.web.views.agency_part import PartRow
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.parts import ItemRef


@dataclass(frozen=True, slots=True)
class JoinSection:
    """Not on file yet: the one thing to do."""

    template: ClassVar[str] = "agency_work/section_join.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    agency: str


@dataclass(frozen=True, slots=True)
class MatchingSection:
    """可参加的需求: of the items that one serves (``items`` empty: of all), soonest close first."""

    template: ClassVar[str] = "agency_work/section_matching.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    items: tuple[ItemRef, ...]
    rows: tuple[DemandRow, ...]


@dataclass(frozen=True, slots=True)
class PartsSection:
    """我的报名, the latest ones."""

    template: ClassVar[str] = "agency_work/section_parts.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    rows: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class OwnContractsSection:
    """合同, the latest ones."""

    template: ClassVar[str] = "agency_work/section_contracts.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    rows: tuple[ContractRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CreditChange:
    """The last thing that changed the score: the rule, hundredths, since when."""

    rule: str
    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CreditSection:
    """信用: the score in hundredths, its grade ("" while new), what changed it last, restrictions in force."""

    template: ClassVar[str] = "agency_work/section_credit.html"
    column: ClassVar[Literal["main", "side"]] = "side"

    value: int
    grade: str
    changes: tuple[CreditChange, ...]
    restrictions: int
    expiring: tuple[str, ...]
