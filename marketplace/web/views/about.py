"""信用公示, 规则说明 and the page for what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from commons.errors import Fault
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.web.views.parts import NOTHING_ENTERED, AgencyRef, Entered, Option, Paging, Place

Layer = Literal["statutory", "market"]
"""法定 (imported from an authority) or 市场 (the platform's own measure): credit.md section 1."""


RestrictionState = Literal["in_force", "expired", "lifted", "repaired", "revoked"]


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    """受限: who, on what basis (document or ground as published), from when until when (None: until repaired).

    ``place`` is where the agency is registered, ``decided_in`` the region whose regulators decided; it holds in the
    whole province whatever that region is. ``measures`` are codes of credit.md section 3; empty means all of them, as
    no ``items`` means every one. ``grade`` is the agency's (""): new; ``is_disputed``: its cause is objected to.
    """

    id: str
    agency: AgencyRef
    place: Place
    layer: Layer
    basis: str
    starts_at: datetime
    ends_at: datetime | None
    decided_in: str = ""
    measures: tuple[str, ...] = ()
    repair: str = ""
    state: RestrictionState = "in_force"
    items: tuple[str, ...] = ()
    grade: str = ""
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionFilter:
    """What the list is narrowed to: words in the agency's name or code, the layer, the agency's city."""

    q: str = ""
    layer: Layer | None = None
    city: str = ""


@dataclass(frozen=True, slots=True)
class RestrictionListView:
    """A page of restrictions in force, the latest first; the counts are over all of them."""

    template: ClassVar[str] = "restriction_list.html"

    filter: RestrictionFilter
    cities: tuple[Option, ...]
    rows: tuple[RestrictionRow, ...]
    paging: Paging
    statutory_total: int
    market_total: int
    entered: Entered = NOTHING_ENTERED


RuleUnit = Literal[
    "workdays", "days", "minutes", "seconds", "bidders", "rounds", "minute_of_day", "yes_no",
    "count", "basis_points", "fen", "hundredths", "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleValue:
    """One value of a profile: its code, the number (or text) with its unit, where it comes from."""

    code: str
    value: int | str | bool | None
    unit: RuleUnit
    source: Source


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """A dated version of a region's rules; ``until`` None: in force."""

    name: str
    region_name: str
    first: date | None
    until: date | None
    values: tuple[RuleValue, ...]
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One credit rule: points in hundredths, calendar months it counts (None: for good), its cap in hundredths."""

    code: str
    words: str
    points: int
    valid_months: int | None
    cap: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class CreditRules:
    """计分规则: the rulebook in use; ``start`` in hundredths."""

    name: str
    start: int
    rules: tuple[CreditRule, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """规则说明: the profiles with every value and its source, the one in use first; the credit rules in use."""

    template: ClassVar[str] = "rules.html"

    profiles: tuple[RuleProfile, ...]
    credit: CreditRules


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What went wrong: the HTTP status, a stable code, all reasons; ``instance`` is what support is asked with.

    ``language`` is what the part about it is said in, the frame stays Chinese; ``words`` say the code.
    """

    template: ClassVar[str] = "error.html"

    status: int
    code: str
    faults: tuple[Fault, ...] = ()
    faults_total: int = 0
    reasons: tuple[Reason, ...] = ()
    instance: str = ""
    retry_after_s: int | None = None
    language: Literal["zh", "en"] = "zh"
    words: str = ""
