"""对接与外发: what waits for which receiver, dead letters with their reason and sending again, one's subscriptions.

Source: docs/adr/0026.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.canonical import Json
from commons.errors import NotFound
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.letters import Letters, RequeueLetter, read_letters, requeue_letter
from marketplace.usecases.subscribe_webhook import EndWebhook, Webhooks, end_webhook, read_webhooks
from marketplace.web import formatting
from marketplace.web.addresses import OPERATING_NEIGHBOURS, operating_path
from marketplace.web.locale.operating_words import letter_reason, receiver_words
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Doing, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import FORM
from marketplace.web.pages.operating import TRAIL, desk_reader, is_operator
from marketplace.web.pages.regulating import logged
from marketplace.web.plans import Plan
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_acts import Pairs
from marketplace.web.views.operating import DeadShown, HookShown, NeighboursView, QueueShown


async def _requeue(doing: Doing, command: RequeueLetter) -> Any:
    return await logged(doing, "requeueLetter", await requeue_letter(doing.database, doing.caller, command))


async def _end(doing: Doing, command: EndWebhook) -> Any:
    return await logged(doing, "endWebhook", await end_webhook(doing.database, doing.caller, command))


AGAIN = AgencyAct(
    "again", "重新投递", "重新投递", Plan(()), RequeueLetter, _requeue, "letter_requeued",
    ("对方可能已经收到过：同一件带同一编号，对方据此去重。",), receipt="letter",
)  # fmt: skip
END = AgencyAct(
    "end", "取消订阅", "取消订阅", Plan(()), EndWebhook, _end, "webhook_ended",
    ("此后不再向这一地址投递，途中的一并作废；要再订阅须重新登记，密钥不同。",), receipt="webhook", is_grave=True,
)  # fmt: skip


@get(OPERATING_NEIGHBOURS, include_in_schema=False)
async def neighbours_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Queues, dead letters, subscriptions."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller, may_act = visitor.caller(None), is_operator(visitor)
    letters = await read_letters(database, caller)
    hooks = await read_webhooks(database, caller) if may_act else None
    return made_page(request, Made(neighbours_view(letters, hooks), datetime.now(UTC)))


def neighbours_view(letters: Letters, hooks: Webhooks | None) -> NeighboursView:
    """The outbox as its page shows it; without ``hooks`` nobody does anything here."""
    return NeighboursView(
        tuple(
            QueueShown(receiver_words(one.receiver), one.waiting, one.dead, one.delivered_at) for one in letters.queues
        ),
        tuple(
            DeadShown(
                one.letter, receiver_words(one.receiver), one.type, one.about, one.attempts, one.status,
                letter_reason(one.reason), one.dead_at,
                "" if hooks is None else operating_path("neighbours", "again", one.letter),
            )
            for one in letters.dead
        ),
        None if hooks is None else tuple(
            HookShown(one.webhook, one.address, tuple(one.types), one.made_at,
                      operating_path("neighbours", "end", one.webhook))
            for one in hooks.webhooks
        ),
    )  # fmt: skip


async def _acting(
    request: PageRequest, database: Database, name: str, of: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    act, facts, fixed = await _what(database, visitor.caller(None), name, of)
    where = Where(
        action=operating_path("neighbours", name, of), back=OPERATING_NEIGHBOURS,
        trail=(*TRAIL, (OPERATING_NEIGHBOURS, "对接与外发")), now=datetime.now(UTC), facts=facts, fixed=fixed,
    )  # fmt: skip
    return act, where


async def _what(
    database: Database, caller: Caller, name: str, of: str
) -> tuple[AgencyAct[Any], Pairs, dict[str, Json]]:
    if name == "again":
        letters = await read_letters(database, caller)
        dead = next((one for one in letters.dead if one.letter == of), None)
        if dead is None:
            raise NotFound("letter", of)
        facts = (("收件方", receiver_words(dead.receiver)), ("事件", dead.type), ("所涉", dead.about),
                 ("停止重试", formatting.deadline(dead.dead_at)),
                 ("最后一次", letter_reason(dead.reason) or "—"))  # fmt: skip
        return AGAIN, facts, {"letter": of}
    hooks = await read_webhooks(database, caller)
    hook = next((one for one in hooks.webhooks if name == "end" and one.webhook == of), None)
    if hook is None:
        raise NotFound("webhook", of)
    return END, (("地址", hook.address), ("事件", "、".join(hook.types))), {"webhook": of}


_ACTS = f"{OPERATING_NEIGHBOURS}/{{act:str}}/{{of:str}}"


@get(_ACTS, include_in_schema=False)
async def neighbour_act_page(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str]
) -> Response[str]:
    """What is sent again, or ended."""
    found = await _acting(request, database, act, of)
    return act_page(request, *found) if isinstance(found, tuple) else found


@post(_ACTS, **FORM)
async def neighbour_act_form(
    request: PageRequest, database: NamedDependency[Database], act: FromPath[str], of: FromPath[str]
) -> Response[str]:
    """Do it."""
    found = await _acting(request, database, act, of)
    return await act_sent(request, database, *found) if isinstance(found, tuple) else found


NEIGHBOUR_PAGES: tuple[HTTPRouteHandler, ...] = (neighbours_page, neighbour_act_page, neighbour_act_form)
"""对接与外发."""
