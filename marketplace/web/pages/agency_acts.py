"""One way for every act of an agency on a page: its form, 请核对 where it binds, done with a receipt.

An act is a row: its plan, the command that the API takes, the use case; a page says what it is about and fills in what
the address and the session know. Source: pages.md (manners); ADR 0030.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from litestar import Response

from commons.canonical import Json
from commons.errors import Forbidden, Malformed
from commons.verdicts import Reason, Refused
from marketplace.attachments.attachment import MAX_FILE_BYTES
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.attach_file import AttachFile, FileAttached, attach_file
from marketplace.usecases.proposals import ActProposed
from marketplace.web import formatting
from marketplace.web.languages import language_of, varied
from marketplace.web.pages.acting import (
    CODE_FIELD,
    KEY_FIELD,
    PASSWORD_FIELD,
    Asked,
    Made,
    Sent,
    acted,
    made_page,
    new_key,
    wrong_reason,
)
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import FORM, Form, form_of, to_join, to_sign_in
from marketplace.web.plans import HIDDEN_KINDS, Field, Plan, read_amount, shown_form
from marketplace.web.receipts import Done
from marketplace.web.signed_in import FORM_FIELD, Visitor, reader_of
from marketplace.web.views.agency_acts import ActView, CheckView, Pairs, Trail
from marketplace.web.views.forms import Choice, FormShown

C = TypeVar("C", bound=Message)

SURE_FIELD, EDIT_FIELD = "_sure", "_edit"
_OURS = frozenset({SURE_FIELD, EDIT_FIELD, KEY_FIELD, FORM_FIELD, PASSWORD_FIELD, CODE_FIELD, "username"})
FILE_FORM: Any = {**FORM, "request_max_body_size": 3 * MAX_FILE_BYTES + 64 * 1024}
"""A form that takes files, three at most."""
NO_JSON: Mapping[str, Json] = MappingProxyType({})
NO_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
NO_OPTIONS: Mapping[str, tuple[Choice, ...]] = MappingProxyType({})
ATTACHMENTS = "attachments"


@dataclass(frozen=True, slots=True)
class Doing:
    """An act under way: the form that was sent, and what the use cases need besides."""

    request: PageRequest
    database: Database
    sent: Sent

    @property
    def caller(self) -> Caller:
        """Whose act it is."""
        return self.sent.caller

    @property
    def profile(self) -> str:
        """The rule profile of this site."""
        settings: Settings = self.request.app.state.settings
        return settings.profile


def _nothing(_: Sent) -> dict[str, Json]:
    return {}


@dataclass(frozen=True, slots=True)
class AgencyAct(Generic[C]):
    """An act as its page does it. ``read`` makes of the form what no field's own reading makes (numbers of a choice).

    ``files`` are fields of files, kept first and named in the command's attachments; ``receipt`` is the answer's field
    that the confirmation says; ``done`` a code of ``locale.done_words``, ``proposed`` that of an act that waits for its
    second person, where one answer does and another does not.
    """

    name: str
    title: str
    button: str
    plan: Plan
    command: type[C]
    run: Callable[[Doing, C], Awaitable[Message | Refused]]
    done: str
    lead: tuple[str, ...] = ()
    read: Callable[[Sent], dict[str, Json]] = _nothing
    files: tuple[str, ...] = ()
    receipt: str = ""
    is_checked: bool = False
    is_grave: bool = False
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an act is done: its address, the page to go back to, what it is about, what is known or proposed already.

    ``sums`` says what the answers add up to; ``judge`` says by the act's own rules what is wrong with them, so that
    nobody confirms what would be refused; ``onward`` is where one goes on, the page to go back to unless named;
    ``lead`` stands before the act's own.
    """

    action: str
    back: str
    trail: Trail
    now: datetime
    about: str = ""
    facts: Pairs = ()
    fixed: Mapping[str, Json] = field(default_factory=lambda: NO_JSON)
    proposed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_VALUES)
    options: Mapping[str, tuple[Choice, ...]] = field(default_factory=lambda: NO_OPTIONS)
    onward: str = ""
    is_example: bool = False
    notes: tuple[str, ...] = ()
    further: Trail = ()
    lead: tuple[str, ...] = ()
    sums: Callable[[Any], Pairs] = field(default=lambda _: ())
    judge: Callable[[Any], tuple[Reason, ...]] = field(default=lambda _: ())


def agency_reader(request: PageRequest) -> Visitor | Response[str]:
    """Who reads as an agency; else where he is sent: to sign in, or to join."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    if visitor.bearer.actor_role != "agency":
        if visitor.bearer.actor_role is None:
            return to_join(request)
        raise Forbidden("role_not_allowed", "this page is for agencies")
    return visitor


def plan_of(act: AgencyAct[C], where: Where) -> Plan:
    """The act's plan with the choices of today."""
    return act.plan.with_options(**where.options)


def act_page(request: PageRequest, act: AgencyAct[C], where: Where) -> Response[str]:
    """The form, before anything was typed."""
    return made_page(request, act_made(act, where, Asked(plan_of(act, where), where.action).fresh(where.proposed)))


def act_made(act: AgencyAct[C], where: Where, form: FormShown) -> Made:
    """The page of an act with its form; with a proof it is sent as it stands, after 请核对."""
    is_first = act.is_checked and not form.proof
    view = ActView(
        title=act.title, trail=where.trail, about=where.about, facts=where.facts, lead=(*where.lead, *act.lead),
        form=form, order=tuple(one.name for one in act.plan.fields),
        button="下一步：核对" if is_first else act.button,
        back=where.back, is_checked=act.is_checked, is_grave=act.is_grave, notes=where.notes,
        further=where.further,
    )  # fmt: skip
    return Made(view, where.now, where.is_example)


async def act_sent(request: PageRequest, database: Database, act: AgencyAct[C], where: Where) -> Response[str]:
    """What a sent form comes to: 请核对 first where the act binds, then the act, or the form with what is wrong."""
    plan = plan_of(act, where)
    if act.is_checked and (shown := await _before(request, act, where, plan)) is not None:
        return shown

    async def work(sent: Sent) -> Message | Refused:
        command = _command(act, where, sent)
        kept = await _attached(request, database, act, sent)
        if isinstance(kept, Refused):
            return kept
        if act.files:
            command = _command(act, where, sent, attachments=list(kept))
        return await act.run(Doing(request, database, sent), command)

    async def again(form: FormShown) -> Made:
        return act_made(act, where, form)

    return await acted(request, Asked(plan, where.action), work, again=again, then=partial(_done, act, where))


def _done(act: AgencyAct[C], where: Where, done: Message) -> Done:
    if isinstance(done, ActProposed) and act.proposed:
        return Done(where.onward or where.back, act.proposed, done.proposal)
    number = getattr(done, act.receipt, None) if act.receipt else None
    return Done(where.onward or where.back, act.done, "" if number is None else str(number))


def _command(act: AgencyAct[C], where: Where, sent: Sent, **besides: Json) -> C:
    """The command; the choices of the form that are numbers are read as such."""
    return sent.command(act.command, **{**act.read(sent), **where.fixed, **besides})


async def _before(request: PageRequest, act: AgencyAct[C], where: Where, plan: Plan) -> Response[str] | None:
    """The page that comes before the act is done; None where it is to be done, or what was typed cannot be read."""
    form = await form_of(request)
    if form.get(EDIT_FIELD) is not None:
        return made_page(request, act_made(act, where, shown_form(plan, where.action, new_key(), sent=form.every)))
    if form.get(SURE_FIELD) is not None or form.get(PASSWORD_FIELD) or form.get(CODE_FIELD):
        return None
    try:
        command = _command(act, where, Sent(plan, form, form.signed_in.caller(None)))
    except Malformed:
        return None
    if reasons := where.judge(command):
        language = language_of(request)
        wrong = tuple(wrong_reason(plan, one, language) for one in reasons)
        shown = replace(shown_form(plan, where.action, new_key(), sent=form.every, wrong=wrong), language=language)
        answered = made_page(request, act_made(act, where, shown), HTTPStatus.UNPROCESSABLE_ENTITY)
        answered.headers["Vary"] = varied()
        return answered
    held = tuple((name, value) for name, every in form.every.items() if name not in _OURS for value in every)
    view = CheckView(
        title=act.title, trail=where.trail, about=where.about, rows=answers(plan, form), sums=where.sums(command),
        held=held, action=where.action, button=act.button, key=form.get(KEY_FIELD) or new_key(),
        is_grave=act.is_grave, notes=where.notes,
    )  # fmt: skip
    return made_page(request, Made(view, where.now, where.is_example))


def answers(plan: Plan, form: Form) -> Pairs:
    """What was typed, field by field, in words; what was left empty is left out, hidden things are not shown."""
    rows = ((one.label, _words(one, form.every.get(one.name, ()))) for one in plan.fields if one.kind != "hidden")
    return tuple((label, words) for label, words in rows if words)


def _words(one: Field, typed: tuple[str, ...]) -> str:
    given = tuple(text.strip() for text in typed if text.strip())
    if not given or one.kind in HIDDEN_KINDS:
        return ""
    if one.kind in {"select", "radios", "boxes"}:
        names = {choice.value: choice.name for choice in one.options}
        return "、".join(names.get(text, text) for text in given)
    match one.kind:
        case "box":
            return "是"
        case "amount":
            fen = read_amount(given[0])
            return given[0] if fen is None else f"{formatting.yuan(fen)}（{formatting.capitals(fen)}）"
        case "rate":
            return f"{given[0].removesuffix('%')}%"
        case _:
            said = given[0].replace("T", " ") + "（北京时间）" if one.kind == "instant" else given[0]
            return f"{said} {one.unit}".strip()


async def _attached(
    request: PageRequest, database: Database, act: AgencyAct[C], sent: Sent
) -> tuple[str, ...] | Refused:
    """The files of the form, kept; their ids. Each has a key of its own, so that sending twice keeps them once."""
    parts = [part for name in act.files for part in sent.files(name)]
    ids: list[str] = []
    for number, part in enumerate(parts, 1):
        key = None if sent.caller.key is None else f"{sent.caller.key}-{number}"
        command = AttachFile(name=part.name, sha256=sha256(part.body).hexdigest())
        kept = await attach_file(
            database, request.app.state.files, replace(sent.caller, key=key), command, part.body
        )  # fmt: skip
        if not isinstance(kept, FileAttached):
            return kept
        ids.append(kept.attachment)
    return tuple(ids)
