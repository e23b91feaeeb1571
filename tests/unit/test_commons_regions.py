from __future__ import annotations

import re
from datetime import date

import pytest
from stdnum import numdb

from commons.errors import NotFound
from commons.instants import DayPeriod
from commons.regions import REGIONS, parse_regions

HEAD = "code,name,level,parent,valid_from,valid_to"
TODAY = date(2026, 11, 23)


def test_zhejiang_has_eleven_cities_and_ninety_counties() -> None:
    cities = REGIONS.cities(TODAY)
    assert [city.code for city in cities] == [f"33{number:02d}00" for number in range(1, 12)]
    counties = [county for city in cities for county in REGIONS.counties(city.code, TODAY)]
    assert len(counties) == 90
    assert {county.level for county in counties} == {"county"}
    assert len(REGIONS.rows) == 1 + 11 + 90 + 2


@pytest.mark.parametrize(
    ("code", "on", "exists"),
    [
        ("330000", date(1980, 1, 1), True),
        ("330383", date(2019, 9, 24), False),
        ("330383", date(2019, 9, 25), True),
        ("330103", date(2021, 4, 8), True),
        ("330103", date(2021, 4, 9), False),
        ("110000", TODAY, False),
        ("", TODAY, False),
    ],
)
def test_a_region_exists_from_its_first_day_to_the_day_before_its_last(code: str, on: date, *, exists: bool) -> None:
    assert REGIONS.exists(code, on) is exists


@pytest.mark.parametrize(
    ("code", "first", "until", "existed"),
    [
        ("330383", date(2019, 9, 1), date(2019, 9, 25), False),
        ("330383", date(2019, 9, 1), date(2019, 9, 26), True),
        ("330103", date(2021, 4, 8), date(2021, 5, 1), True),
        ("330103", date(2021, 4, 9), date(2021, 5, 1), False),
        ("330103", None, None, True),
        ("110000", None, None, False),
    ],
)
def test_a_region_existed_in_a_period_that_shares_a_day_with_its_own(
    code: str, first: date | None, until: date | None, *, existed: bool
) -> None:
    assert REGIONS.existed_in(code, DayPeriod(first, until)) is existed


def test_hangzhou_lists_the_districts_of_the_day() -> None:
    before, after = (
        {region.name for region in REGIONS.counties("330100", on)} for on in (date(2021, 4, 8), date(2021, 4, 9))
    )
    assert before - after == {"下城区", "江干区"}
    assert after - before == {"临平区", "钱塘区"}


def test_a_region_contains_itself_and_what_lies_inside() -> None:
    assert REGIONS.contains("330000", "330382")
    assert REGIONS.contains("330300", "330382")
    assert REGIONS.contains("330382", "330382")
    assert not REGIONS.contains("330382", "330300")
    assert not REGIONS.contains("330200", "330382")


def test_names_are_said_from_the_city_down() -> None:
    names = {code: REGIONS.full_name(code) for code in ("330382", "330300", "330000")}
    assert names == {"330382": "温州市 · 乐清市", "330300": "温州市", "330000": "浙江省"}
    assert [region.name for region in REGIONS.chain("330382")] == ["浙江省", "温州市", "乐清市"]


def test_an_unknown_region_is_not_found() -> None:
    for ask in (REGIONS.get, REGIONS.chain, REGIONS.full_name):
        with pytest.raises(NotFound, match="region '119900'"):
            ask("119900")
    with pytest.raises(NotFound):
        REGIONS.contains("330000", "119900")
    with pytest.raises(NotFound):
        REGIONS.contains("119900", "330000")
    with pytest.raises(NotFound):
        REGIONS.counties("119900", TODAY)


def test_another_province_is_where_somebody_is_registered_and_no_place_of_a_project() -> None:
    assert len(REGIONS.beyond) == 33
    assert REGIONS.full_name("310000") == "上海市"
    assert REGIONS.is_beyond("310000")
    assert not REGIONS.is_beyond("330300")
    assert not REGIONS.exists("310000", TODAY)
    assert not REGIONS.existed_in("310000", DayPeriod(None, None))
    assert "310000" in {one.code for one in REGIONS.registering(TODAY)}
    assert "330103" not in {one.code for one in REGIONS.registering(TODAY)}, "下城区 is abolished"
    assert [one.code for one in REGIONS.registering(date(2021, 4, 8))].count("330103") == 1
    assert "310000" not in {one.code for one in REGIONS.rows}


def test_codes_and_names_are_those_that_others_have_written_down() -> None:
    others = numdb.get("cn/loc")
    for one in (REGIONS.get("330000"), *REGIONS.beyond):
        _, (_, said) = others.info(one.code)
        assert re.sub(r"\[\d*-\d*\]", "", said["county"]) == one.name, one.code


def test_the_provinces_authorities_answer_for_who_comes_from_elsewhere() -> None:
    assert REGIONS.contains("330000", "310000")
    assert not REGIONS.contains("330300", "310000")
    assert not REGIONS.contains("310000", "330300")
    assert not REGIONS.contains("310000", "320000")
    assert REGIONS.contains("310000", "310000")
    assert REGIONS.inside() == (*(one.code for one in REGIONS.rows), *(one.code for one in REGIONS.beyond))
    assert set(REGIONS.inside("330000")) == set(REGIONS.inside())
    assert REGIONS.inside("330302") == ("330302",)
    assert REGIONS.around("330302") == ("330000", "330300", "330302")
    assert REGIONS.around("310000") == ("330000",)


def test_beyond_lie_other_provinces_alone() -> None:
    home = [HEAD, "330000,浙江省,province,,,", "330300,温州市,city,330000,,"]
    with pytest.raises(ValueError, match="other provinces alone"):
        parse_regions(home, [HEAD, "330000,浙江省,province,,,"])
    with pytest.raises(ValueError, match="other provinces alone"):
        parse_regions(home, [HEAD, "320100,南京市,city,320000,,"])


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "columns"),
        (["code,name"], "columns"),
        ([HEAD, "330000,浙江省,province,,"], "unpack"),
        ([HEAD, "33000,浙江省,province,,,"], "code and name"),
        ([HEAD, "33000a,浙江省,province,,,"], "code and name"),
        ([HEAD, "３３００００,浙江省,province,,,"], "code and name"),
        ([HEAD, "330000,,province,,,"], "code and name"),
        ([HEAD, "330000,浙江省,state,,,"], "level"),
        ([HEAD, "330000,浙江省,province,,2021-02-30,"], "day"),
        ([HEAD, "330000,浙江省,province,,,", "330000,浙江省,province,,,"], "twice"),
        ([HEAD, "330300,温州市,city,330000,,"], "no parent"),
        ([HEAD, "330000,浙江省,province,330000,,"], "no parent"),
        ([HEAD, "330300,温州市,city,,,"], "no parent"),
        ([HEAD, "330000,浙江省,province,,,", "330382,乐清市,county,330000,,"], "no parent"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(lines: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_regions(lines)


def test_rows_may_stand_in_any_order() -> None:
    given = parse_regions([HEAD, "330300,温州市,city,330000,,", "330000,浙江省,province,,,"])
    assert [region.code for region in given.rows] == ["330000", "330300"]
