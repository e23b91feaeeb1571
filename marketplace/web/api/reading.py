"""What the readings of the API share: bounds of a query, who reads, and how an answer leaves."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from litestar import Request, Response
from litestar.params import QueryParameter
from pydantic import BaseModel

from commons.events import Actor
from commons.money import MAX_FEN
from marketplace.usecases.read_listing import MAX_PAGE, MAX_ROWS, MIN_ROWS
from marketplace.web.filters import MAX_TEXT
from marketplace.web.guards import ACTOR_HEADER, provide_caller, require_actor
from marketplace.web.signed_in import visitor_of

M = TypeVar("M", bound=BaseModel)

ApiRequest = Request[Any, Any, Any]

Words = Annotated[str, QueryParameter(max_length=MAX_TEXT, description="关键词 / Words")]
Code = Annotated[str, QueryParameter(pattern=r"^[0-9A-Za-z_-]{0,40}$", description="代码 / A code")]
Fen = Annotated[int | None, QueryParameter(ge=0, le=MAX_FEN, description="分 / In fen")]
From = Annotated[str, QueryParameter(pattern=r"^[0-9A-Za-z_-]{0,40}$", description="接续的位置 / Where to go on")]
PageNumber = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="页码 / Page, from 1")]
Limit = Annotated[int, QueryParameter(ge=MIN_ROWS, le=MAX_ROWS, description="每页条数 / Rows of a page")]

NOT_KEPT = {"Cache-Control": "no-store"}
NOT_BUSY = (400, 403, 500, 503)
"""Problems that any reading may answer with."""
NAMED = (404, *NOT_BUSY)
"""The same where something is named."""


def answered(document: M) -> Response[M]:
    """A document that moves with the clock: no cache keeps it."""
    return Response(document, headers=NOT_KEPT)


async def provide_reader(request: ApiRequest) -> Actor | None:
    """Who reads, by session, token or development header; None for the public. What cannot be read is refused (401)."""
    if ACTOR_HEADER.lower() not in request.headers:
        visitor = await visitor_of(request)
        return None if visitor is None else visitor.actor
    await require_actor(request, request.route_handler)
    return (await provide_caller(request)).actor
