"""Where in a list a page goes on: the place of a row in the list's order, as a text for an address.

Invariants: the order is total; a place is that of a row's values, not of the row, so that it stays where it is while
rows come, go and move; a text that is no place is a fault. Source: performance.md (keyset pages); docs/adr/0032.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from commons.errors import Fault, Malformed

Row = TypeVar("Row")

MAX_COUNTED = 2_000
"""A list is counted up to here where no tally knows its number; beyond it says that there are more."""
_PLACE = re.compile(r"(?P<part>[a-z])(?P<micros>[0-9]{1,17})-(?P<id>[0-9A-Za-z_\-]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a row: the part of the list it lies in, its instant there, its id."""

    part: str
    at: datetime
    id: str

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.part}{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"


def is_place(text: str, parts: str) -> bool:
    """Whether a text names a place of a list with these parts."""
    found = _PLACE.fullmatch(text)
    return found is not None and found["part"] in parts


def place_of(key: str, text: str, parts: str) -> Place | None:
    """The place that an address names, None for ""; ``Malformed`` for what is none of a list with these parts."""
    if not text:
        return None
    found = _PLACE.fullmatch(text)
    if found is None or found["part"] not in parts:  # as is_place
        raise Malformed((Fault(f"/{key}", "not_a_place", "not a place in this list"),))
    return Place(found["part"], _EPOCH + int(found["micros"]) * _MICROSECOND, found["id"])


@dataclass(frozen=True, slots=True)
class Asked:
    """The page asked for: on from a place, or back from one; neither: the first."""

    after: Place | None = None
    before: Place | None = None

    @property
    def is_backward(self) -> bool:
        """Whether rows are looked for towards the beginning."""
        return self.before is not None

    @property
    def start(self) -> Place | None:
        """The place it begins behind."""
        return self.before or self.after


FIRST = Asked()


def asked(after: str, before: str, parts: str) -> Asked:
    """Read both; ``Malformed`` for what is no place, and for both at once."""
    if after and before:
        raise Malformed((Fault("/before", "both_ways", "a page goes on from one place"),))
    return Asked(place_of("after", after, parts), place_of("before", before, parts))


@dataclass(frozen=True, slots=True)
class Around:
    """The places that the pages around go on from; None where there is none."""

    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows, by mode; ``is_more``: more than ``MAX_COUNTED``, which ``total`` then is, and no mode is known."""

    total: int
    by_mode: dict[str, int]
    is_more: bool = False


def counted(by_mode: Iterable[tuple[str, int]]) -> Counted:
    """Sum up; modes without any are left out."""
    sums: dict[str, int] = {}
    for mode, number in by_mode:
        sums[mode] = sums.get(mode, 0) + number
    found = {mode: number for mode, number in sorted(sums.items()) if number}
    total = sum(found.values())
    return Counted(MAX_COUNTED, {}, is_more=True) if total > MAX_COUNTED else Counted(total, found)


def exact(by_mode: Iterable[tuple[str, int]]) -> Counted:
    """The same for numbers that a tally knows, however many."""
    sums: dict[str, int] = {}
    for mode, number in by_mode:
        sums[mode] = sums.get(mode, 0) + number
    found = {mode: number for mode, number in sorted(sums.items()) if number}
    return Counted(sum(found.values()), found)


def cut(rows: Sequence[Row], size: int, start: Asked, of: Callable[[Row], Place]) -> tuple[Sequence[Row], Around]:
    """The page out of up to ``size`` + 1 rows in the direction asked for, in the list's order, and what is around."""
    is_more = len(rows) > size
    page = rows[:size]
    if start.is_backward:
        page = tuple(reversed(page))
    if not page:
        return page, Around()
    first, last = str(of(page[0])), str(of(page[-1]))
    if start.is_backward:
        return page, Around(first if is_more else None, last)
    return page, Around(first if start.after else None, last if is_more else None)
