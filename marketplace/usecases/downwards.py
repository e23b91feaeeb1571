"""Regulators act downwards: over agencies of their region, and over facts that their region or one in it recorded.

Source: market.md section 1.
"""

from __future__ import annotations

import re

from marketplace.database import Connection
from marketplace.usecases.act import Caller, require

_OFFICE = re.compile(r"R-([0-9]{6})-[0-9A-Z]+", re.ASCII)


async def require_over_agency(connection: Connection, caller: Caller, act: str, agency: str) -> None:
    """Refuses (``Forbidden``) a regulator whose region does not hold the agency's."""
    if _is_bound(caller):
        region = await connection.fetchval("SELECT region FROM agency WHERE uscc = $1", agency)
        require(caller, act, region=region)


async def require_over_fact(connection: Connection, caller: Caller, act: str, agency: str, fact: str) -> None:
    """Refuses (``Forbidden``) a regulator whose region does not hold that of whoever recorded the fact."""
    if not _is_bound(caller):
        return
    recorded_by = await connection.fetchval(
        "SELECT actor_id FROM record_event WHERE subject = $1 AND type = 'credit_fact.recorded' AND data->>'fact' = $2",
        f"agency/{agency}", fact,
    )  # fmt: skip
    found = _OFFICE.fullmatch(recorded_by or "")
    require(caller, act, region=None if found is None else found[1])


def _is_bound(caller: Caller) -> bool:
    return caller.badge is not None and caller.badge.region is not None
