"""The demonstration as a stranger runs it, after one that was killed in the middle."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from marketplace.publication.decide import answer
from tests.journeys.runs import data_folder, nothing_runs, running

ALLOWED_SECONDS = 60
ALLOWED_LINES = 330
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


def fen_of(amount: str) -> int:
    """``1,234.50`` in fen."""
    return int(amount.replace(",", "").replace(".", ""))


def decisions(told: Told) -> list[dict[str, Any]]:
    """What the case files say was decided."""
    return [json.loads(path.read_bytes())["decision"] for path in (told.folder / "cases").glob("*.json")]


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
    assert len(winners) == 8
    assert "■ 流标：有效参选机构 3 家" in told.text
    assert unwrapped(told.text).count("比限价节约") == 8
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


def test_rates_stand_beside_the_prices_they_mean_and_the_nearest_to_the_benchmark_wins(told: Told) -> None:
    rows = re.findall(
        r"^ ([A-F])  \S+ +(\d+\.\d\d)% +([\d,]+\.\d\d) +([高低]) ([\d,]+\.\d\d)  (.+)$", told.text, re.MULTILINE
    )
    assert [label for label, *_ in rows] == list("ABCDEF")
    ceiling, hundredths = 8_600_000, [(int(rate.replace(".", "")), fen_of(price)) for _, rate, price, *_ in rows]
    assert [price for _, price in hundredths] == [ceiling * (10_000 - rate) // 10_000 for rate, _ in hundredths]
    benchmark = fen_of(re.search(r"^ 基准价 ([\d,]+\.\d\d) = \(", told.text, re.MULTILINE)[1])
    inside = sorted(price for _, price in hundredths)[1:-1]
    assert benchmark == (2 * sum(inside) + len(inside)) // (2 * len(inside))
    assert [fen_of(gap) for *_, gap, _ in rows] == [abs(price - benchmark) for _, price in hundredths]
    assert min(rows, key=lambda row: fen_of(row[4])) == rows[0]
    assert [row[-1] for row in rows] == [
        "中选",
        "第 2",
        "第 3",
        "第 4",
        *(f"✗ 最{end}价，去掉" for end in "高低"),
    ]


def test_the_owner_picks_from_the_short_list_alone_and_the_record_keeps_the_engine_s_decision(told: Told) -> None:
    assert "业主想选名单之外的这一家" in told.text
    assert re.search(r"^ 业主选定 \S+，公布的理由：小名单的同类业绩依次为", told.text, re.MULTILINE)
    (decision,) = [one for one in decisions(told) if one["outcome"] == "owner_choice"]
    assert (decision["winner"], len(decision["shortlist"])) == (None, 2)
    drawn = re.findall(r"^ (\d) +\S+ +(\d+)\.00 +(\d+) +第 (\d+) 票 +([0-9a-f]{16})… +(\S+)$", told.text, re.MULTILINE)
    assert [place for place, *_ in drawn] == list("12345")
    assert all(credit == tickets and int(ticket) <= int(tickets) for _, credit, tickets, ticket, *_ in drawn)
    assert [number for *_, number, _ in drawn] == sorted(number for *_, number, _ in drawn)
    assert sorted(result for *_, result in drawn[:2]) == ["中选", "小名单"]
    assert {result for *_, result in drawn[2:]} == {"—"}


def test_a_joint_price_is_the_sum_of_its_parts_and_half_a_qualification_does_not_do(told: Told) -> None:
    scene = told.text.split("八、合并采购")[1].split("九、")[0]
    rows = re.findall(r"^ [ABC]  \S+ +([\d,.]+) +([\d,.]+) +([\d,.]+) ", scene, re.MULTILINE)
    assert len(rows) == 3
    assert all(fen_of(whole) == fen_of(first) + fen_of(second) for whole, first, second in rows)
    assert "✗ 拒绝 开化钱岭地质勘察：报名" in scene


def test_a_direct_choice_is_refused_to_public_money_and_says_that_nothing_is_computed(told: Told) -> None:
    scene = told.text.split("九、直接选取")[1].split("十、")[0]
    assert "（财政资金）：发布同样的需求，直接选取" in scene
    assert "规则不允许这类业主直接选取" in scene
    assert "高于最高限价" in scene
    assert "直接选取不经计算，没有可以重算的案例" in scene
    assert scene.count("✓ 中选") == 1


def test_a_certificate_ends_at_midnight_a_double_is_held_a_namesake_is_not_and_rights_return(told: Told) -> None:
    scene = told.text.split("十、到期")[1].split("十一、")[0]
    for words in (
        r"23:59:59\.999999 +✓ 有效", r"00:00 +✗ 工程咨询资信\S* \S+ 已失效", r"外市报名 +✗ 处于失信限制中",
        r"申报承继该机构 +备案生效，列入关联核查", r"证件号不同 +✓ 备案生效，不列入核查",
        r"立即申请信用修复 +✗ 未到最短期限",
        r"先后批准 +✓ 修复，解除 1 项限制", r"再到外市报名 +✓ 接受，权利恢复", r"承继机构的核查 +✓ 随限制解除而终止",
    ):  # fmt: skip
        assert re.search(words, scene), words


def test_every_award_is_computed_again_to_the_same_bytes(told: Told) -> None:
    assert "10 个与当时的决定逐字节相同" in told.text
    files = sorted((told.folder / "cases").glob("*.json"))
    assert len(files) == 10
    for path in files:
        data = path.read_bytes()
        assert answer(data) == json.loads(data)["decision"]


def test_what_is_printed_into_a_pipe_has_no_colours_and_fits_a_hundred_columns(told: Told) -> None:
    assert "\x1b" not in told.text
    lines = told.text.splitlines()
    assert len(lines) <= ALLOWED_LINES
    assert [line for line in lines if cell_len(line) > WIDTH] == []
    assert [line for line in lines if line != line.rstrip()] == []
