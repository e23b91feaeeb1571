"""Saying how a finished step went, and what people wrote about theirs."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.give_satisfaction import GiveSatisfaction, SatisfactionGiven, give_satisfaction
from marketplace.usecases.read_satisfaction import SatisfactionWords, read_satisfaction
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NOT_BUSY, answered
from marketplace.web.api.routing import SECURITY, Write, handler_of
from marketplace.web.api.tags import CONTRACTS
from marketplace.web.guards import provide_caller, require_actor

_PLAIN: Any = {"guards": [require_actor], "dependencies": {"caller": Provide(provide_caller)}, "security": SECURITY}


@get(
    "/satisfaction-words", operation_id="readSatisfactionWords", name="readSatisfactionWords", tags=[CONTRACTS],
    summary="满意度的文字意见 / What people wrote about finished steps", responses=problems(401, *NOT_BUSY), **_PLAIN,
)  # fmt: skip
async def get_words(
    database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> Response[SatisfactionWords]:
    """The latest 200, without who gave them; for the operator and the auditor."""
    return answered(await read_satisfaction(database, caller))


SATISFACTION_WRITES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/satisfaction", "giveSatisfaction", CONTRACTS, "满意度 / Say how a finished step went",
        GiveSatisfaction, SatisfactionGiven,
        lambda visit, command: give_satisfaction(visit.database, visit.caller, command),
    )),
)  # fmt: skip
SATISFACTION_READS: tuple[HTTPRouteHandler, ...] = (get_words,)
