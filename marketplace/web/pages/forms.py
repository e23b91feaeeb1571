"""Forms of pages: read in one place, refused unless they come from a page of ours, shown again with what is wrong.

Invariants: ``form_of`` is the only way in; it asks for the origin, and in a session for the form token that only our
own page could know; what was typed is shown again, a secret never. Every fault has its field or stands over the form,
and stands in words. Source: trust.md section 2 (CSRF bound to the session), pages.md (manners).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute

from commons.errors import Conflict, Fault, Forbidden, Malformed, NotFound, TooOften, Unrecognised
from commons.verdicts import Refused
from marketplace.identity.proofs import is_form_token
from marketplace.usecases.act import Message
from marketplace.web.addresses import ACCOUNT, CONFIRM, JOIN, SIGN_IN
from marketplace.web.locale.account_words import FIELD_OF, fault_words, field_words
from marketplace.web.locale.reasons import reason_text
from marketplace.web.onward import LONGEST, leading
from marketplace.web.page_frame import DISPLAY_KEY, parse_display
from marketplace.web.pages.asking import NOT_KEPT, PageRequest
from marketplace.web.receipts import TOLD_KEY
from marketplace.web.requests import shaped
from marketplace.web.signed_in import FORM_FIELD, SAFE, Visitor, reader_of, require_own_page
from marketplace.web.views.parts import Entered

T = TypeVar("T")
M = TypeVar("M", bound=Message)

MAX_FORM_BYTES = 16 * 1024
MAX_FIELDS = 200
BEFORE_SESSION = "before_session"
"""Key of a handler's ``opt``: this form is sent before there is a session, and a cookie counts for nothing in it."""
_SLOT = "marketplace_form"
FORM: Any = {"include_in_schema": False, "request_max_body_size": MAX_FORM_BYTES, "status_code": HTTPStatus.OK}
"""What every form's handler has in common; one that takes files sets a larger body."""
SHOWN_AGAIN = frozenset(
    {"login", "account", "name", "contact", "role", "organisation", "rank", "days", "scopes", "reason", "member"}
    | {"onward"}
)
"""Fields that are shown again as they were typed; all others may be secrets."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file that came with a form, whole; its size is bounded by the handler."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the first value of each field, every value of those that may have several, and whose session."""

    values: Mapping[str, str]
    every: Mapping[str, tuple[str, ...]]
    visitor: Visitor | None
    files: Mapping[str, tuple[FilePart, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, name: str) -> str | None:
        """A field that was filled in; an empty one counts as none."""
        return self.values.get(name) or None

    @property
    def signed_in(self) -> Visitor:
        """Whose session it is, for a form that only a session has."""
        assert self.visitor is not None, "form_of has asked for a session"
        return self.visitor


@dataclass(frozen=True, slots=True)
class Faulty:
    """Why a form was not taken: words by field ("" for the whole form), and the status of the page that shows it."""

    status: int
    faults: Mapping[str, str]
    code: str = ""
    retry_after_s: int | None = None


async def form_of(request: PageRequest, *, in_session: bool = True) -> Form:
    """The form that was sent; ``Forbidden`` from elsewhere or without its token, ``Unrecognised`` without a session.

    ``in_session=False`` is for what is done before signing in: there the origin alone is asked for, and no cookie
    counts for anything.
    """
    require_own_page(request)
    visitor = reader_of(request) if in_session else None
    if in_session and (visitor is None or visitor.secret is None):
        raise Unrecognised("session_over", "this session is over; sign in again")
    every, files = await _parts(request)
    values = {name: all_of[0] for name, all_of in every.items()}
    if visitor is not None:
        _require_token(visitor, values)
    return Form(values, every, visitor, files)


async def require_own_form(request: PageRequest) -> None:
    """Refuses (``Forbidden``), before any handler of a page, what a session changes without a form of our own.

    What is done before a session says so in its handler's ``opt`` (``BEFORE_SESSION``), and is asked by ``form_of``.
    """
    if request.method in SAFE or request.route_handler.opt.get(BEFORE_SESSION):
        return
    visitor = reader_of(request)
    if visitor is not None:
        require_own_page(request)
        every, _ = await _parts(request)
        _require_token(visitor, {name: all_of[0] for name, all_of in every.items()})


def _require_token(visitor: Visitor, values: Mapping[str, str]) -> None:
    if visitor.secret is not None and not is_form_token(visitor.secret, values.get(FORM_FIELD, "")):
        raise Forbidden("form_token", "this form was not made for this session")


Fields = dict[str, tuple[str, ...]]
Files = dict[str, tuple[FilePart, ...]]


async def _parts(request: PageRequest) -> tuple[Fields, Files]:
    """Fields and files, read once; 415 for what no form sends."""
    state = request.scope["state"]
    if _SLOT not in state:
        state[_SLOT] = await _read(request)
    found: tuple[Fields, Files] = state[_SLOT]
    return found


async def _read(request: PageRequest) -> tuple[Fields, Files]:
    kind, options = request.content_type
    if kind == "multipart/form-data":
        return await _multipart(request)
    if kind != "application/x-www-form-urlencoded" or options.get("charset", "utf-8").casefold() != "utf-8":
        raise HTTPException(status_code=415, detail="a form is sent as application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Malformed((Fault("", "form", "this form cannot be read"),)) from None
    return _fields(pairs), {}


async def _multipart(request: PageRequest) -> tuple[Fields, Files]:
    """A form with files; a field for a file that none was chosen for has none."""
    pairs: list[tuple[str, str]] = []
    files: Files = {}
    for name, value in (await request.form()).multi_items():
        if not isinstance(value, UploadFile):
            pairs.append((name, str(value)))
        elif value.filename:
            files[name] = (*files.get(name, ()), FilePart(value.filename, await value.read()))
            await value.seek(0)
    return _fields(pairs), files


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    every: Fields = {}
    for name, value in pairs:
        plain = value.replace("\r\n", "\n")
        if "\x00" in name + plain:
            raise Malformed((Fault("", "null_character", "text may not hold U+0000"),))
        every[name] = (*every.get(name, ()), plain)
    return every


HANDLED = (Malformed, Conflict, Forbidden, NotFound, Unrecognised, TooOften)
"""What a form is shown again with."""


async def tried(work: Callable[[], Awaitable[T | Refused]], *, field: str = "") -> T | Faulty:
    """What was done, or why not; a rule's refusal stands at ``field``."""
    try:
        done = await work()
    except HANDLED as error:
        return faulty_of(error)
    if isinstance(done, Refused):
        words = "；".join(reason_text(one) for one in done.reasons)
        return Faulty(HTTPStatus.UNPROCESSABLE_ENTITY, {field: words}, "refused")
    return done


def faulty_of(error: Exception) -> Faulty:
    """The faults of a form in words."""
    match error:
        case Malformed():
            faults: dict[str, str] = {}
            for one in error.faults:
                name = one.pointer.strip("/").partition("/")[0]
                faults.setdefault(name, field_words(name))
            return Faulty(HTTPStatus.BAD_REQUEST, faults, "malformed")
        case TooOften():
            words = fault_words(error.code)
            return Faulty(HTTPStatus.TOO_MANY_REQUESTS, {"": words}, error.code, error.retry_after_s)
        case NotFound():
            code = f"no_{error.kind}"
            return Faulty(HTTPStatus.UNPROCESSABLE_ENTITY, {FIELD_OF.get(code, ""): fault_words(code)}, code)
        case Conflict() | Forbidden() | Unrecognised():
            place = FIELD_OF.get(error.code, "")
            return Faulty(HTTPStatus.UNPROCESSABLE_ENTITY, {place: fault_words(error.code)}, error.code)
        case _:
            raise error


def command_of(model: type[M], form: Form, names: Sequence[str], **fixed: object) -> M:
    """The command that a form's fields make; ``Malformed`` with a fault for each that does not fit."""
    return shaped(model, {**{name: form.get(name) for name in names if form.get(name) is not None}, **fixed})  # type: ignore[dict-item]  # plain JSON by what forms and pages give


def entered(form: Form, faulty: Faulty) -> Entered:
    """What was typed and what is wrong with it, for the page to show again."""
    return Entered({name: value for name, value in form.values.items() if name in SHOWN_AGAIN}, dict(faulty.faults))


def headers_of(faulty: Faulty) -> dict[str, str]:
    """When it is worth trying again."""
    return {} if faulty.retry_after_s is None else {"Retry-After": str(faulty.retry_after_s)}


def to(request: PageRequest, address: str, **headers: str) -> Response[str]:
    """Send the browser to a page with GET (303), in the display variant it reads in."""
    code = parse_display(request.query_params.get(DISPLAY_KEY, "")).code
    if code and f"{DISPLAY_KEY}=" not in address:
        parts = urlsplit(address)
        query = "&".join(filter(None, (parts.query, urlencode({DISPLAY_KEY: code}))))
        address = urlunsplit(parts._replace(query=query))
    sent = {**NOT_KEPT, "Location": address, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Response("", status_code=HTTPStatus.SEE_OTHER, media_type="text/plain", headers=sent)


def to_sign_in(request: PageRequest) -> Response[str]:
    """Send whoever is not signed in to the page for it, and from there back.

    ``Unrecognised`` for a script: it would put that page into the one it stands in, over what was typed.
    """
    if _is_script(request):
        raise Unrecognised("session_over", "this session is over; sign in again")
    return to(request, leading(SIGN_IN, asked_address(request)))


def to_join(request: PageRequest) -> Response[str]:
    """Send whoever is no agency on file yet to become one, and from there back; ``Forbidden`` for a script."""
    if _is_script(request):
        raise Forbidden("filing_needed", "put the agency on file first")
    return to(request, leading(JOIN, asked_address(request)))


def to_roles(request: PageRequest) -> Response[str]:
    """Send whoever acts as nothing to choose or claim a role, and from there back; ``Forbidden`` for a script."""
    if _is_script(request):
        raise Forbidden("role_needed", "choose as what you act first")
    return to(request, leading(ACCOUNT, asked_address(request), fragment="roles"))


def _is_script(request: PageRequest) -> bool:
    return request.headers.get("hx-request") == "true"


def asked_address(request: PageRequest) -> str:
    """The page that was asked for, to come back to: with its query, as far as that can be taken along."""
    path = _page_asked(request)
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in {DISPLAY_KEY, TOLD_KEY}]
    whole = f"{path}?{urlencode(pairs)}" if pairs else path
    return whole if len(whole) <= LONGEST else path


def to_confirm(request: PageRequest) -> Response[str]:
    """Send somebody to prove again who he is, and from there back."""
    return to(request, leading(CONFIRM, _page_asked(request)))


def _page_asked(request: PageRequest) -> str:
    """The page at the address, or for a form's own address, which has none, the page above it."""
    path, template = str(request.scope["path"]), request.scope["path_template"]
    routes = [
        one for one in request.app.routes if isinstance(one, HTTPRoute) and template in {one.path, one.path_format}
    ]
    if request.method in SAFE or any("GET" in one.route_handler_map for one in routes):
        return path
    return path.rpartition("/")[0]


NEEDS_PROOF = "step_up_needed"
"""The code of a refusal after which a fresh proof helps."""
