"""预警线索: each pattern with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from marketplace.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A selection that an alarm rests on: its demand, the prices in words ("" for none), who won."""

    demand: str
    title: str
    prices: str
    winner: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alarm: its name and figures in words, agencies by code and name, the owner ("" for none), its evidence."""

    name: str
    words: str
    agencies: tuple[tuple[str, str], ...]
    owner: str
    evidence: tuple[EvidenceRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AlertsView:
    """The alarms of a region and item ("" for all), over so many decided selections."""

    template: ClassVar[str] = "regulating/alerts.html"

    rows: tuple[AlertRow, ...]
    looked_at: int
    region: str
    item: str
    regions: tuple[Option, ...]
    items: tuple[Option, ...]
