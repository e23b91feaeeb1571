"""The page of imports: a sheet is checked for anybody; who is signed in confirms what was checked, as one act.

A checked sheet of somebody signed in is kept as an attachment: what is confirmed is what was checked, and it stays as
evidence of what came in. Invariants: checking changes nothing of the market; confirming asks for the session's form
token and runs under one idempotency key, so that a second press does nothing more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import cast

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.attachments.attachment import MEDIA_TYPES
from marketplace.database import Database
from marketplace.identity.proofs import form_token, is_form_token
from marketplace.sheets.answers import SheetFault
from marketplace.sheets.templates import AGENCIES_FILE, DEMANDS_FILE, agencies_template, demands_template
from marketplace.sheets.workbook import MAX_BYTES
from marketplace.usecases.act import Caller
from marketplace.usecases.attach_file import AttachFile, attach_file
from marketplace.usecases.import_agencies import AgenciesImported
from marketplace.usecases.read_attachment import read_attachment
from marketplace.usecases.start_job import JobStarted, StartImport, start_import
from marketplace.web.addresses import IMPORTS, job_path
from marketplace.web.api.uploads import Sent
from marketplace.web.exports.serving import as_download
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.imports.serving import (
    MAX_NAMED,
    ImportJob,
    checked_agencies,
    checked_demands,
    faults_of,
    is_large,
    load_agencies,
    load_demands,
)
from marketplace.web.pages.asking import PageRequest, identifier_of, page
from marketplace.web.pages.forms import to
from marketplace.web.signed_in import FORM_FIELD, Visitor, require_not_cross_site, require_own_page, visitor_of
from marketplace.web.views.imports import ImportKind, ImportView, SheetResult, WrongCellRow

MAX_FORM = MAX_BYTES + 64 * 1024
"""Bytes of a form with a sheet in it."""
NOBODY = Caller(Actor("public", "-"))
"""Who checks a sheet without saying who he is."""


@get(IMPORTS + "/{kind:str}", include_in_schema=False)
async def import_page(request: PageRequest, kind: FromPath[str]) -> Response[str]:
    """The form."""
    view = ImportView(_kind(kind), form_token=_token(await visitor_of(request)))
    return _shown(request, view)


@get(IMPORTS + "/{kind:str}/template.xlsx", include_in_schema=False)
async def import_template(kind: FromPath[str]) -> Response[bytes]:
    """The template that is read."""
    today = beijing_date(datetime.now(UTC))
    if _kind(kind) == "agencies":
        return as_download(agencies_template(on=today), AGENCIES_FILE, MEDIA_TYPES["xlsx"])
    return as_download(demands_template(on=today), DEMANDS_FILE, MEDIA_TYPES["xlsx"])


@post(IMPORTS + "/{kind:str}/check", include_in_schema=False, status_code=200, request_max_body_size=MAX_FORM)
async def check_page(request: PageRequest, database: NamedDependency[Database], kind: FromPath[str]) -> Response[str]:
    """Every wrong cell of the sheet that was sent."""
    known = _kind(kind)
    require_not_cross_site(request)
    form = await request.form()
    visitor = await visitor_of(request)
    if visitor is not None:
        _require_token(request, visitor, str(form.get(FORM_FIELD, "")))
    sent_file = form.get("sheet")
    if not isinstance(sent_file, UploadFile):
        view = ImportView(known, form_token=_token(visitor), fault="请选择一份 .xlsx 文件")
        return _shown(request, view, status=HTTPStatus.BAD_REQUEST)
    body = await sent_file.read()
    caller = None if visitor is None else visitor.caller(None)
    sent = Sent(database, request.app.state.files, caller or NOBODY, body, sent_file.filename, request)
    checked, faults = await (checked_agencies(sent) if known == "agencies" else checked_demands(sent))
    kept = "" if faults or caller is None else await _keep(sent)
    result = _result(checked.rows, faults, checked.remarks)
    is_long = not faults and await is_large(body)
    return _shown(request, ImportView(known, result, kept, _token(visitor), is_long=is_long))


@post(IMPORTS + "/{kind:str}", include_in_schema=False, status_code=200, request_max_body_size=MAX_FORM)
async def confirm_page(request: PageRequest, database: NamedDependency[Database], kind: FromPath[str]) -> Response[str]:
    """Load the sheet that was checked: all of it or nothing."""
    known = _kind(kind)
    visitor = await visitor_of(request)
    if visitor is None:
        await require_actor(request, request.route_handler)
    form = await request.form()
    if visitor is not None:
        _require_token(request, visitor, str(form.get(FORM_FIELD, "")))
    identifier = identifier_of("attachment", str(form.get("attachment", "")))
    key = f"import-{identifier}"
    caller = visitor.caller(key) if visitor is not None else Caller((await provide_caller(request)).actor, key)
    kept = await read_attachment(database, request.app.state.files, caller, identifier)
    sent = Sent(database, request.app.state.files, caller, kept.body, kept.attachment.name, request)
    if await is_large(kept.body):
        job = await _start(sent, known, identifier)
        return to(request, job_path(job.job))
    try:
        done = await (load_agencies(sent) if known == "agencies" else load_demands(sent))
    except Malformed as malformed:
        faults = tuple(faults_of(malformed))
        view = ImportView(known, _result(0, faults, ()), form_token=_token(visitor))
        return _shown(request, view, status=HTTPStatus.BAD_REQUEST)
    assert not isinstance(done, Refused | JobStarted), "an import names its rows"
    count = done.agencies if isinstance(done, AgenciesImported) else len(done.demands)
    return _shown(request, ImportView(known, form_token=_token(visitor), loaded=count))


async def _start(sent: Sent, kind: ImportKind, identifier: str) -> JobStarted:
    """A job for the sheet that was checked, under the key of its confirmation."""
    job: ImportJob = "import_agencies" if kind == "agencies" else "import_demands"
    digest = sha256(sent.body).hexdigest()
    asked = StartImport(kind=job, attachment=identifier, name=sent.name, sha256=digest)
    return await start_import(sent.database, sent.caller, asked)


async def _keep(sent: Sent) -> str:
    """The sheet as an attachment of its sender; "" where it cannot be one (by content or quota)."""
    command = AttachFile(name=sent.name[:300], sha256=sha256(sent.body).hexdigest())
    try:
        kept = await attach_file(sent.database, sent.files, sent.caller, command, sent.body)
    except Forbidden:
        return ""
    return "" if isinstance(kept, Refused) else kept.attachment


def _kind(kind: str) -> ImportKind:
    if kind not in {"agencies", "demands"}:
        raise NotFound("page", kind)
    return cast("ImportKind", kind)


def _token(visitor: Visitor | None) -> str:
    return "" if visitor is None or visitor.secret is None else form_token(visitor.secret)


def _require_token(request: PageRequest, visitor: Visitor, token: str) -> None:
    """Refuses (``Forbidden``) a form of a session without the session's token, or from elsewhere."""
    if visitor.secret is not None:
        require_own_page(request)
        if not is_form_token(visitor.secret, token):
            raise Forbidden("form_token", "this form was not made for this session")


def _result(rows: int, faults: tuple[SheetFault, ...], remarks: tuple[str, ...]) -> SheetResult:
    wrong = tuple(
        WrongCellRow(one.sheet, one.cell or (f"第 {one.row} 行" if one.row is not None else ""), one.column, one.reason)
        for one in faults[:MAX_NAMED]
    )
    return SheetResult(rows, len(faults), wrong, remarks)


def _shown(request: PageRequest, view: ImportView, *, status: int = HTTPStatus.OK) -> Response[str]:
    return page(request, view, now=datetime.now(UTC), is_example=False, status=status)


IMPORT_PAGES: tuple[HTTPRouteHandler, ...] = (import_page, import_template, check_page, confirm_page)
