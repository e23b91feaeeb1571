"""The one table from what went wrong to what the outside is told (RFC 9457 problem, or the error page).

Invariants: a problem says status, stable code and words, never a stack, a query or a stored value; what nobody
expected is a 500 with an identifier, under which the log keeps the kind of error and where it happened. Addresses under
``/api/`` get ``application/problem+json``, all others the page. Source: RFC 9457; architecture.md, habit 1.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
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
from marketplace.web.languages import TAGS, language_of, varied
from marketplace.web.locale.code_words import denial_words, fault_said
from marketplace.web.locale.phrases import Language
from marketplace.web.locale.reasons import reason_text
from marketplace.web.locale.trouble_words import KINDS
from marketplace.web.page_frame import PageFrame, parse_display
from marketplace.web.reading import reader_shown
from marketplace.web.render import render, render_part
from marketplace.web.views.about import ErrorView

log = logging.getLogger(__name__)

API_PREFIX = "/api/"
PROBLEM = "application/problem+json"
RETRY_AFTER_S = 2
"""Seconds after which an unavailable service is worth asking again."""

CHALLENGE: Mapping[str, str] = MappingProxyType({"WWW-Authenticate": "Bearer"})
"""How a program says who it is (RFC 6750)."""

SAID = frozenset({"actor_missing", "forbidden", "conflict", "too_often", "idempotency_key_reused"})
"""Kinds whose page says the code's own words below its title."""

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
    """One answer that is not the one asked for: ``kind`` is a key of ``KINDS``, ``code`` says it more exactly.

    ``detail`` is in English, for programs and logs; ``said_detail`` says it in the language asked for.
    """

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
    detail = KINDS[kind].en if error.status_code in {404, 405, 413} else error.detail
    return Trouble(error.status_code, kind, str(extra.get("code", kind)), detail, headers=dict(error.headers or {}))


def _parameter_faults(error: ValidationException) -> list[Fault]:
    """Faults of query and header parameters; they lie outside the body, so their pointer is empty."""
    found = [one for one in error.extra or [] if isinstance(one, dict)] if isinstance(error.extra, list) else []
    faults = [
        Fault("", "parameter", f"{one.get('source', 'parameter')} {one.get('key', '')}: {one.get('message', '')}")
        for one in found
    ]
    return faults or [Fault("", "parameter", "a parameter is missing or not of its type")]


def said_detail(trouble: Trouble, language: Language) -> str:
    """The detail in that language: of faults the first and the count of the others, of a refusal every reason."""
    if trouble.reasons:
        return ("；" if language == "zh" else "; ").join(reason_text(one, language) for one in trouble.reasons)
    if trouble.faults:
        first, more = trouble.faults[0], len(trouble.faults) - 1
        where = first.pointer or ("整份内容" if language == "zh" else "the document")
        others = (f"（另有 {more} 处）" if language == "zh" else f" (and {more} more)") if more else ""
        return f"{where}{'：' if language == 'zh' else ': '}{fault_said(first, language)}{others}"
    return denial_words(trouble.code, trouble.detail, language)


def problem(trouble: Trouble, language: Language = "zh") -> dict[str, Json]:
    """The problem document (RFC 9457) of a trouble, in that language; a reason has its words in both."""
    document: dict[str, Json] = {
        "type": f"/problems/{trouble.kind.replace('_', '-')}",
        "title": KINDS[trouble.kind].say({}, language),
        "status": trouble.status,
        "detail": said_detail(trouble, language),
        "code": trouble.code,
        "instance": trouble.instance,
    }
    if trouble.faults:
        document["error_count"] = len(trouble.faults)
        document["errors"] = [
            {"pointer": one.pointer, "code": one.code, "detail": fault_said(one, language)}
            for one in trouble.faults[:MAX_FAULTS]
        ]
    if trouble.reasons:
        document["reasons"] = [_reason(one, language) for one in trouble.reasons]
    return document


def _reason(reason: Reason, language: Language) -> dict[str, Json]:
    """A reason with its words in both languages, those asked for first."""
    words: dict[str, Json] = {"words": reason_text(reason), "words_en": reason_text(reason, "en")}
    if language == "en":
        words = dict(reversed(words.items()))
    return {"code": reason.code, "params": dict(reason.params), "source": asdict(reason.source), **words}


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any exception of any route; what was not expected is logged by kind and place, without its message."""
    trouble = trouble_of(error)
    if trouble.kind == "unexpected":
        _report(trouble, error)
    return answer(request, trouble)


def answer(request: Request[Any, Any, Any], trouble: Trouble) -> Response[Any]:
    """A trouble as a problem document under ``/api/``, as a page elsewhere."""
    language = language_of(request)
    headers = {
        **trouble.headers, "Cache-Control": "no-store", "Vary": varied(), "Content-Language": TAGS[language],
    }  # fmt: skip
    if trouble.retry_after_s is not None:
        headers["Retry-After"] = str(trouble.retry_after_s)
    if request.scope["path"].startswith(API_PREFIX):
        told = problem(trouble, language)
        return Response(told, status_code=trouble.status, media_type=PROBLEM, headers=headers)
    if request.headers.get("hx-request") == "true":  # a script: the words alone, at the beginning of where it looks
        headers |= {"HX-Reswap": "afterbegin", "Vary": varied("HX-Request")}
    elif language == "en":
        headers["Content-Language"] = "en, zh-CN"  # the frame of the page stays Chinese
    page = _page(request, trouble, language)
    return Response(page, status_code=trouble.status, media_type="text/html", headers=headers)


def _page(request: Request[Any, Any, Any], trouble: Trouble, language: Language) -> str:
    """The page of a trouble, or for a script the part that says so."""
    faults = tuple(replace(one, detail=fault_said(one, language)) for one in trouble.faults[:MAX_FAULTS])
    is_said = not trouble.faults and not trouble.reasons and trouble.kind in SAID
    view = ErrorView(
        status=trouble.status,
        code=trouble.code,
        faults=faults,
        faults_total=len(trouble.faults),
        reasons=trouble.reasons,
        instance=trouble.instance,
        retry_after_s=trouble.retry_after_s,
        language=language,
        words=said_detail(trouble, language) if is_said else "",
    )
    display = parse_display(request.query_params.get("display", ""))
    reader, now = reader_shown(request), datetime.now(UTC)
    frame = PageFrame(
        path=request.scope["path"], at=now, display=display, reader=reader, bulletin=bulletin_of(request, at=now)
    )
    if request.headers.get("hx-request") == "true":
        return render_part("parts/trouble.html", frame, view=view)
    return render(view, frame)


def _report(trouble: Trouble, error: Exception) -> None:
    """Where it happened, innermost last; messages stay out, since they may quote what somebody sent."""
    frames = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected %s %s at %s", trouble.instance, type(error).__name__, " > ".join(frames))
