"""What an owner states beside the terms: conditions of taking part, that a tender is due, the project's place.

Kept with the demand and in its record as stated; what of it may not be is refused at publication, with all reasons.
Source: market.md sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import Field

from commons.canonical import Json
from commons.errors import Fault
from marketplace.catalogue.areas import area_of, read_area, read_spot
from marketplace.catalogue.conditions import Asked, ConditionKind
from marketplace.catalogue.coverage import Site
from marketplace.demands.store import Demand
from marketplace.usecases.act import Fen, Ground, Line, Message, RegionCode

MAX_CONDITIONS = 20


class ConditionText(Message):
    """A condition of taking part: ``name`` of a qualification, certificate or list, ``amount`` in fen or a number."""

    kind: ConditionKind
    name: Line = ""
    grade: Line = ""
    region: RegionCode | None = None
    amount: Fen = 0

    def asked(self) -> Asked:
        """As the rule reads it."""
        return Asked(self.kind, self.name, self.grade, self.region or "", self.amount)


class Stated(Message):
    """Beside the terms. ``public_tender``: the law asks for one. ``zone``, ``point``, ``polygon``: the project's place.

    Coordinates are CGCS2000, degrees as decimal text or whole micro-degrees; ``polygon`` is a GeoJSON polygon of them.
    ``despite_coverage``: why the owner goes on although a regional assessment stands for the item; it is published.
    """

    conditions: list[ConditionText] = Field(default_factory=list, max_length=MAX_CONDITIONS)
    public_tender: bool = False
    zone: Line = ""
    point: Annotated[list[str | int], Field(min_length=2, max_length=2)] | None = None
    polygon: dict[str, Any] | None = None
    despite_coverage: Ground | None = None


def declared_of(stated: Stated) -> tuple[dict[str, Json], list[Fault]]:
    """What a demand keeps of it, only what is said; and every fault of the places."""
    faults: list[Fault] = []
    kept: dict[str, Json] = {}
    if stated.conditions:
        kept["conditions"] = [
            {"kind": one.kind, "name": one.name, "grade": one.grade, "region": one.region or "", "amount": one.amount}
            for one in stated.conditions
        ]
    if stated.public_tender:
        kept["public_tender"] = True
    if stated.zone:
        kept["zone"] = stated.zone
    if stated.point is not None:
        spot, wrong = read_spot(stated.point, "/point")
        faults += wrong
        if spot is not None:
            kept["point"] = list(spot)
    if stated.polygon is not None:
        area, wrong = read_area(stated.polygon)
        faults += wrong
        if area is not None:
            kept["rings"] = area.as_json()
    if stated.despite_coverage is not None:
        kept["despite_coverage"] = stated.despite_coverage
    return kept, faults


def asked_of(declared: Mapping[str, Json]) -> tuple[Asked, ...]:
    """The conditions that a demand keeps."""
    rows = cast("Sequence[Mapping[str, Any]]", declared.get("conditions") or ())
    return tuple(Asked(one["kind"], one["name"], one["grade"], one["region"], one["amount"]) for one in rows)


def site_of(demand: Demand) -> Site:
    """Where the demand's project is; the place it names is taken for a zone where no zone is named."""
    declared = demand.declared
    point = cast("Sequence[int] | None", declared.get("point"))
    rings = cast("Sequence[Sequence[Sequence[int]]] | None", declared.get("rings"))
    return Site(
        demand.region,
        str(declared.get("zone") or demand.place),
        None if point is None else (point[0], point[1]),
        None if rings is None else area_of(rings),
    )
