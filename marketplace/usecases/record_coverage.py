"""Record the coverage of a regional assessment (登记区域评估覆盖): from its first day on it spares projects the item.

A coverage is never edited: another one supersedes it in one act, or it is withdrawn. Source: market.md section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.regions import REGIONS
from commons.sources import Source, TextSeen
from commons.verdicts import Refused
from marketplace.catalogue.areas import Area, read_area
from marketplace.catalogue.coverage import Coverage, Ended
from marketplace.catalogue.items import Catalogue
from marketplace.catalogue.store import coverage_by_id, end_coverage, insert_coverage
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Ground,
    Identifier,
    Line,
    Message,
    Name,
    Prose,
    RegionCode,
    clock,
    new_identifier,
    perform,
    require,
)  # fmt: skip
from marketplace.usecases.rules_in_force import rules_in_force

MAX_ITEMS = 10
MAX_NEGATIVE = 50
DAYS = Annotated[date, Field(strict=False)]
PROFILE = "generic-v1"


class RecordCoverage(Message):
    """Which area (region and named zone, where there is a map a GeoJSON polygon), which items, what came of it.

    Valid from its first day to the day before ``valid_to``. ``supersedes`` names the coverage that ends with it.
    """

    region: RegionCode
    zone: Name
    items: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_ITEMS)]
    result: Annotated[Prose, Field(min_length=1)]
    access_standard: Annotated[Prose, Field(min_length=1)]
    negative_list: list[Line] = Field(default_factory=list, max_length=MAX_NEGATIVE)
    document: Ground
    place: Line = ""
    text_seen: TextSeen
    valid_from: DAYS
    valid_to: DAYS
    polygon: dict[str, Any] | None = None
    supersedes: Identifier | None = None
    is_example: bool = False


class CoverageRecorded(Message):
    """The coverage as it stands from now on."""

    coverage: str
    region: str
    zone: str
    items: tuple[str, ...]
    recorded_at: datetime
    superseded: str | None


async def record_coverage(
    database: Database, caller: Caller, command: RecordCoverage, *, profile: str = PROFILE
) -> CoverageRecorded | Refused:
    """Keep a coverage; ``Malformed`` with every fault, ``Conflict`` where the one it supersedes has ended."""
    require(caller, "record_coverage", region=command.region)
    area, faults = (None, []) if command.polygon is None else read_area(command.polygon)

    async def work(connection: Connection) -> CoverageRecorded | Refused:
        last = [] if command.supersedes is None else await hold(connection, f"coverage/{command.supersedes}")
        at = await clock(connection, *last)
        rules = await rules_in_force(connection, profile, command.region, at=at)
        if wrong := [*faults, *_faults(command, rules.catalogue)]:
            raise Malformed(tuple(wrong))
        return await _keep(connection, caller, command, area, at=at)

    return await perform(database, caller, command, CoverageRecorded, work)


def _faults(command: RecordCoverage, catalogue: Catalogue) -> Iterator[Fault]:
    """Items that no regional assessment can be of, and days the wrong way round."""
    for place, code in enumerate(command.items):
        item = catalogue.item(code)
        if item is None:
            yield Fault(f"/items/{place}", "unknown_item", "this item is not in the catalogue")
        elif not item.regional_assessment:
            yield Fault(f"/items/{place}", "not_regional", "no regional assessment is made of this item")
        elif code in command.items[:place]:
            yield Fault(f"/items/{place}", "item_twice", "this item stands in the list already")
    if command.valid_to <= command.valid_from:
        yield Fault("/valid_to", "out_of_order", "the validity ends after it begins")


async def _keep(
    connection: Connection, caller: Caller, command: RecordCoverage, area: Area | None, *, at: datetime
) -> CoverageRecorded:
    one = Coverage(
        id=new_identifier("C", at=at), region=command.region, zone=command.zone, items=tuple(command.items),
        result=command.result, access_standard=command.access_standard, negative_list=tuple(command.negative_list),
        document=Source(command.document, command.text_seen, command.place), valid_from=command.valid_from,
        valid_to=command.valid_to, area=area, supersedes=command.supersedes, is_example=command.is_example,
        recorded_at=at,
    )  # fmt: skip
    if one.supersedes is not None:
        await _supersede(connection, caller, one, at=at)
    await insert_coverage(connection, one, by=f"{caller.actor.role}:{caller.actor.id}", at=at)
    act = Act("coverage.recorded", coverage_data(one))
    await append(connection, f"coverage/{one.id}", [act], actor=caller.actor, at=at)
    return CoverageRecorded(
        coverage=one.id, region=one.region, zone=one.zone, items=one.items, recorded_at=at, superseded=one.supersedes
    )


async def _supersede(connection: Connection, caller: Caller, one: Coverage, *, at: datetime) -> None:
    assert one.supersedes is not None, "asked for"
    before = await coverage_by_id(connection, one.supersedes)
    if before is None:
        raise NotFound("coverage", one.supersedes)
    require(caller, "record_coverage", region=before.region)
    if not REGIONS.contains(one.region, before.region) and not REGIONS.contains(before.region, one.region):
        raise Malformed((Fault("/supersedes", "elsewhere", "it lies in another region"),))
    ended = Ended("superseded", one.document.title, at, one.id)
    if before.ended is not None or not await end_coverage(connection, before.id, ended):
        raise Conflict("coverage_is_over", "this coverage has ended before")
    act = Act("coverage.superseded", {"successor": one.id})
    await append(connection, f"coverage/{before.id}", [act], actor=caller.actor, at=at)


def coverage_data(one: Coverage) -> dict[str, Json]:
    """A coverage as its event has it: coordinates in whole micro-degrees."""
    return {
        "region": one.region,
        "zone": one.zone,
        "items": list(one.items),
        "result": one.result,
        "access_standard": one.access_standard,
        "negative_list": list(one.negative_list),
        "document": one.document.title,
        "place": one.document.place,
        "text_seen": one.document.text_seen,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat(),
        "rings": [] if one.area is None else one.area.as_json(),
        "supersedes": one.supersedes,
        "is_example": one.is_example,
    }
