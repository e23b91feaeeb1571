"""``backup FOLDER``: everything that must not be lost, as of one instant, into a new folder."""

from __future__ import annotations

from pathlib import Path

from marketplace.command_line import Parser
from marketplace.commands.acting import CLI, market, run
from marketplace.files.opened import open_files
from marketplace.identity.identifiers import Identifiers
from marketplace.settings import Settings
from marketplace.usecases.back_up import BackupMade, back_up

MEGA = 1_000_000
HELP = """\
把整个市场备份到一个新的文件夹：所有数据表（同一时刻）和全部附件，附清单 manifest.json 与 SHA256SUMS。
网站可以照常运行。文件夹要么完整，要么不存在；已有的从不覆盖。登录状态不在其中。

IDENTIFIER_KEY 不在备份里：没有它，备份中的个人信息谁也打不开。请另外妥善保管。"""


def main(arguments: list[str]) -> int:
    """``./run backup``; the exit status."""
    parser = Parser(prog="./run backup", description=HELP)
    parser.add_argument("folder", type=Path, metavar="文件夹", help="新文件夹的名字")
    folder: Path = parser.parse_args(arguments).folder.absolute()

    async def work(settings: Settings) -> int:
        async with market(settings) as database:
            made = await back_up(
                database, CLI, folder, files=open_files(settings),
                identifiers=Identifiers.from_settings(settings),
            )  # fmt: skip
        print(summary(made, folder))
        return 0

    return run(work)


def summary(made: BackupMade, folder: Path) -> str:
    """What was backed up, in one sentence."""
    held = made.manifest
    return (
        f"已备份到 {folder}：{len(held.tables)} 个表、{held.rows} 行、{len(held.files)} 个附件，"
        f"{made.bytes / MEGA:.1f} MB，{made.seconds:.1f} 秒。"
    )
