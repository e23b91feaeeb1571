"""Sheets of agencies and demands over HTTP: every wrong cell named, all of it loaded or nothing; ``--size`` rows."""

from __future__ import annotations

import re
import sys
import time
from datetime import date
from typing import Any

import pytest

from commons.codes import Uscc
from marketplace.database import Database
from tests.unit.sheets_builder import AGENCY, COMPREHENSIVE, DEMAND, QUALIFICATION, SHELF_OFFER, book
from tests.web_api.caller import Api, problem

OPERATOR = "operator:O1"
ROWS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code(number: int) -> str:
    return Uscc.completed(f"91990007MA{number:07d}").code


def agencies(count: int, **changes: dict[int, Any]) -> bytes:
    """A sheet of so many agencies, each with a certificate; ``changes`` put other values into rows by number."""
    rows: list[dict[str, Any]] = []
    papers = []
    for number in range(count):
        row = {**AGENCY, "uscc": code(number), "name": f"批量{number}号（示例）", "phone": f"0577-{number:08d}"}
        for key, by_row in changes.items():
            if number in by_row:
                row[key] = by_row[number]
        rows.append(row)
        papers.append({**QUALIFICATION, "uscc": code(number), "number": f"例{number}", "valid_from": date(2024, 1, 1)})
    return book({"机构": rows, "资质": papers, "业绩": [], "上架报价": []})


async def send(api: Api, path: str, body: bytes, actor: str = OPERATOR, **headers: str) -> Any:
    return await api.client.post(
        f"/api/v1/imports/{path}", content=body, params={"name": "表.xlsx"},
        headers={"X-Development-Actor": actor, "Content-Type": XLSX, **headers},
    )  # fmt: skip


async def counted(database: Database) -> tuple[int, int, int]:
    """Agencies, certificates and demands on record."""
    async with database.borrow() as connection:
        return (
            await connection.fetchval("SELECT count(*) FROM agency"),
            await connection.fetchval("SELECT count(*) FROM qualification"),
            await connection.fetchval("SELECT count(*) FROM demand"),
        )


async def test_a_sheet_with_wrong_cells_names_every_one_of_them_and_loads_nothing(
    api: Api, database: Database, request: pytest.FixtureRequest
) -> None:
    rows = request.config.getoption("--size") or ROWS
    wrong = list(range(0, rows, 33))
    kinds = {"phone": "abc", "region": "999999", "kind": "火星"}
    changes: dict[str, dict[int, Any]] = {key: {} for key in kinds}
    for place, number in enumerate(wrong):
        key = list(kinds)[place % 3]
        changes[key][number] = kinds[key]
    body = agencies(rows, **changes)
    began = time.monotonic()
    checked = (await send(api, "agencies/check", body)).json()
    seconds = time.monotonic() - began
    sys.stderr.write(f"{rows} rows, {len(wrong)} wrong cells, {len(body)} bytes: checked in {seconds:.1f} s\n")
    named = {(one["sheet"], one["row"], one["code"]) for one in checked["wrong"]}
    assert checked["wrong_total"] == len(wrong)
    assert named == {("机构", number + 3, "value") for number in wrong}
    assert all(one["cell"].endswith(str(one["row"])) and one["words"] for one in checked["wrong"])
    assert seconds < 20
    refused = problem(await send(api, "agencies", body), 400)
    assert refused["error_count"] == len(wrong)
    assert refused["errors"][0]["pointer"].startswith("/机构/")
    assert await counted(database) == (0, 0, 0)


async def test_a_right_sheet_is_loaded_whole_and_once(api: Api, database: Database) -> None:
    body = agencies(20)
    checked = (await send(api, "agencies/check", body)).json()
    assert (checked["rows"], checked["wrong_total"]) == (20, 0)
    assert await counted(database) == (0, 0, 0), "a check keeps nothing"
    key = {"Idempotency-Key": "sheet-1"}
    loaded, again = [await send(api, "agencies", body, **key) for _ in range(2)]
    assert loaded.status_code == 201, loaded.text
    assert loaded.json() == again.json()
    assert loaded.json()["agencies"] == 20
    assert await counted(database) == (20, 20, 0)
    later = (await send(api, "agencies/check", body)).json()
    assert {one["code"] for one in later["wrong"]} == {"already_filed"}


async def test_one_row_that_the_market_refuses_takes_all_others_back(api: Api, database: Database) -> None:
    first = await send(api, "agencies", agencies(1))
    assert first.status_code == 201
    refused = problem(await send(api, "agencies", agencies(10)), 400)
    assert [one["code"] for one in refused["errors"]] == ["already_filed"]
    assert "批量0号" in refused["errors"][0]["detail"]
    assert await counted(database) == (1, 1, 0)


async def test_binding_prices_are_no_part_of_an_import_and_only_the_operator_imports(api: Api) -> None:
    body = book(
        {
            "机构": [AGENCY], "资质": [QUALIFICATION], "业绩": [],
            "上架报价": [{**SHELF_OFFER, "valid_to": "2099-10-31"}],
        }
    )  # fmt: skip
    checked = (await send(api, "agencies/check", body)).json()
    assert [one["code"] for one in checked["wrong"]] == ["not_importable"]
    problem(await send(api, "agencies", agencies(1), actor=f"agency:{code(0)}"), 403)
    problem(await send(api, "agencies", b"no sheet"), 400)
    wrong_type = {"Content-Type": "text/csv"}
    problem(await send(api, "agencies", agencies(1), **wrong_type), 415)


async def test_demands_become_drafts_of_their_owner_and_of_nobody_else(api: Api, database: Database) -> None:
    rows = [{**COMPREHENSIVE, "place": f"第 {number} 处"} for number in range(8)]
    owner = f"owner:{DEMAND['owner_uscc']}"
    body = book({"需求": rows})
    checked = (await send(api, "demands/check", body, owner)).json()
    assert (checked["rows"], checked["wrong"]) == (8, [])
    problem(await send(api, "demands", body, "owner:11990000MA0000001K"), 403)
    assert (await counted(database))[2] == 0
    loaded = await send(api, "demands", body, owner)
    assert loaded.status_code == 201, loaded.text
    assert len(loaded.json()["demands"]) == 8
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM demand WHERE published_at IS NULL") == 8
    half = book({"需求": [*rows, {**COMPREHENSIVE, "place": "另处", "ceiling": "=1+1"}]})
    wrong = (await send(api, "demands/check", half, owner)).json()["wrong"]
    assert [(one["code"], one["row"]) for one in wrong] == [("formula_or_error", 11)]


async def post(api: Api, path: str, *, actor: str = "", **sent: Any) -> Any:
    headers = {"X-Development-Actor": actor} if actor else {}
    return await api.client.post(path, headers=headers, **sent)


async def test_the_page_checks_for_anybody_and_loads_for_whoever_may(api: Api, database: Database) -> None:
    form = await api.client.get("/imports/agencies")
    assert 'enctype="multipart/form-data"' in form.text
    template = await api.client.get("/imports/agencies/template.xlsx")
    assert template.content.startswith(b"PK")
    wrong = await post(
        api, "/imports/agencies/check", files={"sheet": ("表.xlsx", agencies(6, phone={2: "abc"}), XLSX)}
    )
    assert wrong.status_code == 200
    assert "共 1 处错误，没有导入任何一条" in wrong.text
    assert re.search(r"<b>[A-Z]5</b>", wrong.text), "the cell by its address"
    right = await post(api, "/imports/agencies/check", files={"sheet": ("表.xlsx", agencies(6), XLSX)})
    assert "6 行全部正确" in right.text
    assert 'name="attachment"' not in right.text, "nobody is signed in"
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    refused = await api.client.post("/imports/agencies/check", headers=elsewhere, files={"sheet": ("a", b"a", XLSX)})
    assert refused.status_code == 403
    assert (await post(api, "/imports/agencies/check", data={"a": "b"})).status_code == 400
    assert (await post(api, "/imports/agencies", data={"attachment": "F1"})).status_code == 401
    assert (await post(api, "/imports/others/check", data={"a": "b"})).status_code == 404
    kept = await api.client.post(
        "/api/v1/attachments", params={"name": "表.xlsx"}, content=agencies(6),
        headers={"X-Development-Actor": OPERATOR, "Content-Type": XLSX},
    )  # fmt: skip
    confirm = {"attachment": kept.json()["attachment"]}
    assert (await post(api, "/imports/agencies", actor="operator:O2", data=confirm)).status_code == 404
    assert await counted(database) == (0, 0, 0)
    for _ in range(2):
        done = await post(api, "/imports/agencies", actor=OPERATOR, data=confirm)
        assert "已导入 6 条" in done.text
    assert await counted(database) == (6, 6, 0)
