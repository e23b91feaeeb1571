"""What may stand in a version, row by row; the rules that follow; and what a demand keeps of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commons.errors import NotFound
from commons.profiles import ProfileValue
from commons.sources import Source
from marketplace.catalogue.cleaning import AbolishedItem
from marketplace.catalogue.in_force import (
    catalogue_base,
    kept,
    kept_catalogue,
    kept_profile,
    profile_base,
    rules_at,
    shipped_rules,
)
from marketplace.catalogue.items import Catalogue, ServiceItem, load_catalogue, row_of
from marketplace.catalogue.modes import is_mode_key
from marketplace.catalogue.profiles import rule_profile
from marketplace.catalogue.publishing import made_catalogue, made_profile
from marketplace.catalogue.requirements import requirement_of
from marketplace.catalogue.versions import Version

NAME = "generic-v1"
TEXT = Source("某办法（示例）", "no", "第三条")
AT = datetime(2026, 11, 23, tzinfo=UTC)
FIRST = date(2026, 12, 1)


def value(key: str, number: int, unit: Any) -> ProfileValue:
    return ProfileValue(key, number, unit, TEXT)


OWN = {"sign_up": {"value": 5}}
VALUES = (
    ("a clock of working days in seconds", [value("sign_up", 9, "seconds")], [], []),
    ("a round in minutes", [value("round_length", 45, "minutes")], [], []),
    ("a round has a fixed length", [value("round_length", 1, "workdays")], [], ["unit_differs"]),
    ("a clock is no count", [value("sign_up", 3, "bidders")], [], ["unit_differs"]),
    ("a count is no clock", [value("rounds", 3, "days")], [], ["unit_differs"]),
    ("at least one bidder", [value("minimum_bidders_instant", 0, "bidders")], [], ["out_of_range"]),
    ("yes or no", [value("direct_fiscal", 2, "yes_no")], [], ["out_of_range"]),
    ("a mode for a class of items", [value("mode_instant_fiscal_optional", 0, "yes_no")], [], []),
    ("a mode in days", [value("mode_instant_fiscal_optional", 0, "days")], [], ["unit_differs"]),
    ("no such mode", [value("mode_raffle_fiscal", 1, "yes_no")], [], ["unknown_key"]),
    ("twice", [value("sign_up", 4, "workdays")] * 2, [], ["not_unique"]),
    ("what the region has falls through", [], ["sign_up"], []),
    ("what the region has not cannot", [], ["rounds"], ["not_overlaid"]),
    ("set and released in one breath", [value("sign_up", 4, "workdays")], ["sign_up"], ["not_unique"]),
    ("released twice", [], ["sign_up", "sign_up"], ["not_unique"]),
    ("nothing", [], [], ["changes_nothing"]),
)


@pytest.mark.parametrize(("values", "released", "codes"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_a_value_keeps_its_kind_of_unit_and_only_known_keys_are_taken(values, released, codes) -> None:
    made = made_profile(NAME, values, released, own=OWN)
    assert [one.code for one in made.faults] == codes
    assert list(made.rows) == list(dict.fromkeys(one.key for one in values))


def test_a_profile_that_there_is_none_of_has_no_versions() -> None:
    with pytest.raises(NotFound):
        made_profile("nobody-v1", [], [], own={})


def test_a_direct_choice_has_one_key_for_all_items() -> None:
    assert not is_mode_key("mode_direct_fiscal")
    assert is_mode_key("mode_credit_draw_voluntary")


def line(code: str, **changes: str) -> dict[str, str]:
    found = load_catalogue().item("SV22")
    assert found is not None
    return {**row_of(found), "code": code, **changes}


def gone(code: str, day: date = FIRST) -> AbolishedItem:
    return AbolishedItem(code, "示例", day, TEXT)


ITEMS = (
    ("a new one", [line("ZZ01")], [], [], []),
    ("a grade that the kind has not", [line("ZZ01", minimum_grade="九级")], [], [], ["not_a_grade"]),
    ("a word that is none", [line("ZZ01", fee_mode="free")], [], [], ["not_a_choice"]),
    ("twice", [line("ZZ01"), line("ZZ01")], [], [], ["not_unique"]),
    ("abolished", [], [gone("SV22")], [], []),
    ("abolished before the version begins", [], [gone("SV22", FIRST - timedelta(days=1))], [], ["before_version"]),
    ("abolished, and nobody knows it", [], [gone("XX99")], [], ["unknown_item"]),
    ("abolished twice", [], [gone("SV22"), gone("SV22")], [], ["not_unique"]),
    ("new and abolished with its end", [line("ZZ01")], [gone("ZZ01", date(2027, 1, 1))], [], []),
    ("the region's own falls through", [], [], ["SV26"], []),
    ("nothing", [], [], [], ["changes_nothing"]),
)


@pytest.mark.parametrize(
    ("items", "abolished", "released", "codes"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS]
)
def test_an_item_is_read_as_in_the_shipped_file_and_abolished_by_a_document(items, abolished, released, codes) -> None:
    made = made_catalogue(items, abolished, released, now=catalogue_base(), own={"SV26": {}}, first=FIRST)
    assert [one.code for one in made.faults] == codes
    for one in abolished if not codes else []:
        assert made.rows[one.code]["document"] == TEXT.title
        assert made.rows[one.code]["name"]


def version(identifier: str, region: str, rows: dict[str, Any], kind: Any = "profile", days: int = 0) -> Version:
    name = NAME if kind == "profile" else ""
    return Version(identifier, kind, name, region, AT + timedelta(days=days), AT, rows, "示例", TEXT)


SIX = {"value": 6, "unit": "workdays", "source": TEXT.title, "place": TEXT.place, "text_seen": "no"}
VERSIONS = (
    version("V1", "330000", {"sign_up": SIX}),
    version("V2", "330300", {"publicity": {**SIX, "value": 7}}, days=2),
    version("V3", "330304", {"SV22": line("SV22", minimum_grade="甲级"), "ZZ01": line("ZZ01")}, "catalogue"),
    version("V4", "330304", {"SV26": {**line("SV26"), "valid_to": "2026-11-01", "document": "决定",
                                      "document_place": "", "document_seen": "no"}}, "catalogue", days=1),
)  # fmt: skip


def test_without_a_version_the_shipped_rules_hold_and_nothing_but_digests_is_kept() -> None:
    rules = rules_at(VERSIONS, NAME, "330304", at=AT - timedelta(seconds=1))
    assert rules is shipped_rules(NAME)
    keeping = kept(rules, ["SV22"])
    assert (keeping["profile"], keeping["items"], keeping["versions"]) == ({}, {}, [])
    assert kept_profile(rule_profile(NAME), keeping) == rule_profile(NAME)
    assert kept_catalogue(keeping) is kept_catalogue({}) is load_catalogue()


def test_what_differs_is_kept_and_read_back_as_it_was() -> None:
    early, late = (rules_at(VERSIONS, NAME, "330304", at=AT + timedelta(days=day)) for day in (0, 2))
    assert (early.versions, late.versions) == (("V3", "V1"), ("V4", "V1", "V2"))
    assert (early.profile["sign_up"].value, early.profile["publicity"].value) == (6, 3)
    assert late.profile["publicity"] == ProfileValue("publicity", 7, "workdays", TEXT)
    assert "SV26" in late.abolished
    assert "SV26" not in early.abolished
    assert early.profile_digest != late.profile_digest
    keeping = kept(early, ["SV22", "SV18", "ZZ01", "XX99"])
    assert set(keeping["items"]) == {"SV22", "ZZ01"}
    assert set(keeping["profile"]) == {"sign_up"}
    assert kept_profile(rule_profile(NAME), keeping) == early.profile
    catalogue = kept_catalogue(keeping)
    asked = {code: requirement_of(item, catalogue) for code in ("SV22", "ZZ01") if (item := catalogue.item(code))}
    assert [one.grades for one in asked.values() if one] == [("甲级",), ("甲级", "乙级")]
    assert catalogue.item("SV18") == load_catalogue().item("SV18")
    assert early.catalogue.kind("测绘资质") == load_catalogue().kind("测绘资质")


def test_other_regions_and_other_profiles_are_untouched() -> None:
    away = rules_at(VERSIONS, NAME, "330100", at=AT + timedelta(days=9))
    assert away.versions == ("V1",)
    assert away.catalogue.items == tuple(sorted(load_catalogue().items, key=lambda one: one.code))
    demo = rules_at(VERSIONS, "demo-v1", "330300", at=AT + timedelta(days=9))
    assert demo.profile == rule_profile("demo-v1")


def test_every_shipped_item_and_value_goes_through_its_row() -> None:
    assert set(profile_base(NAME)) == set(rule_profile(NAME).values)
    again = kept_catalogue({"items": {item.code: dict(row_of(item)) for item in load_catalogue().items}})
    assert isinstance(again, Catalogue)
    assert all(isinstance(one, ServiceItem) for one in again.items)
    assert again.items == load_catalogue().items
    with pytest.raises(NotFound):
        profile_base("nobody-v1")


def test_a_profile_as_kept_is_itself() -> None:
    own = rule_profile(NAME).overlaid({"sign_up": value("sign_up", 9, "workdays")})
    assert rule_profile(own) is own
