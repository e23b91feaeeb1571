"""Whether restrictions bar an agency from an act: the one question that every act of an agency asks under its row.

``credit.restrictions.restricted`` decides; here it is handed what is on record. The caller holds the agency's status
row shared, so that no restriction commits between the answer and the act.

Source: trust.md section 1, credit.md section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commons.verdicts import Reason
from credit import store as credit
from credit.restrictions import Measure, restricted
from marketplace.database import Connection


async def barred(
    connection: Connection, agency: str, measure: Measure, *, items: Sequence[str], at: datetime
) -> tuple[Reason, ...]:
    """One reason for each restriction in force at ``at`` that bars the measure for any of the items; none: free."""
    bound = await credit.restrictions(connection, [agency])
    return restricted(bound[agency], at=at, measure=measure, items=items)
