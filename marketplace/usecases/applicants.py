"""What is on record about agencies that are to take part, and what a demand asks of them: read under their locks.

Invariants: the caller holds the agencies' status rows, so that neither a restriction nor a suspension commits between
the answer and the act; what the clock has brought to the project's other selections is settled before the act, so that
a late ticker hides no earlier award. Source: market.md sections 2 and 4, trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from agencies import store as agencies
from agencies.life import ACTIVE
from agencies.own_work import EarlierAward
from credit.restrictions import Restriction
from marketplace.catalogue.own_work import own_work_pairs
from marketplace.catalogue.requirements import requirements_of
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.admission import Applicant, Call
from marketplace.demands.store import Demand
from marketplace.usecases.rules_in_force import catalogue_of
from marketplace.usecases.settle_selection import settle_selection

_DUE = """
SELECT running.id FROM demand
  JOIN demand AS other ON other.id <> demand.id AND (other.project_code = demand.project_code
    OR other.owner_code = demand.owner_code AND other.project_name = demand.project_name)
  JOIN selection AS running ON running.id = other.selection
WHERE (demand.selection = $1 OR demand.id = $1)
  AND running.state <> 'closed' AND running.due_at <= statement_timestamp()
  AND (demand.item = ANY($2::text[]) OR demand.further_items::text[] && $2::text[])
ORDER BY running.id LIMIT 50
"""
"""Other selections of the project that have something to settle, where the items could be somebody's own work.

The clock is looked at once, however the rows are found."""


def call_of(demand: Demand, *, on: date) -> Call:
    """What a demand asks of an applicant; its qualifications must hold on that Beijing day."""
    return Call(
        requirements_of(demand.items, catalogue_of(demand)),
        demand.recusals,
        demand.owner_code,
        on,
        demand.items,
        demand.region,
        own_work_pairs(),
    )


async def applicants_for(
    connection: Connection, who: Sequence[str], demand: Demand, restrictions: Mapping[str, tuple[Restriction, ...]]
) -> dict[str, Applicant]:
    """The applicants to a demand by agency: certificates, standing, what they won for the project before."""
    papers = await agencies.qualifications(connection, who)
    lives = await agencies.dormant(connection, who)
    won = await won_for_project(connection, who, demand)
    return {
        agency: Applicant(agency, papers[agency], restrictions[agency], lives.get(agency, ACTIVE), won[agency])
        for agency in who
    }


async def won_for_project(
    connection: Connection, who: Sequence[str], demand: Demand
) -> Mapping[str, tuple[EarlierAward, ...]]:
    """What each agency won for the demand's project before; no query where the items are nobody's own work."""
    if not any({pair.one, pair.other}.intersection(demand.items) for pair in own_work_pairs()):
        return dict.fromkeys(who, ())
    return await demands.won_before(connection, who, demand)


async def settle_project(database: Database, identifier: str) -> None:
    """Settle the other selections of the project of a selection or demand that are due, each in its own transaction.

    Only where the items stand in a pair of own work; an identifier that names nothing has nothing to settle.
    """
    paired = sorted({item for pair in own_work_pairs() for item in (pair.one, pair.other)})
    async with database.borrow() as connection:
        due = [row["id"] for row in await connection.fetch(_DUE, identifier, paired)]
    for selection in due:
        await settle_selection(database, selection)
