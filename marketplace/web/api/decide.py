"""试算: the pure engine on a case in the body; the same answer as ``python -m marketplace decide``, and nothing kept.

Nobody has to say who he is for it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from marketplace.publication.decide import MAX_CASE_BYTES, answer
from marketplace.web.api.computing import computed
from marketplace.web.api.documents import problems
from marketplace.web.api.tags import ENGINE
from marketplace.web.requests import require_json

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
    decision = await computed(lambda: answer(data, explained=explain))
    line = json.dumps(decision, ensure_ascii=False, separators=(",", ":")) + "\n"
    return Response(line.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})
