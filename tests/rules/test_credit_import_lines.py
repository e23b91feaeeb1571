"""Lines of authorities' files as a table: what is taken, what is refused and why, and that the schema says the same."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from typing import Any

import pytest

from commons.errors import Malformed
from credit.facts import STATUTORY_CODES
from credit.importing import (
    FIELDS,
    MAX_LINE,
    MAX_LINES,
    MAX_NAME,
    MAX_TEXT,
    OPTIONAL,
    SEVERITIES,
    TEXTS,
    DecisionLine,
    LineKind,
    line_of,
    read_lines,
)

TODAY = date(2026, 11, 23)
SUBJECT = "91990000MA0000001B"
DECISION: dict[str, Any] = {
    "v": 1, "type": "decision", "subject": SUBJECT, "authority": "示例局", "document_number": "示罚1号",
    "decided_on": "2026-01-05", "basis": "示例", "code": "penalty", "severity": "severe", "legal_ground": "示例法",
}  # fmt: skip
FOLLOWING = {name: DECISION[name] for name in ("v", "subject", "authority", "decided_on", "basis")}
CORRECTION = {
    **FOLLOWING, "type": "correction", "document_number": "示更1号", "follows": "示罚1号", "severity": "minor",
}  # fmt: skip
REVOCATION = {**FOLLOWING, "type": "revocation", "document_number": "示撤1号", "follows": "示罚1号"}
SCHEMA = json.loads((resources.files("credit") / "data" / "import.schema.json").read_text("utf-8"))


def read(*lines: Any) -> tuple[DecisionLine, ...]:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    return read_lines(text, today=TODAY)


def faults(*lines: Any) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as refused:
        read(*lines)
    return [(one.pointer, one.code) for one in refused.value.faults]


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


def test_every_kind_of_line_is_read_and_reads_back() -> None:
    lines = read({**DECISION, "evidence_sha256": "0" * 64}, CORRECTION, {**CORRECTION, "document_number": "x",
                 "code": "judgment"}, REVOCATION)  # fmt: skip
    assert [one.kind for one in lines] == ["decision", "correction", "correction", "revocation"]
    assert [one.target for one in lines] == [(SUBJECT, "示例局", "示罚1号")] * 4
    assert [line_of(one.content(), number=one.number) for one in lines] == list(lines)
    assert (lines[0].decided_on, lines[0].severity) == (date(2026, 1, 5), "severe")


def test_a_document_that_stands_twice_is_one_line_and_typed_codes_become_normal() -> None:
    (only,) = read(DECISION, {**DECISION, "subject": SUBJECT.lower()})
    assert (only.number, only.subject) == (1, SUBJECT)


def test_spaces_around_a_text_are_no_part_of_it() -> None:
    spaced = {name: f"\u3000{value} " for name, value in DECISION.items() if name in TEXTS}
    assert read({**DECISION, **spaced}, DECISION) == read(DECISION)
    long = {**DECISION, "document_number": " " * 9 + "示" * MAX_NAME, "basis": "示" * MAX_TEXT + " "}
    assert (len(read(long)[0].document_number), len(read(long)[0].basis)) == (MAX_NAME, MAX_TEXT)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", [("/lines/1", "not_json")]),
        ("{", [("/lines/1", "not_json")]),
        ('{"v":1,"v":1}', [("/lines/1", "not_json")]),
        ("[" * 3_000, [("/lines/1", "not_json")]),
        ("[]", [("/lines/1", "not_an_object")]),
        ('"' + "x" * MAX_LINE + '"', [("/lines/1", "line_too_long")]),
        (without(DECISION, "type"), [("/lines/1/type", "unknown_type")]),
        ({**DECISION, "type": "penalty"}, [("/lines/1/type", "unknown_type")]),
        ({**DECISION, "type": ["decision"]}, [("/lines/1/type", "unknown_type")]),
        (without(DECISION, "basis", "code"), [("/lines/1/basis", "missing"), ("/lines/1/code", "missing")]),
        ({**DECISION, "follows": "x"}, [("/lines/1/follows", "unknown_member")]),
        ({**DECISION, "v": 2}, [("/lines/1/v", "unknown_version")]),
        ({**DECISION, "v": True}, [("/lines/1/v", "unknown_version")]),
        ({**DECISION, "basis": 7}, [("/lines/1/basis", "not_a_text")]),
        ({**DECISION, "basis": " "}, [("/lines/1/basis", "not_a_text")]),
        ({**DECISION, "basis": "一\n二"}, [("/lines/1/basis", "not_a_text")]),
        ({**DECISION, "basis": "x" * (MAX_TEXT + 1)}, [("/lines/1/basis", "not_a_text")]),
        ({**DECISION, "document_number": "示" * (MAX_NAME + 1)}, [("/lines/1/document_number", "not_a_text")]),
        ({**DECISION, "authority": "示" * (MAX_NAME + 1)}, [("/lines/1/authority", "not_a_text")]),
        ({**REVOCATION, "follows": "示" * (MAX_NAME + 1)}, [("/lines/1/follows", "not_a_text")]),
        ({**REVOCATION, "follows": " 示撤1号 "}, [("/lines/1/follows", "follows_itself")]),
        ({**DECISION, "subject": SUBJECT[:-1] + "0"}, [("/lines/1/subject", "uscc_check")]),
        ({**DECISION, "decided_on": "2026-1-5"}, [("/lines/1/decided_on", "not_a_day")]),
        ({**DECISION, "decided_on": "2026-02-30"}, [("/lines/1/decided_on", "not_a_day")]),
        ({**DECISION, "decided_on": "2026-11-24"}, [("/lines/1/decided_on", "day_to_come")]),
        ({**DECISION, "code": "award_abandoned"}, [("/lines/1/code", "unknown_rule")]),
        ({**DECISION, "severity": "mild"}, [("/lines/1/severity", "unknown_severity")]),
        ({**DECISION, "evidence_sha256": "0" * 63}, [("/lines/1/evidence_sha256", "not_a_hash")]),
        (without(CORRECTION, "severity"), [("/lines/1", "correction_changes_nothing")]),
        ({**REVOCATION, "follows": "示撤1号"}, [("/lines/1/follows", "follows_itself")]),
        ({**REVOCATION, "severity": "minor"}, [("/lines/1/severity", "unknown_member")]),
    ],
)
def test_a_line_that_cannot_be_read_says_everything_that_is_wrong(line: Any, told: list[tuple[str, str]]) -> None:
    if line == "":
        line = "\n" + json.dumps(DECISION)
    assert faults(line) == told


def test_faults_of_all_lines_come_together_with_their_numbers() -> None:
    other = {**DECISION, "basis": "别的说法"}
    assert faults(DECISION, "x", other) == [
        ("/lines/2", "not_json"), ("/lines/3/document_number", "differs_from_earlier"),
    ]  # fmt: skip
    with pytest.raises(Malformed) as empty:
        read_lines("", today=TODAY)
    assert empty.value.faults[0].code == "no_lines"
    with pytest.raises(Malformed) as many:
        read_lines("\n" * (MAX_LINES + 1), today=TODAY)
    assert many.value.faults[0].code == "too_many_lines"


def test_a_decision_of_today_has_been_made() -> None:
    (line,) = read({**DECISION, "decided_on": "2026-11-23"})
    assert line.decided_on == TODAY


@pytest.mark.parametrize("kind", FIELDS)
def test_the_schema_says_what_is_read(kind: LineKind) -> None:
    told = SCHEMA["$defs"][kind]
    assert set(told["required"]) == set(FIELDS[kind])
    assert set(told["properties"]) == {*FIELDS[kind], *OPTIONAL[kind]}
    assert told["additionalProperties"] is False
    assert told["properties"]["type"] == {"const": kind}
    assert {"$ref": f"#/$defs/{kind}"} in SCHEMA["oneOf"]


def test_the_schema_has_the_values_and_bounds_that_are_read() -> None:
    shared = SCHEMA["$defs"]
    assert tuple(shared["severity"]["enum"]) == SEVERITIES
    assert set(shared["code"]["enum"]) == STATUTORY_CODES
    assert (shared["name"]["maxLength"], shared["text"]["maxLength"]) == (MAX_NAME, MAX_TEXT)
    for kind in FIELDS:
        for name, most in TEXTS.items():
            told = shared[kind]["properties"].get(name, {"$ref": ""})["$ref"]
            assert told in {"", "#/$defs/name" if most == MAX_NAME else "#/$defs/text"}, (kind, name)
    assert shared["correction"]["anyOf"] == [{"required": [name]} for name in OPTIONAL["correction"]]
