"""Every page and every reading with real data: what happened is there, what is private is not."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from commons.canonical import canonical
from tests.usecases.market import Market, code, instant_terms, pass_by, round_terms
from tests.web_pages.site import Site
from tests.web_pages.town import PERSONS, PRIVATE, RECUSED, RESTRICTED, UNQUALIFIED, Town, build

ROOT = Path(__file__).resolve().parents[2]
UNSETTLED_STATEMENTS = 21
"""More where two dozen selections wait for the ticker: five fold them together, and each list (the home page has three)
asks its parts for those ahead of settling."""
MOST_STATEMENTS = 32
"""Statements of the page that asks most, however many rows there are."""


def words(body: str) -> str:
    """The page as it is read: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def facts(town: Town) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Address → what must be read there."""
    return (
        ("/", ("4 宗", "另有 1 宗未成立", "9 家", "正在竞价（示例）", "梧田片区水土保持方案（示例）", "温州市 3 75.0")),
        ("/demands", ("共 6 条", "全部 6", "综合比选 3", "多轮竞价 2", "立等可取 1", "未成立")),
        ("/demands?mode=instant&city=330100", ("共 1 条", "立等可取的测绘（示例）", "杭州市 · 上城区")),
        (
            f"/demands/{town.sealed.demand}",
            (
                "测绘资质", "乙级及以上", "测绘6号（示例） 编制了可行性研究报告（示例）", "128,600.00 元",
                "4 家报名，3 家未通过",
            ),
        ),
        (f"/demands/{town.running.demand}", ("第 1 轮", "未开始", "还没有可以公开的有效报价")),
        ("/awards", ("共 5 条", "12.86 低 35.7%", "测绘2号（示例）")),
        ("/awards?outcome=unsuccessful", ("共 1 条", "无人问津的评估（示例）")),
        (
            f"/awards/{town.sealed.demand}",
            (
                "壹拾贰万捌仟陆佰元整",
                "合计 100 96.00 60.00 + 20.00 + 16.00 = 96.00 94.30 58.90 + 20.00 + 15.40 = 94.30",
                "60 × 128,600.00 ÷ 131,000.00 = 58.90",
                "测绘5号（示例） 未报价", f"测绘{RECUSED}号（示例） 未通过", "没有本事项要求的资质：测绘资质",
                f"测绘{RESTRICTED}号（示例） 未通过 处于失信限制中", "14 条事件",
            ),
        ),
        (f"/awards/{town.rounds.demand}", ("175,000.00", "降幅不足一个步长 1,000.00 元", "共 4 次，其中 1 次未接收")),
        (f"/awards/{town.instant.demand}", ("1,000.00 × 10 = 10,000.00", "第 1 名 · 中选", "壹万元整")),
        (f"/awards/{town.failed.demand}", ("没有选出机构", "有效参选机构 1 家，少于规定的最少家数")),
        (f"/awards/{town.drawn.demand}", ("抽取号", "HKDF-SHA-256", "抽取输入公布，任何人可重算")),
        ("/agencies", ("共 9 家", "只看受限的（1 家）", "受限至修复为止")),
        ("/agencies?restricted=1", ("共 1 家", f"测绘{RESTRICTED}号（示例）")),
        ("/agencies?item=SV22", ("共 7 家",)),
        (f"/agencies/{code(1)}", ("ZJ000001", "涉及 2 个市", "5 次", "上架报价：规划及竣工测量", "备案生效")),
        (f"/agencies/{code(2)}", ("80.00 − 3.00 = 77.00", "信用计分：成果逾期，−3.00")),
        (f"/agencies/{code(1)}", ("新入驻", "选取时按起始分 80.00 计")),
        ("/rules", ("未申报转分包", "−20.00")),
        (f"/agencies/{code(RESTRICTED)}", ("限制生效", "出具虚假报告（示例）", "温州市 · 鹿城区作出", "修复为止")),
        ("/restrictions", ("共 1 项", f"测绘{RESTRICTED}号（示例）", "出具虚假报告（示例）")),
        ("/rules", ("demo-v1", "使用中", "generic-v1", "自定，无外部文本", "3 个工作日")),
        ("/api/v1/demands?city=330100", ('"total":1', "立等可取的测绘（示例）")),
        (f"/api/v1/awards/{town.sealed.demand}", ('"points":[6000,2000,1600]', "60.00 × 最低报价", "recused")),
        (f"/api/v1/agencies/{code(2)}", ('"value":7700', '"points":-300', "result_late")),
        ("/api/v1/restrictions", ('"total":1', '"is_in_force":true')),
        ("/api/v1/items", ('"code":"RA03"', "law text")),
        ("/api/v1/profiles", ('"name":"demo-v1","is_current":true',)),
    )  # fmt: skip


async def test_every_page_shows_what_happened_and_nobody_reads_persons(market: Market, site: Site) -> None:
    town = await build(market)
    for path, expected in facts(town):
        body = await site.text(path)
        read = body if path.startswith("/api/") else words(body)
        for fact in expected:
            assert fact in read, (path, fact, read[:6000])
    pages = [path for path, _ in facts(town)] + [f"/agencies/{code(PERSONS)}", f"/api/v1/agencies/{code(PERSONS)}"]
    for path in pages:
        body = await site.text(path)
        assert not any(private in body for private in PRIVATE), path
        assert town.draft not in body, path
        assert "不公开的草稿" not in body, path
    for path in (f"/demands/{town.draft}", f"/awards/{town.draft}", f"/api/v1/demands/{town.draft}"):
        await site.text(path, status=404)
    await site.text(f"/awards/{town.running.demand}", status=404)
    own = (await site.get(f"/api/v1/selections/{town.sealed.selection}", actor=f"agency:{code(UNQUALIFIED)}")).json()
    assert own["own"] is None


def decide(*files: Path) -> list[dict[str, Any]]:
    """What the command line decides of the files."""
    command = [sys.executable, "-m", "marketplace", "decide", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_anybody_decides_the_case_file_again_and_gets_the_same(
    market: Market, site: Site, tmp_path: Path
) -> None:
    town = await build(market)
    files: list[Path] = []
    kept: list[Any] = []
    for published in town.decided:
        answered = await site.get(f"/awards/{published.demand}/case.json")
        assert answered.status_code == 200
        assert answered.headers["content-type"] == "application/json"
        again = await site.client.get(
            f"/awards/{published.demand}/case.json", headers={"If-None-Match": answered.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert (await site.get(f"/api/v1/awards/{published.demand}/case")).content == answered.content
        document = answered.json()
        assert answered.content == canonical(document)
        kept.append(document["decision"])
        files.append(tmp_path / f"{published.demand}.json")
        files[-1].write_bytes(answered.content)
    assert decide(*files) == kept
    assert [one["outcome"] for one in kept] == ["award", "award", "award", "unsuccessful", "award"]
    await site.text(f"/awards/{town.running.demand}/case.json", status=404)


async def test_a_page_asks_a_bounded_number_of_statements(
    market: Market, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await build(market)
    asked: list[str] = []

    async def counted(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(query)
        return await genuine(self, query, *args, **kwargs)

    genuine = asyncpg.Connection._execute
    monkeypatch.setattr(asyncpg.Connection, "_execute", counted)

    async def counts() -> dict[str, int]:
        found: dict[str, int] = {}
        await site.text("/")  # whoever comes first after something happened counts it for the statistics, once
        for path, _ in facts(town):
            asked.clear()
            await site.text(path)
            found[path] = len(asked)
        return found

    few = await counts()
    assert max(few.values()) <= MOST_STATEMENTS, few
    for number in range(12):
        await market.publish(instant_terms(), title=f"又一个{number}（示例）")
        await market.publish(round_terms(opens_in=1.3, length=0.2), title=f"又一轮{number}（示例）", sign_up_s=1.2)
    await pass_by(2.0)
    many = await counts()
    grown = {path: (few[path], many[path]) for path in few if many[path] > few[path] + UNSETTLED_STATEMENTS}
    assert not grown
