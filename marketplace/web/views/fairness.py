"""公平性检查: a part that any page can show (``parts/fairness.html`` with ``fairness``), and a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, Literal

from markupsafe import Markup

from marketplace.web.views.parts import Option
from marketplace.web.views.trial import TrialInput

CheckState = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One condition: agencies left after it and those before it, how many it cut, and its basis in words."""

    name: str
    left: int
    cut: int
    source: str
    is_most: bool
    bar: Markup


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing checked: passed, worth changing, or to be changed; with its source where a rule says so."""

    title: str
    words: str
    state: CheckState
    source: str = ""


@dataclass(frozen=True, slots=True)
class SpreadView:
    """A figure of similar awards: its name, the five numbers in words, the sample, and the picture."""

    name: str
    count: int
    numbers: tuple[tuple[str, str], ...]
    chart: Markup


@dataclass(frozen=True, slots=True)
class FairnessPart:
    """The check: who could take part, what must and what should change, what similar demands cost and took."""

    at: datetime
    on: date
    filed: int
    qualified: int
    fewest: int
    filed_bar: Markup
    rows: tuple[ReachRow, ...]
    checks: tuple[CheckLine, ...]
    scope: str
    since: date
    sample: int
    spreads: tuple[SpreadView, ...]

    @property
    def must_change(self) -> tuple[CheckLine, ...]:
        """What publication would refuse."""
        return tuple(one for one in self.checks if one.state == "bad")

    @property
    def should_change(self) -> tuple[CheckLine, ...]:
        """What is allowed and probably not meant."""
        return tuple(one for one in self.checks if one.state == "warn")

    @property
    def is_few(self) -> bool:
        """Whether fewer could take part than should."""
        return self.qualified < self.fewest


@dataclass(frozen=True, slots=True)
class ConditionInput:
    """One condition that somebody thinks of asking for: kind, words, place."""

    number: int
    kind: str = ""
    name: str = ""
    region: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FairnessView:
    """The page open to everybody: what is asked, and the check once it can be made."""

    template: ClassVar[str] = "fairness.html"

    chosen: Mapping[str, str]
    items: tuple[Option, ...]
    regions: tuple[tuple[str, tuple[Option, ...]], ...]
    buyers: tuple[tuple[str, str], ...]
    modes: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    terms_fields: tuple[TrialInput, ...]
    conditions: tuple[ConditionInput, ...]
    faults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    demand_id: str = ""
    demand_title: str = ""
    demand_typed: str = ""
    fairness: FairnessPart | None = None
