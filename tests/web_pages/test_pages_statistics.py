"""统计 and 满意度: the page, its sheets and the API say the same; a short form without script."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from marketplace.database import Database
from tests.usecases.counting_market import DEMAND
from tests.usecases.market import Market, code
from tests.web_pages.reader import joined
from tests.web_pages.site import Site

MAY = datetime(2026, 5, 6, 2, tzinfo=UTC)


async def awards(database: Database, *prices: int) -> None:
    """Awards of one city and item under a ceiling of 100,000 yuan, all in May."""
    async with database.borrow() as connection:
        for number, fen in enumerate(prices, 1):
            values: list[Any] = [f"D{number}", f"S{number}", "awarded", "330302", "330300", "SV22", 1, 10_000_000]
            values += ["comprehensive", "generic-v1", False, MAY, "award", code(1), fen, MAY + timedelta(days=7), []]
            await connection.execute(DEMAND, *values)


def rows_of(body: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


async def test_page_sheet_and_api_say_the_same_numbers_with_their_samples(site: Site, database: Database) -> None:
    await awards(database, 8_135_000, 8_000_000, 7_000_000)
    query = "?from=2026-05&until=2026-05&city=330300"
    page = (await site.get(f"/statistics{query}")).text
    assert "<b>20.0</b>" in page
    assert "样本 3 宗；四分位 18.7 至 20.0；样本少" in page
    assert "温州市，全部事项" in page
    assert "2026-05-01 至 2026-05-31" in page
    answered = (await site.get(f"/api/v1/statistics{query}")).json()
    found = {one["measure"]: one for one in answered["numbers"]}
    saving = found["saving_ceiling"]
    assert (saving["median"], saving["sample"], saving["few"], saving["mean"]) == (200, 3, True, "229/1")
    assert found["saved_fen"]["total"] == 6_865_000
    sheet = rows_of((await site.get(f"/statistics/saving_ceiling.xlsx{query}")).content)
    head = next(index for index, row in enumerate(sheet) if row[0] == "分类")
    assert sheet[head + 1][:4] == ["合计", "温州市，全部事项", 20.0, 3]
    values = [tuple(row[2:4]) for row in sheet if row[0] == "取值"]
    assert values == [(18.7, 1), (20.0, 1), (30.0, 1)]
    assert "样本少（不足 5），仅供了解，不作推断" in sheet[head + 1]
    shares = rows_of((await site.get(f"/statistics/concentration.xlsx{query}")).content)
    assert shares[-1][2:5] == [100.0, 3, 1]
    for code_of in found:
        assert (await site.get(f"/statistics/{code_of}.xlsx{query}")).status_code == 200


async def test_the_middle_of_five_stands_between_its_quartiles_and_other_filters_are_another_page(
    site: Site, database: Database
) -> None:
    await awards(database, 9_500_000, 9_000_000, 8_000_000, 7_000_000, 6_000_000)
    query = "?from=2026-05&until=2026-05"
    page = (await site.get(f"/statistics{query}&city=330300")).text
    assert "<b>20.0</b>" in page
    assert "样本 5 宗；四分位 10.0 至 30.0" in page
    share = page.split("直接选取率", 1)[1][:600]
    assert "0 ÷ 5" in share
    elsewhere = (await site.get(f"/statistics{query}&city=330100")).text
    assert "样本 5 宗" not in elsewhere
    assert "杭州市，全部事项" in elsewhere


async def test_the_home_page_has_the_same_figures(site: Site, database: Database) -> None:
    await awards(database, 8_135_000, 8_000_000, 7_000_000)
    home = (await site.get("/")).text
    assert "<b>低 20.0</b>" in home
    assert "样本 3 宗" in home


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-13", "请填写月份，如 2026-01"),
        ("from=2026-05&until=2026-04", "截止月份不能早于起始月份"),
        ("from=2020-01&until=2026-04", "期间最多 60 个月"),
        ("city=%3C", "不是有效的代码"),
        ("data=all", "没有这个选项"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_said(site: Site, query: str, words: str) -> None:
    answered = await site.get(f"/statistics?{query}")
    assert answered.status_code == 400
    assert words in answered.text


async def test_nothing_of_nothing_and_no_sheet_of_what_is_no_number(site: Site) -> None:
    page = await site.get("/statistics?from=2021-01&until=2021-12")
    assert page.status_code == 200
    assert "期间内没有样本" in page.text
    assert (await site.get("/statistics/nothing.xlsx")).status_code == 404
    assert (await site.get("/statistics/saving_ceiling.csv")).status_code == 404


async def test_a_step_is_answered_once_and_nothing_is_chosen_beforehand(site: Site, market: Market) -> None:
    await market.file(1)
    path = f"/satisfaction/filing/{code(1)}"
    assert (await site.get(path)).status_code == 303
    reader = await joined(site.client, "one")
    await reader.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    form = await reader.get(path)
    assert form.text.count('type="radio"') == 5
    assert "checked" not in form.text
    refused = await reader.send(path, {"words": "手续简便"})
    assert refused.status_code == 400
    assert "请填写这一步办得怎么样" in refused.text or "请选择这一步办得怎么样" in refused.text
    done = await reader.send(path, {"stars": "4", "words": "手续简便"})
    assert done.status_code == 303
    assert "您已经填写过这一步的满意度" in (await reader.get(path)).text
    assert (await reader.get("/satisfaction/nothing/D1")).status_code == 404
