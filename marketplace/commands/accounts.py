"""``accounts …``: accounts and offices from the machine itself, the first operator among them.

A password is asked for twice on a terminal or read from a file; never typed on the command line, where everybody on the
machine could read it. Every act stands in the access log as ``system:cli``. Source: market.md section 1.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from commons.errors import Fault, Malformed
from commons.verdicts import Refused
from marketplace.command_line import WRONG, Parser, say
from marketplace.commands.acting import CLI, allowed, made, run
from marketplace.database import Database
from marketplace.identity.accounts import OFFICES
from marketplace.identity.identifiers import Identifiers
from marketplace.opening import open_database
from marketplace.settings import Settings
from marketplace.usecases.membership import RoleGiven
from marketplace.usecases.offices import (
    AppointOfficer,
    DisableAccount,
    EndOfficer,
    appoint_officer,
    disable_account,
    end_officer,
)
from marketplace.usecases.open_account import OpenAccount, open_account
from marketplace.usecases.proposals import ProposeAct, propose_act, without_second
from marketplace.usecases.read_accounts import ListedAccount, read_accounts
from marketplace.usecases.reset_account import ResetAccount, reset_account
from marketplace.web import formatting

MAX_FILE = 1_000
"""Bytes of a password's file at most."""
OPENED_HERE = "在本机命令行开设"
OFFICE_ZH = {"operator": "运营", "regulator": "监管", "auditor": "审计", "delegate": "代办员", "owner": "业主",
             "agency": "机构"}  # fmt: skip
HELP = """\
账号与任职。最初两名运营人员在这里产生：
  ./run accounts open 登录名 --name 姓名 --office operator
此后监管与运营的任命须两人：在这里提请，由一名运营人员登录站点在“待复核”同意。
口令在终端上输入两遍，或用 --password-file 从文件读取。每个动作都记入访问日志（system:cli）。"""


def main(arguments: list[str]) -> int:
    """``./run accounts``; the exit status."""
    given = _parser().parse_args(arguments)
    password = None
    if given.act == "open":
        try:
            password = _password(given.password_file)
        except (OSError, Malformed) as error:
            say(f"没有读到口令：{error}")
            return WRONG

    async def work(settings: Settings) -> int:
        async with open_database(settings) as database:
            return await _act(database, settings, given, password)

    return run(work)


async def _act(database: Database, settings: Settings, given: argparse.Namespace, password: str | None) -> int:
    match given.act:
        case "open":
            return await _open(database, settings, given, password or "")
        case "list":
            return _print_list(await read_accounts(database, CLI, officers_only=given.officers))
        case "appoint":
            return await _appoint(database, given)
        case "close" | "reopen":
            what = "close" if given.act == "close" else "open"
            switch = made(DisableAccount, login=given.login, what=what, reason=given.reason)
            done = await disable_account(database, CLI, switch)
            print(f"账号 {given.login} 已{'停用，其全部登录已结束' if done.is_disabled else '恢复'}。")
        case "end-office":
            ended = await end_officer(database, CLI, made(EndOfficer, officer=given.id, reason=given.reason))
            print(f"任职 {ended.role_id} 已结束，以它登录的全部会话随之结束。")
        case _:
            reset = await reset_account(database, CLI, made(ResetAccount, login=given.login, reason=given.reason))
            print(f"账号 {given.login} 原有的恢复码已作废，全部登录已结束。请本人用新恢复码设置新口令。")
            _print_codes(reset.recovery_codes)
    return 0


async def _open(database: Database, settings: Settings, given: argparse.Namespace, password: str) -> int:
    """The account, and its office where one is named; both are judged before either is kept."""
    command = made(OpenAccount, login=given.login, password=password, name=given.name, contact=given.contact)
    office = None if given.office is None else _office_of(given)
    opened = allowed(await open_account(database, command, None, identifiers=Identifiers.from_settings(settings)))
    if opened is None:
        return WRONG
    print(f"已开设账号 {opened.login}（{opened.account}）。")
    _print_codes(opened.recovery_codes)
    if office is not None:
        role = await _given(database, office)
        if role is not None:
            print(
                f"任职：{_role(role.role, role.region, role.line)}，编号 {role.role_id}，事件中显示为 {role.acting}。"
            )
    return 0


async def _appoint(database: Database, given: argparse.Namespace) -> int:
    role = await _given(database, _office_of(given))
    if role is not None:
        shown = _role(role.role, role.region, role.line)
        print(f"已任命 {given.login}：{shown}，编号 {role.role_id}，显示为 {role.acting}。")
    return 0


async def _given(database: Database, office: AppointOfficer) -> RoleGiven | None:
    """The office, or None once it waits for an operator: an office that approves takes two people."""
    done = await appoint_officer(database, CLI, office)
    if not isinstance(done, Refused):
        return done
    assert without_second(done) is None, "nothing else refuses an appointment by reasons"
    asked = ProposeAct(
        operation="appointOfficer", act="appoint_officer", subject=f"login/{office.login}",
        command=json.loads(office.model_dump_json(exclude={"approver"})),
    )  # fmt: skip
    waits = await propose_act(database, CLI, asked)
    until = formatting.instant(waits.ends_at)
    print(f"任命须两人：已提请 {waits.proposal}，请一名运营人员登录站点，于 {until} 前在“待复核”同意。")
    return None


def _office_of(given: argparse.Namespace) -> AppointOfficer:
    """The appointment; ``Malformed`` for a regulator without a region, or another office with one."""
    if (given.region is None) == (given.office == "regulator"):
        words = "a regulator has a region, no other office has one"
        raise Malformed((Fault("/region", "region", words),))
    return made(
        AppointOfficer, login=given.login, office=given.office, region=given.region, line=given.line,
        reason=given.reason,
    )  # fmt: skip


def _print_codes(codes: Sequence[str]) -> None:
    print("恢复码（只显示这一次，每个用一次；请交给本人保管）：")
    for one in codes:
        print(f"  {one}")


def _print_list(accounts: Sequence[ListedAccount]) -> int:
    for one in accounts:
        state = "停用" if one.is_disabled else "正常"
        factor = "有第二因素" if one.has_totp else "无第二因素"
        print(f"{one.login}  {one.id}  {state}  {factor}  恢复码剩 {one.codes_left}")
        for role in one.roles:
            print(f"    {role.id}  {_role(role.role, role.region, role.line)}  {role.rank}  {role.acting}")
    print(f"共 {len(accounts)} 个账号。")
    return 0


def _role(role: str, region: str | None, line: str | None) -> str:
    return " ".join(part for part in (OFFICE_ZH.get(role, role), region, line) if part)


def _password(path: Path | None) -> str:
    """The password, from the file's first line or twice from the terminal; ``Malformed`` where there is none."""
    if path is not None:
        with path.open("rb") as file:
            lines = file.read(MAX_FILE).decode("utf-8", "replace").splitlines()
        if not lines or not lines[0]:
            raise _no_password("empty")
        return lines[0]
    if not sys.stdin.isatty():
        raise _no_password("no_terminal")
    first = getpass.getpass("口令：")
    if getpass.getpass("再输一遍：") != first:
        raise _no_password("differ")
    return first


def _no_password(why: str) -> Malformed:
    return Malformed((Fault("/password", why, _NO_PASSWORD[why]),))


_NO_PASSWORD = {
    "empty": "文件的第一行是空的",
    "no_terminal": "没有终端：请用 --password-file",
    "differ": "两遍不一样",
}


def _parser() -> Parser:
    parser = Parser(prog="./run accounts", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
    opening = acts.add_parser("open", help="开设账号（可同时任命）")
    opening.add_argument("login", metavar="登录名")
    opening.add_argument("--name", required=True, metavar="姓名")
    opening.add_argument("--contact", metavar="联系方式", help="电话或邮箱，加密保存")
    opening.add_argument("--password-file", type=Path, metavar="文件", help="口令在文件的第一行")
    _add_office(opening, required=False)
    opening.add_argument("--reason", default=OPENED_HERE, metavar="理由", help=f"默认“{OPENED_HERE}”")
    appointing = acts.add_parser("appoint", help="任命已有账号")
    appointing.add_argument("login", metavar="登录名")
    _add_office(appointing, required=True)
    appointing.add_argument("--reason", required=True, metavar="理由")
    listing = acts.add_parser("list", help="列出账号与任职（不含姓名）")
    listing.add_argument("--officers", action="store_true", help="只列有任职的")
    for name, words in (("close", "停用账号"), ("reopen", "恢复账号"), ("reset", "发新的恢复码，结束全部登录")):
        one = acts.add_parser(name, help=words)
        one.add_argument("login", metavar="登录名")
        one.add_argument("--reason", required=True, metavar="理由")
    ending = acts.add_parser("end-office", help="结束一项任职")
    ending.add_argument("id", metavar="编号")
    ending.add_argument("--reason", required=True, metavar="理由")
    return parser


def _add_office(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--office", choices=sorted(OFFICES), required=required, help="职务")
    parser.add_argument("--region", metavar="区划", help="监管的行政区划代码（六位）")
    parser.add_argument("--line", metavar="条线", help="监管的条线（如 自然资源）；不写为全部")
