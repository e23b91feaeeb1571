"""``/healthz`` and ``/readyz``: is the process alive, is the market ready? One word each; why not, ``health`` tells.

Liveness never asks the database: a process that is restarted because its database is away comes back no better.
"""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.usecases.read_health import is_ready

NOT_KEPT = {"Cache-Control": "no-store"}
READY, NOT_READY = 200, 503


@get("/healthz", name="healthz", include_in_schema=False, sync_to_thread=False)
def get_alive() -> Response[dict[str, bool]]:
    """The process answers."""
    return Response({"alive": True}, headers=NOT_KEPT)


@get("/readyz", name="readyz", include_in_schema=False)
async def get_ready(database: NamedDependency[Database]) -> Response[dict[str, bool]]:
    """200 when the database answers and holds a market, 503 otherwise."""
    ready = await is_ready(database)
    return Response({"ready": ready}, status_code=READY if ready else NOT_READY, headers=NOT_KEPT)


HEALTH_ROUTES: tuple[HTTPRouteHandler, ...] = (get_alive, get_ready)
