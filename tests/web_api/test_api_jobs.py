"""Large sheets, whole lists and periods become jobs over HTTP: answered at once, done later, seen by their owner."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from litestar import Litestar
from python_calamine import CalamineWorkbook

from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.longwork.job import Job
from marketplace.usecases.long_work import take_next, work_on
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from marketplace.web.imports import serving
from marketplace.web.imports.serving import LARGE
from marketplace.web.longwork.crews import crews_of
from marketplace.web.longwork.importing import Ground
from tests.unit.sheets_builder import COMPREHENSIVE, DEMAND, book
from tests.usecases.market import PROFILE, Market, instant_terms, now, owner
from tests.web_api.caller import Api, problem
from tests.web_api.test_api_imports import OPERATOR, agencies, code, counted, send

ROWS = LARGE + 10
OWNER = f"owner:{DEMAND['owner_uscc']}"


async def run(app: Litestar, database: Database) -> Job:
    """A server takes up the next job and does it to its end."""
    crews = crews_of(Ground(database, app.state.files, PROFILE, DEVELOPMENT))
    job = await take_next(database, crews, worker="test")
    assert job is not None
    await work_on(database, crews[job.kind], job)
    return job


async def told(api: Api, job: str, actor: str = OPERATOR) -> Any:
    answered = await api.client.get(f"/api/v1/jobs/{job}", headers={"X-Development-Actor": actor})
    assert answered.status_code == 200, answered.text
    return answered.json()


async def test_a_large_sheet_is_answered_at_once_and_imported_row_by_row(
    api: Api, app: Litestar, database: Database, request: pytest.FixtureRequest
) -> None:
    rows = request.config.getoption("--size") or ROWS
    assert (await send(api, "agencies", agencies(1))).status_code == 201
    body, key = agencies(rows), {"Idempotency-Key": "sheet-1"}
    began = time.monotonic()
    started = await send(api, "agencies", body, **key)
    asked_s = time.monotonic() - began
    assert started.status_code == 202, started.text
    job = started.json()["job"]
    assert started.headers["Location"] == f"/api/v1/jobs/{job}"
    assert (await send(api, "agencies", body, **key)).json()["job"] == job
    assert (await told(api, job))["state"] == "queued"
    assert (await counted(database))[:2] == (1, 1)
    began = time.monotonic()
    await run(app, database)
    done_s = time.monotonic() - began
    sys.stderr.write(f"{rows} rows: asked in {asked_s:.2f} s, done in {done_s:.1f} s, {rows / done_s:.0f} rows/s\n")
    assert (await counted(database))[:2] == (rows, rows)
    done = await told(api, job)
    assert (done["state"], done["done"], done["total"]) == ("done", rows, rows)
    assert (done["accepted"], done["refused"]) == (rows - 1, 1)
    assert [(one["about"], one["code"]) for one in done["errors"]] == [("机构 批量0号（示例）", "already_filed")]
    header = {"X-Development-Actor": OPERATOR}
    sheet = await api.client.get(f"/api/v1/jobs/{job}/errors.xlsx", headers=header)
    cells = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert cells[-1][1:3] == ["机构 批量0号（示例）", "already_filed"]
    listed = (await api.client.get("/api/v1/jobs", headers=header)).json()
    assert [one["job"] for one in listed["jobs"]] == [job]
    others = {"X-Development-Actor": "operator:O2"}
    assert (await api.client.get("/api/v1/jobs", headers=others)).json()["jobs"] == []
    for path in (f"/api/v1/jobs/{job}", f"/api/v1/jobs/{job}/errors.xlsx", f"/api/v1/jobs/{job}/file"):
        problem(await api.client.get(path, headers=others), 404)
    problem(await api.client.get(f"/api/v1/jobs/{job}/file", headers=header), 404)
    problem(await api.post(f"/jobs/{job}/cancel", {}, actor=OPERATOR), 409)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many rows are long work here."""
    monkeypatch.setattr(serving, "LARGE", 20)
    return 30


async def test_one_wrong_cell_of_a_large_sheet_loads_nothing_and_every_one_is_named(
    api: Api, app: Litestar, database: Database, few: int
) -> None:
    wrong = {3: "abc", 9: "x"}
    job = (await send(api, "agencies", agencies(few, phone=wrong))).json()["job"]
    await run(app, database)
    done = await told(api, job)
    assert (done["state"], done["done"], done["errors_total"]) == ("refused", 0, 2)
    assert [one["row"] for one in done["errors"]] == [6, 12]
    assert (await counted(database))[0] == 0
    problem(await send(api, "agencies", agencies(few), actor=f"agency:{code(0)}"), 403)


async def test_a_large_sheet_of_demands_becomes_drafts_of_their_owner_and_other_owners_rows_are_refused(
    api: Api, app: Litestar, database: Database, few: int
) -> None:
    rows = [{**COMPREHENSIVE, "place": f"第 {number} 处"} for number in range(few)]
    rows[7]["owner_uscc"] = "11990000MA0000001K"
    job = (await send(api, "demands", book({"需求": rows}), OWNER)).json()["job"]
    await run(app, database)
    done = await told(api, job, OWNER)
    assert (done["state"], done["accepted"], done["refused"]) == ("done", few - 1, 1)
    assert [(one["row"], one["code"]) for one in done["errors"]] == [(10, "not_yours")]
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM demand WHERE published_at IS NULL") == few - 1


async def test_a_list_is_exported_whole_and_a_period_is_verified_award_by_award(
    api: Api, app: Litestar, database: Database, market: Market
) -> None:
    await market.file(1)
    await market.shelve(1, 100_000, capacity=9)
    taken = await market.publish(instant_terms())
    await take_instant_award(database, owner(), TakeInstantAward(demand=taken.demand))
    await market.publish(instant_terms(), title="另一宗（示例）", place="另一处")
    asked = await api.post("/jobs/exports", {"listed": "demands", "query": "state=decided"}, actor=OWNER)
    assert asked.status_code == 202, asked.text
    problem(await api.post("/jobs/exports", {"listed": "demands", "query": "q=%00"}, actor=OWNER), 400)
    await run(app, database)
    done = await told(api, asked.json()["job"], OWNER)
    assert (done["state"], done["done"]) == ("done", 1)
    assert done["asked"] == {"listed": "demands", "query": "state=decided"}
    file = await api.client.get(f"/api/v1/jobs/{done['job']}/file", headers={"X-Development-Actor": OWNER})
    cells = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert cells[-1][0] == taken.demand
    days = {"since": beijing_date(now() - timedelta(days=1)).isoformat(), "until": beijing_date(now()).isoformat()}
    problem(await api.post("/jobs/verifications", {**days, "until": "2026-02-30"}, actor=OWNER), 400)
    asked = await api.post("/jobs/verifications", days, actor=OWNER)
    await run(app, database)
    done = await told(api, asked.json()["job"], OWNER)
    assert (done["state"], done["done"], done["total"], done["accepted"], done["errors"]) == ("done", 1, 1, 1, [])
    async with database.borrow() as connection:
        await connection.execute("UPDATE demand SET winning_fen = winning_fen + 1 WHERE id = $1", taken.demand)
    asked = await api.post("/jobs/verifications", days, actor=OWNER)
    await run(app, database)
    done = await told(api, asked.json()["job"], OWNER)
    assert (done["accepted"], done["refused"]) == (0, 1)
    assert [(one["about"], one["code"]) for one in done["errors"]] == [(taken.demand, "differs_award")]


async def test_a_job_that_waits_is_cancelled_by_its_owner_alone(api: Api, database: Database) -> None:
    job = (await api.post("/jobs/exports", {"listed": "agencies"}, actor=OPERATOR)).json()["job"]
    problem(await api.post(f"/jobs/{job}/cancel", {}, actor="operator:O2"), 404)
    cancelled = await api.post(f"/jobs/{job}/cancel", {}, actor=OPERATOR)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (await told(api, job))["state"] == "cancelled"
    assert await take_next(database, {"export_list": None}, worker="test") is None  # type: ignore[dict-item]  # taken up by nobody
