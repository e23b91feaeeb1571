"""批量任务 as its owner meets it: asked for by a form, watched with script and without, cancelled; its result."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from litestar import Litestar

from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.longwork.job import Brought, Job, JobFile
from marketplace.usecases.act import Caller
from marketplace.usecases.long_work import Task, take_next, work_on
from marketplace.web.imports.serving import LARGE
from marketplace.web.longwork.crews import crews_of
from marketplace.web.longwork.importing import BATCH, Ground
from tests.faults.personas import Who, admit
from tests.usecases.market import PROFILE
from tests.web_api.test_api_imports import XLSX, agencies
from tests.web_pages.reader import PageReader
from tests.web_pages.site import Site

_KEY = re.compile(r'name="_key" value="(form-[0-9a-f]{32})"')


async def reader_of(database: Database, site: Site, who: Who) -> PageReader:
    return PageReader(site.client, (await admit(database, who)).secret)


@dataclass
class Watched:
    """A task whose page is looked at between its steps."""

    task: Task
    saw: Callable[[Job], Awaitable[None]]

    def __post_init__(self) -> None:
        self.total, self.start, self.rejected = self.task.total, self.task.start, self.task.rejected

    async def look(self, job: Job) -> None:
        await self.saw(job)
        await self.task.look(job)

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        return await self.task.step(connection, job, caller)

    async def file(self, job: Job) -> JobFile | None:
        return await self.task.file(job)


def ground(app: Litestar, database: Database) -> Ground:
    return Ground(database, app.state.files, PROFILE, DEVELOPMENT)


async def test_a_large_sheet_that_was_checked_becomes_a_job_with_a_page_of_its_own(
    app: Litestar, database: Database, site: Site
) -> None:
    reader = await reader_of(database, site, Who("operator", "operator", "O-ONE"))
    other = await reader_of(database, site, Who("other", "operator", "O-TWO"))
    await reader.get("/imports/agencies")
    checked = await site.client.post(
        "/imports/agencies/check", data={"_csrf": reader.token},
        files={"sheet": ("名册.xlsx", agencies(LARGE + 20), XLSX)},
        headers={**reader.headers, "cookie": f"__Host-session={reader.secret}"},
    )  # fmt: skip
    kept = re.search(r'name="attachment" value="([^"]+)"', checked.text)
    assert kept is not None, checked.text
    assert "在后台办理" in checked.text
    began = [await reader.send("/imports/agencies", {"attachment": kept[1]}) for _ in range(2)]
    assert [one.status_code for one in began] == [303, 303]
    path = began[0].headers["location"]
    assert began[1].headers["location"] == path, "pressed twice, it is one job"
    waiting = await reader.get(path)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting.text
    assert "排队中" in waiting.text
    assert "名册.xlsx" in waiting.text
    assert (await other.get(path)).status_code == 404
    assert (await site.client.get(path)).headers["location"].startswith("/sign-in?")

    crews = crews_of(ground(app, database))
    job = await take_next(database, crews, worker="test")
    assert job is not None
    seen: list[str] = []

    async def saw(standing: Job) -> None:
        if standing.done == BATCH:
            assert (await reader.get(f"{path}/progress?was=queued")).headers["hx-refresh"] == "true"
            part = await reader.get(f"{path}/progress?was=running")
            assert "hx-refresh" not in part.headers
            seen.append(part.text)

    async def crew(one: Job, caller: Caller) -> Watched:
        return Watched(await crews["import_agencies"](one, caller), saw)

    await work_on(database, crew, job)
    assert "<html" not in seen[0]
    assert f'hx-get="{path}/progress?was=running" hx-trigger="every 2s" hx-swap="outerHTML"' in seen[0]
    assert f'<progress max="{LARGE + 20}" value="{BATCH}"' in seen[0]
    over = await reader.get(f"{path}/progress")
    assert over.headers["hx-refresh"] == "true"
    assert "hx-get" not in over.text, "nobody asks any more"
    done = await reader.get(path)
    assert "refresh" not in done.text
    assert f"已备案 {LARGE + 20} 行" in done.text
    assert "取消任务" not in done.text
    assert path in (await reader.get("/workbench")).text
    assert path in (await reader.get("/workbench/jobs")).text
    inbox = (await reader.get("/workbench/notifications")).text
    assert f'href="{path}">批量备案机构已完成：名册.xlsx</a>' in inbox
    assert '通知<span class="count">1<span' in inbox
    assert path not in (await other.get("/workbench/notifications")).text
    assert path not in (await other.get("/workbench/jobs")).text


async def test_forms_ask_for_a_verification_and_an_export_and_a_job_that_waits_is_cancelled_by_its_button(
    app: Litestar, database: Database, site: Site
) -> None:
    reader = await reader_of(database, site, Who("auditor", "auditor", "A-ONE"))
    page = await reader.get("/workbench/jobs?listed=agencies&query=q%3D%25E6%25B5%258B%26city%3D330300")
    assert "条件：机构库：含“测”，温州市" in page.text
    assert 'name="query" value="q=%E6%B5%8B&amp;city=330300"' in page.text
    wrong = await reader.send("/workbench/jobs/verifications", {"since": "2026-10-31", "until": "2026-10-01"})
    assert wrong.status_code == 400
    assert "截止日应为日期，且不早于起始日" in wrong.text
    assert 'value="2026-10-31"' in wrong.text
    asked = await reader.send("/workbench/jobs/verifications", {"since": "2026-10-01", "until": "2026-10-31"})
    path = asked.headers["location"].partition("?")[0]
    told = await reader.get(asked.headers["location"])
    assert "任务已提交" in told.text
    cancelled = await reader.send(f"{path}/cancel", {})
    assert cancelled.status_code == 303
    assert "已取消" in (await reader.get(path)).text
    again = await reader.send(f"{path}/cancel", {})
    assert (again.status_code, "这项任务已经结束" in again.text) == (422, True)
    asked = await reader.send("/workbench/jobs/exports", {"listed": "agencies", "query": ""})
    crews = crews_of(ground(app, database))
    job = await take_next(database, crews, worker="test")
    assert job is not None
    await work_on(database, crews[job.kind], job)
    done = await reader.get(asked.headers["location"].partition("?")[0])
    assert "文件已生成" in done.text
    file = await reader.get(f"/workbench/jobs/{job.id}/file")
    assert file.content.startswith(b"PK")
    assert (await reader.get(f"/workbench/jobs/{job.id}/errors.xlsx")).content.startswith(b"PK")
    person = await reader_of(database, site, Who("person", "public"))
    assert (await person.get("/workbench/jobs")).status_code == 403
