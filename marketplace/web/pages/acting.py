"""One way for every form that does something: read it, do it, go on with a receipt; or show the same page again.

A handler names the plan of its form, the use case, the page that shows the form, and where it goes on. Refused or
unreadable, the page comes again (4xx) with what was typed and every reason with its source; asked by htmx, the summary
of what is wrong comes alone, in the same words. Where a fresh proof is needed, the form itself asks for it: nothing
that was typed is lost on the way. Source: pages.md (manners); trust.md section 2; ADR 0030.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_hex
from types import MappingProxyType
from typing import Any, TypeVar

from litestar import Response

from commons.errors import Conflict, Forbidden, Malformed, NotFound, TooOften, Unrecognised
from commons.events import Actor
from commons.verdicts import Reason, Refused
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.recognising import recognise_session
from marketplace.usecases.session_acts import ProveAgain, prove_again
from marketplace.web.languages import TAGS, language_of, varied
from marketplace.web.locale.account_words import FIELD_OF
from marketplace.web.locale.code_words import denial_words
from marketplace.web.locale.field_words import fault_words
from marketplace.web.locale.phrases import Language
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.asking import NOT_KEPT, PageRequest, frame_of, page
from marketplace.web.pages.forms import HANDLED, NEEDS_PROOF, FilePart, Form, form_of, to
from marketplace.web.plans import Plan, command_from, shown_form
from marketplace.web.receipts import Done, told_query
from marketplace.web.render import render_part
from marketplace.web.requests import shaped
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.forms import FormShown, Proof, Wrong
from marketplace.web.views.pages import PageView

M = TypeVar("M", bound=Message)
T = TypeVar("T")

KEY_FIELD = "_key"
PASSWORD_FIELD, CODE_FIELD = "_password", "_code"
_KEY = re.compile(r"form-[0-9a-f]{32}", re.ASCII)
NOBODY = Actor("public", "-")
"""Who sends a form without signing in."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made: its view, the instant it speaks of, whether what it shows is invented."""

    view: PageView
    now: datetime
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent, for the use case: whose it is (with the form's key), and what was typed."""

    plan: Plan
    form: Form
    caller: Caller

    def command(self, model: type[M], **fixed: Any) -> M:
        """The command that the API takes too, with what the address says; ``Malformed`` with every fault."""
        return command_from(self.plan, model, self.form.every, **fixed)

    def get(self, name: str) -> str:
        """One field as typed; "" for none."""
        return self.form.values.get(name, "").strip()

    def files(self, name: str) -> tuple[FilePart, ...]:
        """The files of a field."""
        return self.form.files.get(name, ())


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of one page: its plan, where it is sent, and its id where the page has several.

    ``anybody``: who is not signed in may send it too, as one of the public.
    """

    plan: Plan
    action: str
    id: str = ""
    anybody: bool = False

    def fresh(self, values: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> FormShown:
        """The form before anything was typed, or with values to begin with."""
        return shown_form(self.plan, self.action, new_key(), sent=values, id=self.id)


Work = Callable[[Sent], Awaitable[T | Refused]]
Again = Callable[[FormShown], Awaitable[Made]]


def new_key() -> str:
    """The key of a form: sent twice, it does one thing."""
    return f"form-{token_hex(16)}"


def made_page(request: PageRequest, made: Made, status: int = HTTPStatus.OK) -> Response[str]:
    """A page that was made, answered."""
    return page(request, made.view, now=made.now, is_example=made.is_example, status=status)


async def acted(
    request: PageRequest, asked: Asked, work: Work[T], *, again: Again, then: Callable[[T], Done]
) -> Response[str]:
    """Do what a form says and go on (303), or show its page again with every reason."""
    form = await form_of(request, in_session=not asked.anybody or reader_of(request) is not None)
    language = language_of(request)  # of what is wrong; the page around it is Chinese
    try:
        visitor = await _proved(request, form)
        caller = Caller(NOBODY, _key_of(form)) if visitor is None else visitor.caller(_key_of(form))
        done = await work(Sent(asked.plan, form, caller))
    except HANDLED as error:
        return await _again(request, asked, form, again, wrong=wrong_of(asked.plan, error, language), error=error)
    if isinstance(done, Refused):
        wrong = tuple(wrong_reason(asked.plan, one, language) for one in done.reasons)
        return await _again(request, asked, form, again, wrong=wrong)
    return told_on(request, then(done))


def _key_of(form: Form) -> str | None:
    """The form's key; one that is not ours counts as none."""
    given = form.values.get(KEY_FIELD, "")
    return given if _KEY.fullmatch(given) else None


async def _proved(request: PageRequest, form: Form) -> Visitor | None:
    """Whose form it is, proved anew where the form holds a proof; ``Unrecognised`` for a wrong one."""
    visitor = form.visitor
    given = {"password": form.values.get(PASSWORD_FIELD), "code": form.values.get(CODE_FIELD, "").replace(" ", "")}
    proof = {name: value for name, value in given.items() if value}
    if visitor is None or visitor.secret is None or not proof:
        return visitor
    state = request.app.state
    await prove_again(
        state.database, visitor.secret, visitor.bearer.account, shaped(ProveAgain, dict(proof)),
        identifiers=state.identifiers,
    )  # fmt: skip
    bearer = await recognise_session(state.database, visitor.secret)
    if bearer is None:
        raise Unrecognised("session_over", "this session is over; sign in again")
    return Visitor(bearer, visitor.secret)


def wrong_of(plan: Plan, error: Exception, language: Language = "zh") -> tuple[Wrong, ...]:
    """What went wrong, in words of that language, each thing at its field."""
    match error:
        case Malformed():
            return tuple(_wrong_fault(plan, one.pointer, one.code, language) for one in error.faults)
        case NotFound():
            detail = f"no {error.kind} of this identifier"
            return (_wrong_code(plan, f"no_{error.kind}", denial_words(f"no_{error.kind}", detail, language)),)
        case Conflict() | Forbidden() | Unrecognised() | TooOften():
            return (_wrong_code(plan, error.code, denial_words(error.code, str(error), language)),)
        case _:
            raise error


def wrong_reason(plan: Plan, reason: Reason, language: Language = "zh") -> Wrong:
    """A rule's reason, with its source, at the field the plan gives it."""
    found = plan.named(plan.places.get(reason.code, ""))
    name, label = (found.name, found.label) if found is not None else ("", "")
    return Wrong(reason_text(reason, language), name, label, reason.source, reason.code)


def _wrong_fault(plan: Plan, pointer: str, code: str, language: Language) -> Wrong:
    found = plan.field_at(pointer)
    if found is None:
        words = f"这一项看不懂（{pointer or '/'}）" if language == "zh" else f"{pointer or '/'} cannot be read"
        return Wrong(words, code=code)
    return Wrong(fault_words(found, code, language), found.name, found.label, code=code)


def _wrong_code(plan: Plan, code: str, words: str) -> Wrong:
    found = plan.named(plan.places.get(code, FIELD_OF.get(code, "")))
    return Wrong(words, code=code) if found is None else Wrong(words, found.name, found.label, code=code)


PROOF_CODES = frozenset({NEEDS_PROOF, "proof_failed", "second_factor_wrong", "second_factor_needed", "no_proof_set"})
"""After these the form asks for a proof."""


async def _again(
    request: PageRequest,
    asked: Asked,
    form: Form,
    again: Again,
    *,
    wrong: tuple[Wrong, ...],
    error: Exception | None = None,
) -> Response[str]:
    """The same page with what was typed and what is wrong; asked by htmx, the summary alone."""
    language = language_of(request)
    shown = shown_form(asked.plan, asked.action, new_key(), sent=form.every, wrong=wrong, id=asked.id)
    shown = replace(shown, language=language)
    if any(one.code in PROOF_CODES for one in wrong) and form.visitor is not None:
        proof: Proof = "code" if form.visitor.bearer.has_totp else "password"
        shown = replace(shown, proof=proof)
    status = _status_of(error)
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooOften) else {}
    if is_htmx(request):
        frame = frame_of(request, now=datetime.now(UTC), is_example=False)
        fragment = render_part("parts/faults.html", frame, form=shown)
        headers |= {"Vary": varied("HX-Request"), "Content-Language": TAGS[language]}
        sent = {**NOT_KEPT, **headers}
        return Response(fragment, status_code=status, media_type="text/html", headers=sent)
    made = await again(shown)
    answered = made_page(request, made, status)
    answered.headers.update({**headers, "Vary": varied()})
    return answered


def _status_of(error: Exception | None) -> int:
    match error:
        case Malformed():
            return HTTPStatus.BAD_REQUEST
        case TooOften():
            return HTTPStatus.TOO_MANY_REQUESTS
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY


def is_htmx(request: PageRequest) -> bool:
    """Whether a page's script asks, and wants a part of a page alone."""
    return request.headers.get("hx-request") == "true"


def told_on(request: PageRequest, done: Done) -> Response[str]:
    """Send the browser on, with the receipt for the page there to show."""
    visitor = reader_of(request)
    secret = visitor.secret if visitor is not None and visitor.secret is not None else ""
    address = told_query(done, secret)
    if is_htmx(request):
        sent = {**NOT_KEPT, "HX-Redirect": to(request, address).headers["Location"]}
        return Response("", status_code=HTTPStatus.OK, media_type="text/html", headers=sent)
    return to(request, address)
