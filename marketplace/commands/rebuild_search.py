"""``rebuild-search``: what lists are searched and counted by, made anew from the rows; says how far it is."""

from __future__ import annotations

import time

from rich.progress import Progress

from marketplace.command_line import Parser
from marketplace.commands.acting import market, run
from marketplace.demo.show.frame import make_console
from marketplace.settings import Settings
from marketplace.usecases.rebuild_search import rebuild_search

NAMES = {"agencies": "机构", "demands": "需求", "counted": "计数"}
HELP = """\
重建检索用的字词和列表的计数：恢复备份之后，或字词的折叠规则改变之后。
重建时网站照常使用；最后计数时需求暂停写入，百万条需求约半分钟。"""


def main(arguments: list[str]) -> int:
    """``./run rebuild-search``; the exit status."""
    Parser(prog="./run rebuild-search", description=HELP).parse_args(arguments)

    async def work(settings: Settings) -> int:
        started = time.monotonic()
        done: dict[str, int] = {}
        async with market(settings) as database:
            with Progress(console=make_console(), transient=True) as bar:
                tasks = {what: bar.add_task(name, total=None) for what, name in NAMES.items()}
                async for one in rebuild_search(database):
                    done[one.what] = one.done
                    bar.update(tasks[one.what], completed=one.done)
        told = "，".join(f"{NAMES[what]} {number:,}" for what, number in done.items())
        print(f"已重建：{told}；用时 {time.monotonic() - started:.1f} 秒")
        return 0

    return run(work)
