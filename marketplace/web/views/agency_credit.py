"""本机构信用: the sum line by line, each with its cause and what may be done about it; restrictions; the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from marketplace.web.views.agencies import CreditView
from marketplace.web.views.parts import TimelineEntry

Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact: what it counts now (hundredths; None: it does not), until when, how it stands, what may be done."""

    id: str
    rule: str
    basis: str
    effective_at: datetime
    points: int | None
    until: date | None
    state: str
    tone: str
    acts: Links
    remark: str = ""


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A restriction of one's own, in words; ``acts`` lead to its fact's repair and objection."""

    basis: str
    measures: tuple[str, ...]
    items: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    is_in_force: bool
    acts: Links


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A restriction that was announced: heard until; ``act`` is where one states one's case, "" where it is over."""

    basis: str
    noticed_at: datetime
    hearing_until: datetime
    state: str
    tone: str
    act: str


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way back: in words, the score it gives in hundredths, and by when where it comes by itself."""

    words: str
    value: int
    grade: str
    at: datetime | None
    reaches: bool


@dataclass(frozen=True, slots=True)
class OwnCreditView:
    """本机构信用; ``missing`` is what the next grade takes, in hundredths."""

    template: ClassVar[str] = "agency_work/credit.html"

    uscc: str
    name: str
    credit: CreditView
    counting: tuple[FactRow, ...]
    over: tuple[FactRow, ...]
    bound: tuple[BoundRow, ...]
    notices: tuple[NoticeRow, ...]
    ways: tuple[WayRow, ...]
    next_grade: str
    missing: int
    timeline: tuple[TimelineEntry, ...]
