"""The demands of one's own organisation (我的项目): published ones as they stand now, the latest first, and the drafts.

For whom the caller acts: an owner for itself, a delegate for the owners who gave it a mandate. Source: market.md
section 4; pages.md (工作台).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Database
from marketplace.usecases.act import Caller, require
from marketplace.usecases.read_listing import COLUMNS, SHOWN, WINNER, Listed, columns_of, listed
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling

MOST = 50
"""Demands of one answer at most."""
_OWN = (
    COLUMNS
    + "FROM "
    + SHOWN
    + WINNER
    + "WHERE shown.id = ANY($10::text[]) ORDER BY shown.published_at DESC, shown.id DESC"
)
_IDS = """
SELECT id FROM demand WHERE owner_code = ANY($1::text[]) AND published_at IS NOT NULL
ORDER BY published_at DESC, id DESC LIMIT $2
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE published_at IS NOT NULL) AS published, count(*) FILTER (WHERE state = 'draft') AS drafts
FROM demand WHERE owner_code = ANY($1::text[])
"""


@dataclass(frozen=True, slots=True)
class OwnDemands:
    """The latest of them, how many there are, and how many drafts besides; as of ``now``."""

    now: datetime
    rows: tuple[Listed, ...]
    published: int
    drafts: int


async def read_own_demands(database: Database, caller: Caller, *, limit: int = MOST) -> OwnDemands:
    """What the organisations have published for which the caller acts; ``limit`` of them at most."""
    require(caller, "read_work_list")
    owners = owners_of(caller)
    async with reading(database) as snapshot:
        connection = snapshot.connection
        counts = await connection.fetchrow(_COUNTS, owners)
        ids = [row["id"] for row in await connection.fetch(_IDS, owners, min(limit, MOST))]
        ahead = columns_of(await ahead_of_settling(snapshot)) if ids else ()
        rows = await connection.fetch(_OWN, *ahead, ids) if ids else []
    assert counts is not None, "a count has a row"
    return OwnDemands(snapshot.now, tuple(listed(row) for row in rows), counts["published"], counts["drafts"])


def owners_of(caller: Caller) -> list[str]:
    """The owners for whom somebody acts."""
    if caller.actor.role == "owner":
        return [caller.actor.id]
    return sorted(caller.badge.mandates) if caller.badge is not None else []
