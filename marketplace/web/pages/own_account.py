"""我的账号: as what one acts, where one is signed in, what proves who one is, and tokens for programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Conflict, NotFound
from commons.regions import REGIONS
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.identity.rights import RIGHTS
from marketplace.sessions.limits import SESSION_LASTS
from marketplace.usecases.own_account import (
    ChangePassword,
    PasswordChanged,
    SecondFactorSet,
    SetSecondFactor,
    change_password,
    set_second_factor,
)
from marketplace.usecases.read_account import AccountDocument, read_account
from marketplace.usecases.session_acts import (
    ChooseRole,
    EndSession,
    ProveAgain,
    choose_role,
    end_own_session,
    prove_again,
)
from marketplace.usecases.tokens import MakeToken, RevokeToken, acts_of, make_token, revoke_token
from marketplace.web.addresses import ACCOUNT, CONFIRM, PASSWORD, SECOND_FACTOR, SIGN_IN, TOKENS
from marketplace.web.locale.account_words import fault_words
from marketplace.web.locale.act_names import ACT_NAMES
from marketplace.web.locale.browsers import browser_name
from marketplace.web.onward import ONWARD, onward_of
from marketplace.web.pages.asking import PageRequest, page, query_of
from marketplace.web.pages.forms import (
    FORM,
    NEEDS_PROOF,
    Faulty,
    Form,
    command_of,
    entered,
    form_of,
    headers_of,
    to,
    to_confirm,
    to_sign_in,
    tried,
)
from marketplace.web.pages.signing import provider_options
from marketplace.web.signed_in import NO_COOKIE, Visitor, cookie_of, device_of, reader_of
from marketplace.web.views.account import (
    AccountView,
    CodesView,
    ConfirmView,
    PasswordView,
    RoleLine,
    SecondFactorView,
    SessionRow,
    TokenRow,
    TokensView,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import NOTHING_ENTERED, Entered, Option

LONGEST_ROLE = 16
MOST_DIGITS = 12
"""Digits that a number in a form has at most."""


def shown(request: PageRequest, view: PageView, faulty: Faulty | None = None) -> Response[str]:
    """The page, or the page again with what is wrong."""
    now = datetime.now(UTC)
    if faulty is None:
        return page(request, view, now=now, is_example=False)
    return page(request, view, now=now, is_example=False, status=faulty.status, headers=headers_of(faulty))


async def _account(request: PageRequest, visitor: Visitor) -> AccountDocument:
    state = request.app.state
    return await read_account(state.database, visitor.caller(None), identifiers=state.identifiers)


@get(ACCOUNT, include_in_schema=False)
async def account_page(request: PageRequest) -> Response[str]:
    """The account, whole."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    onward = onward_of(query_of(request).get(ONWARD), otherwise="")
    return shown(request, await _account_view(request, visitor, onward=onward))


async def _account_view(
    request: PageRequest, visitor: Visitor, again: Entered = NOTHING_ENTERED, onward: str = ""
) -> AccountView:
    file = await _account(request, visitor)
    return AccountView(
        login=file.login,
        account=file.account,
        name=file.name,
        contact=file.contact or "",
        has_second_factor=file.has_second_factor,
        codes_left=file.recovery_codes_left,
        roles=tuple(
            RoleLine(
                one.role_id, one.role, one.rank, one.acting, one.organisation,
                "" if one.region is None else REGIONS.get(one.region).name, one.line or "", one.is_verified,
                one.granted_at, one.role_id == visitor.bearer.role,
            )
            for one in file.roles
        ),
        sessions=tuple(
            SessionRow(one.session, browser_name(one.agent), one.made_at, one.seen_at, one.ends_at)
            for one in file.sessions
        ),
        tokens=len(file.tokens),
        may_approve=visitor.bearer.actor_role in RIGHTS["reject_proposal"].roles,
        entered=again,
        onward=onward,
    )  # fmt: skip


@post(ACCOUNT, **FORM)
async def account_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Act as another role, and go on to the page that wanted it; or end sessions."""
    form = await form_of(request)
    visitor = form.signed_in
    assert visitor.secret is not None, "a session"
    if form.get("do") == "role":
        role_id = form.get("role_id")
        if role_id is not None and len(role_id) > LONGEST_ROLE:
            raise NotFound("role", "of such a name")
        secret, chosen = visitor.secret, ChooseRole(role=role_id)
        opened = await tried(lambda: choose_role(database, secret, visitor.bearer.account, chosen, device_of(request)))
        if isinstance(opened, Faulty):
            onward = onward_of(form.get(ONWARD), otherwise="")
            return shown(request, await _account_view(request, visitor, entered(form, opened), onward), opened)
        return to(request, onward_of(form.get(ONWARD)), Set_Cookie=cookie_of(opened.secret, lasts=SESSION_LASTS))
    which = form.get("session")
    done = await tried(lambda: _end(database, visitor, which))
    if isinstance(done, Faulty):
        return shown(request, await _account_view(request, visitor, entered(form, done)), done)
    return to(request, SIGN_IN, Set_Cookie=NO_COOKIE) if which == "all" else to(request, ACCOUNT)


async def _end(database: Database, visitor: Visitor, which: str | None) -> None:
    if which != "all" and not (which is not None and which.isascii() and which.isdigit() and len(which) < MOST_DIGITS):
        raise NotFound("session", which or "")
    command = EndSession(session=None if which == "all" else int(which))
    await end_own_session(database, visitor.bearer.account, command)


@get(CONFIRM, include_in_schema=False)
async def confirm_page(request: PageRequest) -> Response[str]:
    """The form that asks for a fresh proof."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    onward = onward_of(query_of(request).get("onward"))
    return shown(request, ConfirmView(visitor.bearer.has_totp, provider_options(request), onward))


@post(CONFIRM, **FORM)
async def confirm_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Prove again, and go on."""
    form = await form_of(request)
    visitor = form.signed_in
    assert visitor.secret is not None, "a session"
    secret, onward = visitor.secret, onward_of(form.get("onward"))
    done = await tried(
        lambda: prove_again(
            database, secret, visitor.bearer.account, command_of(ProveAgain, form, ("password", "code")),
            identifiers=request.app.state.identifiers,
        )
    )  # fmt: skip
    if isinstance(done, Faulty):
        view = ConfirmView(visitor.bearer.has_totp, provider_options(request), onward, entered(form, done))
        return shown(request, view, done)
    return to(request, onward)


@get(PASSWORD, include_in_schema=False)
async def password_page(request: PageRequest) -> Response[str]:
    """The form."""
    return to_sign_in(request) if reader_of(request) is None else shown(request, PasswordView())


@post(PASSWORD, **FORM)
async def password_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Change it; everything that was signed in is over, this session too."""
    form = await form_of(request)

    async def work() -> PasswordChanged | Refused:
        if form.values.get("password") != form.values.get("again"):
            raise Conflict("passwords_differ", "the two do not match")
        command = command_of(ChangePassword, form, ("current", "password"))
        return await change_password(database, form.signed_in.caller(None), command)

    done = await tried(work, field="password")
    if isinstance(done, Faulty):
        if done.code == "proof_failed":
            done = Faulty(done.status, {"current": fault_words("proof_failed")}, done.code)
        return shown(request, PasswordView(entered(form, done)), done)
    return to(request, SIGN_IN, Set_Cookie=NO_COOKIE)


@get(SECOND_FACTOR, include_in_schema=False)
async def second_factor_page(request: PageRequest) -> Response[str]:
    """Whether it is set, and what can be done."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    file = await _account(request, visitor)
    return shown(request, SecondFactorView(file.has_second_factor, codes_left=file.recovery_codes_left))


@post(SECOND_FACTOR, **FORM)
async def second_factor_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """One step: a key, its first code, or taking it away. A key that was shown stays on the page with a fault."""
    form = await form_of(request)
    visitor, identifiers = form.signed_in, request.app.state.identifiers
    step = form.get("step") or ""

    async def work() -> SecondFactorSet:
        code = {} if step == "begin" else {"code": (form.get("code") or "").replace(" ", "")}
        command = command_of(SetSecondFactor, form, ("step",), **code)
        return await set_second_factor(database, visitor.caller(None), command, identifiers=identifiers)

    done = await tried(work)
    if isinstance(done, Faulty):
        if done.code == NEEDS_PROOF:
            return to_confirm(request)
        is_set = visitor.bearer.has_totp
        view = SecondFactorView(is_set, is_begun=step == "confirm", entered=entered(form, done))
        return shown(request, view, done)
    if step == "begin":
        assert done.uri is not None, "what a new key is shown by"
        picture = segno.make(done.uri, error="m", micro=False).svg_data_uri(scale=6, border=4)
        return shown(request, SecondFactorView(is_in_force=False, is_begun=True, key=done.key or "", picture=picture))
    if step == "remove":
        return to(request, SIGN_IN, Set_Cookie=NO_COOKIE)
    codes = CodesView(visitor.bearer.login, tuple(done.recovery_codes or ()), datetime.now(UTC), "second_factor")
    return shown(request, codes)


@get(TOKENS, include_in_schema=False)
async def tokens_page(request: PageRequest) -> Response[str]:
    """The tokens in force, and the form for another one."""
    visitor = reader_of(request)
    return to_sign_in(request) if visitor is None else shown(request, await _tokens_view(request, visitor))


async def _tokens_view(
    request: PageRequest, visitor: Visitor, *, chosen: tuple[str, ...] = (), again: Entered = NOTHING_ENTERED
) -> TokensView:
    file = await _account(request, visitor)
    role = visitor.bearer.actor_role
    return TokensView(
        rows=tuple(
            TokenRow(one.id, one.name, len(one.scopes), one.made_at, one.ends_at, one.used_at) for one in file.tokens
        ),
        acts=() if role is None else tuple(Option(act, ACT_NAMES[act]) for act in acts_of(role)),
        chosen=chosen,
        entered=again,
    )


@post(TOKENS, **FORM)
async def tokens_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Make a token and show it this once, or revoke one."""
    form = await form_of(request)
    visitor = form.signed_in
    caller = visitor.caller(None)
    chosen = form.every.get("scopes", ())
    if form.get("do") == "revoke":
        gone = await tried(lambda: revoke_token(database, caller, command_of(RevokeToken, form, ("token",))))
        if isinstance(gone, Faulty):
            return shown(request, await _tokens_view(request, visitor, again=entered(form, gone)), gone)
        return to(request, TOKENS)
    done = await tried(lambda: make_token(database, caller, _token_asked(form, chosen)))
    if isinstance(done, Faulty):
        if done.code == NEEDS_PROOF:
            return to_confirm(request)
        return shown(request, await _tokens_view(request, visitor, chosen=chosen, again=entered(form, done)), done)
    return shown(request, replace(await _tokens_view(request, visitor), made=done.token))


def _token_asked(form: Form, chosen: tuple[str, ...]) -> MakeToken:
    days = form.get("days") or ""
    number = int(days) if days.isascii() and days.isdigit() and len(days) < MOST_DIGITS else 0
    return command_of(MakeToken, form, ("name",), scopes=list(chosen), days=number)


ACCOUNT_PAGES: tuple[HTTPRouteHandler, ...] = (
    account_page,
    account_form,
    confirm_page,
    confirm_form,
    password_page,
    password_form,
    second_factor_page,
    second_factor_form,
    tokens_page,
    tokens_form,
)
"""What somebody does to an account of his own."""
