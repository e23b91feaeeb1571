"""The catalogue of service items: read strictly, and which grade is enough for which."""

from __future__ import annotations

import pytest

from commons.errors import Malformed
from commons.sources import Source
from marketplace.catalogue.items import covers, load_catalogue, parse_items, parse_kinds

HEAD = (
    "code,name,class,approval_item,department,legal_basis,qualification_kind,minimum_grade,alternative_allowed,"
    "result_form,regional_assessment,fee_mode,source,text_seen\n"
)
GOOD = "X1,事项,optional,审批,部门,依据,测绘资质,乙级,no,报告,no,market,item list,title\n"
KINDS = parse_kinds("kind,grades_best_first\n测绘资质,甲级|乙级\n考古发掘资质,\n")
GRADES = ("综合甲级", "甲级", "乙级", "丙级")


def codes(text):
    with pytest.raises(Malformed) as malformed:
        parse_items(HEAD + text, KINDS)
    return [(fault.pointer, fault.code) for fault in malformed.value.faults]


@pytest.mark.parametrize(
    ("held", "required", "grades", "enough"),
    [
        ("甲级", "乙级", GRADES, True),
        ("乙级", "乙级", GRADES, True),
        ("综合甲级", "丙级", GRADES, True),
        ("丙级", "乙级", GRADES, False),
        ("丙级", None, GRADES, True),
        ("丙级", "", GRADES, True),
        (None, "乙级", GRADES, False),
        (None, None, GRADES, False),
        ("特级", None, GRADES, False),
        ("甲级", "特级", GRADES, False),
        (None, None, (), True),
        ("", "", (), True),
        ("甲级", None, (), False),
        (None, "甲级", (), False),
    ],
)
def test_a_better_grade_covers_a_lesser_one(held, required, grades, enough):
    assert covers(held, required, grades) is enough


def test_the_shipped_catalogue_has_36_items_ten_of_them_regional_assessments():
    catalogue = load_catalogue()
    assert len(catalogue.items) == 36
    assert [item.code for item in catalogue.items if item.regional_assessment] == [f"RA{n:02d}" for n in range(1, 11)]
    assert [item.code for item in catalogue.items] == sorted(item.code for item in catalogue.items)
    assert len(catalogue.kinds) == 16


def test_an_item_is_read_with_its_source_and_how_far_that_was_read():
    item = load_catalogue().item("RA01")
    assert item is not None
    assert (item.name, item.item_class, item.fee_mode) == ("地质灾害危险性评估", "commissioned", "market")
    assert (item.qualification_kind, item.minimum_grade) == ("地质灾害评估资质", "乙级")
    assert item.source == Source("law text", "partial", "地质灾害防治条例第21—23条")
    assert not item.applicant_may_do_it
    other = load_catalogue().item("RA03")
    assert other is not None
    assert other.applicant_may_do_it
    assert (other.qualification_kind, other.minimum_grade) == (None, None)


def test_what_is_not_in_the_catalogue_is_none():
    assert load_catalogue().item("RA99") is None
    assert load_catalogue().kind("造梦资质") is None


def test_every_wrong_row_is_named():
    rows = [
        GOOD,
        GOOD,
        GOOD.replace("X1", "").replace("optional", "maybe").replace("market", "free"),
        GOOD.replace("X1", "X2").replace("乙级", "丙级").replace(",title", ",half"),
        GOOD.replace("X1", "X3").replace("测绘资质", "造梦资质").replace(",no,报告,no,", ",自办,报告,是,"),
    ]
    assert codes("".join(rows)) == [
        ("/1/code", "not_unique"),
        ("/2/class", "not_a_choice"),
        ("/2/fee_mode", "not_a_choice"),
        ("/2/code", "not_unique"),
        ("/3/text_seen", "not_a_choice"),
        ("/3/minimum_grade", "not_a_grade"),
        ("/4/regional_assessment", "not_a_choice"),
        ("/4/alternative_allowed", "not_a_choice"),
        ("/4/qualification_kind", "not_a_choice"),
        ("/4/minimum_grade", "not_a_grade"),
    ]


def test_a_kind_or_grade_named_twice_is_refused():
    with pytest.raises(Malformed) as malformed:
        parse_kinds("kind,grades_best_first\n甲,一|一\n甲,\n,一||二\n")
    assert [fault.pointer for fault in malformed.value.faults] == [
        "/0/grades_best_first",
        "/1/kind",
        "/2/kind",
        "/2/grades_best_first",
    ]
