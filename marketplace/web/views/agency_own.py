"""机构自己的档案: joining, what is on file with what may be done about each, the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from marketplace.web.views.agencies import HoldRow, TieRow
from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import Place, TimelineEntry

Links = tuple[tuple[str, str], ...]
"""Addresses and names of what may be done."""


@dataclass(frozen=True, slots=True)
class JoinView:
    """入驻: signing in first (``step`` 0), the code (1), what is filed and committed to (2).

    ``is_known``: data sharing has answered; ``papers`` and ``people`` are what it knows besides, in words. ``here`` is
    where one comes back to from signing in or choosing a role: this page, with the one that it leads on to.
    """

    template: ClassVar[str] = "agency_work/join.html"

    step: int
    form: FormShown | None = None
    agency: str = ""
    is_known: bool = False
    is_asked: bool = False
    papers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    commitment: tuple[str, ...] = ()
    here: str = ""


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate of one's own; ``state`` is in words, with the tone of its tag."""

    kind: str
    grade: str
    number: str
    issuer: str
    first: date
    until: date | None
    state: str
    tone: str
    acts: Links


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """A practitioner of one's own, masked."""

    shown: str
    certificate: str
    until: date | None
    is_held: bool
    act: str


@dataclass(frozen=True, slots=True)
class OwnItem:
    """A service item that one serves, and where it is stopped."""

    name: str
    code: str
    since: datetime
    act: str


@dataclass(frozen=True, slots=True)
class OwnAgencyView:
    """本机构档案: everything on file and what may be done about it; the history latest first."""

    template: ClassVar[str] = "agency_work/own.html"

    uscc: str
    name: str
    kind: str
    place: Place
    filed_at: datetime
    objection_until: datetime | None
    standing: str
    standing_since: datetime | None
    is_restricted: bool
    certificates: tuple[OwnCertificate, ...]
    people: tuple[OwnPerson, ...]
    items: tuple[OwnItem, ...]
    ties: tuple[TieRow, ...]
    holds: tuple[HoldRow, ...]
    timeline: tuple[TimelineEntry, ...]
    shelf: int
    next_acts: Links
    standing_acts: Links


@dataclass(frozen=True, slots=True)
class OwnShelfRow:
    """An offer of one's own on the shelf; ``state`` in words with its tone; amounts in fen."""

    item: str
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    capacity: int
    taken: int
    valid_from: datetime
    valid_until: datetime
    state: str
    tone: str
    acts: Links


@dataclass(frozen=True, slots=True)
class OwnShelfView:
    """上架报价: what stands on the shelf, what has run out."""

    template: ClassVar[str] = "agency_work/shelf.html"

    rows: tuple[OwnShelfRow, ...]
