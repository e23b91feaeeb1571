from __future__ import annotations

from datetime import date

import pytest

from commons.codes import MAX_TYPED, ProjectCode, Uscc
from commons.errors import Malformed
from commons.instants import DayPeriod

# real codes of public companies, published by themselves, to hold the check against the world
REAL = ("91110000600037341L", "9144030071526726XG", "914403001922038216", "91100000100003962T")

OCTOBER_2026 = DayPeriod(date(2026, 10, 1), date(2026, 11, 1))
DECEMBER_2026 = DayPeriod(date(2026, 12, 1), date(2027, 1, 1))
NOVEMBER_2020 = DayPeriod(date(2020, 11, 1), date(2020, 12, 1))
DECEMBER_2020 = DayPeriod(date(2020, 12, 1), date(2021, 1, 1))
YEAR_2013 = DayPeriod(date(2013, 1, 1), date(2014, 1, 1))
YEAR_2020 = DayPeriod(date(2020, 1, 1), date(2021, 1, 1))
YEAR_2017 = DayPeriod(date(2017, 1, 1), date(2018, 1, 1))


@pytest.mark.parametrize("code", REAL)
def test_real_credit_codes_are_read(code: str) -> None:
    assert Uscc.parse(code).code == code
    assert Uscc.completed(code[:17]) == Uscc(code)


def test_a_credit_code_tells_its_parts() -> None:
    code = Uscc.parse("9144030071526726XG")
    parts = (code.department, code.kind, code.division, code.organisation)
    assert parts == ("9", "1", "440300", "71526726X")
    assert str(code) == "9144030071526726XG"


def test_codes_of_other_registering_departments_are_read() -> None:
    for first in ("N2330382MF0000000", "A1330000MB0000000", "Y1330000MB0000000", "52330300MJ0000000"):
        assert Uscc.parse(Uscc.completed(first).code).department == first[0]


@pytest.mark.parametrize(
    "typed",
    ["9144030071526726xg", " 9144030071526726XG\n", "9144 0300 7152 6726 XG", "914403-007152-6726XG",
     "９１４４０３００７１５２６７２６ＸＧ", "９１４４０３００７１５２６７２６ｘｇ", "914403－00\u30007152—6726XG"],
)  # fmt: skip
def test_a_typed_credit_code_is_made_normal(typed: str) -> None:
    assert Uscc.parse(typed).code == "9144030071526726XG"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "uscc_length"),
        ("9144030071526726X", "uscc_length"),
        ("9144030071526726XGG", "uscc_length"),
        ("9144030071526726XG" + " " * MAX_TYPED, "uscc_length"),
        ("0144030071526726XG", "uscc_characters"),
        ("B144030071526726XG", "uscc_characters"),
        ("9044030071526726XG", "uscc_characters"),
        ("91A4030071526726XG", "uscc_characters"),
        ("9144030071526726IG", "uscc_characters"),
        ("9144030071526726XO", "uscc_characters"),
        ("91440300715267２６X\u0661", "uscc_characters"),
        ("9144030071526726XH", "uscc_check"),
        ("9144030071526762XG", "uscc_check"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_place_and_reason(typed: str, fault: str) -> None:
    with pytest.raises(Malformed) as refused:
        Uscc.parse(typed, pointer="/agency/uscc")
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/agency/uscc", fault)]


def test_a_credit_code_cannot_be_made_of_anything_else() -> None:
    with pytest.raises(ValueError, match="check"):
        Uscc("9144030071526726XH")
    with pytest.raises(ValueError, match="18"):
        Uscc.completed("9144030071526726")


@pytest.mark.parametrize(
    ("typed", "code", "region", "issued_in"),
    [
        ("2610-330304-04-01-104270", "2610-330304-04-01-104270", "330304", OCTOBER_2026),
        ("26103303040401104270", "2610-330304-04-01-104270", "330304", OCTOBER_2026),
        ("２６１０－330304—04-01 - 10427x", "2610-330304-04-01-10427X", "330304", OCTOBER_2026),
        ("2612-330000-04-01-104270", "2612-330000-04-01-104270", "330000", DECEMBER_2026),
        ("2011-330382-04-01-104270", "2011-330382-04-01-104270", "330382", NOVEMBER_2020),
        ("2012-330382-04-01-104270", "2012-330382-04-01-104270", "330382", DECEMBER_2020),
        ("2013-330382-48-01-012345", "2013-330382-48-01-012345", "330382", YEAR_2013),
        ("2020-330382-48-01-012345", "2020-330382-48-01-012345", "330382", YEAR_2020),
        ("2017-330382-48-01-012345-000", "2017-330382-48-01-012345-000", "330382", YEAR_2017),
        ("20173303824801012345000", "2017-330382-48-01-012345-000", "330382", YEAR_2017),
    ],
)  # fmt: skip
def test_project_codes_of_both_layouts_are_read(typed: str, code: str, region: str, issued_in: DayPeriod) -> None:
    project = ProjectCode.parse(typed)
    assert (str(project), project.region, project.issued_in) == (code, region, issued_in)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "project_code_shape"),
        ("2610-330304-04-01-10427", "project_code_shape"),
        ("2610-330304-04-01-1042700", "project_code_shape"),
        ("2610-330304-0401-104270", "project_code_shape"),
        ("2610-330304-04-01-1042X0", "project_code_shape"),
        ("2610-33030A-04-01-104270", "project_code_shape"),
        ("2610330304040110427", "project_code_shape"),
        ("2610-330304-04-01-104270-000", "project_code_shape"),
        ("2600-330304-04-01-104270", "project_code_time"),
        ("2613-330304-04-01-104270", "project_code_time"),
        ("2021-330304-04-01-104270", "project_code_time"),
        ("2610-110101-04-01-104270", "project_code_region"),
        ("2610-339999-04-01-104270", "project_code_region"),
        ("2105-330104-04-01-104270", "project_code_region"),
        ("2103-330113-04-01-104270", "project_code_region"),
        ("2018-330383-48-01-012345-000", "project_code_region"),
    ],
)
def test_a_wrong_project_code_is_refused_with_its_place_and_reason(typed: str, fault: str) -> None:
    with pytest.raises(Malformed) as refused:
        ProjectCode.parse(typed, pointer="/project_code")
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/project_code", fault)]


@pytest.mark.parametrize("region", ["330104", "330113"])
def test_in_the_month_of_a_change_both_the_old_and_the_new_region_are_right(region: str) -> None:
    assert ProjectCode.parse(f"2104-{region}-04-01-104270").region == region


def test_a_project_code_cannot_be_made_of_anything_else() -> None:
    with pytest.raises(ValueError, match="looks like"):
        ProjectCode("26103303040401104270")
