"""Folding, grams and places: a word that stands in a text is found by its grams, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.grams import (
    MAX_QUERY_GRAMS,
    MAX_WORDS,
    folded,
    found_in,
    grams_of,
    holds,
    lines_of,
    query_grams,
    words_of,
)

TEXT = st.text(alphabet="测绘一二 aBＡ①Ⅱß壹\n%_\\é́", max_size=20)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("测 绘", "测绘"), ("ＡＢc", "abc"), ("①标段", "1标段"), ("Ⅱ标", "ii标"), ("壹佰〇贰", "一百〇二"),
        ("Straße", "strasse"), ("e\u0301", "é"), ("12", "12"), (" \u3000", ""),
    ],
)  # fmt: skip
def test_a_text_is_compared_without_width_case_and_spaces(text: str, compared: str) -> None:
    assert folded(text) == compared


def test_a_query_is_its_folded_words_once_each_and_so_many_at_most() -> None:
    assert words_of("测绘  ＡB 测绘 \u3000") == ("测绘", "ab")
    assert words_of("") == ()
    assert len(words_of(" ".join("abcdefghijkl"))) == MAX_WORDS


def test_grams_are_characters_and_pairs_of_a_line_and_nothing_across_lines() -> None:
    assert grams_of("测绘\n甲") == ("测", "测绘", "甲", "绘")
    assert lines_of("测 绘", "", "甲") == "测绘\n甲"
    assert query_grams(("测绘院", "甲")) == ("测绘", "绘院", "甲")
    assert len(query_grams(["".join(map(chr, range(0x4E00, 0x4E64)))])) == MAX_QUERY_GRAMS


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("规划测绘", ("测绘",), ((2, 4),)),
        ("测 绘", ("测绘",), ((0, 3),)),
        ("aaa", ("aa",), ((0, 3),)),
        ("一二三", ("一二", "二三"), ((0, 3),)),
        ("甲乙甲", ("甲",), ((0, 1), (2, 3))),
        ("Ⅱ标", ("i",), ((0, 1),)),
        ("测绘", ("院",), ()),
    ],
)
def test_places_are_those_of_the_text_as_it_is_shown(
    text: str, words: tuple[str, ...], spans: tuple[tuple[int, int], ...]
) -> None:
    assert found_in(text, words) == spans


@given(TEXT, st.data())
def test_a_word_that_stands_in_a_text_is_narrowed_down_to_it_and_found_in_it(text: str, data: st.DataObject) -> None:
    line = folded(text)
    start = data.draw(st.integers(0, max(len(line) - 1, 0)))
    word = line[start : start + data.draw(st.integers(1, 6))]
    words = (word,) if word else ()
    assert holds(line, words)
    assert set(query_grams(words)) <= set(grams_of(line))
    assert not holds(line, (line + "甲",))
