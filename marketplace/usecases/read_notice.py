"""What is offered together, in which order, and where does each lot stand?

Invariants: a notice that is not published is not there; each lot is told as its own page tells it, all of one instant.
Source: selection.md section 1, docs/adr/0015.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from commons.errors import NotFound
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.store import Notice
from marketplace.usecases.read_demand import as_settled, row_of
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import standings


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot: its number from 1, its row, the number of the earlier lot that it waits for, its terms' digest."""

    number: int
    row: Listed
    waits_for: int | None
    terms_digest: str


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A published notice as it stands ``now``; ``held``: how many lots each holder of an award has, by credit code."""

    now: datetime
    notice: Notice
    lots: tuple[LotRow, ...]
    held: dict[str, int]


async def read_notice(database: Database, identifier: str) -> NoticeFile:
    """The notice of that id with its lots in declared order; ``NotFound`` for a draft and an unknown id alike."""
    async with reading(database) as snapshot:
        notice = await demands.notice_by_id(snapshot.connection, identifier)
        if notice is None or notice.published_at is None:
            raise NotFound("notice", identifier)
        drafts = await demands.lots_of(snapshot.connection, identifier)
        found = await standings(snapshot, [one.selection for one in drafts])
        rows = [as_settled(one, found[one.selection], now=snapshot.now) for one in drafts]
        winners = sorted({one.winner for one in rows if one.winner is not None})
        names = await agencies.names(snapshot.connection, winners)
    numbers = {one.selection: number for number, one in enumerate(drafts, start=1)}
    lots: list[LotRow] = []
    held: dict[str, int] = {}
    for number, demand in enumerate(rows, start=1):
        state = found[demand.selection].state
        waits = state.waits_for if state.decision is None and demand.reason == "waits_for_lot" else None
        row = row_of(demand, names, publication=state.publication)
        waited = numbers.get(waits) if waits is not None else None
        lots.append(LotRow(number, row, waited, demand.terms_digest))
        if demand.winner is not None:
            held[demand.winner] = held.get(demand.winner, 0) + 1
    return NoticeFile(snapshot.now, notice, tuple(lots), held)
