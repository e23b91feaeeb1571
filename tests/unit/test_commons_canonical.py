from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any

import pytest

from commons.canonical import MAX_DEPTH, MAX_INTEGER, Json, canonical


class Word(StrEnum):
    YES = "yes"


class Number(IntEnum):
    ONE = 1


def nested(levels: int) -> Json:
    value: Json = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1, "-1"),
        (MAX_INTEGER, "9007199254740991"),
        (-MAX_INTEGER, "-9007199254740991"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ([1, [2, []], {}], "[1,[2,[]],{}]"),
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"10": 1, "1": 2, "": 3}, '{"":3,"1":2,"10":1}'),
    ],
)
def test_a_value_is_written_without_spaces_and_in_the_order_of_names(value: Json, text: str) -> None:
    assert canonical(value) == text.encode()


def test_only_what_json_must_escape_is_escaped_and_in_the_short_form() -> None:
    # RFC 8785 section 3.2.2.2, and the string of its section 3.2.2 sample
    assert canonical('\b\t\n\f\r"\\/') == rb'"\b\t\n\f\r\"\\/"'
    assert canonical("\x00\x0b\x1f\x7f\x80") == b'"\\u0000\\u000b\\u001f\x7f\xc2\x80"'
    assert canonical('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


def test_names_are_ordered_by_utf_16_code_units_as_in_section_3_2_3_of_the_rfc() -> None:
    rows: dict[str, Json] = {
        "€": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "😀": "Emoji: Grinning Face", "\x80": "Control", "ö": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    values = ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
              "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]  # fmt: skip
    text = canonical(rows).decode()
    assert sorted(values, key=text.index) == values


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.0, "no canonical form for float at the top"),
        (float("nan"), "no canonical form for float at the top"),
        (MAX_INTEGER + 1, r"integer beyond ±\(2\^53−1\) at the top"),
        (-MAX_INTEGER - 1, r"integer beyond ±\(2\^53−1\) at the top"),
        (10**100_000, r"integer beyond"),
        ({"a": [0, {"b": 1.5}]}, "no canonical form for float at /a/1/b"),
        ({"a/b~c": 1.5}, "no canonical form for float at /a~1b~0c"),
        ((1, 2), "no canonical form for tuple at the top"),
        (b"x", "no canonical form for bytes at the top"),
        ([Word.YES], "no canonical form for Word at /0"),
        ([Number.ONE], "no canonical form for Number at /0"),
        ({"a": {1: 2}}, "a member's name is no string but int at /a"),
        ({"😀": 1, 2: 2}, "a member's name is no string but int at the top"),
        ({Word.YES: 1}, "a member's name is no string but Word at the top"),
        ("\ud800", "lone surrogate at the top"),
        ({"a": ["x", "\udc00é"]}, "lone surrogate at /a/1"),
        ({"a\ud800": 1}, r"lone surrogate at /a\\ud800"),
        (nested(MAX_DEPTH + 1), f"more than {MAX_DEPTH} levels at (/0){{{MAX_DEPTH}}}$"),
    ],
    ids=lambda value: "" if isinstance(value, int) else None,
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        canonical(value)


def test_a_value_as_deep_as_allowed_is_written() -> None:
    assert canonical(nested(MAX_DEPTH)) == b"[" * MAX_DEPTH + b"]" * MAX_DEPTH


def test_a_value_that_holds_itself_is_refused() -> None:
    value: dict[str, Json] = {}
    value["again"] = value
    with pytest.raises(ValueError, match="levels"):
        canonical(value)
