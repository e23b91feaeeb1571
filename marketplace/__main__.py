"""``python -m marketplace COMMAND``: each command loads what it needs and nothing else.

``decide`` runs on the standard library and the rules alone: neither web nor database is loaded for it (a test looks).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NamedTuple

UNKNOWN_COMMAND = 2
"""Exit status of a command that is not understood."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells expect."""


class Command(NamedTuple):
    """Where a command lives, and what it does in one line for each language."""

    module: str
    function: str
    zh: str
    en: str


COMMANDS = {
    "demo": Command("marketplace.cli", "demo", "演示：建库、播种，完整走一遍", "set up, seed and play the market"),
    "serve": Command("marketplace.cli", "serve", "打开已播种的网站", "open the seeded site"),
    "import-decisions": Command(
        "marketplace.cli",
        "import_file",
        "导入行政机关的决定（签名文件）",
        "load a signed file of decisions",
    ),
    "accounts": Command("marketplace.commands.accounts", "main", "账号与任职", "accounts and offices"),
    "import": Command(
        "marketplace.commands.import_sheet", "main", "按表格导入机构或需求", "load a sheet of agencies or demands"
    ),
    "export": Command("marketplace.commands.export", "main", "导出公开名录", "write the public lists"),
    "catalogue": Command("marketplace.commands.versions", "catalogue", "事项目录的版本", "versions of the catalogue"),
    "profiles": Command("marketplace.commands.versions", "profiles", "规则配置的版本", "versions of the rule profiles"),
    "health": Command("marketplace.commands.health", "main", "检查是否正常", "is everything in order"),
    "backup": Command("marketplace.commands.backup", "main", "备份到新文件夹", "back up into a new folder"),
    "restore": Command("marketplace.commands.restore", "main", "恢复到空数据库", "restore into an empty database"),
    "verify-backup": Command(
        "marketplace.commands.verify_backup", "main", "核对备份与哈希链", "compare with a backup, walk the chains"
    ),
    "rebuild-search": Command(
        "marketplace.commands.rebuild_search", "main", "重建检索和计数", "make what lists are searched by anew"
    ),
    "letters": Command("marketplace.commands.letters", "main", "外发件：待发与死信", "the outbox and its dead letters"),
    "decide": Command(
        "marketplace.publication.decide", "main", "按案例文件计算选取结果", "decide cases given as files"
    ),
    "check-archive": Command("marketplace.publication.check_archive", "main", "核验归档包", "check archive packages"),
}


def usage() -> str:
    """What can be typed, Chinese first."""
    width = max(map(len, COMMANDS))
    zh = "\n".join(f"  {name:<{width}}  {command.zh}" for name, command in COMMANDS.items())
    en = "\n".join(f"  {name:<{width}}  {command.en}" for name, command in COMMANDS.items())
    return (
        f"用法：python -m marketplace 命令 [选项…]\n\n{zh}\n\n每个命令加 --help 可看说明。\n\n"
        f"usage: python -m marketplace COMMAND [OPTION…]\n\n{en}\n\nEach command explains itself with --help.\n"
    )


def main(arguments: list[str]) -> int:
    """Run one command with the arguments after its name; the exit status."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in {"-h", "--help", "help"}:
        sys.stdout.buffer.write(usage().encode())
        return 0
    command = COMMANDS.get(name)
    if command is None:
        sys.stderr.write(usage())
        return UNKNOWN_COMMAND
    run = getattr(import_module(command.module), command.function)
    try:
        return int(run(rest) or 0)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
