"""登录、注册、退出、找回账号: what is done before, or to end, a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Conflict
from marketplace.database import Database
from marketplace.sessions.limits import SESSION_LASTS
from marketplace.settings import Settings
from marketplace.usecases.act import Message
from marketplace.usecases.open_account import OpenAccount, open_account
from marketplace.usecases.own_account import RecoverAccount, recover_account
from marketplace.usecases.session_acts import sign_out
from marketplace.usecases.sign_in import SignIn, sign_in_by_steps, take_second_step
from marketplace.usecases.signing_in import Opened
from marketplace.web.addresses import ACCOUNT, HOME, RECOVER, SIGN_IN, SIGN_OUT, SIGN_UP
from marketplace.web.onward import ONWARD, choosing_path, leading, onward_of
from marketplace.web.pages.asking import PageRequest, page, query_of
from marketplace.web.pages.forms import (
    BEFORE_SESSION,
    FORM,
    Faulty,
    Form,
    command_of,
    entered,
    form_of,
    headers_of,
    to,
    tried,
)
from marketplace.web.signed_in import NO_COOKIE, cookie_of, device_of, reader_of
from marketplace.web.views.account import CodesView, RecoverView, SignInView, SignUpView
from marketplace.web.views.parts import Option

M = TypeVar("M", bound=Message)


def provider_options(request: PageRequest) -> tuple[Option, ...]:
    """The identity providers, as buttons."""
    settings: Settings = request.app.state.settings
    return tuple(Option(one.name, one.title) for one in settings.oidc_providers)


@get(SIGN_IN, include_in_schema=False)
async def sign_in_page(request: PageRequest) -> Response[str]:
    """The form; whoever is signed in goes on."""
    asked = query_of(request).get("onward", "")
    if reader_of(request) is not None:
        return to(request, onward_of(asked))
    view = SignInView(provider_options(request), onward_of(asked, otherwise=""))
    return page(request, view, now=datetime.now(UTC), is_example=False)


@post(SIGN_IN, **FORM, opt={BEFORE_SESSION: True})
async def sign_in_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The first step or, with a ticket, the second; a new session either way."""
    form = await form_of(request, in_session=False)
    ticket = form.get("ticket")
    done: Opened | str | Faulty = await tried(lambda: _step(request, database, form, ticket))
    if isinstance(done, Faulty):
        begins_again = done.code in {"step_over", "sign_in_failed"}
        return _sign_in_again(request, form, done, ticket="" if begins_again else ticket or "")
    if isinstance(done, str):
        onward = onward_of(form.get("onward"), otherwise="")
        view = SignInView((), onward, done)
        return page(request, view, now=datetime.now(UTC), is_example=False)
    return entering(request, done, onward_of(form.get("onward")))


async def _step(request: PageRequest, database: Database, form: Form, ticket: str | None) -> Opened | str:
    identifiers, device = request.app.state.identifiers, device_of(request)
    if ticket is not None:
        code = (form.get("code") or "").strip()
        return await take_second_step(database, ticket, code[:20], device, identifiers=identifiers)
    command = command_of(SignIn, form, ("login", "password"))
    return await sign_in_by_steps(database, command, device, identifiers=identifiers)


def _sign_in_again(request: PageRequest, form: Form, faulty: Faulty, *, ticket: str) -> Response[str]:
    onward = onward_of(form.get("onward"), otherwise="")
    view = SignInView(provider_options(request), onward, ticket, entered(form, faulty))
    return page(
        request, view, now=datetime.now(UTC), is_example=False, status=faulty.status, headers=headers_of(faulty)
    )


def entering(request: PageRequest, opened: Opened, onward: str) -> Response[str]:
    """Hand the session to the browser and go on; whoever may act as several things chooses first."""
    if opened.standing is None and opened.standings:
        onward = choosing_path(onward)
    return to(request, onward, Set_Cookie=cookie_of(opened.secret, lasts=SESSION_LASTS))


@get(SIGN_UP, include_in_schema=False)
async def sign_up_page(request: PageRequest) -> Response[str]:
    """The form."""
    onward = onward_of(query_of(request).get("onward"), otherwise="")
    return page(request, SignUpView(onward), now=datetime.now(UTC), is_example=False)


@post(SIGN_UP, **FORM, opt={BEFORE_SESSION: True})
async def sign_up_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Open the account and show its recovery codes, this once."""
    form = await form_of(request, in_session=False)
    now = datetime.now(UTC)
    done = await tried(
        lambda: open_account(
            database, _same_twice(form, OpenAccount, ("login", "password", "name", "contact")), device_of(request),
            identifiers=request.app.state.identifiers,
        ),
        field="password",
    )  # fmt: skip
    if isinstance(done, Faulty):
        view = SignUpView(onward_of(form.get("onward"), otherwise=""), entered(form, done))
        return page(request, view, now=now, is_example=False, status=done.status, headers=headers_of(done))
    onward = onward_of(form.get("onward"), otherwise="")
    codes = CodesView(done.login, tuple(done.recovery_codes), done.opened_at, "opened", onward)
    return page(request, codes, now=now, is_example=False)


def _same_twice(form: Form, model: type[M], names: tuple[str, ...]) -> M:
    """The command, when the new password was typed alike twice."""
    if form.values.get("password", "") != form.values.get("again", ""):
        raise Conflict("passwords_differ", "the two do not match")
    return command_of(model, form, names)


@get(RECOVER, include_in_schema=False)
async def recover_page(request: PageRequest) -> Response[str]:
    """The form."""
    onward = onward_of(query_of(request).get(ONWARD), otherwise="")
    return page(request, RecoverView(onward=onward), now=datetime.now(UTC), is_example=False)


@post(RECOVER, **FORM, opt={BEFORE_SESSION: True})
async def recover_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """A new password by a recovery code; then signing in with it."""
    form = await form_of(request, in_session=False)
    onward = onward_of(form.get(ONWARD), otherwise="")
    done = await tried(
        lambda: recover_account(
            database, _same_twice(form, RecoverAccount, ("login", "code", "password")), device_of(request)
        ),
        field="password",
    )
    if isinstance(done, Faulty):
        view = RecoverView(entered(form, done), onward)
        return page(
            request, view, now=datetime.now(UTC), is_example=False, status=done.status, headers=headers_of(done)
        )
    return to(request, leading(SIGN_IN, onward))


@get(SIGN_OUT, include_in_schema=False)
async def sign_out_page(request: PageRequest) -> Response[str]:
    """Signing out is a form's doing; the address alone ends nothing."""
    return to(request, ACCOUNT if reader_of(request) is not None else HOME)


@post(SIGN_OUT, **FORM)
async def sign_out_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """End the session and take the cookie away."""
    visitor = (await form_of(request)).signed_in
    assert visitor.secret is not None, "a session"
    await sign_out(database, visitor.secret, visitor.bearer.account)
    return to(request, HOME, Set_Cookie=NO_COOKIE)


SIGNING_PAGES: tuple[HTTPRouteHandler, ...] = (
    sign_in_page,
    sign_in_form,
    sign_up_page,
    sign_up_form,
    recover_page,
    recover_form,
    sign_out_page,
    sign_out_form,
)
"""Before a session, and its end."""
