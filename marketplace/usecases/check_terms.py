"""Check terms (条款检查) before anything is posted: faults where they cannot be published, warnings where they can."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from bidding.reading.terms import parse_demand_terms
from bidding.terms import DemandTerms, MultiRoundTerms
from commons.canonical import Json
from commons.errors import Malformed
from marketplace.catalogue.in_force import Rules, kept
from marketplace.catalogue.items import ServiceItem
from marketplace.database import Database
from marketplace.demands.demand import MAX_ITEMS, BuyerClass, Recusal
from marketplace.demands.store import Demand
from marketplace.usecases.act import Identifier, Instant, RegionCode, UsccText
from marketplace.usecases.fairness import Fairness, check_fairness
from marketplace.usecases.file_agency import city_of
from marketplace.usecases.post_demand import MAX_RECUSALS, beyond, read_items
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.rules_in_force import PROVINCE, rules_in_force
from marketplace.usecases.stated import Stated, declared_of
from marketplace.usecases.weigh_terms import digest_of

PROFILE = "generic-v1"


class CheckTerms(Stated):
    """Whole terms, the items they are for, and what is known of the demand so far.

    ``further_items`` are bought together with ``item`` under one price; rounds close by their own terms. Without a
    ``region`` the province's rules count and certificates of any scope do.
    """

    terms: dict[str, Any]
    item: Identifier
    further_items: Annotated[list[Identifier], Field(default_factory=list, max_length=MAX_ITEMS - 1)]
    owner_code: UsccText | None = None
    recused: Annotated[list[UsccText], Field(default_factory=list, max_length=MAX_RECUSALS)]
    closes_at: Instant | None = None
    region: RegionCode | None = None
    buyer_class: BuyerClass = "fiscal"
    is_example: bool = False


async def check_terms(database: Database, command: CheckTerms, *, profile: str = PROFILE) -> Fairness:
    """The check as of today; ``Malformed`` with every fault of the terms, the items and the places."""
    async with reading(database) as snapshot:
        rules = await rules_in_force(snapshot.connection, profile, command.region or PROVINCE, at=snapshot.now)
        terms, items, declared = _read(command, rules)
        imagined = _imagined(command, terms, items, rules, declared, at=snapshot.now)
        return await check_fairness(snapshot.connection, imagined, terms, at=snapshot.now)


def _read(command: CheckTerms, rules: Rules) -> tuple[DemandTerms, list[ServiceItem], dict[str, Json]]:
    codes = [command.item, *command.further_items]
    items, faults = read_items(codes, mode=command.terms.get("mode"), catalogue=rules.catalogue)
    declared, wrong = declared_of(command)
    faults.extend(wrong)
    try:
        terms = parse_demand_terms(command.terms)
        digest_of(command.terms)
        faults.extend(beyond(terms))
    except Malformed as malformed:
        raise Malformed((*faults, *malformed.faults)) from None
    if faults:
        raise Malformed(tuple(faults))
    return terms, items, declared


def _imagined(
    command: CheckTerms, terms: DemandTerms, items: list[ServiceItem], rules: Rules, declared: dict[str, Json], *,
    at: datetime,
) -> Demand:  # fmt: skip
    """The demand as it would be posted; what is not known of it is empty."""
    return Demand(
        id="", selection="", state="draft", title="", owner_code=command.owner_code or "", owner_name="",
        buyer_class=command.buyer_class, project_code="", project_name="", region=command.region or "",
        city=city_of(command.region) if command.region else "", place="", item=items[0].code, description="",
        quantity=1, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days, mode=terms.mode, terms=command.terms,
        terms_digest="", recusals=tuple(Recusal(one, "") for one in command.recused), profile=rules.profile.name,
        is_regional_assessment=any(item.regional_assessment for item in items), is_example=command.is_example,
        posted_at=at, closes_at=terms.rounds[-1].closes_at if isinstance(terms, MultiRoundTerms) else command.closes_at,
        further_items=tuple(item.code for item in items[1:]), rules=kept(rules, [item.code for item in items]),
        declared=declared,
    )  # fmt: skip
