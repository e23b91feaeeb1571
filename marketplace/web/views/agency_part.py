"""An agency's own part in a demand: its receipts, what it may do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from marketplace.web.views.parts import DayUnit, DemandState, Mode

Links = tuple[tuple[str, str], ...]
"""Addresses and names of what may be done."""


@dataclass(frozen=True, slots=True)
class OfferReceipt:
    """A receipt: number, the instant that counts, the hash of the event; ``state`` in words with its tone."""

    number: int
    at: datetime
    price_fen: int
    discount_bp: int | None
    days: int | None
    digest: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class AwardOfOwn:
    """An award of one's own in words; ``until`` is by when it has to be confirmed."""

    words: str
    tone: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PartView:
    """我的报名与报价: the sign-up, every receipt, the award, and what may be done next (the first is the main one)."""

    template: ClassVar[str] = "agency_work/receipt.html"

    id: str
    selection: str
    title: str
    owner_name: str
    mode: Mode
    state: DemandState
    ceiling_fen: int
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    agency: str
    admitted_at: datetime | None
    grade: str
    is_voided: bool
    receipts: tuple[OfferReceipt, ...]
    waits: bool
    award: AwardOfOwn | None
    acts: Links
    further: Links
    day_unit: DayUnit = "workday"


@dataclass(frozen=True, slots=True)
class PartRow:
    """A selection that one signed up to, in a list; ``price_fen`` is what of one's own counts, None: nothing yet."""

    id: str
    title: str
    mode: Mode
    state: DemandState
    closes_at: datetime | None
    price_fen: int | None
    next_words: str
    next_path: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class PartsView:
    """我的报名: every selection one signed up to, latest first."""

    template: ClassVar[str] = "agency_work/parts.html"

    rows: tuple[PartRow, ...]
