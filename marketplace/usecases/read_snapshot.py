"""One snapshot for one reading, and the instant up to which it is complete.

An offer's instant is taken under lock, before its transaction commits: a snapshot taken just after a close may still
miss an offer that came before it. Invariant: everything dated before ``at`` by a writer is in the snapshot, so what is
folded up to ``at`` is what settling will persist. A long write only holds back what is
not settled yet. Source: trust.md section 1.

Every statement of a reading is planned for what it is asked, or once where that says so (``is_planned_once``), and runs
in this process alone: parallel workers, workers that read ahead and compiling take longer to begin than pages take to
read.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

from marketplace.database import Connection, Database
from marketplace.usecases.many_hits import ManyHits

_INSTANTS = """
SELECT statement_timestamp() AS now, min(xact_start) AS oldest,
  (SELECT last_value FROM demand_tally_step_id_seq) AS moved, (SELECT last_value FROM agency_moved) AS agencies_moved
FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
"""
_EITHER: LiteralString = """
SET LOCAL work_mem = '32MB'; SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL effective_io_concurrency = 0;
"""
"""The bitmap of a common word must not be lossy."""
FOR_IT: LiteralString = "SET LOCAL plan_cache_mode = force_custom_plan"
"""Where a filter may be left out, or words may be rare or common: what is left out must cost nothing."""
_ONCE: LiteralString = "SET LOCAL plan_cache_mode = force_generic_plan"
"""Where rows are found by their keys whatever these are, planning takes longer than running."""
_PLANS, _PLANS_ONCE = _EITHER + FOR_IT, _EITHER + _ONCE


@dataclass(frozen=True, slots=True)
class Reading:
    """``now`` is the database's clock; ``at`` is when the oldest write still under way began, at the latest now.

    ``moved`` counts how demands moved in the lists so far, at least one a move; ``agencies_moved`` how
    agencies did in what they are searched by; ``many`` are searches by these counts;
    ``plan`` says how its statements are planned; ``memory`` is what was worked out of this very snapshot already, by
    whoever did.
    """

    connection: Connection
    now: datetime
    at: datetime
    moved: int
    agencies_moved: int
    many: ManyHits
    plan: LiteralString = FOR_IT
    memory: dict[str, object] = field(default_factory=dict, compare=False)

    @property
    def is_still(self) -> bool:
        """Whether nothing was being written when it began: all that ``moved`` counts is in it."""
        return self.at == self.now


@contextlib.asynccontextmanager
async def reading(database: Database, *, is_planned_once: bool = False) -> AsyncIterator[Reading]:
    """Open a snapshot that refuses writes; the instants are asked first, so that nothing older commits after it.

    ``is_planned_once``: every statement finds its rows by keys, or along an index that it names the order of.
    """
    async with database.borrow() as connection:
        row = await connection.fetchrow(_INSTANTS)
    assert row is not None, "an aggregate has one row"
    now, oldest = row["now"], row["oldest"]
    async with database.read() as connection:
        await connection.execute(_PLANS_ONCE if is_planned_once else _PLANS)
        plan = _ONCE if is_planned_once else FOR_IT
        moved, many = (row["moved"], row["agencies_moved"]), database.companion(ManyHits)
        yield Reading(connection, now, min(now, oldest or now), *moved, many, plan)
