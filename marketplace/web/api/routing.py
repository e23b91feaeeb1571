"""One write of the API as data, and the handler that is made of it: the same order and the same answers everywhere.

The address names the subject; the body is the use case's command without the fields the address carries, and repeating
them is an unknown field (400). An address that cannot name anything is a 404. Created things answer 201, refusals are
problems with every reason. Every write has an actor and may carry an ``Idempotency-Key``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_type_hints

from litestar import Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.identity.identifiers import Identifiers
from marketplace.settings import Settings
from marketplace.usecases.act import Caller, Message
from marketplace.web.api.documents import problems
from marketplace.web.errors import answer, refusal
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.requests import MAX_COMMAND_BYTES, StrictRequest

C = TypeVar("C", bound=Message)


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


@dataclass(frozen=True, slots=True)
class Write(Generic[C]):
    """An address with the command it takes, the model it answers with and the use case it enters.

    ``fixed`` are the command's fields that the address carries, named as its path parameters are.
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


def handler_of(write: Write[C]) -> HTTPRouteHandler:
    """The route handler of a write."""
    body = body_of(write.command, write.fixed)

    async def handle(request: Request[Any, Any, Any], data: Any, caller: NamedDependency[Caller]) -> Response[Any]:
        settings: Settings = request.app.state.settings
        state = request.app.state
        visit = Visit(state.database, caller, settings.profile, state.identifiers, settings.credit_feeds)
        done = await write.run(visit, _command(write, data, request.path_params))
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
        responses=problems(),
        security=[{"developmentActor": []}],
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
    """A field as create_model takes it; a default factory lies in the hint itself."""
    return (hint, ...) if field.is_required() else hint if field.default_factory else (hint, field.default)


def _command(write: Write[C], body: Message, path: dict[str, Any]) -> C:
    """The whole command; an address whose part cannot be an identifier names nothing (``NotFound``)."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    try:
        return write.command.model_validate({**given, **{name: path[name] for name in write.fixed}})
    except ValidationError:
        name = write.fixed[0]
        raise NotFound(name, str(path[name])) from None
