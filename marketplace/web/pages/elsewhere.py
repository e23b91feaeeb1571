"""统一身份认证登录: to the identity provider and back.

The way there is a link, so that no form is sent off the site; the way back counts in the browser alone that went, told
by a cookie of its own, and ends in a new session or on the one page for what went wrong. Source: docs/adr/0027.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Unrecognised
from marketplace.database import Database
from marketplace.identity.proofs import new_secret
from marketplace.sessions.limits import ATTEMPT_LASTS, SESSION_LASTS
from marketplace.settings import Settings
from marketplace.usecases.sign_in_elsewhere import Returned, begin_sign_in, finish_sign_in
from marketplace.web.addresses import SIGN_IN
from marketplace.web.onward import choosing_path, onward_of
from marketplace.web.pages.asking import NOT_KEPT, PageRequest, query_of
from marketplace.web.pages.forms import to
from marketplace.web.signed_in import cookie_of, cookie_value, device_of, reader_of

BROWSER_COOKIE = "__Host-sign-in"
LONGEST = 2_000
"""Characters of what a provider sends back."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@get(SIGN_IN + "/with/{provider:str}", include_in_schema=False)
async def go_to_provider(
    request: PageRequest, database: NamedDependency[Database], provider: FromPath[str]
) -> Response[str]:
    """Send the browser to the provider; ``again``: it asks for a proof even of whom it knows."""
    query = query_of(request)
    browser = _browser(request) or new_secret()
    address = await begin_sign_in(
        database,
        request.app.state.providers,
        provider,
        redirect=redirect_of(request, provider),
        onward=onward_of(query.get("onward")),
        browser=browser,
        device=device_of(request),
        again="again" in query,
    )
    lasts = int(ATTEMPT_LASTS.total_seconds())
    cookie = f"{BROWSER_COOKIE}={browser}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Lax"
    headers = {**NOT_KEPT, "Location": address, "Set-Cookie": cookie}
    return Response("", status_code=HTTPStatus.SEE_OTHER, media_type="text/plain", headers=headers)


@get(SIGN_IN + "/return/{provider:str}", include_in_schema=False)
async def come_from_provider(
    request: PageRequest, database: NamedDependency[Database], provider: FromPath[str]
) -> Response[str]:
    """Open the session and go on; ``Unrecognised`` with a stable code for whatever is not right."""
    query = {name: value[:LONGEST] for name, value in query_of(request).items()}
    if any(len(request.query_params.getall(name)) > 1 for name in query):
        raise Unrecognised("provider_answer", "an answer says each thing once")
    visitor = reader_of(request)
    done = await finish_sign_in(
        database,
        request.app.state.providers,
        provider,
        Returned(query.get("state", ""), query.get("code"), query.get("error"), query.get("iss")),
        redirect=redirect_of(request, provider),
        browser=_browser(request),
        current=None if visitor is None else visitor.secret,
        device=device_of(request),
        identifiers=request.app.state.identifiers,
    )
    opened = done.opened
    onward = onward_of(done.onward)
    if opened.standing is None and opened.standings:
        onward = choosing_path(onward)
    return to(request, onward, Set_Cookie=cookie_of(opened.secret, lasts=SESSION_LASTS))


def redirect_of(request: PageRequest, provider: str) -> str:
    """The address that the provider sends back to: of the settings, never of the request."""
    settings: Settings = request.app.state.settings
    own = settings.public_url or f"http://127.0.0.1:{settings.port}"
    return f"{own.rstrip('/')}{SIGN_IN}/return/{provider}"


def _browser(request: PageRequest) -> str | None:
    """The secret of this browser, of a sign-in that was begun in it."""
    value = cookie_value(request, BROWSER_COOKIE)
    return value if value is not None and _SECRET.fullmatch(value) else None


PROVIDER_PAGES: tuple[HTTPRouteHandler, ...] = (go_to_provider, come_from_provider)
"""There and back."""
