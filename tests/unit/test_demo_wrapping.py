"""Running text of the demonstration: broken by cells, numbers whole, marks where they belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from marketplace.demo.show.wrapping import wrapped

MIXED = st.text(alphabet="中选价格（示例），。〔〕元 12,345.00—ab", max_size=80)


@given(MIXED, st.integers(min_value=12, max_value=60))
def test_no_line_is_wider_than_asked_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width, indent=2)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_number_is_not_torn_from_its_unit() -> None:
    text = "比最高限价节约了一共 48,200.00 元"
    for width in range(14, 40):
        assert any("48,200.00 元" in line for line in wrapped(text, width))


@pytest.mark.parametrize("width", range(8, 30))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    for line in wrapped("限制（出具虚假结论），自此起受限（示例）。其余各市均不接受。", width):
        assert line[0] not in "，。）"
        assert line[-1] != "（"


def test_what_follows_the_first_line_stands_further_in() -> None:
    first, *rest = wrapped("一二三四五六七八九十" * 3, 20, indent=4)
    assert not first.startswith(" ")
    assert all(line.startswith("    ") for line in rest)
