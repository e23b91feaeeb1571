"""Certificates by the clock and by their scope, what follows them, own work, cleaned-up items: row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agencies.own_work import EarlierAward, OwnWork, own_work
from agencies.qualifications import Followed, Qualification, Requirement, best_grade, judge_following, missing
from commons.errors import Malformed
from commons.instants import beijing_date
from commons.sources import Source
from commons.verdicts import Refused
from marketplace.catalogue.cleaning import abolished, abolished_items, parse_abolished
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.own_work import own_work_pairs, parse_pairs
from marketplace.catalogue.requirements import requirement_of

SOURCE = Source("规则（示例）", "no", "1")
ASKED = Requirement("测绘资质", ("甲级", "乙级"), SOURCE, "SV22")
HELD = Qualification(
    "测绘资质", "甲级", "№1", "某厅（示例）", date(2020, 1, 1), date(2027, 1, 1), id="q1"
)  # fmt: skip
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 2027-01-01 00:00 in Beijing
MOMENT = timedelta(microseconds=1)
BEGINS = replace(HELD, valid_from=date(2027, 1, 1), valid_until=None)


# certificate, instant → what is missing
@pytest.mark.parametrize(
    ("held", "at", "expected"),
    [
        (HELD, MIDNIGHT - MOMENT, ()),
        (HELD, MIDNIGHT, ("qualification_expired_at_close",)),
        (HELD, MIDNIGHT + MOMENT, ("qualification_expired_at_close",)),
        (BEGINS, MIDNIGHT - MOMENT, ("qualification_not_yet_valid",)),
        (BEGINS, MIDNIGHT, ()),
        (replace(HELD, valid_until=None), MIDNIGHT, ()),
        (replace(HELD, valid_until=date(2026, 12, 31)), MIDNIGHT - MOMENT, ("qualification_expired_at_close",)),
    ],
)
def test_a_certificate_ends_and_begins_at_midnight_in_beijing_without_any_job(
    held: Qualification, at: datetime, expected: tuple[str, ...]
) -> None:
    assert tuple(one.code for one in missing([held], ASKED, on=beijing_date(at))) == expected


def test_a_renewal_carries_on_over_midnight() -> None:
    renewed = replace(HELD, id="q2", follows="q1", valid_from=date(2027, 1, 1), valid_until=date(2032, 1, 1))
    for at in (MIDNIGHT - MOMENT, MIDNIGHT):
        assert missing([HELD, renewed], ASKED, on=beijing_date(at)) == ()
        assert best_grade([HELD, renewed], ASKED, on=beijing_date(at)) == "甲级"


ENDED = replace(HELD, ended_at=AT)


# certificates, region → what is missing, the best grade
@pytest.mark.parametrize(
    ("held", "region", "expected", "grade"),
    [
        ([HELD], "330304", (), "甲级"),
        ([replace(HELD, items=("SV23",))], "330304", ("qualification_out_of_scope",), None),
        ([replace(HELD, items=("SV22", "SV23"))], "330304", (), "甲级"),
        ([replace(HELD, regions=("330300",))], "330304", (), "甲级"),  # a county lies in its city
        ([replace(HELD, regions=("330000",))], "330304", (), "甲级"),
        ([replace(HELD, regions=("330302",))], "330304", ("qualification_out_of_scope",), None),
        ([replace(HELD, regions=("330302",))], "330300", ("qualification_out_of_scope",), None),  # not the other way
        ([replace(HELD, regions=("330302",))], "", (), "甲级"),  # whatever the place is
        ([replace(HELD, items=("SV23",)), replace(HELD, grade="乙级")], "", (), "乙级"),
        ([ENDED], "", ("qualification_ended",), None),
        ([ENDED, replace(HELD, valid_until=date(2026, 1, 1))], "", ("qualification_expired_at_close",), None),
        ([ENDED, replace(HELD, grade="丙级")], "", ("qualification_ended",), None),
        ([replace(ENDED, grade="丙级")], "", ("qualification_missing",), None),
        ([ENDED, HELD], "", (), "甲级"),
    ],
)
def test_a_certificate_counts_within_its_scope_until_something_ends_it(
    held: list[Qualification], region: str, expected: tuple[str, ...], grade: str | None
) -> None:
    assert tuple(one.code for one in missing(held, ASKED, on=beijing_date(AT), region=region)) == expected
    assert best_grade(held, ASKED, on=beijing_date(AT), region=region) == grade


@pytest.mark.parametrize("item", load_catalogue().items, ids=lambda item: item.code)
def test_a_higher_grade_covers_every_lower_one_that_an_item_asks_for(item: object) -> None:
    catalogue = load_catalogue()
    found = next(one for one in catalogue.items if one is item)
    asked = requirement_of(found, catalogue)
    if asked is None or asked.grades is None or found.minimum_grade is None:
        return
    kind = catalogue.kind(asked.kind)
    assert kind is not None
    place = kind.grades_best_first.index(found.minimum_grade)
    assert asked.grades == kind.grades_best_first[: place + 1]
    for grade in kind.grades_best_first:
        held = replace(HELD, kind=asked.kind, grade=grade)
        assert (missing([held], asked, on=beijing_date(AT)) == ()) is (grade in asked.grades)


@pytest.mark.parametrize(
    ("held", "what", "is_renewed", "expected"),
    [
        (HELD, "corrected", False, ()),
        (HELD, "renewed", False, ()),
        (HELD, "renewed", True, ("already_renewed",)),
        (HELD, "revoked", True, ()),
        (HELD, "withdrawn", True, ()),
        (ENDED, "renewed", True, ("qualification_is_over",)),
        (ENDED, "revoked", False, ("qualification_is_over",)),
    ],
)
def test_what_is_over_is_followed_by_nothing_and_one_renewal_follows_another(
    held: Qualification, what: Followed, is_renewed: bool, expected: tuple[str, ...]
) -> None:
    ruling = judge_following(held, what, is_renewed=is_renewed)
    assert (ruling.codes if isinstance(ruling, Refused) else ()) == expected


REVIEW = OwnWork("SV16", "SV19", SOURCE)
SETTLEMENT = OwnWork("SV21", "SV21", SOURCE)
DESIGNED = EarlierAward("D1", "设计（示例）", ("SV19",))


@pytest.mark.parametrize(
    ("earlier", "items", "expected"),
    [
        ((), ("SV16",), []),
        ((DESIGNED,), ("SV16",), [("D1", "SV19", "SV16")]),
        ((replace(DESIGNED, items=("SV16",)),), ("SV19",), [("D1", "SV16", "SV19")]),  # whichever came first
        ((DESIGNED,), ("SV22",), []),
        ((DESIGNED,), ("SV19",), []),
        ((DESIGNED,), ("SV22", "SV16"), [("D1", "SV19", "SV16")]),  # one of a joint purchase
        ((replace(DESIGNED, items=("SV22", "SV19")),), ("SV16",), [("D1", "SV19", "SV16")]),
        ((replace(DESIGNED, items=("SV21",)),), ("SV21",), [("D1", "SV21", "SV21")]),  # budget and settlement
        ((DESIGNED, replace(DESIGNED, demand="D2")), ("SV16",), [("D1", "SV19", "SV16"), ("D2", "SV19", "SV16")]),
    ],
)
def test_nobody_judges_its_own_work_for_the_same_project(
    earlier: tuple[EarlierAward, ...], items: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    reasons = own_work(earlier, items, (REVIEW, SETTLEMENT))
    assert {one.code for one in reasons} <= {"own_work"}
    told = [(one.params["demand"], one.params["earlier_item"], one.params["item"]) for one in reasons]
    assert told == expected
    assert all(one.source == SOURCE for one in reasons)


def test_the_shipped_pairs_are_items_of_the_catalogue_with_their_source() -> None:
    known = {item.code for item in load_catalogue().items}
    pairs = own_work_pairs()
    assert {code for pair in pairs for code in (pair.one, pair.other)} <= known
    assert all(pair.source.title and pair.source.text_seen for pair in pairs)
    assert any(pair.meets("SV19", "SV16") and pair.meets("SV16", "SV19") for pair in pairs)


def test_a_pair_named_twice_or_with_an_unknown_item_is_refused() -> None:
    head = "one,other,source,place,text_seen\n"
    with pytest.raises(Malformed) as malformed:
        parse_pairs(head + "A,B,x,y,no\nB,A,x,y,no\nA,C,x,y,no\n", ["A", "B"])
    assert [(one.pointer, one.code) for one in malformed.value.faults] == [
        ("/1/other", "not_unique"),
        ("/2/other", "unknown_item"),
    ]


LISTED = parse_abolished(
    "code,name,valid_to,document,place,text_seen\nSV11,地震（示例）,2027-01-01,清理决定（示例）,附件第 3 项,title\n"
)


@pytest.mark.parametrize(
    ("codes", "at", "gone"),
    [
        (("SV11",), MIDNIGHT - MOMENT, []),
        (("SV11",), MIDNIGHT, ["SV11"]),
        (("SV12",), MIDNIGHT, []),
        (("SV12", "SV11"), MIDNIGHT, ["SV11"]),
    ],
)
def test_an_item_is_abolished_from_midnight_on_by_the_document_that_is_named(
    codes: tuple[str, ...], at: datetime, gone: list[str]
) -> None:
    reasons = abolished(codes, on=beijing_date(at), known=LISTED)
    assert [one.params["item"] for one in reasons] == gone
    for one in reasons:
        assert (one.code, one.source) == ("item_abolished", Source("清理决定（示例）", "title", "附件第 3 项"))
        assert one.params["document"] == "清理决定（示例）"


def test_the_shipped_list_of_abolished_items_is_read_and_a_code_stands_once() -> None:
    assert all(code == one.code for code, one in abolished_items().items())
    with pytest.raises(Malformed):
        parse_abolished("code,name,valid_to,document,place,text_seen\nA,x,2020-01-01,d,p,no\nA,x,2020-01-01,d,p,no\n")
