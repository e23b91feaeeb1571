"""One write of the API as data, and the handler that is made of it: the same order and the same answers everywhere.

The address names the subject; the body is the use case's command without the fields the address carries, and repeating
them is an unknown field (400). An address that cannot name anything is a 404. Created things answer 201, refusals are
problems with every reason. Every write has an actor and may carry an ``Idempotency-Key``.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Generic, TypeVar, get_type_hints

from litestar import Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.identity.identifiers import Identifiers
from marketplace.settings import Mode, Settings
from marketplace.usecases.access import note_act
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.proposals import ActProposed, ProposeAct, propose_act, without_second
from marketplace.web.api.documents import problems
from marketplace.web.errors import answer, refusal
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.requests import MAX_COMMAND_BYTES, StrictRequest

C = TypeVar("C", bound=Message)
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, on which database, under which rule profile; what identifiers are kept and matched by.

    ``feeds`` are the keys of those whose files are taken.
    """

    database: Database
    caller: Caller
    profile: str
    identifiers: Identifiers
    feeds: Mapping[str, bytes]
    is_development: bool = False


@dataclass(frozen=True, slots=True)
class Write(Generic[C]):
    """An address with the command it takes, the model it answers with and the use case it enters.

    ``fixed`` are the command's fields that the address carries, named as its path parameters are. ``second`` is the
    field that names who approves: nobody states it, the two-person rule fills it in (``proposals``). ``about`` is the
    field that says what such an act is about, where the address does not.
    """

    path: str
    operation: str
    tag: str
    summary: str
    command: type[C]
    answer: type[Message]
    run: Callable[[Visit, C], Awaitable[Message | Refused]]
    fixed: Sequence[str] = ()
    status: int = 201
    second: str | None = None
    about: str | None = None


def handler_of(write: Write[C]) -> HTTPRouteHandler:
    """The route handler of a write."""
    kept = (*write.fixed, *(() if write.second is None else (write.second,)))
    body = body_of(write.command, kept)
    if write.second is not None:
        TWO_PERSONS[write.operation] = write

    async def handle(request: Request[Any, Any, Any], data: Any, caller: NamedDependency[Caller]) -> Response[Any]:
        visit = visit_of(request, caller)
        command = _command(write, data, request.path_params, caller)
        done = await write.run(visit, command)
        if isinstance(done, Refused) and write.second is not None:
            others = without_second(done)
            if others is None:
                return await _proposed(visit, write, command)
            done = others
        await note_act(visit.database, caller, write.operation, request.scope["path"], done)
        if isinstance(done, Refused):
            return answer(request, refusal(done))
        return Response(done, status_code=write.status, headers={"Cache-Control": "no-store"})

    reads: Any = JSONBody
    answers: Any = Response
    handle.__annotations__ |= {"data": reads[body], "return": answers[write.answer]}
    handle.__name__ = handle.__qualname__ = write.operation
    return post(
        write.path,
        operation_id=write.operation,
        name=write.operation,
        tags=[write.tag],
        summary=write.summary,
        status_code=write.status,
        guards=[require_actor],
        dependencies={"caller": Provide(provide_caller)},
        request_class=StrictRequest,
        request_max_body_size=MAX_COMMAND_BYTES,
        responses=problems() | (PROPOSED if write.second else {}),
        security=SECURITY,
        opt={"commits": True},
    )(handle)


def body_of(command: type[Message], fixed: Sequence[str]) -> type[Message]:
    """The command without the fields that the address carries; the command itself when it carries none."""
    if not fixed:
        return command
    assert set(fixed) <= set(command.model_fields), "the address carries fields of the command"
    hints = get_type_hints(command, include_extras=True)
    left = {name: one for name, one in command.model_fields.items() if name not in fixed}
    fields: Any = {name: _definition(hints[name], one) for name, one in left.items()}
    return create_model(
        f"{command.__name__}Body", __base__=Message, __module__=command.__module__, __doc__=command.__doc__, **fields
    )


def _definition(hint: Any, field: FieldInfo) -> Any:
    """A field as create_model takes it; one with a default factory as a whole, since its bounds may stand beside it."""
    return (hint, ...) if field.is_required() else (hint, field) if field.default_factory else (hint, field.default)


def visit_of(request: Request[Any, Any, Any], caller: Caller) -> Visit:
    """What a use case is given beside its command."""
    settings: Settings = request.app.state.settings
    state = request.app.state
    is_development = settings.mode is Mode.DEVELOPMENT
    return Visit(
        state.database, caller, settings.profile, state.identifiers, settings.credit_feeds, is_development
    )  # fmt: skip


def _command(write: Write[C], body: Message, path: dict[str, Any], caller: Caller) -> C:
    """The whole command; an address whose part cannot be an identifier names nothing (``NotFound``)."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    if write.second is not None:
        given |= approved(write, [caller.actor.id])
    try:
        return write.command.model_validate({**given, **{name: path[name] for name in write.fixed}})
    except ValidationError:
        name = write.fixed[0]
        raise NotFound(name, str(path[name])) from None


def approved(write: Write[C], approvers: list[str]) -> dict[str, Any]:
    """The field that names who approves: the list of both, or the second one alone."""
    assert write.second is not None, "an act of two persons"
    if write.second.endswith("s"):
        return {write.second: approvers}
    return {write.second: approvers[1]} if len(approvers) > 1 else {}


async def _proposed(visit: Visit, write: Write[C], command: C) -> Response[Any]:
    """Keep an act that lacks nothing but a second person: 202, and where it waits."""
    done = await keep_proposal(visit, write, command)
    headers = {"Cache-Control": "no-store", "Location": f"/api/v1/proposals/{done.proposal}"}
    return Response(done, status_code=202, headers=headers)


async def keep_proposal(visit: Visit, write: Write[C], command: C) -> ActProposed:
    """Keep what lacks nothing but a second person until that one decides; for the API and for pages alike."""
    assert write.second is not None, "an act of two persons"
    sent = json.loads(command.model_dump_json(exclude={write.second}))
    about = write.about or write.fixed[0]
    subject = f"{about}/{sent[about]}"
    asked = ProposeAct(operation=write.operation, act=_snake(write.operation), command=sent, subject=subject)
    key = visit.caller.key  # under which the answer "a second person is missing" stands already
    own = replace(visit.caller, key=None if key is None else "second/" + sha256(key.encode()).hexdigest())
    return await propose_act(visit.database, own, asked)


def _snake(operation: str) -> str:
    """``restrictAgency`` → ``restrict_agency``: the act in the table of permissions."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)


TWO_PERSONS: dict[str, Write[Any]] = {}
"""The acts that wait for a second person, by operation; filled as their handlers are made."""
PROPOSED = {202: ResponseSpec(ActProposed, description="等待第二人复核 / Waits for a second person", media_type=JSON)}
SECURITY: Any = [{"session": [], "formToken": []}, {"token": []}, {"developmentActor": []}]
"""How a write may say who asks."""
