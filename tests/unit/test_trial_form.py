"""试算: every mode's form is read into a case, published terms come through it unchanged, faults name their field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bidding.engine import decide
from bidding.reading.terms import parse_terms
from marketplace.web.trial.fields import FIELDS, MODES, columns
from marketplace.web.trial.reading import read_trial
from marketplace.web.trial.starting import example, of_published
from marketplace.web.trial.values import Unreadable, read, written

KEPT = sorted((Path(__file__).parents[1] / "cases" / "decide").glob("*.json"))
NOTHING: dict[str, Any] = {}


@pytest.mark.parametrize("mode", MODES)
def test_the_example_of_a_mode_is_decided(mode: str) -> None:
    tried = read_trial(example(mode), mode, NOTHING)
    assert tried.faults == {}
    assert tried.case is not None
    assert decide(tried.case).outcome == ("owner_choice" if mode == "credit_draw" else "award")
    known = {one.key for one in FIELDS[mode]} | {
        f"b{number}_{one.key}" for number in range(1, 5) for one in columns(mode, rounds=2, is_rate=False)
    }
    assert set(example(mode)) <= known


def test_published_terms_come_through_the_form_as_they_are_and_invented_offers_fit_them() -> None:
    assert len(KEPT) > 100
    for file in KEPT:
        terms = json.loads(file.read_text())["case"]["terms"]
        tried = read_trial(of_published(terms), terms["mode"], terms)
        assert tried.faults == {}, file.name
        assert tried.case is not None
        assert tried.case.terms == parse_terms(terms), file.name
        decide(tried.case)


@pytest.mark.parametrize(
    ("mode", "changes", "faults"),
    [
        ("comprehensive", {"w_price": "46"}, {"w_price": "各项权重合计须为 100 分"}),
        ("comprehensive", {"ceiling": ""}, {"ceiling": "缺少这一项，条件要求它"}),
        ("comprehensive", {"ceiling": "1e5"}, {"ceiling": "应为金额，以元计，最多两位小数，如 128600.00"}),
        ("comprehensive", {"b2_price": "NaN"}, {"b2_price": "应为金额，以元计，最多两位小数，如 128600.00"}),
        ("comprehensive", {"b3_days": "1.5"}, {"b3_days": "应为整数"}),
        ("comprehensive", {"b3_days": ""}, {"b3_days": "缺少这一项，条件要求它"}),
        ("comprehensive", {"b1_marks": "15.01"}, {"b1_marks": "超出允许的范围"}),
        ("comprehensive", {"b2_name": "甲"}, {"b2_name": "同一机构出现了两次"}),
        ("comprehensive", {"b2_name": "甲/1"}, {"b2_name": "编号为 1 至 64 个字符，不含斜杠和控制字符"}),
        ("comprehensive", {"ties": "luck"}, {"ties": "没有这个选项"}),
        ("comprehensive", {"w_price": "35", "w_grade": "10", "table": "甲级"}, {"table": "应写成“甲级 10、乙级 6”"}),
        ("comprehensive", {"w_price": "35", "w_grade": "10", "table": "甲级 11"}, {"table": "超出允许的范围"}),
        ("multi_round", {"rounds": "6"}, {"rounds": "轮数为 1 至 5 的整数"}),
        ("multi_round", {"round_kind": "sealed"}, {"ties": "只有最后一轮公开时才能按先后"}),
        ("multi_round", {"b1_p2": "x"}, {"b1_p2": "应为金额，以元计，最多两位小数，如 128600.00"}),
        ("mean_price", {"factors": "97、97"}, {"factors": "系数应为一个或多个不同的正数"}),
        ("credit_draw", {"b4_credit": ""}, {"b4_credit": "缺少这一项，条件要求它"}),
    ],
)
def test_what_is_wrong_is_said_at_the_field_it_was_typed_in(
    mode: str, changes: dict[str, str], faults: dict[str, str]
) -> None:
    tried = read_trial(example(mode) | changes, mode, NOTHING)
    assert tried.case is None
    assert dict(tried.faults) == faults


def test_empty_rows_count_for_nothing_and_who_has_no_name_is_called_by_its_place() -> None:
    given = {key: text for key, text in example("mean_price").items() if not key.startswith(("b2_", "b4_"))}
    raw = read_trial(given | {"b7_price": "150000", "b7_days": "3"}, "mean_price", NOTHING).raw
    assert [one["bidder"] for one in raw["bids"]] == ["甲", "丙", "庚"]  # type: ignore[index,union-attr,call-overload]  # a case is plain JSON


def test_numbers_are_read_exactly_and_written_as_they_are_read() -> None:
    assert read("yuan", "1,234.5") == 123_450
    assert read("percent", "12.05%") == 1_205
    assert read("marks", "13、12.5") == [1_300, 1_250]
    assert read("table", "甲级 10、乙级=6") == {"甲级": 10, "乙级": 6}
    for kind, text in (("yuan", "1.005"), ("yuan", "-1"), ("whole", "１"), ("percents", "、"), ("text", "长" * 61)):
        with pytest.raises(Unreadable):
            read(kind, text)  # type: ignore[arg-type]  # kinds of the table
    assert written("yuan", 123_450) == "1234.50"
    assert written("percents", [9_700, 9_750]) == "97、97.50"
