"""What every command of the command line shares: how it is typed, which settings it runs under, how it may end.

Exit status: 0 done; 1 something unexpected happened, or a check failed; 2 the command line, the settings, the sheets or
a file are wrong, or an act is refused; 3 something outside is in the way (a database in use or out of reach, a busy
port). Never a traceback for these.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import uvloop

from commons.errors import Conflict, Forbidden, Malformed, NotFound, Unavailable
from marketplace.catalogue.profiles import rule_profile
from marketplace.demo.callers import UnexpectedError
from marketplace.settings import Settings

UNEXPECTED, WRONG, IN_THE_WAY = 1, 2, 3
TERMINATED = 128 + signal.SIGTERM


class Parser(argparse.ArgumentParser):
    """argparse in the users' language; what it says itself about a mistake stays as it is, with a word before it."""

    def format_usage(self) -> str:
        """The usage line."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        """The whole help."""
        words = super().format_help().replace("usage:", "用法：", 1)
        return words.replace("\noptions:", "\n选项：", 1).replace("\npositional arguments:", "\n参数：", 1)

    def error(self, message: str) -> NoReturn:
        """Usage and what is wrong; exit status 2."""
        self.print_usage(sys.stderr)
        self.exit(WRONG, f"参数有误：{message}\n")


def settings_or_none() -> Settings | None:
    """The settings, or None after every fault of theirs was said."""
    try:
        settings = Settings.from_environment()
        rule_profile(settings.profile)
    except Malformed as error:
        for fault in error.faults:
            say(f"设置有误：{fault.detail}")
        return None
    except NotFound as error:
        say(f"设置有误：PROFILE 没有 {error.identifier} 这一套规则")
        return None
    return settings


def run_to_end(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run to the end; failures of the outside become a sentence and a status."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")

    async def main() -> int:
        task = asyncio.current_task()
        assert task is not None, "runs in a task"
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main())
    except asyncio.CancelledError:
        return TERMINATED
    except (UnexpectedError, Forbidden, NotFound, Conflict, Unavailable, OSError) as error:
        words, status = _failure(error)
        say(words)
        return status


def say(words: str) -> None:
    """A sentence to standard error."""
    print(words, file=sys.stderr)


def _failure(error: UnexpectedError | Forbidden | NotFound | Conflict | Unavailable | OSError) -> tuple[str, int]:
    """A failure in a sentence, with its exit status."""
    match error:
        case UnexpectedError():
            return f"出乎意料：{error}", UNEXPECTED
        case Forbidden():
            return f"{_FORBIDDEN.get(error.code, '不能启动')}：{error}", WRONG
        case NotFound():
            return f"{_MISSING.get(error.kind, '没有找到')}：{error.identifier}", WRONG
        case Conflict():
            words, status = _CONFLICTS.get(error.code, ("不能继续", IN_THE_WAY))
            return f"{words}（{error}）", status
        case Unavailable():
            return f"数据库不可用：{error}", IN_THE_WAY
        case _:
            return f"文件或网络出错：{error}", IN_THE_WAY


_FORBIDDEN = {
    "unknown_feed": "来源没有登记公钥（CREDIT_FEEDS）",
    "signature_is_wrong": "签名不对：来源没有签过这个文件",
}
_MISSING = {
    "account": "没有这个账号，或已停用",
    "officer": "没有这项任职，或已结束",
    "profile": "没有这一套规则",
}
_CONFLICTS = {
    "database-in-use": ("演示数据库正在使用：请先停止另一个演示或 ./run serve --demo，再试一次", IN_THE_WAY),
    "market_not_empty": ("这个数据库里已有数据，演示不会动它：请换一个空的数据库", IN_THE_WAY),
    "login_taken": ("登录名已被使用：请换一个", WRONG),
    "idempotency_key_reused": ("以前已用同一文件做过：没有再写入任何一行", WRONG),
    "office_held": ("此人已担任这个职务", WRONG),
    "last_operator": ("这是最后一个运营人员：请先再任命一个", WRONG),
    "no_market": ("这个数据库里没有市场：检查 DATABASE_URL 或 DATA_DIR", IN_THE_WAY),
    "backup_exists": ("目标文件夹已存在，从不覆盖：请换一个名字", WRONG),
    "target_not_empty": ("目标数据库不是空的，恢复不会动它：请换一个空的数据库", IN_THE_WAY),
    "schema_differs": ("备份与本程序的数据库结构版本不同：请用做备份时的版本恢复，再升级", WRONG),
    "backup_damaged": ("备份有损坏，什么都没有恢复", UNEXPECTED),
}
