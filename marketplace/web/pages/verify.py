"""中选核验: a result computed anew from what is published of it, and any file that somebody drops here.

Invariants: a dropped file is read by the engine's own strict parser and kept nowhere; nobody has to say who he is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import MAX_FAULTS, Forbidden, Malformed, NotFound
from marketplace.database import Database
from marketplace.identity.proofs import is_form_token
from marketplace.usecases.read_published import read_published
from marketplace.web.addresses import AWARDS, VERIFY, verify_path
from marketplace.web.casework.verified import result_of, target_of
from marketplace.web.locale.case_faults import case_fault_words
from marketplace.web.pages.asking import PageRequest, identifier_of, page, query_of
from marketplace.web.pages.forms import to
from marketplace.web.signed_in import FORM_FIELD, device_of, require_not_cross_site, require_own_page, visitor_of
from marketplace.web.verifying import MAX_DROPPED, code_in, dropped, own
from marketplace.web.views.parts import Entered
from marketplace.web.views.verify import FileFault, VerifyView

MAX_FORM = MAX_DROPPED + 64 * 1024
"""Bytes of a form with a file in it."""
LONGEST_NAME = 100
UNREAD = "这不像核验码：核验码印在公告和通知书上，形如 D261120-8F3K2M7Q"
UNKNOWN = "本站没有这个编号的结果，请核对是否输错；结果公布之前也查不到"
NO_FILE = "请选择一份案卷文件（.json）"


@get(VERIFY, include_in_schema=False)
async def verify_page(request: PageRequest) -> Response[str]:
    """The form; a code in the address leads to its award."""
    typed = query_of(request).get("code", "").strip()
    if not typed:
        return _shown(request, VerifyView())
    code = code_in(typed)
    if code is None:
        return _faulty(request, typed, {"code": UNREAD})
    return to(request, verify_path(code))


@get(AWARDS + "/{demand:str}/verify", include_in_schema=False)
async def verify_award(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """One award computed anew, step by step."""
    try:
        award = await read_published(database, identifier_of("award", demand))
    except NotFound:
        return _faulty(request, demand[:LONGEST_NAME], {"code": UNKNOWN}, status=HTTPStatus.NOT_FOUND)
    held = await own(award)
    name = f"case-{award.demand.id}.json"
    result = None if held is None else result_of(held.done, award, file_name=name, is_dropped=False)
    view = VerifyView(code=award.demand.id, target=target_of(award), result=result)
    return page(request, view, now=award.now, is_example=award.demand.is_example)


@post(VERIFY, include_in_schema=False, status_code=200, request_max_body_size=MAX_FORM)
async def verify_file(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """A file that was dropped, held against the award that is meant."""
    require_not_cross_site(request)
    form = await request.form()
    visitor = await visitor_of(request)
    if visitor is not None and visitor.secret is not None:
        require_own_page(request)
        if not is_form_token(visitor.secret, str(form.get(FORM_FIELD, ""))):
            raise Forbidden("form_token", "this form was not made for this session")
    typed = str(form.get("code", "")).strip()[:LONGEST_NAME]
    code, sent = code_in(typed), form.get("file")
    faults = {"code": UNREAD} if typed and code is None else {}
    if not isinstance(sent, UploadFile) or not sent.filename:
        if code is not None:
            return to(request, f"{VERIFY}?{urlencode({'code': code})}")
        faults["file"] = NO_FILE
    if faults or not isinstance(sent, UploadFile):
        return _faulty(request, typed, faults)
    name = sent.filename[-LONGEST_NAME:]
    try:
        held = await dropped(database, await sent.read(), address=device_of(request).address, code=code, name=name)
    except NotFound:
        return _faulty(request, typed, {"code": UNKNOWN}, status=HTTPStatus.NOT_FOUND)
    except Malformed as malformed:
        shown = tuple(FileFault(one.pointer, one.code, case_fault_words(one)) for one in malformed.faults[:MAX_FAULTS])
        view = VerifyView(code=typed, file_faults=shown, faults_total=len(malformed.faults))
        return _shown(request, view, status=HTTPStatus.BAD_REQUEST)
    award = held.award
    result = result_of(held.done, award, file_name=name, is_dropped=True)
    view = VerifyView(code=typed, target=None if award is None else target_of(award), result=result)
    is_example = award is not None and award.demand.is_example
    return _shown(request, view, is_example=is_example)


def _faulty(
    request: PageRequest, typed: str, faults: dict[str, str], *, status: int = HTTPStatus.BAD_REQUEST
) -> Response[str]:
    return _shown(request, VerifyView(code=typed, entered=Entered({"code": typed}, faults)), status=status)


def _shown(
    request: PageRequest, view: VerifyView, *, status: int = HTTPStatus.OK, is_example: bool = False
) -> Response[str]:
    return page(request, view, now=datetime.now(UTC), is_example=is_example, status=status)


VERIFY_PAGES: tuple[HTTPRouteHandler, ...] = (verify_page, verify_award, verify_file)
