"""``csrf``: requests that another site's page could have had sent, on every route that changes something.

Each route is asked by a signed-in administrator's browser with every combination of what browsers say of the page it
came from (Origin, Sec-Fetch-Site, Referer) and of the form token (none, empty, another session's, the page's own),
except those that only a page of ours can send. A pass is any answer but a refusal for just that reason. ``size`` is how
many forgeries of each route are tried, spread over all of them. Control: a site that asks for the cookie alone.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity.proofs import form_token
from marketplace.settings import Settings
from marketplace.web import guards
from marketplace.web.api.examples import EXAMPLES
from marketplace.web.signed_in import COOKIE, FORM_FIELD, FORM_HEADER
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.faults.matters import PROFILE
from tests.faults.personas import HOME, PEOPLE, Visitor, admit

NAME = "csrf"
DEFAULT_SIZE = 1_000
ORIGINS = (None, "null", "https://evil.example", "http://localhost:8000.evil.example", "https://localhost:8000", HOME)
SITES = (None, "cross-site", "same-site", "none", "same-origin")
REFERERS = (None, "https://evil.example/", f"{HOME}/agencies")
TOKENS = ("none", "empty", "another's", "own")
SIGNING_IN = {"signIn", "openAccount", "recoverAccount", "/sign-in", "/sign-up", "/recover"}
"""What needs no session, and so no token: here it is the page's origin alone that counts."""
BRACES = str.maketrans("", "", "{}")
READS = {"GET", "HEAD", "OPTIONS"}
REFUSED = {"cross_site", "origin_missing", "form_token"}
"""Codes of the refusal that is asked for; whoever may not do the act anyway is told so later."""


def changing(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    """Every route of the API and every form that changes something for whoever is signed in, or signs in."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                is_form = not route.path_format.startswith("/api/")
                if method not in READS and (is_form or handler.guards or handler.operation_id in SIGNING_IN):
                    yield route.path_format.replace("{kind}", "agencies").translate(BRACES), handler


def forged(visitor: Visitor, other: Visitor, *, needs_token: bool) -> Iterator[dict[str, str]]:
    """The headers of every request that no page of ours sends."""
    tokens = {"none": None, "empty": "", "another's": form_token(other.secret), "own": form_token(visitor.secret)}
    for origin, site, referer, token in itertools.product(ORIGINS, SITES, REFERERS, TOKENS):
        comes_from_us = site in {None, "same-origin"} and (
            origin == HOME or (origin is None and (site is not None or (referer or "").startswith(HOME)))
        )
        says_nothing = origin is None and site is None  # a program, which no page can make ask
        if comes_from_us and (token == "own" or not needs_token):
            continue
        if says_nothing and not needs_token:
            continue
        said = {"origin": origin, "sec-fetch-site": site, "referer": referer, FORM_HEADER: tokens[token]}
        yield {name: value for name, value in said.items() if value is not None}


async def passes(database: Database, most_each: int) -> tuple[list[str], int]:
    """Requests that went through though no page of ours sent them, and how many were tried."""
    app = create_app(Settings(profile=PROFILE), database)
    boss = next(one for one in PEOPLE if one.name == "agency-admin")
    visitor, other = await admit(database, boss), await admit(database, PEOPLE[1])
    through, tries = [], 0
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        for path, handler in changing(app):
            operation = str(handler.operation_id) if path.startswith("/api/") else path
            body = EXAMPLES.get(operation, {})
            needs_token = operation not in SIGNING_IN
            every = list(forged(visitor, other, needs_token=needs_token))
            for said in every[:: max(1, len(every) // most_each)]:
                tries += 1
                cookie = {"cookie": f"{COOKIE}={visitor.secret}"}
                token = {FORM_FIELD: said.get(FORM_HEADER, "")}
                sent = {"json": body} if path.startswith("/api/") else {"data": token}
                answered = await client.post(path, headers={**cookie, **said}, **sent)
                if answered.status_code != httpx.codes.FORBIDDEN or not any(one in answered.text for one in REFUSED):
                    through.append(f"{operation} {said} {answered.status_code}")
    return through, tries


async def run(size: int, seed: int) -> Figure:
    """Try every route with every forgery; the control is a site where the cookie is enough."""
    assert seed is not None, "nothing is drawn here"
    began = time.monotonic()
    async with own_market(maximum=5) as database:
        through, tries = await passes(database, size)
    for line in through:
        progress(f"{NAME}: {line}")
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(guards, "require_own_page", lambda _: None)
        planted.setattr(guards, "is_form_token", lambda *_: True)
        async with own_market(maximum=5) as database:
            control, _ = await passes(database, 3)
    bar = "0 requests of other sites go through; where the cookie is enough they do"
    is_ok = not through and bool(control)
    return Figure(NAME, tries, len(through), len(control), bar, is_ok, round(time.monotonic() - began, 1))
