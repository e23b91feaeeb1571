from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from commons.canonical import MAX_INTEGER, Json, canonical

# characters on both sides of the surrogates, where the order of code points is not that of UTF-16
TEXTS = st.text(
    st.sampled_from('abc"\\/\n\x00\x7f~é名\ud7ff\ue000\uffff\U00010000\U0010ffff') | st.characters(codec="utf-8")
)
PLAIN = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5), max_leaves=30
)
STRANGERS = (
    st.floats()
    | st.integers(min_value=MAX_INTEGER + 1)
    | st.integers(max_value=-MAX_INTEGER - 1)
    | st.binary()
    | (st.tuples(PLAIN))
    | st.sampled_from(["\ud800", "a\udfff", "\udc00\ud800"])
)


def plainly(value: Json) -> str:
    """The definition, read straight off RFC 8785: slow, with Python's own JSON for single strings and numbers."""
    if isinstance(value, list):
        return "[" + ",".join(plainly(item) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: list(memoryview(name.encode("utf-16-le")).cast("H")))
        return "{" + ",".join(plainly(name) + ":" + plainly(value[name]) for name in names) + "}"
    return json.dumps(value, ensure_ascii=False)


@given(VALUES)
def test_the_bytes_are_those_of_the_definition_and_of_an_independent_library(value: Any) -> None:
    written = canonical(value)
    assert written == plainly(value).encode()
    assert written == rfc8785.dumps(value)


@given(VALUES)
def test_the_bytes_read_back_as_the_value(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_members_were_given_does_not_matter(members: dict[str, Any], random: Any) -> None:
    shuffled = list(members.items())
    random.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(members)


@given(STRANGERS, st.lists(PLAIN, max_size=3), st.integers(0, 3))
def test_a_stranger_is_refused_wherever_it_hides(stranger: Any, others: list[Any], at: int) -> None:
    items = [*others[:at], stranger, *others[at:]]
    place = min(at, len(others))
    with pytest.raises(ValueError, match=f" at /a/{place}/b(/|$)"):
        canonical({"z": 1, "a": [{"b": item} if item is stranger else item for item in items]})
