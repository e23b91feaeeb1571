"""Readings about webhooks, notifications, the work list, letters, projects; and what a neighbour was sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from marketplace.usecases.act import Caller
from marketplace.usecases.letters import Letters, read_letters
from marketplace.usecases.look_up_project import ProjectStanding, read_project
from marketplace.usecases.notifications import (
    AskNotifications,
    Notifications,
    Preferences,
    read_notifications,
    read_preferences,
)
from marketplace.usecases.read_prefill import Prefill, read_prefill
from marketplace.usecases.read_work_list import WorkList, read_work_list
from marketplace.usecases.subscribe_webhook import Webhooks, read_webhooks
from marketplace.usecases.take_inbound import AskSent, SentLetters, sent_letters
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, answered
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import NEIGHBOURS
from marketplace.web.api.writes_neighbours import SIGNED_BY_NEIGHBOUR
from marketplace.web.guards import provide_caller, require_actor

ApiRequest = Request[Any, Any, Any]
_SIGNED: Any = {
    "tags": [NEIGHBOURS],
    "guards": [require_actor],
    "dependencies": {"caller": Provide(provide_caller)},
    "security": SECURITY,
    "responses": problems(400, 401, 403, 500, 503),
}
_NAMED: Any = {**_SIGNED, "responses": problems(400, 401, 403, 404, 500, 503)}


@get("/notifications", operation_id="readNotifications", summary="消息 / One's notifications", **_SIGNED)
async def notifications(
    request: ApiRequest,
    caller: NamedDependency[Caller],
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53, description="从此之前 / Before this place")] = None,
    show: Annotated[Literal["all", "unread"], QueryParameter(description="全部或未读 / All, or unread alone")] = "all",
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="条数 / Lines")] = 50,
) -> Response[Notifications]:
    """What the caller was told as whom he acts, latest first."""
    asked = AskNotifications(before=before, unread=show == "unread", limit=limit)
    return answered(await read_notifications(request.app.state.database, caller, asked))


@get("/preferences", operation_id="readPreferences", summary="消息设置 / How one is told", **_SIGNED)
async def preferences(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[Preferences]:
    """By kind and channel, with what holds where nobody chose."""
    return answered(await read_preferences(request.app.state.database, caller))


@get("/work-list", operation_id="readWorkList", summary="待办 / The work list", **_SIGNED)
async def work_list(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[WorkList]:
    """What the caller has to do, soonest first, what is late marked."""
    return answered(await read_work_list(request.app.state.database, caller))


@get("/webhooks", operation_id="readWebhooks", summary="事件订阅 / One's webhooks", **_SIGNED)
async def webhooks(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[Webhooks]:
    """One's own subscriptions, without their secrets."""
    return answered(await read_webhooks(request.app.state.database, caller))


@get("/letters", operation_id="readLetters", summary="外发件 / The outbox and its dead letters", **_SIGNED)
async def letters(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[Letters]:
    """For operators and auditors: what is dead, what waits for whom."""
    return answered(await read_letters(request.app.state.database, caller))


@get("/agencies/{agency:str}/prefill", operation_id="readPrefill", summary="备案预填 / What is known already", **_NAMED)
async def prefill(request: ApiRequest, agency: FromPath[str], caller: NamedDependency[Caller]) -> Response[Prefill]:
    """What the data-sharing interface returns of the agency: it is not asked for on paper."""
    state = request.app.state
    return answered(await read_prefill(state.database, caller, state.neighbours, agency))


@get("/projects/{project:str}", operation_id="readProject", summary="项目核验 / What is known of a project code",
     tags=[NEIGHBOURS], responses=problems(*NAMED))  # fmt: skip
async def project(request: ApiRequest, project: FromPath[str]) -> Response[ProjectStanding]:
    """Verified, unknown to the platform, or not verified yet; public."""
    return answered(await read_project(request.app.state.database, project))


@get("/neighbours/{neighbour:str}/messages", operation_id="readSent", summary="补发 / What a neighbour was sent",
     tags=[NEIGHBOURS], security=SIGNED_BY_NEIGHBOUR, responses=problems(400, 401, 403, 404, 500, 503))  # fmt: skip
async def sent(
    request: ApiRequest,
    neighbour: FromPath[str],
    after: Annotated[int, QueryParameter(ge=0, le=2**53, description="从此序号之后 / Behind this number")] = 0,
) -> Response[SentLetters]:
    """For the neighbour itself, known by its signature: its letters again, in order."""
    state, scope = request.app.state, request.scope
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + (f"?{query}" if query else "")
    found = await sent_letters(
        state.database, state.neighbours, neighbour, AskSent(after=after), target=target, headers=dict(request.headers)
    )
    return answered(found)


NEIGHBOUR_READS: tuple[HTTPRouteHandler, ...] = (
    notifications,
    preferences,
    work_list,
    webhooks,
    letters,
    prefill,
    project,
    sent,
)
"""All but a project's need an actor or a neighbour's signature."""
