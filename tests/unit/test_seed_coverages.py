"""The seed's regional assessments can be recorded: items, areas, days; every zone is marked as invented."""

from __future__ import annotations

from datetime import date

import pytest

from commons.regions import REGIONS
from marketplace.catalogue.areas import read_area
from marketplace.catalogue.items import load_catalogue
from marketplace.seed.coverages import CoveragePlan, seed_coverages


@pytest.mark.parametrize("plan", seed_coverages(), ids=lambda plan: plan.region)
def test_a_zone_is_invented_and_can_be_recorded(plan: CoveragePlan) -> None:
    assert plan.zone.endswith("（示例）")
    assert plan.document.endswith("（示例）")
    assert REGIONS.get(plan.region).level == "county"
    for code in plan.items:
        item = load_catalogue().item(code)
        assert item is not None
        assert item.regional_assessment
    first, until = plan.validity(date(2026, 11, 23))
    assert first < until
    if plan.polygon is not None:
        area, faults = read_area({"type": "Polygon", "coordinates": plan.polygon})
        assert (area is not None, faults) == (True, [])


def test_one_of_them_is_over() -> None:
    today = date(2026, 11, 23)
    assert [plan.validity(today)[1] <= today for plan in seed_coverages()] == [False, False, True]
