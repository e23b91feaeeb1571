"""标段公告: several lots under one notice, decided in their order, with a cap on how many one bidder may win."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from commons.verdicts import Reason
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.parts import AgencyRef


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot (标段): its number from 1, its demand, and its result or why there is none.

    ``waits_for`` is the number of the earlier lot that has to be decided first.
    """

    number: int
    demand: DemandRow
    waits_for: int | None = None
    winner: AgencyRef | None = None
    price_fen: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who holds awards of this notice, and the lots they are of."""

    agency: AgencyRef
    lots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice with its lots in declared order; ``lot_cap`` None: no cap on the lots of one bidder."""

    template: ClassVar[str] = "notice.html"

    id: str
    title: str
    owner_name: str
    lot_cap: int | None
    published_at: datetime
    lots: tuple[Lot, ...]
    held: tuple[Held, ...] = ()

    @property
    def ceiling_fen(self) -> int:
        """All ceilings together, fen."""
        return sum(lot.demand.ceiling_fen for lot in self.lots)
