from __future__ import annotations

import pytest

from commons.documents import MAX_DEPTH, MAX_KEPT, Faults, read_document, step
from commons.errors import Malformed

LIMIT = 1_000_000


def faults(data: bytes, max_bytes: int = LIMIT) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as refusal:
        read_document(data, max_bytes=max_bytes)
    return [(fault.pointer, fault.code) for fault in refusal.value.faults]


GOOD = [
    (b"{}", {}),
    (b" [1,-1,0]\n", [1, -1, 0]),
    (b"-0", 0),
    (b"99999999999999999999", 99999999999999999999),
    (b"-99999999999999999999", -99999999999999999999),
    (b'{"a":[true,false,null,"x"]}', {"a": [True, False, None, "x"]}),
    ('"网上超市"'.encode(), "网上超市"),
    (b'"\\ud83d\\ude00"', "\U0001f600"),
    (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
    (b'"' + b"[{" * 100 + b'"', "[{" * 100),
    (b'"\\"' + b"[" * 100 + b'"', '"' + "[" * 100),
    (b'{"a":{"b":1},"b":2}', {"a": {"b": 1}, "b": 2}),
]


@pytest.mark.parametrize(("data", "value"), GOOD)
def test_plain_json_is_read(data: bytes, value: object) -> None:
    read = read_document(data, max_bytes=LIMIT)
    assert value is None or read == value


BAD = [
    (b"", "", "not_json"),
    (b"   ", "", "not_json"),
    (b"{} {}", "", "not_json"),
    (b"{'a':1}", "", "not_json"),
    (b"[1,]", "", "not_json"),
    (b"[01]", "", "not_json"),
    (b'"\x00"', "", "not_json"),
    (b'"abc', "", "not_json"),
    (b'"\\', "", "not_json"),
    (b"\x00\x00", "", "not_json"),
    (b"]" * 1000, "", "not_json"),
    (b'{"a":"\xff"}', "", "not_utf8"),
    (b'"\xed\xa0\x80"', "", "not_utf8"),
    ("{}".encode("utf-16"), "", "not_utf8"),
    (b"\xef\xbb\xbf{}", "", "byte_order_mark"),
    (b"NaN", "", "not_a_number"),
    (b'{"a":[1,-Infinity]}', "/a/1", "not_a_number"),
    (b'{"a":1.0}', "/a", "not_an_integer"),
    (b'{"a":1e3}', "/a", "not_an_integer"),
    (b'{"a":-1E-3}', "/a", "not_an_integer"),
    (b'{"a":' + b"9" * 21 + b"}", "/a", "integer_too_long"),
    (b'{"a":-' + b"9" * 100_000 + b"}", "/a", "integer_too_long"),
    (b'{"x":{"a":1,"b":2,"a":3}}', "/x/a", "duplicate_key"),
    (b'{"a/b":1.5}', "/a~1b", "not_an_integer"),
    (b'{"~":1.5}', "/~0", "not_an_integer"),
    (b'["\\ud800"]', "/0", "lone_surrogate"),
    (b'{"\\udc00":1}', "/\\udc00", "lone_surrogate"),
    (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "", "too_deep"),
    (b"[" * 100_000, "", "too_deep"),
    (b'{"a":' * 100_000, "", "too_deep"),
    (b"[" + b"1.5," * (MAX_KEPT + 1) + b"1]", "", "too_many_faults"),
    (b"[" + b'{"a":1,"a":1},' * (MAX_KEPT + 1) + b"1]", "", "too_many_faults"),
]


@pytest.mark.parametrize(("data", "pointer", "code"), BAD)
def test_anything_else_is_refused_with_its_place(data: bytes, pointer: str, code: str) -> None:
    assert faults(data) == [(pointer, code)]


def test_every_fault_that_has_a_place_is_listed() -> None:
    data = b'{"a":[1.5,NaN],"b":{"c":1,"c":2,"d":"\\ud800"}}'
    assert faults(data) == [
        ("/a/0", "not_an_integer"),
        ("/a/1", "not_a_number"),
        ("/b/c", "duplicate_key"),
        ("/b/d", "lone_surrogate"),
    ]


def test_a_name_that_repeats_thrice_is_one_fault() -> None:
    assert faults(b'{"a":1,"a":2,"a":3}') == [("/a", "duplicate_key")]


def test_one_byte_too_many_is_too_large() -> None:
    assert read_document(b"[1]", max_bytes=3) == [1]
    assert faults(b"[12]", max_bytes=3) == [("", "too_large")]


def test_a_long_name_is_cut_in_the_pointer() -> None:
    assert step("x" * 64) == "/" + "x" * 64
    assert step("x" * 65) == "/" + "x" * 64 + "…"


def test_a_thousand_faults_end_a_reading() -> None:
    found = Faults()
    found.raise_if_any()
    with pytest.raises(Malformed) as refusal:
        for index in range(MAX_KEPT + 5):
            found.add(f"/{index}", "bad", "bad")
    assert len(refusal.value.faults) == MAX_KEPT
