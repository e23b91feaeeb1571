from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import pytest

from commons.canonical import MAX_INTEGER, canonical

Load = Callable[[str], Any]

WITHOUT_FLOATS = ("arrays", "french", "unicode", "weird")
WITH_FLOATS = ("structures", "values")


@pytest.fixture
def documents(public_vectors: Load) -> dict[str, Any]:
    return {row["name"]: row for row in public_vectors("rfc8785_jcs.json")["documents"]}


def test_every_document_is_one_we_know_of(documents: dict[str, Any]) -> None:
    assert sorted(documents) == sorted(WITHOUT_FLOATS + WITH_FLOATS)


@pytest.mark.parametrize("name", WITHOUT_FLOATS)
def test_a_document_without_floats_has_the_published_bytes(documents: dict[str, Any], name: str) -> None:
    document = documents[name]
    assert canonical(json.loads(document["input_utf8"])).hex() == document["output_hex"]


@pytest.mark.parametrize("name", WITH_FLOATS)
def test_a_document_with_floats_is_refused(documents: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical(json.loads(documents[name]["input_utf8"]))


def test_a_document_is_equal_once_its_only_float_is_written_as_an_integer(documents: dict[str, Any]) -> None:
    document = documents["structures"]
    value = json.loads(document["input_utf8"].replace("56.0", "56"))
    assert canonical(value).hex() == document["output_hex"]


def test_every_number_of_appendix_b_is_refused_as_the_float_it_is(public_vectors: Load) -> None:
    numbers = public_vectors("rfc8785_jcs.json")["numbers"]
    assert len(numbers) == 24
    for row in numbers:
        (value,) = struct.unpack(">d", bytes.fromhex(row["ieee754_hex"]))
        with pytest.raises(ValueError, match="no canonical form for float"):
            canonical(value)


def test_of_the_integers_in_appendix_b_those_in_range_are_equal_and_the_others_refused(public_vectors: Load) -> None:
    texts = [row["json"] for row in public_vectors("rfc8785_jcs.json")["numbers"]]
    integers = [text for text in texts if text.lstrip("-").isdigit()]
    inside = [text for text in integers if abs(int(text)) <= MAX_INTEGER]
    assert (len(integers), inside) == (7, ["0", "0"])
    assert [canonical(int(text)) for text in inside] == [text.encode() for text in inside]
    for text in set(integers) - set(inside):
        with pytest.raises(ValueError, match="integer beyond"):
            canonical(int(text))
