"""The one table from what went wrong to what the outside is told (RFC 9457 problem, or the error page).

Invariants: a problem says status, stable code and words, never a stack, a query or a stored value; what nobody
expected is a 500 with an identifier, under which the log keeps the kind of error and where it happened. Addresses under
``/api/`` get ``application/problem+json``, all others the page. Source: RFC 9457; architecture.md, habit 1.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from commons.canonical import Json
from commons.errors import (
    MAX_FAULTS,
    Conflict,
    Fault,
    Forbidden,
    Malformed,
    NotFound,
    TooOften,
    Unavailable,
    Unrecognised,
)
from commons.verdicts import Reason, Refused
from marketplace.database import OutcomeUnknown
from marketplace.web.board import bulletin_of
from marketplace.web.locale.reasons import reason_text
from marketplace.web.page_frame import PageFrame, parse_display
from marketplace.web.reading import reader_shown
from marketplace.web.render import render, render_part
from marketplace.web.views.about import ErrorView

log = logging.getLogger(__name__)

API_PREFIX = "/api/"
PROBLEM = "application/problem+json"
RETRY_AFTER_S = 2
"""Seconds after which an unavailable service is worth asking again."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "malformed": "The request does not have the declared shape",
        "actor_missing": "Say who asks",
        "forbidden": "This actor may not do this",
        "not_found": "Nothing is kept under this address",
        "method_not_allowed": "This address does not take this method",
        "too_often": "Tried too often",
        "conflict": "The request contradicts what is recorded",
        "too_large": "The body is too large",
        "media_type": "The body is not application/json",
        "refused": "Refused by the rules, with every reason",
        "idempotency_key_reused": "This idempotency key belongs to another request",
        "unexpected": "Something unexpected went wrong here",
        "unavailable": "Not available at the moment",
        "request": "The request cannot be handled",
    }
)
"""The kinds of problem; the ``type`` is ``/problems/`` and the kind, stable for ever."""

CHALLENGE: Mapping[str, str] = MappingProxyType({"WWW-Authenticate": "Bearer"})
"""How a program says who it is (RFC 6750)."""

BY_STATUS: Mapping[int, str] = MappingProxyType(
    {
        400: "malformed",
        401: "actor_missing",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        409: "conflict",
        413: "too_large",
        415: "media_type",
        429: "too_often",
        503: "unavailable",
    }
)
"""The kind of what the web framework itself refuses."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One answer that is not the one asked for: ``kind`` is a key of ``TITLES``, ``code`` says it more exactly."""

    status: int
    kind: str
    code: str
    detail: str
    faults: tuple[Fault, ...] = ()
    reasons: tuple[Reason, ...] = ()
    retry_after_s: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    instance: str = field(default_factory=lambda: uuid4().urn)


def trouble_of(error: Exception) -> Trouble:
    """The table: every kind of failure, and what the outside is told of it."""
    match error:
        case Malformed():
            trouble = malformed(error.faults)
        case NotFound():
            trouble = Trouble(404, "not_found", "not_found", f"no {error.kind} of this identifier")
        case Conflict() | Forbidden() | Unrecognised() | TooOften():
            trouble = _denied(error)
        case OutcomeUnknown():
            detail = "whether it was done is not known; ask again under the same Idempotency-Key"
            trouble = Trouble(503, "unavailable", "outcome_unknown", detail, retry_after_s=RETRY_AFTER_S)
        case Unavailable():
            detail = "nothing was done; try again in a moment"
            trouble = Trouble(503, "unavailable", "unavailable", detail, retry_after_s=RETRY_AFTER_S)
        case ValidationException():
            trouble = malformed(tuple(_parameter_faults(error)))
        case HTTPException() if error.status_code in BY_STATUS:
            trouble = _framework(error)
        case _:
            detail = "nothing more is said here; the log has it by its instance"
            trouble = Trouble(500, "unexpected", "unexpected", detail)
    return trouble


def _denied(error: Conflict | Forbidden | Unrecognised | TooOften) -> Trouble:
    """What is said to whoever may not do it, or not now."""
    match error:
        case Conflict(code="idempotency_key_reused"):
            return Trouble(422, "idempotency_key_reused", error.code, str(error))
        case Conflict():
            return Trouble(409, "conflict", error.code, str(error))
        case Forbidden():
            return Trouble(403, "forbidden", error.code, str(error))
        case Unrecognised():
            return Trouble(401, "actor_missing", error.code, str(error), headers=CHALLENGE)
        case TooOften():
            return Trouble(429, "too_often", error.code, str(error), retry_after_s=error.retry_after_s)


def malformed(faults: tuple[Fault, ...]) -> Trouble:
    """400 with every fault; the detail is the first one and the count of the others."""
    first, more = faults[0], len(faults) - 1
    detail = f"{first.pointer or 'the document'}: {first.detail}" + (f" (and {more} more)" if more else "")
    return Trouble(400, "malformed", "malformed", detail, faults=faults)


def refusal(refused: Refused) -> Trouble:
    """422 with every reason of a rule that said no."""
    words = "; ".join(reason_text(reason, "en") for reason in refused.reasons)
    return Trouble(422, "refused", "refused", words, reasons=refused.reasons)


def _framework(error: HTTPException) -> Trouble:
    kind = BY_STATUS[error.status_code]
    if kind == "malformed":
        return malformed((Fault("", "request", error.detail),))
    extra = error.extra if isinstance(error.extra, dict) else {}
    detail = TITLES[kind] if error.status_code in {404, 405, 413} else error.detail
    return Trouble(error.status_code, kind, str(extra.get("code", kind)), detail, headers=dict(error.headers or {}))


def _parameter_faults(error: ValidationException) -> list[Fault]:
    """Faults of query and header parameters; they lie outside the body, so their pointer is empty."""
    found = [one for one in error.extra or [] if isinstance(one, dict)] if isinstance(error.extra, list) else []
    faults = [
        Fault("", "parameter", f"{one.get('source', 'parameter')} {one.get('key', '')}: {one.get('message', '')}")
        for one in found
    ]
    return faults or [Fault("", "parameter", "a parameter is missing or not of its type")]


def problem(trouble: Trouble) -> dict[str, Json]:
    """The problem document (RFC 9457) of a trouble."""
    document: dict[str, Json] = {
        "type": f"/problems/{trouble.kind.replace('_', '-')}",
        "title": TITLES[trouble.kind],
        "status": trouble.status,
        "detail": trouble.detail,
        "code": trouble.code,
        "instance": trouble.instance,
    }
    if trouble.faults:
        document["error_count"] = len(trouble.faults)
        document["errors"] = [
            {"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in trouble.faults[:MAX_FAULTS]
        ]
    if trouble.reasons:
        document["reasons"] = [_reason(one) for one in trouble.reasons]
    return document


def _reason(reason: Reason) -> dict[str, Json]:
    return {
        "code": reason.code,
        "params": dict(reason.params),
        "source": asdict(reason.source),
        "words": reason_text(reason),
        "words_en": reason_text(reason, "en"),
    }


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any exception of any route; what was not expected is logged by kind and place, without its message."""
    trouble = trouble_of(error)
    if trouble.kind == "unexpected":
        _report(trouble, error)
    return answer(request, trouble)


def answer(request: Request[Any, Any, Any], trouble: Trouble) -> Response[Any]:
    """A trouble as a problem document under ``/api/``, as a page elsewhere."""
    headers = {**trouble.headers, "Cache-Control": "no-store"}
    if trouble.retry_after_s is not None:
        headers["Retry-After"] = str(trouble.retry_after_s)
    if request.scope["path"].startswith(API_PREFIX):
        return Response(problem(trouble), status_code=trouble.status, media_type=PROBLEM, headers=headers)
    if request.headers.get("hx-request") == "true":  # a script: the words alone, at the beginning of where it looks
        headers |= {"HX-Reswap": "afterbegin", "Vary": "HX-Request"}
    return Response(_page(request, trouble), status_code=trouble.status, media_type="text/html", headers=headers)


def _page(request: Request[Any, Any, Any], trouble: Trouble) -> str:
    """The page of a trouble, or for a script the part that says so."""
    view = ErrorView(
        status=trouble.status,
        code=trouble.code,
        faults=trouble.faults[:MAX_FAULTS],
        faults_total=len(trouble.faults),
        reasons=trouble.reasons,
        instance=trouble.instance,
        retry_after_s=trouble.retry_after_s,
    )
    display = parse_display(request.query_params.get("display", ""))
    reader = reader_shown(request)
    now = datetime.now(UTC)
    bulletin = bulletin_of(request, at=now)
    frame = PageFrame(path=request.scope["path"], at=now, display=display, reader=reader, bulletin=bulletin)
    if request.headers.get("hx-request") == "true":
        return render_part("parts/trouble.html", frame, view=view)
    return render(view, frame)


def _report(trouble: Trouble, error: Exception) -> None:
    """Where it happened, innermost last; messages stay out, since they may quote what somebody sent."""
    frames = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected %s %s at %s", trouble.instance, type(error).__name__, " > ".join(frames))
