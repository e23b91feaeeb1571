"""Administrative divisions with their dates: which regions there were on a day, and which lies inside which.

Invariants: a county's parent is a city, a city's a province; validity is half-open (``valid_from ≤ day < valid_to``);
every listing is in the order of codes. Projects lie in the market's own regions (``rows``); who is registered in
another province (``beyond``) is named by it and answers to this one's authorities, since the threshold is zero.
``REGIONS`` is read once, at import, from commons/data; no call reads a file. Source: GB/T 2260 as in
commons/data/README.md; market.md section 2.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from types import MappingProxyType
from typing import Literal, get_args

from commons.errors import NotFound
from commons.instants import DayPeriod

Level = Literal["province", "city", "county"]

CODE_LENGTH = 6
_COLUMNS = ["code", "name", "level", "parent", "valid_from", "valid_to"]
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Region:
    """One division (行政区划): its six-digit code, its name, the region it belongs to and the days it was in force."""

    code: str
    name: str
    level: Level
    parent: str | None
    validity: DayPeriod


@dataclass(frozen=True, slots=True)
class Regions:
    """All divisions known, those abolished included: the market's ``rows``, and the provinces ``beyond`` it."""

    rows: tuple[Region, ...]
    beyond: tuple[Region, ...] = ()
    _by_code: Mapping[str, Region] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a code given twice and a parent that is not one level up (``ValueError``)."""
        ordered = tuple(sorted(self.rows, key=lambda region: region.code))
        by_code = {region.code: region for region in ordered}
        if len(by_code) != len(ordered):
            message = "a region's code is given twice"
            raise ValueError(message)
        for region in ordered:
            parent = by_code.get(region.parent) if region.parent is not None else None
            if (parent.level if parent else None) != _level_above(region.level):
                message = f"{region.code} has no parent one level up"
                raise ValueError(message)
        object.__setattr__(self, "rows", ordered)
        elsewhere = {region.code: region for region in self.beyond}
        if elsewhere.keys() & by_code.keys() or any(region.level != "province" for region in self.beyond):
            message = "beyond lie other provinces alone"
            raise ValueError(message)
        object.__setattr__(self, "_by_code", MappingProxyType({**by_code, **elsewhere}))

    def get(self, code: str) -> Region:
        """The region of this code, in force or abolished; an unknown one is ``NotFound``."""
        try:
            return self._by_code[code]
        except KeyError:
            kind = "region"
            raise NotFound(kind, code) from None

    def exists(self, code: str, on: date) -> bool:
        """Whether a region of the market with this code was in force on the day."""
        region = self._by_code.get(code)
        return region is not None and region not in self.beyond and region.validity.contains(on)

    def existed_in(self, code: str, period: DayPeriod) -> bool:
        """Whether a region of the market with this code was in force on some day of the (not empty) period."""
        region = self._by_code.get(code)
        return region is not None and region not in self.beyond and _overlap(region.validity, period)

    def is_beyond(self, code: str) -> bool:
        """Whether that is another province; unknown codes are ``NotFound``."""
        return self.get(code) in self.beyond

    def chain(self, code: str) -> tuple[Region, ...]:
        """From the province down to the region itself; an unknown code is ``NotFound``."""
        region = self.get(code)
        return (*self.chain(region.parent), region) if region.parent is not None else (region,)

    def contains(self, outer: str, inner: str) -> bool:
        """Whether the inner region is the outer one or lies in it; unknown codes are ``NotFound``.

        What is beyond belongs to the market's province: its authorities answer for who comes from there.
        """
        answering = self.get(outer)
        return answering in self.chain(inner) or (
            self.is_beyond(inner) and answering.level == "province" and answering not in self.beyond
        )

    def around(self, code: str) -> tuple[str, ...]:
        """Codes of the market's regions that it is or belongs to; an unknown code is ``NotFound``."""
        return tuple(one.code for one in self.rows if self.contains(one.code, code))

    def inside(self, code: str | None = None) -> tuple[str, ...]:
        """Codes of the region and all that belongs to it, of all regions for None; an unknown code is ``NotFound``."""
        every = (region.code for region in (*self.rows, *self.beyond))
        return tuple(one for one in every if code is None or self.contains(code, one))

    def registering(self, on: date) -> tuple[Region, ...]:
        """Where somebody may be registered on the day: what is in force in the market, then the other provinces."""
        return (*(region for region in self.rows if region.validity.contains(on)), *self.beyond)

    def cities(self, on: date) -> tuple[Region, ...]:
        """Cities in force on the day."""
        return tuple(region for region in self.rows if region.level == "city" and region.validity.contains(on))

    def counties(self, city: str, on: date) -> tuple[Region, ...]:
        """Counties of the city in force on the day; an unknown city is ``NotFound``."""
        within = self.get(city).code
        return tuple(region for region in self.rows if region.parent == within and region.validity.contains(on))

    def full_name(self, code: str) -> str:
        """``温州市 · 乐清市``: city and county as people say them, the province only for itself."""
        chain = self.chain(code)
        return _SEPARATOR.join(region.name for region in chain[1:] or chain)


def parse_regions(lines: Iterable[str], beyond: Iterable[str] = ()) -> Regions:
    """Lines of CSVs with the columns of commons/data/regions.csv → regions; anything else is a ``ValueError``."""
    return Regions(_parse(lines), _parse(beyond) if beyond else ())


def _parse(lines: Iterable[str]) -> tuple[Region, ...]:
    reader = csv.reader(lines, strict=True)
    if next(reader, None) != _COLUMNS:
        message = f"the columns are {','.join(_COLUMNS)}"
        raise ValueError(message)
    return tuple(_region(row) for row in reader)


def _region(row: list[str]) -> Region:
    code, name, level, parent, first, until = row
    if not (len(code) == CODE_LENGTH and code.isascii() and code.isdigit() and name):
        message = f"not a region's code and name: {code!r}, {name!r}"
        raise ValueError(message)
    days = (date.fromisoformat(day) if day else None for day in (first, until))
    return Region(code, name, _level(level), parent or None, DayPeriod(*days))


def _level(text: str) -> Level:
    for level in _LEVELS:
        if text == level:
            return level
    message = f"not a level: {text!r}"
    raise ValueError(message)


def _level_above(level: Level) -> Level | None:
    above = _LEVELS.index(level) - 1
    return _LEVELS[above] if above >= 0 else None


def _overlap(one: DayPeriod, other: DayPeriod) -> bool:
    first = max(day for day in (one.first, other.first, date.min) if day is not None)
    until = min(day for day in (one.until, other.until, date.max) if day is not None)
    return first < until


_LEVELS: tuple[Level, ...] = get_args(Level)

_DATA = resources.files("commons").joinpath("data")
REGIONS = parse_regions(
    *(_DATA.joinpath(name).read_text(encoding="utf-8").splitlines() for name in ("regions.csv", "provinces.csv"))
)
"""Zhejiang: the province, its cities and counties; beyond it the other provinces."""
