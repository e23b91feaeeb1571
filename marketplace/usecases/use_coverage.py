"""Use a coverage in place of a demand (使用区域评估成果): the owner gives the draft up, and what that saved is counted.

Counted is the median of what similar demands cost and took (``read_similar``: the same items, two years, the nearest
region with enough of them): price in fen, and days from publication to award with the service days that were allowed.
Where nothing is similar nothing is counted, and the record says so. Source: market.md sections 3 and 5.
"""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.errors import Conflict, NotFound
from commons.verdicts import Reason, Refused
from marketplace.catalogue.conditions import CONDITION_RULE
from marketplace.catalogue.coverage import Covered
from marketplace.catalogue.store import insert_saving
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.similar import Similar
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Identifier, Message, clock, perform, require
from marketplace.usecases.barred import covered_now
from marketplace.usecases.fairness import CoveredText, covered_texts
from marketplace.usecases.read_similar import read_similar


class UseCoverage(Message):
    """Which draft is given up."""

    demand: Identifier


class CoverageUsed(Message):
    """The assessments that stand for it, and what is counted as saved: fen and days, null where nothing is similar."""

    demand: str
    covered_by: tuple[CoveredText, ...]
    saved_fee_fen: int | None
    saved_days: int | None
    sample: int
    used_at: datetime


async def use_coverage(database: Database, caller: Caller, command: UseCoverage) -> CoverageUsed | Refused:
    """Give up a draft all of whose items are covered; refused where they are not."""
    require(caller, "use_coverage")

    async def work(connection: Connection) -> CoverageUsed | Refused:
        demand = await demands.demand_by_id(connection, command.demand, for_update=True)
        if demand is None:
            raise NotFound("demand", command.demand)
        require(caller, "use_coverage", own=demand.owner_code)
        if demand.state != "draft" or demand.notice is not None:
            raise Conflict("not_a_draft", "only a draft that is no lot is given up")
        at = await clock(connection, *await hold(connection, f"demand/{demand.id}"))
        found = await covered_now(connection, demand, at=at)
        missing = [item for item in demand.items if item not in {one.item for one in found}]
        if missing:
            return Refused((Reason("not_covered", CONDITION_RULE, {"items": "、".join(missing)}),))
        return await _use(connection, caller, demand, found, at=at)

    return await perform(database, caller, command, CoverageUsed, work)


async def _use(
    connection: Connection, caller: Caller, demand: Demand, found: tuple[Covered, ...], *, at: datetime
) -> CoverageUsed:
    past = await read_similar(
        connection, demand.items, region=demand.region, city=demand.city, example=demand.is_example, at=at
    )
    fee, days = saved(past)
    coverages = list(dict.fromkeys(one.coverage.id for one in found))
    baseline: dict[str, Json] = {"scope": past.scope, "since": past.since.isoformat(), "sample": past.count}
    data: dict[str, Json] = {"coverages": list(coverages), "fee_fen": fee, "days": days, "baseline": baseline}
    await insert_saving(connection, demand.id, coverages, (fee, days), baseline, at=at)
    act = Act("demand.coverage_used", data)
    await append(connection, f"demand/{demand.id}", [act], actor=caller.actor, at=at)
    await demands.mark_covered(connection, demand.id)
    return CoverageUsed(
        demand=demand.id, covered_by=covered_texts(found), saved_fee_fen=fee, saved_days=days, sample=past.count,
        used_at=at,
    )  # fmt: skip


def saved(past: Similar) -> tuple[int | None, int | None]:
    """Median price in fen, and median days from publication to award with the median of the service days allowed."""
    fee = None if past.price_fen is None else past.price_fen.median
    if past.award_days is None:
        return fee, None
    service = 0 if past.service_days is None else past.service_days.median
    return fee, past.award_days.median + service
