"""Everything the API takes of a demand can be said in the wizard, or stands in its list with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bidding.reading import criteria as criteria_keys
from bidding.reading import terms as terms_keys
from commons.errors import Malformed
from marketplace.catalogue.profiles import rule_profile
from marketplace.demands.demand import BuyerClass, Mode
from marketplace.demands.store import Demand
from marketplace.usecases.post_demand import PostDemand, RecusalText
from marketplace.usecases.post_notice import PostNotice
from marketplace.usecases.stated import ConditionText, declared_of
from marketplace.web.posted import Posting
from marketplace.web.posting import UNASKED, copied, stated, whole_plan
from marketplace.web.posting_terms import orders, read_posted_terms, terms_fields, typed_terms
from tests.usecases.market import OWNER, code

PROFILE = rule_profile("generic-v1")
AT = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
POLYGON = (
    '{"type":"Polygon","coordinates":[[["120.60","27.95"],["120.65","27.95"],["120.65","28.00"],["120.60","27.95"]]]}'
)
BESIDE = {
    "owner_name": "业主（示例）", "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）",
    "region": "330304", "place": "三垟（示例）", "buyer_class": "fiscal", "item": "SV22", "title": "需求（示例）",
    "description": "两期提交（示例）", "quantity": "3", "zone": "开发区（示例）", "point_lng": "120.62",
    "point_lat": "27.96", "polygon": POLYGON, "public_tender": "1", "nonce": "ab" * 32,
    "recusals": f"{code(6)} 编制了可研（示例）\n\n{code(7)} 关联（示例）",
    "c2_kind": "qualification", "c2_name": "测绘资质", "c2_grade": "乙级", "c2_region": "330304", "c2_amount": "100",
    "sign_up_closes_at": "2026-11-30T17:00", "closes_at": "2026-12-02T17:00",
    "first_round_opens_at": "2026-12-07T09:00",
}  # fmt: skip
WEIGHTS = {
    "w_price": "40", "formula": "mean", "above": "1", "below": "0.50", "above_max": "30", "below_max": "20",
    "deviation": "whole_up", "drop_from": "6", "factors": "95、97", "w_days": "20", "w_credit": "20", "w_grade": "10",
    "table": "甲级 10、乙级 6", "w_experience": "10", "each": "2",
}  # fmt: skip
LOW = {"low": "80", "low_second": "90", "low_ceiling": "60"}
COMMON = {"ceiling": "158000", "max_days": "40", "least": "3"}
TERMS: Mapping[str, Mapping[str, str]] = {
    "comprehensive": {**COMMON, **WEIGHTS, **LOW, "basis": "discount_rate", "ties": "days,price,credit,draw"},
    "instant": {**COMMON, **WEIGHTS, "rule": "best_value", "ties": "credit,draw"},
    "multi_round": {
        **COMMON, **LOW, "basis": "fen", "step": "1000", "step_basis": "leader", "step_multiple": "yes",
        "day_value": "0", "window": "120", "extend": "60", "limit": "3", "ties": "credit,received",
        "r1_kind": "sealed", "r1_survivors": "5", "r2_opens_at": "2026-12-07T14:00", "r2_closes_at": "2026-12-07T15:00",
    },
    "mean_price": {**COMMON, "drop_from": "5", "dropped": "no", "factors": "97", "basis": "fen", "ties": "credit,draw"},
    "random_draw": COMMON,
    "credit_draw": {**COMMON, "big_list": "5", "small_list": "3"},
    "direct": {"ceiling": "158000", "max_days": "40"},
}  # fmt: skip


def typed(mode: str, **changes: str) -> Posting:
    """Everything typed that this way of selecting asks."""
    given = {**BESIDE, **TERMS[mode], "mode": mode, **changes}
    every = {name: (text,) for name, text in given.items() if text}
    return Posting({**every, "further_items": ("SV03", "SV04")}, PROFILE, OWNER)


def said_in(document: Any, at: str = "") -> Iterator[str]:
    """Every key of a document, below it too; a criterion below its kind."""
    for key, value in cast("dict[str, Any]", document).items():
        yield f"{at}{key}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and key not in {"polygon", "table", "lots"}:
                kind = f"{one['kind']}/" if key == "criteria" else ""
                yield from ([f"{at}{key}/{kind}".rstrip("/")] if kind else [])
                yield from said_in({k: v for k, v in one.items() if not kind or k != "kind"}, f"{at}{key}/{kind}")


ALL = {
    *PostDemand.model_fields,
    *(f"recusals/{one}" for one in RecusalText.model_fields),
    *(f"conditions/{one}" for one in ConditionText.model_fields),
    *(f"terms/{one}" for one in terms_keys._KEYS),
    *(f"terms/rounds/{one}" for one in terms_keys._ROUND_KEYS),
    *(f"terms/extension/{one}" for one in terms_keys._EXTENSION_KEYS),
    *(f"terms/low_price/{one}" for one in criteria_keys._LINES),
    *(f"terms/criteria/{kind}" for kind in criteria_keys._KINDS),
    *(f"terms/criteria/{kind}/points" for kind in criteria_keys._KINDS),
    *(f"terms/criteria/price/{one}" for one in criteria_keys._KEYS - {"kind", "points", "table", "each"}),
    "terms/criteria/grade/table", "terms/criteria/experience/each",
}  # fmt: skip
"""What the API's own readers take, by its place in the command."""


def test_every_field_of_a_demand_is_reachable_from_the_wizard_or_listed_with_its_reason() -> None:
    said = {key for mode in TERMS for key in said_in(typed(mode).command().model_dump(exclude_unset=True))}
    said |= set(said_in(typed("multi_round", **{f"r{n}_{name}": "" for n in (1, 2) for name in ("kind", "survivors",
                "opens_at", "closes_at")}).command().model_dump(exclude_unset=True)))  # fmt: skip
    assert ALL - said == UNASKED.keys() - {"terms/rounds"}
    assert all(UNASKED.values())
    lots = typed("comprehensive", l1_title="甲段", l2_ceiling="1000", lot_cap="1").command()
    assert set(lots.model_dump(exclude_unset=True)) == set(PostNotice.model_fields)


@pytest.mark.parametrize("mode", TERMS)
def test_what_is_typed_is_read_without_a_fault_and_written_back_the_same(mode: Mode) -> None:
    one = typed(mode)
    terms, faults = one.terms()
    assert not faults
    command = one.command()
    assert isinstance(command, PostDemand)
    kept = demand_of(command, terms)
    again = Posting({**stated(kept, PROFILE), "nonce": ("ab" * 32,)}, PROFILE, OWNER).command()
    assert isinstance(again, PostDemand)
    places = {"polygon", "point"}
    assert again.model_dump(exclude=places) == command.model_dump(exclude=places), "what is opened says what it said"
    assert declared_of(again) == declared_of(command)
    assert "recusals" not in copied(kept), "who stood back then is nobody's business now"
    known = {field.key for field in terms_fields(mode)}
    assert {key: text for key, text in TERMS[mode].items() if key in known and key != "day_value"} == {
        key: text for key, text in typed_terms(kept.terms).items() if key != "day_value"
    }


def demand_of(command: PostDemand, terms: Mapping[str, Any]) -> Demand:
    """The row that posting keeps of a command."""
    declared, _ = declared_of(command)
    return Demand(
        id="D1", selection="S1", state="draft", title=command.title, owner_code=OWNER, owner_name=command.owner_name,
        buyer_class=cast("BuyerClass", command.buyer_class), project_code=command.project_code,
        project_name=command.project_name, region=command.region, city="330300", place=command.place,
        item=command.item, description=command.description, quantity=command.quantity or 1, ceiling_fen=15_800_000,
        max_days=40, mode=cast("Mode", terms["mode"]), terms=command.terms, terms_digest="", profile="generic-v1",
        recusals=tuple(one for one in command.recusals),  # type: ignore[arg-type]  # both have agency and reason
        is_regional_assessment=False, is_example=False, posted_at=AT, sign_up_closes_at=command.sign_up_closes_at,
        closes_at=command.closes_at, further_items=tuple(command.further_items), declared=declared,
    )  # fmt: skip


def test_rounds_are_filled_up_by_the_rules_and_the_last_one_typed_ends_them() -> None:
    terms, _ = typed("multi_round").terms()
    rounds = cast("list[dict[str, Any]]", terms["rounds"])
    assert [(one["kind"], one.get("survivors")) for one in rounds] == [("sealed", 5), ("open", None)]
    assert rounds[0]["opens_at"] == "2026-12-07T01:00:00Z"
    only = {"r2_opens_at": "", "r2_closes_at": ""}
    planned = cast("list[dict[str, Any]]", typed("multi_round", **only).terms()[0]["rounds"])
    assert len(planned) == PROFILE["rounds"].value
    late = typed("multi_round", r2_closes_at="2026-12-07T13:00").terms()[1]
    assert set(late) == {"r2_closes_at"}


def test_every_fault_of_a_fold_is_at_its_own_field() -> None:
    wrong = {"recusals": "没有代码", "polygon": "[1]"}
    with pytest.raises(Malformed) as malformed:
        typed("comprehensive", **wrong).command()
    plan = whole_plan("comprehensive", typed("comprehensive", **wrong).every)
    assert [plan.field_at(one.pointer) and plan.field_at(one.pointer).name for one in malformed.value.faults] == [  # type: ignore[union-attr]  # looked at just before
        "recusals", "polygon",
    ]  # fmt: skip
    with pytest.raises(Malformed) as malformed:
        typed("comprehensive", c2_kind="", l1_title="甲段", l2_title="乙段").command()
    assert {one.pointer for one in malformed.value.faults} >= {"/conditions/0/kind"}


def test_lots_share_what_is_not_their_own_and_each_has_its_part_of_the_draw() -> None:
    command = typed("comprehensive", l1_title="甲段", l3_ceiling="1000", l3_quantity="7", lot_cap="1").command()
    assert isinstance(command, PostNotice)
    first, second = command.lots
    assert (first.title, second.title) == ("甲段", "需求（示例） 第 2 标段")
    assert (first.terms["ceiling_fen"], second.terms["ceiling_fen"], second.quantity) == (15_800_000, 100_000, 7)
    assert len({first.nonce, second.nonce, "ab" * 32}) == 3
    assert command.lot_cap == 1


def test_every_order_of_tie_rules_can_be_chosen() -> None:
    assert len(orders("comprehensive")) == 16
    assert len(orders("multi_round")) == 32
    assert orders("random_draw") == ()
    assert read_posted_terms("direct", {})[1] == {"ceiling": "请填写金额"}
