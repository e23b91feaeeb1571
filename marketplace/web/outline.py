"""The outline of an area as a picture of its own: no map beneath it, north above, drawn to scale."""

from __future__ import annotations

from math import cos, radians

from markupsafe import Markup

from marketplace.catalogue.areas import MICRO, Area
from marketplace.web.svg import element

SIDE, EDGE = 1_000, 20
"""Units of the longer side of the picture, and what is kept free around it."""
M_PER_DEGREE = 111_320
"""Metres of a degree of latitude."""


def outline_of(area: Area, sentence: str) -> Markup:
    """The polygon with its holes; longitude shrunk as at its middle."""
    spots = [spot for ring in area.rings for spot in ring]
    west, south = min(x for x, _ in spots), min(y for _, y in spots)
    east, north = max(x for x, _ in spots), max(y for _, y in spots)
    shrunk = round(cos(radians((south + north) / 2 / MICRO)) * 1_000)
    across, high = max((east - west) * shrunk // 1_000, 1), max(north - south, 1)
    scale = max(across, high)

    def at(longitude: int, latitude: int) -> str:
        x = EDGE + (longitude - west) * shrunk // 1_000 * SIDE // scale
        return f"{x} {EDGE + (north - latitude) * SIDE // scale}"

    path = " ".join("M" + " L".join(at(*spot) for spot in ring) + " Z" for ring in area.rings)
    width, height = across * SIDE // scale + 2 * EDGE, high * SIDE // scale + 2 * EDGE
    return element(
        "svg", element("path", d=path, fill_rule="evenodd"), class_="outline", viewBox=f"0 0 {width} {height}",
        role="img", aria_label=sentence,
    )  # fmt: skip


def span_of(area: Area) -> tuple[int, int]:
    """Metres from west to east and from south to north, to the nearest hundred."""
    spots = [spot for ring in area.rings for spot in ring]
    longitudes, latitudes = [x for x, _ in spots], [y for _, y in spots]
    shrunk = cos(radians((min(latitudes) + max(latitudes)) / 2 / MICRO))
    across = (max(longitudes) - min(longitudes)) / MICRO * M_PER_DEGREE * shrunk
    high = (max(latitudes) - min(latitudes)) / MICRO * M_PER_DEGREE
    return round(across / 100) * 100, round(high / 100) * 100
