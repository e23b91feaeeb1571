"""What a form reads: each kind of field, every fault at its field, the command that the API takes."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from commons.errors import Malformed
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.usecases.act import Fen, Instant, Message
from marketplace.web.pages.acting import wrong_of, wrong_reason
from marketplace.web.plans import (
    Field,
    Plan,
    command_from,
    local_text,
    proposed,
    read_amount,
    read_day,
    read_local,
    read_rate,
    read_whole,
    shown_form,
    values_of,
)
from marketplace.web.views.forms import Choice, FieldKind, Wrong


class Terms(Message):
    days: int
    rate_bp: int | None = None


class Order(Message):
    title: str
    ceiling_fen: Fen
    closes_at: Instant
    terms: Terms
    items: list[str]
    is_agreed: bool
    owner: str


PLAN = Plan(
    (
        Field("title", "项目名称", limit=10),
        Field("ceiling_fen", "最高限价", "amount"),
        Field("closes_at", "报价截止", "instant"),
        Field("days", "服务期限", "whole", at="/terms/days"),
        Field("rate", "下浮率", "rate", at="/terms/rate_bp", is_needed=False),
        Field("items", "事项", "boxes", is_needed=False),
        Field("is_agreed", "已阅读", "box"),
    ),
    places=MappingProxyType({"sign_up_too_short": "closes_at"}),
)
TYPED = {
    **proposed(title="测绘", ceiling_fen="128,600.5", closes_at="2026-11-24T17:00", days=20),
    "items": ("RA01", "RA03"), "is_agreed": ("1",),
}  # fmt: skip


def test_a_form_makes_the_command_that_the_api_takes() -> None:
    made = command_from(PLAN, Order, TYPED, owner="O")
    assert made == Order(
        title="测绘", ceiling_fen=12_860_050, closes_at=datetime(2026, 11, 24, 9, tzinfo=UTC), terms=Terms(days=20),
        items=["RA01", "RA03"], is_agreed=True, owner="O",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("0", 0), ("128600.00", 12_860_000), ("1,286,00", None), ("128,600", 12_860_000), ("１２８６元", 128_600),
        (" 128 600.5 ", 12_860_050), ("0.01", 1), ("0.001", None), ("-1", None), ("1e5", None), ("", None),
        ("十二万", None), ("10000000000", 10**12), ("10000000000.01", None), ("1" * 30, None), ("12,8600", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_exactly_or_not_at_all(typed: str, fen: int | None) -> None:
    assert read_amount(typed) == fen


def test_other_kinds_are_read_exactly_or_not_at_all() -> None:
    assert [read_rate(one) for one in ("12.5", "12.5%", "0", "12.345", "a")] == [1_250, 1_250, 0, None, None]
    assert [read_whole(one) for one in ("20", "1,000", "-3", "2.0", "")] == [20, 1_000, -3, None, None]
    assert [read_day(one) for one in ("2026-02-28", "2026-02-30", "26-1-1")] == ["2026-02-28", None, None]
    assert read_local("2026-11-24T17:00") == read_local("2026-11-24 17:00:00") == "2026-11-24T09:00:00Z"
    assert [read_local(one) for one in ("2026-13-01T00:00", "0001-01-01T00:00", "tomorrow")] == [None, None, None]
    assert local_text(datetime(2026, 11, 24, 9, tzinfo=UTC)) == "2026-11-24T17:00"


def test_every_fault_of_a_form_stands_at_its_field_in_words() -> None:
    sent = {"title": ("很长很长很长很长很长的名称",), "ceiling_fen": ("十二万",), "days": ("二十",), "rate": ("x",)}
    with pytest.raises(Malformed) as caught:
        values_of(PLAN, sent)
    assert [(one.field, one.words) for one in wrong_of(PLAN, caught.value)] == [
        ("title", "项目名称最多 10 个字"),
        ("ceiling_fen", "最高限价应为金额，以元计，最多两位小数，如 128600.00"),
        ("closes_at", "请填写报价截止"),
        ("days", "服务期限应为整数"),
        ("rate", "下浮率应为百分数，最多两位小数，如 12.50"),
    ]


def test_a_fault_of_the_command_finds_its_field_by_the_longest_pointer() -> None:
    assert PLAN.field_at("/terms/days") == PLAN.named("days")
    assert PLAN.field_at("/items/1") == PLAN.named("items")
    assert PLAN.field_at("/itemsmore") is None
    assert PLAN.field_at("") is None
    with pytest.raises(Malformed) as caught:
        command_from(PLAN, Order, {**TYPED, "ceiling_fen": ("9999999999999",)}, owner="O")
    assert wrong_of(PLAN, caught.value)[0].field == "ceiling_fen"


def test_a_reason_stands_at_the_field_that_the_plan_gives_it_with_its_source() -> None:
    source = Source("选取规则", "yes", "5")
    at_field = wrong_reason(PLAN, Reason("sign_up_too_short", source))
    assert (at_field.field, at_field.label, at_field.source) == ("closes_at", "报价截止", source)
    assert wrong_reason(PLAN, Reason("restricted", source)).field == ""


def test_a_form_is_shown_again_as_it_was_typed_but_never_a_secret() -> None:
    kinds: tuple[FieldKind, ...] = ("line", "password", "file", "amount", "boxes")
    plan = Plan(tuple(Field(kind, kind, kind, options=(Choice("a", "甲"),)) for kind in kinds))
    sent = dict.fromkeys(kinds, ("a", "b")) | {"amount": ("128600",)}
    shown = shown_form(plan, "/x", "form-1", sent=sent, wrong=(Wrong("不对", "line"), Wrong("也不对", "line")), id="f")
    assert {name: one.value for name, one in shown.fields.items()} == {
        "line": "a", "password": "", "file": "", "amount": "128600", "boxes": "a",
    }  # fmt: skip
    assert shown.fields["boxes"].chosen == ("a", "b")
    assert shown.fields["amount"].capitals == "壹拾贰万捌仟陆佰元整"
    assert (shown.fields["line"].fault, shown.fields["line"].id) == ("不对；也不对", "f-line")
    assert (shown.place, shown.has_files) == ("f-faults", True)


def test_many_choices_are_folded_by_group_but_for_what_is_likely_or_chosen() -> None:
    options = (
        Choice("a", "甲", group="一"),
        Choice("b", "乙", group="二", is_likely=True),
        Choice("c", "丙", group="一"),
    )
    plan = Plan((Field("items", "事项", "boxes", options=options),))

    def folds(*chosen: str) -> list[tuple[str, str, bool]]:
        groups = shown_form(plan, "/x", "k", sent={"items": chosen}).fields["items"].groups
        return [(one.name, "".join(each.value for each in one.choices), one.is_open) for one in groups]

    assert folds() == [("一", "ac", False), ("二", "b", True)]
    assert folds("c") == [("一", "ac", True), ("二", "b", True)]


def test_a_line_with_proposals_takes_what_is_not_among_them() -> None:
    plan = Plan((Field("grade", "等级", "proposed", options=(Choice("甲级", "甲级"),), limit=4),))
    assert values_of(plan, {"grade": ("特级",)}) == {"grade": "特级"}
    with pytest.raises(Malformed):
        values_of(plan, {"grade": ("五个字以上",)})
