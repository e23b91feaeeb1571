"""Readings about accounts: one's own, an organisation's people, offices, proposals, the access log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter
from pydantic import ValidationError

from commons.errors import Fault, Malformed
from commons.events import Role
from marketplace.identity.accounts import Proposal
from marketplace.usecases.access import AccessLog, AskLog, note_act, read_access_log
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.membership import Organised
from marketplace.usecases.proposals import open_proposals
from marketplace.usecases.read_account import (
    AccountDocument,
    Mandates,
    Members,
    Officers,
    read_account,
    read_mandates,
    read_members,
    read_officers,
)
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import answered
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import ACCOUNTS
from marketplace.web.guards import provide_caller, require_actor

ApiRequest = Request[Any, Any, Any]
ACTOR = r"^[a-z]{1,16}:[A-Za-z0-9_.-]{1,64}$"
ACTOR_WORDS = "以谁的名义（命令行是 system:cli） / As whom (the command line is system:cli)"
_SIGNED: Any = {
    "tags": [ACCOUNTS],
    "guards": [require_actor],
    "dependencies": {"caller": Provide(provide_caller)},
    "security": SECURITY,
    "responses": problems(400, 401, 403, 500, 503),
}


class ProposalDocument(Message):
    """What was proposed, and until when it waits; ``command`` is the act as it was asked for."""

    proposal: str
    operation: str
    subject: str
    command: dict[str, object]
    proposed_by: str
    region: str | None
    proposed_at: datetime
    ends_at: datetime
    is_own: bool


class Proposals(Message):
    """What waits for a second person, oldest first."""

    proposals: list[ProposalDocument]


def document_of(one: Proposal, caller: Caller) -> ProposalDocument:
    """A proposal as whoever may approve it reads it."""
    return ProposalDocument(
        proposal=one.id, operation=one.operation, subject=one.subject, command=dict(one.command),
        proposed_by=one.actor.id, region=one.region, proposed_at=one.made_at, ends_at=one.ends_at,
        is_own=one.actor == caller.actor,
    )  # fmt: skip


@get("/account", operation_id="readAccount", summary="本人账号 / One's own account", **_SIGNED)
async def own_account(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[AccountDocument]:
    """Roles, sessions and tokens of one's own; the contact masked."""
    state = request.app.state
    return answered(await read_account(state.database, caller, identifiers=state.identifiers))


@get("/organisations/{organisation:str}/members", operation_id="readMembers", summary="单位成员 / Members",
     **{**_SIGNED, "responses": problems(400, 401, 403, 404, 500, 503)})  # fmt: skip
async def members(
    request: ApiRequest, organisation: FromPath[str], role: FromQuery[Organised], caller: NamedDependency[Caller]
) -> Response[Members]:
    """Who acts for one's own organisation."""
    state = request.app.state
    found = await read_members(state.database, caller, role, organisation, identifiers=state.identifiers)
    await note_act(state.database, caller, "readMembers", organisation, None)
    return answered(found)


@get("/owners/{owner:str}/mandates", operation_id="readMandates", summary="代办授权 / Mandates of an owner",
     tags=[ACCOUNTS], responses=problems(400, 403, 404, 500, 503))  # fmt: skip
async def mandates(request: ApiRequest, owner: FromPath[str]) -> Response[Mandates]:
    """Who may act for an owner; public."""
    return answered(await read_mandates(request.app.state.database, owner))


@get("/officers", operation_id="readOfficers", summary="岗位 / Who holds an office", **_SIGNED)
async def officers(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[Officers]:
    """For operators and auditors."""
    return answered(await read_officers(request.app.state.database, caller))


@get("/proposals", operation_id="readProposals", summary="待复核事项 / What waits for a second person", **_SIGNED)
async def proposals(request: ApiRequest, caller: NamedDependency[Caller]) -> Response[Proposals]:
    """What the caller may approve, and what he proposed."""
    found = await open_proposals(request.app.state.database, caller)
    return answered(Proposals(proposals=[document_of(one, caller) for one in found]))


@get("/access-log", operation_id="readAccessLog", summary="访问日志 / The access log", **_SIGNED)
async def access_log(
    request: ApiRequest,
    caller: NamedDependency[Caller],
    *,
    person: Annotated[str | None, QueryParameter(max_length=64, description="人员代号 / A person's pseudonym")] = None,
    role: Annotated[Role | None, QueryParameter(description="以何种身份 / As whom, by kind")] = None,
    actor: Annotated[str | None, QueryParameter(max_length=96, pattern=ACTOR, description=ACTOR_WORDS)] = None,
    act: Annotated[str | None, QueryParameter(max_length=64, description="行为代码 / The act's code")] = None,
    since: Annotated[str | None, QueryParameter(max_length=30, description="自此刻起 / From this instant on")] = None,
    until: Annotated[str | None, QueryParameter(max_length=30, description="至此刻前 / Before this instant")] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=2**62, description="从此行之前 / Before this line")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="条数 / Lines")] = 50,
) -> Response[AccessLog]:
    """For auditors and operators; reading it is itself written down."""
    given = {
        "person": person, "role": role, "actor": actor, "act": act, "since": since, "until": until, "before": before,
        "limit": limit,
    }  # fmt: skip
    try:
        asked = AskLog.model_validate(given)
    except ValidationError as error:
        faults = (Fault(f"/{one['loc'][0]}", "instant", one["msg"]) for one in error.errors(include_input=False))
        raise Malformed(tuple(faults)) from None
    return answered(await read_access_log(request.app.state.database, caller, asked))


ACCOUNT_READS: tuple[HTTPRouteHandler, ...] = (
    own_account,
    members,
    mandates,
    officers,
    proposals,
    access_log,
)
"""All but the mandates need an actor."""
