"""The seed's regional assessments (data/coverages.json): invented zones, one of them over; days from the load."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class CoveragePlan:
    """A regional assessment (区域评估) with its days relative to the load; ``polygon``: rings as in GeoJSON."""

    region: str
    zone: str
    items: tuple[str, ...]
    result: str
    access_standard: str
    negative_list: tuple[str, ...]
    document: str
    place: str
    valid_from_days: int
    valid_to_days: int
    polygon: list[Any] | None = None

    def validity(self, today: date) -> tuple[date, date]:
        """First day, and the day after the last."""
        return today + timedelta(days=self.valid_from_days), today + timedelta(days=self.valid_to_days)


@cache
def seed_coverages() -> tuple[CoveragePlan, ...]:
    """All of them, in the order of the file."""
    text = (resources.files("marketplace.seed") / "data" / "coverages.json").read_text("utf-8")
    return tuple(
        CoveragePlan(**{**row, "items": tuple(row["items"]), "negative_list": tuple(row["negative_list"])})
        for row in json.loads(text)
    )
