"""Readings of long work: one's own jobs, how far each is, what was wrong in it, the file that it made."""

from __future__ import annotations

import asyncio
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter

from marketplace.attachments.attachment import MEDIA_TYPES
from marketplace.usecases.act import Caller
from marketplace.usecases.read_jobs import (
    MOST_LISTED,
    AskJobs,
    JobDocument,
    Jobs,
    read_job,
    read_job_errors,
    read_job_file,
    read_jobs,
)
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, ApiRequest, Code, answered
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import FILES
from marketplace.web.exports.jobs import errors_sheet
from marketplace.web.exports.serving import as_download
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.pages.asking import identifier_of

_XLSX = MEDIA_TYPES["xlsx"]
_SHEET = {200: ResponseSpec(bytes, generate_examples=False, description="Excel", media_type=_XLSX)}
Count = Annotated[int, QueryParameter(ge=1, le=MOST_LISTED, description="条数 / How many")]


@get(
    "/jobs", operation_id="listJobs", name="listJobs", tags=[FILES], summary="我的批量任务 / One's own jobs",
    responses=problems(401, *NOT_BUSY), security=SECURITY, guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
)  # fmt: skip
async def list_jobs(
    request: ApiRequest, caller: NamedDependency[Caller], *, before: Code = "", limit: Count = 20
) -> Response[Jobs]:
    """Latest first, on from ``before``."""
    asked = AskJobs(before=before[:16] or None, limit=limit)
    return answered(await read_jobs(request.app.state.database, caller, asked))


@get(
    "/jobs/{job:str}", operation_id="getJob", name="getJob", tags=[FILES], summary="一项批量任务 / A job",
    responses=problems(401, *NAMED), security=SECURITY, guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
)  # fmt: skip
async def get_job(request: ApiRequest, caller: NamedDependency[Caller], job: FromPath[str]) -> Response[JobDocument]:
    """How far it is, how fast, what is wrong so far."""
    return answered(await read_job(request.app.state.database, caller, identifier_of("job", job)))


@get(
    "/jobs/{job:str}/errors.xlsx", operation_id="exportJobErrors", name="exportJobErrors", tags=[FILES],
    summary="批量任务的全部问题（Excel） / All that is wrong in a job, as a sheet",
    responses={**_SHEET, **problems(401, *NAMED)}, security=SECURITY, guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
)  # fmt: skip
async def export_job_errors(
    request: ApiRequest, caller: NamedDependency[Caller], job: FromPath[str]
) -> Response[bytes]:
    """Every row that was refused with every reason."""
    found, errors = await read_job_errors(request.app.state.database, caller, identifier_of("job", job))
    name, made = await asyncio.to_thread(errors_sheet, found, errors)
    return as_download(made, name, _XLSX)


@get(
    "/jobs/{job:str}/file", operation_id="getJobFile", name="getJobFile", tags=[FILES],
    summary="批量任务生成的文件 / The file that a job made",
    responses={**_SHEET, **problems(401, *NAMED)}, security=SECURITY, guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
)  # fmt: skip
async def get_job_file(request: ApiRequest, caller: NamedDependency[Caller], job: FromPath[str]) -> Response[bytes]:
    """While it is kept."""
    found = await read_job_file(request.app.state.database, caller, identifier_of("job", job))
    return as_download(found.body, found.name, _XLSX)


JOB_READS: tuple[HTTPRouteHandler, ...] = (list_jobs, get_job, export_job_errors, get_job_file)
"""Each needs an actor, who reads his own."""
