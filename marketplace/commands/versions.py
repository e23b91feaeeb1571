"""``catalogue …`` and ``profiles …``: versions of the rules from the machine itself: listed, compared, published.

A file is the body of the API's operation (``publishCatalogueVersion``, ``publishProfileVersion``); the same file again
publishes nothing. Published by ``operator:command-line``, by the use cases of the API. Source: docs/adr/0024.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from commons.canonical import Json
from marketplace.catalogue.versions import Kind
from marketplace.command_line import WRONG, Parser
from marketplace.commands.acting import allowed, made_of_json, market, run
from marketplace.database import Database
from marketplace.importing_file import OPERATOR
from marketplace.opening import open_database
from marketplace.settings import Settings
from marketplace.usecases.act import Caller
from marketplace.usecases.publish_catalogue_version import PublishCatalogueVersion, publish_catalogue_version
from marketplace.usecases.publish_profile_version import PublishProfileVersion, publish_profile_version
from marketplace.usecases.read_versions import SHIPPED, read_difference, read_versions

MAX_FILE = 1_000_000
"""Bytes of a version's file at most."""
CATALOGUE_HELP = """\
服务事项目录的版本：列出、比较、从文件发布（JSON，与接口 publishCatalogueVersion 的请求体相同）。
版本只增加不修改；到 in_force_from 起生效，不写即刻生效。"""
PROFILES_HELP = """\
规则配置的版本：列出、比较、从文件发布（JSON，与接口 publishProfileVersion 的请求体相同）。
版本只增加不修改；到 in_force_from 起生效，不写即刻生效。"""


def catalogue(arguments: list[str]) -> int:
    """``./run catalogue``; the exit status."""
    return _main("catalogue", arguments)


def profiles(arguments: list[str]) -> int:
    """``./run profiles``; the exit status."""
    return _main("profile", arguments)


def _main(kind: Kind, arguments: list[str]) -> int:
    given = _parser(kind).parse_args(arguments)
    name: str = getattr(given, "profile", "")

    async def work(settings: Settings) -> int:
        if given.act == "publish":
            body = _read(given.file)
            async with open_database(settings) as database:
                return await _publish(database, kind, body)
        async with market(settings) as database:
            if given.act == "list":
                return await _list(database, kind, name)
            return await _diff(database, kind, name, (given.old, given.new))

    return run(work)


async def _publish(database: Database, kind: Kind, body: bytes) -> int:
    caller = Caller(OPERATOR, f"file/{sha256(body).hexdigest()}")
    if kind == "catalogue":
        answer = await publish_catalogue_version(database, caller, made_of_json(PublishCatalogueVersion, body))
    else:
        answer = await publish_profile_version(database, caller, made_of_json(PublishProfileVersion, body))
    done = allowed(answer)
    if done is None:
        return WRONG
    since = f"{done.in_force_from:%Y-%m-%d %H:%M:%SZ}"
    print(f"已发布 {done.version}：{done.region}，{since} 起生效，{'、'.join(done.changed)}。")
    return 0


async def _list(database: Database, kind: Kind, name: str) -> int:
    found = await read_versions(database, kind, name)
    for one in found.rows:
        state = "生效" if one.in_force_from <= found.now else "待生效"
        since = f"{one.in_force_from:%Y-%m-%d %H:%M:%SZ}"
        print(f"{one.id}  {one.region}  {since}  {state}  {len(one.rows)} 行  {one.published_by}  {one.reason}")
    print(f"共 {len(found.rows)} 个版本，另有随程序提供的 {SHIPPED}。")
    return 0


async def _diff(database: Database, kind: Kind, name: str, versions: Sequence[str]) -> int:
    old, new = versions
    found = await read_difference(database, kind, name, old, new)
    for one in found.changes:
        print(f"{one.code}  {_WHAT[one.what]}")
        for cell in one.cells:
            print(f"    {cell.field}：{_shown(cell.old)} → {_shown(cell.new)}")
    print(f"{old} 与 {new} 有 {len(found.changes)} 处不同。")
    return 0


_WHAT = {"added": "新增", "removed": "去掉", "changed": "改变"}


def _shown(value: Json) -> str:
    return "—" if value is None else json.dumps(value, ensure_ascii=False)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE)


def _parser(kind: Kind) -> Parser:
    is_catalogue = kind == "catalogue"
    parser = Parser(
        prog="./run catalogue" if is_catalogue else "./run profiles",
        description=CATALOGUE_HELP if is_catalogue else PROFILES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
    listing = acts.add_parser("list", help="列出版本")
    comparing = acts.add_parser("diff", help=f"比较两个版本（{SHIPPED} 为随程序提供的）")
    publishing = acts.add_parser("publish", help="发布一个版本")
    if not is_catalogue:
        for one in (listing, comparing):
            one.add_argument("profile", metavar="配置", help="如 generic-v1")
    comparing.add_argument("old", metavar="旧版本")
    comparing.add_argument("new", metavar="新版本")
    publishing.add_argument("file", type=Path, metavar="文件.json")
    return parser
