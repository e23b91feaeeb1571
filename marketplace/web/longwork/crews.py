"""Who does which kind of long work: one crew for each, on the ground of the application."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.longwork.job import Job, Kind
from marketplace.usecases.act import Caller
from marketplace.usecases.long_work import Crew, Task
from marketplace.web.longwork.exporting import list_task
from marketplace.web.longwork.importing import Ground, agencies_task, demands_task
from marketplace.web.longwork.verifying import verifying_task


def crews_of(ground: Ground) -> Mapping[Kind, Crew]:
    """Every kind with its crew."""

    async def agencies(job: Job, caller: Caller) -> Task:
        return await agencies_task(ground, job, caller)

    async def demands(job: Job, caller: Caller) -> Task:
        return await demands_task(ground, job, caller)

    async def lists(job: Job, _: Caller) -> Task:
        return await list_task(ground.database, job)

    async def awards(job: Job, _: Caller) -> Task:
        return await verifying_task(ground.database, job)

    crews: dict[Kind, Crew] = {
        "import_agencies": agencies, "import_demands": demands, "export_list": lists, "verify_awards": awards,
    }  # fmt: skip
    return MappingProxyType(crews)
