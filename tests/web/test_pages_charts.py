"""Charts: their geometry stays inside, their parts add up, and they carry a sentence instead of an inline style."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from marketplace.web.charts import Part, stacked_bar, tile_map, weight_spans
from marketplace.web.round_chart import GRID_LINES, Zone, grid_step, step_chart
from marketplace.web.svg import element, percent_of
from marketplace.web.views.demands import BestPoint
from marketplace.web.views.parts import CityCount
from marketplace.web.views.results import WeightSpan
from tests.web.example_cases import OPENING

ZONES = (
    Zone(1, True, OPENING, OPENING + timedelta(seconds=3)),
    Zone(2, False, OPENING + timedelta(seconds=4), OPENING + timedelta(seconds=8), is_now=True),
)


def parts_of(drawn: str, name: str) -> list[ET.Element]:
    return ET.fromstring(drawn).findall(f".//{name}")


def test_an_element_escapes_what_it_is_given() -> None:
    assert element("text", "<b>", class_="a", aria_label='"x"') == (
        '<text class="a" aria-label="&#34;x&#34;">&lt;b&gt;</text>'
    )
    assert element("rect", width=5, rx=None) == '<rect width="5"/>'
    assert percent_of(3_945) == "39.45%"


def test_the_parts_of_a_bar_stand_side_by_side_and_add_up_to_the_total() -> None:
    drawn = stacked_bar(
        (Part("报价", 3_945), Part("期限", 1_500), Part("业绩", 0), Part("信用", 1_920)), "A：合计 73.65 分"
    )
    rects = parts_of(drawn, "rect")[1:]
    ends = [(float(one.attrib["x"][:-1]), float(one.attrib["width"][:-1])) for one in rects]
    assert ends == [(0.0, 39.45), (39.45, 15.0), (54.45, 19.2)]
    assert 'role="img"' in drawn
    assert 'aria-label="A：合计 73.65 分"' in drawn


@pytest.mark.parametrize(
    ("span", "step"), [(10, 2), (11, 5), (25, 5), (26, 10), (3_900_000, 1_000_000), (5, 1), (10**12, 2 * 10**11)]
)
def test_a_grid_step_is_round_and_cuts_the_span_into_few_parts(span: int, step: int) -> None:
    assert grid_step(span) == step
    assert step * GRID_LINES >= span


@pytest.mark.parametrize(
    "prices",
    [
        (),
        (20_000_000,),
        (25_700_000, 24_000_000, 20_000_000),
        (100, 99, 98),
        (Fraction(100, 3), Fraction(99, 3)),
        tuple(range(10**6, 10**6 - 100, -1)),
    ],
)
def test_a_step_line_stays_inside_its_picture(prices: tuple[int | Fraction, ...]) -> None:
    points = tuple(
        BestPoint(OPENING + timedelta(milliseconds=60 * at), Fraction(price)) for at, price in enumerate(prices)
    )
    drawn = step_chart(ZONES, points, "走势")
    for one in parts_of(drawn, "circle"):
        assert 0 <= float(one.attrib["cx"][:-1]) <= 100
        assert 40 <= int(one.attrib["cy"]) <= 240
    for path in parts_of(drawn, "path"):
        assert all(0 <= int(number) <= 10_000 for number in re.findall(r"\d+", path.attrib["d"]))
    assert "style=" not in drawn


def test_a_rounds_zones_lie_where_their_times_are_and_the_current_one_is_marked() -> None:
    drawn = step_chart(ZONES, (), "走势")
    zones = [one for one in parts_of(drawn, "rect") if one.attrib["class"].startswith("zone")]
    assert [(one.attrib["x"], one.attrib["width"]) for one in zones] == [("0.00%", "37.50%"), ("50.00%", "50.00%")]
    assert [one.attrib["class"] for one in zones] == ["zone", "zone zone--now"]


def test_weights_are_drawn_without_a_gap_to_the_end() -> None:
    spans = (WeightSpan(0, 65, "A"), WeightSpan(66, 68, "B"), WeightSpan(69, 100, "C"))
    drawn = weight_spans(spans, {"A": "甲", "B": "乙", "C": "丙"}, 45, "说明")
    rects = [(one.attrib["x"], one.attrib["width"]) for one in parts_of(drawn, "rect")]
    assert rects == [("0.00%", "66.00%"), ("66.00%", "3.00%"), ("69.00%", "31.00%")]
    assert "本次价格权重 45" in drawn


@pytest.mark.parametrize("most", [0, 1, 318])
def test_the_darkest_tile_has_the_most_and_nobody_is_darker_than_the_scale(most: int) -> None:
    counts = (CityCount("330300", "温州市", most), CityCount("331100", "丽水市", 0), CityCount("990000", "外地", 5))
    tiles = parts_of(tile_map(counts, "格子图"), "rect")
    assert len(tiles) == 2
    assert all(one.attrib["class"] in {"d1", "d2", "d3", "d4", "d5"} for one in tiles)
    assert tiles[1].attrib["class"] == "d5"
    if most == 318:
        assert tiles[0].attrib["class"] == "d1"
