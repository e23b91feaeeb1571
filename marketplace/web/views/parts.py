"""Small values that several pages share.

Amounts are integer fen, rates basis points, points and credit hundredths, instants aware datetimes, days civil days.
Names arrive whole: masking, units and wording belong to ``formatting`` and ``locale``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from commons.grams import found_in
from commons.verdicts import Param

Mode = Literal["comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw", "direct"]
"""选取方式, as in the frozen terms (selection.md section 1)."""

SEALED_MODES: frozenset[Mode] = frozenset({"comprehensive", "mean_price"})
"""One sealed offer a bidder, opened at the close."""

DRAW_MODES: frozenset[Mode] = frozenset({"random_draw", "credit_draw"})
"""Nobody offers: who signs up takes part, at the published amount."""

IMMEDIATE_MODES: frozenset[Mode] = frozenset({"instant", "direct"})
"""Nobody signs up: the owner's act gives the result."""


def takes_sign_up(mode: Mode) -> bool:
    """Whether agencies sign up."""
    return mode not in IMMEDIATE_MODES


DayUnit = Literal["workday", "day"]
"""Whether a service time counts working days (工作日) or calendar days (日); pages always spell it out."""

DemandState = Literal[
    "draft", "published", "offers_closed", "evaluating", "award_proposed", "publicity", "awarded", "contracted",
    "delivered", "accepted", "rated", "archived", "returned", "unsuccessful", "cancelled", "withdrawn", "suspended",
    "choosing", "objected", "confirming",
]  # fmt: skip
"""States of a demand (market.md section 4); choosing: the owner picks one of the small list; objected: an objection
holds the award up; confirming: its agency has to say that it takes the work."""

MAX_PAGE_ROWS = 50
"""Rows of a list page at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: the GB/T 2260 code, the city, the county ("" for the city itself) and a free address."""

    code: str
    city: str
    county: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency by code and name; its page is found by the code. Who is invented, or not known here, has none."""

    uscc: str
    name: str
    has_page: bool = True


@dataclass(frozen=True, slots=True)
class ItemRef:
    """A service item by code and name (中介服务事项)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter: the value that goes into the URL and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list this is: page numbers count from 1; ``total`` counts all that match the filter."""

    number: int
    size: int
    total: int

    def __post_init__(self) -> None:
        """A page number, a size and a total in range."""
        assert self.number >= 1
        assert 1 <= self.size <= MAX_PAGE_ROWS
        assert self.total >= 0

    @property
    def last(self) -> int:
        """Number of the last page; 1 for an empty list."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Turning:
    """Where a page that goes on from a place lies: number of its first row (0: not known), rows, all of them.

    ``is_more``: there are more than ``total``; the places that the pages around it go on from, or "".
    """

    first: int
    rows: int
    total: int
    previous: str = ""
    next: str = ""
    is_more: bool = False


NO_TURN = Turning(0, 0, 0)
"""Of a list that was not looked up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """The folded words that a list was searched for, to be marked where they stand."""

    words: tuple[str, ...] = ()

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text whole, cut where a word begins and ends."""
        pieces: list[Piece] = []
        place = 0
        for start, end in found_in(text, self.words):
            pieces += [Piece(text[place:start], is_hit=False), Piece(text[start:end], is_hit=True)]
            place = end
        pieces.append(Piece(text[place:], is_hit=False))
        return tuple(one for one in pieces if one.text)


NO_HITS = Hits()
"""For a list that was not searched."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed into a filter that could not be read: every value by key, and the fault beside its key."""

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    faults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


NOTHING_ENTERED = Entered()
"""For a list whose filter was read."""


@dataclass(frozen=True, slots=True)
class ModeCount:
    """How many of the filtered list use one mode."""

    mode: Mode
    count: int


@dataclass(frozen=True, slots=True)
class CityCount:
    """A city (six-digit code and name) and a number that belongs to it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: ``what`` is a code of ``locale.timeline``; ``until`` makes it a period."""

    at: datetime
    what: str
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publicity:
    """公示: half-open, from the announcement until the objection window ends; its length as the profile sets it."""

    starts_at: datetime
    ends_at: datetime
    workdays: int | None = None
