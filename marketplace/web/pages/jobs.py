"""批量任务: one's own jobs, the page of each with its progress, and the forms that ask for one or cancel it.

Without script the page loads itself anew while the job runs; with it a part of the page is asked for every two seconds,
until the job is over and the page is loaded once more. Source: pages.md (long work), docs/adr/0035.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import MappingProxyType

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Malformed, Unrecognised
from marketplace.attachments.attachment import MEDIA_TYPES
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.cancel_job import CancelJob, JobCancelled, cancel_job
from marketplace.usecases.read_jobs import AskJobs, read_job, read_job_errors, read_job_file, read_jobs
from marketplace.usecases.saved_filters import MAX_QUERY
from marketplace.usecases.start_job import (
    JobStarted,
    StartExport,
    StartVerification,
    start_export,
    start_verification,
)
from marketplace.web.addresses import IMPORTS, JOB_EXPORTS, JOB_VERIFICATIONS, JOBS, job_path
from marketplace.web.casework.jobs import export_words, shown_job
from marketplace.web.exports.jobs import errors_sheet
from marketplace.web.exports.serving import as_download
from marketplace.web.kept_filters import readable
from marketplace.web.locale.job_words import LISTS
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.asking import NOT_KEPT, PageRequest, frame_of, identifier_of, query_of
from marketplace.web.pages.forms import FORM, to_sign_in
from marketplace.web.plans import Field, Plan
from marketplace.web.receipts import Done
from marketplace.web.render import render_part
from marketplace.web.signed_in import reader_of
from marketplace.web.views.forms import Choice, FormShown
from marketplace.web.views.jobs import JobsSection, JobsView, JobView
from marketplace.web.views.work import WorkSection

VERIFYING = Asked(
    Plan(
        (
            Field("since", "起始日", "day", hint="中选结果作出的日期"),
            Field("until", "截止日", "day", hint="含当日", asks="截止日应为日期，且不早于起始日"),
        )
    ),
    JOB_VERIFICATIONS,
    "verify",
)
EXPORTING = Asked(
    Plan(
        (
            Field("listed", "列表", "select", options=tuple(Choice(code, name) for code, name in LISTS.items())),
            Field("query", "条件", "hidden", limit=MAX_QUERY, is_needed=False),
        )
    ),
    JOB_EXPORTS,
    "export",
)
_CANCEL = Plan(())
SHOWN_AT_WORK = 3
OFFICERS = frozenset({"operator", "regulator", "auditor"})
"""Who finds the way to it on the workbench before the first job; others come by a list or a sheet."""
_XLSX = MEDIA_TYPES["xlsx"]


@get(JOBS, include_in_schema=False)
async def jobs_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """One's own jobs; with ``listed`` and ``query`` in the address, the export that they ask for."""
    if reader_of(request) is None:
        return to_sign_in(request)
    return made_page(request, await _made(request, database))


@post(JOB_VERIFICATIONS, **FORM)
async def verification_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Ask for the awards of some days to be computed anew."""

    async def work(sent: Sent) -> JobStarted:
        return await start_verification(database, sent.caller, sent.command(StartVerification))

    async def again(form: FormShown) -> Made:
        return await _made(request, database, verifying=form)

    return await acted(request, VERIFYING, work, again=again, then=_started)


@post(JOB_EXPORTS, **FORM)
async def export_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Ask for the whole of a list."""

    async def work(sent: Sent) -> JobStarted:
        return await start_export(database, sent.caller, readable(sent.command(StartExport)))

    async def again(form: FormShown) -> Made:
        return await _made(request, database, exporting=form)

    return await acted(request, EXPORTING, work, again=again, then=_started)


@get(JOBS + "/{job:str}", include_in_schema=False)
async def job_page(request: PageRequest, database: NamedDependency[Database], job: FromPath[str]) -> Response[str]:
    """How far it is."""
    if reader_of(request) is None:
        return to_sign_in(request)
    return made_page(request, await _one(request, database, job))


@get(JOBS + "/{job:str}/progress", include_in_schema=False)
async def job_progress(request: PageRequest, database: NamedDependency[Database], job: FromPath[str]) -> Response[str]:
    """The part of its page that moves; the whole page is loaded anew once the job begins, and once it is over."""
    found = shown_job(await read_job(database, _caller(request), identifier_of("job", job)))
    now = datetime.now(UTC)
    part = render_part("jobs/progress.html", frame_of(request, now=now, is_example=False), job=found)
    is_another = found.is_over or query_of(request).get("was", found.state) != found.state
    headers = {**NOT_KEPT, **({"HX-Refresh": "true"} if is_another else {})}
    return Response(part, media_type=MediaType.HTML, headers=headers)


@post(JOBS + "/{job:str}/cancel", **FORM)
async def cancel_form(request: PageRequest, database: NamedDependency[Database], job: FromPath[str]) -> Response[str]:
    """Have it end at its next step."""
    identifier = identifier_of("job", job)

    async def work(sent: Sent) -> JobCancelled:
        return await cancel_job(database, sent.caller, CancelJob(job=identifier))

    async def again(form: FormShown) -> Made:
        return await _one(request, database, identifier, form)

    then = Done(job_path(identifier), "job_cancelled")
    return await acted(request, _cancelling(identifier), work, again=again, then=lambda _: then)


@get(JOBS + "/{job:str}/errors.xlsx", include_in_schema=False)
async def job_errors(
    request: PageRequest, database: NamedDependency[Database], job: FromPath[str]
) -> Response[bytes] | Response[str]:
    """All that is wrong in it, as a sheet."""
    if reader_of(request) is None:
        return to_sign_in(request)
    found, errors = await read_job_errors(database, _caller(request), identifier_of("job", job))
    name, made = await asyncio.to_thread(errors_sheet, found, errors)
    return as_download(made, name, _XLSX)


@get(JOBS + "/{job:str}/file", include_in_schema=False)
async def job_file(
    request: PageRequest, database: NamedDependency[Database], job: FromPath[str]
) -> Response[bytes] | Response[str]:
    """The file that it made, while it is kept."""
    if reader_of(request) is None:
        return to_sign_in(request)
    found = await read_job_file(database, _caller(request), identifier_of("job", job))
    return as_download(found.body, found.name, _XLSX)


def _caller(request: PageRequest) -> Caller:
    visitor = reader_of(request)
    if visitor is None:
        raise Unrecognised("session_needed", "sign in first")
    return visitor.caller(None)


def _started(done: JobStarted) -> Done:
    return Done(job_path(done.job), "job_started")


def _cancelling(identifier: str) -> Asked:
    return Asked(_CANCEL, job_path(identifier, "cancel"), "cancel")


async def _made(
    request: PageRequest, database: Database, *, verifying: FormShown | None = None, exporting: FormShown | None = None
) -> Made:
    query, caller = query_of(request), _caller(request)
    before = query.get("before", "")[:16] or None
    found = await read_jobs(database, caller, AskJobs(before=before))
    listed, narrowed = query.get("listed", ""), query.get("query", "")[:MAX_QUERY]
    try:
        words = export_words(listed, narrowed)
    except Malformed:
        narrowed, words = "", ""
    given = {"listed": (listed,), "query": (narrowed,)} if listed in LISTS else {}
    view = JobsView(
        tuple(shown_job(one) for one in found.jobs),
        found.before,
        verifying or VERIFYING.fresh(),
        exporting or EXPORTING.fresh(MappingProxyType(given)),
        words,
        _imports(caller),
    )
    return Made(view, datetime.now(UTC))


def _imports(caller: Caller) -> tuple[tuple[str, str], ...]:
    """Where a sheet is checked and imported, for whoever may."""
    match caller.actor.role:
        case "operator":
            return ((f"{IMPORTS}/agencies", "用 Excel 批量备案机构"),)
        case "owner" | "delegate":
            return ((f"{IMPORTS}/demands", "用 Excel 批量起草需求"),)
        case _:
            return ()


async def _one(request: PageRequest, database: Database, job: str, form: FormShown | None = None) -> Made:
    found = shown_job(await read_job(database, _caller(request), identifier_of("job", job)))
    cancelling = form or (None if found.is_over else _cancelling(found.id).fresh())
    return Made(JobView(found, cancelling), datetime.now(UTC))


async def jobs_at_work(database: Database, caller: Caller) -> WorkSection | None:
    """批量任务 on the workbench: for officers, and for whoever has some."""
    if caller.badge is None or caller.actor.role == "public":
        return None
    found = await read_jobs(database, caller, AskJobs(limit=SHOWN_AT_WORK))
    if not found.jobs and caller.actor.role not in OFFICERS:
        return None
    return JobsSection(tuple(shown_job(one) for one in found.jobs))


JOB_PAGES: tuple[HTTPRouteHandler, ...] = (
    jobs_page,
    verification_form,
    export_form,
    job_page,
    job_progress,
    cancel_form,
    job_errors,
    job_file,
)
"""For whoever is signed in, each his own."""
