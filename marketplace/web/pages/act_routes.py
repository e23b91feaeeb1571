"""The two routes of every page of acts: the form, and doing it; the act and what it is about come of the address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from marketplace.database import Database
from marketplace.web.pages.agency_acts import AgencyAct, Where, act_page, act_sent
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import FORM

Acting = Callable[[PageRequest, Database, str, str], Awaitable[tuple[AgencyAct[Any], Where] | Response[str]]]
"""The act of that name about that thing ("": none), or the answer of whoever may not see it."""


def act_routes(address: str, acting: Acting) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """GET and POST of ``address/ACT`` and ``address/ACT/THING``."""
    addresses = [f"{address}/{{act:str}}", f"{address}/{{act:str}}/{{of:str}}"]

    @get(addresses, include_in_schema=False)
    async def form_of_act(
        request: PageRequest, database: NamedDependency[Database], act: FromPath[str]
    ) -> Response[str]:
        found = await acting(request, database, act, str(request.path_params.get("of", "")))
        return act_page(request, *found) if isinstance(found, tuple) else found

    @post(addresses, **FORM)
    async def act_done(request: PageRequest, database: NamedDependency[Database], act: FromPath[str]) -> Response[str]:
        found = await acting(request, database, act, str(request.path_params.get("of", "")))
        return await act_sent(request, database, *found) if isinstance(found, tuple) else found

    return form_of_act, act_done
