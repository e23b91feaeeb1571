"""Modes, conditions, barriers and tenders, row by row; the reference shows the same rows."""

from __future__ import annotations

import pytest

from commons.profiles import ProfileValue
from commons.sources import Source
from marketplace.catalogue.conditions import tender_items
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.modes import BUYERS, CLASSES, MODES, judge_mode, mode_rule, mode_table
from tests.rules.rules_document import (
    CONDITIONS,
    GENERIC,
    LAW,
    PATH,
    TENDERS,
    WORDINGS,
    barriers,
    document,
    judged,
    tenders,
)

OWN = Source("某地办法（示例）", "no")


def value(key: str, number: int) -> ProfileValue:
    return ProfileValue(key, number, "yes_no", OWN)


@pytest.mark.parametrize(
    ("asked", "legal", "code"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS]
)
def test_a_condition_may_restate_the_law_and_nothing_else(asked, legal, code) -> None:
    found = judged(asked, legal)
    assert [one.code for one in found] == ([code] if code else [])
    for one in found:
        assert one.params["asked"]
        assert one.source.title
        if code == "qualification_beyond_law" and legal is not None:
            assert one.source == LAW
            assert legal.kind in str(one.params["legal"])


@pytest.mark.parametrize(("where", "words", "is_barrier"), WORDINGS)
def test_words_that_tie_something_to_a_place_are_a_barrier(where, words, is_barrier) -> None:
    assert [one.code for one in barriers(where, words)] == (["regional_barrier"] if is_barrier else [])


@pytest.mark.parametrize("row", TENDERS, ids=lambda row: row[0])
def test_what_the_law_makes_a_tender_is_refused_with_the_platform(row) -> None:
    found = tenders(row)
    assert [one.code for one in found] == (["public_tender_required"] if row[-1] else [])
    assert all(one.params["platform"] == "浙江省公共资源交易服务平台" for one in found)


def test_every_item_of_a_tender_is_in_the_catalogue_and_says_that_its_text_was_not_read() -> None:
    assert all(load_catalogue().item(code) for code in tender_items())
    assert {one.text_seen for one in tender_items().values()} == {"no"}


def test_the_table_of_modes_is_total_and_a_direct_choice_is_for_voluntary_buyers() -> None:
    rows = {(one.buyer, one.item_class, one.mode): one.allowed for one in mode_table(GENERIC)}
    assert len(rows) == len(BUYERS) * len(CLASSES) * len(MODES)
    assert {key for key, allowed in rows.items() if not allowed} == {
        (buyer, kind, "direct") for buyer in ("fiscal", "entrusted") for kind in CLASSES
    }


def test_the_most_particular_key_says_it_and_what_no_key_opens_is_closed() -> None:
    closed = GENERIC.overlaid({"mode_instant_fiscal": value("mode_instant_fiscal", 0)})
    opened = closed.overlaid({"mode_instant_fiscal_optional": value("mode_instant_fiscal_optional", 1)})
    assert not mode_rule(closed, "fiscal", "optional", "instant").allowed
    assert mode_rule(opened, "fiscal", "optional", "instant").allowed
    refused = judge_mode(opened, "fiscal", ["optional", "mandatory"], "instant")
    assert [(one.code, one.params["item_class"], one.source) for one in refused] == [
        ("mode_not_allowed", "mandatory", OWN)
    ]
    nothing = {key: one for key, one in GENERIC.values.items() if key != "mode_random_draw_fiscal"}
    bare = type(GENERIC)(GENERIC.name, nothing)
    assert [one.code for one in judge_mode(bare, "fiscal", ["optional"], "random_draw")] == ["mode_not_allowed"]
    assert judge_mode(bare, "fiscal", ["optional"], "direct") == ()
    assert judge_mode(GENERIC, "fiscal", ["optional", "mandatory"], "mean_price") == ()


def test_the_reference_shows_the_rows() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert document(text) == text, "run: python -m tests.rules.rules_document"
    assert "`mode_not_allowed`" in text
