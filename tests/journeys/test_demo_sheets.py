"""The user's own sheets: templates, wrong rows all at once, offers invented from a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commons.codes import Uscc
from marketplace.sheets.columns import AGENCIES, DEMANDS, QUALIFICATIONS, SHELF
from tests.journeys.runs import Run, data_folder, running
from tests.unit.sheets_builder import (
    AGENCY,
    COMPREHENSIVE,
    CREDIT_DRAW,
    DIRECT,
    INSTANT,
    MEAN_PRICE,
    MULTI_ROUND,
    QUALIFICATION,
    RANDOM_DRAW,
    SHELF_OFFER,
    book,
)

OFFERED = re.compile(r"^ [A-Z–] +\S+ .*\d\.\d\d.*$", re.MULTILINE)


@pytest.fixture
def folder() -> Iterator[Path]:
    with data_folder("sheets") as made:
        yield made


def code(number: int) -> str:
    """An invented credit code whose check character is right."""
    return Uscc.completed(f"91990003MA{number:07d}").code


def agencies_book(path: Path, *, qualified: int = 4) -> Path:
    """Six agencies, some with a certificate, two with shelf offers."""
    codes = [code(number) for number in range(1, 7)]
    path.write_bytes(
        book(
            {
                AGENCIES.name: [
                    {**AGENCY, "uscc": one, "name": f"咨询{at}号（示例）"} for at, one in enumerate(codes, 1)
                ],
                QUALIFICATIONS.name: [{**QUALIFICATION, "uscc": one, "number": one} for one in codes[:qualified]],
                SHELF.name: [
                    {**SHELF_OFFER, "uscc": one, "unit_price": 9_000 + at, "valid_to": "2036-10-31"}
                    for at, one in enumerate(codes[:2])
                ],
            }
        )
    )
    return path


def demands_book(path: Path, *rows: dict[str, object]) -> Path:
    """A demands workbook with these rows."""
    path.write_bytes(book({DEMANDS.name: rows}))
    return path


async def played(folder: Path, agencies: Path, demands: Path, *more: str) -> tuple[int, Run]:
    sheets = ("--agencies", str(agencies), "--demands", str(demands), "--cases", str(folder / "cases"))
    async with running(folder / "data", "demo", *sheets, *more) as run:
        return await run.end(), run


async def test_templates_are_written_and_the_command_to_go_on_is_said(folder: Path) -> None:
    async with running(folder, "demo", "--templates", str(folder / "模板 目录")) as run:
        assert await run.end() == 0
    assert sorted(path.name for path in (folder / "模板 目录").iterdir()) == ["机构模板.xlsx", "需求模板.xlsx"]
    assert "./run demo --demands" in run.text


async def test_wrong_rows_of_both_files_are_listed_at_once_and_nothing_is_loaded(folder: Path) -> None:
    agencies = folder / "机构.xlsx"
    wrong = {**QUALIFICATION, "uscc": code(1), "grade": "丁级"}
    agencies.write_bytes(book({AGENCIES.name: [{**AGENCY, "uscc": code(1)}], QUALIFICATIONS.name: [wrong]}))
    demands = demands_book(
        folder / "需求.xlsx", {**COMPREHENSIVE, "ceiling": -5}, {**COMPREHENSIVE, "place": "二", "item": "ZZ99"}
    )
    status, run = await played(folder, agencies, demands)
    assert status == 2, run.text
    assert "3 处错误，什么都没有导入" in run.text
    assert "机构.xlsx 「资质」第 3 行「资质等级」" in run.text
    assert "需求.xlsx 「需求」第 3 行「最高限价（元）」" in run.text
    assert "需求.xlsx 「需求」第 4 行「中介服务事项」" in run.text
    assert not (folder / "data").exists()


async def test_rows_that_only_the_rules_refuse_are_listed_before_anything_is_loaded(folder: Path) -> None:
    agencies = folder / "机构.xlsx"
    unqualified = {**SHELF_OFFER, "uscc": code(1), "item": "SV14", "valid_to": "2036-10-31"}
    over = {**SHELF_OFFER, "uscc": code(1), "valid_from": "2020-01-01", "valid_to": "2020-12-31"}
    agencies.write_bytes(book({AGENCIES.name: [{**AGENCY, "uscc": code(1)}], SHELF.name: [unqualified, over]}))
    demands = demands_book(folder / "需求.xlsx", {**COMPREHENSIVE, "buyer_class": "自愿选取", "item": "RA03"})
    status, run = await played(folder, agencies, demands)
    assert status == 2, run.text
    assert "没有本事项要求的资质" in run.text
    assert "有效期已结束" in run.text
    assert "区域评价由政府或园区购买" in run.text
    assert not (folder / "data").exists()


async def test_own_demands_are_played_in_their_modes_with_offers_that_a_number_repeats(folder: Path) -> None:
    agencies = agencies_book(folder / "机构.xlsx")
    demands = demands_book(
        folder / "需求.xlsx",
        {**COMPREHENSIVE, "item": "SV14"},
        {**MULTI_ROUND, "place": "二"},
        {**INSTANT, "place": "三"},
        {**COMPREHENSIVE, "place": "四", "item": "RA01"},
    )
    offers = []
    for _ in range(2):
        status, run = await played(folder, agencies, demands, "--seed", "11")
        assert status == 0, run.text
        offers.append(OFFERED.findall(run.text.split("小结")[0]))
    assert len(offers[0]) > 10
    assert offers[0] == offers[1]
    assert "示例报价，种子 11" in run.text
    assert run.text.count("✓ 中选") == 3
    assert "6 家不符合：没有本事项要求的资质：地质灾害评估资质" in run.text
    assert "■ 流标：有效参选机构 0 家" in run.text
    assert "4 个与当时的决定逐字节相同" in run.text


async def test_every_further_mode_of_a_sheet_is_played_to_its_award(folder: Path) -> None:
    agencies = agencies_book(folder / "机构.xlsx", qualified=6)
    demands = demands_book(
        folder / "需求.xlsx",
        {**MEAN_PRICE, "price_basis": "报下浮率", "factors": "95、97、98"},
        {**RANDOM_DRAW, "place": "二"},
        {**CREDIT_DRAW, "place": "三"},
        DIRECT,
        {**COMPREHENSIVE, "place": "五", "further_items": "SV12、RA04"},
        {**MULTI_ROUND, "place": "六", "rounds": 1, "price_basis": "报下浮率", "further_items": "SV12"},
        {**DIRECT, "place": "七", "item": "SV20"},
    )
    status, run = await played(folder, agencies, demands, "--seed", "5")
    assert status == 0, run.text
    scenes = re.split(r"^\d、", run.text.split("小结")[0], flags=re.MULTILINE)[1:]
    assert [scene.count("✓ 中选") for scene in scenes] == [1, 1, 1, 1, 1, 1, 0]
    assert "系数从 3 个中抽取" in scenes[0].replace("\n   ", "")
    assert "（下浮 " in scenes[0]
    assert "公布金额 180,000.00 元" in scenes[1]
    assert "业主选定" in scenes[2]
    assert "业主选定" in scenes[3]
    assert "其中社会稳定风险评估" in scenes[4].replace("\n", "")
    assert "（下浮 " in scenes[5]
    assert "■ 没有选定机构" in scenes[6]
    assert "5 个与当时的决定逐字节相同" in run.text


async def test_a_direct_choice_with_public_money_is_a_fault_of_its_row(folder: Path) -> None:
    agencies = agencies_book(folder / "机构.xlsx")
    wrong = {**DIRECT, "buyer_class": "财政资金"}
    few = {**MEAN_PRICE, "place": "二", "min_bidders": 2}
    demands = demands_book(folder / "需求.xlsx", wrong, few)
    status, run = await played(folder, agencies, demands)
    assert status == 2, run.text
    assert "2 处错误，什么都没有导入" in run.text
    assert "需求.xlsx 「需求」第 3 行：规则不允许这类业主直接选取" in run.text
    assert "需求.xlsx 「需求」第 4 行：" in run.text


async def test_half_of_a_pair_of_sheets_is_refused(folder: Path) -> None:
    async with running(folder, "demo", "--demands", "需求.xlsx") as run:
        assert await run.end() == 2
    assert "要一起给" in run.text
