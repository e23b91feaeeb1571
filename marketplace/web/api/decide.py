"""试算: the pure engine on a case in the body; the same answer as ``python -m marketplace decide``, and nothing kept.

Nobody has to say who he is for it. A case is computed in a thread, two at a time, so that large ones hold up nobody
else; whoever finds both places taken for a while is told to come back.
"""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from commons.errors import Unavailable
from marketplace.publication.decide import MAX_CASE_BYTES, answer
from marketplace.web.api.documents import problems
from marketplace.web.api.tags import ENGINE
from marketplace.web.requests import require_json

PLACES = asyncio.Semaphore(2)
"""Cases computed at the same time."""
PATIENCE_S = 10
"""Seconds that a case waits for a place."""

DECISION = ResponseSpec(
    dict[str, Any], generate_examples=False, description="选取结果 / The decision, as the command line prints it"
)


@post(
    "/decide",
    operation_id="decideCase",
    name="decideCase",
    tags=[ENGINE],
    summary="试算一个案例 / Decide a case",
    description='The body is a case (docs: the engine\'s input), bare or as {"case": …}; at most 16 MiB.',
    status_code=200,
    request_max_body_size=MAX_CASE_BYTES,
    responses={200: DECISION, **problems(400, 403, 413, 415, 500, 503)},
    opt={"commits": False},
)
async def decide_case(
    request: Request[Any, Any, Any],
    *,
    explain: Annotated[bool, QueryParameter(description="附逐格计算说明 / With how every cell was computed")] = False,
) -> Response[bytes]:
    """The decision as the command line prints it."""
    data = await request.body()
    if data:
        require_json(request)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await PLACES.acquire()
    except TimeoutError:
        message = "too many cases are being computed"
        raise Unavailable(message) from None
    try:
        decision = await asyncio.to_thread(answer, data, explained=explain)
    finally:
        PLACES.release()
    line = json.dumps(decision, ensure_ascii=False, separators=(",", ":")) + "\n"
    return Response(line.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})
