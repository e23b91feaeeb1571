"""统计: numbers, each with its sample and its meaning, cut by city, month and item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from markupsafe import Markup

from marketplace.web.views.parts import NOTHING_ENTERED, CityCount, Entered, Option

MAX_CELLS = 20
"""Cells of concentration on the page; the sheet has all of them."""


@dataclass(frozen=True, slots=True)
class StatisticsFilter:
    """What was asked: months as typed, city and item codes, which data; "" where nothing was."""

    first: str = ""
    until: str = ""
    city: str = ""
    item: str = ""
    data: Literal["", "real", "example"] = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as it is published: ``value`` with its unit apart, ``—`` of nothing; ``more`` says its quartiles.

    ``sample`` says from how many; ``few`` is said where they are too few to conclude anything.
    """

    code: str
    name: str
    value: str
    unit: str
    more: str
    sample: str
    few: bool
    means: str
    formula: str
    how: str


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that belong together."""

    code: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A number in a cell of a table: its text, its sample, whether that is few; a count is its own sample."""

    text: str
    sample: int
    few: bool
    sampled: bool = True


@dataclass(frozen=True, slots=True)
class CutRow:
    """One city, month or item: the code for links, its name, and a number a column."""

    code: str
    name: str
    cells: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class CutTable:
    """Rows of one cut with their column heads."""

    heads: tuple[str, ...]
    rows: tuple[CutRow, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that has a sentence, and the same numbers as a table."""

    title: str
    note: str
    picture: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CellRow:
    """Concentration of one county and item."""

    place: str
    item: str
    share: str
    agencies: int
    awards: int
    amount: str
    few: bool


@dataclass(frozen=True, slots=True)
class Preset:
    """A period at hand: its name, its months, whether it is the one shown."""

    name: str
    first: str
    until: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """The whole page; ``figures`` are the four at the top, ``notes`` what has to be known of the numbers at large.

    ``body`` is what stands under the filter, drawn already.
    """

    template: ClassVar[str] = "statistics.html"

    filter: StatisticsFilter
    cities: tuple[Option, ...]
    items: tuple[Option, ...]
    presets: tuple[Preset, ...] = ()
    scope: str = ""
    first: date | None = None
    last: date | None = None
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    groups: tuple[Group, ...] = ()
    tiles: tuple[CityCount, ...] = ()
    tiles_sentence: str = ""
    by_city: CutTable | None = None
    by_item: CutTable | None = None
    trends: tuple[Chart, ...] = ()
    spreads: tuple[Chart, ...] = ()
    year: str = ""
    cells: tuple[CellRow, ...] = ()
    cells_total: int = 0
    cells_few: int = 0
    concentration: Figure | None = None
    body: Markup | None = None
    entered: Entered = NOTHING_ENTERED
