"""Areas (区域) on the map: polygons in whole micro-degrees, read strictly, and what lies in them.

Coordinates are CGCS2000 longitude and latitude, kept as integers of a millionth of a degree (about 0.1 m): exact, and
the same bytes everywhere. Read from decimal text or such integers, never from binary fractions. Invariants: every ring
is closed and crosses nothing; holes lie inside; the border belongs to the area. Source: market.md section 3, RFC 7946
for the shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shapely import Point, Polygon, is_valid_reason  # type: ignore[import-untyped]  # the library ships no types

from commons.canonical import Json
from commons.errors import Fault

MICRO = 1_000_000
MAX_VERTICES = 2_000
"""Vertices of an area, over all rings."""
MAX_RINGS = 20
LONGITUDE = (73_000_000, 136_000_000)
LATITUDE = (3_000_000, 54_000_000)
"""China's bounds."""
FEWEST_VERTICES = 4
"""Of a ring: a triangle, closed."""

_DEGREES = re.compile(r"\d{1,3}(?:\.\d{1,6})?")

Spot = tuple[int, int]
"""Longitude and latitude in micro-degrees."""
Ring = tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon: its outer ring, then its holes."""

    rings: tuple[Ring, ...]

    def covers(self, spot: Spot) -> bool:
        """Whether the place lies in the area or on its border."""
        return bool(_shape(self.rings).covers(Point(*spot)))

    def covers_all(self, other: Area) -> bool:
        """Whether all of the other area lies in this one."""
        return bool(_shape(self.rings).covers(_shape(other.rings)))

    def as_json(self) -> list[Json]:
        """The rings as they are kept: lists of pairs of integers."""
        return [[[longitude, latitude] for longitude, latitude in ring] for ring in self.rings]


def read_spot(raw: object, pointer: str) -> tuple[Spot | None, list[Fault]]:
    """``[longitude, latitude]``, each degrees as decimal text or whole micro-degrees → place, or every fault."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:  # noqa: PLR2004 - a pair
        return None, [Fault(pointer, "not_a_position", "a position is [longitude, latitude]")]
    read = [_micro(one, f"{pointer}/{place}", bounds) for place, (one, bounds) in enumerate(
        zip(raw, (LONGITUDE, LATITUDE), strict=True))]  # fmt: skip
    faults = [one for one in read if isinstance(one, Fault)]
    if faults:
        return None, faults
    longitude, latitude = (one for one in read if isinstance(one, int))
    return (longitude, latitude), []


def _micro(raw: object, pointer: str, bounds: tuple[int, int]) -> int | Fault:
    if isinstance(raw, int) and not isinstance(raw, bool):
        value = raw
    elif isinstance(raw, str) and _DEGREES.fullmatch(raw):
        whole, _, part = raw.partition(".")
        value = int(whole) * MICRO + int(part.ljust(6, "0"))
    else:
        return Fault(pointer, "not_a_coordinate", "decimal degrees as text (at most 6 places), or whole micro-degrees")
    if not bounds[0] <= value <= bounds[1]:
        return Fault(pointer, "out_of_bounds", f"{bounds[0]} to {bounds[1]} micro-degrees")
    return value


def read_area(raw: object, pointer: str = "/polygon") -> tuple[Area | None, list[Fault]]:
    """A GeoJSON polygon, or its list of rings → area, or every fault; bounded before anything is computed."""
    if isinstance(raw, dict):
        if set(raw) != {"type", "coordinates"} or raw["type"] != "Polygon":
            return None, [Fault(f"{pointer}/type", "not_a_polygon", "a GeoJSON Polygon: type and coordinates alone")]
        raw, pointer = raw["coordinates"], f"{pointer}/coordinates"
    if not isinstance(raw, list) or not raw or not all(isinstance(ring, list) for ring in raw):
        return None, [Fault(pointer, "not_a_polygon", "a list of rings")]
    if len(raw) > MAX_RINGS or sum(len(ring) for ring in raw) > MAX_VERTICES:
        return None, [Fault(pointer, "too_large", f"at most {MAX_RINGS} rings with {MAX_VERTICES} vertices together")]
    rings: list[Ring] = []
    faults: list[Fault] = []
    for place, ring in enumerate(raw):
        spots, wrong = _read_ring(ring, f"{pointer}/{place}")
        rings.append(spots)
        faults += wrong
    if faults:
        return None, faults
    shape = _shape(tuple(rings))
    if not shape.is_valid:
        return None, [Fault(pointer, "not_simple", str(is_valid_reason(shape)))]
    return Area(tuple(rings)), []


def _read_ring(raw: Sequence[object], pointer: str) -> tuple[Ring, list[Fault]]:
    spots: list[Spot] = []
    faults: list[Fault] = []
    for place, one in enumerate(raw):
        spot, wrong = read_spot(one, f"{pointer}/{place}")
        faults += wrong
        if spot is not None:
            spots.append(spot)
    if faults:
        return (), faults
    if len(spots) < FEWEST_VERTICES or spots[0] != spots[-1]:
        faults.append(Fault(pointer, "ring_not_closed", "a ring has at least four vertices and ends where it begins"))
    return tuple(spots), faults


def area_of(rings: Sequence[Sequence[Sequence[int]]]) -> Area:
    """Kept rings → area."""
    return Area(tuple(tuple((longitude, latitude) for longitude, latitude in ring) for ring in rings))


def _shape(rings: tuple[Ring, ...]) -> Polygon:
    """In micro-degrees: whole numbers, which the geometry holds exactly."""
    return Polygon(rings[0], rings[1:])
