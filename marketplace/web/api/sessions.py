"""Signing in and out, acting as something else, proving again who one is: what sets or takes away the cookie."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from commons.errors import Unrecognised
from commons.verdicts import Refused
from marketplace.identity.proofs import form_token
from marketplace.sessions.limits import SESSION_LASTS
from marketplace.usecases.act import Message
from marketplace.usecases.membership import RoleGiven, given
from marketplace.usecases.open_account import AccountOpened, OpenAccount, open_account
from marketplace.usecases.own_account import PasswordChanged, RecoverAccount, recover_account
from marketplace.usecases.read_account import roles_of
from marketplace.usecases.recognising import idle_end
from marketplace.usecases.session_acts import (
    ChooseRole,
    EndSession,
    ProveAgain,
    Proved,
    choose_role,
    end_own_session,
    prove_again,
    sign_out,
)
from marketplace.usecases.sign_in import SignIn, sign_in
from marketplace.usecases.signing_in import Opened
from marketplace.web.api.documents import problems
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import ACCOUNTS
from marketplace.web.api.writes_accounts import approve_proposal
from marketplace.web.errors import answer, refusal
from marketplace.web.guards import require_actor
from marketplace.web.requests import MAX_COMMAND_BYTES, StrictRequest
from marketplace.web.signed_in import (
    NO_COOKIE,
    Visitor,
    cookie_of,
    device_of,
    require_not_cross_site,
    visitor_of,
)

ApiRequest = Request[Any, Any, Any]
NOT_KEPT = {"Cache-Control": "no-store"}
_ASKED: Any = {
    "tags": [ACCOUNTS],
    "request_class": StrictRequest,
    "request_max_body_size": MAX_COMMAND_BYTES,
    "responses": problems(),
    "opt": {"commits": True},
}


class SessionDocument(Message):
    """Who is signed in and acts as what; ``form_token`` goes with every request that changes something.

    Over at ``ends_at`` whatever is done, and at ``idle_ends_at`` if nothing is asked in it until then.
    """

    account: str
    acting_role: str
    acting: str
    role: RoleGiven | None
    roles: list[RoleGiven]
    form_token: str
    ends_at: datetime
    idle_ends_at: datetime


class SignedOut(Message):
    """The session is over everywhere."""

    is_signed_out: bool


def document_of(opened: Opened) -> SessionDocument:
    """A session that was just opened."""
    standing = opened.standing
    return SessionDocument(
        account=opened.account,
        acting_role="public" if standing is None else standing.role,
        acting=opened.account if standing is None else standing.acting,
        role=None if standing is None else given(standing),
        roles=[given(one) for one in opened.standings],
        form_token=form_token(opened.secret),
        ends_at=opened.ends_at,
        idle_ends_at=idle_end(opened.opened_at, opened.ends_at),
    )


def with_cookie(opened: Opened) -> dict[str, str]:
    """The headers that hand a new session to the browser."""
    return {**NOT_KEPT, "Set-Cookie": cookie_of(opened.secret, lasts=SESSION_LASTS)}


@post("/session", operation_id="signIn", summary="登录 / Sign in", status_code=201, **_ASKED)
async def sign_in_here(request: ApiRequest, data: JSONBody[SignIn]) -> Response[SessionDocument]:
    """Open a session under a new identifier, whatever cookie was sent along."""
    require_not_cross_site(request)
    state = request.app.state
    opened = await sign_in(state.database, data, device_of(request), identifiers=state.identifiers)
    return Response(document_of(opened), status_code=201, headers=with_cookie(opened))


@post("/session/role", operation_id="chooseRole", summary="切换身份 / Act as another role", status_code=201,
      guards=[require_actor], security=SECURITY, **_ASKED)  # fmt: skip
async def choose_role_here(request: ApiRequest, data: JSONBody[ChooseRole]) -> Response[SessionDocument]:
    """A new session, the old one over."""
    visitor = await session_of(request)
    assert visitor.secret is not None, "a session"
    opened = await choose_role(
        request.app.state.database, visitor.secret, visitor.bearer.account, data, device_of(request)
    )
    return Response(document_of(opened), status_code=201, headers=with_cookie(opened))


@post("/session/proof", operation_id="proveAgain", summary="再次验证身份 / Prove again who you are", status_code=201,
      guards=[require_actor], security=SECURITY, **_ASKED)  # fmt: skip
async def prove_again_here(request: ApiRequest, data: JSONBody[ProveAgain]) -> Response[Proved]:
    """For five minutes acts that bind may be done."""
    visitor = await session_of(request)
    assert visitor.secret is not None, "a session"
    state = request.app.state
    done = await prove_again(
        state.database, visitor.secret, visitor.bearer.account, data, identifiers=state.identifiers
    )
    return Response(done, status_code=201, headers=NOT_KEPT)


@post("/session/end", operation_id="signOut", summary="退出 / Sign out", status_code=201,
      guards=[require_actor], security=SECURITY, **_ASKED)  # fmt: skip
async def sign_out_here(request: ApiRequest) -> Response[SignedOut]:
    """End this session."""
    visitor = await session_of(request)
    assert visitor.secret is not None, "a session"
    await sign_out(request.app.state.database, visitor.secret, visitor.bearer.account)
    return Response(SignedOut(is_signed_out=True), status_code=201, headers={**NOT_KEPT, "Set-Cookie": NO_COOKIE})


@post("/account/sessions/end", operation_id="endSession", summary="结束登录 / End sessions of one's own",
      status_code=201, guards=[require_actor], security=SECURITY, **_ASKED)  # fmt: skip
async def end_session_here(request: ApiRequest, data: JSONBody[EndSession]) -> Response[SignedOut]:
    """End one session of one's own by its number, or all of them and all tokens."""
    visitor = await session_of(request)
    await end_own_session(request.app.state.database, visitor.bearer.account, data)
    return Response(SignedOut(is_signed_out=True), status_code=201, headers=NOT_KEPT)


@post("/accounts", operation_id="openAccount", summary="注册账号 / Open an account", status_code=201, **_ASKED)
async def open_account_here(request: ApiRequest, data: JSONBody[OpenAccount]) -> Response[AccountOpened]:
    """Anybody may; the recovery codes are shown this once."""
    require_not_cross_site(request)
    state = request.app.state
    done = await open_account(state.database, data, device_of(request), identifiers=state.identifiers)
    if isinstance(done, Refused):
        return answer(request, refusal(done))
    return Response(done, status_code=201, headers=NOT_KEPT)


@post("/accounts/recovery", operation_id="recoverAccount", summary="找回账号 / Recover an account", status_code=201,
      **_ASKED)  # fmt: skip
async def recover_account_here(request: ApiRequest, data: JSONBody[RecoverAccount]) -> Response[PasswordChanged]:
    """A new password by a recovery code; everything that was signed in is over."""
    require_not_cross_site(request)
    done = await recover_account(request.app.state.database, data, device_of(request))
    if isinstance(done, Refused):
        return answer(request, refusal(done))
    return Response(done, status_code=201, headers=NOT_KEPT)


@get("/session", operation_id="readSession", summary="当前登录 / Who is signed in", tags=[ACCOUNTS],
     responses=problems(400, 401, 403, 500, 503), security=SECURITY)  # fmt: skip
async def read_session(request: ApiRequest) -> Response[SessionDocument]:
    """Who is signed in here; 401 for nobody."""
    visitor = await session_of(request)
    assert visitor.secret is not None, "a session"
    roles = await roles_of(request.app.state.database, visitor.bearer.account)
    held = next((one for one in roles if one.role_id == visitor.bearer.role), None)
    found = SessionDocument(
        account=visitor.bearer.account, acting_role=visitor.actor.role, acting=visitor.actor.id, role=held,
        roles=roles, form_token=form_token(visitor.secret), ends_at=visitor.bearer.ends_at,
        idle_ends_at=visitor.bearer.idle_ends_at,
    )  # fmt: skip
    return Response(found, headers=NOT_KEPT)


async def session_of(request: ApiRequest) -> Visitor:
    """The session that the request comes from; ``Unrecognised`` for a token, the development header or nobody."""
    visitor = await visitor_of(request)
    if visitor is None or visitor.secret is None:
        raise Unrecognised("session_needed", "sign in first")
    return visitor


SESSION_ROUTES: tuple[HTTPRouteHandler, ...] = (
    sign_in_here,
    choose_role_here,
    prove_again_here,
    sign_out_here,
    end_session_here,
    open_account_here,
    recover_account_here,
    read_session,
    approve_proposal,
)
"""What a session itself is asked for, and the one write that is another one's command."""
