"""The demonstration as a stranger runs it, after one that was killed in the middle."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len

from marketplace.publication.decide import answer
from tests.journeys.runs import data_folder, nothing_runs, running

ALLOWED_SECONDS = 60
ALLOWED_LINES = 250
WIDTH = 100


@dataclass(frozen=True)
class Told:
    """What a whole run printed, how it ended, what it left."""

    text: str
    status: int
    seconds: float
    folder: Path
    nothing_after_kill: bool
    nothing_after_end: bool


def unwrapped(text: str) -> str:
    """The text without the breaks and indents that only the width made."""
    return re.sub(r"\n {3,}", "", text)


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """A run killed in the middle of its scenes, then a whole one on the same folder."""

    async def play(folder: Path) -> Told:
        async with running(folder, "demo", "--cases", str(folder / "cases")) as killed:
            await killed.line_with("一、综合比选")
            killed.process.kill()
            await killed.process.wait()
        after_kill = await nothing_runs(folder / "demo")
        began = time.monotonic()
        async with running(folder, "demo", "--cases", str(folder / "cases")) as whole:
            status = await whole.end()
        seconds = time.monotonic() - began
        return Told(whole.text, status, seconds, folder, after_kill, await nothing_runs(folder / "demo"))

    with data_folder("演示 空格") as folder:
        yield asyncio.run(play(folder))


def test_a_demo_after_a_killed_one_ends_well_within_a_minute(told: Told) -> None:
    assert told.status == 0, told.text
    assert told.seconds < ALLOWED_SECONDS
    assert "出乎意料" not in told.text
    assert "演示完成" in told.text


def test_no_process_is_left_behind_by_a_killed_demo_or_a_whole_one(told: Told) -> None:
    assert told.nothing_after_kill
    assert told.nothing_after_end


def test_every_selection_says_who_won_and_why_or_that_nobody_did(told: Told) -> None:
    winners = re.findall(r"✓ 中选：(.+?（示例）)，([\d,]+\.\d\d) 元", told.text)
    assert len(winners) == 5
    assert "■ 流标：有效报价 3 家" in told.text
    assert unwrapped(told.text).count("节约") >= 5
    for words in ("综合得分", "抽取在前", "末轮有效价", "有效的上架报价中排第一"):
        assert words in unwrapped(told.text)


def test_the_restricted_agency_is_refused_in_the_ten_other_cities_and_its_neighbour_in_none(told: Told) -> None:
    assert "受限机构在其余各市报名：10/10 被拒绝；同城对照机构：10/10 被接受" in told.text
    rows = re.findall(r"^ (..市) +\S+ +✗ 拒绝：处于失信限制中（衢州市作出） +✓ 接受$", told.text, re.MULTILINE)
    assert len(set(rows)) == 10
    assert "衢州市" not in rows
    assert "✗ 失效" in told.text


def test_the_refusals_that_were_played_are_shown_with_reason_and_source(told: Told) -> None:
    for words in ("高于最高限价", "降幅不足一个步长", "未入围", "报价时间已结束", "余量为 0", "不在有效期内", "已失效"):
        assert words in told.text
    assert "顺延 1 次" in told.text
    assert "〔选取规则" in told.text


def test_every_award_is_computed_again_to_the_same_bytes(told: Told) -> None:
    assert "7 个与当时的决定逐字节相同" in told.text
    files = sorted((told.folder / "cases").glob("*.json"))
    assert len(files) == 7
    for path in files:
        data = path.read_bytes()
        assert answer(data) == json.loads(data)["decision"]


def test_what_is_printed_into_a_pipe_has_no_colours_and_fits_a_hundred_columns(told: Told) -> None:
    assert "\x1b" not in told.text
    lines = told.text.splitlines()
    assert len(lines) <= ALLOWED_LINES
    assert [line for line in lines if cell_len(line) > WIDTH] == []
    assert [line for line in lines if line != line.rstrip()] == []
