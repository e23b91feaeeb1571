"""Which rules hold: for what is published now, those of the versions in force; for a demand, those that it kept.

Whatever decides by the rules in force holds them (``hold_rules``) before it asks the clock, so that a version that
holds at that instant is seen. Source: docs/adr/0024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from commons.canonical import Json
from commons.profiles import RuleProfile
from commons.regions import REGIONS
from marketplace.catalogue.in_force import Rules, kept, kept_catalogue, kept_profile, rules_at, shipped_rules
from marketplace.catalogue.items import Catalogue
from marketplace.catalogue.profiles import rule_profile
from marketplace.catalogue.store import hold_rules, last_versions
from marketplace.database import Connection, Database
from marketplace.demands.store import Demand
from marketplace.usecases.act import clock

PROVINCE = REGIONS.rows[0].code
"""Whose rules count where no region is named."""


async def rules_in_force(connection: Connection, profile: str, region: str, *, at: datetime) -> Rules:
    """The profile of that name and the catalogue as they hold in that region at that instant."""
    return rules_at(await last_versions(connection, profile, region, at=at), profile, region, at=at)


async def current_rules(database: Database, profile: str, region: str) -> tuple[Rules, datetime]:
    """The same as of the database's clock now, with that instant."""
    async with database.transaction() as connection:
        await hold_rules(connection)
        at = await clock(connection)
        return await rules_in_force(connection, profile, region, at=at), at


async def under_rules(
    connection: Connection, demand: Demand, *, at: datetime, despite: str | None = None
) -> Demand:  # fmt: skip
    """The demand as it would be published at that instant: it keeps the rules in force then, and what is said anew."""
    rules = await rules_in_force(connection, demand.profile, demand.region, at=at)
    declared = {**demand.declared, **({} if despite is None else {"despite_coverage": despite})}
    return replace(demand, rules=kept(rules, demand.items), declared=declared)


def profile_of(demand: Demand) -> RuleProfile:
    """The profile that the demand was published under (a draft: was posted under)."""
    return kept_profile(rule_profile(demand.profile), demand.rules)


def catalogue_of(demand: Demand) -> Catalogue:
    """The catalogue with the demand's items as they were when it was published."""
    return kept_catalogue(demand.rules)


def rules_kept(demand: Demand) -> Rules:
    """The rules that the demand was published under, its profile and catalogue as it keeps them."""
    return replace(shipped_rules(demand.profile), profile=profile_of(demand), catalogue=catalogue_of(demand))


def profile_kept_as(name: str, rules: Mapping[str, Json]) -> RuleProfile:
    """The same from the name and the keeping alone."""
    return kept_profile(rule_profile(name), rules)
