"""全站检索 and 常用条件: one search over everything; filters that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from marketplace.web.views.agencies import AgencyRow
from marketplace.web.views.awards import AwardRow
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.forms import FormShown
from marketplace.web.views.kept import SavedLink
from marketplace.web.views.parts import NO_HITS, NO_TURN, NOTHING_ENTERED, Entered, Hits, Turning

Kind = Literal["all", "demands", "agencies", "awards", "items"]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A service item that holds the words: what it is needed for, and whose it is."""

    code: str
    name: str
    approval_item: str
    department: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """What holds every word, by kind, in the order of each list; ``demands_turn`` and its like say how many.

    Without ``q`` nothing was asked; with ``q`` and no word in it nothing can be found.
    """

    template: ClassVar[str] = "search.html"

    q: str
    kind: Kind
    demands: tuple[DemandRow, ...] = ()
    agencies: tuple[AgencyRow, ...] = ()
    awards: tuple[AwardRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    demands_turn: Turning = NO_TURN
    agencies_turn: Turning = NO_TURN
    awards_turn: Turning = NO_TURN
    items_turn: Turning = NO_TURN
    hits: Hits = NO_HITS
    entered: Entered = NOTHING_ENTERED

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        turns = (self.demands_turn, self.agencies_turn, self.awards_turn, self.items_turn)
        return not any(one.total for one in turns)


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A filter with the day it was kept, what it narrows to in words, and the form that drops it."""

    link: SavedLink
    list_name: str
    words: str
    saved_at: datetime
    drop: FormShown


@dataclass(frozen=True, slots=True)
class SavedFiltersView:
    """常用条件: the form that keeps one, where one is to be kept, and all that are kept, by list and name."""

    template: ClassVar[str] = "saved_filters.html"

    rows: tuple[SavedRow, ...]
    keep: FormShown | None = None
    keep_words: str = ""


@dataclass(frozen=True, slots=True)
class FindingSection:
    """找需求: the filters of demands that the person keeps."""

    template: ClassVar[str] = "parts/work_finding.html"
    column: ClassVar[Literal["main", "side"]] = "side"

    links: tuple[SavedLink, ...]
