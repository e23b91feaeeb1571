"""Areas are read strictly; coverage by zone or on the map; savings, similar demands and project clocks, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commons.sources import Source
from marketplace.catalogue.areas import MAX_VERTICES, Area, area_of, read_area, read_spot
from marketplace.catalogue.coverage import Coverage, Covered, Ended, Saving, Site, add_up, covering, judge_coverage
from marketplace.catalogue.profiles import rule_profile
from marketplace.catalogue.timeline import Bought, Milestone, out_of_order, timeline
from marketplace.demands.similar import Past, similar, spread

SQUARE = [["120.60", "27.95"], ["120.65", "27.95"], ["120.65", "28.00"], ["120.60", "28.00"], ["120.60", "27.95"]]
HOLE = [[120_610_000, 27_960_000], [120_620_000, 27_960_000], [120_620_000, 27_970_000], [120_610_000, 27_960_000]]
BOW = [["120.60", "27.95"], ["120.65", "28.00"], ["120.65", "27.95"], ["120.60", "28.00"], ["120.60", "27.95"]]


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def area(*rings: object) -> Area:
    found, faults = read_area(polygon(*rings))
    assert found is not None, faults
    return found


AREA_FAULTS = (
    ("no polygon", {"type": "Point", "coordinates": []}, "not_a_polygon"),
    ("something beside it", {**polygon(SQUARE), "crs": "EPSG:4326"}, "not_a_polygon"),
    ("no ring", polygon(), "not_a_polygon"),
    ("not closed", polygon(SQUARE[:-1]), "ring_not_closed"),
    ("too short", polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), "ring_not_closed"),
    ("crosses itself", polygon(BOW), "not_simple"),
    ("hole outside", polygon(HOLE, SQUARE), "not_simple"),
    ("binary fraction", polygon([[120.6, 27.95], *SQUARE[1:]]), "not_a_coordinate"),
    ("seven places", polygon([["120.6000001", "27.95"], *SQUARE[1:]]), "not_a_coordinate"),
    ("exponent", polygon([["12e1", "27.95"], *SQUARE[1:]]), "not_a_coordinate"),
    ("truth", polygon([[True, "27.95"], *SQUARE[1:]]), "not_a_coordinate"),
    ("three numbers", polygon([["120.6", "27.9", "5"], *SQUARE[1:]]), "not_a_position"),
    ("latitude first", polygon([list(reversed(one)) for one in SQUARE]), "out_of_bounds"),
    ("no list", polygon("120.6"), "not_a_polygon"),
    ("too many vertices", polygon([SQUARE[0]] * (MAX_VERTICES + 1)), "too_large"),
    ("too many rings", polygon(*[HOLE] * 21), "too_large"),
)


@pytest.mark.parametrize(("raw", "code"), [row[1:] for row in AREA_FAULTS], ids=[row[0] for row in AREA_FAULTS])
def test_an_area_is_refused_with_its_fault(raw, code) -> None:
    found, faults = read_area(raw)
    assert found is None
    assert {one.code for one in faults} == {code}


def test_an_area_is_the_same_however_its_degrees_are_written_and_comes_back_from_what_is_kept() -> None:
    whole = [[int(float(one) * 1e6 + 0.5) for one in pair] for pair in SQUARE]
    assert read_area([whole])[0] == area(SQUARE) == area(whole) == area_of(area(SQUARE).as_json())
    assert area(SQUARE).as_json()[0][0] == [120_600_000, 27_950_000]


SPOTS = (
    ((120_625_000, 27_990_000), True), ((120_600_000, 27_950_000), True), ((120_600_000, 27_980_000), True),
    ((120_599_999, 27_980_000), False), ((120_650_001, 28_000_000), False), ((120_618_000, 27_963_000), False),
    ((120_620_000, 27_965_000), True),
)  # fmt: skip


@pytest.mark.parametrize(("spot", "inside"), SPOTS)
def test_the_border_belongs_to_the_area_and_a_hole_does_not(spot, inside) -> None:
    assert area(SQUARE, HOLE).covers(spot) is inside


TEXT = Source("区域评估报告（示例）", "no")
ONE = Coverage(
    "C1", "330304", "瓯海经济开发区（示例）", ("RA01", "RA02"), "可行", "深度不超过 6 米", ("爆破",), TEXT,
    date(2026, 1, 1), date(2031, 1, 1),
)  # fmt: skip
MAPPED = replace(ONE, area=area(SQUARE))
INSIDE, OUTSIDE = (120_625_000, 27_990_000), (121_000_000, 28_500_000)
SITES = (
    ("the zone in the same county", ONE, Site("330304", "瓯海经济开发区（示例）"), True),
    ("spaces and brackets aside", ONE, Site("330304", " 瓯海 经济开发区(示例)"), True),
    ("another zone", ONE, Site("330304", "另一开发区（示例）"), False),
    ("no zone", ONE, Site("330304"), False),
    ("the zone's name in another county", ONE, Site("330302", "瓯海经济开发区（示例）"), False),
    ("a county of the city that it was recorded for", replace(ONE, region="330300"), Site("330304", ONE.zone), True),
    ("a point inside", MAPPED, Site("330304", spot=INSIDE), True),
    ("a point outside, whatever the zone is called", MAPPED, Site("330304", ONE.zone, spot=OUTSIDE), False),
    ("a point, and a coverage without a map", ONE, Site("330304", ONE.zone, spot=OUTSIDE), True),
    ("an outline inside", MAPPED, Site("330304", outline=area(HOLE)), True),
    ("an outline that reaches out", replace(ONE, area=area(HOLE)), Site("330304", outline=area(SQUARE)), False),
    ("a point inside and an outline that reaches out", MAPPED,
     Site("330304", spot=INSIDE, outline=area([[120_600_000, 27_950_000], [121_000_000, 27_950_000],
                                               [121_000_000, 28_000_000], [120_600_000, 27_950_000]])), False),
)  # fmt: skip


@pytest.mark.parametrize(("one", "site", "inside"), [row[1:] for row in SITES], ids=[row[0] for row in SITES])
def test_a_project_lies_inside_by_its_place_on_the_map_else_by_its_zone(one, site, inside) -> None:
    assert site.lies_in(one) is inside


VALID = (
    (ONE, date(2025, 12, 31), False), (ONE, date(2026, 1, 1), True), (ONE, date(2030, 12, 31), True),
    (ONE, date(2031, 1, 1), False),
    (replace(ONE, ended=Ended("withdrawn", "x", datetime(2026, 5, 1, tzinfo=UTC))), date(2026, 6, 1), False),
)  # fmt: skip


@pytest.mark.parametrize(("one", "on", "valid"), VALID)
def test_a_coverage_stands_from_its_first_day_to_before_its_last(one, on, valid) -> None:
    assert one.is_valid(on) is valid
    assert bool(covering(["RA01"], Site("330304", one.zone), [one], on=on)) is valid


def test_of_several_coverages_the_one_that_is_valid_longest_stands_and_each_item_is_told() -> None:
    longer = replace(ONE, id="C2", items=("RA02",), valid_to=date(2032, 1, 1))
    found = covering(["RA02", "SV22", "RA01"], Site("330304", ONE.zone), [longer, ONE], on=date(2026, 6, 1))
    assert found == (Covered("RA02", longer), Covered("RA01", ONE))
    assert [(one.code, one.params["valid_to"], one.source) for one in judge_coverage(found)] == [
        ("already_covered", "2032-01-01", TEXT), ("already_covered", "2031-01-01", TEXT),
    ]  # fmt: skip
    assert judge_coverage(found)[0].params["negative_list"] == "爆破"


def test_savings_add_up_with_the_sample_that_each_sum_has() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [Saving("D1", 100, 20, at, {}), Saving("D2", None, None, at, {}), Saving("D3", 50, None, at, {})]
    found = add_up(rows)
    assert (found.demands, found.fee_fen, found.with_fee, found.days, found.with_days) == (3, 150, 2, 20, 1)


def past(number: int, region: str, price: int, days: int | None = 20) -> Past:
    return Past(region, region[:4] + "00", price, days, number)


SPREADS = (([7], (7, 7, 7, 7, 7)), ([4, 1, 3, 2], (1, 1, 2, 3, 4)), ([5, 1, 4, 2, 3], (1, 2, 3, 4, 5)))


@pytest.mark.parametrize(("values", "expected"), SPREADS)
def test_a_spread_is_of_prices_that_were_paid(values, expected) -> None:
    found = spread(values)
    assert found is not None
    assert (found.least, found.quarter, found.median, found.three_quarters, found.most) == expected
    assert spread([]) is None


def test_the_region_widens_until_there_are_enough() -> None:
    since = date(2024, 11, 1)
    county = [past(number, "330304", 100 + number) for number in range(5)]
    city = [past(10 + number, "330302", 200) for number in range(4)]
    far = [past(20, "330102", 900, None)]
    near = similar([*county, *city, *far], region="330304", city="330300", since=since)
    assert (near.scope, near.count) == ("county", 5)
    wider = similar([*county[:4], *city, *far], region="330304", city="330300", since=since)
    assert (wider.scope, wider.count) == ("city", 8)
    widest = similar([*county[:2], *far], region="330304", city="330300", since=since)
    assert (widest.scope, widest.count) == ("province", 3)
    assert widest.service_days is not None
    assert widest.service_days.count == 2
    assert similar([], region="330304", city="330300", since=since).price_fen is None


GENERIC = rule_profile("generic-v1")
CODED = Milestone("coded", date(2026, 1, 1))
PERMIT = Milestone("building_permit", date(2026, 3, 2))
PLEDGED = Milestone("flags", None, is_standard_land=True, is_pledged=True)
CLOCKS = (
    ((), date(2026, 5, 1), (None, None, False)),
    ((CODED,), date(2026, 1, 1), (0, 100, False)),
    ((CODED,), date(2026, 4, 11), (100, 0, False)),
    ((CODED,), date(2026, 4, 12), (101, -1, True)),
    ((CODED, PERMIT), date(2026, 12, 1), (60, 40, False)),
    ((CODED, PERMIT, PLEDGED), date(2026, 12, 1), (60, -30, True)),
    ((CODED, replace(PLEDGED, is_pledged=None)), date(2026, 2, 1), (31, 69, False)),
    ((CODED, PLEDGED, replace(PLEDGED, is_pledged=False, is_standard_land=None)), date(2026, 2, 1), (31, 69, False)),
    ((CODED, replace(CODED, reached_on=date(2026, 1, 11))), date(2026, 2, 1), (21, 79, False)),
)


@pytest.mark.parametrize(("stated", "today", "expected"), CLOCKS)
def test_a_project_has_the_days_of_its_clock(stated, today, expected) -> None:
    found = timeline(GENERIC, stated, [], today=today)
    assert (found.days_used, found.days_left, found.is_over) == expected
    assert found.clock.source.text_seen == "no"


def test_a_demand_stands_in_the_stage_in_which_it_was_posted() -> None:
    stated = (CODED, Milestone("land", date(2026, 1, 20)), PERMIT)
    joint = Bought("D1", "联合测绘（示例）", ("SV22", "SV23"), "published", date(2026, 1, 19), None, None)
    later = Bought("D2", "监理（示例）", ("SV20",), "published", date(2026, 3, 2), None, None)
    found = timeline(GENERIC, stated, [joint, later], today=date(2026, 3, 12))
    told = {one.begins: (one.days_used, [each.demand for each in one.demands]) for one in found.stages}
    assert told == {
        "coded": (19, ["D1"]), "land": (41, []), "planning_permit": (None, []), "building_permit": (10, ["D2"]),
        "built": (None, []),
    }  # fmt: skip
    assert (joint.is_joint, later.is_joint) == (True, False)


def test_milestones_come_in_the_order_of_a_projects_life() -> None:
    assert out_of_order({"coded": date(2026, 1, 1), "accepted": date(2026, 1, 1)}) is None
    assert out_of_order({"coded": date(2026, 1, 2), "land": date(2026, 1, 1)}) == ("land", "coded")


def test_a_place_has_two_coordinates() -> None:
    assert read_spot(["120.6", 27_950_000], "/point") == ((120_600_000, 27_950_000), [])
    assert [one.code for one in read_spot("here", "/point")[1]] == ["not_a_position"]
    assert [one.pointer for one in read_spot(["x", "999"], "/point")[1]] == ["/point/0", "/point/1"]
