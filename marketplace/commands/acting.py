"""As whom the commands act, on which database, and how what they are told becomes a command of a use case."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from commons.errors import Conflict, Fault, Malformed
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.command_line import WRONG, run_to_end, say, settings_or_none
from marketplace.database import Database
from marketplace.migrate import is_migrated
from marketplace.opening import connected
from marketplace.settings import Settings
from marketplace.usecases.act import Caller
from marketplace.web.locale.reasons import reason_text

CLI = Caller(Actor("system", "cli"))
"""The machine's own hand: ``system:cli`` in the access log."""

Made = TypeVar("Made", bound=BaseModel)
Answer = TypeVar("Answer")


def run(work: Callable[[Settings], Coroutine[Any, Any, int]]) -> int:
    """Do the work under the settings; the exit status. What is malformed is said fault by fault."""
    settings = settings_or_none()
    if settings is None:
        return WRONG
    try:
        return run_to_end(lambda: work(settings))
    except Malformed as error:
        for fault in error.faults:
            say(f"有误：{fault.pointer} {fault.code}（{fault.detail}）")
        return WRONG


@contextlib.asynccontextmanager
async def market(settings: Settings) -> AsyncIterator[Database]:
    """The market's database as it is; ``Conflict`` for one that holds none."""
    async with connected(settings) as database:
        if not await is_migrated(database):
            raise Conflict("no_market", "no migration ever ran here")
        yield database


def made(kind: type[Made], **values: object) -> Made:
    """A command of a use case; ``Malformed`` with every fault. What is None was not given."""
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return kind(**given)
    except ValidationError as error:
        raise _malformed(error) from None


def made_of_json(kind: type[Made], body: bytes) -> Made:
    """A command of a use case from a file's JSON; ``Malformed`` with every fault."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _malformed(error) from None


def _malformed(error: ValidationError) -> Malformed:
    """What is wrong, without the values: one of them may be a secret."""
    found = error.errors(include_input=False)
    return Malformed(tuple(Fault("/" + "/".join(map(str, one["loc"])), one["type"], one["msg"]) for one in found))


def allowed(answer: Answer | Refused) -> Answer | None:
    """The answer, or None after every reason of a refusal was said."""
    if isinstance(answer, Refused):
        for reason in answer.reasons:
            say(f"不能这样做：{reason_text(reason)}")
        return None
    return answer
