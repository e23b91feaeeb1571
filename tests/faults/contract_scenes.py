"""What the cases of ``contract`` name: contracts at every stage, and whatever the database has by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from marketplace.database import Database
from tests.faults.matters import Matters
from tests.usecases.contracted import Answer, Deal, awarded, today
from tests.usecases.market import Market

Living = Mapping[str, Sequence[str]]
CLOCKS = (
    "contract_signing", "contract_upload", "contract_confirmation", "contract_day", "acceptance", "rating",
    "rating_answer", "filing_objection", "filing_objection_answer", "hold_review",
)  # fmt: skip
SLOW = dict.fromkeys(CLOCKS, (20, "minutes"))
"""Clocks of the demonstration's profile, so slow that matters wait until they are asked about."""
_SOME = """SELECT kind, id FROM (
  SELECT kind, id, row_number() OVER (PARTITION BY kind ORDER BY md5(id || $1::text)) AS place FROM (
    SELECT 'agency' AS kind, uscc AS id FROM agency
    UNION ALL SELECT 'demand', id FROM demand
    UNION ALL SELECT 'selection', id FROM selection
    UNION ALL SELECT 'contract', id FROM contract
    UNION ALL SELECT 'notice', id FROM notice
    UNION ALL SELECT 'fact', id FROM credit_fact
    UNION ALL SELECT 'restriction', id FROM restriction
    UNION ALL SELECT 'proposal', id FROM proposal
    UNION ALL SELECT 'coverage', id FROM coverage
    UNION ALL SELECT 'claim', id FROM practitioner
    UNION ALL SELECT 'hold', id FROM agency_hold
    UNION ALL SELECT 'objection', id FROM filing_objection
    UNION ALL SELECT 'qualification', id::text FROM qualification
    UNION ALL SELECT 'offer', id::text FROM shelf_offer
    UNION ALL SELECT 'attachment', id FROM attachment
    UNION ALL SELECT 'webhook', id FROM webhook
  ) AS everything
) AS numbered WHERE place <= 20"""
"""Nobody's roles or tokens: who asks goes on asking."""


async def living(database: Database, number: int) -> Living:
    """Up to twenty identifiers of each kind that exist by now, others for another number."""
    async with database.read() as connection:
        rows = await connection.fetch(_SOME, str(number))
    found: dict[str, list[str]] = {}
    for row in sorted(rows):
        found.setdefault(row["kind"], []).append(row["id"])
    return found


class Scenes(Matters):
    """Matters, and a contract of the same owner and agency at every stage from its upload to its end."""

    async def _demands(self, market: Market) -> None:
        await super()._demands(market)
        deals = [Deal(self.database, await awarded(market, file=False)) for _ in range(8)]
        uploaded, running, visited, changing, handed, accepted, disputed, ending = deals
        went(await uploaded.upload())
        for deal in deals[1:]:
            await deal.sign()
        went(await running.plan(today()))
        went(await visited.visit())
        went(await changing.propose(days=20))
        for deal in (handed, accepted):
            went(await deal.hand_in())
        went(await accepted.accept())
        went(await disputed.dispute())
        went(await ending.ask_end())


def went(answer: Answer) -> None:
    """A refusal here is a fault of the scene."""
    assert not hasattr(answer, "codes"), answer
