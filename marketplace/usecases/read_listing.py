"""Rows of the public lists: demands and results as the lists show them, ahead of the ticker where it is late.

Invariants: a draft is in no list; every order is total; a page has ``MIN_ROWS`` to ``MAX_ROWS`` rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from marketplace.demands.demand import BuyerClass, Mode
from marketplace.usecases.read_standing import Ahead

MIN_ROWS, MAX_ROWS = 10, 50
"""Rows of a page."""
MAX_PAGE = 10_000
"""Highest page that can be asked for."""

SHOWN = """
(
  SELECT id, selection, title, owner_name, project_name, region, city, place, item, mode, buyer_class, profile,
    ceiling_fen, max_days, is_regional_assessment, is_example, published_at, sign_up_closes_at, closes_at, state::text,
    outcome::text, reason::text, winner::text, winning_fen, decided_at, publicity_until, further_items, lot
  FROM demand WHERE published_at IS NOT NULL AND id <> ALL($1::text[])
  UNION ALL
  SELECT demand.id, selection, title, owner_name, project_name, region, city, place, item, mode, buyer_class, profile,
    ceiling_fen, max_days, is_regional_assessment, is_example, published_at, sign_up_closes_at,
    coalesce(ahead.closes_at, demand.closes_at), coalesce(ahead.state, demand.state),
    coalesce(ahead.outcome, demand.outcome), CASE WHEN ahead.state IS NULL THEN demand.reason ELSE ahead.reason END,
    CASE WHEN ahead.state IS NULL THEN demand.winner ELSE ahead.winner END,
    CASE WHEN ahead.state IS NULL THEN demand.winning_fen ELSE ahead.winning_fen END,
    coalesce(ahead.decided_at, demand.decided_at),
    CASE WHEN ahead.state IS NULL THEN demand.publicity_until ELSE ahead.publicity_until END,
    further_items, lot
  FROM demand JOIN unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::timestamptz[], $9::timestamptz[])
    AS ahead(id, closes_at, state, outcome, reason, winner, winning_fen, decided_at, publicity_until)
    ON ahead.id = demand.id AND demand.published_at IS NOT NULL
) AS shown
"""
"""Published demands as a table; its first nine parameters are ``columns_of`` what is ahead of settling.

Both halves have columns of the very same types: only then does a condition on it reach the indexes.
"""

COLUMNS = """
SELECT shown.id, shown.selection, shown.title, shown.owner_name, shown.region, shown.city, shown.place, shown.item,
  shown.mode, shown.ceiling_fen, shown.max_days, shown.is_regional_assessment, shown.is_example, shown.published_at,
  shown.sign_up_closes_at, shown.closes_at, shown.state, shown.outcome, shown.reason, shown.winner,
  winner_row.name AS winner_name, shown.winning_fen, shown.decided_at, shown.publicity_until, shown.buyer_class,
  shown.further_items, shown.lot, (SELECT count(*) FROM selection WHERE selection.demand = shown.id) AS publication
"""
WINNER = " LEFT JOIN agency AS winner_row ON winner_row.uscc = shown.winner "


@dataclass(frozen=True, slots=True)
class Listed:
    """A published demand in a list; ``reason`` is the code of why there is no award. Money in fen, region GB/T 2260.

    ``further_items`` are those of a joint purchase beside the main one; ``publication`` counts from 1; ``lot`` is
    the number of a lot (标段) in its notice.
    """

    id: str
    selection: str
    title: str
    owner_name: str
    region: str
    city: str
    place: str
    item: str
    mode: Mode
    ceiling_fen: int
    max_days: int | None
    is_regional_assessment: bool
    is_example: bool
    published_at: datetime
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    state: str
    outcome: str | None
    reason: str | None
    winner: str | None
    winner_name: str | None
    winning_fen: int | None
    decided_at: datetime | None
    publicity_until: datetime | None
    buyer_class: BuyerClass
    further_items: tuple[str, ...]
    publication: int
    lot: int | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """All items under the one price, the main one first."""
        return (self.item, *self.further_items)


def listed(row: asyncpg.Record) -> Listed:
    """One row with all columns → value."""
    values = dict(row)
    values["further_items"] = tuple(values["further_items"])
    return Listed(**values)


def columns_of(ahead: Sequence[Ahead]) -> tuple[list[object], ...]:
    """What is ahead of settling as the nine arrays that ``SHOWN`` takes."""
    results = [one.result for one in ahead]
    return (
        [one.demand for one in ahead],
        [one.closes_at for one in ahead],
        [one and one.state for one in results],
        [one and one.outcome for one in results],
        [one and one.reason for one in results],
        [one and one.winner for one in results],
        [one and one.winning_fen for one in results],
        [one and one.decided_at for one in results],
        [one and one.publicity_until for one in results],
    )


def pattern(words: str) -> str:
    """Typed words as a pattern of ILIKE in which no character is special; "" stays ""."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if escaped else ""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows of a list: the page from 1 and its rows; a page behind the last one is the last one."""

    page: int = 1
    size: int = 20

    def __post_init__(self) -> None:
        """Refuse what is out of bounds: the caller reads what was typed."""
        assert 1 <= self.page <= MAX_PAGE, "a page in range"
        assert MIN_ROWS <= self.size <= MAX_ROWS, "rows in range"

    def within(self, total: int) -> Slice:
        """The same, or the last page there is."""
        return Slice(min(self.page, max(1, -(-total // self.size))), self.size)

    @property
    def offset(self) -> int:
        """Rows before it."""
        return (self.page - 1) * self.size
