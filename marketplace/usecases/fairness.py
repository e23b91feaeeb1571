"""The fairness check (公平性检查) of a demand before it is published: who could take part, at what price.

How many filed agencies qualify, one condition after another; what must change before it may be published, each with
its source; what similar demands cost and took; which regional assessment stands for it already. Invariants: what must
change is what publication would refuse at this instant; nothing is kept. Source: market.md section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bidding.terms import DemandTerms
from commons.instants import beijing_date
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.coverage import Covered, judge_coverage
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.reach import FEWEST
from marketplace.demands.similar import Similar, Spread
from marketplace.demands.store import Demand
from marketplace.usecases.act import Message
from marketplace.usecases.barred import beyond_rules, covered_now, whole_of
from marketplace.usecases.read_similar import read_similar
from marketplace.usecases.rules_in_force import PROVINCE, rules_in_force
from marketplace.usecases.weigh_terms import Weighed, aim_of, weigh


@dataclass(frozen=True, slots=True)
class Fairness(Weighed):
    """What is said about the terms, with what must change, what is similar and what is covered already."""

    must_change: tuple[Reason, ...]
    similar: Similar
    covered: tuple[Covered, ...]


class FairnessSource(Message):
    """Where a rule comes from, and how far its text was read."""

    title: str
    place: str
    text_seen: str


class MustChange(Message):
    """What keeps the demand from being published, as its refusal would say it."""

    code: str
    params: dict[str, str | int | bool | None]
    source: FairnessSource


class CoveredText(Message):
    """A regional assessment that stands for an item until ``valid_to`` (that day is outside)."""

    item: str
    coverage: str
    zone: str
    valid_to: date
    result: str
    access_standard: str
    negative_list: tuple[str, ...]
    document: FairnessSource


class SpreadText(Message):
    """Least, lower quarter, median, upper quarter and most of ``count`` awards."""

    count: int
    least: int
    quarter: int
    median: int
    three_quarters: int
    most: int


class SimilarText(Message):
    """Awards of the same items since that day in the county, city or province: prices in fen, days."""

    scope: str
    since: date
    count: int
    price_fen: SpreadText | None
    service_days: SpreadText | None
    award_days: SpreadText | None


class FairnessText(Message):
    """The check in short: agencies on file and qualified, the condition that cuts most, and what goes with it.

    ``fewest`` is the number below which there is a warning.
    """

    filed: int
    qualified: int
    fewest: int
    cuts_most: str | None
    must_change: tuple[MustChange, ...]
    similar: SimilarText
    covered_by: tuple[CoveredText, ...]


async def check_fairness(connection: Connection, demand: Demand, terms: DemandTerms, *, at: datetime) -> Fairness:
    """The check of a demand by the rules in force in its region at that instant, and by the directory as it is."""
    weighed = await weigh(connection, terms, aim_of(demand), at=at)
    demand = replace(demand, region=demand.region or PROVINCE)
    rules = await rules_in_force(connection, demand.profile, demand.region, at=at)
    covered = await covered_now(connection, demand, at=at)
    lots = () if demand.notice is None else await demands.lots_of(connection, demand.notice)
    must_change = (
        *abolished(demand.items, on=beijing_date(at), known=rules.abolished),
        *beyond_rules(demand, terms, rules, whole_fen=whole_of(demand, lots)),
        *(() if demand.declared.get("despite_coverage") else judge_coverage(covered)),
    )
    past = await read_similar(
        connection, demand.items, region=demand.region, city=demand.city, example=demand.is_example, at=at,
        apart_from=demand.id,
    )  # fmt: skip
    return Fairness(weighed.warnings, weighed.reach, weighed.on, weighed.at, must_change, past, covered)


def fairness_text(found: Fairness) -> FairnessText:
    """The check as answers carry it."""
    most = found.reach.cuts_most
    return FairnessText(
        filed=found.reach.filed,
        qualified=found.reach.qualified,
        fewest=FEWEST,
        cuts_most=None if most is None else most.code,
        must_change=tuple(
            MustChange(code=one.code, params=dict(one.params), source=_source(one.source)) for one in found.must_change
        ),
        similar=_similar(found.similar),
        covered_by=covered_texts(found.covered),
    )


def covered_texts(covered: tuple[Covered, ...]) -> tuple[CoveredText, ...]:
    """What stands for which item."""
    return tuple(
        CoveredText(
            item=one.item, coverage=one.coverage.id, zone=one.coverage.zone, valid_to=one.coverage.valid_to,
            result=one.coverage.result, access_standard=one.coverage.access_standard,
            negative_list=one.coverage.negative_list, document=_source(one.coverage.document),
        )
        for one in covered
    )  # fmt: skip


def _similar(found: Similar) -> SimilarText:
    return SimilarText(
        scope=found.scope, since=found.since, count=found.count, price_fen=_spread(found.price_fen),
        service_days=_spread(found.service_days), award_days=_spread(found.award_days),
    )  # fmt: skip


def _spread(one: Spread | None) -> SpreadText | None:
    return None if one is None else SpreadText(
        count=one.count, least=one.least, quarter=one.quarter, median=one.median, three_quarters=one.three_quarters,
        most=one.most,
    )  # fmt: skip


def _source(one: Source) -> FairnessSource:
    return FairnessSource(title=one.title, place=one.place, text_seen=one.text_seen)
