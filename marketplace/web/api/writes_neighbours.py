"""Writes about webhooks, notifications, letters and cases, one row each; and the door for neighbours' own messages."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from marketplace.neighbours.port import LARGEST_ANSWER
from marketplace.usecases.answer_case import AnswerCase, CaseAnswered, answer_case
from marketplace.usecases.letters import LetterRequeued, RequeueLetter, requeue_letter
from marketplace.usecases.notifications import (
    NotificationsRead,
    Preferences,
    ReadNotifications,
    SetPreferences,
    mark_read,
    set_preferences,
)
from marketplace.usecases.request_seal import RequestSeal, SealStanding, request_seal
from marketplace.usecases.subscribe_webhook import (
    EndWebhook,
    RotateWebhook,
    SubscribeWebhook,
    WebhookEnded,
    WebhookRotated,
    WebhookSubscribed,
    end_webhook,
    rotate_webhook,
    subscribe_webhook,
)
from marketplace.usecases.take_inbound import Taken, take_inbound
from marketplace.web.api.documents import problems
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import NEIGHBOURS

SIGNED_BY_NEIGHBOUR: Any = [{"neighbourSignature": []}]
_WEBHOOK = "/webhooks/{webhook:str}"

_ROWS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/webhooks", "subscribeWebhook", NEIGHBOURS, "订阅事件 / Subscribe to events by webhook",
        SubscribeWebhook, WebhookSubscribed,
        lambda visit, command: subscribe_webhook(
            visit.database, visit.caller, command, identifiers=visit.identifiers,
            is_development=visit.is_development,
        ),
    )),
    handler_of(Write(
        f"{_WEBHOOK}/rotation", "rotateWebhook", NEIGHBOURS, "更换订阅密钥 / Rotate the secret of a webhook",
        RotateWebhook, WebhookRotated,
        lambda visit, command: rotate_webhook(visit.database, visit.caller, command, identifiers=visit.identifiers),
        ("webhook",),
    )),
    handler_of(Write(
        f"{_WEBHOOK}/end", "endWebhook", NEIGHBOURS, "取消订阅 / End a webhook", EndWebhook, WebhookEnded,
        lambda visit, command: end_webhook(visit.database, visit.caller, command), ("webhook",),
    )),
    handler_of(Write(
        "/notifications/read", "markRead", NEIGHBOURS, "标记已读 / Mark notifications as read",
        ReadNotifications, NotificationsRead,
        lambda visit, command: mark_read(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/preferences", "setPreferences", NEIGHBOURS, "消息设置 / Choose how to be told", SetPreferences, Preferences,
        lambda visit, command: set_preferences(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/letters/{letter:str}/requeue", "requeueLetter", NEIGHBOURS, "重新投递 / Try a dead letter again",
        RequeueLetter, LetterRequeued,
        lambda visit, command: requeue_letter(visit.database, visit.caller, command), ("letter",),
    )),
    handler_of(Write(
        "/cases/{case:str}/result", "answerCase", NEIGHBOURS, "办结转办件 / Answer a neighbour's case",
        AnswerCase, CaseAnswered,
        lambda visit, command: answer_case(visit.database, visit.caller, command), ("case",),
    )),
    handler_of(Write(
        "/demands/{demand:str}/seals", "requestSeal", NEIGHBOURS, "申请电子印章 / Ask for an electronic seal",
        RequestSeal, SealStanding,
        lambda visit, command: request_seal(visit.database, visit.caller, command), ("demand",),
    )),
)  # fmt: skip


@post(
    "/neighbours/{neighbour:str}/messages",
    operation_id="takeInbound",
    summary="外部系统来件 / A neighbour's message",
    tags=[NEIGHBOURS],
    status_code=200,
    request_max_body_size=LARGEST_ANSWER,
    responses=problems(),
    security=SIGNED_BY_NEIGHBOUR,
    opt={"commits": True, "takes": ["application/json"]},
)
async def take_message(request: Request[Any, Any, Any], neighbour: FromPath[str]) -> Response[Taken]:
    """Kept once; who sends is known by the signature over the whole request (docs/reference/neighbours.md)."""
    state = request.app.state
    done = await take_inbound(
        state.database, state.neighbours, neighbour, target=request.scope["path"], headers=dict(request.headers),
        body=await request.body(),
    )  # fmt: skip
    return Response(done, status_code=200, headers={"Cache-Control": "no-store"})


NEIGHBOUR_WRITES = _ROWS
"""Each needs an actor."""
