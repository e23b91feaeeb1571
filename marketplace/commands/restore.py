"""``restore FOLDER``: a backup, whole, into an empty database; or nothing."""

from __future__ import annotations

from pathlib import Path

from marketplace.command_line import Parser, say
from marketplace.commands.acting import CLI, run
from marketplace.files.opened import open_files
from marketplace.identity.identifiers import Identifiers
from marketplace.opening import open_database
from marketplace.settings import Settings
from marketplace.usecases.restore_backup import restore_backup

HELP = """\
把备份完整地恢复到一个空的数据库（DATABASE_URL，或 DATA_DIR 里的内置数据库）和附件存储。
先核对备份的每个字节，再在一个事务里写入并重新计算每个表的哈希；有任何不符，什么都不写。
数据库不是空的、结构版本不同，都会拒绝。恢复后用 verify-backup 再核对一遍。"""


def main(arguments: list[str]) -> int:
    """``./run restore``; the exit status."""
    parser = Parser(prog="./run restore", description=HELP)
    parser.add_argument("folder", type=Path, metavar="文件夹", help="backup 写出的文件夹")
    folder: Path = parser.parse_args(arguments).folder.absolute()

    async def work(settings: Settings) -> int:
        async with open_database(settings) as database:
            done = await restore_backup(
                database, CLI, folder, files=open_files(settings),
                identifiers=Identifiers.from_settings(settings),
            )  # fmt: skip
        held = done.manifest
        print(
            f"已恢复 {held.made_at} 的备份：{len(held.tables)} 个表、{held.rows} 行、{len(held.files)} 个附件，"
            f"{done.seconds:.1f} 秒。每个人都要重新登录。"
        )
        if not done.is_key_same:
            say("注意：IDENTIFIER_KEY 不是备份时的那一个，备份中的个人信息现在打不开。请换回原来的密钥。")
        return 0

    return run(work)
