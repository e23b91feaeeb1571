"""``./run demo``: a fresh database, the seed, all scenes at once, everything told, everything computed again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from marketplace.database import Database
from marketplace.demo.loading import load_market
from marketplace.demo.playing import Scenes, claim, start
from marketplace.demo.recomputing import Recomputed, recompute
from marketplace.demo.show.frame import BAD, QUIET, STRONG, Paper
from marketplace.demo.show.instant import show_two_picks
from marketplace.demo.show.restriction import show_restricted
from marketplace.demo.show.rounds import show_rounds
from marketplace.demo.show.sealed import show_sealed
from marketplace.demo.show.summary import show_onward, show_recomputed, show_summary
from marketplace.demo.stage import Played, Stage
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.opening import EmbeddedDatabase, Purpose, database_for, open_database
from marketplace.settings import PROJECT, Settings

CASES = PROJECT / "build" / "demo"
FAILED = 1
"""Exit status when something that was relied on did not happen."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line chose."""

    use_database_url: bool = False
    cases: Path = CASES


@contextlib.asynccontextmanager
async def fresh_database(settings: Settings, *, allow_url: bool) -> AsyncIterator[Database]:
    """The demo's database with nothing in it; ``Conflict`` while somebody uses the embedded one."""
    match database_for(Purpose.DEMO, settings, allow_url=allow_url):
        case EmbeddedDatabase(folder):
            await EmbeddedPostgres(folder).erase()
        case _:  # a database of somebody else's is not emptied: a used one is refused when loading begins
            pass
    async with open_database(settings, Purpose.DEMO, allow_url=allow_url) as database:
        yield database


async def run_demo(settings: Settings, options: DemoOptions, console: Console) -> int:
    """Play and tell the whole; the exit status."""
    began = time.monotonic()
    paper = Paper(console)
    opening(paper)
    async with fresh_database(settings, allow_url=options.use_database_url) as database:
        opened = time.monotonic()
        with waiting(console, "正在装入示例数据……"):
            load = await load_market(database, profile=settings.profile, at=datetime.now(UTC))
        seconds = time.monotonic() - opened
        stage = await claim(database, load, loading_seconds=seconds)
        paper.line(
            f" 新数据库 {opened - began:.1f} 秒，装入 {len(stage.agencies)} 家机构（分布在 11 个市）和全部示例需求"
            f" {seconds:.1f} 秒。六个场景同时进行，时钟是真实的秒。"
        )
        if stage.slowness > 1:
            paper.line(f" 这台机器正忙，演示时钟放慢到 {stage.slowness} 倍。", QUIET)
        scenes = start(stage, with_rounds=True)
        try:
            played = await tell(paper, stage, scenes)
        finally:
            await scenes.cancel()
    paper.heading("小结")
    show_summary(paper, played, stage.agencies)
    recomputed = await recompute(played, options.cases)
    show_recomputed(paper, recomputed)
    show_onward(paper, is_demo_folder=not (options.use_database_url and settings.database_url))
    return ending(paper, stage, recomputed, time.monotonic() - began)


def opening(paper: Paper) -> None:
    """The first lines."""
    paper.line("涉批中介网上超市 · 演示", STRONG)
    paper.line("机构、项目、人名都是虚构的，标有“（示例）”；下文表格里用简称。金额单位为元，期限单位为工作日。", QUIET)


async def tell(paper: Paper, stage: Stage, scenes: Scenes) -> list[Played]:
    """Each scene when it is over, in the order of the telling; the selections for the summary."""
    agencies, console = stage.agencies, paper.console
    with waiting(console, "综合比选：等待报价截止……"):
        compared = await scenes.compared
    paper.heading("一、综合比选：五家密封报价，按评审因素计分")
    show_sealed(paper, compared, agencies)
    picks = await scenes.instant
    paper.heading("二、立等可取：在货架上即时选取")
    show_two_picks(paper, picks, agencies)
    with waiting(console, "等待其余选取截止……"):
        failed, drawn, restricted = await scenes.failed, await scenes.drawn, await scenes.restricted
    paper.heading("三、流标：有效报价太少")
    show_sealed(paper, failed, agencies, briefly=True)
    paper.heading("四、并列：由可验证的抽取决定")
    show_sealed(paper, drawn, agencies, briefly=True)
    paper.heading("五、一地失信、处处受限")
    show_restricted(paper, restricted, agencies)
    with waiting(console, "多轮竞价：还在最后一轮……"):
        rounds = await scenes.rounds if scenes.rounds is not None else None
    told = [compared, picks.first, picks.second, failed, drawn, restricted.played]
    if rounds is not None:
        paper.heading("六、多轮竞价：三轮，六家")
        show_rounds(paper, rounds, agencies)
        told.append(rounds)
    return told


def ending(paper: Paper, stage: Stage, recomputed: Recomputed, seconds: float) -> int:
    """What went otherwise than relied on, the whole time; the exit status."""
    for words in stage.surprises:
        paper.line(f" ✗ 出乎意料：{words}", BAD)
    failed = bool(stage.surprises) or not all(row.is_same for row in recomputed.rows)
    paper.line(f" {'演示失败' if failed else '演示完成'}，用时 {seconds:.1f} 秒。", BAD if failed else STRONG)
    return FAILED if failed else 0


@contextlib.contextmanager
def waiting(console: Console, words: str) -> Iterator[None]:
    """Say what is waited for, on a terminal alone."""
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield
