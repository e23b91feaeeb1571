"""The shipped seed (data/README.md): read once, relative in time, so that it never ages.

Invariants: every name is invented and carries （示例）; codes check but lie in divisions no authority uses. The data
is ours: a fault in it is a bug and raises; tests/unit/test_seed_data.py reads it through.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, cast

from agencies.filing import AgencyKind
from agencies.qualifications import Qualification
from commons.instants import beijing_date, start_of_day
from marketplace.demands.demand import BuyerClass
from marketplace.seed.plans import (
    AgencyPlan,
    DemandDraft,
    Experience,
    MarketPlan,
    RelativeSchedule,
    RoundLength,
    ShelfPlan,
)
from marketplace.seed.resolving import CALENDAR, Pace, resolve_demand

_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeedOwner:
    """An invented project owner (项目业主)."""

    uscc: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class SeedAgency:
    """An invented agency; what has dates keeps the file's rows, with days counted from the day of the load."""

    uscc: str
    name: str
    kind: AgencyKind
    region: str
    legal_representative: str
    contact: str
    phone: str
    qualification_rows: tuple[_Row, ...]
    experience: tuple[Experience, ...]
    shelf_rows: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class Seed:
    """The whole seed, in the order of its files."""

    owners: tuple[SeedOwner, ...]
    agencies: tuple[SeedAgency, ...]
    demands: tuple[DemandDraft, ...]


def resolve(seed: Seed, *, at: datetime, pace: Pace = CALENDAR) -> MarketPlan:
    """The seed as loaded at ``at``: dates count from that day in Beijing, schedules run at the pace."""
    return MarketPlan(
        agencies=tuple(_agency_plan(agency, at) for agency in seed.agencies),
        demands=tuple(resolve_demand(draft, at=at, pace=pace) for draft in seed.demands),
    )


@cache
def load_seed() -> Seed:
    """The shipped seed; the same object each time."""
    owners = tuple(SeedOwner(row["uscc"], row["name"], row["region"]) for row in _rows("owners.csv"))
    names = {owner.uscc: owner.name for owner in owners}
    demands = json.loads(_text("demands.json"))
    return Seed(owners, _agencies(), tuple(_draft(demand, names) for demand in demands))


def _agencies() -> tuple[SeedAgency, ...]:
    """Agencies with the rows of the three files that speak of them; a row of nobody's is a bug."""
    qualifications = _rows_by_agency("qualifications.csv")
    experience = _rows_by_agency("experience.csv")
    shelf = _rows_by_agency("shelf_offers.csv")
    agencies = tuple(
        SeedAgency(
            uscc=row["uscc"],
            name=row["name"],
            kind=cast("AgencyKind", row["kind"]),
            region=row["region"],
            legal_representative=row["legal_representative"],
            contact=row["contact"],
            phone=row["phone"],
            qualification_rows=tuple(qualifications.pop(row["uscc"], ())),
            experience=tuple(Experience(one["item"], int(one["count"])) for one in experience.pop(row["uscc"], ())),
            shelf_rows=tuple(shelf.pop(row["uscc"], ())),
        )
        for row in _rows("agencies.csv")
    )
    assert not {**qualifications, **experience, **shelf}, "a row of the seed belongs to no agency"
    return agencies


def _agency_plan(agency: SeedAgency, at: datetime) -> AgencyPlan:
    """The agency with its dates."""
    return AgencyPlan(
        uscc=agency.uscc,
        name=agency.name,
        kind=agency.kind,
        region=agency.region,
        legal_representative=agency.legal_representative,
        contact=agency.contact,
        phone=agency.phone,
        qualifications=tuple(_qualification(row, at) for row in agency.qualification_rows),
        experience=agency.experience,
        shelf=tuple(_shelf_plan(row, at) for row in agency.shelf_rows),
    )


def _qualification(row: _Row, at: datetime) -> Qualification:
    today = beijing_date(at)
    return Qualification(
        kind=row["kind"],
        grade=row["grade"] or None,
        number=row["number"],
        issuer=row["issuer"],
        valid_from=today + timedelta(days=int(row["valid_from_days"])),
        valid_until=today + timedelta(days=int(row["valid_until_days"])),
    )


def _shelf_plan(row: _Row, at: datetime) -> ShelfPlan:
    today = beijing_date(at)
    return ShelfPlan(
        item=row["item"],
        unit=row["unit"],
        unit_price_fen=int(row["unit_price_fen"]),
        minimum_fee_fen=int(row["minimum_fee_fen"]),
        days=int(row["days"]),
        capacity=int(row["capacity"]),
        taken=int(row["taken"]),
        valid_from=start_of_day(today + timedelta(days=int(row["valid_from_days"]))),
        valid_until=start_of_day(today + timedelta(days=int(row["valid_until_days"]))),
    )


def _draft(demand: dict[str, Any], owner_names: Mapping[str, str]) -> DemandDraft:
    schedule = demand["schedule"]
    return DemandDraft(
        key=demand["key"],
        project_code=demand["project_code"],
        project_name=demand["project_name"],
        title=demand["title"],
        owner_name=owner_names[demand["owner"]],
        owner_uscc=demand["owner"],
        region=demand["region"],
        place=demand["place"],
        item=demand["item"],
        buyer_class=cast("BuyerClass", demand["buyer_class"]),
        quantity=demand["quantity"],
        unit=demand["unit"],
        description=demand["description"],
        terms=demand["terms"],
        schedule=RelativeSchedule(
            sign_up_workdays=schedule["sign_up_workdays"],
            offer_workdays=schedule["offer_workdays"],
            rounds=tuple(RoundLength(one["minutes"], one["break_minutes"]) for one in schedule.get("rounds", ())),
            first_round_minute=schedule.get("first_round_minute", 0),
        ),
        further_items=tuple(demand.get("further_items", ())),
    )


def _rows_by_agency(name: str) -> dict[str, list[_Row]]:
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _rows(name):
        rows[row["uscc"]].append(row)
    return dict(rows)


def _rows(name: str) -> tuple[_Row, ...]:
    return tuple(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return resources.files("marketplace.seed").joinpath("data", name).read_text(encoding="utf-8")
