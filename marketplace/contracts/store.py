"""Contracts in the database: the row that lists show, written with the events it follows from. SQL in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.contracts.clocks import next_end
from marketplace.contracts.contract import Contract
from marketplace.contracts.rating import Past
from marketplace.database import Connection

_KEEP = """
INSERT INTO contract (id, demand, agency, owner_code, region, title, is_example, state, awarded_at, amount_fen,
  confirmed_at, due_at, ends_at, delivered_at, accepted_at, is_deemed, accepted_at_first, passed_first,
  milestones_early, rating, rated_at, last_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, amount_fen = excluded.amount_fen,
  confirmed_at = excluded.confirmed_at, due_at = excluded.due_at, ends_at = excluded.ends_at,
  delivered_at = excluded.delivered_at, accepted_at = excluded.accepted_at, is_deemed = excluded.is_deemed,
  accepted_at_first = excluded.accepted_at_first, passed_first = excluded.passed_first,
  milestones_early = excluded.milestones_early, rating = excluded.rating, rated_at = excluded.rated_at,
  last_at = excluded.last_at
"""
_RATED = """
SELECT rated_at AS at, rating FROM contract WHERE agency = $1 AND rating IS NOT NULL
ORDER BY rated_at DESC, id DESC LIMIT $2
"""
_ACCEPTED = """
SELECT accepted_at AS at, milestones_early FROM contract
WHERE agency = $1 AND accepted_at IS NOT NULL AND milestones_early IS NOT NULL
ORDER BY accepted_at DESC, id DESC LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows of a contract besides its state: the demand's title, and whether it is an example."""

    title: str
    is_example: bool


async def keep(connection: Connection, one: Contract, shown: Shown, *, at: datetime) -> None:
    """Write the row of the contract as it stands at that instant; an update of it never names what is fixed."""
    award, last = one.award, one.delivery
    await connection.execute(
        _KEEP, one.id, award.demand, award.agency, award.owner_code, award.region, shown.title, shown.is_example,
        one.state, award.awarded_at, award.amount_fen if one.amount_fen is None else one.amount_fen, one.confirmed_at,
        one.due_at, next_end(one, at=at), None if last is None else last.at, one.accepted_at, one.is_deemed,
        one.accepted_at_first, None if one.review is None else one.review.passed_first,
        one.milestones_early if one.accepted_at is not None and not one.is_deemed else None,
        None if one.rating is None else one.rating.value, None if one.rating is None else one.rating.at, at,
    )  # fmt: skip


async def ratings(connection: Connection, agency: str, *, limit: int) -> tuple[Past, ...]:
    """The agency's last ratings, oldest of them first."""
    rows = await connection.fetch(_RATED, agency, limit)
    return tuple(Past(row["at"], rating=row["rating"]) for row in reversed(rows))


async def early_steps(connection: Connection, agency: str, *, limit: int) -> tuple[Past, ...]:
    """The agency's last accepted contracts with planned steps, oldest of them first."""
    rows = await connection.fetch(_ACCEPTED, agency, limit)
    return tuple(Past(row["at"], early=row["milestones_early"]) for row in reversed(rows))
