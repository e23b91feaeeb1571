"""``verify-backup FOLDER``: is the live market what the backup holds, and is every chain of the record whole?"""

from __future__ import annotations

from pathlib import Path

from marketplace.command_line import UNEXPECTED, Parser, say
from marketplace.commands.acting import CLI, market, run
from marketplace.files.opened import open_files
from marketplace.settings import Settings
from marketplace.usecases.verify_backup import verify_backup

HELP = """\
核对：备份的每个字节、当前数据库每个表的行数与哈希、每个附件，并把记录的每条哈希链从头走一遍。
全部一致退出码为 0，有任何不同为 1。备份之后继续营业的市场自然会有不同，会逐表说明。"""


def main(arguments: list[str]) -> int:
    """``./run verify-backup``; the exit status."""
    parser = Parser(prog="./run verify-backup", description=HELP)
    parser.add_argument("folder", type=Path, metavar="文件夹", help="backup 写出的文件夹")
    folder: Path = parser.parse_args(arguments).folder.absolute()

    async def work(settings: Settings) -> int:
        async with market(settings) as database:
            found = await verify_backup(database, CLI, folder, files=open_files(settings))
        for one in found.differing:
            say(f"不同：{one}")
        for one in found.chains.broken:
            say(f"哈希链断裂：{one}")
        held = found.manifest
        same = "全部一致" if not found.differing else f"{len(found.differing)} 处不同"
        chained = "全部完整" if not found.chains.broken else "有断裂"
        print(
            f"与 {held.made_at} 的备份核对：{len(held.tables)} 个表、{held.rows} 行、{len(held.files)} 个附件，{same}。"
        )
        print(f"记录的哈希链：{found.chains.subjects} 条、{found.chains.events} 个事件，{chained}。")
        print(f"用时 {found.seconds:.1f} 秒。")
        return 0 if found.is_whole else UNEXPECTED

    return run(work)
