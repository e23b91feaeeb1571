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
from marketplace.demo.show.comeback import show_comeback
from marketplace.demo.show.direct import show_two_owners
from marketplace.demo.show.drawn import show_drawn
from marketplace.demo.show.frame import BAD, QUIET, RULES_FILE, STRONG, Paper
from marketplace.demo.show.instant import show_two_picks
from marketplace.demo.show.near import show_near
from marketplace.demo.show.restriction import show_restricted
from marketplace.demo.show.rounds import show_rounds
from marketplace.demo.show.sealed import Agencies, show_sealed
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
            f" 新数据库 {opened - began:.1f} 秒，装入 11 个市的 {len(stage.agencies)} 家机构和示例需求"
            f" {seconds:.1f} 秒。十一个场景同时进行，按真实的秒。"
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
    paper.line(f"〔〕里是理由的出处；“选取规则”的全文在 {RULES_FILE}。", QUIET)


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
    told = [compared, picks.first, picks.second, failed, drawn, restricted.played]
    told += await _tell_other_modes(paper, agencies, scenes)
    with waiting(console, "多轮竞价：还在最后一轮……"):
        rounds = await scenes.rounds if scenes.rounds is not None else None
    if rounds is not None:
        paper.heading("十一、多轮竞价：三轮，六家")
        show_rounds(paper, rounds, agencies)
        told.append(rounds)
    return told


async def _tell_other_modes(paper: Paper, agencies: Agencies, scenes: Scenes) -> list[Played]:
    """The mean price, the owner's choices and the joint purchase."""
    near, picked, joint, named = (
        await scenes.mean_price, await scenes.credit_draw, await scenes.joint, await scenes.direct
    )  # fmt: skip
    paper.heading("六、均价选取：各家报下浮率，最接近基准价的中选")
    show_near(paper, near, agencies, briefly=True)
    paper.heading("七、信用择优：按信用抽出两家，由业主择定一家")
    show_drawn(paper, picked, agencies, briefly=True)
    paper.heading("八、合并采购：两个事项，一个总价")
    show_sealed(paper, joint, agencies, briefly=True)
    paper.heading("九、直接选取：财政资金不允许，自愿入场的须公布理由")
    show_two_owners(paper, named, agencies)
    paper.heading("十、到期、改头换面与信用修复")
    show_comeback(paper, await scenes.comeback)
    return [near, picked, joint, named.played]


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
