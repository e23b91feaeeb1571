"""``./run demo --demands … --agencies …``: the user's own market, with offers that are invented and said to be."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from rich.console import Console

from marketplace.demo.loading import begin, finish, load_agencies
from marketplace.demo.own_sheets import OwnSheets, read_own_sheets
from marketplace.demo.recomputing import recompute
from marketplace.demo.running import DemoOptions, ending, fresh_database, waiting
from marketplace.demo.scenes.invented import Field, field_of, invented
from marketplace.demo.show.frame import BAD, QUIET, STRONG, Paper
from marketplace.demo.show.summary import show_onward, show_recomputed, show_summary
from marketplace.demo.show.telling import show_played
from marketplace.demo.stage import Played, Stage
from marketplace.settings import Settings
from marketplace.web.locale.reasons import reason_text

OWN = "own-sheets"
AT_ONCE = 6
"""Demands played at the same time."""
WRONG_ROWS = 2
"""Exit status when a sheet has wrong rows."""
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OwnMarket:
    """The two files, and the number from which offers are invented."""

    agencies: Path
    demands: Path
    seed: int


async def run_own(settings: Settings, options: DemoOptions, market: OwnMarket, console: Console) -> int:
    """Read, load, play and tell; the exit status."""
    began = time.monotonic()
    paper = Paper(console)
    paper.line("涉批中介网上超市 · 用自己的表演示", STRONG)
    sheets = read_own_sheets(market.agencies, market.demands, at=datetime.now(UTC))
    if not isinstance(sheets, OwnSheets):
        paper.line(f" ✗ 表格有 {len(sheets)} 处错误，什么都没有导入：", BAD)
        for fault in sheets:
            paper.line(f"   {fault}")
        return WRONG_ROWS
    for remark in sheets.remarks:
        paper.line(f" {remark}", QUIET)
    async with fresh_database(settings, allow_url=options.use_database_url) as database:
        load = await begin(database, OWN, profile=settings.profile)
        offset = load.begun_at - datetime.now(UTC)
        await load_agencies(load, sheets.agencies, with_credit=False)
        await finish(load)
        stage = Stage(database, {plan.uscc: plan for plan in sheets.agencies}, 1, offset)
        paper.line(f" 已导入 {len(sheets.agencies)} 家机构、{len(sheets.demands)} 条需求。")
        paper.line(
            f" 以下报价全部是程序编造的示例报价，种子 {market.seed}（加上 --seed {market.seed} 可得到同样的报价；"
            "抽取的随机数每次不同）。", STRONG,
        )  # fmt: skip
        played = await _play(paper, stage, sheets, market.seed)
    paper.heading("小结（示例报价）")
    show_summary(paper, played, stage.agencies)
    recomputed = await recompute(played, options.cases)
    show_recomputed(paper, recomputed)
    show_onward(paper, is_demo_folder=not (options.use_database_url and settings.database_url))
    return ending(paper, stage, recomputed, time.monotonic() - began)


async def _play(paper: Paper, stage: Stage, sheets: OwnSheets, seed: int) -> list[Played]:
    """Some demands at a time, told in the order of the sheet."""
    gate = asyncio.Semaphore(AT_ONCE)
    fields = [field_of(draft, sheets.agencies, stage) for draft in sheets.demands]

    async def one(index: int) -> Played:
        draft = sheets.demands[index]
        async with gate:
            return await invented(stage, draft, fields[index], Random(f"{seed}/{draft.key}"))  # noqa: S311 - offers for show

    tasks = [asyncio.create_task(one(index)) for index in range(len(sheets.demands))]
    played: list[Played] = []
    try:
        for number, task in enumerate(tasks, start=1):
            with waiting(paper.console, f"正在进行 {number}/{len(tasks)} ……"):
                done = await task
            paper.heading(
                f"{number}、{done.scene.draft.title}（第 {done.scene.draft.key.removeprefix('R')} 行，示例报价）"
            )
            _tell(paper, stage, done, fields[number - 1], len(sheets.agencies))
            played.append(done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return played


def _tell(paper: Paper, stage: Stage, done: Played, field: Field, whole: int) -> None:
    """One demand: who could take part, and the tables of its mode."""
    paper.line(f" 符合法定资质要求的机构：{len(field.qualified)} 家，全部 {whole} 家。")
    common = Counter(reason_text(one.reasons[0]) for one in field.unqualified).most_common(REASONS_SHOWN)
    for words, count in common:
        paper.line(f"   {count} 家不符合：{words}", QUIET)
    show_played(paper, done, stage.agencies)
