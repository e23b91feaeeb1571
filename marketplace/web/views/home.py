"""首页."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import ClassVar, Literal

from marketplace.web.views.about import RestrictionRow
from marketplace.web.views.awards import AwardRow
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.parts import CityCount, ItemRef, Mode, Place

MAX_RUNNING = 3
"""Running selections shown on the home page at most (visual.md)."""


@dataclass(frozen=True, slots=True)
class Median:
    """A median in tenths of its unit, and how many values it was taken from; None without any."""

    tenths: int | None
    unit: Literal["workday", "second"]
    sample: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Four figures and the market's openness, all over the civil days ``first`` to ``last`` (both included).

    ``saving_bp`` is the median of (ceiling − price)/ceiling over ``saving_sample`` awards, without those that were
    drawn or chosen directly. ``outside_city_bp`` is the share of awards that went to an agency registered outside the
    project's city.
    """

    first: date
    last: date
    awarded: int
    unsuccessful: int
    saving_bp: int | None
    saving_sample: int
    unpriced_excluded: int
    published_to_award: Median
    agencies: int
    agencies_outside_province: int
    outside_city_bp: int | None
    restricted_agencies: int
    repaired: int | None = None


@dataclass(frozen=True, slots=True)
class RunningCard:
    """A selection that runs now; ``best`` (effective, in fen) only where the mode and the round show it.

    ``signed_up`` is None where the count is not public before the close. ``next_at`` is the close of the round that
    is open (``is_round_open``), else the opening of the next one, or the close of sealed offers. ``room_of`` is the
    selection whose live room there is, "" for none.
    """

    id: str
    title: str
    mode: Mode
    place: Place
    ceiling_fen: int
    next_at: datetime
    is_round_open: bool = False
    round_number: int | None = None
    rounds: int | None = None
    is_round_sealed: bool = False
    best: Fraction | None = None
    signed_up: int | None = None
    room_of: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on the home page; lists are short and newest first."""

    template: ClassVar[str] = "home.html"

    figures: Figures
    common_items: tuple[ItemRef, ...]
    running: tuple[RunningCard, ...]
    running_total: int
    newest_demands: tuple[DemandRow, ...]
    newest_awards: tuple[AwardRow, ...]
    restrictions: tuple[RestrictionRow, ...]
    awards_by_city: tuple[CityCount, ...]

    def __post_init__(self) -> None:
        """At most three running selections."""
        assert len(self.running) <= MAX_RUNNING
