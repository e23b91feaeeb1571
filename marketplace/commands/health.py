"""``health``: one line for each thing an operator has to know of; exit status 1 when one of them is not in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from commons.errors import Unavailable
from marketplace.command_line import UNEXPECTED, Parser
from marketplace.commands.acting import run
from marketplace.files.opened import open_files
from marketplace.opening import connected
from marketplace.settings import Settings
from marketplace.usecases.read_health import Check, machine_health, read_health

NAMES = {
    "database": "数据库",
    "server": "数据库设置",
    "migrations": "结构版本",
    "clock": "时钟",
    "settling": "到期处理",
    "outbox": "对外投递",
    "disk": "磁盘",
    "files": "附件存储",
    "identifier-key": "标识密钥",
}
HELP = """\
检查：数据库及其设置、结构版本、时钟差、到期处理与对外投递的滞后、死信、磁盘、附件存储、标识密钥。
什么都不改变。全部正常退出码为 0，否则为 1。"""


def main(arguments: list[str]) -> int:
    """``./run health``; the exit status."""
    parser = Parser(prog="./run health", description=HELP)
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    as_json: bool = parser.parse_args(arguments).json

    async def work(settings: Settings) -> int:
        checks = await _looked(settings)
        print(_as_json(checks) if as_json else _as_table(checks))
        return 0 if all(one.is_ok for one in checks) else UNEXPECTED

    return run(work)


async def _looked(settings: Settings) -> tuple[Check, ...]:
    files = open_files(settings)
    try:
        async with connected(settings) as database:
            checks = await read_health(database, settings, files, here=lambda: datetime.now(UTC))
            return (Check("database", is_ok=True, found="answers"), *checks)
    except Unavailable:
        down = Check("database", is_ok=False, found="does not answer")
        return (down, *await machine_health(settings, files))


def _as_table(checks: Sequence[Check]) -> str:
    return "\n".join(
        f"{'正常' if one.is_ok else '异常'}  {NAMES[one.name]}（{one.name}）：{one.found}" for one in checks
    )


def _as_json(checks: Sequence[Check]) -> str:
    rows = [{"name": one.name, "ok": one.is_ok, "found": one.found} for one in checks]
    return json.dumps({"ok": all(one.is_ok for one in checks), "checks": rows}, ensure_ascii=False)
