"""The commands ``demo``, ``serve`` and ``import-decisions``: what may be typed.

How each may end: ``marketplace.command_line``.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow

from commons.errors import Malformed
from commons.instants import beijing_date
from marketplace.command_line import IN_THE_WAY, WRONG, Parser, run_to_end, say, settings_or_none
from marketplace.demo.own_running import OwnMarket, run_own
from marketplace.demo.recomputing import shown
from marketplace.demo.running import CASES, DemoOptions, run_demo
from marketplace.demo.show.frame import make_console
from marketplace.importing_file import SignedFile, run_import
from marketplace.serving import PortBusyError, ServeOptions, is_loopback, run_serve
from marketplace.settings import LARGEST_PORT
from marketplace.sheets.templates import write_templates

SEEDS = 1_000_000

DEMO_HELP = """\
在一个全新的内置数据库上演示：装入示例数据，同时进行综合比选、多轮竞价、立等可取、流标、抽取和
“一地失信、处处受限”，打印经过，最后把每个结果重算一遍。不足一分钟。

用自己的表：先 --templates 目录 取模板，填好后用 --demands 和 --agencies 交回。"""


def demo(arguments: list[str]) -> int:
    """``./run demo``; the exit status."""
    parser = _demo_parser()
    given = parser.parse_args(arguments)
    if (given.demands is None) != (given.agencies is None):
        parser.error("--demands 和 --agencies 要一起给")
    if given.seed is not None and given.demands is None:
        parser.error("--seed 只和 --demands、--agencies 一起用")
    if given.templates is not None:
        return _templates(given.templates)
    settings = settings_or_none()
    if settings is None:
        return WRONG
    if given.use_database_url and settings.database_url is None:
        parser.error("--use-database-url 需要先设置 DATABASE_URL")
    options = DemoOptions(use_database_url=given.use_database_url, cases=given.cases.absolute())
    console = make_console()
    if given.demands is None:
        return run_to_end(lambda: run_demo(settings, options, console))
    seed = randbelow(SEEDS) if given.seed is None else given.seed
    market = OwnMarket(given.agencies, given.demands, seed)
    return run_to_end(lambda: run_own(settings, options, market, console))


def serve(arguments: list[str]) -> int:
    """``./run serve``; the exit status."""
    parser = _serve_parser()
    given = parser.parse_args(arguments)
    if not is_loopback(given.host):
        parser.error(f"--host 只能是本机地址，不能是 {given.host}：对外由前面的代理加上 TLS，见 deploy/README.md")
    settings = settings_or_none()
    if settings is None:
        return WRONG
    options = ServeOptions(given.host, settings.port if given.port is None else given.port, is_demo=given.demo)
    console = make_console()
    try:
        return run_to_end(lambda: run_serve(settings, options, console))
    except PortBusyError as error:
        say(f"端口 {options.port} 不能用（{error}）：可能已有一个网站在运行。换一个：./run serve --port 8001")
        return IN_THE_WAY


def import_file(arguments: list[str]) -> int:
    """``python -m marketplace import-decisions``; the exit status."""
    given = _import_parser().parse_args(arguments)
    settings = settings_or_none()
    if settings is None:
        return WRONG
    signature = given.signature or given.file.with_name(f"{given.file.name}.sig")
    file = SignedFile(given.file, given.feed, signature)
    try:
        return run_to_end(lambda: run_import(settings, file, make_console()))
    except Malformed as error:
        for fault in error.faults:
            say(f"文件有误：{fault.pointer} {fault.code}（{fault.detail}）")
        say("没有导入任何一行")
        return WRONG


def _demo_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="./run demo", description=DEMO_HELP, add_help=False, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    own = parser.add_argument_group("用自己的表")
    own.add_argument("--templates", type=Path, metavar="目录", help="把两个 Excel 模板写到这个目录，然后结束")
    own.add_argument("--demands", type=Path, metavar="需求.xlsx", help="需求表")
    own.add_argument("--agencies", type=Path, metavar="机构.xlsx", help="机构表（机构、资质、业绩、上架报价）")
    own.add_argument("--seed", type=_natural, metavar="数字", help="示例报价的种子：同样的表和种子得到同样的报价")
    rest = parser.add_argument_group("其他")
    rest.add_argument(
        "--cases", type=Path, default=CASES, metavar="目录", help=f"案例文件写到哪里（默认 {shown(CASES)}）"
    )
    rest.add_argument(
        "--use-database-url", action="store_true", help="用 DATABASE_URL 指定的数据库（须是空的），而不是内置的"
    )
    rest.add_argument("-h", "--help", action="help", help="显示本说明")
    return parser


def _serve_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="./run serve", add_help=False,
        description="打开示例网站。空数据库会先装入示例数据；按 Ctrl-C 停止。", usage=None,
    )  # fmt: skip
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="本机地址（默认 127.0.0.1）")
    parser.add_argument(
        "--port", type=_port, metavar="端口", help="端口（默认 8000 或环境变量 PORT；0 为任意空闲端口）"
    )
    parser.add_argument("--demo", action="store_true", help="打开 ./run demo 留下的数据")
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    return parser


def _import_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m marketplace import-decisions", add_help=False,
        description="导入行政机关的决定（每行一个 JSON，由来源签名）：整个文件导入，或者一行也不导入。",
    )  # fmt: skip
    parser.add_argument("file", type=Path, metavar="文件", help="决定的文件（JSON 行）")
    parser.add_argument("--feed", required=True, metavar="来源", help="来源的名称（CREDIT_FEEDS 中的一个）")
    parser.add_argument(
        "--signature", type=Path, metavar="签名", help="签名的文件（128 位十六进制；默认为文件名加 .sig）"
    )
    parser.add_argument("-h", "--help", action="help", help="显示本说明")
    return parser


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(SEEDS**2))):
        message = f"{text!r} 不是自然数"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= LARGEST_PORT):
        message = f"{text!r} 不是 0 到 {LARGEST_PORT} 的端口"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _templates(folder: Path) -> int:
    try:
        written = write_templates(folder, on=beijing_date(datetime.now(UTC)))
    except OSError as error:
        say(f"不能写到 {folder}：{error.strerror}")
        return IN_THE_WAY
    console = make_console()
    for path in written:
        console.print(f"已写好模板 {path}")
    console.print(f"填好后运行：./run demo --demands {written[1]} --agencies {written[0]}", soft_wrap=True)
    return 0
