"""A write whose body is a file, not JSON: the bytes as they are, the name in the query, everything else as a write.

The declared type must be one that is named (415): the content decides what the file is, and a page from elsewhere
cannot send these types by a form. Invariants: at most ``max_bytes`` are read (413); every upload has an actor.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.files.port import Files
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.start_job import JobStarted
from marketplace.web.api.documents import problems
from marketplace.web.api.routing import JSON, SECURITY
from marketplace.web.errors import answer, refusal
from marketplace.web.guards import provide_caller, require_actor

ANY = "application/octet-stream"
FileName = Annotated[str, QueryParameter(max_length=300, description="文件名 / The file's name")]


STARTED = {202: ResponseSpec(JobStarted, description="已列为批量任务 / Goes on as a job", media_type=JSON)}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: by whom, the bytes, the name; and where things are kept."""

    database: Database
    files: Files
    caller: Caller
    body: bytes
    name: str
    request: Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """An address with what it takes, the model it answers with and the use case it enters.

    ``later`` is the job that it answers with (202) where the file is long work.
    """

    path: str
    operation: str
    tag: str
    summary: str
    answer: type[Message]
    run: Callable[[Sent], Awaitable[Message | Refused]]
    takes: Sequence[str]
    max_bytes: int
    status: int = 201
    later: type[JobStarted] | None = None


def started(done: JobStarted) -> Response[Any]:
    """202, and where the job says how far it is."""
    headers = {"Cache-Control": "no-store", "Location": f"/api/v1/jobs/{done.job}"}
    return Response(done, status_code=202, headers=headers)


def upload_of(upload: Upload) -> HTTPRouteHandler:
    """The route handler of an upload."""

    async def handle(
        request: Request[Any, Any, Any], caller: NamedDependency[Caller], *, name: FileName = ""
    ) -> Response[Any]:
        if request.content_type[0] not in upload.takes:
            raise HTTPException(status_code=415, detail=f"send the file as {', '.join(upload.takes)}")
        state = request.app.state
        body = await request.body()
        done = await upload.run(Sent(state.database, state.files, caller, body, name, request))
        if isinstance(done, Refused):
            return answer(request, refusal(done))
        if isinstance(done, JobStarted):
            return started(done)
        return Response(done, status_code=upload.status, headers={"Cache-Control": "no-store"})

    answers: Any = Response
    handle.__annotations__ |= {"return": answers[upload.answer]}
    handle.__name__ = handle.__qualname__ = upload.operation
    return post(
        upload.path,
        operation_id=upload.operation,
        name=upload.operation,
        tags=[upload.tag],
        summary=upload.summary,
        status_code=upload.status,
        guards=[require_actor],
        dependencies={"caller": Provide(provide_caller)},
        request_max_body_size=upload.max_bytes,
        responses=problems() | ({} if upload.later is None else STARTED),
        security=SECURITY,
        opt={"commits": True, "takes": tuple(upload.takes)},
    )(handle)
